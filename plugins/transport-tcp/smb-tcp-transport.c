/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-tcp-transport.h"

#define DIRECT_TCP_PORT 445

struct _SmbTcpTransport
{
  SmbTransport parent_instance;
};

G_DEFINE_FINAL_TYPE (SmbTcpTransport, smb_tcp_transport, SMB_TYPE_TRANSPORT)

/* Addresses are tried as RFC 8305 says. How long that may take is the caller's affair. */
static GSocketClient *
create_client (const SmbTransportTarget *target)
{
  GSocketClient *client = g_socket_client_new ();

  g_socket_client_set_protocol (client, G_SOCKET_PROTOCOL_TCP);
  if (target->proxy_resolver != NULL)
    g_socket_client_set_proxy_resolver (client, target->proxy_resolver);
  return client;
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask)             task = user_data;
  g_autoptr(GSocketConnection) connection = NULL;
  GError                      *error = NULL;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* A server that is gone without a word is to be noticed even when nobody asks it for anything. */
  g_socket_set_keepalive (g_socket_connection_get_socket (connection), TRUE);
  g_task_return_pointer (task, smb_channel_new (G_IO_STREAM (connection)), g_object_unref);
}

static void
smb_tcp_transport_open_async (SmbTransport             *transport,
                              const SmbTransportTarget *target,
                              GCancellable             *cancellable,
                              GAsyncReadyCallback       callback,
                              gpointer                  user_data)
{
  g_autoptr(GTask)         task = g_task_new (transport, cancellable, callback, user_data);
  g_autoptr(GSocketClient) client = create_client (target);

  g_task_set_source_tag (task, smb_tcp_transport_open_async);
  g_socket_client_connect_async (client, target->server, cancellable, connected_cb, g_steal_pointer (&task));
}

static SmbChannel *
smb_tcp_transport_open_finish (SmbTransport  *transport,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
smb_tcp_transport_class_init (SmbTcpTransportClass *class)
{
  SmbTransportClass *transport_class = SMB_TRANSPORT_CLASS (class);

  transport_class->default_port = DIRECT_TCP_PORT;
  transport_class->open_async = smb_tcp_transport_open_async;
  transport_class->open_finish = smb_tcp_transport_open_finish;
}

static void
smb_tcp_transport_init (SmbTcpTransport *self)
{
}
