/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"
#include "test-proxy.h"
#include "test-streams.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* Transfers that go wrong, are slow or are cancelled. */

#define MIB (1024 * 1024)
/* What the library keeps under way at most, and what may be in sockets besides. */
#define WINDOW (8 * MIB)
#define IN_SOCKETS (8 * MIB)

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
  guint64             moved; /* bytes, by the streams below */
  guint64             fail_at;
  GCancellable       *cancellable;
  TestProxy          *proxy;
  GMutex              lock;
  GCond               cond;
  gboolean            entered;
  GBytes             *bytes;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->samba = test_samba_start (NULL, NULL);
  f->factory = test_client_open (f->samba, NULL, NULL);
  f->cancellable = g_cancellable_new ();
  f->fail_at = G_MAXUINT64;
  g_mutex_init (&f->lock);
  g_cond_init (&f->cond);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  g_assert_finalize_object (f->cancellable);
  g_clear_pointer (&f->bytes, g_bytes_unref);
  g_mutex_clear (&f->lock);
  g_cond_clear (&f->cond);
  test_samba_stop (f->samba);
}

static void
assert_unharmed (Fixture *f)
{
  test_look (f->factory, "data");
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static void
wait_for_result (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Both forms of the calls, with a progress that must be let go of whatever happens. */

static guint64
retrieve (Fixture        *f,
          const char     *path,
          GOutputStream  *stream,
          gboolean        async,
          int             timeout_msec,
          GError        **error)
{
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GAsyncResult)  result = NULL;
  TestProgress             progress = { 0 };
  guint64                  n_bytes = 0;

  if (async)
    {
      smb_protocol_factory_retrieve_file_async (f->factory, "data", path, stream, test_progress, &progress,
                                                test_progress_destroy, timeout_msec, f->cancellable,
                                                keep_result_cb, &result);
      wait_for_result (&result);
      file = smb_protocol_factory_retrieve_file_finish (f->factory, result, &n_bytes, error);
    }
  else
    file = smb_protocol_factory_retrieve_file (f->factory, "data", path, stream, test_progress, &progress,
                                               test_progress_destroy, timeout_msec, f->cancellable, &n_bytes,
                                               error);
  g_assert_cmpuint (progress.n_destroyed, ==, 1);
  g_assert_true ((file == NULL) == (error != NULL && *error != NULL));
  return n_bytes;
}

static guint64
store (Fixture       *f,
       const char    *share,
       const char    *path,
       GInputStream  *stream,
       gboolean       async,
       int            timeout_msec,
       GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  TestProgress            progress = { 0 };
  guint64                 n_bytes = 0;

  if (async)
    {
      smb_protocol_factory_store_file_async (f->factory, share, path, stream, test_progress, &progress,
                                             test_progress_destroy, timeout_msec, f->cancellable,
                                             keep_result_cb, &result);
      wait_for_result (&result);
      smb_protocol_factory_store_file_finish (f->factory, result, &n_bytes, error);
    }
  else
    smb_protocol_factory_store_file (f->factory, share, path, stream, test_progress, &progress,
                                     test_progress_destroy, timeout_msec, f->cancellable, &n_bytes, error);
  g_assert_cmpuint (progress.n_destroyed, ==, 1);
  return n_bytes;
}

/* What the server refuses, or the library before it. */

static const struct
{
  const char *path;
  SmbError    code;
} bad_sources[] = {
  { "missing", SMB_ERROR_NOT_FOUND },
  { "missing/file", SMB_ERROR_NOT_FOUND },
  { "folder", SMB_ERROR_IS_DIRECTORY },
  { "", SMB_ERROR_IS_DIRECTORY },
  { "folder/../file", SMB_ERROR_INVALID_ARGUMENT },
  { "f*", SMB_ERROR_INVALID_ARGUMENT },
  { "file:stream", SMB_ERROR_INVALID_ARGUMENT },
};

static void
make_folder (Fixture *f)
{
  g_autofree char *folder = test_samba_build_path (f->samba, "data", "folder", NULL);

  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
}

static void
test_retrieve_refused (Fixture       *f,
                       gconstpointer  data)
{
  make_folder (f);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (bad_sources); i++)
    {
      g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
      g_autoptr(GError)        error = NULL;

      retrieve (f, bad_sources[i / 2].path, stream, i % 2, -1, &error);
      g_assert_error (error, SMB_ERROR, (int) bad_sources[i / 2].code);
      g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==, 0);
    }
  assert_unharmed (f);
}

static const struct
{
  const char *share;
  const char *path;
  SmbError    code;
} bad_targets[] = {
  { "data", "missing/file", SMB_ERROR_NOT_FOUND },
  { "data", "folder", SMB_ERROR_IS_DIRECTORY },
  { "data", "@GMT-2024.01.02-03.04.05/file", SMB_ERROR_ACCESS_DENIED },
  { "data", "a?b", SMB_ERROR_INVALID_ARGUMENT },
  { "ro", "file", SMB_ERROR_ACCESS_DENIED },
  { "no such share", "file", SMB_ERROR_NOT_FOUND },
};

static void
test_store_refused (Fixture       *f,
                    gconstpointer  data)
{
  make_folder (f);
  for (guint i = 0; i < 4 * G_N_ELEMENTS (bad_targets); i++)
    {
      g_autoptr(GBytes)       bytes = test_data_new (i % 4 < 2 ? 10 : 12 * MIB);
      g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
      g_autoptr(GError)       error = NULL;

      store (f, bad_targets[i / 4].share, bad_targets[i / 4].path, stream, i % 2, -1, &error);
      g_assert_error (error, SMB_ERROR, (int) bad_targets[i / 4].code);
    }
  assert_unharmed (f);
}

static void
test_store_sharing_violation (Fixture       *f,
                              gconstpointer  data)
{
  g_autoptr(SmbOpenFile)  file = NULL;
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data ("x", 1, NULL);
  g_autoptr(GError)       error = NULL;

  file = smb_protocol_factory_open_file (f->factory, "data", "busy", SMB_FILE_ACCESS_WRITE,
                                         SMB_FILE_DISPOSITION_CREATE, -1, NULL, &error);
  g_assert_no_error (error);
  store (f, "data", "busy", stream, FALSE, -1, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SHARING_VIOLATION);
}

static void
test_store_hidden (Fixture       *f,
                   gconstpointer  data)
{
  static const SmbFileAttributes attributes[] = { SMB_FILE_ATTRIBUTES_HIDDEN, SMB_FILE_ATTRIBUTES_SYSTEM };

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GBytes)        before = test_data_new (200000);
      g_autoptr(GBytes)        after = test_data_new (i < 2 ? 1000 : 100000);
      g_autoptr(GInputStream)  stream = g_memory_input_stream_new_from_bytes (after);
      g_autoptr(SmbSharedFile) file = NULL;
      g_autofree char         *name = g_strdup_printf ("special-%u", i);
      g_autoptr(GError)        error = NULL;

      test_share_write (f->samba, "data", name, before);
      smb_protocol_factory_reset_file_attributes (f->factory, "data", name, attributes[i % 2], -1, NULL,
                                                  &error);
      g_assert_no_error (error);
      store (f, "data", name, stream, FALSE, -1, &error);
      g_assert_no_error (error);
      test_share_assert (f->samba, "data", name, after);
      file = smb_protocol_factory_get_attributes (f->factory, "data", name, -1, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (smb_shared_file_get_attributes (file) & attributes[i % 2], !=, 0);
    }
}

/* Streams that fail. */

static gssize
write_until (gconstpointer   buffer,
             gsize           count,
             GCancellable   *cancellable,
             gpointer        data,
             GError        **error)
{
  Fixture *f = data;
  gsize    n_bytes = MIN (count, f->fail_at - f->moved);

  if (n_bytes == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED, "the stream's own");
      return -1;
    }
  f->moved += n_bytes;
  return n_bytes;
}

static gssize
read_until (gpointer        buffer,
            gsize           count,
            GCancellable   *cancellable,
            gpointer        data,
            GError        **error)
{
  memset (buffer, 'x', count);
  return write_until (buffer, count, cancellable, data, error);
}

static const guint64 failures[] = { 0, 1, 65535, 65536, 65537, MIB, 3 * MIB, 11 * MIB };

static void
test_output_fails (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (12 * MIB);

  test_share_write (f->samba, "data", "file", bytes);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (failures); i++)
    {
      g_autoptr(GOutputStream) stream = test_output_stream_new (write_until, f);
      g_autoptr(GError)        error = NULL;

      f->fail_at = failures[i / 2];
      f->moved = 0;
      retrieve (f, "file", stream, i % 2, -1, &error);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED);
      g_assert_cmpstr (error->message, ==, "the stream's own");
      g_assert_cmpuint (f->moved, ==, failures[i / 2]);
      g_assert_false (g_output_stream_has_pending (stream));
      assert_unharmed (f);
    }
}

/* The end of a small file is handed over with the last answer of the server, and may fail after it. */
static void
test_output_fails_at_end (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (10);

  test_share_write (f->samba, "data", "file", bytes);
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr(GOutputStream) stream = test_output_stream_new (write_until, f);
      g_autoptr(GError)        error = NULL;

      f->fail_at = 9;
      f->moved = 0;
      retrieve (f, "file", stream, i % 2, -1, &error);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED);
    }
  assert_unharmed (f);
}

static void
test_input_fails (Fixture       *f,
                  gconstpointer  data)
{
  for (guint i = 0; i < 2 * G_N_ELEMENTS (failures); i++)
    {
      g_autoptr(GInputStream) stream = test_input_stream_new (read_until, f);
      g_autoptr(GError)       error = NULL;

      f->fail_at = failures[i / 2];
      f->moved = 0;
      store (f, "data", "broken", stream, i % 2, -1, &error);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED);
      g_assert_cmpuint (f->moved, ==, failures[i / 2]);
      g_assert_false (g_input_stream_has_pending (stream));
      assert_unharmed (f);
    }
}

/* Cancelling. */

static gssize
write_and_cancel (gconstpointer   buffer,
                  gsize           count,
                  GCancellable   *cancellable,
                  gpointer        data,
                  GError        **error)
{
  Fixture *f = data;

  f->moved += count;
  if (f->moved >= f->fail_at)
    g_cancellable_cancel (f->cancellable);
  return count;
}

static gssize
read_and_cancel (gpointer        buffer,
                 gsize           count,
                 GCancellable   *cancellable,
                 gpointer        data,
                 GError        **error)
{
  memset (buffer, 'x', count);
  return write_and_cancel (buffer, count, cancellable, data, error);
}

static void
test_cancel_retrieve (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (30 * MIB);

  test_share_write (f->samba, "data", "file", bytes);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(GOutputStream) stream = test_output_stream_new (write_and_cancel, f);
      g_autoptr(GError)        error = NULL;

      f->fail_at = (i / 2) * MIB;
      f->moved = 0;
      retrieve (f, "file", stream, i % 2, -1, &error);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_false (g_output_stream_has_pending (stream));
      g_cancellable_reset (f->cancellable);
      assert_unharmed (f);
    }
}

static void
test_cancel_store (Fixture       *f,
                   gconstpointer  data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(GInputStream) stream = test_input_stream_new (read_and_cancel, f);
      g_autoptr(GError)       error = NULL;

      f->fail_at = (i / 2) * 2 * MIB;
      f->moved = 0;
      store (f, "data", "cancelled", stream, i % 2, -1, &error);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_false (g_input_stream_has_pending (stream));
      g_cancellable_reset (f->cancellable);
      assert_unharmed (f);
    }
}

/* Streams that do not move until they are cancelled. */

static gssize
block (GCancellable  *cancellable,
       Fixture       *f,
       GError       **error)
{
  GPollFD poll_fd;

  g_mutex_lock (&f->lock);
  f->entered = TRUE;
  g_cond_signal (&f->cond);
  g_mutex_unlock (&f->lock);

  g_assert_true (g_cancellable_make_pollfd (cancellable, &poll_fd));
  while (g_poll (&poll_fd, 1, -1) < 0)
    ;
  g_cancellable_release_fd (cancellable);
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return -1;
}

static gssize
block_write (gconstpointer   buffer,
             gsize           count,
             GCancellable   *cancellable,
             gpointer        data,
             GError        **error)
{
  return block (cancellable, data, error);
}

static gssize
block_read (gpointer        buffer,
            gsize           count,
            GCancellable   *cancellable,
            gpointer        data,
            GError        **error)
{
  return block (cancellable, data, error);
}

static void
wait_until_entered (Fixture *f)
{
  g_mutex_lock (&f->lock);
  while (!f->entered)
    g_cond_wait (&f->cond, &f->lock);
  f->entered = FALSE;
  g_mutex_unlock (&f->lock);
}

static gpointer
close_when_blocked (gpointer data)
{
  Fixture           *f = data;
  g_autoptr(GError)  error = NULL;

  wait_until_entered (f);
  smb_protocol_factory_close_connection (f->factory, -1, NULL, &error);
  g_assert_no_error (error);
  return NULL;
}

static gpointer
cancel_when_blocked (gpointer data)
{
  Fixture *f = data;

  wait_until_entered (f);
  g_cancellable_cancel (f->cancellable);
  return NULL;
}

static void
test_blocked (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (12 * MIB);

  test_share_write (f->samba, "data", "file", bytes);
  for (guint i = 0; i < 8; i++)
    {
      gboolean                 closes = i < 4;
      g_autoptr(GOutputStream) output = test_output_stream_new (block_write, f);
      g_autoptr(GInputStream)  input = test_input_stream_new (block_read, f);
      g_autoptr(GError)        error = NULL;
      GThread                 *thread;

      thread = g_thread_new ("rescue", closes ? close_when_blocked : cancel_when_blocked, f);
      if (i / 2 % 2 == 0)
        retrieve (f, "file", output, i % 2, -1, &error);
      else
        store (f, "data", "other", input, i % 2, -1, &error);
      g_thread_join (thread);
      if (closes)
        g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      g_cancellable_reset (f->cancellable);
      g_object_unref (f->factory);
      f->factory = test_client_open (f->samba, NULL, NULL);
    }
}

/* A stream that is slower than the timeout is no reason to time out. */

#define IMPATIENCE 500 /* ms: the server is slower on a busy machine, too */

static void
dawdle (Fixture      *f,
        GCancellable *cancellable)
{
  GPollFD poll_fd;

  if (f->moved > 0)
    return;
  g_assert_true (g_cancellable_make_pollfd (cancellable, &poll_fd));
  g_poll (&poll_fd, 1, 3 * IMPATIENCE);
  g_cancellable_release_fd (cancellable);
}

static gssize
dawdle_write (gconstpointer   buffer,
              gsize           count,
              GCancellable   *cancellable,
              gpointer        data,
              GError        **error)
{
  Fixture *f = data;

  dawdle (f, cancellable);
  f->moved += count;
  return count;
}

static gssize
dawdle_read (gpointer        buffer,
             gsize           count,
             GCancellable   *cancellable,
             gpointer        data,
             GError        **error)
{
  Fixture *f = data;

  dawdle (f, cancellable);
  memset (buffer, 'x', count);
  count = MIN (count, f->fail_at - f->moved);
  f->moved += count;
  return count;
}

static void
test_slow (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (20 * MIB);

  test_share_write (f->samba, "data", "file", bytes);
  for (guint async = 0; async < 2; async++)
    {
      g_autoptr(GOutputStream) output = test_output_stream_new (dawdle_write, f);
      g_autoptr(GInputStream)  input = test_input_stream_new (dawdle_read, f);
      g_autoptr(GError)        error = NULL;

      f->moved = 0;
      retrieve (f, "file", output, async, IMPATIENCE, &error);
      g_assert_no_error (error);
      f->fail_at = 20 * MIB;
      f->moved = 0;
      store (f, "data", "other", input, async, IMPATIENCE, &error);
      g_assert_no_error (error);
    }
}

/* The server does not send more than the window ahead of a stream. */

static gssize
count_behind_proxy (gconstpointer   buffer,
                    gsize           count,
                    GCancellable   *cancellable,
                    gpointer        data,
                    GError        **error)
{
  Fixture *f = data;
  gint64   until = f->moved == 0 ? g_get_monotonic_time () + G_TIME_SPAN_SECOND / 3 : 0;

  do
    g_assert_cmpuint (test_proxy_get_count (f->proxy, "down"), <=,
                      f->moved + count + WINDOW + MIB + IN_SOCKETS);
  while (g_get_monotonic_time () < until); /* all that would come, would come now */
  f->moved += count;
  return count;
}

static void
test_window (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (100 * MIB);

  test_share_write (f->samba, "data", "file", bytes);
  f->proxy = test_proxy_start (test_samba_get_host (f->samba), test_samba_get_port (f->samba), NULL);
  for (guint async = 0; async < 2; async++)
    {
      g_autoptr(GOutputStream) stream = test_output_stream_new (count_behind_proxy, f);
      g_autoptr(GError)        error = NULL;

      smb_protocol_factory_close_connection (f->factory, -1, NULL, NULL);
      smb_protocol_factory_open_connection (f->factory, "127.0.0.1", test_proxy_get_port (f->proxy), -1, NULL,
                                            &error);
      g_assert_no_error (error);
      f->moved = 0;
      retrieve (f, "file", stream, async, -1, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (f->moved, ==, 100 * MIB);
    }
  test_proxy_stop (f->proxy);
}

/* Files that change while they are read. */

static gssize
resize_source (gconstpointer   buffer,
               gsize           count,
               GCancellable   *cancellable,
               gpointer        data,
               GError        **error)
{
  Fixture         *f = data;
  g_autofree char *path = test_samba_build_path (f->samba, "data", "file", NULL);

  if (f->moved == 0)
    g_assert_cmpint (truncate (path, f->fail_at), ==, 0);
  f->moved += count;
  return count;
}

static void
test_resized (Fixture       *f,
              gconstpointer  data)
{
  static const guint64 new_sizes[] = { 12 * MIB, 12 * MIB + 1, 20 * MIB + 1, 27 * MIB + 12345 };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (new_sizes); i++)
    {
      g_autoptr(GBytes)        bytes = test_data_new (20 * MIB);
      g_autoptr(GOutputStream) stream = test_output_stream_new (resize_source, f);
      g_autofree char         *path = test_samba_build_path (f->samba, "data", "file", NULL);
      g_autoptr(GError)        error = NULL;

      g_unlink (path);
      test_share_write (f->samba, "data", "file", bytes);
      f->fail_at = new_sizes[i / 2];
      f->moved = 0;
      g_assert_cmpuint (retrieve (f, "file", stream, i % 2, -1, &error), ==, new_sizes[i / 2]);
      g_assert_no_error (error);
      g_assert_cmpuint (f->moved, ==, new_sizes[i / 2]);
    }
  assert_unharmed (f);
}

/* The server dies. */

static gssize
kill_server (gconstpointer   buffer,
             gsize           count,
             GCancellable   *cancellable,
             gpointer        data,
             GError        **error)
{
  Fixture *f = data;

  if (f->moved == 0)
    g_free (test_samba_command (f->samba, NULL, "kill"));
  f->moved += count;
  return count;
}

static gssize
kill_server_read (gpointer        buffer,
                  gsize           count,
                  GCancellable   *cancellable,
                  gpointer        data,
                  GError        **error)
{
  memset (buffer, 'x', count);
  return kill_server (buffer, count, cancellable, data, error);
}

static void
test_server_dies (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (60 * MIB);

  test_share_write (f->samba, "data", "file", bytes);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GOutputStream) output = test_output_stream_new (kill_server, f);
      g_autoptr(GInputStream)  input = test_input_stream_new (kill_server_read, f);
      g_autoptr(GError)        error = NULL;

      f->moved = 0;
      if (i < 2)
        retrieve (f, "file", output, i % 2, -1, &error);
      else
        store (f, "data", "other", input, i % 2, -1, &error);
      g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
      g_object_unref (f->factory);
      f->factory = test_client_open (f->samba, NULL, NULL);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/transfer/retrieve-refused", test_retrieve_refused);
  ADD ("/transfer/store-refused", test_store_refused);
  ADD ("/transfer/store-sharing-violation", test_store_sharing_violation);
  ADD ("/transfer/store-hidden", test_store_hidden);
  ADD ("/transfer/output-fails", test_output_fails);
  ADD ("/transfer/output-fails-at-end", test_output_fails_at_end);
  ADD ("/transfer/input-fails", test_input_fails);
  ADD ("/transfer/cancel-retrieve", test_cancel_retrieve);
  ADD ("/transfer/cancel-store", test_cancel_store);
  ADD ("/transfer/blocked", test_blocked);
  ADD ("/transfer/slow", test_slow);
  ADD ("/transfer/window", test_window);
  ADD ("/transfer/resized", test_resized);
  ADD ("/transfer/server-dies", test_server_dies);

  return g_test_run ();
}
