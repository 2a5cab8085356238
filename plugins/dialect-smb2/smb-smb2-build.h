/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-header.h"
#include "smb-smb2-negotiate.h"

G_BEGIN_DECLS

/*
 * Outgoing frames before they are finished. Their bytes begin with room for a TRANSFORM_HEADER, which is sent
 * only if the frame is sealed.
 *
 * smb_smb2_get_cost: the credits that @request takes ([MS-SMB2] 3.2.4.1.5).
 * smb_smb2_build: see SmbDialectClass.build; looks at nothing that changes after the negotiation.
 *   @security_mode is that of the NEGOTIATE.
 * smb_smb2_build_negotiate: it needs no finishing.
 * smb_smb2_build_cancel: to be finished with smb_smb2_protect(). @async_id is 0 where none is known.
 */
guint     smb_smb2_get_cost        (const SmbSmb2Terms  *terms,
                                    const SmbRequest    *request);
SmbFrame *smb_smb2_build           (const SmbSmb2Terms  *terms,
                                    guint16              security_mode,
                                    SmbRequest *const   *requests,
                                    guint                n_requests,
                                    GError             **error);
SmbFrame *smb_smb2_build_negotiate (const SmbSmb2Offer  *offer,
                                    const char          *target_host);
SmbFrame *smb_smb2_build_cancel    (guint64              message_id,
                                    guint64              async_id);

G_END_DECLS
