/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "decoder-check.h"
#include "wire/smb-nbns.h"

/* ---- Names ---- */

static SmbNetbiosName
name_of (const char *text,
         guint8      suffix)
{
  g_autoptr(GError) error = NULL;
  SmbNetbiosName    name;

  g_assert_true (smb_netbios_name_init (&name, text, suffix, &error));
  g_assert_no_error (error);
  return name;
}

static void
assert_encoded (const SmbNetbiosName *name,
                const char           *letters)
{
  g_auto(SmbWriter) w;

  smb_writer_init (&w, NULL);
  smb_netbios_name_encode (name, &w);
  g_assert_cmpuint (w.bytes->len, ==, 34);
  g_assert_cmpuint (w.bytes->data[0], ==, 0x20);
  g_assert_cmpmem (w.bytes->data + 1, 32, letters, strlen (letters));
  g_assert_cmpuint (w.bytes->data[33], ==, 0);
}

static void
test_name_encode (void)
{
  SmbNetbiosName fred = name_of ("fred", ' ');
  SmbNetbiosName server = name_of ("*SMBSERVER", SMB_NETBIOS_SUFFIX_SERVER);
  SmbNetbiosName longest = name_of ("ABCDEFGHIJKLMNO", 0);
  SmbNetbiosName example, any;

  assert_encoded (&fred, "EGFCEFEECACACACACACACACACACACACA"); /* [RFC 1002] 4.1 */
  memcpy (example.bytes, "The NetBIOS name", 16);
  assert_encoded (&example, "FEGIGFCAEOGFHEECEJEPFDCAGOGBGNGF"); /* [RFC 1001] 14.1 */
  assert_encoded (&server, "CKFDENECFDEFFCFGEFFCCACACACACACA");
  assert_encoded (&longest, "EBECEDEEEFEGEHEIEJEKELEMENEOEPAA");
  smb_netbios_name_init_any (&any);
  assert_encoded (&any, "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

static void
test_name_text (void)
{
  static const struct
  {
    const char *text;
    const char *bytes;
    const char *back;
  } cases[] = {
    { "nas", "NAS            ", "NAS" },
    { "TWO WORDS", "TWO WORDS      ", "TWO WORDS" },
    { "jürgen", "J\232RGEN         ", "JÜRGEN" },
    { "ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SmbNetbiosName   name = name_of (cases[i].text, 0x1D);
      g_autofree char *back = smb_netbios_name_dup_text (&name);

      g_assert_cmpmem (name.bytes, 15, cases[i].bytes, 15);
      g_assert_cmpuint (smb_netbios_name_get_suffix (&name), ==, 0x1D);
      g_assert_cmpstr (back, ==, cases[i].back);
    }
}

static void
test_name_refused (void)
{
  static const char *const texts[] = {
    "", "ABCDEFGHIJKLMNOP", "tab\tbed", "\xff", "юра", "ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄ",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      SmbNetbiosName    name;

      g_assert_false (smb_netbios_name_init (&name, texts[i], 0, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* What a node sends may be anything. */
static void
test_name_strange (void)
{
  SmbNetbiosName   zeros = { { 0 } };
  SmbNetbiosName   browser = { "\1\2__MSBROWSE__\2\1" };
  SmbNetbiosName   inside = { "A\0B" };
  g_autofree char *no_text = smb_netbios_name_dup_text (&zeros);
  g_autofree char *browser_text = smb_netbios_name_dup_text (&browser);
  g_autofree char *inside_text = smb_netbios_name_dup_text (&inside);

  g_assert_cmpstr (no_text, ==, "");
  g_assert_cmpstr (browser_text, ==, "\1\2__MSBROWSE__\2");
  g_assert_true (g_utf8_validate (inside_text, -1, NULL));
  g_assert_true (g_str_has_prefix (inside_text, "A"));
  g_assert_false (smb_netbios_name_equal (&zeros, &inside));
  g_assert_true (smb_netbios_name_equal (&zeros, &zeros));
}

/* ---- Questions ---- */

static void
assert_request (SmbNbnsType           type,
                const SmbNetbiosName *name,
                gboolean              broadcast,
                const char           *hex)
{
  g_autoptr(GBytes) bytes = smb_nbns_request_encode (0x1234, type, name, broadcast);

  assert_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), hex);
}

#define LETTERS_FRED "4547464345464545434143414341434143414341434143414341434143414341"
#define HEX_FRED "20" LETTERS_FRED "00"
#define HEX_ANY  "20" "434b414141414141414141414141414141414141414141414141414141414141" "00"

static void
test_requests (void)
{
  SmbNetbiosName fred = name_of ("FRED", ' ');
  SmbNetbiosName any;

  smb_netbios_name_init_any (&any);
  assert_request (SMB_NBNS_NAME, &fred, TRUE, "1234011000010000000000" "00" HEX_FRED "00200001");
  assert_request (SMB_NBNS_NAME, &fred, FALSE, "1234010000010000000000" "00" HEX_FRED "00200001");
  assert_request (SMB_NBNS_STATUS, &any, FALSE, "1234000000010000000000" "00" HEX_ANY "00210001");
}

/* ---- Answers ---- */

#define ANSWER(flags, questions, answers) "1234" flags questions answers "00000000"
#define IN_NAME(size)   "00200001" "000493e0" size
#define IN_STATUS(size) "00210001" "00000000" size

#define ONE_ADDRESS    ANSWER ("8580", "0000", "0001") HEX_FRED IN_NAME ("0006") "6000c0a80102"
#define TWO_ADDRESSES  ANSWER ("8580", "0000", "0001") HEX_FRED IN_NAME ("000c") "e000c0a80102" "e0000a000001"
#define WITH_QUESTION  ANSWER ("8580", "0001", "0001") HEX_FRED "00200001" "c00c" IN_NAME ("0006") "6000c0a80102"
#define WITH_SCOPE                                                                                               \
  ANSWER ("8580", "0000", "0001")                                                                                \
  "20" LETTERS_FRED "074e455442494f53" "03434f4d" "00"                                                           \
  IN_NAME ("0006") "6000c0a80102"
#define SCOPE_ELSEWHERE                                                                                          \
  ANSWER ("8580", "0001", "0001") HEX_FRED "00200001"                                                            \
  "20" LETTERS_FRED "c02d" IN_NAME ("0006") "6000c0a80102"
#define NEGATIVE       ANSWER ("8583", "0000", "0001") HEX_FRED "000a0001" "00000000" "0000"
#define NEGATIVE_BARE  ANSWER ("8585", "0000", "0000")
#define REDIRECT       ANSWER ("8100", "0000", "0000")
#define ZEROS_10       "00000000000000000000"
#define STATISTICS     "001122334455" ZEROS_10 ZEROS_10 ZEROS_10 ZEROS_10
#define HEX_SMBTEST    "534d4254455354" "2020202020202020"
#define HEX_TESTGROUP  "5445535447524f5550" "202020202020"
#define STATUS                                                                                                   \
  ANSWER ("8400", "0000", "0001") HEX_ANY IN_STATUS ("0065") "03" HEX_SMBTEST "00" "6400" HEX_SMBTEST "20" "6400" \
  HEX_TESTGROUP "00" "e400" STATISTICS
#define STATUS_SHORT   ANSWER ("8400", "0000", "0001") HEX_ANY IN_STATUS ("0013") "01" HEX_SMBTEST "20" "6400"

static SmbNbnsReply *
decode_hex (const char *hex)
{
  gsize              size;
  g_autofree guint8 *data = bytes_from_hex (hex, &size);
  g_autoptr(GError)  error = NULL;
  SmbNbnsReply      *reply = smb_nbns_reply_decode (data, size, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (reply->id, ==, 0x1234);
  return reply;
}

static void
assert_address (const SmbNbnsReply *reply,
                guint               i,
                guint16             flags,
                const char         *hex)
{
  const SmbNbnsAddress *address = &g_array_index (reply->addresses, SmbNbnsAddress, i);

  g_assert_cmpuint (reply->addresses->len, >, i);
  g_assert_cmpuint (address->flags, ==, flags);
  assert_bytes (address->address, sizeof address->address, hex);
}

static void
test_addresses (void)
{
  static const char *const ones[] = { ONE_ADDRESS, WITH_QUESTION, WITH_SCOPE };
  SmbNetbiosName           fred = name_of ("FRED", ' ');
  g_autoptr(SmbNbnsReply)  two = decode_hex (TWO_ADDRESSES);

  for (gsize i = 0; i < G_N_ELEMENTS (ones); i++)
    {
      g_autoptr(SmbNbnsReply) reply = decode_hex (ones[i]);

      g_assert_cmpuint (reply->code, ==, 0);
      g_assert_cmpuint (reply->type, ==, SMB_NBNS_NAME);
      g_assert_true (reply->has_name);
      g_assert_true (smb_netbios_name_equal (&reply->name, &fred));
      g_assert_cmpuint (reply->addresses->len, ==, 1);
      g_assert_cmpuint (reply->records->len, ==, 0);
      assert_address (reply, 0, 0x6000, "c0a80102");
    }

  g_assert_cmpuint (two->addresses->len, ==, 2);
  assert_address (two, 0, SMB_NBNS_GROUP | 0x6000, "c0a80102");
  assert_address (two, 1, SMB_NBNS_GROUP | 0x6000, "0a000001");
}

/* The rest of a name may be where an earlier one ends. */
static void
test_scope_elsewhere (void)
{
  SmbNetbiosName          fred = name_of ("FRED", ' ');
  g_autoptr(SmbNbnsReply) reply = decode_hex (SCOPE_ELSEWHERE);

  g_assert_true (smb_netbios_name_equal (&reply->name, &fred));
  assert_address (reply, 0, 0x6000, "c0a80102");
}

static void
test_status (void)
{
  g_autoptr(SmbNbnsReply) reply = decode_hex (STATUS);
  g_autoptr(SmbNbnsReply) brief = decode_hex (STATUS_SHORT);
  const SmbNbnsRecord    *records = (const SmbNbnsRecord *) (gpointer) reply->records->data;
  g_autofree char        *text = NULL;

  g_assert_cmpuint (reply->type, ==, SMB_NBNS_STATUS);
  g_assert_cmpuint (reply->addresses->len, ==, 0);
  g_assert_cmpuint (reply->records->len, ==, 3);
  text = smb_netbios_name_dup_text (&records[1].name);
  g_assert_cmpstr (text, ==, "SMBTEST");
  g_assert_cmpuint (smb_netbios_name_get_suffix (&records[1].name), ==, SMB_NETBIOS_SUFFIX_SERVER);
  g_assert_cmpuint (records[1].flags, ==, SMB_NBNS_ACTIVE | 0x6000);
  g_assert_cmpuint (records[2].flags, ==, SMB_NBNS_GROUP | SMB_NBNS_ACTIVE | 0x6000);
  g_assert_true (reply->has_unit_id);
  assert_bytes (reply->unit_id, sizeof reply->unit_id, "001122334455");

  g_assert_cmpuint (brief->records->len, ==, 1);
  g_assert_false (brief->has_unit_id);
}

static void
test_no_answers (void)
{
  g_autoptr(SmbNbnsReply) negative = decode_hex (NEGATIVE);
  g_autoptr(SmbNbnsReply) bare = decode_hex (NEGATIVE_BARE);
  g_autoptr(SmbNbnsReply) redirect = decode_hex (REDIRECT);

  g_assert_cmpuint (negative->code, ==, SMB_NBNS_NAME_ERROR);
  g_assert_true (negative->has_name);
  g_assert_cmpuint (negative->type, ==, 0);
  g_assert_cmpuint (bare->code, ==, SMB_NBNS_REFUSED);
  g_assert_false (bare->has_name);
  g_assert_cmpuint (redirect->code, ==, 0);
  g_assert_cmpuint (redirect->type, ==, 0);
}

/* ---- What cannot be ---- */

static gboolean
decode_reply (const guint8  *data,
              gsize          size,
              GError       **error)
{
  g_autoptr(SmbNbnsReply) reply = smb_nbns_reply_decode (data, size, error);

  if (reply == NULL)
    return FALSE;
  for (guint i = 0; i < reply->records->len; i++)
    g_free (smb_netbios_name_dup_text (&g_array_index (reply->records, SmbNbnsRecord, i).name));
  return TRUE;
}

static void
test_prefixes_and_corruption (void)
{
  static const char *const good[] = { ONE_ADDRESS, TWO_ADDRESSES, WITH_QUESTION, WITH_SCOPE, SCOPE_ELSEWHERE,
                                      NEGATIVE,    NEGATIVE_BARE, STATUS,        STATUS_SHORT };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      gsize              size;
      g_autofree guint8 *data = bytes_from_hex (good[i], &size);

      check_prefixes (decode_reply, data, size, size);
      check_corruption (decode_reply, data, size);
    }
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    ANSWER ("0580", "0000", "0001") HEX_FRED IN_NAME ("0006") "6000c0a80102", /* a question */
    ANSWER ("bc00", "0000", "0001") HEX_FRED IN_NAME ("0006") "6000c0a80102", /* wait for acknowledgement */
    ANSWER ("8580", "0000", "0001") HEX_FRED IN_NAME ("0007") "6000c0a8010200", /* no whole address */
    ANSWER ("8580", "0000", "0001") "c00c" IN_NAME ("0006") "6000c0a80102", /* the name is itself */
    ANSWER ("8580", "0000", "0001") "c00e" "c00c" IN_NAME ("0006") "6000c0a80102", /* forward */
    ANSWER ("8580", "0001", "0001") "c02e" "00200001" HEX_FRED IN_NAME ("0006") "6000c0a80102",
    ANSWER ("8580", "0001", "0001") HEX_FRED "00200001" "c032" "c032" IN_NAME ("0006") "6000c0a80102",
    ANSWER ("8580", "0000", "0001") "80" HEX_FRED IN_NAME ("0006") "6000c0a80102", /* no length, no pointer */
    ANSWER ("8580", "0000", "0001") "1f" HEX_FRED IN_NAME ("0006") "6000c0a80102", /* not 32 letters */
    ANSWER ("8580", "0000", "0001") "20" "5147464345464545434143414341434143414341434143414341434143414341" "00"
    IN_NAME ("0006") "6000c0a80102", /* Q */
    ANSWER ("8400", "0000", "0001") HEX_ANY IN_STATUS ("0013") "02" HEX_SMBTEST "20" "6400",
    ANSWER ("8580", "ffff", "0001") HEX_FRED IN_NAME ("0006") "6000c0a80102",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gsize              size;
      g_autofree guint8 *data = bytes_from_hex (bad[i], &size);
      g_autoptr(GError)  error = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_false (decode_reply (data, size, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

/* A chain of pointers as long as a datagram can hold: each leads back by two bytes. */
static void
test_pointer_chain (void)
{
  g_auto(SmbWriter) w;
  g_autoptr(GError) error = NULL;

  smb_writer_init (&w, NULL);
  for (guint offset = 0; offset < 0x4000; offset += 2)
    smb_writer_u16_be (&w, offset < 2 ? 0xFFFF : 0xC000 | (offset - 2));
  for (gsize size = 2; size <= w.bytes->len; size *= 2)
    {
      g_autofree guint8 *copy = g_memdup2 (w.bytes->data, size);
      SmbNetbiosName     name;
      SmbReader          r;

      smb_reader_init (&r, copy, size);
      smb_reader_seek (&r, size - 2);
      smb_netbios_name_read (&r, &name);
      g_assert_true (r.failed);
    }
}

/* A scope may make a name 255 bytes long, no more. */
static void
test_scope_length (void)
{
  SmbNetbiosName fred = name_of ("FRED", ' ');

  for (guint excess = 0; excess < 2; excess++)
    {
      g_auto(SmbWriter)  w;
      g_autofree guint8 *copy = NULL;
      const guint8       labels[] = { 63, 63, 63, 28 + excess };
      SmbNetbiosName     name;
      SmbReader          r;

      smb_writer_init (&w, NULL);
      smb_netbios_name_encode (&fred, &w);
      g_byte_array_set_size (w.bytes, w.bytes->len - 1);
      for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
        {
          smb_writer_u8 (&w, labels[i]);
          smb_writer_zeros (&w, labels[i]);
        }
      smb_writer_u8 (&w, 0);

      g_assert_cmpuint (w.bytes->len, ==, 255 + excess);
      copy = g_memdup2 (w.bytes->data, w.bytes->len);
      smb_reader_init (&r, copy, w.bytes->len);
      smb_netbios_name_read (&r, &name);
      g_assert_cmpint (r.failed, ==, excess > 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/nbns/name/encode", test_name_encode);
  g_test_add_func ("/nbns/name/text", test_name_text);
  g_test_add_func ("/nbns/name/refused", test_name_refused);
  g_test_add_func ("/nbns/name/strange", test_name_strange);
  g_test_add_func ("/nbns/name/pointer-chain", test_pointer_chain);
  g_test_add_func ("/nbns/name/scope-length", test_scope_length);
  g_test_add_func ("/nbns/requests", test_requests);
  g_test_add_func ("/nbns/addresses", test_addresses);
  g_test_add_func ("/nbns/scope-elsewhere", test_scope_elsewhere);
  g_test_add_func ("/nbns/status", test_status);
  g_test_add_func ("/nbns/no-answers", test_no_answers);
  g_test_add_func ("/nbns/prefixes-and-corruption", test_prefixes_and_corruption);
  g_test_add_func ("/nbns/refused", test_refused);

  return g_test_run ();
}
