/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-relay.h"

struct _TestRelay
{
  GSocketListener *listener;
  char            *host;
  guint16          server_port;
  guint16          port;
  GThread         *acceptor;
  GCancellable    *cancellable;
  GPtrArray       *pumps; /* of Pump; the acceptor's while that runs */

  GMutex           lock;
  GCond            cond;
  GPtrArray       *frames; /* under the lock */
  gboolean         held[2];
  TestRelayEdit    edit;
  gpointer         edit_data;
  gboolean         stopped;
};

/* One direction of one connection. What is read is remembered at once, and written when it may be. */
typedef struct
{
  TestRelay         *relay;
  TestRelayWay       way;
  GSocketConnection *from;
  GSocketConnection *to;
  GThread           *reader;
  GThread           *writer;
  GByteArray        *received; /* of a message that is not complete */
  GByteArray        *waiting;  /* under the lock */
  gboolean           ended;    /* under the lock */
} Pump;

static void
frame_free (gpointer data)
{
  TestFrame *frame = data;

  g_bytes_unref (frame->bytes);
  g_free (frame);
}

static TestFrame *
frame_new (TestRelayWay  way,
           GBytes       *bytes)
{
  TestFrame *frame = g_new (TestFrame, 1);

  frame->way = way;
  frame->bytes = bytes;
  return frame;
}

/* Under the lock. Only whole messages go on. */
static void
take_frames (Pump *pump)
{
  GByteArray *received = pump->received;
  TestRelay  *relay = pump->relay;

  for (;;)
    {
      gsize size = received->len < 4 ? 0
                                     : received->data[1] << 16 | received->data[2] << 8 | received->data[3];

      if (received->len < 4 || received->len - 4 < size)
        return;
      if (relay->edit != NULL)
        relay->edit (pump->way, received->data + 4, size, relay->edit_data);
      g_byte_array_append (pump->waiting, received->data, size + 4);
      g_ptr_array_add (relay->frames, frame_new (pump->way, g_bytes_new (received->data + 4, size)));
      g_byte_array_remove_range (received, 0, size + 4);
    }
}

static void
remember (Pump         *pump,
          const guint8 *data,
          gssize        size)
{
  TestRelay *relay = pump->relay;

  g_mutex_lock (&relay->lock);
  if (size > 0)
    {
      g_byte_array_append (pump->received, data, size);
      take_frames (pump);
    }
  else
    pump->ended = TRUE;
  g_cond_broadcast (&relay->cond);
  g_mutex_unlock (&relay->lock);
}

static gpointer
reader_main (gpointer data)
{
  Pump         *pump = data;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (pump->from));
  guint8        buffer[65536];
  gssize        n;

  do
    {
      n = g_input_stream_read (input, buffer, sizeof buffer, pump->relay->cancellable, NULL);
      remember (pump, buffer, n);
    }
  while (n > 0);
  return NULL;
}

/* What may be written now; empty at the end. */
static GBytes *
take_waiting (Pump *pump)
{
  TestRelay *relay = pump->relay;
  GBytes    *bytes;

  g_mutex_lock (&relay->lock);
  while (!relay->stopped && (relay->held[pump->way] || (pump->waiting->len == 0 && !pump->ended)))
    g_cond_wait (&relay->cond, &relay->lock);
  bytes = g_byte_array_free_to_bytes (pump->waiting);
  pump->waiting = g_byte_array_new ();
  g_mutex_unlock (&relay->lock);
  return bytes;
}

static gpointer
writer_main (gpointer data)
{
  Pump          *pump = data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (pump->to));
  gboolean       more = TRUE;

  while (more)
    {
      g_autoptr(GBytes) bytes = take_waiting (pump);

      more = g_bytes_get_size (bytes) > 0 &&
             g_output_stream_write_all (output, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                        NULL, pump->relay->cancellable, NULL);
    }
  g_socket_shutdown (g_socket_connection_get_socket (pump->to), FALSE, TRUE, NULL);
  return NULL;
}

static void
add_pump (TestRelay         *self,
          TestRelayWay       way,
          GSocketConnection *from,
          GSocketConnection *to)
{
  Pump *pump = g_new0 (Pump, 1);

  pump->relay = self;
  pump->way = way;
  pump->from = g_object_ref (from);
  pump->to = g_object_ref (to);
  pump->received = g_byte_array_new ();
  pump->waiting = g_byte_array_new ();
  g_ptr_array_add (self->pumps, pump);
  pump->reader = g_thread_new ("relay reader", reader_main, pump);
  pump->writer = g_thread_new ("relay writer", writer_main, pump);
}

static void
pump_free (gpointer data)
{
  Pump *pump = data;

  g_thread_join (pump->reader);
  g_thread_join (pump->writer);
  g_object_unref (pump->from);
  g_object_unref (pump->to);
  g_byte_array_unref (pump->received);
  g_byte_array_unref (pump->waiting);
  g_free (pump);
}

static gpointer
acceptor_main (gpointer data)
{
  TestRelay              *self = data;
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  for (;;)
    {
      g_autoptr(GSocketConnection) down =
        g_socket_listener_accept (self->listener, NULL, self->cancellable, NULL);
      g_autoptr(GSocketConnection) up = NULL;
      g_autoptr(GError)            error = NULL;

      if (down == NULL)
        return NULL;
      up = g_socket_client_connect_to_host (client, self->host, self->server_port, NULL, &error);
      g_assert_no_error (error);
      add_pump (self, TEST_RELAY_UP, down, up);
      add_pump (self, TEST_RELAY_DOWN, up, down);
    }
}

TestRelay *
test_relay_start (TestSamba *samba)
{
  TestRelay         *self = g_new0 (TestRelay, 1);
  g_autoptr(GError)  error = NULL;

  self->host = g_strdup (test_samba_get_host (samba));
  self->server_port = test_samba_get_port (samba);
  self->listener = g_socket_listener_new ();
  self->cancellable = g_cancellable_new ();
  self->pumps = g_ptr_array_new_with_free_func (pump_free);
  self->frames = g_ptr_array_new_with_free_func (frame_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->port = g_socket_listener_add_any_inet_port (self->listener, NULL, &error);
  g_assert_no_error (error);
  self->acceptor = g_thread_new ("relay", acceptor_main, self);
  return self;
}

void
test_relay_stop (TestRelay *self)
{
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);

  g_thread_join (self->acceptor);
  g_ptr_array_unref (self->pumps);
  g_ptr_array_unref (self->frames);
  g_socket_listener_close (self->listener);
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self->host);
  g_free (self);
}

guint16
test_relay_get_port (TestRelay *self)
{
  return self->port;
}

void
test_relay_set_edit (TestRelay     *self,
                     TestRelayEdit  edit,
                     gpointer       data)
{
  g_mutex_lock (&self->lock);
  self->edit = edit;
  self->edit_data = data;
  g_mutex_unlock (&self->lock);
}

void
test_relay_hold (TestRelay    *self,
                 TestRelayWay  way,
                 gboolean      hold)
{
  g_mutex_lock (&self->lock);
  self->held[way] = hold;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

GPtrArray *
test_relay_dup_frames (TestRelay *self)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (frame_free);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->frames->len; i++)
    {
      const TestFrame *frame = g_ptr_array_index (self->frames, i);

      g_ptr_array_add (copy, frame_new (frame->way, g_bytes_ref (frame->bytes)));
    }
  g_mutex_unlock (&self->lock);
  return copy;
}

guint
test_relay_get_n_frames (TestRelay *self)
{
  guint n_frames;

  g_mutex_lock (&self->lock);
  n_frames = self->frames->len;
  g_mutex_unlock (&self->lock);
  return n_frames;
}

void
test_relay_wait (TestRelay *self,
                 guint      n_frames)
{
  g_mutex_lock (&self->lock);
  while (self->frames->len <= n_frames)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}
