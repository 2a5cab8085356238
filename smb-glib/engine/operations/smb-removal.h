/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"

/* @pattern's last name may hold wildcards; what matches is removed, folders and all that is in them only with
 * @folders. */
SmbCall *smb_delete_files_call_new          (SmbConnection *connection,
                                             const char    *share,
                                             const char    *pattern,
                                             gboolean       folders,
                                             int            timeout_msec,
                                             GCancellable  *cancellable);
/* Sets the attributes (SMB_FSCC_ATTRIBUTE_…) of what matches @pattern. */
SmbCall *smb_reset_file_attributes_call_new (SmbConnection *connection,
                                             const char    *share,
                                             const char    *pattern,
                                             guint32        attributes,
                                             int            timeout_msec,
                                             GCancellable  *cancellable);
