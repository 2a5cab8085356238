/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

/* What the engine's connection tells, on the worker: it is only passed on. */
typedef struct
{
  SmbFactoryEvents *events;
  SmbConnection    *connection; /* borrowed: it owns this */
  gboolean          ready;      /* the worker's; auth-ok is on its way */
} Listener;

static void
listener_free (gpointer data)
{
  Listener *self = data;

  smb_factory_events_unref (self->events);
  g_free (self);
}

static void
listener_changed (gpointer data)
{
  Listener          *self = data;
  SmbConnectionInfo  info;

  smb_connection_get_info (self->connection, &info);
  if (info.state == SMB_CONNECTION_STATE_DISCONNECTED)
    info = (SmbConnectionInfo) { SMB_CONNECTION_STATE_DISCONNECTED };
  smb_factory_events_push_changed (self->events, &info);

  if (info.state == SMB_CONNECTION_STATE_READY && !self->ready)
    {
      self->ready = TRUE;
      smb_factory_events_push (self->events, SMB_FACTORY_EVENT_AUTH_OK, NULL);
    }
}

static void
listener_closed (gpointer      data,
                 const GError *error)
{
  Listener *self = data;

  smb_factory_events_push (self->events, SMB_FACTORY_EVENT_CLOSED, error);
}

static SmbConnection *
connection_new (SmbFactoryEvents     *events,
                SmbConnectionOptions *options)
{
  static const SmbConnectionListener listener = { listener_changed, listener_closed };
  Listener                          *data = g_new0 (Listener, 1);

  data->events = smb_factory_events_ref (events);
  data->connection = smb_connection_new (options, &listener, data, listener_free);
  return data->connection;
}

/* Opening. */

typedef SmbConnectionOptions *(*MakeOptions) (const SmbFactorySettings  *settings,
                                              gconstpointer              server,
                                              GError                   **error);

typedef struct
{
  const char *host;
  guint16     port;
} HostAndPort;

static SmbConnectionOptions *
options_for_host (const SmbFactorySettings  *settings,
                  gconstpointer              server,
                  GError                   **error)
{
  const HostAndPort *where = server;

  return smb_factory_settings_make_options (settings, where->host, where->port, error);
}

static SmbConnectionOptions *
options_for_connectable (const SmbFactorySettings  *settings,
                         gconstpointer              server,
                         GError                   **error)
{
  return smb_factory_settings_make_options_for (settings, (GSocketConnectable *) server, error);
}

/* Under the lock. */
static gboolean
is_open (SmbProtocolFactoryPrivate *priv)
{
  SmbConnectionInfo info = { SMB_CONNECTION_STATE_DISCONNECTED };

  if (priv->connection != NULL)
    smb_connection_get_info (priv->connection, &info);
  return priv->opening || info.state != SMB_CONNECTION_STATE_DISCONNECTED;
}

static GError *
error_already_open (void)
{
  return g_error_new_literal (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                              "Cannot open a connection: this factory has one that is open or being opened");
}

static GError *
error_other_process (void)
{
  return g_error_new_literal (SMB_ERROR, SMB_ERROR_NOT_CONNECTED,
                              "Cannot open a connection: the factory belongs to a forked process's parent");
}

/* Makes the connection. @opening becomes TRUE if its end is to be told: not if there is one already. */
static SmbConnection *
begin (SmbProtocolFactory  *self,
       MakeOptions          make_options,
       gconstpointer        server,
       gboolean            *opening,
       GError             **error)
{
  SmbProtocolFactoryPrivate *priv = smb_protocol_factory_get_private (self);
  SmbConnection             *before = NULL;
  SmbConnection             *connection = NULL;
  SmbConnectionOptions      *options;

  g_mutex_lock (&priv->lock);
  if (is_open (priv))
    g_propagate_error (error, error_already_open ());
  else
    {
      priv->opening = *opening = TRUE;
      options = make_options (&priv->settings, server, error);
      if (options != NULL)
        {
          before = priv->connection;
          priv->connection = connection_new (priv->events, options);
          connection = smb_connection_use (priv->connection);
        }
    }
  g_mutex_unlock (&priv->lock);

  g_clear_pointer (&before, smb_connection_unuse);
  return connection;
}

static SmbCall *
open_call_new (SmbProtocolFactory *self,
               MakeOptions         make_options,
               gconstpointer       server,
               int                 timeout_msec,
               GCancellable       *cancellable,
               gboolean           *opening)
{
  g_autoptr(SmbConnection)  connection = NULL;
  SmbCall                  *call;
  GError                   *error = NULL;

  *opening = FALSE;
  if (smb_protocol_factory_is_of_this_process (self))
    connection = begin (self, make_options, server, opening, &error);
  else
    error = error_other_process ();
  if (connection != NULL)
    return smb_open_call_new (connection, timeout_msec, cancellable);

  call = smb_call_new (NULL, "open a connection", NULL, NULL, timeout_msec, cancellable);
  smb_call_set_error (call, error);
  return call;
}

/* The opening is over: what there is to tell of it goes before its result. */
static void
conclude (SmbProtocolFactory *self,
          gboolean            opening,
          const GError       *error)
{
  SmbProtocolFactoryPrivate *priv = smb_protocol_factory_get_private (self);

  if (!opening)
    return;

  g_mutex_lock (&priv->lock);
  priv->opening = FALSE;
  g_mutex_unlock (&priv->lock);

  if (error != NULL)
    smb_factory_events_push (priv->events, SMB_FACTORY_EVENT_AUTH_FAILED, error);
  smb_factory_events_flush (priv->events, self);
}

static gboolean
open_sync (SmbProtocolFactory  *self,
           MakeOptions          make_options,
           gconstpointer        server,
           int                  timeout_msec,
           GCancellable        *cancellable,
           GError             **error)
{
  g_autoptr(SmbCall) call = NULL;
  g_autoptr(GError)  local_error = NULL;
  gboolean           opening;

  call = open_call_new (self, make_options, server, timeout_msec, cancellable, &opening);
  smb_call_run (call, &local_error);
  conclude (self, opening, local_error);

  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  SmbProtocolFactory *self = SMB_PROTOCOL_FACTORY (source);
  g_autoptr(GTask)    task = user_data;
  g_autoptr(SmbCall)  call = NULL;
  GError             *error = NULL;

  call = smb_call_finish (self, result, opened_cb, &error);
  conclude (self, GPOINTER_TO_INT (g_task_get_task_data (task)), error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
open_async (SmbProtocolFactory  *self,
            MakeOptions          make_options,
            gconstpointer        server,
            gpointer             source_tag,
            int                  timeout_msec,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  GTask              *task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(SmbCall)  call = NULL;
  gboolean            opening;

  call = open_call_new (self, make_options, server, timeout_msec, cancellable, &opening);
  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, GINT_TO_POINTER (opening), NULL);
  smb_call_run_async (call, self, opened_cb, opened_cb, task);
}

static gboolean
finish (SmbProtocolFactory  *self,
        GAsyncResult        *result,
        gpointer             source_tag,
        GError             **error)
{
  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * smb_protocol_factory_open_connection:
 * @self: the factory
 * @host: the server's name or address, without a port
 * @port: the port, or 0 for that of the transport
 * @timeout_msec: milliseconds for the whole opening, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Connects to a server and logs in, as the factory's properties say.
 *
 * Also emits [signal@ProtocolFactory::auth-ok] or [signal@ProtocolFactory::auth-failed]: before it returns,
 * if this is the thread of the context in which the factory was made.
 *
 * A name of the server is used as given, in paths and in the principal of a ticket; it is not looked up
 * backwards.
 *
 * Fails with %SMB_ERROR_INVALID_ARGUMENT if a connection is open or being opened, with
 * %SMB_ERROR_AUTH_FAILED if the server refuses the credentials, with %SMB_ERROR_SECURITY if the server
 * offers less protection than is asked for, with %SMB_ERROR_NOT_SUPPORTED if there is no dialect that both
 * speak, with %SMB_ERROR_PLUGIN_MISSING if what is needed is not installed, with %SMB_ERROR_TIMED_OUT, or
 * with an error of GIO if the server cannot be reached.
 *
 * Returns: whether the connection is open
 */
gboolean
smb_protocol_factory_open_connection (SmbProtocolFactory  *self,
                                      const char          *host,
                                      guint16              port,
                                      int                  timeout_msec,
                                      GCancellable        *cancellable,
                                      GError             **error)
{
  HostAndPort where = { host, port };

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (host != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  return open_sync (self, options_for_host, &where, timeout_msec, cancellable, error);
}

/**
 * smb_protocol_factory_open_connection_async:
 * @self: the factory
 * @host: the server's name or address, without a port
 * @port: the port, or 0 for that of the transport
 * @timeout_msec: milliseconds for the whole opening, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.open_connection].
 */
void
smb_protocol_factory_open_connection_async (SmbProtocolFactory  *self,
                                            const char          *host,
                                            guint16              port,
                                            int                  timeout_msec,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data)
{
  HostAndPort where = { host, port };

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (host != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  open_async (self, options_for_host, &where, smb_protocol_factory_open_connection_async, timeout_msec,
              cancellable, callback, user_data);
}

/**
 * smb_protocol_factory_open_connection_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.open_connection_async].
 *
 * Returns: whether the connection is open
 */
gboolean
smb_protocol_factory_open_connection_finish (SmbProtocolFactory  *self,
                                             GAsyncResult        *result,
                                             GError             **error)
{
  return finish (self, result, smb_protocol_factory_open_connection_async, error);
}

/**
 * smb_protocol_factory_open_connection_to:
 * @self: the factory
 * @server: where the server is
 * @timeout_msec: milliseconds for the whole opening, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * As [method@ProtocolFactory.open_connection], for whatever GIO can connect to.
 *
 * The server's name is that of a [class@Gio.NetworkAddress] or [class@Gio.NetworkService], or the address
 * itself; a [class@Gio.NetworkAddress] with port 0 means the transport's own port.
 * [property@ProtocolFactory:server-name] says it where an address does not.
 *
 * Returns: whether the connection is open
 */
gboolean
smb_protocol_factory_open_connection_to (SmbProtocolFactory  *self,
                                         GSocketConnectable  *server,
                                         int                  timeout_msec,
                                         GCancellable        *cancellable,
                                         GError             **error)
{
  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (G_IS_SOCKET_CONNECTABLE (server), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  return open_sync (self, options_for_connectable, server, timeout_msec, cancellable, error);
}

/**
 * smb_protocol_factory_open_connection_to_async:
 * @self: the factory
 * @server: where the server is
 * @timeout_msec: milliseconds for the whole opening, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.open_connection_to].
 */
void
smb_protocol_factory_open_connection_to_async (SmbProtocolFactory  *self,
                                               GSocketConnectable  *server,
                                               int                  timeout_msec,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data)
{
  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (G_IS_SOCKET_CONNECTABLE (server));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  open_async (self, options_for_connectable, server, smb_protocol_factory_open_connection_to_async,
              timeout_msec, cancellable, callback, user_data);
}

/**
 * smb_protocol_factory_open_connection_to_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.open_connection_to_async].
 *
 * Returns: whether the connection is open
 */
gboolean
smb_protocol_factory_open_connection_to_finish (SmbProtocolFactory  *self,
                                                GAsyncResult        *result,
                                                GError             **error)
{
  return finish (self, result, smb_protocol_factory_open_connection_to_async, error);
}
