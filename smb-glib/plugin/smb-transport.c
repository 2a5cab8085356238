/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-transport.h"

G_DEFINE_ABSTRACT_TYPE (SmbTransport, smb_transport, G_TYPE_OBJECT)

static void
smb_transport_class_init (SmbTransportClass *class)
{
}

static void
smb_transport_init (SmbTransport *self)
{
}

guint16
smb_transport_get_default_port (SmbTransport *self)
{
  g_return_val_if_fail (SMB_IS_TRANSPORT (self), 0);

  return SMB_TRANSPORT_GET_CLASS (self)->default_port;
}

void
smb_transport_open_async (SmbTransport             *self,
                          const SmbTransportTarget *target,
                          GCancellable             *cancellable,
                          GAsyncReadyCallback       callback,
                          gpointer                  user_data)
{
  g_return_if_fail (SMB_IS_TRANSPORT (self));
  g_return_if_fail (target != NULL && G_IS_SOCKET_CONNECTABLE (target->server));

  SMB_TRANSPORT_GET_CLASS (self)->open_async (self, target, cancellable, callback, user_data);
}

SmbChannel *
smb_transport_open_finish (SmbTransport  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (SMB_IS_TRANSPORT (self), NULL);

  return SMB_TRANSPORT_GET_CLASS (self)->open_finish (self, result, error);
}
