/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-enums.h"
#include "smb-macros.h"

G_BEGIN_DECLS

#define SMB_TYPE_SHARED_FILE (smb_shared_file_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbSharedFile, smb_shared_file, SMB, SHARED_FILE, GObject)

SMB_EXTERN const char        *smb_shared_file_get_filename         (SmbSharedFile *self);
SMB_EXTERN const char        *smb_shared_file_get_short_name       (SmbSharedFile *self);
SMB_EXTERN GDateTime         *smb_shared_file_get_creation_time    (SmbSharedFile *self);
SMB_EXTERN GDateTime         *smb_shared_file_get_last_access_time (SmbSharedFile *self);
SMB_EXTERN GDateTime         *smb_shared_file_get_last_write_time  (SmbSharedFile *self);
SMB_EXTERN GDateTime         *smb_shared_file_get_change_time      (SmbSharedFile *self);
SMB_EXTERN guint64            smb_shared_file_get_file_size        (SmbSharedFile *self);
SMB_EXTERN guint64            smb_shared_file_get_alloc_size       (SmbSharedFile *self);
SMB_EXTERN SmbFileAttributes  smb_shared_file_get_attributes       (SmbSharedFile *self);
SMB_EXTERN guint64            smb_shared_file_get_file_id          (SmbSharedFile *self);
SMB_EXTERN guint32            smb_shared_file_get_reparse_tag      (SmbSharedFile *self);
SMB_EXTERN gboolean           smb_shared_file_get_is_directory     (SmbSharedFile *self);
SMB_EXTERN gboolean           smb_shared_file_get_is_read_only     (SmbSharedFile *self);
SMB_EXTERN gboolean           smb_shared_file_get_is_normal        (SmbSharedFile *self);

G_END_DECLS
