/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tests' own tools for C: the private Samba's wrapper, and the proxy with its faults. */
#include "test-proxy.h"
#include "test-samba.h"

#include <glib/gstdio.h>

#define SIZE 100000

/* A server that sends back what it gets, and one connection to it through the proxy. */
typedef struct
{
  GSocketService *service;
  guint16 port;
  TestProxy *proxy;
  GSocketConnection *connection;
  guint8 *data;  /* SIZE bytes to send */
  gint received; /* atomic: all has come back */
} Echo;

static gboolean
echo_back (GThreadedSocketService *service,
           GSocketConnection      *connection,
           GObject                *source,
           gpointer                user_data)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  guint8 buffer[4096];
  gssize n;

  while ((n = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_output_stream_write_all (output, buffer, (gsize) n, NULL, NULL, NULL);

  return TRUE;
}

static void
echo_set_up (Echo          *f,
             gconstpointer  data)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GError) error = NULL;

  f->service = g_threaded_socket_service_new (4);
  g_signal_connect (f->service, "run", G_CALLBACK (echo_back), NULL);
  g_socket_listener_add_address (G_SOCKET_LISTENER (f->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  f->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  f->data = g_malloc (SIZE);
  for (gsize i = 0; i < SIZE; i++)
    f->data[i] = (guint8) (i * 7 + i / 256);
}

static void
echo_tear_down (Echo          *f,
                gconstpointer  data)
{
  g_clear_object (&f->connection);
  g_clear_pointer (&f->proxy, test_proxy_stop);
  g_socket_service_stop (f->service);
  g_clear_object (&f->service);
  g_free (f->data);
}

static void
echo_connect (Echo       *f,
              const char *first_option,
              const char *second_option)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;

  if (f->proxy == NULL)
    f->proxy = test_proxy_start ("127.0.0.1", f->port, first_option, second_option);
  g_clear_object (&f->connection);
  f->connection =
    g_socket_client_connect_to_host (client, "127.0.0.1", test_proxy_get_port (f->proxy), NULL, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (g_socket_connection_get_socket (f->connection), 10);
}

static gpointer
send_data (gpointer user_data)
{
  Echo *f = user_data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (f->connection));

  g_output_stream_write_all (output, f->data, SIZE, NULL, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (f->connection), FALSE, TRUE, NULL);

  return NULL;
}

static gpointer
receive_data (gpointer user_data)
{
  Echo *f = user_data;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (f->connection));
  GByteArray *received = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;

  while ((n = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_byte_array_append (received, buffer, (guint) n);
  g_atomic_int_set (&f->received, TRUE);
  g_main_context_wakeup (NULL);

  return received;
}

/* Sends everything and returns what comes back until the connection ends. The service accepts in our main
 * context. */
static GByteArray *
echo_exchange (Echo *f)
{
  GThread *sender = g_thread_new ("sender", send_data, f);
  GThread *receiver = g_thread_new ("receiver", receive_data, f);

  while (!g_atomic_int_get (&f->received))
    g_main_context_iteration (NULL, TRUE);
  g_atomic_int_set (&f->received, FALSE);
  g_thread_join (sender);

  return g_thread_join (receiver);
}

static void
test_proxy_forwards (Echo          *f,
                     gconstpointer  data)
{
  g_autoptr(GByteArray) received = NULL;

  echo_connect (f, "--split-up=7", "--split-down=1000");
  received = echo_exchange (f);
  g_assert_cmpmem (received->data, received->len, f->data, SIZE);
  g_assert_cmpuint (test_proxy_get_count (f->proxy, "connections"), ==, 1);
}

static void
test_proxy_delays (Echo          *f,
                   gconstpointer  data)
{
  g_autoptr(GByteArray) received = NULL;
  gint64 start_us;

  echo_connect (f, "--delay-ms=40", "--rate-mbit=8");
  start_us = g_get_monotonic_time ();
  received = echo_exchange (f);
  g_assert_cmpmem (received->data, received->len, f->data, SIZE);
  /* Twice the delay, and SIZE bytes at a million a second. */
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 80000 + 100000);
}

static void
test_proxy_cuts (Echo          *f,
                 gconstpointer  data)
{
  g_autoptr(GByteArray) received = NULL;

  echo_connect (f, "--cut-down=1000", NULL);
  received = echo_exchange (f);
  g_assert_cmpuint (received->len, <=, 1000);
  g_assert_cmpmem (received->data, received->len, f->data, received->len);
}

static void
test_proxy_flips (Echo          *f,
                  gconstpointer  data)
{
  g_autoptr(GByteArray) received = NULL;

  echo_connect (f, "--flip-up=1234", "--flip-down=99999");
  received = echo_exchange (f);
  f->data[1234] ^= 1;
  f->data[99999] ^= 1;
  g_assert_cmpmem (received->data, received->len, f->data, SIZE);
}

static void
test_proxy_spares_the_others (Echo          *f,
                              gconstpointer  data)
{
  g_autoptr(GByteArray) first = NULL;
  g_autoptr(GByteArray) second = NULL;

  echo_connect (f, "--cut-down=1000", "--only=2");
  first = echo_exchange (f);
  g_assert_cmpmem (first->data, first->len, f->data, SIZE);
  echo_connect (f, NULL, NULL);
  second = echo_exchange (f);
  g_assert_cmpuint (second->len, <=, 1000);
}

static void
test_proxy_stalls (Echo          *f,
                   gconstpointer  data)
{
  g_autoptr(GByteArray) received = NULL;
  g_autoptr(GError) error = NULL;
  GInputStream *input;
  guint8 byte;

  echo_connect (f, NULL, NULL);
  test_proxy_command (f->proxy, "stall");
  input = g_io_stream_get_input_stream (G_IO_STREAM (f->connection));
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (f->connection)), "x", 1, NULL, NULL,
                             &error);
  g_assert_no_error (error);
  g_socket_set_timeout (g_socket_connection_get_socket (f->connection), 1);
  g_assert_cmpint (g_input_stream_read (input, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  test_proxy_command (f->proxy, "resume");
  received = echo_exchange (f);
  g_assert_cmpuint (received->len, ==, SIZE + 1);
}

static void
test_proxy_cuts_now (Echo          *f,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  guint8 byte;

  echo_connect (f, NULL, NULL);
  test_proxy_command (f->proxy, "stats"); /* the proxy has accepted by now, or will before it cuts */
  while (test_proxy_get_count (f->proxy, "open") == 0)
    g_thread_yield ();
  test_proxy_command (f->proxy, "cut");
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (f->connection)), &byte, 1,
                                        NULL, &error),
                   ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_cmpuint (test_proxy_get_count (f->proxy, "open"), ==, 0);
}

static void
test_proxy_records (Echo          *f,
                    gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("smb-test.XXXXXX", NULL);
  g_autofree char *option = g_strdup_printf ("--record=%s/wire", folder);
  g_autoptr(GByteArray) received = NULL;

  echo_connect (f, option, NULL);
  received = echo_exchange (f);
  g_clear_pointer (&f->proxy, test_proxy_stop);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/wire.1.%s", folder, i == 0 ? "up" : "down");
      g_autofree char *contents = NULL;
      g_autoptr(GError) error = NULL;
      gsize size;

      g_file_get_contents (path, &contents, &size, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (contents, size, f->data, SIZE);
      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
test_samba_describes_itself (void)
{
  g_autoptr(TestSamba) samba = test_samba_start ("--user", "юра:пароль");
  g_autofree char *path = test_samba_build_path (samba, "ro", "readme.txt", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *count = NULL;

  g_assert_cmpstr (test_samba_get_host (samba), ==, "127.0.0.1");
  g_assert_cmpuint (test_samba_get_port (samba), >, 0);
  g_assert_cmpstr (test_samba_get_user (samba), ==, "alice");
  g_assert_cmpstr (test_samba_get_password (samba, "alice"), ==, "Passw0rd");
  g_assert_cmpstr (test_samba_get_password (samba, "jürgen"), ==, "Grüße€");
  g_assert_cmpstr (test_samba_get_password (samba, "юра"), ==, "пароль");
  g_assert_null (test_samba_get_password (samba, "nobody"));

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "read only\n");
  count = test_samba_command (samba, "count", "clients");
  g_assert_cmpstr (count, ==, "0");
}

static void
test_samba_behind_a_proxy (void)
{
  g_autoptr(TestSamba) samba = test_samba_start (NULL);
  g_autoptr(TestProxy) proxy =
    test_proxy_start (test_samba_get_host (samba), test_samba_get_port (samba), NULL);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  connection =
    g_socket_client_connect_to_host (client, "127.0.0.1", test_proxy_get_port (proxy), NULL, &error);
  g_assert_no_error (error);
  g_free (test_samba_command (samba, NULL, "wait-clients 1"));
  test_proxy_command (proxy, "cut");
  g_free (test_samba_command (samba, NULL, "wait-clients 0"));
}

/* What a failing assertion leaves behind: the log, but neither process nor folder. */
static void
test_samba_failing_assertion (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr(TestSamba) samba = test_samba_start (NULL);

      g_print ("folder %s\n", test_samba_get_share_dir (samba, "data"));
      g_assert_cmpstr (test_samba_get_user (samba), ==, "somebody else");
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*# private Samba: its user has gone*smbd version*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD_ECHO(name, function)                                                                             \
  g_test_add ("/support/proxy/" name, Echo, NULL, echo_set_up, function, echo_tear_down)
  ADD_ECHO ("forwards", test_proxy_forwards);
  ADD_ECHO ("delays", test_proxy_delays);
  ADD_ECHO ("cuts", test_proxy_cuts);
  ADD_ECHO ("cuts-now", test_proxy_cuts_now);
  ADD_ECHO ("flips", test_proxy_flips);
  ADD_ECHO ("spares-the-others", test_proxy_spares_the_others);
  ADD_ECHO ("stalls", test_proxy_stalls);
  ADD_ECHO ("records", test_proxy_records);
#undef ADD_ECHO
  g_test_add_func ("/support/samba/describes-itself", test_samba_describes_itself);
  g_test_add_func ("/support/samba/behind-a-proxy", test_samba_behind_a_proxy);
  g_test_add_func ("/support/samba/failing-assertion", test_samba_failing_assertion);

  return g_test_run ();
}
