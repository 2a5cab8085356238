/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"
#include "test-threads.h"

#include <unistd.h>

/* How connections end: asked for, by the server's death or silence, in a forked child, with the last
 * reference. */

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
  guint               closed;
  gboolean            ready_in_closed;
  GError             *closed_error;
} Fixture;

static void
closed_cb (SmbProtocolFactory *factory,
           GError             *error,
           Fixture            *f)
{
  f->closed++;
  f->ready_in_closed = smb_protocol_factory_get_ready (factory);
  g_clear_error (&f->closed_error);
  f->closed_error = error == NULL ? NULL : g_error_copy (error);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GBytes) big = test_data_new (64 * 1024 * 1024);

  f->samba = test_samba_start (NULL);
  test_share_write (f->samba, "data", "big", big);
  f->factory = test_client_open (f->samba, "default-timeout", 1500, NULL);
  g_signal_connect (f->factory, "closed", G_CALLBACK (closed_cb), f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  if (f->factory != NULL)
    g_assert_finalize_object (f->factory);
  g_clear_error (&f->closed_error);
  test_samba_stop (f->samba);
}

static void
command (Fixture    *f,
         const char *line)
{
  g_autofree char *answer = test_samba_command (f->samba, "status", "%s", line);

  g_assert_cmpstr (answer, ==, "ok");
}

static void
wait_for_closed (Fixture *f)
{
  while (f->closed == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (f->closed, ==, 1);
  g_assert_false (f->ready_in_closed);
}

/* Operations that wait when the end comes. */

typedef struct
{
  guint    remaining;
  guint    refused;
  GError  *last;
} Waiting;

static void
echoed (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Waiting           *waiting = user_data;
  g_autoptr(GError)  error = NULL;
  g_autoptr(GBytes)  answer =
    smb_protocol_factory_echo_finish (SMB_PROTOCOL_FACTORY (source), result, &error);

  waiting->remaining--;
  if (answer != NULL)
    return;
  waiting->refused++;
  g_clear_error (&waiting->last);
  waiting->last = g_steal_pointer (&error);
}

static void
start_waiting (Fixture *f,
               Waiting *waiting,
               int      timeout_msec)
{
  g_autoptr(GBytes) data = g_bytes_new_static ("?", 1);

  waiting->remaining = 50;
  for (guint i = 0; i < 50; i++)
    smb_protocol_factory_echo_async (f->factory, data, timeout_msec, NULL, echoed, waiting);
}

static void
finish_waiting (Waiting *waiting)
{
  while (waiting->remaining > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_server_killed (Fixture       *f,
                    gconstpointer  data)
{
  Waiting waiting = { 0 };
  gint64  begin;

  command (f, "stop"); /* so that all of them wait */
  start_waiting (f, &waiting, 60000);
  begin = g_get_monotonic_time ();
  command (f, "kill");
  finish_waiting (&waiting);

  g_assert_cmpint (g_get_monotonic_time () - begin, <, 30 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (waiting.refused, ==, 50);
  g_assert_error (waiting.last, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
  g_clear_error (&waiting.last);
  wait_for_closed (f);
  g_assert_nonnull (f->closed_error);
  g_assert_cmpint (smb_protocol_factory_get_state (f->factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);

  start_waiting (f, &waiting, -1);
  waiting.refused = 0;
  finish_waiting (&waiting);
  g_assert_error (waiting.last, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
  g_clear_error (&waiting.last);
}

static void
test_server_frozen (Fixture       *f,
                    gconstpointer  data)
{
  Waiting waiting = { 0 };

  command (f, "stop");
  start_waiting (f, &waiting, 300);
  finish_waiting (&waiting);
  g_assert_cmpuint (waiting.refused, ==, 50);
  g_assert_error (waiting.last, SMB_ERROR, SMB_ERROR_TIMED_OUT);
  g_clear_error (&waiting.last);
  g_assert_true (smb_protocol_factory_get_ready (f->factory));

  command (f, "cont"); /* late answers are drained, and the connection goes on */
  start_waiting (f, &waiting, 20000);
  waiting.refused = 0;
  finish_waiting (&waiting);
  g_assert_no_error (waiting.last);
  g_assert_cmpuint (waiting.refused, ==, 0);
  g_assert_cmpuint (f->closed, ==, 0);
}

/* Silence though it owes answers: a question of ours is not answered either, and then it is over. */
static void
test_server_silent (Fixture       *f,
                    gconstpointer  data)
{
  Waiting waiting = { 0 };

  command (f, "stop");
  start_waiting (f, &waiting, G_MAXINT);
  finish_waiting (&waiting);
  g_assert_cmpuint (waiting.refused, ==, 50);
  g_assert_error (waiting.last, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
  g_clear_error (&waiting.last);
  wait_for_closed (f);
  command (f, "cont");
}

static void
test_close (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Waiting           waiting = { 0 };

  command (f, "stop");
  start_waiting (f, &waiting, 60000);
  command (f, "cont");
  g_assert_true (smb_protocol_factory_close_connection (f->factory, -1, NULL, &error));
  g_assert_no_error (error);
  finish_waiting (&waiting);
  g_clear_error (&waiting.last);
  wait_for_closed (f);
  g_assert_no_error (f->closed_error);

  smb_protocol_factory_list_shares (f->factory, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  smb_protocol_factory_open_connection (f->factory, test_samba_get_host (f->samba),
                                        test_samba_get_port (f->samba), -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (smb_protocol_factory_get_ready (f->factory));
}

static void
test_close_frozen (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  gint64            begin = g_get_monotonic_time ();

  command (f, "stop");
  g_assert_true (smb_protocol_factory_close_connection (f->factory, 60000, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_TIME_SPAN_SECOND);
  command (f, "cont");
}

/* The last reference is dropped by another thread while nothing runs; the server sees the connection go. */

static gpointer
unref_thread (gpointer data)
{
  g_object_unref (data);
  return NULL;
}

static void
test_last_reference_in_thread (Fixture       *f,
                               gconstpointer  data)
{
  g_autofree char *clients = NULL;

  command (f, "wait-clients 1");
  g_thread_join (g_thread_new ("unref", unref_thread, g_steal_pointer (&f->factory)));
  command (f, "wait-clients 0");
  clients = test_samba_command (f->samba, "count", "clients");
  g_assert_cmpstr (clients, ==, "0");
}

/* In the child nothing of the parent's works, a new factory does; the parent's connection has not noticed. */

static int
child_main (Fixture *f)
{
  g_autoptr(GError)             error = NULL;
  g_autoptr(SmbProtocolFactory) own = NULL;
  g_autoptr(GPtrArray)          shares = NULL;

  if (smb_protocol_factory_get_ready (f->factory))
    return 10;
  if (smb_protocol_factory_list_shares (f->factory, -1, NULL, &error) != NULL)
    return 11;
  if (!g_error_matches (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED))
    return 12;
  g_clear_error (&error);
  g_clear_object (&f->factory);

  own = test_client_open (f->samba, NULL, NULL);
  shares = smb_protocol_factory_list_shares (own, -1, NULL, &error);
  return shares == NULL ? 13 : 0;
}

static void
test_fork (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) shares = NULL;
  pid_t                child = test_fork_quietly ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (child_main (f));

  test_assert_child (child);
  shares = smb_protocol_factory_list_shares (f->factory, -1, NULL, &error);
  g_assert_no_error (error);
}

/* A transfer under way when the server dies. */

static void
test_killed_in_transfer (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbOpenFile)   file = NULL;
  g_autoptr(GBytes)        bytes = NULL;

  file = smb_protocol_factory_open_file (f->factory, "data", "big", SMB_FILE_ACCESS_READ,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  command (f, "kill");
  bytes = smb_open_file_read (file, 0, 64 * 1024 * 1024, -1, NULL, &error);
  g_assert_null (bytes);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
  wait_for_closed (f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/endings/server-killed", test_server_killed);
  ADD ("/endings/server-killed-in-transfer", test_killed_in_transfer);
  ADD ("/endings/server-frozen", test_server_frozen);
  ADD ("/endings/server-silent", test_server_silent);
  ADD ("/endings/close", test_close);
  ADD ("/endings/close-frozen", test_close_frozen);
  ADD ("/endings/last-reference-in-thread", test_last_reference_in_thread);
  ADD ("/endings/fork", test_fork);
#undef ADD

  return g_test_run ();
}
