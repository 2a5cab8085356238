/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists a folder as a table, synchronously. */
#include <stdlib.h>
#include <string.h>

#include "common.h"

static const struct
{
  SmbFileAttributes attribute;
  char              letter;
} letters[] = {
  { SMB_FILE_ATTRIBUTES_DIRECTORY, 'd' },
  { SMB_FILE_ATTRIBUTES_READ_ONLY, 'r' },
  { SMB_FILE_ATTRIBUTES_HIDDEN, 'h' },
  { SMB_FILE_ATTRIBUTES_SYSTEM, 's' },
  { SMB_FILE_ATTRIBUTES_ARCHIVE, 'a' },
  { SMB_FILE_ATTRIBUTES_REPARSE_POINT, 'l' },
};

static gboolean
is_folder_itself (SmbSharedFile *file)
{
  const char *name = smb_shared_file_get_filename (file);

  return strcmp (name, ".") == 0 || strcmp (name, "..") == 0;
}

/* Folders first, then as the user's language sorts names. */
static int
compare (gconstpointer a,
         gconstpointer b)
{
  SmbSharedFile *one = *(SmbSharedFile **) a;
  SmbSharedFile *other = *(SmbSharedFile **) b;
  int            folders = smb_shared_file_get_is_directory (other) - smb_shared_file_get_is_directory (one);

  if (folders != 0)
    return folders;
  return g_utf8_collate (smb_shared_file_get_filename (one), smb_shared_file_get_filename (other));
}

static void
print_file (SmbSharedFile *file)
{
  SmbFileAttributes attributes = smb_shared_file_get_attributes (file);
  g_autoptr(GDateTime) written = smb_shared_file_get_last_write_time (file); /* UTC; NULL: there is none */
  g_autoptr(GDateTime) local = written == NULL ? NULL : g_date_time_to_local (written);
  g_autofree char *time = local == NULL ? g_strdup ("-") : g_date_time_format (local, "%Y-%m-%d %H:%M");
  g_autofree char *name = example_printable (smb_shared_file_get_filename (file));

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    g_print ("%c", (attributes & letters[i].attribute) != 0 ? letters[i].letter : '-');
  g_print (" %15" G_GUINT64_FORMAT "  ", smb_shared_file_get_file_size (file));
  example_print_column (time, 16);
  g_print ("%s\n", name);
}

static gboolean
list_directory (Example  *example,
                GError  **error)
{
  g_autoptr(SmbProtocolFactory) factory = example_connect (example, error);
  g_autoptr(GPtrArray) files = NULL;

  if (factory == NULL)
    return FALSE;
  files = smb_protocol_factory_list_path (factory, smb_uri_get_share (example->uri),
                                          smb_uri_get_path (example->uri), SMB_FILE_ATTRIBUTE_MASK_DEFAULT,
                                          NULL, -1, NULL, error);
  if (files == NULL)
    return FALSE;

  g_ptr_array_sort (files, compare);
  for (guint i = 0; i < files->len; i++)
    if (!is_folder_itself (files->pdata[i]))
      print_file (files->pdata[i]);

  return smb_protocol_factory_close_connection (factory, -1, NULL, error);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(Example) example = example_new (argc, argv, EXAMPLE_SERVER "/share[/path]", "Lists a folder");
  g_autoptr(GError) error = NULL;

  return list_directory (example, &error) ? EXIT_SUCCESS : example_fail (error);
}
