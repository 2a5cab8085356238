/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-enums.h"
#include "smb-macros.h"

G_BEGIN_DECLS

#define SMB_TYPE_SHARED_DEVICE (smb_shared_device_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbSharedDevice, smb_shared_device, SMB, SHARED_DEVICE, GObject)

SMB_EXTERN const char    *smb_shared_device_get_name        (SmbSharedDevice *self);
SMB_EXTERN const char    *smb_shared_device_get_comments    (SmbSharedDevice *self);
SMB_EXTERN SmbDeviceType  smb_shared_device_get_device_type (SmbSharedDevice *self);
SMB_EXTERN gboolean       smb_shared_device_get_special     (SmbSharedDevice *self);
SMB_EXTERN gboolean       smb_shared_device_get_temporary   (SmbSharedDevice *self);

G_END_DECLS
