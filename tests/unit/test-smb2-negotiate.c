/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-peer.h"

#define WIRE_CLIENT_GUID  76
#define WIRE_CAPABILITIES 72
#define WIRE_MODE         68
#define WIRE_CONTEXTS     92
#define WIRE_N_CONTEXTS   96
#define WIRE_DIALECTS     100
#define REPLY_MODE        66
#define REPLY_DIALECT     68
#define REPLY_SIZES       92
#define REPLY_CONTEXTS    136

static void
fixture_set_up (Peer          *self,
                gconstpointer  data)
{
  memset (self, 0, sizeof *self);
  self->dialect = g_object_new (SMB_TYPE_SMB2_DIALECT, NULL);
}

static void
fixture_tear_down (Peer          *self,
                   gconstpointer  data)
{
  peer_clear (self);
}

static GByteArray *
negotiate (Peer                      *self,
           const SmbNegotiateOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SmbFrame) frame = smb_dialect_negotiate (self->dialect, options, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (frame->messages->len, ==, 1);
  return peer_wire_bytes (frame);
}

static GByteArray *
negotiate_by_default (Peer *self)
{
  SmbNegotiateOptions options;

  peer_options_init (&options);
  return negotiate (self, &options);
}

static void
assert_dialects (const GByteArray *bytes,
                 guint             n_dialects,
                 guint16           first,
                 guint16           last)
{
  g_assert_cmpuint (smb_smb2_get_u16 (bytes->data, 66), ==, n_dialects);
  g_assert_cmphex (smb_smb2_get_u16 (bytes->data, WIRE_DIALECTS), ==, first);
  g_assert_cmphex (smb_smb2_get_u16 (bytes->data, WIRE_DIALECTS + 2 * (n_dialects - 1)), ==, last);
}

typedef struct
{
  guint16       type;
  const guint8 *data;
  guint16       size;
} Context;

/* The contexts of a request; every one begins at a multiple of 8. */
static guint
get_contexts (const GByteArray *bytes,
              Context           contexts[8])
{
  guint count = smb_smb2_get_u16 (bytes->data, WIRE_N_CONTEXTS);
  gsize offset = smb_smb2_get_u32 (bytes->data, WIRE_CONTEXTS);

  for (guint i = 0; i < count; i++)
    {
      offset = (offset + 7) & ~7u;
      g_assert_cmpuint (offset + 8, <=, bytes->len);
      contexts[i].type = smb_smb2_get_u16 (bytes->data, offset);
      contexts[i].size = smb_smb2_get_u16 (bytes->data, offset + 2);
      contexts[i].data = bytes->data + offset + 8;
      offset += 8 + contexts[i].size;
    }
  g_assert_cmpuint (offset, ==, bytes->len);
  return count;
}

static void
test_request (Peer          *self,
              gconstpointer  data)
{
  g_autoptr(GByteArray) first = negotiate_by_default (self);
  g_autoptr(GByteArray) second = negotiate_by_default (self);
  Context contexts[8], other[8];

  g_assert_cmpmem (first->data, 4, "\xfeSMB", 4);
  g_assert_cmpuint (smb_smb2_get_u16 (first->data, 64), ==, 36);
  assert_dialects (first, 5, 0x0202, 0x0311);
  g_assert_cmphex (smb_smb2_get_u16 (first->data, WIRE_MODE), ==, SMB_SMB2_SIGNING_ENABLED);
  g_assert_cmphex (smb_smb2_get_u32 (first->data, WIRE_CAPABILITIES), ==, 0x44);
  g_assert_cmpmem (first->data + WIRE_CLIENT_GUID, 16, "client's own id", 16);

  g_assert_cmpuint (get_contexts (first, contexts), ==, 4);
  g_assert_cmpuint (contexts[0].type, ==, 1);
  g_assert_cmpmem (contexts[0].data, 6, "\1\0\40\0\1\0", 6);
  g_assert_cmpuint (contexts[0].size, ==, 38);
  g_assert_cmpuint (contexts[1].type, ==, 8);
  g_assert_cmpmem (contexts[1].data, contexts[1].size, "\3\0\2\0\1\0\0\0", 8);
  g_assert_cmpuint (contexts[2].type, ==, 2);
  g_assert_cmpmem (contexts[2].data, contexts[2].size, "\4\0\2\0\4\0\1\0\3\0", 10);
  g_assert_cmpuint (contexts[3].type, ==, 5);
  g_assert_cmpmem (contexts[3].data, contexts[3].size, "s\0e\0r\0v\0e\0r\0.\0e\0x\0a\0m\0p\0l\0e\0", 28);

  /* The salt is another each time. */
  get_contexts (second, other);
  g_assert_cmpint (memcmp (contexts[0].data + 6, other[0].data + 6, 32), !=, 0);
}

static void
test_request_options (Peer          *self,
                      gconstpointer  data)
{
  static const guint8 no_guid[16];
  SmbNegotiateOptions options;
  g_autoptr(GByteArray) oldest = NULL;
  g_autoptr(GByteArray) old = NULL;
  g_autoptr(GByteArray) middle = NULL;
  g_autoptr(GByteArray) newest = NULL;
  Context contexts[8];

  peer_options_init (&options);
  options.max_version = SMB_DIALECT_VERSION_SMB_2_02;
  options.sign_options = SMB_SIGN_OPTIONS_REQUIRE;
  oldest = negotiate (self, &options);
  assert_dialects (oldest, 1, 0x0202, 0x0202);
  g_assert_cmphex (smb_smb2_get_u16 (oldest->data, WIRE_MODE), ==, 3);
  g_assert_cmphex (smb_smb2_get_u32 (oldest->data, WIRE_CAPABILITIES), ==, 0);
  g_assert_cmpmem (oldest->data + WIRE_CLIENT_GUID, 16, no_guid, 16);
  g_assert_cmpuint (oldest->len, ==, WIRE_DIALECTS + 2);

  options.max_version = SMB_DIALECT_VERSION_SMB_2_10;
  old = negotiate (self, &options);
  assert_dialects (old, 2, 0x0202, 0x0210);
  g_assert_cmphex (smb_smb2_get_u32 (old->data, WIRE_CAPABILITIES), ==, 0);
  g_assert_cmpmem (old->data + WIRE_CLIENT_GUID, 16, options.client_guid, 16);

  options.min_version = SMB_DIALECT_VERSION_SMB_3_00;
  options.max_version = SMB_DIALECT_VERSION_SMB_3_02;
  options.encryption = SMB_ENCRYPTION_DISABLED;
  middle = negotiate (self, &options);
  assert_dialects (middle, 2, 0x0300, 0x0302);
  g_assert_cmphex (smb_smb2_get_u32 (middle->data, WIRE_CAPABILITIES), ==, SMB_SMB2_CAP_LARGE_MTU);

  options.min_version = options.max_version = SMB_DIALECT_VERSION_SMB_3_11;
  options.target_host = NULL;
  newest = negotiate (self, &options);
  assert_dialects (newest, 1, 0x0311, 0x0311);
  g_assert_cmpuint (get_contexts (newest, contexts), ==, 2);
  g_assert_cmpuint (contexts[0].type, ==, 1);
  g_assert_cmpuint (contexts[1].type, ==, 8);
}

static void
test_request_impossible (Peer          *self,
                         gconstpointer  data)
{
  SmbNegotiateOptions options;
  g_autoptr(GError) error = NULL;

  peer_options_init (&options);
  options.max_version = SMB_DIALECT_VERSION_SMB_1;
  g_assert_null (smb_dialect_negotiate (self->dialect, &options, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED);
}

static void
answer (Peer             *self,
        const GByteArray *bytes,
        SmbNegotiation   *result)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (smb_dialect_negotiated (self->dialect, bytes->data, bytes->len, result, &error));
  g_assert_no_error (error);
}

static void
assert_refused (Peer             *self,
                const GByteArray *bytes,
                SmbError          code)
{
  g_autoptr(GError) error = NULL;
  SmbNegotiation result;

  g_assert_false (smb_dialect_negotiated (self->dialect, bytes->data, bytes->len, &result, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_null (result.token);
}

static void
test_answer_2_02 (Peer          *self,
                  gconstpointer  data)
{
  const PeerOptions options = { .dialect = 0x0202 };
  g_autoptr(GByteArray) request = negotiate_by_default (self);
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);
  SmbNegotiation result;

  /* These are newer dialects' bits. */
  smb_smb2_set_u32 (bytes->data, 88, SMB_SMB2_CAP_LARGE_MTU | SMB_SMB2_CAP_ENCRYPTION);
  smb_smb2_set_u16 (bytes->data, REPLY_MODE, 3);
  answer (self, bytes, &result);
  g_assert_cmphex (result.version, ==, SMB_DIALECT_VERSION_SMB_2_02);
  g_assert_false (result.again);
  g_assert_true (result.signing_required);
  g_assert_false (result.can_seal);
  g_assert_null (result.cipher);
  g_assert_cmpstr (result.signing_algorithm, ==, "HMAC-SHA256");
  g_assert_cmpuint (result.max_transact_size, ==, 65536);
  g_assert_cmpuint (result.max_read_size, ==, 65536);
  g_assert_cmpuint (result.max_write_size, ==, 65536);
  g_assert_cmpuint (result.max_chain, >, 1);
  g_assert_cmpmem (g_bytes_get_data (result.token, NULL), g_bytes_get_size (result.token), "token", 5);
  smb_negotiation_clear (&result);
}

static void
test_answer_3_0 (Peer          *self,
                 gconstpointer  data)
{
  const PeerOptions options = { .dialect = 0x0302 };
  g_autoptr(GByteArray) request = negotiate_by_default (self);
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);
  SmbNegotiation result;

  answer (self, bytes, &result);
  g_assert_cmphex (result.version, ==, SMB_DIALECT_VERSION_SMB_3_02);
  g_assert_false (result.signing_required);
  g_assert_true (result.can_seal);
  g_assert_cmpstr (result.cipher, ==, "AES-128-CCM");
  g_assert_cmpstr (result.signing_algorithm, ==, "AES-128-CMAC");
  g_assert_cmpuint (result.max_transact_size, ==, 0x100000);
  g_assert_cmpuint (result.max_read_size, ==, 0x800000);
  g_assert_cmpuint (result.max_write_size, ==, 0x400000);
  smb_negotiation_clear (&result);
}

static void
test_answer_3_1_1 (Peer          *self,
                   gconstpointer  data)
{
  static const struct
  {
    PeerOptions options;
    const char *signing;
    const char *cipher;
  } cases[] = {
    { { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM }, "AES-128-GMAC", "AES-128-GCM" },
    { { 0x0311, SMB_MAC_AES_128_CMAC, SMB_CIPHER_AES_128_CCM }, "AES-128-CMAC", "AES-128-CCM" },
    { { 0x0311, SMB_MAC_HMAC_SHA256, SMB_CIPHER_AES_256_GCM }, "HMAC-SHA256", "AES-256-GCM" },
    { { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_256_CCM }, "AES-128-GMAC", "AES-256-CCM" },
  };
  g_autoptr(GByteArray) request = negotiate_by_default (self);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GByteArray) bytes = peer_negotiate_response (&cases[i].options);
      SmbNegotiation result;

      answer (self, bytes, &result);
      g_assert_cmpstr (result.signing_algorithm, ==, cases[i].signing);
      g_assert_cmpstr (result.cipher, ==, cases[i].cipher);
      g_assert_true (result.can_seal);
      smb_negotiation_clear (&result);
    }
}

/* No context of a kind, no choice of a cipher, and a context nobody knows. */
static void
test_answer_3_1_1_least (Peer          *self,
                         gconstpointer  data)
{
  g_autoptr(GByteArray) request = negotiate_by_default (self);
  g_autoptr(GByteArray) none = NULL;
  g_autoptr(GByteArray) zero = NULL;
  SmbNegotiation result;
  SmbWriter writer;

  smb_writer_init (&writer, NULL);
  peer_write_negotiate (&writer, 0, 0x0311, SMB_SMB2_CAP_ENCRYPTION, 1);
  peer_write_preauth (&writer);
  none = smb_writer_steal (&writer);
  answer (self, none, &result);
  g_assert_cmpstr (result.signing_algorithm, ==, "AES-128-CMAC");
  g_assert_null (result.cipher);
  g_assert_false (result.can_seal);
  smb_negotiation_clear (&result);

  smb_writer_init (&writer, NULL);
  peer_write_negotiate (&writer, 0, 0x0311, SMB_SMB2_CAP_ENCRYPTION, 4);
  peer_write_context (&writer, 0x100, "what?", 5);
  peer_write_context (&writer, 0x100, "what?", 5);
  peer_write_choice (&writer, 2, 0);
  peer_write_preauth (&writer);
  zero = smb_writer_steal (&writer);
  answer (self, zero, &result);
  g_assert_false (result.can_seal);
  smb_negotiation_clear (&result);
}

typedef struct
{
  const char *name;
  guint       n_contexts;
  void      (*write) (SmbWriter *writer);
  SmbError    error;
} RefusedCase;

static void
write_nothing (SmbWriter *writer)
{
}

static void
write_no_preauth (SmbWriter *writer)
{
  peer_write_choice (writer, 8, 1);
}

static void
write_preauth_twice (SmbWriter *writer)
{
  peer_write_preauth (writer);
  peer_write_preauth (writer);
}

static void
write_two_hashes (SmbWriter *writer)
{
  peer_write_context (writer, 1, "\2\0\0\0\1\0\1\0", 8);
}

static void
write_other_hash (SmbWriter *writer)
{
  peer_write_context (writer, 1, "\1\0\0\0\2\0", 6);
}

static void
write_other_cipher (SmbWriter *writer)
{
  peer_write_preauth (writer);
  peer_write_choice (writer, 2, 5);
}

static void
write_two_ciphers (SmbWriter *writer)
{
  peer_write_preauth (writer);
  peer_write_context (writer, 2, "\2\0\1\0\2\0", 6);
}

static void
write_cipher_twice (SmbWriter *writer)
{
  peer_write_preauth (writer);
  peer_write_choice (writer, 2, 2);
  peer_write_choice (writer, 2, 2);
}

static void
write_other_signing (SmbWriter *writer)
{
  peer_write_preauth (writer);
  peer_write_choice (writer, 8, 3);
}

static void
write_signing_twice (SmbWriter *writer)
{
  peer_write_preauth (writer);
  peer_write_choice (writer, 8, 2);
  peer_write_choice (writer, 8, 1);
}

static void
write_no_signing (SmbWriter *writer)
{
  peer_write_preauth (writer);
  peer_write_context (writer, 8, "\0\0", 2);
}

static const RefusedCase refused_cases[] = {
  { "none", 0, write_nothing, SMB_ERROR_SECURITY },
  { "no-preauth", 1, write_no_preauth, SMB_ERROR_SECURITY },
  { "preauth-twice", 2, write_preauth_twice, SMB_ERROR_SECURITY },
  { "two-hashes", 1, write_two_hashes, SMB_ERROR_SECURITY },
  { "other-hash", 1, write_other_hash, SMB_ERROR_SECURITY },
  { "other-cipher", 2, write_other_cipher, SMB_ERROR_SECURITY },
  { "two-ciphers", 2, write_two_ciphers, SMB_ERROR_SECURITY },
  { "cipher-twice", 3, write_cipher_twice, SMB_ERROR_SECURITY },
  { "other-signing", 2, write_other_signing, SMB_ERROR_SECURITY },
  { "signing-twice", 3, write_signing_twice, SMB_ERROR_SECURITY },
  { "no-signing", 2, write_no_signing, SMB_ERROR_SECURITY },
  { "more-announced", 3, write_other_hash, SMB_ERROR_SECURITY },
  { "too-many", 65535, write_no_preauth, SMB_ERROR_PROTOCOL },
};

static void
test_answer_refused (Peer          *self,
                     gconstpointer  data)
{
  const RefusedCase *c = data;
  g_autoptr(GByteArray) request = negotiate_by_default (self);
  g_autoptr(GByteArray) bytes = NULL;
  SmbWriter writer;

  smb_writer_init (&writer, NULL);
  peer_write_negotiate (&writer, 0, 0x0311, 0, c->n_contexts);
  c->write (&writer);
  bytes = smb_writer_steal (&writer);
  assert_refused (self, bytes, c->error);
}

/* Neither a cipher nor a dialect that was not offered. */
static void
test_answer_not_offered (Peer          *self,
                         gconstpointer  data)
{
  const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };
  const PeerOptions old = { .dialect = 0x0210 };
  g_autoptr(GByteArray) request = NULL;
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&newest);
  g_autoptr(GByteArray) old_bytes = peer_negotiate_response (&old);
  SmbNegotiateOptions options;

  peer_options_init (&options);
  options.min_version = SMB_DIALECT_VERSION_SMB_3_00;
  options.encryption = SMB_ENCRYPTION_DISABLED;
  request = negotiate (self, &options);
  assert_refused (self, bytes, SMB_ERROR_SECURITY);
  assert_refused (self, old_bytes, SMB_ERROR_SECURITY);
  smb_smb2_set_u16 (old_bytes->data, REPLY_DIALECT, SMB_SMB2_WILDCARD);
  assert_refused (self, old_bytes, SMB_ERROR_SECURITY);
  smb_smb2_set_u16 (old_bytes->data, REPLY_DIALECT, 0x0312);
  assert_refused (self, old_bytes, SMB_ERROR_SECURITY);
}

static void
test_answer_wrong (Peer          *self,
                   gconstpointer  data)
{
  const PeerOptions options = { .dialect = 0x0300 };
  g_autoptr(GByteArray) request = negotiate_by_default (self);
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);
  g_autoptr(GByteArray) smb1 = g_byte_array_new ();

  smb_smb2_set_u32 (bytes->data, REPLY_SIZES, 512);
  assert_refused (self, bytes, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u32 (bytes->data, REPLY_SIZES, 65536);
  smb_smb2_set_u32 (bytes->data, 8, SMB_STATUS_NOT_SUPPORTED);
  assert_refused (self, bytes, SMB_ERROR_NOT_SUPPORTED);
  smb_smb2_set_u32 (bytes->data, 8, SMB_STATUS_SUCCESS);
  smb_smb2_set_u16 (bytes->data, SMB_SMB2_HEADER_COMMAND, SMB_COMMAND_ECHO);
  assert_refused (self, bytes, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u16 (bytes->data, SMB_SMB2_HEADER_COMMAND, SMB_COMMAND_NEGOTIATE);
  smb_smb2_set_u64 (bytes->data, SMB_SMB2_HEADER_MESSAGE_ID, 1);
  assert_refused (self, bytes, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u64 (bytes->data, SMB_SMB2_HEADER_MESSAGE_ID, 0);
  smb_smb2_set_u32 (bytes->data, SMB_SMB2_HEADER_FLAGS, 0);
  assert_refused (self, bytes, SMB_ERROR_PROTOCOL);

  g_byte_array_append (smb1, (const guint8 *) "\xffSMBr", 5);
  assert_refused (self, smb1, SMB_ERROR_NOT_SUPPORTED);
}

static void
test_answer_prefixes (Peer          *self,
                      gconstpointer  data)
{
  const PeerOptions options = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };
  g_autoptr(GByteArray) request = negotiate_by_default (self);
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);

  for (gsize size = 0; size < bytes->len; size++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes->data, size);
      g_autoptr(GError) error = NULL;
      SmbNegotiation result;

      g_assert_false (smb_dialect_negotiated (self->dialect, copy, size, &result, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

/* The hash is over the messages of SMB2 only. */
static void
assert_hash (Peer             *self,
             const GByteArray *request,
             const GByteArray *response)
{
  SmbSmb2Session *session = smb_smb2_dialect_get_session (SMB_SMB2_DIALECT (self->dialect));
  const GOutputVector vectors[] = { { request->data, request->len }, { response->data, response->len } };
  guint8 hash[SMB_SHA512_SIZE] = { 0 };

  smb_sha512_update_chain (hash, &vectors[0], 1);
  smb_sha512_update_chain (hash, &vectors[1], 1);
  g_assert_cmpmem (hash, sizeof hash, session->hash, sizeof session->hash);
}

static void
test_multi_protocol (Peer          *self,
                     gconstpointer  data)
{
  static const char dialects[] = "\2NT LM 0.12\0\2SMB 2.002\0\2SMB 2.???";
  const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };
  g_autoptr(GByteArray) request = NULL;
  g_autoptr(GByteArray) second = NULL;
  g_autoptr(GByteArray) wildcard = NULL;
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&newest);
  SmbNegotiateOptions options;
  SmbNegotiation result;
  SmbWriter writer;

  peer_options_init (&options);
  options.multi_protocol = TRUE;
  request = negotiate (self, &options);
  g_assert_cmpmem (request->data, 5, "\xffSMBr", 5);
  g_assert_cmpuint (smb_smb2_get_u16 (request->data, 30), ==, 0); /* MID */
  g_assert_cmpuint (request->data[32], ==, 0);
  g_assert_cmpuint (smb_smb2_get_u16 (request->data, 33), ==, sizeof dialects);
  g_assert_cmpmem (request->data + 35, request->len - 35, dialects, sizeof dialects);

  /* 3.1.1 comes with a NEGOTIATE of SMB2 only. */
  assert_refused (self, bytes, SMB_ERROR_SECURITY);

  smb_writer_init (&writer, NULL);
  peer_write_negotiate (&writer, 0, SMB_SMB2_WILDCARD, 0, 0);
  wildcard = smb_writer_steal (&writer);
  answer (self, wildcard, &result);
  g_assert_true (result.again);
  smb_negotiation_clear (&result);

  options.multi_protocol = FALSE;
  second = negotiate (self, &options);
  g_assert_cmpmem (second->data, 4, "\xfeSMB", 4);
  g_assert_cmpuint (smb_smb2_get_u64 (second->data, SMB_SMB2_HEADER_MESSAGE_ID), ==, 1);
  smb_smb2_set_u64 (bytes->data, SMB_SMB2_HEADER_MESSAGE_ID, 1);
  answer (self, bytes, &result);
  g_assert_false (result.again);
  g_assert_cmphex (result.version, ==, SMB_DIALECT_VERSION_SMB_3_11);
  smb_negotiation_clear (&result);
  assert_hash (self, second, bytes);
  g_assert_cmpuint (peer_send_command (self, SMB_COMMAND_SESSION_SETUP, SMB_PROTECTION_NONE), ==, 2);
}

static void
test_multi_protocol_2_02 (Peer          *self,
                          gconstpointer  data)
{
  const PeerOptions old = { .dialect = 0x0202 };
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&old);
  g_autoptr(GByteArray) request = NULL;
  SmbNegotiateOptions options;
  SmbNegotiation result;

  peer_options_init (&options);
  options.multi_protocol = TRUE;
  options.min_version = SMB_DIALECT_VERSION_SMB_2_02;
  options.max_version = SMB_DIALECT_VERSION_SMB_2_02;
  request = negotiate (self, &options);
  g_assert_cmpmem (request->data + 35, request->len - 35, "\2SMB 2.002", 11);
  answer (self, bytes, &result);
  g_assert_false (result.again);
  g_assert_cmphex (result.version, ==, SMB_DIALECT_VERSION_SMB_2_02);
  smb_negotiation_clear (&result);
  g_assert_cmpuint (peer_send_command (self, SMB_COMMAND_SESSION_SETUP, SMB_PROTECTION_NONE), ==, 1);

  smb_smb2_set_u16 (bytes->data, REPLY_DIALECT, SMB_SMB2_WILDCARD);
  assert_refused (self, bytes, SMB_ERROR_SECURITY);
}

/* The request that proves the negotiation repeats the NEGOTIATE's bytes. */
static void
test_validate_request (Peer          *self,
                       gconstpointer  data)
{
  const PeerOptions options = { .dialect = 0x0210 };
  g_autoptr(GByteArray) wire = negotiate_by_default (self);
  g_autoptr(GByteArray) response = peer_negotiate_response (&options);
  g_autoptr(SmbRequest) request = NULL;
  SmbNegotiation result;
  const guint8 *input;
  gsize size;

  answer (self, response, &result);
  smb_negotiation_clear (&result);
  g_assert_null (smb_dialect_validate (self->dialect)); /* there is no key yet */

  peer_log_in (self);
  request = smb_dialect_validate (self->dialect);
  g_assert_cmpint (request->command, ==, SMB_COMMAND_IOCTL);
  g_assert_cmphex (request->ioctl.code, ==, 0x00140204);
  g_assert_cmpuint (request->ioctl.max_output, ==, 24);
  g_assert_cmphex (request->handle.persistent, ==, G_MAXUINT64);
  g_assert_cmphex (request->handle.transient, ==, G_MAXUINT64);
  input = g_bytes_get_data (request->ioctl.input, &size);
  g_assert_cmpuint (size, ==, 24 + 5 * 2);
  g_assert_cmpmem (input, 4, wire->data + WIRE_CAPABILITIES, 4);
  g_assert_cmpmem (input + 4, 16, wire->data + WIRE_CLIENT_GUID, 16);
  g_assert_cmpmem (input + 20, 2, wire->data + WIRE_MODE, 2);
  g_assert_cmpuint (smb_smb2_get_u16 (input, 22), ==, 5);
  g_assert_cmpmem (input + 24, 10, wire->data + WIRE_DIALECTS, 10);
}

static void
test_validate_not_needed (void)
{
  const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };
  g_auto(Peer) peer = { 0 };

  peer_init (&peer, &newest);
  g_assert_null (smb_dialect_validate (peer.dialect));
}

static gboolean
validated (Peer          *self,
           guint32        status,
           const guint8  *output,
           gsize          size,
           GError       **error)
{
  g_autofree guint8 *copy = g_memdup2 (output, size);
  const SmbReply reply = {
    .command = SMB_COMMAND_IOCTL, .status = status, .output.data = copy, .output.size = size,
  };

  return smb_dialect_validated (self->dialect, &reply, error);
}

static void
test_validate_answer (void)
{
  static const guint32 passing[] = {
    SMB_STATUS_FILE_CLOSED, SMB_STATUS_INVALID_DEVICE_REQUEST, SMB_STATUS_FS_DRIVER_REQUIRED,
    SMB_STATUS_NOT_SUPPORTED, SMB_STATUS_INVALID_PARAMETER,
  };
  static const char good[] = "\x44\0\0\0" "the server's own" "\1\0" "\2\3";
  const PeerOptions options = { .dialect = 0x0302 };
  g_auto(Peer) peer = { 0 };
  g_autoptr(GError) error = NULL;

  peer_init (&peer, &options);
  g_assert_true (validated (&peer, SMB_STATUS_SUCCESS, (const guint8 *) good, 24, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (passing); i++)
    g_assert_true (validated (&peer, passing[i], NULL, 0, &error));

  g_assert_false (validated (&peer, SMB_STATUS_ACCESS_DENIED, NULL, 0, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  g_clear_error (&error);

  for (gsize i = 0; i < 24; i++)
    {
      g_autofree guint8 *bad = g_memdup2 (good, 24);

      bad[i] ^= 0x10;
      g_assert_false (validated (&peer, SMB_STATUS_SUCCESS, bad, 24, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
      g_clear_error (&error);
      g_assert_false (validated (&peer, SMB_STATUS_SUCCESS, (const guint8 *) good, i, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      g_clear_error (&error);
    }
}

#define ADD(path, func) g_test_add ("/smb2-negotiate/" path, Peer, NULL, fixture_set_up, func, fixture_tear_down)

static void
add_refused_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/smb2-negotiate/answer/refused/", refused_cases[i].name, NULL);

      g_test_add (path, Peer, &refused_cases[i], fixture_set_up, test_answer_refused, fixture_tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("request", test_request);
  ADD ("request/options", test_request_options);
  ADD ("request/impossible", test_request_impossible);
  ADD ("answer/2.0.2", test_answer_2_02);
  ADD ("answer/3.0", test_answer_3_0);
  ADD ("answer/3.1.1", test_answer_3_1_1);
  ADD ("answer/3.1.1-least", test_answer_3_1_1_least);
  ADD ("answer/not-offered", test_answer_not_offered);
  ADD ("answer/wrong", test_answer_wrong);
  ADD ("answer/prefixes", test_answer_prefixes);
  ADD ("multi-protocol/wildcard", test_multi_protocol);
  ADD ("multi-protocol/2.0.2", test_multi_protocol_2_02);
  ADD ("validate/request", test_validate_request);
  g_test_add_func ("/smb2-negotiate/validate/not-needed", test_validate_not_needed);
  g_test_add_func ("/smb2-negotiate/validate/answer", test_validate_answer);
  add_refused_cases ();

  return g_test_run ();
}
