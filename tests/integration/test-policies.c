/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

/* What client and server want of each other's protection, and of the dialect: either it is so, or there is no
 * connection, and no share. */

#define ANY      SMB_DIALECT_VERSION_NONE
#define SIGN(x)  SMB_SIGN_OPTIONS_##x
#define CRYPT(x) SMB_ENCRYPTION_##x
#define WORKS    ((SmbError) -1)

typedef struct
{
  const char        *name;
  const char        *server;
  SmbDialectVersion  min_dialect;
  SmbDialectVersion  max_dialect;
  SmbSignOptions     sign_options;
  SmbEncryption      encryption;

  SmbError           code;
  guint32            status;
  const char        *word;        /* of the error */
  gboolean           is_signed;
  SmbError           share_code;  /* of opening the encrypted share, if the connection works */
} Policy;

static const Policy policies[] = {
  { "plain", "", ANY, ANY, SIGN (WHEN_REQUIRED), CRYPT (IF_REQUIRED), WORKS, 0, NULL, FALSE, WORKS },
  { "never-sign", "", ANY, ANY, SIGN (NEVER), CRYPT (IF_REQUIRED), WORKS, 0, NULL, FALSE, WORKS },
  { "never-sign-2.1", "--max=SMB2_10", ANY, ANY, SIGN (NEVER), CRYPT (IF_REQUIRED), WORKS, 0, NULL, FALSE,
    SMB_ERROR_NOT_FOUND },
  { "require-signing", "", ANY, ANY, SIGN (REQUIRE), CRYPT (IF_REQUIRED), WORKS, 0, NULL, TRUE, WORKS },
  { "server-demands-signing", "--signing=mandatory", ANY, ANY, SIGN (WHEN_REQUIRED), CRYPT (IF_REQUIRED),
    WORKS, 0, NULL, TRUE, WORKS },
  { "server-demands-signing-never", "--signing=mandatory", ANY, ANY, SIGN (NEVER), CRYPT (IF_REQUIRED),
    SMB_ERROR_SECURITY, 0, "signing" },
  { "server-demands-signing-but-sealed", "--signing=mandatory --encryption=required", ANY, ANY, SIGN (NEVER),
    CRYPT (IF_REQUIRED), WORKS, 0, NULL, FALSE, WORKS },
  { "no-encryption", "", ANY, ANY, SIGN (WHEN_SUPPORTED), CRYPT (DISABLED), WORKS, 0, NULL, TRUE,
    SMB_ERROR_ACCESS_DENIED },
  { "share-too-new", "", ANY, SMB_DIALECT_VERSION_SMB_2_10, SIGN (WHEN_SUPPORTED), CRYPT (IF_REQUIRED), WORKS,
    0, NULL, TRUE, SMB_ERROR_ACCESS_DENIED },
  { "desired-of-none", "--encryption=off", ANY, ANY, SIGN (WHEN_SUPPORTED), CRYPT (DESIRED), WORKS, 0, NULL,
    TRUE, SMB_ERROR_NOT_FOUND },
  { "required-of-none", "--encryption=off", ANY, ANY, SIGN (WHEN_SUPPORTED), CRYPT (REQUIRED),
    SMB_ERROR_SECURITY, 0, "encryption" },
  { "required-of-old", "--max=SMB2_10", ANY, ANY, SIGN (WHEN_SUPPORTED), CRYPT (REQUIRED), SMB_ERROR_SECURITY,
    0, "encryption" },
  { "server-demands-encryption", "--encryption=required", ANY, ANY, SIGN (WHEN_SUPPORTED),
    CRYPT (IF_REQUIRED), WORKS, 0, NULL, TRUE, WORKS },
  { "server-demands-encryption-3.0", "--encryption=required --max=SMB3_00", ANY, ANY, SIGN (WHEN_SUPPORTED),
    CRYPT (IF_REQUIRED), WORKS, 0, NULL, TRUE, WORKS },
  { "server-demands-encryption-disabled", "--encryption=required", ANY, ANY, SIGN (WHEN_SUPPORTED),
    CRYPT (DISABLED), SMB_ERROR_AUTH_FAILED, TEST_STATUS_ACCESS_DENIED, "refused" },
  { "server-demands-encryption-too-new", "--encryption=required", ANY, SMB_DIALECT_VERSION_SMB_2_10,
    SIGN (WHEN_SUPPORTED), CRYPT (IF_REQUIRED), SMB_ERROR_AUTH_FAILED, TEST_STATUS_ACCESS_DENIED, "refused" },
  { "server-desires-encryption-disabled", "--encryption=desired", ANY, ANY, SIGN (WHEN_SUPPORTED),
    CRYPT (DISABLED), WORKS, 0, NULL, TRUE, SMB_ERROR_ACCESS_DENIED },
  { "server-too-new", "--min=SMB3_00", ANY, SMB_DIALECT_VERSION_SMB_2_10, SIGN (WHEN_SUPPORTED),
    CRYPT (IF_REQUIRED), SMB_ERROR_NOT_SUPPORTED, TEST_STATUS_NOT_SUPPORTED, "negotiation" },
  { "server-too-old", "--max=SMB2_10", SMB_DIALECT_VERSION_SMB_3_00, ANY, SIGN (WHEN_SUPPORTED),
    CRYPT (IF_REQUIRED), SMB_ERROR_NOT_SUPPORTED, TEST_STATUS_NOT_SUPPORTED, "negotiation" },
};

static void
assert_share (const Policy       *policy,
              SmbProtocolFactory *factory)
{
  g_autoptr(SmbSharedFile) root = NULL;
  g_autoptr(GError)        error = NULL;

  root = smb_protocol_factory_get_attributes (factory, "crypt", "", -1, NULL, &error);
  if (policy->share_code == WORKS)
    g_assert_no_error (error);
  else
    g_assert_error (error, SMB_ERROR, (int) policy->share_code);
}

static void
test_policy (gconstpointer data)
{
  const Policy                  *policy = data;
  g_auto(GStrv)                  options = g_strsplit (policy->server, " ", -1);
  g_autoptr(TestSamba)           samba = NULL;
  g_autoptr(SmbProtocolFactory)  factory = NULL;
  g_autoptr(GError)              error = NULL;

  if (policy->server[0] == '\0')
    g_clear_pointer (&options[0], g_free);
  samba = test_samba_startv ((const char *const *) options);
  factory = test_client_new (samba, "alice",
                             "min-dialect", policy->min_dialect, "max-dialect", policy->max_dialect,
                             "sign-options", policy->sign_options, "encryption", policy->encryption, NULL);
  smb_protocol_factory_open_connection (factory, test_samba_get_host (samba), test_samba_get_port (samba), -1,
                                        NULL, &error);
  if (policy->code != WORKS)
    {
      test_assert_failed (&error, policy->code, policy->status, "connect to", policy->word, NULL);
      g_assert_false (smb_protocol_factory_get_ready (factory));
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpint (smb_protocol_factory_get_signing_algorithm (factory) != NULL, ==, policy->is_signed);
  test_store (factory, "data", "file", "content");
  test_share_assert_text (samba, "data", "file", "content");
  assert_share (policy, factory);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autofree char *path = g_strconcat ("/policies/", policies[i].name, NULL);

      g_test_add_data_func (path, &policies[i], test_policy);
    }
  return g_test_run ();
}
