/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-check.h"
#include "smb1-peer.h"

/* What servers answer: [MS-CIFS] 2.2.4, [MS-SMB] 2.2.4. Each decoder is given a good message, every prefix
 * of it, and many that are nearly good. */

static void
fixture_set_up (Peer          *peer,
                gconstpointer  data)
{
  const PeerOptions options = peer_options ();

  peer_init (peer, &options);
}

static void
fixture_tear_down (Peer          *peer,
                   gconstpointer  data)
{
  peer_clear (peer);
}

/* A message that answers @current, sent again each time to the same dialect. */
static Peer *decoding;
static SmbRequest *current;

static gboolean
decode (const guint8  *data,
        gsize          size,
        GError       **error)
{
  SmbSmb1Outstanding *outstanding =
    &smb_smb1_dialect_get_state (SMB_SMB1_DIALECT (decoding->dialect))->outstanding;
  g_autofree guint8 *copy = g_memdup2 (data, size);
  SmbReceived received = { .bytes = copy, .size = size };
  guint64 mid = peer_send_request (decoding, current);
  const SmbItem *item;
  SmbReply reply;
  gboolean taken = TRUE;

  if (size >= SMB_SMB1_HEADER_SIZE && smb_smb1_get_u16 (copy, SMB_SMB1_HEADER_MID) == 1)
    smb_smb1_set_u16 (copy, SMB_SMB1_HEADER_MID, mid);
  peer_clear_items (decoding);
  if (!smb_dialect_parse (decoding->dialect, &received, decoding->items, error))
    taken = FALSE;
  else
    {
      item = &g_array_index (decoding->items, SmbItem, 0);
      if (item->kind == SMB_ITEM_REPLY)
        taken = smb_dialect_decode (decoding->dialect, item, current, &reply, error);
      peer_clear_items (decoding);
    }
  if (smb_smb1_outstanding_find (outstanding, mid) != NULL)
    smb_smb1_outstanding_remove (outstanding, smb_smb1_outstanding_find (outstanding, mid));
  return taken;
}

/* The message that lies in the peer's bytes. */
static void
check (Peer       *peer,
       SmbRequest *request,
       gsize       minimum)
{
  g_autoptr(GByteArray) good = g_byte_array_new ();

  decoding = peer;
  current = request;
  g_byte_array_append (good, peer->bytes->data, peer->bytes->len);
  smb_smb1_set_u16 (good->data, SMB_SMB1_HEADER_MID, 1);
  check_prefixes (decode, good->data, good->len, minimum);
  check_corruption (decode, good->data, good->len);
}

static void
test_session_setup (Peer          *peer,
                    gconstpointer  data)
{
  static const guint16 words[] = { 0xff, 0, 1, 5 };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_SESSION_SETUP);
  SmbReply reply;

  peer_answer (peer, SMB_SMB1_SESSION_SETUP_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS,
               words, 4, "tokenxx", 7);
  reply = peer_take (peer, request);
  g_assert_true (reply.session_setup.guest);
  g_assert_false (reply.session_setup.seal);
  g_assert_cmpmem (reply.session_setup.token, reply.session_setup.token_size, "token", 5);
  check (peer, request, peer->bytes->len - 2);
}

static void
test_tree_connect (Peer          *peer,
                   gconstpointer  data)
{
  static const struct
  {
    guint16     words[7];
    guint8      n_words;
    const char *service;
    guint8      type;
    guint32     access;
    gboolean    dfs;
  } cases[] = {
    { { 0xff, 0 }, 2, "A:", 1, 0x001f01ff, FALSE },
    { { 0xff, 0, 1 }, 3, "A:", 1, 0x001f01ff, FALSE },
    { { 0xff, 0, 2 }, 3, "IPC", 2, 0x001f01ff, TRUE },
    { { 0xff, 0, 1, 0x00a9, 0x0012, 0, 0 }, 7, "LPT1:", 3, 0x001200a9, FALSE },
  };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_TREE_CONNECT);

  request->tree_connect.path = g_strdup ("\\\\h\\s");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SmbReply reply;

      peer_answer (peer, SMB_SMB1_TREE_CONNECT_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS,
                   cases[i].words, cases[i].n_words, cases[i].service, strlen (cases[i].service) + 1);
      reply = peer_take (peer, request);
      g_assert_cmphex (reply.tree_connect.tree_id, ==, PEER_TID);
      g_assert_cmpuint (reply.tree_connect.share_type, ==, cases[i].type);
      g_assert_cmphex (reply.tree_connect.maximal_access, ==, cases[i].access);
      g_assert_cmpint (reply.tree_connect.dfs, ==, cases[i].dfs);
      check (peer, request, SMB_SMB1_MIN_SIZE + 2 * cases[i].n_words);
    }
}

static void
assert_create (const SmbReply *reply)
{
  g_assert_cmphex (reply->create.handle.persistent, ==, PEER_FID);
  g_assert_cmpuint (reply->create.creation_time, ==, 1);
  g_assert_cmpuint (reply->create.last_access_time, ==, 2);
  g_assert_cmpuint (reply->create.last_write_time, ==, 3);
  g_assert_cmpuint (reply->create.change_time, ==, 4);
  g_assert_cmpuint (reply->create.allocation_size, ==, 4096);
  g_assert_cmpuint (reply->create.end_of_file, ==, 1000);
  g_assert_cmphex (reply->create.file_attributes, ==, SMB_FSCC_ATTRIBUTE_ARCHIVE);
  g_assert_cmpuint (reply->create.action, ==, 1);
}

static void
test_create (Peer          *peer,
             gconstpointer  data)
{
  g_autoptr(SmbRequest) request = peer_create_request ("x");
  SmbFileHandle first;
  SmbReply reply;

  peer_answer_create (peer, peer_send_request (peer, request), 0);
  reply = peer_take (peer, request);
  assert_create (&reply);
  g_assert_cmphex (reply.create.file_id, ==, 0);
  first = reply.create.handle;

  /* Servers use FIDs again: the handles differ all the same. */
  peer_answer_create (peer, peer_send_request (peer, request), 0);
  reply = peer_take (peer, request);
  g_assert_cmphex (reply.create.handle.persistent, ==, first.persistent);
  g_assert_cmphex (reply.create.handle.transient, !=, first.transient);
  check (peer, request, peer->bytes->len - 2);
}

/* The longer response says that it has 42 words, and has 50. */
static void
test_create_extended (Peer          *peer,
                      gconstpointer  data)
{
  g_autoptr(SmbRequest) request = peer_create_request ("x");
  g_auto(SmbWriter) w = { 0 };
  SmbReply reply;

  request->create.query_id = TRUE;
  peer_answer_create (peer, peer_send_request (peer, request), 0);
  g_byte_array_set_size (peer->bytes, peer->bytes->len - 2);
  peer->bytes->data[SMB_SMB1_HEADER_WORD_COUNT] = 42;
  smb_writer_init (&w, peer->bytes);
  smb_writer_zeros (&w, 16);                                      /* VolumeGUID */
  smb_writer_u64 (&w, G_GUINT64_CONSTANT (0x1122334455667788));   /* FileId */
  smb_writer_zeros (&w, 4 + 4 + 2);
  reply = peer_take (peer, request);
  assert_create (&reply);
  g_assert_cmphex (reply.create.file_id, ==, G_GUINT64_CONSTANT (0x1122334455667788));
  check (peer, request, peer->bytes->len - 10);
}

static void
test_read (Peer          *peer,
           gconstpointer  data)
{
  static const guint16 words[] = { 0xff, 0, 0, 0, 0, 4, 60, 0, 0, 0, 0, 0 };
  static const guint16 none[] = { 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_READ);
  SmbReply reply;

  request->read.length = 4;
  peer_answer (peer, SMB_SMB1_READ_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS, words, 12,
               "\0data", 5);
  reply = peer_take (peer, request);
  g_assert_cmpmem (reply.read.data, reply.read.size, "data", 4);
  check (peer, request, peer->bytes->len);

  peer_answer (peer, SMB_SMB1_READ_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS, none, 12,
               NULL, 0);
  reply = peer_take (peer, request);
  g_assert_cmpuint (reply.read.size, ==, 0);

  /* A message of a pipe that goes on. */
  peer_answer (peer, SMB_SMB1_READ_ANDX, peer_send_request (peer, request), SMB_STATUS_BUFFER_OVERFLOW,
               words, 12, "\0data", 5);
  reply = peer_take (peer, request);
  g_assert_cmphex (reply.status, ==, SMB_STATUS_BUFFER_OVERFLOW);
  g_assert_cmpmem (reply.read.data, reply.read.size, "data", 4);
}

static void
assert_not_decoded (Peer             *peer,
                    const SmbRequest *request)
{
  const SmbItem *item = peer_parse_one (peer, SMB_ITEM_REPLY);
  g_autoptr(GError) error = NULL;
  SmbReply reply;

  g_assert_false (smb_dialect_decode (peer->dialect, item, request, &reply, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

/* More than was asked for, and data in the middle of the words. */
static void
test_read_hostile (Peer          *peer,
                   gconstpointer  data)
{
  static const guint16 words[][12] = {
    { 0xff, 0, 0, 0, 0, 5, 59 },
    { 0xff, 0, 0, 0, 0, 4, 59, 1 },
    { 0xff, 0, 0, 0, 0, 4, 40 },
    { 0xff, 0, 0, 0, 0, 4, 61 },
    { 0xff, 0, 0, 0, 0, 4, 0xffff },
  };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_READ);

  request->read.length = 4;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      peer_answer (peer, SMB_SMB1_READ_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS,
                   words[i], 12, "datas", 5);
      assert_not_decoded (peer, request);
    }
}

static gboolean
peek (Peer  *peer,
      gsize  size,
      gsize *offset,
      gsize *payload)
{
  g_autofree guint8 *begin = g_memdup2 (peer->bytes->data, MIN (size, peer->bytes->len));
  guint64 key;

  return smb_dialect_peek (peer->dialect, begin, MIN (size, peer->bytes->len), peer->bytes->len, &key,
                           offset, payload);
}

/* Of a large READ the payload is received apart, unless anything is unusual about it. */
static void
test_peek (Peer          *peer,
           gconstpointer  data)
{
  static const guint16 words[] = { 0xff, 0, 0, 0, 0, 4, 60, 1, 0, 0, 0, 0 };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_READ);
  g_autofree char *payload = g_malloc0 (0x10005);
  gsize offset, size;

  request->read.length = 0x10004;
  peer_answer (peer, SMB_SMB1_READ_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS, words, 12,
               "", 1);
  g_byte_array_append (peer->bytes, (const guint8 *) payload, 0x10004);
  g_assert_cmpuint (smb_dialect_get_peek_size (peer->dialect), ==, 59);
  g_assert_true (peek (peer, 59, &offset, &size));
  g_assert_cmpuint (offset, ==, 60);
  g_assert_cmpuint (size, ==, 0x10004);
  for (gsize n = 0; n < 59; n++)
    g_assert_false (peek (peer, n, &offset, &size));

  for (gsize i = 0; i < 59; i++)
    {
      guint8 before = peer->bytes->data[i];

      for (guint bit = 0; bit < 8; bit++)
        {
          peer->bytes->data[i] = before ^ 1 << bit;
          if (peek (peer, 59, &offset, &size))
            g_assert_cmpuint (offset + size, ==, peer->bytes->len);
        }
      peer->bytes->data[i] = before;
    }
  g_byte_array_set_size (peer->bytes, peer->bytes->len - 1);
  g_assert_false (peek (peer, 59, &offset, &size));
}

/* The payload in memory of its own, as it is after a successful peek. */
static void
test_read_apart (Peer          *peer,
                 gconstpointer  data)
{
  static const guint16 words[] = { 0xff, 0, 0, 0, 0, 4, 60, 0, 0, 0, 0, 0 };
  guint8 payload[] = { 'd', 'a', 't', 'a' };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_READ);
  g_autoptr(GError) error = NULL;
  SmbReceived received;
  SmbReply reply;

  request->read.length = 4;
  for (guint i = 0; i < 2; i++)
    {
      peer_answer (peer, SMB_SMB1_READ_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS, words,
                   12, "", 1);
      received = (SmbReceived) { peer->bytes->data, peer->bytes->len, payload, sizeof payload - i };
      g_array_set_size (peer->items, 0);
      g_assert_true (smb_dialect_parse (peer->dialect, &received, peer->items, &error));
      g_assert_cmpint (smb_dialect_decode (peer->dialect, &g_array_index (peer->items, SmbItem, 0), request,
                                           &reply, i == 0 ? &error : NULL), ==, i == 0);
      g_assert_no_error (error);
      if (i == 0)
        g_assert_true (reply.read.data == payload && reply.read.size == 4);
    }
}

static void
test_write (Peer          *peer,
            gconstpointer  data)
{
  static const guint16 words[] = { 0xff, 0, 2, 0, 1, 0 };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_WRITE);
  g_autofree guint8 *payload = g_malloc0 (0x10002);

  request->write.data = payload;
  request->write.size = 0x10002;
  peer_answer (peer, SMB_SMB1_WRITE_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS, words, 6,
               NULL, 0);
  g_assert_cmpuint (peer_take (peer, request).write.count, ==, 0x10002);
  check (peer, request, SMB_SMB1_MIN_SIZE + 2 * 5 - 2);

  request->write.size = 0x10001; /* nobody writes more than he was given */
  peer_answer (peer, SMB_SMB1_WRITE_ANDX, peer_send_request (peer, request), SMB_STATUS_SUCCESS, words, 6,
               NULL, 0);
  assert_not_decoded (peer, request);
}

static SmbRequest *
new_query (Peer       *peer,
           SmbInfoType type,
           guint8      info_class)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_QUERY_INFO);

  request->handle = peer_open (peer, "x", 0);
  request->query_info.type = type;
  request->query_info.info_class = info_class;
  request->query_info.max_output = 200;
  return request;
}

static void
test_query_info (Peer          *peer,
                 gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_query (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_STREAM);
  SmbReply reply;

  peer_answer_transaction (peer, SMB_SMB1_TRANSACTION2, peer_send_request (peer, request), SMB_STATUS_SUCCESS,
                           "\0", 2, "information", 11);
  reply = peer_take (peer, request);
  g_assert_cmpmem (reply.output.data, reply.output.size, "information", 11);
  check (peer, request, peer->bytes->len);

  peer_answer_transaction (peer, SMB_SMB1_TRANSACTION2, peer_send_request (peer, request),
                           SMB_STATUS_BUFFER_OVERFLOW, "\0", 2, "inform", 6);
  reply = peer_take (peer, request);
  g_assert_cmphex (reply.status, ==, SMB_STATUS_BUFFER_OVERFLOW);
  g_assert_cmpuint (reply.output.size, ==, 6);
  peer_answer_bare (peer, SMB_SMB1_TRANSACTION2, peer_send_request (peer, request),
                    SMB_STATUS_BUFFER_OVERFLOW);
  reply = peer_take (peer, request);
  g_assert_cmpuint (reply.output.size, ==, 0);
}

static void
test_query_security (Peer          *peer,
                     gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_query (peer, SMB_INFO_TYPE_SECURITY, 0);
  SmbReply reply;

  peer_answer_transaction (peer, SMB_SMB1_NT_TRANSACT, peer_send_request (peer, request), SMB_STATUS_SUCCESS,
                           "\12\0\0", 4, "descriptor", 10);
  reply = peer_take (peer, request);
  g_assert_cmpmem (reply.output.data, reply.output.size, "descriptor", 10);
  check (peer, request, peer->bytes->len);

  peer_answer_transaction (peer, SMB_SMB1_NT_TRANSACT, peer_send_request (peer, request),
                           SMB_STATUS_BUFFER_TOO_SMALL, "\12\1\0", 4, NULL, 0);
  g_assert_cmphex (peer_take (peer, request).status, ==, SMB_STATUS_BUFFER_TOO_SMALL);
}

/* What SMB1 says in its own way becomes what [MS-FSCC] says. */

/* [MS-CIFS] 2.2.8.3.10 of the file that peer_answer_create() opens */
static void
write_all_info (SmbWriter *w)
{
  smb_writer_init (w, NULL);
  for (guint64 time = 1; time <= 4; time++)
    smb_writer_u64 (w, time);
  smb_writer_u32 (w, SMB_FSCC_ATTRIBUTE_ARCHIVE);
  smb_writer_u32 (w, 0);
  smb_writer_u64 (w, 4096);
  smb_writer_u64 (w, 1000);
  smb_writer_u32 (w, 2);
  smb_writer_u8 (w, 1);
  smb_writer_u8 (w, 0);
  smb_writer_u16 (w, 0);
  smb_writer_u32 (w, 77);
  smb_writer_u32 (w, 4);
  smb_writer_utf16 (w, "xy");
}

static void
test_all_info (Peer          *peer,
               gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_query (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_ALL);
  g_auto(SmbWriter) w = { 0 };
  g_autoptr(GError) error = NULL;
  SmbFileAllInfo info;
  SmbReply reply;

  write_all_info (&w);
  peer_answer_transaction (peer, SMB_SMB1_TRANSACTION2, peer_send_request (peer, request), SMB_STATUS_SUCCESS,
                           "\0", 2, w.bytes->data, w.bytes->len);
  reply = peer_take (peer, request);
  smb_file_all_info_decode (&info, reply.output.data, reply.output.size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info.basic.change_time, ==, 4);
  g_assert_cmphex (info.basic.file_attributes, ==, SMB_FSCC_ATTRIBUTE_ARCHIVE);
  g_assert_cmpuint (info.standard.allocation_size, ==, 4096);
  g_assert_cmpuint (info.standard.end_of_file, ==, 1000);
  g_assert_cmpuint (info.standard.number_of_links, ==, 2);
  g_assert_true (info.standard.delete_pending);
  g_assert_false (info.standard.directory);
  g_assert_cmpuint (info.ea_size, ==, 77);
  g_assert_cmpuint (info.file_id, ==, 0);
  g_assert_cmpmem (info.name, info.name_size, "x\0y", 4);
  check (peer, request, peer->bytes->len);
}

static void
test_network_open (void)
{
  PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(SmbWriter) w = { 0 };
  g_auto(Peer) peer;
  SmbFileNetworkOpenInfo info;
  SmbReply reply;

  options.capabilities &= ~SMB_SMB1_CAP_INFOLEVEL_PASSTHRU;
  peer_init (&peer, &options);
  request = new_query (&peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_NETWORK_OPEN);
  write_all_info (&w);
  peer_answer_transaction (&peer, SMB_SMB1_TRANSACTION2, peer_send_request (&peer, request),
                           SMB_STATUS_SUCCESS, "\0", 2, w.bytes->data, w.bytes->len);
  reply = peer_take (&peer, request);
  smb_file_network_open_info_decode (&info, reply.output.data, reply.output.size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info.creation_time, ==, 1);
  g_assert_cmpuint (info.end_of_file, ==, 1000);
  g_assert_cmphex (info.file_attributes, ==, SMB_FSCC_ATTRIBUTE_ARCHIVE);
}

/* By path, which names no handle. */

static SmbRequest *
new_path_query (void)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_QUERY_INFO);

  request->query_info.type = SMB_INFO_TYPE_FILE;
  request->query_info.info_class = SMB_FSCC_FILE_NETWORK_OPEN;
  request->query_info.max_output = 200;
  request->query_info.path = g_strdup ("x");
  return request;
}

/* [MS-FSCC] 2.4.33 */
static void
write_network_open (SmbWriter *w)
{
  smb_writer_init (w, NULL);
  for (guint64 time = 1; time <= 4; time++)
    smb_writer_u64 (w, time);
  smb_writer_u64 (w, 4096);
  smb_writer_u64 (w, 1000);
  smb_writer_u32 (w, SMB_FSCC_ATTRIBUTE_ARCHIVE);
  smb_writer_u32 (w, 0);
}

static void
check_path_query (guint32   without,
                  void    (*write) (SmbWriter *w))
{
  PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = new_path_query ();
  g_autoptr(GError) error = NULL;
  g_auto(SmbWriter) w = { 0 };
  g_auto(Peer) peer;
  SmbFileNetworkOpenInfo info;
  SmbReply reply;

  options.capabilities &= ~without;
  peer_init (&peer, &options);
  write (&w);
  peer_answer_transaction (&peer, SMB_SMB1_TRANSACTION2, peer_send_request (&peer, request),
                           SMB_STATUS_SUCCESS, "\0", 2, w.bytes->data, w.bytes->len);
  reply = peer_take (&peer, request);
  smb_file_network_open_info_decode (&info, reply.output.data, reply.output.size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info.creation_time, ==, 1);
  g_assert_cmpuint (info.last_access_time, ==, 2);
  g_assert_cmpuint (info.last_write_time, ==, 3);
  g_assert_cmpuint (info.change_time, ==, 4);
  g_assert_cmpuint (info.allocation_size, ==, 4096);
  g_assert_cmpuint (info.end_of_file, ==, 1000);
  g_assert_cmphex (info.file_attributes, ==, SMB_FSCC_ATTRIBUTE_ARCHIVE);
  check (&peer, request, peer.bytes->len);
}

static void
test_path_query (void)
{
  check_path_query (0, write_network_open);
  check_path_query (SMB_SMB1_CAP_INFOLEVEL_PASSTHRU, write_all_info);
}

static void
test_full_size (void)
{
  PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(SmbWriter) w = { 0 };
  g_auto(Peer) peer;
  SmbFsFullSizeInfo info;
  SmbReply reply;

  options.capabilities &= ~SMB_SMB1_CAP_INFOLEVEL_PASSTHRU;
  peer_init (&peer, &options);
  request = new_query (&peer, SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_FULL_SIZE);
  smb_writer_init (&w, NULL);
  smb_writer_u64 (&w, 5000);
  smb_writer_u64 (&w, 300);
  smb_writer_u32 (&w, 8);
  smb_writer_u32 (&w, 512);
  peer_answer_transaction (&peer, SMB_SMB1_TRANSACTION2, peer_send_request (&peer, request),
                           SMB_STATUS_SUCCESS, NULL, 0, w.bytes->data, w.bytes->len);
  reply = peer_take (&peer, request);
  smb_fs_full_size_info_decode (&info, reply.output.data, reply.output.size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info.total_units, ==, 5000);
  g_assert_cmpuint (info.caller_available_units, ==, 300);
  g_assert_cmpuint (info.actual_available_units, ==, 300);
  g_assert_cmpuint (info.sectors_per_unit, ==, 8);
  g_assert_cmpuint (info.bytes_per_sector, ==, 512);
  check (&peer, request, peer.bytes->len);
}

/* Errors of DOS, and those that have their form though they are called NTSTATUS. */
static void
test_status (void)
{
  static const struct
  {
    guint32  sent;
    gboolean nt;
    guint32  read;
  } cases[] = {
    { 0, TRUE, SMB_STATUS_SUCCESS },
    { 0, FALSE, SMB_STATUS_SUCCESS },
    { SMB_STATUS_ACCESS_DENIED, TRUE, SMB_STATUS_ACCESS_DENIED },
    { SMB_STATUS_BUFFER_OVERFLOW, TRUE, SMB_STATUS_BUFFER_OVERFLOW },
    { SMB_STATUS_NOTIFY_ENUM_DIR, TRUE, SMB_STATUS_NOTIFY_ENUM_DIR },
    { 0x00050002, TRUE, SMB_STATUS_NETWORK_NAME_DELETED },
    { 0x005b0002, TRUE, SMB_STATUS_USER_SESSION_DELETED },
    { 0x00060001, TRUE, SMB_STATUS_INVALID_HANDLE },
    { SMB_STATUS_OS2_NO_MORE_SIDS, TRUE, SMB_STATUS_OS2_NO_MORE_SIDS },
    { 0x00020001, FALSE, SMB_STATUS_OBJECT_NAME_NOT_FOUND },
    { 0x00120001, FALSE, SMB_STATUS_NO_MORE_FILES },
    { 0x00ea0001, FALSE, SMB_STATUS_BUFFER_OVERFLOW },
    { 0x00020002, FALSE, SMB_STATUS_LOGON_FAILURE },
    { 0x12340001, FALSE, SMB_STATUS_UNSUCCESSFUL },
    { 0x000000ff, FALSE, SMB_STATUS_UNSUCCESSFUL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmphex (smb_smb1_status_read (cases[i].sent, cases[i].nt), ==, cases[i].read);
      g_assert_cmpint (smb_nt_status_is_error (cases[i].read), ==,
                       cases[i].sent != 0 && cases[i].read != SMB_STATUS_BUFFER_OVERFLOW
                         && cases[i].read != SMB_STATUS_NO_MORE_FILES
                         && cases[i].read != SMB_STATUS_NOTIFY_ENUM_DIR);
    }
}

/* A tree that is gone is an invalid handle to those who name a path on it. */
static void
test_lost_tree (Peer          *peer,
                gconstpointer  data)
{
  g_autoptr(SmbRequest) create = peer_create_request ("x");
  g_autoptr(SmbRequest) flush = smb_request_new (SMB_COMMAND_FLUSH);
  g_autoptr(SmbRequest) path = new_path_query ();
  g_autoptr(SmbRequest) file = new_query (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_NETWORK_OPEN);

  peer_answer_bare (peer, SMB_SMB1_NT_CREATE_ANDX, peer_send_request (peer, create),
                    SMB_STATUS_INVALID_HANDLE);
  g_assert_cmphex (peer_take (peer, create).status, ==, SMB_STATUS_NETWORK_NAME_DELETED);
  peer_answer_bare (peer, SMB_SMB1_TRANSACTION2, peer_send_request (peer, path), SMB_STATUS_INVALID_HANDLE);
  g_assert_cmphex (peer_take (peer, path).status, ==, SMB_STATUS_NETWORK_NAME_DELETED);
  peer_answer_bare (peer, SMB_SMB1_TRANSACTION2, peer_send_request (peer, file), SMB_STATUS_INVALID_HANDLE);
  g_assert_cmphex (peer_take (peer, file).status, ==, SMB_STATUS_INVALID_HANDLE);
  peer_answer_bare (peer, SMB_SMB1_FLUSH, peer_send_request (peer, flush), SMB_STATUS_INVALID_HANDLE);
  g_assert_cmphex (peer_take (peer, flush).status, ==, SMB_STATUS_INVALID_HANDLE);
}

/* Answers to nothing, to something else, and requests. */
static void
test_unexpected (Peer          *peer,
                 gconstpointer  data)
{
  guint64 mid = peer_send_command (peer, SMB_COMMAND_ECHO);

  peer_answer_bare (peer, SMB_SMB1_ECHO, mid + 1, SMB_STATUS_SUCCESS);
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
  peer_answer_bare (peer, SMB_SMB1_FLUSH, mid, SMB_STATUS_SUCCESS);
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
  peer_answer_bare (peer, SMB_SMB1_ECHO, mid, SMB_STATUS_SUCCESS);
  peer->bytes->data[9] = 0;
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
  peer->bytes->data[9] = SMB_SMB1_FLAG_REPLY;
  peer_parse_one (peer, SMB_ITEM_REPLY);
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL); /* it has been answered */
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Peer, NULL, fixture_set_up, test, fixture_tear_down)
  ADD ("/smb1-replies/session-setup", test_session_setup);
  ADD ("/smb1-replies/tree-connect", test_tree_connect);
  ADD ("/smb1-replies/create", test_create);
  ADD ("/smb1-replies/create-extended", test_create_extended);
  ADD ("/smb1-replies/read", test_read);
  ADD ("/smb1-replies/read-hostile", test_read_hostile);
  ADD ("/smb1-replies/read-apart", test_read_apart);
  ADD ("/smb1-replies/peek", test_peek);
  ADD ("/smb1-replies/write", test_write);
  ADD ("/smb1-replies/query-info", test_query_info);
  ADD ("/smb1-replies/query-security", test_query_security);
  ADD ("/smb1-replies/all-info", test_all_info);
  g_test_add_func ("/smb1-replies/network-open", test_network_open);
  g_test_add_func ("/smb1-replies/path-query", test_path_query);
  g_test_add_func ("/smb1-replies/full-size", test_full_size);
  g_test_add_func ("/smb1-replies/status", test_status);
  ADD ("/smb1-replies/lost-tree", test_lost_tree);
  ADD ("/smb1-replies/unexpected", test_unexpected);
#undef ADD

  return g_test_run ();
}
