/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/smb-mac.h"

#include <gnutls/crypto.h>

#include "crypto/smb-cbc-mac.h"
#include "crypto/smb-secret.h"

/* A gather list is handed to GnuTLS as it is. */
G_STATIC_ASSERT (sizeof (GOutputVector) == sizeof (giovec_t));
G_STATIC_ASSERT (G_STRUCT_OFFSET (GOutputVector, buffer) == G_STRUCT_OFFSET (giovec_t, iov_base));
G_STATIC_ASSERT (G_STRUCT_OFFSET (GOutputVector, size) == G_STRUCT_OFFSET (giovec_t, iov_len));

struct _SmbMac
{
  SmbMacAlgorithm         algorithm;
  gnutls_hmac_hd_t        hmac; /* NULL where one of these is there */
  SmbCbcMac              *cbc;  /* for CMAC */
  gnutls_aead_cipher_hd_t gcm;  /* for GMAC */
};

/* Where a policy forbids CBC itself, GnuTLS does all of it. */
static gboolean
init_cmac (SmbMac       *self,
           const guint8 *key)
{
  self->cbc = smb_cbc_mac_new (key);
  return self->cbc != NULL ||
         gnutls_hmac_init (&self->hmac, GNUTLS_MAC_AES_CMAC_128, key, SMB_MAC_KEY_SIZE) == 0;
}

static gboolean
init_handle (SmbMac       *self,
             const guint8 *key,
             gsize         key_size)
{
  const gnutls_datum_t datum = { (guint8 *) key, key_size };

  if (self->algorithm != SMB_MAC_HMAC_SHA256 && key_size != SMB_MAC_KEY_SIZE)
    return FALSE;

  switch (self->algorithm)
    {
    case SMB_MAC_HMAC_SHA256:
      return gnutls_hmac_init (&self->hmac, GNUTLS_MAC_SHA256, key, key_size) == 0;
    case SMB_MAC_AES_128_CMAC:
      return init_cmac (self, key);
    case SMB_MAC_AES_128_GMAC:
      return gnutls_aead_cipher_init (&self->gcm, GNUTLS_CIPHER_AES_128_GCM, &datum) == 0;
    default:
      return FALSE;
    }
}

SmbMac *
smb_mac_new (SmbMacAlgorithm  algorithm,
             const guint8    *key,
             gsize            key_size)
{
  g_autoptr(SmbMac) self = g_new0 (SmbMac, 1);

  self->algorithm = algorithm;
  if (!init_handle (self, key, key_size))
    return NULL;

  return g_steal_pointer (&self);
}

/* GnuTLS wipes the keys in its handles. */
void
smb_mac_free (SmbMac *self)
{
  if (self == NULL)
    return;

  if (self->hmac != NULL)
    gnutls_hmac_deinit (self->hmac, NULL);
  if (self->gcm != NULL)
    gnutls_aead_cipher_deinit (self->gcm);
  smb_cbc_mac_free (self->cbc);

  g_free (self);
}

SmbMacAlgorithm
smb_mac_get_algorithm (const SmbMac *self)
{
  return self->algorithm;
}

/*
 * GCM without a text is GMAC (NIST SP 800-38D, 3), and in GnuTLS 2.7 times as fast as
 * GNUTLS_MAC_AES_GMAC_128 since it uses the implementation for the whole cipher.
 */
static gboolean
compute_gmac (SmbMac              *self,
              const guint8        *nonce,
              const GOutputVector *vectors,
              gsize                n_vectors,
              guint8              *tag)
{
  gsize tag_size = SMB_MAC_TAG_SIZE;

  return gnutls_aead_cipher_encryptv2 (self->gcm, nonce, SMB_MAC_NONCE_SIZE, (const giovec_t *) vectors,
                                       n_vectors, NULL, 0, tag, &tag_size) == 0;
}

static gboolean
compute_hmac (SmbMac              *self,
              const GOutputVector *vectors,
              gsize                n_vectors,
              guint8              *tag)
{
  guint8 digest[32]; /* the longest: SHA-256 */
  gboolean ok = TRUE;

  for (gsize i = 0; i < n_vectors; i++)
    ok &= vectors[i].size == 0 || gnutls_hmac (self->hmac, vectors[i].buffer, vectors[i].size) == 0;

  gnutls_hmac_output (self->hmac, digest); /* resets the handle in any case */
  memcpy (tag, digest, SMB_MAC_TAG_SIZE);

  return ok;
}

gboolean
smb_mac_compute (SmbMac              *self,
                 const guint8        *nonce,
                 const GOutputVector *vectors,
                 gsize                n_vectors,
                 guint8               tag[SMB_MAC_TAG_SIZE])
{
  gboolean ok;

  g_return_val_if_fail ((nonce != NULL) == (self->algorithm == SMB_MAC_AES_128_GMAC), FALSE);

  if (self->algorithm == SMB_MAC_AES_128_GMAC)
    ok = compute_gmac (self, nonce, vectors, n_vectors, tag);
  else if (self->cbc != NULL)
    ok = smb_cbc_mac_compute (self->cbc, vectors, n_vectors, tag);
  else
    ok = compute_hmac (self, vectors, n_vectors, tag);

  if (!ok)
    memset (tag, 0, SMB_MAC_TAG_SIZE);

  return ok;
}

gboolean
smb_mac_verify (SmbMac              *self,
                const guint8        *nonce,
                const GOutputVector *vectors,
                gsize                n_vectors,
                const guint8         tag[SMB_MAC_TAG_SIZE])
{
  guint8 computed[SMB_MAC_TAG_SIZE];

  return smb_mac_compute (self, nonce, vectors, n_vectors, computed) &&
         smb_memory_equal (computed, tag, SMB_MAC_TAG_SIZE);
}
