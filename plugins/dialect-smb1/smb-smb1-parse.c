/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-parse.h"

#include "smb-smb1-find.h"
#include "smb-smb1-info.h"

static gboolean
fail (GError     **error,
      const char  *what)
{
  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server sent %s", what);
  return FALSE;
}

/* Once the session is signed every response has to be ([MS-CIFS] 3.2.5.1). */
static gboolean
check_signature (SmbSmb1State       *state,
                 const SmbSmb1Sent  *sent,
                 const SmbReceived  *message,
                 SmbItem            *item,
                 GError            **error)
{
  if (state->session.key == NULL)
    return TRUE;

  if (smb_smb1_verify (state->session.key, sent->number, message->bytes, message->size, message->payload,
                       message->payload == NULL ? 0 : message->payload_size))
    {
      item->protection = SMB_PROTECTION_SIGNED;
      return TRUE;
    }

  g_set_error (error, SMB_ERROR, SMB_ERROR_SECURITY, "The signature of the server's answer to %s is wrong",
               smb_command_get_name (item->command));
  return FALSE;
}

/* WordCount and ByteCount of 0. */
static gboolean
has_no_body (const SmbReceived *message)
{
  return message->payload == NULL && message->size >= SMB_SMB1_MIN_SIZE
         && message->bytes[SMB_SMB1_HEADER_WORD_COUNT] == 0
         && smb_smb1_get_u16 (message->bytes, SMB_SMB1_HEADER_WORD_COUNT + 1) == 0;
}

/* Whether there is more to send before the last response can come; now, or when others are done with the
 * open. */
static gboolean
goes_on (SmbSmb1State      *state,
         SmbSmb1Sent       *sent,
         SmbItem           *item,
         const SmbReceived *message)
{
  const SmbSmb1Part *part = smb_smb1_sent_peek_part (sent);

  if (part == NULL)
    return FALSE;
  if (part->kind == SMB_SMB1_PART_SECONDARY && !(item->status == SMB_STATUS_SUCCESS && has_no_body (message)))
    return FALSE;

  if (sent->waits && smb_smb1_outstanding_is_used (&state->outstanding, sent->note.serial, sent))
    {
      sent->ready = TRUE;
      item->kind = SMB_ITEM_PART;
    }
  else
    {
      smb_smb1_outstanding_go_on (&state->outstanding, sent);
      item->kind = SMB_ITEM_CONTINUE;
    }
  return TRUE;
}

/* @item's bytes become these. */
static void
set_owned (SmbItem *item,
           GBytes  *message)
{
  item->owner = message;
  item->bytes = g_bytes_get_data (message, &item->size);
}

/* Takes in a part. FALSE with an error, or without one while others are to come. */
static gboolean
assemble (SmbSmb1Sent                   *sent,
          const SmbSmb1TransactionReply *part,
          SmbItem                       *item,
          GError                       **error)
{
  if (sent->assembly == NULL)
    sent->assembly = smb_smb1_assembly_new (sent->note.max_parameters, sent->note.max_data);
  if (!smb_smb1_assembly_add (sent->assembly, part, error) || !smb_smb1_assembly_is_complete (sent->assembly))
    return FALSE;

  set_owned (item, smb_smb1_assembly_to_message (sent->assembly, item->bytes));
  return TRUE;
}

static gboolean
translate (SmbSmb1Sent                    *sent,
           SmbItem                        *item,
           const SmbSmb1TransactionReply  *reply,
           GError                        **error)
{
  GBytes *message = smb_smb1_info_translate (sent->note.answer, item->bytes, reply, error);

  if (message == NULL)
    return FALSE;
  g_clear_pointer (&item->owner, g_bytes_unref);
  set_owned (item, message);
  return TRUE;
}

static gboolean
take_find (SmbSmb1State                   *state,
           const SmbSmb1Sent              *sent,
           SmbItem                        *item,
           const SmbSmb1TransactionReply  *reply,
           GError                        **error)
{
  GError *own_error = NULL;

  item->status = smb_smb1_find_answered (&state->opens, &sent->note, item->status, reply, &own_error);
  if (own_error == NULL)
    return TRUE;
  g_propagate_error (error, own_error);
  return FALSE;
}

/* All of a response to a transaction is there. */
static gboolean
take_whole (SmbSmb1State   *state,
            SmbSmb1Sent    *sent,
            SmbItem        *item,
            GError        **error)
{
  SmbSmb1TransactionReply reply;

  if (sent->note.answer == SMB_SMB1_ANSWER_TRANSACTION)
    return TRUE;
  if (!smb_smb1_transaction_read (&reply, item->bytes, item->size, error))
    return FALSE;
  if (sent->note.answer == SMB_SMB1_ANSWER_FIND_FIRST || sent->note.answer == SMB_SMB1_ANSWER_FIND_NEXT)
    return take_find (state, sent, item, &reply, error);
  return translate (sent, item, &reply, error);
}

static gboolean
fits (const SmbSmb1Sent             *sent,
      const SmbSmb1TransactionReply *reply)
{
  return reply->total_parameters <= sent->note.max_parameters && reply->total_data <= sent->note.max_data;
}

static gboolean
take_transaction (SmbSmb1State       *state,
                  SmbSmb1Sent        *sent,
                  const SmbReceived  *message,
                  SmbItem            *item,
                  GError            **error)
{
  SmbSmb1TransactionReply part;
  GError *own_error = NULL;

  if (!smb_smb1_transaction_read (&part, message->bytes, message->size, error))
    return FALSE;
  if (sent->assembly == NULL && smb_smb1_transaction_is_whole (&part))
    return fits (sent, &part) ? take_whole (state, sent, item, error)
                              : fail (error, "more than was asked for");

  item->kind = SMB_ITEM_PART;
  if (!assemble (sent, &part, item, &own_error))
    {
      if (own_error == NULL)
        return TRUE;
      g_propagate_error (error, own_error);
      return FALSE;
    }
  item->kind = SMB_ITEM_REPLY;
  return take_whole (state, sent, item, error);
}

/* What carries no data though it is a transaction's. */
static gboolean
is_bare (guint32            status,
         const SmbReceived *message)
{
  return status != SMB_STATUS_SUCCESS && (status != SMB_STATUS_BUFFER_OVERFLOW || has_no_body (message));
}

static gboolean
names_path (const SmbSmb1Sent *sent)
{
  return sent->command == SMB_COMMAND_CREATE
         || (sent->command == SMB_COMMAND_QUERY_INFO && sent->note.serial == 0);
}

/* What names a path has no handle that could be invalid: servers say that of the tree, which is gone. */
static guint32
get_status (const SmbSmb1Sent   *sent,
            const SmbSmb1Header *header)
{
  if (header->status == SMB_STATUS_INVALID_HANDLE && names_path (sent))
    return SMB_STATUS_NETWORK_NAME_DELETED;
  return header->status;
}

static gboolean
take_answer (SmbSmb1State       *state,
             SmbSmb1Sent        *sent,
             const SmbReceived  *message,
             SmbItem            *item,
             GError            **error)
{
  switch (sent->note.answer)
    {
    case SMB_SMB1_ANSWER_PLAIN:
      return TRUE;
    case SMB_SMB1_ANSWER_END_OF_SEARCH:
      smb_smb1_find_ended (&state->opens, sent->note.serial);
      item->status = SMB_STATUS_NO_MORE_FILES;
      return TRUE;
    case SMB_SMB1_ANSWER_FIND_FIRST:
    case SMB_SMB1_ANSWER_FIND_NEXT:
      if (is_bare (item->status, message))
        return take_find (state, sent, item, NULL, error);
      break;
    case SMB_SMB1_ANSWER_TRANSACTION:
    case SMB_SMB1_ANSWER_ALL_INFO:
    case SMB_SMB1_ANSWER_NETWORK_OPEN:
    case SMB_SMB1_ANSWER_FULL_SIZE:
    default:
      if (is_bare (item->status, message))
        return TRUE;
      break;
    }

  if (message->payload != NULL)
    return fail (error, "data where none was asked for");
  return take_transaction (state, sent, message, item, error);
}

/* The items of requests that are not over yet grant nothing. @serial: the open that is not used by it any
 * more. */
static gboolean
take_reply (SmbSmb1State         *state,
            const SmbSmb1Header  *header,
            const SmbReceived    *message,
            SmbItem              *item,
            guint64              *serial,
            GError              **error)
{
  SmbSmb1Sent *sent = smb_smb1_outstanding_find (&state->outstanding, header->mid);

  if (sent == NULL || sent->expected != header->command)
    return fail (error, "an answer to a request that was not sent");

  item->command = sent->command;
  item->status = get_status (sent, header);
  if (!check_signature (state, sent, message, item, error))
    return FALSE;
  if (goes_on (state, sent, item, message))
    return TRUE;

  if (item->command == SMB_COMMAND_SESSION_SETUP)
    smb_smb1_session_received (&state->session, header, message->bytes, message->size);
  if (!take_answer (state, sent, message, item, error))
    return FALSE;
  if (item->kind == SMB_ITEM_PART)
    return TRUE;

  item->units = 1;
  *serial = sent->note.serial;
  smb_smb1_outstanding_remove (&state->outstanding, sent);
  return TRUE;
}

/* The end of one request may be what another waits for. */
static void
append_ready (SmbSmb1State  *state,
              const SmbItem *reason,
              guint64        serial,
              GArray        *items)
{
  SmbSmb1Sent *sent = smb_smb1_outstanding_find_ready (&state->outstanding, serial);
  SmbItem item = {
    .kind = SMB_ITEM_CONTINUE,
    .protection = reason->protection,
    .bytes = reason->bytes,
    .size = reason->size,
  };

  if (sent == NULL)
    return;
  smb_smb1_outstanding_go_on (&state->outstanding, sent);
  item.key = sent->mid;
  item.command = sent->command;
  g_array_append_val (items, item);
}

/* A break of an oplock, unsigned and in the form of a request ([MS-CIFS] 3.2.5.42). */
static gboolean
is_unsolicited (const SmbSmb1Header *header)
{
  return header->mid == SMB_SMB1_UNSOLICITED_MID && header->command == SMB_SMB1_LOCKING_ANDX
         && !(header->flags & SMB_SMB1_FLAG_REPLY);
}

gboolean
smb_smb1_parse (SmbSmb1State  *state,
                SmbReceived   *message,
                GArray        *items,
                GError       **error)
{
  SmbSmb1Header header;
  SmbItem item = {
    .kind = SMB_ITEM_REPLY,
    .bytes = message->bytes,
    .size = message->size,
    .payload = message->payload,
    .payload_size = message->payload_size,
  };
  guint64 serial = 0;

  if (!smb_smb1_header_read (&header, message->bytes, message->size, error))
    return FALSE;
  item.key = header.mid;
  item.status = header.status;

  if (is_unsolicited (&header))
    {
      item.kind = SMB_ITEM_UNSOLICITED;
      item.tolerated = SMB_PROTECTION_SEALED;
    }
  else if (!(header.flags & SMB_SMB1_FLAG_REPLY))
    return fail (error, "a request");
  else if (!take_reply (state, &header, message, &item, &serial, error))
    {
      g_clear_pointer (&item.owner, g_bytes_unref);
      return FALSE;
    }

  g_array_append_val (items, item);
  if (serial != 0)
    append_ready (state, &item, serial, items);
  return TRUE;
}

/* [MS-CIFS] 2.2.4.42.2 with [MS-SMB] 2.2.4.2.2 */
static gboolean
find_payload (const guint8 *bytes,
              gsize         size,
              gsize         message_size,
              gsize        *payload_offset,
              gsize        *payload_size)
{
  SmbReader r;
  gsize low, high;

  smb_reader_init (&r, bytes, size);
  smb_reader_skip (&r, SMB_SMB1_HEADER_SIZE);
  smb_reader_expect_u8 (&r, 12);          /* WordCount */
  smb_reader_skip (&r, 4);                /* AndXCommand, AndXReserved, AndXOffset */
  smb_reader_skip (&r, 2 + 2 + 2);        /* Available, DataCompactionMode, Reserved1 */
  low = smb_reader_u16 (&r);              /* DataLength */
  *payload_offset = smb_reader_u16 (&r);  /* DataOffset */
  high = smb_reader_u16 (&r);             /* DataLengthHigh */
  *payload_size = low | high << 16;

  return !r.failed && *payload_size > 0 && *payload_offset >= SMB_SMB1_PEEK_SIZE
         && *payload_offset + *payload_size == message_size;
}

gboolean
smb_smb1_peek (SmbSmb1State *state,
               const guint8 *bytes,
               gsize         size,
               gsize         message_size,
               guint64      *key,
               gsize        *payload_offset,
               gsize        *payload_size)
{
  SmbSmb1Header header;
  SmbSmb1Sent *sent;

  if (size < SMB_SMB1_PEEK_SIZE || !smb_smb1_header_read (&header, bytes, size, NULL))
    return FALSE;
  if (header.command != SMB_SMB1_READ_ANDX || header.status != SMB_STATUS_SUCCESS
      || !(header.flags & SMB_SMB1_FLAG_REPLY))
    return FALSE;

  sent = smb_smb1_outstanding_find (&state->outstanding, header.mid);
  if (sent == NULL || sent->command != SMB_COMMAND_READ)
    return FALSE;

  *key = header.mid;
  return find_payload (bytes, size, message_size, payload_offset, payload_size);
}
