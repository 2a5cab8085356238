/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-finish.h"
#include "smb-smb1-negotiate.h"

G_BEGIN_DECLS

#define SMB_TYPE_SMB1_DIALECT (smb_smb1_dialect_get_type ())
G_DECLARE_FINAL_TYPE (SmbSmb1Dialect, smb_smb1_dialect, SMB, SMB1_DIALECT, SmbDialect)

/* For tests, which play the server. */
SmbSmb1State *smb_smb1_dialect_get_state (SmbSmb1Dialect *self);

G_END_DECLS
