/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../unit/smb1-peer.h"
#include "fuzz.h"

static void
check_result (const SmbNegotiation *result)
{
  g_assert_cmpint (result->version, ==, SMB_DIALECT_VERSION_SMB_1);
  g_assert_true (result->token == NULL || result->challenge == NULL);
  g_assert_cmpuint (result->units, >=, 1);
  g_assert_cmpuint (result->max_chain, ==, 1);
  g_assert_cmpuint (result->max_read_size, >=, 512);
  g_assert_cmpuint (result->max_read_size, <=, 0x1ffff);
  g_assert_cmpuint (result->max_write_size, >=, 512);
  g_assert_cmpuint (result->max_write_size, <=, 0x1ffff);
  g_assert_cmpuint (result->max_signed_write_size, <=, result->max_write_size);
  g_assert_false (result->can_seal || result->again);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(SmbDialect) dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
  g_autofree guint8 *message = g_memdup2 (data, size);
  g_autoptr(GError) error = NULL;
  SmbNegotiation result;

  if (smb_dialect_negotiated (dialect, message, size, &result, &error))
    {
      check_result (&result);
      smb_negotiation_clear (&result);
    }
  else
    g_assert_true (error->domain == SMB_ERROR);
  return 0;
}
