/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/worker/smb-worker.h"

#include <poll.h>
#include <unistd.h>

/* Who may host the worker, and for how long. What hangs is ended by an alarm. */

#define LONGEST    120 /* s */
#define N_ATTEMPTS 100
#define N_OWN      1 /* calls of the host */

static const char here, elsewhere;

typedef struct
{
  GMutex   lock;
  GCond    cond;
  GThread *thread; /* that it ran on */
} Job;

static void
job_run (gpointer data)
{
  Job *self = data;

  g_mutex_lock (&self->lock);
  self->thread = g_thread_self ();
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

static GThread *
job_wait (Job *self)
{
  g_mutex_lock (&self->lock);
  while (self->thread == NULL)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
  return self->thread;
}

static gboolean
job_has_run (Job *self)
{
  gboolean has_run;

  g_mutex_lock (&self->lock);
  has_run = self->thread != NULL;
  g_mutex_unlock (&self->lock);
  return has_run;
}

/* A host that was none has to wait; and the worker has to have waited for input once. */
static int
move_in (void)
{
  Job job = { 0 };
  int fd;

  smb_worker_post (job_run, &job);
  job_wait (&job);
  while ((fd = smb_worker_move_in (&here, 0)) < 0)
    g_usleep (G_TIME_SPAN_MILLISECOND);
  return fd;
}

static gboolean
is_host (void)
{
  int timeout_msec = -1;

  return smb_worker_prepare_visit (&here, N_OWN, &timeout_msec);
}

/* The worker's own thread ends what it has begun. */
static void
wait_for_rest (void)
{
  gboolean has_rested = FALSE;

  while (is_host () && !has_rested)
    {
      int timeout_msec = G_MININT;

      smb_worker_prepare_visit (&here, N_OWN, &timeout_msec);
      has_rested = timeout_msec != G_MININT;
    }
}

static gpointer
post_main (gpointer data)
{
  smb_worker_post (job_run, data);
  return NULL;
}

/* A busy machine may keep any thread from running for as long as it takes to be no host any more: then once
 * again. */
static void
until_undisturbed (gboolean (*func) (void))
{
  for (guint i = 0; !func (); i++)
    g_assert_cmpuint (i, <, N_ATTEMPTS);
  smb_worker_move_out (&here);
}

/* What the host posts itself is there at once. */
static gboolean
try_own_job (void)
{
  Job job = { 0 };

  move_in ();
  wait_for_rest ();
  smb_worker_post (job_run, &job);
  smb_worker_visit (&here, FALSE);
  return job_wait (&job) == g_thread_self ();
}

/* What others post makes the descriptor ready. */
static gboolean
try_job_of_others (void)
{
  struct pollfd  poll_fd = { .fd = move_in (), .events = POLLIN };
  Job            job = { 0 };
  GThread       *thread;

  wait_for_rest ();
  thread = g_thread_new ("post", post_main, &job);
  while (is_host () && !job_has_run (&job))
    if (poll (&poll_fd, 1, 1) > 0)
      smb_worker_visit (&here, TRUE);
  g_thread_join (thread);
  return job_wait (&job) == g_thread_self ();
}

static void
test_jobs (void)
{
  until_undisturbed (try_own_job);
  until_undisturbed (try_job_of_others);
}

/* Another one cannot, and does nothing when he tries. */
static gboolean
try_another (void)
{
  Job job = { 0 };
  int timeout_msec = -1;

  move_in ();
  wait_for_rest ();
  g_assert_false (smb_worker_prepare_visit (&elsewhere, N_OWN, &timeout_msec));
  smb_worker_post (job_run, &job);
  smb_worker_visit (&elsewhere, TRUE);
  smb_worker_move_out (&elsewhere);
  if (smb_worker_move_in (&elsewhere, 0) >= 0 || !is_host ())
    {
      smb_worker_move_out (&elsewhere);
      return job_wait (&job) == NULL;
    }
  smb_worker_visit (&here, TRUE);
  return job_wait (&job) == g_thread_self ();
}

static void
test_one_only (void)
{
  until_undisturbed (try_another);
}

/* Where there are calls of others, too, the worker's own thread is the better place. */
static void
test_others (void)
{
  smb_worker_begin_call ();
  g_assert_cmpint (smb_worker_move_in (&here, 0), ==, -1);
  smb_worker_end_call ();

  move_in ();
  wait_for_rest ();
  for (guint i = 0; i <= N_OWN; i++)
    smb_worker_begin_call ();
  g_assert_false (is_host ());
  for (guint i = 0; i <= N_OWN; i++)
    smb_worker_end_call ();
}

/* Who has nothing more to do may come back at once; who does not run may not. */
static void
test_moves_out (void)
{
  Job job = { 0 };

  move_in ();
  smb_worker_move_out (&here);
  g_assert_false (is_host ());
  g_assert_cmpint (smb_worker_move_in (&here, 0), >=, 0);
  smb_worker_move_out (NULL);
  g_assert_false (is_host ());
  g_assert_cmpint (smb_worker_move_in (&here, 0), ==, -1);
  smb_worker_post (job_run, &job);
  g_assert_true (job_wait (&job) != g_thread_self ());
}

/* A loop that does not run. */
static void
test_absent (void)
{
  Job job = { 0 };

  move_in ();
  wait_for_rest ();
  smb_worker_post (job_run, &job);
  g_assert_true (job_wait (&job) != g_thread_self ());
  g_assert_false (is_host ());
}

/* One that does nothing else: as it says, whatever the clock does meanwhile. */
static void
test_busy (void)
{
  gint64 begin = g_get_monotonic_time ();

  move_in ();
  while (is_host ())
    {
      smb_worker_visit (&here, TRUE);
      smb_worker_note_busy (&here, 100 * G_TIME_SPAN_MILLISECOND);
      g_usleep (100);
    }
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 20 * G_TIME_SPAN_MILLISECOND);
}

/* One that visits often and shortly stays. */
static gboolean
try_to_stay (void)
{
  gint64 end;

  move_in ();
  end = g_get_monotonic_time () + 100 * G_TIME_SPAN_MILLISECOND;
  while (is_host () && g_get_monotonic_time () < end)
    {
      smb_worker_visit (&here, TRUE);
      g_usleep (200);
    }
  return is_host ();
}

static void
test_stays (void)
{
  until_undisturbed (try_to_stay);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (LONGEST);

  g_test_add_func ("/hosting/jobs", test_jobs);
  g_test_add_func ("/hosting/one-only", test_one_only);
  g_test_add_func ("/hosting/others", test_others);
  g_test_add_func ("/hosting/moves-out", test_moves_out);
  g_test_add_func ("/hosting/absent", test_absent);
  g_test_add_func ("/hosting/busy", test_busy);
  g_test_add_func ("/hosting/stays", test_stays);

  return g_test_run ();
}
