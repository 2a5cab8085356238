/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-netbios-transport.h"

#include "smb-netbios-channel.h"
#include "smb-netbios-names.h"
#include "smb-netbios-session.h"

#define SESSION_SERVICE_PORT 139

/* [RFC 1002] 6 */
#define SSN_RETRY_COUNT        4     /* session requests, of which each but the first follows a retarget */
#define SSN_KEEP_ALIVE_TIMEOUT 60000 /* milliseconds */

/* A node that has refused a name is usually near; one that says nothing is not worth a long wait. */
#define NAME_SERVICE_TIMEOUT 3000 /* milliseconds */

/* More of them before an answer are no accident. */
#define MAX_KEEPALIVES 1024

struct _SmbNetbiosTransport
{
  SmbTransport parent_instance;

  guint name_service_port;
  guint keepalive_interval;
};

G_DEFINE_FINAL_TYPE (SmbNetbiosTransport, smb_netbios_transport, SMB_TYPE_TRANSPORT)

enum { PROP_NAME_SERVICE_PORT = 1, PROP_KEEPALIVE_INTERVAL, N_PROPS };
static GParamSpec *props[N_PROPS];

/* A session on its way, the data of its task. */
typedef struct
{
  GSocketClient      *client;
  GSocketConnectable *server;  /* the one asked for, or the one that we were sent to */
  gboolean            proxied; /* who is at the other end of the connection is not the server */

  SmbNetbiosName      called;
  SmbNetbiosName      calling;
  gboolean            guessed; /* @called is no name of the server's; another one may be tried */

  GSocketConnection  *connection;
  GBytes             *request;
  guint8              response[SMB_NETBIOS_HEADER_SIZE + SMB_NETBIOS_MAX_RESPONSE_SIZE];
  gsize               size; /* of the whole response */
  guint               n_requests;
  guint               n_keepalives;
  GError             *refusal; /* while the server's name is asked for */
} Session;

static void
session_free (gpointer data)
{
  Session *self = data;

  g_clear_object (&self->client);
  g_clear_object (&self->server);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->request, g_bytes_unref);
  g_clear_error (&self->refusal);
  g_free (self);
}

static void
client_event (GSocketClient      *client,
              GSocketClientEvent  event,
              GSocketConnectable *connectable,
              GIOStream          *connection,
              Session            *self)
{
  if (event == G_SOCKET_CLIENT_PROXY_NEGOTIATED)
    self->proxied = TRUE;
}

/* Addresses are tried as RFC 8305 says. How long that may take is the caller's affair. */
static Session *
session_new (const SmbTransportTarget  *target,
             GError                   **error)
{
  Session *self = g_new0 (Session, 1);

  self->server = g_object_ref (target->server);
  self->client = g_socket_client_new ();
  g_socket_client_set_protocol (self->client, G_SOCKET_PROTOCOL_TCP);
  if (target->proxy_resolver != NULL)
    g_socket_client_set_proxy_resolver (self->client, target->proxy_resolver);
  g_signal_connect (self->client, "event", G_CALLBACK (client_event), self);

  smb_netbios_names_choose_calling (target->client_name, &self->calling);
  if (smb_netbios_names_choose_called (target->server_name, &self->called, &self->guessed, error))
    return self;
  session_free (self);
  return NULL;
}

static void connect_session (GTask *task);
static void receive_header (GTask *task);

/* Takes @task, as do all that follow. */
static void
return_channel (GTask *task)
{
  g_autoptr(GTask)     owned = task;
  SmbNetbiosTransport *transport = g_task_get_source_object (task);
  Session             *self = g_task_get_task_data (task);
  SmbChannel          *channel;

  /* A server that is gone without a word is to be noticed even when nobody asks it for anything. */
  g_socket_set_keepalive (g_socket_connection_get_socket (self->connection), TRUE);
  channel = smb_netbios_channel_new (G_IO_STREAM (self->connection), transport->keepalive_interval);
  g_task_return_pointer (task, channel, g_object_unref);
}

static void
return_error (GTask  *task,
              GError *error)
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* [RFC 1002] 5.3.1.2 */
static void
retarget (GTask                    *task,
          const SmbNetbiosResponse *response)
{
  Session                 *self = g_task_get_task_data (task);
  g_autoptr(GInetAddress)  address = g_inet_address_new_from_bytes (response->address, G_SOCKET_FAMILY_IPV4);

  if (g_inet_address_get_is_any (address) || g_inet_address_get_is_multicast (address) || response->port == 0)
    {
      return_error (task, g_error_new_literal (SMB_ERROR, SMB_ERROR_PROTOCOL,
                                               "the server wants its NetBIOS session to be with nobody"));
      return;
    }
  g_object_unref (self->server);
  self->server = G_SOCKET_CONNECTABLE (g_inet_socket_address_new (address, response->port));
  connect_session (task);
}

/* The server's own name. */

static void
named_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask                   *task = user_data;
  Session                 *self = g_task_get_task_data (task);
  g_autoptr(SmbNbnsReply)  status = smb_name_query_finish (result, NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)) || status == NULL ||
      !smb_netbios_names_find_server (status, &self->called))
    {
      return_error (task, g_steal_pointer (&self->refusal));
      return;
    }
  g_clear_error (&self->refusal);
  self->guessed = FALSE;
  connect_session (task);
}

/* The address of the server if its name service can be asked, which knows IPv4 only. */
static GInetAddress *
get_name_service (Session *self)
{
  g_autoptr(GSocketAddress) remote = NULL;
  GInetAddress             *address;

  remote = self->proxied ? NULL : g_socket_connection_get_remote_address (self->connection, NULL);
  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return NULL;
  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 ? g_object_ref (address) : NULL;
}

static void
ask_for_name (GTask        *task,
              GInetAddress *address)
{
  SmbNetbiosTransport  *transport = g_task_get_source_object (task);
  g_autoptr(GPtrArray)  addresses = g_ptr_array_new ();
  SmbNameQuestion       question = {
    .type = SMB_NBNS_STATUS,
    .addresses = addresses,
    .port = transport->name_service_port,
    .timeout_msec = NAME_SERVICE_TIMEOUT,
  };

  g_ptr_array_add (addresses, address);
  smb_netbios_name_init_any (&question.name);
  smb_name_query_async (&question, g_task_get_cancellable (task), named_cb, task);
}

static gboolean
is_about_called_name (guint8 refusal)
{
  return refusal == SMB_NETBIOS_REFUSED_CALLED_NOT_PRESENT ||
         refusal == SMB_NETBIOS_REFUSED_CALLED_NOT_LISTENING;
}

static void
take_refusal (GTask  *task,
              guint8  refusal)
{
  Session                 *self = g_task_get_task_data (task);
  g_autoptr(GInetAddress)  name_service = NULL;

  self->refusal = smb_netbios_refusal_to_error (refusal, &self->called, &self->calling);
  if (self->guessed && is_about_called_name (refusal))
    name_service = get_name_service (self);
  if (name_service != NULL)
    ask_for_name (task, name_service);
  else
    return_error (task, g_steal_pointer (&self->refusal));
}

/* Request and response. */

static void
take_response (GTask *task)
{
  Session            *self = g_task_get_task_data (task);
  SmbNetbiosResponse  response;
  GError             *error = NULL;

  if (!smb_netbios_response_decode (self->response, self->size, &response, &error))
    return_error (task, error);
  else if (response.type == SMB_NETBIOS_POSITIVE_RESPONSE)
    return_channel (task);
  else if (response.type == SMB_NETBIOS_NEGATIVE_RESPONSE)
    take_refusal (task, response.refusal);
  else if (response.type == SMB_NETBIOS_RETARGET_RESPONSE)
    retarget (task, &response);
  else if (self->n_keepalives++ < MAX_KEEPALIVES)
    receive_header (task);
  else
    return_error (task, g_error_new_literal (SMB_ERROR, SMB_ERROR_PROTOCOL,
                                             "the server sends nothing but keep-alives"));
}

static gboolean
finish_read (GObject       *source,
             GAsyncResult  *result,
             gsize          wanted,
             GError       **error)
{
  gsize got;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &got, error))
    return FALSE;
  if (got == wanted)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "The server closed the connection");
  return FALSE;
}

static void
trailer_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask   *task = user_data;
  Session *self = g_task_get_task_data (task);
  GError  *error = NULL;

  if (finish_read (source, result, self->size - SMB_NETBIOS_HEADER_SIZE, &error))
    take_response (task);
  else
    return_error (task, error);
}

static void
header_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask   *task = user_data;
  Session *self = g_task_get_task_data (task);
  GError  *error = NULL;
  gsize    trailer;

  if (!finish_read (source, result, SMB_NETBIOS_HEADER_SIZE, &error) ||
      !smb_netbios_response_get_size (self->response, &trailer, &error))
    {
      return_error (task, error);
      return;
    }
  self->size = SMB_NETBIOS_HEADER_SIZE + trailer;
  if (trailer == 0)
    take_response (task);
  else
    g_input_stream_read_all_async (G_INPUT_STREAM (source), self->response + SMB_NETBIOS_HEADER_SIZE, trailer,
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task), trailer_cb, task);
}

/* No byte beyond the response is read: what follows is the channel's. */
static void
receive_header (GTask *task)
{
  Session      *self = g_task_get_task_data (task);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));

  g_input_stream_read_all_async (input, self->response, SMB_NETBIOS_HEADER_SIZE, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), header_cb, task);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask  *task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    receive_header (task);
  else
    return_error (task, error);
}

static void
send_request (GTask *task)
{
  Session *self = g_task_get_task_data (task);

  g_clear_pointer (&self->request, g_bytes_unref);
  self->request = smb_netbios_request_encode (&self->called, &self->calling);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)),
                                   g_bytes_get_data (self->request, NULL), g_bytes_get_size (self->request),
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task), sent_cb, task);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask   *task = user_data;
  Session *self = g_task_get_task_data (task);
  GError  *error = NULL;

  self->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (self->connection != NULL)
    send_request (task);
  else
    return_error (task, error);
}

static void
connect_session (GTask *task)
{
  Session *self = g_task_get_task_data (task);

  g_clear_object (&self->connection); /* which has served its purpose, and closes */
  if (self->n_requests++ == SSN_RETRY_COUNT)
    {
      return_error (task, g_error_new_literal (SMB_ERROR, SMB_ERROR_PROTOCOL,
                                               "the NetBIOS session was sent on from server to server"));
      return;
    }
  g_socket_client_connect_async (self->client, self->server, g_task_get_cancellable (task), connected_cb,
                                 task);
}

static void
smb_netbios_transport_open_async (SmbTransport             *transport,
                                  const SmbTransportTarget *target,
                                  GCancellable             *cancellable,
                                  GAsyncReadyCallback       callback,
                                  gpointer                  user_data)
{
  GTask   *task = g_task_new (transport, cancellable, callback, user_data);
  GError  *error = NULL;
  Session *self = session_new (target, &error);

  g_task_set_source_tag (task, smb_netbios_transport_open_async);
  if (self == NULL)
    {
      return_error (task, error);
      return;
    }
  g_task_set_task_data (task, self, session_free);
  connect_session (task);
}

static SmbChannel *
smb_netbios_transport_open_finish (SmbTransport  *transport,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
smb_netbios_transport_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  SmbNetbiosTransport *self = SMB_NETBIOS_TRANSPORT (object);

  switch (prop_id)
    {
    case PROP_NAME_SERVICE_PORT:
      self->name_service_port = g_value_get_uint (value);
      break;
    case PROP_KEEPALIVE_INTERVAL:
      self->keepalive_interval = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
smb_netbios_transport_class_init (SmbNetbiosTransportClass *class)
{
  SmbTransportClass *transport_class = SMB_TRANSPORT_CLASS (class);
  const GParamFlags  flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (class)->set_property = smb_netbios_transport_set_property;

  transport_class->default_port = SESSION_SERVICE_PORT;
  transport_class->open_async = smb_netbios_transport_open_async;
  transport_class->open_finish = smb_netbios_transport_open_finish;

  props[PROP_NAME_SERVICE_PORT] =
    g_param_spec_uint ("name-service-port", NULL, NULL, 1, G_MAXUINT16, SMB_NAME_SERVICE_PORT, flags);
  props[PROP_KEEPALIVE_INTERVAL] =
    g_param_spec_uint ("keepalive-interval", NULL, NULL, 0, G_MAXUINT, SSN_KEEP_ALIVE_TIMEOUT, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, props);
}

static void
smb_netbios_transport_init (SmbNetbiosTransport *self)
{
}
