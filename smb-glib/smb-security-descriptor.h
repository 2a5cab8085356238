/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-acl.h"

G_BEGIN_DECLS

#define SMB_TYPE_SECURITY_DESCRIPTOR (smb_security_descriptor_get_type ())
SMB_EXTERN
G_DECLARE_FINAL_TYPE (SmbSecurityDescriptor, smb_security_descriptor, SMB, SECURITY_DESCRIPTOR, GObject)

SMB_EXTERN SmbSecurityDescriptor *smb_security_descriptor_new           (SmbSid                      *owner,
                                                                         SmbSid                      *group,
                                                                         SmbAcl                      *dacl,
                                                                         SmbAcl                      *sacl,
                                                                         SmbSecurityDescriptorFlags   flags);
SMB_EXTERN SmbSecurityDescriptor *smb_security_descriptor_new_from_sddl (const char                  *sddl,
                                                                         GError                     **error);
SMB_EXTERN char                  *smb_security_descriptor_to_sddl       (SmbSecurityDescriptor       *self,
                                                                         GError                     **error);

SMB_EXTERN SmbSecurityDescriptorFlags  smb_security_descriptor_get_flags (SmbSecurityDescriptor *self);
SMB_EXTERN SmbSid                     *smb_security_descriptor_get_owner (SmbSecurityDescriptor *self);
SMB_EXTERN SmbSid                     *smb_security_descriptor_get_group (SmbSecurityDescriptor *self);
SMB_EXTERN SmbAcl                     *smb_security_descriptor_get_dacl  (SmbSecurityDescriptor *self);
SMB_EXTERN SmbAcl                     *smb_security_descriptor_get_sacl  (SmbSecurityDescriptor *self);

G_END_DECLS
