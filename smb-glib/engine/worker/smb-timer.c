/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/worker/smb-timer.h"

struct _SmbTimerSet
{
  GSequence *timers; /* of SmbTimer (unowned), those that are set: the first one first */
};

struct _SmbTimer
{
  SmbTimerSet    *set;
  gint64          at;
  GSequenceIter  *place; /* NULL: it is not set */
  SmbTimerFunc    func;
  gpointer        data;
  GDestroyNotify  free_data;
};

typedef struct
{
  GSource      source;
  SmbTimerSet *set;
} SetSource;

static gint64
get_first (SmbTimerSet *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->timers);

  return g_sequence_iter_is_end (iter) ? G_MAXINT64 : ((SmbTimer *) g_sequence_get (iter))->at;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  const SmbTimer *first = a, *second = b;

  return (first->at > second->at) - (first->at < second->at);
}

static void
unset (SmbTimer *self)
{
  g_clear_pointer (&self->place, g_sequence_remove);
}

static int
get_timeout (SmbTimerSet *self,
             gint64       now)
{
  gint64 first = get_first (self);

  return first == G_MAXINT64 ? -1 : (int) CLAMP ((first - now + 999) / 1000, 0, G_MAXINT);
}

/* A ready time of the source would say the same, but be told by a write and a read each time that it
 * changes. */
static gboolean
prepare (GSource *source,
         int     *timeout_msec)
{
  *timeout_msec = get_timeout (((SetSource *) source)->set, g_source_get_time (source));
  return *timeout_msec == 0;
}

static gboolean
check (GSource *source)
{
  return get_first (((SetSource *) source)->set) <= g_source_get_time (source);
}

/* What is set anew meanwhile waits for the next turn at the latest. */
static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  SmbTimerSet *self = ((SetSource *) source)->set;
  gint64       now = g_source_get_time (source);

  for (int i = g_sequence_get_length (self->timers); i > 0 && get_first (self) <= now; i--)
    {
      SmbTimer *timer = g_sequence_get (g_sequence_get_begin_iter (self->timers));

      unset (timer);
      timer->func (timer->data);
    }
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  SmbTimerSet *self = ((SetSource *) source)->set;

  g_sequence_free (self->timers);
  g_free (self);
}

static GSourceFuncs source_funcs = {
  .prepare = prepare, .check = check, .dispatch = dispatch, .finalize = finalize
};

SmbTimerSet *
smb_timer_set_new (GMainContext *context)
{
  SmbTimerSet        *self = g_new0 (SmbTimerSet, 1);
  g_autoptr(GSource)  source = g_source_new (&source_funcs, sizeof (SetSource));

  self->timers = g_sequence_new (NULL);
  ((SetSource *) source)->set = self;
  g_source_set_static_name (source, "smb-glib timers");
  g_source_attach (source, context);
  return self;
}

int
smb_timer_set_get_timeout (SmbTimerSet *self)
{
  return get_timeout (self, g_get_monotonic_time ());
}

SmbTimer *
smb_timer_new (SmbTimerSet    *set,
               SmbTimerFunc    func,
               gpointer        data,
               GDestroyNotify  free_data)
{
  SmbTimer *self = g_new0 (SmbTimer, 1);

  self->set = set;
  self->func = func;
  self->data = data;
  self->free_data = free_data;
  return self;
}

void
smb_timer_set (SmbTimer *self,
               gint64    at)
{
  unset (self);
  self->at = at;
  if (at != G_MAXINT64)
    self->place = g_sequence_insert_sorted (self->set->timers, self, compare, NULL);
}

void
smb_timer_free (SmbTimer *self)
{
  unset (self);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self);
}
