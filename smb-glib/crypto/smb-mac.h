/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

#define SMB_MAC_KEY_SIZE   16
#define SMB_MAC_NONCE_SIZE 12
#define SMB_MAC_TAG_SIZE   16

/**
 * SmbMacAlgorithm:
 * @SMB_MAC_HMAC_SHA256: HMAC-SHA256, the first 16 bytes of it (any key size)
 * @SMB_MAC_AES_128_CMAC: AES-128-CMAC, RFC 4493
 * @SMB_MAC_AES_128_GMAC: AES-128-GMAC, NIST SP 800-38D; the only one with a nonce
 */
typedef enum
{
  SMB_MAC_HMAC_SHA256,
  SMB_MAC_AES_128_CMAC,
  SMB_MAC_AES_128_GMAC,
} SmbMacAlgorithm;

/**
 * SmbMac:
 *
 * A message authentication code under one key. The key is expanded once, so keep the
 * object as long as the key. Used by one thread at a time.
 */
typedef struct _SmbMac SmbMac;

/*
 * smb_mac_new: NULL if @key_size does not fit (AES takes SMB_MAC_KEY_SIZE bytes) or the machine's
 *   crypto policy forbids the algorithm. Copies the key.
 * smb_mac_compute: @nonce has SMB_MAC_NONCE_SIZE bytes for GMAC and is NULL for the others. The
 *   message is the concatenation of @vectors and is never copied. FALSE only if GnuTLS fails, and
 *   then @tag is all zeros: treat it as a message that cannot be sent.
 * smb_mac_verify: computes and compares with @tag in constant time.
 */
SMB_EXTERN SmbMac         *smb_mac_new           (SmbMacAlgorithm      algorithm,
                                                  const guint8        *key,
                                                  gsize                key_size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void            smb_mac_free          (SmbMac              *self);
SMB_EXTERN SmbMacAlgorithm smb_mac_get_algorithm (const SmbMac        *self);
SMB_EXTERN gboolean        smb_mac_compute       (SmbMac              *self,
                                                  const guint8        *nonce,
                                                  const GOutputVector *vectors,
                                                  gsize                n_vectors,
                                                  guint8               tag[SMB_MAC_TAG_SIZE])
                                                 G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN gboolean        smb_mac_verify        (SmbMac              *self,
                                                  const guint8        *nonce,
                                                  const GOutputVector *vectors,
                                                  gsize                n_vectors,
                                                  const guint8         tag[SMB_MAC_TAG_SIZE])
                                                 G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbMac, smb_mac_free)

G_END_DECLS
