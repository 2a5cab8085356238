/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-sealing.h"

#include "smb-smb2-header.h"

/* [MS-SMB2] 2.2.41 */
#define TRANSFORM_SIGNATURE     4
#define TRANSFORM_NONCE         20
#define TRANSFORM_ORIGINAL_SIZE 36
#define TRANSFORM_RESERVED      40
#define TRANSFORM_FLAGS         42
#define TRANSFORM_SESSION_ID    44

#define FLAG_ENCRYPTED 0x0001 /* below 3.1.1 the same number means AES-128-CCM */

gboolean
smb_smb2_sealer_init (SmbSmb2Sealer  *self,
                      SmbCipher       cipher,
                      const guint8   *sealing_key,
                      const guint8   *opening_key,
                      GError        **error)
{
  gsize key_size = smb_cipher_get_key_size (cipher);

  self->counter = 0;
  self->sealing = smb_aead_new (cipher, sealing_key, key_size);
  self->opening = smb_aead_new (cipher, opening_key, key_size);
  if (self->sealing != NULL && self->opening != NULL)
    return TRUE;

  smb_smb2_sealer_clear (self);
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY,
                       "This machine does not allow the cipher that the server chose");
  return FALSE;
}

void
smb_smb2_sealer_clear (SmbSmb2Sealer *self)
{
  g_clear_pointer (&self->sealing, smb_aead_free);
  g_clear_pointer (&self->opening, smb_aead_free);
}

static gconstpointer
get_authenticated (const guint8 *transform,
                   gsize        *size)
{
  *size = SMB_SMB2_TRANSFORM_SIZE - TRANSFORM_NONCE;
  return transform + TRANSFORM_NONCE;
}

gboolean
smb_smb2_seal (SmbAead        *aead,
               guint64         session_id,
               const guint8    nonce[SMB_SMB2_TRANSFORM_NONCE_SIZE],
               guint8         *bytes,
               gsize           size,
               GError        **error)
{
  const GInputVector vector = { bytes + SMB_SMB2_TRANSFORM_SIZE, size - SMB_SMB2_TRANSFORM_SIZE };
  gconstpointer aad;
  gsize aad_size;

  memcpy (bytes, "\xfdSMB", 4);
  memcpy (bytes + TRANSFORM_NONCE, nonce, SMB_SMB2_TRANSFORM_NONCE_SIZE);
  smb_smb2_set_u32 (bytes, TRANSFORM_ORIGINAL_SIZE, vector.size);
  smb_smb2_set_u16 (bytes, TRANSFORM_RESERVED, 0);
  smb_smb2_set_u16 (bytes, TRANSFORM_FLAGS, FLAG_ENCRYPTED);
  smb_smb2_set_u64 (bytes, TRANSFORM_SESSION_ID, session_id);

  aad = get_authenticated (bytes, &aad_size);
  if (smb_aead_seal (aead, nonce, aad, aad_size, &vector, 1, bytes + TRANSFORM_SIGNATURE))
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY, "The message could not be encrypted");
  return FALSE;
}

gboolean
smb_smb2_sealer_seal (SmbSmb2Sealer  *self,
                      guint64         session_id,
                      guint8         *bytes,
                      gsize           size,
                      GError        **error)
{
  guint8 nonce[SMB_SMB2_TRANSFORM_NONCE_SIZE] = { 0 };

  if (self->sealing == NULL || self->counter == G_MAXUINT64)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY, "There is no key left to encrypt with");
      return FALSE;
    }

  self->counter++;
  smb_smb2_set_u64 (nonce, 0, self->counter);
  return smb_smb2_seal (self->sealing, session_id, nonce, bytes, size, error);
}

/* OriginalMessageSize must be that of all the rest: what lies behind it would be unprotected. */
static gboolean
check_transform (const guint8  *bytes,
                 gsize          size,
                 guint64        session_id,
                 GError       **error)
{
  SmbReader r;
  guint32 original_size;

  smb_reader_init (&r, bytes, size);
  smb_reader_skip (&r, TRANSFORM_ORIGINAL_SIZE);
  original_size = smb_reader_u32 (&r); /* OriginalMessageSize */
  smb_reader_skip (&r, 2);             /* Reserved */
  smb_reader_expect_u16 (&r, FLAG_ENCRYPTED);
  if (smb_reader_u64 (&r) != session_id || session_id == 0)
    smb_reader_fail (&r);
  if (original_size != smb_reader_get_remaining (&r))
    smb_reader_fail (&r);

  return smb_reader_finish (&r, "SMB2 TRANSFORM_HEADER", error);
}

gboolean
smb_smb2_sealer_open (SmbSmb2Sealer  *self,
                      guint64         session_id,
                      guint8         *bytes,
                      gsize           size,
                      GError        **error)
{
  GInputVector vector;
  gconstpointer aad;
  gsize aad_size;

  if (self->opening == NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                           "The server sent an encrypted message on a connection without encryption");
      return FALSE;
    }
  if (!check_transform (bytes, size, session_id, error))
    return FALSE;

  vector.buffer = bytes + SMB_SMB2_TRANSFORM_SIZE;
  vector.size = size - SMB_SMB2_TRANSFORM_SIZE;
  aad = get_authenticated (bytes, &aad_size);
  if (smb_aead_open (self->opening, bytes + TRANSFORM_NONCE, aad, aad_size, &vector, 1,
                     bytes + TRANSFORM_SIGNATURE))
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY,
                       "An encrypted message from the server was tampered with");
  return FALSE;
}
