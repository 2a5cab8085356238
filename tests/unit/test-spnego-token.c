/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-spnego-token.h"

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

/* All five fields, with hints, and as RFC 4178 4.2.1 has it, with a mechListMIC there. */
#define FULL_HINT                                                                                            \
  "602706062b0601050502a01d301ba005300306012aa10403020560a2030401ffa3023000a4030401ff"
#define FULL_HINT_WITH_MIC                                                                                   \
  "602706062b0601050502a01d301ba005300306012aa10403020560a2030401ffa3020400a4030401ff"

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

  /* No list, an empty one, lengths longer than they need to be, and all that may follow a list. */
  assert_mechanisms ("600c06062b0601050502a0023000", NULL);
  assert_mechanisms ("601006062b0601050502a0063004a0023000", &windows[2]);
  assert_mechanisms ("60811d06062b0601050502a013308110a00e300c060a2b06010401823702020a", &windows[1]);
  assert_mechanisms (FULL_HINT, (const char *const[]) { "1.2", NULL });
  assert_mechanisms (FULL_HINT_WITH_MIC, (const char *const[]) { "1.2", NULL });
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
  const char *const good[] = {
    SAMBA_HINT, WINDOWS_HINT, FULL_HINT, WINDOWS_RESPONSE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GBytes) bytes = bytes_from_hex (good[i]);

      for (gsize size = 0; size < g_bytes_get_size (bytes); size++)
        assert_malformed (g_bytes_get_data (bytes, NULL), size);
    }
}

static void
assert_all_malformed (const char *const *bad,
                      gsize              n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GBytes) bytes = bytes_from_hex (bad[i]);

      assert_malformed (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
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

  assert_all_malformed (bad, G_N_ELEMENTS (bad));
}

/* Tags, lengths and identifiers as DER does not have them (X.690 8.1, 8.19, 10). */
static void
test_not_der (void)
{
  const char *const bad[] = {
    "a1063004a3020484",                                   /* a length that ends before it begins */
    "a1083006a30404840000",                               /* or goes on */
    "a1803000",                                           /* none, in different places */
    "a1023080",
    "a1093007a2050480ff0000",
    "bf01023000",                                         /* small tags in the form of large ones */
    "a1033f1000",
    "a1063004bf020400",                                   /* the number would do as a length, too */
    "a1083006bf02030401ff",
    "a1083006a2041f0401ff",
    "601206062b0601050502a0083006a3041f2001ff",           /* and a large one */
    "a1021000",                                           /* constructed or not */
    "81023000",
    "400c06062b0601050502a0023000",
    "600c26062b0601050502a0023000",
    "a107300582030401ff",
    "a1073005a2032401ff",
    "a1073005a0032a0101",
    "601306062b0601050502a0093007a005100306012a",
    "a1083006a10406022a86",                               /* an identifier that does not end */
    "a1093007a10506032a8001",                             /* and one with a number that is padded */
    "a1063004a1020600",                                   /* an empty one */
  };

  assert_all_malformed (bad, G_N_ELEMENTS (bad));
}

/* What is in an element is as long as it says. */
static void
test_not_nested (void)
{
  const char *const bad[] = {
    "a1013000",                                           /* ends before what is in it */
    "a1033000",                                           /* goes beyond the end */
    "a1023001",
    "a1073005a2040401ff",                                 /* beyond the sequence */
    "a10c300aa2030402ffa3030401ff",                       /* beyond the field, into the next one */
    "a10c300aa2050401ffa3030401ff",                       /* a field that takes some of the next one */
    "a10c300aa0020a0101a3030401ff",                       /* a field that ends too early */
    "a10c300aa10306022aa2030401ff",
    "601806062b0601050502a00e300ca005300306022aa2030401ff",
    "601806062b0601050502a00e300ca005300406012aa2030401ff",
    "600c06072b0601050502a0023000",
  };

  assert_all_malformed (bad, G_N_ELEMENTS (bad));
}

/* Each element is in its place, with nothing behind it. */
static void
test_trailing (void)
{
  const char *const bad[] = {
    "a102300000",                                         /* behind the token */
    "600c06062b0601050502a002300000",
    "a10430000500",                                       /* behind the sequence */
    "600e06062b0601050502a00430000500",
    "600e06062b0601050502a00230000500",                   /* behind the choice */
    "a1083006a3030401ff00",                               /* behind the last field */
    "601206062b0601050502a0083006a4030401ff00",
    "a1093007a0050a01010500",                             /* in a field */
    "a10a3008a10606012a06012a",
    "a1093007a2050401ff0500",
    "a10a3008a3060401ff0401ff",
    "601506062b0601050502a00b3009a007300306012a0500",
    "601406062b0601050502a00a3008a006300406012a00",       /* in the list */
    "601206062b0601050502a0083006a30430003000",           /* in the hints */
  };

  assert_all_malformed (bad, G_N_ELEMENTS (bad));
}

/* The fields of RFC 4178 4.2, each at most once, in their order. */
static void
test_fields (void)
{
  const char *const bad[] = {
    "a10c300aa0030a0101a0030a0101",                       /* twice */
    "a10c300aa10306012aa10306012a",
    "a10c300aa2030401ffa2030401ff",
    "a10c300aa3030401ffa3030401ff",
    "601a06062b0601050502a010300ea005300306012aa005300306012a",
    "601806062b0601050502a00e300ca10403020560a10403020560",
    "601606062b0601050502a00c300aa2030401ffa2030401ff",
    "601406062b0601050502a00a3008a3023000a3023000",
    "601606062b0601050502a00c300aa4030401ffa4030401ff",
    "a10c300aa10306012aa0030a0101",                       /* in another order */
    "a10c300aa2030401ffa10306012a",
    "a10c300aa3030401ffa2030401ff",
    "601906062b0601050502a00f300da10403020560a005300306012a",
    "601506062b0601050502a00b3009a3023000a2030401ff",
    "601506062b0601050502a00b3009a4030401ffa3023000",
    "a1073005a4030401ff",                                 /* unknown */
    "601106062b0601050502a0073005a5030401ff",
    "a107300562030401ff",
    "a1043002a000",                                       /* of nothing */
    "a1043002a100",
    "a1043002a200",
    "600e06062b0601050502a0043002a000",
    "600e06062b0601050502a0043002a300",
    "a1073005a003020101",                                 /* of another type */
    "a1073005a10304012a",
    "a1073005a2030301ff",
    "601206062b0601050502a0083006a10404020560",
    "601106062b0601050502a0073005a2030301ff",
    "601106062b0601050502a0073005a4030301ff",
    "601306062b0601050502a0093007a005310306012a",
  };

  assert_all_malformed (bad, G_N_ELEMENTS (bad));
}

static void
append_length (GByteArray *bytes,
               guint8      tag,
               guint       length)
{
  const guint8 header[] = { tag, 0x82, (guint8) (length >> 8), (guint8) length };

  g_byte_array_append (bytes, header, sizeof header);
}

static GBytes *
make_response (guint size)
{
  GByteArray *bytes = g_byte_array_new ();
  const guint start = 4 * 4; /* behind four headers */

  append_length (bytes, 0xa1, size + 12);
  append_length (bytes, 0x30, size + 8);
  append_length (bytes, 0xa2, size + 4);
  append_length (bytes, 0x04, size);
  g_byte_array_set_size (bytes, start + size);
  memset (&bytes->data[start], 0, size);

  return g_byte_array_free_to_bytes (bytes);
}

/* As large as a message can carry. */
static void
test_large_response (void)
{
  g_autoptr(GBytes) largest = make_response (65519);
  g_autoptr(GBytes) too_large = make_response (65520);
  g_auto(SmbSpnegoResponse) response = { 0 };

  g_assert_true (smb_spnego_decode_response (largest, &response, NULL));
  g_assert_cmpuint (g_bytes_get_size (response.token), ==, 65519);
  assert_malformed (g_bytes_get_data (too_large, NULL), g_bytes_get_size (too_large));
}

static GBytes *
make_identifier (guint size)
{
  g_autoptr(GString) hex = g_string_new (NULL);

  g_string_printf (hex, "a181%02x3081%02xa181%02x0681%02x", size + 9, size + 6, size + 3, size);
  for (guint i = 0; i < size; i++)
    g_string_append (hex, "7f");
  return bytes_from_hex (hex->str);
}

/* It comes back whole, or not at all. */
static void
test_large_identifier (void)
{
  g_autoptr(GBytes) largest = make_identifier (128);
  g_autoptr(GBytes) too_large = make_identifier (129);
  g_autoptr(GString) expected = g_string_new ("2.47");
  g_auto(SmbSpnegoResponse) response = { 0 };

  for (guint i = 1; i < 128; i++)
    g_string_append (expected, ".127");

  g_assert_true (smb_spnego_decode_response (largest, &response, NULL));
  g_assert_cmpstr (response.mechanism, ==, expected->str);
  assert_malformed (g_bytes_get_data (too_large, NULL), g_bytes_get_size (too_large));
}

static GBytes *
make_list (guint n_oids)
{
  const guint8 spnego_oid[] = { 0x06, 6, 0x2b, 6, 1, 5, 5, 2 };
  const guint8 oid[] = { 0x06, 1, 0x2a };
  GByteArray *list = g_byte_array_new ();

  append_length (list, 0x60, 3 * n_oids + 24);
  g_byte_array_append (list, spnego_oid, sizeof spnego_oid);
  append_length (list, 0xa0, 3 * n_oids + 12);
  append_length (list, 0x30, 3 * n_oids + 8);
  append_length (list, 0xa0, 3 * n_oids + 4);
  append_length (list, 0x30, 3 * n_oids);
  for (guint i = 0; i < n_oids; i++)
    g_byte_array_append (list, oid, sizeof oid);

  return g_byte_array_free_to_bytes (list);
}

/* 512 bytes at most. */
static void
test_large_list (void)
{
  g_autoptr(GBytes) largest = make_list (169);
  g_autoptr(GBytes) too_large = make_list (170);
  g_autoptr(GBytes) hostile = make_list (20000);
  g_auto(GStrv) mechanisms = NULL;

  g_assert_true (smb_spnego_decode_hint (largest, &mechanisms, NULL));
  g_assert_cmpuint (g_strv_length (mechanisms), ==, 169);
  assert_malformed (g_bytes_get_data (too_large, NULL), g_bytes_get_size (too_large));
  assert_malformed (g_bytes_get_data (hostile, NULL), g_bytes_get_size (hostile));
}

/* Deeper than any stack. */
static void
test_deep (void)
{
  g_autofree guint8 *deep = g_malloc (1 << 20);

  memset (deep, 0xa0, 1 << 20);
  assert_malformed (deep, 1 << 20);
  assert_malformed (deep, 65535);
  for (guint i = 0; i < 65535; i++)
    deep[i] = i % 2 == 0 ? 0x30 : 0x80;
  assert_malformed (deep, 65534);
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
  g_test_add_func ("/spnego-token/not-der", test_not_der);
  g_test_add_func ("/spnego-token/not-nested", test_not_nested);
  g_test_add_func ("/spnego-token/trailing", test_trailing);
  g_test_add_func ("/spnego-token/fields", test_fields);
  g_test_add_func ("/spnego-token/large-response", test_large_response);
  g_test_add_func ("/spnego-token/large-identifier", test_large_identifier);
  g_test_add_func ("/spnego-token/large-list", test_large_list);
  g_test_add_func ("/spnego-token/deep", test_deep);

  return g_test_run ();
}
