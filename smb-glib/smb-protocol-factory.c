/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/worker/smb-worker.h"

/**
 * SmbProtocolFactory:
 *
 * One connection to one server, and everything that can be done with its shares.
 *
 * A factory is made with the credentials, then opened with [method@ProtocolFactory.open_connection], which
 * ends with the signal [signal@ProtocolFactory::auth-ok] or [signal@ProtocolFactory::auth-failed]; a
 * subclass may override the virtual functions of these names instead of connecting to them. After that files
 * are listed, read, written, renamed and removed until [method@ProtocolFactory.close_connection], or until
 * the server goes away, which [signal@ProtocolFactory::closed] tells. Then the factory may be opened again,
 * also with other credentials.
 *
 * Every operation exists three times: `foo()` waits and never runs a main loop, `foo_async()` and
 * `foo_finish()` do not wait. All may be called from any thread, at any time, and many at once: they share
 * the connection without waiting for each other. Results of the asynchronous ones come to the thread-default
 * main context of the caller; signals, and the notifications of the read-only properties, to the one that
 * was thread-default when the factory was made, before the callbacks of the calls that caused them.
 *
 * A timeout is in milliseconds; -1 is [property@ProtocolFactory:default-timeout] and %G_MAXINT is none. It
 * bounds a single request, and the opening, as a whole; for transfers, enumerations and operations on many
 * files it is the longest time without progress. A call that times out or is cancelled leaves the connection
 * usable.
 *
 * Shares are named without slashes. Paths are relative to the share, in UTF-8, with `/` or `\` between the
 * names. A component like `@GMT-2024.05.06-07.08.09` means the path as it was at that time, see
 * [method@ProtocolFactory.list_snapshots].
 *
 * Errors that the server or the protocol report are of the domain `SMB_ERROR`, of which
 * [func@Error.get_nt_status] knows what the server said; those of the network, of streams and of
 * cancellation are those of GIO. An operation fails with %SMB_ERROR_NOT_READY before the connection is open
 * and with %SMB_ERROR_NOT_CONNECTED once it has ended, and so does whatever was under way then.
 *
 * In a child that was forked off, the factories of the parent are dead: operations fail with
 * %SMB_ERROR_NOT_CONNECTED, and nothing is sent when they are freed. The child may make its own.
 */
G_DEFINE_TYPE_WITH_PRIVATE (SmbProtocolFactory, smb_protocol_factory, G_TYPE_OBJECT)

enum
{
  PROP_STATE = SMB_FACTORY_N_SETTINGS,
  PROP_READY,
  PROP_DIALECT,
  PROP_GUEST,
  PROP_SIGNING_ALGORITHM,
  PROP_CIPHER,
  PROP_MAX_READ_SIZE,
  PROP_MAX_WRITE_SIZE,
  N_PROPS,
};
static GParamSpec *props[N_PROPS]; /* the read-only ones */

enum
{
  AUTH_OK,
  AUTH_FAILED,
  CLOSED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

SmbProtocolFactoryPrivate *
smb_protocol_factory_get_private (SmbProtocolFactory *self)
{
  return smb_protocol_factory_get_instance_private (self);
}

gboolean
smb_protocol_factory_is_of_this_process (SmbProtocolFactory *self)
{
  return smb_protocol_factory_get_private (self)->generation == smb_process_generation ();
}

/* In a forked child a thread that is not there may hold the lock. */
static SmbProtocolFactoryPrivate *
lock (SmbProtocolFactory *self)
{
  SmbProtocolFactoryPrivate *priv = smb_protocol_factory_get_private (self);

  if (smb_protocol_factory_is_of_this_process (self))
    g_mutex_lock (&priv->lock);
  return priv;
}

static void
unlock (SmbProtocolFactory *self)
{
  if (smb_protocol_factory_is_of_this_process (self))
    g_mutex_unlock (&smb_protocol_factory_get_private (self)->lock);
}

SmbConnection *
smb_protocol_factory_dup_connection (SmbProtocolFactory *self)
{
  SmbProtocolFactoryPrivate *priv = lock (self);
  SmbConnection             *connection = NULL;

  if (priv->connection != NULL)
    connection = smb_connection_use (priv->connection);
  unlock (self);
  return connection;
}

/* What the read-only properties are: those of a connection that has ended are no more. */
static void
get_info (SmbProtocolFactory *self,
          SmbConnectionInfo  *info)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  if (connection != NULL)
    smb_connection_get_info (connection, info);
  if (connection == NULL || info->state == SMB_CONNECTION_STATE_DISCONNECTED)
    *info = (SmbConnectionInfo) { SMB_CONNECTION_STATE_DISCONNECTED };
}

/**
 * smb_protocol_factory_get_state: (get-property state)
 * @self: the factory
 *
 * Where the connection is in its life, now: [property@ProtocolFactory:state] is told of a little later.
 *
 * Returns: the state
 */
SmbConnectionState
smb_protocol_factory_get_state (SmbProtocolFactory *self)
{
  SmbConnectionInfo info;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), SMB_CONNECTION_STATE_DISCONNECTED);

  get_info (self, &info);
  return info.state;
}

/**
 * smb_protocol_factory_get_ready: (get-property ready)
 * @self: the factory
 *
 * Whether operations are possible.
 *
 * Returns: whether the connection is open and authenticated
 */
gboolean
smb_protocol_factory_get_ready (SmbProtocolFactory *self)
{
  SmbConnectionInfo info;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  get_info (self, &info);
  return info.state == SMB_CONNECTION_STATE_READY;
}

/**
 * smb_protocol_factory_get_dialect: (get-property dialect)
 * @self: the factory
 *
 * Which dialect is spoken.
 *
 * Returns: the dialect, or %SMB_DIALECT_VERSION_NONE while there is no session
 */
SmbDialectVersion
smb_protocol_factory_get_dialect (SmbProtocolFactory *self)
{
  SmbConnectionInfo info;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), SMB_DIALECT_VERSION_NONE);

  get_info (self, &info);
  return info.dialect;
}

/**
 * smb_protocol_factory_get_guest: (get-property guest)
 * @self: the factory
 *
 * Whether the server has made the user a guest.
 *
 * Returns: whether the session is a guest's
 */
gboolean
smb_protocol_factory_get_guest (SmbProtocolFactory *self)
{
  SmbConnectionInfo info;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  get_info (self, &info);
  return info.guest;
}

/**
 * smb_protocol_factory_get_signing_algorithm: (get-property signing-algorithm)
 * @self: the factory
 *
 * How messages are signed.
 *
 * Returns: (nullable): the name of the algorithm, or %NULL if they are not
 */
const char *
smb_protocol_factory_get_signing_algorithm (SmbProtocolFactory *self)
{
  SmbConnectionInfo info;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  get_info (self, &info);
  return info.signing_algorithm;
}

/**
 * smb_protocol_factory_get_cipher: (get-property cipher)
 * @self: the factory
 *
 * How messages are encrypted if the session or a share is.
 *
 * Returns: (nullable): the name of the cipher, or %NULL if they cannot be
 */
const char *
smb_protocol_factory_get_cipher (SmbProtocolFactory *self)
{
  SmbConnectionInfo info;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  get_info (self, &info);
  return info.cipher;
}

/**
 * smb_protocol_factory_get_max_read_size: (get-property max-read-size)
 * @self: the factory
 *
 * The most bytes that one READ may ask for; larger reads are split.
 *
 * Returns: bytes, or 0 while there is no session
 */
guint
smb_protocol_factory_get_max_read_size (SmbProtocolFactory *self)
{
  SmbConnectionInfo info;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), 0);

  get_info (self, &info);
  return info.max_read_size;
}

/**
 * smb_protocol_factory_get_max_write_size: (get-property max-write-size)
 * @self: the factory
 *
 * The most bytes that one WRITE may carry; larger writes are split.
 *
 * Returns: bytes, or 0 while there is no session
 */
guint
smb_protocol_factory_get_max_write_size (SmbProtocolFactory *self)
{
  SmbConnectionInfo info;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), 0);

  get_info (self, &info);
  return info.max_write_size;
}

static void
smb_protocol_factory_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SmbProtocolFactory *self = SMB_PROTOCOL_FACTORY (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, smb_protocol_factory_get_state (self));
      break;
    case PROP_READY:
      g_value_set_boolean (value, smb_protocol_factory_get_ready (self));
      break;
    case PROP_DIALECT:
      g_value_set_enum (value, smb_protocol_factory_get_dialect (self));
      break;
    case PROP_GUEST:
      g_value_set_boolean (value, smb_protocol_factory_get_guest (self));
      break;
    case PROP_SIGNING_ALGORITHM:
      g_value_set_static_string (value, smb_protocol_factory_get_signing_algorithm (self));
      break;
    case PROP_CIPHER:
      g_value_set_static_string (value, smb_protocol_factory_get_cipher (self));
      break;
    case PROP_MAX_READ_SIZE:
      g_value_set_uint (value, smb_protocol_factory_get_max_read_size (self));
      break;
    case PROP_MAX_WRITE_SIZE:
      g_value_set_uint (value, smb_protocol_factory_get_max_write_size (self));
      break;
    default:
      smb_factory_settings_get_value (&lock (self)->settings, id, value);
      unlock (self);
    }
}

static void
smb_protocol_factory_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  SmbProtocolFactory        *self = SMB_PROTOCOL_FACTORY (object);
  SmbProtocolFactoryPrivate *priv = lock (self);
  g_autoptr(GProxyResolver)  before = NULL; /* its end may run the application's code: not under the lock */

  g_set_object (&before, priv->settings.proxy_resolver);
  smb_factory_settings_set_value (&priv->settings, id, value);
  unlock (self);
}

/* Telling. */

static void
notify_if (SmbProtocolFactory *self,
           gboolean            changed,
           guint               id)
{
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[id]);
}

static void
tell_changes (SmbProtocolFactory      *self,
              const SmbConnectionInfo *now)
{
  SmbProtocolFactoryPrivate *priv = smb_protocol_factory_get_private (self);
  SmbConnectionInfo          before = priv->told;
  gboolean                   was_ready = before.state == SMB_CONNECTION_STATE_READY;

  priv->told = *now;
  notify_if (self, now->dialect != before.dialect, PROP_DIALECT);
  notify_if (self, now->guest != before.guest, PROP_GUEST);
  notify_if (self, g_strcmp0 (now->signing_algorithm, before.signing_algorithm) != 0, PROP_SIGNING_ALGORITHM);
  notify_if (self, g_strcmp0 (now->cipher, before.cipher) != 0, PROP_CIPHER);
  notify_if (self, now->max_read_size != before.max_read_size, PROP_MAX_READ_SIZE);
  notify_if (self, now->max_write_size != before.max_write_size, PROP_MAX_WRITE_SIZE);
  notify_if (self, now->state != before.state, PROP_STATE);
  notify_if (self, (now->state == SMB_CONNECTION_STATE_READY) != was_ready, PROP_READY);
}

void
smb_protocol_factory_emit (SmbProtocolFactory    *self,
                           const SmbFactoryEvent *event)
{
  switch (event->kind)
    {
    case SMB_FACTORY_EVENT_CHANGED:
      tell_changes (self, &event->info);
      break;
    case SMB_FACTORY_EVENT_AUTH_OK:
      g_signal_emit (self, signals[AUTH_OK], 0);
      break;
    case SMB_FACTORY_EVENT_AUTH_FAILED:
      g_signal_emit (self, signals[AUTH_FAILED], 0, event->error);
      break;
    case SMB_FACTORY_EVENT_CLOSED:
      g_signal_emit (self, signals[CLOSED], 0, event->error);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* The type. */

/* In a child the lock, and those of what is below, may be held by threads that are not there. */
static void
smb_protocol_factory_finalize (GObject *object)
{
  SmbProtocolFactory        *self = SMB_PROTOCOL_FACTORY (object);
  SmbProtocolFactoryPrivate *priv = smb_protocol_factory_get_private (self);

  if (smb_protocol_factory_is_of_this_process (self))
    {
      smb_factory_events_stop (priv->events);
      smb_factory_events_unref (priv->events);
      g_clear_pointer (&priv->connection, smb_connection_unuse);
      g_mutex_clear (&priv->lock);
    }
  smb_factory_settings_clear (&priv->settings);

  G_OBJECT_CLASS (smb_protocol_factory_parent_class)->finalize (object);
}

static void
init_state (void)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * SmbProtocolFactory:state: (getter get_state)
   *
   * Where the connection is in its life.
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SMB_TYPE_CONNECTION_STATE,
                                         SMB_CONNECTION_STATE_DISCONNECTED, flags);

  /**
   * SmbProtocolFactory:ready: (getter get_ready)
   *
   * Whether operations are possible.
   */
  props[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, flags);

  /**
   * SmbProtocolFactory:guest: (getter get_guest)
   *
   * Whether the server has made the user a guest.
   */
  props[PROP_GUEST] = g_param_spec_boolean ("guest", NULL, NULL, FALSE, flags);

  /**
   * SmbProtocolFactory:max-read-size: (getter get_max_read_size)
   *
   * The most bytes that one READ may ask for.
   */
  props[PROP_MAX_READ_SIZE] = g_param_spec_uint ("max-read-size", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * SmbProtocolFactory:max-write-size: (getter get_max_write_size)
   *
   * The most bytes that one WRITE may carry.
   */
  props[PROP_MAX_WRITE_SIZE] = g_param_spec_uint ("max-write-size", NULL, NULL, 0, G_MAXUINT, 0, flags);
}

static void
init_protocol (void)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * SmbProtocolFactory:dialect: (getter get_dialect)
   *
   * Which dialect is spoken.
   */
  props[PROP_DIALECT] = g_param_spec_enum ("dialect", NULL, NULL, SMB_TYPE_DIALECT_VERSION,
                                           SMB_DIALECT_VERSION_NONE, flags);

  /**
   * SmbProtocolFactory:signing-algorithm: (getter get_signing_algorithm)
   *
   * How messages are signed: the name of the algorithm, or %NULL if they are not.
   */
  props[PROP_SIGNING_ALGORITHM] = g_param_spec_string ("signing-algorithm", NULL, NULL, NULL, flags);

  /**
   * SmbProtocolFactory:cipher: (getter get_cipher)
   *
   * How messages are encrypted if the session or a share is: the name of the cipher, or %NULL if they cannot
   * be.
   */
  props[PROP_CIPHER] = g_param_spec_string ("cipher", NULL, NULL, NULL, flags);
}

static void
install_signals (SmbProtocolFactoryClass *klass)
{
  /**
   * SmbProtocolFactory::auth-ok:
   * @self: the factory
   *
   * The connection is open, the server has let the user in, and operations are possible.
   */
  signals[AUTH_OK] = g_signal_new ("auth-ok", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   G_STRUCT_OFFSET (SmbProtocolFactoryClass, auth_ok), NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  /**
   * SmbProtocolFactory::auth-failed:
   * @self: the factory
   * @error: why; %SMB_ERROR_AUTH_FAILED if it was the credentials
   *
   * An opening has not led to an open connection, for whatever reason.
   */
  signals[AUTH_FAILED] = g_signal_new ("auth-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       G_STRUCT_OFFSET (SmbProtocolFactoryClass, auth_failed), NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);

  /**
   * SmbProtocolFactory::closed:
   * @self: the factory
   * @error: (nullable): why, or %NULL if it was closed by [method@ProtocolFactory.close_connection]
   *
   * A connection has ended for which [signal@ProtocolFactory::auth-ok] was emitted.
   */
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  G_STRUCT_OFFSET (SmbProtocolFactoryClass, closed), NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
smb_protocol_factory_class_init (SmbProtocolFactoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = smb_protocol_factory_get_property;
  object_class->set_property = smb_protocol_factory_set_property;
  object_class->finalize = smb_protocol_factory_finalize;

  smb_factory_settings_install (object_class);
  init_state ();
  init_protocol ();
  for (guint id = PROP_STATE; id < N_PROPS; id++)
    g_object_class_install_property (object_class, id, props[id]);
  install_signals (klass);
}

static void
smb_protocol_factory_init (SmbProtocolFactory *self)
{
  SmbProtocolFactoryPrivate *priv = smb_protocol_factory_get_private (self);

  priv->generation = smb_process_generation ();
  priv->events = smb_factory_events_new (self);
  g_mutex_init (&priv->lock);
  smb_factory_settings_init (&priv->settings);
}

/**
 * smb_protocol_factory_new:
 * @username: (nullable): who logs in, as [property@ProtocolFactory:username]
 * @password: (nullable): the password
 * @client_name: (nullable): what this machine calls itself, as [property@ProtocolFactory:client-name]
 * @server_name: (nullable): the server's NetBIOS name, as [property@ProtocolFactory:server-name]
 *
 * Makes a factory, which connects to nothing yet.
 *
 * Returns: the factory
 */
SmbProtocolFactory *
smb_protocol_factory_new (const char *username,
                          const char *password,
                          const char *client_name,
                          const char *server_name)
{
  return g_object_new (SMB_TYPE_PROTOCOL_FACTORY,
                       "username", username,
                       "password", password,
                       "client-name", client_name,
                       "server-name", server_name,
                       NULL);
}
