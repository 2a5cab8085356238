/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "channel-pair.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin/smb-channel-private.h"

/* A socket connection with streams that are not the socket's. */
#define TYPE_WRAPPED_CONNECTION (wrapped_connection_get_type ())
G_DECLARE_FINAL_TYPE (WrappedConnection, wrapped_connection, , WRAPPED_CONNECTION, GSocketConnection)

struct _WrappedConnection
{
  GSocketConnection parent_instance;

  GIOStream *base;
};

G_DEFINE_FINAL_TYPE (WrappedConnection, wrapped_connection, G_TYPE_SOCKET_CONNECTION)

static GInputStream *
wrapped_connection_get_input_stream (GIOStream *stream)
{
  return g_io_stream_get_input_stream (((WrappedConnection *) stream)->base);
}

static GOutputStream *
wrapped_connection_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (((WrappedConnection *) stream)->base);
}

static void
wrapped_connection_finalize (GObject *object)
{
  WrappedConnection *self = (WrappedConnection *) object;

  G_OBJECT_CLASS (wrapped_connection_parent_class)->finalize (object);
  g_object_unref (self->base);
}

static void
wrapped_connection_class_init (WrappedConnectionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = wrapped_connection_finalize;
  G_IO_STREAM_CLASS (class)->get_input_stream = wrapped_connection_get_input_stream;
  G_IO_STREAM_CLASS (class)->get_output_stream = wrapped_connection_get_output_stream;
}

static void
wrapped_connection_init (WrappedConnection *self)
{
}

static GIOStream *
wrap (GSocketConnection *connection,
      PairKind           kind)
{
  GIOStream         *stream = G_IO_STREAM (connection);
  GSocket           *socket = g_socket_connection_get_socket (connection);
  WrappedConnection *wrapped;

  if (kind == OVER_SOCKET)
    return g_object_ref (stream);
  if (kind == OVER_STREAMS)
    {
      GIOStream *pair = g_simple_io_stream_new (g_io_stream_get_input_stream (stream),
                                                g_io_stream_get_output_stream (stream));

      g_object_set_data_full (G_OBJECT (pair), "connection", g_object_ref (connection), g_object_unref);
      return pair;
    }
  wrapped = g_object_new (TYPE_WRAPPED_CONNECTION, "socket", socket, NULL);
  wrapped->base = g_object_ref (stream);
  return G_IO_STREAM (wrapped);
}

void
pair_connect (Pair     *f,
              PairKind  kind,
              int       buffer_size)
{
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GIOStream)         stream = NULL;
  g_autoptr(GError)            error = NULL;
  int                          fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  if (buffer_size > 0)
    g_assert_cmpint (setsockopt (fds[0], SOL_SOCKET, SO_SNDBUF, &buffer_size, sizeof buffer_size), ==, 0);

  f->socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  connection = g_object_new (G_TYPE_SOCKET_CONNECTION, "socket", f->socket, NULL);
  stream = wrap (connection, kind);
  f->channel = smb_channel_new (stream);
  f->peer = fds[1];
}

void
pair_set_up (Pair          *f,
             gconstpointer  data)
{
  pair_connect (f, GPOINTER_TO_INT (data), 0);
}

void
pair_hang_up (Pair *f)
{
  close (f->peer);
  f->peer = -1;
}

void
pair_disconnect (Pair *f)
{
  if (f->channel != NULL)
    g_assert_finalize_object (g_steal_pointer (&f->channel));
  g_clear_object (&f->socket);
  if (f->peer >= 0)
    pair_hang_up (f);
}

void
pair_tear_down (Pair          *f,
                gconstpointer  data)
{
  pair_disconnect (f);
}

void
pair_count_sent (gpointer user_data)
{
  Pair *f = user_data;

  f->n_sent++;
}

void
pair_queue (Pair          *f,
            gconstpointer  data,
            gsize          size)
{
  GOutputVector vector = { data, size };

  smb_channel_queue (f->channel, &vector, 1, pair_count_sent, f);
}

void
pair_flush (Pair *f)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (smb_channel_flush (f->channel, &error));
  g_assert_no_error (error);
}

void
pair_write (Pair          *f,
            gconstpointer  data,
            gsize          size)
{
  g_assert_cmpint (send (f->peer, data, size, MSG_NOSIGNAL), ==, (gssize) size);
}

void
pair_assert_written (Pair          *f,
                     gconstpointer  data,
                     gsize          size)
{
  g_autofree guint8 *buffer = g_malloc (size + 1);
  gssize             got = recv (f->peer, buffer, size + 1, 0);

  g_assert_cmpmem (buffer, got, data, size);
}

/* Rather fail than hang. */
static gboolean
give_up (gpointer user_data)
{
  g_assert_not_reached (); /* the source does not fire */
}

static gboolean
fired (gpointer user_data)
{
  gboolean *ready = user_data;

  *ready = TRUE;
  return G_SOURCE_CONTINUE;
}

static GSource *
attach (GMainContext *context,
        GSource      *source,
        GSourceFunc   callback,
        gpointer      user_data)
{
  g_source_set_callback (source, callback, user_data, NULL);
  g_source_attach (source, context);
  return source;
}

void
channel_poll (SmbChannel   *channel,
              GIOCondition  condition)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  gboolean                ready = FALSE;
  g_autoptr(GSource)      source = NULL;
  g_autoptr(GSource)      timeout = NULL;

  source = attach (context, smb_channel_create_source (channel, condition), fired, &ready);
  timeout = attach (context, g_timeout_source_new_seconds (60), give_up, NULL);
  while (!ready)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (source);
  g_source_destroy (timeout);
}

gboolean
channel_is_ready (SmbChannel   *channel,
                  GIOCondition  condition)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  gboolean                ready = FALSE;
  g_autoptr(GSource)      source = NULL;

  source = attach (context, smb_channel_create_source (channel, condition), fired, &ready);
  g_main_context_iteration (context, FALSE);
  g_source_destroy (source);
  return ready;
}

/* What a reader does: goes on unless it has to wait. */
static gboolean
wait_if_blocked (SmbChannel  *channel,
                 GError     **error)
{
  if (!g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return FALSE;
  g_clear_error (error);
  channel_poll (channel, G_IO_IN);
  return TRUE;
}

GBytes *
channel_receive (SmbChannel  *channel,
                 GError     **error)
{
  g_autofree guint8 *buffer = NULL;
  g_autoptr(GError)  local = NULL;
  gsize              size;

  while (!smb_channel_receive_header (channel, &size, &local))
    if (!wait_if_blocked (channel, &local))
      goto fail;

  buffer = g_malloc (size);
  for (gsize done = 0; done < size;)
    {
      gssize got = smb_channel_receive (channel, buffer + done, size - done, &local);

      g_assert_cmpint (got, !=, 0);
      if (got > 0)
        done += (gsize) got;
      else if (!wait_if_blocked (channel, &local))
        goto fail;
    }
  return g_bytes_new_take (g_steal_pointer (&buffer), size);

fail:
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

void
pair_assert_receives (Pair          *f,
                      gconstpointer  data,
                      gsize          size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) message = channel_receive (f->channel, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (message, NULL), g_bytes_get_size (message), data, size);
}

void
pair_assert_receive_fails (Pair   *f,
                           GQuark  domain,
                           int     code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) message = channel_receive (f->channel, &error);

  g_assert_error (error, domain, code);
  g_assert_null (message);
}

void
pair_assert_blocks (Pair *f)
{
  g_autoptr(GError) error = NULL;
  gsize             size;

  g_assert_false (smb_channel_receive_header (f->channel, &size, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

guint
pair_count_reads (Pair *f)
{
  guint n_reads, n_writes;

  smb_channel_get_calls (f->channel, &n_reads, &n_writes);
  return n_reads;
}

guint
pair_count_writes (Pair *f)
{
  guint n_reads, n_writes;

  smb_channel_get_calls (f->channel, &n_reads, &n_writes);
  return n_writes;
}

guint8 *
make_frame (gsize size)
{
  guint8 *frame = g_malloc (4 + size);

  frame[0] = 0;
  frame[1] = (guint8) (size >> 16);
  frame[2] = (guint8) (size >> 8);
  frame[3] = (guint8) size;
  for (gsize i = 0; i < size; i++)
    frame[4 + i] = (guint8) (i * 7 + (i >> 8));
  return frame;
}
