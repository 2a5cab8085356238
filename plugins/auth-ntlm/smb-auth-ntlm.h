/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

#define SMB_TYPE_AUTH_NTLM (smb_auth_ntlm_get_type ())
G_DECLARE_FINAL_TYPE (SmbAuthNtlm, smb_auth_ntlm, SMB, AUTH_NTLM, SmbAuth)

G_END_DECLS
