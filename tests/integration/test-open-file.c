/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"

#include <glib/gstdio.h>

/* Open files: any part, in any order, from any thread. */

#define MIB (1024 * 1024)

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

static SmbOpenFile *
open_file (Fixture            *f,
           const char         *name,
           SmbFileAccess       access,
           SmbFileDisposition  disposition)
{
  g_autoptr(GError)  error = NULL;
  SmbOpenFile       *file;

  file = smb_protocol_factory_open_file (f->factory, "data", name, access, disposition, -1, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static SmbOpenFile *
create_file (Fixture *f)
{
  return open_file (f, "file", SMB_FILE_ACCESS_READ_WRITE, SMB_FILE_DISPOSITION_CREATE);
}

static gboolean
is_open_on_server (Fixture *f)
{
  g_autofree char *files = test_samba_command (f->samba, "output", "run smbstatus -L");

  return strstr (files, "No locked files") == NULL;
}

static void
assert_read (SmbOpenFile *file,
             GBytes      *data,
             guint64      offset,
             gsize        count)
{
  g_autoptr(GBytes)  got = NULL;
  g_autoptr(GError)  error = NULL;
  g_autofree guint8 *buffer = g_malloc (MAX (count, 1));
  gsize              size = g_bytes_get_size (data);
  gsize              expected = offset >= size ? 0 : MIN (count, size - offset);
  const guint8      *begin = (const guint8 *) g_bytes_get_data (data, NULL) + MIN (offset, size);
  gsize              n_bytes;

  got = smb_open_file_read (file, offset, count, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), begin, expected);

  smb_open_file_read_into (file, offset, buffer, count, -1, NULL, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, n_bytes, begin, expected);
}

static void
test_read (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = test_data_new (20 * MIB + 77);
  g_autoptr(SmbOpenFile) file = NULL;
  static const gsize     counts[] = { 0, 1, 65536, 65537, MIB, MIB + 1, 9 * MIB, 30 * MIB };
  static const guint64   offsets[] = { 0, 4 * MIB - 1, 20 * MIB, 20 * MIB + 76, 20 * MIB + 77, 1 << 30 };

  test_share_write (f->samba, "data", "file", bytes);
  file = open_file (f, "file", SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (offsets); j++)
      assert_read (file, bytes, offsets[j], counts[i]);
}

static void
test_write (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      bytes = test_data_new (21 * MIB + 5);
  g_autoptr(GBytes)      end = test_data_new (7);
  g_autoptr(GBytes)      empty = test_data_new (0);
  g_autoptr(GBytes)      expected = NULL;
  g_autoptr(GError)      error = NULL;
  guint8                *contents = g_malloc0 (22 * MIB);
  gsize                  n_bytes;

  file = open_file (f, "file", SMB_FILE_ACCESS_READ_WRITE, SMB_FILE_DISPOSITION_CREATE);
  smb_open_file_write (file, 3, bytes, -1, NULL, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, ==, 21 * MIB + 5);
  smb_open_file_write (file, 22 * MIB - 7, end, -1, NULL, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, ==, 7);
  smb_open_file_write (file, 23 * MIB, empty, -1, NULL, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, ==, 0);

  memcpy (contents + 3, g_bytes_get_data (bytes, NULL), 21 * MIB + 5);
  memcpy (contents + 22 * MIB - 7, g_bytes_get_data (end, NULL), 7);
  expected = g_bytes_new_take (contents, 22 * MIB);
  assert_read (file, expected, 0, 22 * MIB);
  test_share_assert (f->samba, "data", "file", expected);
}

static void
test_info (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GBytes)        bytes = test_data_new (1000);
  g_autoptr(GBytes)        cut = g_bytes_new_from_bytes (bytes, 0, 10);
  g_autoptr(SmbOpenFile)   file = NULL;
  g_autoptr(SmbSharedFile) info = NULL;
  g_autoptr(SmbSharedFile) other = NULL;
  g_autoptr(GDateTime)     time = NULL;
  g_autoptr(GError)        error = NULL;

  test_share_write (f->samba, "data", "Ä file", bytes);
  file = open_file (f, "/Ä file", SMB_FILE_ACCESS_READ_WRITE, SMB_FILE_DISPOSITION_OPEN);
  smb_open_file_set_size (file, 10, -1, NULL, &error);
  g_assert_no_error (error);
  smb_open_file_flush (file, -1, NULL, &error);
  g_assert_no_error (error);
  info = smb_open_file_get_info (file, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_size (info), ==, 10);
  g_assert_cmpstr (smb_shared_file_get_filename (info), ==, "Ä file");
  g_assert_false (smb_shared_file_get_is_directory (info));
  time = smb_shared_file_get_last_write_time (info);
  g_assert_nonnull (time);
  other = smb_protocol_factory_get_attributes (f->factory, "data", "Ä file", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_id (info), ==, smb_shared_file_get_file_id (other));
  smb_open_file_close (file, -1, NULL, &error);
  g_assert_no_error (error);
  test_share_assert (f->samba, "data", "Ä file", cut);
}

/* What becomes of files that exist, and of those that do not. */

static const struct
{
  SmbFileDisposition disposition;
  int                if_missing; /* an SmbError, or -1 */
  int                if_there;
  gboolean           empties;
} dispositions[] = {
  { SMB_FILE_DISPOSITION_OPEN, SMB_ERROR_NOT_FOUND, -1, FALSE },
  { SMB_FILE_DISPOSITION_CREATE, -1, SMB_ERROR_EXISTS, FALSE },
  { SMB_FILE_DISPOSITION_OPEN_OR_CREATE, -1, -1, FALSE },
  { SMB_FILE_DISPOSITION_OVERWRITE, SMB_ERROR_NOT_FOUND, -1, TRUE },
  { SMB_FILE_DISPOSITION_OVERWRITE_OR_CREATE, -1, -1, TRUE },
};

static void
try_to_open (Fixture            *f,
             const char         *name,
             SmbFileDisposition  disposition,
             int                 expected,
             guint64             size)
{
  g_autoptr(SmbOpenFile)   file = NULL;
  g_autoptr(SmbSharedFile) info = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_open_file (f->factory, "data", name, SMB_FILE_ACCESS_WRITE, disposition, -1,
                                         NULL, &error);
  if (expected >= 0)
    {
      g_assert_error (error, SMB_ERROR, expected);
      g_assert_null (file);
      return;
    }
  g_assert_no_error (error);
  info = smb_open_file_get_info (file, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_size (info), ==, size);
}

static void
test_dispositions (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (10);

  for (guint i = 0; i < G_N_ELEMENTS (dispositions); i++)
    {
      g_autofree char *name = g_strdup_printf ("there-%u", i);
      g_autofree char *missing = g_strdup_printf ("missing-%u", i);

      test_share_write (f->samba, "data", name, bytes);
      try_to_open (f, name, dispositions[i].disposition, dispositions[i].if_there,
                   dispositions[i].empties ? 0 : 10);
      try_to_open (f, missing, dispositions[i].disposition, dispositions[i].if_missing, 0);
    }
}

static void
assert_refused (Fixture            *f,
                const char         *share,
                const char         *path,
                SmbFileAccess       access,
                SmbFileDisposition  disposition,
                SmbError            code)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GError)      error = NULL;

  file = smb_protocol_factory_open_file (f->factory, share, path, access, disposition, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_null (file);
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  assert_refused (f, "data", "", SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN, SMB_ERROR_IS_DIRECTORY);
  assert_refused (f, "data", "a/../b", SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN,
                  SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (f, "data", "a", 0, SMB_FILE_DISPOSITION_OPEN, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (f, "ro", "a", SMB_FILE_ACCESS_WRITE, SMB_FILE_DISPOSITION_CREATE, SMB_ERROR_ACCESS_DENIED);
  assert_refused (f, "snap", "@GMT-2024.01.02-03.04.05/a", SMB_FILE_ACCESS_WRITE, SMB_FILE_DISPOSITION_OPEN,
                  SMB_ERROR_ACCESS_DENIED);
  assert_refused (f, "snap", "@GMT-2024.01.02-03.04.05/a", SMB_FILE_ACCESS_READ,
                  SMB_FILE_DISPOSITION_OPEN_OR_CREATE, SMB_ERROR_ACCESS_DENIED);
}

static void
test_access (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = test_data_new (10);
  g_autoptr(GBytes)      got = NULL;
  g_autoptr(SmbOpenFile) reader = NULL;
  g_autoptr(SmbOpenFile) writer = NULL;
  g_autoptr(GError)      error = NULL;

  test_share_write (f->samba, "data", "file", bytes);
  reader = open_file (f, "file", SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN);
  writer = open_file (f, "file", SMB_FILE_ACCESS_WRITE, SMB_FILE_DISPOSITION_OPEN);
  smb_open_file_write (reader, 0, bytes, -1, NULL, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
  g_clear_error (&error);
  got = smb_open_file_read (writer, 0, 10, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
  g_clear_error (&error);
  got = smb_open_file_read (reader, G_MAXUINT64, 10, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  smb_open_file_set_size (writer, G_MAXUINT64, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

/* A failed read leaves nothing in the caller's memory. */
static void
test_wiped (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(SmbOpenFile) writer = open_file (f, "file", SMB_FILE_ACCESS_WRITE, SMB_FILE_DISPOSITION_CREATE);
  g_autoptr(GError)      error = NULL;
  guint8                 buffer[100], zeros[100] = { 0 };
  gsize                  n_bytes = 1;

  memset (buffer, 'x', sizeof buffer);
  smb_open_file_read_into (writer, 0, buffer, sizeof buffer, -1, NULL, &n_bytes, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
  g_assert_cmpmem (buffer, sizeof buffer, zeros, sizeof zeros);
}

static void
test_close (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = create_file (f);
  g_autoptr(GBytes)      bytes = test_data_new (10);
  g_autoptr(GBytes)      got = NULL;
  g_autoptr(GError)      error = NULL;

  g_assert_true (is_open_on_server (f));
  g_assert_true (smb_open_file_close (file, -1, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (is_open_on_server (f));
  g_assert_true (smb_open_file_close (file, -1, NULL, &error));
  g_assert_no_error (error);

  got = smb_open_file_read (file, 0, 10, -1, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  smb_open_file_write (file, 0, bytes, -1, NULL, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  smb_open_file_flush (file, -1, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* The last reference closes it, some time soon. */
static void
test_finalize (Fixture       *f,
               gconstpointer  data)
{
  SmbOpenFile *file = open_file (f, "file", SMB_FILE_ACCESS_READ_WRITE, SMB_FILE_DISPOSITION_CREATE);

  g_assert_finalize_object (file);
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
}

static void
test_outlives_factory (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = test_data_new (3 * MIB);
  g_autoptr(SmbOpenFile) file = NULL;

  test_share_write (f->samba, "data", "file", bytes);
  file = open_file (f, "file", SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN);
  g_assert_finalize_object (g_steal_pointer (&f->factory));
  assert_read (file, bytes, 10, 2 * MIB);
}

static void
test_not_connection (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = create_file (f);
  g_autoptr(GBytes)      got = NULL;
  g_autoptr(GError)      error = NULL;

  smb_protocol_factory_close_connection (f->factory, -1, NULL, &error);
  g_assert_no_error (error);
  got = smb_open_file_read (file, 0, 10, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  smb_open_file_close (file, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  smb_open_file_close (file, -1, NULL, &error);
  g_assert_no_error (error);
}

/* Closing lets come to their end what was begun before. */

typedef struct
{
  GBytes  *data;
  guint    pending;
  gboolean closed;
} Closing;

static void
read_before_close_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  Closing           *closing = user_data;
  g_autoptr(GError)  error = NULL;
  g_autoptr(GBytes)  got = smb_open_file_read_finish (SMB_OPEN_FILE (source), result, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (got, closing->data));
  closing->pending--;
}

static void
read_after_close_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  Closing           *closing = user_data;
  g_autoptr(GError)  error = NULL;
  g_autoptr(GBytes)  got = smb_open_file_read_finish (SMB_OPEN_FILE (source), result, &error);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  closing->pending--;
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Closing           *closing = user_data;
  g_autoptr(GError)  error = NULL;

  smb_open_file_close_finish (SMB_OPEN_FILE (source), result, &error);
  g_assert_no_error (error);
  closing->pending--;
}

static void
test_close_while_used (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  Closing                closing = { 0 };

  closing.data = test_data_new (12 * MIB);
  test_share_write (f->samba, "data", "file", closing.data);
  file = open_file (f, "file", SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN);
  for (guint i = 0; i < 5; i++)
    smb_open_file_read_async (file, 0, 12 * MIB, -1, NULL, read_before_close_cb, &closing);
  smb_open_file_close_async (file, -1, NULL, closed_cb, &closing);
  smb_open_file_close_async (file, -1, NULL, closed_cb, &closing);
  smb_open_file_read_async (file, 0, 12 * MIB, -1, NULL, read_after_close_cb, &closing);
  closing.pending = 8;
  while (closing.pending > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_open_on_server (f));
  g_bytes_unref (closing.data);
}

/* Many threads, each with its own part. */

#define PART 300000

typedef struct
{
  SmbOpenFile *file;
  guint        number;
} Part;

static gpointer
work_on_part (gpointer data)
{
  Part              *part = data;
  g_autofree guint8 *contents = g_malloc (PART);
  g_autoptr(GError)  error = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GBytes) got = NULL;

      memset (contents, part->number * 20 + i, PART);
      bytes = g_bytes_new (contents, PART);
      smb_open_file_write (part->file, part->number * PART, bytes, -1, NULL, NULL, &error);
      g_assert_no_error (error);
      got = smb_open_file_read (part->file, part->number * PART, PART, -1, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (bytes, got));
    }
  return NULL;
}

static void
test_threads (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = create_file (f);
  GThread               *threads[10];
  Part                   parts[10];

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      parts[i] = (Part) { file, i };
      threads[i] = g_thread_new ("part", work_on_part, &parts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_thread_join (threads[i]);
}

/* Cancelling in the middle of many, whose bytes are the application's. */

static void
count_freed (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

static void
ignore_result_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  guint             *pending = user_data;
  g_autoptr(GError)  error = NULL;

  if (!smb_open_file_write_finish (SMB_OPEN_FILE (source), result, NULL, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  (*pending)--;
}

static void
test_cancel (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = create_file (f);
  g_autofree guint8     *contents = g_malloc0 (4 * MIB);
  g_autoptr(GError)      error = NULL;
  gint                   n_freed = 0;
  guint                  pending = 0;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      GBytes                 *bytes = g_bytes_new_with_free_func (contents, 4 * MIB, count_freed, &n_freed);

      pending++;
      smb_open_file_write_async (file, i * MIB, bytes, -1, cancellable, ignore_result_cb, &pending);
      g_bytes_unref (bytes);
      if (i % 2 == 0)
        smb_open_file_flush (file, -1, NULL, NULL);
      g_cancellable_cancel (cancellable);
    }
  while (pending > 0)
    g_main_context_iteration (NULL, TRUE);
  smb_open_file_close (file, -1, NULL, &error);
  g_assert_no_error (error);
  while (g_atomic_int_get (&n_freed) < 20)
    g_thread_yield ();
}

#define ADD(path, option, func) g_test_add (path, Fixture, option, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/open-file/read", NULL, test_read);
  ADD ("/open-file/read/2.02", "--max=SMB2_02", test_read);
  ADD ("/open-file/read/sealed", "--encryption=required", test_read);
  ADD ("/open-file/write", NULL, test_write);
  ADD ("/open-file/write/2.02", "--max=SMB2_02", test_write);
  ADD ("/open-file/write/sealed", "--encryption=required", test_write);
  ADD ("/open-file/info", NULL, test_info);
  ADD ("/open-file/dispositions", NULL, test_dispositions);
  ADD ("/open-file/refused", NULL, test_refused);
  ADD ("/open-file/access", NULL, test_access);
  ADD ("/open-file/wiped", NULL, test_wiped);
  ADD ("/open-file/close", NULL, test_close);
  ADD ("/open-file/finalize", NULL, test_finalize);
  ADD ("/open-file/outlives-factory", NULL, test_outlives_factory);
  ADD ("/open-file/not-connection", NULL, test_not_connection);
  ADD ("/open-file/close-while-used", NULL, test_close_while_used);
  ADD ("/open-file/threads", NULL, test_threads);
  ADD ("/open-file/cancel", NULL, test_cancel);

  return g_test_run ();
}
