/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-call-private.h"

#include "engine/connection/smb-connection.h"
#include "engine/connection/smb-plan.h"
#include "engine/smb-path.h"
#include "engine/worker/smb-worker.h"
#include "smb-error-private.h"
#include "wire/smb-ntstatus.h"

SmbCall *
smb_call_new (SmbConnection *connection,
              const char    *verb,
              const char    *share,
              const char    *path,
              int            timeout_msec,
              GCancellable  *cancellable)
{
  SmbCall *self = g_new0 (SmbCall, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->connection = connection == NULL ? NULL : smb_connection_use (connection);
  self->verb = g_strdup (verb);
  self->share = g_strdup (share);
  self->path = g_strdup (path);
  self->timeout_msec = timeout_msec;
  self->cancellable = cancellable == NULL ? NULL : g_object_ref (cancellable);
  self->deadline = G_MAXINT64;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->caller_jobs);
  return self;
}

SmbCall *
smb_call_ref (SmbCall *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
smb_call_clear_caller_side (SmbCall *self)
{
  GDestroyNotify free_caller_data = g_steal_pointer (&self->free_caller_data);

  if (self->cancelled_handler != 0)
    g_cancellable_disconnect (self->cancellable, self->cancelled_handler);
  self->cancelled_handler = 0;
  g_clear_object (&self->cancellable);
  if (free_caller_data != NULL)
    free_caller_data (g_steal_pointer (&self->caller_data));
}

void
smb_call_unref (SmbCall *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  smb_call_clear_caller_side (self);
  g_clear_pointer (&self->mailbox, smb_mailbox_unref);
  g_clear_object (&self->task);
  if (self->result != NULL && self->free_result != NULL)
    self->free_result (self->result);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_clear_error (&self->error);
  g_clear_pointer (&self->connection, smb_connection_unuse);
  g_queue_clear (&self->caller_jobs);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self->verb);
  g_free (self->share);
  g_free (self->path);
  g_free (self->context);
  g_free (self);
}

void
smb_call_set_operation (SmbCall        *self,
                        SmbCallFunc     start,
                        SmbCallFunc     cleanup,
                        gpointer        data,
                        GDestroyNotify  free_data)
{
  self->start = start;
  self->cleanup = cleanup;
  self->data = data;
  self->free_data = free_data;
}

void
smb_call_set_caller_data (SmbCall        *self,
                          gpointer        data,
                          GDestroyNotify  free_data)
{
  self->caller_data = data;
  self->free_caller_data = free_data;
}

void
smb_call_set_any_state (SmbCall *self)
{
  self->any_state = TRUE;
}

void
smb_call_set_always_starts (SmbCall *self)
{
  self->always_starts = TRUE;
}

void
smb_call_set_error (SmbCall *self,
                    GError  *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

void
smb_call_set_path (SmbCall    *self,
                   const char *path)
{
  g_free (self->path);
  self->path = g_strdup (path);
  g_clear_pointer (&self->context, g_free);
}

gpointer
smb_call_get_data (SmbCall *self)
{
  return self->data;
}

gpointer
smb_call_get_caller_data (SmbCall *self)
{
  return self->caller_data;
}

SmbConnection *
smb_call_get_connection (SmbCall *self)
{
  return self->connection;
}

const char *
smb_call_get_share (SmbCall *self)
{
  return self->share;
}

const char *
smb_call_get_context (SmbCall *self)
{
  if (self->context != NULL)
    return self->context;

  if (self->path != NULL && self->share != NULL)
    self->context = g_strdup_printf ("%s '%s' on share '%s'", self->verb, self->path, self->share);
  else if (self->share != NULL)
    self->context = g_strdup_printf ("%s '%s'", self->verb, self->share);
  else
    self->context = g_strdup (self->verb);
  return smb_path_make_printable (self->context);
}

GCancellable *
smb_call_get_cancellable (SmbCall *self)
{
  return self->cancellable;
}

gboolean
smb_call_is_sync (SmbCall *self)
{
  return self->task == NULL;
}

/* From side to side. */

static void deliver (SmbCall *self);

/* An application may run its main loop in a progress callback. What comes for the same call meanwhile, its
 * end above all, is left to whoever runs the job that the callback belongs to. And what comes while jobs run
 * waits for the next turn of that loop: it has others to serve, too. */
void
smb_call_run_caller_jobs (SmbCall *self)
{
  SmbCallFunc func;
  guint       n_jobs;

  g_mutex_lock (&self->lock);
  n_jobs = self->runs_jobs ? 0 : self->caller_jobs.length;
  self->runs_jobs |= n_jobs > 0;
  for (guint i = 0; i < n_jobs && !self->delivered; i++)
    {
      func = (SmbCallFunc) g_queue_pop_head (&self->caller_jobs);
      g_mutex_unlock (&self->lock);
      func (self);
      g_mutex_lock (&self->lock);
    }
  self->runs_jobs &= n_jobs == 0;
  if (n_jobs > 0 && self->mailbox != NULL && !g_queue_is_empty (&self->caller_jobs))
    smb_mailbox_post (self->mailbox, self);
  g_mutex_unlock (&self->lock);
}

void
smb_call_run_on_caller (SmbCall     *self,
                        SmbCallFunc  func)
{
  gboolean first;

  g_mutex_lock (&self->lock);
  first = g_queue_is_empty (&self->caller_jobs);
  g_queue_push_tail (&self->caller_jobs, (gpointer) func);
  if (self->delivered)
    ; /* nobody is there to run it */
  else if (self->task == NULL && self->is_waiting)
    g_cond_signal (&self->cond);
  else if (self->task == NULL)
    ; /* its thread is on its way, or is the worker */
  else if (first && !self->runs_jobs)
    smb_mailbox_post (self->mailbox, self);
  g_mutex_unlock (&self->lock);
}

gboolean
smb_call_is_orphan (SmbCall *self)
{
  return self->connection != NULL && !smb_connection_is_of_this_process (self->connection);
}

typedef struct
{
  SmbCall     *call;
  SmbCallFunc  func;
} WorkerJob;

static void
run_worker_job (gpointer data)
{
  g_autofree WorkerJob *job = data;

  if (!job->call->ended)
    job->func (job->call);
  smb_call_unref (job->call);
}

void
smb_call_run_on_worker (SmbCall     *self,
                        SmbCallFunc  func)
{
  WorkerJob *job;

  if (smb_call_is_orphan (self))
    return;
  job = g_new (WorkerJob, 1);
  job->call = smb_call_ref (self);
  job->func = func;
  smb_worker_post (run_worker_job, job);
}

/* The worker's side. */

/* A call that runs keeps itself, for an asynchronous one is nobody else's; and what runs on the worker may
 * look at it until its turn is over, though the caller may have dropped it by then. */
static void
drop_own_reference (gpointer data)
{
  smb_call_unref (data);
}

static void
end (SmbCall *self)
{
  smb_worker_defer (drop_own_reference, self);
  smb_worker_end_call ();
  self->ended = TRUE;
  while (self->plans.tail != NULL)
    smb_plan_abandon (self->plans.tail->data);
  if (self->started)
    smb_connection_remove_call (self->connection, self);
  if (self->started && self->cleanup != NULL)
    self->cleanup (self);
  smb_call_run_on_caller (self, deliver);
}

void
smb_call_return_number (SmbCall        *self,
                        gpointer        result,
                        GDestroyNotify  free_result,
                        guint64         number)
{
  if (self->ended)
    {
      if (result != NULL && free_result != NULL)
        free_result (result);
      return;
    }
  self->result = result;
  self->free_result = free_result;
  self->number = number;
  end (self);
}

void
smb_call_return (SmbCall        *self,
                 gpointer        result,
                 GDestroyNotify  free_result)
{
  smb_call_return_number (self, result, free_result, 0);
}

void
smb_call_return_error (SmbCall *self,
                       GError  *error)
{
  if (self->ended)
    {
      g_error_free (error);
      return;
    }
  smb_call_set_error (self, error);
  end (self);
}

void
smb_call_return_status (SmbCall *self,
                        guint32  status)
{
  smb_call_return_error (self, smb_nt_status_to_gerror (status, "Cannot %s", smb_call_get_context (self)));
}

gboolean
smb_call_has_ended (SmbCall *self)
{
  return self->ended;
}

void
smb_call_touch (SmbCall *self)
{
  int timeout = self->timeout_msec;

  if (timeout < 0)
    timeout = smb_connection_get_default_timeout (self->connection);
  self->deadline = timeout == G_MAXINT || self->pauses > 0
                     ? G_MAXINT64
                     : g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;
  smb_connection_watch_deadline (self->connection, self->deadline);
}

void
smb_call_pause_timeout (SmbCall  *self,
                        gboolean  pause)
{
  self->pauses += pause ? 1 : -1;
  smb_call_touch (self);
}

gint64
smb_call_get_deadline (SmbCall *self)
{
  return self->deadline;
}

void
smb_call_time_out (SmbCall *self)
{
  smb_call_return_error (self, g_error_new (SMB_ERROR, SMB_ERROR_TIMED_OUT,
                                            "Cannot %s: the server did not answer in time",
                                            smb_call_get_context (self)));
}

void
smb_call_add_plan (SmbCall *self,
                   GList   *link)
{
  g_queue_push_tail_link (&self->plans, link);
}

void
smb_call_remove_plan (SmbCall *self,
                      GList   *link)
{
  g_queue_unlink (&self->plans, link);
}

static void
cancel (SmbCall *self)
{
  if (self->started)
    smb_call_return_error (self,
                           g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
  else
    self->cancelled = TRUE; /* it is about to: the caller's side is not ready for its end */
}

void
smb_call_start (SmbCall *self)
{
  g_autoptr(GError) error = NULL;

  if (!self->any_state && !smb_connection_check_ready (self->connection, &error))
    {
      g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (self));
      smb_call_return_error (self, g_steal_pointer (&error));
      return;
    }
  self->started = TRUE;
  smb_connection_add_call (self->connection, self);
  smb_call_touch (self);
  self->start (self);
  if (self->cancelled)
    cancel (self);
}

/* The caller's side. */

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  smb_call_run_on_worker (user_data, cancel);
}

typedef struct
{
  SmbCall *call;
  GError  *error;
} Failure;

static void
fail_on_worker (gpointer data)
{
  g_autofree Failure *failure = data;

  smb_call_return_error (failure->call, failure->error);
  smb_call_unref (failure->call);
}

void
smb_call_fail_from_caller (SmbCall *self,
                           GError  *error)
{
  Failure *failure;

  if (smb_call_is_orphan (self))
    {
      g_error_free (error);
      return;
    }
  failure = g_new (Failure, 1);
  failure->call = smb_call_ref (self);
  failure->error = error;
  smb_worker_post (fail_on_worker, failure);
}

GError *
smb_call_new_orphan_error (SmbCall *self)
{
  return g_error_new (SMB_ERROR, SMB_ERROR_NOT_CONNECTED,
                      "Cannot %s: the connection belongs to the process that forked this one",
                      smb_call_get_context (self));
}

gboolean
smb_call_prepare (SmbCall *self)
{
  GError *error = NULL;

  if (self->error == NULL && !smb_error_check_timeout (self->timeout_msec, &error))
    g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (self));
  else if (self->error == NULL && self->connection == NULL)
    error = g_error_new (SMB_ERROR, SMB_ERROR_NOT_READY, "Cannot %s: no connection is open",
                         smb_call_get_context (self));
  else if (self->error == NULL && smb_call_is_orphan (self))
    error = smb_call_new_orphan_error (self);
  else if (self->error == NULL && !self->always_starts)
    g_cancellable_set_error_if_cancelled (self->cancellable, &error);
  if (error != NULL)
    smb_call_set_error (self, error);
  return self->error == NULL;
}

void
smb_call_begin (SmbCall *self)
{
  smb_call_ref (self); /* until its end */
  smb_worker_begin_call ();
  if (self->cancellable != NULL)
    self->cancelled_handler = g_cancellable_connect (self->cancellable, G_CALLBACK (cancelled_cb),
                                                     smb_call_ref (self), (GDestroyNotify) smb_call_unref);
}

static void
return_task (SmbCall *self)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_pointer (task, smb_call_ref (self), (GDestroyNotify) smb_call_unref);
}

static void
deliver (SmbCall *self)
{
  SmbMailbox *mailbox;

  if (self->holds > 0)
    {
      self->deliverable = TRUE;
      return;
    }

  smb_call_clear_caller_side (self);
  g_mutex_lock (&self->lock);
  self->delivered = TRUE;
  g_mutex_unlock (&self->lock);
  mailbox = g_steal_pointer (&self->mailbox);
  if (self->task != NULL)
    return_task (self);
  if (mailbox != NULL) /* not before: the next call finds it then */
    smb_mailbox_unref (mailbox);
}

void
smb_call_hold (SmbCall *self)
{
  self->holds++;
}

void
smb_call_release (SmbCall *self)
{
  self->holds--;
  if (self->holds == 0 && self->deliverable)
    deliver (self);
}

gpointer
smb_call_take_result (SmbCall *self)
{
  return g_steal_pointer (&self->result);
}

guint64
smb_call_get_number (SmbCall *self)
{
  return self->number;
}

void
smb_call_run_async (SmbCall             *self,
                    gpointer             source_object,
                    gpointer             source_tag,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  self->task = g_task_new (source_object, NULL, callback, user_data);
  g_task_set_source_tag (self->task, source_tag);

  if (smb_call_prepare (self))
    {
      self->mailbox = smb_mailbox_get (g_task_get_context (self->task));
      smb_call_begin (self);
      smb_call_run_on_worker (self, smb_call_start);
      return;
    }
  smb_call_clear_caller_side (self);
  return_task (self);
}

SmbCall *
smb_call_finish (gpointer       source_object,
                 GAsyncResult  *result,
                 gpointer       source_tag,
                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source_object), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
