/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where plugins come from: what is linked in, and the modules `libsmb-….so` of the plugin folders. */

/* Loads them all, once: only the first call in the process does anything, and others wait for it. @folders is
 * where modules are: NULL, as the library calls it, for those of SMB_PLUGIN_PATH and the installed ones. */
void smb_plugin_modules_load (const char *const *folders);

/* Why the module of @name ("auth-ntlm") does not provide what it should; to be freed. */
char *smb_plugin_modules_explain (const char *name);

G_END_DECLS
