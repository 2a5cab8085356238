/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-transaction.h"

G_BEGIN_DECLS

/* Makes of a response at a level of SMB1's own what the class of [MS-FSCC] that was asked for looks like: a
 * message that smb_smb1_transaction_read() understands, with the header of @message. NULL with
 * SMB_ERROR_PROTOCOL if the response is too short for that. @answer is one of ALL_INFO, NETWORK_OPEN and
 * FULL_SIZE. */
GBytes *smb_smb1_info_translate (SmbSmb1Answer                   answer,
                                 const guint8                   *header,
                                 const SmbSmb1TransactionReply  *reply,
                                 GError                        **error);

G_END_DECLS
