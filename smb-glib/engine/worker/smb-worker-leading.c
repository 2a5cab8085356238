/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/worker/smb-worker-private.h"

/* A thread of the application that waits for its call does the worker's work meanwhile. */

static gboolean
may_lead (SmbWorker *self,
          gboolean   for_call)
{
  int n_own = for_call ? 1 : 0;

  return !self->led && g_atomic_int_get (&self->n_calls) <= n_own && (for_call || self->resting);
}

gboolean
smb_worker_lead (gboolean for_call)
{
  SmbWorker *self = smb_worker_get ();

  g_mutex_lock (&self->lock);
  if (!may_lead (self, for_call))
    {
      g_mutex_unlock (&self->lock);
      return FALSE;
    }
  g_atomic_int_set (&self->led, TRUE);
  self->n_led++;
  if (!self->resting)
    g_main_context_wakeup (self->context);
  while (!self->resting)
    g_cond_wait (&self->rests, &self->lock);
  g_mutex_unlock (&self->lock);

  smb_worker_take_over (self);
  return TRUE;
}

void
smb_worker_run (SmbWorkerFunc func,
                gpointer      data)
{
  smb_worker_run_posted (smb_worker_peek ());
  func (data);
  smb_worker_run_deferred ();
}

void
smb_worker_run_once (void)
{
  SmbWorker *self = smb_worker_peek ();

  self->n_unpolled = 0;
  smb_worker_iterate (self);
}

void
smb_worker_resume (void)
{
  SmbWorker *self = smb_worker_peek ();

  g_mutex_lock (&self->lock);
  if (self->resting && !self->led)
    smb_worker_wake_thread (self);
  g_mutex_unlock (&self->lock);
}

void
smb_worker_stop_leading (int n_idle)
{
  SmbWorker *self = smb_worker_peek ();

  smb_worker_run_deferred ();
  if (self->n_unpolled++ > 1) /* others' answers, and timers, are not to wait for ever */
    {
      self->n_unpolled = 0;
      g_main_context_iteration (self->context, FALSE);
    }
  smb_worker_hand_over (self);
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->led, FALSE);
  if (g_atomic_int_get (&self->n_calls) > n_idle || self->hurry || self->jobs->len > 0)
    smb_worker_wake_thread (self);
  smb_worker_end_patience (self);
  g_mutex_unlock (&self->lock);
}
