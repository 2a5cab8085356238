/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-negotiation.h"

/* Where things are in its response. */
#define REPLY_MODE        66
#define REPLY_DIALECT     68
#define REPLY_SIZES       92
#define REPLY_TOKEN       120

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
test_answer_2_02 (Peer          *self,
                  gconstpointer  data)
{
  const PeerOptions options = { .dialect = 0x0202 };
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);
  SmbNegotiation result;

  offer_by_default (self);
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
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);
  SmbNegotiation result;

  offer_by_default (self);
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

/* Some servers have no hint for the login, and leave its offset 0 too. */
static void
test_answer_no_token (Peer          *self,
                      gconstpointer  data)
{
  const PeerOptions options = { .dialect = 0x0302 };
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);
  SmbNegotiation result;

  offer_by_default (self);
  smb_smb2_set_u32 (bytes->data, REPLY_TOKEN, 0);
  answer (self, bytes, &result);
  g_assert_null (result.token);
  smb_negotiation_clear (&result);
}

static void
test_answer_wrong (Peer          *self,
                   gconstpointer  data)
{
  const PeerOptions options = { .dialect = 0x0300 };
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);
  g_autoptr(GByteArray) smb1 = g_byte_array_new ();

  offer_by_default (self);
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
  g_autoptr(GByteArray) bytes = peer_negotiate_response (&options);

  offer_by_default (self);
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

#define ADD(path, func) \
  g_test_add ("/smb2-negotiate/" path, Peer, NULL, fixture_set_up, func, fixture_tear_down)

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
  ADD ("answer/not-offered", test_answer_not_offered);
  ADD ("answer/no-token", test_answer_no_token);
  ADD ("answer/wrong", test_answer_wrong);
  ADD ("answer/prefixes", test_answer_prefixes);
  ADD ("multi-protocol/wildcard", test_multi_protocol);
  ADD ("multi-protocol/2.0.2", test_multi_protocol_2_02);

  return g_test_run ();
}
