/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-channel-io.h"

#include <glib-unix.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#ifndef IOV_MAX
#define IOV_MAX 16 /* what POSIX promises */
#endif

/* Of a large message a socket is to tell of so much at a time: whoever waits for it is not woken up by
 * less. */
#define LOW_WATER (256 * 1024)

/* The streams of a GSocketConnection are the socket's, unless a subclass puts others in their place, as
 * GTcpWrapperConnection does for TLS. */
static gboolean
is_plain_socket (GIOStream *stream)
{
  GIOStreamClass *class = G_IO_STREAM_GET_CLASS (stream);
  GIOStreamClass *plain;

  if (!G_IS_SOCKET_CONNECTION (stream))
    return FALSE;

  plain = g_type_class_peek (G_TYPE_SOCKET_CONNECTION);
  return class->get_input_stream == plain->get_input_stream
         && class->get_output_stream == plain->get_output_stream;
}

/* Small requests are not to wait for the acknowledgement of the one before. What is not TCP refuses. */
static void
set_no_delay (GIOStream *stream)
{
  GSocket *socket;

  if (!G_IS_SOCKET_CONNECTION (stream))
    return;
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
}

static GPollableInputStream *
get_pollable_input (GIOStream *stream)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  gboolean      pollable = G_IS_POLLABLE_INPUT_STREAM (input);

  if (!pollable || !g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (input)))
    return NULL;
  return G_POLLABLE_INPUT_STREAM (input);
}

static GPollableOutputStream *
get_pollable_output (GIOStream *stream)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  gboolean       pollable = G_IS_POLLABLE_OUTPUT_STREAM (output);

  if (!pollable || !g_pollable_output_stream_can_poll (G_POLLABLE_OUTPUT_STREAM (output)))
    return NULL;
  return G_POLLABLE_OUTPUT_STREAM (output);
}

void
smb_channel_io_init (SmbChannelIo *self,
                     GIOStream    *stream)
{
  self->stream = g_object_ref (stream);
  self->low_water = 1;
  self->input = get_pollable_input (stream);
  self->output = get_pollable_output (stream);

  set_no_delay (stream);
  if (is_plain_socket (stream))
    {
      self->socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));
      g_socket_set_blocking (self->socket, FALSE);
    }
}

void
smb_channel_io_clear (SmbChannelIo *self)
{
  self->socket = NULL;
  self->input = NULL;
  self->output = NULL;
  g_clear_object (&self->stream);
}

/* Closing a socket does not wait; what else is wrapped around one may have to say goodbye first. */
void
smb_channel_io_close (SmbChannelIo *self)
{
  if (self->socket != NULL)
    g_io_stream_close (self->stream, NULL, NULL);
  else
    g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

gssize
smb_channel_io_write (SmbChannelIo         *self,
                      const GOutputVector  *vectors,
                      guint                 n_vectors,
                      gboolean             *blocked,
                      GError              **error)
{
  GPollableReturn result;
  gsize           written = 0;
  gsize           offered = 0;

  if (self->output == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "The stream cannot be polled for writing");
      return -1;
    }

  n_vectors = MIN (n_vectors, IOV_MAX);
  self->n_writes++;
  result = g_pollable_output_stream_writev_nonblocking (self->output, vectors, n_vectors, &written, NULL,
                                                        error);
  if (result == G_POLLABLE_RETURN_FAILED)
    return -1;

  for (guint i = 0; i < n_vectors; i++)
    offered += vectors[i].size;

  /* What a socket takes only a part of has filled it. */
  *blocked = written == 0 || (self->socket != NULL && written < offered);
  return (gssize) written;
}

/* Elsewhere it may be more than the socket has room for. */
static void
set_low_water (SmbChannelIo *self,
               int           low_water)
{
#ifdef __linux__
  if (low_water != self->low_water)
    g_socket_set_option (self->socket, SOL_SOCKET, SO_RCVLOWAT, low_water, NULL);
  self->low_water = low_water;
#endif
}

/* After a read that emptied the socket the next would be for nothing, so it is left out: once, since the
 * caller may have polled without a source of ours. */
static gssize
read_socket (SmbChannelIo  *self,
             GInputVector  *vectors,
             guint          n_vectors,
             GError       **error)
{
  gssize got;
  gsize  wanted = 0;

  if (self->drained)
    {
      self->drained = FALSE;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Nothing more was received");
      return -1;
    }

  self->n_reads++;
  for (guint i = 0; i < n_vectors; i++)
    wanted += vectors[i].size;
  got = g_socket_receive_message (self->socket, NULL, vectors, (int) n_vectors, NULL, NULL, NULL, NULL,
                                  error);
  self->drained = got > 0 && (gsize) got < wanted;
  if (got < (gssize) wanted)
    set_low_water (self, MAX (got, 0) + LOW_WATER <= (gssize) vectors[0].size ? LOW_WATER : 1);
  return got;
}

gssize
smb_channel_io_read (SmbChannelIo  *self,
                     GInputVector  *vectors,
                     guint          n_vectors,
                     GError       **error)
{
  if (self->socket != NULL)
    return read_socket (self, vectors, n_vectors, error);
  if (self->input == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "The stream cannot be polled for reading");
      return -1;
    }

  self->n_reads++;
  return g_pollable_input_stream_read_nonblocking (self->input, vectors[0].buffer, vectors[0].size, NULL,
                                                   error);
}

int
smb_channel_io_get_fd (SmbChannelIo *self)
{
  return self->socket == NULL || g_socket_is_closed (self->socket) ? -1 : g_socket_get_fd (self->socket);
}

typedef struct
{
  GSource       source;
  SmbChannelIo *io;
  gpointer      tag; /* of the file descriptor; NULL if it is streams that are watched */
} ChannelSource;

static gboolean
channel_source_dispatch (GSource     *source,
                         GSourceFunc  callback,
                         gpointer     user_data)
{
  ChannelSource *self = (ChannelSource *) source;

  if (self->tag != NULL && (g_source_query_unix_fd (source, self->tag) & ~G_IO_OUT))
    self->io->drained = FALSE;
  return callback == NULL ? G_SOURCE_REMOVE : callback (user_data);
}

static GSourceFuncs channel_source_funcs = { .dispatch = channel_source_dispatch };

/* Takes @child. */
static void
add_child (GSource *source,
           GSource *child)
{
  g_source_set_dummy_callback (child);
  g_source_add_child_source (source, child);
  g_source_unref (child);
}

/* A side that cannot be polled, or is closed, is ready: to tell the error. */
static void
watch_streams (SmbChannelIo *self,
               GSource      *source,
               GIOCondition  condition)
{
  gboolean mute = (condition & G_IO_OUT) && self->output == NULL;
  gboolean deaf = (condition & G_IO_IN) && self->input == NULL;

  if (deaf || mute || g_io_stream_is_closed (self->stream))
    {
      g_source_set_ready_time (source, 0);
      return;
    }
  if (condition & G_IO_IN)
    add_child (source, g_pollable_input_stream_create_source (self->input, NULL));
  if (condition & G_IO_OUT)
    add_child (source, g_pollable_output_stream_create_source (self->output, NULL));
}

GSource *
smb_channel_io_create_source (SmbChannelIo *self,
                              GIOCondition  condition)
{
  GSource       *source = g_source_new (&channel_source_funcs, sizeof (ChannelSource));
  ChannelSource *channel_source = (ChannelSource *) source;
  int            fd = smb_channel_io_get_fd (self);

  g_source_set_static_name (source, "SmbChannel");
  channel_source->io = self;
  if (fd >= 0)
    channel_source->tag = g_source_add_unix_fd (source, fd, condition | G_IO_ERR | G_IO_HUP);
  else
    watch_streams (self, source, condition);
  return source;
}
