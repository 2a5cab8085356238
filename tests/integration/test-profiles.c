/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-profiles.h"

#define SIGNED   SMB_SIGN_OPTIONS_WHEN_SUPPORTED, SMB_ENCRYPTION_IF_REQUIRED
#define UNSIGNED SMB_SIGN_OPTIONS_WHEN_REQUIRED, SMB_ENCRYPTION_IF_REQUIRED
#define SEALED   SMB_SIGN_OPTIONS_WHEN_SUPPORTED, SMB_ENCRYPTION_REQUIRED
#define NEWEST   SMB_DIALECT_VERSION_NONE

/* Where the server is not limited to a dialect, the client is. */
static const TestProfile profiles[] = {
  { "1", "--min=NT1 --max=NT1", NULL, SMB_DIALECT_VERSION_SMB_1, SIGNED, SMB_DIALECT_VERSION_SMB_1, NULL,
    NULL, TRUE },
  { "1-signed", "--min=NT1 --max=NT1 --signing=mandatory", NULL, SMB_DIALECT_VERSION_SMB_1, SIGNED,
    SMB_DIALECT_VERSION_SMB_1, "MD5", NULL, TRUE },
  { "1-fallback", "--min=NT1 --max=NT1 --set 'server signing=auto'", NULL, NEWEST, UNSIGNED,
    SMB_DIALECT_VERSION_SMB_1, NULL, NULL },
  { "2.0.2", "--max=SMB2_02", NULL, NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_2_02, "HMAC-SHA256", NULL, TRUE },
  { "2.0.2-unsigned", "--max=SMB2_02", NULL, NEWEST, UNSIGNED, SMB_DIALECT_VERSION_SMB_2_02, NULL, NULL },
  { "2.1", "--max=SMB2_10", NULL, NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_2_10, "HMAC-SHA256", NULL },
  { "2.1-of-newer", "", NULL, SMB_DIALECT_VERSION_SMB_2_10, SIGNED, SMB_DIALECT_VERSION_SMB_2_10,
    "HMAC-SHA256", NULL },
  { "3.0", "--max=SMB3_00", NULL, NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_3_00, "AES-128-CMAC",
    "AES-128-CCM" },
  { "3.0-sealed", "--max=SMB3_00", NULL, NEWEST, SEALED, SMB_DIALECT_VERSION_SMB_3_00, "AES-128-CMAC",
    "AES-128-CCM", TRUE },
  { "3.0.2", "--max=SMB3_02", NULL, NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_3_02, "AES-128-CMAC",
    "AES-128-CCM" },
  { "3.0.2-sealed", "", NULL, SMB_DIALECT_VERSION_SMB_3_02, SEALED, SMB_DIALECT_VERSION_SMB_3_02,
    "AES-128-CMAC", "AES-128-CCM" },
  { "3.1.1", "", NULL, NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_3_11, "AES-128-GMAC", "AES-128-GCM", TRUE },
  { "3.1.1-unsigned", "", NULL, NEWEST, UNSIGNED, SMB_DIALECT_VERSION_SMB_3_11, NULL, "AES-128-GCM" },
  { "3.1.1-cmac", "--signing-algorithms=AES-128-CMAC", NULL, NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_3_11,
    "AES-128-CMAC", "AES-128-GCM" },
  { "3.1.1-hmac", "--signing-algorithms=HMAC-SHA256", NULL, NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_3_11,
    "HMAC-SHA256", "AES-128-GCM" },
  { "3.1.1-mandatory", "--signing=mandatory", NULL, NEWEST, UNSIGNED, SMB_DIALECT_VERSION_SMB_3_11,
    "AES-128-GMAC", "AES-128-GCM" },
  { "3.1.1-ccm", "--ciphers=AES-128-CCM", NULL, NEWEST, SEALED, SMB_DIALECT_VERSION_SMB_3_11, "AES-128-GMAC",
    "AES-128-CCM" },
  { "3.1.1-gcm", "--ciphers=AES-128-GCM", NULL, NEWEST, SEALED, SMB_DIALECT_VERSION_SMB_3_11, "AES-128-GMAC",
    "AES-128-GCM" },
  { "3.1.1-ccm-256", "--ciphers=AES-256-CCM", NULL, NEWEST, SEALED, SMB_DIALECT_VERSION_SMB_3_11,
    "AES-128-GMAC", "AES-256-CCM" },
  { "3.1.1-gcm-256", "--encryption=required --ciphers=AES-256-GCM", NULL, NEWEST, SIGNED,
    SMB_DIALECT_VERSION_SMB_3_11, "AES-128-GMAC", "AES-256-GCM", TRUE },
  { "3.1.1-netbios", "", "netbios", NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_3_11, "AES-128-GMAC",
    "AES-128-GCM", TRUE },
  { "3.1.1-netbios-sealed", "", "netbios", NEWEST, SEALED, SMB_DIALECT_VERSION_SMB_3_11, "AES-128-GMAC",
    "AES-128-GCM" },
  { "2.0.2-netbios", "--max=SMB2_02", "netbios", NEWEST, SIGNED, SMB_DIALECT_VERSION_SMB_2_02, "HMAC-SHA256",
    NULL },
  { "1-netbios", "--min=NT1 --max=NT1", "netbios", SMB_DIALECT_VERSION_SMB_1, SIGNED,
    SMB_DIALECT_VERSION_SMB_1, NULL, NULL },
};

typedef struct
{
  const TestProfile *profile;
  TestRigFunc        func; /* NULL: the end of the profile */
} Case;

static TestRig current;

static void
leave_rig (void)
{
  if (current.profile == NULL)
    return;
  g_free (test_samba_command (current.samba, NULL, "wait-closed"));
  g_assert_finalize_object (current.factory);
  test_samba_stop (current.samba);
  current.profile = NULL;
}

static TestSamba *
start_server (const TestProfile *profile)
{
  g_autofree char *line = g_strconcat ("--share-set 'mangled:mangled names=yes' ", profile->server, NULL);
  g_auto(GStrv)    options = NULL;

  g_assert_true (g_shell_parse_argv (line, NULL, &options, NULL));
  return test_samba_startv ((const char *const *) options);
}

static void
enter_rig (const TestProfile *profile)
{
  g_autoptr(GError) error = NULL;

  if (current.profile == profile)
    return;
  leave_rig ();
  current.profile = profile;
  current.samba = start_server (profile);
  current.factory = test_rig_new_client (&current, test_samba_get_user (current.samba));
  smb_protocol_factory_open_connection (current.factory, test_samba_get_host (current.samba),
                                        test_samba_get_port (current.samba), -1, NULL, &error);
  g_assert_no_error (error);
}

/* Whatever a test did, the connection has to be of use to the next one. */
static void
run_case (gconstpointer data)
{
  const Case        *self = data;
  g_autoptr(GBytes)  bytes = g_bytes_new_static ("?", 1);
  g_autoptr(GBytes)  answer = NULL;
  g_autoptr(GError)  error = NULL;

  if (self->func == NULL)
    {
      leave_rig ();
      return;
    }
  enter_rig (self->profile);
  self->func (&current);
  answer = smb_protocol_factory_echo (current.factory, bytes, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
add_case (const char        *group,
          const TestProfile *profile,
          const char        *name,
          TestRigFunc        func)
{
  g_autofree char *path = g_strdup_printf ("/%s/%s/%s", group, profile->name, name);
  Case             added = { profile, func };

  g_test_add_data_func_full (path, g_memdup2 (&added, sizeof added), run_case, g_free);
}

static gboolean
is_wanted (const TestProfile *profile,
           TestProfiles       which)
{
  switch (which)
    {
    case TEST_PROFILES_THOROUGH:
      return profile->thorough;
    case TEST_PROFILES_SMB2:
      return profile->dialect != SMB_DIALECT_VERSION_SMB_1;
    case TEST_PROFILES_ALL:
    default:
      return TRUE;
    }
}

void
test_profiles_add (const char        *group,
                   TestProfiles       which,
                   const TestRigCase *cases)
{
  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    if (is_wanted (&profiles[i], which))
      {
        for (gsize j = 0; cases[j].name != NULL; j++)
          add_case (group, &profiles[i], cases[j].name, cases[j].func);
        add_case (group, &profiles[i], "nothing-left-open", NULL);
      }
}

int
test_profiles_run (void)
{
  int status = g_test_run ();

  leave_rig (); /* when not all cases were wanted */
  return status;
}

SmbProtocolFactory *
test_rig_new_client (TestRig    *rig,
                     const char *user)
{
  const TestProfile *profile = rig->profile;

  return test_client_new (rig->samba, user,
                          "transport", profile->transport,
                          "max-dialect", profile->max_dialect,
                          "sign-options", profile->sign_options,
                          "encryption", profile->encryption, NULL);
}

gboolean
test_rig_is_smb1 (TestRig *rig)
{
  return rig->profile->dialect == SMB_DIALECT_VERSION_SMB_1;
}
