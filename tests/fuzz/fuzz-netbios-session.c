/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-netbios-session.h"

/* As a packet inside a session. */
static void
check_header (const guint8 *data)
{
  g_autoptr(GError) error = NULL;
  guint8            type, again[SMB_NETBIOS_HEADER_SIZE];
  gsize             size;

  if (!smb_netbios_header_decode (data, &type, &size, &error))
    {
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      return;
    }
  g_assert_cmpuint (size, <=, SMB_NETBIOS_LARGEST_MESSAGE);
  smb_netbios_header_encode (size, again);
  g_assert_cmpmem (again + 1, sizeof again - 1, data + 1, sizeof again - 1);
  if (type == SMB_NETBIOS_SESSION_MESSAGE && size > 0)
    g_assert_cmpuint (again[0], ==, type);
}

/* As the answer to a session request. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  SmbNetbiosName     name = { "FUZZ           " };
  SmbNetbiosResponse response;
  g_autoptr(GError)  error = NULL;
  g_autoptr(GError)  refusal = NULL;

  if (size >= SMB_NETBIOS_HEADER_SIZE)
    check_header (data);
  if (!smb_netbios_response_decode (data, size, &response, &error))
    {
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      return 0;
    }
  g_assert_cmpuint (response.type, >=, SMB_NETBIOS_POSITIVE_RESPONSE);
  g_assert_cmpuint (response.type, <=, SMB_NETBIOS_KEEPALIVE);
  refusal = smb_netbios_refusal_to_error (response.refusal, &name, &name);
  g_assert_true (refusal->domain == SMB_ERROR);
  return 0;
}
