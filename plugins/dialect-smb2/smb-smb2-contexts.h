/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-negotiate.h"

G_BEGIN_DECLS

/*
 * The contexts of a NEGOTIATE of SMB 3.1.1 ([MS-SMB2] 2.2.3.1, 2.2.4.1).
 *
 * smb_smb2_contexts_write: appends them, aligned from @writer's base, and returns how many.
 * smb_smb2_contexts_read: reads @count of them from @offset from the beginning of @message into @terms.
 *   SMB_ERROR_SECURITY for a context that comes twice, a choice that was not offered or no choice of a hash.
 *   Types that are not known are skipped.
 */
guint    smb_smb2_contexts_write (const SmbSmb2Offer  *offer,
                                  const char          *target_host,
                                  SmbWriter           *writer);
gboolean smb_smb2_contexts_read  (SmbSmb2Terms        *terms,
                                  const SmbSmb2Offer  *offer,
                                  SmbReader           *message,
                                  guint                offset,
                                  guint                count,
                                  GError             **error);

G_END_DECLS
