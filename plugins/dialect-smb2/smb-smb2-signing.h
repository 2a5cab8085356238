/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/*
 * Signatures of single messages ([MS-SMB2] 3.1.4.1, 3.1.5.1). In a compound each is signed for itself, over
 * the padding behind it too.
 *
 * smb_smb2_sign: sets the signature in @header, the first 64 bytes of what @vectors describe. SIGNED must be
 *   among its flags already, and the signature must be zero. Whoever the flags say sent it, signs: client or
 *   server.
 * smb_smb2_verify: whether the signature of @bytes, with @payload behind them, is @mac's. @bytes is written
 *   to meanwhile and is the same again afterwards.
 */
gboolean smb_smb2_sign   (SmbMac               *mac,
                          guint8               *header,
                          const GOutputVector  *vectors,
                          guint                 n_vectors,
                          GError              **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean smb_smb2_verify (SmbMac               *mac,
                          guint8               *bytes,
                          gsize                 size,
                          const guint8         *payload,
                          gsize                 payload_size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
