/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-error.h"
#include "wire/smb-sddl.h"

static GBytes *
encode (const SmbSecurityDescriptorData *descriptor)
{
  SmbWriter w;

  smb_writer_init (&w, NULL);
  if (smb_security_descriptor_data_encode (descriptor, &w))
    return smb_writer_steal_bytes (&w);

  smb_writer_clear (&w);

  return NULL;
}

/* As text it reads back, if it has any. */
static void
check_text (const SmbSecurityDescriptorData *descriptor)
{
  g_autoptr(GError)                    error = NULL;
  g_autofree char                     *text = smb_sddl_write (descriptor, &error);
  g_autofree char                     *text_again = NULL;
  g_autoptr(SmbSecurityDescriptorData) again = NULL;

  if (text == NULL)
    {
      g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED);
      return;
    }
  again = smb_sddl_read (text, &error);
  g_assert_no_error (error);
  text_again = smb_sddl_write (again, &error);
  g_assert_cmpstr (text, ==, text_again);
}

/* What we write we can read, and write again the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SmbSecurityDescriptorData) descriptor = smb_security_descriptor_data_decode (data, size, &error);
  g_autoptr(SmbSecurityDescriptorData) again = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) bytes_again = NULL;

  if (descriptor == NULL)
    {
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      return 0;
    }

  check_text (descriptor);
  bytes = encode (descriptor);
  if (bytes == NULL) /* padding of entries made a list too long */
    return 0;

  again = smb_security_descriptor_data_decode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                               &error);
  g_assert_no_error (error);
  bytes_again = encode (again);
  g_assert_true (g_bytes_equal (bytes, bytes_again));

  return 0;
}
