/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

#include "crypto/smb-kdf.h"

#define PROTOCOL_TRANSFORM "\xfdSMB"
#define NONCE_AT           20
#define AAD_SIZE           32
#define FLAG_ENCRYPTED     1

static const guint8 other_key[SMB_AEAD_MAX_KEY_SIZE] = "somebody else's";

/* Labels and contexts with their zeros ([MS-SMB2] 3.1.4.2). */
static void
derive (const ScriptedSession    *session,
        const ScriptedConnection *connection,
        const guint8              key[16],
        const char               *label,
        const char               *new_label,
        const char               *context,
        guint8                   *out,
        gsize                     size)
{
  if (connection->dialect >= 0x0311)
    smb_kdf_derive (key, 16, new_label, strlen (new_label) + 1, session->preauth, sizeof session->preauth,
                    out, size);
  else
    smb_kdf_derive (key, 16, label, strlen (label) + 1, context, strlen (context) + 1, out, size);
}

static void
derive_mac (ScriptedSession          *self,
            const ScriptedConnection *connection,
            const guint8              key[16])
{
  static const SmbMacAlgorithm algorithms[] = {
    SMB_MAC_HMAC_SHA256,
    SMB_MAC_AES_128_CMAC,
    SMB_MAC_AES_128_GMAC,
  };
  guint8                       signing_key[SMB_MAC_KEY_SIZE];

  if (connection->dialect < 0x0300)
    {
      self->mac = smb_mac_new (SMB_MAC_HMAC_SHA256, key, 16);
      self->other_mac = smb_mac_new (SMB_MAC_HMAC_SHA256, other_key, 16);
      return;
    }
  derive (self, connection, key, "SMB2AESCMAC", "SMBSigningKey", "SmbSign", signing_key, sizeof signing_key);
  g_assert_cmpuint (connection->signing_algorithm, <, G_N_ELEMENTS (algorithms));
  self->mac = smb_mac_new (algorithms[connection->signing_algorithm], signing_key, sizeof signing_key);
  self->other_mac = smb_mac_new (algorithms[connection->signing_algorithm], other_key, sizeof signing_key);
}

static void
derive_ciphers (ScriptedSession          *self,
                const ScriptedConnection *connection,
                const guint8              key[16])
{
  /* By the number of [MS-SMB2] 2.2.3.1.2. */
  static const SmbCipher ciphers[] = {
    SMB_CIPHER_AES_128_CCM, /* none */
    SMB_CIPHER_AES_128_CCM, SMB_CIPHER_AES_128_GCM, SMB_CIPHER_AES_256_CCM, SMB_CIPHER_AES_256_GCM,
  };
  guint8                 cipher_key[SMB_AEAD_MAX_KEY_SIZE];
  SmbCipher              cipher;
  gsize                  size;

  if (connection->cipher == 0)
    return;
  g_assert_cmpuint (connection->cipher, <, G_N_ELEMENTS (ciphers));
  cipher = ciphers[connection->cipher];
  size = smb_cipher_get_key_size (cipher);

  derive (self, connection, key, "SMB2AESCCM", "SMBS2CCipherKey", "ServerOut", cipher_key, size);
  self->sealer = smb_aead_new (cipher, cipher_key, size);
  self->other_sealer = smb_aead_new (cipher, other_key, size);
  derive (self, connection, key, "SMB2AESCCM", "SMBC2SCipherKey", "ServerIn ", cipher_key, size);
  self->opener = smb_aead_new (cipher, cipher_key, size);
}

void
scripted_session_derive_keys (ScriptedSession          *self,
                              const ScriptedConnection *connection,
                              const guint8              key[16])
{
  derive_mac (self, connection, key);
  derive_ciphers (self, connection, key);
  g_assert_nonnull (self->mac);
}

static guint32
get_u32 (const guint8 *bytes,
         gsize         offset)
{
  guint32 value;

  memcpy (&value, bytes + offset, sizeof value);
  return GUINT32_FROM_LE (value);
}

/* With the signature as zeros. GMAC's nonce says who sent what ([MS-SMB2] 3.1.4.1). */
static void
compute (SmbMac       *mac,
         const guint8 *message,
         gsize         size,
         guint8        tag[SIGNATURE_SIZE])
{
  static const guint8 zeros[SIGNATURE_SIZE];
  GOutputVector       vectors[] = {
    { message, SIGNATURE_AT },
    { zeros, SIGNATURE_SIZE },
    { message + HEADER_SIZE, size - HEADER_SIZE },
  };
  guint8              nonce[SMB_MAC_NONCE_SIZE] = { 0 };
  gboolean            with_nonce = smb_mac_get_algorithm (mac) == SMB_MAC_AES_128_GMAC;

  memcpy (nonce, message + 24, 8);
  nonce[8] = (guint8) ((get_u32 (message, 16) & FLAG_RESPONSE) | (message[12] == SCRIPTED_CANCEL ? 2 : 0));
  if (!smb_mac_compute (mac, with_nonce ? nonce : NULL, vectors, G_N_ELEMENTS (vectors), tag))
    g_assert_not_reached ();
}

void
scripted_sign (const ScriptedSession *session,
               gboolean               otherwise,
               guint8                *message,
               gsize                  size)
{
  message[16] |= FLAG_SIGNED;
  compute (otherwise ? session->other_mac : session->mac, message, size, message + SIGNATURE_AT);
}

gboolean
scripted_verify (const ScriptedSession *session,
                 const guint8          *message,
                 gsize                  size)
{
  guint8 tag[SIGNATURE_SIZE];

  if (session->mac == NULL)
    return FALSE;
  compute (session->mac, message, size, tag);
  return memcmp (tag, message + SIGNATURE_AT, sizeof tag) == 0;
}

/* [MS-SMB2] 2.2.41 */
void
scripted_seal (ScriptedSession *session,
               gboolean         otherwise,
               GByteArray      *frame)
{
  SmbAead          *sealer = otherwise ? session->other_sealer : session->sealer;
  guint8            tag[SMB_AEAD_TAG_SIZE];
  GInputVector      vector = { frame->data, frame->len };
  guint64           nonce[2] = { GUINT64_TO_LE (++session->nonce), 0 };
  g_auto(SmbWriter) header = { 0 };

  smb_writer_init (&header, NULL);
  smb_writer_bytes (&header, PROTOCOL_TRANSFORM, 4);
  smb_writer_zeros (&header, SIGNATURE_SIZE);
  smb_writer_bytes (&header, nonce, sizeof nonce);
  smb_writer_u32 (&header, frame->len); /* OriginalMessageSize */
  smb_writer_u16 (&header, 0);
  smb_writer_u16 (&header, FLAG_ENCRYPTED);
  smb_writer_u64 (&header, session->id);

  if (!smb_aead_seal (sealer, (const guint8 *) nonce, header.bytes->data + NONCE_AT, AAD_SIZE, &vector, 1,
                      tag))
    g_assert_not_reached ();
  memcpy (header.bytes->data + 4, tag, sizeof tag);
  g_byte_array_prepend (frame, header.bytes->data, header.bytes->len);
}

ScriptedSession *
scripted_open (ScriptedConnection *connection,
               GByteArray         *frame,
               guint8              nonce[16])
{
  ScriptedSession *session;
  GInputVector     vector;
  guint64          id;

  if (frame->len <= TRANSFORM_SIZE)
    return NULL;
  memcpy (&id, frame->data + 44, sizeof id);
  id = GUINT64_FROM_LE (id);
  session = g_hash_table_lookup (connection->sessions, &id);
  vector.buffer = frame->data + TRANSFORM_SIZE;
  vector.size = frame->len - TRANSFORM_SIZE;
  if (session == NULL || session->opener == NULL || get_u32 (frame->data, 36) != vector.size)
    return NULL;
  memcpy (nonce, frame->data + NONCE_AT, 16);
  if (!smb_aead_open (session->opener, nonce, frame->data + NONCE_AT, AAD_SIZE, &vector, 1, frame->data + 4))
    return NULL;

  g_byte_array_remove_range (frame, 0, TRANSFORM_SIZE);
  return session;
}
