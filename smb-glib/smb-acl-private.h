/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-acl.h"
#include "wire/smb-security.h"

G_BEGIN_DECLS

/* Copies of what the wire says, and for the wire. */
SmbAce           *smb_ace_new_from_data (const SmbAceData *data) G_GNUC_WARN_UNUSED_RESULT;
const SmbAceData *smb_ace_get_data      (SmbAce           *self);
SmbAcl           *smb_acl_new_from_data (const SmbAclData *data) G_GNUC_WARN_UNUSED_RESULT;
SmbAclData       *smb_acl_to_data       (SmbAcl           *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
