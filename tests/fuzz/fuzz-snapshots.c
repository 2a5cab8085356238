/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-error.h"
#include "wire/smb-snapshots.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  gsize required_size;
  g_autoptr(GPtrArray) times = smb_snapshots_decode (data, size, &required_size, &error);

  if (times == NULL)
    {
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      return 0;
    }

  g_assert_true (required_size <= size || times->len == 0);
  for (guint i = 1; i < times->len; i++)
    g_assert_cmpint (g_date_time_compare (times->pdata[i - 1], times->pdata[i]), >, 0);

  return 0;
}
