/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-transaction.h"

G_BEGIN_DECLS

/**
 * SmbSmb1Assembly:
 *
 * The response to a transaction while it comes in parts, in any order ([MS-CIFS] 3.2.5.1.4). Nothing is
 * allocated beyond what was asked for.
 */
typedef struct _SmbSmb1Assembly SmbSmb1Assembly;

/*
 * smb_smb1_assembly_new: for a response of at most so many bytes.
 * smb_smb1_assembly_add: takes in a part. SMB_ERROR_PROTOCOL if it lies outside of what was asked for or
 *   announced, brings what was there already, or nothing at all.
 * smb_smb1_assembly_is_complete: whether all is there.
 *
 * smb_smb1_transaction_is_whole: whether one message holds all of the response.
 * smb_smb1_transaction_join: such a message, with the header of @message, whatever the command was: an
 *   NT_TRANSACT response, for that can say all sizes.
 */
SmbSmb1Assembly *smb_smb1_assembly_new         (guint32                         max_parameters,
                                                guint32                         max_data);
void             smb_smb1_assembly_free        (SmbSmb1Assembly                *self);
gboolean         smb_smb1_assembly_add         (SmbSmb1Assembly                *self,
                                                const SmbSmb1TransactionReply  *part,
                                                GError                        **error);
gboolean         smb_smb1_assembly_is_complete (const SmbSmb1Assembly          *self);
GBytes          *smb_smb1_assembly_to_message  (const SmbSmb1Assembly          *self,
                                                const guint8                   *header);

gboolean         smb_smb1_transaction_is_whole (const SmbSmb1TransactionReply  *reply);
GBytes          *smb_smb1_transaction_join     (const guint8                   *header,
                                                const guint8                   *parameters,
                                                gsize                           n_parameters,
                                                const guint8                   *data,
                                                gsize                           n_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbSmb1Assembly, smb_smb1_assembly_free)

G_END_DECLS
