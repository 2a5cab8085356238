/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

#define CREDIT_SIZE 65536

/* [MS-SMB2] 2.2.1. Returns NextCommand. */
static guint32
read_header (SmbReader      *reader,
             ScriptedRecord *record)
{
  guint32 next;

  smb_reader_skip (reader, 4);
  smb_reader_expect_u16 (reader, HEADER_SIZE);
  record->credit_charge = smb_reader_u16 (reader);
  smb_reader_skip (reader, 4);
  record->command = smb_reader_u16 (reader);
  record->credit_request = smb_reader_u16 (reader);
  record->flags = smb_reader_u32 (reader);
  next = smb_reader_u32 (reader);
  record->message_id = smb_reader_u64 (reader);
  if (record->flags & FLAG_ASYNC)
    record->async_id = smb_reader_u64 (reader);
  else
    record->tree_id = (guint32) (smb_reader_u64 (reader) >> 32);
  record->session_id = smb_reader_u64 (reader);
  smb_reader_skip (reader, SIGNATURE_SIZE);
  record->is_signed = (record->flags & FLAG_SIGNED) != 0;
  return next;
}

static guint32
u32_at (const ScriptedRequest *request,
        gsize                  offset)
{
  SmbReader reader = request->reader;

  smb_reader_seek (&reader, HEADER_SIZE + offset);
  return smb_reader_u32 (&reader);
}

/* The larger of what the request carries and what it may bring back ([MS-SMB2] 3.3.5.2.5). */
static guint32
get_payload_size (const ScriptedRequest *request)
{
  switch (request->record->command)
    {
    case SCRIPTED_READ:
    case SCRIPTED_WRITE:
    case SCRIPTED_SET_INFO:
      return u32_at (request, 4);
    case SCRIPTED_QUERY_DIRECTORY:
      return u32_at (request, 28);
    case SCRIPTED_QUERY_INFO:
      return MAX (u32_at (request, 4), u32_at (request, 12));
    case SCRIPTED_IOCTL:
      return MAX (u32_at (request, 28) + u32_at (request, 40), u32_at (request, 32) + u32_at (request, 44));
    default:
      return 0;
    }
}

static gboolean
is_undercharged (const ScriptedRequest *request)
{
  const ScriptedConnection *connection = request->connection;
  guint32                   size = get_payload_size (request);
  guint32                   units = size == 0 ? 1 : (size - 1) / CREDIT_SIZE + 1;

  if (connection->dialect < 0x0210 || !(connection->capabilities & CAP_LARGE_MTU))
    return units > 1;
  return units > MAX (request->record->credit_charge, 1);
}

/* Each of the ids that the request uses up must have been granted, once. */
static gboolean
take_message_ids (ScriptedConnection   *connection,
                  const ScriptedRecord *record)
{
  gboolean is_good = TRUE;

  for (guint i = 0; i < MAX (record->credit_charge, 1u); i++)
    {
      guint64 id = record->message_id + i;

      if (id >= connection->granted)
        is_good = FALSE;
      if (!g_hash_table_add (connection->used, g_memdup2 (&id, sizeof id)))
        is_good = FALSE;
    }
  return is_good;
}

/* A related request works on what the one before it worked on ([MS-SMB2] 3.3.5.2.7.2). */
static void
resolve (ScriptedRequest *request)
{
  ScriptedRecord *record = request->record;
  ScriptedChain  *chain = request->chain;

  if (record->flags & FLAG_RELATED)
    {
      record->session_id = chain->session_id;
      record->tree_id = chain->tree_id;
    }
  chain->session_id = record->session_id;
  chain->tree_id = record->tree_id;
  if (!(record->flags & FLAG_RELATED))
    chain->file_id = 0;

  request->session = g_hash_table_lookup (request->connection->sessions, &record->session_id);
  if (request->session != NULL)
    request->tree = g_hash_table_lookup (request->session->trees, GUINT_TO_POINTER (record->tree_id));
}

static void
fill_record (ScriptedRequest *request,
             const guint8    *nonce)
{
  ScriptedConnection *connection = request->connection;
  ScriptedRecord     *record = request->record;
  const SmbReader    *message = &request->reader;
  gboolean            counts = record->command != SCRIPTED_CANCEL;

  record->connection = connection->number;
  record->frame = connection->n_frames;
  record->is_sealed = nonce != NULL;
  if (nonce != NULL)
    memcpy (record->nonce, nonce, sizeof record->nonce);
  record->message = g_bytes_new (message->data, message->size);
  record->is_verified = record->is_sealed;
  if (record->is_signed && request->session != NULL && !record->is_sealed)
    record->is_verified = scripted_verify (request->session, message->data, message->size);

  record->undercharged = is_undercharged (request);
  record->bad_message_id = counts && !take_message_ids (connection, record);
  if (counts)
    connection->in_flight++;
  record->in_flight = connection->in_flight;
  connection->server->most_in_flight = MAX (connection->server->most_in_flight, connection->in_flight);
}

static gboolean
must_be_protected (const ScriptedRequest *request)
{
  const ScriptedSession *session = request->session;

  return session->mac != NULL && (request->connection->server->config.security_mode & 2);
}

static gboolean
must_be_sealed (const ScriptedRequest *request)
{
  const ScriptedSession *session = request->session;

  return session->opener != NULL
         && (request->connection->server->config.session_flags & SESSION_ENCRYPT_DATA);
}

static gboolean
needs_tree (ScriptedCommand command)
{
  return command != SCRIPTED_TREE_CONNECT && command != SCRIPTED_LOGOFF && command != SCRIPTED_ECHO
         && command != SCRIPTED_OPLOCK_BREAK;
}

static gboolean
needs_session (const ScriptedRecord *record)
{
  return record->command != SCRIPTED_NEGOTIATE && record->command != SCRIPTED_SESSION_SETUP
         && !(record->command == SCRIPTED_ECHO && record->session_id == 0);
}

/* [MS-SMB2] 3.3.5.2.4 to 3.3.5.2.11: why the request is not handled; 0 = it is. */
static guint32
check_request (const ScriptedRequest *request)
{
  const ScriptedRecord  *record = request->record;
  const ScriptedSession *session = request->session;

  if (!needs_session (record))
    return SMB_STATUS_SUCCESS;
  if (session == NULL || !session->is_established || session->has_ended)
    return SMB_STATUS_USER_SESSION_DELETED;
  if (record->is_signed && !record->is_verified)
    return SMB_STATUS_ACCESS_DENIED;
  if (must_be_protected (request) && !record->is_verified)
    return SMB_STATUS_ACCESS_DENIED;
  if (must_be_sealed (request) && !record->is_sealed)
    return SMB_STATUS_ACCESS_DENIED;
  if (needs_tree (record->command) && request->tree == NULL)
    return SMB_STATUS_NETWORK_NAME_DELETED;
  return record->undercharged ? SMB_STATUS_INVALID_PARAMETER : SMB_STATUS_SUCCESS;
}

/* What no server forgives ([MS-SMB2] 3.3.5.2.3, 3.3.5.2.10, 3.3.5.7). */
static gboolean
is_intolerable (const ScriptedRequest *request)
{
  const ScriptedRecord     *record = request->record;
  const ScriptedConnection *connection = request->connection;
  gboolean                  is_open = connection->dialect == 0 && record->command != SCRIPTED_NEGOTIATE;
  gboolean                  is_named = request->session != NULL && request->session->mac != NULL;

  return is_open || record->bad_message_id
         || (record->command == SCRIPTED_TREE_CONNECT && connection->dialect >= 0x0311 && is_named
             && !record->is_verified);
}

/* Something failed before, be it in another chain. */
static gboolean
is_blamed (ScriptedRequest *request)
{
  return request->connection->server->config.blames_chains && (request->record->flags & FLAG_RELATED) != 0
         && request->chain->failure != 0;
}

static void
handle (ScriptedRequest *request,
        ScriptedReply   *reply)
{
  const ScriptedActiveRule *rule = scripted_reply_find (reply, SCRIPTED_STATUS);
  ScriptedHandler           handler = scripted_get_handler (request->record->command);
  guint32                   status = rule != NULL ? (guint32) rule->rule.number : check_request (request);

  reply->hang_up = is_intolerable (request);
  reply->seal = request->record->is_sealed;
  reply->sign = request->record->is_signed || (request->session != NULL && must_be_protected (request));
  if (status != SMB_STATUS_SUCCESS || rule != NULL)
    scripted_reply_fail (reply, status);
  else if (is_blamed (request))
    scripted_reply_fail (reply, request->chain->failure);
  else if (handler == NULL)
    scripted_reply_fail (reply, SMB_STATUS_NOT_SUPPORTED);
  else if (!reply->hang_up)
    handler (request, reply);

  request->chain->status = reply->status;
  if (request->record->command == SCRIPTED_CREATE && smb_nt_status_is_error (reply->status))
    request->chain->failure = reply->status;
}

static gboolean
is_cancelled_by (const ScriptedReply  *reply,
                 const ScriptedRecord *cancel)
{
  if (cancel->flags & FLAG_ASYNC)
    return reply->async_id == cancel->async_id;
  return reply->async_id == 0 && reply->message_id == cancel->message_id;
}

/* Nothing answers a CANCEL; what it cancels does ([MS-SMB2] 3.3.5.16). */
static void
handle_cancel (ScriptedRequest *request,
               GPtrArray       *frames)
{
  ScriptedServer      *server = request->connection->server;
  g_autoptr(GPtrArray) rules = g_ptr_array_new ();

  scripted_match_rules (server, SCRIPTED_CANCEL, rules);
  for (guint i = 0; i < server->held->len && rules->len == 0; i++)
    {
      ScriptedReply *reply = server->held->pdata[i];

      if (reply->connection != request->connection || !is_cancelled_by (reply, request->record))
        continue;
      g_ptr_array_steal_index (server->held, i);
      scripted_reply_fail (reply, SMB_STATUS_CANCELLED);
      scripted_output_held (reply, frames);
      return;
    }
}

/* One message of the frame, which was sealed with @nonce if that is set; FALSE if it is none. */
static gboolean
handle_message (ScriptedRequest *request,
                SmbReader       *rest,
                const guint8    *nonce,
                GPtrArray       *replies,
                GPtrArray       *frames)
{
  ScriptedRecord *record = scripted_server_record (request->connection->server);
  SmbReader       header = *rest;
  guint32         next = read_header (&header, record);
  gsize           size = next == 0 ? rest->size : next;
  ScriptedReply  *reply;

  record->position = replies->len;
  if (header.failed || memcmp (rest->data, "\xfeSMB", 4) != 0 || size < HEADER_SIZE || size > rest->size
      || next % 8 != 0)
    {
      record->command = SCRIPTED_N_COMMANDS;
      record->message = g_bytes_new (rest->data, rest->size);
      return FALSE;
    }

  request->record = record;
  smb_reader_init (&request->reader, rest->data, size);
  smb_reader_seek (&request->reader, MIN (HEADER_SIZE + 2, size));
  smb_reader_init (rest, rest->data + size, rest->size - size);
  resolve (request);
  fill_record (request, nonce);
  if (record->command == SCRIPTED_CANCEL)
    {
      handle_cancel (request, frames);
      return TRUE;
    }
  reply = scripted_reply_new (request);
  handle (request, reply);
  g_ptr_array_add (replies, reply);
  return TRUE;
}

static gboolean
handle_chain (ScriptedConnection *connection,
              GByteArray         *frame,
              const guint8       *nonce,
              GPtrArray          *frames)
{
  g_autoptr(GPtrArray) replies = g_ptr_array_new_with_free_func ((GDestroyNotify) scripted_reply_free);
  ScriptedChain        chain = { 0 };
  SmbReader            rest;

  smb_reader_init (&rest, frame->data, frame->len);
  do
    {
      ScriptedRequest request = { .connection = connection, .chain = &chain };

      if (!handle_message (&request, &rest, nonce, replies, frames))
        return FALSE;
    }
  while (rest.size > 0);

  scripted_output_chain (replies, frames);
  return TRUE;
}

gboolean
scripted_handle_frame (ScriptedConnection *connection,
                       GByteArray         *frame,
                       GPtrArray          *frames)
{
  guint8 nonce[16];

  if (frame->len >= 4 && memcmp (frame->data, "\xffSMB", 4) == 0)
    return scripted_handle_smb1 (connection, frame, frames);
  if (frame->len >= 4 && memcmp (frame->data, "\xfdSMB", 4) == 0)
    return scripted_open (connection, frame, nonce) != NULL
           && handle_chain (connection, frame, nonce, frames);
  return handle_chain (connection, frame, NULL, frames);
}
