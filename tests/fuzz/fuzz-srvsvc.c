/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-error.h"
#include "wire/smb-srvsvc.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SmbSrvsvcShareEnum) result = smb_srvsvc_share_enum_decode (data, size, &error);

  if (result == NULL)
    {
      g_assert_true (error->domain == SMB_ERROR);
      return 0;
    }

  for (guint i = 0; i < result->shares->len; i++)
    {
      const SmbSrvsvcShare *share = result->shares->pdata[i];

      g_assert_true (g_utf8_validate (share->name, -1, NULL));
      g_assert_true (g_utf8_validate (share->comment, -1, NULL));
    }

  return 0;
}
