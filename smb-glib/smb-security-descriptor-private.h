/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-security-descriptor.h"
#include "wire/smb-security.h"

G_BEGIN_DECLS

/* A copy of what the wire says. */
SmbSecurityDescriptor *smb_security_descriptor_new (const SmbSecurityDescriptorData *data)
                       G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
