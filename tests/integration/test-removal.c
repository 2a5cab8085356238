/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

#include <unistd.h>

/* delete_files and reset_file_attributes: what they touch, and above all what they leave alone. */

#define FILES_ONLY       FALSE
#define AND_FOLDERS      TRUE
#define N_FILES          3000

static gboolean
delete (TestRig    *rig,
        const char *pattern,
        gboolean    folders,
        GError    **error)
{
  return smb_protocol_factory_delete_files (rig->factory, "data", pattern, folders, -1, NULL, error);
}

static gboolean
set_attributes (TestRig            *rig,
                const char         *pattern,
                SmbFileAttributes   attributes,
                GError            **error)
{
  return smb_protocol_factory_reset_file_attributes (rig->factory, "data", pattern, attributes, -1, NULL,
                                                     error);
}

static SmbFileAttributes
get_attributes (TestRig    *rig,
                const char *path)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file =
    smb_protocol_factory_get_attributes (rig->factory, "data", path, -1, NULL, &error);

  g_assert_no_error (error);
  return smb_shared_file_get_attributes (file);
}

/* Names that end with a slash are folders. */
static void
make (TestRig           *rig,
      const char        *folder,
      const char *const *names)
{
  test_share_make_dir (rig->samba, "data", folder);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = test_in (folder, names[i]);

      if (g_str_has_suffix (path, "/"))
        test_share_make_dir (rig->samba, "data", path);
      else
        test_share_write_text (rig->samba, "data", path, names[i]);
    }
}

#define MAKE(rig, folder, ...) make ((rig), (folder), (const char *const[]) { __VA_ARGS__, NULL })

static void
assert_left (TestRig    *rig,
             const char *folder,
             const char *names)
{
  g_autofree char *left = test_list (rig->factory, "data", folder, "*");

  g_assert_cmpstr (left, ==, names);
}

static void
test_plain (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  MAKE (rig, "plain", "a", "b", "folder/", "folder/inside");
  g_assert_true (delete (rig, "plain/a", FILES_ONLY, &error));
  g_assert_no_error (error);
  assert_left (rig, "plain", "b|folder");

  g_assert_false (delete (rig, "plain/a", FILES_ONLY, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "delete", "'plain/a'",
                      "'data'", NULL);
  g_assert_false (delete (rig, "plain/none/a", AND_FOLDERS, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND, "delete", NULL);
  g_assert_false (delete (rig, "plain/folder", FILES_ONLY, &error));
  test_assert_failed (&error, SMB_ERROR_IS_DIRECTORY, TEST_STATUS_FILE_IS_A_DIRECTORY, "delete",
                      "'plain/folder'", NULL);
  g_assert_false (delete (rig, "", AND_FOLDERS, &error));
  test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "delete", NULL);
  assert_left (rig, "plain/folder", "inside");

  g_assert_true (delete (rig, "plain/folder/", AND_FOLDERS, &error));
  g_assert_no_error (error);
  assert_left (rig, "plain", "b");
}

static void
test_patterns (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  MAKE (rig, "patterns", "a1.txt", "a2.TXT", "a3.txt.bak", "b1.txt", "a10.txt", "folder/", "a4.txt/",
        "a4.txt/inside");
  g_assert_true (delete (rig, "patterns/A?.txt", FILES_ONLY, &error));
  g_assert_no_error (error);
  assert_left (rig, "patterns", "a10.txt|a3.txt.bak|a4.txt|b1.txt|folder");

  g_assert_true (delete (rig, "patterns/none*", FILES_ONLY, &error)); /* nothing matches: nothing to do */
  g_assert_no_error (error);
  g_assert_false (delete (rig, "patterns/none/*", FILES_ONLY, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "delete", NULL);
  g_assert_false (delete (rig, "patterns/*/a", FILES_ONLY, &error));
  test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "delete", NULL);

  g_assert_true (delete (rig, "patterns/a*.txt", AND_FOLDERS, &error));
  g_assert_no_error (error);
  assert_left (rig, "patterns", "a3.txt.bak|b1.txt|folder");
  g_assert_true (delete (rig, "patterns/*", FILES_ONLY, &error));
  g_assert_no_error (error);
  assert_left (rig, "patterns", "folder");
}

/* A server also takes a pattern for that of the 8.3 names ("L8NGFI~A.TXT"): those are not what was meant. */
static void
test_short_names (TestRig *rig)
{
  g_autofree char   *seen = NULL;
  g_autofree char   *left = NULL;
  g_autoptr(GError)  error = NULL;

  test_share_make_dir (rig->samba, "mangled", "folder with a long name");
  test_share_write_text (rig->samba, "mangled", "long file name one.txt", "");
  test_share_write_text (rig->samba, "mangled", "x~1.txt", "");
  seen = test_list (rig->factory, "mangled", "", "*~*");
  g_assert_cmpstr (seen, ==, "folder with a long name|long file name one.txt|x~1.txt");

  smb_protocol_factory_delete_files (rig->factory, "mangled", "*~*", AND_FOLDERS, -1, NULL, &error);
  g_assert_no_error (error);
  left = test_list (rig->factory, "mangled", "", "*");
  g_assert_cmpstr (left, ==, "folder with a long name|long file name one.txt");
}

static void
test_recursive (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  test_share_make_dir (rig->samba, "data", "tree/top/1/2/3/4/5/6/7/8");
  MAKE (rig, "tree", "kept", "top/file", "top/1/2/.hidden", "top/1/2/3/4/😀", "top/1/2/3/4/5/6/7/8/deep",
        "top/empty/");
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("tree/top/1/file number %u", i);

      test_share_touch (rig->samba, "data", name);
    }
  g_assert_true (delete (rig, "tree/t*", AND_FOLDERS, &error));
  g_assert_no_error (error);
  assert_left (rig, "tree", "kept");
}

static char *
nested (const char *top,
        guint       levels)
{
  GString *path = g_string_new (top);

  for (guint i = 0; i < levels; i++)
    g_string_append (path, "/d");
  return g_string_free (path, FALSE);
}

/* Deeper than people go it is refused: a server could show folders in folders without end. */
static void
test_deep (TestRig *rig)
{
  g_autofree char   *deep = nested ("deep/enough", 200);
  g_autofree char   *too_deep = nested ("deep/too", 300);
  g_autoptr(GError)  error = NULL;

  test_share_make_dir (rig->samba, "data", deep);
  test_share_make_dir (rig->samba, "data", too_deep);
  g_assert_true (delete (rig, "deep/enou*", AND_FOLDERS, &error));
  g_assert_no_error (error);
  g_assert_false (delete (rig, "deep/too*", AND_FOLDERS, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  assert_left (rig, "deep", "too");
}

/* Links out of the share and within it: what they lead to stays, whatever becomes of them. */
static void
test_links (TestRig *rig)
{
  g_autofree char   *outside =
    g_build_filename (test_samba_get_share_dir (rig->samba, "ro"), "..", "..", "outside", NULL);
  g_autofree char   *folder = test_samba_build_path (rig->samba, "data", "linked", NULL);
  g_autofree char   *to_folder = g_build_filename (folder, "inner", "to-kept", NULL);
  g_autofree char   *to_outside = g_build_filename (folder, "inner", "to-outside", NULL);
  g_autofree char   *secret = g_build_filename (outside, "secret.txt", NULL);
  g_autoptr(GError)  error = NULL;

  MAKE (rig, "linked", "kept/", "kept/precious", "inner/", "inner/file");
  g_assert_cmpint (symlink ("../kept", to_folder), ==, 0);
  g_assert_cmpint (symlink (outside, to_outside), ==, 0);

  delete (rig, "linked/inner", AND_FOLDERS, &error);
  g_clear_error (&error); /* some servers cannot remove such links; no matter here */
  test_share_assert_text (rig->samba, "data", "linked/kept/precious", "kept/precious");
  g_assert_true (g_file_test (secret, G_FILE_TEST_EXISTS));
  g_assert_false (test_share_has (rig->samba, "data", "linked/inner/file"));
}

static void
assert_refused (TestRig    *rig,
                const char *pattern)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (delete (rig, pattern, AND_FOLDERS, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
}

static gboolean
is_link (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

/* A folder that has a second name beside it may be emptied by neither of them alone. A server that follows
 * the link cannot remove it; one that opens the link itself (Samba 4.22) does that, and no more. */
static void
test_second_names (TestRig *rig)
{
  const char        *patterns[] = { "twice/again", "twice/a*" };
  g_autofree char   *link = test_samba_build_path (rig->samba, "data", "twice", "again", NULL);
  g_autoptr(GError)  error = NULL;

  MAKE (rig, "twice", "kept/", "kept/precious", "other/", "other/file");
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_assert_true (is_link (link) || symlink ("kept", link) == 0);
      assert_refused (rig, "twice/kept");
      assert_refused (rig, "twice/k*");
      g_assert_true (is_link (link));
      if (!delete (rig, patterns[i], AND_FOLDERS, &error))
        g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
      g_assert_true (is_link (link) == (error != NULL));
      g_clear_error (&error);
      test_share_assert_text (rig->samba, "data", "twice/kept/precious", "kept/precious");
    }

  g_assert_true (delete (rig, "twice/o*", AND_FOLDERS, &error));
  g_assert_no_error (error);
  g_assert_false (test_share_has (rig->samba, "data", "twice/other"));
}

/* A link beside what it leads to, asked for by its name and by a pattern. */
static void
test_link_beside (TestRig *rig)
{
  g_autofree char   *link = test_samba_build_path (rig->samba, "data", "beside", "to-kept", NULL);
  g_autoptr(GError)  error = NULL;

  MAKE (rig, "beside", "kept/", "kept/precious", "kept/sub/", "kept/sub/precious");
  g_assert_cmpint (symlink ("kept", link), ==, 0);
  delete (rig, "beside/to-kept", AND_FOLDERS, &error);
  g_clear_error (&error);
  delete (rig, "beside/to-*", AND_FOLDERS, &error);
  g_clear_error (&error);
  test_share_assert_text (rig->samba, "data", "beside/kept/precious", "kept/precious");
  test_share_assert_text (rig->samba, "data", "beside/kept/sub/precious", "kept/sub/precious");
}

/* One that cannot be deleted is reported, and does not save the others. */
static void
test_read_only (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  MAKE (rig, "locked", "a", "b", "c", "sub/", "sub/d");
  g_assert_true (set_attributes (rig, "locked/b", SMB_FILE_ATTRIBUTES_READ_ONLY, &error));
  g_assert_true (set_attributes (rig, "locked/sub/d", SMB_FILE_ATTRIBUTES_READ_ONLY, &error));
  g_assert_no_error (error);

  g_assert_false (delete (rig, "locked/b", FILES_ONLY, &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_CANNOT_DELETE, "delete", "'locked/b'",
                      NULL);
  g_assert_false (delete (rig, "locked/*", FILES_ONLY, &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_CANNOT_DELETE, "delete", "'locked/b'",
                      NULL);
  assert_left (rig, "locked", "b|sub");
  g_assert_false (delete (rig, "locked/s*", AND_FOLDERS, &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_CANNOT_DELETE, "delete", "'locked/sub/d'",
                      NULL);
  assert_left (rig, "locked/sub", "d");

  g_assert_true (set_attributes (rig, "locked/b", SMB_FILE_ATTRIBUTES_NORMAL, &error));
  g_assert_true (set_attributes (rig, "locked/sub/d", SMB_FILE_ATTRIBUTES_NORMAL, &error));
  g_assert_true (delete (rig, "locked", AND_FOLDERS, &error));
  g_assert_no_error (error);
  g_assert_false (test_share_has (rig->samba, "data", "locked"));
}

static void
test_attributes (TestRig *rig)
{
  const SmbFileAttributes hidden = SMB_FILE_ATTRIBUTES_HIDDEN | SMB_FILE_ATTRIBUTES_SYSTEM;
  g_autoptr(GError)       error = NULL;

  MAKE (rig, "marks", "a1", "a2", "b", "folder/");
  g_assert_true (set_attributes (rig, "marks/a?", hidden, &error));
  g_assert_no_error (error);
  g_assert_cmphex (get_attributes (rig, "marks/a1"), ==, hidden);
  g_assert_cmphex (get_attributes (rig, "marks/a2"), ==, hidden);
  g_assert_cmphex (get_attributes (rig, "marks/b") & hidden, ==, 0);

  g_assert_true (set_attributes (rig, "marks/a1", SMB_FILE_ATTRIBUTES_NONE, &error));
  g_assert_no_error (error);
  g_assert_cmphex (get_attributes (rig, "marks/a1"), ==, SMB_FILE_ATTRIBUTES_NORMAL);
  g_assert_cmphex (get_attributes (rig, "marks/a2"), ==, hidden);

  g_assert_true (set_attributes (rig, "marks/folder", SMB_FILE_ATTRIBUTES_HIDDEN, &error));
  g_assert_no_error (error);
  g_assert_cmphex (get_attributes (rig, "marks/folder"), ==,
                   SMB_FILE_ATTRIBUTES_HIDDEN | SMB_FILE_ATTRIBUTES_DIRECTORY);

  g_assert_false (set_attributes (rig, "marks/none", SMB_FILE_ATTRIBUTES_NORMAL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "set the attributes of",
                      "'marks/none'", "'data'", NULL);
}

/* Times are left as they were. */
static void
test_attributes_keep_times (TestRig *rig)
{
  g_autoptr(SmbSharedFile) before = NULL;
  g_autoptr(SmbSharedFile) after = NULL;
  g_autoptr(GError)        error = NULL;

  MAKE (rig, "times", "a");
  before = smb_protocol_factory_get_attributes (rig->factory, "data", "times/a", -1, NULL, &error);
  g_assert_true (set_attributes (rig, "times/a", SMB_FILE_ATTRIBUTES_HIDDEN, &error));
  after = smb_protocol_factory_get_attributes (rig->factory, "data", "times/a", -1, NULL, &error);
  g_assert_no_error (error);
  test_assert_same_times (before, after);
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "plain", test_plain },
    { "patterns", test_patterns },
    { "short-names", test_short_names },
    { "recursive", test_recursive },
    { "deep", test_deep },
    { "links", test_links },
    { "link-beside", test_link_beside },
    { "second-names", test_second_names },
    { "read-only", test_read_only },
    { "attributes", test_attributes },
    { "attributes-keep-times", test_attributes_keep_times },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("removal", TEST_PROFILES_THOROUGH, cases);
  return test_profiles_run ();
}
