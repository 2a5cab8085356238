/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-check.h"
#include "smb1-peer.h"

/* Transactions whose request or response takes several messages: [MS-CIFS] 3.2.4.1.5, 3.2.5.1.4. */

static void
fixture_set_up (Peer          *peer,
                gconstpointer  data)
{
  PeerOptions options = peer_options ();

  options.sign = GPOINTER_TO_INT (data);
  options.max_buffer_size = 1024;
  peer_init (peer, &options);
}

static void
fixture_tear_down (Peer          *peer,
                   gconstpointer  data)
{
  peer_clear (peer);
}

/* Responses. */

static SmbRequest *
new_ioctl (guint32 code,
           guint32 max_output)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_IOCTL);

  request->ioctl.code = code;
  request->ioctl.max_output = max_output;
  return request;
}

static SmbRequest *
new_security (void)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_QUERY_INFO);

  request->query_info.type = SMB_INFO_TYPE_SECURITY;
  request->query_info.max_output = 1000;
  return request;
}

#define TEXT      "0123456789abcdefghijklmnopqrstuvwxyz"
#define TEXT_SIZE 36
#define NEEDED    "\x24\0\0\0"

/* A part of TEXT and of NEEDED. */
static PeerPart
piece (SmbSmb1Command command,
       gsize          parameter_begin,
       gsize          parameter_end,
       gsize          begin,
       gsize          end)
{
  return (PeerPart) {
    command, SMB_STATUS_SUCCESS,
    &NEEDED[parameter_begin], parameter_end - parameter_begin, 4, parameter_begin,
    &TEXT[begin], end - begin, TEXT_SIZE, begin,
  };
}

/* Each way of cutting and ordering gives the same. */
static void
test_parts (Peer          *peer,
            gconstpointer  data)
{
  static const gsize cuts[][4][4] = {
    { { 0, 4, 0, 10 }, { 4, 4, 10, 20 }, { 4, 4, 20, 36 } },
    { { 4, 4, 20, 36 }, { 0, 4, 0, 10 }, { 4, 4, 10, 20 } },
    { { 0, 2, 0, 0 }, { 2, 4, 0, 0 }, { 0, 0, 0, 36 } },
    { { 0, 0, 35, 36 }, { 2, 4, 10, 35 }, { 0, 2, 0, 10 } },
    { { 0, 0, 12, 24 }, { 0, 0, 24, 36 }, { 0, 0, 0, 12 }, { 0, 4, 0, 0 } },
  };
  guint32 number = 3;

  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autoptr(SmbRequest) request = new_security ();
      guint64 mid = peer_send_request (peer, request);
      guint n_parts = cuts[i][3][3] + cuts[i][3][1] > 0 ? 4 : 3;
      SmbReply reply;

      for (guint k = 0; k < n_parts; k++)
        {
          const gsize *cut = cuts[i][k];
          const PeerPart part = piece (SMB_SMB1_NT_TRANSACT, cut[0], cut[1], cut[2], cut[3]);

          peer_answer_part (peer, mid, &part);
          if (peer->key != NULL)
            peer_sign (peer, number); /* all parts have the same */
          if (k + 1 < n_parts)
            g_assert_cmpint (peer_parse_one (peer, SMB_ITEM_PART)->key, ==, mid);
        }
      reply = peer_take (peer, request);
      g_assert_cmpmem (reply.output.data, reply.output.size, TEXT, TEXT_SIZE);
      g_assert_nonnull (g_array_index (peer->items, SmbItem, 0).owner);
      number += 2;
    }
}

/* The same with counts of 16 bits, and a status that says that this is not all. */
static void
test_parts_of_pipe (Peer          *peer,
                    gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_ioctl (SMB_FSCC_FSCTL_PIPE_TRANSCEIVE, TEXT_SIZE);
  guint64 mid = peer_send_request (peer, request);
  PeerPart part = piece (SMB_SMB1_TRANSACTION, 0, 0, 0, 30);
  SmbReply reply;

  part.total_parameters = 0;
  part.status = SMB_STATUS_BUFFER_OVERFLOW;
  peer_answer_part (peer, mid, &part);
  peer_parse_one (peer, SMB_ITEM_PART);
  part.data = &TEXT[30];
  part.n_data = 6;
  part.data_displacement = 30;
  peer_answer_part (peer, mid, &part);
  reply = peer_take (peer, request);
  g_assert_cmphex (reply.status, ==, SMB_STATUS_BUFFER_OVERFLOW);
  g_assert_cmpmem (reply.output.data, reply.output.size, TEXT, TEXT_SIZE);
}

/* The total may become less on the way ([MS-CIFS] 2.2.4.46.2): what is there already counts. */
static void
test_shrinking (Peer          *peer,
                gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_security ();
  guint64 mid = peer_send_request (peer, request);
  PeerPart part = piece (SMB_SMB1_NT_TRANSACT, 0, 4, 0, 20);
  SmbReply reply;

  peer_answer_part (peer, mid, &part);
  peer_parse_one (peer, SMB_ITEM_PART);
  part = piece (SMB_SMB1_NT_TRANSACT, 4, 4, 20, 25);
  part.total_data = 25;
  peer_answer_part (peer, mid, &part);
  reply = peer_take (peer, request);
  g_assert_cmpmem (reply.output.data, reply.output.size, TEXT, 25);
}

static void
assert_second_refused (Peer     *peer,
                       PeerPart  second)
{
  g_autoptr(SmbRequest) request = new_security ();
  guint64 mid = peer_send_request (peer, request);
  const PeerPart first = piece (SMB_SMB1_NT_TRANSACT, 0, 4, 5, 20);

  peer_answer_part (peer, mid, &first);
  peer_parse_one (peer, SMB_ITEM_PART);
  peer_answer_part (peer, mid, &second);
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
}

static void
test_hostile_parts (Peer          *peer,
                    gconstpointer  data)
{
  PeerPart more = piece (SMB_SMB1_NT_TRANSACT, 4, 4, 20, 30);
  PeerPart outside = piece (SMB_SMB1_NT_TRANSACT, 4, 4, 20, 30);

  assert_second_refused (peer, piece (SMB_SMB1_NT_TRANSACT, 0, 4, 5, 20));  /* once more */
  assert_second_refused (peer, piece (SMB_SMB1_NT_TRANSACT, 4, 4, 19, 30)); /* overlapping */
  assert_second_refused (peer, piece (SMB_SMB1_NT_TRANSACT, 4, 4, 0, 6));
  assert_second_refused (peer, piece (SMB_SMB1_NT_TRANSACT, 4, 4, 0, 36));
  assert_second_refused (peer, piece (SMB_SMB1_NT_TRANSACT, 2, 4, 20, 30));
  assert_second_refused (peer, piece (SMB_SMB1_NT_TRANSACT, 4, 4, 20, 20)); /* nothing */
  more.total_data = 37;
  assert_second_refused (peer, more);
  outside.data_displacement = 27;
  assert_second_refused (peer, outside);
  outside.data_displacement = 0xffffffff;
  assert_second_refused (peer, outside);
}

/* Nothing is allocated for more than was asked for. */
static void
test_too_much (Peer          *peer,
               gconstpointer  data)
{
  static const struct
  {
    gsize parameters;
    gsize data;
  } totals[] = { { 4, 1001 }, { 5, 36 }, { 4, 0xffffffff }, { 0xffffffff, 36 } };

  for (gsize i = 0; i < G_N_ELEMENTS (totals); i++)
    {
      g_autoptr(SmbRequest) request = new_security ();
      PeerPart part = piece (SMB_SMB1_NT_TRANSACT, 0, 4, 0, 36);

      part.total_parameters = totals[i].parameters;
      part.total_data = totals[i].data;
      peer_answer_part (peer, peer_send_request (peer, request), &part);
      peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
    }
}

/* In one message, too. */
static void
test_too_much_at_once (Peer          *peer,
                       gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_ioctl (1, TEXT_SIZE - 1);

  peer_answer_transaction (peer, SMB_SMB1_NT_TRANSACT, peer_send_request (peer, request),
                           SMB_STATUS_SUCCESS, NULL, 0, TEXT, TEXT_SIZE);
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
}

/* An error in the middle is the end of it. */
static void
test_error_between (Peer          *peer,
                    gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_security ();
  guint64 mid = peer_send_request (peer, request);
  const PeerPart part = piece (SMB_SMB1_NT_TRANSACT, 0, 4, 0, 20);

  peer_answer_part (peer, mid, &part);
  peer_parse_one (peer, SMB_ITEM_PART);
  peer_answer_bare (peer, SMB_SMB1_NT_TRANSACT, mid, SMB_STATUS_ACCESS_DENIED);
  g_assert_cmphex (peer_take (peer, request).status, ==, SMB_STATUS_ACCESS_DENIED);
}

/* Many small parts, the even ones first. */
static void
test_many_parts (Peer          *peer,
                 gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_ioctl (1, 2000);
  guint64 mid = peer_send_request (peer, request);
  guint8 bytes[2000];
  SmbReply reply;

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = i * 7;
  for (guint i = 0; i < sizeof bytes; i++)
    {
      gsize at = i < 1000 ? 2 * i : 2 * (i - 1000) + 1;
      const PeerPart part = {
        SMB_SMB1_NT_TRANSACT, SMB_STATUS_SUCCESS, NULL, 0, 0, 0, bytes + at, 1, sizeof bytes, at,
      };

      peer_answer_part (peer, mid, &part);
      if (i + 1 < sizeof bytes)
        peer_parse_one (peer, SMB_ITEM_PART);
    }
  reply = peer_take (peer, request);
  g_assert_cmpmem (reply.output.data, reply.output.size, bytes, sizeof bytes);
}

/* What is under way when the connection ends is freed; the sanitizers see to it. */
static void
test_never_complete (Peer          *peer,
                     gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_security ();
  const PeerPart part = piece (SMB_SMB1_NT_TRANSACT, 0, 4, 0, 20);

  peer_answer_part (peer, peer_send_request (peer, request), &part);
  peer_parse_one (peer, SMB_ITEM_PART);
}

/* Requests. */

static SmbRequest *
new_large_request (SmbSmb1Command  command,
                   const guint8   *data,
                   gsize           size)
{
  SmbRequest *request;

  if (command == SMB_SMB1_TRANSACTION2)
    {
      request = smb_request_new (SMB_COMMAND_SET_INFO);
      request->set_info.type = SMB_INFO_TYPE_FILE;
      request->set_info.info_class = SMB_FSCC_FILE_BASIC;
      request->set_info.input = g_bytes_new (data, size);
    }
  else
    {
      request = new_ioctl (command == SMB_SMB1_TRANSACTION ? SMB_FSCC_FSCTL_PIPE_TRANSCEIVE : 1, 16);
      request->ioctl.input = g_bytes_new (data, size);
    }
  request->handle.persistent = PEER_FID;
  return request;
}

static guint32
get_count (const GByteArray *bytes,
           gsize             offset,
           gsize             width)
{
  return width == 4 ? smb_smb1_get_u32 (bytes->data, offset) : smb_smb1_get_u16 (bytes->data, offset);
}

/* Reads a secondary as a server does, and puts its data where they belong. Returns how much it was. */
static gsize
take_secondary (const SmbFrame *frame,
                SmbSmb1Command  command,
                GByteArray     *whole)
{
  g_autoptr(GByteArray) bytes = peer_wire_bytes (frame);
  const gsize width = command == SMB_SMB1_NT_TRANSACT ? 4 : 2;
  const gsize begin = command == SMB_SMB1_NT_TRANSACT ? 36 : 33;
  gsize size = get_count (bytes, begin + 5 * width, width);
  gsize offset = get_count (bytes, begin + 6 * width, width);
  gsize displacement = get_count (bytes, begin + 7 * width, width);

  g_assert_cmphex (bytes->data[SMB_SMB1_HEADER_COMMAND], ==, command + 1);
  g_assert_cmpuint (bytes->len, <=, 1024);
  g_assert_cmpuint (get_count (bytes, begin + width, width), ==, whole->len);
  g_assert_cmpuint (offset % 4, ==, 0);
  g_assert_cmpuint (offset + size, ==, bytes->len);
  memcpy (whole->data + displacement, bytes->data + offset, size);
  return size;
}

static void
answer_signed (Peer           *peer,
               SmbSmb1Command  command,
               guint64         mid,
               guint32         number)
{
  peer_answer_bare (peer, command, mid, SMB_STATUS_SUCCESS);
  if (peer->key != NULL)
    peer_sign (peer, number);
}

/* The first message, then nothing until the server says that it has room; then all others, of the same MID.
 * The response has the number behind that of the last of them. */
static void
check_large (Peer           *peer,
             SmbSmb1Command  command,
             guint32         number)
{
  g_autofree guint8 *data = g_malloc (5000);
  g_autoptr(GByteArray) whole = g_byte_array_new ();
  g_autoptr(SmbRequest) request = NULL;
  g_autoptr(SmbFrame) first = NULL;
  SmbFrame *next;
  gsize rest;
  guint64 mid;

  for (guint i = 0; i < 5000; i++)
    data[i] = i * 11 + i / 256;
  request = new_large_request (command, data, 5000);
  first = peer_send (peer, request);
  mid = smb_frame_get_message (first, 0)->key;
  g_assert_cmphex (peer_get_command (first), ==, command);
  g_assert_cmpuint (first->size, >, 1020);
  g_assert_cmpuint (first->size, <=, 1024);
  g_assert_null (peer_next_part (peer, mid));

  answer_signed (peer, command, mid, number + 1);
  g_assert_cmpuint (peer_parse_one (peer, SMB_ITEM_CONTINUE)->key, ==, mid);
  g_byte_array_append (whole, data, 5000);
  rest = 5000;
  memset (whole->data, 0, 5000);
  while ((next = peer_next_part (peer, mid)) != NULL)
    {
      number += 2;
      g_assert_cmpuint (smb_smb1_get_u16 (smb_smb1_frame_get_header (next), SMB_SMB1_HEADER_MID), ==, mid);
      rest -= take_secondary (next, command, whole);
      if (peer->key != NULL)
        g_assert_true (smb_smb1_verify (peer->key, number, smb_smb1_frame_get_header (next), next->size,
                                        NULL, 0));
      smb_frame_free (next);
    }
  g_assert_cmpuint (rest, >, 900); /* what the first had */
  g_assert_cmpmem (whole->data + rest, 5000 - rest, data + rest, 5000 - rest);

  peer_answer_transaction (peer, command, mid, SMB_STATUS_SUCCESS, NULL, 0, NULL, 0);
  if (peer->key != NULL)
    peer_sign (peer, number + 1);
  peer_take (peer, request);
}

static void
test_large_requests (Peer          *peer,
                     gconstpointer  data)
{
  check_large (peer, SMB_SMB1_NT_TRANSACT, 2);
  if (peer->key == NULL)
    {
      check_large (peer, SMB_SMB1_TRANSACTION, 0);
      check_large (peer, SMB_SMB1_TRANSACTION2, 0);
    }
}

/* It is refused before the rest was sent: that is never sent. */
static void
test_large_refused (Peer          *peer,
                    gconstpointer  data)
{
  g_autofree guint8 *bytes = g_malloc0 (5000);
  g_autoptr(SmbRequest) request = new_large_request (SMB_SMB1_NT_TRANSACT, bytes, 5000);
  guint64 mid = peer_send_request (peer, request);

  peer_answer_bare (peer, SMB_SMB1_NT_TRANSACT, mid, SMB_STATUS_INVALID_HANDLE);
  g_assert_cmphex (peer_take (peer, request).status, ==, SMB_STATUS_INVALID_HANDLE);
  g_assert_null (peer_next_part (peer, mid));
}

/* An interim answer when all was sent is none. */
static void
test_interim_twice (Peer          *peer,
                    gconstpointer  data)
{
  g_autofree guint8 *bytes = g_malloc0 (1200);
  g_autoptr(SmbRequest) request = new_large_request (SMB_SMB1_NT_TRANSACT, bytes, 1200);
  guint64 mid = peer_send_request (peer, request);
  g_autoptr(SmbFrame) last = NULL;

  peer_answer_bare (peer, SMB_SMB1_NT_TRANSACT, mid, SMB_STATUS_SUCCESS);
  peer_parse_one (peer, SMB_ITEM_CONTINUE);
  last = peer_next_part (peer, mid);
  g_assert_nonnull (last);
  g_assert_null (peer_next_part (peer, mid));
  peer_answer_bare (peer, SMB_SMB1_NT_TRANSACT, mid, SMB_STATUS_SUCCESS);
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
}

/* Counts have 16 bits but in NT_TRANSACT. */
static void
test_much_too_large (Peer          *peer,
                     gconstpointer  data)
{
  g_autofree guint8 *bytes = g_malloc0 (0x10000);
  SmbRequest *request = new_large_request (SMB_SMB1_TRANSACTION2, bytes, 0x10000);
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_dialect_build (peer->dialect, &request, 1, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  smb_request_free (request);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, sign, test)                                                                        \
  g_test_add (path, Peer, GINT_TO_POINTER (sign), fixture_set_up, test, fixture_tear_down)
  ADD ("/smb1-transactions/parts", FALSE, test_parts);
  ADD ("/smb1-transactions/parts-signed", TRUE, test_parts);
  ADD ("/smb1-transactions/parts-of-pipe", FALSE, test_parts_of_pipe);
  ADD ("/smb1-transactions/shrinking", FALSE, test_shrinking);
  ADD ("/smb1-transactions/hostile-parts", FALSE, test_hostile_parts);
  ADD ("/smb1-transactions/too-much", FALSE, test_too_much);
  ADD ("/smb1-transactions/too-much-at-once", FALSE, test_too_much_at_once);
  ADD ("/smb1-transactions/error-between", FALSE, test_error_between);
  ADD ("/smb1-transactions/many-parts", FALSE, test_many_parts);
  ADD ("/smb1-transactions/never-complete", FALSE, test_never_complete);
  ADD ("/smb1-transactions/large-requests", FALSE, test_large_requests);
  ADD ("/smb1-transactions/large-requests-signed", TRUE, test_large_requests);
  ADD ("/smb1-transactions/large-refused", FALSE, test_large_refused);
  ADD ("/smb1-transactions/interim-twice", FALSE, test_interim_twice);
  ADD ("/smb1-transactions/much-too-large", FALSE, test_much_too_large);
#undef ADD

  return g_test_run ();
}
