/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "fixture.h"

/* A server that knows only SMB1, and a library whose plugin for that is not installed: SMB1 is a package of its own. */

static char *folder; /* of all plugins but that one */

static void
make_plugin_folder (void)
{
  const char        *from = g_getenv ("SMB_PLUGIN_PATH");
  g_autoptr(GDir)    dir = g_dir_open (from, 0, NULL);
  g_autoptr(GError)  error = NULL;
  const char        *name;

  g_assert_nonnull (dir);
  folder = g_dir_make_tmp ("smb-plugins-XXXXXX", &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *target = g_build_filename (from, name, NULL);
      g_autofree char *link = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, ".so") && strstr (name, "smb1") == NULL)
        g_assert_cmpint (symlink (target, link), ==, 0);
    }
  g_setenv ("SMB_PLUGIN_PATH", folder, TRUE);
}

static void
remove_plugin_folder (void)
{
  g_autoptr(GDir)  dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (link), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_clear_pointer (&folder, g_free);
}

static void
test_smb1_server (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *message = NULL;

  scripted_server_get_config (f->server)->only_smb1 = TRUE;
  message = fixture_open_fails (f, SMB_ERROR_PLUGIN_MISSING, NULL);
  g_assert_nonnull (strstr (message, "smb1"));
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 2);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 1);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 0);
}

/* Nothing but SMB1 is wanted: no server needs to be asked. */
static void
test_smb1_wanted (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *message = fixture_open_fails (f, SMB_ERROR_PLUGIN_MISSING, "max-dialect",
                                                 SMB_DIALECT_VERSION_SMB_1, NULL);

  g_assert_nonnull (strstr (message, "smb1"));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 0);
}

/* All else works without it. */
static void
test_smb2_server (Fixture       *f,
                  gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_DROP);
  fixture_open (f, NULL);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  make_plugin_folder ();

  fixture_add ("/without-smb1/smb1-server", test_smb1_server);
  fixture_add ("/without-smb1/smb1-wanted", test_smb1_wanted);
  fixture_add ("/without-smb1/smb2-server", test_smb2_server);

  status = g_test_run ();
  remove_plugin_folder ();
  return status;
}
