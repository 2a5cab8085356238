/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-window.h"

/*
 * An answer that takes much longer than the shortest one did has waited, behind others of ours: in the
 * server, on the line, or here. So the window grows as long as answers do not wait, and shrinks when they
 * do (the idea of TCP Vegas). That is judged once a round, by the answer that waited least: of the others
 * some waited for a processor. What the shortest time is changes with the way to the server; every now
 * and then it is measured anew, by one request that goes alone.
 */

#define MIB (1024 * 1024)

#define SIZE_FIRST (4 * MIB)
#define SIZE_MIN   (3 * MIB)
#define SIZE_MAX   (32 * MIB)

/* What an answer may take, given the shortest one: as long again, and what threads need to be woken up,
 * µs. */
#define TIMES_BASE 2
#define SLACK      300

#define BASE_LASTS (10 * G_TIME_SPAN_SECOND)

/* How long all but one request may be held back for it, and so many times the base. */
#define MEASURING_LASTS (100 * G_TIME_SPAN_MILLISECOND)
#define BASES           8

void
smb_window_init (SmbWindow *self)
{
  *self = (SmbWindow){ .size = SIZE_FIRST, .starting = TRUE };
}

gboolean
smb_window_allows (const SmbWindow *self,
                   gsize            bytes,
                   gsize            beyond,
                   gint64           now)
{
  if (self->in_flight == 0)
    return TRUE;
  if (self->measuring && now < self->measuring_until)
    return FALSE;
  return self->in_flight + bytes <= self->size + beyond;
}

void
smb_window_sent (SmbWindow *self,
                 gsize      bytes)
{
  if (bytes == 0)
    return;
  self->lonely = self->in_flight == 0;
  self->in_flight += bytes;
}

static void
set_base (SmbWindow *self,
          gint64     base,
          gint64     now)
{
  self->measuring = FALSE;
  self->base = base;
  self->base_until = now + BASE_LASTS;
}

static void
begin_measuring (SmbWindow *self,
                 gint64     now)
{
  self->measuring = TRUE;
  self->measuring_until = now + MEASURING_LASTS + BASES * self->base;
  self->measured = 0;
}

/* Among what is under way there may be something that the server takes long for: that is not waited for. */
static void
note_base (SmbWindow *self,
           gint64     took,
           gboolean   alone,
           gint64     now)
{
  if (self->measuring && (self->measured == 0 || took < self->measured))
    self->measured = took;

  if (self->base == 0 || took < self->base || (self->measuring && alone))
    set_base (self, took, now);
  else if (self->measuring && now >= self->measuring_until)
    set_base (self, self->measured, now);
  else if (!self->measuring && now > self->base_until)
    begin_measuring (self, now);
}

/* Twice as large in a round, at first; then by one request. */
static void
grow (SmbWindow *self,
      gsize      bytes)
{
  self->size = MIN (self->size + (self->starting ? self->size : bytes), SIZE_MAX);
}

static void
shrink (SmbWindow *self)
{
  self->starting = FALSE;
  self->size = MAX (self->size - self->size / 8, SIZE_MIN);
}

/* A round is over with the first answer to what was sent in it. */
static void
judge (SmbWindow *self,
       gsize      bytes,
       gint64     now)
{
  gint64 limit = TIMES_BASE * self->base + SLACK;

  if (self->shortest > limit)
    shrink (self);
  else if (self->full)
    grow (self, bytes);
  self->overtaken = MIN (self->last_round, now - limit);
  self->last_round = self->round;
  self->round = now;
  self->shortest = 0;
  self->full = FALSE;
}

void
smb_window_answered (SmbWindow *self,
                     gsize      bytes,
                     gint64     sent_at,
                     gint64     now)
{
  gint64   took = MAX (now - sent_at, 1);
  gboolean alone = self->lonely && self->in_flight == bytes;

  note_base (self, took, alone, now);
  if (self->shortest == 0 || took < self->shortest)
    self->shortest = took;
  self->full |= self->in_flight + bytes > self->size;
  if (sent_at >= self->round)
    judge (self, bytes, now);
  self->in_flight -= MIN (bytes, self->in_flight);
}

void
smb_window_put_off (SmbWindow *self,
                    gsize      bytes)
{
  self->in_flight -= MIN (bytes, self->in_flight);
}
