/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fuzz.h"

#include "smb-error.h"
#include "wire/smb-nbns.h"

/* What was read can be asked for: our own question reads back the same name. */
static void
check_name (const SmbNetbiosName *name)
{
  g_autoptr(GBytes)  request = smb_nbns_request_encode (1, SMB_NBNS_NAME, name, FALSE);
  g_autofree char   *text = smb_netbios_name_dup_text (name);
  SmbNetbiosName     again;
  SmbReader          r;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  smb_reader_init (&r, g_bytes_get_data (request, NULL), g_bytes_get_size (request));
  smb_reader_seek (&r, 12);
  smb_netbios_name_read (&r, &again);
  g_assert_false (r.failed);
  g_assert_cmpuint (smb_reader_get_remaining (&r), ==, 4);
  g_assert_true (smb_netbios_name_equal (name, &again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(SmbNbnsReply) reply = smb_nbns_reply_decode (data, size, &error);

  if (reply == NULL)
    {
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      return 0;
    }
  g_assert_cmpuint (reply->addresses->len * 6 + reply->records->len * 18, <=, size);
  g_assert_true (reply->code == 0 || reply->addresses->len + reply->records->len == 0);
  if (reply->has_name)
    check_name (&reply->name);
  for (guint i = 0; i < reply->records->len; i++)
    check_name (&g_array_index (reply->records, SmbNbnsRecord, i).name);
  return 0;
}
