/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operations.h"

/* What callers may say of time: -1, 0 and more; less than that is refused, and nothing has happened. */

static void
assert_refused (GError **error)
{
  g_assert_nonnull (*error);
  g_assert_true (g_str_has_suffix ((*error)->message, ": -2 is no timeout; -1 is the default"));
  assert_failed (error, SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_wrong (Fixture       *f,
            gconstpointer  data)
{
  GError  *error = NULL;
  Pending  pending = { 0 };
  guint    n_requests;

  fixture_open (f, NULL);
  n_requests = scripted_server_count (f->server, SCRIPTED_ECHO);
  begin_echo (f, -2, NULL, &pending);
  g_assert_false (end_echo (f, &pending, &error));
  assert_refused (&error);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_ECHO), ==, n_requests);
  g_assert_false (smb_protocol_factory_close_connection (f->factory, -2, NULL, &error));
  assert_refused (&error);
  fixture_assert_usable (f);
}

static void
test_wrong_for_files (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      bytes = NULL;
  GError                *error = NULL;

  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  g_assert_null (smb_open_file_read (file, 0, 10, -2, NULL, &error));
  assert_refused (&error);
  bytes = smb_open_file_read (file, 0, 10, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
}

/* Also when the entries are there, and there is nothing to wait for. */
static void
test_wrong_for_folders (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GPtrArray)     files = NULL;
  GError                  *error = NULL;

  fixture_open (f, NULL);
  enumerator = smb_protocol_factory_enumerate (f->factory, SHARE, FOLDER_NAME, NULL,
                                               SMB_FILE_INFO_FIELDS_BASIC, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (smb_enumerator_next (enumerator, 1, -2, NULL, &error));
  assert_refused (&error);
  g_assert_false (smb_enumerator_close (enumerator, -2, NULL, &error));
  assert_refused (&error);
  files = smb_enumerator_next (enumerator, 1, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 1);
}

static void
test_none (Fixture       *f,
           gconstpointer  data)
{
  GError *error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_HOLD);
  g_assert_null (smb_protocol_factory_get_attributes (f->factory, SHARE, FILE_NAME, 0, NULL, &error));
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  fixture_assert_usable (f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/timeouts/wrong", test_wrong);
  fixture_add ("/timeouts/wrong-for-files", test_wrong_for_files);
  fixture_add ("/timeouts/wrong-for-folders", test_wrong_for_folders);
  fixture_add ("/timeouts/none", test_none);

  return g_test_run ();
}
