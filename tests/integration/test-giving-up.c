/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-packets.h"

/* Every operation is given up while the server's answer is held back: it ends at once, the server is told
 * once, what it answers later harms nobody, and nothing stays open. */

#define TIMEOUT_MSEC 40

typedef struct
{
  TestSamba          *samba;
  TestRelay          *relay;
  SmbProtocolFactory *factory;
  SmbOpenFile        *file;    /* open, for operations on one */
  GBytes             *bytes;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GPtrArray) shares = NULL;
  g_autoptr(GError)    error = NULL;

  f->samba = test_samba_start (data);
  f->relay = test_relay_start (f->samba);
  f->bytes = test_data_new (200000);
  f->factory = test_client_new (f->samba, "alice", NULL, NULL);
  test_share_make_dir (f->samba, "data", "folder/sub");
  test_share_write (f->samba, "data", "folder/file", f->bytes);
  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", test_relay_get_port (f->relay), -1, NULL,
                                        &error);
  g_assert_no_error (error);
  f->file = smb_protocol_factory_open_file (f->factory, "data", "open", SMB_FILE_ACCESS_READ_WRITE,
                                            SMB_FILE_DISPOSITION_OPEN_OR_CREATE, -1, NULL, &error);
  g_assert_no_error (error);
  smb_open_file_write (f->file, 0, f->bytes, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  shares = smb_protocol_factory_list_shares (f->factory, -1, NULL, &error); /* from here on IPC$ is connected too */
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_bytes_unref (f->bytes);
  g_assert_finalize_object (f->file);
  g_assert_finalize_object (f->factory);
  test_relay_stop (f->relay);
  test_samba_stop (f->samba);
}

static void
echo (Fixture *f)
{
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(GError) error = NULL;

  answer = smb_protocol_factory_echo (f->factory, f->bytes, -1, NULL, &error);
  g_assert_no_error (error);
}

/* The operations, in their synchronous form: a thread waits for each. */

typedef void (*Operation) (Fixture *f, int timeout_msec, GCancellable *cancellable, GError **error);

#define OPERATION(name, call)                                                                       \
  static void                                                                                       \
  name (Fixture       *f,                                                                           \
        int            timeout_msec,                                                                \
        GCancellable  *cancellable,                                                                 \
        GError       **error)                                                                       \
  {                                                                                                 \
    call;                                                                                           \
  }

#define OBJECT(call) g_autoptr(GObject) object = (gpointer) call
#define ARRAY(call)  g_autoptr(GPtrArray) array = call
#define BYTES(call)  g_autoptr(GBytes) bytes = call

OPERATION (list_shares,
           ARRAY (smb_protocol_factory_list_shares (f->factory, timeout_msec, cancellable, error)))
OPERATION (get_echo,
           BYTES (smb_protocol_factory_echo (f->factory, f->bytes, timeout_msec, cancellable, error)))
OPERATION (create_directory, smb_protocol_factory_create_directory (f->factory, "data", "made", timeout_msec,
                                                                    cancellable, error))
OPERATION (delete_directory, smb_protocol_factory_delete_directory (f->factory, "data", "made", timeout_msec,
                                                                    cancellable, error))
OPERATION (move, smb_protocol_factory_rename (f->factory, "data", "folder/file", "folder/moved", timeout_msec,
                                              cancellable, error))
OPERATION (delete_files,
           smb_protocol_factory_delete_files (
               f->factory, "data", "nothing*", TRUE, timeout_msec, cancellable, error))
OPERATION (set_attributes,
           smb_protocol_factory_reset_file_attributes (
               f->factory, "data", "folder/f*", SMB_FILE_ATTRIBUTES_NORMAL, timeout_msec, cancellable, error))
OPERATION (get_attributes,
           OBJECT (smb_protocol_factory_get_attributes (
               f->factory, "data", "folder", timeout_msec, cancellable, error)))
OPERATION (get_security,
           OBJECT (smb_protocol_factory_get_security (
               f->factory, "data", "folder", timeout_msec, cancellable, error)))
OPERATION (list_snapshots,
           ARRAY (smb_protocol_factory_list_snapshots (
               f->factory, "data", "folder", timeout_msec, cancellable, error)))
OPERATION (list_path,
           ARRAY (smb_protocol_factory_list_path (f->factory,
                                                  "data",
                                                  "folder",
                                                  SMB_FILE_ATTRIBUTE_MASK_DEFAULT,
                                                  "*",
                                                  timeout_msec,
                                                  cancellable,
                                                  error)))
OPERATION (
    enumerate,
    OBJECT (smb_protocol_factory_enumerate (
        f->factory, "data", "folder", "*", SMB_FILE_INFO_FIELDS_ALL, timeout_msec, cancellable, error)))
OPERATION (open_file,
           OBJECT (smb_protocol_factory_open_file (f->factory,
                                                   "data",
                                                   "folder/new",
                                                   SMB_FILE_ACCESS_READ_WRITE,
                                                   SMB_FILE_DISPOSITION_OPEN_OR_CREATE,
                                                   timeout_msec,
                                                   cancellable,
                                                   error)))
OPERATION (
    other_share,
    OBJECT (smb_protocol_factory_get_attributes (f->factory, "Übung", "", timeout_msec, cancellable, error)))
OPERATION (read_open, BYTES (smb_open_file_read (f->file, 0, 200000, timeout_msec, cancellable, error)))
OPERATION (write_open, smb_open_file_write (f->file, 0, f->bytes, timeout_msec, cancellable, NULL, error))
OPERATION (flush_open, smb_open_file_flush (f->file, timeout_msec, cancellable, error))
OPERATION (get_info_open, OBJECT (smb_open_file_get_info (f->file, timeout_msec, cancellable, error)))
OPERATION (set_size_open, smb_open_file_set_size (f->file, 200000, timeout_msec, cancellable, error))

static void
retrieve (Fixture       *f,
          int            timeout_msec,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_retrieve_file (f->factory, "data", "open", output, NULL, NULL, NULL,
                                             timeout_msec, cancellable, NULL, error);
}

static void
store (Fixture       *f,
       int            timeout_msec,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (f->bytes);

  smb_protocol_factory_store_file (f->factory, "data", "stored", input, NULL, NULL, NULL, timeout_msec,
                                   cancellable, NULL, error);
}

static const Operation operations[] = {
  list_shares,  get_echo,       create_directory, delete_directory, move,
  delete_files, set_attributes, get_attributes,   get_security,     list_snapshots,
  list_path,    enumerate,      open_file,        other_share,      read_open,
  write_open,   flush_open,     get_info_open,    set_size_open,    retrieve,
  store,
};

typedef struct
{
  Fixture      *fixture;
  Operation     operation;
  int           timeout_msec;
  GCancellable *cancellable;
  GError       *error;
} Waiting;

static gpointer
wait_main (gpointer data)
{
  Waiting *waiting = data;

  waiting->operation (waiting->fixture, waiting->timeout_msec, waiting->cancellable, &waiting->error);
  return NULL;
}

/* Each request that is under way is cancelled, and no other, and none twice ([MS-SMB2] 3.2.4.24). */
static void
assert_cancels (Fixture *f,
                guint    n_before)
{
  g_autoptr(GPtrArray)  frames = test_relay_dup_frames (f->relay);
  g_autoptr(GArray)     packets = test_packets_new (frames);
  g_autoptr(GHashTable) under_way = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint                 n_cancels = 0;

  for (guint i = 0; i < packets->len; i++)
    {
      const TestPacket *packet = test_packets_get (packets, i);

      if (packet->frame < n_before || packet->way == TEST_RELAY_DOWN)
        continue;
      if (packet->command != TEST_SMB2_CANCEL)
        g_hash_table_add (under_way, g_memdup2 (&packet->message_id, sizeof packet->message_id));
      else
        {
          g_assert_true (g_hash_table_remove (under_way, &packet->message_id));
          g_assert_cmpuint (packet->credits, ==, 0);
          n_cancels++;
        }
    }
  g_assert_cmpuint (n_cancels, >, 0);
}

static gboolean
is_cancel (const TestPacket *packet)
{
  return packet->command == TEST_SMB2_CANCEL;
}

/* What an operation begins with; a CLOSE may be left from the one before. */
static gboolean
is_request (const TestPacket *packet)
{
  return packet->command != TEST_SMB2_CLOSE;
}

static void
wait_for (Fixture   *f,
          guint      n_before,
          gboolean (*matches) (const TestPacket *packet))
{
  guint n_frames = n_before;

  for (gboolean found = FALSE; !found;)
    {
      g_autoptr(GPtrArray) frames = NULL;
      g_autoptr(GArray)    packets = NULL;

      test_relay_wait (f->relay, n_frames);
      frames = test_relay_dup_frames (f->relay);
      n_frames = frames->len;
      packets = test_packets_new (frames);
      for (guint i = 0; i < packets->len; i++)
        {
          const TestPacket *packet = test_packets_get (packets, i);

          found |= packet->frame >= n_before && packet->way == TEST_RELAY_UP && matches (packet);
        }
    }
}

static void
give_up (Fixture      *f,
         Operation     operation,
         int           timeout_msec,
         GCancellable *cancellable)
{
  Waiting  waiting = { f, operation, timeout_msec, cancellable };
  guint    n_before;
  GThread *thread;

  echo (f); /* what was sent before has been answered */
  n_before = test_relay_get_n_frames (f->relay);
  test_relay_hold (f->relay, TEST_RELAY_DOWN, TRUE);
  thread = g_thread_new ("waiting", wait_main, &waiting);
  wait_for (f, n_before, is_request);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  g_thread_join (thread);

  if (cancellable != NULL)
    g_assert_error (waiting.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_error (waiting.error, SMB_ERROR, SMB_ERROR_TIMED_OUT);
  g_clear_error (&waiting.error);
  if (operation != other_share) /* its TREE_CONNECT is the connection's, and goes on */
    {
      wait_for (f, n_before, is_cancel);
      assert_cancels (f, n_before);
    }
  test_relay_hold (f->relay, TEST_RELAY_DOWN, FALSE);
  echo (f);
}

static void
test_cancel (Fixture       *f,
             gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();

      g_test_message ("operation %" G_GSIZE_FORMAT, i);
      give_up (f, operations[i], -1, cancellable);
    }
}

static void
test_time_out (Fixture       *f,
               gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    give_up (f, operations[i], TIMEOUT_MSEC, NULL);
}

/* Nothing goes out for what is cancelled from the beginning. */
static void
test_cancelled_before (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  guint                   n_frames;

  echo (f);
  n_frames = test_relay_get_n_frames (f->relay);
  g_cancellable_cancel (cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_autoptr(GError) error = NULL;

      operations[i] (f, -1, cancellable, &error);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  echo (f);
  g_assert_cmpuint (test_relay_get_n_frames (f->relay), ==, n_frames + 2);
}

/* What an operation had opened when it was given up is closed: one file is left, the test's own. */
static void
test_nothing_left (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  test_cancel (f, data);
  smb_open_file_close (f->file, -1, NULL, &error);
  g_assert_no_error (error);
  echo (f);
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, option, test) g_test_add (path, Fixture, option, set_up, test, tear_down)
  ADD ("/giving-up/cancel", NULL, test_cancel);
  ADD ("/giving-up/cancel-2.0.2", "--max=SMB2_02", test_cancel);
  ADD ("/giving-up/time-out", NULL, test_time_out);
  ADD ("/giving-up/time-out-2.0.2", "--max=SMB2_02", test_time_out);
  ADD ("/giving-up/cancelled-before", NULL, test_cancelled_before);
  ADD ("/giving-up/nothing-left", NULL, test_nothing_left);
#undef ADD

  return g_test_run ();
}
