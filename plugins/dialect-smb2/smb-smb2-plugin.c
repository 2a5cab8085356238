/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-dialect.h"

SMB_DEFINE_PLUGIN (smb_dialect_smb2, SMB_DIALECT_EXTENSION_POINT, SMB_TYPE_SMB2_DIALECT, "smb2", 20)
