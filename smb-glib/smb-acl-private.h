/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-acl.h"
#include "wire/smb-security.h"

G_BEGIN_DECLS

/* Copies of what the wire says. */
SmbAce *smb_ace_new (const SmbAceData *data) G_GNUC_WARN_UNUSED_RESULT;
SmbAcl *smb_acl_new (const SmbAclData *data) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
