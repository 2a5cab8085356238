/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

#include <unistd.h>

/* The work goes from one thread to the other all the time: some call and wait, some call and run their loop,
 * some give up, and all pause now and then for about as long as the library waits for the next call. Whoever
 * is forgotten is found by an alarm. */

#define N_THREADS   6
#define N_ROUNDS    400
#define N_AT_ONCE   10
#define FILE_SIZE   200000
#define LONGEST     150   /* s */
#define LONG_PAUSE  12000 /* µs */

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factories[2];
  GBytes             *bytes;
} Fixture;

typedef struct
{
  Fixture *fixture;
  guint    number;
  GRand   *random;
  guint    n_running;
} User;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  alarm (LONGEST);
  f->samba = test_samba_start ("--log-level", "0");
  f->bytes = test_data_new (FILE_SIZE);
  test_share_write (f->samba, "data", "file", f->bytes);
  for (guint i = 0; i < G_N_ELEMENTS (f->factories); i++)
    f->factories[i] = test_client_open (f->samba, NULL, NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (f->factories); i++)
    g_assert_finalize_object (f->factories[i]);
  g_bytes_unref (f->bytes);
  test_samba_stop (f->samba);
  alarm (0);
}

static SmbProtocolFactory *
choose (User *user)
{
  return user->fixture->factories[g_rand_boolean (user->random)];
}

static void
pause_sometimes (User *user)
{
  if (g_rand_int_range (user->random, 0, 4) == 0)
    g_usleep (g_rand_int_range (user->random, 0, LONG_PAUSE));
}

/* What the threads do. */

static void
look (User *user)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes (choose (user), "data", "file", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, FILE_SIZE);
}

static void
look_in_progress_cb (goffset  current,
                     goffset  total,
                     gpointer user_data)
{
  look (user_data);
}

static void
retrieve (User *user)
{
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GBytes)        got = NULL;
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_retrieve_file (choose (user), "data", "file", output, look_in_progress_cb, user,
                                             NULL, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (output, NULL, NULL);
  got = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  g_assert_true (g_bytes_equal (got, user->fixture->bytes));
}

static void
store (User *user)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (user->fixture->bytes);
  g_autofree char        *name = g_strdup_printf ("stored-%u", user->number);
  g_autoptr(GError)       error = NULL;

  smb_protocol_factory_store_file (choose (user), "data", name, input, NULL, NULL, NULL, -1, NULL, NULL,
                                   &error);
  g_assert_no_error (error);
  test_share_assert (user->fixture->samba, "data", name, user->fixture->bytes);
}

static void
give_up (User *user)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) files = NULL;

  files = smb_protocol_factory_list_path (choose (user), "data", "", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, 1,
                                          NULL, &error);
  if (files == NULL)
    g_assert_error (error, SMB_ERROR, SMB_ERROR_TIMED_OUT);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  User                    *user = user_data;
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  user->n_running--;
  if (user->n_running == N_AT_ONCE / 2)
    look (user);
}

static void
look_at_once (User *user)
{
  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      user->n_running++;
      smb_protocol_factory_get_attributes_async (choose (user), "data", "file", -1, NULL, looked_cb, user);
    }
  while (user->n_running > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
open_another (User *user)
{
  g_autoptr(SmbProtocolFactory) own = test_client_open (user->fixture->samba, NULL, NULL);
  g_autoptr(GError)             error = NULL;

  if (g_rand_boolean (user->random))
    smb_protocol_factory_close_connection (own, -1, NULL, &error);
  g_assert_no_error (error);
}

static void (*const actions[]) (User *user) = {
  look, look, look, retrieve, store, give_up, look_at_once, look_at_once,
};

static gpointer
user_main (gpointer data)
{
  User                    *user = data;
  g_autoptr(GMainContext)  context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      actions[g_rand_int_range (user->random, 0, G_N_ELEMENTS (actions))](user);
      pause_sometimes (user);
      if (i % (N_ROUNDS / 3) == user->number)
        open_another (user);
    }
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_mixture (Fixture       *f,
              gconstpointer  n_threads)
{
  User     users[N_THREADS];
  GThread *threads[N_THREADS];
  guint    n = GPOINTER_TO_UINT (n_threads);

  for (guint i = 0; i < n; i++)
    {
      users[i] = (User) { f, i, g_rand_new_with_seed (g_test_rand_int ()) };
      threads[i] = g_thread_new ("user", user_main, &users[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      g_rand_free (users[i].random);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, n) g_test_add (path, Fixture, GUINT_TO_POINTER (n), set_up, test_mixture, tear_down)
  ADD ("/leading/one", 1);
  ADD ("/leading/two", 2);
  ADD ("/leading/many", N_THREADS);
#undef ADD

  return g_test_run ();
}
