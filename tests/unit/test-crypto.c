/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <nettle/cmac.h>
#include <string.h>

#include "../data/vectors/smb3.h"
#include "crypto/smb-aead.h"
#include "crypto/smb-mac.h"
#include "crypto/smb-nettle.h"
#include "crypto/smb-random.h"
#include "decoder-check.h"

typedef struct
{
  const char     *name;
  SmbMacAlgorithm algorithm;
  const char     *key;
  const char     *nonce; /* GMAC only */
  const char     *message;
  const char     *tag;
} MacVector;

/* clang-format off */
static const MacVector mac_vectors[] = {
  { "rfc4231/1", SMB_MAC_HMAC_SHA256, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", NULL,
    "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b" },
  { "rfc4231/2", SMB_MAC_HMAC_SHA256, "4a656665", NULL,
    "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c7" },
  { "rfc4231/3", SMB_MAC_HMAC_SHA256, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL,
    "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
    "773ea91e36800e46854db8ebd09181a7" },
  { "rfc4231/4", SMB_MAC_HMAC_SHA256, "0102030405060708090a0b0c0d0e0f10111213141516171819", NULL,
    "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
    "82558a389a443c0ea4cc819899f2083a" },
  { "rfc4493/1", SMB_MAC_AES_128_CMAC, "2b7e151628aed2a6abf7158809cf4f3c", NULL,
    "", "bb1d6929e95937287fa37d129b756746" },
  { "rfc4493/2", SMB_MAC_AES_128_CMAC, "2b7e151628aed2a6abf7158809cf4f3c", NULL,
    "6bc1bee22e409f96e93d7e117393172a", "070a16b46b4d4144f79bdd9dd04a287c" },
  { "rfc4493/3", SMB_MAC_AES_128_CMAC, "2b7e151628aed2a6abf7158809cf4f3c", NULL,
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
    "dfa66747de9ae63030ca32611497c827" },
  { "rfc4493/4", SMB_MAC_AES_128_CMAC, "2b7e151628aed2a6abf7158809cf4f3c", NULL,
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
    "51f0bebf7e3b9d92fc49741779363cfe" },
  { "nist-gcm/1", SMB_MAC_AES_128_GMAC, "00000000000000000000000000000000", "000000000000000000000000",
    "", "58e2fccefa7e3061367f1d57a4e7455a" },
  { "nist-gcm/aad-only", SMB_MAC_AES_128_GMAC, "77be63708971c4e240d1cb79e8d77feb", "e0e00f19fed7ba0136a797f3",
    "7a43ec1d9c0a5a78a0b16533a6213cab", "209fcc8d3675ed938e9c7166709dd946" },
};
/* clang-format on */

static SmbMac *
mac_from_hex (SmbMacAlgorithm algorithm,
              const char     *hex)
{
  gsize size;
  g_autofree guint8 *key = bytes_from_hex (hex, &size);

  return smb_mac_new (algorithm, key, size);
}

/* The same object each time, and the message cut in two at every place, with an empty part between. */
static void
test_mac (gconstpointer data)
{
  const MacVector *vector = data;
  g_autoptr(SmbMac) mac = mac_from_hex (vector->algorithm, vector->key);
  gsize size, nonce_size;
  g_autofree guint8 *message = bytes_from_hex (vector->message, &size);
  g_autofree guint8 *nonce = vector->nonce != NULL ? bytes_from_hex (vector->nonce, &nonce_size) : NULL;

  g_assert_cmpint (smb_mac_get_algorithm (mac), ==, vector->algorithm);

  for (gsize cut = 0; cut <= size; cut++)
    {
      const GOutputVector parts[] = { { message, cut }, { NULL, 0 }, { message + cut, size - cut } };
      guint8 tag[SMB_MAC_TAG_SIZE];

      g_assert_true (smb_mac_compute (mac, nonce, parts, G_N_ELEMENTS (parts), tag));
      assert_bytes (tag, sizeof tag, vector->tag);
      g_assert_true (smb_mac_verify (mac, nonce, parts, G_N_ELEMENTS (parts), tag));
    }
}

static void
test_mac_verify (gconstpointer data)
{
  const MacVector *vector = data;
  g_autoptr(SmbMac) mac = mac_from_hex (vector->algorithm, vector->key);
  gsize size, nonce_size, tag_size;
  g_autofree guint8 *message = bytes_from_hex (vector->message, &size);
  g_autofree guint8 *tag = bytes_from_hex (vector->tag, &tag_size);
  g_autofree guint8 *nonce = vector->nonce != NULL ? bytes_from_hex (vector->nonce, &nonce_size) : NULL;
  const GOutputVector part = { message, size };

  for (guint bit = 0; bit < 8 * tag_size; bit++)
    {
      tag[bit / 8] ^= 1 << bit % 8;
      g_assert_false (smb_mac_verify (mac, nonce, &part, 1, tag));
      tag[bit / 8] ^= 1 << bit % 8;
    }
  for (guint bit = 0; bit < 8 * size; bit++)
    {
      message[bit / 8] ^= 1 << bit % 8;
      g_assert_false (smb_mac_verify (mac, nonce, &part, 1, tag));
      message[bit / 8] ^= 1 << bit % 8;
    }
  g_assert_true (smb_mac_verify (mac, nonce, &part, 1, tag));
}

/* As another implementation has it, for each size around its blocks and larger than its buffer. */
static void
test_cmac_sizes (void)
{
  enum { LARGEST = 3 * 4096 + 40 };
  guint8 key[SMB_MAC_KEY_SIZE], message[LARGEST], tag[SMB_MAC_TAG_SIZE], expected[SMB_MAC_TAG_SIZE];
  g_autoptr(SmbMac) mac = NULL;
  struct cmac_aes128_ctx cmac;

  smb_random_bytes (key, sizeof key);
  smb_random_bytes (message, sizeof message);
  mac = smb_mac_new (SMB_MAC_AES_128_CMAC, key, sizeof key);
  cmac_aes128_set_key (&cmac, key);

  for (gsize size = 0; size <= LARGEST; size++)
    {
      const gsize cut = g_test_rand_int_range (0, (gint32) size + 1);
      const GOutputVector parts[] = { { message, cut }, { message + cut, size - cut } };

      cmac_aes128_update (&cmac, size, message);
      SMB_NETTLE_DIGEST (cmac_aes128_digest, &cmac, sizeof expected, expected);
      g_assert_true (smb_mac_compute (mac, NULL, parts, G_N_ELEMENTS (parts), tag));
      g_assert_cmpmem (tag, sizeof tag, expected, sizeof expected);
    }
}

static void
test_mac_key_size (void)
{
  const guint8 key[32] = { 1 };

  g_assert_null (smb_mac_new (SMB_MAC_AES_128_CMAC, key, 15));
  g_assert_null (smb_mac_new (SMB_MAC_AES_128_CMAC, key, 32));
  g_assert_null (smb_mac_new (SMB_MAC_AES_128_GMAC, key, 17));
  g_assert_null (smb_aead_new (SMB_CIPHER_AES_128_GCM, key, 32));
  g_assert_null (smb_aead_new (SMB_CIPHER_AES_256_CCM, key, 16));
  g_assert_cmpuint (smb_cipher_get_key_size (SMB_CIPHER_AES_256_GCM), ==, 32);
  g_assert_cmpuint (smb_cipher_get_nonce_size (SMB_CIPHER_AES_256_CCM), ==, 11);
}

typedef struct
{
  const char *name;
  SmbCipher   cipher;
  const char *key;
  const char *nonce;
  const char *aad;
  const char *plain;
  const char *sealed;
  const char *tag;
} AeadVector;

/* NIST GCM: the cases 4 and 16 of the submission. CCM-256: computed with OpenSSL. */
/* clang-format off */
static const AeadVector aead_vectors[] = {
  { "nist-gcm/4", SMB_CIPHER_AES_128_GCM, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
    "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
    "5bc94fbc3221a5db94fae95ae7121a47" },
  { "nist-gcm/16", SMB_CIPHER_AES_256_GCM,
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
    "76fc6ece0f4e1768cddf8853bb2d551b" },
  { "openssl-ccm/256", SMB_CIPHER_AES_256_CCM,
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "202122232425262728292a",
    "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f",
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526272829"
    "2a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f50515253"
    "5455565758595a5b5c5d5e5f60616263",
    "9f4560ac191b7d1fa5b2b468cd8b032401a4d388f143f415f9beb32e6184f3af95fe72ec44307a8ec897"
    "177a41658820dae0b1e648c10d856555960b6b79b539f6df05d995f8900fa4c8a9053b6e09a80dc6e7e1"
    "af8db51ceeaeb16d25889d8df40780e4",
    "b6c7fcbbb973991f362a4550af1de1e0" },
  /* The header of a frame, from Nonce on, is what is authenticated; the tag stands before it. */
  { "smb-300/seal", SMB_CIPHER_AES_128_CCM, VECTOR_SEAL_300_KEY, "66e69a111892584fb5ed52",
    "66e69a111892584fb5ed524a744da3ee87000000000001001100001400e40800",
    VECTOR_SEAL_300_PLAIN, VECTOR_SEAL_300_SEALED, "81a286535415445dae393921e44fa42e" },
  { "smb-311/seal", SMB_CIPHER_AES_128_GCM, VECTOR_SEAL_311_KEY, VECTOR_SEAL_311_NONCE,
    "c7d6822d269caf48904c664c0000000087000000000001002500000000100000",
    VECTOR_SEAL_311_PLAIN, VECTOR_SEAL_311_SEALED, "bd73d97d2bc9001bcafac0fdff5feebc" },
};
/* clang-format on */

static SmbAead *
aead_from_hex (SmbCipher   cipher,
               const char *hex)
{
  gsize size;
  g_autofree guint8 *key = bytes_from_hex (hex, &size);

  return smb_aead_new (cipher, key, size);
}

static void
test_aead (gconstpointer data)
{
  const AeadVector *vector = data;
  g_autoptr(SmbAead) aead = aead_from_hex (vector->cipher, vector->key);
  gsize size, nonce_size, aad_size;
  g_autofree guint8 *nonce = bytes_from_hex (vector->nonce, &nonce_size);
  g_autofree guint8 *aad = bytes_from_hex (vector->aad, &aad_size);
  g_autofree guint8 *text = bytes_from_hex (vector->plain, &size);
  guint8 tag[SMB_AEAD_TAG_SIZE];

  g_assert_cmpint (smb_aead_get_cipher (aead), ==, vector->cipher);
  g_assert_cmpuint (smb_cipher_get_nonce_size (vector->cipher), ==, nonce_size);

  for (gsize cut = 0; cut <= size; cut++)
    {
      const GInputVector parts[] = { { text, cut }, { NULL, 0 }, { text + cut, size - cut } };

      g_assert_true (smb_aead_seal (aead, nonce, aad, aad_size, parts, G_N_ELEMENTS (parts), tag));
      assert_bytes (text, size, vector->sealed);
      assert_bytes (tag, sizeof tag, vector->tag);

      g_assert_true (smb_aead_open (aead, nonce, aad, aad_size, parts, G_N_ELEMENTS (parts), tag));
      assert_bytes (text, size, vector->plain);
    }
}

static void
assert_refused (SmbAead      *aead,
                const guint8 *nonce,
                const guint8 *aad,
                gsize         aad_size,
                const guint8 *sealed,
                gsize         size,
                const guint8 *tag)
{
  g_autofree guint8 *text = g_memdup2 (sealed, size);
  const GInputVector parts[] = { { text, size / 2 }, { text + size / 2, size - size / 2 } };

  g_assert_false (smb_aead_open (aead, nonce, aad, aad_size, parts, G_N_ELEMENTS (parts), tag));
  for (gsize i = 0; i < size; i++)
    g_assert_cmpuint (text[i], ==, 0);
}

/* Flips each bit of @bytes in turn. */
#define FOR_EACH_FLIPPED_BIT(bytes, size) \
  for (guint bit = 0; bit < 8 * (size) && (((bytes)[bit / 8] ^= 1 << bit % 8), TRUE); \
       (bytes)[bit / 8] ^= 1 << bit % 8, bit++)

static void
test_aead_refuses (gconstpointer data)
{
  const AeadVector *vector = data;
  g_autoptr(SmbAead) aead = aead_from_hex (vector->cipher, vector->key);
  gsize size, nonce_size, aad_size, tag_size;
  g_autofree guint8 *nonce = bytes_from_hex (vector->nonce, &nonce_size);
  g_autofree guint8 *aad = bytes_from_hex (vector->aad, &aad_size);
  g_autofree guint8 *sealed = bytes_from_hex (vector->sealed, &size);
  g_autofree guint8 *tag = bytes_from_hex (vector->tag, &tag_size);
  g_autofree guint8 *text = g_memdup2 (sealed, size);
  const GInputVector part = { text, size };

  FOR_EACH_FLIPPED_BIT (tag, tag_size)
    assert_refused (aead, nonce, aad, aad_size, sealed, size, tag);
  FOR_EACH_FLIPPED_BIT (nonce, nonce_size)
    assert_refused (aead, nonce, aad, aad_size, sealed, size, tag);
  FOR_EACH_FLIPPED_BIT (aad, aad_size)
    assert_refused (aead, nonce, aad, aad_size, sealed, size, tag);
  FOR_EACH_FLIPPED_BIT (sealed, size)
    assert_refused (aead, nonce, aad, aad_size, sealed, size, tag);

  /* A refusal leaves nothing behind in the handle. */
  g_assert_true (smb_aead_open (aead, nonce, aad, aad_size, &part, 1, tag));
  assert_bytes (text, size, vector->plain);
}

/* Sizes around those of blocks, pages and the largest frame, in odd parts. */
static void
test_aead_sizes (gconstpointer data)
{
  const SmbCipher cipher = GPOINTER_TO_INT (data);
  static const gsize sizes[] = { 0, 1, 15, 16, 17, 31, 33, 4095, 4097, 65536 + 3, 8 * 1024 * 1024 + 64 };
  const guint8 key[SMB_AEAD_MAX_KEY_SIZE] = { 7 };
  g_autoptr(SmbAead) aead = smb_aead_new (cipher, key, smb_cipher_get_key_size (cipher));
  guint8 nonce[SMB_AEAD_MAX_NONCE_SIZE] = { 0 };
  const char aad[] = "header";

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree guint8 *plain = g_malloc (sizes[i] + 1);
      g_autofree guint8 *text = NULL;
      guint8 tag[SMB_AEAD_TAG_SIZE];
      GInputVector parts[3];

      smb_random_bytes (plain, sizes[i]);
      text = g_memdup2 (plain, sizes[i] + 1);
      parts[0] = (GInputVector) { text, MIN (sizes[i], 7) };
      parts[1] = (GInputVector) { text + parts[0].size, (sizes[i] - parts[0].size) / 3 };
      parts[2].buffer = text + parts[0].size + parts[1].size;
      parts[2].size = sizes[i] - parts[0].size - parts[1].size;

      nonce[0]++;
      g_assert_true (smb_aead_seal (aead, nonce, aad, sizeof aad, parts, 3, tag));
      if (sizes[i] >= 16)
        g_assert_cmpint (memcmp (text, plain, sizes[i]), !=, 0);
      parts[0] = (GInputVector) { text, sizes[i] };
      g_assert_true (smb_aead_open (aead, nonce, aad, sizeof aad, parts, 1, tag));
      g_assert_cmpmem (text, sizes[i], plain, sizes[i]);
    }
}

typedef struct
{
  const char *name;
  SmbCipher   cipher;
  const char *key;
  const char *frame;
  const char *plain;
} FrameVector;

static const FrameVector frame_vectors[] = {
  { "smb-300", SMB_CIPHER_AES_128_CCM, VECTOR_OPEN_300_KEY, VECTOR_OPEN_300_FRAME, VECTOR_OPEN_300_PLAIN },
  { "smb-311", SMB_CIPHER_AES_128_GCM, VECTOR_OPEN_311_KEY, VECTOR_OPEN_311_FRAME, VECTOR_OPEN_311_PLAIN },
  { "smb-300/own", SMB_CIPHER_AES_128_CCM, VECTOR_SEAL_300_KEY, VECTOR_SEAL_300_FRAME,
    VECTOR_SEAL_300_PLAIN },
  { "smb-311/own", SMB_CIPHER_AES_128_GCM, VECTOR_SEAL_311_KEY, VECTOR_SEAL_311_FRAME,
    VECTOR_SEAL_311_PLAIN },
};

/* [MS-SMB2] 2.2.41: ProtocolId 4, Signature 16, and from Nonce on 32 bytes that are authenticated. */
static void
test_aead_frame (gconstpointer data)
{
  const FrameVector *vector = data;
  g_autoptr(SmbAead) aead = aead_from_hex (vector->cipher, vector->key);
  gsize size;
  g_autofree guint8 *frame = bytes_from_hex (vector->frame, &size);
  const GInputVector part = { frame + 52, size - 52 };

  g_assert_true (smb_aead_open (aead, frame + 20, frame + 20, 32, &part, 1, frame + 4));
  assert_bytes (part.buffer, part.size, vector->plain);
}

static void
add_each (const char    *format,
          const char    *name,
          gconstpointer  vector,
          GTestDataFunc  function)
{
  g_autofree char *path = g_strconcat (format, name, NULL);

  g_test_add_data_func (path, vector, function);
}

static void
add_ciphers (void)
{
  static const char *const names[] = { "aes-128-ccm", "aes-128-gcm", "aes-256-ccm", "aes-256-gcm" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    add_each ("/crypto/aead/sizes/", names[i], GSIZE_TO_POINTER (i), test_aead_sizes);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (mac_vectors); i++)
    {
      add_each ("/crypto/mac/compute/", mac_vectors[i].name, &mac_vectors[i], test_mac);
      add_each ("/crypto/mac/verify/", mac_vectors[i].name, &mac_vectors[i], test_mac_verify);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (aead_vectors); i++)
    {
      add_each ("/crypto/aead/vector/", aead_vectors[i].name, &aead_vectors[i], test_aead);
      add_each ("/crypto/aead/refuses/", aead_vectors[i].name, &aead_vectors[i], test_aead_refuses);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (frame_vectors); i++)
    add_each ("/crypto/aead/frame/", frame_vectors[i].name, &frame_vectors[i], test_aead_frame);
  add_ciphers ();
  g_test_add_func ("/crypto/cmac-sizes", test_cmac_sizes);
  g_test_add_func ("/crypto/key-size", test_mac_key_size);

  return g_test_run ();
}
