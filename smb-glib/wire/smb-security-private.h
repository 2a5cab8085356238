/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire/smb-reader.h"
#include "wire/smb-security.h"

G_BEGIN_DECLS

/*
 * The parts that make up a descriptor. The readers take what is next; the caller finishes.
 *
 * smb_acl_data_read: never NULL.
 * smb_acl_data_write: FALSE if the list or an entry is too long for its 16-bit size.
 */
void        smb_sid_data_read  (SmbReader        *r,
                                SmbSidData       *self);
SmbAclData *smb_acl_data_read  (SmbReader        *r) G_GNUC_WARN_UNUSED_RESULT;
gboolean    smb_acl_data_write (const SmbAclData *self,
                                SmbWriter        *writer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
