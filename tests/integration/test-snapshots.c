/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

/* Earlier versions: which there are, and what is in them. Share "snap" has three, "data" keeps none. */

#define SECOND "@GMT-2024.02.03-04.05.06"

static void
test_list_snapshots (TestRig *rig)
{
  static const char *const expected[] = { "2024-03-04T05:06:07Z", "2024-02-03T04:05:06Z",
                                          "2024-01-02T03:04:05Z" };
  static const char *const paths[] = { "", "/", "file.txt" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(GError)    error = NULL;
      g_autoptr(GPtrArray) times = NULL;

      times = smb_protocol_factory_list_snapshots (rig->factory, "snap", paths[i], -1, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (times->len, ==, G_N_ELEMENTS (expected));
      for (guint j = 0; j < times->len; j++)
        {
          g_autofree char *text = g_date_time_format_iso8601 (g_ptr_array_index (times, j));

          g_assert_cmpstr (text, ==, expected[j]);
        }
    }
}

static void
test_none (TestRig *rig)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) times = NULL;

  times = smb_protocol_factory_list_snapshots (rig->factory, "data", "", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (times->len, ==, 0);

  g_assert_null (smb_protocol_factory_list_snapshots (rig->factory, "data", "none", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "list the snapshots of",
                      "'none'", "'data'", NULL);
}

static void
assert_contents (TestRig    *rig,
                 const char *path,
                 const char *text)
{
  g_autoptr(GBytes) bytes = test_retrieve (rig->factory, "snap", path);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
test_read (TestRig *rig)
{
  g_autoptr(SmbSharedFile) file = NULL;
  g_autofree char         *listed = NULL;
  g_autoptr(GError)        error = NULL;

  assert_contents (rig, "file.txt", "now\n");
  assert_contents (rig, "@GMT-2024.01.02-03.04.05/file.txt", "version 1\n");
  assert_contents (rig, SECOND "\\file.txt", "version 2\n");
  assert_contents (rig, "@GMT-2024.03.04-05.06.07/gone-3.txt", "only in snapshot 3\n");

  file = smb_protocol_factory_get_attributes (rig->factory, "snap", SECOND "/gone-2.txt", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (smb_shared_file_get_filename (file), ==, "gone-2.txt");
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, 19);
  listed = test_list (rig->factory, "snap", SECOND, "*.txt");
  g_assert_cmpstr (listed, ==, "file.txt|gone-2.txt");
}

static void
test_missing (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (
      smb_protocol_factory_get_attributes (rig->factory, "snap", SECOND "/gone-1.txt", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "get the attributes of",
                      SECOND "/gone-1.txt", "'snap'", NULL);
  g_assert_null (smb_protocol_factory_get_attributes (rig->factory, "snap",
                                                      "@GMT-1999.01.01-00.00.00/file.txt", -1, NULL, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (smb_protocol_factory_get_attributes (rig->factory, "snap", SECOND "/" SECOND "/file.txt", -1,
                                                      NULL, &error));
  test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "get the attributes of", NULL);
}

/* The past cannot be changed, and the server need not be asked. */
static void
test_write (TestRig *rig)
{
  SmbProtocolFactory      *factory = rig->factory;
  const char              *path = SECOND "/file.txt";
  g_autoptr(GInputStream)  input = g_memory_input_stream_new_from_data ("new", 3, NULL);
  g_autoptr(GError)        error = NULL;

#define ASSERT_DENIED(operation)                                                                             \
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_NONE, operation, SECOND, "'snap'",        \
                      "snapshot", NULL)

  g_assert_false (smb_protocol_factory_store_file (factory, "snap", path, input, NULL, NULL, NULL, -1, NULL,
                                                   NULL, &error));
  ASSERT_DENIED ("store");
  g_assert_false (smb_protocol_factory_delete_files (factory, "snap", path, FALSE, -1, NULL, &error));
  ASSERT_DENIED ("delete");
  g_assert_false (smb_protocol_factory_reset_file_attributes (factory, "snap", path,
                                                              SMB_FILE_ATTRIBUTES_NORMAL, -1, NULL, &error));
  ASSERT_DENIED ("set the attributes of");
  g_assert_false (
      smb_protocol_factory_create_directory (factory, "snap", SECOND "/folder", -1, NULL, &error));
  ASSERT_DENIED ("create the folder");
  g_assert_false (
      smb_protocol_factory_delete_directory (factory, "snap", SECOND "/folder", -1, NULL, &error));
  ASSERT_DENIED ("delete the folder");
  g_assert_false (smb_protocol_factory_rename (factory, "snap", "file.txt", path, -1, NULL, &error));
  ASSERT_DENIED ("rename");
  g_assert_false (smb_protocol_factory_rename (factory, "snap", path, "file2.txt", -1, NULL, &error));
  ASSERT_DENIED ("rename");
  g_assert_null (smb_protocol_factory_open_file (factory, "snap", path, SMB_FILE_ACCESS_READ_WRITE,
                                                 SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error));
  ASSERT_DENIED ("open");
#undef ASSERT_DENIED
  test_share_assert_text (rig->samba, "snap", ".snapshots/" SECOND "/file.txt", "version 2\n");
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "list", test_list_snapshots },
    { "none", test_none },
    { "read", test_read },
    { "missing", test_missing },
    { "write", test_write },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("snapshots", TEST_PROFILES_THOROUGH, cases);
  return test_profiles_run ();
}
