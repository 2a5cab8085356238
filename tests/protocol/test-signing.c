/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* A session that signs: what an attacker, who has no key, may make it believe ([MS-SMB2] 3.2.5.1.3): nothing,
 * but that some requests failed. */

static const guint16 dialects[] = { 0x0202, 0x0210, 0x0300, 0x0302, 0x0311 };

static void
open_signed (Fixture      *f,
             gconstpointer dialect)
{
  scripted_server_get_config (f->server)->dialect = (guint16) GPOINTER_TO_UINT (dialect);
  fixture_open (f, NULL);
  g_assert_nonnull (smb_protocol_factory_get_signing_algorithm (f->factory));
  g_assert_cmphex (smb_protocol_factory_get_dialect (f->factory), ==, GPOINTER_TO_UINT (dialect));
}

static void
test_all_is_signed (Fixture       *f,
                    gconstpointer  dialect)
{
  guint n;

  open_signed (f, dialect);
  fixture_assert_usable (f);

  n = scripted_server_count (f->server, SCRIPTED_ANY);
  for (guint i = 0; i < n; i++)
    {
      const ScriptedRecord *record = scripted_server_get_record (f->server, SCRIPTED_ANY, i);

      if (record->command > SCRIPTED_SESSION_SETUP)
        g_assert_true (record->is_signed && record->is_verified);
    }
}

/* None of these messages may be believed. */

static void
assert_forgery_ends (Fixture       *f,
                     gconstpointer  dialect,
                     ScriptedAction forgery)
{
  g_autoptr(GError) error = NULL;

  open_signed (f, dialect);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, forgery);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

static void
test_unsigned (Fixture       *f,
               gconstpointer  dialect)
{
  assert_forgery_ends (f, dialect, SCRIPTED_UNSIGNED);
}

static void
test_wrongly_signed (Fixture       *f,
                     gconstpointer  dialect)
{
  assert_forgery_ends (f, dialect, SCRIPTED_BAD_SIGNATURE);
}

static void
test_signed_by_another (Fixture       *f,
                        gconstpointer  dialect)
{
  assert_forgery_ends (f, dialect, SCRIPTED_OTHER_KEY);
}

static void
test_echoed_signature (Fixture       *f,
                       gconstpointer  dialect)
{
  assert_forgery_ends (f, dialect, SCRIPTED_ECHO_SIGNATURE);
}

/* What is behind the signature counts, to the last byte. */
static void
test_altered (Fixture       *f,
              gconstpointer  data)
{
  static const gint64 places[] = { 6, 8, 14, 18, 47, 48, 63, 66, 67 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(GError) error = NULL;

      fixture_open (f, NULL);
      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_GARBLE, .number = places[i]);
      g_assert_false (do_echo (f, &error));
      g_assert_nonnull (error);
      g_assert_true (g_error_matches (error, SMB_ERROR, SMB_ERROR_SECURITY)
                     || g_error_matches (error, SMB_ERROR, SMB_ERROR_PROTOCOL));
      fixture_renew (f);
    }
}

/* Of a chain each part is signed; one forged is enough. */
static void
test_forged_part (Fixture       *f,
                  gconstpointer  data)
{
  static const ScriptedCommand parts[] = { SCRIPTED_CREATE, SCRIPTED_CLOSE };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr(GError) error = NULL;

      fixture_open (f, NULL);
      fixture_assert_usable (f);
      scripted_rule (f->server, parts[i], 1, SCRIPTED_UNSIGNED);
      g_assert_false (do_attributes (f, &error));
      assert_failed (&error, SMB_ERROR_SECURITY);
      fixture_assert_gone (f, SMB_ERROR_SECURITY);
      fixture_renew (f);
    }
}

/* Every command's answer, not only that of ECHO. */
static void
test_every_answer (Fixture       *f,
                   gconstpointer  data)
{
  static const ScriptedCommand commands[]
      = { SCRIPTED_TREE_CONNECT, SCRIPTED_CREATE, SCRIPTED_READ, SCRIPTED_CLOSE };

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr(GError)        error = NULL;
      g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
      g_autoptr(SmbSharedFile) file = NULL;

      fixture_open (f, NULL);
      scripted_rule (f->server, commands[i], 1, SCRIPTED_UNSIGNED);
      file = smb_protocol_factory_retrieve_file (f->factory, SHARE, FILE_NAME, stream, NULL, NULL, NULL, -1,
                                                 NULL, NULL, &error);
      g_assert_null (file);
      assert_failed (&error, SMB_ERROR_SECURITY);
      g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==, 0);
      fixture_assert_gone (f, SMB_ERROR_SECURITY);
      fixture_renew (f);
    }
}

/* A signature that nobody asked for is still checked. */
static void
test_unwanted_signature (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, "sign-options", SMB_SIGN_OPTIONS_WHEN_REQUIRED, NULL);
  g_assert_null (smb_protocol_factory_get_signing_algorithm (f->factory));
  fixture_assert_usable (f);
  g_assert_false (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->is_signed);

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_SIGNED);
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_SIGNED);
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_BAD_SIGNATURE);
  g_assert_true (do_echo (f, &error));
  g_assert_no_error (error);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

/* Nothing of a READ whose answer was forged stays where the application looks. */
static void
test_read_into_is_wiped (Fixture       *f,
                         gconstpointer  forgery)
{
  const gsize            size = 300000;
  g_autoptr(GBytes)      bytes = make_data (size);
  g_autofree guint8     *buffer = g_malloc (size);
  g_autoptr(GError)      error = NULL;
  g_autoptr(SmbOpenFile) file = NULL;

  scripted_server_add_file (f->server, FILE_NAME, g_bytes_get_data (bytes, NULL), size);
  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  scripted_rule (f->server, SCRIPTED_READ, 1, GPOINTER_TO_UINT (forgery));
  memset (buffer, 0x55, size);
  g_assert_false (smb_open_file_read_into (file, 0, buffer, size, -1, NULL, NULL, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  for (gsize i = 0; i < size; i++)
    g_assert_cmphex (buffer[i], ==, 0);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

/* A stream gets what came before, and not a byte of what is forged. */
static void
test_stream_gets_no_forgery (Fixture       *f,
                             gconstpointer  data)
{
  const gsize              size = 6 * 1024 * 1024;
  g_autoptr(GBytes)        bytes = make_data (size);
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  gsize                    n;

  scripted_server_add_file (f->server, "big", g_bytes_get_data (bytes, NULL), size);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_READ, 4, SCRIPTED_PATCH, .number = 64 + 16 + 100, .data = "forged",
                 .size = 6);
  scripted_rule (f->server, SCRIPTED_READ, 4, SCRIPTED_BAD_SIGNATURE);
  file = smb_protocol_factory_retrieve_file (f->factory, SHARE, "big", stream, NULL, NULL, NULL, -1, NULL,
                                             NULL, &error);
  g_assert_null (file);
  assert_failed (&error, SMB_ERROR_SECURITY);
  n = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream));
  g_assert_cmpuint (n, <, size);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)), n,
                   g_bytes_get_data (bytes, NULL), n);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

/* What is demanded, and what the server can do. */

static void
test_server_requires (Fixture       *f,
                      gconstpointer  data)
{
  scripted_server_get_config (f->server)->security_mode = 3;
  fixture_open (f, "sign-options", SMB_SIGN_OPTIONS_WHEN_REQUIRED, NULL);
  g_assert_nonnull (smb_protocol_factory_get_signing_algorithm (f->factory));
  fixture_assert_usable (f);
}

static void
test_server_requires_and_never (Fixture       *f,
                                gconstpointer  data)
{
  g_autofree char *message = NULL;

  scripted_server_get_config (f->server)->security_mode = 3;
  message = fixture_open_fails (f, SMB_ERROR_SECURITY, "sign-options", SMB_SIGN_OPTIONS_NEVER, NULL);
  g_assert_nonnull (strstr (message, "sign"));
}

/* With "never" only TREE_CONNECT is signed, without which newer servers hang up ([MS-SMB2] 3.3.5.7). */
static void
test_never (Fixture       *f,
            gconstpointer  data)
{
  fixture_open (f, "sign-options", SMB_SIGN_OPTIONS_NEVER, NULL);
  fixture_assert_usable (f);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_TREE_CONNECT, 0)->is_verified);
  g_assert_false (scripted_server_get_record (f->server, SCRIPTED_CREATE, 0)->is_signed);
  g_assert_false (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->is_signed);
}

/* [MS-SMB2] 2.2.3: SecurityMode is 1 = enabled, 3 = required too. */
static void
test_required_is_told (Fixture       *f,
                       gconstpointer  data)
{
  const guint8 *negotiate;

  fixture_open (f, "sign-options", SMB_SIGN_OPTIONS_REQUIRE, NULL);
  fixture_assert_usable (f);
  negotiate = g_bytes_get_data (scripted_server_get_record (f->server, SCRIPTED_NEGOTIATE, 0)->message, NULL);
  g_assert_cmphex (negotiate[64 + 4] & 2, ==, 2);
}

static void
add_each_dialect (const char *name,
                  void      (*func) (Fixture      *f,
                                     gconstpointer data))
{
  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      g_autofree char *path = g_strdup_printf ("/signing/%s/%04x", name, dialects[i]);

      fixture_add_with (path, GUINT_TO_POINTER (dialects[i]), func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_each_dialect ("all-is-signed", test_all_is_signed);
  add_each_dialect ("unsigned", test_unsigned);
  add_each_dialect ("wrongly-signed", test_wrongly_signed);
  add_each_dialect ("signed-by-another", test_signed_by_another);
  add_each_dialect ("echoed-signature", test_echoed_signature);
  fixture_add ("/signing/altered", test_altered);
  fixture_add ("/signing/forged-part", test_forged_part);
  fixture_add ("/signing/every-answer", test_every_answer);
  fixture_add ("/signing/unwanted-signature", test_unwanted_signature);
  fixture_add_with ("/signing/read-into-is-wiped/unsigned", GUINT_TO_POINTER (SCRIPTED_UNSIGNED),
                    test_read_into_is_wiped);
  fixture_add_with ("/signing/read-into-is-wiped/wrong", GUINT_TO_POINTER (SCRIPTED_BAD_SIGNATURE),
                    test_read_into_is_wiped);
  fixture_add ("/signing/stream-gets-no-forgery", test_stream_gets_no_forgery);
  fixture_add ("/signing/server-requires", test_server_requires);
  fixture_add ("/signing/server-requires-and-never", test_server_requires_and_never);
  fixture_add ("/signing/never", test_never);
  fixture_add ("/signing/required-is-told", test_required_is_told);

  return g_test_run ();
}
