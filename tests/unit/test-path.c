/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-path.h"

#include <string.h>

#include "smb-error.h"
#include "wire/smb-filetime.h"

static void
assert_path (const char   *text,
             SmbPathFlags  flags,
             const char   *expected)
{
  g_autoptr(GError) error = NULL;
  g_auto(SmbPath)   path = { 0 };

  g_assert_true (smb_path_parse (text, flags, &path, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (path.path, ==, expected);
  g_assert_cmpuint (path.snapshot, ==, 0);
}

static void
assert_refused (const char   *text,
                SmbPathFlags  flags,
                SmbError      code)
{
  g_autoptr(GError) error = NULL;
  SmbPath           path;

  g_assert_false (smb_path_parse (text, flags, &path, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_null (path.path);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_separators (void)
{
  assert_path ("", SMB_PATH_PLAIN, "");
  assert_path ("/", SMB_PATH_PLAIN, "");
  assert_path ("\\\\", SMB_PATH_PLAIN, "");
  assert_path ("a", SMB_PATH_PLAIN, "a");
  assert_path ("/a/b/", SMB_PATH_PLAIN, "a\\b");
  assert_path ("\\a\\b", SMB_PATH_PLAIN, "a\\b");
  assert_path ("a//b\\/c", SMB_PATH_PLAIN, "a\\b\\c");
  assert_path ("./a/././b/.", SMB_PATH_PLAIN, "a\\b");
  assert_path (".", SMB_PATH_PLAIN, "");
}

static void
test_names (void)
{
  assert_path ("Grüße/😀 x.txt", SMB_PATH_PLAIN, "Grüße\\😀 x.txt");
  assert_path ("e\xcc\x81", SMB_PATH_PLAIN, "e\xcc\x81"); /* its Unicode form is kept */
  assert_path ("...", SMB_PATH_PLAIN, "...");
  assert_path (".hidden/..x", SMB_PATH_PLAIN, ".hidden\\..x");
  assert_path (" a ", SMB_PATH_PLAIN, " a ");
  assert_path ("a~1;$%&'()[]{}!^+=,@#", SMB_PATH_PLAIN, "a~1;$%&'()[]{}!^+=,@#");
}

static void
test_forbidden (void)
{
  assert_refused ("..", SMB_PATH_PLAIN, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused ("a/../b", SMB_PATH_PATTERN | SMB_PATH_STREAMS, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused ("a\\..", SMB_PATH_PLAIN, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused ("\xff", SMB_PATH_PLAIN, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused ("a\xed\xa0\x80", SMB_PATH_PLAIN, SMB_ERROR_INVALID_ARGUMENT); /* a lone surrogate */

  for (const char *c = "*?<>\"|:"; *c != '\0'; c++)
    {
      g_autofree char *text = g_strdup_printf ("a/b%cc", *c);
      g_autofree char *inside = g_strdup_printf ("b%cc/d", *c);

      assert_refused (text, SMB_PATH_PLAIN, SMB_ERROR_INVALID_ARGUMENT);
      assert_refused (inside, SMB_PATH_PATTERN | SMB_PATH_STREAMS, SMB_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_patterns (void)
{
  assert_path ("a/*.t?t", SMB_PATH_PATTERN, "a\\*.t?t");
  assert_path ("a/*/", SMB_PATH_PATTERN, "a\\*");
  assert_refused ("*/a", SMB_PATH_PATTERN, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused ("a/<.txt", SMB_PATH_PATTERN, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused ("a/\"x", SMB_PATH_PATTERN, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused ("a/*:x", SMB_PATH_PATTERN, SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_streams (void)
{
  assert_path ("a/b:c", SMB_PATH_STREAMS, "a\\b:c");
  assert_path ("a/b:c:$DATA", SMB_PATH_STREAMS, "a\\b:c:$DATA");
  assert_refused ("a:b/c", SMB_PATH_STREAMS, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused ("a/b:*", SMB_PATH_STREAMS, SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_lengths (void)
{
  g_autofree char    *longest = g_strnfill (255, 'x');
  g_autofree char    *too_long = g_strnfill (256, 'x');
  g_autofree char    *stream = g_strconcat (longest, ":", longest, NULL);
  g_autoptr(GString)  emoji = g_string_new (NULL);
  g_autoptr(GString)  deep = g_string_new ("a");

  assert_path (longest, SMB_PATH_PLAIN, longest);
  assert_refused (too_long, SMB_PATH_PLAIN, SMB_ERROR_INVALID_ARGUMENT);
  assert_path (stream, SMB_PATH_STREAMS, stream);

  for (int i = 0; i < 127; i++) /* two units each */
    g_string_append (emoji, "😀");
  assert_path (emoji->str, SMB_PATH_PLAIN, emoji->str);
  g_string_append (emoji, "😀");
  assert_refused (emoji->str, SMB_PATH_PLAIN, SMB_ERROR_INVALID_ARGUMENT);

  for (int i = 0; i < 16383; i++)
    g_string_append (deep, "\\a");
  g_assert_cmpuint (deep->len, ==, 32767);
  assert_path (deep->str, SMB_PATH_PLAIN, deep->str);
  g_string_append (deep, "b");
  assert_refused (deep->str, SMB_PATH_PLAIN, SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_snapshots (void)
{
  g_autoptr(GDateTime) time = g_date_time_new_utc (2024, 5, 6, 7, 8, 9);
  g_autoptr(GError)    error = NULL;
  const char          *texts[] = {
    "@GMT-2024.05.06-07.08.09/a/b", "a/@GMT-2024.05.06-07.08.09/b", "a/b/@GMT-2024.05.06-07.08.09/",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto(SmbPath) path = { 0 };

      g_assert_true (smb_path_parse (texts[i], SMB_PATH_PLAIN, &path, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (path.path, ==, "a\\b");
      g_assert_cmpuint (path.snapshot, ==, smb_filetime_from_date_time (time));
      assert_refused (texts[i], SMB_PATH_WRITE, SMB_ERROR_ACCESS_DENIED);
    }

  assert_path ("@GMT-2024.05.06", SMB_PATH_WRITE, "@GMT-2024.05.06"); /* an ordinary name */
  assert_refused ("@GMT-2024.05.06-07.08.09/@GMT-2024.05.06-07.08.10", SMB_PATH_PLAIN,
                  SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_shares (void)
{
  const char *good[] = { "data", "IPC$", "Übung", "a b", "x.y-z" };
  const char *bad[] = { "", "a/b", "a\\b", "\\\\host\\a", ".", "..", "a:b", "a*", "\xff" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (smb_path_check_share (good[i], NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (smb_path_check_share (bad[i], &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_split_and_join (void)
{
  const char *paths[][3] = {
    { "", "", "" },
    { "a", "", "a" },
    { "a\\b", "a", "b" },
    { "a\\b\\c", "a\\b", "c" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *parent = NULL;
      g_autofree char *name = NULL;
      g_autofree char *joined = NULL;

      smb_path_split (paths[i][0], &parent, &name);
      g_assert_cmpstr (parent, ==, paths[i][1]);
      g_assert_cmpstr (name, ==, paths[i][2]);
      joined = smb_path_join (parent, name);
      g_assert_cmpstr (joined, ==, paths[i][0]);
    }
}

static void
test_printable (void)
{
  g_autofree char *text = g_strdup ("a\nb\x1b[31mc\x7f ü\t");

  g_assert_cmpstr (smb_path_make_printable (text), ==, "a?b?[31mc? ü?");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/path/separators", test_separators);
  g_test_add_func ("/path/names", test_names);
  g_test_add_func ("/path/forbidden", test_forbidden);
  g_test_add_func ("/path/patterns", test_patterns);
  g_test_add_func ("/path/streams", test_streams);
  g_test_add_func ("/path/lengths", test_lengths);
  g_test_add_func ("/path/snapshots", test_snapshots);
  g_test_add_func ("/path/shares", test_shares);
  g_test_add_func ("/path/split-and-join", test_split_and_join);
  g_test_add_func ("/path/printable", test_printable);

  return g_test_run ();
}
