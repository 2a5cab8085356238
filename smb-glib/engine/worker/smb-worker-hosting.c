/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/worker/smb-worker-private.h"

/*
 * A main context of the application that gets one answer after the other does the worker's work in its own
 * loop: it polls what the worker would, and visits the worker's context when there is something to do. No
 * thread has to wake another up. But what else happens in that loop is the application's, so the worker's
 * thread has an eye on it: when nothing was done for a while, or the loop is busy with nothing else, it goes
 * on by itself.
 */

/* How often the thread looks, µs; and how many looks make a while: for that long the loop may wait for
 * input, and after that it is judged how busy it was. */
#define LOOK  2000
#define LOOKS 10
#define BUSY  (LOOKS * LOOK * 4 / 5)
/* A bad host is not asked again for so long, µs. */
#define AGAIN 100000

/* Under the lock, all of these. */

static void
stop_hosting (SmbWorker *self)
{
  self->hosting.host = NULL;
  g_atomic_int_set (&self->led, FALSE);
}

static void
refuse_for_a_while (SmbWorker *self)
{
  stop_hosting (self);
  self->hosting.after = g_get_monotonic_time () + AGAIN;
}

/* A host polls the set's descriptor and no other. */
static gboolean
has_others (SmbWorker *self)
{
  return !smb_watch_set_is_alone (self->watches);
}

/* What was posted while the thread did its last was not for the host to see. */
void
smb_worker_begin_hosting (SmbWorker *self)
{
  if (has_others (self))
    {
      refuse_for_a_while (self);
      self->hurry = TRUE;
    }
  else
    g_main_context_wakeup (self->context);
}

static gboolean
is_busy (const SmbHosting *self)
{
  return self->n_looks >= LOOKS && self->took > BUSY && !self->visiting;
}

/* A loop that does nothing waits for input, or runs what takes its time. */
static void
note_look (SmbWorker *self)
{
  SmbHosting *hosting = &self->hosting;
  gboolean    did_nothing = hosting->n_visits == 0 && !hosting->visiting;
  gboolean    waits = did_nothing && self->asleep;

  hosting->n_looks++;
  hosting->n_idle = waits ? hosting->n_idle + 1 : 0;
  if (hosting->n_idle >= LOOKS)
    stop_hosting (self);
  else if ((did_nothing && !waits) || is_busy (hosting))
    refuse_for_a_while (self);
}

static void
begin_look (SmbHosting *self)
{
  self->n_visits = 0;
  if (self->n_looks < LOOKS)
    return;
  self->n_looks = 0;
  self->took = 0;
}

gboolean
smb_worker_watch_host (SmbWorker *self)
{
  if (g_cond_wait_until (&self->resumes, &self->lock, g_get_monotonic_time () + LOOK) ||
      self->hosting.host == NULL)
    return TRUE;

  note_look (self);
  begin_look (&self->hosting);
  return self->hosting.host != NULL;
}

static gboolean
is_at (SmbWorker     *self,
       gconstpointer  host)
{
  return self->hosting.host == host && self->resting && !self->hosting.visiting;
}

static gboolean
may_move_in (SmbWorker *self,
             int        n_calls)
{
  return !self->led && g_atomic_int_get (&self->n_calls) <= n_calls &&
         smb_watch_set_get_fd (self->watches) >= 0 && !smb_watch_set_has_others (self->watches) &&
         g_get_monotonic_time () >= self->hosting.after;
}

/* The host's. */

int
smb_worker_move_in (gconstpointer host,
                    int           n_calls)
{
  SmbWorker *self = smb_worker_get ();
  int        fd = -1;

  g_mutex_lock (&self->lock);
  if (may_move_in (self, n_calls))
    {
      fd = smb_watch_set_get_fd (self->watches);
      self->hosting = (SmbHosting){ .host = host, .n_visits = 1 };
      g_atomic_int_set (&self->led, TRUE);
      g_main_context_wakeup (self->context);
      g_cond_signal (&self->resumes);
    }
  g_mutex_unlock (&self->lock);
  return fd;
}

/* Who has nothing more to do may come back any time. */
static void
move_out (SmbWorker     *self,
          gconstpointer  host)
{
  gboolean is_needed = host == NULL || self->jobs->len > 0 || g_atomic_int_get (&self->n_calls) > 0;

  if (host == NULL)
    refuse_for_a_while (self);
  else
    stop_hosting (self);
  if (is_needed)
    smb_worker_wake_thread (self);
}

void
smb_worker_move_out (gconstpointer host)
{
  SmbWorker *self = smb_worker_peek ();

  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  if (self->hosting.host != NULL && (host == NULL || self->hosting.host == host) && !self->hosting.visiting)
    move_out (self, host);
  g_mutex_unlock (&self->lock);
}

/* How long there is nothing to do, ms. */
static int
get_timeout (SmbWorker *self)
{
  return self->jobs->len > 0 ? 0 : smb_timer_set_get_timeout (self->timers);
}

gboolean
smb_worker_prepare_visit (gconstpointer  host,
                          int            n_calls,
                          int           *timeout_msec)
{
  SmbWorker *self = smb_worker_peek ();
  gboolean   is_host;

  if (self == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  if (is_at (self, host) && g_atomic_int_get (&self->n_calls) > n_calls)
    move_out (self, NULL);
  is_host = self->hosting.host == host;
  if (is_at (self, host))
    {
      *timeout_msec = get_timeout (self);
      self->asleep = *timeout_msec != 0;
    }
  g_mutex_unlock (&self->lock);
  return is_host;
}

gboolean
smb_worker_check_visit (gconstpointer host)
{
  SmbWorker *self = smb_worker_peek ();
  gboolean   has_work = FALSE;

  if (self == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  if (is_at (self, host))
    {
      self->asleep = FALSE;
      has_work = get_timeout (self) == 0;
    }
  g_mutex_unlock (&self->lock);
  return has_work;
}

static gboolean
begin_visit (SmbWorker     *self,
             gconstpointer  host)
{
  gboolean begins;

  g_mutex_lock (&self->lock);
  begins = is_at (self, host);
  if (begins)
    {
      self->hosting.visiting = TRUE;
      self->asleep = FALSE;
    }
  g_mutex_unlock (&self->lock);
  return begins;
}

static void
end_visit (SmbWorker *self)
{
  g_mutex_lock (&self->lock);
  self->hosting.visiting = FALSE;
  self->hosting.n_visits++;
  if (has_others (self))
    {
      refuse_for_a_while (self);
      smb_worker_wake_thread (self);
    }
  g_mutex_unlock (&self->lock);
}

void
smb_worker_visit (gconstpointer host,
                  gboolean      for_input)
{
  SmbWorker *self = smb_worker_peek ();

  if (self == NULL || !begin_visit (self, host))
    return;
  smb_worker_take_over (self);
  if (for_input)
    g_main_context_iteration (self->context, FALSE);
  else
    smb_worker_run_posted (self);
  smb_worker_run_deferred ();
  smb_worker_hand_over (self);
  end_visit (self);
}

void
smb_worker_note_busy (gconstpointer host,
                      gint64        took)
{
  SmbWorker *self = smb_worker_peek ();

  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  if (self->hosting.host == host)
    self->hosting.took += took;
  g_mutex_unlock (&self->lock);
}
