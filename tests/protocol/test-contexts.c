/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* The main contexts of the application, in which results are delivered: run one in the other, by several
 * threads, and by nobody for a while. */

#define N_CALLS   20
#define N_THREADS 6
#define N_ROUNDS  25

static void
begin_attributes (Fixture *f,
                  Pending *pending)
{
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, pending_ready, pending);
}

static void
end_attributes (Fixture *f,
                Pending *pending)
{
  g_autoptr(GAsyncResult)  result = g_steal_pointer (&pending->result);
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, strlen (FILE_TEXT));
}

static void
wait_for (GMainContext *context,
          Pending      *pending)
{
  while (pending->result == NULL)
    g_main_context_iteration (context, TRUE);
}

static void
use (Fixture *f)
{
  Pending pending = { 0 };

  begin_attributes (f, &pending);
  wait_for (NULL, &pending);
  end_attributes (f, &pending);
}

/* Callbacks that wait for others, in a loop of their own. */

typedef struct
{
  Fixture *fixture;
  Pending  others[N_CALLS];
  guint    depth;
  gboolean done;
} Nest;

static void
nest_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Nest                    *nest = user_data;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_CALLS; i++) /* some that are ready at the same time, some that are not */
    wait_for (NULL, &nest->others[i]);
  if (nest->depth++ < 3)
    {
      smb_protocol_factory_get_attributes_async (nest->fixture->factory, SHARE, FILE_NAME, -1, NULL, nest_cb,
                                                 nest);
      while (!nest->done)
        g_main_context_iteration (NULL, TRUE);
    }
  use (nest->fixture);
  g_assert_true (do_attributes (nest->fixture, &error));
  nest->done = TRUE;
}

static void
test_nested (Fixture       *f,
             gconstpointer  data)
{
  Nest nest = { f };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_HOLD);
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, nest_cb, &nest);
  for (guint i = 0; i < N_CALLS; i++)
    begin_attributes (f, &nest.others[i]);
  scripted_server_wait_held (f->server, 1);
  scripted_server_clear_rules (f->server);
  scripted_server_release_all (f->server);
  while (!nest.done)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < N_CALLS; i++)
    end_attributes (f, &nest.others[i]);
}

/* A progress callback that runs the loop, and makes calls: of its own transfer nothing happens meanwhile, and
 * its end least of all. */

#define SIZE   (4 * 1024 * 1024)
#define LARGE  (64 * 1024 * 1024)
#define WINDOW (20 * 1024 * 1024) /* more than is under way at once */

typedef struct
{
  Fixture *fixture;
  Pending  pending;
  gboolean inside;
  guint    n_times;
} Progress;

static void
progress_cb (goffset  current,
             goffset  total,
             gpointer user_data)
{
  Progress          *progress = user_data;
  g_autoptr(GError)  error = NULL;

  g_assert_false (progress->inside);
  if (progress->n_times++ > 1)
    return;
  progress->inside = TRUE;
  for (guint i = 0; i < N_CALLS; i++)
    use (progress->fixture);
  g_assert_true (do_attributes (progress->fixture, &error));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (progress->pending.result);
  progress->inside = FALSE;
}

static void
destroy_cb (gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_false (progress->inside);
}

static void
test_retrieve (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GBytes)        bytes = make_data (SIZE);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GBytes)        got = NULL;
  g_autoptr(GAsyncResult)  result = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  Progress                 progress = { f };

  scripted_server_add_file (f->server, "large", g_bytes_get_data (bytes, NULL), SIZE);
  fixture_open (f, NULL);
  smb_protocol_factory_retrieve_file_async (f->factory, SHARE, "large", output, progress_cb, &progress,
                                            destroy_cb, -1, NULL, pending_ready, &progress.pending);
  result = pending_wait (&progress.pending);
  file = smb_protocol_factory_retrieve_file_finish (f->factory, result, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (output, NULL, NULL);
  got = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  g_assert_true (g_bytes_equal (got, bytes));
}

static void
test_store (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GBytes)       bytes = make_data (SIZE);
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GBytes)       stored = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError)       error = NULL;
  Progress                progress = { f };

  fixture_open (f, NULL);
  smb_protocol_factory_store_file_async (f->factory, SHARE, "large", input, progress_cb, &progress,
                                         destroy_cb, -1, NULL, pending_ready, &progress.pending);
  result = pending_wait (&progress.pending);
  smb_protocol_factory_store_file_finish (f->factory, result, NULL, &error);
  g_assert_no_error (error);
  stored = scripted_server_get_file (f->server, "large");
  g_assert_true (g_bytes_equal (stored, bytes));
}

/* A transfer from or to memory never waits for its stream, and leaves the loop to others all the same. */

typedef struct
{
  goffset in_turn; /* bytes, as the callback heard of them */
  goffset most;
  goffset before;
} Turns;

static void
count_cb (goffset  current,
          goffset  total,
          gpointer user_data)
{
  Turns *turns = user_data;

  g_usleep (2000); /* the next piece is always there by then */
  turns->in_turn += current - turns->before;
  turns->before = current;
  turns->most = MAX (turns->most, turns->in_turn);
}

static void
run_turns (Turns   *turns,
           Pending *pending)
{
  while (pending->result == NULL)
    {
      turns->in_turn = 0;
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpint (turns->before, ==, LARGE);
  g_assert_cmpint (turns->most, <=, WINDOW);
}

static void
test_turns (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GBytes)        bytes = make_data (LARGE);
  g_autoptr(GInputStream)  input = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new (g_malloc (LARGE), LARGE, NULL, g_free);
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  Pending                  stored = { 0 };
  Pending                  retrieved = { 0 };
  Turns                    storing = { 0 };
  Turns                    retrieving = { 0 };

  fixture_open (f, NULL);
  smb_protocol_factory_store_file_async (f->factory, SHARE, "large", input, count_cb, &storing, NULL, -1,
                                         NULL, pending_ready, &stored);
  run_turns (&storing, &stored);
  g_assert_true (smb_protocol_factory_store_file_finish (f->factory, stored.result, NULL, &error));
  smb_protocol_factory_retrieve_file_async (f->factory, SHARE, "large", output, count_cb, &retrieving, NULL,
                                            -1, NULL, pending_ready, &retrieved);
  run_turns (&retrieving, &retrieved);
  file = smb_protocol_factory_retrieve_file_finish (f->factory, retrieved.result, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%" G_GOFFSET_FORMAT " and %" G_GOFFSET_FORMAT " KiB in one turn", storing.most / 1024,
                  retrieving.most / 1024);
  g_object_unref (stored.result);
  g_object_unref (retrieved.result);
}

/* Who hears that his call has failed has heard before that the connection is closed. */

typedef struct
{
  Fixture *fixture;
  guint    n_failed;
} Failures;

static void
failed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Failures                *failures = user_data;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  g_assert_cmpuint (failures->fixture->n_closed, ==, 1);
  failures->n_failed++;
}

static void
test_signals_first (Fixture       *f,
                    gconstpointer  data)
{
  Failures failures = { f };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < N_CALLS; i++)
    smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, failed_cb, &failures);
  scripted_server_wait_held (f->server, 1);
  scripted_server_hang_up (f->server);
  while (failures.n_failed < N_CALLS)
    g_main_context_iteration (NULL, TRUE);
}

/* Contexts that come and go, some of them where another one was. */

static void
use_own_context (Fixture *f)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  Pending                 pending[N_CALLS] = { 0 };

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < N_CALLS; i++)
    begin_attributes (f, &pending[i]);
  for (guint i = 0; i < N_CALLS; i++)
    {
      wait_for (context, &pending[i]);
      end_attributes (f, &pending[i]);
    }
  g_main_context_pop_thread_default (context);
}

static gpointer
thread_main (gpointer data)
{
  Fixture           *f = data;
  g_autoptr(GError)  error = NULL;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      use_own_context (f);
      g_assert_true (do_attributes (f, &error));
    }
  return NULL;
}

static void
test_many (Fixture       *f,
           gconstpointer  data)
{
  GThread *threads[N_THREADS];

  fixture_open (f, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("user", thread_main, f);
  for (guint i = 0; i < N_ROUNDS; i++)
    use (f);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

/* The thread that began is gone when the results come; another one takes them later. */

typedef struct
{
  Fixture      *fixture;
  GMainContext *context;
  Pending       pending[N_CALLS];
} Left;

static gpointer
begin_and_leave (gpointer data)
{
  Left *left = data;

  left->context = g_main_context_new ();
  g_main_context_push_thread_default (left->context);
  for (guint i = 0; i < N_CALLS; i++)
    begin_attributes (left->fixture, &left->pending[i]);
  g_main_context_pop_thread_default (left->context);
  return NULL;
}

static void
test_left (Fixture       *f,
           gconstpointer  data)
{
  Left left = { f };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_HOLD);
  g_thread_join (g_thread_new ("begins", begin_and_leave, &left));
  scripted_server_wait_held (f->server, 1);
  use (f); /* its result comes nowhere else */
  scripted_server_release_all (f->server);
  use (f);
  for (guint i = 0; i < N_CALLS; i++)
    {
      wait_for (left.context, &left.pending[i]);
      end_attributes (f, &left.pending[i]);
    }
  g_main_context_unref (left.context);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/contexts/nested", test_nested);
  fixture_add ("/contexts/progress/retrieve", test_retrieve);
  fixture_add ("/contexts/progress/store", test_store);
  fixture_add ("/contexts/turns", test_turns);
  fixture_add ("/contexts/signals-first", test_signals_first);
  fixture_add ("/contexts/many", test_many);
  fixture_add ("/contexts/left", test_left);

  return g_test_run ();
}
