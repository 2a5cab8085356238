/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-outstanding.h"
#include "smb-smb2-session.h"

G_BEGIN_DECLS

/* Opens, splits and verifies a received frame; see SmbDialectClass.parse. On error @items is as it was, and
 * the connection must end. */
gboolean smb_smb2_parse (SmbSmb2Session      *session,
                         SmbSmb2Outstanding  *outstanding,
                         SmbReceived         *message,
                         GArray              *items,
                         GError             **error);

/* See SmbDialectClass.peek. */
#define SMB_SMB2_PEEK_SIZE (SMB_SMB2_HEADER_SIZE + 16)

gboolean smb_smb2_peek  (SmbSmb2Outstanding  *outstanding,
                         const guint8        *bytes,
                         gsize                size,
                         gsize                message_size,
                         guint64             *key,
                         gsize               *payload_offset,
                         gsize               *payload_size);

G_END_DECLS
