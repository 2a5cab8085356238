/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-opens.h"

G_BEGIN_DECLS

/* See SmbDialectClass.decode. Takes note of what is opened and closed. After a failure (SMB_ERROR_PROTOCOL,
 * for a body that is malformed or holds more than was asked for) @reply says nothing but command and
 * status. */
gboolean smb_smb1_decode (SmbSmb1Opens      *opens,
                          const SmbItem     *item,
                          const SmbRequest  *request,
                          SmbReply          *reply,
                          GError           **error);

G_END_DECLS
