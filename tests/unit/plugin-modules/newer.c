/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <smb-glib/plugin.h>

/* Made for a library to come. */

G_MODULE_EXPORT void g_io_smb_auth_newer_load (GIOModule *module);
G_MODULE_EXPORT void g_io_smb_auth_newer_unload (GIOModule *module);
G_MODULE_EXPORT guint smb_auth_newer_plugin_abi (void);

void
g_io_smb_auth_newer_load (GIOModule *module)
{
  g_assert_not_reached ();
}

void
g_io_smb_auth_newer_unload (GIOModule *module)
{
}

guint
smb_auth_newer_plugin_abi (void)
{
  return 4711;
}
