/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-tcp-transport.h"

#define DIRECT_TCP_PORT 445

struct _SmbTcpTransport
{
  SmbTransport parent_instance;
};

G_DEFINE_FINAL_TYPE (SmbTcpTransport, smb_tcp_transport, SMB_TYPE_TRANSPORT)

/* What an opening needs to know until there is a connection. */
typedef struct
{
  GSocketConnectable *server;
  GProxyResolver     *proxy_resolver;
  GSocketAddress     *address; /* of a server that is given by one, else NULL */
  GSocket            *socket;  /* to it, once it is being connected */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_object_unref (self->server);
  g_object_unref (self->proxy_resolver);
  g_clear_object (&self->address);
  g_clear_object (&self->socket);
  g_free (self);
}

/* A server that is gone without a word is to be noticed even when nobody asks it for anything. */
static void
keep_alive (GSocket *socket)
{
  g_socket_set_keepalive (socket, TRUE);
}

/* Takes @connection. */
static void
return_channel (GTask             *task,
                GSocketConnection *connection)
{
  g_task_return_pointer (task, smb_channel_new (G_IO_STREAM (connection)), g_object_unref);
  g_object_unref (connection);
}

/* By whatever leads there: names, proxies. */

static void
client_connected_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask)   task = user_data;
  GError            *error = NULL;
  GSocketConnection *connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  keep_alive (g_socket_connection_get_socket (connection));
  return_channel (task, connection);
}

/* Addresses are tried as RFC 8305 says. How long that may take is the caller's affair. */
static void
connect_by_client (GTask *task)
{
  Opening                  *self = g_task_get_task_data (task);
  g_autoptr(GSocketClient)  client = g_socket_client_new ();

  g_socket_client_set_protocol (client, G_SOCKET_PROTOCOL_TCP);
  g_socket_client_set_proxy_resolver (client, self->proxy_resolver);
  g_socket_client_connect_async (client, self->server, g_task_get_cancellable (task), client_connected_cb,
                                 g_object_ref (task));
}

/* To the one address that there is. GSocketClient would do the same, with five times the effort. What can be
 * done before it is connected is: from then on the server waits for us. */

/* Takes @error. */
static void
return_connect_error (GTask  *task,
                      GError *error)
{
  Opening          *self = g_task_get_task_data (task);
  g_autofree char  *address =
    g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (self->address)));

  g_prefix_error (&error, "Could not connect to %s: ", address);
  g_task_return_error (task, error);
}

static void
connected (GTask *task)
{
  Opening *self = g_task_get_task_data (task);
  GError  *error = NULL;

  if (g_socket_check_connect_result (self->socket, &error))
    return_channel (task, g_socket_connection_factory_create_connection (self->socket));
  else
    return_connect_error (task, error);
}

static gboolean
ready_cb (GSocket      *socket,
          GIOCondition  condition,
          gpointer      user_data)
{
  GTask *task = user_data;

  if (!g_task_return_error_if_cancelled (task))
    connected (task);
  return G_SOURCE_REMOVE;
}

static void
wait_for_connection (GTask *task)
{
  Opening            *self = g_task_get_task_data (task);
  g_autoptr(GSource)  source =
    g_socket_create_source (self->socket, G_IO_OUT, g_task_get_cancellable (task));

  g_task_attach_source (task, source, G_SOURCE_FUNC (ready_cb));
}

static gboolean
begin_to_connect (Opening       *self,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(GError) local = NULL;

  self->socket = g_socket_new (g_socket_address_get_family (self->address), G_SOCKET_TYPE_STREAM,
                               G_SOCKET_PROTOCOL_TCP, error);
  if (self->socket == NULL)
    return FALSE;

  g_socket_set_blocking (self->socket, FALSE);
  keep_alive (self->socket);
  if (g_socket_connect (self->socket, self->address, cancellable, &local) ||
      g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PENDING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* On this machine, or one that is near, the connection may be there at once. */
static void
connect_to_address (GTask *task)
{
  Opening *self = g_task_get_task_data (task);
  GError  *error = NULL;

  if (!begin_to_connect (self, g_task_get_cancellable (task), &error))
    return_connect_error (task, error);
  else if (g_socket_condition_check (self->socket, G_IO_OUT) != 0)
    connected (task);
  else
    wait_for_connection (task);
}

static void
proxies_found_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_auto(GStrv)    proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, NULL);

  if (proxies != NULL && g_strv_length (proxies) == 1 && g_str_equal (proxies[0], "direct://"))
    connect_to_address (task);
  else
    connect_by_client (task); /* which also says what was wrong */
}

/* As GSocketClient names a connection whose protocol it does not know. */
static void
look_for_proxies (GTask *task)
{
  Opening         *self = g_task_get_task_data (task);
  g_autofree char *address = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (self->address));
  g_autofree char *uri = g_strconcat ("none://", address, NULL);

  g_proxy_resolver_lookup_async (self->proxy_resolver, uri, g_task_get_cancellable (task), proxies_found_cb,
                                 g_object_ref (task));
}

/* NULL: it has a name. */
static GSocketAddress *
get_address (GSocketConnectable *server)
{
  GNetworkAddress *named;

  if (G_IS_INET_SOCKET_ADDRESS (server))
    return G_SOCKET_ADDRESS (g_object_ref (server));
  if (!G_IS_NETWORK_ADDRESS (server))
    return NULL;
  named = G_NETWORK_ADDRESS (server);
  return g_inet_socket_address_new_from_string (g_network_address_get_hostname (named),
                                                g_network_address_get_port (named));
}

static Opening *
opening_new (const SmbTransportTarget *target)
{
  Opening        *self = g_new0 (Opening, 1);
  GProxyResolver *resolver = target->proxy_resolver != NULL ? target->proxy_resolver
                                                            : g_proxy_resolver_get_default ();

  self->server = g_object_ref (target->server);
  self->proxy_resolver = g_object_ref (resolver);
  self->address = get_address (target->server);
  return self;
}

static void
smb_tcp_transport_open_async (SmbTransport             *transport,
                              const SmbTransportTarget *target,
                              GCancellable             *cancellable,
                              GAsyncReadyCallback       callback,
                              gpointer                  user_data)
{
  g_autoptr(GTask)  task = g_task_new (transport, cancellable, callback, user_data);
  Opening          *self = opening_new (target);

  g_task_set_source_tag (task, smb_tcp_transport_open_async);
  g_task_set_task_data (task, self, opening_free);
  if (self->address != NULL)
    look_for_proxies (task);
  else
    connect_by_client (task);
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
