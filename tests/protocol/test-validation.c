/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* Below 3.1.1 nothing protects the negotiation but a signed question afterwards, on the first share
 * ([MS-SMB2] 3.2.5.5): what was offered and chosen is confirmed, or the connection ends. */

#define FSCTL_VALIDATE_NEGOTIATE_INFO 0x00140204

/* Where the fields of VALIDATE_NEGOTIATE_INFO are in the answer ([MS-SMB2] 2.2.32, 2.2.32.6) */
#define CAPABILITIES_AT  (64 + 48)
#define GUID_AT          (CAPABILITIES_AT + 4)
#define SECURITY_MODE_AT (GUID_AT + 16)
#define DIALECT_AT       (SECURITY_MODE_AT + 2)

static void
open_on (Fixture *f,
         guint16  dialect)
{
  scripted_server_get_config (f->server)->dialect = dialect;
  fixture_open (f, NULL);
}

static guint32
get_u32 (GBytes *message,
         gsize   offset)
{
  guint32 value;

  g_assert_cmpuint (offset + sizeof value, <=, g_bytes_get_size (message));
  memcpy (&value, (const guint8 *) g_bytes_get_data (message, NULL) + offset, sizeof value);
  return GUINT32_FROM_LE (value);
}

static void
assert_validated (Fixture *f,
                  guint    n)
{
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_IOCTL), ==, n);
  for (guint i = 0; i < n; i++)
    {
      const ScriptedRecord *record = scripted_server_get_record (f->server, SCRIPTED_IOCTL, i);

      g_assert_cmphex (get_u32 (record->message, 64 + 4), ==, FSCTL_VALIDATE_NEGOTIATE_INFO);
      g_assert_true (record->is_signed && record->is_verified);
    }
}

static gboolean
use_other_share (Fixture *f,
                 GError **error)
{
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes (f->factory, "other", FILE_NAME, -1, NULL, error);
  return file != NULL;
}

/* Once a session, on its first share. */
static void
test_asked_once (Fixture       *f,
                 gconstpointer  dialect)
{
  g_autoptr(GError) error = NULL;

  open_on (f, (guint16) GPOINTER_TO_UINT (dialect));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_IOCTL), ==, 0);
  fixture_assert_usable (f);
  g_assert_true (use_other_share (f, &error));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_TREE_CONNECT), ==, 2);
  assert_validated (f, 1);
}

/* The policy does not matter. */
static void
test_asked_without_signing (Fixture       *f,
                            gconstpointer  dialect)
{
  scripted_server_get_config (f->server)->dialect = (guint16) GPOINTER_TO_UINT (dialect);
  fixture_open (f, "sign-options", SMB_SIGN_OPTIONS_NEVER, NULL);
  fixture_assert_usable (f);
  assert_validated (f, 1);
}

static void
test_not_on_3_1_1 (Fixture       *f,
                   gconstpointer  data)
{
  open_on (f, 0x0311);
  fixture_assert_usable (f);
  assert_validated (f, 0);
}

/* Who never offered 3.x has nothing to lose. */
static void
test_not_without_3_x (Fixture       *f,
                      gconstpointer  data)
{
  fixture_open (f, "max-dialect", SMB_DIALECT_VERSION_SMB_2_10, NULL);
  fixture_assert_usable (f);
  assert_validated (f, 0);
}

/* Without keys it would prove nothing, and the server hangs up ([MS-SMB2] 3.3.5.15.12). */
static void
test_not_for_guests (Fixture       *f,
                     gconstpointer  data)
{
  ScriptedConfig *config = scripted_server_get_config (f->server);

  config->dialect = 0x0300;
  config->session_flags = 1; /* IS_GUEST */
  fixture_open (f, "allow-guest", TRUE, NULL);
  fixture_assert_usable (f);
  assert_validated (f, 0);
}

static void
test_not_for_the_nameless (Fixture       *f,
                           gconstpointer  data)
{
  scripted_server_get_config (f->server)->dialect = 0x0300;
  fixture_renew_factory (f, NULL, NULL);
  fixture_open (f, "anonymous", TRUE, NULL);
  fixture_assert_usable (f);
  assert_validated (f, 0);
}

/* Nothing is done on the share before the answer is there. */
static void
test_comes_first (Fixture       *f,
                  gconstpointer  data)
{
  Pending                  pending = { 0 };
  g_autoptr(GAsyncResult)  result = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  open_on (f, 0x0302);
  scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_HOLD);
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, pending_ready, &pending);
  scripted_server_wait_held (f->server, 1);
  g_assert_true (do_echo (f, &error));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 0);
  scripted_server_release_all (f->server);
  result = pending_wait (&pending);
  file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);
  g_assert_no_error (error);
}

/* What does not confirm. */

static void
assert_tampered (Fixture *f,
                 SmbError code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (do_attributes (f, &error));
  assert_failed (&error, code);
  fixture_assert_gone (f, code);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 0);
}

static void
test_downgraded (Fixture       *f,
                 gconstpointer  dialect)
{
  scripted_server_get_config (f->server)->true_dialect = 0x0311;
  open_on (f, (guint16) GPOINTER_TO_UINT (dialect));
  assert_tampered (f, SMB_ERROR_SECURITY);
}

static void
test_mismatch (Fixture       *f,
               gconstpointer  data)
{
  static const gint64 fields[] = { CAPABILITIES_AT, GUID_AT, GUID_AT + 15, SECURITY_MODE_AT, DIALECT_AT };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      open_on (f, 0x0300);
      scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_PATCH, .number = fields[i], .data = "\xA9",
                     .size = 1);
      assert_tampered (f, SMB_ERROR_SECURITY);
      fixture_renew (f);
    }
}

/* Someone on the way tells the server that the client wants less. */
static void
test_altered_negotiation (Fixture       *f,
                          gconstpointer  data)
{
  static const gint64 fields[] = { 64 + 2, 64 + 23, 64 + 24 }; /* SecurityMode, ServerGuid, Capabilities */

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_PATCH, .number = fields[i], .data = "\x0D",
                     .size = 1);
      open_on (f, 0x0300);
      assert_tampered (f, SMB_ERROR_SECURITY);
      fixture_renew (f);
    }
}

/* These say that the server does not know the question. */
static const guint32 accepted[] = {
  SMB_STATUS_FILE_CLOSED,    SMB_STATUS_INVALID_DEVICE_REQUEST, SMB_STATUS_FS_DRIVER_REQUIRED,
  SMB_STATUS_NOT_SUPPORTED, SMB_STATUS_INVALID_PARAMETER,
};

static const guint32 refused[] = {
  SMB_STATUS_ACCESS_DENIED,     SMB_STATUS_USER_SESSION_DELETED, SMB_STATUS_NETWORK_NAME_DELETED,
  SMB_STATUS_INTERNAL_ERROR,    SMB_STATUS_BUFFER_OVERFLOW,      SMB_STATUS_OBJECT_NAME_NOT_FOUND,
  SMB_STATUS_INVALID_INFO_CLASS,
};

static void
test_unknown_to_server (Fixture       *f,
                        gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      open_on (f, 0x0210);
      scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_STATUS, .number = accepted[i]);
      g_assert_true (do_attributes (f, NULL));
      fixture_assert_usable (f);
      assert_validated (f, 1);
      fixture_renew (f);
    }
}

/* The errors that elsewhere may come unsigned prove nothing here: anybody could have sent them. */
static void
test_unknown_to_somebody (Fixture       *f,
                          gconstpointer  how)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      open_on (f, 0x0210);
      scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_STATUS, .number = accepted[i]);
      scripted_rule (f->server, SCRIPTED_IOCTL, 1, GPOINTER_TO_UINT (how));
      assert_tampered (f, SMB_ERROR_SECURITY);
      fixture_renew (f);
    }
}

/* A server may take its time. */
static void
test_put_off (Fixture       *f,
              gconstpointer  data)
{
  open_on (f, 0x0300);
  scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_PENDING, .number = 1);
  g_assert_true (do_attributes (f, NULL));
  fixture_assert_usable (f);
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      open_on (f, 0x0300);
      scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_STATUS, .number = refused[i]);
      assert_tampered (f, SMB_ERROR_SECURITY);
      fixture_renew (f);
    }
}

/* Also where nothing else has to be signed. */
static void
test_unsigned (Fixture       *f,
               gconstpointer  sign_options)
{
  scripted_server_get_config (f->server)->dialect = 0x0302;
  fixture_open (f, "sign-options", GPOINTER_TO_INT (sign_options), NULL);
  scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_UNSIGNED);
  assert_tampered (f, SMB_ERROR_SECURITY);
}

static void
test_wrongly_signed (Fixture       *f,
                     gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_OTHER_KEY);
  open_on (f, 0x0302);
  assert_tampered (f, SMB_ERROR_SECURITY);
}

static void
test_too_short (Fixture       *f,
                gconstpointer  data)
{
  open_on (f, 0x0300);
  scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_PATCH, .number = 64 + 36, .data = "\x17", .size = 1);
  assert_tampered (f, SMB_ERROR_PROTOCOL);
}

#define ADD_EACH(name, func)                                                               \
  fixture_add_with ("/validation/" name "/2.0.2", GUINT_TO_POINTER (0x0202), func); \
  fixture_add_with ("/validation/" name "/2.1", GUINT_TO_POINTER (0x0210), func);   \
  fixture_add_with ("/validation/" name "/3.0", GUINT_TO_POINTER (0x0300), func);   \
  fixture_add_with ("/validation/" name "/3.0.2", GUINT_TO_POINTER (0x0302), func)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_EACH ("asked-once", test_asked_once);
  ADD_EACH ("asked-without-signing", test_asked_without_signing);
  ADD_EACH ("downgraded", test_downgraded);
  fixture_add ("/validation/not-on-3.1.1", test_not_on_3_1_1);
  fixture_add ("/validation/not-without-3.x", test_not_without_3_x);
  fixture_add ("/validation/not-for-guests", test_not_for_guests);
  fixture_add ("/validation/not-for-the-nameless", test_not_for_the_nameless);
  fixture_add ("/validation/comes-first", test_comes_first);
  fixture_add ("/validation/mismatch", test_mismatch);
  fixture_add ("/validation/altered-negotiation", test_altered_negotiation);
  fixture_add ("/validation/unknown-to-server", test_unknown_to_server);
  fixture_add_with ("/validation/unknown-to-somebody/unsigned", GUINT_TO_POINTER (SCRIPTED_UNSIGNED),
                    test_unknown_to_somebody);
  fixture_add_with ("/validation/unknown-to-somebody/echoed", GUINT_TO_POINTER (SCRIPTED_ECHO_SIGNATURE),
                    test_unknown_to_somebody);
  fixture_add ("/validation/put-off", test_put_off);
  fixture_add ("/validation/refused", test_refused);
  fixture_add_with ("/validation/unsigned/when-supported", GINT_TO_POINTER (SMB_SIGN_OPTIONS_WHEN_SUPPORTED),
                    test_unsigned);
  fixture_add_with ("/validation/unsigned/never", GINT_TO_POINTER (SMB_SIGN_OPTIONS_NEVER), test_unsigned);
  fixture_add ("/validation/wrongly-signed", test_wrongly_signed);
  fixture_add ("/validation/too-short", test_too_short);

  return g_test_run ();
}
