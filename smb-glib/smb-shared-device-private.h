/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-shared-device.h"

G_BEGIN_DECLS

/* @type is SMB_SRVSVC_SHARE_* as the server sent it. */
SmbSharedDevice *smb_shared_device_new (const char *name,
                                        const char *comments,
                                        guint32     type) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
