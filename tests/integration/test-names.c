/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

/* Making, removing and renaming, and how names and paths come through. */

#define MAX_NAME 255 /* UTF-16 units of one name */

static gboolean
create (TestRig    *rig,
        const char *path,
        GError    **error)
{
  return smb_protocol_factory_create_directory (rig->factory, "data", path, -1, NULL, error);
}

static gboolean
delete (TestRig    *rig,
        const char *path,
        GError    **error)
{
  return smb_protocol_factory_delete_directory (rig->factory, "data", path, -1, NULL, error);
}

static gboolean
move (TestRig    *rig,
      const char *from,
      const char *to,
      GError    **error)
{
  return smb_protocol_factory_rename (rig->factory, "data", from, to, -1, NULL, error);
}

static gboolean
exists (TestRig    *rig,
        const char *name)
{
  return test_share_has (rig->samba, "data", name);
}

static void
test_create_directory (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (create (rig, "made", &error));
  g_assert_true (create (rig, "made/inner", &error));
  g_assert_true (create (rig, "made/inner/Größe € 😀", &error));
  g_assert_no_error (error);
  g_assert_true (exists (rig, "made/inner/Größe € 😀"));

  g_assert_false (create (rig, "made/inner", &error));
  test_assert_failed (&error, SMB_ERROR_EXISTS, TEST_STATUS_OBJECT_NAME_COLLISION, "create the folder",
                      "'made/inner'", "'data'", NULL);
  g_assert_false (create (rig, "made/none/below", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND, "create the folder",
                      "'made/none/below'", NULL);

  test_share_write_text (rig->samba, "data", "made/file", "");
  g_assert_false (create (rig, "made/file", &error));
  test_assert_failed (&error, SMB_ERROR_EXISTS, TEST_STATUS_OBJECT_NAME_COLLISION, "create the folder", NULL);
  g_assert_false (create (rig, "made/file/below", &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
}

static void
test_delete_directory (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  test_share_make_dir (rig->samba, "data", "gone/full/inner");
  test_share_make_dir (rig->samba, "data", "gone/empty");
  test_share_write_text (rig->samba, "data", "gone/file", "");

  g_assert_true (delete (rig, "gone/empty", &error));
  g_assert_no_error (error);
  g_assert_false (exists (rig, "gone/empty"));

  g_assert_false (delete (rig, "gone/full", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_EMPTY, TEST_STATUS_DIRECTORY_NOT_EMPTY, "delete the folder",
                      "'gone/full'", "'data'", NULL);
  g_assert_true (exists (rig, "gone/full/inner"));
  g_assert_false (delete (rig, "gone/file", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_DIRECTORY, TEST_STATUS_NOT_A_DIRECTORY, "delete the folder",
                      NULL);
  g_assert_true (exists (rig, "gone/file"));
  g_assert_false (delete (rig, "gone/empty", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "delete the folder",
                      NULL);
  g_assert_false (delete (rig, "", &error));
  test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "delete the folder", NULL);
}

static void
test_rename (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  test_share_make_dir (rig->samba, "data", "moves/other/deep");
  test_share_write_text (rig->samba, "data", "moves/a", "a");
  test_share_write_text (rig->samba, "data", "moves/b", "b");

  g_assert_true (move (rig, "moves/a", "moves/other/deep/🦀 and 日本語", &error));
  g_assert_no_error (error);
  g_assert_false (exists (rig, "moves/a"));
  test_share_assert_text (rig->samba, "data", "moves/other/deep/🦀 and 日本語", "a");

  g_assert_false (move (rig, "moves/b", "moves/other/deep/🦀 and 日本語", &error));
  test_assert_failed (&error, SMB_ERROR_EXISTS, TEST_STATUS_OBJECT_NAME_COLLISION, "rename", "'moves/b'",
                      "'moves/other/deep/🦀 and 日本語'", "'data'", NULL);
  test_share_assert_text (rig->samba, "data", "moves/other/deep/🦀 and 日本語", "a");

  g_assert_true (move (rig, "moves/other", "moves/renamed", &error));
  g_assert_no_error (error);
  test_share_assert_text (rig->samba, "data", "moves/renamed/deep/🦀 and 日本語", "a");

  g_assert_true (move (rig, "moves/b", "moves/B", &error)); /* of the same file, so that nothing is in the way */
  g_assert_no_error (error);
  g_assert_false (exists (rig, "moves/b"));
  test_share_assert_text (rig->samba, "data", "moves/B", "b");
}

static void
test_rename_refused (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  test_share_make_dir (rig->samba, "data", "stays");
  test_share_write_text (rig->samba, "data", "stays/a", "a");

  g_assert_false (move (rig, "stays/none", "stays/b", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "rename",
                      "'stays/none'", NULL);
  g_assert_false (move (rig, "stays/a", "stays/none/a", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND, "rename", NULL);
  g_assert_false (move (rig, "stays/a", "", &error));
  test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "rename", NULL);
  g_assert_false (move (rig, "stays", "stays/below", &error));
  g_assert_nonnull (error);
  test_share_assert_text (rig->samba, "data", "stays/a", "a");
}

/* However a path is written, it is the same file. */
static void
test_paths (TestRig *rig)
{
  static const char *const paths[] = {
    "ways/to/file",      "ways\\to\\file",        "/ways/to/file/",
    "\\ways/to\\\\file", "./ways/././to//file/.", "WAYS/to/FILE",
  };

  test_share_make_dir (rig->samba, "data", "ways/to");
  test_share_write_text (rig->samba, "data", "ways/to/file", "found");
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(GBytes) bytes = test_retrieve (rig->factory, "data", paths[i]);

      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "found", 5);
    }
}

/* No server sees these. */
static void
test_paths_refused (TestRig *rig)
{
  static const char *const paths[] = {
    "..",   "a/../b", "a\\..\\..\\b", "a?b", "a*b",    "a/<b",
    "a>/b", "\"a",    "a|b",          "a:b", "a/\xff", "a/b:c:$DATA",
  };
  g_autofree char *too_long = g_strnfill (MAX_NAME + 1, 'x');
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_assert_false (create (rig, paths[i], &error));
      test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "create the folder", NULL);
      g_assert_false (move (rig, "a", paths[i], &error));
      test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "rename", NULL);
    }
  g_assert_false (create (rig, too_long, &error));
  test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "create the folder", NULL);
}

/* Each is made by the library, seen by the disk and by a listing, and removed again. */
static void
test_scripts (TestRig *rig)
{
  static const char *const names[] = {
    "plain",
    "with blank",
    " blank before",
    "Großer Wal",
    "e\xcc\x81 decomposed",
    "\xc3\xa9 composed",
    "кириллица",
    "ελληνικά",
    "עברית",
    "العربية",
    "ไทย",
    "हिन्दी",
    "한국어",
    "日本語",
    "简体中文",
    "😀🎉👨‍👩‍👧‍👦",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "𐍈𐌰",
    "~tilde#%&{}$!'@`+=;,[]()^",
    "-dash",
    ".dot",
    "many.dots.in.it",
    "percent%20",
    "ﬁ ligature",
  };
  g_autoptr(GError) error = NULL;

  g_assert_true (create (rig, "scripts", &error));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = test_in ("scripts", names[i]);
      g_autofree char *listed = NULL;

      g_assert_true (create (rig, path, &error));
      g_assert_no_error (error);
      g_assert_true (exists (rig, path));
      listed = test_list (rig->factory, "data", "scripts", "*");
      g_assert_cmpstr (listed, ==, names[i]);
      g_assert_true (delete (rig, path, &error));
      g_assert_no_error (error);
      g_assert_false (exists (rig, path));
    }
}

/* The longest names there are: 255 units, which the disk has room for only if they are 255 bytes. */
static void
test_long_names (TestRig *rig)
{
  g_autofree char         *name = g_strnfill (MAX_NAME, 'n');
  g_autofree char         *path = test_in ("long", name);
  g_autofree char         *listed = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  g_assert_true (create (rig, "long", &error));
  test_store (rig->factory, "data", path, "long name");
  test_share_assert_text (rig->samba, "data", path, "long name");
  listed = test_list (rig->factory, "data", "long", NULL);
  g_assert_cmpstr (listed, ==, name);
  file = smb_protocol_factory_get_attributes (rig->factory, "data", path, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (smb_shared_file_get_filename (file), ==, name);
}

static void
test_echo (TestRig *rig)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("\0echo\xff", 6);
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(GError) error = NULL;

  answer = smb_protocol_factory_echo (rig->factory, bytes, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (answer, bytes));
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "create-directory", test_create_directory },
    { "delete-directory", test_delete_directory },
    { "rename", test_rename },
    { "rename-refused", test_rename_refused },
    { "paths", test_paths },
    { "paths-refused", test_paths_refused },
    { "scripts", test_scripts },
    { "long-names", test_long_names },
    { "echo", test_echo },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("names", TEST_PROFILES_THOROUGH, cases);
  return test_profiles_run ();
}
