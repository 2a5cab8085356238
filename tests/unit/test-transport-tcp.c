/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "busy-port.h"
#include "smb-tcp-transport.h"

typedef struct
{
  SmbTransport    *transport;
  GSocketListener *listener;
  guint16          port;

  GSocketConnectable *proxied;
  GProxyResolver     *resolver;
  SmbTransportTarget  target;
  GAsyncResult       *result; /* set once the opening has ended */
} Fixture;

static void
listen_on (Fixture    *f,
           const char *address)
{
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError)         error = NULL;

  g_socket_listener_add_address (f->listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &effective, &error);
  g_assert_no_error (error);
  f->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
}

static void
fixture_set_up (Fixture       *f,
                gconstpointer  data)
{
  f->transport = g_object_new (SMB_TYPE_TCP_TRANSPORT, NULL);
  f->listener = g_socket_listener_new ();
  listen_on (f, data);
}

static void
fixture_tear_down (Fixture       *f,
                   gconstpointer  data)
{
  g_clear_object (&f->result);
  g_clear_object (&f->proxied);
  g_clear_object (&f->resolver);
  g_assert_finalize_object (f->transport);
  g_object_unref (f->listener);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  f->result = g_object_ref (result);
}

static SmbChannel *
wait_until_open (Fixture  *f,
                 GError  **error)
{
  SmbChannel *channel;

  while (f->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  channel = smb_transport_open_finish (f->transport, f->result, error);
  g_clear_object (&f->result);
  return channel;
}

static SmbChannel *
open_channel (Fixture             *f,
              GSocketConnectable  *server,
              GError             **error)
{
  f->target.server = server;
  smb_transport_open_async (f->transport, &f->target, NULL, opened_cb, f);
  return wait_until_open (f, error);
}

/* What the channel sends arrives at the listener. */
static void
assert_connected (Fixture    *f,
                  SmbChannel *channel)
{
  g_autoptr(GError)            error = NULL;
  g_autoptr(GSocketConnection) peer = g_socket_listener_accept (f->listener, NULL, NULL, &error);
  GInputStream                *input;
  GOutputVector                vector = { "hello", 5 };
  guint8                       buffer[9];
  gsize                        got;

  g_assert_no_error (error);
  input = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  smb_channel_queue (channel, &vector, 1, NULL, NULL);
  g_assert_true (smb_channel_flush (channel, &error));
  g_assert_true (g_input_stream_read_all (input, buffer, sizeof buffer, &got, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, got, "\0\0\0\5hello", 9);
}

static void
assert_option (SmbChannel *channel,
               int         level,
               int         option)
{
  GSocketConnection *connection = G_SOCKET_CONNECTION (smb_channel_get_stream (channel));
  g_autoptr(GError)  error = NULL;
  int                value = 0;

  g_socket_get_option (g_socket_connection_get_socket (connection), level, option, &value, &error);
  g_assert_no_error (error);
  g_assert_cmpint (value, ==, 1);
}

/* The listener's own address as the host. */
static void
test_address (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GSocketConnectable) server = g_network_address_new (data, f->port);
  g_autoptr(GError)             error = NULL;
  g_autoptr(SmbChannel)         channel = open_channel (f, server, &error);

  g_assert_no_error (error);
  assert_connected (f, channel);
  assert_option (channel, IPPROTO_TCP, TCP_NODELAY);
  assert_option (channel, SOL_SOCKET, SO_KEEPALIVE);
}

static void
test_name (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GSocketConnectable) server = g_network_address_new ("localhost", f->port);
  g_autoptr(GError)             error = NULL;
  g_autoptr(SmbChannel)         channel = open_channel (f, server, &error);

  g_assert_no_error (error);
  assert_connected (f, channel);
}

static void
test_socket_address (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GSocketAddress) server = g_inet_socket_address_new_from_string (data, f->port);
  g_autoptr(GError)         error = NULL;
  g_autoptr(SmbChannel)     channel = open_channel (f, G_SOCKET_CONNECTABLE (server), &error);

  g_assert_no_error (error);
  assert_connected (f, channel);
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GSocketConnectable) server = g_network_address_new (data, f->port);
  g_autoptr(GError)             error = NULL;
  g_autoptr(SmbChannel)         channel = NULL;

  g_socket_listener_close (f->listener);
  channel = open_channel (f, server, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_null (channel);
}

/* Empty labels cannot even be asked for. */
static void
test_unknown_name (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GSocketConnectable) server = g_network_address_new ("no..body", f->port);
  g_autoptr(GError)             error = NULL;
  g_autoptr(SmbChannel)         channel = open_channel (f, server, &error);

  g_assert_nonnull (error);
  g_assert_true (error->domain == G_RESOLVER_ERROR);
  g_assert_null (channel);
}

static void
test_cancelled_before (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GSocketConnectable) server = g_network_address_new (data, f->port);
  g_autoptr(GCancellable)       cancellable = g_cancellable_new ();
  g_autoptr(GError)             error = NULL;

  f->target.server = server;
  g_cancellable_cancel (cancellable);
  smb_transport_open_async (f->transport, &f->target, cancellable, opened_cb, f);
  g_assert_null (f->result);
  g_assert_null (wait_until_open (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
start_through_proxy (Fixture      *f,
                     GCancellable *cancellable)
{
  g_autofree char *uri = g_strdup_printf ("socks5://127.0.0.1:%u", f->port);

  f->proxied = g_network_address_new ("192.0.2.1", 445);
  f->resolver = g_simple_proxy_resolver_new (uri, NULL);
  f->target.server = f->proxied;
  f->target.proxy_resolver = f->resolver;
  smb_transport_open_async (f->transport, &f->target, cancellable, opened_cb, f);
}

static void
accepted_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GSocketConnection **peer = user_data;

  *peer = g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, NULL);
}

static GSocketConnection *
accept_peer (Fixture *f)
{
  GSocketConnection *peer = NULL;

  g_socket_listener_accept_async (f->listener, NULL, accepted_cb, &peer);
  while (peer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return peer;
}

static void
chunk_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  gssize *got = user_data;

  *got = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
}

static void
expect (GSocketConnection *peer,
        gconstpointer      data,
        gsize              size)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  guint8        buffer[64];
  gssize        got = -2;

  g_input_stream_read_async (input, buffer, sizeof buffer, G_PRIORITY_DEFAULT, NULL, chunk_cb, &got);
  while (got == -2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpmem (buffer, got, data, size);
}

static void
answer (GSocketConnection *peer,
        gconstpointer      data,
        gsize              size)
{
  GOutputStream    *output = g_io_stream_get_output_stream (G_IO_STREAM (peer));
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (output, data, size, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* RFC 1928: greeting, CONNECT to 192.0.2.1:445, and then the connection is the server's. */
static void
test_proxy (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GSocketConnection) peer = NULL;
  g_autoptr(SmbChannel)        channel = NULL;
  g_autoptr(GError)            error = NULL;
  GOutputVector                vector = { "hello", 5 };

  start_through_proxy (f, NULL);
  peer = accept_peer (f);
  expect (peer, "\5\1\0", 3);
  answer (peer, "\5\0", 2);
  expect (peer, "\5\1\0\1\300\0\2\1\1\275", 10);
  answer (peer, "\5\0\0\1\0\0\0\0\0\0", 10);

  channel = wait_until_open (f, &error);
  g_assert_no_error (error);
  smb_channel_queue (channel, &vector, 1, NULL, NULL);
  g_assert_true (smb_channel_flush (channel, &error));
  expect (peer, "\0\0\0\5hello", 9);
}

/* The proxy says nothing, so the opening is under way when it is cancelled. */
static void
test_cancelled_during (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GSocketConnection) peer = NULL;
  g_autoptr(GCancellable)      cancellable = g_cancellable_new ();
  g_autoptr(GError)            error = NULL;

  start_through_proxy (f, cancellable);
  peer = accept_peer (f);
  g_assert_null (f->result);
  g_cancellable_cancel (cancellable);
  g_assert_null (wait_until_open (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A server that is too busy to take connections, so that the opening waits. */
static void
start_with_busy (Fixture      *f,
                 BusyPort     *busy,
                 GCancellable *cancellable)
{
  g_autoptr(GSocketAddress) server = busy_port_get_address (busy);

  f->target.server = G_SOCKET_CONNECTABLE (server);
  smb_transport_open_async (f->transport, &f->target, cancellable, opened_cb, f);
  while (g_main_context_iteration (NULL, FALSE))
    g_assert_null (f->result);
}

static void
test_busy (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(BusyPort)   busy = busy_port_new (data, 0);
  g_autoptr(GError)     error = NULL;
  g_autoptr(SmbChannel) channel = NULL;

  start_with_busy (f, busy, NULL);
  busy_port_accept (busy);
  channel = wait_until_open (f, &error);
  g_assert_no_error (error);
  assert_option (channel, SOL_SOCKET, SO_KEEPALIVE);
}

static void
test_busy_cancelled (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(BusyPort)     busy = busy_port_new (data, 0);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError)       error = NULL;

  start_with_busy (f, busy, cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_null (wait_until_open (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_default_port (void)
{
  g_autoptr(SmbTransport) transport = g_object_new (SMB_TYPE_TCP_TRANSPORT, NULL);

  g_assert_cmpuint (smb_transport_get_default_port (transport), ==, 445);
}

#define ADD(name, address, func) g_test_add (name, Fixture, address, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/transport-tcp/ipv4", "127.0.0.1", test_address);
  ADD ("/transport-tcp/ipv6", "::1", test_address);
  ADD ("/transport-tcp/name-ipv4", "127.0.0.1", test_name);
  ADD ("/transport-tcp/name-ipv6", "::1", test_name);
  ADD ("/transport-tcp/socket-address", "127.0.0.1", test_socket_address);
  ADD ("/transport-tcp/refused", "127.0.0.1", test_refused);
  ADD ("/transport-tcp/unknown-name", "127.0.0.1", test_unknown_name);
  ADD ("/transport-tcp/cancelled-before", "127.0.0.1", test_cancelled_before);
  ADD ("/transport-tcp/cancelled-during", "127.0.0.1", test_cancelled_during);
  ADD ("/transport-tcp/busy", "127.0.0.1", test_busy);
  ADD ("/transport-tcp/busy-cancelled", "127.0.0.1", test_busy_cancelled);
  ADD ("/transport-tcp/proxy", "127.0.0.1", test_proxy);
  g_test_add_func ("/transport-tcp/default-port", test_default_port);

  return g_test_run ();
}
