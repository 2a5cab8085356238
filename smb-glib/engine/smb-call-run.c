/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-call-private.h"

#include "engine/worker/smb-worker.h"

/* A thread that waits for its call. */

static gboolean
has_caller_job (SmbCall *self)
{
  gboolean has_job;

  g_mutex_lock (&self->lock);
  has_job = !g_queue_is_empty (&self->caller_jobs);
  g_mutex_unlock (&self->lock);
  return has_job;
}

static void
start_here (gpointer data)
{
  smb_call_start (data);
}

/* This thread does the worker's work until there is something to do on this side. FALSE if another one
 * does. */
static gboolean
lead (SmbCall       *self,
      SmbWorkerFunc  first)
{
  if (self->is_streaming || !smb_worker_lead (TRUE))
    return FALSE;

  if (first != NULL)
    smb_worker_run (first, self);
  while (!has_caller_job (self))
    smb_worker_run_once ();
  smb_worker_stop_leading (self->ended ? 0 : 1);
  return TRUE;
}

/* A stream that takes its time is better served while the worker goes on. */
#define STREAM_IS_SLOW 50 /* µs, on the average: now and then even a fast one waits for a processor */
#define STREAM_JOBS    8

static gboolean
is_slow (SmbCall *self,
         gint64   took)
{
  self->n_jobs++;
  self->jobs_took += took;
  return self->jobs_took > STREAM_IS_SLOW * MAX (self->n_jobs, STREAM_JOBS);
}

static void
run_caller_jobs_here (SmbCall *self)
{
  gint64 begin = g_get_monotonic_time ();

  smb_call_run_caller_jobs (self);
  if (self->is_streaming || self->delivered || smb_call_is_orphan (self) ||
      !is_slow (self, g_get_monotonic_time () - begin))
    return;
  self->is_streaming = TRUE;
  smb_worker_resume ();
}

static void
wait_for_caller_job (SmbCall *self)
{
  if (has_caller_job (self) || lead (self, NULL))
    return;

  g_mutex_lock (&self->lock);
  self->is_waiting = TRUE;
  while (g_queue_is_empty (&self->caller_jobs))
    g_cond_wait (&self->cond, &self->lock);
  self->is_waiting = FALSE;
  g_mutex_unlock (&self->lock);
}

gboolean
smb_call_run (SmbCall  *self,
              GError  **error)
{
  if (smb_call_prepare (self))
    {
      smb_call_begin (self);
      if (!lead (self, start_here))
        {
          smb_worker_move_out (NULL); /* this thread's loop may be the host, and does not run */
          smb_call_run_on_worker (self, smb_call_start);
        }
      while (!self->delivered && !smb_call_is_orphan (self))
        {
          wait_for_caller_job (self);
          run_caller_jobs_here (self);
        }
      if (!self->delivered)
        smb_call_set_error (self, smb_call_new_orphan_error (self));
    }
  else
    smb_call_clear_caller_side (self);

  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}
