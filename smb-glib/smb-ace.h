/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-security-enums.h"
#include "smb-sid.h"

G_BEGIN_DECLS

#define SMB_TYPE_ACE (smb_ace_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbAce, smb_ace, SMB, ACE, GObject)

SMB_EXTERN SmbAce      *smb_ace_new                       (SmbAceType   type,
                                                           SmbAceFlags  flags,
                                                           guint32      mask,
                                                           SmbSid      *sid);

SMB_EXTERN SmbAceType   smb_ace_get_ace_type              (SmbAce *self);
SMB_EXTERN SmbAceFlags  smb_ace_get_flags                 (SmbAce *self);
SMB_EXTERN guint32      smb_ace_get_mask                  (SmbAce *self);
SMB_EXTERN SmbSid      *smb_ace_get_sid                   (SmbAce *self);
SMB_EXTERN const char  *smb_ace_get_object_type           (SmbAce *self);
SMB_EXTERN const char  *smb_ace_get_inherited_object_type (SmbAce *self);
SMB_EXTERN GBytes      *smb_ace_get_application_data      (SmbAce *self);
SMB_EXTERN gboolean     smb_ace_get_is_inherit_only       (SmbAce *self);

G_END_DECLS
