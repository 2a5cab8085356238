/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include "smb-error.h"
#include "wire/smb-directory.h"

/* Names that came through can be parts of a path. */
static void
check_name (char *name)
{
  if (name == NULL)
    return;

  g_assert_cmpstr (name, !=, "");
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_null (strpbrk (name, "/\\"));
  g_free (name);
}

/* The first byte is the level. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  SmbDirectoryEntry entry;
  SmbDirectoryIter iter;
  gsize n = 0;

  if (size == 0 || !smb_directory_iter_init (&iter, data[0], data + 1, size - 1))
    return 0;

  while (smb_directory_iter_next (&iter, &entry, &error))
    {
      check_name (smb_directory_entry_dup_name (&entry));
      check_name (smb_directory_entry_dup_short_name (&entry));
      g_assert_cmpuint (++n, <=, size / 64);
    }
  if (error != NULL)
    g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);

  return 0;
}
