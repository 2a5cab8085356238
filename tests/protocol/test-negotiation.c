/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* The answer to NEGOTIATE, of which nothing is protected yet ([MS-SMB2] 3.2.5.2): what is offered must be
 * what is chosen, and what both sides saw must turn out to be the same. */

/* [MS-SMB2] 2.2.3.1 */
#define PREAUTH    1
#define ENCRYPTION 2
#define SIGNING    8

/* Offsets in the message */
#define SECURITY_MODE_AT   (64 + 2)
#define DIALECT_AT         (64 + 4)
#define CONTEXT_COUNT_AT   (64 + 6)
#define GUID_AT            (64 + 8)
#define CAPABILITIES_AT    (64 + 24)
#define MAX_TRANSACT_AT    (64 + 28)
#define MAX_READ_AT        (64 + 32)
#define MAX_WRITE_AT       (64 + 36)
#define TOKEN_OFFSET_AT    (64 + 56)
#define TOKEN_SIZE_AT      (64 + 58)
#define CONTEXT_OFFSET_AT  (64 + 60)

static void
patch (Fixture    *f,
       gint64      at,
       const char *data,
       gsize       size)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_PATCH, .number = at, .data = data, .size = size);
}

static void
patch_u16 (Fixture *f,
           gint64   at,
           guint16  value)
{
  const char data[] = { (char) value, (char) (value >> 8) };

  patch (f, at, data, sizeof data);
}

/* No login follows, whatever the client would have accepted. */
static void
assert_refused (Fixture *f,
                SmbError code)
{
  g_autofree char *message = fixture_open_fails (f, code, NULL);

  g_assert_nonnull (message);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 0);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
  fixture_renew (f);
}

static void
add_context (Fixture    *f,
             guint16     type,
             const char *data,
             gsize       size)
{
  ScriptedContext *contexts = scripted_server_get_config (f->server)->extra_contexts;

  while (contexts->data != NULL)
    contexts++;
  *contexts = (ScriptedContext) { type, data, size };
}

/* Contexts */

static void
test_no_preauth (Fixture       *f,
                 gconstpointer  data)
{
  scripted_server_get_config (f->server)->no_preauth_context = TRUE;
  assert_refused (f, SMB_ERROR_SECURITY);
}

static void
test_no_contexts (Fixture       *f,
                  gconstpointer  data)
{
  patch_u16 (f, CONTEXT_COUNT_AT, 0);
  assert_refused (f, SMB_ERROR_SECURITY);
}

static void
test_other_hash (Fixture       *f,
                 gconstpointer  data)
{
  scripted_server_get_config (f->server)->no_preauth_context = TRUE;
  add_context (f, PREAUTH, "\1\0\0\0\2\0", 6);
  assert_refused (f, SMB_ERROR_SECURITY);
}

static void
test_two_hashes (Fixture       *f,
                 gconstpointer  data)
{
  scripted_server_get_config (f->server)->no_preauth_context = TRUE;
  add_context (f, PREAUTH, "\2\0\0\0\1\0\1\0", 8);
  assert_refused (f, SMB_ERROR_SECURITY);
}

static void
test_twice (Fixture       *f,
            gconstpointer  data)
{
  add_context (f, PREAUTH, "\1\0\0\0\1\0", 6);
  assert_refused (f, SMB_ERROR_SECURITY);
  add_context (f, ENCRYPTION, "\1\0\2\0", 4);
  assert_refused (f, SMB_ERROR_SECURITY);
  add_context (f, SIGNING, "\1\0\2\0", 4);
  assert_refused (f, SMB_ERROR_SECURITY);
}

static void
test_cipher_not_offered (Fixture       *f,
                         gconstpointer  data)
{
  static const guint16 ciphers[] = { 5, 0x0100, 0xFFF0 };

  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    {
      scripted_server_get_config (f->server)->cipher = ciphers[i];
      assert_refused (f, SMB_ERROR_SECURITY);
    }
}

/* A cipher where none was offered is as wrong as another. */
static void
test_cipher_unasked (Fixture       *f,
                     gconstpointer  data)
{
  g_autofree char *message = NULL;

  scripted_server_get_config (f->server)->cipher = 2;
  message = fixture_open_fails (f, SMB_ERROR_SECURITY, "encryption", SMB_ENCRYPTION_DISABLED, NULL);
  g_assert_nonnull (strstr (message, "cipher"));
}

static void
test_two_ciphers (Fixture       *f,
                  gconstpointer  data)
{
  scripted_server_get_config (f->server)->cipher = SCRIPTED_NONE;
  add_context (f, ENCRYPTION, "\2\0\2\0\1\0", 6);
  assert_refused (f, SMB_ERROR_SECURITY);
  scripted_server_get_config (f->server)->cipher = SCRIPTED_NONE;
  add_context (f, ENCRYPTION, "\0\0", 2);
  assert_refused (f, SMB_ERROR_SECURITY);
}

static void
test_signing_not_offered (Fixture       *f,
                          gconstpointer  data)
{
  scripted_server_get_config (f->server)->signing_algorithm = 3;
  assert_refused (f, SMB_ERROR_SECURITY);
}

/* Neither of these is wrong. */

static void
test_no_cipher (Fixture       *f,
                gconstpointer  cipher)
{
  scripted_server_get_config (f->server)->cipher = (guint16) GPOINTER_TO_UINT (cipher);
  fixture_open (f, NULL);
  g_assert_null (smb_protocol_factory_get_cipher (f->factory));
  fixture_assert_usable (f);
}

/* Windows Server 2016 and 2019 know no such context: AES-CMAC is meant ([MS-SMB2] 3.1.4.1). */
static void
test_no_signing_context (Fixture       *f,
                         gconstpointer  data)
{
  scripted_server_get_config (f->server)->signing_algorithm = SCRIPTED_NONE;
  fixture_open (f, NULL);
  g_assert_cmpstr (smb_protocol_factory_get_signing_algorithm (f->factory), ==, "AES-128-CMAC");
  fixture_assert_usable (f);
}

static void
test_unknown_contexts (Fixture       *f,
                       gconstpointer  data)
{
  add_context (f, 0x0100, "hello", 5);
  add_context (f, 0xFFFF, "", 0);
  add_context (f, 0x0100, "again", 5);
  fixture_open (f, NULL);
  fixture_assert_usable (f);
}

/* Lengths */

static void
test_context_lengths (Fixture       *f,
                      gconstpointer  data)
{
  static const struct
  {
    guint16     type;
    const char *data;
    gsize       size;
  } cases[] = {
    { PREAUTH, "", 0 },
    { PREAUTH, "\1\0\0\0\1", 5 },
    { PREAUTH, "\1\0\x21\0\1\0", 6 }, /* a salt of 33 bytes */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_server_get_config (f->server)->no_preauth_context = TRUE;
      add_context (f, cases[i].type, cases[i].data, cases[i].size);
      assert_refused (f, SMB_ERROR_PROTOCOL);
    }
  scripted_server_get_config (f->server)->cipher = SCRIPTED_NONE;
  add_context (f, ENCRYPTION, "\1\0\2", 3);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

static void
test_body_lengths (Fixture       *f,
                   gconstpointer  data)
{
  static const struct
  {
    gint64  at;
    guint16 value;
  } cases[] = {
    { 64, 64 },                     /* StructureSize */
    { CONTEXT_COUNT_AT, 0xFFFF },
    { CONTEXT_OFFSET_AT, 0xFFF8 },
    { CONTEXT_OFFSET_AT + 2, 0xFFFF },
    { TOKEN_OFFSET_AT, 0xFFFF },
    { TOKEN_SIZE_AT, 0xFFFF },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      patch_u16 (f, cases[i].at, cases[i].value);
      assert_refused (f, SMB_ERROR_PROTOCOL);
    }
}

static void
test_truncated (Fixture       *f,
                gconstpointer  data)
{
  static const gint64 sizes[] = { 0, 3, 4, 63, 64, 65, 64 + 60, 64 + 64, 64 + 80 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_TRUNCATE, .number = sizes[i]);
      assert_refused (f, SMB_ERROR_PROTOCOL);
    }
}

static void
test_useless_sizes (Fixture       *f,
                    gconstpointer  data)
{
  static const gint64 sizes[] = { MAX_TRANSACT_AT, MAX_READ_AT, MAX_WRITE_AT };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      patch (f, sizes[i], "\0\0\0\0", 4);
      assert_refused (f, SMB_ERROR_PROTOCOL);
    }
}

/* A server may announce 4 GiB; nobody allocates that. */
static void
test_huge_sizes (Fixture       *f,
                 gconstpointer  data)
{
  ScriptedConfig *config = scripted_server_get_config (f->server);

  config->max_transact_size = config->max_read_size = config->max_write_size = G_MAXUINT32;
  fixture_open (f, NULL);
  fixture_assert_usable (f);
}

/* The header */

static void
test_refused_by_server (Fixture       *f,
                        gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_STATUS, .number = SMB_STATUS_NOT_SUPPORTED);
  assert_refused (f, SMB_ERROR_NOT_SUPPORTED);
}

static void
test_other_command (Fixture       *f,
                    gconstpointer  data)
{
  patch_u16 (f, 12, SCRIPTED_SESSION_SETUP);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

static void
test_other_message_id (Fixture       *f,
                       gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_MESSAGE_ID, .number = 1);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

static void
test_compound (Fixture       *f,
               gconstpointer  data)
{
  patch_u16 (f, 20, 64 + 64);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

/* What goes on the wire is hashed on both sides; the last answer of the login proves that it was the same
 * ([MS-SMB2] 3.2.5.3.1). A man in the middle who changes a byte on its way is found out by that. */

static void
test_altered_answer (Fixture       *f,
                     gconstpointer  data)
{
  static const gint64 places[] = { SECURITY_MODE_AT, GUID_AT, CAPABILITIES_AT + 3, MAX_READ_AT + 1, 64 + 40 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *message = NULL;

      scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_GARBLE, .number = places[i]);
      message = fixture_open_fails (f, SMB_ERROR_SECURITY, NULL);
      g_assert_nonnull (message);
      fixture_renew (f);
    }
}

/* A NEGOTIATE may be answered once. */
static void
test_second_answer (Fixture       *f,
                    gconstpointer  data)
{
  g_autofree char *message = NULL;

  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_DUPLICATE);
  message = fixture_open_fails (f, SMB_ERROR_PROTOCOL, NULL);
  g_assert_nonnull (message);
}

static void
test_break_before_login (Fixture       *f,
                         gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_BREAK);
  fixture_open (f, NULL);
  fixture_assert_usable (f);
}

static void
test_hang_up (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *message = NULL;

  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1, SCRIPTED_DROP);
  message = fixture_open_fails (f, SMB_ERROR_NOT_CONNECTED, NULL);
  g_assert_nonnull (message);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/negotiation/no-preauth", test_no_preauth);
  fixture_add ("/negotiation/no-contexts", test_no_contexts);
  fixture_add ("/negotiation/other-hash", test_other_hash);
  fixture_add ("/negotiation/two-hashes", test_two_hashes);
  fixture_add ("/negotiation/twice", test_twice);
  fixture_add ("/negotiation/cipher-not-offered", test_cipher_not_offered);
  fixture_add ("/negotiation/cipher-unasked", test_cipher_unasked);
  fixture_add ("/negotiation/two-ciphers", test_two_ciphers);
  fixture_add ("/negotiation/signing-not-offered", test_signing_not_offered);
  fixture_add_with ("/negotiation/no-cipher/zero", GUINT_TO_POINTER (0), test_no_cipher);
  fixture_add_with ("/negotiation/no-cipher/no-context", GUINT_TO_POINTER (SCRIPTED_NONE), test_no_cipher);
  fixture_add ("/negotiation/no-signing-context", test_no_signing_context);
  fixture_add ("/negotiation/unknown-contexts", test_unknown_contexts);
  fixture_add ("/negotiation/context-lengths", test_context_lengths);
  fixture_add ("/negotiation/body-lengths", test_body_lengths);
  fixture_add ("/negotiation/truncated", test_truncated);
  fixture_add ("/negotiation/useless-sizes", test_useless_sizes);
  fixture_add ("/negotiation/huge-sizes", test_huge_sizes);
  fixture_add ("/negotiation/refused-by-server", test_refused_by_server);
  fixture_add ("/negotiation/other-command", test_other_command);
  fixture_add ("/negotiation/other-message-id", test_other_message_id);
  fixture_add ("/negotiation/compound", test_compound);
  fixture_add ("/negotiation/altered-answer", test_altered_answer);
  fixture_add ("/negotiation/second-answer", test_second_answer);
  fixture_add ("/negotiation/break-before-login", test_break_before_login);
  fixture_add ("/negotiation/hang-up", test_hang_up);

  return g_test_run ();
}
