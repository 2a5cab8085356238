/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-mailbox.h"

#include "engine/worker/smb-worker.h"

/* A context that gets so many letters one after the other, none of them later than that (µs), hosts the
 * worker. */
#define STREAK     8
#define STREAK_GAP 5000

struct _SmbMailbox
{
  GSource       source;
  GMainContext *context; /* unowned */
  guint         n_users; /* under the lock, as the queue */
  GQueue        calls;   /* of SmbCall */
  gboolean      awake;   /* it looks at them before it polls */

  /* The context's. */
  gpointer      tag;       /* of what it polls as the worker's host; NULL: it is not */
  gint64        last_time; /* that it was dispatched, µs */
  guint         streak;
};

static GMutex      lock;
static GHashTable *mailboxes; /* GMainContext (unowned) → SmbMailbox (unowned); under the lock */

void
smb_mailbox_hold (void)
{
  g_mutex_lock (&lock);
}

void
smb_mailbox_release (void)
{
  g_mutex_unlock (&lock);
}

static SmbCall *
pop (SmbMailbox *self)
{
  SmbCall *call;

  g_mutex_lock (&lock);
  call = g_queue_pop_head (&self->calls);
  g_mutex_unlock (&lock);
  return call;
}

static guint
count (SmbMailbox *self)
{
  guint n_calls;

  g_mutex_lock (&lock);
  n_calls = self->calls.length;
  g_mutex_unlock (&lock);
  return n_calls;
}

static guint
count_users (SmbMailbox *self)
{
  guint n_users;

  g_mutex_lock (&lock);
  n_users = self->n_users;
  g_mutex_unlock (&lock);
  return n_users;
}

static void
stop_polling (SmbMailbox *self)
{
  g_source_remove_unix_fd (&self->source, self->tag);
  self->tag = NULL;
}

static gboolean
prepare (GSource *source,
         int     *timeout_msec)
{
  SmbMailbox *self = (SmbMailbox *) source;

  *timeout_msec = -1;
  if (self->tag != NULL && !smb_worker_prepare_visit (self, (int) count_users (self), timeout_msec))
    stop_polling (self);
  return *timeout_msec == 0 || count (self) > 0;
}

static gboolean
check (GSource *source)
{
  SmbMailbox *self = (SmbMailbox *) source;
  gboolean    has_work = self->tag != NULL && smb_worker_check_visit (self);
  gboolean    has_input = self->tag != NULL && g_source_query_unix_fd (source, self->tag) != 0;

  return has_work || has_input || count (self) > 0;
}

static void
set_awake (SmbMailbox *self,
           gboolean    awake)
{
  g_mutex_lock (&lock);
  self->awake = awake;
  g_mutex_unlock (&lock);
}

static void
visit_worker (SmbMailbox *self,
              gboolean    for_input)
{
  set_awake (self, TRUE);
  smb_worker_visit (self, for_input);
  set_awake (self, FALSE);
}

/* What comes meanwhile waits for the next turn. An application may run the context in a callback: that
 * gets the rest. */
static void
run_calls (SmbMailbox *self)
{
  SmbCall *call;

  for (guint i = count (self); i > 0 && (call = pop (self)) != NULL; i--)
    {
      smb_call_run_caller_jobs (call);
      smb_call_unref (call);
    }
}

/* A loop that gets one answer after the other is woken up less if it receives them itself. */
static void
note_streak (SmbMailbox *self,
             gint64      now)
{
  guint n_users;
  int   fd;

  self->streak = now - self->last_time > STREAK_GAP ? 0 : self->streak + 1;
  self->last_time = now;
  if (self->streak < STREAK || (n_users = count_users (self)) == 0)
    return;
  fd = smb_worker_move_in (self, (int) n_users);
  if (fd >= 0)
    self->tag = g_source_add_unix_fd (&self->source, fd, G_IO_IN);
}

static void
run_as_host (SmbMailbox *self)
{
  gint64 begin = g_get_monotonic_time ();

  visit_worker (self, TRUE);
  run_calls (self);
  visit_worker (self, FALSE);
  smb_worker_note_busy (self, g_get_monotonic_time () - begin);
}

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  SmbMailbox *self = (SmbMailbox *) source;

  if (self->tag != NULL)
    run_as_host (self);
  else
    {
      run_calls (self);
      note_streak (self, g_get_monotonic_time ());
    }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .prepare = prepare, .check = check, .dispatch = dispatch };

static void
forget (SmbMailbox *self)
{
  if (g_hash_table_lookup (mailboxes, self->context) == self)
    g_hash_table_remove (mailboxes, self->context);
}

/* Nobody is left who would run the calls, or nobody needs it any more. */
static void
source_destroyed (gpointer data)
{
  SmbMailbox *self = data;
  SmbCall    *call;

  g_mutex_lock (&lock);
  forget (self);
  g_mutex_unlock (&lock);
  smb_worker_move_out (self);
  while ((call = pop (self)) != NULL)
    smb_call_unref (call);
}

/* Under the lock. */
static SmbMailbox *
mailbox_new (GMainContext *context)
{
  GSource    *source = g_source_new (&source_funcs, sizeof (SmbMailbox));
  SmbMailbox *self = (SmbMailbox *) source;

  self->context = context;
  g_queue_init (&self->calls);
  g_source_set_static_name (source, "smb-glib calls");
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, G_SOURCE_FUNC (NULL), self, source_destroyed);
  g_source_attach (source, context);
  g_hash_table_insert (mailboxes, context, self);
  return self;
}

SmbMailbox *
smb_mailbox_get (GMainContext *context)
{
  SmbMailbox *self;

  if (context == NULL)
    context = g_main_context_default ();
  g_mutex_lock (&lock);
  if (mailboxes == NULL)
    mailboxes = g_hash_table_new (NULL, NULL);
  self = g_hash_table_lookup (mailboxes, context);
  if (self == NULL)
    self = mailbox_new (context);
  self->n_users++;
  g_mutex_unlock (&lock);
  return self;
}

void
smb_mailbox_unref (SmbMailbox *self)
{
  gboolean last;

  g_mutex_lock (&lock);
  last = --self->n_users == 0;
  if (last)
    forget (self);
  g_mutex_unlock (&lock);
  if (!last)
    return;
  smb_worker_move_out (self);
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

void
smb_mailbox_post (SmbMailbox *self,
                  SmbCall    *call)
{
  gboolean wakes;

  g_mutex_lock (&lock);
  wakes = self->calls.length == 0 && !self->awake;
  g_queue_push_tail (&self->calls, smb_call_ref (call));
  g_mutex_unlock (&lock);
  if (wakes)
    g_main_context_wakeup (self->context);
}
