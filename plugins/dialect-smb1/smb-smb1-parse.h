/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-finish.h"

G_BEGIN_DECLS

/* Verifies a received message and says what it is; see SmbDialectClass.parse. On error @items is as it was,
 * and the connection must end. */
gboolean smb_smb1_parse (SmbSmb1State  *state,
                         SmbReceived   *message,
                         GArray        *items,
                         GError       **error);

/* See SmbDialectClass.peek: header, WordCount, words and ByteCount of a READ_ANDX response. */
#define SMB_SMB1_PEEK_SIZE (SMB_SMB1_MIN_SIZE + 2 * 12)

gboolean smb_smb1_peek  (SmbSmb1State  *state,
                         const guint8  *bytes,
                         gsize          size,
                         gsize          message_size,
                         guint64       *key,
                         gsize         *payload_offset,
                         gsize         *payload_size);

G_END_DECLS
