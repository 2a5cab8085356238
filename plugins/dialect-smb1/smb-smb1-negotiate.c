/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-negotiate.h"

#define DIALECT          "\2NT LM 0.12" /* BufferFormat and name */
#define NO_COMMON_DIALECT 0xffff
#define GUID_SIZE        16

#define MIN_BUFFER_SIZE  1024 /* [MS-CIFS] 2.2.4.52.2 */

/* More than what stands before the data of a READ_ANDX response or a WRITE_ANDX request. */
#define DATA_OVERHEAD    80

/* What fits the 17 bits that NetBIOS has for the size of a message: servers take that much at a time ([MS-SMB]
 * 3.3.5.8), and those with the UNIX extensions, Samba above all, give it too. */
#define LARGEST_SIZE     0x1f000
/* Others give less: Windows reads no more than 60 KiB at a time. */
#define LARGE_SIZE       0xf000

/* [MS-CIFS] 2.2.4.52.1. Its MID is 0: some servers compare that. */
void
smb_smb1_negotiate_write (SmbSignOptions  sign_options,
                          SmbWriter      *writer)
{
  guint16 flags2 = SMB_SMB1_FLAG2_EXTENDED_SECURITY;

  if (sign_options != SMB_SIGN_OPTIONS_NEVER)
    flags2 |= SMB_SMB1_FLAG2_SIGNATURE;
  if (sign_options == SMB_SIGN_OPTIONS_REQUIRE)
    flags2 |= SMB_SMB1_FLAG2_SIGNATURE_REQUIRED;

  smb_smb1_header_write (writer, SMB_SMB1_NEGOTIATE, flags2, 0xffff);
  smb_writer_u8 (writer, 0);                          /* WordCount */
  smb_writer_u16 (writer, sizeof DIALECT);            /* ByteCount */
  smb_writer_bytes (writer, DIALECT, sizeof DIALECT); /* Dialects */
}

static gboolean
check_header (const SmbSmb1Header  *header,
              GError              **error)
{
  if (header->command != SMB_SMB1_NEGOTIATE || !(header->flags & SMB_SMB1_FLAG_REPLY) || header->mid != 0)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server did not answer the negotiation");
      return FALSE;
    }
  if (header->status == SMB_STATUS_SUCCESS)
    return TRUE;

  if (error != NULL)
    *error = smb_nt_status_to_gerror (header->status, "The server refuses the negotiation");
  return FALSE;
}

/* Of the words, all but DialectIndex. */
static void
read_words (SmbSmb1Terms *self,
            SmbReader    *r,
            gsize        *challenge_size)
{
  self->security_mode = smb_reader_u8 (r);               /* SecurityMode */
  self->max_requests = smb_reader_u16 (r);               /* MaxMpxCount */
  smb_reader_skip (r, 2);                                /* MaxNumberVcs */
  self->max_buffer_size = smb_reader_u32 (r);            /* MaxBufferSize */
  smb_reader_skip (r, 4);                                /* MaxRawSize */
  self->session_key = smb_reader_u32 (r);                /* SessionKey */
  self->capabilities = smb_reader_u32 (r);               /* Capabilities */
  smb_reader_skip (r, 8);                                /* SystemTime */
  smb_reader_skip (r, 2);                                /* ServerTimeZone */
  *challenge_size = smb_reader_u8 (r);                   /* ChallengeLength */
}

/* A server that has extended security uses it, since it was offered ([MS-SMB] 3.3.5.2). */
static gboolean
read_body (SmbSmb1Terms  *self,
           SmbReader     *r,
           GError       **error)
{
  gsize challenge_size;
  gsize size;
  SmbReader token = { 0 };

  read_words (self, r, &challenge_size);
  size = smb_reader_u16 (r); /* ByteCount */
  self->extended_security = smb_smb1_terms_can (self, SMB_SMB1_CAP_EXTENDED_SECURITY);
  if (self->extended_security)
    {
      smb_reader_skip (r, GUID_SIZE);                                   /* ServerGUID */
      smb_reader_take (r, &token, size < GUID_SIZE ? 0 : size - GUID_SIZE); /* SecurityBlob */
      self->token = token.data;
      self->token_size = token.size;
    }
  else if ((self->security_mode & SMB_SMB1_SECURITY_ENCRYPT_PASSWORDS) != 0)
    {
      if (challenge_size != SMB_SMB1_CHALLENGE_SIZE)
        smb_reader_fail (r);
      smb_reader_copy (r, self->challenge, sizeof self->challenge);     /* Challenge */
    }

  if (self->max_buffer_size < MIN_BUFFER_SIZE)
    smb_reader_fail (r);
  return smb_reader_finish (r, "NEGOTIATE response", error);
}

static gboolean
read_dialect (SmbReader  *r,
              GError    **error)
{
  guint8 word_count = smb_reader_u8 (r);
  guint16 index = smb_reader_u16 (r);

  if (!smb_reader_finish (r, "NEGOTIATE response", error))
    return FALSE;
  if (index == NO_COMMON_DIALECT)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED,
                           "The server does not speak NT LM 0.12 (SMB1)");
      return FALSE;
    }
  if (word_count == 17 && index == 0)
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                       "The server chose a dialect that was not offered");
  return FALSE;
}

static gboolean
check_security (const SmbSmb1Terms  *self,
                GError             **error)
{
  if (!(self->security_mode & SMB_SMB1_SECURITY_USER))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED,
                           "The server has a password for each share, in the manner of LAN Manager");
      return FALSE;
    }
  if (!self->extended_security && !(self->security_mode & SMB_SMB1_SECURITY_ENCRYPT_PASSWORDS))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_AUTH_FAILED,
                           "The server wants the password in clear text, which is never sent");
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_capabilities (const SmbSmb1Terms  *self,
                    GError             **error)
{
  if (smb_smb1_terms_can (self, SMB_SMB1_CAP_UNICODE) && smb_smb1_terms_can (self, SMB_SMB1_CAP_NT_SMBS))
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED,
                       "The server's SMB1 is older than that of Windows NT (no Unicode, or no NT commands)");
  return FALSE;
}

static guint32
size_within (guint32 buffer_size)
{
  return MIN (buffer_size - DATA_OVERHEAD, LARGE_SIZE) & ~(guint32) 511;
}

/* Where messages are signed CAP_LARGE_WRITEX holds for servers with the UNIX extensions only: Windows then
 * ignores it. */
static void
choose_sizes (SmbSmb1Terms *self)
{
  gboolean is_unix = smb_smb1_terms_can (self, SMB_SMB1_CAP_UNIX);

  self->max_read_size = size_within (MIN (self->max_buffer_size, SMB_SMB1_OUR_BUFFER_SIZE));
  self->max_signed_write_size = size_within (self->max_buffer_size);
  self->max_write_size = self->max_signed_write_size;
  if (smb_smb1_terms_can (self, SMB_SMB1_CAP_LARGE_READX))
    self->max_read_size = is_unix ? LARGEST_SIZE : LARGE_SIZE;
  if (smb_smb1_terms_can (self, SMB_SMB1_CAP_LARGE_WRITEX))
    self->max_write_size = LARGEST_SIZE;
  if (smb_smb1_terms_can (self, SMB_SMB1_CAP_LARGE_WRITEX) && is_unix)
    self->max_signed_write_size = LARGEST_SIZE;
}

gboolean
smb_smb1_terms_read (SmbSmb1Terms  *self,
                     const guint8  *message,
                     gsize          size,
                     GError       **error)
{
  SmbSmb1Header header;
  SmbReader r;

  memset (self, 0, sizeof *self);
  if (!smb_smb1_header_read (&header, message, size, error) || !check_header (&header, error))
    return FALSE;

  smb_reader_init (&r, message, size);
  smb_reader_skip (&r, SMB_SMB1_HEADER_SIZE);
  if (!read_dialect (&r, error) || !read_body (self, &r, error) || !check_security (self, error)
      || !check_capabilities (self, error))
    return FALSE;

  self->max_requests = MAX (self->max_requests, 1);
  choose_sizes (self);
  return TRUE;
}
