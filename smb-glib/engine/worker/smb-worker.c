/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/worker/smb-worker-private.h"

#include "engine/smb-mailbox.h"

#include <errno.h>
#include <pthread.h>

/*
 * Who the worker is. A thread of its own, most of the time. But a thread of the application that waits
 * for a call, the only one under way, does the worker's work meanwhile: it sends its request and receives
 * the answer itself, and no thread has to wake another up twice for each call (smb-worker-leading.c). And
 * so does a main context that gets one answer after the other, in its own loop (smb-worker-hosting.c).
 * The worker's thread rests then, and after a call for a moment longer, since who calls one function
 * after the other leads again at once. All of that is nobody else's business: the worker is whoever owns
 * its context.
 */

/* How long the thread rests after the last call that was led, µs: so late a timer may be. */
#define REST 5000

/* In a call that takes more of these it sleeps to the end, whose thread then has to wake it: for what takes
 * no longer than a login that would be a large part of the effort. */
#define LONG 10

static pthread_mutex_t worker_lock = PTHREAD_MUTEX_INITIALIZER;
static SmbWorker       *worker; /* under worker_lock, and for ever once it is there */
static guint           generation; /* atomic */

/* The worker's while it does anything but wait. Who forks holds it, so that no lock of others (GLib's,
 * the allocator's) is caught in the child with nobody to release it; and the gate, so that a busy worker
 * lets him in. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static __thread gboolean has_turn;

static void
run_jobs (GArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      SmbWorkerJob job = g_array_index (jobs, SmbWorkerJob, i);

      job.func (job.data);
    }
  g_array_set_size (jobs, 0);
}

void
smb_worker_run_posted (SmbWorker *self)
{
  GArray *jobs;

  g_mutex_lock (&self->lock);
  jobs = self->jobs;
  self->jobs = self->running;
  self->running = jobs;
  g_mutex_unlock (&self->lock);
  run_jobs (jobs);
}

static gboolean
has_jobs (SmbWorker *self)
{
  gboolean has_posted;

  g_mutex_lock (&self->lock);
  has_posted = self->jobs->len > 0;
  g_mutex_unlock (&self->lock);
  return has_posted || self->deferred->len > 0;
}

static gboolean
prepare (GSource *source,
         int     *timeout_msec)
{
  *timeout_msec = -1;
  return has_jobs (worker);
}

static gboolean
check (GSource *source)
{
  return has_jobs (worker);
}

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  smb_worker_run_posted (worker);
  smb_worker_run_deferred ();
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .prepare = prepare, .check = check, .dispatch = dispatch };

static void
begin_turn (void)
{
  pthread_mutex_lock (&gate);
  pthread_mutex_lock (&turn);
  pthread_mutex_unlock (&gate);
  has_turn = TRUE;
}

static void
end_turn (void)
{
  has_turn = FALSE;
  pthread_mutex_unlock (&turn);
}

/* From here on a job wakes the worker; one that came before keeps it awake. */
static gboolean
fall_asleep (SmbWorker *self)
{
  gboolean asleep;

  g_mutex_lock (&self->lock);
  asleep = self->asleep = self->jobs->len == 0;
  g_mutex_unlock (&self->lock);
  return asleep;
}

static void
wake_up (SmbWorker *self)
{
  g_mutex_lock (&self->lock);
  self->asleep = FALSE;
  g_mutex_unlock (&self->lock);
}

static int
wait_for_input (GPollFD *fds,
                guint    n_fds,
                int      timeout_msec)
{
  SmbWorker *self = worker;
  int        n_ready, saved_errno;

  if (!fall_asleep (self))
    timeout_msec = 0;
  end_turn ();
  n_ready = smb_watch_set_wait (self->watches, fds, n_fds, timeout_msec);
  saved_errno = errno;
  wake_up (self);
  begin_turn ();
  errno = saved_errno;
  return n_ready;
}

/* Where none but channels can have something to say, nobody else is asked: GMainContext would take about as
 * long for that as a small answer does. FALSE: there may be something else. */
static gboolean
wait_for_channels (SmbWorker *self)
{
  const int timeout_msec = smb_timer_set_get_timeout (self->timers);
  gboolean  ready;

  if (timeout_msec == 0 || self->deferred->len > 0 || !smb_watch_set_is_alone (self->watches) ||
      !fall_asleep (self))
    return FALSE;
  end_turn ();
  ready = smb_watch_set_wait_alone (self->watches, timeout_msec);
  wake_up (self);
  begin_turn ();
  return ready;
}

void
smb_worker_iterate (SmbWorker *self)
{
  if (wait_for_channels (self))
    smb_watch_set_tell (self->watches);
  else
    g_main_context_iteration (self->context, TRUE);
}

void
smb_worker_take_over (SmbWorker *self)
{
  begin_turn ();
  g_main_context_push_thread_default (self->context);
}

void
smb_worker_hand_over (SmbWorker *self)
{
  g_main_context_pop_thread_default (self->context);
  end_turn ();
}

/* Under the lock, all of these. */

static gboolean
is_patient (SmbWorker *self)
{
  return self->n_rests > LONG;
}

void
smb_worker_end_patience (SmbWorker *self)
{
  if (is_patient (self))
    g_cond_signal (&self->resumes);
  self->n_rests = 0;
}

/* Whether the thread is to go on resting. */
static gboolean
wait_to_resume (SmbWorker *self)
{
  guint n_led = self->n_led;

  if (self->hosting.host != NULL)
    return smb_worker_watch_host (self);
  if (self->hurry && !self->led)
    return FALSE;
  if (is_patient (self))
    g_cond_wait (&self->resumes, &self->lock);
  else if (!g_cond_wait_until (&self->resumes, &self->lock, g_get_monotonic_time () + REST))
    {
      if (!self->led && self->n_led == n_led)
        return FALSE;
      if (self->led)
        self->n_rests++;
    }
  return TRUE;
}

static void
rest (SmbWorker *self)
{
  g_mutex_lock (&self->lock);
  self->started = self->resting = TRUE;
  g_cond_broadcast (&self->rests);
  if (self->hosting.host != NULL)
    smb_worker_begin_hosting (self);
  while (wait_to_resume (self))
    ;
  self->hurry = FALSE;
  self->resting = FALSE;
  g_mutex_unlock (&self->lock);
}

static gpointer
thread_main (gpointer data)
{
  SmbWorker *self = data;

  for (;;)
    {
      rest (self);
      smb_worker_take_over (self);
      while (!g_atomic_int_get (&self->led))
        smb_worker_iterate (self);
      smb_worker_hand_over (self);
    }
  return NULL;
}

static SmbWorker *
worker_new (void)
{
  SmbWorker          *self = g_new0 (SmbWorker, 1);
  g_autoptr(GSource)  source = g_source_new (&source_funcs, sizeof (GSource));

  self->context = g_main_context_new_with_flags (G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING);
  g_main_context_set_poll_func (self->context, wait_for_input);
  self->resting = TRUE;
  self->jobs = g_array_new (FALSE, FALSE, sizeof (SmbWorkerJob));
  self->running = g_array_new (FALSE, FALSE, sizeof (SmbWorkerJob));
  self->deferred = g_array_new (FALSE, FALSE, sizeof (SmbWorkerJob));
  g_mutex_init (&self->lock);
  g_cond_init (&self->rests);
  g_cond_init (&self->resumes);

  g_source_set_static_name (source, "smb-glib jobs");
  g_source_attach (source, self->context);
  self->watches = smb_watch_set_new (self->context);
  self->timers = smb_timer_set_new (self->context);
  return self;
}

static void
before_fork (void)
{
  pthread_mutex_lock (&worker_lock);
  if (!has_turn) /* else the worker itself forks: something below it runs a program */
    {
      pthread_mutex_lock (&gate);
      pthread_mutex_lock (&turn);
    }
  smb_mailbox_hold (); /* after the turn, as the worker does it */
}

static void
after_fork_in_parent (void)
{
  smb_mailbox_release ();
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
  smb_mailbox_release ();
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
start_thread (SmbWorker *self)
{
  self->thread = g_thread_new ("smb-glib", thread_main, self);
  g_mutex_lock (&self->lock);
  while (!self->started)
    g_cond_wait (&self->rests, &self->lock);
  g_mutex_unlock (&self->lock);
}

SmbWorker *
smb_worker_peek (void)
{
  return g_atomic_pointer_get (&worker);
}

SmbWorker *
smb_worker_get (void)
{
  SmbWorker *self = smb_worker_peek ();

  if (self != NULL)
    return self;

  watch_forks ();
  pthread_mutex_lock (&worker_lock);
  if (worker == NULL)
    {
      self = worker_new ();
      g_atomic_pointer_set (&worker, self);
      start_thread (self);
    }
  self = worker;
  pthread_mutex_unlock (&worker_lock);
  return self;
}

void
smb_worker_wake_thread (SmbWorker *self)
{
  self->hurry = TRUE;
  g_cond_signal (&self->resumes);
}

void
smb_worker_post (SmbWorkerFunc func,
                 gpointer      data)
{
  SmbWorker    *self = smb_worker_get ();
  SmbWorkerJob  job = { func, data };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->jobs, job);
  if (self->resting && !self->led)
    smb_worker_wake_thread (self);
  else if (self->asleep)
    g_main_context_wakeup (self->context);
  self->asleep = FALSE;
  g_mutex_unlock (&self->lock);
}

void
smb_worker_begin_call (void)
{
  g_atomic_int_inc (&smb_worker_get ()->n_calls);
}

void
smb_worker_end_call (void)
{
  g_atomic_int_add (&worker->n_calls, -1);
}

void
smb_worker_defer (SmbWorkerFunc func,
                  gpointer      data)
{
  SmbWorkerJob job = { func, data };

  g_assert (smb_worker_is_current ());
  g_array_append_val (worker->deferred, job);
}

void
smb_worker_run_deferred (void)
{
  run_jobs (worker->deferred);
}

SmbWatchSet *
smb_worker_get_watches (void)
{
  return smb_worker_get ()->watches;
}

SmbTimerSet *
smb_worker_get_timers (void)
{
  return smb_worker_get ()->timers;
}

gboolean
smb_worker_is_current (void)
{
  return g_main_context_is_owner (smb_worker_get ()->context);
}

guint
smb_process_generation (void)
{
  watch_forks ();
  return g_atomic_int_get (&generation);
}
