/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-shared-file.h"

G_BEGIN_DECLS

/* What a server says of a file, names apart; 0 for what it did not say. */
typedef struct
{
  guint64 creation_time; /* FILETIMEs */
  guint64 last_access_time;
  guint64 last_write_time;
  guint64 change_time;
  guint64 file_size; /* bytes */
  guint64 alloc_size;
  guint64 file_id;
  guint32 attributes;
  guint32 reparse_tag;
} SmbSharedFileInfo;

/* Takes both names, of which @short_name may be NULL. */
SmbSharedFile *smb_shared_file_new (const SmbSharedFileInfo *info,
                                    char                    *filename,
                                    char                    *short_name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
