/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

/* Many threads do all sorts of things on one connection while operations are cancelled and time out at any
 * moment: what succeeds is right, what fails says why, and in the end the connection works and nothing is
 * open. */

#define N_THREADS    6
#define N_OPERATIONS 150
#define FILE_SIZE    300000

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
  GBytes             *bytes;
  GMutex              lock;
  GCancellable       *running[N_THREADS]; /* under the lock */
  gboolean            ended;              /* under the lock */
} Fixture;

typedef struct
{
  Fixture *fixture;
  guint    number;
  GRand   *random;
  guint    n_names;
  guint    n_succeeded;
} User;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_auto(GStrv) options = NULL;

  g_assert_true (g_shell_parse_argv (data, NULL, &options, NULL));
  f->samba = test_samba_startv ((const char *const *) options);
  f->factory = test_client_open (f->samba, NULL, NULL);
  f->bytes = test_data_new (FILE_SIZE);
  g_mutex_init (&f->lock);
  test_share_write (f->samba, "data", "file", f->bytes);
  test_share_make_dir (f->samba, "data", "folder/inside");
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  test_store (f->factory, "data", "afterwards", "it goes on");
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
  g_assert_finalize_object (f->factory);
  g_bytes_unref (f->bytes);
  g_mutex_clear (&f->lock);
  test_samba_stop (f->samba);
}

/* The operations; each says whether it succeeded. */

typedef gboolean (*Operation) (User *user, int timeout_msec, GCancellable *cancellable, GError **error);

static gboolean
retrieve (User          *user,
          int            timeout_msec,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GBytes)        got = NULL;

  file = smb_protocol_factory_retrieve_file (user->fixture->factory, "data", "file", output, NULL, NULL, NULL,
                                             timeout_msec, cancellable, NULL, error);
  if (file == NULL)
    return FALSE;
  g_output_stream_close (output, NULL, NULL);
  got = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  g_assert_true (g_bytes_equal (got, user->fixture->bytes));
  return TRUE;
}

/* Under a new name each time: the server may not have closed a file yet whose storing was given up. */
static gboolean
store (User          *user,
       int            timeout_msec,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autoptr(GInputStream)  input = g_memory_input_stream_new_from_bytes (user->fixture->bytes);
  g_autofree char         *name = g_strdup_printf ("stored-%u-%u", user->number, user->n_names++);

  if (!smb_protocol_factory_store_file (user->fixture->factory, "data", name, input, NULL, NULL, NULL,
                                        timeout_msec, cancellable, NULL, error))
    return FALSE;
  test_share_assert (user->fixture->samba, "data", name, user->fixture->bytes);
  return TRUE;
}

static gboolean
list (User          *user,
      int            timeout_msec,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr(GPtrArray) files = NULL;

  files = smb_protocol_factory_list_path (user->fixture->factory, "data", "folder",
                                          SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, timeout_msec, cancellable,
                                          error);
  if (files == NULL)
    return FALSE;
  g_assert_cmpuint (files->len, ==, 3);
  return TRUE;
}

static gboolean
look (User          *user,
      int            timeout_msec,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes (user->fixture->factory, "data", "file", timeout_msec,
                                              cancellable, error);
  if (file == NULL)
    return FALSE;
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, FILE_SIZE);
  return TRUE;
}

/* A new name each time, too. */
static gboolean
make_and_remove (User          *user,
                 int            timeout_msec,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autofree char *name = g_strdup_printf ("made-%u-%u", user->number, user->n_names++);

  return smb_protocol_factory_create_directory (user->fixture->factory, "data", name, timeout_msec,
                                                cancellable, error) &&
         smb_protocol_factory_delete_files (user->fixture->factory, "data", name, TRUE, timeout_msec,
                                            cancellable, error);
}

static gboolean
read_parts (User          *user,
            int            timeout_msec,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      bytes = NULL;
  gsize                  offset = g_rand_int_range (user->random, 0, FILE_SIZE);

  file = smb_protocol_factory_open_file (user->fixture->factory, "data", "file", SMB_FILE_ACCESS_READ,
                                         SMB_FILE_DISPOSITION_OPEN, timeout_msec, cancellable, error);
  if (file == NULL)
    return FALSE;
  bytes = smb_open_file_read (file, offset, FILE_SIZE, timeout_msec, cancellable, error);
  if (bytes == NULL)
    return FALSE; /* and the file is closed with its last reference */
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   (const guint8 *) g_bytes_get_data (user->fixture->bytes, NULL) + offset,
                   FILE_SIZE - offset);
  return TRUE;
}

static const Operation operations[] = { retrieve, store, list, look, make_and_remove, read_parts };

static void
set_running (User         *user,
             GCancellable *cancellable)
{
  g_mutex_lock (&user->fixture->lock);
  g_set_object (&user->fixture->running[user->number], cancellable);
  g_mutex_unlock (&user->fixture->lock);
}

static void
do_something (User *user)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError)       error = NULL;
  Operation               operation =
    operations[g_rand_int_range (user->random, 0, G_N_ELEMENTS (operations))];
  int                     timeout_msec =
    g_rand_int_range (user->random, 0, 4) == 0 ? g_rand_int_range (user->random, 1, 20) : -1;

  set_running (user, cancellable);
  if (operation (user, timeout_msec, cancellable, &error))
    user->n_succeeded++;
  else if (!g_error_matches (error, SMB_ERROR, SMB_ERROR_TIMED_OUT))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  set_running (user, NULL);
}

static gpointer
user_main (gpointer data)
{
  User *user = data;

  for (guint i = 0; i < N_OPERATIONS; i++)
    do_something (user);
  return NULL;
}

/* Cancels what runs, at its own pace. */
static gpointer
canceller_main (gpointer data)
{
  Fixture  *f = data;
  GRand    *random = g_rand_new_with_seed (g_test_rand_int ());
  gboolean  ended = FALSE;

  while (!ended)
    {
      g_autoptr(GCancellable) chosen = NULL;

      g_usleep (g_rand_int_range (random, 0, 4000));
      g_mutex_lock (&f->lock);
      g_set_object (&chosen, f->running[g_rand_int_range (random, 0, N_THREADS)]);
      ended = f->ended;
      g_mutex_unlock (&f->lock);
      g_cancellable_cancel (chosen);
    }
  g_rand_free (random);
  return NULL;
}

static void
test_chaos (Fixture       *f,
            gconstpointer  data)
{
  User     users[N_THREADS];
  GThread *threads[N_THREADS];
  GThread *canceller = g_thread_new ("canceller", canceller_main, f);
  guint    n_succeeded = 0;

  for (guint i = 0; i < N_THREADS; i++)
    {
      users[i] = (User) { f, i, g_rand_new_with_seed (g_test_rand_int ()) };
      threads[i] = g_thread_new ("user", user_main, &users[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_thread_join (threads[i]);
      g_rand_free (users[i].random);
      n_succeeded += users[i].n_succeeded;
    }
  g_mutex_lock (&f->lock);
  f->ended = TRUE;
  g_mutex_unlock (&f->lock);
  g_thread_join (canceller);
  g_test_message ("%u of %u succeeded", n_succeeded, N_THREADS * N_OPERATIONS);
  g_assert_cmpuint (n_succeeded, >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, options) g_test_add (path, Fixture, options, set_up, test_chaos, tear_down)
  ADD ("/chaos/3.1.1", "--max=SMB3_11");
  ADD ("/chaos/3.1.1-sealed", "--encryption=required");
  ADD ("/chaos/2.0.2", "--max=SMB2_02");
  ADD ("/chaos/few-credits", "'--set=smb2 max credits=16'");
  ADD ("/chaos/1", "--min=NT1 --max=NT1 --signing=mandatory");
#undef ADD

  return g_test_run ();
}
