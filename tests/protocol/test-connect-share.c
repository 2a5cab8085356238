/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* A share that is connected before anything is done on it ([MS-SMB2] 3.2.4.2.4), while the server takes its
 * time, refuses, or goes away. */

#define SHORT 60 /* ms */

static void
begin (Fixture      *f,
       const char   *share,
       int           timeout_msec,
       GCancellable *cancellable,
       Pending      *pending)
{
  smb_protocol_factory_connect_share_async (f->factory, share, timeout_msec, cancellable, pending_ready,
                                            pending);
}

static gboolean
end (Fixture *f,
     Pending *pending,
     GError **error)
{
  g_autoptr(GAsyncResult) result = pending_wait (pending);

  return smb_protocol_factory_connect_share_finish (f->factory, result, error);
}

static gboolean
connect_share (Fixture *f,
               GError **error)
{
  return smb_protocol_factory_connect_share (f->factory, SHARE, -1, NULL, error);
}

static guint
count_trees (Fixture *f)
{
  return scripted_server_count (f->server, SCRIPTED_TREE_CONNECT);
}

/* One question for all that ask for the share, however it is written, and for all operations on it. */
static void
test_once (Fixture       *f,
           gconstpointer  dialect)
{
  static const char *const names[] = { SHARE, "SHARE", "Share" };
  g_autoptr(GError)        error = NULL;
  Pending                  pending[9] = { 0 };

  scripted_server_get_config (f->server)->dialect = (guint16) GPOINTER_TO_UINT (dialect);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin (f, names[i % G_N_ELEMENTS (names)], -1, NULL, &pending[i]);
  scripted_server_wait_held (f->server, 1);
  scripted_server_release_all (f->server);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    {
      g_assert_true (end (f, &pending[i], &error));
      g_assert_no_error (error);
    }
  g_assert_true (connect_share (f, &error));
  g_assert_no_error (error);
  fixture_assert_usable (f);
  g_assert_cmpuint (count_trees (f), ==, 1);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 1);
}

/* Below 3.1.1 the negotiation is proved on the first share ([MS-SMB2] 3.2.5.5): with it, not with what
 * follows. */

static void
test_validated (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Pending           pending = { 0 };

  scripted_server_get_config (f->server)->dialect = 0x0202;
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_HOLD);
  begin (f, SHARE, -1, NULL, &pending);
  scripted_server_wait_held (f->server, 1);
  g_assert_true (do_echo (f, &error));
  g_assert_null (pending.result);
  scripted_server_release_all (f->server);
  g_assert_true (end (f, &pending, &error));
  g_assert_no_error (error);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_IOCTL), ==, 1);
}

static void
test_downgraded (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  scripted_server_get_config (f->server)->dialect = 0x0202;
  scripted_server_get_config (f->server)->true_dialect = 0x0311;
  fixture_open (f, NULL);
  g_assert_false (connect_share (f, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

/* Refused */

typedef struct
{
  guint32     status;
  SmbError    code;
  const char *name;
} Refusal;

static const Refusal refusals[] = {
  { SMB_STATUS_BAD_NETWORK_NAME, SMB_ERROR_NOT_FOUND, "STATUS_BAD_NETWORK_NAME" },
  { SMB_STATUS_ACCESS_DENIED, SMB_ERROR_ACCESS_DENIED, "STATUS_ACCESS_DENIED" },
};

static void
assert_refused (const Refusal *refusal,
                GError       **error)
{
  g_assert_nonnull (*error);
  g_assert_cmphex (smb_error_get_nt_status (*error), ==, refusal->status);
  g_assert_true (g_str_has_prefix ((*error)->message, "Cannot connect to the share 'share': "));
  g_assert_nonnull (strstr ((*error)->message, refusal->name));
  assert_failed (error, refusal->code);
}

/* Whoever waits hears of it, each in its own words; it is not remembered. */
static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  const Refusal           *refusal = data;
  g_autoptr(GAsyncResult)  result = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  Pending                  first = { 0 };
  Pending                  second = { 0 };
  Pending                  attributes = { 0 };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 0, SCRIPTED_HOLD);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 0, SCRIPTED_STATUS, .number = refusal->status);
  begin (f, SHARE, -1, NULL, &first);
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, pending_ready,
                                             &attributes);
  begin (f, SHARE, -1, NULL, &second);
  scripted_server_wait_held (f->server, 1);
  scripted_server_release_all (f->server);
  g_assert_false (end (f, &first, &error));
  assert_refused (refusal, &error);
  g_assert_false (end (f, &second, &error));
  assert_refused (refusal, &error);
  result = pending_wait (&attributes);
  file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);
  g_assert_cmphex (smb_error_get_nt_status (error), ==, refusal->status);
  assert_failed (&error, refusal->code);

  scripted_server_clear_rules (f->server);
  g_assert_true (connect_share (f, &error));
  g_assert_no_error (error);
  fixture_assert_usable (f);
}

/* It wants to be encrypted, which this session cannot ([MS-SMB2] 3.2.5.5). */
static void
test_not_sealed (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  ScriptedConfig   *config = scripted_server_get_config (f->server);

  config->cipher = 0;
  config->share_flags = 0x8000; /* ENCRYPT_DATA */
  fixture_open (f, NULL);
  g_assert_false (connect_share (f, &error));
  assert_refused (&refusals[1], &error);
}

/* The server has closed the share: that is found out by what is done on it, and made up for. */
static void
test_closed_by_server (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  g_assert_true (connect_share (f, &error));
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_STATUS, .number = SMB_STATUS_NETWORK_NAME_DELETED);
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_STATUS, .number = SMB_STATUS_NETWORK_NAME_DELETED);
  g_assert_true (connect_share (f, &error));
  g_assert_true (do_attributes (f, &error));
  g_assert_no_error (error);
  g_assert_true (connect_share (f, &error));
  g_assert_cmpuint (count_trees (f), ==, 2);
}

/* The login has expired: the question is asked again after the next one. */
static void
test_login_expired (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 1, SCRIPTED_STATUS,
                 .number = SMB_STATUS_NETWORK_SESSION_EXPIRED);
  g_assert_true (connect_share (f, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_trees (f), ==, 2);
  fixture_assert_usable (f);
}

/* No longer wanted. The question is the connection's, and its answer of use to others. */

static void
assert_answer_is_used (Fixture *f)
{
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CANCEL), ==, 0);
  scripted_server_release_all (f->server);
  fixture_assert_usable (f);
  g_assert_cmpuint (count_trees (f), ==, 1);
}

static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError)       error = NULL;
  Pending                 cancelled = { 0 };
  Pending                 other = { 0 };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 1, SCRIPTED_HOLD);
  begin (f, SHARE, -1, cancellable, &cancelled);
  begin (f, SHARE, -1, NULL, &other);
  scripted_server_wait_held (f->server, 1);
  g_cancellable_cancel (cancellable);
  g_assert_false (end (f, &cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (other.result);
  assert_answer_is_used (f);
  g_assert_true (end (f, &other, &error));
}

static void
test_cancelled_before (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError)       error = NULL;
  Pending                 pending = { 0 };

  fixture_open (f, NULL);
  g_cancellable_cancel (cancellable);
  begin (f, SHARE, -1, cancellable, &pending);
  g_assert_false (end (f, &pending, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_trees (f), ==, 0);
}

static void
test_timeout (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 1, SCRIPTED_HOLD);
  g_assert_false (smb_protocol_factory_connect_share (f->factory, SHARE, SHORT, NULL, &error));
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  assert_answer_is_used (f);
}

/* The end of the connection */

static void
assert_lost (Fixture *f,
             Pending *pending,
             guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (end (f, &pending[i], &error));
      g_assert_true (g_str_has_prefix (error->message, "Cannot connect to the share 'share': "));
      assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
    }
}

static void
test_lost (Fixture       *f,
           gconstpointer  data)
{
  Pending pending[5] = { 0 };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 1, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin (f, SHARE, -1, NULL, &pending[i]);
  scripted_server_wait_held (f->server, 1);
  scripted_server_hang_up (f->server);
  assert_lost (f, pending, G_N_ELEMENTS (pending));
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
}

static void
test_closed (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Pending           pending[5] = { 0 };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 1, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin (f, SHARE, -1, NULL, &pending[i]);
  scripted_server_wait_held (f->server, 1);
  g_assert_true (smb_protocol_factory_close_connection (f->factory, -1, NULL, &error));
  assert_lost (f, pending, G_N_ELEMENTS (pending));
  g_assert_false (connect_share (f, &error));
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add_with ("/connect-share/once/2.0.2", GUINT_TO_POINTER (0x0202), test_once);
  fixture_add_with ("/connect-share/once/3.1.1", GUINT_TO_POINTER (0x0311), test_once);
  fixture_add ("/connect-share/validated", test_validated);
  fixture_add ("/connect-share/downgraded", test_downgraded);
  fixture_add_with ("/connect-share/refused/not-found", &refusals[0], test_refused);
  fixture_add_with ("/connect-share/refused/access-denied", &refusals[1], test_refused);
  fixture_add ("/connect-share/not-sealed", test_not_sealed);
  fixture_add ("/connect-share/closed-by-server", test_closed_by_server);
  fixture_add ("/connect-share/login-expired", test_login_expired);
  fixture_add ("/connect-share/cancelled", test_cancelled);
  fixture_add ("/connect-share/cancelled-before", test_cancelled_before);
  fixture_add ("/connect-share/timeout", test_timeout);
  fixture_add ("/connect-share/lost", test_lost);
  fixture_add ("/connect-share/closed", test_closed);

  return g_test_run ();
}
