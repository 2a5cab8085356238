/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "raw-client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "crypto/smb-kdf.h"
#include "smb-ntlm-message.h"
#include "smb-ntlm-response.h"
#include "wire/smb-reader.h"
#include "wire/smb-writer.h"

#define HEADER_SIZE  64
#define SIGNATURE_AT 48

RawClient *
raw_client_new (ScriptedServer *server)
{
  RawClient               *self = g_new0 (RawClient, 1);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError)        error = NULL;
  GSocket                 *socket;

  self->stream =
    g_socket_client_connect_to_host (client, "127.0.0.1", scripted_server_get_port (server), NULL, &error);
  g_assert_no_error (error);
  socket = g_socket_connection_get_socket (self->stream);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_socket_set_timeout (socket, 60);
  return self;
}

void
raw_client_free (RawClient *self)
{
  g_clear_pointer (&self->mac, smb_mac_free);
  g_clear_pointer (&self->sealer, smb_aead_free);
  g_clear_pointer (&self->opener, smb_aead_free);
  g_object_unref (self->stream);
  g_free (self);
}

void
raw_client_send_bytes (RawClient     *self,
                       gconstpointer  data,
                       gsize          size)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->stream));
  const guint8   framing[] = { 0, (guint8) (size >> 16), (guint8) (size >> 8), (guint8) size };

  g_output_stream_write_all (output, framing, sizeof framing, NULL, NULL, NULL);
  g_output_stream_write_all (output, data, size, NULL, NULL, NULL);
}

/* [MS-SMB2] 2.2.1 */
static void
write_header (RawClient       *self,
              ScriptedCommand  command,
              SmbWriter       *writer)
{
  smb_writer_bytes (writer, "\xfeSMB", 4);
  smb_writer_u16 (writer, HEADER_SIZE);
  smb_writer_u16 (writer, self->charge);
  smb_writer_u32 (writer, 0);
  smb_writer_u16 (writer, (guint16) command);
  smb_writer_u16 (writer, 8); /* CreditRequest */
  smb_writer_u32 (writer, self->related ? 4 : 0);
  smb_writer_u32 (writer, 0);
  smb_writer_u64 (writer, self->message_id);
  smb_writer_u32 (writer, 0xFEFF);
  smb_writer_u32 (writer, self->tree_id);
  smb_writer_u64 (writer, self->session_id);
  smb_writer_zeros (writer, 16);
}

static void
sign (RawClient  *self,
      GByteArray *message)
{
  GOutputVector vector = { message->data, message->len };
  guint8        tag[SMB_MAC_TAG_SIZE];

  message->data[16] |= 8;
  g_assert_true (smb_mac_compute (self->mac, NULL, &vector, 1, tag));
  memcpy (message->data + SIGNATURE_AT, tag, sizeof tag);
}

/* [MS-SMB2] 2.2.41, AES-128-CCM */
static void
seal (RawClient  *self,
      GByteArray *message)
{
  guint8       header[52] = { 0xFD, 'S', 'M', 'B', [42] = 1 };
  guint32      size = GUINT32_TO_LE (message->len);
  guint64      session_id = GUINT64_TO_LE (self->session_id);
  GInputVector vector = { message->data, message->len };

  header[20] = (guint8) ++self->nonce;
  memcpy (header + 36, &size, sizeof size);
  memcpy (header + 44, &session_id, sizeof session_id);
  g_assert_true (smb_aead_seal (self->sealer, header + 20, header + 20, 32, &vector, 1, header + 4));
  g_byte_array_prepend (message, header, sizeof header);
}

guint64
raw_client_send (RawClient       *self,
                 ScriptedCommand  command,
                 gconstpointer    body,
                 gsize            size)
{
  g_auto(SmbWriter) writer = { 0 };
  guint64           id = self->message_id;

  smb_writer_init (&writer, NULL);
  write_header (self, command, &writer);
  smb_writer_bytes (&writer, body, size);
  self->message_id += MAX (self->charge, 1);
  if (self->sealer != NULL)
    seal (self, writer.bytes);
  else if (self->mac != NULL)
    sign (self, writer.bytes);
  raw_client_send_bytes (self, writer.bytes->data, writer.bytes->len);
  return id;
}

GBytes *
raw_client_receive (RawClient *self)
{
  GInputStream      *input = g_io_stream_get_input_stream (G_IO_STREAM (self->stream));
  guint8             framing[4];
  g_autofree guint8 *message = NULL;
  gsize              size;
  gsize              got;

  if (!g_input_stream_read_all (input, framing, sizeof framing, &got, NULL, NULL) || got < sizeof framing)
    return NULL;
  size = (gsize) framing[1] << 16 | (gsize) framing[2] << 8 | framing[3];
  message = g_malloc (size);
  if (!g_input_stream_read_all (input, message, size, &got, NULL, NULL) || got < size)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&message), size);
}

GBytes *
raw_client_call (RawClient       *self,
                 ScriptedCommand  command,
                 gconstpointer    body,
                 gsize            size)
{
  raw_client_send (self, command, body, size);
  return raw_client_receive (self);
}

guint16
raw_u16 (GBytes *message,
         gsize   offset)
{
  return (guint16) raw_u32 (message, offset);
}

guint32
raw_u32 (GBytes *message,
         gsize   offset)
{
  SmbReader reader;

  smb_reader_init (&reader, g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  smb_reader_seek (&reader, offset);
  return smb_reader_u16 (&reader) | (guint32) smb_reader_u16 (&reader) << 16;
}

guint64
raw_u64 (GBytes *message,
         gsize   offset)
{
  return raw_u32 (message, offset) | (guint64) raw_u32 (message, offset + 4) << 32;
}

/* [MS-SMB2] 2.2.3 */
GBytes *
raw_client_negotiate (RawClient     *self,
                      const guint16 *dialects,
                      gsize          n_dialects)
{
  static const guint8 contexts[] = {
    1, 0, 6, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, /* SHA-512 */
    2, 0, 4, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, /* AES-128-GCM */
    8, 0, 4, 0, 0, 0, 0, 0, 1, 0, 2, 0,             /* GMAC */
  };
  g_auto(SmbWriter) writer = { 0 };
  GBytes           *reply;
  gsize             end = HEADER_SIZE + 36 + 2 * n_dialects;

  smb_writer_init (&writer, NULL);
  smb_writer_u16 (&writer, 36); /* StructureSize */
  smb_writer_u16 (&writer, (guint16) n_dialects);
  smb_writer_u16 (&writer, 1);    /* SecurityMode */
  smb_writer_u16 (&writer, 0);
  smb_writer_u32 (&writer, 0x44); /* Capabilities */
  smb_writer_bytes (&writer, "0123456789abcdef", 16);
  smb_writer_u32 (&writer, (guint32) (end + 7) / 8 * 8); /* NegotiateContextOffset */
  smb_writer_u32 (&writer, 3);
  for (gsize i = 0; i < n_dialects; i++)
    smb_writer_u16 (&writer, dialects[i]);
  smb_writer_zeros (&writer, (end + 7) / 8 * 8 - end);
  smb_writer_bytes (&writer, contexts, sizeof contexts);
  reply = raw_client_call (self, SCRIPTED_NEGOTIATE, writer.bytes->data, writer.bytes->len);
  if (reply != NULL)
    self->dialect = raw_u16 (reply, HEADER_SIZE + 4);
  return reply;
}

/* [MS-SMB2] 2.2.5 */
static GBytes *
call_session_setup (RawClient     *self,
                    gconstpointer  token,
                    gsize          size)
{
  g_auto(SmbWriter) writer = { 0 };
  GBytes           *reply;

  smb_writer_init (&writer, NULL);
  smb_writer_u16 (&writer, 25); /* StructureSize */
  smb_writer_u16 (&writer, 0x100);
  smb_writer_zeros (&writer, 8);
  smb_writer_u16 (&writer, HEADER_SIZE + 24); /* SecurityBufferOffset */
  smb_writer_u16 (&writer, (guint16) size);
  smb_writer_zeros (&writer, 8);
  smb_writer_bytes (&writer, token, size);
  reply = raw_client_call (self, SCRIPTED_SESSION_SETUP, writer.bytes->data, writer.bytes->len);
  if (reply != NULL)
    self->session_id = raw_u64 (reply, 40);
  return reply;
}

static GBytes *
find_challenge (GBytes *reply)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (reply, &size);
  const guint8 *found = memmem (data, size, "NTLMSSP", 8);

  g_assert_nonnull (found);
  return g_bytes_new_from_bytes (reply, found - data, size - (found - data));
}

static void
respond (const SmbNtlmChallenge *challenge,
         const char             *user,
         const char             *password,
         SmbNtlmResponse        *response)
{
  SmbNtlmProof proof = {
    .user = user,
    .domain = "",
    .password = password,
    .server_challenge = challenge->server_challenge,
    .client_challenge = (const guint8 *) "\1\2\3\4\5\6\7\10",
  };

  if (user == NULL)
    smb_ntlm_respond_anonymous (response);
  else
    smb_ntlm_respond_v2 (&proof, 0, challenge->target_info, TRUE, response);
}

/* SMB 2.0.2 signs with the session's key; 3.0 derives from it ([MS-SMB2] 3.1.4.2). */
static void
use_key (RawClient    *self,
         const guint8 *key)
{
  guint8 derived[16];

  if (self->dialect < 0x0300)
    {
      self->mac = smb_mac_new (SMB_MAC_HMAC_SHA256, key, 16);
      return;
    }
  smb_kdf_derive (key, 16, "SMB2AESCMAC", 12, "SmbSign", 8, derived, sizeof derived);
  self->mac = smb_mac_new (SMB_MAC_AES_128_CMAC, derived, sizeof derived);
  smb_kdf_derive (key, 16, "SMB2AESCCM", 11, "ServerIn ", 10, derived, sizeof derived);
  self->sealer = smb_aead_new (SMB_CIPHER_AES_128_CCM, derived, sizeof derived);
  smb_kdf_derive (key, 16, "SMB2AESCCM", 11, "ServerOut", 10, derived, sizeof derived);
  self->opener = smb_aead_new (SMB_CIPHER_AES_128_CCM, derived, sizeof derived);
}

/* No key exchange and no MIC, so that the key is the one that the response is made with. */
GBytes *
raw_client_log_in (RawClient  *self,
                   const char *user,
                   const char *password)
{
  const guint32           flags = SMB_NTLM_UNICODE | SMB_NTLM_NTLM | SMB_NTLM_EXTENDED_SESSION_SECURITY;
  g_autoptr(GBytes)       negotiate = smb_ntlm_encode_negotiate (flags);
  g_autoptr(GBytes)       first = NULL;
  g_autoptr(GBytes)       token = NULL;
  g_autoptr(GByteArray)   last = NULL;
  g_autoptr(GError)       error = NULL;
  g_auto(SmbNtlmChallenge) challenge = { 0 };
  g_auto(SmbNtlmResponse) response = { 0 };
  SmbNtlmAuthenticate     message = { .flags = flags, .domain = "", .user = user, .workstation = "" };
  GBytes                 *reply;

  first = call_session_setup (self, g_bytes_get_data (negotiate, NULL), g_bytes_get_size (negotiate));
  token = find_challenge (first);
  g_assert_true (smb_ntlm_decode_challenge (token, &challenge, &error));
  g_assert_no_error (error);
  respond (&challenge, user, password, &response);
  message.user = user == NULL ? "" : user;
  message.lm_response = response.lm;
  message.nt_response = response.nt;
  last = smb_ntlm_encode_authenticate (&message);
  reply = call_session_setup (self, last->data, last->len);
  if (user != NULL && reply != NULL && raw_status (reply) == 0)
    use_key (self, response.key);
  return reply;
}

/* [MS-SMB2] 2.2.9 */
void
raw_client_use_share (RawClient *self)
{
  g_auto(SmbWriter) writer = { 0 };
  g_autoptr(GBytes) reply = NULL;

  smb_writer_init (&writer, NULL);
  smb_writer_u16 (&writer, 9); /* StructureSize */
  smb_writer_u16 (&writer, 0);
  smb_writer_u16 (&writer, HEADER_SIZE + 8);
  smb_writer_u16 (&writer, 22);
  smb_writer_utf16 (&writer, "\\\\srv\\share");
  reply = raw_client_call (self, SCRIPTED_TREE_CONNECT, writer.bytes->data, writer.bytes->len);
  g_assert_cmphex (raw_status (reply), ==, 0);
  self->tree_id = raw_u32 (reply, 36);
}

/* [MS-SMB2] 2.2.13: opens for reading, or makes it */
guint64
raw_client_create (RawClient  *self,
                   const char *path)
{
  g_auto(SmbWriter) writer = { 0 };
  g_autoptr(GBytes) reply = NULL;

  smb_writer_init (&writer, NULL);
  smb_writer_u16 (&writer, 57); /* StructureSize */
  smb_writer_zeros (&writer, 22);
  smb_writer_u32 (&writer, 1); /* DesiredAccess */
  smb_writer_u32 (&writer, 0);
  smb_writer_u32 (&writer, 7); /* ShareAccess */
  smb_writer_u32 (&writer, 3); /* CreateDisposition */
  smb_writer_u32 (&writer, 0);
  smb_writer_u16 (&writer, HEADER_SIZE + 56); /* NameOffset */
  smb_writer_u16 (&writer, (guint16) (2 * strlen (path)));
  smb_writer_zeros (&writer, 8);
  smb_writer_utf16 (&writer, path);
  reply = raw_client_call (self, SCRIPTED_CREATE, writer.bytes->data, writer.bytes->len);
  g_assert_cmphex (raw_status (reply), ==, 0);
  return raw_u64 (reply, HEADER_SIZE + 64);
}

/* [MS-SMB2] 2.2.19 */
guint64
raw_client_send_read (RawClient *self,
                      guint64    file)
{
  g_auto(SmbWriter) writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_u16 (&writer, 49); /* StructureSize */
  smb_writer_u16 (&writer, 0);
  smb_writer_u32 (&writer, 16); /* Length */
  smb_writer_u64 (&writer, 0);
  smb_writer_u64 (&writer, file);
  smb_writer_u64 (&writer, file);
  smb_writer_zeros (&writer, 17);
  return raw_client_send (self, SCRIPTED_READ, writer.bytes->data, writer.bytes->len);
}
