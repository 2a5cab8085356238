/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-negotiation.h"

static void
test_choices (Peer          *self,
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

  offer_by_default (self);
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
test_least (Peer          *self,
            gconstpointer  data)
{
  g_autoptr(GByteArray) none = NULL;
  g_autoptr(GByteArray) zero = NULL;
  SmbNegotiation result;
  SmbWriter writer;

  offer_by_default (self);
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
test_refused (Peer          *self,
              gconstpointer  data)
{
  const RefusedCase *c = data;
  g_autoptr(GByteArray) bytes = NULL;
  SmbWriter writer;

  offer_by_default (self);
  smb_writer_init (&writer, NULL);
  peer_write_negotiate (&writer, 0, 0x0311, 0, c->n_contexts);
  c->write (&writer);
  bytes = smb_writer_steal (&writer);
  assert_refused (self, bytes, c->error);
}

static void
add_refused_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/smb2-contexts/refused/", refused_cases[i].name, NULL);

      g_test_add (path, Peer, &refused_cases[i], fixture_set_up, test_refused, fixture_tear_down);
    }
}

#define ADD(path, func) \
  g_test_add ("/smb2-contexts/" path, Peer, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("choices", test_choices);
  ADD ("least", test_least);
  add_refused_cases ();

  return g_test_run ();
}
