/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-shared-file.h"

G_BEGIN_DECLS

#define SMB_TYPE_OPEN_FILE (smb_open_file_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbOpenFile, smb_open_file, SMB, OPEN_FILE, GObject)

SMB_EXTERN GBytes *smb_open_file_read        (SmbOpenFile          *self,
                                              guint64               offset,
                                              gsize                 count,
                                              int                   timeout_msec,
                                              GCancellable         *cancellable,
                                              GError              **error);
SMB_EXTERN void    smb_open_file_read_async  (SmbOpenFile          *self,
                                              guint64               offset,
                                              gsize                 count,
                                              int                   timeout_msec,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
SMB_EXTERN GBytes *smb_open_file_read_finish (SmbOpenFile          *self,
                                              GAsyncResult         *result,
                                              GError              **error);

SMB_EXTERN gboolean smb_open_file_read_into        (SmbOpenFile          *self,
                                                    guint64               offset,
                                                    guint8               *buffer,
                                                    gsize                 count,
                                                    int                   timeout_msec,
                                                    GCancellable         *cancellable,
                                                    gsize                *bytes_read,
                                                    GError              **error);
SMB_EXTERN void     smb_open_file_read_into_async  (SmbOpenFile          *self,
                                                    guint64               offset,
                                                    guint8               *buffer,
                                                    gsize                 count,
                                                    int                   timeout_msec,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
SMB_EXTERN gboolean smb_open_file_read_into_finish (SmbOpenFile          *self,
                                                    GAsyncResult         *result,
                                                    gsize                *bytes_read,
                                                    GError              **error);

SMB_EXTERN gboolean smb_open_file_write        (SmbOpenFile          *self,
                                                guint64               offset,
                                                GBytes               *bytes,
                                                int                   timeout_msec,
                                                GCancellable         *cancellable,
                                                gsize                *bytes_written,
                                                GError              **error);
SMB_EXTERN void     smb_open_file_write_async  (SmbOpenFile          *self,
                                                guint64               offset,
                                                GBytes               *bytes,
                                                int                   timeout_msec,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
SMB_EXTERN gboolean smb_open_file_write_finish (SmbOpenFile          *self,
                                                GAsyncResult         *result,
                                                gsize                *bytes_written,
                                                GError              **error);

SMB_EXTERN gboolean smb_open_file_flush        (SmbOpenFile          *self,
                                                int                   timeout_msec,
                                                GCancellable         *cancellable,
                                                GError              **error);
SMB_EXTERN void     smb_open_file_flush_async  (SmbOpenFile          *self,
                                                int                   timeout_msec,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
SMB_EXTERN gboolean smb_open_file_flush_finish (SmbOpenFile          *self,
                                                GAsyncResult         *result,
                                                GError              **error);

SMB_EXTERN SmbSharedFile *smb_open_file_get_info        (SmbOpenFile          *self,
                                                         int                   timeout_msec,
                                                         GCancellable         *cancellable,
                                                         GError              **error);
SMB_EXTERN void           smb_open_file_get_info_async  (SmbOpenFile          *self,
                                                         int                   timeout_msec,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
SMB_EXTERN SmbSharedFile *smb_open_file_get_info_finish (SmbOpenFile          *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

SMB_EXTERN gboolean smb_open_file_set_size        (SmbOpenFile          *self,
                                                   guint64               size,
                                                   int                   timeout_msec,
                                                   GCancellable         *cancellable,
                                                   GError              **error);
SMB_EXTERN void     smb_open_file_set_size_async  (SmbOpenFile          *self,
                                                   guint64               size,
                                                   int                   timeout_msec,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
SMB_EXTERN gboolean smb_open_file_set_size_finish (SmbOpenFile          *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

SMB_EXTERN gboolean smb_open_file_close        (SmbOpenFile          *self,
                                                int                   timeout_msec,
                                                GCancellable         *cancellable,
                                                GError              **error);
SMB_EXTERN void     smb_open_file_close_async  (SmbOpenFile          *self,
                                                int                   timeout_msec,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
SMB_EXTERN gboolean smb_open_file_close_finish (SmbOpenFile          *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
