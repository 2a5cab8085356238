/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-body-bytes.h"

static void
assert_encodes_at (const SmbRequest *request,
                   gsize             header_offset,
                   const char       *body,
                   GBytes          **payload)
{
  g_autoptr(GByteArray) expected = from_hex (body);
  g_auto(SmbWriter) w = { 0 };
  g_autoptr(GBytes) none = NULL;
  GBytes **out = payload != NULL ? payload : &none;
  g_autoptr(GError) error = NULL;
  gsize body_offset = header_offset + HEADER_SIZE;

  smb_writer_init (&w, NULL);
  smb_writer_zeros (&w, body_offset);
  g_assert_true (smb_smb2_encode_body (&w, request, header_offset, out, &error));
  g_assert_no_error (error);
  g_assert_null (none);
  g_assert_cmpmem (w.bytes->data + body_offset, w.bytes->len - body_offset, expected->data, expected->len);
}

static void
assert_encodes (const SmbRequest *request,
                const char       *body)
{
  assert_encodes_at (request, 0, body, NULL);
  assert_encodes_at (request, 136, body, NULL);
}

static void
assert_refuses (const SmbRequest *request)
{
  g_auto(SmbWriter) w = { 0 };
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(GError) error = NULL;

  smb_writer_init (&w, NULL);
  smb_writer_zeros (&w, HEADER_SIZE);
  g_assert_false (smb_smb2_encode_body (&w, request, 0, &payload, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_null (payload);
}

static void
test_encode_reserved (void)
{
  static const SmbCommand commands[] = { SMB_COMMAND_LOGOFF, SMB_COMMAND_TREE_DISCONNECT, SMB_COMMAND_CANCEL,
                                         SMB_COMMAND_ECHO };

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr(SmbRequest) request = new_request (commands[i]);

      assert_encodes (request, "0400 0000");
      g_assert_cmpuint (smb_smb2_payload_size (request), ==, 0);
    }
}

static void
test_encode_tree_connect (void)
{
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_TREE_CONNECT);

  request->tree_connect.path = g_strdup ("\\\\h\\\xc3\xa9");
  assert_encodes (request, "0900 0000 4800 0a00 5c005c0068005c00e900");
}

#define CREATE_FIXED                                                                                      \
  "3900 00 00 02000000 0000000000000000 0000000000000000 89001200 80000000 07000000 01000000 20000000 "

static SmbRequest *
new_create (const char *path)
{
  SmbRequest *request = new_request (SMB_COMMAND_CREATE);

  request->create.path = g_strdup (path);
  request->create.desired_access = 0x00120089;
  request->create.file_attributes = 0x80;
  request->create.share_access = 7;
  request->create.disposition = 1;
  request->create.options = 0x20;
  return request;
}

static void
test_encode_create (void)
{
  g_autoptr(SmbRequest) file = new_create ("a\\b");
  g_autoptr(SmbRequest) root = new_create ("");

  assert_encodes (file, CREATE_FIXED "7800 0600 00000000 00000000 6100 5c00 6200");
  assert_encodes (root, CREATE_FIXED "7800 0000 00000000 00000000 00");
}

static void
test_encode_create_contexts (void)
{
  g_autoptr(SmbRequest) both = new_create ("\xf0\x9f\x98\x80");
  g_autoptr(SmbRequest) snapshot = new_create ("abcd");
  g_autoptr(SmbRequest) root = new_create ("");

  both->create.snapshot = snapshot->create.snapshot = 0x0123456789abcdef;
  both->create.query_id = root->create.query_id = TRUE;

  assert_encodes (both, CREATE_FIXED "7800 0400 80000000 38000000 3dd800de 00000000"
                        "20000000 1000 0400 0000 1800 08000000 54577270 00000000 efcdab8967452301"
                        "00000000 1000 0400 0000 0000 00000000 51466964 00000000");
  assert_encodes (snapshot, CREATE_FIXED "7800 0800 80000000 20000000 6100620063006400"
                            "00000000 1000 0400 0000 1800 08000000 54577270 00000000 efcdab8967452301");
  assert_encodes (root, CREATE_FIXED "7800 0000 78000000 18000000"
                        "00000000 1000 0400 0000 0000 00000000 51466964 00000000");
}

static void
test_encode_names_refused (void)
{
  g_autofree char *too_long = g_strnfill (32768, 'x');
  g_autofree char *long_enough = g_strnfill (32767, 'x');
  g_autoptr(SmbRequest) invalid = new_create ("\xff");
  g_autoptr(SmbRequest) large = new_create (too_long);
  g_autoptr(SmbRequest) missing = new_create (NULL);
  g_autoptr(SmbRequest) fits = new_create (long_enough);
  g_autoptr(SmbRequest) other = new_request (SMB_COMMAND_SESSION_SETUP);
  g_auto(SmbWriter) w = { 0 };
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(GError) error = NULL;

  assert_refuses (invalid);
  assert_refuses (large);
  assert_refuses (missing);
  assert_refuses (other);

  smb_writer_init (&w, NULL);
  smb_writer_zeros (&w, HEADER_SIZE);
  g_assert_true (smb_smb2_encode_body (&w, fits, 0, &payload, &error));
  g_assert_cmpuint (w.bytes->len, ==, HEADER_SIZE + 56 + 65534);
}

static void
test_encode_handles (void)
{
  static const SmbCommand commands[] = { SMB_COMMAND_CLOSE, SMB_COMMAND_FLUSH };

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr(SmbRequest) request = new_request (commands[i]);

      assert_encodes (request, "1800 0000 00000000" HANDLE);
      request->related = TRUE;
      assert_encodes (request, "1800 0000 00000000" ALL_ONES);
    }
}

static void
test_encode_read (void)
{
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_READ);

  request->read.offset = 0x0102030405060708;
  request->read.length = 0x00100000;
  request->read.minimum = 1;
  assert_encodes (request, "3100 50 00 00001000 0807060504030201" HANDLE
                           "01000000 00000000 00000000 0000 0000 00");
  g_assert_cmpuint (smb_smb2_payload_size (request), ==, 0x00100000);
}

static void
test_encode_write (void)
{
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_WRITE);
  g_autoptr(GBytes) payload = NULL;

  request->write.offset = 0x0102030405060708;
  request->write.data = (const guint8 *) "hello";
  request->write.size = 5;
  assert_encodes_at (request, 0,
                     "3100 7000 05000000 0807060504030201" HANDLE "00000000 00000000 0000 0000 00000000",
                     &payload);
  g_assert_cmpuint (g_bytes_get_size (payload), ==, 5);
  g_assert_true (g_bytes_get_data (payload, NULL) == request->write.data); /* not copied */
  g_assert_cmpuint (smb_smb2_payload_size (request), ==, 5);

  request->write.size = 0;
  assert_encodes (request, "3100 7000 00000000 0807060504030201" HANDLE
                           "00000000 00000000 0000 0000 00000000 00");
}

static void
count_free (gpointer data)
{
  (*(int *) data)++;
}

static void
test_encode_write_owner (void)
{
  SmbRequest *request = new_request (SMB_COMMAND_WRITE);
  g_autofree guint8 *memory = g_malloc0 (8);
  GBytes *payload = NULL;
  int freed = 0;
  g_auto(SmbWriter) w = { 0 };

  request->write.owner = g_bytes_new_with_free_func (memory, 8, count_free, &freed);
  request->write.data = memory + 2;
  request->write.size = 4;
  smb_writer_init (&w, NULL);
  smb_writer_zeros (&w, HEADER_SIZE);
  g_assert_true (smb_smb2_encode_body (&w, request, 0, &payload, NULL));

  smb_request_free (request);
  g_assert_cmpint (freed, ==, 0);
  g_assert_true (g_bytes_get_data (payload, NULL) == memory + 2);
  g_bytes_unref (payload);
  g_assert_cmpint (freed, ==, 1);
}

static void
test_encode_ioctl (void)
{
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_IOCTL);

  request->ioctl.code = 0x0011c017;
  request->ioctl.max_output = 1024;
  assert_encodes (request, "3900 0000 17c01100" HANDLE "00000000 00000000 00000000"
                           "00000000 00000000 00040000 01000000 00000000 00");

  request->ioctl.input = g_bytes_new ("\1\2\3", 3);
  assert_encodes (request, "3900 0000 17c01100" HANDLE "78000000 03000000 00000000"
                           "00000000 00000000 00040000 01000000 00000000 010203");
  g_assert_cmpuint (smb_smb2_payload_size (request), ==, 1024);
  request->ioctl.max_output = 2;
  g_assert_cmpuint (smb_smb2_payload_size (request), ==, 3);
}

static void
test_encode_query_directory (void)
{
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_QUERY_DIRECTORY);

  request->query_directory.info_class = 37;
  request->query_directory.restart = TRUE;
  request->query_directory.pattern = g_strdup ("a*");
  request->query_directory.max_output = 65536;
  assert_encodes (request, "2100 25 01 00000000" HANDLE "6000 0400 00000100 6100 2a00");
  g_assert_cmpuint (smb_smb2_payload_size (request), ==, 65536);

  request->query_directory.restart = FALSE;
  g_clear_pointer (&request->query_directory.pattern, g_free);
  assert_encodes (request, "2100 25 00 00000000" HANDLE "6000 0200 00000100 2a00");
}

static void
test_encode_query_info (void)
{
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_QUERY_INFO);

  request->query_info.type = SMB_INFO_TYPE_SECURITY;
  request->query_info.additional = 7;
  request->query_info.max_output = 65536;
  assert_encodes (request, "2900 03 00 00000100 0000 0000 00000000 07000000 00000000" HANDLE "00");

  request->query_info.type = SMB_INFO_TYPE_FILESYSTEM;
  request->query_info.info_class = 7;
  request->query_info.additional = 0;
  request->related = TRUE;
  assert_encodes (request, "2900 02 07 00000100 0000 0000 00000000 00000000 00000000" ALL_ONES "00");
  g_assert_cmpuint (smb_smb2_payload_size (request), ==, 65536);

  request->query_info.path = g_strdup ("path");
  assert_refuses (request);
}

static void
test_encode_set_info (void)
{
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_SET_INFO);

  request->set_info.type = SMB_INFO_TYPE_FILE;
  request->set_info.info_class = 13;
  request->set_info.input = g_bytes_new ("\1", 1);
  assert_encodes (request, "2100 01 0d 01000000 6000 0000 00000000" HANDLE "01");
  g_assert_cmpuint (smb_smb2_payload_size (request), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/smb2-body/encode/reserved", test_encode_reserved);
  g_test_add_func ("/smb2-body/encode/tree-connect", test_encode_tree_connect);
  g_test_add_func ("/smb2-body/encode/create", test_encode_create);
  g_test_add_func ("/smb2-body/encode/create-contexts", test_encode_create_contexts);
  g_test_add_func ("/smb2-body/encode/refused", test_encode_names_refused);
  g_test_add_func ("/smb2-body/encode/handles", test_encode_handles);
  g_test_add_func ("/smb2-body/encode/read", test_encode_read);
  g_test_add_func ("/smb2-body/encode/write", test_encode_write);
  g_test_add_func ("/smb2-body/encode/write-owner", test_encode_write_owner);
  g_test_add_func ("/smb2-body/encode/ioctl", test_encode_ioctl);
  g_test_add_func ("/smb2-body/encode/query-directory", test_encode_query_directory);
  g_test_add_func ("/smb2-body/encode/query-info", test_encode_query_info);
  g_test_add_func ("/smb2-body/encode/set-info", test_encode_set_info);

  return g_test_run ();
}
