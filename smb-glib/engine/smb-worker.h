/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-timer.h"
#include "engine/smb-watch.h"

/* The one thread of the process on which all protocol state lives, as GDBus has one: its own, or for a while one of the
 * application's that waits for a call. Nothing on it may block, and nothing of the application's runs on it. It starts
 * when it is first needed and stays. */

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

/* A thread that waits for a call becomes the worker, if there is no other call; FALSE if not. It calls
 * smb_worker_run_once() until it has what it waits for. */
gboolean smb_worker_lead         (void);
/* @func, after all that was posted before. */
void     smb_worker_run          (SmbWorkerFunc func,
                                  gpointer      data);
void     smb_worker_run_once     (void);
/* @n_idle: of the calls under way, those that need no worker now. */
void     smb_worker_stop_leading (int n_idle);
/* Who has led will not lead again soon: the worker's own thread goes on at once. */
void     smb_worker_resume       (void);

SmbWatchSet *smb_worker_get_watches (void);
SmbTimerSet *smb_worker_get_timers  (void);
gboolean     smb_worker_is_current  (void);

/* Counts the forks behind this process: what was made under another number belongs to a parent, and is dead. */
guint smb_process_generation (void);
