/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"

/* Gives a GPtrArray of SmbSrvsvcShare. */
SmbCall *smb_list_shares_call_new (SmbConnection *connection,
                                   int            timeout_msec,
                                   GCancellable  *cancellable);
