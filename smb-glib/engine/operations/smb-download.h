/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/connection/smb-connection.h"
#include "engine/smb-call.h"
#include "wire/smb-directory.h"

/* Reads a file from @offset on, @max_length bytes or, if that is negative, to its end, into @stream. The
 * progress callback is called, and its data destroyed, on the caller's side. The number of the call is that
 * of the bytes. */
SmbCall *smb_download_call_new (SmbConnection         *connection,
                                const char            *share,
                                const char            *path,
                                GOutputStream         *stream,
                                guint64                offset,
                                gint64                 max_length,
                                GFileProgressCallback  progress,
                                gpointer               progress_data,
                                GDestroyNotify         progress_destroy,
                                int                    timeout_msec,
                                GCancellable          *cancellable);

/* After it went well: what the server said of the file, without names. */
const SmbDirectoryEntry *smb_download_get_file (SmbCall *call);
/* The last component of its path. To be freed. */
char                    *smb_download_dup_name (SmbCall *call);
