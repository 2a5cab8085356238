/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/connection/smb-connection.h"
#include "engine/smb-call.h"

/* Writes @stream, from where it is to its end, into a file from @offset on. The file is made if it is not
 * there. @truncate: it is emptied first, else its other bytes stay. The progress callback is called, and
 * its data destroyed, on the caller's side. The number of the call is that of the bytes. What was written
 * stays when the call fails. */
SmbCall *smb_upload_call_new (SmbConnection         *connection,
                              const char            *share,
                              const char            *path,
                              GInputStream          *stream,
                              guint64                offset,
                              gboolean               truncate,
                              GFileProgressCallback  progress,
                              gpointer               progress_data,
                              GDestroyNotify         progress_destroy,
                              int                    timeout_msec,
                              GCancellable          *cancellable);
