/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-packets.h"

/* How requests are put together: small operations are one chain each, transfers keep many requests under way
 * ([MS-SMB2] 3.2.4.1.4). */

typedef struct
{
  TestSamba          *samba;
  TestRelay          *relay;
  SmbProtocolFactory *factory;
} Fixture;

static void
echo (Fixture *f)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("?", 1);
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(GError) error = NULL;

  answer = smb_protocol_factory_echo (f->factory, bytes, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  f->samba = test_samba_start (data);
  f->relay = test_relay_start (f->samba);
  f->factory = test_client_new (f->samba, "alice", NULL, NULL);
  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", test_relay_get_port (f->relay), -1, NULL,
                                        &error);
  g_assert_no_error (error);
  test_look (f->factory, "data"); /* the share is connected */
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  test_relay_stop (f->relay);
  test_samba_stop (f->samba);
}

/* Small operations. */

typedef void (*Operation) (SmbProtocolFactory *factory, GError **error);

static void
create_directory (SmbProtocolFactory  *factory,
                  GError             **error)
{
  smb_protocol_factory_create_directory (factory, "data", "folder", -1, NULL, error);
}

static void
store (SmbProtocolFactory  *factory,
       GError             **error)
{
  test_store (factory, "data", "folder/file", "a small file");
}

static void
retrieve (SmbProtocolFactory  *factory,
          GError             **error)
{
  g_bytes_unref (test_retrieve (factory, "data", "folder/file"));
}

static void
get_attributes (SmbProtocolFactory  *factory,
                GError             **error)
{
  g_autoptr(SmbSharedFile) file =
    smb_protocol_factory_get_attributes (factory, "data", "folder", -1, NULL, error);
}

static void
get_security (SmbProtocolFactory  *factory,
              GError             **error)
{
  g_autoptr(SmbSecurityDescriptor) descriptor =
    smb_protocol_factory_get_security (factory, "data", "folder", -1, NULL, error);
}

static void
list (SmbProtocolFactory  *factory,
      GError             **error)
{
  g_autofree char *names = test_list (factory, "data", "folder", "*");
}

static void
list_snapshots (SmbProtocolFactory  *factory,
                GError             **error)
{
  g_autoptr(GPtrArray) times =
    smb_protocol_factory_list_snapshots (factory, "data", "folder", -1, NULL, error);
}

static void
set_attributes (SmbProtocolFactory  *factory,
                GError             **error)
{
  smb_protocol_factory_reset_file_attributes (factory, "data", "folder/file", SMB_FILE_ATTRIBUTES_NORMAL, -1,
                                              NULL, error);
}

static void
move (SmbProtocolFactory  *factory,
      GError             **error)
{
  smb_protocol_factory_rename (factory, "data", "folder/file", "folder/moved", -1, NULL, error);
}

static void
delete_file (SmbProtocolFactory  *factory,
             GError             **error)
{
  smb_protocol_factory_delete_files (factory, "data", "folder/moved", FALSE, -1, NULL, error);
}

static void
delete_directory (SmbProtocolFactory  *factory,
                  GError             **error)
{
  smb_protocol_factory_delete_directory (factory, "data", "folder", -1, NULL, error);
}

#define CREATE          TEST_SMB2_CREATE
#define CLOSE           TEST_SMB2_CLOSE
#define QUERY_DIRECTORY TEST_SMB2_QUERY_DIRECTORY

static const struct
{
  Operation operation;
  guint16   commands[4];
} small_operations[] = {
  { create_directory, { CREATE, CLOSE } },
  { store, { CREATE, TEST_SMB2_WRITE, CLOSE } },
  { retrieve, { CREATE, TEST_SMB2_READ, CLOSE } },
  { get_attributes, { CREATE, CLOSE } },
  { get_security, { CREATE, TEST_SMB2_QUERY_INFO, CLOSE } },
  { list, { CREATE, QUERY_DIRECTORY, QUERY_DIRECTORY } },
  { list_snapshots, { CREATE, TEST_SMB2_IOCTL, CLOSE } },
  { set_attributes, { CREATE, TEST_SMB2_SET_INFO, CLOSE } },
  { move, { CREATE, TEST_SMB2_SET_INFO, CLOSE } },
  { delete_file, { CREATE, CLOSE } },
  { delete_directory, { CREATE, TEST_SMB2_SET_INFO, CLOSE } },
};

/* But for a CLOSE that nobody waits for, and the ECHO of this test, one frame went up. */
static void
assert_one_chain (Fixture       *f,
                  guint          n_before,
                  const guint16 *commands)
{
  g_autoptr(GPtrArray) frames = test_relay_dup_frames (f->relay);
  g_autoptr(GArray)    packets = test_packets_new (frames);
  guint                n = 0, frame = 0;

  for (guint i = 0; i < packets->len; i++)
    {
      const TestPacket *packet = test_packets_get (packets, i);
      gboolean          related = (packet->flags & TEST_SMB2_FLAG_RELATED) != 0;

      if (packet->frame < n_before || packet->way == TEST_RELAY_DOWN || packet->command == TEST_SMB2_ECHO ||
          (packet->command == CLOSE && !related))
        continue;
      g_assert_cmpuint (n, <, 4);
      g_assert_cmpuint (packet->command, ==, commands[n]);
      g_assert_cmpint (related, ==, n > 0);
      g_assert_true (n == 0 || packet->frame == frame);
      frame = packet->frame;
      n++;
    }
  g_assert_cmpuint (commands[n], ==, 0);
}

static void
test_small (Fixture       *f,
            gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (small_operations); i++)
    {
      guint             n_before;
      g_autoptr(GError) error = NULL;

      echo (f); /* what was sent before has been answered */
      n_before = test_relay_get_n_frames (f->relay);
      small_operations[i].operation (f->factory, &error);
      g_assert_no_error (error);
      echo (f);
      assert_one_chain (f, n_before, small_operations[i].commands);
    }
}

/* Transfers: when the first bytes are there the server's answers are held back, until enough has been asked
 * for. */

#define TRANSFER_SIZE   (64 * 1024 * 1024)
#define BYTES_UNDER_WAY (2 * 1024 * 1024) /* less than what is under way when all waits for processors */

typedef struct
{
  Fixture *fixture;
  guint16  command;
  gsize    answered; /* bytes, at least, when the server was held back */
  GThread *watcher;
} Transfer;

/* READs, WRITEs and their answers have their length at the same place. */
static gsize
count_bytes (Transfer     *transfer,
             TestRelayWay  way)
{
  g_autoptr(GPtrArray) frames = test_relay_dup_frames (transfer->fixture->relay);
  g_autoptr(GArray)    packets = test_packets_new (frames);
  gsize                bytes = 0;

  for (guint i = 0; i < packets->len; i++)
    {
      const TestPacket *packet = test_packets_get (packets, i);

      if (packet->way == way && packet->command == transfer->command && packet->status == 0)
        bytes += test_packet_get_u32 (packet, 4);
    }
  return bytes;
}

static gpointer
watcher_main (gpointer data)
{
  Transfer  *transfer = data;
  TestRelay *relay = transfer->fixture->relay;
  guint      n_frames = test_relay_get_n_frames (relay);

  while (count_bytes (transfer, TEST_RELAY_UP) - transfer->answered < BYTES_UNDER_WAY)
    {
      test_relay_wait (relay, n_frames);
      n_frames = test_relay_get_n_frames (relay);
    }
  test_relay_hold (relay, TEST_RELAY_DOWN, FALSE);
  return NULL;
}

static void
progress_cb (goffset  current,
             goffset  total,
             gpointer data)
{
  Transfer *transfer = data;

  if (transfer->watcher != NULL || current == 0)
    return;
  test_relay_hold (transfer->fixture->relay, TEST_RELAY_DOWN, TRUE);
  transfer->answered = current; /* for certain; of what the relay has seen some did not get through */
  transfer->watcher = g_thread_new ("watcher", watcher_main, transfer);
}

static void
test_read_ahead (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GBytes)        bytes = test_data_new (TRANSFER_SIZE);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  Transfer                 transfer = { f, TEST_SMB2_READ };

  test_share_write (f->samba, "data", "big", bytes);
  file = smb_protocol_factory_retrieve_file (f->factory, "data", "big", output, progress_cb, &transfer, NULL,
                                             -1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (transfer.watcher);
  g_thread_join (transfer.watcher);
}

static void
test_write_ahead (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GBytes)       bytes = test_data_new (TRANSFER_SIZE);
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GError)       error = NULL;
  Transfer                transfer = { f, TEST_SMB2_WRITE };

  smb_protocol_factory_store_file (f->factory, "data", "big", input, progress_cb, &transfer, NULL, -1, NULL,
                                   NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (transfer.watcher);
  g_thread_join (transfer.watcher);
  test_share_assert (f->samba, "data", "big", bytes);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, option, test) g_test_add (path, Fixture, option, set_up, test, tear_down)
  ADD ("/chains/small", NULL, test_small);
  ADD ("/chains/small-2.0.2", "--max=SMB2_02", test_small);
  ADD ("/chains/read-ahead", NULL, test_read_ahead);
  ADD ("/chains/read-ahead-2.0.2", "--max=SMB2_02", test_read_ahead);
  ADD ("/chains/write-ahead", NULL, test_write_ahead);
  ADD ("/chains/write-ahead-2.0.2", "--max=SMB2_02", test_write_ahead);
#undef ADD

  return g_test_run ();
}
