/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-mailbox.h"

struct _SmbMailbox
{
  GSource       source;
  GMainContext *context; /* unowned */
  guint         n_users; /* under the lock, as the queue */
  GQueue        calls;   /* of SmbCall */
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

static gboolean
prepare (GSource *source,
         int     *timeout_msec)
{
  *timeout_msec = -1;
  return count ((SmbMailbox *) source) > 0;
}

static gboolean
check (GSource *source)
{
  return count ((SmbMailbox *) source) > 0;
}

/* What comes meanwhile waits for the next turn. An application may run the context in a callback: that gets the
 * rest. */
static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  SmbMailbox *self = (SmbMailbox *) source;
  SmbCall    *call;

  for (guint i = count (self); i > 0 && (call = pop (self)) != NULL; i--)
    {
      smb_call_run_caller_jobs (call);
      smb_call_unref (call);
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
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

void
smb_mailbox_post (SmbMailbox *self,
                  SmbCall    *call)
{
  gboolean first;

  g_mutex_lock (&lock);
  first = self->calls.length == 0;
  g_queue_push_tail (&self->calls, smb_call_ref (call));
  g_mutex_unlock (&lock);
  if (first)
    g_main_context_wakeup (self->context);
}
