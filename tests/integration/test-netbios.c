/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

/* SMB over NetBIOS sessions: smbd takes them on every port. */

#define LARGEST_MESSAGE 0x1FFFF

static SmbProtocolFactory *
open_netbios (TestSamba  *samba,
              const char *client_name,
              const char *server_name)
{
  return test_client_open (samba, "transport", "netbios", "client-name", client_name, "server-name",
                           server_name, NULL);
}

/* Whatever the names are: this server answers to all of them. */
static void
test_names (void)
{
  g_autoptr(TestSamba)     samba = test_samba_start (NULL);
  static const char *const names[][2] = {
    { NULL, NULL }, { "me", "smbtest" }, { "me.example.com", "another.example.com" }, { "", "" },
    { "a client whose name is long", "a-server-whose-name-is-long" }, { NULL, "192.0.2.1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(SmbProtocolFactory) factory = open_netbios (samba, names[i][0], names[i][1]);

      test_store (factory, "data", "file", "over NetBIOS");
    }
}

/* Every request and every answer has to fit into a message of 17 bits, however much the server offers. */
static void
assert_transfer (SmbProtocolFactory *factory,
                 TestSamba          *samba)
{
  g_autoptr(GBytes)       sent = test_data_new (5 * 1024 * 1024 + 1);
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (sent);
  g_autoptr(SmbOpenFile)  file = NULL;
  g_autoptr(GBytes)       received = NULL;
  g_autoptr(GBytes)       read = NULL;
  g_autoptr(GError)       error = NULL;

  smb_protocol_factory_store_file (factory, "data", "large", input, NULL, NULL, NULL, -1, NULL, NULL, &error);
  g_assert_no_error (error);
  test_share_assert (samba, "data", "large", sent);
  received = test_retrieve (factory, "data", "large");
  g_assert_true (g_bytes_equal (sent, received));

  file = smb_protocol_factory_open_file (factory, "data", "large",
                                         SMB_FILE_ACCESS_READ | SMB_FILE_ACCESS_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  read = smb_open_file_read (file, 0, 1024 * 1024, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (read), ==, 1024 * 1024);
  g_assert_true (smb_open_file_write (file, 1, sent, -1, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
assert_listing (SmbProtocolFactory *factory,
                TestSamba          *samba)
{
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GError)    error = NULL;

  test_share_make_dir (samba, "data", "many");
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *name
          = g_strdup_printf ("many/a name that is not short, to fill the answers sooner, %u", i);

      test_share_write_text (samba, "data", name, "");
    }
  files = smb_protocol_factory_list_path (factory, "data", "many", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, -1,
                                          NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 3002);
  g_assert_true (smb_protocol_factory_delete_files (factory, "data", "many", TRUE, -1, NULL, &error) ||
                 g_error_matches (error, SMB_ERROR, SMB_ERROR_IS_DIRECTORY));
}

static void
test_sizes (gconstpointer data)
{
  g_autoptr(TestSamba)          samba = test_samba_start ("--max", data);
  g_autoptr(SmbProtocolFactory) factory = open_netbios (samba, NULL, NULL);
  guint                         max_read, max_write;

  g_object_get (factory, "max-read-size", &max_read, "max-write-size", &max_write, NULL);
  g_assert_cmpuint (max_read, >=, 65536);
  g_assert_cmpuint (max_read, <, LARGEST_MESSAGE);
  g_assert_cmpuint (max_write, <, LARGEST_MESSAGE);
  assert_transfer (factory, samba);
  assert_listing (factory, samba);
}

static void
test_sealed (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start (NULL);
  g_autoptr(SmbProtocolFactory) factory = test_client_open (samba, "transport", "netbios", "encryption",
                                                            SMB_ENCRYPTION_REQUIRED, NULL);

  assert_transfer (factory, samba);
}

/* Many at once, whose frames must not grow beyond a message when they share one. */
typedef struct
{
  guint remaining;
  guint good;
} Crowd;

static void
retrieved_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Crowd                     *crowd = user_data;
  g_autoptr(GError)          error = NULL;
  g_autoptr(SmbSharedFile)   file = NULL;

  file = smb_protocol_factory_retrieve_file_finish (SMB_PROTOCOL_FACTORY (source), result, NULL, &error);
  g_assert_no_error (error);
  crowd->good += file != NULL;
  crowd->remaining--;
}

static void
test_many (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start (NULL);
  g_autoptr(SmbProtocolFactory) factory = open_netbios (samba, NULL, NULL);
  g_autoptr(GBytes)             bytes = test_data_new (30000);
  Crowd                         crowd = { 200, 0 };

  for (guint i = 0; i < crowd.remaining; i++)
    {
      g_autofree char *name = g_strdup_printf ("small%u", i);

      test_share_write (samba, "data", name, bytes);
    }
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char          *name = g_strdup_printf ("small%u", i);
      g_autoptr(GOutputStream)  stream = g_memory_output_stream_new_resizable ();

      smb_protocol_factory_retrieve_file_async (factory, "data", name, stream, NULL, NULL, NULL, -1, NULL,
                                                retrieved_cb, &crowd);
    }
  while (crowd.remaining > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (crowd.good, ==, 200);
}

/* Failures */

static GError *
fail_to_open (const char *transport,
              guint16     port)
{
  g_autoptr(SmbProtocolFactory) factory = smb_protocol_factory_new ("alice", "Passw0rd", NULL, NULL);
  GError                       *error = NULL;

  g_object_set (factory, "transport", transport, NULL);
  g_assert_false (smb_protocol_factory_open_connection (factory, "127.0.0.1", port, 10000, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

static gpointer
refuse_thread (gpointer data)
{
  g_autoptr(GSocketConnection) peer = g_socket_listener_accept (data, NULL, NULL, NULL);
  guint8                       request[72];

  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (peer)), request, sizeof request, NULL,
                           NULL, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (peer)), "\x83\0\0\1\x81", 5, NULL,
                             NULL, NULL);
  return NULL;
}

static void
test_refused (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16                    port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  GThread                   *thread = g_thread_new ("server", refuse_thread, listener);
  g_autoptr(GError)          error = fail_to_open ("netbios", port);

  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
  g_assert_true (
      g_str_has_prefix (error->message, "Cannot connect to '127.0.0.1': the server does not listen to"));
  g_thread_join (thread);
}

static void
test_nobody_listens (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16                    port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autoptr(GError)          error = NULL;

  g_socket_listener_close (listener);
  error = fail_to_open ("netbios", port);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/netbios/names", test_names);
  g_test_add_data_func ("/netbios/sizes/2.0.2", "SMB2_02", test_sizes);
  g_test_add_data_func ("/netbios/sizes/2.1", "SMB2_10", test_sizes);
  g_test_add_data_func ("/netbios/sizes/3.1.1", "SMB3_11", test_sizes);
  g_test_add_func ("/netbios/sealed", test_sealed);
  g_test_add_func ("/netbios/many", test_many);
  g_test_add_func ("/netbios/refused", test_refused);
  g_test_add_func ("/netbios/nobody-listens", test_nobody_listens);

  return g_test_run ();
}
