/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-dialect.h"
#include "smb-smb2-finish.h"
#include "smb-smb2-signing.h"

/* A dialect object that has negotiated and logged in, and what its server needs to answer it. */

#define PEER_SESSION_ID G_GUINT64_CONSTANT (0x0000a1b2c3d4e5f6)
#define PEER_KEY        "sixteen byte key"
#define PEER_TOKEN      "token"

typedef struct
{
  guint16         dialect;
  SmbMacAlgorithm signing; /* 3.1.1 */
  SmbCipher       cipher;  /* 3.1.1 */
} PeerOptions;

typedef struct
{
  SmbDialect   *dialect;
  SmbMac       *mac; /* the server's own */
  SmbSmb2Sealer sealer;
} Peer;

static inline guint16
peer_signing_id (SmbMacAlgorithm algorithm)
{
  return algorithm == SMB_MAC_AES_128_GMAC ? 2 : algorithm == SMB_MAC_AES_128_CMAC ? 1 : 0;
}

static inline guint16
peer_cipher_id (SmbCipher cipher)
{
  static const guint16 ids[] = { 1, 2, 3, 4 };

  return ids[cipher];
}

static inline void
peer_write_context (SmbWriter    *writer,
                    guint16       type,
                    gconstpointer data,
                    gsize         size)
{
  smb_writer_align (writer, 8);
  smb_writer_u16 (writer, type);
  smb_writer_u16 (writer, size);
  smb_writer_u32 (writer, 0);
  smb_writer_bytes (writer, data, size);
}

static inline void
peer_write_choice (SmbWriter *writer,
                   guint16    type,
                   guint16    choice)
{
  const guint16 data[] = { GUINT16_TO_LE (1), GUINT16_TO_LE (choice) };

  peer_write_context (writer, type, data, sizeof data);
}

static inline void
peer_write_preauth (SmbWriter *writer)
{
  static const guint8 data[] = { 1, 0, 4, 0, 1, 0, 's', 'a', 'l', 't' };

  peer_write_context (writer, 1, data, sizeof data);
}

/* A NEGOTIATE response up to its contexts, with PEER_TOKEN, for @n_contexts that follow. */
static inline void
peer_write_negotiate (SmbWriter *writer,
                      guint64    message_id,
                      guint16    dialect,
                      guint32    capabilities,
                      guint16    n_contexts)
{
  const SmbSmb2Header header = { .flags = SMB_SMB2_FLAG_RESPONSE, .credits = 1, .message_id = message_id };

  smb_smb2_header_write (&header, writer);
  smb_writer_u16 (writer, 65); /* StructureSize */
  smb_writer_u16 (writer, SMB_SMB2_SIGNING_ENABLED);
  smb_writer_u16 (writer, dialect);
  smb_writer_u16 (writer, n_contexts);
  smb_writer_bytes (writer, "the server's own", 16);
  smb_writer_u32 (writer, capabilities);
  smb_writer_u32 (writer, 0x100000); /* MaxTransactSize */
  smb_writer_u32 (writer, 0x800000); /* MaxReadSize */
  smb_writer_u32 (writer, 0x400000); /* MaxWriteSize */
  smb_writer_zeros (writer, 16);
  smb_writer_u16 (writer, 128); /* SecurityBufferOffset */
  smb_writer_u16 (writer, strlen (PEER_TOKEN));
  smb_writer_u32 (writer, n_contexts == 0 ? 0 : 136); /* NegotiateContextOffset */
  smb_writer_bytes (writer, PEER_TOKEN, strlen (PEER_TOKEN));
}

static inline GByteArray *
peer_negotiate_response (const PeerOptions *options)
{
  SmbWriter writer;

  smb_writer_init (&writer, NULL);
  peer_write_negotiate (&writer, 0, options->dialect,
                        options->dialect == 0x0202 ? 0 : SMB_SMB2_CAP_LARGE_MTU | SMB_SMB2_CAP_ENCRYPTION,
                        options->dialect == 0x0311 ? 3 : 0);
  if (options->dialect == 0x0311)
    {
      peer_write_preauth (&writer);
      peer_write_choice (&writer, 8, peer_signing_id (options->signing));
      peer_write_choice (&writer, 2, peer_cipher_id (options->cipher));
    }
  return smb_writer_steal (&writer);
}

/* Appends a response; what else the header says is the caller's to set. */
static inline void
peer_append (GByteArray   *bytes,
             SmbCommand    command,
             guint64       message_id,
             guint32       status,
             gconstpointer body,
             gsize         body_size)
{
  const SmbSmb2Header header = {
    .command = command,
    .status = status,
    .flags = SMB_SMB2_FLAG_RESPONSE,
    .credits = 1,
    .message_id = message_id,
    .session_id = PEER_SESSION_ID,
  };
  SmbWriter writer;

  smb_writer_init (&writer, bytes);
  smb_smb2_header_write (&header, &writer);
  smb_writer_bytes (&writer, body, body_size);
  smb_writer_clear (&writer);
}

static inline void
peer_sign (Peer       *self,
           GByteArray *bytes,
           gsize       offset,
           gsize       size)
{
  guint8 *header = bytes->data + offset;
  const GOutputVector vector = { header, size };
  g_autoptr(GError) error = NULL;

  smb_smb2_set_u32 (header, SMB_SMB2_HEADER_FLAGS,
                    smb_smb2_get_u32 (header, SMB_SMB2_HEADER_FLAGS) | SMB_SMB2_FLAG_SIGNED);
  memset (header + SMB_SMB2_HEADER_SIGNATURE, 0, SMB_SMB2_SIGNATURE_SIZE);
  g_assert_true (smb_smb2_sign (self->mac, header, &vector, 1, &error));
}

/* A sealed frame of what @bytes holds. */
static inline GByteArray *
peer_seal (Peer             *self,
           const GByteArray *bytes)
{
  GByteArray *sealed = g_byte_array_new ();
  g_autoptr(GError) error = NULL;

  g_byte_array_set_size (sealed, SMB_SMB2_TRANSFORM_SIZE);
  g_byte_array_append (sealed, bytes->data, bytes->len);
  g_assert_true (smb_smb2_sealer_seal (&self->sealer, PEER_SESSION_ID, sealed->data, sealed->len, &error));
  return sealed;
}

static inline GArray *
peer_new_items (void)
{
  return g_array_new (FALSE, FALSE, sizeof (SmbItem));
}

/* Parses @bytes in memory of exactly that size. Items point into *@memory. */
static inline gboolean
peer_parse (Peer             *self,
            const GByteArray *bytes,
            guint8          **memory,
            GArray           *items,
            GError          **error)
{
  SmbReceived received = { .bytes = g_memdup2 (bytes->data, bytes->len), .size = bytes->len };

  g_free (*memory);
  *memory = received.bytes;
  return smb_dialect_parse (self->dialect, &received, items, error);
}

static inline void
peer_options_init (SmbNegotiateOptions *options)
{
  *options = (SmbNegotiateOptions) {
    .sign_options = SMB_SIGN_OPTIONS_WHEN_SUPPORTED,
    .encryption = SMB_ENCRYPTION_IF_REQUIRED,
    .target_host = "server.example",
    .client_guid = "client's own id",
  };
}

static inline void
peer_negotiate (Peer              *self,
                const PeerOptions *options)
{
  g_autoptr(GByteArray) response = peer_negotiate_response (options);
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GError) error = NULL;
  SmbNegotiateOptions wanted;
  SmbNegotiation result;

  peer_options_init (&wanted);
  frame = smb_dialect_negotiate (self->dialect, &wanted, &error);
  g_assert_no_error (error);
  smb_dialect_negotiated (self->dialect, response->data, response->len, &result, &error);
  g_assert_no_error (error);
  smb_negotiation_clear (&result);
}

/* The frame of one finished request. */
static inline SmbFrame *
peer_send (Peer          *self,
           SmbRequest    *request,
           SmbProtection  protection)
{
  g_autoptr(GError) error = NULL;
  SmbFrame *frame = smb_dialect_build (self->dialect, &request, 1, &error);

  g_assert_no_error (error);
  smb_dialect_finish (self->dialect, frame, protection, 1, &error);
  g_assert_no_error (error);
  return frame;
}

static inline guint64
peer_send_command (Peer          *self,
                   SmbCommand     command,
                   SmbProtection  protection)
{
  g_autoptr(SmbRequest) request = smb_request_new (command);
  g_autoptr(SmbFrame) frame = peer_send (self, request, protection);

  return smb_frame_get_message (frame, 0)->key;
}

static inline guint64
peer_send_read (Peer          *self,
                guint32        length,
                SmbProtection  protection)
{
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_READ);
  g_autoptr(SmbFrame) frame = NULL;

  request->read.length = length;
  frame = peer_send (self, request, protection);
  return smb_frame_get_message (frame, 0)->key;
}

static inline void
peer_set_keys (Peer *self)
{
  SmbSmb2Session *session = smb_smb2_dialect_get_session (SMB_SMB2_DIALECT (self->dialect));
  const SmbSmb2Terms *terms = smb_smb2_dialect_get_terms (SMB_SMB2_DIALECT (self->dialect));
  g_autoptr(GError) error = NULL;
  SmbSmb2Keys keys;

  smb_smb2_keys_derive (&keys, terms, session->hash, PEER_KEY, strlen (PEER_KEY));
  self->mac = smb_mac_new (terms->signing, keys.signing, sizeof keys.signing);
  if (terms->can_seal)
    smb_smb2_sealer_init (&self->sealer, terms->cipher, keys.opening, keys.sealing, &error);
  g_assert_no_error (error);
}

static inline void
peer_log_in (Peer *self)
{
  static const guint8 body[] = { 9, 0, 0, 0, 72, 0, 0, 0 };
  guint64 id = peer_send_command (self, SMB_COMMAND_SESSION_SETUP, SMB_PROTECTION_NONE);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GArray) items = peer_new_items ();
  g_autoptr(GBytes) key = g_bytes_new_static (PEER_KEY, strlen (PEER_KEY));
  g_autofree guint8 *memory = NULL;
  g_autoptr(GError) error = NULL;

  peer_set_keys (self);
  peer_append (bytes, SMB_COMMAND_SESSION_SETUP, id, SMB_STATUS_SUCCESS, body, sizeof body);
  peer_sign (self, bytes, 0, bytes->len);
  peer_parse (self, bytes, &memory, items, &error);
  g_assert_no_error (error);
  smb_dialect_start_session (self->dialect, key, &error);
  g_assert_no_error (error);
}

static inline void
peer_init (Peer              *self,
           const PeerOptions *options)
{
  memset (self, 0, sizeof *self);
  self->dialect = g_object_new (SMB_TYPE_SMB2_DIALECT, NULL);
  peer_negotiate (self, options);
  peer_log_in (self);
}

static inline void
peer_clear (Peer *self)
{
  g_assert_finalize_object (self->dialect);
  g_clear_pointer (&self->mac, smb_mac_free);
  smb_smb2_sealer_clear (&self->sealer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Peer, peer_clear)

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
