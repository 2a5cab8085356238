/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operations.h"

/* What was opened is closed, whatever becomes of who closes it: also when he was cancelled before he
 * began. */

static GCancellable *
cancelled_new (void)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  return cancellable;
}

static void
test_cancelled_file (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GCancellable) cancelled = cancelled_new ();
  g_autoptr(SmbOpenFile)  file = NULL;
  g_autoptr(GBytes)       bytes = NULL;
  g_autoptr(GError)       error = NULL;

  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  g_assert_false (smb_open_file_close (file, -1, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  scripted_server_wait (f->server, SCRIPTED_CLOSE, 1);

  bytes = smb_open_file_read (file, 0, 1, -1, NULL, &error);
  g_assert_null (bytes);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_cancelled_file_async (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(GCancellable) cancelled = cancelled_new ();
  g_autoptr(SmbOpenFile)  file = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError)       error = NULL;
  Pending                 pending = { 0 };

  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  smb_open_file_close_async (file, -1, cancelled, pending_ready, &pending);
  result = pending_wait (&pending);
  g_assert_false (smb_open_file_close_finish (file, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  scripted_server_wait (f->server, SCRIPTED_CLOSE, 1);
}

static void
test_cancelled_connection (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(GCancellable) cancelled = cancelled_new ();
  g_autoptr(GError)       error = NULL;

  fixture_open (f, NULL);
  g_assert_false (smb_protocol_factory_close_connection (f->factory, -1, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  scripted_server_wait (f->server, SCRIPTED_LOGOFF, 1);
  g_assert_false (smb_protocol_factory_get_ready (f->factory));
}

/* A folder is left when the operation that entered it is cancelled, and there are no credits to tell the
 * server. */
static void
test_cancelled_removal (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError)       error = NULL;
  Pending                 removal = { 0 };
  Pending                 echo = { 0 };

  scripted_server_get_config (f->server)->max_credits = 1;
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_QUERY_DIRECTORY, 1, SCRIPTED_HOLD);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  smb_protocol_factory_delete_files_async (f->factory, SHARE, "nothing*", FALSE, -1, cancellable,
                                           pending_ready, &removal);
  scripted_server_wait_held (f->server, 1);
  begin_echo (f, -1, NULL, &echo);
  scripted_server_release (f->server, 0);
  scripted_server_wait (f->server, SCRIPTED_ECHO, 1); /* it has the only credit */

  g_cancellable_cancel (cancellable);
  result = pending_wait (&removal);
  g_assert_false (smb_protocol_factory_delete_files_finish (f->factory, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  scripted_server_release_all (f->server);
  g_assert_true (end_echo (f, &echo, &error));
  scripted_server_wait (f->server, SCRIPTED_CLOSE, scripted_server_count (f->server, SCRIPTED_CREATE));
  fixture_assert_usable (f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/closing/cancelled/file", test_cancelled_file);
  fixture_add ("/closing/cancelled/file-async", test_cancelled_file_async);
  fixture_add ("/closing/cancelled/connection", test_cancelled_connection);
  fixture_add ("/closing/cancelled/removal", test_cancelled_removal);
  return g_test_run ();
}
