/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-check.h"
#include "smb1-peer.h"

/* NEGOTIATE of NT LM 0.12: [MS-CIFS] 2.2.4.52, [MS-SMB] 2.2.4.5. */

static gboolean
negotiated (const PeerOptions  *options,
            SmbNegotiation     *result,
            GError            **error)
{
  g_autoptr(SmbDialect) dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
  g_auto(SmbWriter) w = { 0 };

  smb_writer_init (&w, NULL);
  peer_write_negotiate (&w, options);
  return smb_dialect_negotiated (dialect, w.bytes->data, w.bytes->len, result, error);
}

static void
assert_refused (const PeerOptions *options,
                SmbError           code)
{
  g_autoptr(GError) error = NULL;
  SmbNegotiation result;

  g_assert_false (negotiated (options, &result, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
}

static SmbNegotiation
assert_taken (const PeerOptions *options)
{
  g_autoptr(GError) error = NULL;
  SmbNegotiation result;

  negotiated (options, &result, &error);
  g_assert_no_error (error);
  g_assert_cmphex (result.version, ==, SMB_DIALECT_VERSION_SMB_1);
  g_assert_cmpuint (result.max_chain, ==, 1);
  g_assert_false (result.again);
  g_assert_false (result.can_seal);
  return result;
}

static GByteArray *
make_request (SmbSignOptions sign_options)
{
  g_autoptr(SmbDialect) dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
  const SmbNegotiateOptions options = { .sign_options = sign_options, .target_host = "server" };
  g_autoptr(GError) error = NULL;
  g_autoptr(SmbFrame) frame = smb_dialect_negotiate (dialect, &options, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (smb_frame_get_message (frame, 0)->key, ==, 0);
  g_assert_cmpuint (smb_frame_get_message (frame, 0)->units, ==, 1);
  return peer_wire_bytes (frame);
}

static void
test_request (void)
{
  g_autoptr(GByteArray) bytes = make_request (SMB_SIGN_OPTIONS_WHEN_SUPPORTED);

  /* Flags2: Unicode, NT status, extended security, long names, signatures; TID 0xffff, UID and MID 0. */
  assert_bytes (bytes->data, bytes->len,
                "ff534d4272" "00000000" "18" "45c8" "0000" "0000000000000000" "0000" "ffff" "fffe" "0000"
                "0000" "00" "0c00" "024e54204c4d20302e313200");
}

static void
test_request_signing (void)
{
  static const struct
  {
    SmbSignOptions options;
    guint16        flags2;
  } cases[] = {
    { SMB_SIGN_OPTIONS_NEVER, 0 },
    { SMB_SIGN_OPTIONS_WHEN_SUPPORTED, SMB_SMB1_FLAG2_SIGNATURE },
    { SMB_SIGN_OPTIONS_WHEN_REQUIRED, SMB_SMB1_FLAG2_SIGNATURE },
    { SMB_SIGN_OPTIONS_REQUIRE, SMB_SMB1_FLAG2_SIGNATURE | SMB_SMB1_FLAG2_SIGNATURE_REQUIRED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GByteArray) bytes = make_request (cases[i].options);

      g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_FLAGS2) & 0x0014, ==, cases[i].flags2);
    }
}

static void
test_too_old (void)
{
  g_autoptr(SmbDialect) dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
  const SmbNegotiateOptions options = { .min_version = SMB_DIALECT_VERSION_SMB_2_02 };
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_dialect_negotiate (dialect, &options, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED);
}

static void
test_extended (void)
{
  const PeerOptions options = peer_options ();
  SmbNegotiation result = assert_taken (&options);

  g_assert_cmpmem (g_bytes_get_data (result.token, NULL), g_bytes_get_size (result.token), PEER_TOKEN,
                   strlen (PEER_TOKEN));
  g_assert_null (result.challenge);
  g_assert_false (result.signing_required);
  g_assert_false (result.cannot_sign);
  g_assert_cmpstr (result.signing_algorithm, ==, "MD5");
  smb_negotiation_clear (&result);
}

static void
test_challenge (void)
{
  PeerOptions options = peer_options ();
  SmbNegotiation result;

  options.capabilities &= ~SMB_SMB1_CAP_EXTENDED_SECURITY;
  result = assert_taken (&options);
  g_assert_null (result.token);
  g_assert_cmpmem (g_bytes_get_data (result.challenge, NULL), g_bytes_get_size (result.challenge),
                   "8 random", 8);
  smb_negotiation_clear (&result);
}

static void
test_security_mode (void)
{
  PeerOptions options = peer_options ();
  SmbNegotiation result;

  options.security_mode = SMB_SMB1_SECURITY_USER | SMB_SMB1_SECURITY_ENCRYPT_PASSWORDS;
  result = assert_taken (&options);
  g_assert_true (result.cannot_sign);
  g_assert_null (result.signing_algorithm);
  smb_negotiation_clear (&result);

  options.security_mode = PEER_SECURITY | SMB_SMB1_SECURITY_SIGNATURES_REQUIRED;
  result = assert_taken (&options);
  g_assert_true (result.signing_required);
  g_assert_false (result.cannot_sign);
  smb_negotiation_clear (&result);

  options.security_mode = SMB_SMB1_SECURITY_ENCRYPT_PASSWORDS;
  assert_refused (&options, SMB_ERROR_NOT_SUPPORTED); /* a password for each share */
}

/* Whatever else the server can do. */
static void
test_plain_text (void)
{
  PeerOptions options = peer_options ();

  options.security_mode = SMB_SMB1_SECURITY_USER;
  options.capabilities &= ~SMB_SMB1_CAP_EXTENDED_SECURITY;
  assert_refused (&options, SMB_ERROR_AUTH_FAILED);
}

static void
test_capabilities (void)
{
  PeerOptions options = peer_options ();

  options.capabilities &= ~SMB_SMB1_CAP_UNICODE;
  assert_refused (&options, SMB_ERROR_NOT_SUPPORTED);
  options.capabilities = PEER_CAPABILITIES & ~SMB_SMB1_CAP_NT_SMBS;
  assert_refused (&options, SMB_ERROR_NOT_SUPPORTED);
}

static void
test_units (void)
{
  static const guint16 counts[][2] = { { 0, 1 }, { 1, 1 }, { 2, 1 }, { 50, 49 }, { 0xffff, 0xfffe } };
  PeerOptions options = peer_options ();

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      SmbNegotiation result;

      options.max_requests = counts[i][0];
      result = assert_taken (&options);
      g_assert_cmpuint (result.units, ==, counts[i][1]);
      smb_negotiation_clear (&result);
    }
}

/* Reads and writes may be larger than the buffer where the server says so; signed writes only in the manner
 * of UNIX. */
static void
test_sizes (void)
{
  static const guint32 no_large = PEER_CAPABILITIES & ~(SMB_SMB1_CAP_LARGE_READX | SMB_SMB1_CAP_LARGE_WRITEX);
  static const struct
  {
    guint32 capabilities;
    guint32 buffer_size;
    guint32 read;
    guint32 write;
    guint32 signed_write;
  } cases[] = {
    { PEER_CAPABILITIES, 16644, 0xf000, 0x1f000, 16384 },
    { PEER_CAPABILITIES | SMB_SMB1_CAP_UNIX, 16644, 0x1f000, 0x1f000, 0x1f000 },
    { no_large, 16644, 16384, 16384, 16384 },
    { no_large, 4356, 4096, 4096, 4096 },
    { no_large, 1024, 512, 512, 512 },
    { no_large, 0xffffffff, 0xf000, 0xf000, 0xf000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PeerOptions options = peer_options ();
      SmbNegotiation result;

      options.capabilities = cases[i].capabilities;
      options.max_buffer_size = cases[i].buffer_size;
      result = assert_taken (&options);
      g_assert_cmpuint (result.max_read_size, ==, cases[i].read);
      g_assert_cmpuint (result.max_write_size, ==, cases[i].write);
      g_assert_cmpuint (result.max_signed_write_size, ==, cases[i].signed_write);
      smb_negotiation_clear (&result);
    }
}

static void
test_small_buffer (void)
{
  PeerOptions options = peer_options ();

  options.max_buffer_size = 1023;
  assert_refused (&options, SMB_ERROR_PROTOCOL);
}

/* Answers of one word: which dialect, or none. */
static void
test_dialect (void)
{
  static const struct
  {
    guint16  index;
    SmbError code;
  } cases[] = { { 0xffff, SMB_ERROR_NOT_SUPPORTED }, { 1, SMB_ERROR_PROTOCOL }, { 0, SMB_ERROR_PROTOCOL } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SmbDialect) dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
      g_auto(SmbWriter) w = { 0 };
      g_autoptr(GError) error = NULL;
      SmbNegotiation result;

      smb_writer_init (&w, NULL);
      peer_write_header (&w, SMB_SMB1_NEGOTIATE, 0, SMB_STATUS_SUCCESS);
      smb_writer_u8 (&w, 1);
      smb_writer_u16 (&w, cases[i].index);
      smb_writer_u16 (&w, 0);
      g_assert_false (smb_dialect_negotiated (dialect, w.bytes->data, w.bytes->len, &result, &error));
      g_assert_error (error, SMB_ERROR, (int) cases[i].code);
    }
}

static void
test_refused (void)
{
  g_autoptr(SmbDialect) dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
  g_auto(SmbWriter) w = { 0 };
  g_autoptr(GError) error = NULL;
  SmbNegotiation result;

  smb_writer_init (&w, NULL);
  peer_write_header (&w, SMB_SMB1_NEGOTIATE, 0, SMB_STATUS_ACCESS_DENIED);
  smb_writer_zeros (&w, 3);
  g_assert_false (smb_dialect_negotiated (dialect, w.bytes->data, w.bytes->len, &result, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
}

/* SMB2, another command, a request, another MID. */
static void
test_no_answer (void)
{
  static const struct
  {
    gsize  offset;
    guint8 value;
  } changes[] = { { 0, 0xfe }, { 4, SMB_SMB1_ECHO }, { 9, 0 }, { 30, 1 } };
  const PeerOptions options = peer_options ();

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr(SmbDialect) dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
      g_auto(SmbWriter) w = { 0 };
      g_autoptr(GError) error = NULL;
      SmbNegotiation result;

      smb_writer_init (&w, NULL);
      peer_write_negotiate (&w, &options);
      w.bytes->data[changes[i].offset] = changes[i].value;
      g_assert_false (smb_dialect_negotiated (dialect, w.bytes->data, w.bytes->len, &result, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

static gboolean
decode (const guint8  *data,
        gsize          size,
        GError       **error)
{
  g_autoptr(SmbDialect) dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
  SmbNegotiation result;
  gboolean taken = smb_dialect_negotiated (dialect, data, size, &result, error);

  if (taken)
    smb_negotiation_clear (&result);
  return taken;
}

static void
test_prefixes (void)
{
  PeerOptions options = peer_options ();
  g_auto(SmbWriter) extended = { 0 };
  g_auto(SmbWriter) basic = { 0 };

  smb_writer_init (&extended, NULL);
  peer_write_negotiate (&extended, &options);
  check_prefixes (decode, extended.bytes->data, extended.bytes->len, extended.bytes->len);
  check_corruption (decode, extended.bytes->data, extended.bytes->len);

  options.capabilities &= ~SMB_SMB1_CAP_EXTENDED_SECURITY;
  smb_writer_init (&basic, NULL);
  peer_write_negotiate (&basic, &options);
  check_prefixes (decode, basic.bytes->data, basic.bytes->len, basic.bytes->len);
  check_corruption (decode, basic.bytes->data, basic.bytes->len);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/smb1-negotiate/request", test_request);
  g_test_add_func ("/smb1-negotiate/request-signing", test_request_signing);
  g_test_add_func ("/smb1-negotiate/too-old", test_too_old);
  g_test_add_func ("/smb1-negotiate/extended", test_extended);
  g_test_add_func ("/smb1-negotiate/challenge", test_challenge);
  g_test_add_func ("/smb1-negotiate/security-mode", test_security_mode);
  g_test_add_func ("/smb1-negotiate/plain-text", test_plain_text);
  g_test_add_func ("/smb1-negotiate/capabilities", test_capabilities);
  g_test_add_func ("/smb1-negotiate/units", test_units);
  g_test_add_func ("/smb1-negotiate/sizes", test_sizes);
  g_test_add_func ("/smb1-negotiate/small-buffer", test_small_buffer);
  g_test_add_func ("/smb1-negotiate/dialect", test_dialect);
  g_test_add_func ("/smb1-negotiate/refused", test_refused);
  g_test_add_func ("/smb1-negotiate/no-answer", test_no_answer);
  g_test_add_func ("/smb1-negotiate/prefixes", test_prefixes);

  return g_test_run ();
}
