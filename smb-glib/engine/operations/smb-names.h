/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"

/* Operations of one plan each. */

SmbCall *smb_create_directory_call_new (SmbConnection *connection,
                                        const char    *share,
                                        const char    *path,
                                        int            timeout_msec,
                                        GCancellable  *cancellable);
SmbCall *smb_delete_directory_call_new (SmbConnection *connection,
                                        const char    *share,
                                        const char    *path,
                                        int            timeout_msec,
                                        GCancellable  *cancellable);
SmbCall *smb_rename_call_new           (SmbConnection *connection,
                                        const char    *share,
                                        const char    *old_path,
                                        const char    *new_path,
                                        int            timeout_msec,
                                        GCancellable  *cancellable);
/* Gives a GBytes. */
SmbCall *smb_echo_call_new             (SmbConnection *connection,
                                        GBytes        *data,
                                        int            timeout_msec,
                                        GCancellable  *cancellable);
