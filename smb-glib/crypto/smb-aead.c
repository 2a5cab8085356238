/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/smb-aead.h"

#include <gnutls/crypto.h>

#include "crypto/smb-secret.h"

/* A scatter list is handed to GnuTLS as it is. */
G_STATIC_ASSERT (sizeof (GInputVector) == sizeof (giovec_t));
G_STATIC_ASSERT (G_STRUCT_OFFSET (GInputVector, buffer) == G_STRUCT_OFFSET (giovec_t, iov_base));
G_STATIC_ASSERT (G_STRUCT_OFFSET (GInputVector, size) == G_STRUCT_OFFSET (giovec_t, iov_len));

struct _SmbAead
{
  SmbCipher               cipher;
  gnutls_aead_cipher_hd_t handle;
};

static const struct
{
  gnutls_cipher_algorithm_t algorithm;
  gsize                     key_size;
  gsize                     nonce_size;
} ciphers[] = {
  [SMB_CIPHER_AES_128_CCM] = { GNUTLS_CIPHER_AES_128_CCM, 16, 11 },
  [SMB_CIPHER_AES_128_GCM] = { GNUTLS_CIPHER_AES_128_GCM, 16, 12 },
  [SMB_CIPHER_AES_256_CCM] = { GNUTLS_CIPHER_AES_256_CCM, 32, 11 },
  [SMB_CIPHER_AES_256_GCM] = { GNUTLS_CIPHER_AES_256_GCM, 32, 12 },
};

gsize
smb_cipher_get_key_size (SmbCipher cipher)
{
  g_return_val_if_fail (cipher < G_N_ELEMENTS (ciphers), 0);

  return ciphers[cipher].key_size;
}

gsize
smb_cipher_get_nonce_size (SmbCipher cipher)
{
  g_return_val_if_fail (cipher < G_N_ELEMENTS (ciphers), 0);

  return ciphers[cipher].nonce_size;
}

SmbAead *
smb_aead_new (SmbCipher     cipher,
              const guint8 *key,
              gsize         key_size)
{
  g_autoptr(SmbAead) self = NULL;
  const gnutls_datum_t datum = { (guint8 *) key, key_size };

  g_return_val_if_fail (cipher < G_N_ELEMENTS (ciphers), NULL);

  if (key_size != ciphers[cipher].key_size)
    return NULL;

  self = g_new0 (SmbAead, 1);
  self->cipher = cipher;
  if (gnutls_aead_cipher_init (&self->handle, ciphers[cipher].algorithm, &datum) != 0)
    return NULL;

  return g_steal_pointer (&self);
}

/* GnuTLS wipes the keys in its handle. */
void
smb_aead_free (SmbAead *self)
{
  if (self == NULL)
    return;

  if (self->handle != NULL)
    gnutls_aead_cipher_deinit (self->handle);

  g_free (self);
}

SmbCipher
smb_aead_get_cipher (const SmbAead *self)
{
  return self->cipher;
}

/*
 * GCM works on the vectors themselves. For CCM, which needs the whole message at once, GnuTLS (seen in
 * 3.7.9) copies them to a buffer of its own and back: 4 % of the time that CCM takes.
 */
gboolean
smb_aead_seal (SmbAead            *self,
               const guint8       *nonce,
               gconstpointer       aad,
               gsize               aad_size,
               const GInputVector *vectors,
               gsize               n_vectors,
               guint8              tag[SMB_AEAD_TAG_SIZE])
{
  const giovec_t auth = { (gpointer) aad, aad_size };
  gsize tag_size = SMB_AEAD_TAG_SIZE;

  return gnutls_aead_cipher_encryptv2 (self->handle, nonce, ciphers[self->cipher].nonce_size,
                                       &auth, aad_size > 0 ? 1 : 0,
                                       (const giovec_t *) vectors, n_vectors, tag, &tag_size) == 0;
}

gboolean
smb_aead_open (SmbAead            *self,
               const guint8       *nonce,
               gconstpointer       aad,
               gsize               aad_size,
               const GInputVector *vectors,
               gsize               n_vectors,
               const guint8        tag[SMB_AEAD_TAG_SIZE])
{
  const giovec_t auth = { (gpointer) aad, aad_size };

  if (gnutls_aead_cipher_decryptv2 (self->handle, nonce, ciphers[self->cipher].nonce_size,
                                    &auth, aad_size > 0 ? 1 : 0,
                                    (const giovec_t *) vectors, n_vectors,
                                    (gpointer) tag, SMB_AEAD_TAG_SIZE) == 0)
    return TRUE;

  for (gsize i = 0; i < n_vectors; i++)
    smb_memory_wipe (vectors[i].buffer, vectors[i].size);

  return FALSE;
}
