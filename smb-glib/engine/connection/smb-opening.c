/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "engine/worker/smb-worker.h"
#include "crypto/smb-random.h"
#include "plugin/smb-plugin.h"
#include "plugin/smb-transport.h"

/* From nothing to a negotiated connection: which transport, which dialect ([MS-SMB2] 3.2.4.2.1, 3.2.4.2.2);
 * then smb-login.c goes on.
 *
 * SMB2's own NEGOTIATE comes first. A server that knows only SMB1 hangs up on it, or says nothing: where SMB1
 * is allowed, one more connection begins with SMB1's NEGOTIATE, which offers everything.
 *
 * Where a port answers nothing at all the next transport is not kept waiting for that, as in RFC 8305, 5: it
 * begins a moment later, and the first that is there is used. */

#define HEAD_START   (300 * G_TIME_SPAN_MILLISECOND)
#define SMB1_SILENCE (5 * G_TIME_SPAN_SECOND)
#define NETBIOS_PORT 139

/* Bytes of a message that are not payload. */
#define MESSAGE_ROOM 4096

struct _SmbOpening
{
  SmbConnection *connection; /* a memory reference */
  SmbCall       *call;       /* unowned; ends no later than this */

  GStrv          transports; /* to be tried, in this order */
  guint          next;       /* of them */
  gint64         next_at;    /* G_MAXINT64: when those before it have failed, or never */
  guint          used;       /* the one that succeeded */
  GQueue         attempts;   /* of Attempt, unowned: those under way */
  GError        *error;      /* of those that failed, the one that tells most */
  guint          error_of;
  gboolean       multi_protocol;
  gint64         silent_until;
};

/* A transport at work, which answers in any case: its own until then. */
typedef struct
{
  SmbConnection *connection; /* a memory reference: what the transport was told is the connection's */
  SmbOpening    *opening;    /* NULL: its answer is not wanted any more */
  guint          index;
  GCancellable  *cancellable;
} Attempt;

static void
attempt_free (Attempt *self)
{
  smb_watch_set_end_other (smb_worker_get_watches ());
  g_object_unref (self->cancellable);
  smb_connection_unref (self->connection);
  g_free (self);
}

static void
give_up_attempts (SmbOpening *self)
{
  Attempt *attempt;

  while ((attempt = g_queue_pop_head (&self->attempts)) != NULL)
    {
      attempt->opening = NULL;
      g_cancellable_cancel (attempt->cancellable);
    }
}

static void
opening_free (SmbOpening *self)
{
  give_up_attempts (self);
  g_strfreev (self->transports);
  g_clear_error (&self->error);
  smb_connection_unref (self->connection);
  g_free (self);
}

/* The network's errors go to the caller as they are. */
static void
fail (SmbOpening *self,
      GError     *error)
{
  SmbConnection *connection = smb_connection_ref (self->connection);
  GError        *copy = g_error_copy (error);

  if (error->domain == SMB_ERROR)
    g_prefix_error (&copy, "Cannot %s: ", smb_call_get_context (self->call));
  smb_call_return_error (self->call, copy); /* whose cleanup ends the connection */
  smb_connection_fail (connection, error);
  smb_connection_unref (connection);
}

/* Negotiation. */

static gboolean
may_fall_back (SmbOpening *self)
{
  const SmbConnectionOptions *options = self->connection->options;

  return !self->multi_protocol && options->min_version <= SMB_DIALECT_VERSION_SMB_1 &&
         options->max_version != SMB_DIALECT_VERSION_SMB_1;
}

static SmbDialect *
new_dialect (const char  *name,
             GError     **error)
{
  GType type = smb_plugin_lookup (SMB_DIALECT_EXTENSION_POINT, name, error);

  return type == 0 ? NULL : g_object_new (type, NULL);
}

static gboolean
send_negotiate (SmbOpening  *self,
                gboolean     multi_protocol,
                GError     **error)
{
  SmbConnection              *connection = self->connection;
  const SmbConnectionOptions *options = connection->options;
  SmbFrame                   *frame;
  SmbNegotiateOptions         wanted = {
    .min_version = options->min_version,
    .max_version = options->max_version,
    .sign_options = options->sign_options,
    .encryption = options->encryption,
    .target_host = smb_connection_get_target_host (connection),
    .multi_protocol = multi_protocol,
  };

  /* Samba serves all connections of one ClientGuid in one process, and loses some of those that come at
   * once. */
  smb_random_bytes (wanted.client_guid, sizeof wanted.client_guid);
  frame = smb_dialect_negotiate (connection->dialect, &wanted, error);
  if (frame == NULL)
    return FALSE;

  smb_flow_send_frame (connection, frame);
  if (may_fall_back (self))
    {
      self->silent_until = g_get_monotonic_time () + SMB1_SILENCE;
      smb_connection_set_timer (connection, self->silent_until);
    }
  smb_flow_flush (connection);
  return TRUE;
}

static void
begin_negotiation (SmbOpening *self)
{
  SmbConnection *connection = self->connection;
  GError        *error = NULL;
  gboolean       only_smb1 = connection->options->max_version == SMB_DIALECT_VERSION_SMB_1;

  g_clear_object (&connection->dialect);
  connection->dialect = new_dialect (only_smb1 ? "smb1" : "smb2", &error);
  if (connection->dialect == NULL || !send_negotiate (self, self->multi_protocol, &error))
    fail (self, error);
}

/* Servers offer sizes that do not fit the framing of every transport. */
static void
limit_sizes (SmbConnection *connection)
{
  SmbNegotiation *negotiation = &connection->negotiation;
  guint32         most = smb_channel_get_largest_message (connection->channel) - MESSAGE_ROOM;

  negotiation->max_read_size = MIN (negotiation->max_read_size, most);
  negotiation->max_write_size = MIN (negotiation->max_write_size, most);
  negotiation->max_transact_size = MIN (negotiation->max_transact_size, most);
}

static void
negotiation_done (SmbOpening *self)
{
  SmbConnection *connection = self->connection;

  limit_sizes (connection);
  if (connection->options->encryption == SMB_ENCRYPTION_REQUIRED && !connection->negotiation.can_seal)
    {
      fail (self, g_error_new_literal (SMB_ERROR, SMB_ERROR_SECURITY,
                                       "encryption is required, and the server cannot encrypt"));
      return;
    }
  connection->flow.units = MAX (connection->negotiation.units, 1);
  smb_connection_set_state (connection, SMB_CONNECTION_STATE_AUTHENTICATING);
  smb_login_start (connection);
}

static gboolean
is_smb1 (const guint8 *message,
         gsize         size)
{
  return size >= 4 && memcmp (message, "\xffSMB", 4) == 0;
}

/* SMB1's plugin takes over when its answer is to SMB1's question. */
static gboolean
switch_to_smb1 (SmbOpening  *self,
                GError     **error)
{
  SmbDialect *dialect = new_dialect ("smb1", error);

  if (dialect == NULL)
    {
      g_prefix_error (error, "the server speaks only SMB1, for which this library needs a plugin: ");
      return FALSE;
    }
  g_set_object (&self->connection->dialect, dialect);
  g_object_unref (dialect);
  return TRUE;
}

void
smb_opening_message (SmbConnection *connection,
                     const guint8  *message,
                     gsize          size)
{
  SmbOpening *self = connection->opening;
  GError     *error = NULL;

  self->silent_until = G_MAXINT64;
  smb_negotiation_clear (&connection->negotiation);
  if ((self->multi_protocol && is_smb1 (message, size) && !switch_to_smb1 (self, &error)) ||
      !smb_dialect_negotiated (connection->dialect, message, size, &connection->negotiation, &error))
    fail (self, error);
  else if (!connection->negotiation.again)
    negotiation_done (self);
  else if (!send_negotiate (self, FALSE, &error))
    fail (self, error);
}

/* Transports. */

static void try_next (SmbOpening *self);

static gboolean
is_of_server (const GError *error)
{
  return error->domain == SMB_ERROR && error->code != SMB_ERROR_PLUGIN_MISSING;
}

/* What a server says goes before that none was there. That a plugin is missing which nobody asked for by name
 * only counts when it was the first that was needed. */
static gboolean
tells_more (SmbOpening   *self,
            guint         index,
            const GError *error)
{
  if (self->error == NULL)
    return TRUE;
  if (is_of_server (error) != is_of_server (self->error))
    return is_of_server (error);
  return index < self->error_of;
}

/* Takes @error. */
static void
attempt_failed (SmbOpening *self,
                guint       index,
                GError     *error)
{
  if (tells_more (self, index, error))
    {
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
      self->error_of = index;
    }
  g_clear_error (&error);

  if (self->transports[self->next] != NULL)
    try_next (self);
  else if (g_queue_is_empty (&self->attempts))
    fail (self, g_steal_pointer (&self->error));
}

/* Takes @channel. */
static void
use_channel (SmbOpening *self,
             guint       index,
             SmbChannel *channel)
{
  give_up_attempts (self);
  self->used = index;
  self->next_at = G_MAXINT64;
  smb_connection_take_channel (self->connection, channel);
  smb_connection_set_state (self->connection, SMB_CONNECTION_STATE_NEGOTIATING);
  begin_negotiation (self);
}

static void
opened (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Attempt               *attempt = user_data;
  SmbOpening            *self = attempt->opening;
  guint                  index = attempt->index;
  GError                *error = NULL;
  g_autoptr(SmbChannel)  channel = smb_transport_open_finish (SMB_TRANSPORT (source), result, &error);

  if (self != NULL)
    g_queue_remove (&self->attempts, attempt);
  attempt_free (attempt);
  if (self == NULL)
    g_clear_error (&error);
  else if (channel == NULL)
    attempt_failed (self, index, error);
  else
    use_channel (self, index, g_steal_pointer (&channel));
}

static void
open_transport (SmbOpening   *self,
                guint         index,
                SmbTransport *transport)
{
  Attempt                       *attempt = g_new0 (Attempt, 1);
  const SmbConnectionOptions    *options = self->connection->options;
  guint16                        port =
    options->port != 0 ? options->port : smb_transport_get_default_port (transport);
  g_autoptr(GSocketConnectable)  server =
    options->server != NULL ? g_object_ref (options->server) : g_network_address_new (options->host, port);
  SmbTransportTarget             target = {
    .server = server,
    .proxy_resolver = options->proxy_resolver,
    .client_name = options->client_name,
    .server_name = options->server_name,
  };

  attempt->connection = smb_connection_ref (self->connection);
  attempt->opening = self;
  attempt->index = index;
  attempt->cancellable = g_cancellable_new ();
  g_queue_push_tail (&self->attempts, attempt);
  smb_watch_set_begin_other (smb_worker_get_watches ());
  smb_transport_open_async (transport, &target, attempt->cancellable, opened, attempt);
}

static void
give_head_start (SmbOpening *self)
{
  self->next_at = G_MAXINT64;
  if (self->transports[self->next] == NULL)
    return;
  self->next_at = g_get_monotonic_time () + HEAD_START;
  smb_connection_set_timer (self->connection, self->next_at);
}

static void
try_next (SmbOpening *self)
{
  guint                   index = self->next++;
  g_autoptr(SmbTransport) transport = NULL;
  GError                 *error = NULL;
  GType                   type;

  give_head_start (self);
  type = smb_plugin_lookup (SMB_TRANSPORT_EXTENSION_POINT, self->transports[index], &error);
  if (type == 0)
    {
      attempt_failed (self, index, error);
      return;
    }
  transport = g_object_new (type, NULL);
  open_transport (self, index, transport);
}

static GStrv
choose_transports (const SmbConnectionOptions *options)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  if (options->transport != NULL && !g_str_equal (options->transport, "auto"))
    g_strv_builder_add (names, options->transport);
  else
    {
      if (options->port != NETBIOS_PORT)
        g_strv_builder_add (names, "tcp");
      if (options->port == NETBIOS_PORT || (options->port == 0 && options->server == NULL))
        g_strv_builder_add (names, "netbios");
    }
  return g_strv_builder_end (names);
}

static void
start (SmbCall *call)
{
  SmbConnection *connection = smb_call_get_connection (call);
  SmbOpening    *self = g_new0 (SmbOpening, 1);

  self->connection = smb_connection_ref (connection);
  self->call = call;
  self->transports = choose_transports (connection->options);
  g_queue_init (&self->attempts);
  self->silent_until = G_MAXINT64;
  connection->opening = self;
  smb_connection_set_state (connection, SMB_CONNECTION_STATE_CONNECTING);
  try_next (self);
}

/* The call has ended: without success, so does the connection. */
static void
cleanup (SmbCall *call)
{
  SmbConnection *connection = smb_call_get_connection (call);

  if (connection->state != SMB_CONNECTION_STATE_READY)
    smb_connection_fail (connection, NULL);
}

SmbCall *
smb_open_call_new (SmbConnection *connection,
                   int            timeout_msec,
                   GCancellable  *cancellable)
{
  g_autofree char *verb = g_strdup_printf ("connect to '%s'", smb_connection_get_target_host (connection));
  SmbCall         *call = smb_call_new (connection, verb, NULL, NULL, timeout_msec, cancellable);

  smb_call_set_any_state (call);
  smb_call_set_operation (call, start, cleanup, NULL, NULL);
  return call;
}

void
smb_opening_login_done (SmbConnection *connection)
{
  SmbOpening *self = g_steal_pointer (&connection->opening);
  SmbCall    *call = self->call;

  connection->was_ready = TRUE;
  connection->keepalive.last_received = g_get_monotonic_time ();
  smb_connection_publish (connection);
  smb_connection_set_state (connection, SMB_CONNECTION_STATE_READY);
  smb_connection_set_timer (connection, smb_keepalive_check (connection, g_get_monotonic_time ()));
  opening_free (self);
  smb_call_return (call, NULL, NULL);
}

static void
fall_back (SmbOpening *self)
{
  self->multi_protocol = TRUE;
  self->silent_until = G_MAXINT64;
  smb_connection_drop_channel (self->connection);
  smb_connection_set_state (self->connection, SMB_CONNECTION_STATE_CONNECTING);
  self->next = self->used;
  try_next (self);
}

gboolean
smb_opening_retry (SmbConnection *connection,
                   const GError  *error)
{
  SmbOpening *self = connection->opening;

  if (self == NULL || connection->state != SMB_CONNECTION_STATE_NEGOTIATING || !may_fall_back (self) ||
      connection->receiver.has_header ||
      !(g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
        g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE)))
    return FALSE;
  fall_back (self);
  return TRUE;
}

gint64
smb_opening_check (SmbConnection *connection,
                   gint64         now)
{
  SmbOpening *self = connection->opening;

  if (self == NULL)
    return G_MAXINT64;
  if (now < self->next_at && now < self->silent_until)
    return MIN (self->next_at, self->silent_until);
  if (now >= self->next_at)
    try_next (self);
  else if (may_fall_back (self) && !connection->receiver.has_header)
    fall_back (self);
  return G_MAXINT64; /* what begins sets the timer */
}

void
smb_opening_stop (SmbConnection *connection)
{
  SmbOpening *self = g_steal_pointer (&connection->opening);

  if (self != NULL)
    opening_free (self);
}
