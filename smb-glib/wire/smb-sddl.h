/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire/smb-security.h"

G_BEGIN_DECLS

/*
 * Security descriptors as text ([MS-DTYP] 2.5.1).
 *
 * smb_sddl_write: what the descriptor has, with the short names of identifiers that mean the same
 *   everywhere. NULL with SMB_ERROR_NOT_SUPPORTED for an entry with a condition or an attribute, or of a type
 *   that has no name.
 * smb_sddl_read: NULL with SMB_ERROR_INVALID_ARGUMENT for what is no such text, and for the short names of
 *   members of a domain, which only mean something to those who know which domain; with
 *   SMB_ERROR_NOT_SUPPORTED for the entries that are not written either.
 */
SMB_EXTERN char                      *smb_sddl_write (const SmbSecurityDescriptorData  *descriptor,
                                                      GError                          **error)
                                      G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN SmbSecurityDescriptorData *smb_sddl_read  (const char                       *text,
                                                      GError                          **error)
                                      G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
