/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "test-threads.h"

/* A thread that waits for the only call there is does the library's work meanwhile, and nobody notices:
 * neither those who come in between nor those who come after. What hangs is ended by an alarm. */

#define WORKER     "smb-glib"
#define SOON       (3 * G_TIME_SPAN_SECOND) /* before any timer of the library's own */
#define LONGEST    120 /* s, of a test, under valgrind too */
#define LONG_CALL  (G_USEC_PER_SEC / 5) /* the library's own thread does not expect its end any more */
#define N_CALLS    200
#define N_ATTEMPTS 10
#define SIZE       (24 * 1024 * 1024) /* more than a transfer has under way at once */

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

static void
do_attributes_well (Fixture *f)
{
  g_autoptr(GError) error = NULL;

  do_attributes (f, &error);
  g_assert_no_error (error);
}

/* Another thread, which sits in a call that the server does not answer. */

typedef struct
{
  Fixture      *fixture;
  GCancellable *cancellable;
  int           timeout_msec;
  GThread      *thread;
  GError       *error;
} Waiter;

static gpointer
waiter_main (gpointer data)
{
  Waiter                  *self = data;
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes (self->fixture->factory, SHARE, FILE_NAME, self->timeout_msec,
                                              self->cancellable, &self->error);
  return NULL;
}

static void
waiter_begin (Waiter       *self,
              Fixture      *f,
              GCancellable *cancellable,
              int           timeout_msec)
{
  *self = (Waiter) { f, cancellable, timeout_msec };
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_HOLD);
  self->thread = g_thread_new ("waiter", waiter_main, self);
  scripted_server_wait_held (f->server, 1);
}

static void
waiter_end (Waiter *self)
{
  g_thread_join (self->thread);
  g_assert_no_error (self->error);
}

/* The library's own thread. */

static guint64
count_during_calls (Fixture *f)
{
  guint64 before = test_count_sleeps (WORKER);

  for (guint i = 0; i < N_CALLS; i++)
    do_attributes_well (f);
  return test_count_sleeps (WORKER) - before;
}

/* It looks every now and then whether it is needed, and more often where calls take long because the machine
 * is busy: of a few attempts one has to be good. */
static void
test_alone (Fixture       *f,
            gconstpointer  data)
{
  guint64 n_sleeps = G_MAXUINT64;

  fixture_open (f, NULL);
  for (guint i = 0; i < N_ATTEMPTS && n_sleeps > N_CALLS / 2; i++)
    n_sleeps = count_during_calls (f);
  g_assert_cmpuint (n_sleeps, <=, N_CALLS / 2);
}

/* After the first moments. */
static void
assert_soon_quiet (void)
{
  guint64 n_sleeps = G_MAXUINT64;

  for (guint i = 0; i < N_ATTEMPTS && n_sleeps > 2; i++)
    {
      guint64 before;

      g_usleep (LONG_CALL);
      before = test_count_sleeps (WORKER);
      g_usleep (G_USEC_PER_SEC);
      n_sleeps = test_count_sleeps (WORKER) - before;
    }
  g_assert_cmpuint (n_sleeps, <=, 2);
}

static void
test_idle (Fixture       *f,
           gconstpointer  data)
{
  fixture_open (f, NULL);
  do_attributes_well (f);
  assert_soon_quiet ();
}

/* A server that takes its time gives it nothing to do either. */
static void
test_slow (Fixture       *f,
           gconstpointer  data)
{
  Waiter waiter;

  fixture_open (f, NULL);
  waiter_begin (&waiter, f, NULL, -1);
  assert_soon_quiet ();
  scripted_server_release_all (f->server);
  waiter_end (&waiter);
}

/* Who comes in between. */

static void
test_others (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Pending           pending = { 0 };
  Waiter            waiter;
  gint64            begin;

  fixture_open (f, NULL);
  waiter_begin (&waiter, f, NULL, -1);
  begin = g_get_monotonic_time ();
  do_attributes_well (f);
  begin_echo (f, -1, NULL, &pending);
  g_assert_true (end_echo (f, &pending, &error));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
  scripted_server_release_all (f->server);
  waiter_end (&waiter);
  begin_echo (f, -1, NULL, &pending);
  g_assert_true (end_echo (f, &pending, &error));
}

/* Somebody else leads when a call begins, and has gone before it ends. */
static void
test_left_behind (Fixture       *f,
                  gconstpointer  data)
{
  Waiter            first, second;
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  waiter_begin (&first, f, NULL, -1);
  g_usleep (LONG_CALL);
  waiter_begin (&second, f, NULL, -1);
  scripted_server_wait_held (f->server, 2);
  scripted_server_release (f->server, 0);
  waiter_end (&first);
  scripted_server_release_all (f->server);
  waiter_end (&second);
}

/* Once his own call is over the leader goes, however much there is to do. */

typedef struct
{
  Fixture *fixture;
  guint    n_echoes;
  gint     stop; /* atomic */
  guint    n_running;
} Storm;

static void begin_one (Storm *storm);

static void
echoed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Storm             *storm = user_data;
  g_autoptr(GError)  error = NULL;
  g_autoptr(GBytes)  answer =
    smb_protocol_factory_echo_finish (SMB_PROTOCOL_FACTORY (source), result, &error);

  g_assert_no_error (error);
  storm->n_running--;
  if (++storm->n_echoes == 10 * N_CALLS)
    scripted_server_release (storm->fixture->server, 0);
  if (!g_atomic_int_get (&storm->stop))
    begin_one (storm);
}

static void
begin_one (Storm *storm)
{
  g_autoptr(GBytes) data = g_bytes_new_static ("?", 1);

  storm->n_running++;
  smb_protocol_factory_echo_async (storm->fixture->factory, data, -1, NULL, echoed_cb, storm);
}

/* A call that does not end as long as the storm lasts. */
static void
held_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Storm                   *storm = user_data;
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  g_assert_true (g_atomic_int_get (&storm->stop));
  storm->n_running--;
}

static gpointer
storm_main (gpointer data)
{
  Storm                   *storm = data;
  ScriptedServer          *server = storm->fixture->server;
  g_autoptr(GMainContext)  context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  scripted_server_wait_held (server, 1);
  storm->n_running++;
  smb_protocol_factory_get_attributes_async (storm->fixture->factory, SHARE, FILE_NAME, -1, NULL, held_cb,
                                             storm);
  scripted_server_wait_held (server, 2);
  for (guint i = 0; i < N_CALLS; i++)
    begin_one (storm);
  while (storm->n_running > 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_storm (Fixture       *f,
            gconstpointer  data)
{
  Storm    storm = { f };
  GThread *thread;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_HOLD);
  thread = g_thread_new ("storm", storm_main, &storm);
  do_attributes_well (f);
  g_atomic_int_set (&storm.stop, TRUE);
  scripted_server_release_all (f->server);
  g_thread_join (thread);
}

/* Calls that fail at once, one after the other, keep the library's own thread resting: what others wait for is seen
 * to all the same. */
static void
test_failing (Fixture       *f,
              gconstpointer  data)
{
  const ScriptedConfig         *config = scripted_server_get_config (f->server);
  g_autoptr(SmbProtocolFactory) other = smb_protocol_factory_new (config->user, config->password, NULL, NULL);
  g_autoptr(GError)             error = NULL;
  gint64                        begin;

  fixture_open (f, NULL);
  scripted_server_hang_up (f->server);
  while (do_echo (f, NULL))
    ;
  smb_protocol_factory_open_connection (other, "127.0.0.1", scripted_server_get_port (f->server), -1, NULL, &error);
  g_assert_no_error (error);
  scripted_server_hang_up (f->server);
  begin = g_get_monotonic_time ();
  while (smb_protocol_factory_get_ready (other))
    {
      g_assert_false (do_echo (f, NULL));
      g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
    }
}

/* How a call ends that leads. */

static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Waiter                  waiter;
  gint64                  begin;

  fixture_open (f, NULL);
  waiter_begin (&waiter, f, cancellable, -1);
  begin = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_thread_join (waiter.thread);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
  g_assert_error (waiter.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&waiter.error);
  fixture_assert_usable (f);
}

static void
test_timed_out (Fixture       *f,
                gconstpointer  data)
{
  Waiter waiter;
  gint64 begin = g_get_monotonic_time ();

  fixture_open (f, NULL);
  waiter_begin (&waiter, f, NULL, 300);
  g_thread_join (waiter.thread);
  assert_failed (&waiter.error, SMB_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 300 * G_TIME_SPAN_MILLISECOND);
  fixture_assert_usable (f);
}

static void
test_hang_up (Fixture       *f,
              gconstpointer  data)
{
  Waiter waiter;

  fixture_open (f, NULL);
  waiter_begin (&waiter, f, NULL, -1);
  scripted_server_hang_up (f->server);
  g_thread_join (waiter.thread);
  assert_failed (&waiter.error, SMB_ERROR_NOT_CONNECTED);
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
}

/* A deadline that comes while nobody does anything, just after a call. */
static void
test_deadline_after (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  for (guint i = 0; i < 10; i++)
    {
      Pending pending = { 0 };

      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_FREEZE);
      do_attributes_well (f);
      begin_echo (f, 20, NULL, &pending);
      g_assert_false (end_echo (f, &pending, &error));
      assert_failed (&error, SMB_ERROR_TIMED_OUT);
    }
  fixture_assert_usable (f);
}

/* Nobody calls any more: what is due in time is done all the same, however long the last call took. */
static void
test_keepalive_after (Fixture       *f,
                      gconstpointer  data)
{
  Waiter waiter;
  gint64 begin = g_get_monotonic_time ();

  fixture_open (f, "keepalive-interval", 1, NULL);
  waiter_begin (&waiter, f, NULL, -1);
  g_usleep (LONG_CALL);
  scripted_server_release_all (f->server);
  waiter_end (&waiter);
  scripted_server_wait (f->server, SCRIPTED_ECHO, 2);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_TIME_SPAN_SECOND);
}

/* Signals interrupt the waiting, and nothing else. */

static void
ignore (int signal)
{
}

static gpointer
interrupt_main (gpointer data)
{
  Waiter    *waiter = data;
  pthread_t  target = *(pthread_t *) waiter->cancellable;

  for (guint i = 0; i < N_CALLS; i++)
    {
      pthread_kill (target, SIGUSR1);
      g_usleep (500);
    }
  scripted_server_release_all (waiter->fixture->server);
  return NULL;
}

static void
test_signals (Fixture       *f,
              gconstpointer  data)
{
  struct sigaction action = { .sa_handler = ignore };
  struct sigaction before;
  pthread_t        self = pthread_self ();
  Waiter           interrupter = { f, (gpointer) &self };

  fixture_open (f, NULL);
  sigaction (SIGUSR1, &action, &before);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_HOLD);
  interrupter.thread = g_thread_new ("interrupter", interrupt_main, &interrupter);
  do_attributes_well (f);
  g_thread_join (interrupter.thread);
  sigaction (SIGUSR1, &before, NULL);
}

/* Calls from where the library calls the application. */

static void
call_in_signal_cb (SmbProtocolFactory *factory,
                   Fixture            *f)
{
  do_attributes_well (f);
}

static void
call_in_progress_cb (goffset  current,
                     goffset  total,
                     gpointer user_data)
{
  do_attributes_well (user_data);
}

static void
call_in_ready_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Pending *pending = user_data;

  do_attributes_well (g_object_get_data (source, "fixture"));
  pending_ready (source, result, pending);
}

static void
retrieve_sync (Fixture               *f,
               GFileProgressCallback  progress,
               GError               **error)
{
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_retrieve_file (f->factory, SHARE, "large", output, progress, f, NULL, -1, NULL,
                                             NULL, error);
}

static void
add_large (Fixture *f)
{
  g_autoptr(GBytes) bytes = make_data (SIZE);

  scripted_server_add_file (f->server, "large", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_in_callbacks (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GBytes) question = g_bytes_new_static ("?", 1);
  g_autoptr(GError) error = NULL;
  Pending           pending = { 0 };

  add_large (f);
  g_signal_connect (f->factory, "auth-ok", G_CALLBACK (call_in_signal_cb), f);
  fixture_open (f, NULL);
  retrieve_sync (f, call_in_progress_cb, &error);
  g_assert_no_error (error);
  g_object_set_data (G_OBJECT (f->factory), "fixture", f);
  smb_protocol_factory_echo_async (f->factory, question, -1, NULL, call_in_ready_cb, &pending);
  g_assert_true (end_echo (f, &pending, &error));
}

/* Forks. */

/* What is its own works, and what is the parent's does not. */
static int
child_main (Fixture *f)
{
  const ScriptedConfig         *config = scripted_server_get_config (f->server);
  g_autoptr(SmbProtocolFactory) own = smb_protocol_factory_new (config->user, config->password, NULL, NULL);
  g_autoptr(SmbSharedFile)      file = NULL;
  g_autoptr(GError)             error = NULL;

  alarm (LONGEST / 2);
  if (do_attributes (f, &error) || !g_error_matches (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED))
    return 10;
  g_clear_error (&error);
  if (!smb_protocol_factory_open_connection (own, "127.0.0.1", scripted_server_get_port (f->server), -1, NULL,
                                             &error))
    return 11;
  file = smb_protocol_factory_get_attributes (own, SHARE, FILE_NAME, -1, NULL, &error);
  return file == NULL ? 12 : 0;
}

static void
test_fork (Fixture       *f,
           gconstpointer  data)
{
  Waiter waiter;
  pid_t  child;

  fixture_open (f, NULL);
  waiter_begin (&waiter, f, NULL, -1);
  child = test_fork_quietly ();
  if (child == 0)
    _exit (child_main (f));
  test_assert_child (child);
  scripted_server_release_all (f->server);
  waiter_end (&waiter);
  fixture_assert_usable (f);
}

/* At any moment of it. */

static gpointer
call_until_stopped (gpointer data)
{
  Storm *storm = data;

  while (!g_atomic_int_get (&storm->stop))
    do_attributes_well (storm->fixture);
  return NULL;
}

static void
test_many_forks (Fixture       *f,
                 gconstpointer  data)
{
  Storm    storm = { f };
  GThread *thread;

  fixture_open (f, NULL);
  thread = g_thread_new ("caller", call_until_stopped, &storm);
  for (guint i = 0; i < 50; i++)
    {
      pid_t child = fork ();

      if (child == 0)
        _exit (0);
      test_assert_child (child);
    }
  g_atomic_int_set (&storm.stop, TRUE);
  g_thread_join (thread);
  fixture_assert_usable (f);
}

/* A callback returns in the child, too: the call it belongs to is the parent's. */

static pid_t test_child = -1;

static void
fork_in_progress_cb (goffset  current,
                     goffset  total,
                     gpointer user_data)
{
  if (test_child < 0)
    test_child = test_fork_quietly ();
  if (test_child == 0)
    alarm (LONGEST / 2);
}

static void
test_child_goes_on (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  add_large (f);
  fixture_open (f, NULL);
  retrieve_sync (f, fork_in_progress_cb, &error);
  if (test_child == 0)
    _exit (g_error_matches (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED) ? 0 : 1);
  g_assert_no_error (error);
  test_assert_child (test_child);
  fixture_assert_usable (f);
}

/* A program may end at any time, whoever does what. */

static gpointer
retrieve_main (gpointer data)
{
  while (TRUE)
    retrieve_sync (data, NULL, NULL);
  return NULL;
}

static void
end_in_the_middle (Fixture      *f,
                   gconstpointer thread)
{
  Waiter waiter;

  add_large (f);
  fixture_open (f, NULL);
  if (thread == NULL)
    waiter_begin (&waiter, f, NULL, -1);
  else
    g_thread_new ("retrieves", retrieve_main, f);
  scripted_server_wait (f->server, thread == NULL ? SCRIPTED_CREATE : SCRIPTED_READ, 1);
  exit (0);
}

static void
test_exit (Fixture       *f,
           gconstpointer  thread)
{
  if (g_test_subprocess ())
    end_in_the_middle (f, thread);
  for (guint i = 0; i < 5; i++)
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/leading/alone", test_alone);
  ADD ("/leading/idle", test_idle);
  ADD ("/leading/slow", test_slow);
  ADD ("/leading/others", test_others);
  ADD ("/leading/left-behind", test_left_behind);
  ADD ("/leading/storm", test_storm);
  ADD ("/leading/failing", test_failing);
  ADD ("/leading/cancelled", test_cancelled);
  ADD ("/leading/timed-out", test_timed_out);
  ADD ("/leading/hang-up", test_hang_up);
  ADD ("/leading/deadline-after", test_deadline_after);
  ADD ("/leading/keepalive-after", test_keepalive_after);
  ADD ("/leading/signals", test_signals);
  ADD ("/leading/in-callbacks", test_in_callbacks);
  ADD ("/leading/fork", test_fork);
  ADD ("/leading/many-forks", test_many_forks);
  ADD ("/leading/child-goes-on", test_child_goes_on);
#undef ADD
  g_test_add ("/leading/exit/waiting", Fixture, NULL, set_up, test_exit, tear_down);
  g_test_add ("/leading/exit/retrieving", Fixture, "", set_up, test_exit, tear_down);

  return g_test_run ();
}
