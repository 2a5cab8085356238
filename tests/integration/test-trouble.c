/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-streams.h"

/* Trouble that is nobody's fault: a full disk, files in use by others, and what becomes of the connection
 * then. */

#define TOO_MUCH (8 * 1024 * 1024) /* more than a file of the "full" server can have */

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
  GError             *error;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_auto(GStrv) options = NULL;

  g_assert_true (g_shell_parse_argv (data, NULL, &options, NULL));
  f->samba = test_samba_startv ((const char *const *) options);
  f->factory = test_client_open (f->samba, NULL, NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  test_store (f->factory, "data", "afterwards", "it goes on");
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
  g_assert_finalize_object (f->factory);
  test_samba_stop (f->samba);
}

static void
test_full_store (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GBytes)       bytes = test_data_new (TOO_MUCH);
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (bytes);

  g_assert_false (smb_protocol_factory_store_file (f->factory, "data", "large", input, NULL, NULL, NULL, -1,
                                                   NULL, NULL, &f->error));
  test_assert_failed (&f->error, SMB_ERROR_NO_SPACE, TEST_STATUS_DISK_FULL, "store", "'large'", "'data'",
                      "full", NULL);
}

static void
test_full_write (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = test_data_new (TOO_MUCH);
  g_autoptr(SmbOpenFile) file = NULL;

  file = smb_protocol_factory_open_file (f->factory, "data", "large", SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OVERWRITE_OR_CREATE, -1, NULL, &f->error);
  g_assert_no_error (f->error);
  g_assert_false (smb_open_file_write (file, 0, bytes, -1, NULL, NULL, &f->error));
  test_assert_failed (&f->error, SMB_ERROR_NO_SPACE, TEST_STATUS_DISK_FULL, "write", "'large'", NULL);
  g_assert_false (smb_open_file_set_size (file, TOO_MUCH, -1, NULL, &f->error));
  test_assert_failed (&f->error, SMB_ERROR_NO_SPACE, TEST_STATUS_DISK_FULL, "set the size of", "'large'",
                      NULL);
  g_assert_true (smb_open_file_close (file, -1, NULL, &f->error));
  g_assert_no_error (f->error);
}

/* What others have open. */
static void
test_in_use (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) other = test_client_open (f->samba, NULL, NULL);
  g_autoptr(SmbOpenFile)        held = NULL;
  g_autoptr(GInputStream)       slow = g_memory_input_stream_new_from_data ("new", 3, NULL);

  held = smb_protocol_factory_open_file (other, "data", "held", SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN_OR_CREATE, -1, NULL, &f->error);
  g_assert_no_error (f->error);

  g_assert_false (smb_protocol_factory_store_file (f->factory, "data", "held", slow, NULL, NULL, NULL, -1,
                                                   NULL, NULL, &f->error));
  test_assert_failed (&f->error, SMB_ERROR_SHARING_VIOLATION, TEST_STATUS_SHARING_VIOLATION, "store",
                      "'held'", "'data'", NULL);
  g_assert_true (smb_open_file_close (held, -1, NULL, &f->error));
  g_assert_no_error (f->error);
}

/* A file that is being stored is kept from being deleted, and that is reported; the others go. More is handed
 * out than a transfer reads ahead, so that the file is open by then. */

#define READ_AHEAD (32 * 1024 * 1024)

typedef struct
{
  Fixture *fixture;
  gsize    position;
} Source;

static void
delete_while_storing (Fixture *f)
{
  g_assert_false (smb_protocol_factory_delete_files (f->factory, "data", "some/*", FALSE, -1, NULL, &f->error));
  test_assert_failed (&f->error, SMB_ERROR_SHARING_VIOLATION, TEST_STATUS_SHARING_VIOLATION, "delete",
                      "'some/held'", NULL);
  g_assert_false (test_share_has (f->samba, "data", "some/a"));
  g_assert_false (test_share_has (f->samba, "data", "some/z"));
}

static gssize
read_source (gpointer       buffer,
             gsize          count,
             GCancellable  *cancellable,
             gpointer       data,
             GError       **error)
{
  Source *source = data;

  if (source->position >= READ_AHEAD)
    {
      delete_while_storing (source->fixture);
      return 0;
    }
  memset (buffer, 'x', count);
  source->position += count;
  return count;
}

static void
test_delete_in_use (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) other = test_client_open (f->samba, NULL, NULL);
  Source                        source = { f };
  g_autoptr(GInputStream)       input = test_input_stream_new (read_source, &source);
  guint64                       bytes;

  test_share_make_dir (f->samba, "data", "some");
  test_share_write_text (f->samba, "data", "some/a", "");
  test_share_write_text (f->samba, "data", "some/z", "");
  g_assert_true (smb_protocol_factory_store_file (other, "data", "some/held", input, NULL, NULL, NULL, -1,
                                                  NULL, &bytes, &f->error));
  g_assert_no_error (f->error);
  g_assert_cmpuint (bytes, ==, source.position);
}

/* A thousand operations where every request costs one of few credits. */

static void
test_thousand (Fixture       *f,
               gconstpointer  data)
{
  guint remaining = 1000;

  for (guint i = 0; i < 1000; i++)
    test_look_async (f->factory, i % 2 == 0 ? "data" : "ro", &remaining);
  while (remaining > 0)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, options, test) g_test_add (path, Fixture, options, set_up, test, tear_down)
  ADD ("/trouble/full-store", "--full", test_full_store);
  ADD ("/trouble/full-store-2.0.2", "--full --max=SMB2_02", test_full_store);
  ADD ("/trouble/full-store-sealed", "--full --encryption=required", test_full_store);
  ADD ("/trouble/full-write", "--full", test_full_write);
  ADD ("/trouble/in-use", "--max=SMB3_11", test_in_use);
  ADD ("/trouble/delete-in-use", "--max=SMB3_11", test_delete_in_use);
  ADD ("/trouble/thousand-2.0.2", "--max=SMB2_02", test_thousand);
  ADD ("/trouble/thousand-few-credits", "--max=SMB2_02 '--set=smb2 max credits=8'", test_thousand);
#undef ADD

  return g_test_run ();
}
