/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-auth-ntlm.h"

SMB_DEFINE_PLUGIN (smb_auth_ntlm, SMB_AUTH_EXTENSION_POINT, SMB_TYPE_AUTH_NTLM, "ntlm", 10)
