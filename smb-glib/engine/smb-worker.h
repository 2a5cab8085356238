/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* The one thread of the process on which all protocol state lives, as GDBus has one. Nothing on it may block,
 * and nothing of the application's runs on it. It starts when it is first needed and stays. */

typedef void (*SmbWorkerFunc) (gpointer data);

/* Runs @func on the worker, after all that was posted before. From any thread. */
void smb_worker_post (SmbWorkerFunc func,
                      gpointer      data);

/* On the worker: runs @func once the work at hand is done and before the worker sleeps, so that what many
 * calls want to send leaves in one gather. */
void smb_worker_defer (SmbWorkerFunc func,
                       gpointer      data);

/* On the worker, around the work of a source's callback: what is deferred meanwhile runs at its end. */
void smb_worker_enter_batch (void);
void smb_worker_leave_batch (void);

GMainContext *smb_worker_get_context (void);
gboolean      smb_worker_is_current  (void);

/* Counts the forks behind this process: what was made under another number belongs to a parent, and is dead. */
guint smb_process_generation (void);
