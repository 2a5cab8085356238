/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

/* A module of something else: it does not tell an ABI number, and must not be touched further. */

G_MODULE_EXPORT void g_io_smb_auth_foreign_load (GIOModule *module);
G_MODULE_EXPORT void g_io_smb_auth_foreign_unload (GIOModule *module);

void
g_io_smb_auth_foreign_load (GIOModule *module)
{
  g_assert_not_reached ();
}

void
g_io_smb_auth_foreign_unload (GIOModule *module)
{
}
