/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../data/vectors/smb3-session.h"
#include "../data/vectors/smb3.h"
#include "smb-smb2-dialect.h"
#include "smb-smb2-signing.h"
#include "smb2-body-bytes.h"

static const SmbSmb2Terms terms_3_0 = {
  .dialect = 0x0300, .signing = SMB_MAC_AES_128_CMAC, .can_seal = TRUE, .cipher = SMB_CIPHER_AES_128_CCM,
};

static const SmbSmb2Terms terms_3_1_1 = {
  .dialect = 0x0311, .signing = SMB_MAC_AES_128_CMAC, .can_seal = TRUE, .cipher = SMB_CIPHER_AES_128_GCM,
};

static void
assert_hex (const guint8 *bytes,
            gsize         size,
            const char   *hex)
{
  g_autoptr(GByteArray) expected = from_hex (hex);

  g_assert_cmpmem (bytes, size, expected->data, expected->len);
}

static void
hash_sent (SmbSmb2Session *session,
           const char     *hex)
{
  g_autoptr(GByteArray) bytes = from_hex (hex);
  const GOutputVector vector = { bytes->data, bytes->len };

  smb_smb2_session_sent (session, &vector, 1);
}

static void
hash_received (SmbSmb2Session *session,
               const char     *hex)
{
  g_autoptr(GByteArray) bytes = from_hex (hex);
  g_autoptr(GError) error = NULL;
  SmbSmb2Header header;

  smb_smb2_header_read (&header, bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  smb_smb2_session_received (session, &header, bytes->data, bytes->len);
}

static void
begin (SmbSmb2Session *session,
       const char     *hash)
{
  g_autoptr(GByteArray) bytes = from_hex (hash);

  memset (session, 0, sizeof *session);
  smb_smb2_session_begin (session, bytes->data);
}

/* From behind the NEGOTIATE to the answer that ends the login, whose bytes may be changed. */
static void
log_in (SmbSmb2Session *session,
        const char     *final)
{
  begin (session, VECTOR_PREAUTH_HASH_2);
  hash_sent (session, VECTOR_PREAUTH_SESSION_SETUP_REQUEST_1);
  assert_hex (session->hash, sizeof session->hash, VECTOR_PREAUTH_HASH_3);
  hash_received (session, VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_1);
  assert_hex (session->hash, sizeof session->hash, VECTOR_PREAUTH_HASH_4);
  g_assert_cmphex (session->id, ==, VECTOR_PREAUTH_SESSION_ID);
  hash_sent (session, VECTOR_PREAUTH_SESSION_SETUP_REQUEST_2);
  assert_hex (session->hash, sizeof session->hash, VECTOR_PREAUTH_HASH_5);
  hash_received (session, final);
  assert_hex (session->hash, sizeof session->hash, VECTOR_PREAUTH_HASH_5);
}

static GBytes *
key_from_hex (const char *hex)
{
  return g_byte_array_free_to_bytes (from_hex (hex));
}

static void
test_login (void)
{
  g_autoptr(GBytes) key = key_from_hex (VECTOR_PREAUTH_SESSION_KEY);
  g_autoptr(GError) error = NULL;
  SmbSmb2Session session;
  guint8 hash[SMB_SHA512_SIZE];

  log_in (&session, VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_2);
  g_assert_true (smb_smb2_session_start (&session, &terms_3_1_1, FALSE, key, &error));
  g_assert_no_error (error);
  g_assert_true (session.established);

  /* Logging in again changes nothing. */
  memcpy (hash, session.hash, sizeof hash);
  hash_sent (&session, VECTOR_PREAUTH_SESSION_SETUP_REQUEST_1);
  hash_received (&session, VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_1);
  g_assert_cmpmem (hash, sizeof hash, session.hash, sizeof session.hash);
  g_assert_null (session.final);
  smb_smb2_session_clear (&session);
}

static void
assert_refused (const char   *final,
                GBytes       *key,
                const char   *reason)
{
  g_autoptr(GError) error = NULL;
  SmbSmb2Session session;

  log_in (&session, final);
  g_assert_false (smb_smb2_session_start (&session, &terms_3_1_1, FALSE, key, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_false (session.established);
  g_assert_null (session.mac);
  smb_smb2_session_clear (&session);
}

static void
test_login_tampered (void)
{
  g_autoptr(GBytes) key = key_from_hex (VECTOR_PREAUTH_SESSION_KEY);
  g_autoptr(GBytes) wrong = key_from_hex (VECTOR_BINDING_SESSION_KEY);
  g_autofree char *final = g_strdup (VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_2);

  assert_refused (final, wrong, "right key");
  final[2 * 66 + 1] = '1'; /* the session is a guest's, it now says */
  assert_refused (final, key, "right key");
  final[2 * 66 + 1] = '0';
  final[2 * SMB_SMB2_HEADER_FLAGS + 1] = '1'; /* no longer SIGNED */
  assert_refused (final, key, "not signed");
}

/* A login that fails leaves the next one the hash over the NEGOTIATE only. */
static void
test_login_twice (void)
{
  g_autofree char *refused = g_strdup (VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_1);
  SmbSmb2Session session;

  begin (&session, VECTOR_PREAUTH_HASH_2);
  hash_sent (&session, VECTOR_PREAUTH_SESSION_SETUP_REQUEST_1);
  memcpy (refused + 2 * 8, "6d", 2); /* LOGON_FAILURE */
  memcpy (refused + 2 * 9, "00", 2);
  hash_received (&session, refused);
  g_assert_cmphex (session.id, ==, 0);
  assert_hex (session.hash, sizeof session.hash, VECTOR_PREAUTH_HASH_2);
  smb_smb2_session_clear (&session);
}

static void
test_login_below_3_1_1 (void)
{
  g_autoptr(GBytes) key = key_from_hex (VECTOR_PREAUTH_SESSION_KEY);
  g_autofree char *final = g_strdup (VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_2);
  g_autoptr(GError) error = NULL;
  SmbSmb2Session session;

  log_in (&session, final); /* signed, but with another dialect's key */
  g_assert_false (smb_smb2_session_start (&session, &terms_3_0, FALSE, key, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  g_clear_error (&error);

  final[2 * SMB_SMB2_HEADER_FLAGS + 1] = '1';
  log_in (&session, final);
  g_assert_false (smb_smb2_session_start (&session, &terms_3_0, TRUE, key, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  g_clear_error (&error);

  log_in (&session, final);
  g_assert_true (smb_smb2_session_start (&session, &terms_3_0, FALSE, key, &error));
  g_assert_no_error (error);
  smb_smb2_session_clear (&session);
}

static void
test_login_guest (void)
{
  g_autofree char *final = g_strdup (VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_2);
  g_autoptr(GError) error = NULL;
  SmbSmb2Session session;

  final[2 * SMB_SMB2_HEADER_FLAGS + 1] = '1';
  log_in (&session, final);
  g_assert_true (smb_smb2_session_start (&session, &terms_3_1_1, TRUE, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (session.mac);
  g_assert_null (session.sealer.sealing);
  smb_smb2_session_clear (&session);
}

static void
test_login_unconfirmed (void)
{
  g_autoptr(GError) error = NULL;
  SmbSmb2Session session;

  begin (&session, VECTOR_PREAUTH_HASH_2);
  hash_sent (&session, VECTOR_PREAUTH_SESSION_SETUP_REQUEST_1);
  g_assert_false (smb_smb2_session_start (&session, &terms_3_1_1, FALSE, NULL, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  smb_smb2_session_clear (&session);
}

static void
test_second_channel (void)
{
  g_autoptr(GBytes) key = key_from_hex (VECTOR_BINDING_SESSION_KEY);
  g_autoptr(GError) error = NULL;
  SmbSmb2Session session;

  begin (&session, VECTOR_BINDING_HASH);
  hash_received (&session, VECTOR_BINDING_RESPONSE);
  g_assert_true (smb_smb2_session_start (&session, &terms_3_1_1, FALSE, key, &error));
  g_assert_no_error (error);
  smb_smb2_session_clear (&session);
}

static void
derive (SmbSmb2Keys        *keys,
        const SmbSmb2Terms *terms,
        const char         *hash_hex,
        const char         *key_hex)
{
  g_autoptr(GByteArray) hash = from_hex (hash_hex);
  g_autoptr(GByteArray) key = from_hex (key_hex);

  smb_smb2_keys_derive (keys, terms, hash->data, key->data, key->len);
}

static void
test_keys_3_1_1 (void)
{
  SmbSmb2Keys keys;

  derive (&keys, &terms_3_1_1, VECTOR_PREAUTH_HASH_5, VECTOR_PREAUTH_SESSION_KEY);
  assert_hex (keys.signing, 16, VECTOR_PREAUTH_SIGNING_KEY);
  assert_hex (keys.sealing, 16, VECTOR_PREAUTH_SEALING_KEY);
  assert_hex (keys.opening, 16, VECTOR_PREAUTH_OPENING_KEY);
  derive (&keys, &terms_3_1_1, VECTOR_BINDING_HASH, VECTOR_BINDING_SESSION_KEY);
  assert_hex (keys.signing, 16, VECTOR_BINDING_SIGNING_KEY);
  derive (&keys, &terms_3_1_1, VECTOR_SEAL_311_PREAUTH_HASH, VECTOR_SEAL_311_SESSION_KEY);
  assert_hex (keys.sealing, 16, VECTOR_SEAL_311_KEY);
  assert_hex (keys.opening, 16, VECTOR_OPEN_311_KEY);
}

static void
test_keys_3_0 (void)
{
  SmbSmb2Keys keys;

  derive (&keys, &terms_3_0, VECTOR_PREAUTH_HASH_5, VECTOR_KEYS_300_SESSION_KEY);
  assert_hex (keys.signing, 16, VECTOR_KEYS_300_SIGNING_KEY);
  assert_hex (keys.sealing, 16, VECTOR_KEYS_300_SEALING_KEY);
  assert_hex (keys.opening, 16, VECTOR_KEYS_300_OPENING_KEY);
  derive (&keys, &terms_3_0, VECTOR_PREAUTH_HASH_5, VECTOR_SEAL_300_SESSION_KEY);
  assert_hex (keys.sealing, 16, VECTOR_SEAL_300_KEY);
  assert_hex (keys.opening, 16, VECTOR_OPEN_300_KEY);
}

/* Below 3.0 the key is the mechanism's, made 16 bytes long ([MS-SMB2] 3.2.1.3). */
static void
test_keys_2_1 (void)
{
  const SmbSmb2Terms terms = { .dialect = 0x0210, .signing = SMB_MAC_HMAC_SHA256 };
  SmbSmb2Keys keys;

  derive (&keys, &terms, VECTOR_PREAUTH_HASH_5, "0102030405060708");
  assert_hex (keys.signing, 16, "01020304050607080000000000000000");
  derive (&keys, &terms, VECTOR_PREAUTH_HASH_5, "000102030405060708090a0b0c0d0e0f101112131415161718");
  assert_hex (keys.signing, 16, "000102030405060708090a0b0c0d0e0f");
}

/* The keys of AES-256 come from the mechanism's whole key, that of signing from 16 bytes ([MS-SMB2]
 * 3.2.5.3.1). */
static void
test_keys_aes_256 (void)
{
  static const char key_hex[] = VECTOR_PREAUTH_SESSION_KEY VECTOR_BINDING_SESSION_KEY;
  g_autoptr(GByteArray) hash = from_hex (VECTOR_PREAUTH_HASH_5);
  g_autoptr(GByteArray) key = from_hex (key_hex);
  SmbSmb2Terms terms = terms_3_1_1;
  SmbSmb2Keys keys;
  guint8 expected[32];

  terms.cipher = SMB_CIPHER_AES_256_GCM;
  derive (&keys, &terms, VECTOR_PREAUTH_HASH_5, key_hex);
  assert_hex (keys.signing, 16, VECTOR_PREAUTH_SIGNING_KEY);
  smb_kdf_derive (key->data, 32, "SMBC2SCipherKey", 16, hash->data, hash->len, expected, sizeof expected);
  g_assert_cmpmem (keys.sealing, 32, expected, 32);
  smb_kdf_derive (key->data, 32, "SMBS2CCipherKey", 16, hash->data, hash->len, expected, sizeof expected);
  g_assert_cmpmem (keys.opening, 32, expected, 32);
}

static SmbMac *
mac_from_hex (SmbMacAlgorithm  algorithm,
              const char      *hex)
{
  g_autoptr(GByteArray) key = from_hex (hex);

  return smb_mac_new (algorithm, key->data, key->len);
}

static void
test_sign (void)
{
  g_autoptr(SmbMac) mac = mac_from_hex (SMB_MAC_AES_128_CMAC, VECTOR_PREAUTH_SIGNING_KEY);
  g_autoptr(GByteArray) bytes = from_hex (VECTOR_BINDING_REQUEST);
  const GOutputVector vectors[] = { { bytes->data, 64 }, { bytes->data + 64, bytes->len - 64 } };
  g_autoptr(GError) error = NULL;

  memset (bytes->data + SMB_SMB2_HEADER_SIGNATURE, 0, SMB_SMB2_SIGNATURE_SIZE);
  g_assert_true (smb_smb2_sign (mac, bytes->data, vectors, 2, &error));
  assert_hex (bytes->data, bytes->len, VECTOR_BINDING_REQUEST);
}

static void
test_verify (void)
{
  g_autoptr(SmbMac) mac = mac_from_hex (SMB_MAC_AES_128_CMAC, VECTOR_PREAUTH_SIGNING_KEY);
  g_autoptr(GByteArray) bytes = from_hex (VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_2);

  g_assert_true (smb_smb2_verify (mac, bytes->data, bytes->len, NULL, 0));
  g_assert_true (smb_smb2_verify (mac, bytes->data, 70, bytes->data + 70, bytes->len - 70));
  assert_hex (bytes->data, bytes->len, VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_2);

  for (gsize i = 0; i < bytes->len * 8; i++)
    {
      bytes->data[i / 8] ^= 1 << i % 8;
      g_assert_false (smb_smb2_verify (mac, bytes->data, bytes->len, NULL, 0));
      bytes->data[i / 8] ^= 1 << i % 8;
    }
}

/* [MS-SMB2] 3.1.4.1: MessageId, then who sends, then whether it is a CANCEL. */
static void
test_gmac_nonce (void)
{
  static const struct
  {
    guint16    command;
    guint32    flags;
    const char *nonce;
  } cases[] = {
    { SMB_COMMAND_READ, SMB_SMB2_FLAG_SIGNED, "efcdab8967452301 00000000" },
    { SMB_COMMAND_READ, SMB_SMB2_FLAG_SIGNED | SMB_SMB2_FLAG_RESPONSE, "efcdab8967452301 01000000" },
    { SMB_COMMAND_CANCEL, SMB_SMB2_FLAG_SIGNED | SMB_SMB2_FLAG_ASYNC, "efcdab8967452301 02000000" },
  };
  g_autoptr(SmbMac) mac = mac_from_hex (SMB_MAC_AES_128_GMAC, VECTOR_PREAUTH_SIGNING_KEY);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SmbSmb2Header header = {
        .command = cases[i].command, .flags = cases[i].flags, .message_id = 0x0123456789abcdef,
      };
      g_autoptr(GByteArray) nonce = from_hex (cases[i].nonce);
      g_auto(SmbWriter) writer = { 0 };
      g_autoptr(GError) error = NULL;
      GOutputVector vector = { NULL, SMB_SMB2_HEADER_SIZE };
      guint8 expected[SMB_MAC_TAG_SIZE];

      smb_writer_init (&writer, NULL);
      smb_smb2_header_write (&header, &writer);
      vector.buffer = writer.bytes->data;
      g_assert_true (smb_mac_compute (mac, nonce->data, &vector, 1, expected));
      g_assert_true (smb_smb2_sign (mac, writer.bytes->data, &vector, 1, &error));
      g_assert_cmpmem (writer.bytes->data + SMB_SMB2_HEADER_SIGNATURE, 16, expected, 16);
      g_assert_true (smb_smb2_verify (mac, writer.bytes->data, writer.bytes->len, NULL, 0));
    }
}

typedef struct
{
  SmbCipher   cipher;
  const char *key;
  const char *nonce; /* NULL where only opening was published */
  const char *plain;
  const char *frame;
} SealCase;

static const SealCase seal_cases[] = {
  { SMB_CIPHER_AES_128_CCM, VECTOR_SEAL_300_KEY, VECTOR_SEAL_300_NONCE, VECTOR_SEAL_300_PLAIN,
    VECTOR_SEAL_300_FRAME },
  { SMB_CIPHER_AES_128_CCM, VECTOR_OPEN_300_KEY, NULL, VECTOR_OPEN_300_PLAIN, VECTOR_OPEN_300_FRAME },
  { SMB_CIPHER_AES_128_GCM, VECTOR_SEAL_311_KEY, VECTOR_SEAL_311_NONCE "00000000", VECTOR_SEAL_311_PLAIN,
    VECTOR_SEAL_311_FRAME },
  { SMB_CIPHER_AES_128_GCM, VECTOR_OPEN_311_KEY, NULL, VECTOR_OPEN_311_PLAIN, VECTOR_OPEN_311_FRAME },
};

static guint64
get_session_id (const GByteArray *frame)
{
  return smb_smb2_get_u64 (frame->data, 44);
}

static void
test_seal (gconstpointer data)
{
  const SealCase *c = data;
  g_autoptr(GByteArray) key = from_hex (c->key);
  g_autoptr(GByteArray) nonce = from_hex (c->nonce);
  g_autoptr(GByteArray) plain = from_hex (c->plain);
  g_autoptr(GByteArray) frame = from_hex (c->frame);
  g_autoptr(SmbAead) aead = smb_aead_new (c->cipher, key->data, key->len);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GError) error = NULL;

  g_byte_array_set_size (bytes, SMB_SMB2_TRANSFORM_SIZE);
  g_byte_array_append (bytes, plain->data, plain->len);
  g_assert_true (smb_smb2_seal (aead, get_session_id (frame), nonce->data, bytes->data, bytes->len, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (bytes->data, bytes->len, frame->data, frame->len);
}

static void
init_sealer (SmbSmb2Sealer  *sealer,
             const SealCase *c)
{
  g_autoptr(GByteArray) key = from_hex (c->key);
  g_autoptr(GError) error = NULL;

  smb_smb2_sealer_init (sealer, c->cipher, key->data, key->data, &error);
  g_assert_no_error (error);
}

static void
test_open (gconstpointer data)
{
  const SealCase *c = data;
  g_autoptr(GByteArray) frame = from_hex (c->frame);
  g_autoptr(GByteArray) again = from_hex (c->frame);
  g_autoptr(GError) error = NULL;
  guint64 session_id = get_session_id (frame);
  SmbSmb2Sealer sealer;

  init_sealer (&sealer, c);
  g_assert_false (smb_smb2_sealer_open (&sealer, session_id + 1, frame->data, frame->len, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_clear_error (&error);

  g_assert_true (smb_smb2_sealer_open (&sealer, session_id, frame->data, frame->len, &error));
  g_assert_no_error (error);
  assert_hex (frame->data + SMB_SMB2_TRANSFORM_SIZE, frame->len - SMB_SMB2_TRANSFORM_SIZE, c->plain);

  again->data[again->len - 1] ^= 1;
  g_assert_false (smb_smb2_sealer_open (&sealer, session_id, again->data, again->len, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  smb_smb2_sealer_clear (&sealer);
}

/* Neither a nonce twice nor one when they are used up. */
static void
test_nonces (void)
{
  guint8 first[SMB_SMB2_TRANSFORM_SIZE + 64] = { 0 };
  guint8 second[sizeof first] = { 0 };
  g_autoptr(GError) error = NULL;
  SmbSmb2Sealer sealer;

  init_sealer (&sealer, &seal_cases[2]);
  g_assert_true (smb_smb2_sealer_seal (&sealer, 1, first, sizeof first, &error));
  g_assert_true (smb_smb2_sealer_seal (&sealer, 1, second, sizeof second, &error));
  g_assert_cmpint (memcmp (first + 20, second + 20, 16), !=, 0);
  g_assert_cmpint (memcmp (first + 52, second + 52, 64), !=, 0);

  sealer.counter = G_MAXUINT64;
  g_assert_false (smb_smb2_sealer_seal (&sealer, 1, first, sizeof first, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  smb_smb2_sealer_clear (&sealer);
}

static void
add_seal_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (seal_cases); i++)
    {
      g_autofree char *seal = g_strdup_printf ("/smb2-vectors/seal/%" G_GSIZE_FORMAT, i);
      g_autofree char *open = g_strdup_printf ("/smb2-vectors/open/%" G_GSIZE_FORMAT, i);

      if (seal_cases[i].nonce != NULL)
        g_test_add_data_func (seal, &seal_cases[i], test_seal);
      g_test_add_data_func (open, &seal_cases[i], test_open);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/smb2-vectors/login", test_login);
  g_test_add_func ("/smb2-vectors/login/tampered", test_login_tampered);
  g_test_add_func ("/smb2-vectors/login/twice", test_login_twice);
  g_test_add_func ("/smb2-vectors/login/below-3.1.1", test_login_below_3_1_1);
  g_test_add_func ("/smb2-vectors/login/guest", test_login_guest);
  g_test_add_func ("/smb2-vectors/login/unconfirmed", test_login_unconfirmed);
  g_test_add_func ("/smb2-vectors/login/second-channel", test_second_channel);
  g_test_add_func ("/smb2-vectors/keys/3.1.1", test_keys_3_1_1);
  g_test_add_func ("/smb2-vectors/keys/3.0", test_keys_3_0);
  g_test_add_func ("/smb2-vectors/keys/2.1", test_keys_2_1);
  g_test_add_func ("/smb2-vectors/keys/aes-256", test_keys_aes_256);
  g_test_add_func ("/smb2-vectors/sign", test_sign);
  g_test_add_func ("/smb2-vectors/verify", test_verify);
  g_test_add_func ("/smb2-vectors/gmac-nonce", test_gmac_nonce);
  g_test_add_func ("/smb2-vectors/nonces", test_nonces);
  add_seal_cases ();

  return g_test_run ();
}
