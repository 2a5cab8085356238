/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

#include "crypto/smb-random.h"
#include "scripted-spnego.h"
#include "wire/smb-filetime.h"

#define DIALECT_WILDCARD 0x02FF

/* SMB2_NEGOTIATE_CONTEXT ([MS-SMB2] 2.2.3.1) */
enum
{
  CONTEXT_PREAUTH = 1,
  CONTEXT_ENCRYPTION = 2,
  CONTEXT_SIGNING = 8,
};

#define HASH_SHA512 1
#define SALT_SIZE   32

/* What a client offers. */
typedef struct
{
  SmbReader dialects;
  SmbReader contexts;
  guint16   n_contexts;
  guint16   first_cipher;  /* SCRIPTED_NONE if there is no such context, or nothing in it */
  guint16   first_signing;
} Offer;

/* CipherCount or SigningAlgorithmCount, and the first of them */
static guint16
read_first (SmbReader *data)
{
  guint16 count = smb_reader_u16 (data);
  guint16 first = smb_reader_u16 (data);

  return count == 0 || data->failed ? SCRIPTED_NONE : first;
}

static void
read_contexts (Offer *offer)
{
  for (guint i = 0; i < offer->n_contexts && !offer->contexts.failed; i++)
    {
      guint16   type;
      guint16   size;
      SmbReader data;

      smb_reader_align (&offer->contexts, 8);
      type = smb_reader_u16 (&offer->contexts);
      size = smb_reader_u16 (&offer->contexts);
      smb_reader_skip (&offer->contexts, 4);
      smb_reader_take (&offer->contexts, &data, size);
      if (type == CONTEXT_ENCRYPTION)
        offer->first_cipher = read_first (&data);
      else if (type == CONTEXT_SIGNING)
        offer->first_signing = read_first (&data);
    }
}

/* [MS-SMB2] 2.2.3 */
static gboolean
read_offer (ScriptedRequest *request,
            Offer           *offer)
{
  ScriptedConnection *connection = request->connection;
  SmbReader          *reader = &request->reader;
  guint16             n_dialects = smb_reader_u16 (reader);
  guint32             contexts_at;

  connection->client_security_mode = smb_reader_u16 (reader);
  smb_reader_skip (reader, 2);
  connection->client_capabilities = smb_reader_u32 (reader);
  smb_reader_copy (reader, connection->client_guid, sizeof connection->client_guid);
  contexts_at = smb_reader_u32 (reader);
  offer->n_contexts = smb_reader_u16 (reader);
  smb_reader_skip (reader, 2);
  smb_reader_take (reader, &offer->dialects, 2u * n_dialects);
  if (reader->failed)
    return FALSE;

  g_array_set_size (connection->client_dialects, 0);
  g_array_append_vals (connection->client_dialects, offer->dialects.data, n_dialects);
  if (memmem (offer->dialects.data, offer->dialects.size, "\x11\x03", 2) == NULL)
    offer->n_contexts = 0;
  else
    smb_reader_sub (reader, &offer->contexts, contexts_at, reader->size - MIN (contexts_at, reader->size));
  read_contexts (offer);
  return TRUE;
}

/* The newest that both speak, or else whatever the configuration says. */
static guint16
choose_dialect (const ScriptedConnection *connection)
{
  guint16 limit = connection->server->config.dialect;
  guint16 best = 0;

  for (guint i = 0; i < connection->client_dialects->len; i++)
    {
      guint16 dialect = GUINT16_FROM_LE (g_array_index (connection->client_dialects, guint16, i));

      if (dialect <= limit)
        best = MAX (best, dialect);
    }
  return best == 0 ? limit : best;
}

static guint16
choose (guint16 configured,
        guint16 first_offered)
{
  return configured == SCRIPTED_FIRST ? first_offered : configured;
}

/* 3.0 has its algorithms; older dialects have no encryption. */
static void
choose_algorithms (ScriptedConnection *connection,
                   const Offer        *offer)
{
  const ScriptedConfig *config = &connection->server->config;
  gboolean              can_seal = (config->capabilities & CAP_ENCRYPTION) && connection->dialect >= 0x0300;
  guint16               cipher = can_seal ? 1 : 0;
  guint16               signing = 1;

  if (connection->dialect >= 0x0311)
    {
      cipher = choose (config->cipher, offer->first_cipher);
      signing = choose (config->signing_algorithm, offer->first_signing);
    }
  connection->cipher = cipher == SCRIPTED_NONE ? 0 : cipher;
  connection->signing_algorithm = signing == SCRIPTED_NONE ? 1 : signing;

  connection->capabilities = config->capabilities;
  if (connection->dialect < 0x0300 || connection->dialect >= 0x0311)
    connection->capabilities &= ~(guint32) CAP_ENCRYPTION;
  if (connection->dialect < 0x0210)
    connection->capabilities &= ~(guint32) CAP_LARGE_MTU;
}

/* The context's end is that of its data; the next begins aligned. */
static void
write_context (SmbWriter     *writer,
               guint16        type,
               gconstpointer  data,
               gsize          size,
               guint16       *count)
{
  smb_writer_align (writer, 8);
  smb_writer_u16 (writer, type);
  smb_writer_u16 (writer, (guint16) size);
  smb_writer_u32 (writer, 0);
  smb_writer_bytes (writer, data, size);
  (*count)++;
}

static void
write_choice (SmbWriter *writer,
              guint16    type,
              guint16    choice,
              guint16   *count)
{
  guint8 data[] = { 1, 0, (guint8) choice, (guint8) (choice >> 8) };

  if (choice != SCRIPTED_NONE)
    write_context (writer, type, data, sizeof data, count);
}

static guint16
write_contexts (const ScriptedConnection *connection,
                const Offer              *offer,
                SmbWriter                *writer)
{
  const ScriptedConfig *config = &connection->server->config;
  guint8                preauth[6 + SALT_SIZE] = { 1, 0, SALT_SIZE, 0, HASH_SHA512, 0 };
  guint16               count = 0;

  smb_random_bytes (preauth + 6, SALT_SIZE);
  if (!config->no_preauth_context)
    write_context (writer, CONTEXT_PREAUTH, preauth, sizeof preauth, &count);
  write_choice (writer, CONTEXT_ENCRYPTION, choose (config->cipher, offer->first_cipher), &count);
  write_choice (writer, CONTEXT_SIGNING, choose (config->signing_algorithm, offer->first_signing), &count);

  for (guint i = 0; i < SCRIPTED_MAX_CONTEXTS && config->extra_contexts[i].data != NULL; i++)
    write_context (writer, config->extra_contexts[i].type, config->extra_contexts[i].data,
                   config->extra_contexts[i].size, &count);
  return count;
}

/* [MS-SMB2] 2.2.4 */
static void
write_response (ScriptedReply *reply,
                const Offer   *offer,
                guint16        dialect)
{
  const ScriptedConnection *connection = reply->connection;
  const ScriptedConfig     *config = &connection->server->config;
  SmbWriter                *writer = &reply->message;
  g_autoptr(GByteArray)     token = g_byte_array_new ();
  guint16                   count;

  scripted_spnego_write_hint (token);
  smb_writer_u16 (writer, 65); /* StructureSize */
  smb_writer_u16 (writer, config->security_mode);
  smb_writer_u16 (writer, dialect);
  smb_writer_u16 (writer, 0); /* NegotiateContextCount */
  smb_writer_bytes (writer, connection->server->guid, sizeof connection->server->guid);
  smb_writer_u32 (writer, connection->capabilities);
  smb_writer_u32 (writer, config->max_transact_size);
  smb_writer_u32 (writer, config->max_read_size);
  smb_writer_u32 (writer, config->max_write_size);
  smb_writer_u64 (writer, smb_filetime_from_unix (g_get_real_time ()));
  smb_writer_u64 (writer, 0);                   /* ServerStartTime */
  smb_writer_u16 (writer, HEADER_SIZE + 64);    /* SecurityBufferOffset */
  smb_writer_u16 (writer, (guint16) token->len); /* SecurityBufferLength */
  smb_writer_u32 (writer, 0);                   /* NegotiateContextOffset */
  smb_writer_bytes (writer, token->data, token->len);
  if (dialect != 0x0311)
    return;

  smb_writer_align (writer, 8);
  smb_writer_patch_u32 (writer, HEADER_SIZE + 60, (guint32) smb_writer_get_offset (writer));
  count = write_contexts (connection, offer, writer);
  smb_writer_patch_u16 (writer, HEADER_SIZE + 6, count);
}

void
scripted_handle_negotiate (ScriptedRequest *request,
                           ScriptedReply   *reply)
{
  ScriptedConnection *connection = request->connection;
  GOutputVector       message = { request->reader.data, request->reader.size };
  Offer               offer = { .first_cipher = SCRIPTED_NONE, .first_signing = SCRIPTED_NONE };

  /* A second one is answered by hanging up ([MS-SMB2] 3.3.5.4). */
  if (connection->server->config.only_smb1 || connection->dialect != 0 || !read_offer (request, &offer))
    {
      reply->hang_up = TRUE;
      return;
    }
  smb_sha512_update_chain (connection->preauth, &message, 1);
  connection->dialect = choose_dialect (connection);
  choose_algorithms (connection, &offer);
  write_response (reply, &offer, connection->dialect);
}

/* [MS-SMB2] 2.2.32.6, 3.3.5.15.12: who is told something else than it said hangs up. */
void
scripted_validate (ScriptedRequest *request,
                   SmbReader       *input,
                   ScriptedReply   *reply,
                   SmbWriter       *output)
{
  const ScriptedConnection *connection = request->connection;
  const ScriptedConfig     *config = &connection->server->config;
  guint32                   capabilities = smb_reader_u32 (input);
  const guint8             *guid = smb_reader_bytes (input, sizeof connection->client_guid);
  guint16                   security_mode = smb_reader_u16 (input);
  guint16                   n_dialects = smb_reader_u16 (input);
  const guint8             *dialects = smb_reader_bytes (input, 2u * n_dialects);

  reply->hang_up = dialects == NULL || capabilities != connection->client_capabilities
                   || memcmp (guid, connection->client_guid, sizeof connection->client_guid) != 0
                   || security_mode != connection->client_security_mode
                   || n_dialects != connection->client_dialects->len
                   || memcmp (dialects, connection->client_dialects->data, 2u * n_dialects) != 0;

  smb_writer_u32 (output, connection->capabilities);
  smb_writer_bytes (output, connection->server->guid, sizeof connection->server->guid);
  smb_writer_u16 (output, config->security_mode);
  smb_writer_u16 (output, config->true_dialect != 0 ? config->true_dialect : connection->dialect);
}

/* SMB1's NEGOTIATE ([MS-SMB2] 3.3.5.3) */

/* The index of @name among the dialects of the request, or -1. */
static int
find_dialect (SmbReader  *dialects,
              const char *name)
{
  for (int i = 0; smb_reader_get_remaining (dialects) > 0; i++)
    {
      const guint8 *text = dialects->data + dialects->offset + 1;
      gsize         left = smb_reader_get_remaining (dialects) - 1;
      gsize         size = strnlen ((const char *) text, left);

      if (size == left)
        return -1;
      if (strcmp ((const char *) text, name) == 0)
        return i;
      smb_reader_skip (dialects, 1 + size + 1);
    }
  return -1;
}

static gboolean
read_smb1_dialects (GByteArray *frame,
                    SmbReader  *dialects)
{
  SmbReader reader;

  smb_reader_init (&reader, frame->data, frame->len);
  smb_reader_skip (&reader, 4);
  smb_reader_expect_u8 (&reader, 0x72); /* SMB_COM_NEGOTIATE */
  smb_reader_skip (&reader, 27);
  smb_reader_expect_u8 (&reader, 0); /* WordCount */
  smb_reader_take (&reader, dialects, smb_reader_u16 (&reader));
  return !reader.failed;
}

/* [MS-SMB] 2.2.4.5.2.1, with extended security */
static void
write_smb1_response (const ScriptedServer *server,
                     guint8               *request,
                     guint16               index,
                     GPtrArray            *frames)
{
  g_auto(SmbWriter) writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_bytes (&writer, "\xffSMB\x72\0\0\0\0\x88\x01\xc8", 12); /* REPLY, NT_STATUS, UNICODE, extended */
  smb_writer_zeros (&writer, 12);
  smb_writer_bytes (&writer, request + 24, 8); /* TID, PID, UID, MID */
  smb_writer_u8 (&writer, 17);                 /* WordCount */
  smb_writer_u16 (&writer, index);
  smb_writer_u8 (&writer, 3); /* user level, encrypted passwords */
  smb_writer_u16 (&writer, 50);
  smb_writer_u16 (&writer, 1);
  smb_writer_u32 (&writer, 16644);
  smb_writer_u32 (&writer, 65536);
  smb_writer_u32 (&writer, 0);
  smb_writer_u32 (&writer, 0x8000F3FD); /* Capabilities, EXTENDED_SECURITY among them */
  smb_writer_u64 (&writer, smb_filetime_from_unix (g_get_real_time ()));
  smb_writer_u16 (&writer, 0);
  smb_writer_u8 (&writer, 0);
  smb_writer_u16 (&writer, sizeof server->guid); /* ByteCount */
  smb_writer_bytes (&writer, server->guid, sizeof server->guid);
  scripted_output_raw (frames, writer.bytes->data, writer.bytes->len);
}

/* An SMB2 response to what was no SMB2 request, with MessageId 0. */
static void
write_multi_response (ScriptedConnection *connection,
                      ScriptedRecord     *record,
                      guint16             dialect,
                      GPtrArray          *frames)
{
  static const guint8  no_header[HEADER_SIZE];
  ScriptedRequest      request = { .connection = connection, .record = record };
  Offer                offer = { .first_cipher = SCRIPTED_NONE, .first_signing = SCRIPTED_NONE };
  g_autoptr(GPtrArray) replies = g_ptr_array_new_with_free_func ((GDestroyNotify) scripted_reply_free);
  ScriptedReply       *reply;
  guint64              id = 0;

  smb_reader_init (&request.reader, no_header, sizeof no_header);
  reply = scripted_reply_new (&request);
  reply->command = SCRIPTED_NEGOTIATE;
  g_hash_table_add (connection->used, g_memdup2 (&id, sizeof id));
  if (dialect != DIALECT_WILDCARD)
    connection->dialect = dialect;
  connection->capabilities = connection->server->config.capabilities & CAP_LARGE_MTU;
  write_response (reply, &offer, dialect);
  g_ptr_array_add (replies, reply);
  scripted_output_chain (replies, frames);
  memset (connection->preauth, 0, sizeof connection->preauth);
}

gboolean
scripted_handle_smb1 (ScriptedConnection *connection,
                      GByteArray         *frame,
                      GPtrArray          *frames)
{
  const ScriptedConfig *config = &connection->server->config;
  ScriptedRecord       *record = scripted_server_record (connection->server);
  SmbReader             dialects;
  SmbReader             again;
  int                   index;

  record->command = SCRIPTED_SMB1;
  record->connection = connection->number;
  record->frame = connection->n_frames;
  record->message = g_bytes_new (frame->data, frame->len);
  record->in_flight = ++connection->in_flight;
  if (!read_smb1_dialects (frame, &dialects))
    return FALSE;

  again = dialects;
  if (config->only_smb1)
    {
      index = find_dialect (&dialects, "NT LM 0.12");
      write_smb1_response (connection->server, frame->data, (guint16) index, frames);
      return TRUE;
    }
  if (config->dialect >= 0x0210 && find_dialect (&dialects, "SMB 2.???") >= 0)
    write_multi_response (connection, record, DIALECT_WILDCARD, frames);
  else if (find_dialect (&again, "SMB 2.002") >= 0)
    write_multi_response (connection, record, 0x0202, frames);
  else
    return FALSE;
  return TRUE;
}
