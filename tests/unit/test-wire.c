/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "decoder-check.h"
#include "wire/smb-filetime.h"
#include "wire/smb-name-match.h"
#include "wire/smb-reader.h"
#include "wire/smb-utf16.h"
#include "wire/smb-writer.h"

static void
test_reader_numbers (void)
{
  gsize size;
  g_autofree guint8 *data = bytes_from_hex ("ff0102030405060708090a0b0c0d0e0f1011121314151617"
                                            "18191a1b1c1d0a00", &size);
  g_autoptr(GError) error = NULL;
  SmbReader r;

  smb_reader_init (&r, data, size);
  g_assert_cmphex (smb_reader_u8 (&r), ==, 0xFF);
  g_assert_cmphex (smb_reader_u16 (&r), ==, 0x0201);
  g_assert_cmphex (smb_reader_u32 (&r), ==, 0x06050403);
  g_assert_cmphex (smb_reader_u64 (&r), ==, G_GUINT64_CONSTANT (0x0E0D0C0B0A090807));
  g_assert_cmphex (smb_reader_u16_be (&r), ==, 0x0F10);
  g_assert_cmphex (smb_reader_u32_be (&r), ==, 0x11121314);
  smb_reader_align (&r, 4);
  g_assert_cmpuint (r.offset, ==, 24);
  smb_reader_align (&r, 4);
  g_assert_cmphex (smb_reader_u8 (&r), ==, 0x18);
  smb_reader_seek (&r, 22);
  g_assert_cmphex (smb_reader_u64_be (&r), ==, G_GUINT64_CONSTANT (0x161718191A1B1C1D));
  smb_reader_expect_u16 (&r, 10);
  g_assert_cmpuint (smb_reader_get_remaining (&r), ==, 0);
  g_assert_true (smb_reader_finish (&r, "Numbers", &error));
  g_assert_no_error (error);
}

/* After one number too many everything is nothing, whatever is asked for. */
static void
test_reader_sticks (void)
{
  const guint8 data[] = { 1, 2, 3 };
  g_autoptr(GError) error = NULL;
  guint8 copy[2] = { 9, 9 };
  SmbReader r;

  smb_reader_init (&r, data, sizeof data);
  g_assert_cmphex (smb_reader_u32 (&r), ==, 0);
  g_assert_true (r.failed);
  g_assert_cmphex (smb_reader_u8 (&r), ==, 0);
  g_assert_null (smb_reader_bytes (&r, 0));
  smb_reader_seek (&r, 0);
  g_assert_cmphex (smb_reader_u16 (&r), ==, 0);
  smb_reader_copy (&r, copy, sizeof copy);
  g_assert_cmphex (copy[0], ==, 0);
  g_assert_cmpuint (smb_reader_get_remaining (&r), ==, 0);
  g_assert_null (smb_reader_utf16 (&r, 0));
  g_assert_null (smb_reader_filetime (&r));
  g_assert_false (smb_reader_finish (&r, "READ response", &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "READ response"));
}

static void
assert_fails (SmbReader  *r,
              const char *what)
{
  if (!r->failed)
    g_error ("%s should have failed", what);
  r->failed = FALSE;
}

static void
test_reader_limits (void)
{
  const guint8 data[] = { 1, 2, 3, 4 };
  SmbReader r, sub;

  smb_reader_init (&r, data, sizeof data);
  smb_reader_seek (&r, 4);
  g_assert_false (r.failed);
  smb_reader_seek (&r, 5);
  assert_fails (&r, "seek behind the end");
  smb_reader_skip (&r, G_MAXSIZE);
  assert_fails (&r, "skip that overflows");
  smb_reader_seek (&r, 3);
  smb_reader_align (&r, 8);
  assert_fails (&r, "padding that is not there");
  smb_reader_seek (&r, 0);
  smb_reader_expect_u8 (&r, 2);
  assert_fails (&r, "another u8");
  smb_reader_expect_u16 (&r, 0x0203);
  assert_fails (&r, "another u16");
  smb_reader_seek (&r, 0);
  smb_reader_expect_u32 (&r, 0x04030202);
  assert_fails (&r, "another u32");

  smb_reader_sub (&r, &sub, 2, 3);
  g_assert_true (sub.failed);
  assert_fails (&r, "sub behind the end");
  smb_reader_sub (&r, &sub, 5, 1);
  assert_fails (&r, "sub that begins behind the end");
  smb_reader_sub (&r, &sub, G_MAXSIZE, 2);
  assert_fails (&r, "sub that overflows");
  smb_reader_sub (&r, &sub, 1000, 0);
  g_assert_false (r.failed);
  g_assert_cmpuint (sub.size, ==, 0);

  smb_reader_seek (&r, 3);
  smb_reader_take (&r, &sub, 2);
  g_assert_true (sub.failed);
  assert_fails (&r, "take behind the end");
}

static void
test_reader_sub (void)
{
  const guint8 data[] = { 1, 2, 3, 4, 5, 6 };
  SmbReader r, sub, subsub;

  smb_reader_init (&r, data, sizeof data);
  smb_reader_skip (&r, 1);
  smb_reader_sub (&r, &sub, 2, 3);
  g_assert_cmpuint (r.offset, ==, 1);
  g_assert_cmphex (smb_reader_u8 (&sub), ==, 3);
  smb_reader_take (&sub, &subsub, 1);
  g_assert_cmphex (smb_reader_u8 (&subsub), ==, 4);
  g_assert_cmphex (smb_reader_u8 (&subsub), ==, 0);
  g_assert_true (subsub.failed);
  g_assert_false (sub.failed);
  g_assert_cmphex (smb_reader_u8 (&sub), ==, 5);
  smb_reader_skip (&sub, 1);
  g_assert_true (sub.failed);
  g_assert_false (r.failed);

  smb_reader_init (&r, NULL, 0);
  g_assert_nonnull (smb_reader_bytes (&r, 0));
  g_assert_cmphex (smb_reader_u8 (&r), ==, 0);
  g_assert_true (r.failed);
}

static void
test_reader_values (void)
{
  gsize size;
  g_autofree guint8 *data = bytes_from_hex ("ff" "4100e4003dd800de" "00e4000000d8"
                                            "007d23cf8a9fda01" "0000000000000000", &size);
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *text = NULL;
  SmbReader r;

  smb_reader_init (&r, data, size);
  smb_reader_skip (&r, 1); /* so that nothing is aligned */
  text = smb_reader_utf16 (&r, 8);
  g_assert_cmpstr (text, ==, "A\xC3\xA4\xF0\x9F\x98\x80");
  g_assert_null (smb_reader_utf16 (&r, 4));
  assert_fails (&r, "U+0000 in a text");
  g_assert_null (smb_reader_utf16 (&r, 2));
  assert_fails (&r, "lone surrogate");
  smb_reader_seek (&r, 9 + 6);
  time = smb_reader_filetime (&r);
  g_assert_nonnull (time);
  g_assert_null (smb_reader_filetime (&r));
  g_assert_false (r.failed);
}

static void
test_writer (void)
{
  g_autoptr(GByteArray) array = g_byte_array_new ();
  g_auto(SmbWriter) w = { NULL };

  g_byte_array_append (array, (const guint8 *) "head", 3);
  smb_writer_init (&w, array);
  smb_writer_u8 (&w, 0xFF);
  smb_writer_u16 (&w, 0x0102);
  smb_writer_u32 (&w, 0x03040506);
  smb_writer_u64 (&w, G_GUINT64_CONSTANT (0x0708090A0B0C0D0E));
  smb_writer_u16_be (&w, 0x0102);
  smb_writer_u32_be (&w, 0x03040506);
  g_assert_cmpuint (smb_writer_get_offset (&w), ==, 21);
  smb_writer_align (&w, 8);
  g_assert_cmpuint (smb_writer_get_offset (&w), ==, 24);
  smb_writer_align (&w, 8);
  g_assert_cmpuint (smb_writer_utf16 (&w, "A\xF0\x9F\x98\x80"), ==, 6);
  g_assert_cmpuint (smb_writer_utf16 (&w, ""), ==, 0);
  g_assert_cmpuint (smb_writer_utf16 (&w, "\xFF"), ==, 0);
  smb_writer_bytes (&w, "xy", 2);
  smb_writer_bytes (&w, NULL, 0);
  smb_writer_zeros (&w, 1);
  smb_writer_zeros (&w, 0);
  smb_writer_patch_u16 (&w, 1, 0xAABB);
  smb_writer_patch_u32 (&w, 3, 0xCCDDEEFF);

  assert_bytes (array->data, array->len,
                "686561" "ff" "bbaa" "ffeeddcc" "0e0d0c0b0a090807" "0102" "03040506" "000000"
                "41003dd800de" "7879" "00");
}

static void
test_writer_own (void)
{
  g_autoptr(GBytes) bytes = NULL;
  SmbWriter w;

  smb_writer_init (&w, NULL);
  smb_writer_u8 (&w, 7);
  bytes = smb_writer_steal_bytes (&w);
  smb_writer_clear (&w);
  assert_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "07");
}

/* However much is written at once, nothing is lost when the memory moves. */
static void
test_writer_grows (void)
{
  const char text[] = "the quick brown fox";
  g_auto(SmbWriter) w = { NULL };
  gsize offset = 0;

  smb_writer_init (&w, NULL);
  for (guint i = 0; i < 2000; i++)
    {
      smb_writer_bytes (&w, text, i % sizeof text);
      smb_writer_u32 (&w, i);
    }
  smb_writer_zeros (&w, 100000);
  g_assert_cmpuint (smb_writer_utf16 (&w, text), ==, 2 * (sizeof text - 1));

  for (guint i = 0; i < 2000; i++)
    {
      g_assert_cmpmem (w.bytes->data + offset, i % sizeof text, text, i % sizeof text);
      offset += i % sizeof text;
      g_assert_cmphex (w.bytes->data[offset] | w.bytes->data[offset + 1] << 8, ==, i);
      offset += 4;
    }
  g_assert_cmpuint (w.bytes->len, ==, offset + 100000 + 2 * (sizeof text - 1));
  g_assert_cmphex (w.bytes->data[offset + 100000], ==, 't');
}

static void
assert_utf16 (const char *text,
              const char *hex)
{
  gsize size, expected_size;
  g_autofree guint8 *units = smb_utf16_from_utf8 (text, &size);
  g_autofree guint8 *expected = bytes_from_hex (hex, &expected_size);
  g_autofree char *back = smb_utf16_to_utf8 (expected, expected_size);
  g_autofree char *lossy = smb_utf16_to_utf8_lossy (expected, expected_size);

  g_assert_nonnull (units);
  g_assert_cmpmem (units, size, expected, expected_size);
  g_assert_cmpstr (back, ==, text);
  g_assert_cmpstr (lossy, ==, text);
  g_assert_cmpuint (smb_utf16_count_units (text), ==, size / 2);
}

static void
test_utf16 (void)
{
  assert_utf16 ("", "");
  assert_utf16 ("smb", "73006d006200");
  assert_utf16 ("\xC3\xA4\xE2\x82\xAC", "e400ac20");
  assert_utf16 ("\xEF\xBF\xBF", "ffff");
  assert_utf16 ("\xF0\x90\x80\x80", "00d800dc");
  assert_utf16 ("\xF4\x8F\xBF\xBF", "ffdbffdf");
  assert_utf16 ("a\xF0\x9F\x98\x80z", "61003dd800de7a00");
  assert_utf16 ("12345678", "31003200330034003500360037003800");
  assert_utf16 ("1234567\xC3\xA4", "3100320033003400350036003700e400");
  assert_utf16 ("12345678\xC3\xA4" "12345678!", "31003200330034003500360037003800e400"
                                             "310032003300340035003600370038002100");
}

static void
test_utf16_refuses (void)
{
  static const char *const not_utf8[] = { "\xFF", "12345678\xFF", "1234567\xC3", "\xC3", "\xED\xA0\x80",
                                          "\xF4\x90\x80\x80", "\xC0\xAF" };
  static const char *const not_utf16[] = { "41", "410042", "3dd8", "00de", "3dd83dd8", "00de3dd8", "3dd84100",
                                           "41000000", "0000" };
  gsize size;

  for (gsize i = 0; i < G_N_ELEMENTS (not_utf8); i++)
    {
      g_assert_null (smb_utf16_from_utf8 (not_utf8[i], &size));
      g_assert_cmpuint (size, ==, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (not_utf16); i++)
    {
      g_autofree guint8 *bytes = bytes_from_hex (not_utf16[i], &size);

      g_assert_null (smb_utf16_to_utf8 (bytes, size));
    }
}

static void
assert_lossy (const char *hex,
              const char *text)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);
  g_autofree char *lossy = smb_utf16_to_utf8_lossy (bytes, size);

  g_assert_cmpstr (lossy, ==, text);
}

static void
test_utf16_lossy (void)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex ("410042000000ff", &size);
  g_autofree char *terminated = smb_utf16_to_utf8_terminated (bytes, 6);
  g_autofree char *whole = smb_utf16_to_utf8_terminated (bytes, 4);

  assert_lossy ("3dd8", "\xEF\xBF\xBD");
  assert_lossy ("00de4100", "\xEF\xBF\xBD" "A");
  assert_lossy ("3dd83dd800de", "\xEF\xBF\xBD\xF0\x9F\x98\x80");
  assert_lossy ("4100000042", "A");
  assert_lossy ("410042", "A");
  g_assert_cmpstr (terminated, ==, "AB");
  g_assert_cmpstr (whole, ==, "AB");
  g_assert_null (smb_utf16_to_utf8_terminated (bytes, size));
}

static void
assert_filetime (guint64     filetime,
                 const char *iso)
{
  g_autoptr(GDateTime) time = smb_filetime_to_date_time (filetime);
  g_autofree char *text = NULL;

  g_assert_nonnull (time);
  text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.%f");
  g_assert_cmpstr (text, ==, iso);
  g_assert_cmpint (g_date_time_get_utc_offset (time), ==, 0);
  g_assert_cmpuint (smb_filetime_from_date_time (time), ==, filetime);
}

static void
test_filetime (void)
{
  g_autoptr(GDateTime) ancient = g_date_time_new_utc (1500, 1, 1, 0, 0, 0);
  g_autoptr(GDateTime) fine = smb_filetime_to_date_time (G_GUINT64_CONSTANT (116444736000000019));

  assert_filetime (SMB_FILETIME_UNIX_EPOCH, "1970-01-01T00:00:00.000000");
  assert_filetime (G_GUINT64_CONSTANT (133594528891234560), "2024-05-06T07:08:09.123456");
  assert_filetime (G_GUINT64_CONSTANT (116444735999999990), "1969-12-31T23:59:59.999999");
  assert_filetime (G_GUINT64_CONSTANT (2650467743999999990), "9999-12-31T23:59:59.999999");
  assert_filetime (10, "1601-01-01T00:00:00.000001");

  g_assert_cmpint (g_date_time_get_microsecond (fine), ==, 1); /* 1.9 microseconds */
  g_assert_null (smb_filetime_to_date_time (0));
  g_assert_null (smb_filetime_to_date_time (G_GUINT64_CONSTANT (2650467744000000000)));
  g_assert_null (smb_filetime_to_date_time (G_MAXINT64));
  g_assert_null (smb_filetime_to_date_time ((guint64) G_MAXINT64 + 1));
  g_assert_null (smb_filetime_to_date_time (G_MAXUINT64));
  g_assert_null (smb_filetime_to_date_time (G_MAXUINT64 - 1));
  g_assert_cmpuint (smb_filetime_from_date_time (NULL), ==, 0);
  g_assert_cmpuint (smb_filetime_from_date_time (ancient), ==, 0);

  g_assert_cmpint (smb_filetime_to_unix (SMB_FILETIME_UNIX_EPOCH + 10), ==, 1);
  g_assert_cmpuint (smb_filetime_from_unix (-1), ==, SMB_FILETIME_UNIX_EPOCH - 10);
  g_assert_cmpuint (smb_filetime_from_unix (G_MAXINT64), ==, G_MAXINT64);
  g_assert_cmpuint (smb_filetime_from_unix (G_MININT64), ==, 0);
}

static void
test_gmt_token (void)
{
  static const char *const bad[] = {
    "", "@GMT", "@GMT-2024.05.06-07.08.0", "@GMT-2024.05.06-07.08.091", "@GMT-2024.05.06-07.08.09x",
    "@gmt-2024.05.06-07.08.09",
    "@GMT-2024.13.06-07.08.09", "@GMT-2024.02.30-07.08.09", "@GMT-2024.05.06-24.08.09",
    "@GMT-2024.05.06-07.60.09", "@GMT-2024.05.06-07.08.60", "@GMT-2024-05-06-07.08.09",
    "@GMT-+024.05.06-07.08.09", "@GMT-2024.05.06 07.08.09", "@GMT-0000.05.06-07.08.09",
  };
  g_autoptr(GDateTime) time = smb_gmt_token_parse ("@GMT-2024.05.06-07.08.09");
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset (2 * 60 * 60);
  g_autoptr(GDateTime) elsewhere = g_date_time_to_timezone (time, zone);
  g_autofree char *iso = g_date_time_format_iso8601 (time);
  g_autofree char *token = smb_gmt_token_format (elsewhere);

  g_assert_cmpstr (iso, ==, "2024-05-06T07:08:09Z");
  g_assert_cmpstr (token, ==, "@GMT-2024.05.06-07.08.09");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (smb_gmt_token_parse (bad[i]));
}

static void
test_name_match (void)
{
  static const struct
  {
    const char *pattern;
    const char *name;
    gboolean    matches;
  } cases[] = {
    { "*", "", TRUE },
    { "", "", TRUE },
    { "", "a", FALSE },
    { "?", "", FALSE },
    { "?", "a", TRUE },
    { "?", "\xC3\xA4", TRUE },
    { "?", "\xF0\x9F\x98\x80", TRUE },
    { "?", "ab", FALSE },
    { "a*", "a", TRUE },
    { "a*", "ba", FALSE },
    { "*a", "ba", TRUE },
    { "*a", "bab", FALSE },
    { "*ab*", "xxaabyy", TRUE },
    { "*.txt", "READ.ME.TXT", TRUE },
    { "*.txt", "txt", FALSE },
    { "*.*", "name", FALSE },
    { "a?c*e", "abcde", TRUE },
    { "a?c*e", "abcdef", FALSE },
    { "a**b", "ab", TRUE },
    { "**", "x", TRUE },
    { "*?", "", FALSE },
    { "*??", "ab", TRUE },
    { "\xC3\x84*", "\xC3\xA4pfel", TRUE },
    { "STRASSE", "Stra\xC3\x9F" "e", FALSE },
    { "\xCE\xA3", "\xCF\x82", TRUE },  /* capital and final sigma */
    { "i", "\xC4\xB1", FALSE },         /* dotless i */
    { "i", "\xC4\xB0", FALSE },         /* dotted capital I */
    { "[ab]", "a", FALSE },
    { "[ab]", "[AB]", TRUE },
    { "a.b", "axb", FALSE },
    { "\xFF", "\xFF", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (smb_name_match (cases[i].pattern, cases[i].name) != cases[i].matches)
      g_error ("\"%s\" and \"%s\"", cases[i].pattern, cases[i].name);

  g_assert_true (smb_name_has_wildcards ("a*b"));
  g_assert_true (smb_name_has_wildcards ("?"));
  g_assert_false (smb_name_has_wildcards ("a.b"));
}

/* A pattern that takes a backtracking matcher longer than the universe has been there. */
static void
test_name_match_time (void)
{
  g_autoptr(GString) pattern = g_string_new (NULL);
  g_autofree char *name = g_strnfill (2000, 'a');

  for (guint i = 0; i < 100; i++)
    g_string_append (pattern, "a*a");
  g_string_append (pattern, "b");

  g_assert_false (smb_name_match (pattern->str, name));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wire/reader/numbers", test_reader_numbers);
  g_test_add_func ("/wire/reader/sticks", test_reader_sticks);
  g_test_add_func ("/wire/reader/limits", test_reader_limits);
  g_test_add_func ("/wire/reader/sub", test_reader_sub);
  g_test_add_func ("/wire/reader/values", test_reader_values);
  g_test_add_func ("/wire/writer/given", test_writer);
  g_test_add_func ("/wire/writer/own", test_writer_own);
  g_test_add_func ("/wire/writer/grows", test_writer_grows);
  g_test_add_func ("/wire/utf16/round-trip", test_utf16);
  g_test_add_func ("/wire/utf16/refuses", test_utf16_refuses);
  g_test_add_func ("/wire/utf16/lossy", test_utf16_lossy);
  g_test_add_func ("/wire/filetime", test_filetime);
  g_test_add_func ("/wire/gmt-token", test_gmt_token);
  g_test_add_func ("/wire/name-match/cases", test_name_match);
  g_test_add_func ("/wire/name-match/time", test_name_match_time);

  return g_test_run ();
}
