/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-threads.h"

#include <unistd.h>

/* A program that forks while the library is busy: the child may use it all the same, and the parent notices
 * nothing. */

#define N_FORKS   20
#define FILE_SIZE (64 * 1024 * 1024)

typedef struct
{
  TestSamba *samba;
  guint      n_forks;
  gboolean   done;
} Fixture;

/* With a connection of its own. */
static int
child_main (Fixture *f)
{
  g_autoptr(GError)             error = NULL;
  g_autoptr(SmbProtocolFactory) own = smb_protocol_factory_new ("alice", "Passw0rd", NULL, NULL);
  g_autoptr(SmbSharedFile)      file = NULL;

  if (!smb_protocol_factory_open_connection (own, test_samba_get_host (f->samba),
                                             test_samba_get_port (f->samba), -1, NULL, &error))
    return 10;
  file = smb_protocol_factory_get_attributes (own, "data", "large", -1, NULL, &error);
  return file == NULL ? 11 : 0;
}

static void
progress_cb (goffset  current,
             goffset  total,
             gpointer data)
{
  Fixture *f = data;
  pid_t    child;

  if (f->n_forks == N_FORKS)
    return;
  f->n_forks++;
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (child_main (f));
  test_assert_child (child);
}

static void
retrieved_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Fixture                 *f = user_data;
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  guint64                  bytes;

  file = smb_protocol_factory_retrieve_file_finish (SMB_PROTOCOL_FACTORY (source), result, &bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bytes, ==, FILE_SIZE);
  f->done = TRUE;
}

static void
test_busy (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start (NULL);
  g_autoptr(SmbProtocolFactory) factory = test_client_open (samba, NULL, NULL);
  g_autoptr(GOutputStream)      output = g_memory_output_stream_new_resizable ();
  g_autoptr(GBytes)             bytes = test_data_new (FILE_SIZE);
  g_autoptr(GBytes)             got = NULL;
  Fixture                       f = { samba };

  test_share_write (samba, "data", "large", bytes);
  smb_protocol_factory_retrieve_file_async (factory, "data", "large", output, progress_cb, &f, NULL, -1, NULL,
                                            retrieved_cb, &f);
  test_wait_until (&f.done);
  g_assert_cmpuint (f.n_forks, ==, N_FORKS);
  g_output_stream_close (output, NULL, NULL);
  got = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  g_assert_true (g_bytes_equal (got, bytes));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forks/busy", test_busy);
  return g_test_run ();
}
