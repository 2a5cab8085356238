/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

/* How connections begin: by name and address, refused, unanswered, given up, twice. */

static SmbProtocolFactory *
new_factory (void)
{
  return smb_protocol_factory_new ("alice", "Passw0rd", NULL, NULL);
}

static gboolean
open_connection (SmbProtocolFactory  *factory,
                 TestSamba           *samba,
                 GError             **error)
{
  return smb_protocol_factory_open_connection (factory, test_samba_get_host (samba),
                                               test_samba_get_port (samba), -1, NULL, error);
}

/* Listens and says nothing. */
static GSocketListener *
listen_silently (guint16 *port)
{
  GSocketListener *listener = g_socket_listener_new ();
  GError          *error = NULL;

  *port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_assert_no_error (error);
  return listener;
}

static void
test_not_ready (void)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GError)             error = NULL;

  g_assert_null (smb_protocol_factory_list_shares (factory, -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_READY, TEST_STATUS_NONE, "list the shares", NULL);
  g_assert_null (smb_protocol_factory_get_attributes (factory, "data", "a", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_READY, TEST_STATUS_NONE, "get the attributes of", "'a'", "'data'",
                      NULL);
  g_assert_cmpint (smb_protocol_factory_get_state (factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);
  g_assert_true (smb_protocol_factory_close_connection (factory, -1, NULL, &error)); /* nothing to do */
  g_assert_no_error (error);
}

static void
test_twice (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start (NULL);
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GError)             error = NULL;

  g_assert_true (open_connection (factory, samba, &error));
  g_assert_false (open_connection (factory, samba, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  test_store (factory, "data", "file", "the first one goes on");
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;

  smb_protocol_factory_open_connection_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_ptr_array_add (user_data, error);
}

static void
test_at_once (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start (NULL);
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GPtrArray)          errors = g_ptr_array_new ();
  guint                         n_opened = 0;

  for (guint i = 0; i < 3; i++)
    smb_protocol_factory_open_connection_async (factory, test_samba_get_host (samba),
                                                test_samba_get_port (samba), -1, NULL, opened_cb, errors);
  while (errors->len < 3)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = g_ptr_array_index (errors, i);

      n_opened += error == NULL;
      if (error != NULL)
        g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
    }
  g_assert_cmpuint (n_opened, ==, 1);
  g_assert_true (smb_protocol_factory_get_ready (factory));
}

static void
test_refused (void)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GSocketListener)    listener = NULL;
  g_autoptr(GError)             error = NULL;
  guint16                       port;

  listener = listen_silently (&port);
  g_socket_listener_close (listener);
  g_assert_false (smb_protocol_factory_open_connection (factory, "127.0.0.1", port, -1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpint (smb_protocol_factory_get_state (factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);
}

static void
test_unknown_host (void)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GError)             error = NULL;

  g_assert_false (smb_protocol_factory_open_connection (factory, "host.invalid", 445, 20000, NULL, &error));
  g_assert_true (error->domain == G_RESOLVER_ERROR);
}

static void
test_time_out (void)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GSocketListener)    listener = NULL;
  g_autoptr(GError)             error = NULL;
  gint64                        begin = g_get_monotonic_time ();
  guint16                       port;

  listener = listen_silently (&port);
  g_assert_false (smb_protocol_factory_open_connection (factory, "127.0.0.1", port, 200, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_TIMED_OUT, TEST_STATUS_NONE, "connect to '127.0.0.1'", NULL);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 200 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 4 * G_TIME_SPAN_SECOND);
}

static void
state_cb (SmbProtocolFactory *factory,
          GParamSpec         *pspec,
          GCancellable       *cancellable)
{
  if (smb_protocol_factory_get_state (factory) == SMB_CONNECTION_STATE_NEGOTIATING)
    g_cancellable_cancel (cancellable);
}

static void
test_cancel (void)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GCancellable)       cancellable = g_cancellable_new ();
  g_autoptr(GSocketListener)    listener = NULL;
  g_autoptr(GPtrArray)          errors = g_ptr_array_new ();
  g_autoptr(GError)             error = NULL;
  guint16                       port;

  listener = listen_silently (&port);
  g_signal_connect (factory, "notify::state", G_CALLBACK (state_cb), cancellable);
  smb_protocol_factory_open_connection_async (factory, "127.0.0.1", port, -1, cancellable, opened_cb, errors);
  while (errors->len < 1)
    g_main_context_iteration (NULL, TRUE);
  error = g_ptr_array_index (errors, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (smb_protocol_factory_get_state (factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);
}

/* Something that is no SMB server. */
static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           data)
{
  static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  GOutputStream    *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_output_stream_write_all (output, text, sizeof text - 1, NULL, NULL, NULL);
  return FALSE;
}

static void
test_not_smb (void)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GSocketService)     service = g_socket_service_new ();
  g_autoptr(GPtrArray)          errors = g_ptr_array_new ();
  g_autoptr(GError)             error = NULL;
  guint16                       port =
    g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);

  g_object_set (factory, "min-dialect", SMB_DIALECT_VERSION_SMB_2_02, NULL);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), NULL);
  smb_protocol_factory_open_connection_async (factory, "127.0.0.1", port, -1, NULL, opened_cb, errors);
  while (errors->len < 1)
    g_main_context_iteration (NULL, TRUE);
  error = g_ptr_array_index (errors, 0);
  test_assert_failed (&error, SMB_ERROR_PROTOCOL, TEST_STATUS_NONE, "connect to '127.0.0.1'", NULL);
}

#define MANY 20

static void
one_opened_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  guint            *left = user_data;

  smb_protocol_factory_open_connection_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  (*left)--;
}

/* Samba loses connections of one client that come at the same time, if they name the same ClientGuid. */
static void
test_many (void)
{
  g_autoptr(TestSamba) samba = test_samba_start (NULL);

  for (guint round = 0; round < 5; round++)
    {
      g_autoptr(GPtrArray) factories = g_ptr_array_new_with_free_func (g_object_unref);
      guint                left = MANY;

      for (guint i = 0; i < MANY; i++)
        {
          g_ptr_array_add (factories, new_factory ());
          smb_protocol_factory_open_connection_async (factories->pdata[i], test_samba_get_host (samba),
                                                      test_samba_get_port (samba), -1, NULL, one_opened_cb,
                                                      &left);
        }
      while (left > 0)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_ipv6 (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start ("--address=::1", NULL);
  g_autoptr(SmbProtocolFactory) factory = test_client_open (samba, NULL, NULL);

  test_store (factory, "data", "file", "over IPv6");
  test_share_assert_text (samba, "data", "file", "over IPv6");
}

static void
test_connectable (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start (NULL);
  g_autoptr(SmbProtocolFactory) factory = new_factory ();
  g_autoptr(GSocketConnectable) server = g_network_address_new ("localhost", test_samba_get_port (samba));
  g_autoptr(GError)             error = NULL;

  g_assert_true (smb_protocol_factory_open_connection_to (factory, server, -1, NULL, &error));
  g_assert_no_error (error);
  test_store (factory, "data", "file", "by name");
  test_share_assert_text (samba, "data", "file", "by name");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/opening/not-ready", test_not_ready);
  g_test_add_func ("/opening/twice", test_twice);
  g_test_add_func ("/opening/at-once", test_at_once);
  g_test_add_func ("/opening/refused", test_refused);
  g_test_add_func ("/opening/unknown-host", test_unknown_host);
  g_test_add_func ("/opening/time-out", test_time_out);
  g_test_add_func ("/opening/cancel", test_cancel);
  g_test_add_func ("/opening/not-smb", test_not_smb);
  g_test_add_func ("/opening/many", test_many);
  g_test_add_func ("/opening/ipv6", test_ipv6);
  g_test_add_func ("/opening/connectable", test_connectable);

  return g_test_run ();
}
