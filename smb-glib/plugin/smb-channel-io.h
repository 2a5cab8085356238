/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SmbChannelIo:
 * @stream: what is read and written
 * @socket: (nullable): the socket beneath, borrowed from @stream, if nothing wraps it: then a read scatters
 * @input: (nullable): the reading side, borrowed; %NULL if it cannot be polled
 * @output: (nullable): the writing side, borrowed; %NULL if it cannot be polled
 * @drained: the last read has emptied the socket, and no poll has told since that there is more
 * @low_water: what has to be there for a poll to tell of it, bytes
 * @n_reads: how often the stream was asked to read
 * @n_writes: how often it was asked to write
 *
 * Reads and writes a stream without ever waiting.
 */
typedef struct
{
  GIOStream             *stream;
  GSocket               *socket;
  GPollableInputStream  *input;
  GPollableOutputStream *output;
  gboolean               drained;
  int                    low_water;
  guint                  n_reads;
  guint                  n_writes;
} SmbChannelIo;

void     smb_channel_io_init          (SmbChannelIo        *self,
                                       GIOStream           *stream);
void     smb_channel_io_clear         (SmbChannelIo        *self);
void     smb_channel_io_close         (SmbChannelIo        *self);

/* Bytes written, also 0; -1 is an error. @blocked: the stream takes no more for now. */
gssize   smb_channel_io_write         (SmbChannelIo        *self,
                                       const GOutputVector *vectors,
                                       guint                n_vectors,
                                       gboolean            *blocked,
                                       GError             **error);

/* Bytes read into the first vector and then, if there is a socket, into the second; 0 at the end, -1 with
 * G_IO_ERROR_WOULD_BLOCK when nothing is there. */
gssize   smb_channel_io_read          (SmbChannelIo        *self,
                                       GInputVector        *vectors,
                                       guint                n_vectors,
                                       GError             **error);

/* -1 if there is no plain socket, or no more. */
int      smb_channel_io_get_fd        (SmbChannelIo        *self);

/* To be destroyed before @self is closed. */
GSource *smb_channel_io_create_source (SmbChannelIo        *self,
                                       GIOCondition         condition);

G_END_DECLS
