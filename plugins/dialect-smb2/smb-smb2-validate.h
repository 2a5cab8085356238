/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-negotiate.h"

G_BEGIN_DECLS

/* FSCTL_VALIDATE_NEGOTIATE_INFO ([MS-SMB2] 2.2.31.4, 2.2.32.6, 3.2.5.5): see SmbDialectClass.validate. */
SmbRequest *smb_smb2_validate_request (const SmbSmb2Offer  *offer);
gboolean    smb_smb2_validate_reply   (const SmbSmb2Terms  *terms,
                                       const SmbReply      *reply,
                                       GError             **error);

G_END_DECLS
