/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-error.h"

SMB_EXTERN void smb_error_set_nt_status (GError  *error,
                                         guint32  nt_status);
