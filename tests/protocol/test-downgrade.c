/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* Dialects: a server, or someone before it, that would rather speak an older one
 * ([MS-SMB2] 3.2.4.2.1, 3.2.5.2). */

#define DIALECT_AT (64 + 4)
#define WILDCARD   "\xFF\x02"

static void
assert_fails (Fixture           *f,
              SmbError           code,
              SmbDialectVersion  min_dialect)
{
  g_autofree char *message = fixture_open_fails (f, code, "min-dialect", min_dialect, NULL);

  g_assert_nonnull (message);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 0);
}

/* 2.0.2 may not be chosen by who was not offered it, whatever the server. */
static void
test_dialect_not_offered (Fixture       *f,
                          gconstpointer  data)
{
  static const struct
  {
    guint16           chosen;
    SmbDialectVersion min_dialect;
  } cases[] = {
    { 0x0202, SMB_DIALECT_VERSION_SMB_2_10 }, { 0x0210, SMB_DIALECT_VERSION_SMB_3_00 },
    { 0x0300, SMB_DIALECT_VERSION_SMB_3_11 }, { 0x0302, SMB_DIALECT_VERSION_SMB_3_11 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_server_get_config (f->server)->dialect = cases[i].chosen;
      assert_fails (f, SMB_ERROR_SECURITY, cases[i].min_dialect);
      g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
      fixture_renew (f);
    }
}

static void
test_no_such_dialect (Fixture       *f,
                      gconstpointer  data)
{
  static const char *const dialects[] = { "\0", "\x12\x03", "\xFF\xFF", "\x24\x02", WILDCARD };

  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_PATCH, .number = DIALECT_AT,
                     .data = dialects[i], .size = 2);
      assert_fails (f, SMB_ERROR_SECURITY, SMB_DIALECT_VERSION_NONE);
      fixture_renew (f);
    }
}

static void
test_max_dialect_is_kept (Fixture       *f,
                          gconstpointer  data)
{
  static const SmbDialectVersion versions[] = {
    SMB_DIALECT_VERSION_SMB_2_02, SMB_DIALECT_VERSION_SMB_2_10, SMB_DIALECT_VERSION_SMB_3_00,
    SMB_DIALECT_VERSION_SMB_3_02, SMB_DIALECT_VERSION_SMB_3_11,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      fixture_open (f, "max-dialect", versions[i], NULL);
      g_assert_cmphex (smb_protocol_factory_get_dialect (f->factory), ==, versions[i]);
      fixture_assert_usable (f);
      fixture_renew (f);
    }
}

/* A 3.1.1 server that seems to know no more than 3.0: 3.1.1 has been offered, the proof comes with the first
 * share (test-validation.c). With nothing older allowed it ends at once. */
static void
test_lowered_on_the_way (Fixture       *f,
                         gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_PATCH, .number = DIALECT_AT, .data = "\0\3",
                 .size = 2);
  assert_fails (f, SMB_ERROR_SECURITY, SMB_DIALECT_VERSION_SMB_3_11);
}

/* SMB1's NEGOTIATE on a second connection, which offers everything, where SMB1 is allowed at all. */

static const guint8 *
get_multi_protocol_negotiate (Fixture *f,
                              gsize   *size)
{
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 1);
  return g_bytes_get_data (scripted_server_get_record (f->server, SCRIPTED_SMB1, 0)->message, size);
}

static void
assert_offers (Fixture    *f,
               const char *name,
               gboolean    does)
{
  gsize         size;
  const guint8 *message = get_multi_protocol_negotiate (f, &size);

  g_assert_cmpint (memmem (message, size, name, strlen (name) + 1) != NULL, ==, does);
}

static void
refuse_first_negotiate (Fixture *f)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_DROP);
}

static void
test_second_connection (Fixture       *f,
                        gconstpointer  data)
{
  const ScriptedRecord *again;

  refuse_first_negotiate (f);
  fixture_open (f, NULL);
  g_assert_cmphex (smb_protocol_factory_get_dialect (f->factory), ==, SMB_DIALECT_VERSION_SMB_3_11);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 2);
  assert_offers (f, "NT LM 0.12", TRUE);
  assert_offers (f, "SMB 2.002", TRUE);
  assert_offers (f, "SMB 2.???", TRUE);
  assert_offers (f, "LANMAN1.0", FALSE);

  /* SMB1's has MID 0 and counts; what follows goes on with 1. */
  again = scripted_server_get_record (f->server, SCRIPTED_NEGOTIATE, 1);
  g_assert_cmpuint (again->message_id, ==, 1);
}

static void
test_second_connection_2_0_2 (Fixture       *f,
                              gconstpointer  data)
{
  scripted_server_get_config (f->server)->dialect = 0x0202;
  refuse_first_negotiate (f);
  fixture_open (f, NULL);
  g_assert_cmphex (smb_protocol_factory_get_dialect (f->factory), ==, SMB_DIALECT_VERSION_SMB_2_02);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_NEGOTIATE), ==, 1);
}

/* Only once. */
static void
test_no_third_connection (Fixture       *f,
                          gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 0, SCRIPTED_DROP);
  scripted_rule (f->server, SCRIPTED_SMB1, 0, SCRIPTED_DROP);
  assert_fails (f, SMB_ERROR_NOT_CONNECTED, SMB_DIALECT_VERSION_NONE);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 2);
}

/* The wildcard means "ask again"; asked again it means nothing. */
static void
test_wildcard_twice (Fixture       *f,
                     gconstpointer  data)
{
  refuse_first_negotiate (f);
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 2, SCRIPTED_PATCH, .number = DIALECT_AT, .data = WILDCARD,
                 .size = 2);
  assert_fails (f, SMB_ERROR_SECURITY, SMB_DIALECT_VERSION_NONE);
}

/* SMB1's question can be answered with 2.0.2 or the wildcard, with nothing that could have been protected. */
static void
test_newer_answer_to_smb1 (Fixture       *f,
                           gconstpointer  data)
{
  refuse_first_negotiate (f);
  scripted_rule (f->server, SCRIPTED_SMB1, 1, SCRIPTED_PATCH, .number = DIALECT_AT, .data = "\x10\x02",
                 .size = 2);
  assert_fails (f, SMB_ERROR_SECURITY, SMB_DIALECT_VERSION_NONE);
}

/* An SMB2 answer that is of no use is no reason to ask for less. */
static void
test_useless_answer_is_final (Fixture       *f,
                              gconstpointer  data)
{
  scripted_server_get_config (f->server)->no_preauth_context = TRUE;
  assert_fails (f, SMB_ERROR_SECURITY, SMB_DIALECT_VERSION_NONE);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
  fixture_renew (f);

  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_STATUS, .number = SMB_STATUS_NOT_SUPPORTED);
  assert_fails (f, SMB_ERROR_NOT_SUPPORTED, SMB_DIALECT_VERSION_NONE);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
}

/* Half an answer is an answer. */
static void
test_half_an_answer_is_final (Fixture       *f,
                              gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_CUT, .number = 40);
  assert_fails (f, SMB_ERROR_NOT_CONNECTED, SMB_DIALECT_VERSION_NONE);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
}

/* SMB1 is not allowed. */

static void
test_no_smb1 (Fixture       *f,
              gconstpointer  data)
{
  scripted_server_get_config (f->server)->only_smb1 = TRUE;
  assert_fails (f, SMB_ERROR_NOT_CONNECTED, SMB_DIALECT_VERSION_SMB_2_02);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 0);
}

/* An answer of SMB1 to the question of SMB2. */
static const char smb1_answer[]
    = "\xffSMB\x72\0\0\0\0\x88\x01\xc8\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0"
      "\x11\0\0\3\x32\0\1\0\4\x41\0\0\0\0\1\0\0\0\0\0\xfd\xf3\0\x80\0\0\0\0\0\0\0\0\0\0\0\0\0";

static void
test_smb1_answer (Fixture       *f,
                  gconstpointer  min_dialect)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_FIRST_SEND, .data = smb1_answer,
                 .size = sizeof smb1_answer);
  assert_fails (f, SMB_ERROR_NOT_SUPPORTED, GPOINTER_TO_INT (min_dialect));
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 0);
}

/* Silence: the server may know SMB1 only and not understand. */

static gboolean
end_open (Fixture *f,
          Pending *pending,
          GError **error)
{
  g_autoptr(GAsyncResult) result = pending_wait (pending);

  return smb_protocol_factory_open_connection_finish (f->factory, result, error);
}

static void
test_silence (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Pending           pending = { 0 };
  gint64            begin = g_get_monotonic_time ();

  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_FREEZE);
  fixture_open_async (f, pending_ready, &pending);
  g_assert_true (end_open (f, &pending, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 4 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 2);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 1);
  fixture_assert_usable (f);
}

static void
test_silence_without_smb1 (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_FREEZE);
  g_object_set (f->factory, "min-dialect", SMB_DIALECT_VERSION_SMB_2_02, NULL);
  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", scripted_server_get_port (f->server), 200,
                                        NULL, &error);
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  g_assert_cmpuint (f->n_auth_failed, ==, 1);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/downgrade/dialect-not-offered", test_dialect_not_offered);
  fixture_add ("/downgrade/no-such-dialect", test_no_such_dialect);
  fixture_add ("/downgrade/max-dialect-is-kept", test_max_dialect_is_kept);
  fixture_add ("/downgrade/lowered-on-the-way", test_lowered_on_the_way);
  fixture_add ("/downgrade/second-connection", test_second_connection);
  fixture_add ("/downgrade/second-connection-2.0.2", test_second_connection_2_0_2);
  fixture_add ("/downgrade/no-third-connection", test_no_third_connection);
  fixture_add ("/downgrade/wildcard-twice", test_wildcard_twice);
  fixture_add ("/downgrade/newer-answer-to-smb1", test_newer_answer_to_smb1);
  fixture_add ("/downgrade/useless-answer-is-final", test_useless_answer_is_final);
  fixture_add ("/downgrade/half-an-answer-is-final", test_half_an_answer_is_final);
  fixture_add ("/downgrade/no-smb1", test_no_smb1);
  fixture_add_with ("/downgrade/smb1-answer/allowed", GINT_TO_POINTER (SMB_DIALECT_VERSION_NONE),
                    test_smb1_answer);
  fixture_add_with ("/downgrade/smb1-answer/not-allowed", GINT_TO_POINTER (SMB_DIALECT_VERSION_SMB_2_02),
                    test_smb1_answer);
  fixture_add ("/downgrade/silence", test_silence);
  fixture_add ("/downgrade/silence-without-smb1", test_silence_without_smb1);

  return g_test_run ();
}
