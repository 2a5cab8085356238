/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-shared-file.h"

G_BEGIN_DECLS

#define SMB_TYPE_ENUMERATOR (smb_enumerator_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbEnumerator, smb_enumerator, SMB, ENUMERATOR, GObject)

SMB_EXTERN guint smb_enumerator_get_skipped (SmbEnumerator *self);

SMB_EXTERN GPtrArray *smb_enumerator_next        (SmbEnumerator        *self,
                                                  guint                 max,
                                                  int                   timeout_msec,
                                                  GCancellable         *cancellable,
                                                  GError              **error);
SMB_EXTERN void       smb_enumerator_next_async  (SmbEnumerator        *self,
                                                  guint                 max,
                                                  int                   timeout_msec,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
SMB_EXTERN GPtrArray *smb_enumerator_next_finish (SmbEnumerator        *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

SMB_EXTERN gboolean smb_enumerator_close        (SmbEnumerator        *self,
                                                 int                   timeout_msec,
                                                 GCancellable         *cancellable,
                                                 GError              **error);
SMB_EXTERN void     smb_enumerator_close_async  (SmbEnumerator        *self,
                                                 int                   timeout_msec,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
SMB_EXTERN gboolean smb_enumerator_close_finish (SmbEnumerator        *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

G_END_DECLS
