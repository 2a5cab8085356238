/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"

/* Requests that nobody waits for any more: cancelled or timed out. The server is told, its answer is dropped
 * whenever it comes, nothing stays open, and the connection goes on ([MS-SMB2] 3.2.4.24). */

#define SHORT 60 /* ms */

/* The server does not react to a CANCEL, and need not. */
static void
ignore_cancel (Fixture *f)
{
  scripted_rule (f->server, SCRIPTED_CANCEL, 0, SCRIPTED_FREEZE);
}

static void
assert_cancelled (Fixture *f,
                  Pending *pending)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (end_echo (f, pending, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* CANCEL */

static void
test_cancel (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Pending                 pending = { 0 };
  const ScriptedRecord   *cancel;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  begin_echo (f, -1, cancellable, &pending);
  scripted_server_wait_held (f->server, 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (f, &pending);
  scripted_server_wait (f->server, SCRIPTED_CANCEL, 1);
  cancel = scripted_server_get_record (f->server, SCRIPTED_CANCEL, 0);
  g_assert_cmphex (cancel->flags & 2, ==, 0);
  g_assert_cmpuint (cancel->message_id, ==,
                    scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->message_id);
  g_assert_true (cancel->is_signed && cancel->is_verified);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count_held (f->server), ==, 0);
}

/* By the number that the server gave it, once there is one; without, the server would not find it. */
static void
test_cancel_by_async_id (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError)       error = NULL;
  Pending                 pending = { 0 };
  const ScriptedRecord   *cancel;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_PENDING, .number = 1);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  begin_echo (f, -1, cancellable, &pending);
  scripted_server_wait_held (f->server, 1);
  g_assert_true (do_echo (f, &error)); /* so that the interim response is there */
  g_cancellable_cancel (cancellable);
  assert_cancelled (f, &pending);
  scripted_server_wait (f->server, SCRIPTED_CANCEL, 1);
  cancel = scripted_server_get_record (f->server, SCRIPTED_CANCEL, 0);
  g_assert_cmphex (cancel->flags & 2, ==, 2);
  g_assert_cmpuint (cancel->async_id, !=, 0);
  g_assert_true (cancel->is_verified);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count_held (f->server), ==, 0); /* it found it */
}

/* With AES-GMAC two CANCELs of one request would share a nonce ([MS-SMB2] 3.1.4.1). */
static void
test_cancel_once (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Pending                 pending = { 0 };

  fixture_open (f, NULL);
  ignore_cancel (f);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  begin_echo (f, -1, cancellable, &pending);
  scripted_server_wait_held (f->server, 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (f, &pending);
  g_cancellable_reset (cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_true (do_attributes (f, NULL));
  scripted_server_release_all (f->server);
  fixture_assert_usable (f);
  g_assert_true (smb_protocol_factory_close_connection (f->factory, -1, NULL, NULL));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CANCEL), ==, 1);
}

/* What the server never got needs none. */
static void
test_cancel_unsent (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError)       error = NULL;
  Pending                 first = { 0 };
  Pending                 second = { 0 };
  guint                   n;

  scripted_server_get_config (f->server)->max_credits = 1;
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  begin_echo (f, -1, NULL, &first);
  scripted_server_wait_held (f->server, 1);
  begin_echo (f, -1, cancellable, &second);
  g_cancellable_cancel (cancellable);
  assert_cancelled (f, &second);
  scripted_server_release_all (f->server);
  g_assert_true (end_echo (f, &first, &error));
  fixture_assert_usable (f);
  n = scripted_server_count (f->server, SCRIPTED_ECHO);
  g_assert_cmpuint (n, ==, 2); /* the first, and the one just now */
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CANCEL), ==, 0);
}

/* Each part of a chain has its own. */
static void
test_cancel_chain (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GCancellable)  cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult)  result = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  Pending                  pending = { 0 };

  fixture_open (f, NULL);
  fixture_assert_usable (f);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_HOLD);
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_HOLD);
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, cancellable, pending_ready,
                                             &pending);
  scripted_server_wait_held (f->server, 2);
  g_cancellable_cancel (cancellable);
  result = pending_wait (&pending);
  file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  scripted_server_wait (f->server, SCRIPTED_CANCEL, 2);
  g_assert_cmpuint (scripted_server_get_record (f->server, SCRIPTED_CANCEL, 0)->message_id, !=,
                    scripted_server_get_record (f->server, SCRIPTED_CANCEL, 1)->message_id);
  fixture_assert_usable (f);
}

static void
test_cancel_sealed (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Pending                 pending = { 0 };

  fixture_open (f, "encryption", SMB_ENCRYPTION_REQUIRED, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  begin_echo (f, -1, cancellable, &pending);
  scripted_server_wait_held (f->server, 1);
  g_cancellable_cancel (cancellable);
  assert_cancelled (f, &pending);
  scripted_server_wait (f->server, SCRIPTED_CANCEL, 1);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_CANCEL, 0)->is_sealed);
  fixture_assert_usable (f);
}

/* Late answers */

/* What a late CREATE opens is closed, whether the server took notice of the CANCEL or not. */
static void
test_late_create (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError)       error = NULL;
  Pending                 pending = { 0 };

  fixture_open (f, NULL);
  ignore_cancel (f);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_HOLD);
  smb_protocol_factory_open_file_async (f->factory, SHARE, FILE_NAME, SMB_FILE_ACCESS_READ,
                                        SMB_FILE_DISPOSITION_OPEN, -1, cancellable, pending_ready, &pending);
  scripted_server_wait_held (f->server, 1);
  g_cancellable_cancel (cancellable);
  result = pending_wait (&pending);
  g_assert_null (smb_protocol_factory_open_file_finish (f->factory, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  scripted_server_wait_open (f->server, 1);
  scripted_server_release_all (f->server);
  scripted_server_wait_open (f->server, 0);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CLOSE), ==, 1);
  fixture_assert_usable (f);
}

/* The same for all that operations open, with each of their requests too late. */
static const ScriptedCommand commands[] = {
  SCRIPTED_CREATE,          SCRIPTED_READ,       SCRIPTED_WRITE,    SCRIPTED_IOCTL,
  SCRIPTED_QUERY_DIRECTORY, SCRIPTED_QUERY_INFO, SCRIPTED_SET_INFO, SCRIPTED_CLOSE,
};

static gboolean
is_used_by (Fixture         *f,
            const Operation *operation,
            ScriptedCommand  command)
{
  guint before = scripted_server_count (f->server, command);

  g_assert_true (operation->run (f, NULL));
  return scripted_server_count (f->server, command) > before;
}

static void
time_out (Fixture         *f,
          const Operation *operation,
          ScriptedCommand  command)
{
  g_autoptr(GError) error = NULL;

  ignore_cancel (f);
  scripted_rule (f->server, command, 1, SCRIPTED_HOLD);
  if (!operation->run (f, &error))
    assert_failed (&error, SMB_ERROR_TIMED_OUT);
  else
    g_assert_cmpint (command, ==, SCRIPTED_CLOSE); /* for which not everybody waits */
  scripted_server_release_all (f->server);
  scripted_server_wait_open (f->server, 0);
  fixture_assert_usable (f);
}

static void
test_late (Fixture       *f,
           gconstpointer  operation)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      operations_prepare (f);
      fixture_open (f, "default-timeout", 5000, NULL);
      if (is_used_by (f, operation, commands[i]))
        {
          fixture_renew (f);
          operations_prepare (f);
          fixture_open (f, "default-timeout", SHORT, NULL);
          time_out (f, operation, commands[i]);
        }
      fixture_renew (f);
    }
}

/* A READ that comes after its buffer went is received elsewhere. */
static void
test_late_read (Fixture       *f,
                gconstpointer  data)
{
  const gsize            size = 500000;
  g_autoptr(GBytes)      bytes = make_data (size);
  guint8                *buffer = g_malloc (size);
  g_autoptr(GError)      error = NULL;
  g_autoptr(SmbOpenFile) file = NULL;

  scripted_server_add_file (f->server, "big", g_bytes_get_data (bytes, NULL), size);
  fixture_open (f, NULL);
  ignore_cancel (f);
  file = smb_protocol_factory_open_file (f->factory, SHARE, "big", SMB_FILE_ACCESS_READ,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_HOLD);
  g_assert_false (smb_open_file_read_into (file, 0, buffer, size, SHORT, NULL, NULL, &error));
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  g_free (buffer); /* AddressSanitizer sees who writes to it */
  scripted_server_release_all (f->server);
  fixture_assert_usable (f);
}

/* Half of it is in the buffer already: the rest is received elsewhere, and the application may use its
 * memory. */
static void
test_half_read (Fixture       *f,
                gconstpointer  where)
{
  const gsize            size = 500000;
  g_autoptr(GBytes)      bytes = make_data (size);
  g_autofree guint8     *buffer = g_malloc (size);
  g_autoptr(GError)      error = NULL;
  g_autoptr(SmbOpenFile) file = NULL;

  scripted_server_add_file (f->server, FILE_NAME, g_bytes_get_data (bytes, NULL), size);
  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_STALL, .number = GPOINTER_TO_UINT (where));
  g_assert_false (smb_open_file_read_into (file, 0, buffer, size, 5 * SHORT, NULL, NULL, &error));
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  memset (buffer, 0x55, size);
  scripted_server_wait (f->server, SCRIPTED_READ, 1);
  scripted_server_thaw (f->server);
  g_assert_true (do_echo (f, &error));
  for (gsize i = 0; i < size; i++)
    g_assert_cmphex (buffer[i], ==, 0x55);
}

/* Their credits come back. */
static void
test_credits_return (Fixture       *f,
                     gconstpointer  data)
{
  scripted_server_get_config (f->server)->max_credits = 1;
  fixture_open (f, NULL);
  ignore_cancel (f);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) question = g_bytes_new_static ("?", 1);

      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
      g_assert_null (smb_protocol_factory_echo (f->factory, question, SHORT, NULL, &error));
      assert_failed (&error, SMB_ERROR_TIMED_OUT);
      scripted_server_release_all (f->server);
      g_assert_true (do_echo (f, &error));
      scripted_server_clear_rules (f->server);
      ignore_cancel (f);
    }
  fixture_assert_usable (f);
}

/* A share that is connected late. */
static void
test_late_tree (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 1, SCRIPTED_HOLD);
  file = smb_protocol_factory_get_attributes (f->factory, SHARE, FILE_NAME, SHORT, NULL, &error);
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  scripted_server_release_all (f->server);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_TREE_CONNECT), ==, 1);
}

/* While the connection is being opened. */
static void
test_cancel_opening (Fixture       *f,
                     gconstpointer  command)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError)       error = NULL;
  Pending                 pending = { 0 };

  scripted_rule (f->server, GPOINTER_TO_UINT (command), 1, SCRIPTED_FREEZE);
  smb_protocol_factory_open_connection_async (f->factory, "127.0.0.1", scripted_server_get_port (f->server),
                                              -1, cancellable, pending_ready, &pending);
  scripted_server_wait (f->server, GPOINTER_TO_UINT (command), 1);
  g_cancellable_cancel (cancellable);
  result = pending_wait (&pending);
  g_assert_false (smb_protocol_factory_open_connection_finish (f->factory, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (f->n_auth_failed, ==, 1);
  g_assert_cmpint (smb_protocol_factory_get_state (f->factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/abandoned/cancel", test_cancel);
  fixture_add ("/abandoned/cancel-by-async-id", test_cancel_by_async_id);
  fixture_add ("/abandoned/cancel-once", test_cancel_once);
  fixture_add ("/abandoned/cancel-unsent", test_cancel_unsent);
  fixture_add ("/abandoned/cancel-chain", test_cancel_chain);
  fixture_add ("/abandoned/cancel-sealed", test_cancel_sealed);
  fixture_add ("/abandoned/late-create", test_late_create);
  add_each_operation ("/abandoned/late", test_late);
  fixture_add ("/abandoned/late-read", test_late_read);
  fixture_add_with ("/abandoned/half-read/header", GUINT_TO_POINTER (40), test_half_read);
  fixture_add_with ("/abandoned/half-read/first-byte", GUINT_TO_POINTER (4 + 80 + 1), test_half_read);
  fixture_add_with ("/abandoned/half-read/middle", GUINT_TO_POINTER (250000), test_half_read);
  fixture_add ("/abandoned/credits-return", test_credits_return);
  fixture_add ("/abandoned/late-tree", test_late_tree);
  fixture_add_with ("/abandoned/cancel-opening/negotiate", GUINT_TO_POINTER (SCRIPTED_NEGOTIATE),
                    test_cancel_opening);
  fixture_add_with ("/abandoned/cancel-opening/session-setup", GUINT_TO_POINTER (SCRIPTED_SESSION_SETUP),
                    test_cancel_opening);

  return g_test_run ();
}
