/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "busy-port.h"
#include "name-responder.h"
#include "test-checks.h"

/* NetBIOS on its own ports, for which private-network.py makes a network; and the name service of a real
 * nmbd. Without such a network a node of the tests stands in for nmbd. */

#define BROADCAST "10.255.255.255"

static const char *network; /* the address of this machine there, NULL = there is none */

static TestSamba *
start_samba (const char *port,
             const char *option)
{
  return test_samba_start ("--address", network, "--port", port, option);
}

static SmbProtocolFactory *
new_factory (const char *transport)
{
  SmbProtocolFactory *factory = smb_protocol_factory_new ("alice", "Passw0rd", NULL, NULL);

  g_object_set (factory, "transport", transport, NULL);
  return factory;
}

static void
assert_opens (const char *transport,
              guint16     port)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory (transport);
  g_autoptr(GError)             error = NULL;
  guint                         max_read;

  smb_protocol_factory_open_connection (factory, network, port, 20000, NULL, &error);
  g_assert_no_error (error);
  test_store (factory, "data", "file", "here");
  g_object_get (factory, "max-read-size", &max_read, NULL);
  g_assert_cmpuint (max_read, <, 0x1FFFF); /* which is NetBIOS's */
}

static GError *
fail_to_open (const char *transport,
              guint16     port)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory (transport);
  GError                       *error = NULL;

  g_assert_false (smb_protocol_factory_open_connection (factory, network, port, 20000, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

/* Port 445 is nobody's: 139 is tried after it, or at once. */
static void
test_auto (void)
{
  g_autoptr(TestSamba) samba = start_samba ("139", NULL);

  assert_opens ("auto", 0);
  assert_opens ("auto", 139);
  assert_opens ("netbios", 0);
  assert_opens ("netbios", 139);
}

static void
test_tcp_first (void)
{
  g_autoptr(TestSamba)          samba = start_samba ("445", NULL);
  g_autoptr(SmbProtocolFactory) factory = new_factory ("auto");
  g_autoptr(GError)             error = NULL;
  guint                         max_read;

  smb_protocol_factory_open_connection (factory, network, 0, 20000, NULL, &error);
  g_assert_no_error (error);
  g_object_get (factory, "max-read-size", &max_read, NULL);
  g_assert_cmpuint (max_read, >, 0x1FFFF);
}

static void
test_nobody_listens (void)
{
  static const char *const transports[] = { "auto", "netbios", "tcp" };

  for (gsize i = 0; i < G_N_ELEMENTS (transports); i++)
    {
      g_autoptr(GError) error = fail_to_open (transports[i], 0);

      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
    }
}

static void
test_silence (void)
{
  g_autoptr(BusyPort)  busy = busy_port_new (network, 445);
  g_autoptr(TestSamba) samba = start_samba ("139", NULL);

  assert_opens ("auto", 0);
}

static void
test_only_silence (void)
{
  g_autoptr(BusyPort)           busy = busy_port_new (network, 445);
  g_autoptr(SmbProtocolFactory) factory = new_factory ("auto");
  g_autoptr(GError)             error = NULL;

  g_assert_false (smb_protocol_factory_open_connection (factory, network, 0, 1000, NULL, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_TIMED_OUT);
}

static gpointer
refuse_thread (gpointer data)
{
  g_autoptr(GSocketConnection) peer = g_socket_listener_accept (data, NULL, NULL, NULL);
  GIOStream                   *stream = G_IO_STREAM (peer);
  guint8                       request[72];

  g_input_stream_read_all (g_io_stream_get_input_stream (stream), request, sizeof request, NULL, NULL, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), "\x83\0\0\1\x83", 5, NULL, NULL, NULL);
  return NULL;
}

/* What the one server says is worth more than that the other is not there. */
static void
test_netbios_refuses (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GSocketAddress)  address = g_inet_socket_address_new_from_string (network, 139);
  g_autoptr(GError)          error = NULL;
  GThread                   *thread;

  g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, NULL,
                                 &error);
  g_assert_no_error (error);
  thread = g_thread_new ("server", refuse_thread, listener);
  error = fail_to_open ("auto", 0);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==,
                   "Cannot connect to '10.99.0.1': the server has no room for another NetBIOS session");
  g_thread_join (thread);
}

/* A server that sends its callers on to another. */
static void
test_retarget (void)
{
  g_autoptr(TestSamba)          goal = start_samba ("0", NULL);
  g_autofree char              *option = g_strdup_printf ("--set=netbios retarget:MOVED=%s:%u", network,
                                                          test_samba_get_port (goal));
  g_autoptr(TestSamba)          samba = start_samba ("139", option);
  g_autoptr(SmbProtocolFactory) factory = NULL;

  factory = test_client_open (samba, "transport", "netbios", "server-name", "moved", NULL);
  test_store (factory, "data", "file", "there");
  test_share_assert_text (goal, "data", "file", "there");
  g_clear_object (&factory);

  factory = test_client_open (samba, "transport", "netbios", "server-name", "stayed", NULL);
  test_store (factory, "data", "file", "here");
  test_share_assert_text (samba, "data", "file", "here");
}

/* The name service */

static char **
find (SmbNameService *service,
      const char     *name,
      guint           suffix,
      const char     *address,
      SmbError        failure) /* 0 = none */
{
  g_autoptr(GError)  error = NULL;
  char             **addresses;

  addresses = smb_name_service_query_name (service, name, address, 0, suffix, 3000, NULL, &error);
  if (addresses == NULL)
    g_assert_error (error, SMB_ERROR, (int) failure);
  return addresses;
}

static void
assert_found (SmbNameService *service,
              const char     *name,
              guint           suffix,
              const char     *address,
              const char     *expected)
{
  g_auto(GStrv)    addresses = find (service, name, suffix, address, 0);
  g_autofree char *joined = g_strjoinv (" ", addresses);

  g_assert_cmpstr (joined, ==, expected);
}

/* nmbd claims its names for some seconds before it answers broadcasts. */
static void
wait_for_names (SmbNameService *service)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  while (g_get_monotonic_time () < deadline)
    {
      g_auto(GStrv) addresses = find (service, "smbtest", SMB_NAME_SUFFIX_SERVER, NULL, SMB_ERROR_NOT_FOUND);

      if (addresses != NULL)
        return;
    }
  g_assert_not_reached ();
}

static gboolean
has_record (GPtrArray  *records,
            const char *name,
            guint       suffix,
            gboolean    is_group)
{
  for (guint i = 0; i < records->len; i++)
    {
      SmbNameRecord *record = g_ptr_array_index (records, i);

      if (g_str_equal (smb_name_record_get_name (record), name)
          && smb_name_record_get_suffix (record) == suffix
          && smb_name_record_get_is_group (record) == is_group && smb_name_record_get_is_active (record))
        return TRUE;
    }
  return FALSE;
}

/* A node called SMBTEST, in the group TESTGROUP. @unknown: what comes of asking it for another name. */
static void
check_node (SmbNameService *service,
            const char     *address,
            SmbError        unknown)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) records = NULL;

  assert_found (service, "smbtest", SMB_NAME_SUFFIX_SERVER, NULL, address);
  assert_found (service, "smbtest", SMB_NAME_SUFFIX_WORKSTATION, NULL, address);
  assert_found (service, "smbtest", SMB_NAME_SUFFIX_SERVER, address, address);
  g_assert_null (find (service, "nobody", SMB_NAME_SUFFIX_SERVER, NULL, SMB_ERROR_NOT_FOUND));
  g_assert_null (find (service, "smbtest", 0x77, NULL, SMB_ERROR_NOT_FOUND));
  g_assert_null (find (service, "nobody", SMB_NAME_SUFFIX_SERVER, address, unknown));

  records = smb_name_service_query_ip_for_name (service, address, 0, 5000, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (has_record (records, "SMBTEST", SMB_NAME_SUFFIX_SERVER, FALSE));
  g_assert_true (has_record (records, "SMBTEST", SMB_NAME_SUFFIX_WORKSTATION, FALSE));
  g_assert_true (has_record (records, "TESTGROUP", SMB_NAME_SUFFIX_WORKSTATION, TRUE));
  g_assert_null (smb_name_record_get_mac_address (records->pdata[0]));
}

static void
test_nmbd (void)
{
  g_autoptr(TestSamba)      samba = start_samba ("139", "--name-service");
  g_autoptr(SmbNameService) service = smb_name_service_new ();

  g_object_set (service, "broadcast-address", BROADCAST, NULL);
  wait_for_names (service);
  check_node (service, network, SMB_ERROR_TIMED_OUT); /* about which nmbd says nothing */
  assert_found (service, "testgroup", SMB_NAME_SUFFIX_WORKSTATION, NULL, network);
  assert_opens ("auto", 0);
}

/* The same from a node of the tests. */

#define STATUS                                                                                              \
  "03" "534d42544553542020202020202020" "20" "0400" "534d42544553542020202020202020" "00" "0400"            \
  "5445535447524f5550202020202020" "00" "8400"

static void
respond (NameResponder *responder,
         guint          nth,
         gpointer       data)
{
  const guint8    *request = g_bytes_get_data (name_responder_get_request (responder), NULL);
  gboolean         broadcast = (request[3] & 0x10) != 0;
  const char      *name = (const char *) request + 13;
  gboolean         is_ours = g_str_has_prefix (name, "FDENECFEEFFDFECACACACACACACACACA") ||
                     g_str_has_prefix (name, "FDENECFEEFFDFECACACACACACACACAAA");
  g_autofree char *answer = NULL;

  if (request[47] == 0x21)
    answer = name_responder_build (responder, "8400", "0021", STATUS);
  else if (is_ours)
    answer = name_responder_build (responder, "8580", "0020", "0000" "7f000001");
  else if (!broadcast)
    answer = name_responder_build (responder, "8583", "000a", "");
  if (answer != NULL)
    name_responder_reply (responder, answer);
}

static void
test_responder (void)
{
  NameResponder            *responder = name_responder_start ("0.0.0.0", respond, NULL);
  g_autoptr(SmbNameService) service = smb_name_service_new ();

  g_object_set (service, "broadcast-address", "127.255.255.255", "port", name_responder_get_port (responder),
                NULL);
  check_node (service, "127.0.0.1", SMB_ERROR_NOT_FOUND);
  name_responder_stop (responder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  network = g_getenv ("SMB_TEST_NETWORK");
  if (network != NULL)
    {
      g_test_add_func ("/netbios-network/auto", test_auto);
      g_test_add_func ("/netbios-network/tcp-first", test_tcp_first);
      g_test_add_func ("/netbios-network/silence", test_silence);
      g_test_add_func ("/netbios-network/only-silence", test_only_silence);
      g_test_add_func ("/netbios-network/nobody-listens", test_nobody_listens);
      g_test_add_func ("/netbios-network/netbios-refuses", test_netbios_refuses);
      g_test_add_func ("/netbios-network/retarget", test_retarget);
      g_test_add_func ("/netbios-network/nmbd", test_nmbd);
    }
  g_test_add_func ("/netbios-network/responder", test_responder);

  return g_test_run ();
}
