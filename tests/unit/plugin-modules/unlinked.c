/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <smb-glib/plugin.h>

/* Needs a function that no library has. */

GType smb_function_of_another_time (void);

SMB_DEFINE_PLUGIN (smb_auth_unlinked, SMB_AUTH_EXTENSION_POINT, smb_function_of_another_time (), "unlinked",
                   7)
