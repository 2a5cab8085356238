/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-security-descriptor.h"
#include "wire/smb-security.h"

G_BEGIN_DECLS

/* Copies of what the wire says, and for the wire. */
SmbSecurityDescriptor     *smb_security_descriptor_new_from_data (const SmbSecurityDescriptorData *data)
                           G_GNUC_WARN_UNUSED_RESULT;
SmbSecurityDescriptorData *smb_security_descriptor_to_data       (SmbSecurityDescriptor           *self)
                           G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
