/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-parse.h"

#include "smb-smb2-signing.h"

/* What the steps below share about one frame. */
typedef struct
{
  SmbSmb2Session     *session;
  SmbSmb2Outstanding *outstanding;
  GArray             *items;
  gboolean            sealed;
  guint               credits;
} Frame;

/* One message of it, with what lies behind it up to the next. */
typedef struct
{
  SmbSmb2Header header;
  guint8       *bytes;
  gsize         size;
  const guint8 *payload;
  gsize         payload_size;
} Message;

static gboolean
fail (GError     **error,
      const char  *what)
{
  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server sent %s", what);
  return FALSE;
}

static gboolean
is_unsigned_or_echo (const SmbSmb2Header *header,
                     const SmbSmb2Sent   *sent)
{
  static const guint8 zero[SMB_SMB2_SIGNATURE_SIZE];

  return memcmp (header->signature, zero, sizeof zero) == 0
         || memcmp (header->signature, sent->signature, sizeof zero) == 0;
}

/* Errors that a server reports when it has no key left, or never had one for this login ([MS-SMB2] 3.3.5.2.9,
 * 3.3.5.2.11, 3.3.4.1.1). They may come with less protection than was asked for, and carry nothing. */
static SmbProtection
get_tolerance (const SmbSmb2Header *header,
               const SmbSmb2Sent   *sent)
{
  switch (header->status)
    {
    case SMB_STATUS_USER_SESSION_DELETED:
      return SMB_PROTECTION_SEALED;
    case SMB_STATUS_INVALID_PARAMETER:
      if (is_unsigned_or_echo (header, sent))
        return SMB_PROTECTION_SEALED;
      break;
    case SMB_STATUS_NETWORK_NAME_DELETED:
    case SMB_STATUS_FILE_CLOSED:
      if (is_unsigned_or_echo (header, sent))
        return SMB_PROTECTION_SIGNED;
      break;
    default:
      break;
    }

  if (header->command == SMB_COMMAND_SESSION_SETUP && smb_nt_status_is_error (header->status))
    return SMB_PROTECTION_SIGNED;
  return SMB_PROTECTION_NONE;
}

/* A signature that is there must be right, whether one was asked for or not. */
static gboolean
check_signature (const Frame    *frame,
                 const Message  *message,
                 SmbItem        *item,
                 GError        **error)
{
  if (frame->sealed || frame->session->mac == NULL || !(message->header.flags & SMB_SMB2_FLAG_SIGNED))
    return TRUE;

  if (smb_smb2_verify (frame->session->mac, message->bytes, message->size,
                       message->payload, message->payload_size))
    {
      item->protection = SMB_PROTECTION_SIGNED;
      return TRUE;
    }
  if (item->tolerated != SMB_PROTECTION_NONE)
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_SECURITY, "The signature of the server's answer to %s is wrong",
               smb_command_get_name (item->command));
  return FALSE;
}

/* Until the login is complete the server names the session. */
static gboolean
check_session (const SmbSmb2Session *session,
               const SmbSmb2Header  *header)
{
  if (header->message_id == SMB_SMB2_UNSOLICITED_ID)
    return header->session_id == 0 || header->session_id == session->id;
  if (header->command == SMB_COMMAND_SESSION_SETUP && !session->established)
    return TRUE;

  return header->session_id == session->id;
}

/* [MS-SMB2] 3.2.5.1.5; it is neither signed nor hashed ([MS-SMB2] 3.2.5.1.3). */
static gboolean
take_interim (const SmbSmb2Header  *header,
              SmbSmb2Sent          *sent,
              SmbItem              *item,
              GError              **error)
{
  if (!(header->flags & SMB_SMB2_FLAG_ASYNC) || sent->pending)
    return fail (error, "an interim response that is not due");

  sent->pending = TRUE;
  item->kind = SMB_ITEM_INTERIM;
  item->tolerated = SMB_PROTECTION_SEALED;
  return TRUE;
}

static gboolean
take_final (const Frame    *frame,
            const Message  *message,
            SmbSmb2Sent    *sent,
            SmbItem        *item,
            GError        **error)
{
  const SmbSmb2Header *header = &message->header;

  item->kind = SMB_ITEM_REPLY;
  item->tolerated = get_tolerance (header, sent);
  if (!check_signature (frame, message, item, error))
    return FALSE;

  if (header->command == SMB_COMMAND_SESSION_SETUP)
    smb_smb2_session_received (frame->session, header, message->bytes, message->size);
  smb_smb2_outstanding_remove (frame->outstanding, sent);
  return TRUE;
}

static gboolean
take_reply (const Frame    *frame,
            const Message  *message,
            SmbItem        *item,
            GError        **error)
{
  const SmbSmb2Header *header = &message->header;
  SmbSmb2Sent *sent = smb_smb2_outstanding_find (frame->outstanding, header->message_id);

  if (sent == NULL || sent->command != header->command)
    return fail (error, "an answer to a request that was not sent");
  if (header->status == SMB_STATUS_PENDING)
    return take_interim (header, sent, item, error);

  return take_final (frame, message, sent, item, error);
}

static gboolean
take_message (Frame          *frame,
              const Message  *message,
              GError        **error)
{
  const SmbSmb2Header *header = &message->header;
  SmbItem item = {
    .kind = SMB_ITEM_UNSOLICITED,
    .key = header->message_id,
    .async_id = header->async_id,
    .command = header->command,
    .status = header->status,
    .units = header->credits,
    .protection = frame->sealed ? SMB_PROTECTION_SEALED : SMB_PROTECTION_NONE,
    .tolerated = SMB_PROTECTION_SEALED,
    .bytes = message->bytes,
    .size = message->size,
    .payload = message->payload,
    .payload_size = message->payload_size,
  };

  if (!check_session (frame->session, header))
    return fail (error, "a message of another session");
  if (header->message_id != SMB_SMB2_UNSOLICITED_ID && !take_reply (frame, message, &item, error))
    return FALSE;

  frame->credits += header->credits;
  if (frame->credits > G_MAXUINT16)
    return fail (error, "more credits than there can be");

  g_array_append_val (frame->items, item);
  return TRUE;
}

/* Where the message ends: at the next one's header, which lies at a multiple of 8 and fits the frame, or with
 * the frame ([MS-SMB2] 3.2.5.1.9). */
static gboolean
find_end (const Message  *message,
          gsize           remaining,
          gsize          *end,
          GError        **error)
{
  gsize next = message->header.next_command;

  *end = next == 0 ? remaining : next;
  if (next == 0)
    return TRUE;
  if (next % 8 != 0 || next < SMB_SMB2_HEADER_SIZE || next > remaining - SMB_SMB2_HEADER_SIZE)
    return fail (error, "a compound that cannot be read");
  if (message->payload != NULL)
    return fail (error, "a compound where a single message was announced");

  return TRUE;
}

/* Each turn goes on by 64 bytes at least. The header is not read before @remaining bytes are known to hold
 * it. */
static gboolean
split (Frame              *frame,
       guint8             *bytes,
       gsize               size,
       const SmbReceived  *received,
       GError            **error)
{
  for (gsize offset = 0, end; offset < size; offset += end)
    {
      Message message = {
        .bytes = bytes + offset,
        .payload = received->payload,
        .payload_size = received->payload == NULL ? 0 : received->payload_size,
      };

      if (!smb_smb2_header_read (&message.header, bytes + offset, size - offset, error)
          || !find_end (&message, size - offset, &end, error))
        return FALSE;

      message.size = end;
      if (!take_message (frame, &message, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
smb_smb2_parse (SmbSmb2Session      *session,
                SmbSmb2Outstanding  *outstanding,
                SmbReceived         *message,
                GArray              *items,
                GError             **error)
{
  Frame frame = { .session = session, .outstanding = outstanding, .items = items };
  guint n_items = items->len;
  gsize skip = 0;

  if (message->size < SMB_SMB2_HEADER_SIZE)
    return fail (error, "a message shorter than a header");

  if (smb_smb2_get_protocol (message->bytes, message->size) == SMB_SMB2_PROTOCOL_SEALED)
    {
      if (message->payload != NULL)
        return fail (error, "an encrypted message where a plain one was announced");
      if (!smb_smb2_sealer_open (&session->sealer, session->id, message->bytes, message->size, error))
        return FALSE;
      frame.sealed = TRUE;
      skip = SMB_SMB2_TRANSFORM_SIZE;
    }

  if (split (&frame, message->bytes + skip, message->size - skip, message, error))
    return TRUE;

  g_array_set_size (items, n_items);
  return FALSE;
}

/* [MS-SMB2] 2.2.20: StructureSize, DataOffset, Reserved, DataLength, DataRemaining. */
static gboolean
find_payload (const guint8 *bytes,
              gsize         size,
              gsize         message_size,
              gsize        *payload_offset,
              gsize        *payload_size)
{
  SmbReader r;

  smb_reader_init (&r, bytes, size);
  smb_reader_skip (&r, SMB_SMB2_HEADER_SIZE);
  smb_reader_expect_u16 (&r, 17);
  *payload_offset = smb_reader_u8 (&r);
  smb_reader_skip (&r, 1);
  *payload_size = smb_reader_u32 (&r);

  return !r.failed && *payload_size > 0 && *payload_offset >= SMB_SMB2_PEEK_SIZE
         && *payload_offset + *payload_size == message_size;
}

gboolean
smb_smb2_peek (SmbSmb2Outstanding *outstanding,
               const guint8       *bytes,
               gsize               size,
               gsize               message_size,
               guint64            *key,
               gsize              *payload_offset,
               gsize              *payload_size)
{
  SmbSmb2Header header;
  SmbSmb2Sent *sent;

  if (size < SMB_SMB2_PEEK_SIZE || !smb_smb2_header_read (&header, bytes, size, NULL))
    return FALSE;
  if (header.command != SMB_COMMAND_READ || header.status != SMB_STATUS_SUCCESS || header.next_command != 0)
    return FALSE;

  sent = smb_smb2_outstanding_find (outstanding, header.message_id);
  if (sent == NULL || sent->command != SMB_COMMAND_READ)
    return FALSE;

  *key = header.message_id;
  return find_payload (bytes, size, message_size, payload_offset, payload_size);
}
