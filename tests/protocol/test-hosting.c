/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "test-threads.h"

/* A main context that gets one answer after the other does the library's work in its own loop, and nobody
 * notices: whatever else happens in that loop, and whoever else has calls. What hangs is ended by an
 * alarm. */

#define WORKER     "smb-glib"
#define SOON       (3 * G_TIME_SPAN_SECOND) /* before any timer of the library's own */
#define AT_ONCE    (15 * G_TIME_SPAN_MILLISECOND) /* before the library's thread takes a host for idle */
#define LONGEST    120                      /* s, of a test, under valgrind too */
#define N_CALLS    200
#define N_ATTEMPTS 20
#define N_THREADS  4

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  alarm (LONGEST);
  fixture_set_up (f, data);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  fixture_tear_down (f, data);
  alarm (0);
}

/* One call after the other, each begun when the one before has ended. */

typedef struct _Chain Chain;

struct _Chain
{
  Fixture *fixture;
  guint    n_left;
  void   (*after_each) (Chain *self);
  gpointer data;
};

static void chain_begin_one (Chain *self);

static void
chain_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Chain                   *self = user_data;
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, strlen (FILE_TEXT));
  if (self->after_each != NULL)
    self->after_each (self);
  if (--self->n_left > 0)
    chain_begin_one (self);
}

static void
chain_begin_one (Chain *self)
{
  smb_protocol_factory_get_attributes_async (self->fixture->factory, SHARE, FILE_NAME, -1, NULL, chain_cb,
                                             self);
}

static void
chain_run (Chain        *self,
           GMainContext *context)
{
  chain_begin_one (self);
  while (self->n_left > 0)
    g_main_context_iteration (context, TRUE);
}

static void
run_calls (Fixture *f,
           void   (*after_each) (Chain *self),
           gpointer data)
{
  Chain chain = { f, N_CALLS, after_each, data };

  chain_run (&chain, NULL);
}

/* The library's own thread. */

static guint64
count_during_calls (Fixture *f)
{
  guint64 before = test_count_sleeps (WORKER);

  run_calls (f, NULL, NULL);
  return test_count_sleeps (WORKER) - before;
}

/* It looks after the loop every now and then, and does the work itself where calls take long because the
 * machine is busy: of a few attempts one has to be good. */
static void
test_chain (Fixture       *f,
            gconstpointer  data)
{
  guint64 n_sleeps = G_MAXUINT64;

  fixture_open (f, NULL);
  for (guint i = 0; i < N_ATTEMPTS && n_sleeps > N_CALLS / 2; i++)
    n_sleeps = count_during_calls (f);
  g_assert_cmpuint (n_sleeps, <=, N_CALLS / 2);
}

static gboolean
count_down_cb (gpointer user_data)
{
  guint *n_left = user_data;

  return --*n_left > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Once there is nothing to do, neither it nor the loop is woken up any more. */
static void
test_idle (Fixture       *f,
           gconstpointer  data)
{
  guint   n_left = 1, n_turns = 0;
  guint64 before;

  fixture_open (f, NULL);
  run_calls (f, NULL, NULL);
  g_usleep (G_USEC_PER_SEC / 5);
  before = test_count_sleeps (WORKER);
  g_timeout_add_seconds (1, count_down_cb, &n_left);
  while (n_left > 0)
    {
      g_main_context_iteration (NULL, TRUE);
      n_turns++;
    }
  g_assert_cmpuint (test_count_sleeps (WORKER) - before, <=, 2);
  g_assert_cmpuint (n_turns, <=, 4);
}

/* A server that takes its time: the loop gives up soon, and sleeps. */
static void
test_slow (Fixture       *f,
           gconstpointer  data)
{
  Pending pending = { 0 };
  guint   n_left = 1, n_turns = 0;

  fixture_open (f, NULL);
  run_calls (f, NULL, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  begin_echo (f, -1, NULL, &pending);
  scripted_server_wait_held (f->server, 1);
  g_timeout_add_seconds (1, count_down_cb, &n_left);
  while (n_left > 0)
    {
      g_main_context_iteration (NULL, TRUE);
      n_turns++;
    }
  g_assert_cmpuint (n_turns, <=, 8);
  scripted_server_release_all (f->server);
  g_assert_true (end_echo (f, &pending, NULL));
}

/* What happens in the loop. */

static void
call_sync (Chain *self)
{
  g_autoptr(GError) error = NULL;
  gint64            begin = g_get_monotonic_time ();

  if (self->n_left % 10 != 0)
    return;
  do_attributes (self->fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
}

static void
run_nested (Chain *self)
{
  if (self->n_left == N_CALLS / 2)
    run_calls (self->fixture, NULL, NULL);
}

static void
test_in_callbacks (Fixture       *f,
                   gconstpointer  data)
{
  fixture_open (f, NULL);
  run_calls (f, call_sync, NULL);
  run_calls (f, run_nested, NULL);
}

/* The loop does not run: others do not have to wait for it. */

static gpointer
call_main (gpointer data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  Chain                   chain = { data, N_CALLS };

  g_main_context_push_thread_default (context);
  chain_run (&chain, context);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
wait_for_others (Chain *self)
{
  gint64 begin = g_get_monotonic_time ();

  if (self->n_left % (N_CALLS / 4) != 1)
    return;
  g_thread_join (g_thread_new ("others", call_main, self->fixture));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
}

static void
test_blocked (Fixture       *f,
              gconstpointer  data)
{
  fixture_open (f, NULL);
  for (guint i = 0; i < 4; i++)
    run_calls (f, wait_for_others, NULL);
}

/* Threads with loops of their own, and some without, all at the same time. */

static gpointer
call_sync_main (gpointer data)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < N_CALLS; i++)
    {
      do_attributes (data, &error);
      g_assert_no_error (error);
    }
  return NULL;
}

static void
test_threads (Fixture       *f,
              gconstpointer  data)
{
  GThread *threads[N_THREADS];

  fixture_open (f, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("calls", i % 2 == 0 ? call_main : call_sync_main, f);
  for (guint i = 0; i < 4; i++)
    run_calls (f, NULL, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  fixture_assert_usable (f);
}

/* A context that its thread leaves, with a call under way, and another one takes up. */

typedef struct
{
  Fixture      *fixture;
  GMainContext *context;
  Pending       pending;
} Left;

static gpointer
leave_main (gpointer data)
{
  Left  *left = data;
  Chain  chain = { left->fixture, N_CALLS };

  g_main_context_push_thread_default (left->context);
  chain_run (&chain, left->context);
  begin_echo (left->fixture, -1, NULL, &left->pending);
  g_main_context_pop_thread_default (left->context);
  return NULL;
}

static void
test_left (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();

  fixture_open (f, NULL);
  for (guint i = 0; i < 10; i++)
    {
      Left   left = { f, context };
      gint64 begin = g_get_monotonic_time ();

      g_thread_join (g_thread_new ("leaves", leave_main, &left));
      fixture_assert_usable (f);
      run_calls (f, NULL, NULL);
      while (left.pending.result == NULL)
        g_main_context_iteration (context, TRUE);
      g_assert_true (end_echo (f, &left.pending, NULL));
      g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
    }
}

/* What else the library does meanwhile: deadlines, connections that are opened, and those that end. */

static void
time_out (Chain *self)
{
  g_autoptr(GError) error = NULL;
  Pending           pending = { 0 };
  gint64            begin = g_get_monotonic_time ();

  if (self->n_left % (N_CALLS / 4) != 1)
    return;
  scripted_rule (self->fixture->server, SCRIPTED_ECHO, 1, SCRIPTED_FREEZE);
  begin_echo (self->fixture, 20, NULL, &pending);
  g_assert_false (end_echo (self->fixture, &pending, &error));
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
}

static void
open_another (Chain *self)
{
  const ScriptedConfig         *config = scripted_server_get_config (self->fixture->server);
  g_autoptr(SmbProtocolFactory) another = NULL;
  g_autoptr(GAsyncResult)       result = NULL;
  g_autoptr(GError)             error = NULL;
  Pending                       pending = { 0 };
  gint64                        begin = g_get_monotonic_time ();

  if (self->n_left % (N_CALLS / 4) != 1)
    return;
  another = smb_protocol_factory_new (config->user, config->password, NULL, NULL);
  smb_protocol_factory_open_connection_async (another, "127.0.0.1",
                                              scripted_server_get_port (self->fixture->server), -1, NULL,
                                              pending_ready, &pending);
  result = pending_wait (&pending);
  g_assert_true (smb_protocol_factory_open_connection_finish (another, result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
}

static void
test_meanwhile (Fixture       *f,
                gconstpointer  data)
{
  fixture_open (f, NULL);
  run_calls (f, time_out, NULL);
  run_calls (f, open_another, NULL);
}

/* What GIO does on the worker, connecting for instance, is not for a host to wait for. */
static void
note_opening (Chain *self)
{
  gint64 *shortest = self->data;
  gint64  begin = g_get_monotonic_time ();

  open_another (self);
  if (self->n_left % (N_CALLS / 4) == 1)
    *shortest = MIN (*shortest, g_get_monotonic_time () - begin);
}

static void
test_opening (Fixture       *f,
              gconstpointer  data)
{
  gint64 shortest = G_MAXINT64;

  fixture_open (f, NULL);
  for (guint i = 0; i < N_ATTEMPTS / 4 && shortest > AT_ONCE; i++)
    run_calls (f, note_opening, &shortest);
  g_assert_cmpint (shortest, <=, AT_ONCE);
}

static void
test_hang_up (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Pending           pending = { 0 };

  fixture_open (f, NULL);
  run_calls (f, NULL, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  begin_echo (f, -1, NULL, &pending);
  scripted_server_wait_held (f->server, 1);
  scripted_server_hang_up (f->server);
  g_assert_false (end_echo (f, &pending, &error));
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
}

/* A child has the loop, too, but not what it did for the library: that is the parent's. */

static int
child_main (Fixture *f)
{
  const ScriptedConfig         *config = scripted_server_get_config (f->server);
  g_autoptr(SmbProtocolFactory) own = smb_protocol_factory_new (config->user, config->password, NULL, NULL);
  Fixture                       in_child = { f->server, own };
  g_autoptr(GError)             error = NULL;
  guint                         n_left = 2;

  alarm (LONGEST / 2);
  if (do_attributes (f, &error) || !g_error_matches (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED))
    return 10;
  g_timeout_add (1, count_down_cb, &n_left);
  while (n_left > 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_error (&error);
  if (!smb_protocol_factory_open_connection (own, "127.0.0.1", scripted_server_get_port (f->server), -1, NULL,
                                             &error))
    return 11;
  run_calls (&in_child, NULL, NULL);
  return 0;
}

static void
fork_once (Chain *self)
{
  pid_t child;

  if (self->n_left != N_CALLS / 2)
    return;
  child = test_fork_quietly ();
  if (child == 0)
    _exit (child_main (self->fixture));
  test_assert_child (child);
}

static void
test_fork (Fixture       *f,
           gconstpointer  data)
{
  fixture_open (f, NULL);
  run_calls (f, fork_once, NULL);
  fixture_assert_usable (f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/hosting/chain", test_chain);
  ADD ("/hosting/idle", test_idle);
  ADD ("/hosting/slow", test_slow);
  ADD ("/hosting/in-callbacks", test_in_callbacks);
  ADD ("/hosting/blocked", test_blocked);
  ADD ("/hosting/threads", test_threads);
  ADD ("/hosting/left", test_left);
  ADD ("/hosting/meanwhile", test_meanwhile);
  ADD ("/hosting/opening", test_opening);
  ADD ("/hosting/hang-up", test_hang_up);
  ADD ("/hosting/fork", test_fork);
#undef ADD

  return g_test_run ();
}
