/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"
#include "engine/smb-mailbox.h"

struct _SmbCall
{
  gatomicrefcount ref_count;
  SmbConnection  *connection; /* NULL: there was none */

  char           *verb;
  char           *share;
  char           *path;
  char           *context; /* made from these when first asked for */

  SmbCallFunc     start;
  SmbCallFunc     cleanup;
  gpointer        data;
  GDestroyNotify  free_data;
  gboolean        any_state;
  gboolean        always_starts;
  int             timeout_msec;

  /* The outcome: written before the end, read after it. */
  GError         *error;
  gpointer        result;
  GDestroyNotify  free_result;
  guint64         number;

  /* The caller's side. */
  GCancellable   *cancellable;
  gulong          cancelled_handler;
  gpointer        caller_data;
  GDestroyNotify  free_caller_data;
  GTask          *task; /* NULL in a synchronous call */
  guint           holds;
  gboolean        deliverable; /* the end came while it was held */

  GMutex          lock;
  GCond           cond;
  GQueue          caller_jobs; /* of SmbCallFunc; under the lock */
  SmbMailbox     *mailbox;     /* to the context of the task, until the end is delivered */
  gboolean        is_waiting;  /* its thread, for the condition; under the lock */
  gboolean        delivered;   /* under the lock; written by the caller's side */
  gboolean        runs_jobs;   /* the caller's side is in one of them; under the lock */
  gboolean        is_streaming; /* both sides work at the same time; the caller's side's, as what follows */
  guint           n_jobs;
  gint64          jobs_took; /* µs */

  /* The worker's side. */
  GQueue          plans; /* unowned; those under way */
  gboolean        started;
  gboolean        cancelled; /* before it was started */
  gboolean        ended;
  gint64          deadline;
  guint           pauses;
};

/* On the caller's side: what both ways to run a call begin and end with. */

/* Whether the call may be started at all; else its error is set. */
gboolean smb_call_prepare           (SmbCall *self);
/* It is under way from here on, and can be cancelled. */
void     smb_call_begin             (SmbCall *self);
/* What is the application's goes on its own side. */
void     smb_call_clear_caller_side (SmbCall *self);
/* A child that was forked below a callback has the call, too, but nobody who would end it, and the connection
 * is the parent's. */
gboolean smb_call_is_orphan         (SmbCall *self);
GError  *smb_call_new_orphan_error  (SmbCall *self);

/* On the worker. */
void     smb_call_start             (SmbCall *self);
