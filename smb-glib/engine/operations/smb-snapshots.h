/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"

/* Gives a GPtrArray of GDateTime, UTC, the newest first. */
SmbCall *smb_list_snapshots_call_new (SmbConnection *connection,
                                      const char    *share,
                                      const char    *path,
                                      int            timeout_msec,
                                      GCancellable  *cancellable);
