/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

/* list_path: which entries, and what they tell. */

#define N_FILES 10000
#define NORMAL  SMB_FILE_ATTRIBUTE_MASK_INCLUDE_NORMAL

static GPtrArray *
list (TestRig               *rig,
      const char            *path,
      SmbFileAttributeMask   search,
      const char            *pattern,
      GError               **error)
{
  return smb_protocol_factory_list_path (rig->factory, "data", path, search, pattern, -1, NULL, error);
}

static void
assert_listed (TestRig    *rig,
               const char *path,
               const char *pattern,
               const char *names)
{
  g_autofree char *listed = test_list (rig->factory, "data", path, pattern);

  g_assert_cmpstr (listed, ==, names);
}

static SmbSharedFile *
find (GPtrArray  *files,
      const char *name)
{
  for (guint i = 0; i < files->len; i++)
    if (g_str_equal (smb_shared_file_get_filename (g_ptr_array_index (files, i)), name))
      return g_ptr_array_index (files, i);
  return NULL;
}

static void
test_empty (TestRig *rig)
{
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GError)    error = NULL;

  test_share_make_dir (rig->samba, "data", "empty");
  files = list (rig, "empty", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "*", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 2);
  g_assert_true (smb_shared_file_get_is_directory (find (files, ".")));
  g_assert_true (smb_shared_file_get_is_directory (find (files, "..")));
  assert_listed (rig, "empty", "none*", "");
  assert_listed (rig, "empty", "none", "");
}

static void
test_refused (TestRig *rig)
{
  static const char *const patterns[] = { "a/b", "a\\*", "..", "a:b", "\xff*", "." };
  g_autoptr(GError) error = NULL;

  test_share_write_text (rig->samba, "data", "a-file", "");
  g_assert_null (list (rig, "none", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "*", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "list the folder",
                      "'none'", "'data'", NULL);
  g_assert_null (list (rig, "none/below", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "*", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND, "list the folder",
                      NULL);
  g_assert_null (list (rig, "a-file", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "*", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_DIRECTORY, TEST_STATUS_NOT_A_DIRECTORY, "list the folder",
                      "'a-file'", NULL);
  g_assert_null (list (rig, "a/*", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "*", &error));
  test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "list the folder", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_assert_null (list (rig, "", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, patterns[i], &error));
      test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "list the folder", NULL);
    }
}

static void
test_patterns (TestRig *rig)
{
  static const char *const names[] = { "a.txt", "B.TXT",     "c.txt.old", "d",
                                       "dd",    "Ärger.doc", "😀.png",     "😀😁.png" };

  test_share_make_dir (rig->samba, "data", "patterns");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = test_in ("patterns", names[i]);

      test_share_write_text (rig->samba, "data", path, names[i]);
    }
  assert_listed (rig, "patterns", "*", "B.TXT|a.txt|c.txt.old|d|dd|Ärger.doc|😀.png|😀😁.png");
  assert_listed (rig, "patterns", NULL, "B.TXT|a.txt|c.txt.old|d|dd|Ärger.doc|😀.png|😀😁.png");
  assert_listed (rig, "patterns", "*.txt", "B.TXT|a.txt");
  assert_listed (rig, "patterns", "?", "d");
  assert_listed (rig, "patterns", "d*", "d|dd");
  assert_listed (rig, "patterns", "ä*", "Ärger.doc");
  assert_listed (rig, "patterns", "😀*", "😀.png|😀😁.png");
  assert_listed (rig, "patterns", "😀😁.png", "😀😁.png");
  assert_listed (rig, "patterns", "b.txt", "B.TXT");
}

/* Each file has the attributes that it is named after. */
static void
test_masks (TestRig *rig)
{
  static const struct
  {
    const char        *name;
    SmbFileAttributes  attributes;
  } files[] = {
    { "masks/archive", SMB_FILE_ATTRIBUTES_ARCHIVE },
    { "masks/hidden", SMB_FILE_ATTRIBUTES_HIDDEN },
    { "masks/hidden-archive", SMB_FILE_ATTRIBUTES_HIDDEN | SMB_FILE_ATTRIBUTES_ARCHIVE },
    { "masks/normal", SMB_FILE_ATTRIBUTES_NORMAL },
    { "masks/read-only", SMB_FILE_ATTRIBUTES_READ_ONLY },
    { "masks/system", SMB_FILE_ATTRIBUTES_SYSTEM },
  };
  static const struct
  {
    SmbFileAttributeMask  mask;
    const char           *names;
  } expected[] = {
    { SMB_FILE_ATTRIBUTE_MASK_DEFAULT, ". .. archive folder hidden hidden-archive normal read-only system" },
    { SMB_FILE_ATTRIBUTE_MASK_NONE, "normal" },
    { NORMAL, "normal" },
    { SMB_FILE_ATTRIBUTE_MASK_ARCHIVE, "archive hidden-archive" },
    { SMB_FILE_ATTRIBUTE_MASK_HIDDEN | NORMAL, "hidden hidden-archive normal" },
    { SMB_FILE_ATTRIBUTE_MASK_DIRECTORY, ". .. folder" },
    { SMB_FILE_ATTRIBUTE_MASK_READ_ONLY | SMB_FILE_ATTRIBUTE_MASK_SYSTEM, "read-only system" },
  };
  g_autoptr(GError) error = NULL;

  test_share_make_dir (rig->samba, "data", "masks/folder");
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      test_share_write_text (rig->samba, "data", files[i].name, "");
      smb_protocol_factory_reset_file_attributes (rig->factory, "data", files[i].name, files[i].attributes,
                                                  -1, NULL, &error);
      g_assert_no_error (error);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr(GPtrArray) listed = list (rig, "masks", expected[i].mask, NULL, &error);
      g_auto(GStrv)        names = g_strsplit (expected[i].names, " ", -1);

      g_assert_no_error (error);
      g_assert_cmpuint (listed->len, ==, g_strv_length (names));
      for (gsize j = 0; names[j] != NULL; j++)
        g_assert_nonnull (find (listed, names[j]));
    }
}

static void
test_fields (TestRig *rig)
{
  g_autoptr(SmbSharedFile) alone = NULL;
  g_autoptr(GPtrArray)     files = NULL;
  g_autoptr(GError)        error = NULL;
  SmbSharedFile           *file;

  test_store (rig->factory, "mangled", "a long name with blanks.txt", "nineteen characters");
  files = smb_protocol_factory_list_path (rig->factory, "mangled", "", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "a *",
                                          -1, NULL, &error);
  g_assert_no_error (error);
  file = find (files, "a long name with blanks.txt");
  alone = smb_protocol_factory_get_attributes (rig->factory, "mangled", "a long name with blanks.txt", -1,
                                               NULL, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, 19);
  g_assert_cmphex (smb_shared_file_get_attributes (file), ==, SMB_FILE_ATTRIBUTES_ARCHIVE);
  g_assert_cmpuint (smb_shared_file_get_alloc_size (file), >=, 19);
  g_assert_nonnull (smb_shared_file_get_short_name (file));
  g_assert_true (g_str_has_suffix (smb_shared_file_get_short_name (file), ".TXT"));
  test_assert_same_times (file, alone);
  if (!test_rig_is_smb1 (rig))
    {
      g_assert_cmphex (smb_shared_file_get_file_id (file), !=, 0);
      g_assert_cmphex (smb_shared_file_get_file_id (file), ==, smb_shared_file_get_file_id (alone));
    }
}

/* Every entry once, however many answers it takes. */
static void
test_many (TestRig *rig)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray)  files = NULL;
  g_autoptr(GError)     error = NULL;

  test_share_make_dir (rig->samba, "data", "many");
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("many/file %u with a name that is not short 日本語", i);

      test_share_touch (rig->samba, "data", name);
    }
  files = list (rig, "many", NORMAL, "*", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, N_FILES);
  for (guint i = 0; i < files->len; i++)
    g_hash_table_add (seen, (gpointer) smb_shared_file_get_filename (g_ptr_array_index (files, i)));
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("file %u with a name that is not short 日本語", i);

      g_assert_true (g_hash_table_contains (seen, name));
    }

  g_clear_pointer (&files, g_ptr_array_unref); /* nothing passes, yet all pages are read */
  files = list (rig, "many", SMB_FILE_ATTRIBUTE_MASK_SYSTEM, "*", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 0);
}

/* What the disk has but Windows cannot: Samba shows these by their 8.3 names. Whatever the name, it opens the
 * file; newer ones refuse to where there is a wildcard in it. */
static void
test_unusual (TestRig *rig)
{
  static const char *const names[] = { "trailing dot.", "trailing blank ", "con", "nul.txt", "pi|pe",
                                       "a:b",           "back\\slash" };
  g_autoptr(GPtrArray)     files = NULL;
  g_autoptr(GError)        error = NULL;

  test_share_make_dir (rig->samba, "data", "unusual");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = test_in ("unusual", names[i]);

      test_share_write_text (rig->samba, "data", path, "content");
    }
  files = list (rig, "unusual", NORMAL, "*", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < files->len; i++)
    {
      const char        *name = smb_shared_file_get_filename (g_ptr_array_index (files, i));
      g_autofree char   *path = test_in ("unusual", name);
      g_autoptr(GBytes)  bytes = test_retrieve (rig->factory, "data", path);

      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 7);
    }
}

static void
free_as_bindings_do (GPtrArray *files)
{
  g_ptr_array_free (files, TRUE);
}

/* The array is its owner's alone, who may free it while the worker still has to drop the call. */
static void
test_own_array (TestRig *rig)
{
  test_share_make_dir (rig->samba, "data", "own");
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr(SmbEnumerator) enumerator = NULL;
      g_autoptr(GError)        error = NULL;

      free_as_bindings_do (list (rig, "own", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, &error));
      g_assert_no_error (error);
      enumerator = smb_protocol_factory_enumerate (rig->factory, "data", "own", NULL,
                                                   SMB_FILE_INFO_FIELDS_BASIC, -1, NULL, &error);
      g_assert_no_error (error);
      for (guint part = 0; part < 3; part++)
        free_as_bindings_do (smb_enumerator_next (enumerator, 1, -1, NULL, &error));
      g_assert_no_error (error);
    }
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) files =
    smb_protocol_factory_list_path_finish (SMB_PROTOCOL_FACTORY (source), result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (find (files, "inside"));
  *(gboolean *) user_data = TRUE;
}

static void
test_async (TestRig *rig)
{
  gboolean done = FALSE;

  test_share_make_dir (rig->samba, "data", "async/inside");
  smb_protocol_factory_list_path_async (rig->factory, "data", "async", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "*",
                                        -1, NULL, listed_cb, &done);
  test_wait_until (&done);
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "empty", test_empty },
    { "refused", test_refused },
    { "patterns", test_patterns },
    { "masks", test_masks },
    { "fields", test_fields },
    { "many", test_many },
    { "unusual", test_unusual },
    { "own-array", test_own_array },
    { "async", test_async },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("listing", TEST_PROFILES_THOROUGH, cases);
  return test_profiles_run ();
}
