/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

#define SMB_SMB2_TRANSFORM_SIZE       52
#define SMB_SMB2_TRANSFORM_NONCE_SIZE 16

/**
 * SmbSmb2Sealer:
 * @sealing: what is sent
 * @opening: what is received
 * @counter: the last nonce; it never goes back, and the key lives no longer than the object
 *
 * Encryption of whole frames ([MS-SMB2] 3.1.4.3, 3.2.5.1.1.1).
 */
typedef struct
{
  SmbAead *sealing; /* NULL: not set up */
  SmbAead *opening;
  guint64  counter;
} SmbSmb2Sealer;

/*
 * smb_smb2_sealer_init: SMB_ERROR_SECURITY if this machine does not allow @cipher.
 * smb_smb2_sealer_seal: @bytes holds 52 unused bytes and then the frame in the clear, which is encrypted
 *   where it is; @size counts both.
 * smb_smb2_sealer_open: the reverse, of what begins with a TRANSFORM_HEADER. SMB_ERROR_PROTOCOL if that
 *   cannot be read or is for another session, SMB_ERROR_SECURITY if it was tampered with.
 * smb_smb2_seal: the step itself, with a nonce that must never come twice under one key. The cipher uses the
 *   first 11 or 12 bytes of it.
 */
gboolean smb_smb2_sealer_init  (SmbSmb2Sealer  *self,
                                SmbCipher       cipher,
                                const guint8   *sealing_key,
                                const guint8   *opening_key,
                                GError        **error);
void     smb_smb2_sealer_clear (SmbSmb2Sealer  *self);
gboolean smb_smb2_sealer_seal  (SmbSmb2Sealer  *self,
                                guint64         session_id,
                                guint8         *bytes,
                                gsize           size,
                                GError        **error);
gboolean smb_smb2_sealer_open  (SmbSmb2Sealer  *self,
                                guint64         session_id,
                                guint8         *bytes,
                                gsize           size,
                                GError        **error);
gboolean smb_smb2_seal         (SmbAead        *aead,
                                guint64         session_id,
                                const guint8    nonce[SMB_SMB2_TRANSFORM_NONCE_SIZE],
                                guint8         *bytes,
                                gsize           size,
                                GError        **error);

G_END_DECLS
