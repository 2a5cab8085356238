/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-dialect.h"
#include "smb-smb1-transaction.h"

/* A dialect object that has negotiated and logged in, and what its server needs to answer it. */

#define PEER_UID   0x0801
#define PEER_TID   0x0102
#define PEER_FID   0x4003
#define PEER_KEY   "sixteen byte key"
#define PEER_TOKEN "token"

#define PEER_CAPABILITIES                                                                            \
  (SMB_SMB1_CAP_UNICODE | SMB_SMB1_CAP_NT_SMBS | SMB_SMB1_CAP_STATUS32 | SMB_SMB1_CAP_LARGE_READX |    \
   SMB_SMB1_CAP_LARGE_WRITEX | SMB_SMB1_CAP_INFOLEVEL_PASSTHRU | SMB_SMB1_CAP_EXTENDED_SECURITY)

#define PEER_SECURITY                                                                                \
  (SMB_SMB1_SECURITY_USER | SMB_SMB1_SECURITY_ENCRYPT_PASSWORDS | SMB_SMB1_SECURITY_SIGNATURES_ENABLED)

typedef struct
{
  guint32  capabilities;
  guint8   security_mode;
  guint16  max_requests;
  guint32  max_buffer_size;
  gboolean sign;
} PeerOptions;

typedef struct
{
  SmbDialect *dialect;
  SmbSecret  *key;     /* NULL: nothing is signed */
  GByteArray *bytes;   /* of the message that is being made */
  guint8     *memory;  /* of the one that was parsed last, exactly its size */
  GArray     *items;   /* of SmbItem */
} Peer;

static inline PeerOptions
peer_options (void)
{
  return (PeerOptions) { PEER_CAPABILITIES, PEER_SECURITY, 50, 16644, FALSE };
}

/* Messages of the server. */

static inline void
peer_write_header (SmbWriter      *writer,
                   SmbSmb1Command  command,
                   guint64         mid,
                   guint32         status)
{
  smb_writer_bytes (writer, "\xffSMB", 4);
  smb_writer_u8 (writer, command);
  smb_writer_u32 (writer, status);
  smb_writer_u8 (writer, SMB_SMB1_FLAG_REPLY);
  smb_writer_u16 (writer, SMB_SMB1_FLAG2_UNICODE | SMB_SMB1_FLAG2_NT_STATUS);
  smb_writer_zeros (writer, 2 + 8 + 2);
  smb_writer_u16 (writer, PEER_TID);
  smb_writer_u16 (writer, 0xfeff);
  smb_writer_u16 (writer, PEER_UID);
  smb_writer_u16 (writer, mid);
}

/* Begins a message: the words and bytes are the caller's to write. */
static inline void
peer_begin (Peer           *self,
            SmbWriter      *writer,
            SmbSmb1Command  command,
            guint64         mid,
            guint32         status)
{
  g_byte_array_set_size (self->bytes, 0);
  smb_writer_init (writer, self->bytes);
  peer_write_header (writer, command, mid, status);
}

/* A message with these words and these bytes. */
static inline void
peer_answer (Peer           *self,
             SmbSmb1Command  command,
             guint64         mid,
             guint32         status,
             const guint16  *words,
             guint8          n_words,
             gconstpointer   bytes,
             guint16         n_bytes)
{
  g_auto(SmbWriter) w = { 0 };

  peer_begin (self, &w, command, mid, status);
  smb_writer_u8 (&w, n_words);
  for (guint i = 0; i < n_words; i++)
    smb_writer_u16 (&w, words[i]);
  smb_writer_u16 (&w, n_bytes);
  smb_writer_bytes (&w, bytes, n_bytes);
}

/* An error, or a success without a body. */
static inline void
peer_answer_bare (Peer           *self,
                  SmbSmb1Command  command,
                  guint64         mid,
                  guint32         status)
{
  peer_answer (self, command, mid, status, NULL, 0, NULL, 0);
}

/* A part of the answer to a transaction, or all of it. */
typedef struct
{
  SmbSmb1Command command;
  guint32        status;
  const char    *parameters;
  gsize          n_parameters;
  gsize          total_parameters;
  gsize          parameter_displacement;
  gconstpointer  data;
  gsize          n_data;
  gsize          total_data;
  gsize          data_displacement;
} PeerPart;

static inline void
peer_write_count (SmbWriter *writer,
                  gboolean   nt,
                  gsize      value)
{
  if (nt)
    smb_writer_u32 (writer, value);
  else
    smb_writer_u16 (writer, value);
}

static inline void
peer_answer_part (Peer           *self,
                  guint64         mid,
                  const PeerPart *part)
{
  gboolean nt = part->command == SMB_SMB1_NT_TRANSACT;
  gsize begin = SMB_SMB1_MIN_SIZE + 2 * (nt ? 18 : 10);
  const gsize values[] = {
    part->n_parameters, begin, part->parameter_displacement,
    part->n_data, begin + part->n_parameters, part->data_displacement,
  };
  g_auto(SmbWriter) w = { 0 };

  peer_begin (self, &w, part->command, mid, part->status);
  smb_writer_u8 (&w, nt ? 18 : 10);
  smb_writer_zeros (&w, nt ? 3 : 0);
  peer_write_count (&w, nt, part->total_parameters);
  peer_write_count (&w, nt, part->total_data);
  smb_writer_zeros (&w, nt ? 0 : 2);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    peer_write_count (&w, nt, values[i]);
  smb_writer_zeros (&w, nt ? 1 : 2); /* SetupCount */
  smb_writer_u16 (&w, part->n_parameters + part->n_data);
  smb_writer_bytes (&w, part->parameters, part->n_parameters);
  smb_writer_bytes (&w, part->data, part->n_data);
}

static inline void
peer_answer_transaction (Peer           *self,
                         SmbSmb1Command  command,
                         guint64         mid,
                         guint32         status,
                         gconstpointer   parameters,
                         gsize           n_parameters,
                         gconstpointer   data,
                         gsize           n_data)
{
  const PeerPart part = { command, status, parameters, n_parameters, n_parameters, 0, data, n_data, n_data,
                          0 };

  peer_answer_part (self, mid, &part);
}

static inline void
peer_sign (Peer    *self,
           guint32  number)
{
  const GOutputVector vector = { self->bytes->data, self->bytes->len };

  smb_smb1_sign (self->key, number, self->bytes->data, &vector, 1);
}

/* What the client makes of it. Items point into the peer's memory. */

static inline void
peer_clear_items (Peer *self)
{
  for (guint i = 0; i < self->items->len; i++)
    g_clear_pointer (&g_array_index (self->items, SmbItem, i).owner, g_bytes_unref);
  g_array_set_size (self->items, 0);
}

static inline gboolean
peer_parse (Peer    *self,
            GError **error)
{
  SmbReceived received = { .size = self->bytes->len };

  peer_clear_items (self);
  g_free (self->memory);
  self->memory = received.bytes = g_memdup2 (self->bytes->data, self->bytes->len);
  return smb_dialect_parse (self->dialect, &received, self->items, error);
}

static inline const SmbItem *
peer_parse_one (Peer        *self,
                SmbItemKind  kind)
{
  g_autoptr(GError) error = NULL;
  const SmbItem *item;

  peer_parse (self, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self->items->len, ==, 1);
  item = &g_array_index (self->items, SmbItem, 0);
  g_assert_cmpint (item->kind, ==, kind);
  g_assert_cmpuint (item->units, ==, kind == SMB_ITEM_REPLY ? 1 : 0);
  return item;
}

static inline void
peer_assert_refused (Peer     *self,
                     SmbError  code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (peer_parse (self, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_cmpuint (self->items->len, ==, 0);
}

/* The reply to @request, whose last message is in @bytes. */
static inline SmbReply
peer_take (Peer             *self,
           const SmbRequest *request)
{
  const SmbItem *item = peer_parse_one (self, SMB_ITEM_REPLY);
  g_autoptr(GError) error = NULL;
  SmbReply reply;

  smb_dialect_decode (self->dialect, item, request, &reply, &error);
  g_assert_no_error (error);
  return reply;
}

/* Messages of the client. */

static inline SmbFrame *
peer_send (Peer       *self,
           SmbRequest *request)
{
  g_autoptr(GError) error = NULL;
  SmbFrame *frame = smb_dialect_build (self->dialect, &request, 1, &error);

  g_assert_no_error (error);
  smb_dialect_finish (self->dialect, frame, SMB_PROTECTION_NONE, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (frame->n_messages, ==, 1);
  g_assert_cmpuint (smb_frame_get_message (frame, 0)->units, ==, 1);
  return frame;
}

/* Its bytes are not looked at; returns its MID. */
static inline guint64
peer_send_request (Peer       *self,
                   SmbRequest *request)
{
  g_autoptr(SmbFrame) frame = peer_send (self, request);

  return smb_frame_get_message (frame, 0)->key;
}

static inline guint64
peer_send_command (Peer       *self,
                   SmbCommand  command)
{
  g_autoptr(SmbRequest) request = smb_request_new (command);

  return peer_send_request (self, request);
}

static inline SmbFrame *
peer_next_part (Peer    *self,
                guint64  mid)
{
  g_autoptr(GError) error = NULL;
  SmbFrame *frame = smb_dialect_next_part (self->dialect, mid, SMB_PROTECTION_NONE, &error);

  g_assert_no_error (error);
  return frame;
}

/* The bytes of a finished frame, as they go over the wire. */
static inline GByteArray *
peer_wire_bytes (const SmbFrame *frame)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < frame->n_vectors; i++)
    {
      const GOutputVector *vector = &frame->vectors[i];

      g_byte_array_append (bytes, vector->buffer, vector->size);
    }
  g_assert_cmpuint (bytes->len, ==, frame->size);
  return bytes;
}

static inline guint8
peer_get_command (const SmbFrame *frame)
{
  g_autoptr(GByteArray) bytes = peer_wire_bytes (frame);

  return bytes->data[SMB_SMB1_HEADER_COMMAND];
}

/* Opening. */

static inline void
peer_write_negotiate (SmbWriter         *writer,
                      const PeerOptions *options)
{
  gboolean extended = (options->capabilities & SMB_SMB1_CAP_EXTENDED_SECURITY) != 0;

  peer_write_header (writer, SMB_SMB1_NEGOTIATE, 0, SMB_STATUS_SUCCESS);
  smb_writer_u8 (writer, 17);
  smb_writer_u16 (writer, 0); /* DialectIndex */
  smb_writer_u8 (writer, options->security_mode);
  smb_writer_u16 (writer, options->max_requests);
  smb_writer_u16 (writer, 1);
  smb_writer_u32 (writer, options->max_buffer_size);
  smb_writer_u32 (writer, 65536);
  smb_writer_u32 (writer, 0x12345678); /* SessionKey */
  smb_writer_u32 (writer, options->capabilities);
  smb_writer_zeros (writer, 8 + 2);
  smb_writer_u8 (writer, extended ? 0 : SMB_SMB1_CHALLENGE_SIZE);
  smb_writer_u16 (writer, extended ? 16 + strlen (PEER_TOKEN) : SMB_SMB1_CHALLENGE_SIZE);
  if (extended)
    {
      smb_writer_bytes (writer, "the server's own", 16);
      smb_writer_bytes (writer, PEER_TOKEN, strlen (PEER_TOKEN));
    }
  else
    smb_writer_bytes (writer, "8 random", SMB_SMB1_CHALLENGE_SIZE);
}

static inline void
peer_negotiate (Peer              *self,
                const PeerOptions *options)
{
  const SmbNegotiateOptions wanted = {
    .sign_options = SMB_SIGN_OPTIONS_WHEN_SUPPORTED,
    .target_host = "server.example",
  };
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(SmbWriter) w = { 0 };
  SmbNegotiation result;

  frame = smb_dialect_negotiate (self->dialect, &wanted, &error);
  g_assert_no_error (error);
  smb_writer_init (&w, NULL);
  peer_write_negotiate (&w, options);
  smb_dialect_negotiated (self->dialect, w.bytes->data, w.bytes->len, &result, &error);
  g_assert_no_error (error);
  smb_negotiation_clear (&result);
}

static inline void
peer_log_in (Peer     *self,
             gboolean  sign)
{
  static const guint16 words[] = { 0xff, 0, 0, 0 };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_SESSION_SETUP);
  g_autoptr(GBytes) key = g_bytes_new_static (PEER_KEY, strlen (PEER_KEY));
  g_autoptr(GError) error = NULL;
  guint64 mid;

  request->session_setup.sign = sign;
  mid = peer_send_request (self, request);
  peer_answer (self, SMB_SMB1_SESSION_SETUP_ANDX, mid, SMB_STATUS_SUCCESS, words, 4, NULL, 0);
  if (sign)
    {
      self->key = smb_secret_new (PEER_KEY, strlen (PEER_KEY));
      peer_sign (self, 1);
    }
  peer_take (self, request);
  smb_dialect_start_session (self->dialect, key, &error);
  g_assert_no_error (error);
}

static inline void
peer_init (Peer              *self,
           const PeerOptions *options)
{
  memset (self, 0, sizeof *self);
  self->dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
  self->bytes = g_byte_array_new ();
  self->items = g_array_new (FALSE, FALSE, sizeof (SmbItem));
  peer_negotiate (self, options);
  peer_log_in (self, options->sign);
}

static inline void
peer_clear (Peer *self)
{
  peer_clear_items (self);
  g_assert_finalize_object (self->dialect);
  g_clear_pointer (&self->key, smb_secret_unref);
  g_byte_array_unref (self->bytes);
  g_array_unref (self->items);
  g_free (self->memory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Peer, peer_clear)

/* Files. */

static inline SmbRequest *
peer_create_request (const char *path)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_CREATE);

  request->tree_id = PEER_TID;
  request->create.path = g_strdup (path);
  request->create.disposition = 1;
  return request;
}

/* 34 words: times 1 to 4, a file of 1,000 bytes in 4,096. @resource_type: 0 = a file. */
static inline void
peer_answer_create (Peer    *self,
                    guint64  mid,
                    guint16  resource_type)
{
  g_auto(SmbWriter) w = { 0 };

  peer_begin (self, &w, SMB_SMB1_NT_CREATE_ANDX, mid, SMB_STATUS_SUCCESS);
  smb_writer_u8 (&w, 34);
  smb_writer_u32 (&w, 0xff);
  smb_writer_u8 (&w, 0);
  smb_writer_u16 (&w, PEER_FID);
  smb_writer_u32 (&w, 1);
  for (guint64 time = 1; time <= 4; time++)
    smb_writer_u64 (&w, time);
  smb_writer_u32 (&w, SMB_FSCC_ATTRIBUTE_ARCHIVE);
  smb_writer_u64 (&w, 4096);
  smb_writer_u64 (&w, 1000);
  smb_writer_u16 (&w, resource_type);
  smb_writer_u16 (&w, 7);
  smb_writer_u8 (&w, 0);
  smb_writer_u16 (&w, 0);
}

static inline SmbFileHandle
peer_open (Peer       *self,
           const char *path,
           guint64     snapshot)
{
  g_autoptr(SmbRequest) request = peer_create_request (path);
  guint64 mid;

  request->create.snapshot = snapshot;
  mid = peer_send_request (self, request);
  peer_answer_create (self, mid, 0);
  if (self->key != NULL)
    peer_sign (self, smb_smb1_outstanding_find (&smb_smb1_dialect_get_state (SMB_SMB1_DIALECT (self->dialect))
                                                  ->outstanding, mid)->number);
  return peer_take (self, request).create.handle;
}
