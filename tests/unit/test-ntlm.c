/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-ntlm-message.h"
#include "smb-ntlm-response.h"
#include "smb-ntlm-signer.h"
#include "smb-ntlm-target-info.h"

#include "hex.h"
#include "ntlm-capture.h"

/* [MS-NLMP] 4.2.1: what the examples have in common. */
#define EXAMPLE_SESSION_KEY "55555555555555555555555555555555"
#define EXAMPLE_TARGET_INFO "02000c0044006f006d00610069006e0001000c00530065007200760065007200" "00000000"

static const guint8 server_challenge[] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };
static const guint8 client_challenge[] = { 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa };
static const SmbNtlmProof example = { "User", "Domain", "Password", server_challenge, client_challenge };
static const char plaintext[] = "P\0l\0a\0i\0n\0t\0e\0x\0t"; /* with the zero at its end: UTF-16 */

static void
assert_encrypted_key (const SmbNtlmResponse *response,
                      const char            *hex)
{
  g_autoptr(GBytes) key = bytes_from_hex (EXAMPLE_SESSION_KEY);
  guint8 encrypted[SMB_NTLM_KEY_SIZE];

  smb_rc4 (response->key, SMB_NTLM_KEY_SIZE, g_bytes_get_data (key, NULL), SMB_NTLM_KEY_SIZE, encrypted);
  assert_hex (encrypted, sizeof encrypted, hex);
}

/* GSS_Wrap () as in the examples: the message is sealed, then signed with the same state of the key. */
static void
assert_wrapped (const char *key_hex,
                guint32     flags,
                const char *sealed_hex,
                const char *signature_hex)
{
  g_autoptr(GBytes) key = bytes_from_hex (key_hex);
  guint8 sealed[sizeof plaintext], signature[SMB_NTLM_SIGNATURE_SIZE];
  g_auto(SmbNtlmSigner) signer = { 0 };

  smb_ntlm_signer_init (&signer, g_bytes_get_data (key, NULL), flags, SMB_NTLM_CLIENT_TO_SERVER);
  smb_rc4_crypt (signer.seal, plaintext, sizeof plaintext, sealed);
  assert_hex (sealed, sizeof sealed, sealed_hex);
  smb_ntlm_signer_sign (&signer, plaintext, sizeof plaintext, signature);
  assert_hex (signature, sizeof signature, signature_hex);
}

/* [MS-NLMP] 4.2.2 */
static void
test_v1 (void)
{
  g_auto(SmbNtlmResponse) response = { 0 };
  guint8 hash[SMB_NTLM_KEY_SIZE];

  smb_ntlm_ntowf_v1 (example.password, hash);
  assert_hex (hash, sizeof hash, "a4f49c406510bdcab6824ee7c30fd852");

  smb_ntlm_respond_v1 (&example, FALSE, &response);
  assert_bytes_hex (response.nt, "67c43011f30298a2ad35ece64f16331c44bdbed927841f94");
  assert_bytes_hex (response.lm, "67c43011f30298a2ad35ece64f16331c44bdbed927841f94");
  assert_hex (response.key, SMB_NTLM_KEY_SIZE, "d87262b0cde4b1cb7499becccdf10784");
  assert_encrypted_key (&response, "518822b1b3f350c8958682ecbb3e3cb7");
}

/* [MS-NLMP] 4.2.3 */
static void
test_v1_extended (void)
{
  g_auto(SmbNtlmResponse) response = { 0 };

  smb_ntlm_respond_v1 (&example, TRUE, &response);
  assert_bytes_hex (response.nt, "7537f803ae367128ca458204bde7caf81e97ed2683267232");
  assert_bytes_hex (response.lm, "aaaaaaaaaaaaaaaa00000000000000000000000000000000");
  assert_hex (response.key, SMB_NTLM_KEY_SIZE, "eb93429a8bd952f8b89c55b87f475edc");
  assert_wrapped ("eb93429a8bd952f8b89c55b87f475edc", SMB_NTLM_56, "a02372f6530273f3aa1eb90190ce5200c99d",
                  "01000000ff2aeb52f681793a00000000");
}

/* [MS-NLMP] 4.2.4 */
static void
test_v2 (void)
{
  g_autoptr(GBytes) target_info = bytes_from_hex (EXAMPLE_TARGET_INFO);
  g_auto(SmbNtlmResponse) response = { 0 };
  guint8 hash[SMB_NTLM_KEY_SIZE];

  smb_ntlm_ntowf_v2 (&example, hash);
  assert_hex (hash, sizeof hash, "0c868a403bfd7a93a3001ef22ef02e3f");

  smb_ntlm_respond_v2 (&example, 0, target_info, TRUE, &response);
  assert_bytes_hex (response.nt, "68cd0ab851e51c96aabc927bebef6a1c"
                                 "01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000"
                                 EXAMPLE_TARGET_INFO "00000000");
  assert_bytes_hex (response.lm, "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
  assert_hex (response.key, SMB_NTLM_KEY_SIZE, "8de40ccadbc14a82f15cb0ad0de95ca3");
  assert_encrypted_key (&response, "c5dad2544fc9799094ce1ce90bc9d03e");
  assert_wrapped (EXAMPLE_SESSION_KEY, SMB_NTLM_128 | SMB_NTLM_KEY_EXCHANGE,
                  "54e50165bf1936dc996020c1811b0f06fb5f", "010000007fb38ec5c55d497600000000");
}

static void
test_v2_without_lm (void)
{
  g_autoptr(GBytes) target_info = bytes_from_hex (EXAMPLE_TARGET_INFO);
  g_auto(SmbNtlmResponse) response = { 0 };

  smb_ntlm_respond_v2 (&example, 0, target_info, FALSE, &response);
  assert_bytes_hex (response.lm, "000000000000000000000000000000000000000000000000");
}

static void
test_anonymous (void)
{
  g_auto(SmbNtlmResponse) response = { 0 };

  smb_ntlm_respond_anonymous (&response);
  g_assert_cmpuint (g_bytes_get_size (response.nt), ==, 0);
  assert_bytes_hex (response.lm, "00");
  assert_hex (response.key, SMB_NTLM_KEY_SIZE, "00000000000000000000000000000000");
}

/* Windows changes unit by unit; ß has no capital there, and no locale has a say. */
static void
test_upper_case (void)
{
  const struct
  {
    const char *user;
    const char *upper;
  } names[] = {
    { "User", "USER" },
    { "müller", "MÜLLER" },
    { "straße", "STRAßE" },
    { "ivan", "IVAN" },
    { "иван", "ИВАН" },
    { "\360\220\220\250", "\360\220\220\250" }, /* U+10428, two units */
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const SmbNtlmProof lower = { names[i].user, "Domain", "ä€😀", server_challenge, client_challenge };
      const SmbNtlmProof upper = { names[i].upper, "Domain", "ä€😀", server_challenge, client_challenge };
      const SmbNtlmProof other = { names[i].upper, "DOMAIN", "ä€😀", server_challenge, client_challenge };
      guint8 hash[3][SMB_NTLM_KEY_SIZE];

      smb_ntlm_ntowf_v2 (&lower, hash[0]);
      smb_ntlm_ntowf_v2 (&upper, hash[1]);
      smb_ntlm_ntowf_v2 (&other, hash[2]);
      g_assert_cmpmem (hash[0], SMB_NTLM_KEY_SIZE, hash[1], SMB_NTLM_KEY_SIZE);
      g_assert_cmpint (memcmp (hash[1], hash[2], SMB_NTLM_KEY_SIZE), !=, 0); /* the domain as it is */
    }
}

static void
test_captured_challenge (void)
{
  g_autoptr(GBytes) token = bytes_from_hex (CAPTURED_CHALLENGE);
  g_auto(SmbNtlmChallenge) challenge = { 0 };
  g_autoptr(GError) error = NULL;
  SmbNtlmTargetInfo info;

  g_assert_true (smb_ntlm_decode_challenge (token, &challenge, &error));
  g_assert_no_error (error);
  g_assert_cmphex (challenge.flags, ==, 0xe28a8215);
  g_assert_cmpstr (challenge.target_name, ==, "SUT311");
  assert_hex (challenge.server_challenge, SMB_NTLM_CHALLENGE_SIZE, "0d1d8ba31179d008");

  g_assert_true (smb_ntlm_target_info_parse (challenge.target_info, &info, &error));
  g_assert_no_error (error);
  g_assert_true (info.has_timestamp);
  g_assert_cmphex (info.timestamp, ==, 0x01d0aecbadf5a1a1);
  g_assert_cmphex (info.flags, ==, 0);
}

/* Windows' own message again, from what is in it. */
static void
test_captured_authenticate (void)
{
  g_autoptr(GBytes) captured = bytes_from_hex (CAPTURED_AUTHENTICATE);
  const guint8 *data = g_bytes_get_data (captured, NULL);
  g_autoptr(GBytes) target_info = g_bytes_new (data + 0xa8 + 44, 0xee - 48);
  const SmbNtlmProof proof = {
    .user = "administrator",
    .domain = "SUT311",
    .password = "Password01!",
    .server_challenge = (const guint8 *) "\x0d\x1d\x8b\xa3\x11\x79\xd0\x08",
    .client_challenge = data + 0xa8 + 32,
  };
  g_autoptr(GBytes) encrypted_key = g_bytes_new (data + 0x196, SMB_NTLM_KEY_SIZE);
  g_auto(SmbNtlmResponse) response = { 0 };
  SmbNtlmAuthenticate message = {
    0xe2888215, proof.domain, proof.user, "DRIVER311", NULL, NULL, encrypted_key, TRUE,
  };
  g_autoptr(GByteArray) bytes = NULL;

  smb_ntlm_respond_v2 (&proof, 0x01d0aecbadf5a1a1, target_info, FALSE, &response);
  message.lm_response = response.lm;
  message.nt_response = response.nt;
  bytes = smb_ntlm_encode_authenticate (&message);

  g_assert_cmpuint (bytes->len, ==, g_bytes_get_size (captured));
  memcpy (bytes->data + 64, data + 64, 8); /* another version */
  memcpy (bytes->data + SMB_NTLM_MIC_OFFSET, data + SMB_NTLM_MIC_OFFSET, SMB_NTLM_MIC_SIZE);
  g_assert_cmpmem (bytes->data, bytes->len, data, g_bytes_get_size (captured));

  smb_rc4 (response.key, SMB_NTLM_KEY_SIZE, data + 0x196, SMB_NTLM_KEY_SIZE, response.key);
  assert_hex (response.key, SMB_NTLM_KEY_SIZE, CAPTURED_SESSION_KEY);
}

static void
test_captured_signature (void)
{
  g_autoptr(GBytes) key = bytes_from_hex (CAPTURED_SESSION_KEY);
  g_autoptr(GBytes) list = bytes_from_hex (CAPTURED_MECH_LIST);
  guint8 signature[SMB_NTLM_SIGNATURE_SIZE];
  g_auto(SmbNtlmSigner) signer = { 0 };

  smb_ntlm_signer_init (&signer, g_bytes_get_data (key, NULL), 0xe2888215, SMB_NTLM_CLIENT_TO_SERVER);
  smb_ntlm_signer_sign (&signer, g_bytes_get_data (list, NULL), g_bytes_get_size (list), signature);
  assert_hex (signature, sizeof signature, CAPTURED_MECH_LIST_MIC);

  smb_ntlm_signer_sign (&signer, g_bytes_get_data (list, NULL), g_bytes_get_size (list), signature);
  assert_hex (signature + 12, 4, "01000000"); /* the next sequence number */
}

static void
test_challenge_prefixes (void)
{
  g_autoptr(GBytes) good = bytes_from_hex (CAPTURED_CHALLENGE);

  for (gsize size = 0; size < g_bytes_get_size (good); size++)
    {
      g_autoptr(GBytes) cut =
        g_bytes_new_take (g_memdup2 (g_bytes_get_data (good, NULL), size), size); /* exact, for ASan */
      g_auto(SmbNtlmChallenge) challenge = { 0 };
      g_autoptr(GError) error = NULL;

      g_assert_false (smb_ntlm_decode_challenge (cut, &challenge, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

/* Each is @size bytes of @value at @offset of a good CHALLENGE. */
static void
test_challenge_hostile (void)
{
  static const struct
  {
    gsize       offset;
    const char *value;
  } changes[] = {
    { 0, "4f" },                /* signature */
    { 8, "03000000" },          /* an AUTHENTICATE */
    { 12, "ffffffff" },         /* length of the target name */
    { 16, "ffffffff" },         /* its offset */
    { 16, "91000000" },         /* four bytes before the end */
    { 12, "0b000b00" },         /* half a character */
    { 56, "00d8" },             /* a surrogate without its other half */
    { 40, "ffffffff" },         /* length of the target information */
    { 44, "fcffffff" },         /* its offset */
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr(GBytes) good = bytes_from_hex (CAPTURED_CHALLENGE);
      g_autoptr(GBytes) change = bytes_from_hex (changes[i].value);
      g_autoptr(GByteArray) bytes = g_bytes_unref_to_array (g_steal_pointer (&good));
      g_autoptr(GBytes) bad = NULL;
      g_auto(SmbNtlmChallenge) challenge = { 0 };
      g_autoptr(GError) error = NULL;

      memcpy (bytes->data + changes[i].offset, g_bytes_get_data (change, NULL), g_bytes_get_size (change));
      bad = g_bytes_new (bytes->data, bytes->len);
      g_assert_false (smb_ntlm_decode_challenge (bad, &challenge, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

static void
test_challenge_large (void)
{
  g_autoptr(GBytes) good = bytes_from_hex (CAPTURED_CHALLENGE);
  g_autofree guint8 *data = g_malloc0 (65535);
  g_autoptr(GBytes) large = NULL;
  g_auto(SmbNtlmChallenge) challenge = { 0 };
  g_autoptr(GError) error = NULL;

  memcpy (data, g_bytes_get_data (good, NULL), g_bytes_get_size (good));
  large = g_bytes_new (data, 65535);
  g_assert_false (smb_ntlm_decode_challenge (large, &challenge, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

/* What servers before Windows 2000 send: no Reserved, no target information. */
static void
test_challenge_short (void)
{
  g_autoptr(GBytes) token = bytes_from_hex ("4e544c4d535350000200000000000000"
                                            "00000000018202000123456789abcdef");
  g_auto(SmbNtlmChallenge) challenge = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (smb_ntlm_decode_challenge (token, &challenge, &error));
  g_assert_no_error (error);
  g_assert_null (challenge.target_name);
  g_assert_null (challenge.target_info);
}

static void
test_target_info_prefixes (void)
{
  g_autoptr(GBytes) good = bytes_from_hex ("0200040044004400" "070008000100000000000000"
                                           "0600040001000000" "00000000");
  g_autoptr(GError) error = NULL;
  SmbNtlmTargetInfo info;

  g_assert_true (smb_ntlm_target_info_parse (good, &info, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (info.timestamp, ==, 1);
  g_assert_cmphex (info.flags, ==, 1);

  for (gsize size = 0; size < g_bytes_get_size (good); size++)
    {
      g_autoptr(GBytes) cut = g_bytes_new_take (g_memdup2 (g_bytes_get_data (good, NULL), size), size);
      g_autoptr(GError) cut_error = NULL;

      g_assert_false (smb_ntlm_target_info_parse (cut, &info, &cut_error));
      g_assert_error (cut_error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

/* A time or flags too short to be ones. */
static void
test_target_info_hostile (void)
{
  const char *const bad[] = { "07000400aaaaaaaa00000000", "06000200010000000000", "0700000000000000" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) bytes = bytes_from_hex (bad[i]);
      g_autoptr(GError) error = NULL;
      SmbNtlmTargetInfo info;

      g_assert_false (smb_ntlm_target_info_parse (bytes, &info, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

/* The server cannot speak for the client: flags, target name and channel bindings are replaced. */
static void
test_target_info_extend (void)
{
  g_autoptr(GBytes) server = bytes_from_hex ("020002004400" "090002004500" "0a0002004600"
                                             "0600040001000000" "08000200ffff" "00000000");
  g_autoptr(GBytes) named = smb_ntlm_target_info_extend (server, 3, "a/b");
  g_autoptr(GBytes) unnamed = smb_ntlm_target_info_extend (server, 0, NULL);

  assert_bytes_hex (named, "020002004400" "0600040003000000" "0a00100000000000000000000000000000000000"
                           "0900060061002f006200" "00000000");
  assert_bytes_hex (unnamed, "020002004400" "0a00100000000000000000000000000000000000" "09000000" "00000000");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ntlm/v1", test_v1);
  g_test_add_func ("/ntlm/v1-extended", test_v1_extended);
  g_test_add_func ("/ntlm/v2", test_v2);
  g_test_add_func ("/ntlm/v2-without-lm", test_v2_without_lm);
  g_test_add_func ("/ntlm/anonymous", test_anonymous);
  g_test_add_func ("/ntlm/upper-case", test_upper_case);
  g_test_add_func ("/ntlm/captured/challenge", test_captured_challenge);
  g_test_add_func ("/ntlm/captured/authenticate", test_captured_authenticate);
  g_test_add_func ("/ntlm/captured/signature", test_captured_signature);
  g_test_add_func ("/ntlm/challenge/prefixes", test_challenge_prefixes);
  g_test_add_func ("/ntlm/challenge/hostile", test_challenge_hostile);
  g_test_add_func ("/ntlm/challenge/large", test_challenge_large);
  g_test_add_func ("/ntlm/challenge/short", test_challenge_short);
  g_test_add_func ("/ntlm/target-info/prefixes", test_target_info_prefixes);
  g_test_add_func ("/ntlm/target-info/hostile", test_target_info_hostile);
  g_test_add_func ("/ntlm/target-info/extend", test_target_info_extend);

  return g_test_run ();
}
