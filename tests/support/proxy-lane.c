/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proxy-lane.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK_SIZE (256 * 1024)
#define CHUNKS_PER_SECOND 20 /* at least, of a slow line: it delivers bit by bit */
#define MOST_HELD (64 * 1024 * 1024)

typedef struct
{
  gint64 due_us;
  gsize offset; /* of what is not sent yet */
  gsize size;
  guint8 data[];
} Chunk;

void
proxy_lane_init (ProxyLane         *self,
                 const ProxyFaults *faults,
                 int                record)
{
  *self = (ProxyLane) { .faults = faults, .record = record };
  g_queue_init (&self->chunks);
}

void
proxy_lane_clear (ProxyLane *self)
{
  g_queue_clear_full (&self->chunks, g_free);
  if (self->record >= 0)
    close (self->record);
}

gboolean
proxy_lane_wants_input (ProxyLane *self)
{
  return !self->finished && !self->stalled && self->held < MOST_HELD;
}

/* A line of limited rate sends one chunk after the other; the delay comes on top. */
static gint64
due_time (ProxyLane *self,
          gsize      size,
          gint64     now_us)
{
  gint64 start_us = MAX (self->line_free_us, now_us);

  self->line_free_us = start_us;
  if (self->faults->bytes_per_second > 0)
    self->line_free_us += (gint64) size * G_USEC_PER_SEC / self->faults->bytes_per_second;

  return self->line_free_us + self->faults->delay_us;
}

static gsize
chunk_size (ProxyLane *self)
{
  gint64 rate = self->faults->bytes_per_second;

  return rate > 0 ? (gsize) CLAMP (rate / CHUNKS_PER_SECOND, 1, CHUNK_SIZE) : CHUNK_SIZE;
}

static void
flip (ProxyLane *self,
      Chunk     *chunk)
{
  gint64 at = self->faults->flip_at - (gint64) self->received;

  if (at >= 0 && at < (gint64) chunk->size)
    chunk->data[at] ^= 1;
}

ProxyLaneResult
proxy_lane_receive (ProxyLane *self,
                    int        fd,
                    gint64     now_us)
{
  static guint8 buffer[CHUNK_SIZE];
  gssize n = recv (fd, buffer, chunk_size (self), 0);
  Chunk *chunk;

  if (n < 0)
    return errno == EAGAIN || errno == EINTR ? PROXY_LANE_OK : PROXY_LANE_BROKEN;
  if (n == 0)
    {
      self->finished = TRUE;
      return PROXY_LANE_OK;
    }

  if (self->record >= 0 && write (self->record, buffer, (gsize) n) != n)
    g_error ("cannot record: %s", g_strerror (errno));

  chunk = g_malloc (sizeof *chunk + (gsize) n);
  chunk->offset = 0;
  chunk->size = (gsize) n;
  memcpy (chunk->data, buffer, chunk->size);
  flip (self, chunk);
  self->received += chunk->size;
  self->held += chunk->size;
  chunk->due_us = due_time (self, chunk->size, now_us);
  g_queue_push_tail (&self->chunks, chunk);

  return PROXY_LANE_OK;
}

/* How much may be sent now of @size bytes, as the faults say. */
static gsize
allowed (ProxyLane *self,
         gsize      size)
{
  const ProxyFaults *faults = self->faults;
  gint64 allowed = (gint64) size;

  if (faults->split > 0)
    allowed = MIN (allowed, faults->split);
  if (faults->cut_at >= 0)
    allowed = MIN (allowed, faults->cut_at - (gint64) self->sent);
  if (faults->stall_at >= 0)
    allowed = MIN (allowed, faults->stall_at - (gint64) self->sent);

  return (gsize) MAX (allowed, 0);
}

static gssize
send_some (ProxyLane *self,
           Chunk     *chunk,
           int        fd)
{
  gsize size = allowed (self, chunk->size - chunk->offset);
  gssize n = size > 0 ? send (fd, chunk->data + chunk->offset, size, MSG_NOSIGNAL) : 0;

  if (n > 0)
    {
      chunk->offset += (gsize) n;
      self->sent += (gsize) n;
      self->held -= (gsize) n;
    }

  return n;
}

static ProxyLaneResult
send_chunk (ProxyLane *self,
            Chunk     *chunk,
            int        fd)
{
  if (send_some (self, chunk, fd) < 0)
    {
      if (errno != EAGAIN && errno != EINTR)
        return PROXY_LANE_BROKEN;
      self->blocked = TRUE;
    }

  if (self->faults->cut_at >= 0 && (gint64) self->sent >= self->faults->cut_at)
    return PROXY_LANE_BROKEN;
  if (self->faults->stall_at >= 0 && (gint64) self->sent >= self->faults->stall_at)
    self->stalled = TRUE;
  if (chunk->offset == chunk->size)
    g_free (g_queue_pop_head (&self->chunks));

  return PROXY_LANE_OK;
}

ProxyLaneResult
proxy_lane_send (ProxyLane *self,
                 int        fd,
                 gint64     now_us)
{
  self->blocked = FALSE;
  while (!self->stalled && !self->blocked && proxy_lane_next_due (self) <= now_us)
    {
      if (send_chunk (self, g_queue_peek_head (&self->chunks), fd) == PROXY_LANE_BROKEN)
        return PROXY_LANE_BROKEN;
    }

  if (self->finished && !self->shut && !self->stalled && g_queue_is_empty (&self->chunks))
    {
      self->shut = TRUE;
      shutdown (fd, SHUT_WR);
    }

  return PROXY_LANE_OK;
}

gint64
proxy_lane_next_due (ProxyLane *self)
{
  Chunk *chunk = g_queue_peek_head (&self->chunks);

  return chunk != NULL && !self->stalled && !self->blocked ? chunk->due_us : G_MAXINT64;
}
