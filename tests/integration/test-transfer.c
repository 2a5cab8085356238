/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"
#include "test-streams.h"

/* Files between the private Samba and streams. */

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
  g_assert_finalize_object (f->factory);
  test_samba_stop (f->samba);
}

/* Nothing is left open on the server, and the connection goes on working. */
static void
assert_unharmed (Fixture *f)
{
  test_look (f->factory, "data");
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
}

static GBytes *
steal_bytes (GOutputStream *stream)
{
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

static void
assert_bytes (GBytes *bytes,
              GBytes *expected,
              gsize   offset,
              gsize   size)
{
  gsize         n_bytes;
  const guint8 *begin = g_bytes_get_data (bytes, &n_bytes);

  g_assert_cmpmem (begin, n_bytes, (const guint8 *) g_bytes_get_data (expected, NULL) + offset, size);
}

/* Sizes around each boundary: of the chain, of a chunk, of the window. */
static const gsize sizes[] = {
  0,   1,       65535,       65536,           65537,    100000,           MIB - 1,
  MIB, MIB + 1, 65536 + MIB, 2 * MIB + 65537, 20 * MIB, 20 * MIB + 12345,
};

static void
retrieve_size (Fixture *f,
               gsize    size)
{
  g_autoptr(GBytes)         data = test_data_new (size);
  g_autoptr(GBytes)         got = NULL;
  g_autoptr(GOutputStream)  stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile)  file = NULL;
  g_autoptr(GError)         error = NULL;
  TestProgress              progress = { 0 };
  guint64                   n_bytes;

  test_share_write (f->samba, "data", "Größe.bin", data);
  file = smb_protocol_factory_retrieve_file (f->factory, "data", "Größe.bin", stream, test_progress,
                                             &progress, test_progress_destroy, -1, NULL, &n_bytes, &error);
  g_assert_no_error (error);
  got = steal_bytes (stream);
  assert_bytes (got, data, 0, size);
  g_assert_cmpuint (n_bytes, ==, size);
  test_progress_assert (&progress, size, size);
  g_assert_cmpstr (smb_shared_file_get_filename (file), ==, "Größe.bin");
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, size);
  g_assert_cmpuint (smb_shared_file_get_file_id (file), !=, 0);
}

static void
test_retrieve (Fixture       *f,
               gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    retrieve_size (f, sizes[i]);
  assert_unharmed (f);
}

static void
store_size (Fixture *f,
            gsize    size)
{
  g_autoptr(GBytes)        data = test_data_new (size);
  g_autoptr(GInputStream)  stream = g_memory_input_stream_new_from_bytes (data);
  g_autoptr(GError)        error = NULL;
  TestProgress             progress = { 0 };
  guint64                  n_bytes;

  smb_protocol_factory_store_file (f->factory, "data", "/stored.bin", stream, test_progress, &progress,
                                   test_progress_destroy, -1, NULL, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, ==, size);
  test_progress_assert (&progress, size, size);
  test_share_assert (f->samba, "data", "stored.bin", data);
}

static void
test_store (Fixture       *f,
            gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    store_size (f, sizes[i]);
  for (guint i = G_N_ELEMENTS (sizes); i > 0; i--)
    store_size (f, sizes[i - 1]); /* shorter than what is there */
  assert_unharmed (f);
}

/* The same, asynchronously, and many at once. */

typedef struct
{
  SmbProtocolFactory *factory;
  GThread            *thread;
  char               *name;
  GBytes             *data;
  TestProgress        progress;
  GOutputStream      *output;
  guint              *pending;
} Asynchronous;

static void
asynchronous_free (Asynchronous *self)
{
  g_free (self->name);
  g_bytes_unref (self->data);
  g_clear_object (&self->output);
  (*self->pending)--;
  g_free (self);
}

static void
retrieved_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Asynchronous             *self = user_data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(SmbSharedFile)  file = NULL;
  g_autoptr(GBytes)         got = NULL;
  guint64                   n_bytes;

  file = smb_protocol_factory_retrieve_file_finish (SMB_PROTOCOL_FACTORY (source), result, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_true (self->thread == g_thread_self ());
  test_progress_assert (&self->progress, n_bytes, n_bytes);
  got = steal_bytes (self->output);
  assert_bytes (got, self->data, 0, n_bytes);
  asynchronous_free (self);
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Asynchronous      *self = user_data;
  g_autoptr(GError)  error = NULL;
  guint64            n_bytes;

  smb_protocol_factory_store_file_finish (SMB_PROTOCOL_FACTORY (source), result, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, ==, g_bytes_get_size (self->data));
  test_progress_assert (&self->progress, n_bytes, n_bytes);

  self->progress = (TestProgress) { 0 };
  self->output = g_memory_output_stream_new_resizable ();
  smb_protocol_factory_retrieve_file_async (self->factory, "data", self->name, self->output, test_progress,
                                            &self->progress, test_progress_destroy, -1, NULL, retrieved_cb,
                                            self);
}

static void
test_async (Fixture       *f,
            gconstpointer  data)
{
  guint pending = G_N_ELEMENTS (sizes);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Asynchronous            *self = g_new0 (Asynchronous, 1);
      g_autoptr(GInputStream)  stream = NULL;

      self->factory = f->factory;
      self->thread = g_thread_self ();
      self->name = g_strdup_printf ("async-%u", i);
      self->data = test_data_new (sizes[i]);
      self->pending = &pending;
      stream = g_memory_input_stream_new_from_bytes (self->data);
      smb_protocol_factory_store_file_async (f->factory, "data", self->name, stream, test_progress,
                                             &self->progress, test_progress_destroy, -1, NULL, stored_cb,
                                             self);
    }
  while (pending > 0)
    g_main_context_iteration (NULL, TRUE);
  assert_unharmed (f);
}

/* Progress as a closure, for languages. */

static void
closure_progress_cb (gint64   current,
                     gint64   total,
                     gpointer data)
{
  test_progress (current, total, data);
}

static void
closure_destroyed (gpointer  data,
                   GClosure *closure)
{
  test_progress_destroy (data);
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
test_closures (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GBytes)         bytes = test_data_new (3 * MIB);
  g_autoptr(GBytes)         got = NULL;
  g_autoptr(GOutputStream)  stream = g_memory_output_stream_new_resizable ();
  g_autoptr(GAsyncResult)   result = NULL;
  g_autoptr(SmbSharedFile)  file = NULL;
  g_autoptr(GError)         error = NULL;
  TestProgress              progress = { 0 };
  guint64                   n_bytes;

  test_share_write (f->samba, "data", "closure", bytes);
  smb_protocol_factory_retrieve_file_async_with_closures (
    f->factory, "data", "closure", stream,
    g_cclosure_new (G_CALLBACK (closure_progress_cb), &progress, closure_destroyed), -1, NULL,
    g_cclosure_new (G_CALLBACK (keep_result_cb), &result, NULL));
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  file = smb_protocol_factory_retrieve_file_finish (f->factory, result, &n_bytes, &error);
  g_assert_no_error (error);
  test_progress_assert (&progress, 3 * MIB, 3 * MIB);
  got = steal_bytes (stream);
  assert_bytes (got, bytes, 0, n_bytes);
}

/* Parts of files. */

static const struct
{
  gsize   size;
  guint64 offset;
  gint64  max_length;
  gsize   expected;
} parts[] = {
  { 10, 0, -1, 10 },
  { 10, 3, -1, 7 },
  { 10, 3, 4, 4 },
  { 10, 3, 100, 7 },
  { 10, 10, -1, 0 },
  { 10, 11, -1, 0 },
  { 10, G_MAXINT64, -1, 0 },
  { 10, 0, 0, 0 },
  { 10, 5, 0, 0 },
  { 0, 0, -1, 0 },
  { 0, 0, 10, 0 },
  { 70000, 0, 65536, 65536 },
  { 70000, 0, 65537, 65537 },
  { 70000, 4464, -1, 65536 },
  { 70000, 4463, -1, 65537 },
  { 3 * MIB, 1, MIB, MIB },
  { 3 * MIB, 1, -1, 3 * MIB - 1 },
  { 3 * MIB, MIB, 2 * MIB, 2 * MIB },
  { 3 * MIB, MIB, 2 * MIB + 1, 2 * MIB },
  { 3 * MIB, MIB, G_MAXINT64, 2 * MIB },
};

static void
test_parts (Fixture       *f,
            gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr(GBytes)         bytes = test_data_new (parts[i].size);
      g_autofree char          *name = g_strdup_printf ("part-%u", i);
      g_autoptr(GBytes)         got = NULL;
      g_autoptr(GOutputStream)  stream = g_memory_output_stream_new_resizable ();
      g_autoptr(SmbSharedFile)  file = NULL;
      g_autoptr(GError)         error = NULL;
      TestProgress              progress = { 0 };
      guint64                   n_bytes;

      test_share_write (f->samba, "data", name, bytes);
      file = smb_protocol_factory_retrieve_file_from_offset (
          f->factory, "data", name, stream, parts[i].offset, parts[i].max_length, test_progress, &progress,
          test_progress_destroy, -1, NULL, &n_bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n_bytes, ==, parts[i].expected);
      got = steal_bytes (stream);
      assert_bytes (got, bytes, MIN (parts[i].offset, parts[i].size), parts[i].expected);
      test_progress_assert (&progress, parts[i].expected, parts[i].expected);
      g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, parts[i].size);
    }
  assert_unharmed (f);
}

static const struct
{
  const char *before; /* NULL: no such file */
  guint64     offset;
  gboolean    truncate;
  const char *stored;
  const char *after;
  gsize       after_size;
} stores[] = {
  { NULL, 0, FALSE, "new", "new", 3 },
  { NULL, 2, TRUE, "new", "\0\0new", 5 },
  { "0123456789", 5, FALSE, "aa", "01234aa789", 10 },
  { "0123456789", 5, TRUE, "aa", "\0\0\0\0\0aa", 7 },
  { "0123456789", 9, FALSE, "aa", "012345678aa", 11 },
  { "0123456789", 12, FALSE, "aa", "0123456789\0\0aa", 14 },
  { "0123456789", 3, FALSE, "", "0123456789", 10 },
  { "0123456789", 3, TRUE, "", "", 0 },
};

static void
test_store_parts (Fixture       *f,
                  gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (stores); i++)
    {
      g_autoptr(GBytes)       after = g_bytes_new (stores[i].after, stores[i].after_size);
      g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (stores[i].stored, -1, NULL);
      g_autofree char        *name = g_strdup_printf ("part-%u", i);
      g_autoptr(GError)       error = NULL;
      guint64                 n_bytes;

      if (stores[i].before != NULL)
        {
          g_autoptr(GBytes) before = g_bytes_new (stores[i].before, strlen (stores[i].before));

          test_share_write (f->samba, "data", name, before);
        }
      smb_protocol_factory_store_file_from_offset (f->factory, "data", name, stream, stores[i].offset,
                                                   stores[i].truncate, NULL, NULL, NULL, -1, NULL, &n_bytes,
                                                   &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n_bytes, ==, strlen (stores[i].stored));
      test_share_assert (f->samba, "data", name, after);
    }
}

static void
test_store_large_part (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GBytes)       before = test_data_new (4 * MIB);
  g_autoptr(GBytes)       stored = test_data_new (2 * MIB + 17);
  g_autoptr(GBytes)       after = NULL;
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (stored);
  g_autoptr(GError)       error = NULL;
  guint8                 *expected = g_memdup2 (g_bytes_get_data (before, NULL), 4 * MIB);

  test_share_write (f->samba, "data", "large part", before);
  smb_protocol_factory_store_file_from_offset (f->factory, "data", "large part", stream, 12345, FALSE, NULL,
                                               NULL, NULL, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  memcpy (expected + 12345, g_bytes_get_data (stored, NULL), 2 * MIB + 17);
  after = g_bytes_new_take (expected, 4 * MIB);
  test_share_assert (f->samba, "data", "large part", after);
}

/* A stream is stored from where it is, and its length is known where it can be. */

static void
store_stream (Fixture      *f,
              GInputStream *stream,
              gboolean      async)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  TestProgress            progress = { 0 };

  g_seekable_seek (G_SEEKABLE (stream), 1000, G_SEEK_SET, NULL, &error);
  g_assert_no_error (error);
  if (async)
    {
      smb_protocol_factory_store_file_async (f->factory, "data", "from stream", stream, test_progress,
                                             &progress, test_progress_destroy, -1, NULL, keep_result_cb,
                                             &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      smb_protocol_factory_store_file_finish (f->factory, result, NULL, &error);
    }
  else
    smb_protocol_factory_store_file (f->factory, "data", "from stream", stream, test_progress, &progress,
                                     test_progress_destroy, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  test_progress_assert (&progress, 299000, 299000);
}

static void
test_store_streams (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GBytes)       bytes = test_data_new (300000);
  g_autoptr(GBytes)       rest = g_bytes_new_from_bytes (bytes, 1000, 299000);
  g_autofree char        *path = test_samba_build_path (f->samba, "data", "source", NULL);
  g_autoptr(GFile)        file = g_file_new_for_path (path);
  g_autoptr(GInputStream) memory = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GInputStream) buffered = g_buffered_input_stream_new (memory);
  g_autoptr(GInputStream) other_memory = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GInputStream) on_disk = NULL;

  test_share_write (f->samba, "data", "source", bytes);
  on_disk = G_INPUT_STREAM (g_file_read (file, NULL, NULL));
  for (guint async = 0; async < 2; async++)
    {
      store_stream (f, on_disk, async);
      test_share_assert (f->samba, "data", "from stream", rest);
      store_stream (f, buffered, async);
      test_share_assert (f->samba, "data", "from stream", rest);
      store_stream (f, other_memory, async);
      test_share_assert (f->samba, "data", "from stream", rest);
    }
}

/* Of a stream that cannot tell, the length is not known. */
static void
test_store_unknown_length (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(GBytes)       bytes = test_data_new (3 * MIB);
  TestSlowSource          source = { bytes, 0, 1000 };
  g_autoptr(GInputStream) stream = test_input_stream_new (test_slow_read, &source);
  g_autoptr(GError)       error = NULL;
  TestProgress            progress = { 0 };

  smb_protocol_factory_store_file (f->factory, "data", "unknown", stream, test_progress, &progress,
                                   test_progress_destroy, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  test_progress_assert (&progress, 3 * MIB, -1);
  test_share_assert (f->samba, "data", "unknown", bytes);
}

/* Several threads share a factory. */

typedef struct
{
  Fixture *f;
  guint    number;
} Worker;

static gpointer
transfer_in_thread (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char          *name = g_strdup_printf ("thread-%u", worker->number);
      g_autoptr(GBytes)         bytes = test_data_new (50000 * (i + 1) + worker->number);
      g_autoptr(GBytes)         got = NULL;
      g_autoptr(GInputStream)   input = g_memory_input_stream_new_from_bytes (bytes);
      g_autoptr(GOutputStream)  output = g_memory_output_stream_new_resizable ();
      g_autoptr(SmbSharedFile)  file = NULL;
      g_autoptr(GError)         error = NULL;

      smb_protocol_factory_store_file (worker->f->factory, "data", name, input, NULL, NULL, NULL, -1, NULL,
                                       NULL, &error);
      g_assert_no_error (error);
      file = smb_protocol_factory_retrieve_file (worker->f->factory, "data", name, output, NULL, NULL, NULL,
                                                 -1, NULL, NULL, &error);
      g_assert_no_error (error);
      got = steal_bytes (output);
      assert_bytes (got, bytes, 0, g_bytes_get_size (bytes));
    }
  return NULL;
}

static void
test_threads (Fixture       *f,
              gconstpointer  data)
{
  GThread *threads[8];
  Worker   workers[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      workers[i] = (Worker) { f, i };
      threads[i] = g_thread_new ("transfer", transfer_in_thread, &workers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  assert_unharmed (f);
}

#define ADD(path, option, func) g_test_add (path, Fixture, option, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/transfer/retrieve", NULL, test_retrieve);
  ADD ("/transfer/retrieve/2.02", "--max=SMB2_02", test_retrieve);
  ADD ("/transfer/retrieve/sealed", "--encryption=required", test_retrieve);
  ADD ("/transfer/store", NULL, test_store);
  ADD ("/transfer/store/2.02", "--max=SMB2_02", test_store);
  ADD ("/transfer/store/sealed", "--encryption=required", test_store);
  ADD ("/transfer/async", NULL, test_async);
  ADD ("/transfer/closures", NULL, test_closures);
  ADD ("/transfer/parts", NULL, test_parts);
  ADD ("/transfer/parts/2.02", "--max=SMB2_02", test_parts);
  ADD ("/transfer/store-parts", NULL, test_store_parts);
  ADD ("/transfer/store-large-part", NULL, test_store_large_part);
  ADD ("/transfer/store-streams", NULL, test_store_streams);
  ADD ("/transfer/store-unknown-length", NULL, test_store_unknown_length);
  ADD ("/transfer/threads", NULL, test_threads);

  return g_test_run ();
}
