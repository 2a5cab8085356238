/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-events.h"

#include "smb-protocol-factory-private.h"

struct _SmbFactoryEvents
{
  gatomicrefcount ref_count;
  GWeakRef        factory;
  GThread        *thread; /* in which the factory was made */

  GMutex          lock;
  GMainContext   *context; /* under the lock; NULL once stopped */
  GSource        *source;  /* under the lock; there while it waits to run */
  GQueue          queue;   /* of SmbFactoryEvent, under the lock */
};

SmbFactoryEvents *
smb_factory_events_new (SmbProtocolFactory *factory)
{
  SmbFactoryEvents *self = g_new0 (SmbFactoryEvents, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->factory, factory);
  self->thread = g_thread_ref (g_thread_self ());
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->lock);
  g_queue_init (&self->queue);
  return self;
}

SmbFactoryEvents *
smb_factory_events_ref (SmbFactoryEvents *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
event_free (SmbFactoryEvent *event)
{
  g_clear_error (&event->error);
  g_free (event);
}

static SmbFactoryEvent *
pop (SmbFactoryEvents *self)
{
  GList *link;

  g_mutex_lock (&self->lock);
  link = g_queue_pop_head_link (&self->queue);
  g_mutex_unlock (&self->lock);
  return link == NULL ? NULL : link->data;
}

static void
drop_queue (SmbFactoryEvents *self)
{
  SmbFactoryEvent *event;

  while ((event = pop (self)) != NULL)
    event_free (event);
}

void
smb_factory_events_unref (SmbFactoryEvents *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  drop_queue (self);
  g_weak_ref_clear (&self->factory);
  g_thread_unref (self->thread);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
drop_source (SmbFactoryEvents *self)
{
  GSource *source;

  g_mutex_lock (&self->lock);
  source = g_steal_pointer (&self->source);
  g_mutex_unlock (&self->lock);

  if (source != NULL)
    g_source_destroy (source);
  g_clear_pointer (&source, g_source_unref);
}

/* The context is let go here, in a thread of the application's: with it may go sources of its own. */
void
smb_factory_events_stop (SmbFactoryEvents *self)
{
  GMainContext *context;

  g_mutex_lock (&self->lock);
  context = g_steal_pointer (&self->context);
  g_mutex_unlock (&self->lock);

  drop_source (self);
  drop_queue (self);
  g_clear_pointer (&context, g_main_context_unref);
}

static void
emit_queued (SmbFactoryEvents   *self,
             SmbProtocolFactory *factory)
{
  SmbFactoryEvent *event;

  drop_source (self);
  while ((event = pop (self)) != NULL)
    {
      smb_protocol_factory_emit (factory, event);
      event_free (event);
    }
}

static gboolean
emit_cb (gpointer user_data)
{
  SmbFactoryEvents              *self = user_data;
  g_autoptr(SmbProtocolFactory)  factory = g_weak_ref_get (&self->factory);

  if (factory != NULL)
    emit_queued (self, factory);
  return G_SOURCE_REMOVE;
}

/* Under the lock. */
static void
attach_source (SmbFactoryEvents *self)
{
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT - 1); /* before callbacks, whose source is older */
  g_source_set_static_name (self->source, "smb-glib signals");
  g_source_set_callback (self->source, emit_cb, smb_factory_events_ref (self),
                         (GDestroyNotify) smb_factory_events_unref);
  g_source_attach (self->source, self->context);
}

static void
push (SmbFactoryEvents *self,
      SmbFactoryEvent  *event)
{
  gboolean stopped;

  g_mutex_lock (&self->lock);
  stopped = self->context == NULL;
  if (!stopped)
    {
      event->link.data = event;
      g_queue_push_tail_link (&self->queue, &event->link);
      if (self->source == NULL)
        attach_source (self);
    }
  g_mutex_unlock (&self->lock);

  if (stopped)
    event_free (event);
}

void
smb_factory_events_push_changed (SmbFactoryEvents        *self,
                                 const SmbConnectionInfo *info)
{
  SmbFactoryEvent *event = g_new0 (SmbFactoryEvent, 1);

  event->kind = SMB_FACTORY_EVENT_CHANGED;
  event->info = *info;
  push (self, event);
}

void
smb_factory_events_push (SmbFactoryEvents    *self,
                         SmbFactoryEventKind  kind,
                         const GError        *error)
{
  SmbFactoryEvent *event = g_new0 (SmbFactoryEvent, 1);

  event->kind = kind;
  event->error = error == NULL ? NULL : g_error_copy (error);
  push (self, event);
}

/* A thread that runs a context owns it. Where none does, the one that made the factory is meant. */
void
smb_factory_events_flush (SmbFactoryEvents   *self,
                          SmbProtocolFactory *factory)
{
  if (g_main_context_is_owner (self->context))
    emit_queued (self, factory);
  else if (g_thread_self () == self->thread && g_main_context_acquire (self->context))
    {
      emit_queued (self, factory);
      g_main_context_release (self->context);
    }
}
