/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../unit/smb2-peer.h"
#include "fuzz.h"

/* In front of the message: what was offered. */
#define MULTI_PROTOCOL 0x01
#define NO_ENCRYPTION  0x02
#define REQUIRE_SIGNED 0x04

static const SmbDialectVersion versions[] = {
  SMB_DIALECT_VERSION_NONE,     SMB_DIALECT_VERSION_SMB_2_02, SMB_DIALECT_VERSION_SMB_2_10,
  SMB_DIALECT_VERSION_SMB_3_00, SMB_DIALECT_VERSION_SMB_3_02, SMB_DIALECT_VERSION_SMB_3_11,
};

static void
set_options (SmbNegotiateOptions *options,
             guint8               choice)
{
  peer_options_init (options);
  options->multi_protocol = (choice & MULTI_PROTOCOL) != 0;
  if (choice & NO_ENCRYPTION)
    options->encryption = SMB_ENCRYPTION_DISABLED;
  if (choice & REQUIRE_SIGNED)
    options->sign_options = SMB_SIGN_OPTIONS_REQUIRE;
  options->max_version = versions[(choice >> 3) % G_N_ELEMENTS (versions)];
}

static void
check_result (const SmbNegotiateOptions *options,
              const SmbNegotiation      *result)
{
  if (result->again)
    {
      g_assert_true (options->multi_protocol);
      return;
    }
  g_assert_cmpint (result->version, >=, SMB_DIALECT_VERSION_SMB_2_02);
  g_assert_true (options->max_version == SMB_DIALECT_VERSION_NONE || result->version <= options->max_version);
  g_assert_nonnull (result->signing_algorithm);
  g_assert_true ((result->cipher != NULL) == result->can_seal);
  g_assert_false (result->can_seal && options->encryption == SMB_ENCRYPTION_DISABLED);
  g_assert_cmpuint (result->max_read_size, >=, 4096);
  g_assert_cmpuint (result->max_write_size, >=, 4096);
  g_assert_cmpuint (result->max_transact_size, >=, 4096);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(SmbDialect) dialect = NULL;
  g_autoptr(SmbFrame) frame = NULL;
  g_autofree guint8 *message = NULL;
  g_autoptr(GError) error = NULL;
  SmbNegotiateOptions options;
  SmbNegotiation result;

  if (size < 1)
    return 0;

  dialect = g_object_new (SMB_TYPE_SMB2_DIALECT, NULL);
  set_options (&options, data[0]);
  frame = smb_dialect_negotiate (dialect, &options, &error);
  g_assert_no_error (error);

  message = g_memdup2 (data + 1, size - 1);
  if (smb_dialect_negotiated (dialect, message, size - 1, &result, &error))
    check_result (&options, &result);
  else
    g_assert_true (error->domain == SMB_ERROR);
  smb_negotiation_clear (&result);
  return 0;
}
