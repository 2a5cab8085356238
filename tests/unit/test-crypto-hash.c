/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <nettle/md5.h>
#include <string.h>

#include "../data/vectors/smb3.h"
#include "crypto/smb-hash.h"
#include "crypto/smb-kdf.h"
#include "crypto/smb-nettle.h"
#include "crypto/smb-random.h"
#include "crypto/smb-secret.h"
#include "decoder-check.h"

static void
assert_derived (const char *key_hex,
                const char *label,
                gsize       label_size,
                const char *context_hex,
                const char *expected)
{
  gsize key_size, context_size;
  g_autofree guint8 *key = bytes_from_hex (key_hex, &key_size);
  g_autofree guint8 *context = bytes_from_hex (context_hex, &context_size);
  const gsize size = strlen (expected) / 2;
  g_autofree guint8 *out = g_malloc0 (size);

  smb_kdf_derive (key, key_size, label, label_size, context, context_size, out, size);
  assert_bytes (out, size, expected);
}

#define BYTES_0_TO_15 "000102030405060708090a0b0c0d0e0f"
#define BYTES_0_TO_63 \
  BYTES_0_TO_15 \
  "101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"

static void
test_kdf (void)
{
  static const char aes_ccm[] = "SMB2AESCCM";
  static const char signing[] = "SMBSigningKey";
  static const char to_server[] = "SMBC2SCipherKey";
  static const char to_client[] = "SMBS2CCipherKey";

  /* [MS-SMB2] 3.2.5.3.1: sizes of labels count the zero; so do the contexts "ServerIn " and "ServerOut". */
  assert_derived (VECTOR_SEAL_300_SESSION_KEY, aes_ccm, sizeof aes_ccm, "536572766572496e2000",
                  VECTOR_SEAL_300_KEY);
  assert_derived (VECTOR_OPEN_300_SESSION_KEY, aes_ccm, sizeof aes_ccm, "5365727665724f757400",
                  VECTOR_OPEN_300_KEY);
  assert_derived (VECTOR_PREAUTH_SESSION_KEY, signing, sizeof signing, VECTOR_PREAUTH_HASH_5,
                  VECTOR_PREAUTH_SIGNING_KEY);
  assert_derived (VECTOR_SEAL_311_SESSION_KEY, to_server, sizeof to_server, VECTOR_SEAL_311_PREAUTH_HASH,
                  VECTOR_SEAL_311_KEY);
  assert_derived (VECTOR_OPEN_311_SESSION_KEY, to_client, sizeof to_client, VECTOR_OPEN_311_PREAUTH_HASH,
                  VECTOR_OPEN_311_KEY);

  /* Longer outputs: computed with Python's hmac. */
  assert_derived (BYTES_0_TO_15, to_server, sizeof to_server, BYTES_0_TO_63,
                  "d09c44a545f554240ddf8ac2777570de0f590e402196d1006261f7448076384d");
  assert_derived (BYTES_0_TO_15, "label", 5, "636f6e74657874",
                  "430469b98edae7be2d8a7019f7b70b9ce01c0d06f5f996e036f2c02c2a571649596675bb4e2817bc"
                  "45f255da8c4a34017295cc14fccdf2afc55e98ca9f213c6121465d90d6e97c2fef2cd77008e0f4ea");
}

static void
test_preauth_chain (void)
{
  static const struct
  {
    const char *message;
    const char *hash;
  } steps[] = {
    { VECTOR_PREAUTH_NEGOTIATE_REQUEST, VECTOR_PREAUTH_HASH_1 },
    { VECTOR_PREAUTH_NEGOTIATE_RESPONSE, VECTOR_PREAUTH_HASH_2 },
    { VECTOR_PREAUTH_SESSION_SETUP_REQUEST_1, VECTOR_PREAUTH_HASH_3 },
    { VECTOR_PREAUTH_SESSION_SETUP_RESPONSE_1, VECTOR_PREAUTH_HASH_4 },
    { VECTOR_PREAUTH_SESSION_SETUP_REQUEST_2, VECTOR_PREAUTH_HASH_5 },
  };
  guint8 hash[SMB_SHA512_SIZE] = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gsize size;
      g_autofree guint8 *message = bytes_from_hex (steps[i].message, &size);
      const GOutputVector parts[] = { { message, 64 }, { NULL, 0 }, { message + 64, size - 64 } };

      smb_sha512_update_chain (hash, parts, G_N_ELEMENTS (parts));
      assert_bytes (hash, sizeof hash, steps[i].hash);
    }
}

/* RFC 1320 A.5 and RFC 1321 A.5 */
static void
test_md (void)
{
  static const struct
  {
    const char *text;
    const char *md4;
    const char *md5;
  } vectors[] = {
    { "", "31d6cfe0d16ae931b73c59d7e0c089c0", "d41d8cd98f00b204e9800998ecf8427e" },
    { "a", "bde52cb31de33e46245e05fbdbd6fb24", "0cc175b9c0f1b6a831c399e269772661" },
    { "abc", "a448017aaf21d8525fc10ae87aa6729d", "900150983cd24fb0d6963f7d28e17f72" },
    { "message digest", "d9130a8164549fe818874806e1c7014b", "f96b697d7cb7938d525a2f31aaf161d0" },
    { "abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9", "c3fcd3d76192e4007dfb496cca67e13b" },
    { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4",
      "d174ab98d277d9f5a5611c2c9f419d9f" },
    { "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "e33b4ddc9c38f2199c3e7b164fcc0536", "57edf4a22be3c955ac49da2e2107b67a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      const char *text = vectors[i].text;
      const gsize half = strlen (text) / 2;
      const GOutputVector parts[] = { { text, half }, { text + half, strlen (text) - half } };
      guint8 digest[16];

      smb_md4 (text, strlen (text), digest);
      assert_bytes (digest, sizeof digest, vectors[i].md4);
      smb_md5 (parts, G_N_ELEMENTS (parts), digest);
      assert_bytes (digest, sizeof digest, vectors[i].md5);
    }
}

/* As another implementation has it, for each size around its blocks, in three parts. */
static void
test_md5_sizes (void)
{
  enum { LARGEST = 1000 };
  guint8 message[LARGEST], digest[SMB_MD5_SIZE], expected[SMB_MD5_SIZE];
  struct md5_ctx md5;

  smb_random_bytes (message, sizeof message);
  for (gsize size = 0; size <= LARGEST; size++)
    {
      const gsize first = g_test_rand_int_range (0, (gint32) size + 1);
      const gsize second = g_test_rand_int_range (0, (gint32) (size - first) + 1);
      const GOutputVector parts[] = {
        { message, first }, { message + first, second }, { message + first + second, size - first - second }
      };

      md5_init (&md5);
      md5_update (&md5, size, message);
      SMB_NETTLE_DIGEST (md5_digest, &md5, sizeof expected, expected);
      smb_md5 (parts, G_N_ELEMENTS (parts), digest);
      g_assert_cmpmem (digest, sizeof digest, expected, sizeof expected);
    }
}

/* RFC 2202 2, cases 1, 2 and 6, and NTOWFv2 () of [MS-NLMP] 4.2.4.1.1 */
static void
test_hmac_md5 (void)
{
  static const struct
  {
    const char *key;
    const char *message;
    const char *digest;
  } vectors[] = {
    { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "9294727a3638bb1c13f48ef8158bfc9d" },
    { "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "750c783e6ab0b503eaa86e310a5db738" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579"
      "204669727374",
      "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd" },
    { "a4f49c406510bdcab6824ee7c30fd852", "550053004500520044006f006d00610069006e00",
      "0c868a403bfd7a93a3001ef22ef02e3f" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      gsize key_size, size;
      g_autofree guint8 *key = bytes_from_hex (vectors[i].key, &key_size);
      g_autofree guint8 *message = bytes_from_hex (vectors[i].message, &size);
      const GOutputVector parts[] = { { message, 3 }, { message + 3, size - 3 } };
      guint8 digest[SMB_MD5_SIZE];

      smb_hmac_md5 (key, key_size, parts, G_N_ELEMENTS (parts), digest);
      assert_bytes (digest, sizeof digest, vectors[i].digest);
    }
}

static void
assert_des (const guint8 *key,
            const guint8 *in,
            const char   *expected)
{
  guint8 block[8];

  memcpy (block, in, sizeof block);
  smb_des_hash (key, block, block);
  assert_bytes (block, sizeof block, expected);
}

/* [MS-NLMP] 4.2.2.1.1 (LMOWFv1 of "Password") and 4.2.2.2.1 (the NTLMv1 response) */
static void
test_des (void)
{
  const guint8 *magic = (const guint8 *) "KGS!@#$%";
  gsize size;
  g_autofree guint8 *challenge = bytes_from_hex ("0123456789abcdef", &size);
  g_autofree guint8 *hash = bytes_from_hex ("a4f49c406510bdcab6824ee7c30fd8520000000000", &size);

  assert_des ((const guint8 *) "PASSWOR", magic, "e52cac67419a9a22");
  assert_des ((const guint8 *) "D\0\0\0\0\0\0", magic, "4a3b108f3fa6cb6d");
  assert_des (hash, challenge, "67c43011f30298a2");
  assert_des (hash + 7, challenge, "ad35ece64f16331c");
  assert_des (hash + 14, challenge, "44bdbed927841f94");
}

/* RFC 6229 and [MS-NLMP] 4.2.2.2.3, the key exchange */
static void
test_rc4 (void)
{
  const guint8 zeros[32] = { 0 };
  guint8 out[32];
  gsize size;
  g_autofree guint8 *key = bytes_from_hex ("0102030405060708090a0b0c0d0e0f10", &size);
  g_autofree guint8 *base_key = bytes_from_hex ("d87262b0cde4b1cb7499becccdf10784", &size);
  g_autofree guint8 *random_key = bytes_from_hex ("55555555555555555555555555555555", &size);
  g_autoptr(SmbRc4) rc4 = smb_rc4_new (key, 16);

  smb_rc4 (key, 16, zeros, sizeof zeros, out);
  assert_bytes (out, sizeof out, "9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c");
  smb_rc4 (key, 5, zeros, 16, out);
  assert_bytes (out, 16, "b2396305f03dc027ccc3524a0a1118a8");

  /* The stream goes on where it was. */
  memset (out, 0, sizeof out);
  smb_rc4_crypt (rc4, out, 3, out);
  smb_rc4_crypt (rc4, out + 3, 0, out + 3);
  smb_rc4_crypt (rc4, out + 3, 29, out + 3);
  assert_bytes (out, sizeof out, "9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c");

  smb_rc4 (base_key, 16, random_key, 16, out);
  assert_bytes (out, 16, "518822b1b3f350c8958682ecbb3e3cb7");
}

static void
test_random (void)
{
  guint8 a[32] = { 0 };
  guint8 b[32] = { 0 };

  smb_random_bytes (a, sizeof a);
  smb_random_bytes (b, sizeof b);
  g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
}

static void
test_secret (void)
{
  g_autoptr(SmbSecret) secret = smb_secret_new_string ("p\xC3\xA4ss");
  g_autoptr(SmbSecret) same = smb_secret_new ("p\xC3\xA4ss", 5);
  g_autoptr(SmbSecret) other = smb_secret_new ("p\xC3\xA4st", 5);
  g_autoptr(SmbSecret) shorter = smb_secret_new ("p", 1);
  g_autoptr(SmbSecret) empty = smb_secret_new (NULL, 0);
  SmbSecret *ref = smb_secret_ref (secret);
  guint8 memory[5] = "abcd";

  g_assert_true (ref == secret);
  smb_secret_unref (ref);
  g_assert_cmpuint (secret->size, ==, 5);
  g_assert_cmpstr ((const char *) secret->data, ==, "p\xC3\xA4ss");
  g_assert_cmpstr ((const char *) empty->data, ==, "");
  g_assert_null (smb_secret_new_string (NULL));

  g_assert_true (smb_secret_equal (secret, same));
  g_assert_false (smb_secret_equal (secret, other));
  g_assert_false (smb_secret_equal (secret, shorter));
  g_assert_false (smb_secret_equal (secret, NULL));
  g_assert_true (smb_secret_equal (NULL, NULL));

  g_assert_true (smb_memory_equal ("abc", "abd", 2));
  g_assert_false (smb_memory_equal ("abc", "abd", 3));
  g_assert_true (smb_memory_equal (NULL, NULL, 0));
  smb_memory_wipe (memory, 4);
  assert_bytes (memory, 5, "0000000000");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crypto/kdf", test_kdf);
  g_test_add_func ("/crypto/preauth-chain", test_preauth_chain);
  g_test_add_func ("/crypto/md4-md5", test_md);
  g_test_add_func ("/crypto/md5-sizes", test_md5_sizes);
  g_test_add_func ("/crypto/hmac-md5", test_hmac_md5);
  g_test_add_func ("/crypto/des", test_des);
  g_test_add_func ("/crypto/rc4", test_rc4);
  g_test_add_func ("/crypto/random", test_random);
  g_test_add_func ("/crypto/secret", test_secret);

  return g_test_run ();
}
