/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-name-service.h"

#include <string.h>

#include "plugin/smb-name-query.h"
#include "smb-broadcast-private.h"
#include "smb-error-private.h"
#include "smb-name-record-private.h"

#define DEFAULT_TIMEOUT 30000 /* milliseconds */

/**
 * SmbNameService:
 *
 * Finds computers by their NetBIOS names, and the names of computers ([RFC 1002] 4.2), without opening a
 * connection.
 *
 * Old networks have no other names. It works over UDP and IPv4 only, and nothing of it is protected: who
 * answers first is believed. So it is good for finding a server, not for knowing that it is the right one,
 * which the login shows.
 *
 * A question is repeated when no answer comes: in broadcasts three times within a second, else three times
 * within the timeout, at most every five seconds.
 *
 * ```c
 * g_autoptr(SmbNameService) service = smb_name_service_new ();
 * g_auto(GStrv) addresses = smb_name_service_query_name (service, "NAS", NULL, 0, SMB_NAME_SUFFIX_SERVER, -1,
 *                                                        NULL, &error);
 * ```
 *
 * Calls may be made from any thread, many at once. The asynchronous ones run in the thread-default context of
 * their caller; the synchronous ones run no main loop.
 */
struct _SmbNameService
{
  GObject parent_instance;

  GMutex   lock; /* for all that follows */
  gboolean broadcast;
  char    *broadcast_address; /* NULL = those of this machine's networks */
  guint    port;
  guint    listen_port;
  int      default_timeout;
};

G_DEFINE_FINAL_TYPE (SmbNameService, smb_name_service, G_TYPE_OBJECT)

enum
{
  PROP_BROADCAST = 1,
  PROP_BROADCAST_ADDRESS,
  PROP_PORT,
  PROP_LISTEN_PORT,
  PROP_DEFAULT_TIMEOUT,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
get_property (SmbNameService *self,
              guint           id,
              GValue         *value)
{
  switch (id)
    {
    case PROP_BROADCAST:
      g_value_set_boolean (value, self->broadcast);
      break;
    case PROP_BROADCAST_ADDRESS:
      g_value_set_string (value, self->broadcast_address);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;
    case PROP_LISTEN_PORT:
      g_value_set_uint (value, self->listen_port);
      break;
    case PROP_DEFAULT_TIMEOUT:
      g_value_set_int (value, self->default_timeout);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
smb_name_service_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  SmbNameService *self = SMB_NAME_SERVICE (object);

  g_mutex_lock (&self->lock);
  get_property (self, id, value);
  g_mutex_unlock (&self->lock);
}

static void
set_property (SmbNameService *self,
              guint           id,
              const GValue   *value)
{
  switch (id)
    {
    case PROP_BROADCAST:
      self->broadcast = g_value_get_boolean (value);
      break;
    case PROP_BROADCAST_ADDRESS:
      g_free (self->broadcast_address);
      self->broadcast_address = g_value_dup_string (value);
      break;
    case PROP_PORT:
      self->port = g_value_get_uint (value);
      break;
    case PROP_LISTEN_PORT:
      self->listen_port = g_value_get_uint (value);
      break;
    case PROP_DEFAULT_TIMEOUT:
      self->default_timeout = g_value_get_int (value);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
smb_name_service_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  SmbNameService *self = SMB_NAME_SERVICE (object);

  g_mutex_lock (&self->lock);
  set_property (self, id, value);
  g_mutex_unlock (&self->lock);
}

static void
smb_name_service_finalize (GObject *object)
{
  SmbNameService *self = SMB_NAME_SERVICE (object);

  g_free (self->broadcast_address);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (smb_name_service_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  /**
   * SmbNameService:broadcast:
   *
   * Whether everybody is asked when no address is given. If not, such calls fail with
   * %SMB_ERROR_INVALID_ARGUMENT.
   */
  props[PROP_BROADCAST] = g_param_spec_boolean ("broadcast", NULL, NULL, TRUE, flags);

  /**
   * SmbNameService:broadcast-address:
   *
   * Where everybody is asked: the IPv4 broadcast address of a network, or %NULL for those of all networks
   * that this computer is on.
   */
  props[PROP_BROADCAST_ADDRESS] = g_param_spec_string ("broadcast-address", NULL, NULL, NULL, flags);

  /**
   * SmbNameService:port:
   *
   * The port of the name service, where a call does not give one.
   */
  props[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 1, G_MAXUINT16, SMB_NAME_SERVICE_PORT, flags);

  /**
   * SmbNameService:listen-port:
   *
   * The local port from which to ask and at which to get answers; 0 for any. Very old computers answer to
   * port 137 wherever the question comes from; that port is reserved to administrators.
   */
  props[PROP_LISTEN_PORT] = g_param_spec_uint ("listen-port", NULL, NULL, 0, G_MAXUINT16, 0, flags);

  /**
   * SmbNameService:default-timeout:
   *
   * How long calls wait for an answer when they were given -1, in milliseconds; %G_MAXINT for as long as it
   * makes sense. With less than -1 they fail with %SMB_ERROR_INVALID_ARGUMENT.
   */
  props[PROP_DEFAULT_TIMEOUT] =
    g_param_spec_int ("default-timeout", NULL, NULL, 0, G_MAXINT, DEFAULT_TIMEOUT, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_name_service_class_init (SmbNameServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = smb_name_service_get_property;
  object_class->set_property = smb_name_service_set_property;
  object_class->finalize = smb_name_service_finalize;
  install_properties (object_class);
}

static void
smb_name_service_init (SmbNameService *self)
{
  g_mutex_init (&self->lock);
}

/**
 * smb_name_service_new:
 *
 * Makes a name service that asks in all networks of this computer.
 *
 * Returns: (transfer full): the name service
 */
SmbNameService *
smb_name_service_new (void)
{
  return g_object_new (SMB_TYPE_NAME_SERVICE, NULL);
}

/* Questions. */

static GInetAddress *
parse_address (const char  *address,
               GError     **error)
{
  g_autoptr(GInetAddress) parsed = g_inet_address_new_from_string (address);

  if (parsed != NULL && g_inet_address_get_family (parsed) == G_SOCKET_FAMILY_IPV4)
    return g_steal_pointer (&parsed);
  g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
               "'%s' is not an IPv4 address, and NetBIOS knows no others", address);
  return NULL;
}

/* A broadcast's, when no address was given; under the lock. */
static GPtrArray *
choose_broadcast (SmbNameService  *self,
                  GError         **error)
{
  g_autoptr(GPtrArray)  list = NULL;
  GInetAddress         *address;

  if (!self->broadcast)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                           "there is no address to ask at, and broadcasts are switched off");
      return NULL;
    }
  if (self->broadcast_address == NULL)
    return smb_broadcast_list ();

  address = parse_address (self->broadcast_address, error);
  if (address == NULL)
    return NULL;
  list = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (list, address);
  return g_steal_pointer (&list);
}

/* The one given, which may be that of everybody all the same; under the lock. */
static GPtrArray *
choose_address (SmbNameService  *self,
                const char      *text,
                gboolean        *broadcast,
                GError         **error)
{
  GInetAddress *address = parse_address (text, error);
  GPtrArray    *list;

  if (address == NULL)
    return NULL;
  *broadcast = g_strcmp0 (text, self->broadcast_address) == 0 || smb_broadcast_is (address);
  list = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (list, address);
  return list;
}

/* Fills in all but what is asked; its addresses are to be freed. */
static gboolean
address_question (SmbNameService   *self,
                  const char       *address,
                  guint16           port,
                  int               timeout_msec,
                  SmbNameQuestion  *question,
                  GError          **error)
{
  if (!smb_error_check_timeout (timeout_msec, error))
    return FALSE;

  g_mutex_lock (&self->lock);
  question->port = port != 0 ? port : self->port;
  question->listen_port = self->listen_port;
  question->timeout_msec = timeout_msec != -1 ? timeout_msec : self->default_timeout;
  question->broadcast = address == NULL;
  question->addresses = address == NULL ? choose_broadcast (self, error)
                                        : choose_address (self, address, &question->broadcast, error);
  g_mutex_unlock (&self->lock);

  return question->addresses != NULL;
}

static void
question_clear (SmbNameQuestion *self)
{
  g_clear_pointer (&self->addresses, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmbNameQuestion, question_clear)

/* The network's errors go to the caller as they are. */
static void
add_context (GError     **error,
             const char  *context)
{
  if (error != NULL && *error != NULL && (*error)->domain == SMB_ERROR)
    g_prefix_error (error, "Cannot %s: ", context);
}

static char *
name_context (const char *name,
              guint       suffix)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);

  return g_strdup_printf ("find '%s<%02x>'", valid, suffix);
}

static char *
status_context (const char *address)
{
  g_autofree char *valid = g_utf8_make_valid (address, -1);

  return g_strdup_printf ("ask '%s' for its names", valid);
}

static gboolean
make_name_question (SmbNameService   *self,
                    const char       *name,
                    const char       *address,
                    guint16           port,
                    guint             suffix,
                    int               timeout_msec,
                    SmbNameQuestion  *question,
                    GError          **error)
{
  question->type = SMB_NBNS_NAME;
  return smb_netbios_name_init (&question->name, name, (guint8) suffix, error) &&
         address_question (self, address, port, timeout_msec, question, error);
}

static gboolean
make_status_question (SmbNameService   *self,
                      const char       *address,
                      guint16           port,
                      int               timeout_msec,
                      SmbNameQuestion  *question,
                      GError          **error)
{
  question->type = SMB_NBNS_STATUS;
  smb_netbios_name_init_any (&question->name);
  return address_question (self, address, port, timeout_msec, question, error);
}

/* Answers. */

static char **
take_addresses (SmbNbnsReply *reply)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < reply->addresses->len; i++)
    {
      const SmbNbnsAddress    *data = &g_array_index (reply->addresses, SmbNbnsAddress, i);
      g_autoptr(GInetAddress)  address = g_inet_address_new_from_bytes (data->address, G_SOCKET_FAMILY_IPV4);
      g_autofree char         *text = g_inet_address_to_string (address);

      g_strv_builder_add (builder, text);
    }
  smb_nbns_reply_free (reply);
  return g_strv_builder_end (builder);
}

/* Zeros are what those who have none to tell put there. */
static char *
get_mac_address (const SmbNbnsReply *reply)
{
  static const guint8  none[sizeof reply->unit_id] = { 0 };
  const guint8        *id = reply->unit_id;

  if (!reply->has_unit_id || memcmp (id, none, sizeof none) == 0)
    return NULL;
  return g_strdup_printf ("%02x:%02x:%02x:%02x:%02x:%02x", id[0], id[1], id[2], id[3], id[4], id[5]);
}

static GPtrArray *
take_records (SmbNbnsReply *reply)
{
  GPtrArray       *records = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *mac_address = get_mac_address (reply);

  for (guint i = 0; i < reply->records->len; i++)
    g_ptr_array_add (records,
                     smb_name_record_new (&g_array_index (reply->records, SmbNbnsRecord, i), mac_address));
  smb_nbns_reply_free (reply);
  return records;
}

/* The asynchronous forms: a task whose data is what stands after "Cannot" in messages. */

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask)  task = user_data;
  GError           *error = NULL;
  SmbNbnsReply     *reply = smb_name_query_finish (result, &error);

  if (reply != NULL)
    {
      g_task_return_pointer (task, reply, (GDestroyNotify) smb_nbns_reply_free);
      return;
    }
  add_context (&error, g_task_get_task_data (task));
  g_task_return_error (task, error);
}

/* Takes @context, @error, which is set if @question is none, and what is in @question. */
static void
ask_async (SmbNameService      *self,
           SmbNameQuestion     *question,
           char                *context,
           GError              *error,
           gpointer             source_tag,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, context, g_free);
  if (error == NULL)
    smb_name_query_async (question, cancellable, answered_cb, g_steal_pointer (&task));
  else
    {
      add_context (&error, context);
      g_task_return_error (task, error);
    }
  question_clear (question);
}

static SmbNbnsReply *
ask_finish (SmbNameService  *self,
            GAsyncResult    *result,
            gpointer         source_tag,
            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * smb_name_service_query_name:
 * @self: the name service
 * @name: a NetBIOS name of at most 15 characters, in capitals or not
 * @address: (nullable): the IPv4 address of the computer or name server to ask, or %NULL to ask everybody
 * @port: the port to ask at, or 0 for [property@NameService:port]
 * @suffix: what the name stands for, usually %SMB_NAME_SUFFIX_SERVER
 * @timeout_msec: milliseconds, -1 for [property@NameService:default-timeout], %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks for the addresses of a NetBIOS name ([RFC 1002] 4.2.12).
 *
 * A workgroup or domain has those of many computers; when everybody is asked for one this takes a second,
 * until all have had time to answer.
 *
 * Fails with %SMB_ERROR_NOT_FOUND if there is no such name, or nobody in the network has it; with
 * %SMB_ERROR_TIMED_OUT if who was asked does not answer, with %SMB_ERROR_INVALID_ARGUMENT for a name or
 * address that cannot be, and with a [error@Gio.IOErrorEnum] if the network cannot be reached.
 *
 * Returns: (transfer full) (array zero-terminated=1): IPv4 addresses, at least one
 */
char **
smb_name_service_query_name (SmbNameService  *self,
                             const char      *name,
                             const char      *address,
                             guint16          port,
                             guint            suffix,
                             int              timeout_msec,
                             GCancellable    *cancellable,
                             GError         **error)
{
  g_auto(SmbNameQuestion)  question = { 0 };
  g_autofree char         *context = NULL;
  SmbNbnsReply            *reply = NULL;

  g_return_val_if_fail (SMB_IS_NAME_SERVICE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (suffix <= G_MAXUINT8, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  context = name_context (name, suffix);
  if (make_name_question (self, name, address, port, suffix, timeout_msec, &question, error))
    reply = smb_name_query (&question, cancellable, error);
  if (reply != NULL)
    return take_addresses (reply);
  add_context (error, context);
  return NULL;
}

/**
 * smb_name_service_query_name_async:
 * @self: the name service
 * @name: a NetBIOS name of at most 15 characters, in capitals or not
 * @address: (nullable): the IPv4 address of the computer or name server to ask, or %NULL to ask everybody
 * @port: the port to ask at, or 0 for [property@NameService:port]
 * @suffix: what the name stands for, usually %SMB_NAME_SUFFIX_SERVER
 * @timeout_msec: milliseconds, -1 for [property@NameService:default-timeout], %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@NameService.query_name].
 */
void
smb_name_service_query_name_async (SmbNameService      *self,
                                   const char          *name,
                                   const char          *address,
                                   guint16              port,
                                   guint                suffix,
                                   int                  timeout_msec,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  SmbNameQuestion  question = { 0 };
  GError          *error = NULL;

  g_return_if_fail (SMB_IS_NAME_SERVICE (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (suffix <= G_MAXUINT8);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  make_name_question (self, name, address, port, suffix, timeout_msec, &question, &error);
  ask_async (self, &question, name_context (name, suffix), error, smb_name_service_query_name_async,
             cancellable, callback, user_data);
}

/**
 * smb_name_service_query_name_finish:
 * @self: the name service
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@NameService.query_name_async].
 *
 * Returns: (transfer full) (array zero-terminated=1): IPv4 addresses, at least one
 */
char **
smb_name_service_query_name_finish (SmbNameService  *self,
                                    GAsyncResult    *result,
                                    GError         **error)
{
  SmbNbnsReply *reply;

  g_return_val_if_fail (SMB_IS_NAME_SERVICE (self), NULL);

  reply = ask_finish (self, result, smb_name_service_query_name_async, error);
  return reply != NULL ? take_addresses (reply) : NULL;
}

/**
 * smb_name_service_query_ip_for_name:
 * @self: the name service
 * @address: the IPv4 address of a computer
 * @port: the port to ask at, or 0 for [property@NameService:port]
 * @timeout_msec: milliseconds, -1 for [property@NameService:default-timeout], %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks a computer for all of its NetBIOS names ([RFC 1002] 4.2.17). The one under which it serves files has
 * the suffix %SMB_NAME_SUFFIX_SERVER.
 *
 * Fails with %SMB_ERROR_TIMED_OUT if it does not answer, with %SMB_ERROR_INVALID_ARGUMENT for an address that
 * cannot be, and with a [error@Gio.IOErrorEnum] if it cannot be reached.
 *
 * Returns: (transfer container) (element-type SmbNameRecord): the names
 */
GPtrArray *
smb_name_service_query_ip_for_name (SmbNameService  *self,
                                    const char      *address,
                                    guint16          port,
                                    int              timeout_msec,
                                    GCancellable    *cancellable,
                                    GError         **error)
{
  g_auto(SmbNameQuestion)  question = { 0 };
  g_autofree char         *context = NULL;
  SmbNbnsReply            *reply = NULL;

  g_return_val_if_fail (SMB_IS_NAME_SERVICE (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  context = status_context (address);
  if (make_status_question (self, address, port, timeout_msec, &question, error))
    reply = smb_name_query (&question, cancellable, error);
  if (reply != NULL)
    return take_records (reply);
  add_context (error, context);
  return NULL;
}

/**
 * smb_name_service_query_ip_for_name_async:
 * @self: the name service
 * @address: the IPv4 address of a computer
 * @port: the port to ask at, or 0 for [property@NameService:port]
 * @timeout_msec: milliseconds, -1 for [property@NameService:default-timeout], %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@NameService.query_ip_for_name].
 */
void
smb_name_service_query_ip_for_name_async (SmbNameService      *self,
                                          const char          *address,
                                          guint16              port,
                                          int                  timeout_msec,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  SmbNameQuestion  question = { 0 };
  GError          *error = NULL;

  g_return_if_fail (SMB_IS_NAME_SERVICE (self));
  g_return_if_fail (address != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  make_status_question (self, address, port, timeout_msec, &question, &error);
  ask_async (self, &question, status_context (address), error, smb_name_service_query_ip_for_name_async,
             cancellable, callback, user_data);
}

/**
 * smb_name_service_query_ip_for_name_finish:
 * @self: the name service
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@NameService.query_ip_for_name_async].
 *
 * Returns: (transfer container) (element-type SmbNameRecord): the names
 */
GPtrArray *
smb_name_service_query_ip_for_name_finish (SmbNameService  *self,
                                           GAsyncResult    *result,
                                           GError         **error)
{
  SmbNbnsReply *reply;

  g_return_val_if_fail (SMB_IS_NAME_SERVICE (self), NULL);

  reply = ask_finish (self, result, smb_name_service_query_ip_for_name_async, error);
  return reply != NULL ? take_records (reply) : NULL;
}
