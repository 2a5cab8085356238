/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"
#include "smb-open-file.h"

/* From the result of smb_file_open_call_new(). */
SmbOpenFile *smb_open_file_new (SmbCall *call) G_GNUC_WARN_UNUSED_RESULT;
