/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"

/* Credits ([MS-SMB2] 3.2.4.1.2, 3.2.5.1.4): what is not granted is not sent, and nothing hangs for it. */

#define MIB (1024 * 1024)

static void
open_with_credits (Fixture *f,
                   guint16  max_credits)
{
  scripted_server_get_config (f->server)->max_credits = max_credits;
  fixture_open (f, NULL);
}

static void
assert_never_more_in_flight (Fixture *f,
                             guint    most)
{
  g_assert_cmpuint (scripted_server_get_most_in_flight (f->server), <=, most);
}

/* A server that never lets go of more than one credit is slow, and works. */
static void
test_one_credit (Fixture       *f,
                 gconstpointer  operation)
{
  g_autoptr(GError) error = NULL;

  operations_prepare (f);
  open_with_credits (f, 1);
  ((const Operation *) operation)->run (f, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
  assert_never_more_in_flight (f, 1);
}

static void
test_one_credit_transfers (Fixture       *f,
                           gconstpointer  dialect)
{
  g_autoptr(GBytes) bytes = make_data (MIB + 4321);
  g_autoptr(GError) error = NULL;

  scripted_server_get_config (f->server)->dialect = (guint16) GPOINTER_TO_UINT (dialect);
  open_with_credits (f, 1);
  do_store (f, "big", bytes, &error);
  g_assert_no_error (error);
  do_retrieve (f, "big", bytes, &error);
  g_assert_no_error (error);
  assert_never_more_in_flight (f, 1);
}

/* Many at once wait their turn. */
static void
test_one_credit_for_many (Fixture       *f,
                          gconstpointer  data)
{
  Pending           pending[50] = { 0 };
  g_autoptr(GError) error = NULL;

  open_with_credits (f, 1);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin_echo (f, -1, NULL, &pending[i]);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    g_assert_true (end_echo (f, &pending[i], &error));
  assert_never_more_in_flight (f, 1);
}

/* Where CREATE and CLOSE do not fit a chain, what the CREATE's answer says is known before the CLOSE's. */
static void
test_close_left_behind (Fixture       *f,
                        gconstpointer  data)
{
  open_with_credits (f, 1);
  g_assert_true (do_attributes (f, NULL));
  fixture_assert_usable (f); /* with the only credit: the CLOSE that was left behind is answered */
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_HOLD);
  g_assert_true (do_attributes (f, NULL));
  scripted_server_wait_held (f->server, 1);
  scripted_server_release_all (f->server);
  fixture_assert_usable (f);
}

static void
test_few_credits (Fixture       *f,
                  gconstpointer  max_credits)
{
  g_autoptr(GBytes) bytes = make_data (3 * MIB + 99);
  g_autoptr(GError) error = NULL;
  guint             most = GPOINTER_TO_UINT (max_credits);

  operations_prepare (f);
  open_with_credits (f, (guint16) most);
  for (const Operation *operation = operations; operation->name != NULL; operation++)
    if (!operation->run (f, &error))
      g_error ("%s: %s", operation->name, error->message);
  do_store (f, "big", bytes, &error);
  g_assert_no_error (error);
  do_retrieve (f, "big", bytes, &error);
  g_assert_no_error (error);
}

/* It grants nothing any more: what it owes is waited for, and then it is over, not a hang. */
static void
test_no_grants (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  guint             n = 0;

  open_with_credits (f, 8);
  scripted_rule (f->server, SCRIPTED_ANY, 0, SCRIPTED_CREDITS, .number = 0);
  while (do_echo (f, &error))
    n++;
  g_assert_cmpuint (n, <=, 9);
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

static void
test_no_grants_at_login (Fixture       *f,
                         gconstpointer  command)
{
  g_autofree char *message = NULL;

  scripted_rule (f->server, GPOINTER_TO_UINT (command), 1, SCRIPTED_CREDITS, .number = 0);
  message = fixture_open_fails (f, SMB_ERROR_PROTOCOL, NULL);
  g_assert_nonnull (strstr (message, "credit"));
}

/* In the middle of a transfer. */
static void
test_no_grants_in_transfer (Fixture       *f,
                            gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_data (8 * MIB);
  g_autoptr(GError) error = NULL;

  scripted_server_add_file (f->server, "big", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  open_with_credits (f, 16);
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_CREDITS, .number = 0);
  g_assert_false (do_retrieve (f, "big", bytes, &error));
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

/* There are no more than 65,535. */
static void
test_too_many (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_CREDITS, .number = 0xFFFF);
  while (do_echo (f, &error))
    g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_ECHO), <, 3);
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

/* In one frame. */
static void
test_too_many_in_chain (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  fixture_assert_usable (f);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_CREDITS, .number = 0x8000);
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_CREDITS, .number = 0x8000);
  g_assert_false (do_attributes (f, &error));
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

/* As many as there can be are of no harm, and are not asked for again and again. */
static void
test_very_many (Fixture       *f,
                gconstpointer  data)
{
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_CREDITS, .number = 0xE000);
  g_assert_true (do_echo (f, NULL));
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_get_record (f->server, SCRIPTED_ECHO, 1)->credit_request, <=, 1);
}

/* All for a chain may come with its last answer. */
static void
test_all_in_last_answer (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  open_with_credits (f, 4);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_CREDITS, .number = 0);
  for (guint i = 0; i < 20; i++)
    g_assert_true (do_attributes (f, &error));
}

/* The window grows to what it takes. */
static void
test_window_grows (Fixture       *f,
                   gconstpointer  data)
{
  open_with_credits (f, 64);
  for (guint i = 0; i < 20; i++)
    g_assert_true (do_echo (f, NULL));
  g_assert_cmpuint (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->credit_request, >, 64);
  g_assert_cmpuint (scripted_server_get_record (f->server, SCRIPTED_ECHO, 19)->credit_request, ==, 1);
}

/* 2.0.2 has no CreditCharge, and READs of one credit ([MS-SMB2] 3.2.4.1.5). */
static void
test_no_charge (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_data (MIB);
  g_autoptr(GError) error = NULL;

  scripted_server_get_config (f->server)->dialect = 0x0202;
  fixture_open (f, NULL);
  g_assert_cmpuint (smb_protocol_factory_get_max_read_size (f->factory), ==, 65536);
  do_store (f, "big", bytes, &error);
  g_assert_no_error (error);
  do_retrieve (f, "big", bytes, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < scripted_server_count (f->server, SCRIPTED_ANY); i++)
    g_assert_cmpuint (scripted_server_get_record (f->server, SCRIPTED_ANY, i)->credit_charge, ==, 0);
}

/* Without LARGE_MTU it is the same on any dialect. */
static void
test_no_large_mtu (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_data (MIB);
  g_autoptr(GError) error = NULL;

  scripted_server_get_config (f->server)->capabilities &= ~4u;
  fixture_open (f, NULL);
  do_store (f, "big", bytes, &error);
  g_assert_no_error (error);
  do_retrieve (f, "big", bytes, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < scripted_server_count (f->server, SCRIPTED_READ); i++)
    g_assert_cmpuint (scripted_server_get_record (f->server, SCRIPTED_READ, i)->credit_charge, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_each_operation ("/credits/one", test_one_credit);
  fixture_add_with ("/credits/one-for-transfers/2.0.2", GUINT_TO_POINTER (0x0202), test_one_credit_transfers);
  fixture_add_with ("/credits/one-for-transfers/3.0", GUINT_TO_POINTER (0x0300), test_one_credit_transfers);
  fixture_add_with ("/credits/one-for-transfers/3.1.1", GUINT_TO_POINTER (0x0311), test_one_credit_transfers);
  fixture_add ("/credits/one-for-many", test_one_credit_for_many);
  fixture_add ("/credits/close-left-behind", test_close_left_behind);
  fixture_add_with ("/credits/few/2", GUINT_TO_POINTER (2), test_few_credits);
  fixture_add_with ("/credits/few/3", GUINT_TO_POINTER (3), test_few_credits);
  fixture_add_with ("/credits/few/7", GUINT_TO_POINTER (7), test_few_credits);
  fixture_add_with ("/credits/few/9", GUINT_TO_POINTER (9), test_few_credits);
  fixture_add ("/credits/no-grants", test_no_grants);
  fixture_add_with ("/credits/no-grants-at-login/negotiate", GUINT_TO_POINTER (SCRIPTED_NEGOTIATE),
                    test_no_grants_at_login);
  fixture_add_with ("/credits/no-grants-at-login/session-setup", GUINT_TO_POINTER (SCRIPTED_SESSION_SETUP),
                    test_no_grants_at_login);
  fixture_add ("/credits/no-grants-in-transfer", test_no_grants_in_transfer);
  fixture_add ("/credits/too-many", test_too_many);
  fixture_add ("/credits/too-many-in-chain", test_too_many_in_chain);
  fixture_add ("/credits/very-many", test_very_many);
  fixture_add ("/credits/all-in-last-answer", test_all_in_last_answer);
  fixture_add ("/credits/window-grows", test_window_grows);
  fixture_add ("/credits/no-charge", test_no_charge);
  fixture_add ("/credits/no-large-mtu", test_no_large_mtu);

  return g_test_run ();
}
