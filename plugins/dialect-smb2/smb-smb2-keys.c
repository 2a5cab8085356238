/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-keys.h"

#include <string.h>

/* Session.SessionKey is 16 bytes whatever the mechanism gave ([MS-SMB2] 3.2.1.3). */
#define SESSION_KEY_SIZE 16

/* One derivation; the sizes count the zero at the end, as the specification does. */
typedef struct
{
  const char *label;
  gsize       label_size;
  const char *context; /* NULL: the hash */
  gsize       context_size;
} Purpose;

#define PURPOSE(label, context) { label, sizeof label, context, sizeof context }
#define HASH_PURPOSE(label)     { label, sizeof label, NULL, SMB_SHA512_SIZE }

typedef struct
{
  Purpose signing;
  Purpose sealing;
  Purpose opening;
} Purposes;

static const Purposes purposes_3_0 = {
  PURPOSE ("SMB2AESCMAC", "SmbSign"),
  PURPOSE ("SMB2AESCCM", "ServerIn "),
  PURPOSE ("SMB2AESCCM", "ServerOut"),
};

static const Purposes purposes_3_1_1 = {
  HASH_PURPOSE ("SMBSigningKey"),
  HASH_PURPOSE ("SMBC2SCipherKey"),
  HASH_PURPOSE ("SMBS2CCipherKey"),
};

static void
derive (const Purpose *purpose,
        const guint8  *hash,
        gconstpointer  key,
        gsize          key_size,
        guint8        *out,
        gsize          out_size)
{
  gconstpointer context = purpose->context == NULL ? (gconstpointer) hash : purpose->context;

  smb_kdf_derive (key, key_size, purpose->label, purpose->label_size, context, purpose->context_size,
                  out, out_size);
}

/* AES-256 begins from the whole key of the mechanism, AES-128 and signing from 16 bytes of it. */
static void
derive_cipher_keys (SmbSmb2Keys        *keys,
                    const SmbSmb2Terms *terms,
                    const Purposes     *purposes,
                    const guint8       *hash,
                    gconstpointer       key,
                    gsize               key_size)
{
  gsize size = smb_cipher_get_key_size (terms->cipher);

  derive (&purposes->sealing, hash, key, key_size, keys->sealing, size);
  derive (&purposes->opening, hash, key, key_size, keys->opening, size);
}

void
smb_smb2_keys_derive (SmbSmb2Keys        *keys,
                      const SmbSmb2Terms *terms,
                      const guint8        hash[SMB_SHA512_SIZE],
                      gconstpointer       session_key,
                      gsize               session_key_size)
{
  const Purposes *purposes = terms->dialect >= 0x0311 ? &purposes_3_1_1 : &purposes_3_0;
  guint8 key[SESSION_KEY_SIZE] = { 0 };

  memset (keys, 0, sizeof *keys);
  memcpy (key, session_key, MIN (session_key_size, sizeof key));

  if (terms->dialect < 0x0300)
    memcpy (keys->signing, key, sizeof key);
  else
    derive (&purposes->signing, hash, key, sizeof key, keys->signing, sizeof keys->signing);

  if (terms->can_seal && smb_cipher_get_key_size (terms->cipher) > SESSION_KEY_SIZE)
    derive_cipher_keys (keys, terms, purposes, hash, session_key, session_key_size);
  else if (terms->can_seal)
    derive_cipher_keys (keys, terms, purposes, hash, key, sizeof key);

  smb_memory_wipe (key, sizeof key);
}
