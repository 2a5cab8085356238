/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-name-record.h"

G_BEGIN_DECLS

#define SMB_TYPE_NAME_SERVICE (smb_name_service_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbNameService, smb_name_service, SMB, NAME_SERVICE, GObject)

SMB_EXTERN SmbNameService *smb_name_service_new (void);

SMB_EXTERN char     **smb_name_service_query_name        (SmbNameService       *self,
                                                          const char           *name,
                                                          const char           *address,
                                                          guint16               port,
                                                          guint                 suffix,
                                                          int                   timeout_msec,
                                                          GCancellable         *cancellable,
                                                          GError              **error);
SMB_EXTERN void       smb_name_service_query_name_async  (SmbNameService       *self,
                                                          const char           *name,
                                                          const char           *address,
                                                          guint16               port,
                                                          guint                 suffix,
                                                          int                   timeout_msec,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
SMB_EXTERN char     **smb_name_service_query_name_finish (SmbNameService       *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

SMB_EXTERN GPtrArray *smb_name_service_query_ip_for_name        (SmbNameService       *self,
                                                                 const char           *address,
                                                                 guint16               port,
                                                                 int                   timeout_msec,
                                                                 GCancellable         *cancellable,
                                                                 GError              **error);
SMB_EXTERN void       smb_name_service_query_ip_for_name_async  (SmbNameService       *self,
                                                                 const char           *address,
                                                                 guint16               port,
                                                                 int                   timeout_msec,
                                                                 GCancellable         *cancellable,
                                                                 GAsyncReadyCallback   callback,
                                                                 gpointer              user_data);
SMB_EXTERN GPtrArray *smb_name_service_query_ip_for_name_finish (SmbNameService       *self,
                                                                 GAsyncResult         *result,
                                                                 GError              **error);

G_END_DECLS
