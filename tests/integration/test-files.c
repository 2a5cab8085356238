/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

#include <fcntl.h>
#include <unistd.h>

/* Contents to the server and back with several dialects: sizes around what a request holds, parts, far
 * offsets, and what cannot be done. */

#define FIVE_GIB (G_GUINT64_CONSTANT (5) << 30)

static const gsize sizes[] = { 0, 1, 65535, 65536, 65537, 1048576, 5 * 1024 * 1024 };

static gboolean
store (TestRig    *rig,
       const char *share,
       const char *path,
       GBytes     *bytes,
       GError    **error)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (bytes);
  guint64                 count;

  if (!smb_protocol_factory_store_file (rig->factory, share, path, input, NULL, NULL, NULL, -1, NULL, &count,
                                        error))
    return FALSE;
  g_assert_cmpuint (count, ==, g_bytes_get_size (bytes));
  return TRUE;
}

static gboolean
store_at (TestRig     *rig,
          const char  *path,
          const char  *text,
          guint64      offset,
          gboolean     truncate,
          GError     **error)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_data (text, -1, NULL);
  guint64                 count;

  if (!smb_protocol_factory_store_file_from_offset (rig->factory, "data", path, input, offset, truncate, NULL,
                                                    NULL, NULL, -1, NULL, &count, error))
    return FALSE;
  g_assert_cmpuint (count, ==, strlen (text));
  return TRUE;
}

static char *
retrieve_part (TestRig    *rig,
               const char *path,
               guint64     offset,
               gint64      max_length)
{
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  guint64                  count;

  file = smb_protocol_factory_retrieve_file_from_offset (
      rig->factory, "data", path, output, offset, max_length, NULL, NULL, NULL, -1, NULL, &count, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (output, "", 1, NULL, NULL, NULL);
  g_output_stream_close (output, NULL, NULL);
  g_assert_cmpuint (count + 1, ==, g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (output)));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (output));
}

static void
assert_part (TestRig    *rig,
             const char *path,
             guint64     offset,
             gint64      max_length,
             const char *expected)
{
  g_autofree char *part = retrieve_part (rig, path, offset, max_length);

  g_assert_cmpstr (part, ==, expected);
}

static void
test_sizes (TestRig *rig)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) bytes = test_data_new (sizes[i]);
      g_autoptr(GBytes) back = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (store (rig, "data", "sizes", bytes, &error)); /* over the one before, which is shorter */
      g_assert_no_error (error);
      test_share_assert (rig->samba, "data", "sizes", bytes);
      back = test_retrieve (rig->factory, "data", "sizes");
      g_assert_true (g_bytes_equal (back, bytes));
    }
}

static void
test_shrink (TestRig *rig)
{
  g_autoptr(GBytes) large = test_data_new (200000);
  g_autoptr(GBytes) small = test_data_new (3);
  g_autoptr(GError) error = NULL;

  test_share_write (rig->samba, "data", "shrinks", large);
  g_assert_true (store (rig, "data", "shrinks", small, &error));
  g_assert_no_error (error);
  test_share_assert (rig->samba, "data", "shrinks", small);
}

static void
test_parts (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  test_share_write_text (rig->samba, "data", "parts", "0123456789");
  assert_part (rig, "parts", 0, -1, "0123456789");
  assert_part (rig, "parts", 3, -1, "3456789");
  assert_part (rig, "parts", 3, 4, "3456");
  assert_part (rig, "parts", 3, 0, "");
  assert_part (rig, "parts", 8, 100, "89");
  assert_part (rig, "parts", 10, -1, "");
  assert_part (rig, "parts", 1000, 5, "");

  g_assert_true (store_at (rig, "parts", "aa", 5, FALSE, &error));
  test_share_assert_text (rig->samba, "data", "parts", "01234aa789");
  g_assert_true (store_at (rig, "parts", "bb", 12, FALSE, &error));
  g_assert_no_error (error);
  assert_part (rig, "parts", 9, 1, "9");
  assert_part (rig, "parts", 12, -1, "bb");
  g_assert_true (store_at (rig, "parts", "c", 2, TRUE, &error));
  g_assert_no_error (error);
  assert_part (rig, "parts", 2, -1, "c");
  g_assert_true (store_at (rig, "made by a part", "new", 0, FALSE, &error));
  g_assert_no_error (error);
  test_share_assert_text (rig->samba, "data", "made by a part", "new");
}

/* A file of holes, with something near its end. */
static void
test_far (TestRig *rig)
{
  g_autofree char   *path = test_samba_build_path (rig->samba, "data", "far", NULL);
  g_autoptr(GError)  error = NULL;
  int                fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
  char               found[5] = "";

  g_assert_cmpint (ftruncate (fd, FIVE_GIB), ==, 0);
  g_assert_cmpint (pwrite (fd, "near the end", 12, FIVE_GIB - 12), ==, 12);
  assert_part (rig, "far", FIVE_GIB - 12, -1, "near the end");
  assert_part (rig, "far", FIVE_GIB - 12, 4, "near");
  assert_part (rig, "far", FIVE_GIB, -1, "");

  g_assert_true (store_at (rig, "far", "four", FIVE_GIB - 100, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pread (fd, found, 4, FIVE_GIB - 100), ==, 4);
  g_assert_cmpstr (found, ==, "four");
  g_assert_cmpuint (lseek (fd, 0, SEEK_END), ==, FIVE_GIB);
  close (fd);
  g_assert_cmpint (unlink (path), ==, 0);
}

static void
test_store_refused (TestRig *rig)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("new", 3);
  g_autoptr(GError) error = NULL;

  test_share_make_dir (rig->samba, "data", "is a folder");
  g_assert_false (store (rig, "data", "is a folder", bytes, &error));
  test_assert_failed (&error, SMB_ERROR_IS_DIRECTORY, TEST_STATUS_FILE_IS_A_DIRECTORY, "store",
                      "'is a folder'", "'data'", NULL);
  g_assert_false (store (rig, "data", "none/file", bytes, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND, "store", "'none/file'",
                      NULL);
  g_assert_false (store (rig, "ro", "readme.txt", bytes, &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_ACCESS_DENIED, "store", "'readme.txt'",
                      "'ro'", NULL);
  g_assert_false (store (rig, "ro", "new.txt", bytes, &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_ACCESS_DENIED, "store", "'new.txt'",
                      "'ro'", NULL);
  test_share_assert_text (rig->samba, "ro", "readme.txt", "read only\n");
  g_assert_false (store (rig, "data", "", bytes, &error));
  g_assert_nonnull (error);
}

static void
test_retrieve_refused (TestRig *rig)
{
  static const struct
  {
    const char *path;
    SmbError    code;
    guint32     status;
  } cases[] = {
    { "no file", SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND },
    { "no folder/no file", SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND },
    { "not a file", SMB_ERROR_IS_DIRECTORY, TEST_STATUS_FILE_IS_A_DIRECTORY },
    { "a*", SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE },
  };

  test_share_make_dir (rig->samba, "data", "not a file");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
      g_autoptr(GError)        error = NULL;

      g_assert_null (smb_protocol_factory_retrieve_file (rig->factory, "data", cases[i].path, output, NULL,
                                                         NULL, NULL, -1, NULL, NULL, &error));
      test_assert_failed (&error, cases[i].code, cases[i].status, "retrieve", cases[i].path, "'data'", NULL);
      g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (output)), ==, 0);
    }
}

/* Overwriting a hidden or a system file is refused by servers unless it stays hidden; the contents are what
 * is meant. */
static void
test_marked (TestRig *rig)
{
  static const SmbFileAttributes marks[] = {
    SMB_FILE_ATTRIBUTES_HIDDEN,
    SMB_FILE_ATTRIBUTES_SYSTEM,
    SMB_FILE_ATTRIBUTES_HIDDEN | SMB_FILE_ATTRIBUTES_SYSTEM,
  };
  g_autoptr(GBytes) bytes = g_bytes_new_static ("new", 3);
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_autoptr(SmbSharedFile) file = NULL;

      test_share_write_text (rig->samba, "data", "marked", "something longer");
      smb_protocol_factory_reset_file_attributes (rig->factory, "data", "marked", marks[i], -1, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (store (rig, "data", "marked", bytes, &error));
      g_assert_no_error (error);
      test_share_assert_text (rig->samba, "data", "marked", "new");
      file = smb_protocol_factory_get_attributes (rig->factory, "data", "marked", -1, NULL, &error);
      g_assert_cmphex (smb_shared_file_get_attributes (file) & marks[i], ==, marks[i]);
      smb_protocol_factory_delete_files (rig->factory, "data", "marked", FALSE, -1, NULL, &error);
      g_assert_no_error (error);
    }

  test_share_write_text (rig->samba, "data", "marked", "old");
  smb_protocol_factory_reset_file_attributes (rig->factory, "data", "marked", SMB_FILE_ATTRIBUTES_READ_ONLY,
                                              -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (store (rig, "data", "marked", bytes, &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_ACCESS_DENIED, "store", "'marked'", NULL);
  test_share_assert_text (rig->samba, "data", "marked", "old");
}

/* Through a handle, at any offset, in any order. */
static void
test_open_file (TestRig *rig)
{
  g_autoptr(SmbOpenFile)   file = NULL;
  g_autoptr(SmbSharedFile) info = NULL;
  g_autoptr(GBytes)        data = test_data_new (300000);
  g_autoptr(GBytes)        tail = NULL;
  g_autoptr(GBytes)        none = NULL;
  g_autoptr(GError)        error = NULL;
  gsize                    count;

  file = smb_protocol_factory_open_file (rig->factory, "data", "handled", SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OVERWRITE_OR_CREATE, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (smb_open_file_write (file, 0, data, -1, NULL, &count, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, 300000);
  g_assert_true (smb_open_file_flush (file, -1, NULL, &error));
  g_assert_true (smb_open_file_set_size (file, 250000, -1, NULL, &error));
  g_assert_no_error (error);

  tail = smb_open_file_read (file, 249000, 2000, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (tail, NULL), g_bytes_get_size (tail),
                   (const guint8 *) g_bytes_get_data (data, NULL) + 249000, 1000);
  none = smb_open_file_read (file, 250000, 10, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (none), ==, 0);
  info = smb_open_file_get_info (file, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_size (info), ==, 250000);
  g_assert_true (smb_open_file_close (file, -1, NULL, &error));
  g_assert_no_error (error);
}

/* Servers with limits of their own, which are no round numbers. */

static void
list_all (SmbProtocolFactory *factory)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) files = NULL;

  files = smb_protocol_factory_list_path (factory, "data", "many", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, -1,
                                          NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 2002);
}

static void
test_limits (gconstpointer data)
{
  g_autoptr(TestSamba)          samba =
    test_samba_start ("--set=smb2 max read=100001", "--set=smb2 max write=70003", "--set=smb2 max trans=65536",
                      data, NULL);
  g_autoptr(SmbProtocolFactory) factory = test_client_open (samba, NULL, NULL);
  g_autoptr(GBytes)             bytes = test_data_new (3000000);
  g_autoptr(GInputStream)       input = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GBytes)             back = NULL;
  g_autoptr(GError)             error = NULL;

  g_assert_cmpuint (smb_protocol_factory_get_max_read_size (factory), ==, 100001);
  g_assert_cmpuint (smb_protocol_factory_get_max_write_size (factory), ==, 70003);
  smb_protocol_factory_store_file (factory, "data", "file", input, NULL, NULL, NULL, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  test_share_assert (samba, "data", "file", bytes);
  back = test_retrieve (factory, "data", "file");
  g_assert_true (g_bytes_equal (back, bytes));

  test_share_make_dir (samba, "data", "many");
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("many/%0100u", i);

      test_share_touch (samba, "data", name);
    }
  list_all (factory);
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "sizes", test_sizes },
    { "shrink", test_shrink },
    { "parts", test_parts },
    { "far", test_far },
    { "store-refused", test_store_refused },
    { "retrieve-refused", test_retrieve_refused },
    { "marked", test_marked },
    { "open-file", test_open_file },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("files", TEST_PROFILES_THOROUGH, cases);
  g_test_add_data_func ("/files/limits", "--max=SMB3_11", test_limits);
  g_test_add_data_func ("/files/limits-sealed", "--encryption=required", test_limits);
  return test_profiles_run ();
}
