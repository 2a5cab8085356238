/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

#define SMB_TYPE_URI (smb_uri_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbUri, smb_uri, SMB, URI, GObject)

SMB_EXTERN SmbUri     *smb_uri_parse      (const char  *text,
                                           GError     **error);

SMB_EXTERN const char *smb_uri_get_domain (SmbUri      *self);
SMB_EXTERN const char *smb_uri_get_user   (SmbUri      *self);
SMB_EXTERN const char *smb_uri_get_host   (SmbUri      *self);
SMB_EXTERN guint16     smb_uri_get_port   (SmbUri      *self);
SMB_EXTERN const char *smb_uri_get_share  (SmbUri      *self);
SMB_EXTERN const char *smb_uri_get_path   (SmbUri      *self);

G_END_DECLS
