/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>


static void
active_rule_free (gpointer data)
{
  ScriptedActiveRule *self = data;

  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

static void
record_free (gpointer data)
{
  ScriptedRecord *self = data;

  g_bytes_unref (self->message);
  g_free (self);
}

static void
config_init (ScriptedConfig *config)
{
  config->dialect = 0x0311;
  config->user = "alice";
  config->password = "wonderland";
  config->security_mode = 1;
  config->capabilities = CAP_LARGE_MTU | CAP_ENCRYPTION;
  config->max_transact_size = 8 * 1024 * 1024;
  config->max_read_size = 8 * 1024 * 1024;
  config->max_write_size = 8 * 1024 * 1024;
  config->signing_algorithm = SCRIPTED_FIRST;
  config->cipher = SCRIPTED_FIRST;
  config->send_mic = TRUE;
  config->max_credits = 512;
}

static void
add_connection (ScriptedServer    *self,
                GSocketConnection *stream)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->connections, scripted_connection_new (self, stream, self->connections->len));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static gpointer
accept_thread (gpointer user_data)
{
  ScriptedServer *self = user_data;

  while (TRUE)
    {
      g_autoptr(GSocketConnection) stream = NULL;

      stream = g_socket_listener_accept (self->listener, NULL, self->stop, NULL);
      if (stream == NULL)
        return NULL;
      add_connection (self, stream);
    }
}

static void
start_listening (ScriptedServer *self)
{
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError)         error = NULL;

  self->listener = g_socket_listener_new ();
  g_socket_listener_add_address (self->listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->stop = g_cancellable_new ();
  self->thread = g_thread_new ("scripted-server", accept_thread, self);
}

ScriptedServer *
scripted_server_new (void)
{
  ScriptedServer *self = g_new0 (ScriptedServer, 1);

  config_init (&self->config);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->connections = g_ptr_array_new_with_free_func ((GDestroyNotify) scripted_connection_free);
  self->records = g_ptr_array_new_with_free_func (record_free);
  self->rules = g_ptr_array_new_with_free_func (active_rule_free);
  self->retired = g_ptr_array_new_with_free_func (active_rule_free);
  self->held = g_ptr_array_new_with_free_func ((GDestroyNotify) scripted_reply_free);
  self->files = scripted_files_new ();
  self->ioctls = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  g_queue_init (&self->pdus);
  for (guint8 i = 0; i < sizeof self->guid; i++) /* known bytes: a test that alters one must not hit its value */
    self->guid[i] = i;
  start_listening (self);
  return self;
}

void
scripted_server_free (ScriptedServer *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  scripted_server_hang_up (self);
  scripted_server_thaw (self);
  g_ptr_array_unref (self->connections);

  g_ptr_array_unref (self->held);
  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->rules);
  g_ptr_array_unref (self->retired);
  scripted_files_free (self->files);
  g_hash_table_unref (self->ioctls);
  g_queue_clear_full (&self->pdus, (GDestroyNotify) g_bytes_unref);
  g_object_unref (self->listener);
  g_object_unref (self->stop);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

ScriptedConfig *
scripted_server_get_config (ScriptedServer *self)
{
  return &self->config;
}

guint16
scripted_server_get_port (ScriptedServer *self)
{
  return self->port;
}

guint64
scripted_next_id (ScriptedServer *self)
{
  return ++self->last_id;
}

/* The share */

void
scripted_server_add_folder (ScriptedServer *self,
                            const char     *path)
{
  g_mutex_lock (&self->mutex);
  scripted_files_add (self->files, path, SCRIPTED_ATTRIBUTE_DIRECTORY);
  g_mutex_unlock (&self->mutex);
}

void
scripted_server_add_file (ScriptedServer *self,
                          const char     *path,
                          gconstpointer   data,
                          gsize           size)
{
  ScriptedNode *node;

  g_mutex_lock (&self->mutex);
  node = scripted_files_add (self->files, path, SCRIPTED_ATTRIBUTE_ARCHIVE);
  g_byte_array_set_size (node->contents, 0);
  g_byte_array_append (node->contents, data, (guint) size);
  g_mutex_unlock (&self->mutex);
}

GBytes *
scripted_server_get_file (ScriptedServer *self,
                          const char     *path)
{
  ScriptedNode *node;
  GBytes       *contents = NULL;

  g_mutex_lock (&self->mutex);
  node = scripted_files_find (self->files, path);
  if (node != NULL && !scripted_node_is_folder (node))
    contents = g_bytes_new (node->contents->data, node->contents->len);
  g_mutex_unlock (&self->mutex);
  return contents;
}

void
scripted_server_add_ioctl (ScriptedServer *self,
                           guint32         code,
                           gconstpointer   data,
                           gsize           size)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_insert (self->ioctls, GUINT_TO_POINTER (code), g_bytes_new (data, size));
  g_mutex_unlock (&self->mutex);
}

void
scripted_server_add_pdu (ScriptedServer *self,
                         gconstpointer   data,
                         gsize           size)
{
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->pdus, g_bytes_new (data, size));
  g_mutex_unlock (&self->mutex);
}

/* Rules */

void
scripted_server_add_rule (ScriptedServer     *self,
                          const ScriptedRule *rule)
{
  ScriptedActiveRule *active = g_new0 (ScriptedActiveRule, 1);

  active->rule = *rule;
  if (rule->data != NULL)
    active->data = g_bytes_new (rule->data, rule->size);
  active->rule.data = NULL;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->rules, active);
  self->holds_nothing = FALSE;
  g_mutex_unlock (&self->mutex);
}

/* Replies that are held still follow theirs. */
void
scripted_server_clear_rules (ScriptedServer *self)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_extend_and_steal (self->retired, g_steal_pointer (&self->rules));
  self->rules = g_ptr_array_new_with_free_func (active_rule_free);
  g_mutex_unlock (&self->mutex);
}

void
scripted_match_rules (ScriptedServer  *self,
                      ScriptedCommand  command,
                      GPtrArray       *rules)
{
  for (guint i = 0; i < self->rules->len; i++)
    {
      ScriptedActiveRule *active = self->rules->pdata[i];

      if (!scripted_command_is (active->rule.command, command))
        continue;
      active->n_seen++;
      if (active->rule.nth == 0 || active->rule.nth == active->n_seen)
        g_ptr_array_add (rules, active);
    }
}

/* Held replies */

static gboolean
are_held (ScriptedServer  *self,
          ScriptedCommand  command,
          guint            n)
{
  return self->held->len >= n;
}

guint
scripted_server_count_held (ScriptedServer *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->held->len;
  g_mutex_unlock (&self->mutex);
  return n;
}

void
scripted_server_wait_held (ScriptedServer *self,
                           guint           n)
{
  g_mutex_lock (&self->mutex);
  scripted_wait_until (self, are_held, SCRIPTED_ANY, n, "held replies");
  g_mutex_unlock (&self->mutex);
}

void
scripted_server_release (ScriptedServer *self,
                         guint           index)
{
  g_autoptr(GPtrArray) frames = scripted_frames_new ();
  ScriptedConnection  *connection;

  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (index, <, self->held->len);
  connection = ((ScriptedReply *) self->held->pdata[index])->connection;
  scripted_output_held (g_ptr_array_steal_index (self->held, index), frames);
  g_mutex_unlock (&self->mutex);

  scripted_connection_send (connection, frames);
}

void
scripted_server_release_all (ScriptedServer *self)
{
  g_mutex_lock (&self->mutex);
  self->holds_nothing = TRUE;
  g_mutex_unlock (&self->mutex);

  while (scripted_server_count_held (self) > 0)
    scripted_server_release (self, 0);
}

/* To all connections */

/* Connections are never removed, so those of now can be used without the mutex. */
static GPtrArray *
get_connections (ScriptedServer *self)
{
  GPtrArray *connections;

  g_mutex_lock (&self->mutex);
  connections = g_ptr_array_new ();
  for (guint i = 0; i < self->connections->len; i++)
    g_ptr_array_add (connections, self->connections->pdata[i]);
  g_mutex_unlock (&self->mutex);
  return connections;
}

void
scripted_server_hang_up (ScriptedServer *self)
{
  g_autoptr(GPtrArray) connections = get_connections (self);

  for (guint i = 0; i < connections->len; i++)
    scripted_connection_hang_up (connections->pdata[i]);
}

void
scripted_server_thaw (ScriptedServer *self)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->connections->len; i++)
    {
      ScriptedConnection *connection = self->connections->pdata[i];

      connection->frozen = FALSE;
      connection->stalled = FALSE;
    }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static void
send_to_all (ScriptedServer *self,
             void          (*write) (GPtrArray    *frames,
                                     gconstpointer data,
                                     gsize         size),
             gconstpointer   data,
             gsize           size)
{
  g_autoptr(GPtrArray) connections = get_connections (self);

  for (guint i = 0; i < connections->len; i++)
    {
      g_autoptr(GPtrArray) frames = scripted_frames_new ();

      write (frames, data, size);
      scripted_connection_send (connections->pdata[i], frames);
    }
}

void
scripted_server_send_break (ScriptedServer *self)
{
  send_to_all (self, scripted_output_break, NULL, 0);
}

void
scripted_server_send (ScriptedServer *self,
                      gconstpointer   data,
                      gsize           size)
{
  send_to_all (self, scripted_output_raw, data, size);
}
