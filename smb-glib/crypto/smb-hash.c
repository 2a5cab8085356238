/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/smb-hash.h"

#include <nettle/arcfour.h>
#include <nettle/des.h>
#include <nettle/hmac.h>
#include <nettle/md4.h>
#include <nettle/sha2.h>

#include "crypto/smb-nettle.h"
#include "crypto/smb-secret.h"

/*
 * Nettle rather than GnuTLS: nothing here can fail, and MD4, RC4 and single DES, which NTLM is made
 * of, are not offered by GnuTLS or depend on the machine's crypto policy.
 */

struct _SmbRc4
{
  struct arcfour_ctx context;
};

void
smb_sha512_update_chain (guint8               hash[SMB_SHA512_SIZE],
                         const GOutputVector *vectors,
                         gsize                n_vectors)
{
  struct sha512_ctx sha512;

  sha512_init (&sha512);
  sha512_update (&sha512, SMB_SHA512_SIZE, hash);
  for (gsize i = 0; i < n_vectors; i++)
    sha512_update (&sha512, vectors[i].size, vectors[i].buffer);
  SMB_NETTLE_DIGEST (sha512_digest, &sha512, SMB_SHA512_SIZE, hash);
}

void
smb_md4 (gconstpointer data,
         gsize         size,
         guint8        digest[SMB_MD4_SIZE])
{
  struct md4_ctx md4;

  md4_init (&md4);
  md4_update (&md4, size, data);
  SMB_NETTLE_DIGEST (md4_digest, &md4, SMB_MD4_SIZE, digest);
  smb_memory_wipe (&md4, sizeof md4); /* it held a password */
}

void
smb_hmac_md5 (gconstpointer        key,
              gsize                key_size,
              const GOutputVector *vectors,
              gsize                n_vectors,
              guint8               digest[SMB_MD5_SIZE])
{
  struct hmac_md5_ctx hmac;

  hmac_md5_set_key (&hmac, key_size, key);
  for (gsize i = 0; i < n_vectors; i++)
    hmac_md5_update (&hmac, vectors[i].size, vectors[i].buffer);
  SMB_NETTLE_DIGEST (hmac_md5_digest, &hmac, SMB_MD5_SIZE, digest);
  smb_memory_wipe (&hmac, sizeof hmac);
}

/* Seven bits of key to each byte; the lowest bit, the parity, is ignored by DES itself. */
static void
expand_des_key (const guint8 key[7],
                guint8       expanded[DES_KEY_SIZE])
{
  guint64 bits = 0;

  for (guint i = 0; i < 7; i++)
    bits = bits << 8 | key[i];
  for (guint i = 0; i < DES_KEY_SIZE; i++)
    expanded[i] = bits >> (49 - 7 * i) << 1;
}

void
smb_des_hash (const guint8 key[7],
              const guint8 in[8],
              guint8       out[8])
{
  guint8 expanded[DES_KEY_SIZE];
  struct des_ctx des;

  expand_des_key (key, expanded);
  des_set_key (&des, expanded); /* says whether the key is weak: the protocol does not care */
  des_encrypt (&des, DES_BLOCK_SIZE, out, in);
  smb_memory_wipe (&des, sizeof des);
  smb_memory_wipe (expanded, sizeof expanded);
}

SmbRc4 *
smb_rc4_new (gconstpointer key,
             gsize         key_size)
{
  SmbRc4 *self;

  g_return_val_if_fail (key_size >= ARCFOUR_MIN_KEY_SIZE && key_size <= ARCFOUR_MAX_KEY_SIZE, NULL);

  self = g_new0 (SmbRc4, 1);
  arcfour_set_key (&self->context, key_size, key);

  return self;
}

void
smb_rc4_free (SmbRc4 *self)
{
  if (self == NULL)
    return;

  smb_memory_wipe (self, sizeof *self);
  g_free (self);
}

void
smb_rc4_crypt (SmbRc4        *self,
               gconstpointer  in,
               gsize          size,
               guint8        *out)
{
  arcfour_crypt (&self->context, size, out, in);
}

void
smb_rc4 (gconstpointer  key,
         gsize          key_size,
         gconstpointer  in,
         gsize          size,
         guint8        *out)
{
  g_autoptr(SmbRc4) rc4 = smb_rc4_new (key, key_size);

  if (rc4 != NULL)
    smb_rc4_crypt (rc4, in, size, out);
}
