/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-shared-file-entry.h"

#include "smb-shared-file-private.h"

SmbSharedFile *
smb_shared_file_new_from_entry (const SmbDirectoryEntry *entry,
                                char                    *filename,
                                char                    *short_name)
{
  const SmbSharedFileInfo info = {
    .creation_time = entry->creation_time,
    .last_access_time = entry->last_access_time,
    .last_write_time = entry->last_write_time,
    .change_time = entry->change_time,
    .file_size = entry->end_of_file,
    .alloc_size = entry->allocation_size,
    .file_id = entry->file_id,
    .attributes = entry->file_attributes,
    .reparse_tag = entry->reparse_tag,
  };

  return smb_shared_file_new (&info, filename, short_name);
}
