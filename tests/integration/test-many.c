/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"

/* Many operations at once on one factory, from one thread and from many. */

#define N_OPERATIONS 1000
#define N_FILES      20
#define N_THREADS    8

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
  GBytes             *contents[N_FILES];
} Fixture;

/* Sizes around what fits one request, and none that is equal to another. */
static gsize
size_of_file (guint i)
{
  static const gsize sizes[] = { 0, 1, 4096, 65535, 65536, 65537, 200000, 1048577 };

  return sizes[i % G_N_ELEMENTS (sizes)] + i / G_N_ELEMENTS (sizes);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->samba = test_samba_start (NULL);
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%u", i);

      f->contents[i] = test_data_new (size_of_file (i));
      test_share_write (f->samba, "data", name, f->contents[i]);
    }
  f->factory = test_client_open (f->samba, "encryption", GPOINTER_TO_INT (data), NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  for (guint i = 0; i < N_FILES; i++)
    g_bytes_unref (f->contents[i]);
  test_samba_stop (f->samba);
}

/* A thousand operations of one main context. */

typedef struct
{
  Fixture       *fixture;
  guint          number;
  GOutputStream *output;
  GInputStream  *input;
  guint         *remaining;
} Operation;

static void
operation_done (Operation *operation)
{
  *operation->remaining -= 1;
  g_clear_object (&operation->output);
  g_clear_object (&operation->input);
  g_free (operation);
}

static void
retrieved (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Operation               *operation = user_data;
  GBytes                  *expected = operation->fixture->contents[operation->number % N_FILES];
  g_autoptr(GBytes)        got = NULL;
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  guint64                  bytes;

  file = smb_protocol_factory_retrieve_file_finish (SMB_PROTOCOL_FACTORY (source), result, &bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bytes, ==, g_bytes_get_size (expected));
  g_output_stream_close (operation->output, NULL, NULL);
  got = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (operation->output));
  g_assert_true (g_bytes_equal (got, expected));
  operation_done (operation);
}

static void
stored (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Operation         *operation = user_data;
  g_autofree char   *name = g_strdup_printf ("stored-%u", operation->number);
  g_autoptr(GError)  error = NULL;

  smb_protocol_factory_store_file_finish (SMB_PROTOCOL_FACTORY (source), result, NULL, &error);
  g_assert_no_error (error);
  test_share_assert (operation->fixture->samba, "data", name,
                     operation->fixture->contents[operation->number % N_FILES]);
  operation_done (operation);
}

static void
listed (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) files =
    smb_protocol_factory_list_path_finish (SMB_PROTOCOL_FACTORY (source), result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, N_FILES);
  operation_done (user_data);
}

static void
looked_at (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Operation               *operation = user_data;
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, size_of_file (operation->number % N_FILES));
  operation_done (operation);
}

static void
start_operation (Fixture *f,
                 guint    number,
                 guint   *remaining)
{
  g_autofree char *name = g_strdup_printf ("file-%u", number % N_FILES);
  g_autofree char *new_name = g_strdup_printf ("stored-%u", number);
  Operation       *operation = g_new0 (Operation, 1);

  operation->fixture = f;
  operation->number = number;
  operation->remaining = remaining;
  switch (number % 4)
    {
    case 0:
      operation->output = g_memory_output_stream_new_resizable ();
      smb_protocol_factory_retrieve_file_async (f->factory, "data", name, operation->output, NULL, NULL, NULL,
                                                -1, NULL, retrieved, operation);
      break;
    case 1:
      operation->input = g_memory_input_stream_new_from_bytes (f->contents[number % N_FILES]);
      smb_protocol_factory_store_file_async (f->factory, "data", new_name, operation->input, NULL, NULL, NULL,
                                             -1, NULL, stored, operation);
      break;
    case 2:
      smb_protocol_factory_list_path_async (f->factory, "data", "", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "file-*",
                                            -1, NULL, listed, operation);
      break;
    default:
      smb_protocol_factory_get_attributes_async (f->factory, "data", name, -1, NULL, looked_at, operation);
      break;
    }
}

static void
test_thousand (Fixture       *f,
               gconstpointer  data)
{
  guint remaining = N_OPERATIONS;

  for (guint i = 0; i < N_OPERATIONS; i++)
    start_operation (f, i, &remaining);
  while (remaining > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Eight threads, synchronous and asynchronous calls mixed. */

static void
use_synchronously (Fixture *f,
                   guint    number)
{
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char         *name = g_strdup_printf ("file-%u", (number + i) % N_FILES);
      g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
      g_autoptr(GBytes)        got = NULL;
      g_autoptr(GError)        error = NULL;
      g_autoptr(SmbSharedFile) file = NULL;

      file = smb_protocol_factory_retrieve_file (f->factory, "data", name, output, NULL, NULL, NULL, -1, NULL,
                                                 NULL, &error);
      g_assert_no_error (error);
      g_output_stream_close (output, NULL, NULL);
      got = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
      g_assert_true (g_bytes_equal (got, f->contents[(number + i) % N_FILES]));
    }
}

static void
use_asynchronously (Fixture *f,
                    guint    number)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  guint                   remaining = 40;

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < 40; i++)
    start_operation (f, number * 1000 + i, &remaining);
  while (remaining > 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
}

typedef struct
{
  Fixture *fixture;
  guint    number;
} ThreadData;

static gpointer
thread_main (gpointer data)
{
  ThreadData *self = data;

  if (self->number % 2 == 0)
    use_synchronously (self->fixture, self->number);
  else
    use_asynchronously (self->fixture, self->number);
  return NULL;
}

static void
test_threads (Fixture       *f,
              gconstpointer  data)
{
  GThread    *threads[N_THREADS];
  ThreadData  of_thread[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    {
      of_thread[i] = (ThreadData) { f, i };
      threads[i] = g_thread_new ("user", thread_main, &of_thread[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

/* A listing does not wait for the transfers that were begun before it. */

typedef struct
{
  gboolean read_done;
  gboolean write_done;
  gboolean listing_done;
  guint    listings_during;
} Mixture;

static void
big_read_done (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_retrieve_file_finish (SMB_PROTOCOL_FACTORY (source), result, NULL, &error);
  g_assert_no_error (error);
  ((Mixture *) user_data)->read_done = TRUE;
}

static void
big_write_done (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  smb_protocol_factory_store_file_finish (SMB_PROTOCOL_FACTORY (source), result, NULL, &error);
  g_assert_no_error (error);
  ((Mixture *) user_data)->write_done = TRUE;
}

static void
list_again (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Mixture             *mixture = user_data;
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) files =
    smb_protocol_factory_list_path_finish (SMB_PROTOCOL_FACTORY (source), result, &error);

  g_assert_no_error (error);
  mixture->listing_done = mixture->read_done || mixture->write_done;
  if (mixture->listing_done)
    return;
  mixture->listings_during++;
  smb_protocol_factory_list_path_async (SMB_PROTOCOL_FACTORY (source), "data", "",
                                        SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "file-*", -1, NULL, list_again,
                                        mixture);
}

static void
test_listing_during_transfers (Fixture       *f,
                               gconstpointer  data)
{
  g_autoptr(GBytes)        big = test_data_new (192 * 1024 * 1024);
  g_autoptr(GInputStream)  input = g_memory_input_stream_new_from_bytes (big);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GBytes)        got = NULL;
  Mixture                  mixture = { 0 };

  test_share_write (f->samba, "data", "big", big);
  smb_protocol_factory_retrieve_file_async (f->factory, "data", "big", output, NULL, NULL, NULL, -1, NULL,
                                            big_read_done, &mixture);
  smb_protocol_factory_store_file_async (f->factory, "data", "big-copy", input, NULL, NULL, NULL, -1, NULL,
                                         big_write_done, &mixture);
  smb_protocol_factory_list_path_async (f->factory, "data", "", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "file-*", -1,
                                        NULL, list_again, &mixture);
  while (!mixture.read_done || !mixture.write_done || !mixture.listing_done)
    g_main_context_iteration (NULL, TRUE);

  g_test_message ("%u listings while both transfers ran", mixture.listings_during);
  g_assert_cmpuint (mixture.listings_during, >=, 3);
  g_output_stream_close (output, NULL, NULL);
  got = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  g_assert_true (g_bytes_equal (got, big));
  test_share_assert (f->samba, "data", "big-copy", big);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, encryption, test)                                                                 \
  g_test_add (path, Fixture, GINT_TO_POINTER (encryption), set_up, test, tear_down)
  ADD ("/many/thousand", SMB_ENCRYPTION_IF_REQUIRED, test_thousand);
  ADD ("/many/thousand-sealed", SMB_ENCRYPTION_REQUIRED, test_thousand);
  ADD ("/many/threads", SMB_ENCRYPTION_IF_REQUIRED, test_threads);
  ADD ("/many/threads-sealed", SMB_ENCRYPTION_REQUIRED, test_threads);
  ADD ("/many/listing-during-transfers", SMB_ENCRYPTION_IF_REQUIRED, test_listing_during_transfers);
#undef ADD

  return g_test_run ();
}
