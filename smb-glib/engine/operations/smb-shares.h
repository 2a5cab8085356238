/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"

/* Connects to the share unless that was done; gives nothing. */
SmbCall *smb_connect_share_call_new (SmbConnection *connection,
                                     const char    *share,
                                     int            timeout_msec,
                                     GCancellable  *cancellable);
/* Gives a GPtrArray of SmbSrvsvcShare. */
SmbCall *smb_list_shares_call_new (SmbConnection *connection,
                                   int            timeout_msec,
                                   GCancellable  *cancellable);
