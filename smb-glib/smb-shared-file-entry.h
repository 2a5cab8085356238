/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-shared-file.h"
#include "wire/smb-directory.h"

/* Takes both names, of which @short_name may be NULL. Those of @entry are not looked at. */
SmbSharedFile *smb_shared_file_new_from_entry (const SmbDirectoryEntry *entry,
                                               char                    *filename,
                                               char                    *short_name) G_GNUC_WARN_UNUSED_RESULT;
