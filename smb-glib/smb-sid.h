/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

#define SMB_TYPE_SID (smb_sid_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbSid, smb_sid, SMB, SID, GObject)

SMB_EXTERN SmbSid        *smb_sid_new_from_string     (const char  *text,
                                                       GError     **error);

SMB_EXTERN char          *smb_sid_to_string           (SmbSid      *self);
SMB_EXTERN const char    *smb_sid_get_well_known_name (SmbSid      *self);
SMB_EXTERN guint          smb_sid_get_revision        (SmbSid      *self);
SMB_EXTERN guint64        smb_sid_get_authority       (SmbSid      *self);
SMB_EXTERN const guint32 *smb_sid_get_sub_authorities (SmbSid      *self,
                                                       gsize       *n_sub_authorities);

SMB_EXTERN gboolean       smb_sid_equal               (SmbSid      *a,
                                                       SmbSid      *b);
SMB_EXTERN guint          smb_sid_hash                (SmbSid      *self);

G_END_DECLS
