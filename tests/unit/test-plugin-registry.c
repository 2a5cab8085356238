/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "plugin/smb-auth.h"
#include "plugin/smb-dialect.h"
#include "plugin/smb-plugin.h"
#include "smb-error.h"

/* Plugins are loaded once in a process, so all tests look at the same two folders: one that main() makes,
 * with files that are no modules, and that of the modules in plugin-modules/. */

static void
assert_missing (const char *name,
                const char *reason)
{
  g_autofree char *module = g_strdup_printf ("libsmb-auth-%s.so", name);
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (smb_plugin_lookup (SMB_AUTH_EXTENSION_POINT, name, &error), ==, G_TYPE_INVALID);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PLUGIN_MISSING);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_nonnull (strstr (error->message, module));
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_null (strchr (error->message, '\n'));
}

static gpointer
look_up (gpointer data)
{
  return GSIZE_TO_POINTER (smb_plugin_lookup (SMB_AUTH_EXTENSION_POINT, "good", NULL));
}

/* Whoever comes first loads; all get the same. */
static void
test_threads (void)
{
  GThread *threads[8];
  gpointer first;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("lookup", look_up, NULL);

  first = g_thread_join (threads[0]);
  g_assert_nonnull (first);
  for (guint i = 1; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == first);
}

static void
test_good (void)
{
  g_autoptr(GError) error = NULL;
  GType type = smb_plugin_lookup (SMB_AUTH_EXTENSION_POINT, "good", &error);
  SmbAuth *auth;

  g_assert_no_error (error);
  g_assert_true (g_type_is_a (type, SMB_TYPE_AUTH));
  auth = g_object_new (type, NULL);
  g_assert_cmpstr (smb_auth_get_oid (auth), ==, "1.2.good");
  g_assert_nonnull (smb_auth_get_credentials (auth));
  g_assert_finalize_object (auth);

  auth = g_object_new (type, NULL); /* the module stays */
  g_assert_finalize_object (auth);
}

static void
test_not_installed (void)
{
  g_autoptr(GError) error = NULL;

  assert_missing ("absent", "not installed");
  assert_missing ("../../etc/passwd", "not installed");
  assert_missing ("two-dots.1", "not installed");

  g_assert_cmpuint (smb_plugin_lookup (SMB_DIALECT_EXTENSION_POINT, "good", &error), ==, G_TYPE_INVALID);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PLUGIN_MISSING);
  g_assert_nonnull (strstr (error->message, "libsmb-dialect-good.so"));
}

static void
test_wrong_abi (void)
{
  g_autofree char *numbers = g_strdup_printf ("4711 of plugins, this library has %u", SMB_PLUGIN_ABI);

  assert_missing ("newer", numbers);
}

static void
test_foreign (void)
{
  assert_missing ("foreign", "ABI number");
  assert_missing ("no-entry", "entry point");
}

static void
test_unlinked (void)
{
  assert_missing ("unlinked", "smb_function_of_another_time");
}

static void
test_garbage (void)
{
  assert_missing ("garbage", "libsmb-auth-garbage.so");
  assert_missing ("garbage", ": ");
  assert_missing ("empty", "libsmb-auth-empty.so");
  assert_missing ("folder", "libsmb-auth-folder.so");
  assert_missing ("dangling", "libsmb-auth-dangling.so");
}

static void
test_misfit (void)
{
  assert_missing ("misfit", "does not provide");
}

/* Garbage in the first folder hides the good module in the second. */
static void
test_first_folder_wins (void)
{
  assert_missing ("shadowed", "libsmb-auth-shadowed.so");
}

typedef SmbAuth OwnAuth;
typedef SmbAuthClass OwnAuthClass;

static GType own_auth_get_type (void);

G_DEFINE_TYPE (OwnAuth, own_auth, SMB_TYPE_AUTH)

static void
own_auth_class_init (OwnAuthClass *klass)
{
}

static void
own_auth_init (OwnAuth *self)
{
}

/* A program can bring its own; the list is by priority. */
static void
test_own (void)
{
  g_auto(GStrv) names = NULL;

  smb_plugin_register (NULL, SMB_AUTH_EXTENSION_POINT, own_auth_get_type (), "own", 1000);
  smb_plugin_register (NULL, "smb-1-nonsense", own_auth_get_type (), "nonsense", 1000);
  smb_plugin_register (NULL, SMB_DIALECT_EXTENSION_POINT, own_auth_get_type (), "nonsense", 1000);

  g_assert_cmpuint (smb_plugin_lookup (SMB_AUTH_EXTENSION_POINT, "own", NULL), ==, own_auth_get_type ());
  g_assert_cmpuint (smb_plugin_lookup (SMB_DIALECT_EXTENSION_POINT, "nonsense", NULL), ==, G_TYPE_INVALID);
  names = smb_plugin_list (SMB_AUTH_EXTENSION_POINT);
  g_assert_true (g_strv_contains ((const char *const *) names, "good"));
  g_assert_cmpstr (names[0], ==, "own");
}

static void
write_file (const char *folder,
            const char *name,
            const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

static char *
make_folder (void)
{
  char *folder = g_dir_make_tmp ("smb-plugins-XXXXXX", NULL);
  g_autofree char *subfolder = g_build_filename (folder, "libsmb-auth-folder.so", NULL);
  g_autofree char *link = g_build_filename (folder, "libsmb-auth-dangling.so", NULL);
  g_autoptr(GFile) link_file = g_file_new_for_path (link);

  write_file (folder, "libsmb-auth-garbage.so", "\177ELF, or so it seems");
  write_file (folder, "libsmb-auth-empty.so", "");
  write_file (folder, "libsmb-auth-shadowed.so", "garbage");
  write_file (folder, "libsmb-auth-two-dots.1.so", "not looked at");
  write_file (folder, "README", "not looked at");
  g_assert_cmpint (g_mkdir (subfolder, 0700), ==, 0);
  g_assert_true (g_file_make_symbolic_link (link_file, "nowhere", NULL, NULL));

  return folder;
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = make_folder ();
  const char *build_folder = g_getenv ("SMB_TEST_BUILDDIR");
  g_autofree char *modules = g_build_filename (build_folder, "unit", "plugin-modules", NULL);
  g_autofree char *path = g_strjoin (":", "/nonexistent", "", folder, modules, NULL);
  int result;

  g_setenv ("SMB_PLUGIN_PATH", path, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plugin-registry/threads", test_threads);
  g_test_add_func ("/plugin-registry/good", test_good);
  g_test_add_func ("/plugin-registry/not-installed", test_not_installed);
  g_test_add_func ("/plugin-registry/wrong-abi", test_wrong_abi);
  g_test_add_func ("/plugin-registry/foreign", test_foreign);
  g_test_add_func ("/plugin-registry/unlinked", test_unlinked);
  g_test_add_func ("/plugin-registry/garbage", test_garbage);
  g_test_add_func ("/plugin-registry/misfit", test_misfit);
  g_test_add_func ("/plugin-registry/first-folder-wins", test_first_folder_wins);
  g_test_add_func ("/plugin-registry/own", test_own);

  result = g_test_run ();
  remove_folder (folder);
  return result;
}
