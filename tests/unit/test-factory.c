/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a factory does without a server: properties, and openings that lead nowhere. */
#include <smb-glib/smb-glib.h>

#include <sys/wait.h>
#include <unistd.h>

#include "test-threads.h"

typedef struct
{
  GSocket            *socket;
  guint16             port; /* bound, and refusing until it listens */
  SmbProtocolFactory *factory;
  GString            *heard; /* what was told, a letter each */
  GThread            *heard_in;
  GError             *failure;
  GMainLoop          *loop;
} Fixture;

static void
auth_ok_cb (SmbProtocolFactory *factory,
            Fixture            *f)
{
  g_string_append_c (f->heard, 'o');
}

static void
auth_failed_cb (SmbProtocolFactory *factory,
                GError             *error,
                Fixture            *f)
{
  g_string_append_c (f->heard, 'f');
  f->heard_in = g_thread_self ();
  g_clear_error (&f->failure);
  f->failure = g_error_copy (error);
}

static void
closed_cb (SmbProtocolFactory *factory,
           GError             *error,
           Fixture            *f)
{
  g_string_append_c (f->heard, 'c');
}

static void
state_cb (SmbProtocolFactory *factory,
          GParamSpec         *pspec,
          Fixture            *f)
{
  if (f->heard->len == 0 || f->heard->str[f->heard->len - 1] != 'n')
    g_string_append_c (f->heard, 'n');
}

static void
listen_to (Fixture            *f,
           SmbProtocolFactory *factory)
{
  g_signal_connect (factory, "auth-ok", G_CALLBACK (auth_ok_cb), f);
  g_signal_connect (factory, "auth-failed", G_CALLBACK (auth_failed_cb), f);
  g_signal_connect (factory, "closed", G_CALLBACK (closed_cb), f);
  g_signal_connect (factory, "notify::state", G_CALLBACK (state_cb), f);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GError)         error = NULL;

  f->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_bind (f->socket, address, FALSE, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (f->socket, &error);
  f->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  f->heard = g_string_new (NULL);
  f->loop = g_main_loop_new (NULL, FALSE);
  f->factory = smb_protocol_factory_new ("alice", "secret", NULL, NULL);
  listen_to (f, f->factory);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  if (f->factory != NULL)
    g_assert_finalize_object (f->factory);
  g_string_free (f->heard, TRUE);
  g_clear_error (&f->failure);
  g_main_loop_unref (f->loop);
  g_object_unref (f->socket);
}

/* From now on connections are taken, and nothing is ever answered. */
static void
be_silent (Fixture *f)
{
  g_autoptr(GError) error = NULL;

  g_socket_listen (f->socket, &error);
  g_assert_no_error (error);
}

static void
run_idle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Properties. */

static void
test_defaults (Fixture       *f,
               gconstpointer  data)
{
  g_autofree char            *username = NULL, *domain = NULL, *transport = NULL;
  g_auto(GStrv)               mechanisms = NULL;
  g_autoptr(GProxyResolver)   resolver = NULL;
  gboolean                    ntlm_v2, allow_guest, anonymous;
  SmbSignOptions              sign_options;
  SmbEncryption               encryption;
  SmbDialectVersion           min, max;
  int                         timeout;
  guint                       keepalive;

  g_object_get (f->factory, "username", &username, "domain", &domain, "transport", &transport,
                "auth-mechanisms", &mechanisms, "proxy-resolver", &resolver, "use-ntlm-v2", &ntlm_v2,
                "allow-guest", &allow_guest, "anonymous", &anonymous, "sign-options", &sign_options,
                "encryption", &encryption, "min-dialect", &min, "max-dialect", &max,
                "default-timeout", &timeout, "keepalive-interval", &keepalive, NULL);
  g_assert_cmpstr (username, ==, "alice");
  g_assert_null (domain);
  g_assert_cmpstr (transport, ==, "auto");
  g_assert_null (mechanisms);
  g_assert_null (resolver);
  g_assert_true (ntlm_v2);
  g_assert_false (allow_guest);
  g_assert_false (anonymous);
  g_assert_cmpint (sign_options, ==, SMB_SIGN_OPTIONS_WHEN_SUPPORTED);
  g_assert_cmpint (encryption, ==, SMB_ENCRYPTION_IF_REQUIRED);
  g_assert_cmpint (min, ==, SMB_DIALECT_VERSION_NONE);
  g_assert_cmpint (max, ==, SMB_DIALECT_VERSION_NONE);
  g_assert_cmpint (timeout, ==, 60000);
  g_assert_cmpuint (keepalive, ==, 600);
}

/* A GParamSpec's default is what an object has at first. */
static void
test_param_specs (void)
{
  g_autoptr(SmbProtocolFactory) factory = g_object_new (SMB_TYPE_PROTOCOL_FACTORY, NULL);
  g_autofree GParamSpec       **specs = NULL;
  guint                         n;

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (factory), &n);
  g_assert_cmpuint (n, ==, 25);
  for (guint i = 0; i < n; i++)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      if ((specs[i]->flags & G_PARAM_READABLE) == 0)
        {
          g_assert_cmpstr (specs[i]->name, ==, "password");
          continue;
        }
      g_value_init (&value, specs[i]->value_type);
      g_object_get_property (G_OBJECT (factory), specs[i]->name, &value);
      g_assert_true (g_param_value_defaults (specs[i], &value));
    }
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          guint      *count)
{
  ++*count;
}

static void
test_setting (Fixture       *f,
              gconstpointer  data)
{
  const char       *wanted[] = { "kerberos", "ntlm", NULL };
  g_autofree char  *domain = NULL;
  g_auto(GStrv)     mechanisms = NULL;
  SmbDialectVersion version;
  guint             count = 0;

  g_signal_connect (f->factory, "notify", G_CALLBACK (count_cb), &count);
  g_object_set (f->factory, "domain", "WORKGROUP", "password", "other", "auth-mechanisms", wanted,
                "max-dialect", SMB_DIALECT_VERSION_SMB_3_00, NULL);
  g_assert_cmpuint (count, ==, 3); /* not the password */
  g_object_get (f->factory, "domain", &domain, "auth-mechanisms", &mechanisms, "max-dialect", &version, NULL);
  g_assert_cmpstr (domain, ==, "WORKGROUP");
  g_assert_cmpstrv (mechanisms, wanted);
  g_assert_cmpint (version, ==, SMB_DIALECT_VERSION_SMB_3_00);
}

/* Before opening. */

static void
assert_code (GError **error,
             SmbError code)
{
  g_assert_error (*error, SMB_ERROR, (int) code);
  g_clear_error (error);
}

static void
test_not_ready (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  GError           *error = NULL;

  g_assert_null (smb_protocol_factory_list_shares (f->factory, -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_null (smb_protocol_factory_echo (f->factory, bytes, -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_false (smb_protocol_factory_connect_share (f->factory, "s", -1, NULL, &error));
  g_assert_cmpstr (error->message, ==, "Cannot connect to the share 's': no connection is open");
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_null (smb_protocol_factory_get_attributes (f->factory, "s", "p\nq", -1, NULL, &error));
  g_assert_cmpstr (error->message, ==,
                   "Cannot get the attributes of 'p?q' on share 's': no connection is open");
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_null (smb_protocol_factory_get_security (f->factory, "s", "p", -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_null (smb_protocol_factory_list_snapshots (f->factory, "s", "p", -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_false (smb_protocol_factory_create_directory (f->factory, "s", "p", -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_false (smb_protocol_factory_delete_directory (f->factory, "s", "p", -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_false (smb_protocol_factory_rename (f->factory, "s", "p", "q", -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_false (smb_protocol_factory_delete_files (f->factory, "s", "*", TRUE, -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
  g_assert_false (smb_protocol_factory_reset_file_attributes (f->factory, "s", "*", 0, -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_READY);
}

static void
test_wrong_paths (Fixture       *f,
                  gconstpointer  data)
{
  GError *error = NULL;

  g_assert_false (smb_protocol_factory_create_directory (f->factory, "s", "a/../b", -1, NULL, &error));
  g_assert_nonnull (strstr (error->message, "'a/../b' on share 's'"));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_create_directory (f->factory, "a\\b", "p", -1, NULL, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_create_directory (f->factory, "s", "\xff", -1, NULL, &error));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_delete_directory (f->factory, "s", "/", -1, NULL, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_rename (f->factory, "s", "a", ".", -1, NULL, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_delete_files (f->factory, "s", "", TRUE, -1, NULL, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_delete_files (f->factory, "s", "@GMT-2024.05.06-07.08.09/*", TRUE, -1,
                                                     NULL, &error));
  assert_code (&error, SMB_ERROR_ACCESS_DENIED);
}

static void
test_wrong_timeouts (Fixture       *f,
                     gconstpointer  data)
{
  GError *error = NULL;

  g_assert_null (smb_protocol_factory_get_attributes (f->factory, "s", "p", -2, NULL, &error));
  g_assert_cmpstr (error->message, ==,
                   "Cannot get the attributes of 'p' on share 's': -2 is no timeout; -1 is the default");
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_delete_files (f->factory, "s", "*", TRUE, G_MININT, NULL, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_open_connection (f->factory, "127.0.0.1", 1, -2, NULL, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_cmpint (smb_protocol_factory_get_state (f->factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);
}

static void
echo_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture          *f = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_protocol_factory_echo_finish (SMB_PROTOCOL_FACTORY (source), result, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_READY);
  g_string_append_c (f->heard, 'e');
}

/* A callback never comes from inside the call. */
static void
test_async_error (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);

  smb_protocol_factory_echo_async (f->factory, bytes, -1, NULL, echo_cb, f);
  g_assert_cmpstr (f->heard->str, ==, "");
  run_idle ();
  g_assert_cmpstr (f->heard->str, ==, "e");
}

static void
close_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture            *f = user_data;
  SmbProtocolFactory *factory = SMB_PROTOCOL_FACTORY (source);
  g_autoptr(GError)   error = NULL;

  g_assert_true (smb_protocol_factory_close_connection_finish (factory, result, &error));
  g_assert_no_error (error);
  g_string_append_c (f->heard, 'x');
  g_main_loop_quit (f->loop);
}

static void
test_closing_nothing (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (smb_protocol_factory_close_connection (f->factory, -1, NULL, &error));
  g_assert_no_error (error);
  smb_protocol_factory_close_connection_async (f->factory, -1, NULL, close_cb, f);
  g_main_loop_run (f->loop);
  g_assert_cmpstr (f->heard->str, ==, "x");
}

/* Openings that fail. */

static gboolean
open_here (Fixture  *f,
           GError  **error)
{
  return smb_protocol_factory_open_connection (f->factory, "127.0.0.1", f->port, -1, NULL, error);
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (open_here (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpstr (f->heard->str, ==, "nf");
  g_assert_error (f->failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_true (f->heard_in == g_thread_self ());
  g_assert_cmpint (smb_protocol_factory_get_state (f->factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);
  g_assert_false (smb_protocol_factory_get_ready (f->factory));

  run_idle ();
  g_assert_cmpstr (f->heard->str, ==, "nf");
}

static void
test_again (Fixture       *f,
            gconstpointer  data)
{
  GError *error = NULL;

  for (int i = 0; i < 3; i++)
    {
      g_assert_false (open_here (f, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
      g_clear_error (&error);
      g_object_set (f->factory, "username", "bob", "password", "other", NULL);
    }
  g_assert_cmpstr (f->heard->str, ==, "nfnfnf");

  g_assert_null (smb_protocol_factory_list_shares (f->factory, -1, NULL, &error));
  assert_code (&error, SMB_ERROR_NOT_CONNECTED);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture            *f = user_data;
  SmbProtocolFactory *factory = SMB_PROTOCOL_FACTORY (source);
  g_autoptr(GError)   error = NULL;

  g_assert_false (smb_protocol_factory_open_connection_finish (factory, result, &error));
  g_assert_nonnull (error);
  g_string_append_c (f->heard, 'r');
  if (f->failure != NULL)
    g_assert_cmpstr (error->message, ==, f->failure->message);
  g_main_loop_quit (f->loop);
}

static void
open_here_async (Fixture      *f,
                 GCancellable *cancellable)
{
  smb_protocol_factory_open_connection_async (f->factory, "127.0.0.1", f->port, -1, cancellable, opened_cb,
                                              f);
}

static void
test_refused_async (Fixture       *f,
                    gconstpointer  data)
{
  open_here_async (f, NULL);
  g_assert_cmpstr (f->heard->str, ==, "");
  g_main_loop_run (f->loop);
  g_assert_cmpstr (f->heard->str, ==, "nfr");
}

static void
test_arguments (Fixture       *f,
                gconstpointer  data)
{
  GError *error = NULL;

  g_assert_false (smb_protocol_factory_open_connection (f->factory, "a/b", 0, -1, NULL, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_false (smb_protocol_factory_open_connection (f->factory, "", 0, -1, NULL, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_object_set (f->factory, "min-dialect", SMB_DIALECT_VERSION_SMB_3_00, "max-dialect",
                SMB_DIALECT_VERSION_SMB_2_02, NULL);
  g_assert_false (open_here (f, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (f->heard->str, ==, "fff");
}

static void
test_plugin_missing (Fixture       *f,
                     gconstpointer  data)
{
  GError *error = NULL;

  g_object_set (f->factory, "transport", "carrier-pigeon", NULL);
  g_assert_false (open_here (f, &error));
  g_assert_nonnull (strstr (error->message, "carrier-pigeon"));
  assert_code (&error, SMB_ERROR_PLUGIN_MISSING);
  g_assert_cmpstr (f->heard->str, ==, "nf");
}

static void
test_connectable (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GSocketConnectable) address = g_network_address_new ("127.0.0.1", f->port);
  g_autoptr(GSocketAddress)     inet = g_inet_socket_address_new_from_string ("127.0.0.1", f->port);
  GError                       *error = NULL;

  g_assert_false (smb_protocol_factory_open_connection_to (f->factory, address, -1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_clear_error (&error);
  g_assert_false (smb_protocol_factory_open_connection_to (f->factory, G_SOCKET_CONNECTABLE (inet), -1, NULL,
                                                           &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_clear_error (&error);
  g_assert_cmpstr (f->heard->str, ==, "nfnf");
}

static void
test_timeout (Fixture       *f,
              gconstpointer  data)
{
  GError *error = NULL;

  be_silent (f);
  g_assert_false (smb_protocol_factory_open_connection (f->factory, "127.0.0.1", f->port, 50, NULL, &error));
  assert_code (&error, SMB_ERROR_TIMED_OUT);
  g_assert_cmpstr (f->heard->str, ==, "nf");

  g_object_set (f->factory, "default-timeout", 50, NULL);
  g_assert_false (open_here (f, &error));
  assert_code (&error, SMB_ERROR_TIMED_OUT);
  g_assert_cmpstr (f->heard->str, ==, "nfnf");
}

/* Once the connection is there, and its NEGOTIATE has been sent. */
static void
when_negotiating (Fixture   *f,
                  GCallback  callback,
                  gpointer   data)
{
  g_signal_connect_swapped (f->factory, "notify::state", callback, data);
}

static void
cancel_once (GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError)       error = NULL;

  be_silent (f);
  when_negotiating (f, G_CALLBACK (cancel_once), cancellable);
  open_here_async (f, cancellable);
  g_main_loop_run (f->loop);
  g_assert_cmpstr (f->heard->str, ==, "nfr");
  g_assert_error (f->failure, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_assert_false (smb_protocol_factory_open_connection (f->factory, "127.0.0.1", f->port, -1, cancellable,
                                                        &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (f->heard->str, ==, "nfrf");
}

static void
second_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture            *f = user_data;
  SmbProtocolFactory *factory = SMB_PROTOCOL_FACTORY (source);
  g_autoptr(GError)   error = NULL;

  g_assert_false (smb_protocol_factory_open_connection_finish (factory, result, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_string_append_c (f->heard, '2');
}

/* It is no opening at all, of which signals would tell. */
static void
test_second_opening (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GError                 *error = NULL;

  be_silent (f);
  open_here_async (f, cancellable);
  g_assert_false (open_here (f, &error));
  assert_code (&error, SMB_ERROR_INVALID_ARGUMENT);
  smb_protocol_factory_open_connection_async (f->factory, "127.0.0.1", f->port, -1, NULL, second_cb, f);
  while (strchr (f->heard->str, '2') == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (strchr (f->heard->str, 'f'));

  g_cancellable_cancel (cancellable);
  g_main_loop_run (f->loop);
  g_assert_true (g_str_has_suffix (f->heard->str, "fr"));
}

static void
test_closed_while_opening (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  be_silent (f);
  open_here_async (f, NULL);
  g_assert_true (smb_protocol_factory_close_connection (f->factory, -1, NULL, &error));
  g_assert_no_error (error);
  g_main_loop_run (f->loop);
  g_assert_true (g_str_has_suffix (f->heard->str, "fr"));
  g_assert_null (strchr (f->heard->str, 'c'));
  g_assert_error (f->failure, SMB_ERROR, SMB_ERROR_NOT_CONNECTED);
}

/* Contexts and threads. */

static gpointer
open_in_thread (gpointer data)
{
  Fixture *f = data;

  g_assert_false (open_here (f, NULL));
  return NULL;
}

static void
test_other_thread (Fixture       *f,
                   gconstpointer  data)
{
  g_thread_join (g_thread_new ("opens", open_in_thread, f));
  while (f->heard_in == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (f->heard_in == g_thread_self ());
  g_assert_cmpstr (f->heard->str, ==, "nf");
}

static gpointer
open_async_in_thread (gpointer data)
{
  Fixture                *f = data;
  g_autoptr(GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  g_main_loop_unref (f->loop);
  f->loop = g_main_loop_new (context, FALSE);
  open_here_async (f, NULL);
  g_main_loop_run (f->loop);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* The result comes to the caller's context, the signal to the factory's. */
static void
test_other_context (Fixture       *f,
                    gconstpointer  data)
{
  g_thread_join (g_thread_new ("opens", open_async_in_thread, f));
  g_assert_cmpstr (f->heard->str, ==, "r");
  run_idle ();
  g_assert_cmpstr (f->heard->str, ==, "rnf");
  g_assert_true (f->heard_in == g_thread_self ());
}

static gpointer
unref_in_thread (gpointer data)
{
  g_object_unref (data);
  return NULL;
}

/* Signals that wait do not hold the factory, which may go in any thread. */
static void
test_last_unref (Fixture       *f,
                 gconstpointer  data)
{
  gpointer weak = f->factory;

  g_object_add_weak_pointer (G_OBJECT (f->factory), &weak);
  g_thread_join (g_thread_new ("opens", open_in_thread, f));
  g_thread_join (g_thread_new ("unrefs", unref_in_thread, g_steal_pointer (&f->factory)));
  g_assert_null (weak);
  run_idle ();
  g_assert_cmpstr (f->heard->str, ==, "");
}

/* Nobody runs the context in which it was made any more. */
static void
test_context_gone (Fixture       *f,
                   gconstpointer  data)
{
  GMainContext       *context = g_main_context_new ();
  SmbProtocolFactory *factory;

  g_main_context_push_thread_default (context);
  factory = smb_protocol_factory_new (NULL, NULL, NULL, NULL);
  listen_to (f, factory);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);

  g_assert_false (smb_protocol_factory_open_connection (factory, "127.0.0.1", f->port, -1, NULL, NULL));
  g_assert_cmpstr (f->heard->str, ==, "nf"); /* its own thread is this one */
  g_assert_finalize_object (factory);
}

/* A subclass. */

typedef SmbProtocolFactory      TestFactory;
typedef SmbProtocolFactoryClass TestFactoryClass;

static GType test_factory_get_type (void);
G_DEFINE_TYPE (TestFactory, test_factory, SMB_TYPE_PROTOCOL_FACTORY)

static guint overridden;

static void
test_factory_auth_failed (SmbProtocolFactory *factory,
                          const GError       *error)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  overridden++;
}

static void
test_factory_class_init (TestFactoryClass *klass)
{
  SMB_PROTOCOL_FACTORY_CLASS (klass)->auth_failed = test_factory_auth_failed;
}

static void
test_factory_init (TestFactory *self)
{
}

static void
test_subclass (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = g_object_new (test_factory_get_type (), "username", "alice", NULL);

  g_assert_false (smb_protocol_factory_open_connection (factory, "127.0.0.1", f->port, -1, NULL, NULL));
  g_assert_cmpuint (overridden, ==, 1);
}

/* What goes when another takes its place may look at the factory meanwhile. */

static void
resolver_gone_cb (gpointer  data,
                  GObject  *resolver)
{
  Fixture         *f = data;
  g_autofree char *domain = NULL;

  g_object_get (f->factory, "domain", &domain, NULL);
  g_assert_cmpstr (domain, ==, "WORKGROUP");
  g_string_append_c (f->heard, 'g');
}

static void
test_resolver_gone (Fixture       *f,
                    gconstpointer  data)
{
  GProxyResolver *resolver = g_simple_proxy_resolver_new (NULL, NULL);

  g_object_weak_ref (G_OBJECT (resolver), resolver_gone_cb, f);
  g_object_set (f->factory, "domain", "WORKGROUP", "proxy-resolver", resolver, NULL);
  g_object_unref (resolver);
  g_object_set (f->factory, "proxy-resolver", NULL, NULL);
  g_assert_cmpstr (f->heard->str, ==, "g");
}

/* A forked child. */

static int
child (Fixture *f)
{
  g_autoptr(SmbProtocolFactory) own = NULL;
  g_autoptr(GError)             error = NULL;
  g_autoptr(GError)             refusal = NULL;
  g_autoptr(GError)             own_error = NULL;

  smb_protocol_factory_list_shares (f->factory, -1, NULL, &error);
  if (!g_error_matches (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED))
    return 1;
  open_here (f, &refusal);
  if (!g_error_matches (refusal, SMB_ERROR, SMB_ERROR_NOT_CONNECTED) || strchr (f->heard->str, 'f') != NULL)
    return 2;
  if (smb_protocol_factory_get_state (f->factory) != SMB_CONNECTION_STATE_DISCONNECTED)
    return 3;
  g_object_set (f->factory, "domain", "WORKGROUP", NULL);
  g_object_unref (f->factory);

  own = smb_protocol_factory_new (NULL, NULL, NULL, NULL);
  smb_protocol_factory_open_connection (own, "127.0.0.1", f->port, 20, NULL, &own_error);
  return g_error_matches (own_error, SMB_ERROR, SMB_ERROR_TIMED_OUT) ? 0 : 4;
}

static void
test_fork (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  int                     status;
  pid_t                   pid;

  be_silent (f);
  open_here_async (f, cancellable);
  pid = test_fork_quietly ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    _exit (child (f));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);

  g_cancellable_cancel (cancellable);
  g_main_loop_run (f->loop);
}

static void
add (const char *path,
     void      (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/factory/defaults", test_defaults);
  g_test_add_func ("/factory/param-specs", test_param_specs);
  add ("/factory/setting", test_setting);
  add ("/factory/not-ready", test_not_ready);
  add ("/factory/wrong-timeouts", test_wrong_timeouts);
  add ("/factory/wrong-paths", test_wrong_paths);
  add ("/factory/async-error", test_async_error);
  add ("/factory/closing-nothing", test_closing_nothing);
  add ("/factory/refused", test_refused);
  add ("/factory/again", test_again);
  add ("/factory/refused-async", test_refused_async);
  add ("/factory/arguments", test_arguments);
  add ("/factory/plugin-missing", test_plugin_missing);
  add ("/factory/connectable", test_connectable);
  add ("/factory/timeout", test_timeout);
  add ("/factory/cancelled", test_cancelled);
  add ("/factory/second-opening", test_second_opening);
  add ("/factory/closed-while-opening", test_closed_while_opening);
  add ("/factory/other-thread", test_other_thread);
  add ("/factory/other-context", test_other_context);
  add ("/factory/last-unref", test_last_unref);
  add ("/factory/context-gone", test_context_gone);
  add ("/factory/subclass", test_subclass);
  add ("/factory/resolver-gone", test_resolver_gone);
  add ("/factory/fork", test_fork);

  return g_test_run ();
}
