/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-ntlm-response.h"

#include <string.h>

#define V1_SIZE      24
#define MAX_BMP_CHAR 0xFFFF

void
smb_ntlm_ntowf_v1 (const char *password,
                   guint8      hash[SMB_NTLM_KEY_SIZE])
{
  gsize size;
  g_autofree guint8 *utf16 = smb_utf16_from_utf8 (password, &size);

  smb_md4 (utf16, size, hash);
  smb_memory_wipe (utf16, size);
}

/* As Windows does it: unit by unit, and the same in every locale. */
static char *
to_upper (const char *text)
{
  GString *upper = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      g_string_append_unichar (upper, c <= MAX_BMP_CHAR ? g_unichar_toupper (c) : c);
    }
  return g_string_free (upper, FALSE);
}

void
smb_ntlm_ntowf_v2 (const SmbNtlmProof *proof,
                   guint8              hash[SMB_NTLM_KEY_SIZE])
{
  g_autofree char *user = to_upper (proof->user);
  g_autofree char *name = g_strconcat (user, proof->domain, NULL);
  gsize size;
  g_autofree guint8 *utf16 = smb_utf16_from_utf8 (name, &size);
  guint8 v1[SMB_NTLM_KEY_SIZE];

  smb_ntlm_ntowf_v1 (proof->password, v1);
  smb_hmac_md5 (v1, sizeof v1, &(GOutputVector) { utf16, size }, 1, hash);
  smb_memory_wipe (v1, sizeof v1);
}

/* DESL () of [MS-NLMP] 6 */
static void
des_long (const guint8 key[SMB_NTLM_KEY_SIZE],
          const guint8 data[8],
          guint8       out[V1_SIZE])
{
  guint8 padded[21] = { 0 };

  memcpy (padded, key, SMB_NTLM_KEY_SIZE);
  for (guint i = 0; i < 3; i++)
    smb_des_hash (padded + 7 * i, data, out + 8 * i);
  smb_memory_wipe (padded, sizeof padded);
}

/* KXKEY () with extended session security ([MS-NLMP] 3.4.5.1): the key depends on both challenges. */
static void
derive_extended_key (const SmbNtlmProof *proof,
                     const guint8        session_base_key[SMB_NTLM_KEY_SIZE],
                     guint8              key[SMB_NTLM_KEY_SIZE])
{
  const GOutputVector challenges[] = {
    { proof->server_challenge, SMB_NTLM_CHALLENGE_SIZE },
    { proof->client_challenge, SMB_NTLM_CHALLENGE_SIZE },
  };

  smb_hmac_md5 (session_base_key, SMB_NTLM_KEY_SIZE, challenges, G_N_ELEMENTS (challenges), key);
}

static void
respond_extended (const SmbNtlmProof *proof,
                  const guint8        hash[SMB_NTLM_KEY_SIZE],
                  SmbNtlmResponse    *response)
{
  const GOutputVector challenges[] = {
    { proof->server_challenge, SMB_NTLM_CHALLENGE_SIZE },
    { proof->client_challenge, SMB_NTLM_CHALLENGE_SIZE },
  };
  guint8 both[SMB_MD5_SIZE], nt[V1_SIZE], lm[V1_SIZE] = { 0 };

  smb_md5 (challenges, G_N_ELEMENTS (challenges), both);
  des_long (hash, both, nt); /* of the first eight bytes */
  memcpy (lm, proof->client_challenge, SMB_NTLM_CHALLENGE_SIZE);

  response->nt = g_bytes_new (nt, sizeof nt);
  response->lm = g_bytes_new (lm, sizeof lm);
}

void
smb_ntlm_respond_v1 (const SmbNtlmProof *proof,
                     gboolean            extended,
                     SmbNtlmResponse    *response)
{
  guint8 hash[SMB_NTLM_KEY_SIZE], session_base_key[SMB_NTLM_KEY_SIZE], nt[V1_SIZE];

  smb_ntlm_ntowf_v1 (proof->password, hash);
  smb_md4 (hash, sizeof hash, session_base_key);

  if (extended)
    {
      respond_extended (proof, hash, response);
      derive_extended_key (proof, session_base_key, response->key);
    }
  else
    {
      des_long (hash, proof->server_challenge, nt);
      response->nt = g_bytes_new (nt, sizeof nt);
      response->lm = g_bytes_ref (response->nt); /* instead of the weak LM response */
      memcpy (response->key, session_base_key, SMB_NTLM_KEY_SIZE);
    }

  smb_memory_wipe (hash, sizeof hash);
  smb_memory_wipe (session_base_key, sizeof session_base_key);
}

/* NTLMv2_CLIENT_CHALLENGE ([MS-NLMP] 2.2.2.7), called temp in 3.3.2 */
static void
write_client_challenge (SmbWriter          *w,
                        const SmbNtlmProof *proof,
                        guint64             time,
                        GBytes             *target_info)
{
  smb_writer_u8 (w, 1);     /* RespType */
  smb_writer_u8 (w, 1);     /* HiRespType */
  smb_writer_zeros (w, 6);  /* Reserved1, Reserved2 */
  smb_writer_u64 (w, time); /* TimeStamp */
  smb_writer_bytes (w, proof->client_challenge, SMB_NTLM_CHALLENGE_SIZE);
  smb_writer_zeros (w, 4);  /* Reserved3 */
  smb_writer_bytes (w, g_bytes_get_data (target_info, NULL), g_bytes_get_size (target_info));
  smb_writer_zeros (w, 4);
}

/* HMAC_MD5 (hash, server's challenge | @data) | @data */
static GBytes *
prove (const SmbNtlmProof *proof,
       const guint8        hash[SMB_NTLM_KEY_SIZE],
       gconstpointer       data,
       gsize               size)
{
  const GOutputVector vectors[] = {
    { proof->server_challenge, SMB_NTLM_CHALLENGE_SIZE },
    { data, size },
  };
  guint8 *response = g_malloc (SMB_MD5_SIZE + size);

  smb_hmac_md5 (hash, SMB_NTLM_KEY_SIZE, vectors, G_N_ELEMENTS (vectors), response);
  memcpy (response + SMB_MD5_SIZE, data, size);

  return g_bytes_new_take (response, SMB_MD5_SIZE + size);
}

void
smb_ntlm_respond_v2 (const SmbNtlmProof *proof,
                     guint64             time,
                     GBytes             *target_info,
                     gboolean            with_lm,
                     SmbNtlmResponse    *response)
{
  const guint8 no_lm[V1_SIZE] = { 0 };
  GOutputVector nt_proof = { NULL, SMB_MD5_SIZE };
  guint8 hash[SMB_NTLM_KEY_SIZE];
  g_auto(SmbWriter) w = { NULL, 0 };

  smb_writer_init (&w, NULL);
  write_client_challenge (&w, proof, time, target_info);

  smb_ntlm_ntowf_v2 (proof, hash);
  response->nt = prove (proof, hash, w.bytes->data, w.bytes->len);
  response->lm = with_lm ? prove (proof, hash, proof->client_challenge, SMB_NTLM_CHALLENGE_SIZE)
                         : g_bytes_new (no_lm, sizeof no_lm);

  /* SessionBaseKey, over NTProofStr; KXKEY () is the identity for NTLMv2 ([MS-NLMP] 3.4.5.1). */
  nt_proof.buffer = g_bytes_get_data (response->nt, NULL);
  smb_hmac_md5 (hash, sizeof hash, &nt_proof, 1, response->key);
  smb_memory_wipe (hash, sizeof hash);
}

void
smb_ntlm_respond_anonymous (SmbNtlmResponse *response)
{
  response->nt = g_bytes_new (NULL, 0);
  response->lm = g_bytes_new ("", 1);
  memset (response->key, 0, SMB_NTLM_KEY_SIZE);
}

void
smb_ntlm_response_clear (SmbNtlmResponse *response)
{
  g_clear_pointer (&response->lm, g_bytes_unref);
  g_clear_pointer (&response->nt, g_bytes_unref);
  smb_memory_wipe (response->key, sizeof response->key);
}
