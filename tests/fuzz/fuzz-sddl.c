/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-error.h"
#include "wire/smb-sddl.h"

/* What was written reads back, and is written the same. */
static void
check_text (const char *text)
{
  g_autoptr(GError)                    error = NULL;
  g_autoptr(SmbSecurityDescriptorData) again = smb_sddl_read (text, &error);
  g_autofree char                     *text_again = NULL;

  g_assert_no_error (error);
  text_again = smb_sddl_write (again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, text_again);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char                     *text = g_strndup ((const char *) data, size);
  g_autoptr(GError)                    error = NULL;
  g_autoptr(SmbSecurityDescriptorData) descriptor = smb_sddl_read (text, &error);
  g_autofree char                     *written = NULL;

  if (descriptor == NULL)
    {
      g_assert_true (error->domain == SMB_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  written = smb_sddl_write (descriptor, &error);
  g_assert_no_error (error);
  check_text (written);
  return 0;
}
