/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ProxyFaults:
 *
 * What goes wrong in one direction. Offsets count from the start of the connection; -1 is never.
 */
typedef struct
{
  gint64 delay_us;
  gint64 bytes_per_second; /* 0: as fast as it goes */
  gint64 cut_at;           /* reset the connection after so many bytes */
  gint64 stall_at;         /* forward no more after so many bytes */
  gint64 flip_at;          /* flip a bit of the byte at this offset */
  gint64 split;            /* at most so many bytes a write; 0: no limit */
} ProxyFaults;

#define PROXY_FAULTS_INIT { .cut_at = -1, .stall_at = -1, .flip_at = -1 }

/**
 * ProxyLane:
 *
 * One direction of a connection: what was received and is not yet due.
 */
typedef struct
{
  const ProxyFaults *faults; /* borrowed */
  GQueue chunks;
  gsize held;          /* bytes in the queue */
  guint64 received;
  guint64 sent;
  gint64 line_free_us; /* when the line of limited rate has sent all of it */
  int record;          /* file that gets what is received; -1 for none */
  gboolean finished;   /* the sender has shut down its side */
  gboolean shut;       /* and we have told the receiver */
  gboolean stalled;
  gboolean blocked;    /* the receiver's buffer is full */
} ProxyLane;

typedef enum { PROXY_LANE_OK, PROXY_LANE_BROKEN } ProxyLaneResult;

void proxy_lane_init (ProxyLane         *self,
                      const ProxyFaults *faults,
                      int                record);
void proxy_lane_clear (ProxyLane *self);

gboolean proxy_lane_wants_input (ProxyLane *self);

/* Reads what there is from the socket @fd. */
ProxyLaneResult proxy_lane_receive (ProxyLane *self,
                                    int        fd,
                                    gint64     now_us);

/* Writes what is due to the socket @fd. Broken also where the faults want it. */
ProxyLaneResult proxy_lane_send (ProxyLane *self,
                                 int        fd,
                                 gint64     now_us);

/* When the next chunk is due in monotonic microseconds; G_MAXINT64 if there is nothing to wait for. */
gint64 proxy_lane_next_due (ProxyLane *self);

G_END_DECLS
