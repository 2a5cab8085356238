/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

/* Who is let in, as whom, and what is said to those who are not. */

typedef struct
{
  TestSamba *samba;
  GError    *error;
  guint      n_ok;
  guint      n_failed;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->samba = test_samba_start ("--user=юра:пароль", "--user=MixedCase:With spaces \"and' more\\", data);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_no_error (f->error);
  test_samba_stop (f->samba);
}

static void
auth_ok_cb (SmbProtocolFactory *factory,
            Fixture            *f)
{
  f->n_ok++;
}

static void
auth_failed_cb (SmbProtocolFactory *factory,
                GError             *error,
                Fixture            *f)
{
  g_assert_nonnull (error);
  f->n_failed++;
}

static gboolean
open_connection (Fixture            *f,
                 SmbProtocolFactory *factory)
{
  f->n_ok = 0;
  f->n_failed = 0;
  g_signal_connect (factory, "auth-ok", G_CALLBACK (auth_ok_cb), f);
  g_signal_connect (factory, "auth-failed", G_CALLBACK (auth_failed_cb), f);
  smb_protocol_factory_open_connection (factory, test_samba_get_host (f->samba),
                                        test_samba_get_port (f->samba), -1, NULL, &f->error);
  g_signal_handlers_disconnect_by_data (factory, f);
  g_assert_cmpuint (f->n_ok, ==, f->error == NULL ? 1 : 0);
  g_assert_cmpuint (f->n_failed, ==, f->error == NULL ? 0 : 1);
  g_assert_cmpint (smb_protocol_factory_get_ready (factory), ==, f->error == NULL);
  return f->error == NULL;
}

/* With a user's name and password, and what else the test wants. */
#define NEW(user, password, ...)                                                                    \
  g_object_new (SMB_TYPE_PROTOCOL_FACTORY, "username", user, "password", password, __VA_ARGS__, NULL)

static void
assert_usable (Fixture            *f,
               SmbProtocolFactory *factory)
{
  g_assert_true (open_connection (f, factory));
  g_assert_no_error (f->error);
  g_assert_false (smb_protocol_factory_get_guest (factory));
  test_store (factory, "data", "mine", "mine");
  test_share_assert_text (f->samba, "data", "mine", "mine");
}

#define assert_refused(f, factory, code, status, ...)                                               \
  do                                                                                                \
    {                                                                                               \
      g_assert_false (open_connection ((f), (factory)));                                            \
      test_assert_failed (&(f)->error, (code), (status), "connect to '127.0.0.1'", __VA_ARGS__);    \
      g_assert_cmpint (smb_protocol_factory_get_state (factory), ==, SMB_CONNECTION_STATE_DISCONNECTED); \
    }                                                                                               \
  while (0)

static void
test_names (Fixture       *f,
            gconstpointer  data)
{
  static const struct
  {
    const char *user;
    const char *password;
    const char *domain;
  } users[] = {
    { "alice", "Passw0rd", NULL },
    { "ALICE", "Passw0rd", "" },
    { "jürgen", "Grüße€", NULL },
    { "JÜRGEN", "Grüße€", NULL },
    { "юра", "пароль", NULL },
    { "mixedcase", "With spaces \"and' more\\", NULL },
    { "TESTGROUP\\alice", "Passw0rd", NULL },
    { "alice", "Passw0rd", "TESTGROUP" },
    { "SMBTEST\\bob", "Hunter22", "ignored" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_autoptr(SmbProtocolFactory) factory =
        NEW (users[i].user, users[i].password, "domain", users[i].domain);

      assert_usable (f, factory);
    }
}

static void
test_wrong_password (Fixture       *f,
                     gconstpointer  data)
{
  static const char *const passwords[] = { "passw0rd", "", "Passw0rd ", "\xf0\x9f\x98\x80" };
  g_autoptr(SmbProtocolFactory) factory = NEW ("alice", NULL, "allow-guest", TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++)
    {
      g_object_set (factory, "password", passwords[i], NULL);
      assert_refused (f, factory, SMB_ERROR_AUTH_FAILED, TEST_STATUS_LOGON_FAILURE, "refused", NULL);
    }

  g_object_set (factory, "password", "Passw0rd", NULL); /* it may be tried again */
  assert_usable (f, factory);
}

static void
test_unknown_user (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = NEW ("nobody at all", "secret", "allow-guest", TRUE);

  assert_refused (f, factory, SMB_ERROR_AUTH_FAILED, TEST_STATUS_LOGON_FAILURE, "refused", NULL);
}

/* Samba takes whom it does not know for a guest. */

static void
assert_guest (Fixture            *f,
              SmbProtocolFactory *factory)
{
  g_autoptr(GBytes) hello = NULL;
  g_autoptr(GError) error = NULL;

  hello = test_retrieve (factory, "guest", "hello.txt");
  g_assert_cmpuint (g_bytes_get_size (hello), ==, 12);
  g_assert_null (smb_protocol_factory_get_signing_algorithm (factory));
  g_assert_null (smb_protocol_factory_get_cipher (factory));
  g_assert_null (smb_protocol_factory_get_attributes (factory, "private", "", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_ACCESS_DENIED, "get the attributes of",
                      "'private'", NULL);
}

static void
test_guest (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory =
    NEW ("nobody at all", "secret", "sign-options", SMB_SIGN_OPTIONS_WHEN_SUPPORTED);

  assert_refused (f, factory, SMB_ERROR_AUTH_FAILED, TEST_STATUS_NONE, "guest", NULL);

  g_object_set (factory, "allow-guest", TRUE, NULL);
  g_assert_true (open_connection (f, factory));
  g_assert_true (smb_protocol_factory_get_guest (factory));
  assert_guest (f, factory);
}

static void
test_guest_account (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = NEW ("guest", "", "domain", NULL);

  g_assert_true (open_connection (f, factory));
  g_assert_true (smb_protocol_factory_get_guest (factory));
  assert_guest (f, factory);
}

static void
test_guest_unprotected (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) signed_only = NEW ("nobody", "x", "allow-guest", TRUE, "sign-options",
                                                   SMB_SIGN_OPTIONS_REQUIRE);
  g_autoptr(SmbProtocolFactory) sealed_only = NEW ("nobody", "x", "allow-guest", TRUE, "encryption",
                                                   SMB_ENCRYPTION_REQUIRED);

  assert_refused (f, signed_only, SMB_ERROR_SECURITY, TEST_STATUS_NONE, "guest", NULL);
  assert_refused (f, sealed_only, SMB_ERROR_SECURITY, TEST_STATUS_NONE, "guest", NULL);
}

static void
test_anonymous (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = NEW (NULL, NULL, "anonymous", TRUE);
  g_autoptr(SmbProtocolFactory) signed_only = NEW (NULL, NULL, "anonymous", TRUE, "sign-options",
                                                   SMB_SIGN_OPTIONS_REQUIRE);
  g_autoptr(SmbProtocolFactory) sealed_only = NEW (NULL, NULL, "anonymous", TRUE, "encryption",
                                                   SMB_ENCRYPTION_REQUIRED);
  g_autoptr(GPtrArray)          shares = NULL;

  g_assert_true (open_connection (f, factory));
  assert_guest (f, factory);
  shares = smb_protocol_factory_list_shares (factory, -1, NULL, &f->error);
  g_assert_no_error (f->error);

  assert_refused (f, signed_only, SMB_ERROR_SECURITY, TEST_STATUS_NONE, "signing", NULL);
  assert_refused (f, sealed_only, SMB_ERROR_SECURITY, TEST_STATUS_NONE, "encryption", NULL);
}

/* On a server that demands signatures from everybody there are no guests. */
static void
test_guest_mandatory (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) guest = NEW ("nobody", "x", "allow-guest", TRUE);
  g_autoptr(SmbProtocolFactory) anonymous = NEW (NULL, NULL, "anonymous", TRUE);
  g_autoptr(SmbProtocolFactory) user =
    NEW ("alice", "Passw0rd", "sign-options", SMB_SIGN_OPTIONS_WHEN_REQUIRED);

  assert_refused (f, guest, SMB_ERROR_SECURITY, TEST_STATUS_NONE, "signing", NULL);
  assert_refused (f, anonymous, SMB_ERROR_SECURITY, TEST_STATUS_NONE, "signing", NULL);
  assert_usable (f, user);
}

static void
test_ntlm_v1 (Fixture       *f,
              gconstpointer  data)
{
  static const SmbDialectVersion dialects[] = {
    SMB_DIALECT_VERSION_SMB_2_02, SMB_DIALECT_VERSION_SMB_3_00, SMB_DIALECT_VERSION_SMB_3_11,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      g_autoptr(SmbProtocolFactory) old =
        NEW ("jürgen", "Grüße€", "use-ntlm-v2", FALSE, "max-dialect", dialects[i]);
      g_autoptr(SmbProtocolFactory) new = NEW ("jürgen", "Grüße€", "max-dialect", dialects[i]);

      assert_usable (f, old);
      g_assert_nonnull (smb_protocol_factory_get_signing_algorithm (old));
      assert_usable (f, new);
    }
}

static void
test_ntlm_v1_refused (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = NEW ("alice", "Passw0rd", "use-ntlm-v2", FALSE);

  g_assert_false (open_connection (f, factory));
  g_assert_error (f->error, SMB_ERROR, SMB_ERROR_AUTH_FAILED);
  g_clear_error (&f->error);
}

static void
test_ntlm_disabled (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = NEW ("alice", "Passw0rd", "domain", NULL);

  assert_refused (f, factory, SMB_ERROR_AUTH_FAILED, TEST_STATUS_NTLM_BLOCKED, "refused",
                  "STATUS_NTLM_BLOCKED", NULL);
}

/* Names that need a plugin which is not there. */
static void
test_plugins (Fixture       *f,
              gconstpointer  data)
{
  static const char *const      mechanisms[] = { "carrier-pigeon", NULL };
  g_autoptr(SmbProtocolFactory) mechanism = NEW ("alice", "Passw0rd", "auth-mechanisms", mechanisms);
  g_autoptr(SmbProtocolFactory) transport = NEW ("alice", "Passw0rd", "transport", "carrier-pigeon");

  assert_refused (f, mechanism, SMB_ERROR_PLUGIN_MISSING, TEST_STATUS_NONE, "carrier-pigeon", NULL);
  assert_refused (f, transport, SMB_ERROR_PLUGIN_MISSING, TEST_STATUS_NONE, "carrier-pigeon", NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, option, test) g_test_add (path, Fixture, option, set_up, test, tear_down)
  ADD ("/login/names", NULL, test_names);
  ADD ("/login/names-2.0.2", "--max=SMB2_02", test_names);
  ADD ("/login/wrong-password", NULL, test_wrong_password);
  ADD ("/login/unknown-user", "--no-guest", test_unknown_user);
  ADD ("/login/guest", NULL, test_guest);
  ADD ("/login/guest-2.0.2", "--max=SMB2_02", test_guest);
  ADD ("/login/guest-account", NULL, test_guest_account);
  ADD ("/login/guest-unprotected", NULL, test_guest_unprotected);
  ADD ("/login/guest-mandatory", "--signing=mandatory", test_guest_mandatory);
  ADD ("/login/anonymous", NULL, test_anonymous);
  ADD ("/login/anonymous-2.0.2", "--max=SMB2_02", test_anonymous);
  ADD ("/login/ntlm-v1", "--ntlm-auth=ntlmv1-permitted", test_ntlm_v1);
  ADD ("/login/ntlm-v1-refused", NULL, test_ntlm_v1_refused);
  ADD ("/login/ntlm-disabled", "--ntlm-auth=disabled", test_ntlm_disabled);
  ADD ("/login/plugins", NULL, test_plugins);
#undef ADD

  return g_test_run ();
}
