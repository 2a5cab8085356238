/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-finish.h"

/* How many numbers a message spends: its own and that of its response; an NT_CANCEL has no response
 * ([MS-CIFS] 3.2.4.1.3). */
#define NUMBERS        2
#define CANCEL_NUMBERS 1

void
smb_smb1_state_init (SmbSmb1State *self)
{
  smb_smb1_outstanding_init (&self->outstanding);
  smb_smb1_opens_init (&self->opens);
}

void
smb_smb1_state_clear (SmbSmb1State *self)
{
  smb_smb1_session_clear (&self->session);
  smb_smb1_outstanding_clear (&self->outstanding);
  smb_smb1_opens_clear (&self->opens);
}

/* Sets what only the moment of sending knows; @number becomes that of the message. */
static gboolean
complete (SmbSmb1State  *state,
          SmbFrame      *frame,
          guint16        mid,
          guint          numbers,
          guint32       *number,
          GError       **error)
{
  SmbSmb1Session *session = &state->session;
  guint8 *header = smb_smb1_frame_get_header (frame);
  guint16 flags2 = smb_smb1_get_u16 (header, SMB_SMB1_HEADER_FLAGS2);

  smb_smb1_set_u16 (header, SMB_SMB1_HEADER_UID, session->uid);
  smb_smb1_set_u16 (header, SMB_SMB1_HEADER_MID, mid);
  smb_smb1_frame_set_vectors (frame);
  if (!smb_smb1_session_take_number (session, numbers, number, error))
    return FALSE;

  if (session->key != NULL)
    {
      smb_smb1_set_u16 (header, SMB_SMB1_HEADER_FLAGS2, flags2 | SMB_SMB1_FLAG2_SIGNATURE);
      smb_smb1_sign (session->key, *number, header, smb_smb1_frame_get_vectors (frame), frame->n_vectors);
    }
  else if ((flags2 & SMB_SMB1_FLAG2_SIGNATURE) != 0)
    memcpy (header + SMB_SMB1_HEADER_SIGNATURE, SMB_SMB1_NO_SIGNATURE, SMB_SMB1_SIGNATURE_SIZE);
  return TRUE;
}

/* What a login needs to know later on. */
static void
note_login (SmbSmb1Session *session,
            SmbSmb1Sent    *sent)
{
  SmbSmb1Part *part = smb_smb1_sent_peek_part (sent);

  if (session->established)
    return;
  session->announced = sent->note.sign;
  g_clear_pointer (&session->challenge_response, g_bytes_unref);
  if (part != NULL && part->kind == SMB_SMB1_PART_RESPONSE)
    session->challenge_response = g_bytes_new (part->bytes->data, part->bytes->len);
}

static void
note_closing (SmbSmb1Opens      *opens,
              const SmbSmb1Note *note)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&opens->lock);
  SmbSmb1Open *open = smb_smb1_opens_find (opens, note->serial);

  if (open != NULL)
    open->gone = TRUE;
}

static void
note_sent (SmbSmb1State *state,
           SmbFrame     *frame,
           SmbSmb1Sent  *sent,
           guint32       number)
{
  SmbFrameMessage *message = smb_frame_get_message (frame, 0);
  const guint8 *header = smb_smb1_frame_get_header (frame);

  message->key = sent->mid;
  message->units = 1;
  sent->command = message->command;
  sent->expected = header[SMB_SMB1_HEADER_COMMAND];
  sent->number = number + 1;
  sent->tid = smb_smb1_get_u16 (header, SMB_SMB1_HEADER_TID);
  sent->note = *smb_smb1_frame_get_note (frame);
  sent->parts = smb_smb1_frame_dup_parts (frame);

  if (sent->command == SMB_COMMAND_SESSION_SETUP)
    {
      note_login (&state->session, sent);
      smb_smb1_sent_drop_parts (sent);
    }
  if (sent->note.closes)
    note_closing (&state->opens, &sent->note);
}

/* An open that is closed while it is still read from or written to: what the server makes of that is its
 * own business, and smbd 4.17 ends with a segmentation fault. An ECHO goes out instead; the CLOSE follows
 * when nothing else is under way. */
static gboolean
put_off (SmbSmb1State *state,
         SmbFrame     *frame)
{
  const SmbSmb1Note *note = smb_smb1_frame_get_note (frame);
  const guint8 *header = smb_smb1_frame_get_header (frame);
  g_auto(SmbWriter) w = { 0 };

  if (!note->alone || !smb_smb1_outstanding_is_used (&state->outstanding, note->serial, NULL))
    return FALSE;

  smb_writer_init (&w, NULL);
  smb_smb1_header_write (&w, SMB_SMB1_ECHO, smb_smb1_get_u16 (header, SMB_SMB1_HEADER_FLAGS2),
                         smb_smb1_get_u16 (header, SMB_SMB1_HEADER_TID));
  smb_smb1_write_echo (&w);
  smb_smb1_frame_put_off (frame, &w);
  return TRUE;
}

gboolean
smb_smb1_finish (SmbSmb1State  *state,
                 SmbFrame      *frame,
                 GError       **error)
{
  gboolean waits = put_off (state, frame);
  SmbSmb1Sent *sent = smb_smb1_outstanding_add (&state->outstanding);
  guint32 number;

  if (sent == NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_FAILED, "There are too many requests under way");
      return FALSE;
    }
  if (!complete (state, frame, sent->mid, NUMBERS, &number, error))
    {
      smb_smb1_outstanding_remove (&state->outstanding, sent);
      return FALSE;
    }

  note_sent (state, frame, sent, number);
  if (waits)
    smb_smb1_outstanding_wait (&state->outstanding, sent);
  return TRUE;
}

static SmbFrame *
frame_of_part (SmbSmb1Sent       *sent,
               const SmbSmb1Part *part)
{
  SmbFrame *frame = smb_smb1_frame_new (sent->command);
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_frame_begin (frame, &w);
  smb_writer_bytes (&w, part->bytes->data, part->bytes->len);
  smb_smb1_frame_end (frame, &w);
  return frame;
}

/* The response to a request in parts has the number behind that of its last one, and the command of its
 * first. */
SmbFrame *
smb_smb1_next_part (SmbSmb1State  *state,
                    guint64        key,
                    GError       **error)
{
  SmbSmb1Sent *sent = smb_smb1_outstanding_find (&state->outstanding, key);
  SmbSmb1Part *part = sent == NULL || !sent->due ? NULL : smb_smb1_sent_peek_part (sent);
  g_autoptr(SmbFrame) frame = NULL;
  guint32 number;

  if (part == NULL)
    return NULL;

  frame = frame_of_part (sent, part);
  if (!complete (state, frame, sent->mid, NUMBERS, &number, error))
    return NULL;
  sent->number = number + 1;
  sent->next_part++;
  if (part->kind == SMB_SMB1_PART_STEP)
    {
      sent->due = FALSE;
      sent->expected = part->bytes->data[SMB_SMB1_HEADER_COMMAND];
    }
  return g_steal_pointer (&frame);
}

/* [MS-CIFS] 2.2.4.65 */
SmbFrame *
smb_smb1_cancel (SmbSmb1State  *state,
                 guint64        key,
                 GError       **error)
{
  SmbSmb1Sent *sent = smb_smb1_outstanding_find (&state->outstanding, key);
  g_autoptr(SmbFrame) frame = NULL;
  g_auto(SmbWriter) w = { 0 };
  guint32 number;

  if (sent == NULL || sent->cancelled)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "Request %" G_GUINT64_FORMAT " is %s", key,
                   sent == NULL ? "not under way" : "cancelled already");
      return NULL;
    }

  sent->cancelled = TRUE;
  frame = smb_smb1_frame_new (SMB_COMMAND_CANCEL);
  smb_smb1_frame_begin (frame, &w);
  smb_smb1_header_write (&w, SMB_SMB1_NT_CANCEL, 0, sent->tid);
  smb_writer_u8 (&w, 0);  /* WordCount */
  smb_writer_u16 (&w, 0); /* ByteCount */
  smb_smb1_frame_end (frame, &w);
  if (!complete (state, frame, sent->mid, CANCEL_NUMBERS, &number, error))
    return NULL;

  smb_frame_get_message (frame, 0)->key = key;
  return g_steal_pointer (&frame);
}
