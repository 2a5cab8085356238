/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* Encryption ([MS-SMB2] 3.1.4.3, 3.2.5.1.1): what is sealed, and who can talk the library out of it. */

/* By the number of [MS-SMB2] 2.2.3.1.2, in 3.1.1; 0 is 3.0 with the only one that it has. */
static const guint16 ciphers[] = { 0, 1, 2, 3, 4 };

static void
open_sealed (Fixture *f,
             guint    cipher)
{
  ScriptedConfig *config = scripted_server_get_config (f->server);

  if (cipher == 0)
    config->dialect = 0x0300;
  else
    config->cipher = (guint16) cipher;
  fixture_open (f, "encryption", SMB_ENCRYPTION_REQUIRED, NULL);
  g_assert_nonnull (smb_protocol_factory_get_cipher (f->factory));
}

static void
assert_all_sealed (Fixture *f)
{
  guint n = scripted_server_count (f->server, SCRIPTED_ANY);

  for (guint i = 0; i < n; i++)
    {
      const ScriptedRecord *record = scripted_server_get_record (f->server, SCRIPTED_ANY, i);

      if (record->command > SCRIPTED_SESSION_SETUP)
        g_assert_true (record->is_sealed);
    }
}

static void
test_all_is_sealed (Fixture       *f,
                    gconstpointer  cipher)
{
  open_sealed (f, GPOINTER_TO_UINT (cipher));
  fixture_assert_usable (f);
  assert_all_sealed (f);
}

/* No two frames of one key share a nonce: with GCM that would give away both. */
static void
test_nonces (Fixture       *f,
             gconstpointer  cipher)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Pending               pending[40] = { 0 };
  guint                 n;

  open_sealed (f, GPOINTER_TO_UINT (cipher));
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin_echo (f, -1, NULL, &pending[i]);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    g_assert_true (end_echo (f, &pending[i], NULL));
  fixture_assert_usable (f);

  n = scripted_server_count (f->server, SCRIPTED_ANY);
  for (guint i = 0; i < n; i++)
    {
      const ScriptedRecord *record = scripted_server_get_record (f->server, SCRIPTED_ANY, i);

      if (record->is_sealed && record->position == 0)
        g_assert_true (g_hash_table_add (seen, g_base64_encode (record->nonce, sizeof record->nonce)));
    }
  g_assert_cmpuint (g_hash_table_size (seen), >=, G_N_ELEMENTS (pending));
}

static void
assert_forgery_ends (Fixture *f,
                     SmbError code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (do_echo (f, &error));
  assert_failed (&error, code);
  fixture_assert_gone (f, code);
}

static void
test_in_clear (Fixture       *f,
               gconstpointer  cipher)
{
  open_sealed (f, GPOINTER_TO_UINT (cipher));
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_IN_CLEAR);
  assert_forgery_ends (f, SMB_ERROR_SECURITY);
}

/* Signed, rightly, is still readable by others. */
static void
test_only_signed (Fixture       *f,
                  gconstpointer  cipher)
{
  open_sealed (f, GPOINTER_TO_UINT (cipher));
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_IN_CLEAR);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_SIGNED);
  assert_forgery_ends (f, SMB_ERROR_SECURITY);
}

static void
test_other_key (Fixture       *f,
                gconstpointer  cipher)
{
  open_sealed (f, GPOINTER_TO_UINT (cipher));
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_OTHER_KEY);
  assert_forgery_ends (f, SMB_ERROR_SECURITY);
}

/* The tag, the nonce, and what is encrypted, at its beginning and its end. */
static void
test_altered (Fixture       *f,
              gconstpointer  cipher)
{
  static const gint64 places[] = { 4, 19, 20, 30, 52, 60, 52 + 67 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      open_sealed (f, GPOINTER_TO_UINT (cipher));
      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_GARBLE, .number = places[i]);
      assert_forgery_ends (f, SMB_ERROR_SECURITY);
      fixture_renew (f);
    }
}

/* Protocol, OriginalMessageSize, Flags, SessionId: seen before anything is decrypted. */
static void
test_bad_transform (Fixture       *f,
                    gconstpointer  data)
{
  static const gint64 places[] = { 0, 1, 36, 39, 42, 43, 44, 51 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      open_sealed (f, 2);
      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_GARBLE, .number = places[i]);
      assert_forgery_ends (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

/* What is inside must be of this session, too. */
static void
test_other_session_inside (Fixture       *f,
                           gconstpointer  data)
{
  open_sealed (f, 2);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_PATCH, .number = 40, .data = "\x66", .size = 1);
  assert_forgery_ends (f, SMB_ERROR_PROTOCOL);
}

static void
test_unexpected (Fixture       *f,
                 gconstpointer  data)
{
  fixture_open (f, "encryption", SMB_ENCRYPTION_DISABLED, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_FIRST_SEND, .data = "\xfdSMB", .size = 4);
  assert_forgery_ends (f, SMB_ERROR_PROTOCOL);
}

/* A reply that is sealed without need is better than asked for. */
static void
test_sealed_without_need (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_SEALED);
  g_assert_true (do_echo (f, &error));
  g_assert_no_error (error);
  fixture_assert_usable (f);
}

/* Nothing of a READ that cannot be opened reaches the application. */
static void
test_read_into_is_wiped (Fixture       *f,
                         gconstpointer  data)
{
  const gsize            size = 300000;
  g_autoptr(GBytes)      bytes = make_data (size);
  g_autofree guint8     *buffer = g_malloc (size);
  g_autoptr(GError)      error = NULL;
  g_autoptr(SmbOpenFile) file = NULL;

  scripted_server_add_file (f->server, FILE_NAME, g_bytes_get_data (bytes, NULL), size);
  open_sealed (f, 2);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_GARBLE, .number = 200000);
  memset (buffer, 0x55, size);
  g_assert_false (smb_open_file_read_into (file, 0, buffer, size, -1, NULL, NULL, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  for (gsize i = 0; i < size; i++)
    g_assert_cmphex (buffer[i], ==, 0);
}

/* Who wants it. */

static void
test_session_demands (Fixture       *f,
                      gconstpointer  data)
{
  scripted_server_get_config (f->server)->session_flags = 4; /* ENCRYPT_DATA */
  fixture_open (f, NULL);
  fixture_assert_usable (f);
  assert_all_sealed (f);
}

static void
test_session_demands_in_vain (Fixture       *f,
                              gconstpointer  data)
{
  g_autofree char *message = NULL;

  scripted_server_get_config (f->server)->session_flags = 4;
  message = fixture_open_fails (f, SMB_ERROR_SECURITY, "encryption", SMB_ENCRYPTION_DISABLED, NULL);
  g_assert_nonnull (strstr (message, "encrypt"));
}

/* Only what concerns the share is sealed then, and that must be answered sealed. */
static void
test_share_demands (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  scripted_server_get_config (f->server)->share_flags = 0x8000; /* ENCRYPT_DATA */
  fixture_open (f, NULL);
  fixture_assert_usable (f);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_CREATE, 0)->is_sealed);
  g_assert_false (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->is_sealed);

  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_IN_CLEAR);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_SIGNED);
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_SIGNED);
  g_assert_false (do_attributes (f, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

static void
test_share_demands_in_vain (Fixture       *f,
                            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  scripted_server_get_config (f->server)->share_flags = 0x8000;
  fixture_open (f, "encryption", SMB_ENCRYPTION_DISABLED, NULL);
  g_assert_false (do_attributes (f, &error));
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 0);
}

static void
test_required_and_server_cannot (Fixture       *f,
                                 gconstpointer  dialect)
{
  ScriptedConfig  *config = scripted_server_get_config (f->server);
  g_autofree char *message = NULL;

  config->dialect = (guint16) GPOINTER_TO_UINT (dialect);
  config->capabilities = 4;
  config->cipher = 0;
  message = fixture_open_fails (f, SMB_ERROR_SECURITY, "encryption", SMB_ENCRYPTION_REQUIRED, NULL);
  g_assert_nonnull (strstr (message, "encrypt"));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 0);
}

static void
test_desired (Fixture       *f,
              gconstpointer  data)
{
  fixture_open (f, "encryption", SMB_ENCRYPTION_DESIRED, NULL);
  fixture_assert_usable (f);
  assert_all_sealed (f);
}

static void
test_desired_and_server_cannot (Fixture       *f,
                                gconstpointer  data)
{
  scripted_server_get_config (f->server)->cipher = SCRIPTED_NONE;
  fixture_open (f, "encryption", SMB_ENCRYPTION_DESIRED, NULL);
  g_assert_null (smb_protocol_factory_get_cipher (f->factory));
  fixture_assert_usable (f);
}

/* 3.1.1 decides by its context; the capability is that of 3.0 ([MS-SMB2] 3.2.5.2). */
static void
test_capability_is_not_enough (Fixture       *f,
                               gconstpointer  data)
{
  g_autofree char *message = NULL;

  scripted_server_get_config (f->server)->cipher = SCRIPTED_NONE;
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_PATCH, .number = 64 + 24, .data = "\x44",
                 .size = 1);
  message = fixture_open_fails (f, SMB_ERROR_SECURITY, "encryption", SMB_ENCRYPTION_REQUIRED, NULL);
  g_assert_nonnull (strstr (message, "encrypt"));
}

static void
add_each_cipher (const char *name,
                 void      (*func) (Fixture      *f,
                                    gconstpointer data))
{
  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sealing/%s/%u", name, ciphers[i]);

      fixture_add_with (path, GUINT_TO_POINTER (ciphers[i]), func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_each_cipher ("all-is-sealed", test_all_is_sealed);
  add_each_cipher ("nonces", test_nonces);
  add_each_cipher ("in-clear", test_in_clear);
  add_each_cipher ("only-signed", test_only_signed);
  add_each_cipher ("other-key", test_other_key);
  add_each_cipher ("altered", test_altered);
  fixture_add ("/sealing/bad-transform", test_bad_transform);
  fixture_add ("/sealing/other-session-inside", test_other_session_inside);
  fixture_add ("/sealing/unexpected", test_unexpected);
  fixture_add ("/sealing/sealed-without-need", test_sealed_without_need);
  fixture_add ("/sealing/read-into-is-wiped", test_read_into_is_wiped);
  fixture_add ("/sealing/session-demands", test_session_demands);
  fixture_add ("/sealing/session-demands-in-vain", test_session_demands_in_vain);
  fixture_add ("/sealing/share-demands", test_share_demands);
  fixture_add ("/sealing/share-demands-in-vain", test_share_demands_in_vain);
  fixture_add_with ("/sealing/required-and-server-cannot/2.1", GUINT_TO_POINTER (0x0210),
                    test_required_and_server_cannot);
  fixture_add_with ("/sealing/required-and-server-cannot/3.0", GUINT_TO_POINTER (0x0300),
                    test_required_and_server_cannot);
  fixture_add_with ("/sealing/required-and-server-cannot/3.1.1", GUINT_TO_POINTER (0x0311),
                    test_required_and_server_cannot);
  fixture_add ("/sealing/desired", test_desired);
  fixture_add ("/sealing/desired-and-server-cannot", test_desired_and_server_cannot);
  fixture_add ("/sealing/capability-is-not-enough", test_capability_is_not_enough);

  return g_test_run ();
}
