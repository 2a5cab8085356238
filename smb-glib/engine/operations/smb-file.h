/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/operations/smb-open.h"
#include "smb-enums.h"

/* Calls on an open file. Any number of them may be under way at once. They are closed with
 * smb_open_close_call_new(). */

/* The result is an SmbOpen. */
SmbCall *smb_file_open_call_new      (SmbConnection      *connection,
                                      const char         *share,
                                      const char         *path,
                                      SmbFileAccess       access,
                                      SmbFileDisposition  disposition,
                                      int                 timeout_msec,
                                      GCancellable       *cancellable);
/* The result is a GBytes, shorter than @count only at the end of the file. */
SmbCall *smb_file_read_call_new      (SmbOpen            *open,
                                      guint64             offset,
                                      gsize               count,
                                      int                 timeout_msec,
                                      GCancellable       *cancellable);
/* The same into the caller's memory; the number of the call is how much. It holds zeros if the call fails
 * once it was begun. */
SmbCall *smb_file_read_into_call_new (SmbOpen            *open,
                                      guint64             offset,
                                      guint8             *buffer,
                                      gsize               count,
                                      int                 timeout_msec,
                                      GCancellable       *cancellable);
/* All of @bytes, or an error. The number of the call is how many. */
SmbCall *smb_file_write_call_new     (SmbOpen            *open,
                                      guint64             offset,
                                      GBytes             *bytes,
                                      int                 timeout_msec,
                                      GCancellable       *cancellable);
SmbCall *smb_file_flush_call_new     (SmbOpen            *open,
                                      int                 timeout_msec,
                                      GCancellable       *cancellable);
SmbCall *smb_file_set_size_call_new  (SmbOpen            *open,
                                      guint64             size,
                                      int                 timeout_msec,
                                      GCancellable       *cancellable);
/* The result is an SmbDirectoryEntry without names, to be freed with g_free(). */
SmbCall *smb_file_get_info_call_new  (SmbOpen            *open,
                                      int                 timeout_msec,
                                      GCancellable       *cancellable);
