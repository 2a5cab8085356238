/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

#define SMB_MD4_SIZE    16
#define SMB_MD5_SIZE    16
#define SMB_SHA512_SIZE 64

/*
 * smb_sha512_update_chain: @hash becomes SHA-512 (@hash | message), the step of the
 *   pre-authentication integrity hash ([MS-SMB2] 3.1.4.1). Begin with zeros.
 * smb_md4, smb_md5, smb_hmac_md5: one-shot; the message is the concatenation of the vectors.
 * smb_des_hash: DES () of [MS-NLMP] 6: one ECB block under the 56 bits of @key. @out may be @in.
 */
SMB_EXTERN void smb_sha512_update_chain (guint8               hash[SMB_SHA512_SIZE],
                                         const GOutputVector *vectors,
                                         gsize                n_vectors);

SMB_EXTERN void smb_md4                 (gconstpointer        data,
                                         gsize                size,
                                         guint8               digest[SMB_MD4_SIZE]);
SMB_EXTERN void smb_md5                 (const GOutputVector *vectors,
                                         gsize                n_vectors,
                                         guint8               digest[SMB_MD5_SIZE]);
SMB_EXTERN void smb_hmac_md5            (gconstpointer        key,
                                         gsize                key_size,
                                         const GOutputVector *vectors,
                                         gsize                n_vectors,
                                         guint8               digest[SMB_MD5_SIZE]);

SMB_EXTERN void smb_des_hash            (const guint8         key[7],
                                         const guint8         in[8],
                                         guint8               out[8]);

/**
 * SmbRc4:
 *
 * An RC4 key stream that goes on from call to call, as NTLM's sealing handle does
 * ([MS-NLMP] 3.4.4). Used by one thread at a time.
 */
typedef struct _SmbRc4 SmbRc4;

/*
 * smb_rc4_new: 1 to 256 bytes of key.
 * smb_rc4_crypt: @out may be @in.
 * smb_rc4: RC4K () of [MS-NLMP] 6, the whole message at once.
 */
SMB_EXTERN SmbRc4 *smb_rc4_new   (gconstpointer key,
                                  gsize         key_size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void    smb_rc4_free  (SmbRc4       *self);
SMB_EXTERN void    smb_rc4_crypt (SmbRc4       *self,
                                  gconstpointer in,
                                  gsize         size,
                                  guint8       *out);
SMB_EXTERN void    smb_rc4       (gconstpointer key,
                                  gsize         key_size,
                                  gconstpointer in,
                                  gsize         size,
                                  guint8       *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbRc4, smb_rc4_free)

G_END_DECLS
