/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

/* As much as is asked for, but one until the login is over, as servers do. */
static guint16
choose_credits (const ScriptedRequest *request)
{
  const ScriptedConfig *config = &request->connection->server->config;
  const ScriptedRecord *record = request->record;

  if (record->command == SCRIPTED_NEGOTIATE || record->command == SCRIPTED_SESSION_SETUP)
    return 1;
  if (config->steady_credits)
    return MAX (record->credit_charge, 1);
  return MIN (MAX (record->credit_request, 1), config->max_credits);
}

ScriptedReply *
scripted_reply_new (const ScriptedRequest *request)
{
  ScriptedReply        *self = g_new0 (ScriptedReply, 1);
  const ScriptedRecord *record = request->record;

  self->connection = request->connection;
  self->session = request->session;
  self->command = record->command;
  self->flags = record->flags & FLAG_RELATED;
  self->message_id = record->message_id;
  self->session_id = record->session_id;
  self->tree_id = record->tree_id;
  self->charge = record->credit_charge;
  self->credits = choose_credits (request);
  memcpy (self->request_signature, request->reader.data + SIGNATURE_AT, SIGNATURE_SIZE);

  smb_writer_init (&self->message, NULL);
  smb_writer_zeros (&self->message, HEADER_SIZE);
  self->rules = g_ptr_array_new ();
  scripted_match_rules (self->connection->server, self->command, self->rules);
  return self;
}

void
scripted_reply_free (ScriptedReply *self)
{
  if (self == NULL)
    return;
  smb_writer_clear (&self->message);
  g_ptr_array_unref (self->rules);
  g_free (self);
}

const ScriptedActiveRule *
scripted_reply_find (const ScriptedReply *self,
                     ScriptedAction       action)
{
  for (guint i = 0; i < self->rules->len; i++)
    {
      const ScriptedActiveRule *active = self->rules->pdata[i];

      if (active->rule.action == action)
        return active;
    }
  return NULL;
}

void
scripted_reply_fail (ScriptedReply *self,
                     guint32        status)
{
  self->status = status;
  g_byte_array_set_size (self->message.bytes, HEADER_SIZE);
}
