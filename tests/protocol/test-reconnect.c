/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"

/* Shares that the server has closed and logins that have expired ([MS-SMB2] 3.2.5.1.6, 3.3.5.2.9): made up
 * for once an operation, without the application. */

static guint
count_trees (Fixture *f)
{
  return scripted_server_count (f->server, SCRIPTED_TREE_CONNECT);
}

static guint
count_logins (Fixture *f)
{
  return scripted_server_count (f->server, SCRIPTED_SESSION_SETUP) / 2;
}

static void
open_and_use (Fixture *f)
{
  operations_prepare (f);
  fixture_open (f, NULL);
  fixture_assert_usable (f);
  g_assert_cmpuint (count_trees (f), ==, 1);
  g_assert_cmpuint (count_logins (f), ==, 1);
}

static void
answer_with (Fixture        *f,
             ScriptedCommand command,
             guint           nth,
             guint32         status)
{
  scripted_rule (f->server, command, nth, SCRIPTED_STATUS, .number = status);
}

/* The parts of the chain behind it fail alike. */
static void
refuse_chain (Fixture *f,
              guint    nth,
              guint32  status)
{
  answer_with (f, SCRIPTED_CREATE, nth, status);
  answer_with (f, SCRIPTED_CLOSE, nth, status);
}

/* NETWORK_NAME_DELETED */

static void
test_share_returns (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  refuse_chain (f, 1, SMB_STATUS_NETWORK_NAME_DELETED);
  g_assert_true (do_attributes (f, &error));
  g_assert_cmpuint (count_trees (f), ==, 2);
  g_assert_cmpuint (count_logins (f), ==, 1);
  g_assert_true (do_attributes (f, &error));
  g_assert_cmpuint (count_trees (f), ==, 2);
}

/* Every operation that says on which share it is. */
static void
test_every_operation (Fixture       *f,
                      gconstpointer  operation)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  answer_with (f, SCRIPTED_CREATE, 1, SMB_STATUS_NETWORK_NAME_DELETED);
  ((const Operation *) operation)->run (f, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

/* The server had no key any more to say it with. */
static void
test_share_returns_unsigned (Fixture       *f,
                             gconstpointer  how)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  refuse_chain (f, 1, SMB_STATUS_NETWORK_NAME_DELETED);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, GPOINTER_TO_UINT (how));
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, GPOINTER_TO_UINT (how));
  g_assert_true (do_attributes (f, &error));
  g_assert_cmpuint (count_trees (f), ==, 2);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_TREE_CONNECT, 1)->is_verified);
}

static void
test_share_is_gone (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  refuse_chain (f, 0, SMB_STATUS_NETWORK_NAME_DELETED);
  g_assert_false (do_attributes (f, &error));
  g_assert_cmphex (smb_error_get_nt_status (error), ==, SMB_STATUS_NETWORK_NAME_DELETED);
  g_assert_cmpuint (count_trees (f), ==, 2); /* once */
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 3);
  fixture_assert_usable (f);
}

/* It does not come back. */
static void
test_share_is_refused (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  refuse_chain (f, 1, SMB_STATUS_NETWORK_NAME_DELETED);
  answer_with (f, SCRIPTED_TREE_CONNECT, 1, SMB_STATUS_BAD_NETWORK_NAME);
  g_assert_false (do_attributes (f, &error));
  assert_failed (&error, SMB_ERROR_NOT_FOUND);
  fixture_assert_usable (f); /* the next operation may try again */
}

/* Many operations find it out at once: one new connection to the share for all. */
static void
test_many_at_once (Fixture       *f,
                   gconstpointer  data)
{
  Pending pending[20] = { 0 };

  open_and_use (f);
  refuse_chain (f, 0, SMB_STATUS_NETWORK_NAME_DELETED);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, pending_ready,
                                               &pending[i]);
  scripted_server_wait_held (f->server, 1);
  scripted_server_clear_rules (f->server);
  scripted_server_release_all (f->server);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    {
      g_autoptr(GAsyncResult)  result = pending_wait (&pending[i]);
      g_autoptr(GError)        error = NULL;
      g_autoptr(SmbSharedFile) file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);

      g_assert_no_error (error);
    }
  g_assert_cmpuint (count_trees (f), ==, 2);
}

/* What was open on it is not any more: that cannot be made up for. */
static void
test_open_file_is_lost (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      bytes = NULL;
  g_autoptr(GError)      error = NULL;

  open_and_use (f);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  answer_with (f, SCRIPTED_READ, 1, SMB_STATUS_NETWORK_NAME_DELETED);
  bytes = smb_open_file_read (file, 0, 10, -1, NULL, &error);
  g_assert_null (bytes);
  g_assert_cmphex (smb_error_get_nt_status (error), ==, SMB_STATUS_NETWORK_NAME_DELETED);
  g_assert_cmpuint (count_trees (f), ==, 1);
  fixture_assert_usable (f);
}

/* NETWORK_SESSION_EXPIRED */

static void
test_login_is_renewed (Fixture       *f,
                       gconstpointer  encryption)
{
  const ScriptedRecord *again;
  g_autoptr(GError)     error = NULL;

  operations_prepare (f);
  fixture_open (f, "encryption", GPOINTER_TO_INT (encryption), NULL);
  answer_with (f, SCRIPTED_ECHO, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  g_assert_true (do_echo (f, &error));
  g_assert_cmpuint (count_logins (f), ==, 2);
  again = scripted_server_get_record (f->server, SCRIPTED_SESSION_SETUP, 2);
  g_assert_cmpuint (again->session_id, ==,
                    scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->session_id);
  g_assert_true (again->is_verified);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
  fixture_assert_usable (f);
  g_assert_cmpuint (count_logins (f), ==, 2);
  g_assert_cmpuint (f->n_auth_ok, ==, 1);
}

static void
test_login_is_renewed_in_chain (Fixture       *f,
                                gconstpointer  operation)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  answer_with (f, SCRIPTED_CREATE, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  answer_with (f, SCRIPTED_CLOSE, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  ((const Operation *) operation)->run (f, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
}

/* A file that is open stays so. */
static void
test_open_file_survives (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      bytes = NULL;
  g_autoptr(GError)      error = NULL;

  open_and_use (f);
  file = do_open (f, SMB_FILE_ACCESS_READ_WRITE);
  answer_with (f, SCRIPTED_READ, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  bytes = smb_open_file_read (file, 0, 7, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "Curious", 7);
  answer_with (f, SCRIPTED_WRITE, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  g_assert_true (smb_open_file_write (file, 0, bytes, -1, NULL, NULL, &error));
  g_assert_cmpuint (count_logins (f), ==, 3);
}

static void
test_in_transfer (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_data (5 * 1024 * 1024);
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  answer_with (f, SCRIPTED_WRITE, 2, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  do_store (f, "big", bytes, &error);
  g_assert_no_error (error);
  answer_with (f, SCRIPTED_READ, 3, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  do_retrieve (f, "big", bytes, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
}

/* One login for all who wait. */
static void
test_many_expire (Fixture       *f,
                  gconstpointer  data)
{
  Pending pending[20] = { 0 };

  fixture_open (f, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    answer_with (f, SCRIPTED_ECHO, i + 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_HOLD);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin_echo (f, -1, NULL, &pending[i]);
  scripted_server_wait_held (f->server, G_N_ELEMENTS (pending));
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    scripted_server_release (f->server, 0);
  scripted_server_wait_held (f->server, 1);
  scripted_server_release_all (f->server);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    g_assert_true (end_echo (f, &pending[i], NULL));
  g_assert_cmpuint (count_logins (f), ==, 2);
  fixture_assert_usable (f);
}

/* Once an operation. */
static void
test_always_expired (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  answer_with (f, SCRIPTED_ECHO, 0, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  g_assert_false (do_echo (f, &error));
  g_assert_cmphex (smb_error_get_nt_status (error), ==, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  g_assert_cmpuint (count_logins (f), ==, 2);
  fixture_assert_usable (f);
}

/* The password has changed meanwhile, say. Nothing weaker is tried. */
static void
test_renewal_refused (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  answer_with (f, SCRIPTED_ECHO, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  answer_with (f, SCRIPTED_SESSION_SETUP, 1, SMB_STATUS_LOGON_FAILURE);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_AUTH_FAILED);
  fixture_assert_gone (f, SMB_ERROR_AUTH_FAILED);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 3);
}

/* The server keeps its keys: only what leads to the end of a login may come unsigned. */
static void
test_renewal_unsigned (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  answer_with (f, SCRIPTED_ECHO, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_UNSIGNED);
  g_assert_true (do_echo (f, &error));
  fixture_assert_usable (f);

  answer_with (f, SCRIPTED_ECHO, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 2, SCRIPTED_UNSIGNED);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

/* The new login may not be a lesser one. */
static void
test_renewal_as_guest (Fixture       *f,
                       gconstpointer  flags)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  answer_with (f, SCRIPTED_ECHO, 1, SMB_STATUS_NETWORK_SESSION_EXPIRED);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 2, SCRIPTED_PATCH, .number = 64 + 2, .data = flags,
                 .size = 1);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_AUTH_FAILED);
  fixture_assert_gone (f, SMB_ERROR_AUTH_FAILED);
}

/* USER_SESSION_DELETED: for that request; the connection may know better. */
static void
test_session_deleted (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  open_and_use (f);
  answer_with (f, SCRIPTED_ECHO, 1, SMB_STATUS_USER_SESSION_DELETED);
  g_assert_false (do_echo (f, &error));
  g_assert_cmphex (smb_error_get_nt_status (error), ==, SMB_STATUS_USER_SESSION_DELETED);
  g_assert_cmpuint (count_logins (f), ==, 1);
  fixture_assert_usable (f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/reconnect/share-returns", test_share_returns);
  add_each_operation ("/reconnect/every-operation", test_every_operation);
  fixture_add_with ("/reconnect/share-returns-unsigned/zero", GUINT_TO_POINTER (SCRIPTED_UNSIGNED),
                    test_share_returns_unsigned);
  fixture_add_with ("/reconnect/share-returns-unsigned/echoed", GUINT_TO_POINTER (SCRIPTED_ECHO_SIGNATURE),
                    test_share_returns_unsigned);
  fixture_add ("/reconnect/share-is-gone", test_share_is_gone);
  fixture_add ("/reconnect/share-is-refused", test_share_is_refused);
  fixture_add ("/reconnect/many-at-once", test_many_at_once);
  fixture_add ("/reconnect/open-file-is-lost", test_open_file_is_lost);
  fixture_add_with ("/reconnect/login-is-renewed/signed", GINT_TO_POINTER (SMB_ENCRYPTION_IF_REQUIRED),
                    test_login_is_renewed);
  fixture_add_with ("/reconnect/login-is-renewed/sealed", GINT_TO_POINTER (SMB_ENCRYPTION_REQUIRED),
                    test_login_is_renewed);
  add_each_operation ("/reconnect/login-is-renewed-in-chain", test_login_is_renewed_in_chain);
  fixture_add ("/reconnect/open-file-survives", test_open_file_survives);
  fixture_add ("/reconnect/in-transfer", test_in_transfer);
  fixture_add ("/reconnect/many-expire", test_many_expire);
  fixture_add ("/reconnect/always-expired", test_always_expired);
  fixture_add ("/reconnect/renewal-refused", test_renewal_refused);
  fixture_add ("/reconnect/renewal-unsigned", test_renewal_unsigned);
  fixture_add_with ("/reconnect/renewal-as-guest/guest", "\1", test_renewal_as_guest);
  fixture_add_with ("/reconnect/renewal-as-guest/null", "\2", test_renewal_as_guest);
  fixture_add ("/reconnect/session-deleted", test_session_deleted);

  return g_test_run ();
}
