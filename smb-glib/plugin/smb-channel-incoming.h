/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/smb-channel-io.h"

G_BEGIN_DECLS

/**
 * SmbIncoming:
 * @io: what is read from; borrowed
 * @buffer: what was received and not asked for yet is in it, from @start to @end
 * @ahead: how much of @buffer may be read into
 *
 * What a channel has received: bytes, of whatever meaning.
 */
typedef struct
{
  SmbChannelIo *io;
  guint8       *buffer;
  gsize         start;
  gsize         end;
  gsize         ahead;
} SmbIncoming;

void smb_incoming_init  (SmbIncoming  *self,
                         SmbChannelIo *io);
void smb_incoming_clear (SmbIncoming  *self);

/* How many bytes the reader is about to take, so that no more is read into the buffer than makes sense. */
void          smb_incoming_expect  (SmbIncoming  *self,
                                    gsize         size);
/* The next @size bytes (a few), which stay until smb_incoming_consume(); NULL with an error if they are not
 * all there, CONNECTION_CLOSED at the end. */
const guint8 *smb_incoming_peek    (SmbIncoming  *self,
                                    gsize         size,
                                    GError      **error);
void          smb_incoming_consume (SmbIncoming  *self,
                                    gsize         size);
/* The next bytes, at most @size, straight from the stream if none wait in the buffer. -1 is an error. */
gssize        smb_incoming_take    (SmbIncoming  *self,
                                    guint8       *buffer,
                                    gsize         size,
                                    GError      **error);

static inline gsize
smb_incoming_get_size (const SmbIncoming *self)
{
  return self->end - self->start;
}

G_END_DECLS
