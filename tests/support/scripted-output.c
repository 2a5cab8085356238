/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

#define FRAMING_SIZE 4
#define FRAMING_KEEP_ALIVE 0x85

static void
frame_free (gpointer data)
{
  ScriptedFrame *self = data;

  g_byte_array_unref (self->bytes);
  g_free (self);
}

GPtrArray *
scripted_frames_new (void)
{
  return g_ptr_array_new_with_free_func (frame_free);
}

/* Takes @bytes, which have no framing yet. */
static ScriptedFrame *
add_frame (GPtrArray  *frames,
           GByteArray *bytes)
{
  ScriptedFrame *frame = g_new0 (ScriptedFrame, 1);
  guint8 framing[] = { 0, (guint8) (bytes->len >> 16), (guint8) (bytes->len >> 8), (guint8) bytes->len };

  g_byte_array_prepend (bytes, framing, sizeof framing);
  frame->bytes = bytes;
  g_ptr_array_add (frames, frame);
  return frame;
}

static void
add_hang_up (GPtrArray *frames)
{
  ScriptedFrame *frame = add_frame (frames, g_byte_array_new ());

  g_byte_array_set_size (frame->bytes, 0);
  frame->hang_up = TRUE;
}

void
scripted_output_raw (GPtrArray     *frames,
                     gconstpointer  data,
                     gsize          size)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, data, (guint) size);
  add_frame (frames, bytes);
}

/* [MS-SMB2] 2.2.23.1, of a file that nobody has open */
void
scripted_output_break (GPtrArray     *frames,
                       gconstpointer  data,
                       gsize          size)
{
  g_auto(SmbWriter) writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_bytes (&writer, "\xfeSMB", 4);
  smb_writer_u16 (&writer, HEADER_SIZE);
  smb_writer_zeros (&writer, 6);
  smb_writer_u16 (&writer, SCRIPTED_OPLOCK_BREAK);
  smb_writer_u16 (&writer, 0);
  smb_writer_u32 (&writer, FLAG_RESPONSE);
  smb_writer_u32 (&writer, 0);
  smb_writer_u64 (&writer, G_MAXUINT64); /* MessageId */
  smb_writer_zeros (&writer, 32);
  smb_writer_u16 (&writer, 24); /* StructureSize */
  smb_writer_zeros (&writer, 6);
  smb_writer_u64 (&writer, 0xDEAD);
  smb_writer_u64 (&writer, 0xBEEF);
  scripted_output_raw (frames, writer.bytes->data, writer.bytes->len);
}

static void
output_keep_alive (GPtrArray *frames)
{
  add_frame (frames, g_byte_array_new ())->bytes->data[0] = FRAMING_KEEP_ALIVE;
}

/* [MS-SMB2] 2.2.2 */
static void
write_error_body (ScriptedReply *reply)
{
  const ScriptedActiveRule *rule = scripted_reply_find (reply, SCRIPTED_STATUS);
  gsize                     size = 0;
  gconstpointer             data = NULL;

  if (rule != NULL && rule->data != NULL)
    data = g_bytes_get_data (rule->data, &size);
  smb_writer_u16 (&reply->message, 9); /* StructureSize */
  smb_writer_u16 (&reply->message, 0);
  smb_writer_u32 (&reply->message, (guint32) size); /* ByteCount */
  if (size > 0)
    smb_writer_bytes (&reply->message, data, size);
  else
    smb_writer_u8 (&reply->message, 0);
}

static void
write_body (ScriptedReply *reply)
{
  const ScriptedActiveRule *rule = scripted_reply_find (reply, SCRIPTED_BODY);

  if (rule != NULL)
    {
      g_byte_array_set_size (reply->message.bytes, HEADER_SIZE);
      smb_writer_bytes (&reply->message, g_bytes_get_data (rule->data, NULL), g_bytes_get_size (rule->data));
    }
  else if (reply->message.bytes->len == HEADER_SIZE)
    write_error_body (reply);
}

/* [MS-SMB2] 2.2.1 */
static void
write_header (ScriptedReply *reply,
              guint32        next)
{
  const ScriptedActiveRule *moved = scripted_reply_find (reply, SCRIPTED_MESSAGE_ID);
  g_auto(SmbWriter)         writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_bytes (&writer, "\xfeSMB", 4);
  smb_writer_u16 (&writer, HEADER_SIZE);
  smb_writer_u16 (&writer, reply->charge);
  smb_writer_u32 (&writer, reply->status);
  smb_writer_u16 (&writer, (guint16) reply->command);
  smb_writer_u16 (&writer, reply->credits);
  smb_writer_u32 (&writer, FLAG_RESPONSE | reply->flags | (reply->async_id != 0 ? FLAG_ASYNC : 0));
  smb_writer_u32 (&writer, next);
  smb_writer_u64 (&writer, reply->message_id + (moved != NULL ? (guint64) moved->rule.number : 0));
  smb_writer_u64 (&writer, reply->async_id != 0 ? reply->async_id : (guint64) reply->tree_id << 32);
  smb_writer_u64 (&writer, reply->session_id);
  smb_writer_zeros (&writer, SIGNATURE_SIZE);
  memcpy (reply->message.bytes->data, writer.bytes->data, HEADER_SIZE);
  reply->connection->granted += reply->credits;
}

/* The lies of the message itself: what is signed, is signed with them. */
static void
falsify (ScriptedReply *reply)
{
  GByteArray *bytes = reply->message.bytes;

  for (guint i = 0; i < reply->rules->len; i++)
    {
      const ScriptedActiveRule *active = reply->rules->pdata[i];
      gsize                     at = (gsize) active->rule.number;

      if (active->rule.action == SCRIPTED_PATCH)
        {
          g_assert_cmpuint (at + g_bytes_get_size (active->data), <=, bytes->len);
          memcpy (bytes->data + at, g_bytes_get_data (active->data, NULL), g_bytes_get_size (active->data));
        }
      else if (active->rule.action == SCRIPTED_TRUNCATE && at < bytes->len)
        g_byte_array_set_size (bytes, (guint) at);
    }
}

/* The hash of what was said before there were keys ([MS-SMB2] 3.3.5.4, 3.3.5.5). */
static void
update_preauth (ScriptedReply *reply)
{
  GOutputVector vector = { reply->message.bytes->data, reply->message.bytes->len };

  if (reply->command == SCRIPTED_NEGOTIATE)
    smb_sha512_update_chain (reply->connection->preauth, &vector, 1);
  else if (reply->command == SCRIPTED_SESSION_SETUP && reply->status == SMB_STATUS_MORE_PROCESSING_REQUIRED)
    smb_sha512_update_chain (reply->session->preauth, &vector, 1);
}

static void
sign_message (ScriptedReply *reply)
{
  guint8  *message = reply->message.bytes->data;
  gboolean has_key = reply->session != NULL && reply->session->mac != NULL;
  gboolean wanted = (reply->sign && !reply->seal) || scripted_reply_find (reply, SCRIPTED_SIGNED) != NULL;

  if (reply->message.bytes->len < HEADER_SIZE)
    return;
  if (scripted_reply_find (reply, SCRIPTED_ECHO_SIGNATURE) != NULL)
    memcpy (message + SIGNATURE_AT, reply->request_signature, SIGNATURE_SIZE);
  else if (has_key && wanted && scripted_reply_find (reply, SCRIPTED_UNSIGNED) == NULL)
    scripted_sign (reply->session, scripted_reply_find (reply, SCRIPTED_OTHER_KEY) != NULL, message,
                   reply->message.bytes->len);
  if (scripted_reply_find (reply, SCRIPTED_BAD_SIGNATURE) != NULL)
    message[SIGNATURE_AT + 5] ^= 0x10;
}

static void
finish_message (ScriptedReply *reply,
                gboolean       is_last)
{
  write_body (reply);
  if (!is_last)
    smb_writer_align (&reply->message, 8);
  write_header (reply, is_last ? 0 : reply->message.bytes->len);
  falsify (reply);
  update_preauth (reply);
  sign_message (reply);
}

/* What happens to a frame on its way. */
static void
mistreat (ScriptedFrame       *frame,
          const ScriptedReply *reply,
          GPtrArray           *frames)
{
  for (guint i = 0; i < reply->rules->len; i++)
    {
      const ScriptedActiveRule *active = reply->rules->pdata[i];
      guint                     number = (guint) active->rule.number;

      if (active->rule.action == SCRIPTED_GARBLE)
        frame->bytes->data[FRAMING_SIZE + MIN (number, frame->bytes->len - FRAMING_SIZE - 1)] ^= 0xFF;
      else if (active->rule.action == SCRIPTED_LENGTH)
        for (guint k = 1; k < FRAMING_SIZE; k++)
          frame->bytes->data[k] = (guint8) (number >> (8 * (FRAMING_SIZE - 1 - k)));
      else if (active->rule.action == SCRIPTED_STALL)
        {
          frame->stall_at = MIN (number, frame->bytes->len);
          reply->connection->stalled = TRUE;
        }
      else if (active->rule.action == SCRIPTED_CUT)
        g_byte_array_set_size (frame->bytes, MIN (number, frame->bytes->len));
      else if (active->rule.action == SCRIPTED_DUPLICATE)
        scripted_output_raw (frames, frame->bytes->data + FRAMING_SIZE, frame->bytes->len - FRAMING_SIZE);

      frame->hang_up |= active->rule.action == SCRIPTED_CUT || active->rule.action == SCRIPTED_DROP_AFTER;
    }
}

static gboolean
is_to_be_sealed (const ScriptedReply *reply)
{
  gboolean wanted = reply->seal || scripted_reply_find (reply, SCRIPTED_SEALED) != NULL;

  return wanted && reply->session != NULL && reply->session->sealer != NULL
         && scripted_reply_find (reply, SCRIPTED_IN_CLEAR) == NULL;
}

/* Sends the replies of @group in one frame, and empties it. */
static void
output_group (GPtrArray *group,
              GPtrArray *frames)
{
  GByteArray    *bytes;
  ScriptedFrame *frame;
  ScriptedReply *first;

  if (group->len == 0)
    return;
  bytes = g_byte_array_new ();
  first = group->pdata[0];
  for (guint i = 0; i < group->len; i++)
    {
      ScriptedReply *reply = group->pdata[i];

      finish_message (reply, i == group->len - 1);
      g_byte_array_append (bytes, reply->message.bytes->data, reply->message.bytes->len);
      reply->connection->in_flight--;
    }
  if (is_to_be_sealed (first))
    scripted_seal (first->session, scripted_reply_find (first, SCRIPTED_OTHER_KEY) != NULL, bytes);

  frame = add_frame (frames, bytes);
  for (guint i = 0; i < group->len; i++)
    mistreat (frame, group->pdata[i], frames);
  g_ptr_array_set_size (group, 0);
}

static void
output_alone (ScriptedReply *reply,
              GPtrArray     *frames)
{
  g_autoptr(GPtrArray) group = g_ptr_array_new_with_free_func ((GDestroyNotify) scripted_reply_free);

  g_ptr_array_add (group, reply);
  output_group (group, frames);
}

/* An interim response ([MS-SMB2] 3.3.4.2): never signed; its credits are the last of the request. */
static void
output_pending (ScriptedReply *reply,
                guint          n,
                GPtrArray     *frames)
{
  reply->async_id = scripted_next_id (reply->connection->server);
  for (guint i = 0; i < MAX (n, 1); i++)
    {
      ScriptedReply    interim = *reply;
      GByteArray      *bytes;
      g_autoptr(GPtrArray) no_rules = g_ptr_array_new ();

      smb_writer_init (&interim.message, NULL);
      smb_writer_zeros (&interim.message, HEADER_SIZE);
      interim.status = SMB_STATUS_PENDING;
      interim.rules = no_rules;
      write_error_body (&interim);
      write_header (&interim, 0);
      reply->credits = 0;
      bytes = smb_writer_steal (&interim.message);
      if (is_to_be_sealed (reply) && scripted_reply_find (reply, SCRIPTED_INTERIM_IN_CLEAR) == NULL)
        scripted_seal (reply->session, FALSE, bytes);
      add_frame (frames, bytes);
    }
}

static guint16
get_credits (const ScriptedReply *reply)
{
  const ScriptedActiveRule *rule = scripted_reply_find (reply, SCRIPTED_CREDITS);

  return rule != NULL ? (guint16) rule->rule.number : reply->credits;
}

static void
output_before (ScriptedReply *reply,
               GPtrArray     *frames)
{
  for (guint i = 0; i < reply->rules->len; i++)
    {
      const ScriptedActiveRule *active = reply->rules->pdata[i];

      if (active->rule.action == SCRIPTED_BREAK)
        scripted_output_break (frames, NULL, 0);
      else if (active->rule.action == SCRIPTED_FIRST_SEND)
        scripted_output_raw (frames, g_bytes_get_data (active->data, NULL), g_bytes_get_size (active->data));
      else if (active->rule.action == SCRIPTED_KEEP_ALIVE)
        output_keep_alive (frames);
      else if (active->rule.action == SCRIPTED_PENDING)
        output_pending (reply, (guint) active->rule.number, frames);
    }
}

static gboolean
goes_alone (const ScriptedReply *reply)
{
  return scripted_reply_find (reply, SCRIPTED_SPLIT) != NULL || reply->async_id != 0;
}

/* TRUE if the connection goes on answering. Takes @reply. */
static gboolean
output_reply (ScriptedReply *reply,
              GPtrArray     *group,
              GPtrArray     *frames)
{
  ScriptedServer *server = reply->connection->server;
  gboolean        drops = reply->hang_up || scripted_reply_find (reply, SCRIPTED_DROP) != NULL;

  reply->credits = get_credits (reply);
  if (drops || scripted_reply_find (reply, SCRIPTED_FREEZE_CONNECTION) != NULL)
    {
      output_group (group, frames);
      if (drops)
        add_hang_up (frames);
      else
        reply->connection->frozen = TRUE;
      scripted_reply_free (reply);
      return FALSE;
    }

  output_before (reply, frames);
  if (scripted_reply_find (reply, SCRIPTED_FREEZE) != NULL)
    scripted_reply_free (reply);
  else if (scripted_reply_find (reply, SCRIPTED_HOLD) != NULL && !server->holds_nothing)
    g_ptr_array_add (server->held, reply);
  else if (goes_alone (reply))
    {
      output_group (group, frames);
      output_alone (reply, frames);
    }
  else
    g_ptr_array_add (group, reply);
  return TRUE;
}

void
scripted_output_chain (GPtrArray *replies,
                       GPtrArray *frames)
{
  g_autoptr(GPtrArray) group = g_ptr_array_new_with_free_func ((GDestroyNotify) scripted_reply_free);
  gboolean             goes_on = TRUE;

  for (guint i = 0; i < replies->len && goes_on; i++)
    goes_on = output_reply (g_steal_pointer (&replies->pdata[i]), group, frames);
  output_group (group, frames);
}

void
scripted_output_held (ScriptedReply *reply,
                      GPtrArray     *frames)
{
  output_alone (reply, frames);
}
