/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

#define FSCTL_PIPE_TRANSCEIVE         0x0011C017
#define FSCTL_VALIDATE_NEGOTIATE_INFO 0x00140204

#define CALL_ID_AT 12

typedef struct
{
  guint32       code;
  ScriptedOpen *open; /* nullable */
  guint64       file_id;
  guint32       max_output;
  SmbReader     input;
} Ioctl;

/* [MS-SMB2] 2.2.31 */
static gboolean
read_ioctl (ScriptedRequest *request,
            ScriptedReply   *reply,
            Ioctl           *ioctl)
{
  SmbReader *reader = &request->reader;
  SmbReader  ahead;
  guint32    input_at;
  guint32    input_size;

  smb_reader_skip (reader, 2);
  ioctl->code = smb_reader_u32 (reader);
  ahead = *reader;
  smb_reader_skip (&ahead, 8);
  ioctl->file_id = smb_reader_u64 (&ahead);
  if (ioctl->code == FSCTL_PIPE_TRANSCEIVE)
    ioctl->open = scripted_read_file_id (request, reply);
  else
    smb_reader_skip (reader, 16);
  input_at = smb_reader_u32 (reader);
  input_size = smb_reader_u32 (reader);
  smb_reader_skip (reader, 12);
  ioctl->max_output = smb_reader_u32 (reader);
  smb_reader_sub (reader, &ioctl->input, input_at, input_size);
  return !reader->failed && (ioctl->code != FSCTL_PIPE_TRANSCEIVE || ioctl->open != NULL);
}

/* [MS-SMB2] 2.2.32 */
static void
write_response (ScriptedReply *reply,
                const Ioctl   *ioctl,
                gconstpointer  data,
                gsize          size)
{
  SmbWriter *writer = &reply->message;

  smb_writer_u16 (writer, 49); /* StructureSize */
  smb_writer_u16 (writer, 0);
  smb_writer_u32 (writer, ioctl->code);
  smb_writer_u64 (writer, ioctl->file_id);
  smb_writer_u64 (writer, ioctl->file_id);
  smb_writer_u32 (writer, HEADER_SIZE + 48); /* InputOffset */
  smb_writer_u32 (writer, 0);
  smb_writer_u32 (writer, HEADER_SIZE + 48); /* OutputOffset */
  smb_writer_u32 (writer, (guint32) size);
  smb_writer_zeros (writer, 8);
  smb_writer_bytes (writer, data, size);
}

/* A PDU has the call's number at the same place, request or response ([C706] 12.6.3.1). */
GBytes *
scripted_pop_pdu (ScriptedServer *server,
                  const guint8   *request,
                  gsize           size)
{
  g_autoptr(GBytes) canned = g_queue_pop_head (&server->pdus);
  gsize             canned_size;
  guint8           *pdu;

  if (canned == NULL)
    return g_bytes_new (NULL, 0);
  pdu = g_bytes_unref_to_data (g_steal_pointer (&canned), &canned_size);
  if (size >= CALL_ID_AT + 4 && canned_size >= CALL_ID_AT + 4)
    memcpy (pdu + CALL_ID_AT, request + CALL_ID_AT, 4);
  return g_bytes_new_take (pdu, canned_size);
}

/* What does not fit is left to be read. */
static void
transceive (ScriptedRequest *request,
            ScriptedReply   *reply,
            Ioctl           *ioctl)
{
  g_autoptr(GBytes) pdu = NULL;
  gsize             size;

  pdu = scripted_pop_pdu (request->connection->server, ioctl->input.data, ioctl->input.size);
  size = g_bytes_get_size (pdu);
  write_response (reply, ioctl, g_bytes_get_data (pdu, NULL), MIN (size, ioctl->max_output));
  if (size <= ioctl->max_output)
    return;
  g_queue_push_tail (&ioctl->open->output,
                     g_bytes_new_from_bytes (pdu, ioctl->max_output, size - ioctl->max_output));
  reply->status = SMB_STATUS_BUFFER_OVERFLOW;
}

static void
answer_canned (ScriptedRequest *request,
               ScriptedReply   *reply,
               const Ioctl     *ioctl)
{
  GBytes *canned = g_hash_table_lookup (request->connection->server->ioctls, GUINT_TO_POINTER (ioctl->code));
  gsize   size;

  if (canned == NULL)
    {
      scripted_reply_fail (reply, SMB_STATUS_INVALID_DEVICE_REQUEST);
      return;
    }
  size = MIN (g_bytes_get_size (canned), ioctl->max_output);
  write_response (reply, ioctl, g_bytes_get_data (canned, NULL), size);
}

/* A server that never heard of 3.0 does not. */
static gboolean
knows_validation (const ScriptedConnection *connection)
{
  return connection->dialect >= 0x0300 || connection->server->config.true_dialect >= 0x0300;
}

void
scripted_handle_ioctl (ScriptedRequest *request,
                       ScriptedReply   *reply)
{
  Ioctl             ioctl = { 0 };
  g_auto(SmbWriter) output = { 0 };

  if (!read_ioctl (request, reply, &ioctl))
    {
      if (reply->status == SMB_STATUS_SUCCESS)
        scripted_reply_fail (reply, SMB_STATUS_INVALID_PARAMETER);
      return;
    }
  if (ioctl.code == FSCTL_PIPE_TRANSCEIVE)
    transceive (request, reply, &ioctl);
  else if (ioctl.code == FSCTL_VALIDATE_NEGOTIATE_INFO && knows_validation (request->connection))
    {
      smb_writer_init (&output, NULL);
      scripted_validate (request, &ioctl.input, reply, &output);
      write_response (reply, &ioctl, output.bytes->data, output.bytes->len);
    }
  else
    answer_canned (request, reply, &ioctl);
}
