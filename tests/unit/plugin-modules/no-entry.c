/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <smb-glib/plugin.h>

/* Tells its ABI, and that is all. */

G_MODULE_EXPORT guint smb_auth_no_entry_plugin_abi (void);

guint
smb_auth_no_entry_plugin_abi (void)
{
  return SMB_PLUGIN_ABI;
}
