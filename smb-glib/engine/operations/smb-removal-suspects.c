/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-removal-private.h"

#include "wire/smb-name-match.h"

/* Folders that may be links. A server that knows reparse points says what is a link ([MS-FSCC] 2.6). One that
 * follows links by itself shows the folder behind them instead, by a second name, and to empty that would be
 * to delete what nobody asked for. Two traces give such a link away:
 *
 * - the number of ".." in it is not that of the folder in which it lies;
 * - beside it there is the same folder once more: same number, same times. Which of the two names is the link
 *   cannot be seen then.
 *
 * Where the numbers are missing or contradict each other they are not looked at. */

static guint64
get_identity (const SmbDirectoryEntry *entry)
{
  guint64 identity = entry->file_id;

  if (identity == 0)
    return 0;
  identity = identity * 0x9E3779B97F4A7C15u + entry->creation_time;
  identity = identity * 0x9E3779B97F4A7C15u + entry->last_write_time;
  identity = identity * 0x9E3779B97F4A7C15u + entry->change_time;
  return MAX (identity, 1);
}

static void
add_identity (SmbRemoval *self,
              guint64     identity)
{
  if (identity != 0)
    g_hash_table_add (self->identities, g_memdup2 (&identity, sizeof identity));
}

/* Of names that differ in case only, the one that is written as it was asked for. */
static void
take_plain (SmbRemoval              *self,
            const SmbDirectoryEntry *entry,
            const char              *name)
{
  SmbRemovalFolder *candidate = g_ptr_array_index (self->candidates, 0);
  gboolean          exact = g_str_equal (name, self->name);

  if (!exact && (self->exact || !smb_name_match (self->name, name)))
    {
      add_identity (self, get_identity (entry));
      return;
    }
  add_identity (self, candidate->identity);
  candidate->identity = get_identity (entry);
  candidate->listed_id = entry->file_id;
  self->exact = exact;
}

void
smb_removal_take_folder (SmbRemoval              *self,
                         SmbRemovalFolder        *top,
                         const SmbDirectoryEntry *entry,
                         const char              *name)
{
  g_autofree char  *path = NULL;
  SmbRemovalFolder *folder;

  if (self->plain)
    {
      take_plain (self, entry, name);
      return;
    }
  if (!smb_name_match (top->pattern, name))
    {
      add_identity (self, get_identity (entry));
      return;
    }

  path = smb_path_join (top->path, name);
  folder = smb_removal_folder_new (self, top, path, "*");
  folder->listed_id = entry->file_id;
  folder->identity = get_identity (entry);
  g_ptr_array_add (self->candidates, folder);
}

void
smb_removal_judge (SmbRemoval *self)
{
  for (guint i = 0; i < self->candidates->len; i++)
    {
      SmbRemovalFolder *folder = g_ptr_array_index (self->candidates, i);

      folder->suspect = g_hash_table_contains (self->identities, &folder->identity);
      smb_removal_push (self, SMB_REMOVAL_TRY, folder, NULL);
    }
  g_ptr_array_set_size (self->candidates, 0);
}

gboolean
smb_removal_is_elsewhere (const SmbRemovalFolder *folder,
                          const SmbReply         *listing)
{
  SmbDirectoryIter  iter;
  SmbDirectoryEntry entry;
  guint64           here = 0;
  guint64           up = 0;

  smb_directory_iter_init (&iter, SMB_FSCC_FILE_ID_BOTH_DIRECTORY, listing->output.data,
                           listing->output.size);
  while ((here == 0 || up == 0) && smb_directory_iter_next (&iter, &entry, NULL))
    {
      g_autofree char *name = smb_directory_entry_dup_name (&entry);

      if (g_strcmp0 (name, ".") == 0)
        here = entry.file_id;
      else if (g_strcmp0 (name, "..") == 0)
        up = entry.file_id;
    }
  return here != 0 && (here == folder->id || folder->id == 0) && here == folder->listed_id && up != 0 &&
         folder->parent->id != 0 && up != folder->parent->id;
}

void
smb_removal_refuse (SmbRemoval       *self,
                    SmbRemovalFolder *folder)
{
  g_autofree char *shown = smb_path_make_printable (g_strdelimit (g_strdup (folder->path), "\\", '/'));
  const char      *why = folder->suspect
                           ? "it has a second name beside it, and one of them is a link"
                           : "it is a link to another folder, and the server does not remove it";

  folder->listed = folder->failed = TRUE;
  if (self->error == NULL)
    self->error = g_error_new (SMB_ERROR, SMB_ERROR_ACCESS_DENIED, "Cannot %s '%s' on share '%s': %s",
                               self->what, shown, smb_call_get_share (self->call), why);
}
