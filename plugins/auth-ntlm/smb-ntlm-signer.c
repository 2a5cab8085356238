/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-ntlm-signer.h"

#include <string.h>

/* [MS-NLMP] 3.4.5.2 and 3.4.5.3; the zero at the end belongs to them. */
static const char *const sign_magic[] = {
  [SMB_NTLM_CLIENT_TO_SERVER] = "session key to client-to-server signing key magic constant",
  [SMB_NTLM_SERVER_TO_CLIENT] = "session key to server-to-client signing key magic constant",
};
static const char *const seal_magic[] = {
  [SMB_NTLM_CLIENT_TO_SERVER] = "session key to client-to-server sealing key magic constant",
  [SMB_NTLM_SERVER_TO_CLIENT] = "session key to server-to-client sealing key magic constant",
};

static void
derive (const guint8 *key,
        gsize         key_size,
        const char   *magic,
        guint8        out[SMB_NTLM_KEY_SIZE])
{
  const GOutputVector vectors[] = { { key, key_size }, { magic, strlen (magic) + 1 } };

  smb_md5 (vectors, G_N_ELEMENTS (vectors), out);
}

/* What of the key counts for sealing is negotiated. */
static gsize
get_seal_strength (guint32 flags)
{
  if (flags & SMB_NTLM_128)
    return 16;
  return (flags & SMB_NTLM_56) ? 7 : 5;
}

void
smb_ntlm_signer_init (SmbNtlmSigner    *self,
                      const guint8      session_key[SMB_NTLM_KEY_SIZE],
                      guint32           flags,
                      SmbNtlmDirection  direction)
{
  guint8 seal_key[SMB_NTLM_KEY_SIZE];

  derive (session_key, SMB_NTLM_KEY_SIZE, sign_magic[direction], self->sign_key);
  derive (session_key, get_seal_strength (flags), seal_magic[direction], seal_key);
  self->seal = smb_rc4_new (seal_key, sizeof seal_key);
  self->seal_checksum = (flags & SMB_NTLM_KEY_EXCHANGE) != 0;
  self->sequence = 0;
  smb_memory_wipe (seal_key, sizeof seal_key);
}

void
smb_ntlm_signer_sign (SmbNtlmSigner *self,
                      gconstpointer  data,
                      gsize          size,
                      guint8         signature[SMB_NTLM_SIGNATURE_SIZE])
{
  const guint32 version = GUINT32_TO_LE (1);
  guint32 sequence = GUINT32_TO_LE (self->sequence++);
  const GOutputVector vectors[] = { { &sequence, sizeof sequence }, { data, size } };
  guint8 checksum[SMB_MD5_SIZE];

  smb_hmac_md5 (self->sign_key, sizeof self->sign_key, vectors, G_N_ELEMENTS (vectors), checksum);
  if (self->seal_checksum)
    smb_rc4_crypt (self->seal, checksum, 8, checksum);

  memcpy (signature, &version, 4);
  memcpy (signature + 4, checksum, 8);
  memcpy (signature + 12, &sequence, 4);
}

void
smb_ntlm_signer_clear (SmbNtlmSigner *self)
{
  g_clear_pointer (&self->seal, smb_rc4_free);
  smb_memory_wipe (self->sign_key, sizeof self->sign_key);
}
