/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "name-responder.h"
#include "smb-netbios-session.h"
#include "smb-netbios-transport.h"

#define REQUEST_SIZE 72

#define POSITIVE "\x82\0\0\0"
#define KEEPALIVE "\x85\0\0\0"

/* What a server does with the connection that comes next. */
typedef struct
{
  const char *answer; /* to the session request */
  gsize       size;
  gboolean    hang_up; /* after it */
} Step;

#define ANSWER(bytes)  { bytes, sizeof (bytes) - 1, FALSE }
#define REFUSAL(bytes) { bytes, sizeof (bytes) - 1, TRUE }

/* A server that follows a script, in a thread of its own. */
typedef struct
{
  SmbTransport       *transport;
  SmbTransportTarget  target;
  GSocketListener    *listener;
  guint16             port;

  const Step         *steps;
  guint               n_steps;
  gboolean            socks; /* it is reached through a proxy, which it plays too */
  GThread            *thread;
  GCancellable       *stop;
  guint8              requests[8][REQUEST_SIZE];
  guint               n_requests;
  GSocketConnection  *peer; /* the one that was not hung up on; the test's once the thread has ended */

  GAsyncResult       *result;
} Fixture;

static void
fixture_set_up (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError)         error = NULL;

  f->transport = g_object_new (SMB_TYPE_NETBIOS_TRANSPORT, NULL);
  f->listener = g_socket_listener_new ();
  f->stop = g_cancellable_new ();
  g_socket_listener_add_address (f->listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &effective, &error);
  g_assert_no_error (error);
  f->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  f->target.server = g_network_address_new ("127.0.0.1", f->port);
  f->target.client_name = "tester";
}

static void
finish_thread (Fixture *f)
{
  if (f->thread != NULL)
    g_thread_join (g_steal_pointer (&f->thread));
}

static void
fixture_tear_down (Fixture       *f,
                   gconstpointer  data)
{
  g_cancellable_cancel (f->stop);
  finish_thread (f);
  g_clear_object (&f->peer);
  g_clear_object (&f->result);
  g_assert_finalize_object (f->transport);
  g_object_unref (f->target.server);
  g_object_unref (f->listener);
  g_object_unref (f->stop);
}

static gboolean
receive (Fixture           *f,
         GSocketConnection *peer,
         guint8            *buffer,
         gsize              size)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  gsize         got;

  return g_input_stream_read_all (input, buffer, size, &got, f->stop, NULL) && got == size;
}

static void
answer (GSocketConnection *peer,
        const char        *data,
        gsize              size)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (peer)), data, size, NULL, NULL,
                             NULL);
}

/* RFC 1928: greeting, and CONNECT to an IPv4 address. */
static void
play_proxy (Fixture           *f,
            GSocketConnection *peer)
{
  guint8 buffer[10];

  g_assert_true (receive (f, peer, buffer, 3));
  answer (peer, "\5\0", 2);
  g_assert_true (receive (f, peer, buffer, 10));
  answer (peer, "\5\0\0\1\0\0\0\0\0\0", 10);
}

static gboolean
serve (Fixture    *f,
       const Step *step)
{
  g_autoptr(GSocketConnection) peer = g_socket_listener_accept (f->listener, NULL, f->stop, NULL);

  if (peer == NULL)
    return FALSE;
  if (f->socks)
    play_proxy (f, peer);
  if (!receive (f, peer, f->requests[f->n_requests], REQUEST_SIZE))
    return FALSE;
  f->n_requests++;
  answer (peer, step->answer, step->size);
  if (!step->hang_up)
    f->peer = g_steal_pointer (&peer);
  return TRUE;
}

static gpointer
server_thread (gpointer data)
{
  Fixture *f = data;

  for (guint i = 0; i < f->n_steps && serve (f, &f->steps[i]); i++)
    ;
  return NULL;
}

static void
start_server (Fixture    *f,
              const Step *steps,
              guint       n_steps)
{
  f->steps = steps;
  f->n_steps = n_steps;
  f->thread = g_thread_new ("server", server_thread, f);
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
open_channel (Fixture  *f,
              GError  **error)
{
  smb_transport_open_async (f->transport, &f->target, NULL, opened_cb, f);
  return wait_until_open (f, error);
}

/* Two letters for each byte ([RFC 1001] 14.1). */
static void
assert_name (const guint8 *encoded,
             const char   *text,
             guint8        suffix)
{
  g_autofree char *name = g_strdup_printf ("%-15s%c", text, suffix);

  g_assert_cmpuint (encoded[0], ==, 32);
  for (gsize i = 0; i < 16; i++)
    g_assert_cmpuint ((encoded[1 + 2 * i] - 'A') << 4 | (encoded[2 + 2 * i] - 'A'), ==,
                      i == 15 ? suffix : (guint8) name[i]);
  g_assert_cmpuint (encoded[33], ==, 0);
}

static void
assert_request (Fixture    *f,
                guint       i,
                const char *called,
                const char *calling)
{
  finish_thread (f);
  g_assert_cmpuint (f->n_requests, >, i);
  g_assert_cmpmem (f->requests[i], 4, "\x81\0\0\x44", 4);
  assert_name (f->requests[i] + 4, called, 0x20);
  assert_name (f->requests[i] + 38, calling, 0x00);
}

/* What the channel sends arrives, framed, and the other way round. */
static void
assert_connected (Fixture    *f,
                  SmbChannel *channel)
{
  g_autoptr(GError) error = NULL;
  GOutputVector     vector = { "hello", 5 };
  guint8            buffer[9];
  gsize             got, size;

  finish_thread (f);
  g_assert_nonnull (f->peer);
  smb_channel_queue (channel, &vector, 1, NULL, NULL);
  g_assert_true (smb_channel_flush (channel, &error));
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (f->peer)), buffer, sizeof buffer, &got,
                           NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, got, "\0\0\0\5hello", 9);

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (f->peer)), KEEPALIVE "\0\0\0\2hi",
                             10, NULL, NULL, &error);
  g_assert_no_error (error);
  while (!smb_channel_receive_header (channel, &size, &error))
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      g_clear_error (&error);
    }
  g_assert_cmpuint (size, ==, 2);
  g_assert_cmpint (smb_channel_receive (channel, buffer, size, &error), ==, 2);
  g_assert_cmpmem (buffer, 2, "hi", 2);
}

/* Names */

static void
test_names (Fixture       *f,
            gconstpointer  data)
{
  static const struct
  {
    const char *server_name, *client_name;
    const char *called, *calling;
  } cases[] = {
    { NULL, "tester", "*SMBSERVER", "TESTER" },
    { "", "tester", "*SMBSERVER", "TESTER" },
    { "192.0.2.1", "tester", "*SMBSERVER", "TESTER" },
    { "fe80::1", "tester", "*SMBSERVER", "TESTER" },
    { "nas", "me.example.com", "NAS", "ME" },
    { "nas.example.com", "a-rather-long-name", "NAS", "A-RATHER-LONG-N" },
    { "averylongservername", "x", "AVERYLONGSERVER", "X" },
  };
  static const Step steps[] = { ANSWER (POSITIVE) };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError)     error = NULL;
      g_autoptr(SmbChannel) channel = NULL;

      f->target.server_name = cases[i].server_name;
      f->target.client_name = cases[i].client_name;
      start_server (f, steps, 1);
      channel = open_channel (f, &error);
      g_assert_no_error (error);
      assert_request (f, f->n_requests - 1, cases[i].called, cases[i].calling);
      g_clear_object (&f->peer);
      f->n_requests = 0;
    }
}

/* Whatever the machine is called, or the caller thinks up. */
static void
test_own_name (Fixture       *f,
               gconstpointer  data)
{
  static const char *const names[] = { NULL, "", "юра" };
  static const Step        steps[] = { ANSWER (POSITIVE) };
  guint8                   first[34];

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError)     error = NULL;
      g_autoptr(SmbChannel) channel = NULL;

      f->target.client_name = names[i];
      start_server (f, steps, 1);
      channel = open_channel (f, &error);
      g_assert_no_error (error);
      finish_thread (f);
      if (i == 0)
        memcpy (first, f->requests[0] + 38, sizeof first);
      g_assert_cmpmem (first, sizeof first, f->requests[0] + 38, 34);
      g_clear_object (&f->peer);
      f->n_requests = 0;
    }
}

static void
test_bad_name (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  f->target.server_name = "юра";
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

/* The session */

static void
test_session (Fixture       *f,
              gconstpointer  data)
{
  static const Step     steps[] = { ANSWER (KEEPALIVE KEEPALIVE POSITIVE) };
  g_autoptr(GError)     error = NULL;
  g_autoptr(SmbChannel) channel = NULL;

  start_server (f, steps, 1);
  channel = open_channel (f, &error);
  g_assert_no_error (error);
  assert_connected (f, channel);
  g_assert_cmpuint (smb_channel_get_largest_message (channel), ==, 0x1FFFF);
}

/* The first message may come with the answer. */
static void
test_message_behind (Fixture       *f,
                     gconstpointer  data)
{
  static const Step     steps[] = { ANSWER (POSITIVE "\0\0\0\3abc") };
  g_autoptr(GError)     error = NULL;
  g_autoptr(SmbChannel) channel = NULL;
  guint8                buffer[3];
  gsize                 size;

  start_server (f, steps, 1);
  channel = open_channel (f, &error);
  g_assert_no_error (error);
  finish_thread (f);
  while (!smb_channel_receive_header (channel, &size, &error))
    g_clear_error (&error);
  g_assert_cmpuint (size, ==, 3);
  g_assert_cmpint (smb_channel_receive (channel, buffer, size, &error), ==, 3);
  g_assert_cmpmem (buffer, 3, "abc", 3);
}

static void
test_refusals (Fixture       *f,
               gconstpointer  data)
{
  static const struct
  {
    Step        step;
    SmbError    code;
    const char *word;
  } cases[] = {
    { REFUSAL ("\x83\0\0\1\x80"), SMB_ERROR_NOT_FOUND, "'NAS'" },
    { REFUSAL ("\x83\0\0\1\x81"), SMB_ERROR_ACCESS_DENIED, "'TESTER'" },
    { REFUSAL ("\x83\0\0\1\x82"), SMB_ERROR_NOT_FOUND, "'NAS'" },
    { REFUSAL ("\x83\0\0\1\x83"), SMB_ERROR_FAILED, "no room" },
    { REFUSAL ("\x83\0\0\1\x8F"), SMB_ERROR_FAILED, "does not say why" },
    { REFUSAL ("\x83\0\0\0"), SMB_ERROR_FAILED, "does not say why" },
    { REFUSAL ("\x83\0\0\1\x99"), SMB_ERROR_FAILED, "0x99" },
  };

  f->target.server_name = "nas";
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      start_server (f, &cases[i].step, 1);
      g_assert_null (open_channel (f, &error));
      g_assert_error (error, SMB_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].word));
      finish_thread (f);
      f->n_requests = 0;
    }
}

static void
test_strange_answers (Fixture       *f,
                      gconstpointer  data)
{
  static const Step steps[] = {
    REFUSAL ("\x00\0\0\x44"), REFUSAL ("\x82\0\0\1\0"),   REFUSAL ("\x82\1\0\0"), REFUSAL ("\x82\2\0\0"),
    REFUSAL ("\x83\0\0\2xx"), REFUSAL ("\x84\0\0\5xxxxx"), REFUSAL ("\x85\0\0\1x"), REFUSAL ("HTTP/1.1 400"),
    REFUSAL ("\x81\0\0\x44"), REFUSAL ("\x84\0\0\6\0\0\0\0\0\1"), REFUSAL ("\x84\0\0\6\x7f\0\0\1\0\0"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr(GError) error = NULL;

      start_server (f, &steps[i], 1);
      g_assert_null (open_channel (f, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      finish_thread (f);
      f->n_requests = 0;
    }
}

static void
test_keepalives_for_ever (Fixture       *f,
                          gconstpointer  data)
{
  g_autofree char   *answer = g_malloc (2000 * 4);
  Step               step = { answer, 2000 * 4, FALSE };
  g_autoptr(GError)  error = NULL;

  for (gsize i = 0; i < 2000; i++)
    memcpy (answer + 4 * i, KEEPALIVE, 4);
  start_server (f, &step, 1);
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

static void
test_hang_up (Fixture       *f,
              gconstpointer  data)
{
  static const Step whole[]
      = { REFUSAL (POSITIVE), REFUSAL ("\x83\0\0\1\x82"), REFUSAL ("\x84\0\0\6\x7f\0\0\1\0\1") };

  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    for (gsize size = 0; size < whole[i].size; size++)
      {
        Step              step = { whole[i].answer, size, TRUE };
        g_autoptr(GError) error = NULL;

        start_server (f, &step, 1);
        g_assert_null (open_channel (f, &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
        finish_thread (f);
        f->n_requests = 0;
      }
}

/* Retargets */

static void
write_retarget (Fixture *f,
                char    *answer)
{
  memcpy (answer, "\x84\0\0\6\x7f\0\0\1", 8);
  answer[8] = (char) (f->port >> 8);
  answer[9] = (char) f->port;
}

static void
test_retarget (Fixture       *f,
               gconstpointer  data)
{
  char                  away[10];
  const Step steps[] = { { away, sizeof away, TRUE }, { away, sizeof away, TRUE }, ANSWER (POSITIVE) };
  g_autoptr(GError)     error = NULL;
  g_autoptr(SmbChannel) channel = NULL;

  write_retarget (f, away);
  f->target.server_name = "elsewhere";
  start_server (f, steps, G_N_ELEMENTS (steps));
  channel = open_channel (f, &error);
  g_assert_no_error (error);
  assert_connected (f, channel);
  for (guint i = 0; i < 3; i++)
    assert_request (f, i, "ELSEWHERE", "TESTER");
}

static void
test_retargets_for_ever (Fixture       *f,
                         gconstpointer  data)
{
  char              away[10];
  const Step        step = { away, sizeof away, TRUE };
  const Step        steps[] = { step, step, step, step, step, step };
  g_autoptr(GError) error = NULL;

  write_retarget (f, away);
  start_server (f, steps, G_N_ELEMENTS (steps));
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_cancellable_cancel (f->stop);
  finish_thread (f);
  g_assert_cmpuint (f->n_requests, ==, 4);
}

/* The server's own name */

#define SPACES_8      "2020202020202020"
#define HEX_SMBTEST   "534d4254455354" SPACES_8
#define HEX_OTHER     "4f54484552" SPACES_8 "2020"
#define STATUS        "0021"
#define STATUS_ANSWER                                                                                        \
  "05" HEX_SMBTEST "00"                                                                                      \
  "6400" HEX_OTHER "20"                                                                                      \
  "e400" HEX_OTHER "20"                                                                                      \
  "6c00" HEX_SMBTEST "20"                                                                                    \
  "6400" HEX_OTHER "20"                                                                                      \
  "6400"
#define STATUS_WITHOUT_SERVER "01" HEX_SMBTEST "00" "6400"

static void
answer_status (NameResponder *responder,
               guint          nth,
               gpointer       data)
{
  g_autofree char *answer = name_responder_build (responder, "8400", STATUS, data);

  name_responder_reply (responder, answer);
}

static NameResponder *
start_name_service (Fixture           *f,
                    NameResponderFunc  func,
                    gpointer           data)
{
  NameResponder *responder = name_responder_start ("127.0.0.1", func, data);

  g_object_unref (f->transport);
  f->transport = g_object_new (SMB_TYPE_NETBIOS_TRANSPORT, "name-service-port",
                               name_responder_get_port (responder), NULL);
  return responder;
}

static void
test_name_found (Fixture       *f,
                 gconstpointer  data)
{
  const Step            steps[] = { REFUSAL ("\x83\0\0\1\x82"), ANSWER (POSITIVE) };
  NameResponder        *responder = start_name_service (f, answer_status, (gpointer) STATUS_ANSWER);
  g_autoptr(GError)     error = NULL;
  g_autoptr(SmbChannel) channel = NULL;

  start_server (f, steps, G_N_ELEMENTS (steps));
  channel = open_channel (f, &error);
  g_assert_no_error (error);
  assert_connected (f, channel);
  assert_request (f, 0, "*SMBSERVER", "TESTER");
  assert_request (f, 1, "SMBTEST", "TESTER");
  name_responder_stop (responder);
}

/* Once is enough, and a name that was given is not replaced. */
static void
test_name_refused (Fixture       *f,
                   gconstpointer  data)
{
  const Step steps[] = { REFUSAL ("\x83\0\0\1\x82"), REFUSAL ("\x83\0\0\1\x82"), REFUSAL ("\x83\0\0\1\x82") };
  NameResponder     *responder = start_name_service (f, answer_status, (gpointer) STATUS_ANSWER);
  g_autoptr(GError)  error = NULL;

  start_server (f, steps, G_N_ELEMENTS (steps));
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "'SMBTEST'"));
  g_clear_error (&error);

  f->target.server_name = "given";
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "'GIVEN'"));
  g_assert_cmpuint (name_responder_count_requests (responder), ==, 1);
  name_responder_stop (responder);
}

static void
test_no_server_name (Fixture       *f,
                     gconstpointer  data)
{
  const Step         steps[] = { REFUSAL ("\x83\0\0\1\x80") };
  NameResponder     *responder = start_name_service (f, answer_status, (gpointer) STATUS_WITHOUT_SERVER);
  g_autoptr(GError)  error = NULL;

  start_server (f, steps, G_N_ELEMENTS (steps));
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "'*SMBSERVER'"));
  name_responder_stop (responder);
}

/* Who is at the other end of the connection is not the server. */
static void
test_no_name_service_of_proxy (Fixture       *f,
                               gconstpointer  data)
{
  const Step                 steps[] = { REFUSAL ("\x83\0\0\1\x82") };
  NameResponder             *responder = start_name_service (f, answer_status, (gpointer) STATUS_ANSWER);
  g_autofree char           *uri = g_strdup_printf ("socks5://127.0.0.1:%u", f->port);
  g_autoptr(GProxyResolver)  resolver = g_simple_proxy_resolver_new (uri, NULL);
  g_autoptr(GError)          error = NULL;

  f->target.proxy_resolver = resolver;
  g_object_unref (f->target.server);
  f->target.server = g_network_address_new ("192.0.2.1", 139);
  f->socks = TRUE;
  start_server (f, steps, G_N_ELEMENTS (steps));
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  g_assert_cmpuint (name_responder_count_requests (responder), ==, 0);
  name_responder_stop (responder);
}

/* The port is not anybody's: the network says so at once. */
static void
test_no_name_service (Fixture       *f,
                      gconstpointer  data)
{
  const Step         steps[] = { REFUSAL ("\x83\0\0\1\x82") };
  NameResponder     *responder = start_name_service (f, answer_status, NULL);
  g_autoptr(GError)  error = NULL;

  name_responder_stop (responder);
  start_server (f, steps, G_N_ELEMENTS (steps));
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
}

static void
cancel_instead (NameResponder *responder,
                guint          nth,
                gpointer       data)
{
  g_cancellable_cancel (data);
}

static void
test_cancelled_while_asking (Fixture       *f,
                             gconstpointer  data)
{
  const Step               steps[] = { REFUSAL ("\x83\0\0\1\x82") };
  g_autoptr(GCancellable)  cancellable = g_cancellable_new ();
  NameResponder           *responder = start_name_service (f, cancel_instead, cancellable);
  g_autoptr(GError)        error = NULL;

  start_server (f, steps, G_N_ELEMENTS (steps));
  smb_transport_open_async (f->transport, &f->target, cancellable, opened_cb, f);
  g_assert_null (wait_until_open (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  name_responder_stop (responder);
}

/* Cancelling, keep-alives, sizes */

static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  static const char *const beginnings[] = { "", "\x82", "\x84\0\0\6\x7f\0" };
  static const gsize       sizes[] = { 0, 1, 6 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Step                    step = { beginnings[i], sizes[i], FALSE };
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError)       error = NULL;

      start_server (f, &step, 1);
      smb_transport_open_async (f->transport, &f->target, cancellable, opened_cb, f);
      while (f->result == NULL && g_atomic_pointer_get (&f->peer) == NULL)
        g_main_context_iteration (NULL, FALSE);
      g_assert_null (f->result);
      g_cancellable_cancel (cancellable);
      g_assert_null (wait_until_open (f, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      finish_thread (f);
      g_clear_object (&f->peer);
      f->n_requests = 0;
    }
}

static void
test_refused_connection (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_socket_listener_close (f->listener);
  g_assert_null (open_channel (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
chunk_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  gsize *got = user_data;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, got, NULL);
}

static void
test_keepalive (Fixture       *f,
                gconstpointer  data)
{
  static const Step     steps[] = { ANSWER (POSITIVE) };
  g_autoptr(GError)     error = NULL;
  g_autoptr(SmbChannel) channel = NULL;
  guint8                buffer[12];
  gsize                 got = 0;

  g_object_unref (f->transport);
  f->transport = g_object_new (SMB_TYPE_NETBIOS_TRANSPORT, "keepalive-interval", 1, NULL);
  start_server (f, steps, 1);
  channel = open_channel (f, &error);
  g_assert_no_error (error);
  finish_thread (f);
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (f->peer)), buffer, sizeof buffer,
                                 0, NULL, chunk_cb, &got);
  while (got == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpmem (buffer, got, KEEPALIVE KEEPALIVE KEEPALIVE, 12);

  smb_channel_close (channel); /* and the timer ends with its next turn, or with the channel */
  g_assert_finalize_object (g_steal_pointer (&channel));
}

/* 17 bits: the largest message goes both ways, and what is larger neither. */
static void
test_sizes (Fixture       *f,
            gconstpointer  data)
{
  static const Step     steps[] = { ANSWER (POSITIVE "\0\1\xff\xff") };
  g_autofree guint8    *bytes = g_malloc0 (0x20000);
  GOutputVector         vector = { bytes, 0x1FFFF };
  g_autoptr(GError)     error = NULL;
  g_autoptr(SmbChannel) channel = NULL;
  gsize                 size;
  guint8                header[4];

  start_server (f, steps, 1);
  channel = open_channel (f, &error);
  g_assert_no_error (error);
  finish_thread (f);
  while (!smb_channel_receive_header (channel, &size, &error))
    g_clear_error (&error);
  g_assert_cmpuint (size, ==, 0x1FFFF);

  smb_channel_queue (channel, &vector, 1, NULL, NULL);
  g_assert_true (smb_channel_flush (channel, &error));
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (f->peer)), header, 4, NULL, NULL,
                           &error);
  g_assert_no_error (error);
  g_assert_cmpmem (header, 4, "\0\1\xff\xff", 4);

  vector.size++;
  smb_channel_queue (channel, &vector, 1, NULL, NULL);
  g_assert_false (smb_channel_flush (channel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static void
test_bad_frames (Fixture       *f,
                 gconstpointer  data)
{
  static const Step steps[] = {
    ANSWER (POSITIVE "\0\2\0\1"),    ANSWER (POSITIVE "\0\x80\0\1"), ANSWER (POSITIVE "\x85\0\0\1"),
    ANSWER (POSITIVE "\x82\0\0\0"),  ANSWER (POSITIVE "\0\0\0\0"),   ANSWER (POSITIVE "\xff\0\0\1"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr(GError)     error = NULL;
      g_autoptr(SmbChannel) channel = NULL;
      gsize                 size;

      start_server (f, &steps[i], 1);
      channel = open_channel (f, &error);
      g_assert_no_error (error);
      finish_thread (f);
      do
        g_clear_error (&error);
      while (!smb_channel_receive_header (channel, &size, &error) &&
             g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      g_clear_object (&f->peer);
      f->n_requests = 0;
    }
}

static void
test_default_port (void)
{
  g_autoptr(SmbTransport) transport = g_object_new (SMB_TYPE_NETBIOS_TRANSPORT, NULL);

  g_assert_cmpuint (smb_transport_get_default_port (transport), ==, 139);
}

/* ---- Responses, as bytes ---- */

static void
test_prefixes (void)
{
  static const Step good[] = { ANSWER (POSITIVE), ANSWER (KEEPALIVE), ANSWER ("\x83\0\0\1\x82"),
                               ANSWER ("\x84\0\0\6\xc0\xa8\1\2\0\x8b") };
  SmbNetbiosResponse response;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    for (gsize size = 0; size <= good[i].size; size++)
      {
        g_autofree guint8 *copy = g_memdup2 (good[i].answer, size);
        g_autoptr(GError)  error = NULL;

        g_assert_cmpint (smb_netbios_response_decode (copy, size, &response, &error), ==,
                         size == good[i].size);
        g_assert_true (size == good[i].size || g_error_matches (error, SMB_ERROR, SMB_ERROR_PROTOCOL));
      }
  g_assert_cmpmem (response.address, 4, "\xc0\xa8\1\2", 4);
  g_assert_cmpuint (response.port, ==, 139);
}

#define ADD(name, func)                                                                                      \
  g_test_add ("/transport-netbios/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("names", test_names);
  ADD ("own-name", test_own_name);
  ADD ("bad-name", test_bad_name);
  ADD ("session", test_session);
  ADD ("message-behind", test_message_behind);
  ADD ("refusals", test_refusals);
  ADD ("strange-answers", test_strange_answers);
  ADD ("keepalives-for-ever", test_keepalives_for_ever);
  ADD ("hang-up", test_hang_up);
  ADD ("retarget", test_retarget);
  ADD ("retargets-for-ever", test_retargets_for_ever);
  ADD ("name-found", test_name_found);
  ADD ("name-refused", test_name_refused);
  ADD ("no-server-name", test_no_server_name);
  ADD ("no-name-service", test_no_name_service);
  ADD ("no-name-service-of-proxy", test_no_name_service_of_proxy);
  ADD ("cancelled-while-asking", test_cancelled_while_asking);
  ADD ("cancelled", test_cancelled);
  ADD ("refused-connection", test_refused_connection);
  ADD ("keepalive", test_keepalive);
  ADD ("sizes", test_sizes);
  ADD ("bad-frames", test_bad_frames);
  g_test_add_func ("/transport-netbios/default-port", test_default_port);
  g_test_add_func ("/transport-netbios/prefixes", test_prefixes);

  return g_test_run ();
}
