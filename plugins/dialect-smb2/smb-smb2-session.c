/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-session.h"

#include "smb-smb2-signing.h"

#define SETUP_REQUEST_SIZE 24 /* without the token */

void
smb_smb2_session_clear (SmbSmb2Session *self)
{
  g_clear_pointer (&self->mac, smb_mac_free);
  g_clear_pointer (&self->final, g_byte_array_unref);
  smb_smb2_sealer_clear (&self->sealer);
}

void
smb_smb2_session_begin (SmbSmb2Session *self,
                        const guint8    hash[SMB_SHA512_SIZE])
{
  memcpy (self->connection_hash, hash, SMB_SHA512_SIZE);
  memcpy (self->hash, hash, SMB_SHA512_SIZE);
}

void
smb_smb2_session_sent (SmbSmb2Session      *self,
                       const GOutputVector *vectors,
                       guint                n_vectors)
{
  if (!self->established)
    smb_sha512_update_chain (self->hash, vectors, n_vectors);
}

/* A login that failed leaves nothing behind: the next begins with a new session. */
static void
forget (SmbSmb2Session *self)
{
  self->id = 0;
  g_clear_pointer (&self->final, g_byte_array_unref);
  memcpy (self->hash, self->connection_hash, sizeof self->hash);
}

/* The server names the session in any response of a login, some only in the last. The final response is not
 * part of the hash: its signature proves that both sides have the same one ([MS-SMB2] 3.2.5.3.1). */
void
smb_smb2_session_received (SmbSmb2Session      *self,
                           const SmbSmb2Header *header,
                           const guint8        *bytes,
                           gsize                size)
{
  const GOutputVector vector = { bytes, size };

  if (self->established)
    return;
  if (header->session_id != 0)
    self->id = header->session_id;

  if (header->status == SMB_STATUS_MORE_PROCESSING_REQUIRED)
    {
      smb_sha512_update_chain (self->hash, &vector, 1);
    }
  else if (header->status == SMB_STATUS_SUCCESS)
    {
      g_clear_pointer (&self->final, g_byte_array_unref);
      self->final = g_byte_array_sized_new (size);
      g_byte_array_append (self->final, bytes, size);
    }
  else
    {
      forget (self);
    }
}

gboolean
smb_smb2_session_set_keys (SmbSmb2Session      *self,
                           const SmbSmb2Terms  *terms,
                           const SmbSmb2Keys   *keys,
                           GError             **error)
{
  g_clear_pointer (&self->mac, smb_mac_free);
  smb_smb2_sealer_clear (&self->sealer);

  self->mac = smb_mac_new (terms->signing, keys->signing, sizeof keys->signing);
  if (self->mac == NULL)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_SECURITY, "This machine does not allow %s",
                   smb_smb2_get_signing_name (terms->signing));
      return FALSE;
    }

  return !terms->can_seal
         || smb_smb2_sealer_init (&self->sealer, terms->cipher, keys->sealing, keys->opening, error);
}

static gboolean
derive_keys (SmbSmb2Session      *self,
             const SmbSmb2Terms  *terms,
             GBytes              *key,
             GError             **error)
{
  SmbSmb2Keys keys;
  gconstpointer data;
  gsize size;
  gboolean good;

  data = g_bytes_get_data (key, &size);
  smb_smb2_keys_derive (&keys, terms, self->hash, data, size);
  good = smb_smb2_session_set_keys (self, terms, &keys, error);
  smb_memory_wipe (&keys, sizeof keys);
  return good;
}

static gboolean
verify_final (SmbSmb2Session      *self,
              const SmbSmb2Terms  *terms,
              gboolean             signing_required,
              GError             **error)
{
  guint8 *bytes = self->final->data;
  gboolean is_signed = (smb_smb2_get_u32 (bytes, SMB_SMB2_HEADER_FLAGS) & SMB_SMB2_FLAG_SIGNED) != 0;

  if (terms->dialect < 0x0311 && !signing_required && !is_signed)
    return TRUE;
  if (is_signed && smb_smb2_verify (self->mac, bytes, self->final->len, NULL, 0))
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_SECURITY, "The server's answer to the login is not signed%s",
               is_signed ? " with the right key" : "");
  return FALSE;
}

gboolean
smb_smb2_session_start (SmbSmb2Session      *self,
                        const SmbSmb2Terms  *terms,
                        gboolean             signing_required,
                        GBytes              *key,
                        GError             **error)
{
  if (self->established)
    return TRUE;
  if (self->final == NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server has not confirmed the login");
      return FALSE;
    }

  if (key != NULL
      && (!derive_keys (self, terms, key, error) || !verify_final (self, terms, signing_required, error)))
    {
      smb_smb2_session_clear (self);
      return FALSE;
    }

  g_clear_pointer (&self->final, g_byte_array_unref);
  self->established = TRUE;
  return TRUE;
}

gboolean
smb_smb2_write_session_setup (SmbWriter  *writer,
                              guint16     security_mode,
                              GBytes     *token,
                              GError    **error)
{
  gsize size = token == NULL ? 0 : g_bytes_get_size (token);

  if (size > G_MAXUINT16)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                           "The credentials are too large for SMB (the ticket names too many groups?)");
      return FALSE;
    }

  smb_writer_u16 (writer, 25); /* StructureSize */
  smb_writer_u8 (writer, 0);   /* Flags */
  smb_writer_u8 (writer, security_mode);
  smb_writer_u32 (writer, 0); /* Capabilities: DFS is the only one there is */
  smb_writer_u32 (writer, 0); /* Channel */
  smb_writer_u16 (writer, SMB_SMB2_HEADER_SIZE + SETUP_REQUEST_SIZE);
  smb_writer_u16 (writer, size);
  smb_writer_u64 (writer, 0); /* PreviousSessionId */
  if (size > 0)
    smb_writer_bytes (writer, g_bytes_get_data (token, NULL), size);
  return TRUE;
}
