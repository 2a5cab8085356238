/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/worker/smb-timer.h"
#include "engine/worker/smb-watch.h"

/* The one thread of the process on which all protocol state lives, as GDBus has one: its own, or for a while
 * one of the application's that waits for a call, or runs a main context. Nothing that is done as the worker
 * may block, or run what is the application's. It starts when it is first needed and stays. */

typedef void (*SmbWorkerFunc) (gpointer data);

/* Runs @func on the worker, after all that was posted before. From any thread. */
void smb_worker_post (SmbWorkerFunc func,
                      gpointer      data);

/* On the worker: runs @func once the work at hand is done and before the worker sleeps, so that what many
 * calls want to send leaves in one gather. */
void smb_worker_defer (SmbWorkerFunc func,
                       gpointer      data);

/* At the end of a source's callback, so that it need not wait for the next turn. */
void smb_worker_run_deferred (void);

/* How many calls are under way, in this process; the end is told on the worker. */
void smb_worker_begin_call (void);
void smb_worker_end_call   (void);

/* A thread becomes the worker, if nobody else has a call under way; FALSE if not. @for_call: it waits for one
 * of its own, and calls smb_worker_run_once() until it has that; else only where the worker's thread rests
 * anyway. */
gboolean smb_worker_lead         (gboolean for_call);
/* @func, after all that was posted before. */
void     smb_worker_run          (SmbWorkerFunc func,
                                  gpointer      data);
void     smb_worker_run_once     (void);
/* @n_idle: of the calls under way, those that need no worker now. */
void     smb_worker_stop_leading (int n_idle);
/* Who has led will not lead again soon: the worker's own thread goes on at once. */
void     smb_worker_resume       (void);

/* A main context hosts the worker: visits it from its own loop, on whatever thread that is. @host tells one
 * from the other, and is not looked at. @n_calls: those of the context; where there are others, or was a bad
 * host lately, it is not wanted. Returns the descriptor to poll for input, or -1. */
int      smb_worker_move_in        (gconstpointer  host,
                                    int            n_calls);
/* NULL: whoever hosts. The worker's own thread goes on. */
void     smb_worker_move_out       (gconstpointer  host);
/* Before the context polls, @n_calls its own: how long at most, ms; 0 if it need not, -1 for ever. FALSE:
 * it hosts no more. */
gboolean smb_worker_prepare_visit  (gconstpointer  host,
                                    int            n_calls,
                                    int           *timeout_msec);
/* After it has polled: whether there is something to do that the descriptor does not tell. */
gboolean smb_worker_check_visit    (gconstpointer  host);
/* @for_input: to do all there is; else to run what was posted. */
void     smb_worker_visit          (gconstpointer  host,
                                    gboolean       for_input);
/* How long the loop did nothing else, µs. */
void     smb_worker_note_busy      (gconstpointer  host,
                                    gint64         took);

SmbWatchSet *smb_worker_get_watches (void);
SmbTimerSet *smb_worker_get_timers  (void);
gboolean     smb_worker_is_current  (void);

/* Counts the forks behind this process: what was made under another number belongs to a parent, and is
 * dead. */
guint smb_process_generation (void);
