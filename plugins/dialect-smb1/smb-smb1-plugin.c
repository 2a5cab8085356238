/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-dialect.h"

SMB_DEFINE_PLUGIN (smb_dialect_smb1, SMB_DIALECT_EXTENSION_POINT, SMB_TYPE_SMB1_DIALECT, "smb1", 10)
