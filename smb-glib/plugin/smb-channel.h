/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

#define SMB_TYPE_CHANNEL (smb_channel_get_type ())
SMB_EXTERN G_DECLARE_DERIVABLE_TYPE (SmbChannel, smb_channel, SMB, CHANNEL, GObject)

/* What a framing header announces. */
typedef enum
{
  SMB_CHANNEL_MESSAGE,   /* a message of the size given follows */
  SMB_CHANNEL_KEEPALIVE, /* nothing follows, nothing is to be done */
} SmbChannelFrame;

#define SMB_CHANNEL_HEADER_SIZE 4

/**
 * SmbChannelClass:
 * @write_header: writes the 4 bytes that go before a message of @size bytes
 * @read_header: understands 4 received bytes; FALSE with SMB_ERROR_PROTOCOL if they cannot be right. Need not
 *   compare with @largest_message
 * @largest_message: the most bytes that a message can have in this framing
 *
 * Carries whole messages over a #GIOStream whose both sides are pollable; non-blocking throughout, used by
 * one thread at a time. The base class does direct TCP's framing ([MS-SMB2] 2.1): a subclass changes only
 * what differs, and is made with g_object_new() and the construct-only property "stream".
 */
struct _SmbChannelClass
{
  GObjectClass parent_class;

  gsize largest_message;

  void     (*write_header) (SmbChannel      *self,
                            gsize            size,
                            guint8           header[SMB_CHANNEL_HEADER_SIZE]);
  gboolean (*read_header)  (SmbChannel      *self,
                            const guint8     header[SMB_CHANNEL_HEADER_SIZE],
                            SmbChannelFrame *frame,
                            gsize           *size,
                            GError         **error);

  gpointer padding[4];
};

/* Over a plain GSocketConnection the channel makes the socket non-blocking, and uses it directly. */
SMB_EXTERN SmbChannel *smb_channel_new (GIOStream *stream);

/* (transfer none) */
SMB_EXTERN GIOStream *smb_channel_get_stream          (SmbChannel *self);
SMB_EXTERN gsize      smb_channel_get_largest_message (SmbChannel *self);

/* Appends a message to what is to be sent; nothing is written yet. @vectors may go at once; what they point
 * to stays as it is until @sent is called: once the message has left, or when the channel is closed or freed,
 * so exactly once in any case. @sent may queue, close and unref. A message that is too large is not queued,
 * and makes the next flush fail with G_IO_ERROR_MESSAGE_TOO_LARGE. */
SMB_EXTERN void smb_channel_queue (SmbChannel          *self,
                                   const GOutputVector *vectors,
                                   guint                n_vectors,
                                   GDestroyNotify       sent,
                                   gpointer             user_data);

/* Writes as much of the queue as the stream takes now, many messages in one gather.
 * TRUE also when it would block: then has_output() still says so. After an error the channel is of no use for
 * writing, but what the peer sent before may still be received. */
SMB_EXTERN gboolean smb_channel_flush      (SmbChannel  *self,
                                            GError     **error);
SMB_EXTERN gboolean smb_channel_has_output (SmbChannel  *self);

/* Waits for the header of the next message, and says how large it is: at least 1 byte, at most the largest
 * message. FALSE with G_IO_ERROR_WOULD_BLOCK until it is there, with G_IO_ERROR_CONNECTION_CLOSED when the
 * peer has hung up, with SMB_ERROR_PROTOCOL for a header that cannot be. Keep-alives are consumed. Only to be
 * called once the message before has been received to its end. */
SMB_EXTERN gboolean smb_channel_receive_header (SmbChannel  *self,
                                                gsize       *size,
                                                GError     **error);

/* The next bytes of the message whose header came, at most @size of them and never beyond its end.
 * Returns how many (0 if @size or what is left of the message is 0), or -1 (G_IO_ERROR_WOULD_BLOCK, or
 * CONNECTION_CLOSED: the peer hung up inside it).
 *
 * To receive without copying, ask for as much as is wanted in one place at once.
 *
 * WOULD_BLOCK means: poll, best with a source of the channel's. The channel reports it too, once, after a
 * read that emptied the socket, without asking again; smb_channel_is_drained() tells it without an error. */
SMB_EXTERN gssize smb_channel_receive (SmbChannel  *self,
                                       guint8      *buffer,
                                       gsize        size,
                                       GError     **error);

/* Whether the channel's own buffer holds something to go on with, a header or some of the message:
 * a poll would not tell. */
SMB_EXTERN gboolean smb_channel_has_input (SmbChannel *self);

/* Whether receiving would say WOULD_BLOCK now just because the last read has emptied the socket: TRUE once,
 * in place of the error. */
SMB_EXTERN gboolean smb_channel_is_drained (SmbChannel *self);

/* A source that fires when the stream can be read or written, or has failed (its callback is a GSourceFunc).
 * To be destroyed before the channel is closed or freed. */
SMB_EXTERN GSource *smb_channel_create_source (SmbChannel   *self,
                                               GIOCondition  condition);

/* Hangs up, without waiting for what is still queued. Everything but the getters fails with G_IO_ERROR_CLOSED
 * from now on. May be called again. */
SMB_EXTERN void smb_channel_close (SmbChannel *self);

G_END_DECLS
