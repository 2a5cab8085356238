/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-spnego-token.h"

#include <glib/gstdio.h>
#include <libtasn1.h>

#include "smb-error.h"

#include "hex.h"
#include "ntlm-capture.h"

#define NTLM_OID   "1.3.6.1.4.1.311.2.2.10"
#define NEGOEX_OID "1.3.6.1.4.1.311.2.2.30"

/* What Samba offers: MS-Kerberos, Kerberos and NTLM, and the hint of [MS-SPNG] 2.2.1. */
#define SAMBA_HINT                                                                                           \
  "605e06062b0601050502a0543052"                                                                             \
  "a024302206092a864882f71201020206092a864886f712010202060a2b06010401823702020a"                             \
  "a32a3028a0261b246e6f745f646566696e65645f696e5f5246433431373840706c656173655f69676e6f7265"

/* Of the published capture (see ntlm-capture.h): only NegoEx and NTLM. */
#define WINDOWS_HINT                                                                                         \
  "602806062b0601050502a01e301ca01a3018060a2b06010401823702021e060a2b06010401823702020a"

#define WINDOWS_RESPONSE "a181b03081ada0030a0101a10c060a2b06010401823702020aa28197048194" CAPTURED_CHALLENGE

static void
assert_mechanisms (const char        *hint_hex,
                   const char *const *expected)
{
  g_autoptr(GBytes) hint = bytes_from_hex (hint_hex);
  g_auto(GStrv) mechanisms = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (smb_spnego_decode_hint (hint, &mechanisms, &error));
  g_assert_no_error (error);
  if (expected == NULL)
    g_assert_null (mechanisms);
  else
    g_assert_cmpstrv (mechanisms, expected);
}

static void
test_hint (void)
{
  const char *const samba[] = { "1.2.840.48018.1.2.2", "1.2.840.113554.1.2.2", NTLM_OID, NULL };
  const char *const windows[] = { NEGOEX_OID, NTLM_OID, NULL };

  assert_mechanisms (SAMBA_HINT, samba);
  assert_mechanisms (WINDOWS_HINT, windows);

  /* No list, an empty one, and lengths longer than they need to be. */
  assert_mechanisms ("600c06062b0601050502a0023000", NULL);
  assert_mechanisms ("601006062b0601050502a0063004a0023000", &windows[2]);
  assert_mechanisms ("60811d06062b0601050502a013308110a00e300c060a2b06010401823702020a", &windows[1]);
}

/* The first token of Windows, byte by byte. */
static void
test_encode_init (void)
{
  g_autoptr(GBytes) list = smb_spnego_encode_mech_list ((const char *const[]) { NTLM_OID, NULL });
  g_autoptr(GBytes) token = bytes_from_hex (CAPTURED_NEGOTIATE);
  g_autoptr(GBytes) init = smb_spnego_encode_init (list, token);
  g_autoptr(GBytes) bare = smb_spnego_encode_init (list, NULL);

  assert_bytes_hex (list, CAPTURED_MECH_LIST);
  assert_bytes_hex (init, "604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a0428"
                          CAPTURED_NEGOTIATE);
  assert_bytes_hex (bare, "601c06062b0601050502a0123010a00e300c060a2b06010401823702020a");
}

/* And the second one. */
static void
test_encode_response (void)
{
  g_autoptr(GBytes) token = bytes_from_hex (CAPTURED_AUTHENTICATE);
  g_autoptr(GBytes) mic = bytes_from_hex (CAPTURED_MECH_LIST_MIC);
  g_autoptr(GBytes) both = smb_spnego_encode_response (token, mic);
  g_autoptr(GBytes) only_mic = smb_spnego_encode_response (NULL, mic);

  assert_bytes_hex (both, "a18201cb308201c7a0030a0101a28201aa048201a6" CAPTURED_AUTHENTICATE
                          "a3120410" CAPTURED_MECH_LIST_MIC);
  assert_bytes_hex (only_mic, "a11b3019a0030a0101a3120410" CAPTURED_MECH_LIST_MIC);
}

static void
test_decode_response (void)
{
  g_autoptr(GBytes) bytes = bytes_from_hex (WINDOWS_RESPONSE);
  g_auto(SmbSpnegoResponse) response = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (smb_spnego_decode_response (bytes, &response, &error));
  g_assert_no_error (error);
  g_assert_cmpint (response.state, ==, SMB_SPNEGO_STATE_ACCEPT_INCOMPLETE);
  g_assert_cmpstr (response.mechanism, ==, NTLM_OID);
  assert_bytes_hex (response.token, CAPTURED_CHALLENGE);
  g_assert_null (response.mic);
}

static void
test_decode_response_bare (void)
{
  g_autoptr(GBytes) final = bytes_from_hex ("a11b3019a0030a0100a3120410" CAPTURED_MECH_LIST_MIC);
  g_autoptr(GBytes) nothing = bytes_from_hex ("a1023000");
  g_autoptr(GBytes) empty = bytes_from_hex ("a10a3008a2020400a3020400");
  g_auto(SmbSpnegoResponse) a = { 0 }, b = { 0 }, c = { 0 };

  g_assert_true (smb_spnego_decode_response (final, &a, NULL));
  g_assert_cmpint (a.state, ==, SMB_SPNEGO_STATE_ACCEPT_COMPLETED);
  assert_bytes_hex (a.mic, CAPTURED_MECH_LIST_MIC);

  g_assert_true (smb_spnego_decode_response (nothing, &b, NULL));
  g_assert_cmpint (b.state, ==, SMB_SPNEGO_STATE_NONE);
  g_assert_null (b.mechanism);

  g_assert_true (smb_spnego_decode_response (empty, &c, NULL));
  g_assert_null (c.token);
  g_assert_null (c.mic);
}

static void
assert_malformed (gconstpointer data,
                  gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_memdup2 (data, size), size); /* exact, for ASan */
  g_autoptr(GError) hint_error = NULL;
  g_autoptr(GError) response_error = NULL;
  g_auto(SmbSpnegoResponse) response = { 0 };
  g_auto(GStrv) mechanisms = NULL;

  g_assert_false (smb_spnego_decode_hint (bytes, &mechanisms, &hint_error));
  g_assert_error (hint_error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_assert_false (smb_spnego_decode_response (bytes, &response, &response_error));
  g_assert_error (response_error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_assert_null (strchr (response_error->message, '\n'));
}

static void
test_prefixes (void)
{
  const char *const good[] = { SAMBA_HINT, WINDOWS_HINT, WINDOWS_RESPONSE };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GBytes) bytes = bytes_from_hex (good[i]);

      for (gsize size = 0; size < g_bytes_get_size (bytes); size++)
        assert_malformed (g_bytes_get_data (bytes, NULL), size);
    }
}

static void
test_hostile (void)
{
  const char *const bad[] = {
    "a102300000",                                     /* a byte too many */
    "600c06062b0601050503a0023000",                   /* another GSS mechanism than SPNEGO */
    "a1073005a0030a0104",                             /* a state that does not exist */
    "a1083006a0040a020100",                           /* or is too large */
    "a1063004a0020a00",                               /* or has no value */
    "a1803080a0030a010100000000",                     /* indefinite lengths, which are not DER */
    "a10b3009a2072480040101040000",                   /* an octet string in parts */
    "a184ffffffff30",                                 /* a length beyond everything */
    "a1890100000000000000003000",                     /* a length of a length of nine bytes */
    "a1053003a10106",                                 /* an identifier without its content */
    "600e06062b0601050502a0043002a0ff",               /* a list without its content */
    "601206062b0601050502a0083006a0043002060a",       /* an identifier beyond the end */
    "601306062b0601050502a0093007a00530030a0101",     /* a list of something else */
    "3000", "00", "ff", "0000000000000000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) bytes = bytes_from_hex (bad[i]);

      assert_malformed (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
}

static void
append_length (GByteArray *bytes,
               guint8      tag,
               guint       length)
{
  const guint8 header[] = { tag, 0x82, (guint8) (length >> 8), (guint8) length };

  g_byte_array_append (bytes, header, sizeof header);
}

/* A list that would take long to decode, and one deeper than any stack. */
static void
test_large (void)
{
  const guint8 spnego_oid[] = { 0x06, 6, 0x2b, 6, 1, 5, 5, 2 };
  const guint8 oid[] = { 0x06, 1, 0x2a };
  const guint n_oids = 20000;
  g_autoptr(GByteArray) list = g_byte_array_new ();
  g_autofree guint8 *deep = g_malloc (1 << 20);

  append_length (list, 0x60, 3 * n_oids + 24);
  g_byte_array_append (list, spnego_oid, sizeof spnego_oid);
  append_length (list, 0xa0, 3 * n_oids + 12);
  append_length (list, 0x30, 3 * n_oids + 8);
  append_length (list, 0xa0, 3 * n_oids + 4);
  append_length (list, 0x30, 3 * n_oids);
  for (guint i = 0; i < n_oids; i++)
    g_byte_array_append (list, oid, sizeof oid);
  assert_malformed (list->data, list->len);

  memset (deep, 0xa0, 1 << 20);
  assert_malformed (deep, 1 << 20);
  assert_malformed (deep, 65535);
  for (guint i = 0; i < 65535; i++)
    deep[i] = i % 2 == 0 ? 0x30 : 0x80;
  assert_malformed (deep, 65534);
}

/* What the compiler sees is what the definition says. */
static void
test_table_is_current (void)
{
  g_autofree char *definition = g_build_filename (g_getenv ("SMB_TEST_SRCDIR"), "..", "smb-glib", "plugin",
                                                  "smb-spnego.asn", NULL);
  g_autofree char *committed = g_build_filename (g_getenv ("SMB_TEST_SRCDIR"), "..", "smb-glib", "plugin",
                                                 "smb-spnego-asn1.c", NULL);
  g_autofree char *folder = g_dir_make_tmp ("smb-spnego-XXXXXX", NULL);
  g_autofree char *generated = g_build_filename (folder, "table.c", NULL);
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  g_assert_cmpint (asn1_parser2array (definition, generated, "smb_spnego_asn1", NULL), ==, ASN1_SUCCESS);
  g_assert_true (g_file_get_contents (generated, &expected, NULL, NULL));
  g_assert_true (g_file_get_contents (committed, &found, NULL, NULL));
  g_assert_cmpstr (strstr (found, "const asn1_static_node"), ==, strstr (expected, "const asn1_static_node"));

  g_assert_cmpint (g_remove (generated), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/spnego-token/hint", test_hint);
  g_test_add_func ("/spnego-token/encode-init", test_encode_init);
  g_test_add_func ("/spnego-token/encode-response", test_encode_response);
  g_test_add_func ("/spnego-token/decode-response", test_decode_response);
  g_test_add_func ("/spnego-token/decode-response/bare", test_decode_response_bare);
  g_test_add_func ("/spnego-token/prefixes", test_prefixes);
  g_test_add_func ("/spnego-token/hostile", test_hostile);
  g_test_add_func ("/spnego-token/large", test_large);
  g_test_add_func ("/spnego-token/table-is-current", test_table_is_current);

  return g_test_run ();
}
