/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/worker/smb-timer.h"

/* Many timers behind one source: they fire in their order, once, never early, and not once they are gone. */

#define N_TIMERS 50

typedef struct _Fixture Fixture;

typedef struct
{
  Fixture  *fixture;
  SmbTimer *timer;
  gint64    at;
  guint     n_fired;
  guint     n_freed;
} Member;

struct _Fixture
{
  GMainContext *context;
  SmbTimerSet  *set;
  Member        members[N_TIMERS];
  gint64        last;
  guint         n_fired;
  void        (*in_timer) (Member *self);
};

static void
fired (gpointer data)
{
  Member  *self = data;
  Fixture *f = self->fixture;

  g_assert_nonnull (self->timer);
  g_assert_cmpint (g_get_monotonic_time (), >=, self->at);
  g_assert_cmpint (self->at, >=, f->last);
  f->last = self->at;
  self->n_fired++;
  f->n_fired++;
  if (f->in_timer != NULL)
    f->in_timer (self);
}

static void
freed (gpointer data)
{
  ((Member *) data)->n_freed++;
}

static void
set_timer (Member *self,
           gint64  at)
{
  self->at = at;
  smb_timer_set (self->timer, at);
}

static void
remove_member (Member *self)
{
  g_clear_pointer (&self->timer, smb_timer_free);
  g_assert_cmpuint (self->n_freed, ==, 1);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->context = g_main_context_new ();
  f->set = smb_timer_set_new (f->context);
  for (guint i = 0; i < N_TIMERS; i++)
    {
      f->members[i].fixture = f;
      f->members[i].timer = smb_timer_new (f->set, fired, &f->members[i], freed);
    }
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  for (guint i = 0; i < N_TIMERS; i++)
    remove_member (&f->members[i]);
  while (g_main_context_iteration (f->context, FALSE))
    ;
  g_main_context_unref (f->context);
}

/* All of them within 20 ms, in no order. */
static void
set_all (Fixture *f)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < N_TIMERS; i++)
    set_timer (&f->members[i], now + i * 7919 % 20000);
}

static void
test_order (Fixture       *f,
            gconstpointer  data)
{
  set_all (f);
  while (f->n_fired < N_TIMERS)
    g_main_context_iteration (f->context, TRUE);
  while (g_main_context_iteration (f->context, FALSE))
    ;
  for (guint i = 0; i < N_TIMERS; i++)
    g_assert_cmpuint (f->members[i].n_fired, ==, 1);
}

static void
test_unset (Fixture       *f,
            gconstpointer  data)
{
  set_all (f);
  for (guint i = 0; i < N_TIMERS; i += 2)
    set_timer (&f->members[i], G_MAXINT64);
  while (f->n_fired < N_TIMERS / 2)
    g_main_context_iteration (f->context, TRUE);
  for (guint i = 0; i < N_TIMERS; i++)
    g_assert_cmpuint (f->members[i].n_fired, ==, i % 2);
}

/* Earlier, and later. */
static void
test_change (Fixture       *f,
             gconstpointer  data)
{
  gint64 now = g_get_monotonic_time ();

  set_timer (&f->members[0], now + G_TIME_SPAN_HOUR);
  set_timer (&f->members[1], now);
  set_timer (&f->members[0], now + 1000);
  set_timer (&f->members[1], now + G_TIME_SPAN_HOUR);
  while (f->n_fired == 0)
    g_main_context_iteration (f->context, TRUE);
  g_assert_cmpuint (f->members[0].n_fired, ==, 1);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
}

static void
remove_others (Member *self)
{
  for (guint i = 0; i < N_TIMERS; i++)
    if (&self->fixture->members[i] != self)
      g_clear_pointer (&self->fixture->members[i].timer, smb_timer_free);
}

static void
test_freed_by_another (Fixture       *f,
                       gconstpointer  data)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < N_TIMERS; i++)
    set_timer (&f->members[i], now);
  f->in_timer = remove_others;
  while (f->n_fired == 0)
    g_main_context_iteration (f->context, TRUE);
  while (g_main_context_iteration (f->context, FALSE))
    ;
  g_assert_cmpuint (f->n_fired, ==, 1);
}

static void
remove_itself (Member *self)
{
  remove_member (self);
}

static void
test_freed_by_itself (Fixture       *f,
                      gconstpointer  data)
{
  f->in_timer = remove_itself;
  test_order (f, NULL);
}

static void
set_again (Member *self)
{
  set_timer (self, self->at);
}

/* One that is due again at once does not keep others from their turn. */
static void
test_again (Fixture       *f,
            gconstpointer  data)
{
  f->in_timer = set_again;
  set_timer (&f->members[0], g_get_monotonic_time ());
  for (guint i = 0; i < 3; i++)
    g_assert_true (g_main_context_iteration (f->context, TRUE));
  g_assert_cmpuint (f->n_fired, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/timer/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/timer/unset", Fixture, NULL, set_up, test_unset, tear_down);
  g_test_add ("/timer/change", Fixture, NULL, set_up, test_change, tear_down);
  g_test_add ("/timer/freed-by-another", Fixture, NULL, set_up, test_freed_by_another, tear_down);
  g_test_add ("/timer/freed-by-itself", Fixture, NULL, set_up, test_freed_by_itself, tear_down);
  g_test_add ("/timer/again", Fixture, NULL, set_up, test_again, tear_down);

  return g_test_run ();
}
