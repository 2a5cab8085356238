/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-error.h"
#include "wire/smb-file-info.h"
#include "wire/smb-utf16.h"

static void
walk_streams (const guint8 *data,
              gsize         size)
{
  g_autoptr(GError) error = NULL;
  SmbStreamEntry entry;
  SmbStreamIter iter;
  gsize n = 0;

  smb_stream_iter_init (&iter, data, size);
  while (smb_stream_iter_next (&iter, &entry, &error))
    {
      g_free (smb_utf16_to_utf8 (entry.name, entry.name_size));
      g_assert_cmpuint (++n, <=, size / 24);
    }
  if (error != NULL)
    g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  SmbFileBasicInfo basic;
  SmbFileStandardInfo standard;
  SmbFileNetworkOpenInfo network_open;
  SmbFsFullSizeInfo full_size;
  SmbFileAllInfo all;

  g_assert_true (smb_file_basic_info_decode (&basic, data, size, NULL) == (size >= 36));
  g_assert_true (smb_file_standard_info_decode (&standard, data, size, NULL) == (size >= 22));
  g_assert_true (smb_file_network_open_info_decode (&network_open, data, size, NULL) == (size >= 52));
  g_assert_true (smb_fs_full_size_info_decode (&full_size, data, size, NULL) == (size >= 32));
  if (smb_file_all_info_decode (&all, data, size, NULL))
    g_free (smb_utf16_to_utf8 (all.name, all.name_size));
  walk_streams (data, size);

  return 0;
}
