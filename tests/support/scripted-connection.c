/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#define FRAMING_SIZE 4

static gboolean
read_frame (ScriptedConnection *self,
            GByteArray         *frame)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (self->stream));
  guint8        framing[FRAMING_SIZE];
  gsize         size;

  if (!g_input_stream_read_all (input, framing, sizeof framing, &size, NULL, NULL) || size < sizeof framing
      || framing[0] != 0)
    return FALSE;

  g_byte_array_set_size (frame, (guint) framing[1] << 16 | (guint) framing[2] << 8 | framing[3]);
  return g_input_stream_read_all (input, frame->data, frame->len, &size, NULL, NULL) && size == frame->len;
}

static gboolean
handle_frame (ScriptedConnection *self,
              GByteArray         *frame,
              GPtrArray          *frames)
{
  ScriptedServer *server = self->server;
  gboolean        goes_on;

  g_mutex_lock (&server->mutex);
  goes_on = scripted_handle_frame (self, frame, frames);
  self->n_frames++;
  g_cond_broadcast (&server->changed);
  while (self->frozen && !g_cancellable_is_cancelled (server->stop))
    g_cond_wait (&server->changed, &server->mutex);
  g_mutex_unlock (&server->mutex);
  return goes_on;
}

static gpointer
connection_thread (gpointer user_data)
{
  ScriptedConnection *self = user_data;
  gboolean            goes_on = TRUE;

  while (goes_on)
    {
      g_autoptr(GByteArray) frame = g_byte_array_new ();
      g_autoptr(GPtrArray)  frames = scripted_frames_new ();

      goes_on = read_frame (self, frame) && handle_frame (self, frame, frames);
      goes_on = scripted_connection_send (self, frames) && goes_on;
    }
  scripted_connection_hang_up (self);
  return NULL;
}

ScriptedConnection *
scripted_connection_new (ScriptedServer    *server,
                         GSocketConnection *stream,
                         guint              number)
{
  ScriptedConnection *self = g_new0 (ScriptedConnection, 1);

  self->server = server;
  self->number = number;
  self->stream = g_object_ref (stream);
  g_socket_set_option (g_socket_connection_get_socket (stream), IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  self->granted = 1;
  self->used = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->sessions =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) scripted_session_free);
  self->client_dialects = g_array_new (FALSE, FALSE, sizeof (guint16));
  g_mutex_init (&self->write_lock);
  self->thread = g_thread_new ("scripted-connection", connection_thread, self);
  return self;
}

/* Ends what the thread waits for, which then ends too. */
void
scripted_connection_free (ScriptedConnection *self)
{
  scripted_connection_hang_up (self);
  g_thread_join (self->thread);
  g_object_unref (self->stream);
  g_hash_table_unref (self->used);
  g_hash_table_unref (self->sessions);
  g_array_unref (self->client_dialects);
  g_mutex_clear (&self->write_lock);
  g_free (self);
}

/* The descriptor stays, since two threads may be using it. */
void
scripted_connection_hang_up (ScriptedConnection *self)
{
  g_socket_shutdown (g_socket_connection_get_socket (self->stream), TRUE, TRUE, NULL);
}

static void
wait_for_thaw (ScriptedConnection *self)
{
  ScriptedServer *server = self->server;

  g_mutex_lock (&server->mutex);
  while (self->stalled && !g_cancellable_is_cancelled (server->stop))
    g_cond_wait (&server->changed, &server->mutex);
  g_mutex_unlock (&server->mutex);
}

static gboolean
write_frame (ScriptedConnection  *self,
             const ScriptedFrame *frame)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->stream));
  const guint8  *rest = frame->bytes->data + frame->stall_at;

  if (!g_output_stream_write_all (output, frame->bytes->data, frame->stall_at, NULL, NULL, NULL))
    return FALSE;
  if (frame->stall_at > 0)
    wait_for_thaw (self);
  if (!g_output_stream_write_all (output, rest, frame->bytes->len - frame->stall_at, NULL, NULL, NULL))
    return FALSE;
  if (frame->hang_up)
    scripted_connection_hang_up (self);
  return !frame->hang_up;
}

gboolean
scripted_connection_send (ScriptedConnection *self,
                          GPtrArray          *frames)
{
  gboolean goes_on = TRUE;

  g_mutex_lock (&self->write_lock);
  for (guint i = 0; i < frames->len && goes_on; i++)
    goes_on = write_frame (self, frames->pdata[i]);
  g_mutex_unlock (&self->write_lock);
  return goes_on;
}
