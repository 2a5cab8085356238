/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-opens.h"
#include "smb-smb1-transaction.h"

G_BEGIN_DECLS

/*
 * Listings ([MS-CIFS] 2.2.6.2, 2.2.6.3). The answers become such as [MS-SMB2] 2.2.34 has them, on the spot:
 *
 * smb_smb1_find_answered: takes note of what the response to a search says, and makes the last entry that
 *   it counts the last of the list. @reply must lie in memory that may be written to. Returns the status
 *   that QUERY_DIRECTORY would have had, or sets @error.
 * smb_smb1_find_ended: the search is over, for whatever reason.
 */
guint32 smb_smb1_find_answered (SmbSmb1Opens                  *opens,
                                const SmbSmb1Note             *note,
                                guint32                        status,
                                const SmbSmb1TransactionReply *reply,
                                GError                       **error);
void    smb_smb1_find_ended    (SmbSmb1Opens                  *opens,
                                guint64                        serial);

G_END_DECLS
