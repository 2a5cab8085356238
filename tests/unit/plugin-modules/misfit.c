/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <smb-glib/plugin.h>

/* A type that is no mechanism. */
SMB_DEFINE_PLUGIN (smb_auth_misfit, SMB_AUTH_EXTENSION_POINT, G_TYPE_FILE_INFO, "misfit", 7)
