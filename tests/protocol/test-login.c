/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* Who one is logged in as, and whether the server has proved itself ([MS-SMB2] 3.2.5.3). */

/* SessionFlags, [MS-SMB2] 2.2.6 */
#define IS_GUEST     1
#define IS_NULL      2
#define ENCRYPT_DATA 4

/* An answer to SESSION_SETUP with no token. */
#define EMPTY_ANSWER(flags) "\x09\0" flags "\0\x48\0\0\0"

static void
assert_fails (Fixture       *f,
              SmbError       code,
              SmbSignOptions sign_options,
              SmbEncryption  encryption)
{
  g_autofree char *message
      = fixture_open_fails (f, code, "sign-options", sign_options, "encryption", encryption, NULL);

  g_assert_nonnull (message);
}

#define assert_refused(f, code) \
  assert_fails ((f), (code), SMB_SIGN_OPTIONS_WHEN_SUPPORTED, SMB_ENCRYPTION_IF_REQUIRED)

/* The last answer of a login proves that server and client have the same key and saw the same negotiation. */

static void
test_last_answer (Fixture       *f,
                  gconstpointer  how)
{
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 2, GPOINTER_TO_UINT (how));
  assert_refused (f, SMB_ERROR_SECURITY);
}

/* Also when nothing else is to be signed. */
static void
test_last_answer_without_signing (Fixture       *f,
                                  gconstpointer  how)
{
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 2, GPOINTER_TO_UINT (how));
  assert_fails (f, SMB_ERROR_SECURITY, SMB_SIGN_OPTIONS_NEVER, SMB_ENCRYPTION_IF_REQUIRED);
}

/* SessionFlags that are changed on the way could switch protection off: they are signed as well. */
static void
test_last_answer_altered (Fixture       *f,
                          gconstpointer  data)
{
  static const gint64 places[] = { 64 + 2, 40, 64 + 12 }; /* SessionFlags, SessionId, token */

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(GError) error = NULL;

      scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 2, SCRIPTED_GARBLE, .number = places[i]);
      smb_protocol_factory_open_connection (f->factory, "127.0.0.1", scripted_server_get_port (f->server), -1,
                                            NULL, &error);
      g_assert_nonnull (error);
      g_assert_cmpuint (f->n_auth_ok, ==, 0);
      g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_TREE_CONNECT), ==, 0);
      fixture_renew (f);
    }
}

/* Below 3.1.1 some servers do not sign it; one that is there is checked, and one that must be there is. */

static void
open_on_3_0_2 (Fixture        *f,
               ScriptedAction  how)
{
  scripted_server_get_config (f->server)->dialect = 0x0302;
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 2, how);
}

static void
test_older_unsigned (Fixture       *f,
                     gconstpointer  data)
{
  open_on_3_0_2 (f, SCRIPTED_UNSIGNED);
  fixture_open (f, NULL);
  fixture_assert_usable (f);
}

static void
test_older_wrongly_signed (Fixture       *f,
                           gconstpointer  how)
{
  open_on_3_0_2 (f, GPOINTER_TO_UINT (how));
  assert_refused (f, SMB_ERROR_SECURITY);
}

static void
test_older_required (Fixture       *f,
                     gconstpointer  data)
{
  open_on_3_0_2 (f, SCRIPTED_UNSIGNED);
  assert_fails (f, SMB_ERROR_SECURITY, SMB_SIGN_OPTIONS_REQUIRE, SMB_ENCRYPTION_IF_REQUIRED);
}

/* What is said before belongs to the hash: changed, it is found out at the end. */
static void
test_first_answer_altered (Fixture       *f,
                           gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_GARBLE, .number = 6); /* CreditCharge */
  assert_refused (f, SMB_ERROR_SECURITY);
}

/* The CHALLENGE of NTLM: its flags could take away keys, its target information the MIC
 * ([MS-NLMP] 3.1.5.1.2). */
static void
test_challenge_altered (Fixture       *f,
                        gconstpointer  data)
{
  for (gint64 place = 72 + 40; place < 72 + 80; place += 3)
    {
      g_autoptr(GError) error = NULL;

      scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_GARBLE, .number = place);
      smb_protocol_factory_open_connection (f->factory, "127.0.0.1", scripted_server_get_port (f->server), -1,
                                            NULL, &error);
      g_assert_nonnull (error);
      g_assert_cmpuint (f->n_auth_ok, ==, 0);
      fixture_renew (f);
    }
}

/* A guest instead of the user who was named. */

static void
test_guest (Fixture       *f,
            gconstpointer  flags)
{
  scripted_server_get_config (f->server)->session_flags = (guint16) GPOINTER_TO_UINT (flags);
  assert_refused (f, SMB_ERROR_AUTH_FAILED);
}

static void
test_guest_allowed (Fixture       *f,
                    gconstpointer  flags)
{
  scripted_server_get_config (f->server)->session_flags = (guint16) GPOINTER_TO_UINT (flags);
  fixture_open (f, "allow-guest", TRUE, NULL);
  g_assert_true (smb_protocol_factory_get_guest (f->factory));
  g_assert_null (smb_protocol_factory_get_signing_algorithm (f->factory));
  g_assert_null (smb_protocol_factory_get_cipher (f->factory));
  fixture_assert_usable (f);
  g_assert_false (scripted_server_get_record (f->server, SCRIPTED_TREE_CONNECT, 0)->is_signed);
}

/* Whose sessions have no keys to sign or encrypt with. */
static void
test_guest_with_demands (Fixture       *f,
                         gconstpointer  data)
{
  static const struct
  {
    SmbSignOptions sign_options;
    SmbEncryption  encryption;
    guint16        security_mode; /* the server's */
  } cases[] = {
    { SMB_SIGN_OPTIONS_REQUIRE, SMB_ENCRYPTION_IF_REQUIRED, 1 },
    { SMB_SIGN_OPTIONS_WHEN_SUPPORTED, SMB_ENCRYPTION_REQUIRED, 1 },
    { SMB_SIGN_OPTIONS_WHEN_SUPPORTED, SMB_ENCRYPTION_IF_REQUIRED, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_server_get_config (f->server)->session_flags = IS_GUEST;
      scripted_server_get_config (f->server)->security_mode = cases[i].security_mode;
      g_object_set (f->factory, "allow-guest", TRUE, NULL);
      assert_fails (f, SMB_ERROR_SECURITY, cases[i].sign_options, cases[i].encryption);
      fixture_renew (f);
    }
}

static void
test_nameless (Fixture       *f,
               gconstpointer  flags)
{
  scripted_server_get_config (f->server)->session_flags = (guint16) GPOINTER_TO_UINT (flags);
  fixture_renew_factory (f, NULL, NULL);
  fixture_open (f, "anonymous", TRUE, NULL);
  g_assert_null (smb_protocol_factory_get_signing_algorithm (f->factory));
  fixture_assert_usable (f);
}

static void
test_nameless_with_demands (Fixture       *f,
                            gconstpointer  data)
{
  fixture_renew_factory (f, NULL, NULL);
  g_object_set (f->factory, "anonymous", TRUE, NULL);
  assert_fails (f, SMB_ERROR_SECURITY, SMB_SIGN_OPTIONS_REQUIRE, SMB_ENCRYPTION_IF_REQUIRED);
  fixture_renew_factory (f, NULL, NULL);
  g_object_set (f->factory, "anonymous", TRUE, NULL);
  assert_fails (f, SMB_ERROR_SECURITY, SMB_SIGN_OPTIONS_WHEN_SUPPORTED, SMB_ENCRYPTION_REQUIRED);
}

/* The server says that all is well before it has shown that it knows the password; or before it was told who
 * it is. Calling that a guest's session does not help: a guest logs in with a name and a password, too. */

static void
end_login_early (Fixture    *f,
                 const char *body)
{
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_STATUS, .number = SMB_STATUS_SUCCESS);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_BODY, .data = body, .size = 8);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_PATCH, .number = 40, .data = "\5", .size = 1);
}

static void
test_ends_early (Fixture       *f,
                 gconstpointer  body)
{
  end_login_early (f, body);
  assert_refused (f, SMB_ERROR_PROTOCOL);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 1);
}

/* Its challenge is all it has to say. */
static void
test_ends_with_challenge (Fixture       *f,
                          gconstpointer  dialect)
{
  scripted_server_get_config (f->server)->dialect = (guint16) GPOINTER_TO_UINT (dialect);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_PATCH, .number = 8, .data = "\0\0\0\0",
                 .size = 4);
  assert_refused (f, SMB_ERROR_SECURITY);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 1);
}

/* ... and the other way round: it never ends. */
static void
test_never_ends (Fixture       *f,
                 gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 2, SCRIPTED_PATCH, .number = 8, .data = "\x16\0\0\xC0",
                 .size = 4);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

static void
test_no_mic (Fixture       *f,
             gconstpointer  data)
{
  scripted_server_get_config (f->server)->send_mic = FALSE; /* Azure and Apple send none */
  fixture_open (f, NULL);
  fixture_assert_usable (f);
}

/* One that is there must be right ([MS-NLMP] 3.4.4.2, RFC 4178 5). It is the last there is in the token. */
static void
test_wrong_mic (Fixture       *f,
                gconstpointer  dialect)
{
  scripted_server_get_config (f->server)->dialect = (guint16) GPOINTER_TO_UINT (dialect);
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 2, SCRIPTED_PATCH, .number = 72 + 26,
                 .data = "\x55\xAA\x55", .size = 3);
  assert_refused (f, SMB_ERROR_SECURITY);
}

/* Refusals: whatever they are called, it is about the credentials. */
static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  static const struct
  {
    guint32     status;
    const char *name;
  } cases[] = {
    { SMB_STATUS_LOGON_FAILURE, "LOGON_FAILURE" },
    { SMB_STATUS_ACCESS_DENIED, "ACCESS_DENIED" },
    { SMB_STATUS_ACCOUNT_RESTRICTION, "ACCOUNT_RESTRICTION" },
    { SMB_STATUS_NTLM_BLOCKED, "NTLM_BLOCKED" },
    { SMB_STATUS_PASSWORD_EXPIRED, "PASSWORD_EXPIRED" },
    { SMB_STATUS_ACCOUNT_LOCKED_OUT, "ACCOUNT_LOCKED_OUT" },
  };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = NULL;

      scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1 + i % 2, SCRIPTED_STATUS,
                     .number = cases[i / 2].status);
      message = fixture_open_fails (f, SMB_ERROR_AUTH_FAILED, NULL);
      g_assert_nonnull (strstr (message, cases[i / 2].name));
      g_assert_cmphex (smb_error_get_nt_status (f->auth_error), ==, cases[i / 2].status);
      g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 1 + i % 2);
      g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1); /* no second try with less */
      fixture_renew (f);
    }
}

static void
test_wrong_password (Fixture       *f,
                     gconstpointer  data)
{
  g_autofree char *message = NULL;

  fixture_renew_factory (f, "alice", "looking-glass");
  message = fixture_open_fails (f, SMB_ERROR_AUTH_FAILED, NULL);
  g_assert_null (strstr (message, "looking-glass"));
}

/* A factory can be used again. */
static void
test_another_try (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_renew_factory (f, "alice", "looking-glass");
  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", scripted_server_get_port (f->server), -1,
                                        NULL, &error);
  assert_failed (&error, SMB_ERROR_AUTH_FAILED);
  fixture_open (f, "password", "wonderland", NULL);
  fixture_assert_usable (f);
}

/* Where it is asked for: NTLMv1, with 24 bytes. */
static void
test_ntlm_v1 (Fixture       *f,
              gconstpointer  data)
{
  const guint8 *message;
  const guint8 *ntlm;
  gsize         size;

  fixture_open (f, "use-ntlm-v2", FALSE, NULL);
  fixture_assert_usable (f);
  message
      = g_bytes_get_data (scripted_server_get_record (f->server, SCRIPTED_SESSION_SETUP, 1)->message, &size);
  ntlm = memmem (message, size, "NTLMSSP\0\3\0\0\0", 12);
  g_assert_nonnull (ntlm);
  g_assert_cmpuint (ntlm[20] | ntlm[21] << 8, ==, 24);
}

/* What the user's password becomes: NTLMv2 with a MIC, never LM ([MS-NLMP] 2.2.1.3). */
static void
test_no_weak_hash (Fixture       *f,
                   gconstpointer  data)
{
  static const guint8  no_lm[24];
  const guint8        *message;
  const guint8        *ntlm;
  gsize                size;
  guint16              lm_size, nt_size;
  guint32              lm_at;

  fixture_open (f, NULL);
  message
      = g_bytes_get_data (scripted_server_get_record (f->server, SCRIPTED_SESSION_SETUP, 1)->message, &size);
  ntlm = memmem (message, size, "NTLMSSP\0\3\0\0\0", 12);
  g_assert_nonnull (ntlm);
  lm_size = ntlm[12] | ntlm[13] << 8;
  lm_at = ntlm[16] | ntlm[17] << 8;
  nt_size = ntlm[20] | ntlm[21] << 8;
  g_assert_true (lm_size == 0 || (lm_size == 24 && memcmp (ntlm + lm_at, no_lm, 24) == 0));
  g_assert_cmpuint (nt_size, >, 24);
  g_assert_cmpint (memcmp (ntlm + 72, no_lm, 16), !=, 0); /* MIC */
}

#define ADD_SIGNATURES(name, func)                                                                      \
  fixture_add_with ("/login/" name "/unsigned", GUINT_TO_POINTER (SCRIPTED_UNSIGNED), func);            \
  fixture_add_with ("/login/" name "/wrong", GUINT_TO_POINTER (SCRIPTED_BAD_SIGNATURE), func);          \
  fixture_add_with ("/login/" name "/other-key", GUINT_TO_POINTER (SCRIPTED_OTHER_KEY), func);          \
  fixture_add_with ("/login/" name "/echoed", GUINT_TO_POINTER (SCRIPTED_ECHO_SIGNATURE), func)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_SIGNATURES ("last-answer", test_last_answer);
  ADD_SIGNATURES ("last-answer-without-signing", test_last_answer_without_signing);
  fixture_add ("/login/last-answer-altered", test_last_answer_altered);
  fixture_add ("/login/older-unsigned", test_older_unsigned);
  fixture_add_with ("/login/older-wrongly-signed/wrong", GUINT_TO_POINTER (SCRIPTED_BAD_SIGNATURE),
                    test_older_wrongly_signed);
  fixture_add_with ("/login/older-wrongly-signed/other-key", GUINT_TO_POINTER (SCRIPTED_OTHER_KEY),
                    test_older_wrongly_signed);
  fixture_add ("/login/older-required", test_older_required);
  fixture_add ("/login/first-answer-altered", test_first_answer_altered);
  fixture_add ("/login/challenge-altered", test_challenge_altered);
  fixture_add_with ("/login/guest/guest", GUINT_TO_POINTER (IS_GUEST), test_guest);
  fixture_add_with ("/login/guest/null", GUINT_TO_POINTER (IS_NULL), test_guest);
  fixture_add_with ("/login/guest/sealed", GUINT_TO_POINTER (IS_GUEST | ENCRYPT_DATA), test_guest);
  fixture_add_with ("/login/guest-allowed/guest", GUINT_TO_POINTER (IS_GUEST), test_guest_allowed);
  fixture_add_with ("/login/guest-allowed/null", GUINT_TO_POINTER (IS_NULL), test_guest_allowed);
  fixture_add ("/login/guest-with-demands", test_guest_with_demands);
  fixture_add_with ("/login/nameless/no-flag", GUINT_TO_POINTER (0), test_nameless);
  fixture_add_with ("/login/nameless/null", GUINT_TO_POINTER (IS_NULL), test_nameless);
  fixture_add_with ("/login/nameless/guest", GUINT_TO_POINTER (IS_GUEST), test_nameless);
  fixture_add ("/login/nameless-with-demands", test_nameless_with_demands);
  fixture_add_with ("/login/ends-early/user", EMPTY_ANSWER ("\0"), test_ends_early);
  fixture_add_with ("/login/ends-early/guest", EMPTY_ANSWER ("\1"), test_ends_early);
  fixture_add_with ("/login/ends-early/nameless", EMPTY_ANSWER ("\2"), test_ends_early);
  fixture_add_with ("/login/ends-with-challenge/3.0.2", GUINT_TO_POINTER (0x0302), test_ends_with_challenge);
  fixture_add_with ("/login/ends-with-challenge/3.1.1", GUINT_TO_POINTER (0x0311), test_ends_with_challenge);
  fixture_add ("/login/never-ends", test_never_ends);
  fixture_add ("/login/no-mic", test_no_mic);
  fixture_add_with ("/login/wrong-mic/2.1", GUINT_TO_POINTER (0x0210), test_wrong_mic);
  fixture_add_with ("/login/wrong-mic/3.1.1", GUINT_TO_POINTER (0x0311), test_wrong_mic);
  fixture_add ("/login/refused", test_refused);
  fixture_add ("/login/wrong-password", test_wrong_password);
  fixture_add ("/login/another-try", test_another_try);
  fixture_add ("/login/no-weak-hash", test_no_weak_hash);
  fixture_add ("/login/ntlm-v1", test_ntlm_v1);

  return g_test_run ();
}
