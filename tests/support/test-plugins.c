/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-plugins.h"

#include <glib/gstdio.h>
#include <unistd.h>

static char *folder;

/* The first file of a name counts: one that is no module hides those of other folders. */
static void
hide (const char *path)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, "", 0, &error);
  g_assert_no_error (error);
}

void
test_plugins_without (const char *name)
{
  g_autofree char   *missing = g_strdup_printf ("libsmb-%s.so", name);
  const char        *from = g_getenv ("SMB_PLUGIN_PATH");
  g_autoptr(GDir)    dir = g_dir_open (from, 0, NULL);
  g_autoptr(GError)  error = NULL;
  const char        *file;

  g_assert_nonnull (dir);
  folder = g_dir_make_tmp ("smb-plugins-XXXXXX", &error);
  g_assert_no_error (error);
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *target = g_build_filename (from, file, NULL);
      g_autofree char *link = g_build_filename (folder, file, NULL);

      if (g_str_equal (file, missing))
        hide (link);
      else if (g_str_has_suffix (file, ".so"))
        g_assert_cmpint (symlink (target, link), ==, 0);
    }
  g_setenv ("SMB_PLUGIN_PATH", folder, TRUE);
}

void
test_plugins_clear (void)
{
  g_autoptr(GDir)  dir = g_dir_open (folder, 0, NULL);
  const char      *file;

  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, file, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_clear_pointer (&folder, g_free);
}
