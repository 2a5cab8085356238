/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "raw-fixture.h"
#include "wire/smb-ntstatus.h"

/* What the server does when it is told to. That it behaves well otherwise, other clients show
 * (test-scripted-smbclient.c). */

static void
test_read (RawFixture    *f,
           gconstpointer  data)
{
  guint64           id = raw_client_send_read (f->client, f->file);
  g_autoptr(GBytes) reply = raw_expect (f, id, SMB_STATUS_SUCCESS);

  g_assert_cmpuint (raw_u32 (reply, 64 + 4), ==, 16);
  raw_assert_data (reply, 64 + 16, "Curiouser and cu", 16);
}

static void
test_drop (RawFixture    *f,
           gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_DROP);
  raw_assert_echo_works (f);
  raw_send_echo (f);
  raw_assert_hung_up (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_ECHO), ==, 2);
}

static void
test_drop_after (RawFixture    *f,
                 gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_DROP_AFTER);
  raw_assert_echo_works (f);
  raw_assert_hung_up (f);
}

static void
test_cut (RawFixture    *f,
          gconstpointer  data)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (f->client->stream));
  guint8        buffer[100];
  gsize         got;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_CUT, .number = 71);
  raw_send_echo (f);
  g_assert_true (g_input_stream_read_all (input, buffer, sizeof buffer, &got, NULL, NULL));
  g_assert_cmpuint (got, ==, 71);
  g_assert_cmpmem (buffer, 5, "\0\0\0\x44\xfe", 5);
}

static void
test_stall (RawFixture    *f,
            gconstpointer  data)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (f->client->stream));
  guint8        buffer[4 + 68];
  gsize         got;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_STALL, .number = 30);
  raw_send_echo (f);
  g_assert_true (g_input_stream_read_all (input, buffer, 30, &got, NULL, NULL));
  g_assert_cmpint (g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (input)), ==, FALSE);
  scripted_server_thaw (f->server);
  g_assert_true (g_input_stream_read_all (input, buffer + 30, sizeof buffer - 30, &got, NULL, NULL));
  g_assert_cmpuint (got, ==, sizeof buffer - 30);
  raw_assert_echo_works (f);
}

static void
test_length (RawFixture    *f,
             gconstpointer  data)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (f->client->stream));
  guint8        buffer[4 + 68];
  gsize         got;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_LENGTH, .number = 0xFEDCBA);
  raw_send_echo (f);
  g_assert_true (g_input_stream_read_all (input, buffer, sizeof buffer, &got, NULL, NULL));
  g_assert_cmpmem (buffer, 5, "\0\xfe\xdc\xba\xfe", 5);
}

static void
test_garble (RawFixture    *f,
             gconstpointer  data)
{
  g_autoptr(GBytes) reply = NULL;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_GARBLE, .number = 64);
  reply = raw_echo (f);
  g_assert_cmphex (raw_u16 (reply, 64), ==, 4 ^ 0xFF);
  raw_assert_echo_works (f);
}

static void
test_duplicate (RawFixture    *f,
                gconstpointer  data)
{
  guint64 id;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_DUPLICATE);
  id = raw_send_echo (f);
  raw_assert_answered (f, id, SMB_STATUS_SUCCESS);
  raw_assert_answered (f, id, SMB_STATUS_SUCCESS);
  raw_assert_echo_works (f);
}

static void
test_message_id (RawFixture    *f,
                 gconstpointer  data)
{
  guint64 id;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_MESSAGE_ID, .number = 1000);
  id = raw_send_echo (f);
  raw_assert_answered (f, id + 1000, SMB_STATUS_SUCCESS);
}

static void
test_freeze (RawFixture    *f,
             gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_FREEZE);
  raw_client_send_read (f->client, f->file);
  raw_client_send_read (f->client, f->file);
  raw_assert_echo_works (f);
  g_assert_cmpuint (scripted_server_get_most_in_flight (f->server), ==, 3);
  scripted_server_clear_rules (f->server);
  test_read (f, NULL);
}

static void
test_freeze_connection (RawFixture    *f,
                        gconstpointer  data)
{
  guint64 id;

  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_FREEZE_CONNECTION);
  raw_client_send_read (f->client, f->file);
  scripted_server_wait (f->server, SCRIPTED_READ, 1);
  id = raw_send_echo (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_ECHO), ==, 0);
  scripted_server_thaw (f->server);
  raw_assert_answered (f, id, SMB_STATUS_SUCCESS);
}

static void
test_hold (RawFixture    *f,
           gconstpointer  data)
{
  guint64 ids[3];

  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < 3; i++)
    ids[i] = raw_client_send_read (f->client, f->file);
  scripted_server_wait_held (f->server, 3);
  raw_assert_echo_works (f);
  scripted_server_release (f->server, 1);
  raw_assert_answered (f, ids[1], SMB_STATUS_SUCCESS);
  scripted_server_release_all (f->server);
  raw_assert_answered (f, ids[0], SMB_STATUS_SUCCESS);
  raw_assert_answered (f, ids[2], SMB_STATUS_SUCCESS);
  test_read (f, NULL);
}

static void
test_pending (RawFixture    *f,
              gconstpointer  data)
{
  g_autoptr(GBytes) first = NULL;
  g_autoptr(GBytes) second = NULL;
  g_autoptr(GBytes) final = NULL;
  guint64           id;

  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_PENDING, .number = 2);
  id = raw_client_send_read (f->client, f->file);
  first = raw_expect (f, id, SMB_STATUS_PENDING);
  second = raw_expect (f, id, SMB_STATUS_PENDING);
  final = raw_expect (f, id, SMB_STATUS_SUCCESS);

  g_assert_cmphex (raw_flags (first), ==, 3);
  g_assert_cmphex (raw_flags (final), ==, 3);
  g_assert_cmpuint (raw_async_id (first), !=, 0);
  g_assert_cmpuint (raw_async_id (second), ==, raw_async_id (first));
  g_assert_cmpuint (raw_async_id (final), ==, raw_async_id (first));
  g_assert_cmpuint (raw_credits (first), ==, 8);
  g_assert_cmpuint (raw_credits (second), ==, 0);
  g_assert_cmpuint (raw_credits (final), ==, 0);
}

/* By MessageId, since there was no interim response. */
static void
test_cancel (RawFixture    *f,
             gconstpointer  data)
{
  guint64 id;
  guint64 next;

  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_HOLD);
  id = raw_client_send_read (f->client, f->file);
  scripted_server_wait_held (f->server, 1);
  next = f->client->message_id;
  f->client->message_id = id;
  raw_client_send (f->client, SCRIPTED_CANCEL, "\4\0\0\0", 4);
  f->client->message_id = next;
  raw_assert_answered (f, id, SMB_STATUS_CANCELLED);
  g_assert_cmpuint (scripted_server_count_held (f->server), ==, 0);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CANCEL), ==, 1);
  scripted_server_assert_polite (f->server);
}

static void
test_status (RawFixture    *f,
             gconstpointer  data)
{
  g_autoptr(GBytes) reply = NULL;
  guint64           id;

  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_STATUS, .number = SMB_STATUS_NETWORK_NAME_DELETED);
  scripted_rule (f->server, SCRIPTED_READ, 2, SCRIPTED_STATUS, .number = SMB_STATUS_STOPPED_ON_SYMLINK,
                 .data = "abcd", .size = 4);
  id = raw_client_send_read (f->client, f->file);
  raw_assert_answered (f, id, SMB_STATUS_NETWORK_NAME_DELETED);
  id = raw_client_send_read (f->client, f->file);
  reply = raw_expect (f, id, SMB_STATUS_STOPPED_ON_SYMLINK);
  raw_assert_data (reply, 64, "\11\0\0\0\4\0\0\0abcd", 12);
  test_read (f, NULL);
}

static void
test_falsified (RawFixture    *f,
                gconstpointer  data)
{
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GBytes) patched = NULL;
  g_autoptr(GBytes) truncated = NULL;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_BODY, .data = "nonsense", .size = 8);
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_PATCH, .number = 66, .data = "\x34\x12", .size = 2);
  scripted_rule (f->server, SCRIPTED_ECHO, 3, SCRIPTED_TRUNCATE, .number = 30);
  body = raw_echo (f);
  g_assert_cmpuint (g_bytes_get_size (body), ==, 72);
  raw_assert_data (body, 64, "nonsense", 8);
  patched = raw_echo (f);
  g_assert_cmphex (raw_u32 (patched, 64), ==, 0x12340004);
  truncated = raw_echo (f);
  g_assert_cmpuint (g_bytes_get_size (truncated), ==, 30);
}

static void
test_credits (RawFixture    *f,
              gconstpointer  data)
{
  const gint64 grants[] = { 0, 700, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (grants); i++)
    {
      g_autoptr(GBytes) reply = NULL;

      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_CREDITS, .number = grants[i]);
      reply = raw_echo (f);
      g_assert_cmpuint (raw_credits (reply), ==, grants[i]);
    }
}

static void
assert_break (RawFixture *f)
{
  g_autoptr(GBytes) notification = raw_client_receive (f->client);

  g_assert_cmpuint (raw_u16 (notification, 12), ==, SCRIPTED_OPLOCK_BREAK);
  g_assert_cmpuint (raw_message_id (notification), ==, G_MAXUINT64);
}

static void
test_unsolicited (RawFixture    *f,
                  gconstpointer  data)
{
  g_autoptr(GBytes) raw = NULL;
  g_autoptr(GBytes) more = NULL;
  guint64           id;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_BREAK);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_FIRST_SEND, .data = "hello", .size = 5);
  id = raw_send_echo (f);
  assert_break (f);
  raw = raw_client_receive (f->client);
  raw_assert_data (raw, 0, "hello", 5);
  raw_assert_answered (f, id, SMB_STATUS_SUCCESS);

  scripted_server_send_break (f->server);
  assert_break (f);
  scripted_server_send (f->server, "x", 1);
  more = raw_client_receive (f->client);
  raw_assert_data (more, 0, "x", 1);
}

/* What is open on the server's side */
static void
test_open (RawFixture    *f,
           gconstpointer  data)
{
  guint64 other;

  scripted_server_wait_open (f->server, 1);
  other = raw_client_create (f->client, "folder");
  g_assert_cmpuint (other, !=, f->file);
  scripted_server_wait_open (f->server, 2);
}

static void
test_hang_up (RawFixture    *f,
              gconstpointer  data)
{
  scripted_server_hang_up (f->server);
  raw_assert_hung_up (f);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
}

/* Two ECHOs in a frame. */
static void
send_pair (RawFixture *f)
{
  guint8 frame[72 + 68] = { 0 };

  for (guint i = 0; i < 2; i++)
    {
      guint8 *message = frame + 72 * i;
      guint64 id = GUINT64_TO_LE (f->client->message_id++);
      guint64 session_id = GUINT64_TO_LE (f->client->session_id);

      memcpy (message, "\xfeSMB\x40", 5);
      message[12] = SCRIPTED_ECHO;
      message[14] = 1;
      message[20] = i == 0 ? 72 : 0;
      memcpy (message + 24, &id, sizeof id);
      memcpy (message + 40, &session_id, sizeof session_id);
      memcpy (message + 64, ECHO_BODY, 4);
    }
  raw_client_send_bytes (f->client, frame, sizeof frame);
}

static void
test_compound (RawFixture    *f,
               gconstpointer  data)
{
  g_autoptr(GBytes) together = NULL;
  g_autoptr(GBytes) first = NULL;
  g_autoptr(GBytes) second = NULL;

  send_pair (f);
  together = raw_client_receive (f->client);
  g_assert_cmpuint (g_bytes_get_size (together), ==, 72 + 68);
  g_assert_cmpuint (raw_u32 (together, 20), ==, 72);
  g_assert_cmpuint (raw_u64 (together, 72 + 24), ==, f->client->message_id - 1);
  g_assert_cmpuint (scripted_server_get_record (f->server, SCRIPTED_ECHO, 1)->position, ==, 1);
  g_assert_cmpuint (scripted_server_get_record (f->server, SCRIPTED_ECHO, 1)->in_flight, ==, 2);

  scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_SPLIT);
  send_pair (f);
  first = raw_client_receive (f->client);
  g_assert_cmpuint (g_bytes_get_size (first), ==, 68);
  second = raw_client_receive (f->client);
  g_assert_cmpuint (raw_message_id (second), ==, raw_message_id (first) + 1);
}

static void
test_bad_message_id (RawFixture    *f,
                     gconstpointer  data)
{
  f->client->message_id--;
  raw_send_echo (f);
  raw_assert_hung_up (f);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->bad_message_id);
}

#define ADD(name, func, data)                                                                       \
  g_test_add ("/scripted-server/" name, RawFixture, GUINT_TO_POINTER (data), raw_fixture_set_up, func, \
              raw_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("read", test_read, 0);
  ADD ("drop", test_drop, 0);
  ADD ("drop-after", test_drop_after, 0);
  ADD ("cut", test_cut, 0);
  ADD ("stall", test_stall, 0);
  ADD ("length", test_length, 0);
  ADD ("garble", test_garble, 0);
  ADD ("duplicate", test_duplicate, 0);
  ADD ("message-id", test_message_id, 0);
  ADD ("freeze", test_freeze, 0);
  ADD ("freeze-connection", test_freeze_connection, 0);
  ADD ("hold", test_hold, 0);
  ADD ("pending", test_pending, 0);
  ADD ("cancel", test_cancel, 0);
  ADD ("status", test_status, 0);
  ADD ("falsified", test_falsified, 0);
  ADD ("credits", test_credits, 0);
  ADD ("unsolicited", test_unsolicited, 0);
  ADD ("open", test_open, 0);
  ADD ("hang-up", test_hang_up, 0);
  ADD ("compound", test_compound, 0);
  ADD ("bad-message-id", test_bad_message_id, 0);

  return g_test_run ();
}
