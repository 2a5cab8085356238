/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-netbios-channel.h"

#include "smb-netbios-session.h"

struct _SmbNetbiosChannel
{
  SmbChannel parent_instance;

  GSource *keepalive; /* NULL = none */
};

G_DEFINE_FINAL_TYPE (SmbNetbiosChannel, smb_netbios_channel, SMB_TYPE_CHANNEL)

static void
smb_netbios_channel_write_header (SmbChannel *channel,
                                  gsize       size,
                                  guint8      header[SMB_CHANNEL_HEADER_SIZE])
{
  smb_netbios_header_encode (size, header);
}

static gboolean
smb_netbios_channel_read_header (SmbChannel       *channel,
                                 const guint8      header[SMB_CHANNEL_HEADER_SIZE],
                                 SmbChannelFrame  *frame,
                                 gsize            *size,
                                 GError          **error)
{
  guint8 type;

  if (!smb_netbios_header_decode (header, &type, size, error))
    return FALSE;
  *frame = type == SMB_NETBIOS_KEEPALIVE ? SMB_CHANNEL_KEEPALIVE : SMB_CHANNEL_MESSAGE;
  if (type == SMB_NETBIOS_SESSION_MESSAGE || (type == SMB_NETBIOS_KEEPALIVE && *size == 0))
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
               "The server sent a NetBIOS packet of type %02x and %" G_GSIZE_FORMAT " bytes inside a session",
               type, *size);
  return FALSE;
}

static void
stop_keepalive (SmbNetbiosChannel *self)
{
  if (self->keepalive == NULL)
    return;
  g_source_destroy (self->keepalive);
  g_clear_pointer (&self->keepalive, g_source_unref);
}

static void
smb_netbios_channel_dispose (GObject *object)
{
  stop_keepalive (SMB_NETBIOS_CHANNEL (object));

  G_OBJECT_CLASS (smb_netbios_channel_parent_class)->dispose (object);
}

static void
smb_netbios_channel_class_init (SmbNetbiosChannelClass *class)
{
  SmbChannelClass *channel_class = SMB_CHANNEL_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = smb_netbios_channel_dispose;

  channel_class->largest_message = SMB_NETBIOS_LARGEST_MESSAGE;
  channel_class->write_header = smb_netbios_channel_write_header;
  channel_class->read_header = smb_netbios_channel_read_header;
}

static void
smb_netbios_channel_init (SmbNetbiosChannel *self)
{
}

/* [RFC 1002] 4.3.7. What waits to be sent does as well. That a connection is broken its user finds out. */
static gboolean
send_keepalive (gpointer user_data)
{
  SmbNetbiosChannel *self = user_data;
  SmbChannel        *channel = SMB_CHANNEL (self);

  if (smb_channel_has_output (channel))
    return G_SOURCE_CONTINUE;
  smb_channel_queue (channel, NULL, 0, NULL, NULL);
  if (smb_channel_flush (channel, NULL))
    return G_SOURCE_CONTINUE;
  stop_keepalive (self);
  return G_SOURCE_REMOVE;
}

SmbChannel *
smb_netbios_channel_new (GIOStream *stream,
                         guint      keepalive_msec)
{
  g_autoptr(GMainContext)  context = g_main_context_ref_thread_default ();
  SmbNetbiosChannel       *self = g_object_new (SMB_TYPE_NETBIOS_CHANNEL, "stream", stream, NULL);

  if (keepalive_msec > 0)
    {
      self->keepalive = g_timeout_source_new (keepalive_msec);
      g_source_set_static_name (self->keepalive, "smb-glib NetBIOS keep-alive");
      g_source_set_callback (self->keepalive, send_keepalive, self, NULL);
      g_source_attach (self->keepalive, context);
    }
  return SMB_CHANNEL (self);
}
