/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"

/* How a connection ends, by the server or by the application: everybody who waits hears of it, once. */

static void
test_hang_up_idle (Fixture       *f,
                   gconstpointer  data)
{
  fixture_open (f, NULL);
  fixture_assert_usable (f);
  scripted_server_hang_up (f->server);
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
  g_assert_nonnull (f->closed_error);
}

/* A factory may be opened again. */
static void
test_open_again (Fixture       *f,
                 gconstpointer  data)
{
  fixture_open (f, NULL);
  scripted_server_hang_up (f->server);
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
  f->n_auth_ok = f->n_closed = 0;
  fixture_open (f, NULL);
  fixture_assert_usable (f);
}

static void
test_pending_requests (Fixture       *f,
                       gconstpointer  data)
{
  Pending pending[50] = { 0 };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin_echo (f, -1, NULL, &pending[i]);
  scripted_server_wait_held (f->server, G_N_ELEMENTS (pending));
  scripted_server_hang_up (f->server);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (end_echo (f, &pending[i], &error));
      assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
    }
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
}

/* Those that wait for credits, for a share, or for the login to be renewed. */
static void
test_unsent_requests (Fixture       *f,
                      gconstpointer  data)
{
  Pending  echoes[10] = { 0 };
  Pending  others[10] = { 0 };
  GError  *error = NULL;

  scripted_server_get_config (f->server)->max_credits = 1;
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 1, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, pending_ready,
                                               &others[i]);
  scripted_server_wait_held (f->server, 1);
  for (guint i = 0; i < G_N_ELEMENTS (echoes); i++)
    begin_echo (f, -1, NULL, &echoes[i]);
  scripted_server_hang_up (f->server);
  for (guint i = 0; i < G_N_ELEMENTS (echoes); i++)
    {
      g_autoptr(GAsyncResult)  result = pending_wait (&others[i]);
      g_autoptr(SmbSharedFile) file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);

      assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
      g_assert_false (end_echo (f, &echoes[i], &error));
      assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
    }
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
}

static void
test_renewal (Fixture       *f,
              gconstpointer  nth)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_STATUS, .number = SMB_STATUS_NETWORK_SESSION_EXPIRED);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, GPOINTER_TO_UINT (nth), SCRIPTED_DROP);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
}

/* In the middle of everything that operations do. */

static const ScriptedCommand commands[] = {
  SCRIPTED_TREE_CONNECT, SCRIPTED_CREATE,     SCRIPTED_CLOSE,           SCRIPTED_FLUSH,
  SCRIPTED_READ,         SCRIPTED_WRITE,      SCRIPTED_IOCTL,           SCRIPTED_ECHO,
  SCRIPTED_SET_INFO,     SCRIPTED_QUERY_INFO, SCRIPTED_QUERY_DIRECTORY,
};

static void
hang_up_in (Fixture         *f,
            const Operation *operation,
            ScriptedCommand  command,
            ScriptedAction   how)
{
  g_autoptr(GError) error = NULL;

  operations_prepare (f);
  fixture_open (f, NULL);
  scripted_rule (f->server, command, 1, how);
  if (!operation->run (f, &error))
    assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  else if (scripted_server_count (f->server, command) > 0)
    g_assert_true (how == SCRIPTED_DROP_AFTER || command == SCRIPTED_CLOSE);
  if (scripted_server_count (f->server, command) > 0)
    fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
  fixture_renew (f);
}

static void
test_operation (Fixture       *f,
                gconstpointer  operation)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      hang_up_in (f, operation, commands[i], SCRIPTED_DROP);
      hang_up_in (f, operation, commands[i], SCRIPTED_DROP_AFTER);
    }
}

static void
test_transfer (Fixture       *f,
               gconstpointer  command)
{
  g_autoptr(GBytes) bytes = make_data (20 * 1024 * 1024);
  g_autoptr(GError) error = NULL;

  scripted_server_add_file (f->server, "big", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  fixture_open (f, NULL);
  scripted_rule (f->server, GPOINTER_TO_UINT (command), 5, SCRIPTED_DROP);
  if (GPOINTER_TO_UINT (command) == SCRIPTED_READ)
    g_assert_false (do_retrieve (f, "big", bytes, &error));
  else
    g_assert_false (do_store (f, "new", bytes, &error));
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
}

/* What was open outlives the connection, and is of no use. */
static void
test_open_file (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      bytes = NULL;
  g_autoptr(GError)      error = NULL;

  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  scripted_server_hang_up (f->server);
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
  bytes = smb_open_file_read (file, 0, 10, -1, NULL, &error);
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  g_assert_false (smb_open_file_close (file, -1, NULL, &error));
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  g_assert_true (smb_open_file_close (file, -1, NULL, &error));
}

/* Asked for */

static void
test_log_off (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  fixture_assert_usable (f);
  g_assert_true (smb_protocol_factory_close_connection (f->factory, -1, NULL, &error));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_LOGOFF), ==, 1);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_LOGOFF, 0)->is_verified);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (f->n_closed, ==, 1);
  g_assert_no_error (f->closed_error);
}

/* However long the caller would wait. */
static void
test_log_off_unanswered (Fixture       *f,
                         gconstpointer  timeout_msec)
{
  g_autoptr(GError) error = NULL;
  gint64            begin;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_LOGOFF, 0, SCRIPTED_FREEZE);
  begin = g_get_monotonic_time ();
  g_assert_true (
      smb_protocol_factory_close_connection (f->factory, GPOINTER_TO_INT (timeout_msec), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2900 * G_TIME_SPAN_MILLISECOND);
}

/* An answer of any kind, or the server's going, is an end as good. */
static void
test_log_off_refused (Fixture       *f,
                      gconstpointer  data)
{
  static const ScriptedAction actions[]
      = { SCRIPTED_STATUS, SCRIPTED_DROP, SCRIPTED_DROP_AFTER, SCRIPTED_UNSIGNED, SCRIPTED_TRUNCATE };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr(GError) error = NULL;

      fixture_open (f, NULL);
      scripted_rule (f->server, SCRIPTED_LOGOFF, 1, actions[i], .number = SMB_STATUS_USER_SESSION_DELETED);
      g_assert_true (smb_protocol_factory_close_connection (f->factory, -1, NULL, &error));
      g_assert_no_error (error);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (f->n_closed, ==, 1);
      fixture_renew (f);
    }
}

static void
test_close_with_pending (Fixture       *f,
                         gconstpointer  data)
{
  Pending           pending[50] = { 0 };
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin_echo (f, -1, NULL, &pending[i]);
  scripted_server_wait_held (f->server, G_N_ELEMENTS (pending));
  g_assert_true (smb_protocol_factory_close_connection (f->factory, -1, NULL, &error));
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    {
      g_assert_false (end_echo (f, &pending[i], &error));
      assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
    }
}

/* The last reference goes: what is open is closed by the LOGOFF. */
static void
test_last_reference (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;

  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  g_assert_finalize_object (g_steal_pointer (&f->factory));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_LOGOFF), ==,
                    0); /* the file needs the connection */
  g_clear_object (&file);
  scripted_server_wait (f->server, SCRIPTED_LOGOFF, 1);
  scripted_server_wait_open (f->server, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/endings/hang-up-idle", test_hang_up_idle);
  fixture_add ("/endings/open-again", test_open_again);
  fixture_add ("/endings/pending-requests", test_pending_requests);
  fixture_add ("/endings/unsent-requests", test_unsent_requests);
  fixture_add_with ("/endings/renewal/first", GUINT_TO_POINTER (1), test_renewal);
  fixture_add_with ("/endings/renewal/last", GUINT_TO_POINTER (2), test_renewal);
  add_each_operation ("/endings/operation", test_operation);
  fixture_add_with ("/endings/transfer/retrieve", GUINT_TO_POINTER (SCRIPTED_READ), test_transfer);
  fixture_add_with ("/endings/transfer/store", GUINT_TO_POINTER (SCRIPTED_WRITE), test_transfer);
  fixture_add ("/endings/open-file", test_open_file);
  fixture_add ("/endings/log-off", test_log_off);
  fixture_add_with ("/endings/log-off-unanswered/short", GINT_TO_POINTER (100), test_log_off_unanswered);
  fixture_add_with ("/endings/log-off-unanswered/for-ever", GINT_TO_POINTER (G_MAXINT),
                    test_log_off_unanswered);
  fixture_add ("/endings/log-off-refused", test_log_off_refused);
  fixture_add ("/endings/close-with-pending", test_close_with_pending);
  fixture_add ("/endings/last-reference", test_last_reference);

  return g_test_run ();
}
