/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/smb-cbc-mac.h"

#include <gnutls/crypto.h>

#include "crypto/smb-secret.h"

#define BLOCK_SIZE   16
/* What is encrypted goes here and is not looked at: it stays in the processor's cache. */
#define SCRATCH_SIZE 4096

struct _SmbCbcMac
{
  gnutls_cipher_hd_t cipher;
  guint8             whole_key[BLOCK_SIZE];  /* K1 */
  guint8             padded_key[BLOCK_SIZE]; /* K2 */
  guint8             last[BLOCK_SIZE];       /* what came last: that is treated otherwise */
  gsize              n_last;
  guint8             scratch[SCRATCH_SIZE];
};

static void
reset (SmbCbcMac *self)
{
  static const guint8 zero[BLOCK_SIZE];

  self->n_last = 0;
  gnutls_cipher_set_iv (self->cipher, (void *) zero, sizeof zero);
}

/* Doubles a block in GF(2^128) (RFC 4493, 2.3). */
static void
double_block (const guint8 *in,
              guint8       *out)
{
  guint8 carry = in[0] >> 7;

  for (guint i = 0; i < BLOCK_SIZE - 1; i++)
    out[i] = (guint8) (in[i] << 1 | in[i + 1] >> 7);
  out[BLOCK_SIZE - 1] = (guint8) (in[BLOCK_SIZE - 1] << 1 ^ carry * 0x87);
}

static gboolean
make_keys (SmbCbcMac *self)
{
  guint8   block[BLOCK_SIZE] = { 0 };
  gboolean ok;

  reset (self);
  ok = gnutls_cipher_encrypt (self->cipher, block, sizeof block) == 0;
  double_block (block, self->whole_key);
  double_block (self->whole_key, self->padded_key);
  smb_memory_wipe (block, sizeof block);
  return ok;
}

SmbCbcMac *
smb_cbc_mac_new (const guint8 *key)
{
  g_autoptr(SmbCbcMac) self = g_new0 (SmbCbcMac, 1);
  const gnutls_datum_t datum = { (guint8 *) key, BLOCK_SIZE };
  const gnutls_datum_t iv = { self->last, BLOCK_SIZE };

  if (gnutls_cipher_init (&self->cipher, GNUTLS_CIPHER_AES_128_CBC, &datum, &iv) != 0)
    {
      self->cipher = NULL;
      return NULL;
    }
  return make_keys (self) ? g_steal_pointer (&self) : NULL;
}

void
smb_cbc_mac_free (SmbCbcMac *self)
{
  if (self == NULL)
    return;

  if (self->cipher != NULL)
    gnutls_cipher_deinit (self->cipher);
  smb_memory_wipe (self, sizeof *self);
  g_free (self);
}

/* Whole blocks that are not the end. */
static gboolean
add_blocks (SmbCbcMac    *self,
            const guint8 *data,
            gsize         size)
{
  for (gsize part; size > 0; data += part, size -= part)
    {
      part = MIN (size, SCRATCH_SIZE);
      if (gnutls_cipher_encrypt2 (self->cipher, data, part, self->scratch, part) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
keep (SmbCbcMac    *self,
      const guint8 *data,
      gsize         size)
{
  if (size > 0)
    memcpy (self->last + self->n_last, data, size);
  self->n_last += size;
}

static gboolean
add (SmbCbcMac    *self,
     const guint8 *data,
     gsize         size)
{
  gsize part = MIN (size, BLOCK_SIZE - self->n_last);
  gsize whole;

  keep (self, data, part);
  if (size == part)
    return TRUE;

  data += part;
  size -= part;
  whole = (size - 1) / BLOCK_SIZE * BLOCK_SIZE; /* one byte at least stays */
  if (!add_blocks (self, self->last, BLOCK_SIZE) || !add_blocks (self, data, whole))
    return FALSE;
  self->n_last = 0;
  keep (self, data + whole, size - whole);
  return TRUE;
}

/* RFC 4493, 2.4 */
static gboolean
end (SmbCbcMac *self,
     guint8    *tag)
{
  const guint8 *key = self->n_last == BLOCK_SIZE ? self->whole_key : self->padded_key;

  if (self->n_last < BLOCK_SIZE)
    {
      memset (self->last + self->n_last, 0, BLOCK_SIZE - self->n_last);
      self->last[self->n_last] = 0x80;
    }
  for (guint i = 0; i < BLOCK_SIZE; i++)
    self->last[i] ^= key[i];
  return gnutls_cipher_encrypt2 (self->cipher, self->last, BLOCK_SIZE, tag, SMB_CBC_MAC_SIZE) == 0;
}

gboolean
smb_cbc_mac_compute (SmbCbcMac           *self,
                     const GOutputVector *vectors,
                     gsize                n_vectors,
                     guint8               tag[SMB_CBC_MAC_SIZE])
{
  reset (self);
  for (gsize i = 0; i < n_vectors; i++)
    if (!add (self, vectors[i].buffer, vectors[i].size))
      return FALSE;
  return end (self, tag);
}
