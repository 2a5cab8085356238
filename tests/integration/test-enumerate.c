/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"

#include <glib/gstdio.h>

/* Folders, read in parts. */

#define MANY 10000

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  const char *options[] = { data, NULL };

  f->samba = test_samba_startv (options);
  f->factory = test_client_open (f->samba, NULL, NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  if (f->factory != NULL)
    g_assert_finalize_object (f->factory);
  test_samba_stop (f->samba);
}

/* "folder" with so many files, "file-00000" and so on, of their number's size. */
static void
make_folder (Fixture *f,
             guint    n_files)
{
  g_autofree char *folder = test_samba_build_path (f->samba, "data", "folder", NULL);

  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  for (guint i = 0; i < n_files; i++)
    {
      g_autofree char   *name = g_strdup_printf ("%s/file-%05u", folder, i);
      g_autofree char   *contents = g_strnfill (i % 10, 'x');
      g_autoptr(GError)  error = NULL;

      g_file_set_contents (name, contents, i % 10, &error);
      g_assert_no_error (error);
    }
}

static SmbEnumerator *
enumerate (Fixture           *f,
           const char        *path,
           const char        *pattern,
           SmbFileInfoFields  fields)
{
  g_autoptr(GError)  error = NULL;
  SmbEnumerator     *enumerator;

  enumerator = smb_protocol_factory_enumerate (f->factory, "data", path, pattern, fields, -1, NULL, &error);
  g_assert_no_error (error);
  return enumerator;
}

static gboolean
is_open_on_server (Fixture *f)
{
  g_autofree char *files = test_samba_command (f->samba, "output", "run smbstatus -L");

  return strstr (files, "No locked files") == NULL;
}

/* Each name once, in whatever order; `.` and `..` apart. Returns how many parts there were. */
static guint
assert_all (SmbEnumerator *enumerator,
            guint          max,
            guint          n_files)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GError)     error = NULL;
  guint                 n_parts = 0;

  for (;;)
    {
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, max, -1, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (files->len, <=, max);
      if (files->len == 0)
        break;
      n_parts++;
      for (guint i = 0; i < files->len; i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (smb_shared_file_get_filename (files->pdata[i]))));
    }

  g_assert_true (g_hash_table_remove (seen, "."));
  g_assert_true (g_hash_table_remove (seen, ".."));
  for (guint i = 0; i < n_files; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%05u", i);

      g_assert_true (g_hash_table_remove (seen, name));
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 0);
  g_assert_cmpuint (smb_enumerator_get_skipped (enumerator), ==, 0);
  return n_parts;
}

static void
test_many (Fixture       *f,
           gconstpointer  data)
{
  static const SmbFileInfoFields fields[] = {
    SMB_FILE_INFO_FIELDS_BASIC,
    SMB_FILE_INFO_FIELDS_FILE_ID,
    SMB_FILE_INFO_FIELDS_ALL,
  };
  static const guint maxima[] = { 1, 7, 1000, G_MAXUINT };

  make_folder (f, MANY);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    for (guint j = 0; j < G_N_ELEMENTS (maxima); j++)
      {
        g_autoptr(SmbEnumerator) enumerator = enumerate (f, "folder", NULL, fields[i]);

        assert_all (enumerator, maxima[j], MANY);
      }
}

/* After the end comes the end again. */
static void
test_end (Fixture       *f,
          gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;

  make_folder (f, 300);
  enumerator = enumerate (f, "/folder/", "*", SMB_FILE_INFO_FIELDS_BASIC);
  assert_all (enumerator, 100, 300);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError)    error = NULL;
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, 100, -1, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (files->len, ==, 0);
    }
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
}

static guint
count_matches (Fixture    *f,
               const char *pattern)
{
  g_autoptr(SmbEnumerator) enumerator = enumerate (f, "folder", pattern, SMB_FILE_INFO_FIELDS_BASIC);
  g_autoptr(GPtrArray)     files = NULL;
  g_autoptr(GError)        error = NULL;

  files = smb_enumerator_next (enumerator, G_MAXUINT, -1, NULL, &error);
  g_assert_no_error (error);
  return files->len;
}

static void
test_pattern (Fixture       *f,
              gconstpointer  data)
{
  make_folder (f, 30);
  g_assert_cmpuint (count_matches (f, NULL), ==, 32);
  g_assert_cmpuint (count_matches (f, ""), ==, 32);
  g_assert_cmpuint (count_matches (f, "file-0000?"), ==, 10);
  g_assert_cmpuint (count_matches (f, "file-00007"), ==, 1);
  g_assert_cmpuint (count_matches (f, "nothing*"), ==, 0);
}

static void
test_fields (Fixture       *f,
             gconstpointer  data)
{
  static const SmbFileInfoFields fields[] = {
    SMB_FILE_INFO_FIELDS_BASIC,
    SMB_FILE_INFO_FIELDS_FILE_ID,
    SMB_FILE_INFO_FIELDS_SHORT_NAME,
    SMB_FILE_INFO_FIELDS_REPARSE_TAG,
    SMB_FILE_INFO_FIELDS_ALL,
  };

  make_folder (f, 10);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr(SmbEnumerator) enumerator = enumerate (f, "folder", "file-00007", fields[i]);
      g_autoptr(GPtrArray)     files = NULL;
      g_autoptr(GDateTime)     time = NULL;
      g_autoptr(GError)        error = NULL;

      files = smb_enumerator_next (enumerator, 10, -1, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (files->len, ==, 1);
      g_assert_cmpuint (smb_shared_file_get_file_size (files->pdata[0]), ==, 7);
      g_assert_false (smb_shared_file_get_is_directory (files->pdata[0]));
      time = smb_shared_file_get_last_write_time (files->pdata[0]);
      g_assert_nonnull (time);
      if (fields[i] & SMB_FILE_INFO_FIELDS_FILE_ID)
        g_assert_cmpuint (smb_shared_file_get_file_id (files->pdata[0]), !=, 0);
      if (fields[i] == SMB_FILE_INFO_FIELDS_BASIC)
        g_assert_cmpuint (smb_shared_file_get_file_id (files->pdata[0]), ==, 0);
    }
}

static void
assert_refused (Fixture    *f,
                const char *path,
                const char *pattern,
                SmbError    code)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GError)        error = NULL;

  enumerator = smb_protocol_factory_enumerate (f->factory, "data", path, pattern, 0, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_null (enumerator);
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  make_folder (f, 1);
  assert_refused (f, "missing", NULL, SMB_ERROR_NOT_FOUND);
  assert_refused (f, "folder/file-00000", NULL, SMB_ERROR_NOT_DIRECTORY);
  assert_refused (f, "folder", "a/b", SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (f, "folder", "..", SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (f, "folder", "a<b", SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (f, "fol*", NULL, SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_close (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GPtrArray)     files = NULL;
  g_autoptr(GPtrArray)     none = NULL;
  g_autoptr(GError)        error = NULL;

  make_folder (f, MANY);
  enumerator = enumerate (f, "folder", NULL, SMB_FILE_INFO_FIELDS_ALL);
  files = smb_enumerator_next (enumerator, 10, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 10);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (smb_enumerator_close (enumerator, -1, NULL, &error));
      g_assert_no_error (error);
      g_assert_false (is_open_on_server (f));
    }
  none = smb_enumerator_next (enumerator, 10, -1, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_finalize (Fixture       *f,
               gconstpointer  data)
{
  make_folder (f, MANY);
  for (guint i = 0; i < 10; i++)
    {
      SmbEnumerator *enumerator = enumerate (f, "folder", NULL, SMB_FILE_INFO_FIELDS_ALL);

      g_assert_finalize_object (enumerator);
    }
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
}

static void
test_outlives_factory (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;

  make_folder (f, MANY);
  enumerator = enumerate (f, "folder", NULL, SMB_FILE_INFO_FIELDS_BASIC);
  g_assert_finalize_object (g_steal_pointer (&f->factory));
  assert_all (enumerator, 1000, MANY);
}

/* What came before the end of the connection is still there, then its end is told. */
static void
test_no_connection (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GError)        error = NULL;
  guint                    n_files = 0;

  make_folder (f, MANY);
  enumerator = enumerate (f, "folder", NULL, SMB_FILE_INFO_FIELDS_ALL);
  smb_protocol_factory_close_connection (f->factory, -1, NULL, &error);
  g_assert_no_error (error);
  while (error == NULL)
    {
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, 100, -1, NULL, &error);

      n_files += files == NULL ? 0 : files->len;
      g_assert_true (files == NULL || files->len > 0);
    }
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
  g_assert_cmpuint (n_files, <, MANY);
}

/* Threads share the entries. */

static gpointer
count_in_thread (gpointer data)
{
  SmbEnumerator     *enumerator = data;
  g_autoptr(GError)  error = NULL;
  guint              n_files = 0;

  for (;;)
    {
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, 13, -1, NULL, &error);

      g_assert_no_error (error);
      if (files->len == 0)
        return GUINT_TO_POINTER (n_files);
      n_files += files->len;
    }
}

static void
test_threads (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  GThread                 *threads[4];
  guint                    n_files = 0;

  make_folder (f, MANY);
  enumerator = enumerate (f, "folder", NULL, SMB_FILE_INFO_FIELDS_BASIC);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("next", count_in_thread, enumerator);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    n_files += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  g_assert_cmpuint (n_files, ==, MANY + 2);
}

/* Asynchronously, and cancelled at times. */

typedef struct
{
  guint    n_files;
  gboolean ended;
} Count;

static void
next_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  SmbEnumerator        *enumerator = SMB_ENUMERATOR (source);
  Count                *count = user_data;
  g_autoptr(GError)     error = NULL;
  g_autoptr(GPtrArray)  files = smb_enumerator_next_finish (enumerator, result, &error);

  g_assert_no_error (error);
  count->n_files += files->len;
  count->ended = files->len == 0;
  if (!count->ended)
    smb_enumerator_next_async (enumerator, 100, -1, NULL, next_cb, count);
}

static void
enumerated_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbEnumerator) enumerator = NULL;

  enumerator = smb_protocol_factory_enumerate_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  smb_enumerator_next_async (enumerator, 100, -1, NULL, next_cb, user_data);
}

static void
test_async (Fixture       *f,
            gconstpointer  data)
{
  Count count = { 0 };

  make_folder (f, MANY);
  smb_protocol_factory_enumerate_async (f->factory, "data", "folder", NULL, SMB_FILE_INFO_FIELDS_BASIC, -1,
                                        NULL, enumerated_cb, &count);
  test_wait_until (&count.ended);
  g_assert_cmpuint (count.n_files, ==, MANY + 2);
}

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  gboolean                 *ended = user_data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(SmbEnumerator)  enumerator = NULL;

  enumerator = smb_protocol_factory_enumerate_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  if (enumerator == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *ended = TRUE;
}

static void
test_cancel (Fixture       *f,
             gconstpointer  data)
{
  make_folder (f, MANY);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      gboolean                ended = FALSE;

      smb_protocol_factory_enumerate_async (f->factory, "data", "folder", NULL, SMB_FILE_INFO_FIELDS_ALL, -1,
                                            cancellable, cancelled_cb, &ended);
      if (i % 2 == 0)
        g_free (test_samba_command (f->samba, "count", "clients")); /* lets some time pass */
      g_cancellable_cancel (cancellable);
      test_wait_until (&ended);
    }
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
}

#define ADD(path, option, func) g_test_add (path, Fixture, option, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/enumerate/many", NULL, test_many);
  ADD ("/enumerate/many/2.02", "--max=SMB2_02", test_many);
  ADD ("/enumerate/many/sealed", "--encryption=required", test_many);
  ADD ("/enumerate/end", NULL, test_end);
  ADD ("/enumerate/pattern", NULL, test_pattern);
  ADD ("/enumerate/fields", NULL, test_fields);
  ADD ("/enumerate/refused", NULL, test_refused);
  ADD ("/enumerate/close", NULL, test_close);
  ADD ("/enumerate/finalize", NULL, test_finalize);
  ADD ("/enumerate/outlives-factory", NULL, test_outlives_factory);
  ADD ("/enumerate/no-connection", NULL, test_no_connection);
  ADD ("/enumerate/threads", NULL, test_threads);
  ADD ("/enumerate/async", NULL, test_async);
  ADD ("/enumerate/cancel", NULL, test_cancel);

  return g_test_run ();
}
