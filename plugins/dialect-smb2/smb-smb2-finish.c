/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-finish.h"

#include "smb-smb2-signing.h"

/* What one message is made of, padding included, in the order of the wire. At most three. */
static guint
get_message_vectors (const SmbFrame *frame,
                     guint           i,
                     GOutputVector   vectors[3])
{
  static const guint8 zeros[SMB_SMB2_ALIGNMENT];
  const SmbFrameMessage *message = smb_frame_get_message (frame, i);
  gsize padding = i + 1 < frame->n_messages ? smb_smb2_get_padding (message) : 0;

  vectors[0].buffer = frame->bytes->data + message->offset;
  vectors[0].size = message->size;
  if (message->payload == NULL)
    {
      vectors[0].size += padding;
      return 1;
    }

  vectors[1].buffer = g_bytes_get_data (message->payload, &vectors[1].size);
  vectors[2].buffer = zeros;
  vectors[2].size = padding;
  return padding > 0 ? 3 : 2;
}

/* Messages without payload lie behind each other and need one vector together. */
void
smb_smb2_set_vectors (SmbFrame *frame)
{
  gsize begin = smb_frame_get_message (frame, 0)->offset;

  smb_frame_clear_vectors (frame);
  for (guint i = 0; i < frame->n_messages; i++)
    {
      const SmbFrameMessage *message = smb_frame_get_message (frame, i);
      GOutputVector own[3];
      guint n_own = get_message_vectors (frame, i, own);
      gsize end = message->offset + own[0].size;

      if (n_own == 1 && i + 1 < frame->n_messages)
        continue;
      smb_frame_add_vector (frame, frame->bytes->data + begin, end - begin);
      begin = end;
      for (guint k = 1; k < n_own; k++)
        smb_frame_add_vector (frame, own[k].buffer, own[k].size);
    }
}

static gboolean
sign_all (SmbSmb2Session  *session,
          SmbFrame        *frame,
          GError         **error)
{
  if (session->mac == NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY, "There is no key to sign with");
      return FALSE;
    }

  for (guint i = 0; i < frame->n_messages; i++)
    {
      guint8 *header = smb_smb2_get_header (frame, i);
      GOutputVector vectors[3];
      guint n_vectors = get_message_vectors (frame, i, vectors);
      guint32 flags = smb_smb2_get_u32 (header, SMB_SMB2_HEADER_FLAGS);

      smb_smb2_set_u32 (header, SMB_SMB2_HEADER_FLAGS, flags | SMB_SMB2_FLAG_SIGNED);
      if (!smb_smb2_sign (session->mac, header, vectors, n_vectors, error))
        return FALSE;
    }

  return TRUE;
}

/* The payloads belong to the caller and may be read by others: what is encrypted must be a copy. */
static void
gather (SmbFrame *frame)
{
  GByteArray *bytes = smb_frame_take_bytes (SMB_SMB2_TRANSFORM_SIZE + frame->size);

  g_byte_array_set_size (bytes, SMB_SMB2_TRANSFORM_SIZE);
  for (guint i = 0; i < frame->n_vectors; i++)
    g_byte_array_append (bytes, frame->vectors[i].buffer, frame->vectors[i].size);

  smb_frame_set_bytes (frame, bytes);
}

static gboolean
seal_all (SmbSmb2Session  *session,
          SmbFrame        *frame,
          GError         **error)
{
  if (frame->n_vectors > 1)
    gather (frame);
  if (!smb_smb2_sealer_seal (&session->sealer, session->id, frame->bytes->data, frame->bytes->len, error))
    return FALSE;

  smb_frame_clear_vectors (frame);
  smb_frame_add_vector (frame, frame->bytes->data, frame->bytes->len);
  return TRUE;
}

/* Everything but the encryption: from here on the headers stay as they are, and can still be read. */
static gboolean
complete_headers (SmbSmb2Session  *session,
                  SmbFrame        *frame,
                  SmbProtection    protection,
                  GError         **error)
{
  for (guint i = 0; i < frame->n_messages; i++)
    smb_smb2_set_u64 (smb_smb2_get_header (frame, i), SMB_SMB2_HEADER_SESSION_ID, session->id);

  return protection != SMB_PROTECTION_SIGNED || sign_all (session, frame, error);
}

static gboolean
complete_frame (SmbSmb2Session  *session,
                SmbFrame        *frame,
                SmbProtection    protection,
                GError         **error)
{
  smb_smb2_set_vectors (frame);
  return protection != SMB_PROTECTION_SEALED || seal_all (session, frame, error);
}

gboolean
smb_smb2_protect (SmbSmb2Session  *session,
                  SmbFrame        *frame,
                  SmbProtection    protection,
                  GError         **error)
{
  return complete_headers (session, frame, protection, error)
         && complete_frame (session, frame, protection, error);
}

/* A message of many credits takes as many numbers; servers count on them to be contiguous ([MS-SMB2]
 * 3.2.4.1.5). */
static void
assign_numbers (SmbFrame *frame,
                guint64  *next_id,
                guint     want)
{
  for (guint i = 0; i < frame->n_messages; i++)
    {
      SmbFrameMessage *message = smb_frame_get_message (frame, i);
      guint8 *header = smb_smb2_get_header (frame, i);
      gboolean last = i + 1 == frame->n_messages;
      guint credits;

      message->key = *next_id;
      message->units = MAX (smb_smb2_get_u16 (header, SMB_SMB2_HEADER_CREDIT_CHARGE), 1);
      *next_id += message->units;

      credits = MIN (want, last ? G_MAXUINT16 : message->units);
      want -= credits;
      smb_smb2_set_u16 (header, SMB_SMB2_HEADER_CREDITS, credits);
      smb_smb2_set_u64 (header, SMB_SMB2_HEADER_MESSAGE_ID, message->key);
    }
}

/* The numbers are spent even if the rest fails. The last one is the server's own. */
static gboolean
check_numbers (const SmbFrame  *frame,
               guint64          next_id,
               GError         **error)
{
  if (next_id < SMB_SMB2_UNSOLICITED_ID - (guint64) frame->n_messages * G_MAXUINT16)
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_FAILED, "The connection has no message numbers left");
  return FALSE;
}

gboolean
smb_smb2_finish (SmbSmb2Session      *session,
                 SmbSmb2Outstanding  *outstanding,
                 guint64             *next_id,
                 SmbFrame            *frame,
                 SmbProtection        protection,
                 guint                want,
                 GError             **error)
{
  gboolean login = smb_frame_get_message (frame, 0)->command == SMB_COMMAND_SESSION_SETUP;

  if (!check_numbers (frame, *next_id, error))
    return FALSE;

  assign_numbers (frame, next_id, want);
  if (!complete_headers (session, frame, protection, error))
    return FALSE;
  for (guint i = 0; i < frame->n_messages; i++)
    smb_smb2_outstanding_add (outstanding, smb_smb2_get_header (frame, i));
  if (!complete_frame (session, frame, protection, error))
    return FALSE;

  if (login)
    smb_smb2_session_sent (session, frame->vectors, frame->n_vectors);
  return TRUE;
}
