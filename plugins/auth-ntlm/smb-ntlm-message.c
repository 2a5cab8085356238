/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-ntlm-message.h"

#include <string.h>

enum
{
  NEGOTIATE_MESSAGE = 1,
  CHALLENGE_MESSAGE = 2,
  AUTHENTICATE_MESSAGE = 3,
};

/* Where AUTHENTICATE_MESSAGE says where its fields are ([MS-NLMP] 2.2.1.3). */
enum
{
  LM_RESPONSE_FIELDS = 12,
  NT_RESPONSE_FIELDS = 20,
  DOMAIN_NAME_FIELDS = 28,
  USER_NAME_FIELDS = 36,
  WORKSTATION_FIELDS = 44,
  SESSION_KEY_FIELDS = 52,
};

/* An honest one has a few hundred bytes. */
#define MAX_CHALLENGE_SIZE 16384

static const guint8 signature[8] = "NTLMSSP";

/* For debugging by people only ([MS-NLMP] 2.2.2.10): Windows 7, NTLMSSP_REVISION_W2K3. */
static const guint8 version[8] = { 6, 1, 0, 0, 0, 0, 0, 15 };

static void
write_header (SmbWriter *w,
              guint32    message_type)
{
  smb_writer_bytes (w, signature, sizeof signature);
  smb_writer_u32 (w, message_type);
}

GBytes *
smb_ntlm_encode_negotiate (guint32 flags)
{
  SmbWriter w;

  smb_writer_init (&w, NULL);
  write_header (&w, NEGOTIATE_MESSAGE);
  smb_writer_u32 (&w, flags);
  smb_writer_zeros (&w, 8); /* DomainNameFields */
  smb_writer_zeros (&w, 8); /* WorkstationFields */
  smb_writer_bytes (&w, version, sizeof version);

  return smb_writer_steal_bytes (&w);
}

static void
read_header (SmbReader *r,
             guint32    message_type)
{
  guint8 bytes[sizeof signature];

  smb_reader_copy (r, bytes, sizeof bytes);
  if (memcmp (bytes, signature, sizeof bytes) != 0)
    smb_reader_fail (r);
  smb_reader_expect_u32 (r, message_type);
}

/* The field that the next eight bytes describe. */
static void
read_field (SmbReader *r,
            SmbReader *field)
{
  guint16 length = smb_reader_u16 (r);
  guint32 offset;

  smb_reader_skip (r, 2); /* MaxLen, which is to be ignored */
  offset = smb_reader_u32 (r);
  smb_reader_sub (r, field, offset, length);
}

gboolean
smb_ntlm_decode_challenge (GBytes            *token,
                           SmbNtlmChallenge  *challenge,
                           GError           **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (token, &size);
  SmbReader r, target_name, target_info;

  memset (challenge, 0, sizeof *challenge);
  smb_reader_init (&target_info, NULL, 0);

  smb_reader_init (&r, data, size);
  if (size > MAX_CHALLENGE_SIZE)
    smb_reader_fail (&r);
  read_header (&r, CHALLENGE_MESSAGE);
  read_field (&r, &target_name);
  challenge->flags = smb_reader_u32 (&r);
  smb_reader_copy (&r, challenge->server_challenge, SMB_NTLM_CHALLENGE_SIZE);
  if (challenge->flags & SMB_NTLM_TARGET_INFO)
    {
      smb_reader_skip (&r, 8); /* Reserved */
      read_field (&r, &target_info);
    }

  if ((challenge->flags & SMB_NTLM_UNICODE) && smb_reader_get_remaining (&target_name) > 0)
    {
      challenge->target_name = smb_reader_utf16 (&target_name, smb_reader_get_remaining (&target_name));
      if (challenge->target_name == NULL)
        smb_reader_fail (&r);
    }
  if (smb_reader_get_remaining (&target_info) > 0)
    challenge->target_info = g_bytes_new (target_info.data, target_info.size);

  return smb_reader_finish (&r, "NTLM CHALLENGE", error);
}

void
smb_ntlm_challenge_clear (SmbNtlmChallenge *challenge)
{
  g_clear_pointer (&challenge->target_name, g_free);
  g_clear_pointer (&challenge->target_info, g_bytes_unref);
}

/* What was written since @offset is the field described at @fields. */
static void
patch_fields (SmbWriter *w,
              gsize      fields,
              gsize      offset)
{
  gsize size = smb_writer_get_offset (w) - offset;

  g_assert (size <= G_MAXUINT16);

  smb_writer_patch_u16 (w, fields, (guint16) size);     /* Len */
  smb_writer_patch_u16 (w, fields + 2, (guint16) size); /* MaxLen */
  smb_writer_patch_u32 (w, fields + 4, (guint32) offset);
}

static void
write_text (SmbWriter  *w,
            gsize       fields,
            const char *text)
{
  gsize offset = smb_writer_get_offset (w);

  smb_writer_utf16 (w, text);
  patch_fields (w, fields, offset);
}

static void
write_bytes (SmbWriter *w,
             gsize      fields,
             GBytes    *bytes)
{
  gsize offset = smb_writer_get_offset (w);

  if (bytes != NULL)
    smb_writer_bytes (w, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  patch_fields (w, fields, offset);
}

GByteArray *
smb_ntlm_encode_authenticate (const SmbNtlmAuthenticate *message)
{
  SmbWriter w;

  smb_writer_init (&w, NULL);
  write_header (&w, AUTHENTICATE_MESSAGE);
  smb_writer_zeros (&w, 6 * 8); /* the fields, see below */
  smb_writer_u32 (&w, message->flags);
  smb_writer_bytes (&w, version, sizeof version);
  if (message->has_mic)
    smb_writer_zeros (&w, SMB_NTLM_MIC_SIZE);

  write_text (&w, DOMAIN_NAME_FIELDS, message->domain);
  write_text (&w, USER_NAME_FIELDS, message->user);
  write_text (&w, WORKSTATION_FIELDS, message->workstation);
  write_bytes (&w, LM_RESPONSE_FIELDS, message->lm_response);
  write_bytes (&w, NT_RESPONSE_FIELDS, message->nt_response);
  write_bytes (&w, SESSION_KEY_FIELDS, message->session_key);

  return smb_writer_steal (&w);
}
