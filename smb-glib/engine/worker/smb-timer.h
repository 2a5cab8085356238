/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The timers of all connections behind one source of the worker's context, for the same reason as the
 * sockets. The worker's, all of it. */

typedef struct _SmbTimerSet SmbTimerSet;
typedef struct _SmbTimer SmbTimer;

typedef void (*SmbTimerFunc) (gpointer data);

/* One for a context, as long as that lives. */
SmbTimerSet *smb_timer_set_new         (GMainContext *context);
/* Until the first of them, ms; -1 if there is none. */
int          smb_timer_set_get_timeout (SmbTimerSet  *self);

SmbTimer *smb_timer_new  (SmbTimerSet    *set,
                          SmbTimerFunc    func,
                          gpointer        data,
                          GDestroyNotify  free_data);
/* Calls the function once, at @at (µs, monotonic), or never if that is G_MAXINT64. */
void      smb_timer_set  (SmbTimer       *self,
                          gint64          at);
/* Any timer's function may do that. */
void      smb_timer_free (SmbTimer       *self);
