/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-ace.h"

G_BEGIN_DECLS

#define SMB_TYPE_ACL (smb_acl_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbAcl, smb_acl, SMB, ACL, GObject)

SMB_EXTERN SmbAcl    *smb_acl_new          (GPtrArray *aces);

SMB_EXTERN guint      smb_acl_get_revision (SmbAcl    *self);
SMB_EXTERN GPtrArray *smb_acl_get_aces     (SmbAcl    *self);

G_END_DECLS
