/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-channel-incoming.h"

#include <string.h>

/* Small replies come many to a read. */
#define BUFFER_SIZE (64 * 1024)

/* Behind a large message there is probably another: no more than its beginning is read into the buffer, so
 * that the rest need not be copied. */
#define BUFFER_SIZE_AFTER_LARGE 4096

/* From here on a read of its own is cheaper than a copy, for streams that do not scatter. */
#define DIRECT_READ_SIZE 8192

void
smb_incoming_init (SmbIncoming  *self,
                   SmbChannelIo *io)
{
  self->io = io;
  self->buffer = g_malloc (BUFFER_SIZE);
  self->ahead = BUFFER_SIZE;
}

void
smb_incoming_clear (SmbIncoming *self)
{
  g_clear_pointer (&self->buffer, g_free);
  self->start = self->end = 0;
}

void
smb_incoming_expect (SmbIncoming *self,
                     gsize        size)
{
  self->ahead = size > BUFFER_SIZE ? BUFFER_SIZE_AFTER_LARGE : BUFFER_SIZE;
}

static gssize
read_stream (SmbIncoming   *self,
             GInputVector  *vectors,
             guint          n_vectors,
             GError       **error)
{
  gssize got = smb_channel_io_read (self->io, vectors, n_vectors, error);

  if (got != 0)
    return got;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "The server closed the connection");
  return -1;
}

static gboolean
fill_buffer (SmbIncoming  *self,
             GError      **error)
{
  gsize        size = smb_incoming_get_size (self);
  GInputVector vector = { self->buffer + size, self->ahead - size };
  gssize       got;

  memmove (self->buffer, self->buffer + self->start, size);
  self->start = 0;
  self->end = size;

  got = read_stream (self, &vector, 1, error);
  if (got > 0)
    self->end += (gsize) got;
  return got > 0;
}

const guint8 *
smb_incoming_peek (SmbIncoming  *self,
                   gsize         size,
                   GError      **error)
{
  while (smb_incoming_get_size (self) < size)
    if (!fill_buffer (self, error))
      return NULL;

  return self->buffer + self->start;
}

void
smb_incoming_consume (SmbIncoming *self,
                      gsize        size)
{
  self->start += size;
}

/* What is asked for comes first; behind it what is next, as much as is there. */
static gssize
scatter (SmbIncoming  *self,
         guint8       *buffer,
         gsize         size,
         GError      **error)
{
  GInputVector vectors[] = { { buffer, size }, { self->buffer, self->ahead } };
  gssize       got = read_stream (self, vectors, G_N_ELEMENTS (vectors), error);
  gsize        direct;

  if (got < 0)
    return -1;
  direct = MIN ((gsize) got, size);
  self->start = 0;
  self->end = (gsize) got - direct;
  return (gssize) direct;
}

static gssize
take_buffered (SmbIncoming *self,
               guint8      *buffer,
               gsize        size)
{
  gsize part = MIN (size, smb_incoming_get_size (self));

  memcpy (buffer, self->buffer + self->start, part);
  self->start += part;
  return (gssize) part;
}

gssize
smb_incoming_take (SmbIncoming  *self,
                   guint8       *buffer,
                   gsize         size,
                   GError      **error)
{
  GInputVector vector = { buffer, size };

  if (smb_incoming_get_size (self) > 0)
    return take_buffered (self, buffer, size);
  if (self->io->socket != NULL)
    return scatter (self, buffer, size, error);
  if (size >= DIRECT_READ_SIZE)
    return read_stream (self, &vector, 1, error);
  if (!fill_buffer (self, error))
    return -1;
  return take_buffered (self, buffer, size);
}
