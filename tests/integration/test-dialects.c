/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

/* A short walk through the library with every dialect, signature and cipher. */

static void
test_properties (TestRig *rig)
{
  SmbProtocolFactory *factory = rig->factory;
  const TestProfile  *profile = rig->profile;
  guint               most = 8 * 1024 * 1024;

  if (profile->dialect == SMB_DIALECT_VERSION_SMB_2_02)
    most = 65536;
  else if (g_strcmp0 (profile->transport, "netbios") == 0)
    most = 0x1FFFF - 4096;
  g_assert_cmpint (smb_protocol_factory_get_state (factory), ==, SMB_CONNECTION_STATE_READY);
  g_assert_true (smb_protocol_factory_get_ready (factory));
  g_assert_false (smb_protocol_factory_get_guest (factory));
  g_assert_cmphex (smb_protocol_factory_get_dialect (factory), ==, profile->dialect);
  g_assert_cmpstr (smb_protocol_factory_get_signing_algorithm (factory), ==, profile->signing_algorithm);
  g_assert_cmpstr (smb_protocol_factory_get_cipher (factory), ==, profile->cipher);
  if (test_rig_is_smb1 (rig))
    return;
  g_assert_cmpuint (smb_protocol_factory_get_max_read_size (factory), ==, most);
  g_assert_cmpuint (smb_protocol_factory_get_max_write_size (factory), ==, most);
}

static void
test_again (TestRig *rig)
{
  g_autoptr(SmbProtocolFactory) factory = test_rig_new_client (rig, "bob");
  g_autoptr(GError)             error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      smb_protocol_factory_open_connection (factory, test_samba_get_host (rig->samba),
                                            test_samba_get_port (rig->samba), -1, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmphex (smb_protocol_factory_get_dialect (factory), ==, rig->profile->dialect);
      g_assert_true (smb_protocol_factory_close_connection (factory, -1, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (smb_protocol_factory_get_state (factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);
      g_assert_false (smb_protocol_factory_get_ready (factory));
    }
}

static void
test_names (TestRig *rig)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *before = NULL;
  g_autofree char  *after = NULL;

  smb_protocol_factory_create_directory (rig->factory, "data", "walk", -1, NULL, &error);
  g_assert_no_error (error);
  test_store (rig->factory, "data", "walk/первый 😀.txt", "first");
  test_store (rig->factory, "Übung", "übung.txt", "on another share");
  before = test_list (rig->factory, "data", "walk", "*");
  g_assert_cmpstr (before, ==, "первый 😀.txt");

  smb_protocol_factory_rename (rig->factory, "data", "walk/первый 😀.txt", "walk/Zwei.txt", -1, NULL, &error);
  g_assert_no_error (error);
  test_share_assert_text (rig->samba, "data", "walk/Zwei.txt", "first");
  test_share_assert_text (rig->samba, "Übung", "übung.txt", "on another share");

  smb_protocol_factory_delete_files (rig->factory, "data", "walk", TRUE, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (test_share_has (rig->samba, "data", "walk"));
}

static void
test_contents (TestRig *rig)
{
  g_autoptr(GBytes)        data = test_data_new (5 * 1024 * 1024 + 3);
  g_autoptr(GInputStream)  input = g_memory_input_stream_new_from_bytes (data);
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GBytes)        back = NULL;
  g_autoptr(GError)        error = NULL;
  guint64                  bytes;

  smb_protocol_factory_store_file (rig->factory, "data", "contents", input, NULL, NULL, NULL, -1, NULL,
                                   &bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bytes, ==, g_bytes_get_size (data));
  test_share_assert (rig->samba, "data", "contents", data);

  back = test_retrieve (rig->factory, "data", "contents");
  g_assert_true (g_bytes_equal (back, data));
  file = smb_protocol_factory_get_attributes (rig->factory, "data", "contents", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, g_bytes_get_size (data));
  g_assert_false (smb_shared_file_get_is_directory (file));
}

static void
test_error (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_protocol_factory_get_attributes (rig->factory, "data", "no/where", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND, "get the attributes of",
                      "'no/where'", "'data'", NULL);
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "properties", test_properties },
    { "again", test_again },
    { "names", test_names },
    { "contents", test_contents },
    { "error", test_error },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("dialects", TEST_PROFILES_ALL, cases);
  return test_profiles_run ();
}
