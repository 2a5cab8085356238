/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-build.h"

#define VIRTUAL_CIRCUIT   1 /* 0 would make some servers drop this client's other connections */
#define OUR_CAPABILITIES                                                                             \
  (SMB_SMB1_CAP_UNICODE | SMB_SMB1_CAP_LARGE_FILES | SMB_SMB1_CAP_NT_SMBS | SMB_SMB1_CAP_STATUS32 |   \
   SMB_SMB1_CAP_NT_FIND | SMB_SMB1_CAP_LARGE_READX | SMB_SMB1_CAP_LARGE_WRITEX |                      \
   SMB_SMB1_CAP_DYNAMIC_REAUTH)
#define ANY_SERVICE       "?????"

static gsize
get_size (GBytes *bytes)
{
  return bytes == NULL ? 0 : g_bytes_get_size (bytes);
}

static void
write_bytes (SmbWriter *w,
             GBytes    *bytes)
{
  if (bytes != NULL)
    smb_writer_bytes (w, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
check_size (gsize    size,
            GError **error)
{
  if (size <= G_MAXUINT16)
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                       "The credentials are too large for SMB (the ticket names too many groups?)");
  return FALSE;
}

/* The words that both forms begin with. */
static void
write_setup_words (SmbWriter          *w,
                   const SmbSmb1Terms *terms)
{
  smb_smb1_write_no_andx (w);
  smb_writer_u16 (w, SMB_SMB1_OUR_BUFFER_SIZE);            /* MaxBufferSize */
  smb_writer_u16 (w, MIN (terms->max_requests, G_MAXUINT16)); /* MaxMpxCount */
  smb_writer_u16 (w, VIRTUAL_CIRCUIT);                     /* VcNumber */
  smb_writer_u32 (w, terms->session_key);                  /* SessionKey */
}

/* NativeOS and NativeLanMan: no server needs to know. */
static void
write_native_names (SmbWriter *w)
{
  smb_smb1_write_string (w, "", NULL);
  smb_smb1_write_string (w, "", NULL);
}

/* [MS-SMB] 2.2.4.6.1 */
static gboolean
write_extended (const SmbSmb1Builder  *builder,
                const SmbRequest      *request,
                SmbWriter             *w,
                GError               **error)
{
  GBytes *token = request->session_setup.token;
  gsize byte_count;

  if (!check_size (get_size (token), error))
    return FALSE;

  smb_writer_u8 (w, 12);                                   /* WordCount */
  write_setup_words (w, builder->terms);
  smb_writer_u16 (w, get_size (token));                    /* SecurityBlobLength */
  smb_writer_u32 (w, 0);                                   /* Reserved */
  smb_writer_u32 (w, OUR_CAPABILITIES | SMB_SMB1_CAP_EXTENDED_SECURITY); /* Capabilities */

  byte_count = smb_smb1_begin_bytes (w);
  write_bytes (w, token);                                  /* SecurityBlob */
  write_native_names (w);
  smb_smb1_end_bytes (w, byte_count);
  return TRUE;
}

/* [MS-CIFS] 2.2.4.53.1 */
static gboolean
write_basic (const SmbSmb1Builder  *builder,
             const SmbRequest      *request,
             SmbWriter             *w,
             GError               **error)
{
  GBytes *lm_response = request->session_setup.lm_response;
  GBytes *nt_response = request->session_setup.nt_response;
  const char *username = request->session_setup.username;
  const char *domain = request->session_setup.domain;
  gsize byte_count;

  if (!check_size (get_size (lm_response), error) || !check_size (get_size (nt_response), error))
    return FALSE;

  smb_writer_u8 (w, 13);                                   /* WordCount */
  write_setup_words (w, builder->terms);
  smb_writer_u16 (w, get_size (lm_response));              /* OEMPasswordLen */
  smb_writer_u16 (w, get_size (nt_response));              /* UnicodePasswordLen */
  smb_writer_u32 (w, 0);                                   /* Reserved */
  smb_writer_u32 (w, OUR_CAPABILITIES);                    /* Capabilities */

  byte_count = smb_smb1_begin_bytes (w);
  write_bytes (w, lm_response);                            /* OEMPassword */
  write_bytes (w, nt_response);                            /* UnicodePassword */
  if (!smb_smb1_write_string (w, username == NULL ? "" : username, error) /* AccountName */
      || !smb_smb1_write_string (w, domain == NULL ? "" : domain, error)) /* PrimaryDomain */
    return FALSE;
  write_native_names (w);
  smb_smb1_end_bytes (w, byte_count);
  return TRUE;
}

/* The response to the challenge is a part of the signing key ([MS-CIFS] 3.1.4.1). */
static void
keep_response (SmbFrame *frame,
               GBytes   *response)
{
  g_auto(SmbWriter) w = { 0 };
  gsize part;

  if (get_size (response) == 0)
    return;
  part = smb_smb1_frame_begin_part (frame, SMB_SMB1_PART_RESPONSE, &w);
  write_bytes (&w, response);
  smb_smb1_frame_end_part (frame, part);
}

gboolean
smb_smb1_encode_session_setup (const SmbSmb1Builder  *builder,
                               const SmbRequest      *request,
                               SmbFrame              *frame,
                               GError               **error)
{
  gboolean extended = builder->terms->extended_security;
  gboolean sign = request->session_setup.sign;
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_SESSION_SETUP_ANDX,
                          sign ? SMB_SMB1_FLAG2_SIGNATURE : 0);
  if (!(extended ? write_extended : write_basic) (builder, request, &w, error))
    return FALSE;
  smb_smb1_frame_end (frame, &w);
  smb_smb1_frame_get_note (frame)->sign = sign;

  if (!extended)
    keep_response (frame, request->session_setup.nt_response != NULL ? request->session_setup.nt_response
                                                                     : request->session_setup.lm_response);
  return TRUE;
}

/* [MS-CIFS] 2.2.4.54.1 */
gboolean
smb_smb1_encode_logoff (const SmbSmb1Builder  *builder,
                        const SmbRequest      *request,
                        SmbFrame              *frame,
                        GError               **error)
{
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_LOGOFF_ANDX, 0);
  smb_writer_u8 (&w, 2);   /* WordCount */
  smb_smb1_write_no_andx (&w);
  smb_writer_u16 (&w, 0);  /* ByteCount */
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}

/* [MS-CIFS] 2.2.4.55.1; the password is a lone zero, since users log in and not shares. */
gboolean
smb_smb1_encode_tree_connect (const SmbSmb1Builder  *builder,
                              const SmbRequest      *request,
                              SmbFrame              *frame,
                              GError               **error)
{
  g_auto(SmbWriter) w = { 0 };
  gsize byte_count;

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_TREE_CONNECT_ANDX, 0);
  smb_writer_u8 (&w, 4);   /* WordCount */
  smb_smb1_write_no_andx (&w);
  smb_writer_u16 (&w, 0);  /* Flags */
  smb_writer_u16 (&w, 1);  /* PasswordLength */

  byte_count = smb_smb1_begin_bytes (&w);
  smb_writer_u8 (&w, 0);   /* Password */
  if (!smb_smb1_write_string (&w, request->tree_connect.path, error)) /* Path */
    return FALSE;
  smb_writer_bytes (&w, ANY_SERVICE, sizeof ANY_SERVICE);             /* Service */
  smb_smb1_end_bytes (&w, byte_count);
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}

/* [MS-CIFS] 2.2.4.51.1 */
gboolean
smb_smb1_encode_tree_disconnect (const SmbSmb1Builder  *builder,
                                 const SmbRequest      *request,
                                 SmbFrame              *frame,
                                 GError               **error)
{
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_TREE_DISCONNECT, 0);
  smb_writer_u8 (&w, 0);  /* WordCount */
  smb_writer_u16 (&w, 0); /* ByteCount */
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}

gboolean
smb_smb1_encode_echo (const SmbSmb1Builder  *builder,
                      const SmbRequest      *request,
                      SmbFrame              *frame,
                      GError               **error)
{
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_ECHO, 0);
  smb_smb1_write_echo (&w);
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}
