/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-session.h"

G_BEGIN_DECLS

#define SMB_TYPE_SMB2_DIALECT (smb_smb2_dialect_get_type ())
G_DECLARE_FINAL_TYPE (SmbSmb2Dialect, smb_smb2_dialect, SMB, SMB2_DIALECT, SmbDialect)

/* For tests, which play the server: what was agreed on, and the session with its keys. */
const SmbSmb2Terms *smb_smb2_dialect_get_terms   (SmbSmb2Dialect *self);
SmbSmb2Session     *smb_smb2_dialect_get_session (SmbSmb2Dialect *self);

G_END_DECLS
