/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

#define SHARE_TYPE_DISK 1
#define SHARE_TYPE_PIPE 2
#define MAXIMAL_ACCESS  0x001F01FF

ScriptedSession *
scripted_session_new (ScriptedConnection *connection)
{
  ScriptedSession *self = g_new0 (ScriptedSession, 1);

  self->id = 0x100000000000 + scripted_next_id (connection->server);
  memcpy (self->preauth, connection->preauth, sizeof self->preauth);
  self->trees = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->opens =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) scripted_open_free);
  g_hash_table_insert (connection->sessions, &self->id, self);
  return self;
}

void
scripted_session_free (ScriptedSession *self)
{
  scripted_ntlm_clear (&self->ntlm);
  g_clear_pointer (&self->mac, smb_mac_free);
  g_clear_pointer (&self->other_mac, smb_mac_free);
  g_clear_pointer (&self->sealer, smb_aead_free);
  g_clear_pointer (&self->other_sealer, smb_aead_free);
  g_clear_pointer (&self->opener, smb_aead_free);
  g_hash_table_unref (self->trees);
  g_hash_table_unref (self->opens);
  g_free (self);
}

/* [MS-SMB2] 2.2.5 */
static GBytes *
read_token (ScriptedRequest *request)
{
  SmbReader *reader = &request->reader;
  SmbReader  token;
  guint16    offset;

  smb_reader_skip (reader, 10);
  offset = smb_reader_u16 (reader);                     /* SecurityBufferOffset */
  smb_reader_sub (reader, &token, offset, smb_reader_u16 (reader)); /* SecurityBufferLength */
  return g_bytes_new (token.data, token.failed ? 0 : token.size);
}

/* [MS-SMB2] 2.2.6 */
static void
write_response (ScriptedReply    *reply,
                guint16           flags,
                const GByteArray *token)
{
  smb_writer_u16 (&reply->message, 9); /* StructureSize */
  smb_writer_u16 (&reply->message, flags);
  smb_writer_u16 (&reply->message, HEADER_SIZE + 8); /* SecurityBufferOffset */
  smb_writer_u16 (&reply->message, (guint16) token->len);
  smb_writer_bytes (&reply->message, token->data, token->len);
}

/* Who logs in again keeps the keys ([MS-SMB2] 3.3.5.5.3). Guests and the nameless have none. */
static void
establish (ScriptedRequest    *request,
           ScriptedSession    *session,
           ScriptedNtlmResult  result)
{
  guint16 flags = request->connection->server->config.session_flags;

  session->is_anonymous =
    result == SCRIPTED_NTLM_ANONYMOUS || (flags & (SESSION_IS_GUEST | SESSION_IS_NULL)) != 0;
  if (!session->is_established && !session->is_anonymous)
    scripted_session_derive_keys (session, request->connection, session->ntlm.key);
  session->is_established = TRUE;
}

void
scripted_handle_session_setup (ScriptedRequest *request,
                               ScriptedReply   *reply)
{
  const ScriptedConfig *config = &request->connection->server->config;
  GOutputVector         message = { request->reader.data, request->reader.size };
  g_autoptr(GByteArray) answer = g_byte_array_new ();
  g_autoptr(GBytes)     token = read_token (request);
  ScriptedSession      *session = request->session;
  ScriptedNtlmResult    result;

  if (session == NULL && request->record->session_id != 0)
    {
      scripted_reply_fail (reply, SMB_STATUS_USER_SESSION_DELETED);
      return;
    }
  if (session == NULL)
    session = scripted_session_new (request->connection);
  reply->session = session;
  reply->session_id = session->id;
  smb_sha512_update_chain (session->preauth, &message, 1);

  result = scripted_ntlm_step (&session->ntlm, config->user, config->password, config->send_mic, token,
                               answer);
  if (result == SCRIPTED_NTLM_REFUSE)
    {
      scripted_reply_fail (reply, SMB_STATUS_LOGON_FAILURE);
      return;
    }
  if (result == SCRIPTED_NTLM_CONTINUE)
    {
      reply->status = SMB_STATUS_MORE_PROCESSING_REQUIRED;
      write_response (reply, 0, answer);
      return;
    }
  establish (request, session, result);
  reply->sign = session->mac != NULL;
  reply->credits = CLAMP (request->record->credit_request, 1, config->max_credits);
  write_response (reply, config->session_flags, answer);
}

void
scripted_handle_logoff (ScriptedRequest *request,
                        ScriptedReply   *reply)
{
  request->session->has_ended = TRUE;
  g_hash_table_remove_all (request->session->opens);
  g_hash_table_remove_all (request->session->trees);
  smb_writer_u16 (&reply->message, 4);
  smb_writer_u16 (&reply->message, 0);
}

/* The share of \\server\share; NULL if it is no such path. [MS-SMB2] 2.2.9 */
static char *
read_share (ScriptedRequest *request)
{
  SmbReader       *reader = &request->reader;
  SmbReader        text;
  guint16          offset;
  g_autofree char *path = NULL;
  const char      *last;

  smb_reader_skip (reader, 2);
  offset = smb_reader_u16 (reader);
  smb_reader_sub (reader, &text, offset, smb_reader_u16 (reader));
  path = smb_reader_utf16 (&text, text.size);
  if (path == NULL || !g_str_has_prefix (path, "\\\\"))
    return NULL;
  last = strrchr (path + 2, '\\');
  return last == NULL ? NULL : g_strdup (last + 1);
}

/* [MS-SMB2] 2.2.10 */
void
scripted_handle_tree_connect (ScriptedRequest *request,
                              ScriptedReply   *reply)
{
  const ScriptedConfig *config = &request->connection->server->config;
  g_autofree char      *share = read_share (request);
  ScriptedTree         *tree;

  if (share == NULL || *share == '\0')
    {
      scripted_reply_fail (reply, SMB_STATUS_BAD_NETWORK_NAME);
      return;
    }
  tree = g_new0 (ScriptedTree, 1);
  tree->id = (guint32) scripted_next_id (request->connection->server);
  tree->is_ipc = g_ascii_strcasecmp (share, "IPC$") == 0;
  g_hash_table_insert (request->session->trees, GUINT_TO_POINTER (tree->id), tree);

  reply->tree_id = tree->id;
  request->chain->tree_id = tree->id;
  smb_writer_u16 (&reply->message, 16); /* StructureSize */
  smb_writer_u8 (&reply->message, tree->is_ipc ? SHARE_TYPE_PIPE : SHARE_TYPE_DISK);
  smb_writer_u8 (&reply->message, 0);
  smb_writer_u32 (&reply->message, tree->is_ipc ? 0 : config->share_flags);
  smb_writer_u32 (&reply->message, 0); /* Capabilities */
  smb_writer_u32 (&reply->message, MAXIMAL_ACCESS);
}

void
scripted_handle_tree_disconnect (ScriptedRequest *request,
                                 ScriptedReply   *reply)
{
  g_hash_table_remove (request->session->trees, GUINT_TO_POINTER (request->tree->id));
  request->tree = NULL;
  smb_writer_u16 (&reply->message, 4);
  smb_writer_u16 (&reply->message, 0);
}
