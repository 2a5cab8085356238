/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-worker.h"

#include <errno.h>
#include <pthread.h>

typedef struct
{
  SmbWorkerFunc func;
  gpointer      data;
} Job;

typedef struct
{
  GMainContext *context;
  GSource      *source; /* ready while jobs wait */
  GThread      *thread;

  GMutex        lock;
  GCond         cond;
  gboolean      started; /* under the lock */
  GArray       *jobs;    /* of Job; under the lock */

  GArray       *running;  /* of Job; the worker's own from here on */
  GArray       *deferred; /* of Job */
  gboolean      in_batch; /* the end of something will run them */
} Worker;

static pthread_mutex_t worker_lock = PTHREAD_MUTEX_INITIALIZER;
static Worker         *worker; /* under worker_lock, and for ever once it is there */
static guint           generation; /* atomic */

/* The worker's while it does anything but wait. Who forks holds it, so that no lock of others (GLib's, the allocator's)
 * is caught in the child with nobody to release it; and the gate, so that a busy worker lets him in. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static __thread gboolean has_turn;

static void
run_jobs (GArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      Job job = g_array_index (jobs, Job, i);

      job.func (job.data);
    }
  g_array_set_size (jobs, 0);
}

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  Worker *self = worker;
  GArray *jobs;

  g_mutex_lock (&self->lock);
  jobs = self->jobs;
  self->jobs = self->running;
  self->running = jobs;
  g_source_set_ready_time (source, -1);
  g_mutex_unlock (&self->lock);

  smb_worker_enter_batch ();
  run_jobs (jobs);
  smb_worker_leave_batch ();
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .dispatch = dispatch };

static void
begin_turn (void)
{
  pthread_mutex_lock (&gate);
  pthread_mutex_lock (&turn);
  pthread_mutex_unlock (&gate);
  has_turn = TRUE;
}

static int
wait_for_input (GPollFD *fds,
                guint    n_fds,
                int      timeout_msec)
{
  int n_ready, saved_errno;

  has_turn = FALSE;
  pthread_mutex_unlock (&turn);
  n_ready = g_poll (fds, n_fds, timeout_msec);
  saved_errno = errno;
  begin_turn ();
  errno = saved_errno;
  return n_ready;
}

static gpointer
thread_main (gpointer data)
{
  Worker *self = data;
  g_autoptr(GMainLoop) loop = g_main_loop_new (self->context, FALSE);

  begin_turn ();
  g_mutex_lock (&self->lock);
  self->started = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (loop);
  return NULL;
}

static Worker *
worker_new (void)
{
  Worker *self = g_new0 (Worker, 1);

  self->context = g_main_context_new ();
  g_main_context_set_poll_func (self->context, wait_for_input);
  self->jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  self->running = g_array_new (FALSE, FALSE, sizeof (Job));
  self->deferred = g_array_new (FALSE, FALSE, sizeof (Job));
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);

  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "smb-glib jobs");
  g_source_attach (self->source, self->context);
  return self;
}

static void
before_fork (void)
{
  pthread_mutex_lock (&worker_lock);
  if (has_turn) /* the worker itself forks: something below it runs a program */
    return;
  pthread_mutex_lock (&gate);
  pthread_mutex_lock (&turn);
}

static void
after_fork_in_parent (void)
{
  if (!has_turn)
    {
      pthread_mutex_unlock (&turn);
      pthread_mutex_unlock (&gate);
    }
  pthread_mutex_unlock (&worker_lock);
}

/* The thread does not exist here; its memory is left alone. */
static void
after_fork_in_child (void)
{
  worker = NULL;
  has_turn = FALSE;
  g_atomic_int_inc (&generation);
  pthread_mutex_init (&turn, NULL);
  pthread_mutex_init (&gate, NULL);
  pthread_mutex_unlock (&worker_lock);
}

static void
watch_forks (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      pthread_atfork (before_fork, after_fork_in_parent, after_fork_in_child);
      g_once_init_leave (&once, 1);
    }
}

/* A thread that is about to begin holds locks, too. */
static void
start_thread (Worker *self)
{
  self->thread = g_thread_new ("smb-glib", thread_main, self);
  g_mutex_lock (&self->lock);
  while (!self->started)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}

static Worker *
get_worker (void)
{
  Worker *self = g_atomic_pointer_get (&worker);

  if (self != NULL)
    return self;

  watch_forks ();
  pthread_mutex_lock (&worker_lock);
  if (worker == NULL)
    {
      self = worker_new ();
      start_thread (self);
      g_atomic_pointer_set (&worker, self);
    }
  self = worker;
  pthread_mutex_unlock (&worker_lock);
  return self;
}

void
smb_worker_post (SmbWorkerFunc func,
                 gpointer      data)
{
  Worker *self = get_worker ();
  Job     job = { func, data };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->jobs, job);
  if (self->jobs->len == 1)
    g_source_set_ready_time (self->source, 0);
  g_mutex_unlock (&self->lock);
}

void
smb_worker_defer (SmbWorkerFunc func,
                  gpointer      data)
{
  Job job = { func, data };

  g_assert (smb_worker_is_current ());
  g_array_append_val (worker->deferred, job);
  if (!worker->in_batch)
    g_source_set_ready_time (worker->source, 0);
}

void
smb_worker_enter_batch (void)
{
  worker->in_batch = TRUE;
}

void
smb_worker_leave_batch (void)
{
  run_jobs (worker->deferred);
  worker->in_batch = FALSE;
}

GMainContext *
smb_worker_get_context (void)
{
  return get_worker ()->context;
}

gboolean
smb_worker_is_current (void)
{
  return g_main_context_is_owner (get_worker ()->context);
}

guint
smb_process_generation (void)
{
  watch_forks ();
  return g_atomic_int_get (&generation);
}
