/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-check.h"
#include "smb1-peer.h"

/* What requests look like on the wire: [MS-CIFS] 2.2.4, [MS-SMB] 2.2.4. */

static void
fixture_set_up (Peer          *peer,
                gconstpointer  data)
{
  PeerOptions options = peer_options ();

  options.capabilities &= ~(guint32) GPOINTER_TO_UINT (data);
  peer_init (peer, &options);
}

static void
fixture_tear_down (Peer          *peer,
                   gconstpointer  data)
{
  peer_clear (peer);
}

static SmbRequest *
new_request (SmbCommand    command,
             SmbFileHandle handle)
{
  SmbRequest *request = smb_request_new (command);

  request->tree_id = PEER_TID;
  request->handle = handle;
  return request;
}

/* Of a known folder, so that its search has a path. */
static SmbRequest *
new_file_request (Peer       *peer,
                  SmbCommand  command)
{
  return new_request (command, peer_open (peer, "file", 0));
}

/* The request becomes a message of @command, whose words and bytes are @hex. */
static void
assert_request (Peer           *peer,
                SmbRequest     *request,
                SmbSmb1Command  command,
                const char     *hex)
{
  g_autoptr(SmbFrame) frame = peer_send (peer, request);
  g_autoptr(GByteArray) bytes = peer_wire_bytes (frame);

  g_assert_cmphex (bytes->data[SMB_SMB1_HEADER_COMMAND], ==, command);
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_TID), ==, request->tree_id);
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_UID), ==, PEER_UID);
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_FLAGS2) & 0xf847, ==, 0xc841);
  assert_bytes (bytes->data + SMB_SMB1_HEADER_SIZE, bytes->len - SMB_SMB1_HEADER_SIZE, hex);
}

static void
assert_impossible (Peer       *peer,
                   SmbRequest *request)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_dialect_build (peer->dialect, &request, 1, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_trees (Peer          *peer,
            gconstpointer  data)
{
  g_autoptr(SmbRequest) connect = smb_request_new (SMB_COMMAND_TREE_CONNECT);
  g_autoptr(SmbRequest) disconnect = new_request (SMB_COMMAND_TREE_DISCONNECT, (SmbFileHandle) { 0, 0 });
  g_autoptr(SmbRequest) logoff = smb_request_new (SMB_COMMAND_LOGOFF);

  connect->tree_connect.path = g_strdup ("\\\\h\\s");
  assert_request (peer, connect, SMB_SMB1_TREE_CONNECT_ANDX,
                  "04" "ff000000" "0000" "0100" "1300" "00"
                  "5c005c0068005c0073000000" "3f3f3f3f3f00");
  assert_request (peer, disconnect, SMB_SMB1_TREE_DISCONNECT, "00" "0000");
  assert_request (peer, logoff, SMB_SMB1_LOGOFF_ANDX, "02" "ff000000" "0000");
}

static void
test_echo (Peer          *peer,
           gconstpointer  data)
{
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_ECHO);

  assert_request (peer, request, SMB_SMB1_ECHO, "01" "0100" "0100" "00");
}

static void
test_create (Peer          *peer,
             gconstpointer  data)
{
  g_autoptr(SmbRequest) request = peer_create_request ("d\\ä😀");

  request->create.desired_access = 0x00120089;
  request->create.file_attributes = 0x20;
  request->create.share_access = 7;
  request->create.disposition = 3;
  request->create.options = 0x00200040;
  assert_request (peer, request, SMB_SMB1_NT_CREATE_ANDX,
                  "18" "ff000000" "00" "0c00" "00000000" "00000000" "89001200" "0000000000000000" "20000000"
                  "07000000" "03000000" "40002000" "02000000" "00" "0f00"
                  "00" "5c0064005c00e4003dd800de" "0000");
}

/* The root has a name, too; and who wants the file's number asks for the longer response. */
static void
test_create_root (Peer          *peer,
                  gconstpointer  data)
{
  g_autoptr(SmbRequest) request = peer_create_request ("");

  request->create.query_id = TRUE;
  assert_request (peer, request, SMB_SMB1_NT_CREATE_ANDX,
                  "18" "ff000000" "00" "0200" "10000000" "00000000" "00000000" "0000000000000000" "00000000"
                  "00000000" "01000000" "00000000" "02000000" "00" "0500" "00" "5c00" "0000");
}

/* 2024-05-06 07:08:09 */
#define SNAPSHOT G_GUINT64_CONSTANT (133594528890000000)

static void
test_create_snapshot (Peer          *peer,
                      gconstpointer  data)
{
  static const struct
  {
    const char *path;
    const char *sent;
  } cases[] = {
    { "", "\\@GMT-2024.05.06-07.08.09" },
    { "a\\b", "\\@GMT-2024.05.06-07.08.09\\a\\b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SmbRequest) request = peer_create_request (cases[i].path);
      g_autoptr(SmbFrame) frame = NULL;
      g_autoptr(GByteArray) bytes = NULL;
      g_autofree char *path = NULL;

      request->create.snapshot = SNAPSHOT;
      frame = peer_send (peer, request);
      bytes = peer_wire_bytes (frame);
      g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_FLAGS2) & SMB_SMB1_FLAG2_REPARSE_PATH,
                       !=, 0);
      path = smb_utf16_to_utf8_terminated (bytes->data + 84, bytes->len - 84);
      g_assert_cmpstr (path, ==, cases[i].sent);
    }
}

static void
test_impossible (Peer          *peer,
                 gconstpointer  data)
{
  g_autofree char *long_name = g_strnfill (8300, 'x');
  g_autofree char *endless = g_strnfill (40000, 'x');
  g_autoptr(SmbRequest) no_path = smb_request_new (SMB_COMMAND_CREATE);
  g_autoptr(SmbRequest) no_utf8 = peer_create_request ("\xff");
  g_autoptr(SmbRequest) too_long = peer_create_request (long_name);
  g_autoptr(SmbRequest) much_too_long = peer_create_request (endless);
  g_autoptr(SmbRequest) no_time = peer_create_request ("x");
  g_autoptr(SmbRequest) related = smb_request_new (SMB_COMMAND_CLOSE);
  g_autoptr(SmbRequest) negotiate = smb_request_new (SMB_COMMAND_NEGOTIATE);
  g_autoptr(SmbRequest) cancel = smb_request_new (SMB_COMMAND_CANCEL);
  g_autoptr(SmbRequest) no_folder = smb_request_new (SMB_COMMAND_QUERY_DIRECTORY);

  no_time->create.snapshot = G_MAXUINT64;
  related->related = TRUE;
  assert_impossible (peer, no_path);
  assert_impossible (peer, no_utf8);
  assert_impossible (peer, too_long);
  assert_impossible (peer, much_too_long);
  assert_impossible (peer, no_time);
  assert_impossible (peer, related);
  assert_impossible (peer, negotiate);
  assert_impossible (peer, cancel);
  assert_impossible (peer, no_folder);
}

static void
test_two (Peer          *peer,
          gconstpointer  data)
{
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_ECHO);
  SmbRequest *both[] = { request, request };
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_dialect_build (peer->dialect, both, 2, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (smb_dialect_get_cost (peer->dialect, request), ==, 1);
}

static void
test_close_flush (Peer          *peer,
                  gconstpointer  data)
{
  g_autoptr(SmbRequest) close = new_file_request (peer, SMB_COMMAND_CLOSE);
  g_autoptr(SmbRequest) flush = new_file_request (peer, SMB_COMMAND_FLUSH);

  assert_request (peer, close, SMB_SMB1_CLOSE, "03" "0340" "ffffffff" "0000");
  assert_request (peer, flush, SMB_SMB1_FLUSH, "01" "0340" "0000");
}

static void
test_read (Peer          *peer,
           gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_file_request (peer, SMB_COMMAND_READ);

  request->read.offset = G_GUINT64_CONSTANT (0x1122334455667788);
  request->read.length = 0x9000;
  request->read.minimum = 1;
  assert_request (peer, request, SMB_SMB1_READ_ANDX,
                  "0c" "ff000000" "0340" "88776655" "0090" "0100" "00000000" "0000" "44332211" "0000");
  request->read.length = G_MAXUINT32; /* as much as the server reads at a time */
  request->read.minimum = G_MAXUINT32;
  assert_request (peer, request, SMB_SMB1_READ_ANDX,
                  "0c" "ff000000" "0340" "88776655" "00f0" "ffff" "00000000" "0000" "44332211" "0000");
}

/* A pipe has a timeout where a file has the upper half of the count. */
static void
test_read_pipe (Peer          *peer,
                gconstpointer  data)
{
  g_autoptr(SmbRequest) create = peer_create_request ("srvsvc");
  g_autoptr(SmbRequest) request = NULL;

  peer_answer_create (peer, peer_send_request (peer, create), 2);
  request = new_request (SMB_COMMAND_READ, peer_take (peer, create).create.handle);
  request->read.length = 0x20000;
  assert_request (peer, request, SMB_SMB1_READ_ANDX,
                  "0c" "ff000000" "0340" "00000000" "ffff" "0000" "ffffffff" "0000" "00000000" "0000");
}

static void
test_read_large (void)
{
  PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = NULL;
  g_auto(Peer) peer;

  options.capabilities |= SMB_SMB1_CAP_UNIX;
  peer_init (&peer, &options);
  request = new_file_request (&peer, SMB_COMMAND_READ);
  request->read.length = 0x1f000;
  assert_request (&peer, request, SMB_SMB1_READ_ANDX,
                  "0c" "ff000000" "0340" "00000000" "00f0" "0000" "01000000" "0000" "00000000" "0000");
}

/* The payload is not copied: it is the caller's memory that goes out. */
static void
test_write (Peer          *peer,
            gconstpointer  data)
{
  static const guint8 payload[] = { 'd', 'a', 't', 'a' };
  g_autoptr(GBytes) owner = g_bytes_new_static (payload, sizeof payload);
  g_autoptr(SmbRequest) request = new_file_request (peer, SMB_COMMAND_WRITE);
  g_autoptr(SmbFrame) frame = NULL;

  request->write.offset = G_GUINT64_CONSTANT (0x1122334455667788);
  request->write.data = payload;
  request->write.size = sizeof payload;
  request->write.owner = g_bytes_ref (owner);
  assert_request (peer, request, SMB_SMB1_WRITE_ANDX,
                  "0e" "ff000000" "0340" "88776655" "00000000" "0000" "0000" "0000" "0400" "4000" "44332211"
                  "0500" "00" "64617461");
  frame = peer_send (peer, request);
  g_assert_cmpuint (frame->n_vectors, ==, 2);
  g_assert_true (frame->vectors[1].buffer == payload);

  request->write.size = 0;
  assert_request (peer, request, SMB_SMB1_WRITE_ANDX,
                  "0e" "ff000000" "0340" "88776655" "00000000" "0000" "0000" "0000" "0000" "4000" "44332211"
                  "0100" "00");
}

/* More than ByteCount can say. */
static void
test_write_large (void)
{
  PeerOptions options = peer_options ();
  g_autofree guint8 *payload = g_malloc0 (0x20000);
  g_autoptr(SmbRequest) request = NULL;
  g_autoptr(SmbFrame) frame = NULL;
  g_auto(Peer) peer;

  options.capabilities |= SMB_SMB1_CAP_UNIX;
  peer_init (&peer, &options);
  request = new_file_request (&peer, SMB_COMMAND_WRITE);
  request->write.data = payload;
  request->write.size = 0x20000;
  frame = peer_send (&peer, request);
  g_assert_cmpuint (frame->size, ==, 64 + 0x1f000);
  assert_bytes (smb_smb1_frame_get_header (frame) + 51, 13, "0100" "00f0" "4000" "00000000" "01f0" "00");
}

static void
test_ioctl (Peer          *peer,
            gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_file_request (peer, SMB_COMMAND_IOCTL);

  request->ioctl.code = SMB_FSCC_FSCTL_SRV_ENUMERATE_SNAPSHOTS;
  request->ioctl.max_output = 0x12345;
  assert_request (peer, request, SMB_SMB1_NT_TRANSACT,
                  "17" "01" "0000" "00000000" "00000000" "00000000" "45230100" "00000000" "00000000"
                  "00000000" "00000000" "04" "0200" "64401400" "0340" "0100" "0000");
  request->ioctl.input = g_bytes_new_static ("in", 2);
  assert_request (peer, request, SMB_SMB1_NT_TRANSACT,
                  "17" "01" "0000" "00000000" "02000000" "00000000" "45230100" "00000000" "00000000"
                  "02000000" "54000000" "04" "0200" "64401400" "0340" "0100" "0500" "000000" "696e");
}

static void
test_transact_pipe (Peer          *peer,
                    gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_file_request (peer, SMB_COMMAND_IOCTL);

  request->ioctl.code = SMB_FSCC_FSCTL_PIPE_TRANSCEIVE;
  request->ioctl.input = g_bytes_new_static ("call", 4);
  request->ioctl.max_output = 0x1234;
  assert_request (peer, request, SMB_SMB1_TRANSACTION,
                  "10" "0000" "0400" "0000" "3412" "00" "00" "0000" "00000000" "0000" "0000" "0000"
                  "0400" "5400"
                  "02" "00" "2600" "0340" "1500" "00" "5c0050004900500045005c000000" "0000" "63616c6c");
}

static SmbRequest *
new_query (Peer       *peer,
           SmbInfoType type,
           guint8      info_class)
{
  SmbRequest *request = new_file_request (peer, SMB_COMMAND_QUERY_INFO);

  request->query_info.type = type;
  request->query_info.info_class = info_class;
  request->query_info.additional = 7;
  request->query_info.max_output = 0x1000;
  return request;
}

/* Which level a class is asked for by: a class of the server's own with pass-through, else one of SMB1's. */
static guint16
get_level (Peer        *peer,
           SmbInfoType  type,
           guint8       info_class)
{
  g_autoptr(SmbRequest) request = new_query (peer, type, info_class);
  g_autoptr(SmbFrame) frame = peer_send (peer, request);
  g_autoptr(GByteArray) bytes = peer_wire_bytes (frame);

  g_assert_cmphex (bytes->data[SMB_SMB1_HEADER_COMMAND], ==, SMB_SMB1_TRANSACTION2);
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, 61), ==, type == SMB_INFO_TYPE_FILE ? 7 : 3); /* Setup */
  return smb_smb1_get_u16 (bytes->data, bytes->len - 2);
}

static void
test_query_pass_through (Peer          *peer,
                         gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_query (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_STANDARD);

  assert_request (peer, request, SMB_SMB1_TRANSACTION2,
                  "0f" "0400" "0000" "0200" "0010" "00" "00" "0000" "00000000" "0000" "0400" "4400"
                  "0000" "0000" "01" "00" "0700" "0700" "000000" "0340" "ed03");
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_STREAM), ==, 1022);
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_NETWORK_OPEN), ==, 1034);
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_ALL), ==, 0x0107);
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_FULL_SIZE), ==, 1007);
}

static void
test_query_own (Peer          *peer,
                gconstpointer  data)
{
  g_autoptr(SmbRequest) unknown = new_query (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_ID);

  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_BASIC), ==, 0x0101);
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_STANDARD), ==, 0x0102);
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_STREAM), ==, 0x0109);
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_NETWORK_OPEN), ==, 0x0107);
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_FULL_SIZE), ==, 0x0103);
  g_assert_cmphex (get_level (peer, SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_ATTRIBUTE), ==, 0x0105);
  assert_impossible (peer, unknown);
}

static SmbRequest *
new_path_query (const char *path)
{
  SmbRequest *request = new_request (SMB_COMMAND_QUERY_INFO, (SmbFileHandle) { 0, 0 });

  request->query_info.type = SMB_INFO_TYPE_FILE;
  request->query_info.info_class = SMB_FSCC_FILE_NETWORK_OPEN;
  request->query_info.max_output = 0x1000;
  request->query_info.path = g_strdup (path);
  return request;
}

static void
test_query_path (Peer          *peer,
                 gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_path_query ("d\\ä😀");
  g_autoptr(SmbRequest) root = new_path_query ("");

  assert_request (peer, request, SMB_SMB1_TRANSACTION2,
                  "0f" "1400" "0000" "0200" "0010" "00" "00" "0000" "00000000" "0000" "1400" "4400"
                  "0000" "0000" "01" "00" "0500" "1700" "000000" "0a04" "00000000"
                  "5c0064005c00e4003dd800de" "0000");
  assert_request (peer, root, SMB_SMB1_TRANSACTION2,
                  "0f" "0a00" "0000" "0200" "0010" "00" "00" "0000" "00000000" "0000" "0a00" "4400"
                  "0000" "0000" "01" "00" "0500" "0d00" "000000" "0a04" "00000000" "5c00" "0000");
}

static void
test_query_path_own (Peer          *peer,
                     gconstpointer  data)
{
  g_autoptr(SmbRequest) root = new_path_query ("");

  assert_request (peer, root, SMB_SMB1_TRANSACTION2,
                  "0f" "0a00" "0000" "0200" "0010" "00" "00" "0000" "00000000" "0000" "0a00" "4400"
                  "0000" "0000" "01" "00" "0500" "0d00" "000000" "0701" "00000000" "5c00" "0000");
}

static void
test_query_path_snapshot (Peer          *peer,
                          gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_path_query ("a");
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GByteArray) bytes = NULL;
  g_autofree char *path = NULL;

  request->query_info.snapshot = SNAPSHOT;
  frame = peer_send (peer, request);
  bytes = peer_wire_bytes (frame);
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_FLAGS2) & SMB_SMB1_FLAG2_REPARSE_PATH, !=,
                   0);
  path = smb_utf16_to_utf8_terminated (bytes->data + 74, bytes->len - 74);
  g_assert_cmpstr (path, ==, "\\@GMT-2024.05.06-07.08.09\\a");
}

static void
test_query_path_impossible (Peer          *peer,
                            gconstpointer  data)
{
  g_autofree char *endless = g_strnfill (40000, 'x');
  g_autoptr(SmbRequest) no_utf8 = new_path_query ("\xff");
  g_autoptr(SmbRequest) much_too_long = new_path_query (endless);
  g_autoptr(SmbRequest) no_time = new_path_query ("x");
  g_autoptr(SmbRequest) security = new_path_query ("x");
  g_autoptr(SmbRequest) volume = new_path_query ("x");

  no_time->query_info.snapshot = G_MAXUINT64;
  security->query_info.type = SMB_INFO_TYPE_SECURITY;
  volume->query_info.type = SMB_INFO_TYPE_FILESYSTEM;
  volume->query_info.info_class = SMB_FSCC_FS_FULL_SIZE;
  assert_impossible (peer, no_utf8);
  assert_impossible (peer, much_too_long);
  assert_impossible (peer, no_time);
  assert_impossible (peer, security);
  assert_impossible (peer, volume);
}

static void
test_query_security (Peer          *peer,
                     gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_query (peer, SMB_INFO_TYPE_SECURITY, 0);

  assert_request (peer, request, SMB_SMB1_NT_TRANSACT,
                  "13" "01" "0000" "08000000" "00000000" "04000000" "00100000" "08000000" "4c000000"
                  "00000000" "00000000" "00" "0600" "0b00" "000000" "0340" "0000" "07000000");
}

static SmbRequest *
new_set (Peer        *peer,
         SmbInfoType  type,
         guint8       info_class,
         const char  *input)
{
  SmbRequest *request = new_file_request (peer, SMB_COMMAND_SET_INFO);

  request->set_info.type = type;
  request->set_info.info_class = info_class;
  request->set_info.additional = 4;
  request->set_info.input = g_bytes_new (input, strlen (input));
  return request;
}

static void
test_set (Peer          *peer,
          gconstpointer  data)
{
  static const struct
  {
    guint8  info_class;
    guint16 level;
  } cases[] = {
    { SMB_FSCC_FILE_BASIC, 0x0101 },
    { SMB_FSCC_FILE_DISPOSITION, 0x0102 },
    { SMB_FSCC_FILE_ALLOCATION, 0x0103 },
    { SMB_FSCC_FILE_END_OF_FILE, 0x0104 },
    { SMB_FSCC_FILE_MODE, 1016 },
  };
  g_autoptr(SmbRequest) request = new_set (peer, SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_DISPOSITION, "\1");

  assert_request (peer, request, SMB_SMB1_TRANSACTION2,
                  "0f" "0600" "0100" "0200" "0000" "00" "00" "0000" "00000000" "0000" "0600" "4400"
                  "0100" "4c00" "01" "00" "0800" "0c00" "000000" "0340" "0201" "0000" "0000" "01");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SmbRequest) other = new_set (peer, SMB_INFO_TYPE_FILE, cases[i].info_class, "x");
      g_autoptr(SmbFrame) frame = peer_send (peer, other);

      g_assert_cmphex (smb_smb1_get_u16 (smb_smb1_frame_get_header (frame), 70), ==, cases[i].level);
    }
}

static void
test_set_security (Peer          *peer,
                   gconstpointer  data)
{
  g_autoptr(SmbRequest) request = new_set (peer, SMB_INFO_TYPE_SECURITY, 0, "sd");
  g_autoptr(SmbRequest) volume = new_set (peer, SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_LABEL, "x");

  assert_request (peer, request, SMB_SMB1_NT_TRANSACT,
                  "13" "01" "0000" "08000000" "02000000" "04000000" "00000000" "08000000" "4c000000"
                  "02000000" "54000000" "00" "0300" "0d00" "000000" "0340" "0000" "04000000" "7364");
  assert_impossible (peer, volume);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, without, test)                                                                     \
  g_test_add (path, Peer, GUINT_TO_POINTER (without), fixture_set_up, test, fixture_tear_down)
  ADD ("/smb1-requests/trees", 0, test_trees);
  ADD ("/smb1-requests/echo", 0, test_echo);
  ADD ("/smb1-requests/create", 0, test_create);
  ADD ("/smb1-requests/create-root", 0, test_create_root);
  ADD ("/smb1-requests/create-snapshot", 0, test_create_snapshot);
  ADD ("/smb1-requests/impossible", 0, test_impossible);
  ADD ("/smb1-requests/two", 0, test_two);
  ADD ("/smb1-requests/close-flush", 0, test_close_flush);
  ADD ("/smb1-requests/read", 0, test_read);
  ADD ("/smb1-requests/read-pipe", 0, test_read_pipe);
  g_test_add_func ("/smb1-requests/read-large", test_read_large);
  ADD ("/smb1-requests/write", 0, test_write);
  g_test_add_func ("/smb1-requests/write-large", test_write_large);
  ADD ("/smb1-requests/ioctl", 0, test_ioctl);
  ADD ("/smb1-requests/transact-pipe", 0, test_transact_pipe);
  ADD ("/smb1-requests/query-pass-through", 0, test_query_pass_through);
  ADD ("/smb1-requests/query-own", SMB_SMB1_CAP_INFOLEVEL_PASSTHRU, test_query_own);
  ADD ("/smb1-requests/query-path", 0, test_query_path);
  ADD ("/smb1-requests/query-path-own", SMB_SMB1_CAP_INFOLEVEL_PASSTHRU, test_query_path_own);
  ADD ("/smb1-requests/query-path-snapshot", 0, test_query_path_snapshot);
  ADD ("/smb1-requests/query-path-impossible", 0, test_query_path_impossible);
  ADD ("/smb1-requests/query-security", 0, test_query_security);
  ADD ("/smb1-requests/set", 0, test_set);
  ADD ("/smb1-requests/set-security", 0, test_set_security);
#undef ADD

  return g_test_run ();
}
