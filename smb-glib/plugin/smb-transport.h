/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "plugin/smb-channel.h"

G_BEGIN_DECLS

/**
 * SmbTransportTarget:
 * @server: where to connect to; its port is already chosen
 * @proxy_resolver: (nullable): how proxies are found, or %NULL for the default
 * @client_name: (nullable): the NetBIOS name of this machine
 * @server_name: (nullable): the NetBIOS name of the server
 *
 * What a transport needs to reach a server. Belongs to the caller and stays until the opening has finished.
 */
typedef struct
{
  GSocketConnectable *server;
  GProxyResolver     *proxy_resolver;
  const char         *client_name;
  const char         *server_name;
} SmbTransportTarget;

#define SMB_TYPE_TRANSPORT (smb_transport_get_type ())
SMB_EXTERN G_DECLARE_DERIVABLE_TYPE (SmbTransport, smb_transport, SMB, TRANSPORT, GObject)

/**
 * SmbTransportClass:
 * @default_port: the port when the caller gave none
 * @open_async: starts to connect; callbacks come in the thread-default context of the caller
 * @open_finish: (transfer full): the channel, ready for the first message
 *
 * A way to carry messages: an extension of "smb-1-transport".
 */
struct _SmbTransportClass
{
  GObjectClass parent_class;

  guint16 default_port;

  void        (*open_async)  (SmbTransport             *self,
                              const SmbTransportTarget *target,
                              GCancellable             *cancellable,
                              GAsyncReadyCallback       callback,
                              gpointer                  user_data);
  SmbChannel *(*open_finish) (SmbTransport             *self,
                              GAsyncResult             *result,
                              GError                  **error);

  gpointer padding[4];
};

SMB_EXTERN guint16     smb_transport_get_default_port (SmbTransport *self);
SMB_EXTERN void        smb_transport_open_async       (SmbTransport             *self,
                                                       const SmbTransportTarget *target,
                                                       GCancellable             *cancellable,
                                                       GAsyncReadyCallback       callback,
                                                       gpointer                  user_data);
SMB_EXTERN SmbChannel *smb_transport_open_finish      (SmbTransport             *self,
                                                       GAsyncResult             *result,
                                                       GError                  **error);

G_END_DECLS
