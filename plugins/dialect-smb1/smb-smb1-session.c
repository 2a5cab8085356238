/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-session.h"

/* The last SESSION_SETUP_ANDX is message 0, though it is not signed, and its response 1 ([MS-CIFS]
 * 3.2.5.3). */
#define FINAL_RESPONSE_NUMBER 1
#define FIRST_NUMBER          2

void
smb_smb1_session_clear (SmbSmb1Session *self)
{
  g_clear_pointer (&self->key, smb_secret_unref);
  g_clear_pointer (&self->challenge_response, g_bytes_unref);
  g_clear_pointer (&self->final, g_byte_array_unref);
}

/* A login that failed leaves nothing behind: the next begins with a new session. */
void
smb_smb1_session_received (SmbSmb1Session      *self,
                           const SmbSmb1Header *header,
                           const guint8        *bytes,
                           gsize                size)
{
  if (self->established)
    return;

  g_clear_pointer (&self->final, g_byte_array_unref);
  self->uid = header->uid;
  if (header->status == SMB_STATUS_SUCCESS)
    {
      self->final = g_byte_array_sized_new (size);
      g_byte_array_append (self->final, bytes, size);
    }
  else if (header->status != SMB_STATUS_MORE_PROCESSING_REQUIRED)
    self->uid = 0;
}

/* The session's key, and in a login without extended security the response to the challenge behind it. */
static SmbSecret *
make_key (SmbSmb1Session *self,
          GBytes         *session_key)
{
  gsize key_size, response_size = 0;
  const guint8 *key = g_bytes_get_data (session_key, &key_size);
  const guint8 *response = NULL;
  SmbSecret *secret;
  guint8 *both;

  if (self->challenge_response != NULL)
    response = g_bytes_get_data (self->challenge_response, &response_size);

  both = g_malloc (key_size + response_size);
  memcpy (both, key, key_size);
  if (response_size > 0)
    memcpy (both + key_size, response, response_size);
  secret = smb_secret_new (both, key_size + response_size);
  smb_memory_wipe (both, key_size + response_size);
  g_free (both);
  return secret;
}

gboolean
smb_smb1_session_start (SmbSmb1Session  *self,
                        GBytes          *key,
                        GError         **error)
{
  g_autoptr(SmbSecret) secret = NULL;

  if (self->established)
    return TRUE;
  if (self->final == NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server has not confirmed the login");
      return FALSE;
    }

  if (key != NULL && self->announced)
    {
      secret = make_key (self, key);
      if (!smb_smb1_verify (secret, FINAL_RESPONSE_NUMBER, self->final->data, self->final->len, NULL, 0))
        {
          g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY,
                               "The server's answer to the login is not signed with the right key");
          return FALSE;
        }
    }

  smb_smb1_session_clear (self);
  self->key = g_steal_pointer (&secret);
  self->next_number = FIRST_NUMBER;
  self->established = TRUE;
  return TRUE;
}

gboolean
smb_smb1_session_take_number (SmbSmb1Session  *self,
                              guint            step,
                              guint32         *number,
                              GError         **error)
{
  *number = self->next_number;
  if (self->key == NULL)
    return TRUE;
  if (self->next_number > G_MAXUINT32 - step)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_FAILED, "The connection has no message numbers left");
      return FALSE;
    }

  self->next_number += step;
  return TRUE;
}

/* MD5 over the key and the message, which has its number in place of the signature; half of it is used. */
static void
compute (const SmbSecret     *key,
         guint32              number,
         guint8              *header,
         const GOutputVector *vectors,
         guint                n_vectors,
         guint8               digest[SMB_MD5_SIZE])
{
  GOutputVector all[3] = { { key->data, key->size } };

  g_assert (n_vectors < G_N_ELEMENTS (all));
  memcpy (all + 1, vectors, n_vectors * sizeof *vectors);
  smb_smb1_set_u32 (header, SMB_SMB1_HEADER_SIGNATURE, number);
  smb_smb1_set_u32 (header, SMB_SMB1_HEADER_SIGNATURE + 4, 0);
  smb_md5 (all, n_vectors + 1, digest);
}

void
smb_smb1_sign (const SmbSecret     *key,
               guint32              number,
               guint8              *header,
               const GOutputVector *vectors,
               guint                n_vectors)
{
  guint8 digest[SMB_MD5_SIZE];

  compute (key, number, header, vectors, n_vectors, digest);
  memcpy (header + SMB_SMB1_HEADER_SIGNATURE, digest, SMB_SMB1_SIGNATURE_SIZE);
}

gboolean
smb_smb1_verify (const SmbSecret *key,
                 guint32          number,
                 guint8          *bytes,
                 gsize            size,
                 const guint8    *payload,
                 gsize            payload_size)
{
  const GOutputVector vectors[] = { { bytes, size }, { payload, payload_size } };
  guint8 signature[SMB_SMB1_SIGNATURE_SIZE];
  guint8 digest[SMB_MD5_SIZE];

  memcpy (signature, bytes + SMB_SMB1_HEADER_SIGNATURE, sizeof signature);
  compute (key, number, bytes, vectors, payload_size == 0 ? 1 : 2, digest);
  memcpy (bytes + SMB_SMB1_HEADER_SIGNATURE, signature, sizeof signature);
  return smb_memory_equal (signature, digest, sizeof signature);
}
