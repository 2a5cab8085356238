/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* How many bytes of bulk data a connection has under way: enough to keep line and server busy, and not so
 * much that all else waits behind them. */
typedef struct
{
  gsize    size;      /* bytes */
  gsize    in_flight; /* bytes */
  gboolean starting;  /* it grows fast, since it was never too large */
  gint64   round;     /* when it began: µs, monotonic, as all times here */
  gint64   last_round; /* the same of the one before */
  gint64   overtaken; /* what was sent before was, by answers to what was sent a round later */
  gint64   shortest;  /* of this round's answers; 0 = none yet */
  gboolean full;      /* it was, in this round */
  gint64   base;      /* the shortest time that an answer took; 0 = unknown */
  gint64   base_until;
  gboolean measuring; /* the base, anew: with one request at a time */
  gint64   measuring_until; /* then what has come until then must do */
  gint64   measured;  /* the shortest since that began; 0 = none yet */
  gboolean lonely;    /* the request that was sent last had no other before it */
} SmbWindow;

void     smb_window_init     (SmbWindow       *self);
/* Whether @bytes more may leave now, if it may become larger by @beyond. */
gboolean smb_window_allows   (const SmbWindow *self,
                              gsize            bytes,
                              gsize            beyond,
                              gint64           now);
void     smb_window_sent     (SmbWindow       *self,
                              gsize            bytes);
/* The answer to @bytes that were sent at @sent_at is there, whatever it says. */
void     smb_window_answered (SmbWindow       *self,
                              gsize            bytes,
                              gint64           sent_at,
                              gint64           now);
/* The answer to @bytes will be long in coming: the server has put it off. Not to be told of again. */
void     smb_window_put_off  (SmbWindow       *self,
                              gsize            bytes);
