/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where plugins come from: what is linked in, and the modules `libsmb-….so` of the plugin folders. */

/* Loads them all, once; the first call waits for it in every thread. */
void smb_plugin_modules_load (void);

/* Why the module of @name ("auth-ntlm") does not provide what it should; to be freed. */
char *smb_plugin_modules_explain (const char *name);

G_END_DECLS
