/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

#define SMB_AEAD_TAG_SIZE       16
#define SMB_AEAD_MAX_NONCE_SIZE 12
#define SMB_AEAD_MAX_KEY_SIZE   32

/**
 * SmbCipher:
 * @SMB_CIPHER_AES_128_CCM: 16 byte key, 11 byte nonce
 * @SMB_CIPHER_AES_128_GCM: 16 byte key, 12 byte nonce
 * @SMB_CIPHER_AES_256_CCM: 32 byte key, 11 byte nonce
 * @SMB_CIPHER_AES_256_GCM: 32 byte key, 12 byte nonce
 *
 * All of them with a tag of 16 bytes.
 */
typedef enum
{
  SMB_CIPHER_AES_128_CCM,
  SMB_CIPHER_AES_128_GCM,
  SMB_CIPHER_AES_256_CCM,
  SMB_CIPHER_AES_256_GCM,
} SmbCipher;

/**
 * SmbAead:
 *
 * Authenticated encryption under one key, in place. Used by one thread at a time.
 */
typedef struct _SmbAead SmbAead;

/*
 * smb_aead_new: NULL if @key_size is not the cipher's or the machine's crypto policy forbids the
 *   cipher. Copies the key.
 * smb_aead_seal: encrypts @vectors where they are and writes @tag. @nonce has
 *   smb_cipher_get_nonce_size() bytes and must never come twice under one key. @aad is
 *   authenticated only. FALSE only if GnuTLS fails; what the vectors hold then is undefined.
 * smb_aead_open: the reverse. FALSE if the tag does not match (compared in constant time); the
 *   vectors then are all zeros, so that nothing unverified can be used.
 */
SMB_EXTERN gsize     smb_cipher_get_key_size   (SmbCipher           cipher);
SMB_EXTERN gsize     smb_cipher_get_nonce_size (SmbCipher           cipher);

SMB_EXTERN SmbAead  *smb_aead_new              (SmbCipher           cipher,
                                                const guint8       *key,
                                                gsize               key_size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void      smb_aead_free             (SmbAead            *self);
SMB_EXTERN SmbCipher smb_aead_get_cipher       (const SmbAead      *self);
SMB_EXTERN gboolean  smb_aead_seal             (SmbAead            *self,
                                                const guint8       *nonce,
                                                gconstpointer       aad,
                                                gsize               aad_size,
                                                const GInputVector *vectors,
                                                gsize               n_vectors,
                                                guint8              tag[SMB_AEAD_TAG_SIZE])
                                               G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN gboolean  smb_aead_open             (SmbAead            *self,
                                                const guint8       *nonce,
                                                gconstpointer       aad,
                                                gsize               aad_size,
                                                const GInputVector *vectors,
                                                gsize               n_vectors,
                                                const guint8        tag[SMB_AEAD_TAG_SIZE])
                                               G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbAead, smb_aead_free)

G_END_DECLS
