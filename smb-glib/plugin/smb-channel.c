/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-channel.h"

#include "plugin/smb-channel-incoming.h"
#include "plugin/smb-channel-io.h"
#include "plugin/smb-channel-outgoing.h"
#include "plugin/smb-channel-private.h"
#include "smb-error.h"

/* More of them at once are no accident. */
#define MAX_KEEPALIVES 1024

/* [MS-SMB2] 2.1: 24 bits. */
#define LARGEST_DIRECT_TCP_MESSAGE 0xFFFFFF

/* RFC 1002 4.3.1 */
#define TYPE_SESSION_MESSAGE 0x00
#define TYPE_KEEPALIVE       0x85

typedef struct
{
  SmbChannelIo io;
  gboolean     closed;

  SmbOutgoing outgoing;
  gboolean    too_large; /* something was to be sent that does not fit the framing */

  SmbIncoming incoming;
  gsize       remaining; /* of the message being received */
} SmbChannelPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (SmbChannel, smb_channel, G_TYPE_OBJECT)

enum
{
  PROP_STREAM = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

#define PRIVATE(self) ((SmbChannelPrivate *) smb_channel_get_instance_private (self))

static void
direct_tcp_write_header (SmbChannel *self,
                         gsize       size,
                         guint8      header[SMB_CHANNEL_HEADER_SIZE])
{
  header[0] = TYPE_SESSION_MESSAGE;
  header[1] = (guint8) (size >> 16);
  header[2] = (guint8) (size >> 8);
  header[3] = (guint8) size;
}

/* NetBIOS's keep-alives have no place in direct TCP, but are sent by some, and harmless. */
static gboolean
direct_tcp_read_header (SmbChannel       *self,
                        const guint8      header[SMB_CHANNEL_HEADER_SIZE],
                        SmbChannelFrame  *frame,
                        gsize            *size,
                        GError          **error)
{
  *size = (gsize) header[1] << 16 | (gsize) header[2] << 8 | header[3];
  *frame = header[0] == TYPE_KEEPALIVE ? SMB_CHANNEL_KEEPALIVE : SMB_CHANNEL_MESSAGE;

  if (header[0] == TYPE_SESSION_MESSAGE || (header[0] == TYPE_KEEPALIVE && *size == 0))
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
               "The server does not speak SMB: a frame begins with %02x %02x %02x %02x", header[0], header[1],
               header[2], header[3]);
  return FALSE;
}

static void
smb_channel_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  SmbChannelPrivate *priv = PRIVATE (SMB_CHANNEL (object));

  switch (prop_id)
    {
    case PROP_STREAM:
      smb_channel_io_init (&priv->io, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
smb_channel_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  SmbChannelPrivate *priv = PRIVATE (SMB_CHANNEL (object));

  switch (prop_id)
    {
    case PROP_STREAM:
      g_value_set_object (value, priv->io.stream);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
smb_channel_dispose (GObject *object)
{
  smb_channel_close (SMB_CHANNEL (object));

  G_OBJECT_CLASS (smb_channel_parent_class)->dispose (object);
}

static void
smb_channel_finalize (GObject *object)
{
  SmbChannelPrivate *priv = PRIVATE (SMB_CHANNEL (object));

  smb_outgoing_clear (&priv->outgoing);
  smb_incoming_clear (&priv->incoming);
  smb_channel_io_clear (&priv->io);

  G_OBJECT_CLASS (smb_channel_parent_class)->finalize (object);
}

static void
smb_channel_class_init (SmbChannelClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->set_property = smb_channel_set_property;
  object_class->get_property = smb_channel_get_property;
  object_class->dispose = smb_channel_dispose;
  object_class->finalize = smb_channel_finalize;

  class->largest_message = LARGEST_DIRECT_TCP_MESSAGE;
  class->write_header = direct_tcp_write_header;
  class->read_header = direct_tcp_read_header;

  props[PROP_STREAM] =
    g_param_spec_object ("stream", NULL, NULL, G_TYPE_IO_STREAM,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_channel_init (SmbChannel *self)
{
  SmbChannelPrivate *priv = PRIVATE (self);

  smb_outgoing_init (&priv->outgoing);
  smb_incoming_init (&priv->incoming, &priv->io);
}

SmbChannel *
smb_channel_new (GIOStream *stream)
{
  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  return g_object_new (SMB_TYPE_CHANNEL, "stream", stream, NULL);
}

GIOStream *
smb_channel_get_stream (SmbChannel *self)
{
  g_return_val_if_fail (SMB_IS_CHANNEL (self), NULL);

  return PRIVATE (self)->io.stream;
}

gsize
smb_channel_get_largest_message (SmbChannel *self)
{
  g_return_val_if_fail (SMB_IS_CHANNEL (self), 0);

  return SMB_CHANNEL_GET_CLASS (self)->largest_message;
}

void
smb_channel_get_calls (SmbChannel *self,
                       guint      *n_reads,
                       guint      *n_writes)
{
  SmbChannelPrivate *priv = PRIVATE (self);

  *n_reads = priv->io.n_reads;
  *n_writes = priv->io.n_writes;
}

static gboolean
check_open (SmbChannelPrivate  *priv,
            GError            **error)
{
  if (priv->closed)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is closed");
  return !priv->closed;
}

/* Sending */

void
smb_channel_queue (SmbChannel          *self,
                   const GOutputVector *vectors,
                   guint                n_vectors,
                   GDestroyNotify       sent,
                   gpointer             user_data)
{
  SmbChannelPrivate  *priv = PRIVATE (self);
  SmbChannelClass    *class = SMB_CHANNEL_GET_CLASS (self);
  SmbOutgoingMessage *message;
  gsize               size = 0;

  for (guint i = 0; i < n_vectors; i++)
    size += vectors[i].size;

  priv->too_large |= size > class->largest_message;
  if (priv->closed || size > class->largest_message)
    {
      if (sent != NULL)
        sent (user_data);
      return;
    }

  message = smb_outgoing_push (&priv->outgoing, vectors, n_vectors, sent, user_data);
  class->write_header (self, size, message->header);
}

static gboolean
check_sizes (SmbChannelPrivate  *priv,
             GError            **error)
{
  if (priv->too_large)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                         "A message is too large for the connection");
  return !priv->too_large;
}

static gboolean
write_queue (SmbChannelPrivate  *priv,
             GError            **error)
{
  gboolean blocked = FALSE;

  while (!blocked && !smb_outgoing_is_empty (&priv->outgoing))
    {
      guint                n_vectors;
      const GOutputVector *vectors = smb_outgoing_peek (&priv->outgoing, &n_vectors);
      gssize               written;

      written = smb_channel_io_write (&priv->io, vectors, n_vectors, &blocked, error);
      if (written < 0)
        return FALSE;
      smb_outgoing_release (smb_outgoing_advance (&priv->outgoing, (gsize) written));
    }
  return TRUE;
}

gboolean
smb_channel_flush (SmbChannel  *self,
                   GError     **error)
{
  SmbChannelPrivate *priv = PRIVATE (self);
  gboolean           written;

  if (!check_open (priv, error) || !check_sizes (priv, error))
    return FALSE;

  g_object_ref (self); /* who is told that a message has left may drop the channel */
  written = write_queue (priv, error);
  g_object_unref (self);
  return written;
}

gboolean
smb_channel_has_output (SmbChannel *self)
{
  return !smb_outgoing_is_empty (&PRIVATE (self)->outgoing);
}

/* Receiving */

gssize
smb_channel_receive (SmbChannel  *self,
                     guint8      *buffer,
                     gsize        size,
                     GError     **error)
{
  SmbChannelPrivate *priv = PRIVATE (self);
  gssize             got;

  if (!check_open (priv, error))
    return -1;
  if (MIN (size, priv->remaining) == 0)
    return 0;

  got = smb_incoming_take (&priv->incoming, buffer, MIN (size, priv->remaining), error);
  if (got > 0)
    priv->remaining -= (gsize) got;
  return got;
}

static gboolean
begin_message (SmbChannel  *self,
               gsize        size,
               GError     **error)
{
  SmbChannelPrivate *priv = PRIVATE (self);

  if (size == 0 || size > SMB_CHANNEL_GET_CLASS (self)->largest_message)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                   "The server announced a message of %" G_GSIZE_FORMAT " bytes", size);
      return FALSE;
    }
  priv->remaining = size;
  smb_incoming_expect (&priv->incoming, size);
  return TRUE;
}

/* Once a whole header is there: what it says. One that makes no sense stays, so that the error is the same
 * ever after. */
static gboolean
take_header (SmbChannel       *self,
             SmbChannelFrame  *frame,
             gsize            *size,
             GError          **error)
{
  SmbChannelPrivate *priv = PRIVATE (self);
  const guint8      *header = smb_incoming_peek (&priv->incoming, SMB_CHANNEL_HEADER_SIZE, error);

  if (header == NULL || !SMB_CHANNEL_GET_CLASS (self)->read_header (self, header, frame, size, error))
    return FALSE;
  if (*frame == SMB_CHANNEL_MESSAGE && !begin_message (self, *size, error))
    return FALSE;
  smb_incoming_consume (&priv->incoming, SMB_CHANNEL_HEADER_SIZE);
  return TRUE;
}

gboolean
smb_channel_receive_header (SmbChannel  *self,
                            gsize       *size,
                            GError     **error)
{
  SmbChannelPrivate *priv = PRIVATE (self);
  SmbChannelFrame    frame;

  g_return_val_if_fail (priv->remaining == 0, FALSE);

  if (!check_open (priv, error))
    return FALSE;
  for (guint i = 0; i < MAX_KEEPALIVES; i++)
    {
      if (!take_header (self, &frame, size, error))
        return FALSE;
      if (frame == SMB_CHANNEL_MESSAGE)
        return TRUE;
    }
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server sends nothing but keep-alives");
  return FALSE;
}

gboolean
smb_channel_has_input (SmbChannel *self)
{
  SmbChannelPrivate *priv = PRIVATE (self);
  gsize              needed = priv->remaining > 0 ? 1 : SMB_CHANNEL_HEADER_SIZE;

  return !priv->closed && smb_incoming_get_size (&priv->incoming) >= needed;
}

gboolean
smb_channel_is_drained (SmbChannel *self)
{
  SmbChannelPrivate *priv = PRIVATE (self);

  if (!priv->io.drained || priv->closed || smb_channel_has_input (self))
    return FALSE;
  priv->io.drained = FALSE;
  return TRUE;
}

int
smb_channel_get_fd (SmbChannel *self)
{
  return smb_channel_io_get_fd (&PRIVATE (self)->io);
}

void
smb_channel_note_readable (SmbChannel *self)
{
  PRIVATE (self)->io.drained = FALSE;
}

GSource *
smb_channel_create_source (SmbChannel   *self,
                           GIOCondition  condition)
{
  g_return_val_if_fail (SMB_IS_CHANNEL (self), NULL);

  return smb_channel_io_create_source (&PRIVATE (self)->io, condition);
}

void
smb_channel_close (SmbChannel *self)
{
  SmbChannelPrivate *priv = PRIVATE (self);

  g_return_if_fail (SMB_IS_CHANNEL (self));

  if (priv->closed)
    return;
  priv->closed = TRUE;
  smb_channel_io_close (&priv->io);
  smb_outgoing_release (smb_outgoing_steal (&priv->outgoing));
}
