/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-check.h"
#include "smb1-peer.h"

/* What takes several messages of SMB1: listings with a handle of their own ([MS-CIFS] 2.2.6.2, 2.2.6.3,
 * 2.2.4.48), closing what is in use, and moving into another folder (2.2.4.8). */

#define SID 0x0f01

typedef struct
{
  Peer          peer;
  SmbFileHandle folder;
} Fixture;

static void
fixture_set_up (Fixture       *f,
                gconstpointer  data)
{
  PeerOptions options = peer_options ();

  options.capabilities &= ~(guint32) GPOINTER_TO_UINT (data);
  peer_init (&f->peer, &options);
  f->folder = peer_open (&f->peer, "fo\\ld", 0);
}

static void
fixture_tear_down (Fixture       *f,
                   gconstpointer  data)
{
  peer_clear (&f->peer);
}

static SmbRequest *
new_query (const Fixture *f,
           gboolean       restart)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_QUERY_DIRECTORY);

  request->tree_id = PEER_TID;
  request->handle = f->folder;
  request->query_directory.info_class = SMB_FSCC_FILE_DIRECTORY;
  request->query_directory.restart = restart;
  request->query_directory.pattern = g_strdup ("*");
  request->query_directory.max_output = 0x8000;
  return request;
}

/* Entries of [MS-FSCC] 2.4.10, each of which says where the next begins: the last one, too. */
static GByteArray *
make_entries (const char *const *names)
{
  SmbWriter w;

  smb_writer_init (&w, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    {
      gsize begin = smb_writer_get_offset (&w);

      smb_writer_u32 (&w, 0);
      smb_writer_u32 (&w, 0x1000 + i); /* FileIndex */
      smb_writer_zeros (&w, 4 * 8 + 8 + 8 + 4);
      smb_writer_u32 (&w, 2 * strlen (names[i]));
      smb_writer_utf16 (&w, names[i]);
      smb_writer_align (&w, 8);
      smb_writer_patch_u32 (&w, begin, smb_writer_get_offset (&w) - begin);
    }
  return smb_writer_steal (&w);
}

static void
answer_find (Fixture           *f,
             guint64            mid,
             gboolean           first,
             guint              count,
             gboolean           end,
             const GByteArray  *entries)
{
  g_auto(SmbWriter) w = { 0 };

  smb_writer_init (&w, NULL);
  if (first)
    smb_writer_u16 (&w, SID);
  smb_writer_u16 (&w, count);
  smb_writer_u16 (&w, end);
  smb_writer_zeros (&w, 4); /* EaErrorOffset, LastNameOffset */
  peer_answer_transaction (&f->peer, SMB_SMB1_TRANSACTION2, mid, SMB_STATUS_SUCCESS, w.bytes->data,
                           w.bytes->len, entries->data, entries->len);
}

/* The names of a reply, joined. */
static char *
get_names (const SmbReply *reply)
{
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  SmbDirectoryIter iter;
  SmbDirectoryEntry entry;

  smb_directory_iter_init (&iter, SMB_FSCC_FILE_DIRECTORY, reply->output.data, reply->output.size);
  while (smb_directory_iter_next (&iter, &entry, &error))
    {
      g_autofree char *name = smb_directory_entry_dup_name (&entry);

      g_string_append_printf (names, "%s ", name);
    }
  g_assert_no_error (error);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* @mid: of the QUERY_DIRECTORY, 0 = it is still to be sent. */
static void
list_answered (Fixture    *f,
               guint64     mid,
               gboolean    first,
               gboolean    end,
               const char *names)
{
  g_auto(GStrv) split = g_strsplit (names, " ", -1);
  g_autoptr(GByteArray) entries = make_entries ((const char *const *) split);
  g_autoptr(SmbRequest) request = new_query (f, first);
  g_autofree char *got = NULL;
  g_autofree char *expected = g_strconcat (names, " ", NULL);
  SmbReply reply;

  if (mid == 0)
    mid = peer_send_request (&f->peer, request);
  answer_find (f, mid, first, g_strv_length (split), end, entries);
  reply = peer_take (&f->peer, request);
  g_assert_cmphex (reply.status, ==, SMB_STATUS_SUCCESS);
  got = get_names (&reply);
  g_assert_cmpstr (got, ==, expected);
}

static void
list (Fixture    *f,
      gboolean    first,
      gboolean    end,
      const char *names)
{
  list_answered (f, 0, first, end, names);
}

/* The request's message is of @command, with these words and bytes. */
static guint64
assert_sent (Fixture        *f,
             SmbRequest     *request,
             SmbSmb1Command  command,
             const char     *hex)
{
  g_autoptr(SmbFrame) frame = peer_send (&f->peer, request);
  g_autoptr(GByteArray) bytes = peer_wire_bytes (frame);

  g_assert_cmphex (bytes->data[SMB_SMB1_HEADER_COMMAND], ==, command);
  assert_bytes (bytes->data + SMB_SMB1_HEADER_SIZE, bytes->len - SMB_SMB1_HEADER_SIZE, hex);
  return smb_frame_get_message (frame, 0)->key;
}

/* The server goes on to the next message of the same request. */
static void
assert_step (Fixture        *f,
             guint64         mid,
             SmbSmb1Command  answered,
             guint32         status,
             SmbSmb1Command  command,
             const char     *hex)
{
  g_autoptr(SmbFrame) frame = NULL;

  peer_answer_bare (&f->peer, answered, mid, status);
  g_assert_cmpuint (peer_parse_one (&f->peer, SMB_ITEM_CONTINUE)->key, ==, mid);
  frame = peer_next_part (&f->peer, mid);
  g_assert_nonnull (frame);
  g_assert_null (peer_next_part (&f->peer, mid));
  g_assert_cmphex (peer_get_command (frame), ==, command);
  if (hex != NULL)
    {
      g_autoptr(GByteArray) bytes = peer_wire_bytes (frame);

      g_assert_cmpuint (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_MID), ==, mid);
      assert_bytes (bytes->data + SMB_SMB1_HEADER_SIZE, bytes->len - SMB_SMB1_HEADER_SIZE, hex);
    }
}

static guint32
finish (Fixture        *f,
        SmbRequest     *request,
        guint64         mid,
        SmbSmb1Command  answered,
        guint32         status)
{
  peer_answer_bare (&f->peer, answered, mid, status);
  return peer_take (&f->peer, request).status;
}

#define FIND_FIRST                                                                                   \
  "0f" "1e00" "0000" "0a00" "0080" "00" "00" "0000" "00000000" "0000" "1e00" "4400" "0000" "0000"     \
  "01" "00" "0100" "2100" "000000" "1600" "5605" "0000" "0101" "00000000"                           \
  "5c0066006f005c006c0064005c002a00" "0000"

static void
test_first (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_query (f, TRUE);

  request->query_directory.max_output = 0x8000;
  assert_sent (f, request, SMB_SMB1_TRANSACTION2, FIND_FIRST);
}

/* From where it stopped; then the end is told by closing the search, and after that without asking for it. */
static void
test_whole (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(SmbRequest) next = new_query (f, FALSE);
  g_autoptr(SmbRequest) close = smb_request_new (SMB_COMMAND_CLOSE);
  guint64 mid;

  list (f, TRUE, FALSE, ". .. a b");
  mid = assert_sent (f, next, SMB_SMB1_TRANSACTION2,
                     "0f" "1000" "0000" "0800" "0080" "00" "00" "0000" "00000000" "0000" "1000" "4400"
                     "0000" "0000"
                     "01" "00" "0200" "1300" "000000" "010f" "5605" "0101" "03100000" "0800" "6200" "0000");
  list_answered (f, mid, FALSE, FALSE, "c dd");
  list (f, FALSE, TRUE, "e");

  g_assert_cmphex (finish (f, next, assert_sent (f, next, SMB_SMB1_FIND_CLOSE2, "01" "010f" "0000"),
                           SMB_SMB1_FIND_CLOSE2, SMB_STATUS_SUCCESS), ==, SMB_STATUS_NO_MORE_FILES);
  g_assert_cmphex (finish (f, next, assert_sent (f, next, SMB_SMB1_ECHO, "01" "0100" "0100" "00"),
                           SMB_SMB1_ECHO, SMB_STATUS_SUCCESS), ==, SMB_STATUS_NO_MORE_FILES);

  close->handle = f->folder;
  finish (f, close, assert_sent (f, close, SMB_SMB1_CLOSE, "03" "0340" "ffffffff" "0000"), SMB_SMB1_CLOSE,
          SMB_STATUS_SUCCESS);
}

/* Whether the server can close it or not: it has ended. */
static void
test_close_fails (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(SmbRequest) next = new_query (f, FALSE);

  list (f, TRUE, TRUE, "a");
  g_assert_cmphex (finish (f, next, peer_send_request (&f->peer, next), SMB_SMB1_FIND_CLOSE2,
                           SMB_STATUS_INVALID_HANDLE), ==, SMB_STATUS_NO_MORE_FILES);
}

/* A server that notices the end late. */
static void
test_late_end (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GByteArray) none = g_byte_array_new ();
  g_autoptr(SmbRequest) next = new_query (f, FALSE);

  list (f, TRUE, FALSE, "a");
  answer_find (f, peer_send_request (&f->peer, next), FALSE, 0, FALSE, none);
  g_assert_cmphex (peer_take (&f->peer, next).status, ==, SMB_STATUS_NO_MORE_FILES);
  finish (f, next, assert_sent (f, next, SMB_SMB1_FIND_CLOSE2, "01" "010f" "0000"), SMB_SMB1_FIND_CLOSE2,
          SMB_STATUS_SUCCESS);

  list (f, TRUE, FALSE, "a");
  g_assert_cmphex (finish (f, next, peer_send_request (&f->peer, next), SMB_SMB1_TRANSACTION2,
                           SMB_STATUS_NO_MORE_FILES), ==, SMB_STATUS_NO_MORE_FILES);
  assert_sent (f, next, SMB_SMB1_FIND_CLOSE2, "01" "010f" "0000");
}

static void
test_nothing_found (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(SmbRequest) first = new_query (f, TRUE);
  g_autoptr(SmbRequest) close = smb_request_new (SMB_COMMAND_CLOSE);

  g_assert_cmphex (finish (f, first, peer_send_request (&f->peer, first), SMB_SMB1_TRANSACTION2,
                           SMB_STATUS_NO_SUCH_FILE), ==, SMB_STATUS_NO_SUCH_FILE);
  close->handle = f->folder;
  assert_sent (f, close, SMB_SMB1_CLOSE, "03" "0340" "ffffffff" "0000");
}

/* The search that was under way is closed first. */
static void
test_restart (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GByteArray) none = g_byte_array_new ();
  g_autoptr(SmbRequest) again = new_query (f, TRUE);
  guint64 mid;

  list (f, TRUE, FALSE, "a");
  mid = assert_sent (f, again, SMB_SMB1_FIND_CLOSE2, "01" "010f" "0000");
  assert_step (f, mid, SMB_SMB1_FIND_CLOSE2, SMB_STATUS_SUCCESS, SMB_SMB1_TRANSACTION2, FIND_FIRST);
  answer_find (f, mid, TRUE, 0, TRUE, none);
  g_assert_cmphex (peer_take (&f->peer, again).status, ==, SMB_STATUS_NO_MORE_FILES);
}

/* A folder that is closed while it is listed: first the search. */
static void
test_closed_between (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(SmbRequest) close = smb_request_new (SMB_COMMAND_CLOSE);
  g_autoptr(SmbRequest) next = new_query (f, FALSE);
  g_autoptr(GError) error = NULL;
  guint64 mid;

  list (f, TRUE, FALSE, "a");
  close->tree_id = PEER_TID;
  close->handle = f->folder;
  mid = assert_sent (f, close, SMB_SMB1_FIND_CLOSE2, "01" "010f" "0000");
  assert_step (f, mid, SMB_SMB1_FIND_CLOSE2, SMB_STATUS_INVALID_HANDLE, SMB_SMB1_CLOSE,
               "03" "0340" "ffffffff" "0000");
  g_assert_cmphex (finish (f, close, mid, SMB_SMB1_CLOSE, SMB_STATUS_SUCCESS), ==, SMB_STATUS_SUCCESS);

  g_assert_null (smb_dialect_build (f->peer.dialect, &next, 1, &error)); /* it is forgotten */
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

/* What is still used is not closed: the CLOSE goes out when the last of the others was answered. */
static void
test_close_waits (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(SmbRequest) close = smb_request_new (SMB_COMMAND_CLOSE);
  g_autoptr(SmbRequest) flush = smb_request_new (SMB_COMMAND_FLUSH);
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GError) error = NULL;
  guint64 first, second, mid;

  close->handle = flush->handle = f->folder;
  first = peer_send_request (&f->peer, flush);
  second = peer_send_request (&f->peer, flush);
  mid = assert_sent (f, close, SMB_SMB1_ECHO, "01" "0100" "0100" "00");

  peer_answer_bare (&f->peer, SMB_SMB1_FLUSH, second, SMB_STATUS_SUCCESS);
  peer_parse_one (&f->peer, SMB_ITEM_REPLY);
  peer_answer_bare (&f->peer, SMB_SMB1_ECHO, mid, SMB_STATUS_SUCCESS);
  peer_parse_one (&f->peer, SMB_ITEM_PART);
  g_assert_null (peer_next_part (&f->peer, mid));

  peer_answer_bare (&f->peer, SMB_SMB1_FLUSH, first, SMB_STATUS_SUCCESS);
  g_assert_true (peer_parse (&f->peer, &error));
  g_assert_cmpuint (f->peer.items->len, ==, 2);
  g_assert_cmpint (g_array_index (f->peer.items, SmbItem, 0).kind, ==, SMB_ITEM_REPLY);
  g_assert_cmpint (g_array_index (f->peer.items, SmbItem, 1).kind, ==, SMB_ITEM_CONTINUE);
  g_assert_cmpint (g_array_index (f->peer.items, SmbItem, 1).command, ==, SMB_COMMAND_CLOSE);
  g_assert_cmpuint (g_array_index (f->peer.items, SmbItem, 1).key, ==, mid);
  g_assert_cmpuint (g_array_index (f->peer.items, SmbItem, 1).units, ==, 0);

  frame = peer_next_part (&f->peer, mid);
  g_assert_cmphex (peer_get_command (frame), ==, SMB_SMB1_CLOSE);
  finish (f, close, mid, SMB_SMB1_CLOSE, SMB_STATUS_SUCCESS);
}

/* The others were answered before the ECHO was; and two that close wait for each other's end, not for each
 * other. */
static void
test_close_waits_briefly (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(SmbRequest) close = smb_request_new (SMB_COMMAND_CLOSE);
  g_autoptr(SmbRequest) flush = smb_request_new (SMB_COMMAND_FLUSH);
  g_autoptr(GError) error = NULL;
  guint64 use, first, second;

  close->handle = flush->handle = f->folder;
  use = peer_send_request (&f->peer, flush);
  first = assert_sent (f, close, SMB_SMB1_ECHO, "01" "0100" "0100" "00");
  second = assert_sent (f, close, SMB_SMB1_ECHO, "01" "0100" "0100" "00");
  peer_answer_bare (&f->peer, SMB_SMB1_FLUSH, use, SMB_STATUS_SUCCESS);
  peer_parse_one (&f->peer, SMB_ITEM_REPLY);

  assert_step (f, first, SMB_SMB1_ECHO, SMB_STATUS_SUCCESS, SMB_SMB1_CLOSE, NULL);
  peer_answer_bare (&f->peer, SMB_SMB1_ECHO, second, SMB_STATUS_SUCCESS);
  peer_parse_one (&f->peer, SMB_ITEM_PART);
  peer_answer_bare (&f->peer, SMB_SMB1_CLOSE, first, SMB_STATUS_SUCCESS);
  g_assert_true (peer_parse (&f->peer, &error));
  g_assert_cmpuint (f->peer.items->len, ==, 2);
  g_assert_cmpuint (g_array_index (f->peer.items, SmbItem, 1).key, ==, second);
  smb_frame_free (peer_next_part (&f->peer, second));
  finish (f, close, second, SMB_SMB1_CLOSE, SMB_STATUS_INVALID_HANDLE);
}

static void
test_snapshot (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(SmbRequest) request = NULL;
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GByteArray) bytes = NULL;
  g_autofree char *path = NULL;

  f->folder = peer_open (&f->peer, "", G_GUINT64_CONSTANT (133594528890000000));
  request = new_query (f, TRUE);
  frame = peer_send (&f->peer, request);
  bytes = peer_wire_bytes (frame);
  path = smb_utf16_to_utf8_terminated (bytes->data + 80, bytes->len - 80);
  g_assert_cmpstr (path, ==, "\\@GMT-2024.05.06-07.08.09\\*");
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_FLAGS2) & SMB_SMB1_FLAG2_REPARSE_PATH, !=,
                   0);
}

static void
test_levels (Fixture       *f,
             gconstpointer  data)
{
  static const guint8 classes[][2] = { { 1, 1 }, { 2, 2 }, { 12, 3 }, { 3, 4 }, { 38, 5 }, { 37, 6 } };
  SmbRequest *request = new_query (f, TRUE);
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autoptr(SmbFrame) frame = NULL;

      request->query_directory.info_class = classes[i][0];
      frame = peer_send (&f->peer, request);
      g_assert_cmphex (smb_smb1_get_u16 (smb_smb1_frame_get_header (frame), 74), ==, 0x0100 + classes[i][1]);
    }
  request->query_directory.info_class = SMB_FSCC_FILE_STREAM;
  g_assert_null (smb_dialect_build (f->peer.dialect, &request, 1, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  smb_request_free (request);
}

/* Counts and offsets that lead nowhere. */
static void
test_hostile (Fixture       *f,
              gconstpointer  data)
{
  static const struct
  {
    guint   count;
    gsize   offset; /* of the change */
    guint32 value;
  } cases[] = {
    { 4, 0, 0 }, { 4, 0, 3 }, { 4, 0, 0xffffffff }, { 4, 0, 0x7fffffff }, { 5, 0, 72 }, { 0xffff, 0, 72 },
    { 4, 72, 145 }, { 3, 72, 146 },
  };
  const char *names[] = { "a", "b", "c", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GByteArray) entries = make_entries (names);
      g_autoptr(SmbRequest) request = new_query (f, TRUE);
      guint64 mid;

      g_assert_cmpuint (entries->len, ==, 3 * 72);
      f->folder = peer_open (&f->peer, "x", 0);
      request->handle = f->folder;
      mid = peer_send_request (&f->peer, request);
      smb_smb1_set_u32 (entries->data, cases[i].offset, cases[i].value);
      answer_find (f, mid, TRUE, cases[i].count, FALSE, entries);
      peer_assert_refused (&f->peer, SMB_ERROR_PROTOCOL);
    }
}

/* Entries that are not counted do not count. */
static void
test_too_many (Fixture       *f,
               gconstpointer  data)
{
  const char *names[] = { "a", "b", "c", NULL };
  g_autoptr(GByteArray) entries = make_entries (names);
  g_autoptr(SmbRequest) request = new_query (f, TRUE);
  g_autofree char *got = NULL;
  SmbReply reply;

  answer_find (f, peer_send_request (&f->peer, request), TRUE, 2, FALSE, entries);
  reply = peer_take (&f->peer, request);
  got = get_names (&reply);
  g_assert_cmpstr (got, ==, "a b ");
}

static Fixture *decoding;

static gboolean
decode (const guint8  *data,
        gsize          size,
        GError       **error)
{
  SmbSmb1Outstanding *outstanding =
    &smb_smb1_dialect_get_state (SMB_SMB1_DIALECT (decoding->peer.dialect))->outstanding;
  g_autoptr(SmbRequest) request = NULL;
  g_autofree guint8 *copy = g_memdup2 (data, size);
  SmbReceived received = { .bytes = copy, .size = size };
  guint64 mid;
  SmbReply reply;
  gboolean taken;

  decoding->folder = peer_open (&decoding->peer, "x", 0);
  request = new_query (decoding, TRUE);
  mid = peer_send_request (&decoding->peer, request);
  if (size >= SMB_SMB1_HEADER_SIZE && smb_smb1_get_u16 (copy, SMB_SMB1_HEADER_MID) == 1)
    smb_smb1_set_u16 (copy, SMB_SMB1_HEADER_MID, mid);
  peer_clear_items (&decoding->peer);
  taken = smb_dialect_parse (decoding->peer.dialect, &received, decoding->peer.items, error);
  if (taken && g_array_index (decoding->peer.items, SmbItem, 0).kind == SMB_ITEM_REPLY)
    taken = smb_dialect_decode (decoding->peer.dialect, &g_array_index (decoding->peer.items, SmbItem, 0),
                                request, &reply, error);
  peer_clear_items (&decoding->peer);
  if (smb_smb1_outstanding_find (outstanding, mid) != NULL)
    smb_smb1_outstanding_remove (outstanding, smb_smb1_outstanding_find (outstanding, mid));
  return taken;
}

static void
test_prefixes (Fixture       *f,
               gconstpointer  data)
{
  const char *names[] = { "a", "b", NULL };
  g_autoptr(GByteArray) entries = make_entries (names);
  g_autoptr(GByteArray) good = g_byte_array_new ();

  answer_find (f, 1, TRUE, 2, FALSE, entries);
  g_byte_array_append (good, f->peer.bytes->data, f->peer.bytes->len);
  decoding = f;
  check_prefixes (decode, good->data, good->len, good->len);
  check_corruption (decode, good->data, good->len);
}

/* Renaming. */

static SmbRequest *
new_rename (Fixture    *f,
            const char *target,
            gboolean    replace)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_SET_INFO);
  SmbWriter w;

  smb_writer_init (&w, NULL);
  smb_file_rename_info_encode (target, replace, &w);
  request->tree_id = PEER_TID;
  request->handle = f->folder;
  request->set_info.type = SMB_INFO_TYPE_FILE;
  request->set_info.info_class = SMB_FSCC_FILE_RENAME;
  request->set_info.input = smb_writer_steal_bytes (&w);
  return request;
}

/* Within its folder by the handle: without the path, in SMB1's layout. */
static void
test_rename (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_rename (f, "fo\\new", TRUE);

  assert_sent (f, request, SMB_SMB1_TRANSACTION2,
               "0f" "0600" "1200" "0200" "0000" "00" "00" "0000" "00000000" "0000" "0600" "4400" "1200" "4c00"
               "01" "00" "0800" "1d00" "000000" "0340" "f203" "0000" "0000"
               "01" "000000" "00000000" "06000000" "6e0065007700");
}

#define MOVE                                                                                         \
  "01" "1600" "1b00" "04" "5c0066006f005c006c0064000000" "04" "00" "5c0078005c006e000000"

/* Into another by the names, for which it is closed; that nobody knows, and so it is closed once more. */
static void
check_move (Fixture    *f,
            const char *target,
            guint32     status)
{
  g_autoptr(SmbRequest) request = new_rename (f, target, FALSE);
  g_autoptr(SmbRequest) close = smb_request_new (SMB_COMMAND_CLOSE);
  g_autoptr(SmbRequest) again = new_rename (f, target, FALSE);
  g_autoptr(GError) error = NULL;
  guint64 mid = assert_sent (f, request, SMB_SMB1_CLOSE, "03" "0340" "ffffffff" "0000");

  assert_step (f, mid, SMB_SMB1_CLOSE, SMB_STATUS_SUCCESS, SMB_SMB1_RENAME,
               g_str_equal (target, "x\\n") ? MOVE : NULL);
  g_assert_cmphex (finish (f, request, mid, SMB_SMB1_RENAME, status), ==, status);
  g_assert_null (smb_dialect_build (f->peer.dialect, &again, 1, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);

  close->handle = f->folder;
  g_assert_cmphex (finish (f, close, assert_sent (f, close, SMB_SMB1_ECHO, "01" "0100" "0100" "00"),
                           SMB_SMB1_ECHO, SMB_STATUS_SUCCESS), ==, SMB_STATUS_SUCCESS);
}

static void
test_move (Fixture       *f,
           gconstpointer  data)
{
  check_move (f, "x\\n", SMB_STATUS_SUCCESS);
}

static void
test_move_fails (Fixture       *f,
                 gconstpointer  data)
{
  check_move (f, "x\\n", SMB_STATUS_OBJECT_NAME_COLLISION);
}

/* A server that has no classes of [MS-FSCC] gets the names in any case. */
static void
test_rename_by_name (Fixture       *f,
                     gconstpointer  data)
{
  check_move (f, "fo\\new", SMB_STATUS_SUCCESS);
}

static void
test_rename_impossible (Fixture       *f,
                        gconstpointer  data)
{
  g_autofree char *endless = g_strnfill (9000, 'x');
  g_autofree char *far = g_strconcat ("x\\", endless, NULL);
  SmbRequest *requests[] = {
    new_rename (f, "x\\n", TRUE), /* nothing in another folder is replaced */
    new_rename (f, far, FALSE),
    new_rename (f, "fo\\new", FALSE),
  };

  g_bytes_unref (requests[2]->set_info.input);
  requests[2]->set_info.input = g_bytes_new_static ("short", 5);
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (smb_dialect_build (f->peer.dialect, &requests[i], 1, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
      smb_request_free (requests[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, without, test)                                                                     \
  g_test_add (path, Fixture, GUINT_TO_POINTER (without), fixture_set_up, test, fixture_tear_down)
  ADD ("/smb1-search/first", 0, test_first);
  ADD ("/smb1-search/whole", 0, test_whole);
  ADD ("/smb1-search/close-fails", 0, test_close_fails);
  ADD ("/smb1-search/late-end", 0, test_late_end);
  ADD ("/smb1-search/nothing-found", 0, test_nothing_found);
  ADD ("/smb1-search/restart", 0, test_restart);
  ADD ("/smb1-search/closed-between", 0, test_closed_between);
  ADD ("/smb1-search/snapshot", 0, test_snapshot);
  ADD ("/smb1-search/levels", 0, test_levels);
  ADD ("/smb1-search/hostile", 0, test_hostile);
  ADD ("/smb1-search/too-many", 0, test_too_many);
  ADD ("/smb1-search/prefixes", 0, test_prefixes);
  ADD ("/smb1-close/waits", 0, test_close_waits);
  ADD ("/smb1-close/waits-briefly", 0, test_close_waits_briefly);
  ADD ("/smb1-rename/same-folder", 0, test_rename);
  ADD ("/smb1-rename/other-folder", 0, test_move);
  ADD ("/smb1-rename/other-folder-fails", 0, test_move_fails);
  ADD ("/smb1-rename/by-name", SMB_SMB1_CAP_INFOLEVEL_PASSTHRU, test_rename_by_name);
  ADD ("/smb1-rename/impossible", 0, test_rename_impossible);
#undef ADD

  return g_test_run ();
}
