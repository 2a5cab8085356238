/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "raw-client.h"
#include "wire/smb-ntstatus.h"

/* What the server does when it is told to. That it behaves well otherwise, other clients show
 * (test-scripted-smbclient.c). */

typedef struct
{
  ScriptedServer *server;
  RawClient      *client; /* logged in without a name, with a file open */
  guint64         file;
} Fixture;

#define ECHO_BODY "\4\0\0\0"

static void
fixture_set_up (Fixture       *f,
                gconstpointer  data)
{
  const guint16     dialect = 0x0202;
  g_autoptr(GBytes) negotiated = NULL;
  g_autoptr(GBytes) set_up = NULL;

  f->server = scripted_server_new ();
  scripted_server_add_file (f->server, "folder\\file", "Curiouser and curiouser!", 24);
  f->client = raw_client_new (f->server);
  negotiated = raw_client_negotiate (f->client, &dialect, 1);
  set_up = raw_client_log_in (f->client, NULL, NULL);
  g_assert_cmphex (raw_status (set_up), ==, SMB_STATUS_SUCCESS);
  raw_client_use_share (f->client);
  f->file = raw_client_create (f->client, "folder\\file");
}

static void
fixture_tear_down (Fixture       *f,
                   gconstpointer  data)
{
  g_clear_pointer (&f->client, raw_client_free);
  scripted_server_free (f->server);
}

static GBytes *
echo (Fixture *f)
{
  return raw_client_call (f->client, SCRIPTED_ECHO, ECHO_BODY, 4);
}

static guint64
send_echo (Fixture *f)
{
  return raw_client_send (f->client, SCRIPTED_ECHO, ECHO_BODY, 4);
}

static void
assert_echo_works (Fixture *f)
{
  g_autoptr(GBytes) reply = echo (f);

  g_assert_nonnull (reply);
  g_assert_cmphex (raw_status (reply), ==, SMB_STATUS_SUCCESS);
  g_assert_cmpuint (raw_message_id (reply), ==, f->client->message_id - 1);
}

/* The next frame answers @id with @status. */
static GBytes *
expect (Fixture *f,
        guint64  id,
        guint32  status)
{
  GBytes *reply = raw_client_receive (f->client);

  g_assert_nonnull (reply);
  g_assert_cmpuint (raw_message_id (reply), ==, id);
  g_assert_cmphex (raw_status (reply), ==, status);
  return reply;
}

static void
assert_answered (Fixture *f,
                 guint64  id,
                 guint32  status)
{
  g_autoptr(GBytes) reply = expect (f, id, status);
}

static void
assert_hung_up (Fixture *f)
{
  g_autoptr(GBytes) reply = raw_client_receive (f->client);

  g_assert_null (reply);
}

static void
assert_data (GBytes     *message,
             gsize       offset,
             const char *data,
             gsize       size)
{
  gsize       whole;
  const char *bytes = g_bytes_get_data (message, &whole);

  g_assert_cmpuint (offset + size, <=, whole);
  g_assert_cmpmem (bytes + offset, size, data, size);
}

static void
test_read (Fixture       *f,
           gconstpointer  data)
{
  guint64           id = raw_client_send_read (f->client, f->file);
  g_autoptr(GBytes) reply = expect (f, id, SMB_STATUS_SUCCESS);

  g_assert_cmpuint (raw_u32 (reply, 64 + 4), ==, 16);
  assert_data (reply, 64 + 16, "Curiouser and cu", 16);
}

static void
test_drop (Fixture       *f,
           gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_DROP);
  assert_echo_works (f);
  send_echo (f);
  assert_hung_up (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_ECHO), ==, 2);
}

static void
test_drop_after (Fixture       *f,
                 gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_DROP_AFTER);
  assert_echo_works (f);
  assert_hung_up (f);
}

static void
test_cut (Fixture       *f,
          gconstpointer  data)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (f->client->stream));
  guint8        buffer[100];
  gsize         got;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_CUT, .number = 71);
  send_echo (f);
  g_assert_true (g_input_stream_read_all (input, buffer, sizeof buffer, &got, NULL, NULL));
  g_assert_cmpuint (got, ==, 71);
  g_assert_cmpmem (buffer, 5, "\0\0\0\x44\xfe", 5);
}

static void
test_length (Fixture       *f,
             gconstpointer  data)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (f->client->stream));
  guint8        buffer[4 + 68];
  gsize         got;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_LENGTH, .number = 0xFEDCBA);
  send_echo (f);
  g_assert_true (g_input_stream_read_all (input, buffer, sizeof buffer, &got, NULL, NULL));
  g_assert_cmpmem (buffer, 5, "\0\xfe\xdc\xba\xfe", 5);
}

static void
test_garble (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GBytes) reply = NULL;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_GARBLE, .number = 64);
  reply = echo (f);
  g_assert_cmphex (raw_u16 (reply, 64), ==, 4 ^ 0xFF);
  assert_echo_works (f);
}

static void
test_duplicate (Fixture       *f,
                gconstpointer  data)
{
  guint64 id;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_DUPLICATE);
  id = send_echo (f);
  assert_answered (f, id, SMB_STATUS_SUCCESS);
  assert_answered (f, id, SMB_STATUS_SUCCESS);
  assert_echo_works (f);
}

static void
test_message_id (Fixture       *f,
                 gconstpointer  data)
{
  guint64 id;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_MESSAGE_ID, .number = 1000);
  id = send_echo (f);
  assert_answered (f, id + 1000, SMB_STATUS_SUCCESS);
}

static void
test_freeze (Fixture       *f,
             gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_FREEZE);
  raw_client_send_read (f->client, f->file);
  raw_client_send_read (f->client, f->file);
  assert_echo_works (f);
  g_assert_cmpuint (scripted_server_get_most_in_flight (f->server), ==, 3);
  scripted_server_clear_rules (f->server);
  test_read (f, NULL);
}

static void
test_freeze_connection (Fixture       *f,
                        gconstpointer  data)
{
  guint64 id;

  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_FREEZE_CONNECTION);
  raw_client_send_read (f->client, f->file);
  scripted_server_wait (f->server, SCRIPTED_READ, 1);
  id = send_echo (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_ECHO), ==, 0);
  scripted_server_thaw (f->server);
  assert_answered (f, id, SMB_STATUS_SUCCESS);
}

static void
test_hold (Fixture       *f,
           gconstpointer  data)
{
  guint64 ids[3];

  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < 3; i++)
    ids[i] = raw_client_send_read (f->client, f->file);
  scripted_server_wait_held (f->server, 3);
  assert_echo_works (f);
  scripted_server_release (f->server, 1);
  assert_answered (f, ids[1], SMB_STATUS_SUCCESS);
  scripted_server_release_all (f->server);
  assert_answered (f, ids[0], SMB_STATUS_SUCCESS);
  assert_answered (f, ids[2], SMB_STATUS_SUCCESS);
  test_read (f, NULL);
}

static void
test_pending (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GBytes) first = NULL;
  g_autoptr(GBytes) second = NULL;
  g_autoptr(GBytes) final = NULL;
  guint64           id;

  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_PENDING, .number = 2);
  id = raw_client_send_read (f->client, f->file);
  first = expect (f, id, SMB_STATUS_PENDING);
  second = expect (f, id, SMB_STATUS_PENDING);
  final = expect (f, id, SMB_STATUS_SUCCESS);

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
test_cancel (Fixture       *f,
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
  assert_answered (f, id, SMB_STATUS_CANCELLED);
  g_assert_cmpuint (scripted_server_count_held (f->server), ==, 0);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CANCEL), ==, 1);
  scripted_server_assert_polite (f->server);
}

static void
test_status (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GBytes) reply = NULL;
  guint64           id;

  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_STATUS, .number = SMB_STATUS_NETWORK_NAME_DELETED);
  scripted_rule (f->server, SCRIPTED_READ, 2, SCRIPTED_STATUS, .number = SMB_STATUS_STOPPED_ON_SYMLINK,
                 .data = "abcd", .size = 4);
  id = raw_client_send_read (f->client, f->file);
  assert_answered (f, id, SMB_STATUS_NETWORK_NAME_DELETED);
  id = raw_client_send_read (f->client, f->file);
  reply = expect (f, id, SMB_STATUS_STOPPED_ON_SYMLINK);
  assert_data (reply, 64, "\11\0\0\0\4\0\0\0abcd", 12);
  test_read (f, NULL);
}

static void
test_falsified (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GBytes) patched = NULL;
  g_autoptr(GBytes) truncated = NULL;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_BODY, .data = "nonsense", .size = 8);
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_PATCH, .number = 66, .data = "\x34\x12", .size = 2);
  scripted_rule (f->server, SCRIPTED_ECHO, 3, SCRIPTED_TRUNCATE, .number = 30);
  body = echo (f);
  g_assert_cmpuint (g_bytes_get_size (body), ==, 72);
  assert_data (body, 64, "nonsense", 8);
  patched = echo (f);
  g_assert_cmphex (raw_u32 (patched, 64), ==, 0x12340004);
  truncated = echo (f);
  g_assert_cmpuint (g_bytes_get_size (truncated), ==, 30);
}

static void
test_credits (Fixture       *f,
              gconstpointer  data)
{
  const gint64 grants[] = { 0, 700, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (grants); i++)
    {
      g_autoptr(GBytes) reply = NULL;

      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_CREDITS, .number = grants[i]);
      reply = echo (f);
      g_assert_cmpuint (raw_credits (reply), ==, grants[i]);
    }
}

static void
assert_break (Fixture *f)
{
  g_autoptr(GBytes) notification = raw_client_receive (f->client);

  g_assert_cmpuint (raw_u16 (notification, 12), ==, SCRIPTED_OPLOCK_BREAK);
  g_assert_cmpuint (raw_message_id (notification), ==, G_MAXUINT64);
}

static void
test_unsolicited (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GBytes) raw = NULL;
  g_autoptr(GBytes) more = NULL;
  guint64           id;

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_BREAK);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_FIRST_SEND, .data = "hello", .size = 5);
  id = send_echo (f);
  assert_break (f);
  raw = raw_client_receive (f->client);
  assert_data (raw, 0, "hello", 5);
  assert_answered (f, id, SMB_STATUS_SUCCESS);

  scripted_server_send_break (f->server);
  assert_break (f);
  scripted_server_send (f->server, "x", 1);
  more = raw_client_receive (f->client);
  assert_data (more, 0, "x", 1);
}

static void
test_hang_up (Fixture       *f,
              gconstpointer  data)
{
  scripted_server_hang_up (f->server);
  assert_hung_up (f);
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 1);
}

/* Two ECHOs in a frame. */
static void
send_pair (Fixture *f)
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
test_compound (Fixture       *f,
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
test_bad_message_id (Fixture       *f,
                     gconstpointer  data)
{
  f->client->message_id--;
  send_echo (f);
  assert_hung_up (f);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->bad_message_id);
}

/* A second client, on a dialect of its own. */
static void
reconnect (Fixture       *f,
           const guint16 *dialects,
           gsize          n_dialects)
{
  g_autoptr(GBytes) reply = NULL;

  raw_client_free (f->client);
  f->client = raw_client_new (f->server);
  reply = raw_client_negotiate (f->client, dialects, n_dialects);
  g_assert_nonnull (reply);
}

static void
log_in_as_alice (Fixture *f,
                 guint16  dialect)
{
  g_autoptr(GBytes) reply = NULL;

  reconnect (f, &dialect, 1);
  reply = raw_client_log_in (f->client, "alice", "wonderland");
  g_assert_cmphex (raw_status (reply), ==, SMB_STATUS_SUCCESS);
  g_assert_cmphex (raw_flags (reply), ==, 0x9);
  g_assert_nonnull (f->client->mac);
}

static void
test_wrong_password (Fixture       *f,
                     gconstpointer  data)
{
  const guint16     dialect = 0x0202;
  g_autoptr(GBytes) reply = NULL;

  reconnect (f, &dialect, 1);
  reply = raw_client_log_in (f->client, "alice", "looking-glass");
  g_assert_cmphex (raw_status (reply), ==, SMB_STATUS_LOGON_FAILURE);
}

static void
test_undercharged (Fixture       *f,
                   gconstpointer  data)
{
  const guint16     dialect = 0x0210;
  guint8            body[49] = { 49, 0, 0, 0, 1, 0, 1, 0 }; /* Length 0x10001 */
  g_autoptr(GBytes) set_up = NULL;
  g_autoptr(GBytes) reply = NULL;

  reconnect (f, &dialect, 1);
  set_up = raw_client_log_in (f->client, NULL, NULL);
  raw_client_use_share (f->client);
  f->client->charge = 1;
  reply = raw_client_call (f->client, SCRIPTED_READ, body, sizeof body);
  g_assert_cmphex (raw_status (reply), ==, SMB_STATUS_INVALID_PARAMETER);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_READ, 0)->undercharged);
}

static gboolean
is_rightly_signed (RawClient *client,
                   GBytes    *message)
{
  gsize              size;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (message, &size), g_bytes_get_size (message));
  GOutputVector      vector = { copy, size };
  guint8             tag[SMB_MAC_TAG_SIZE];

  memcpy (tag, copy + 48, sizeof tag);
  memset (copy + 48, 0, sizeof tag);
  return (raw_flags (message) & 8) != 0 && smb_mac_verify (client->mac, NULL, &vector, 1, tag);
}

/* Each of the ways in which a reply can fail to be signed. */
static void
test_signatures (Fixture       *f,
                 gconstpointer  data)
{
  static const guint8 zeros[16];
  g_autoptr(GBytes)   good = NULL;
  g_autoptr(GBytes)   none = NULL;
  g_autoptr(GBytes)   bad = NULL;
  g_autoptr(GBytes)   echoed = NULL;
  GBytes             *request;

  log_in_as_alice (f, GPOINTER_TO_UINT (data));
  g_clear_pointer (&f->client->sealer, smb_aead_free);
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_UNSIGNED);
  scripted_rule (f->server, SCRIPTED_ECHO, 3, SCRIPTED_BAD_SIGNATURE);
  scripted_rule (f->server, SCRIPTED_ECHO, 4, SCRIPTED_ECHO_SIGNATURE);
  good = echo (f);
  g_assert_true (is_rightly_signed (f->client, good));
  none = echo (f);
  g_assert_cmphex (raw_flags (none), ==, 1);
  assert_data (none, 48, (const char *) zeros, 16);
  bad = echo (f);
  g_assert_cmphex (raw_flags (bad), ==, 9);
  g_assert_false (is_rightly_signed (f->client, bad));
  echoed = echo (f);
  request = scripted_server_get_record (f->server, SCRIPTED_ECHO, 3)->message;
  assert_data (echoed, 48, (const char *) g_bytes_get_data (request, NULL) + 48, 16);
  scripted_server_assert_polite (f->server);
}

static void
test_signed_unasked (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(SmbMac) mac = NULL;
  g_autoptr(GBytes) plain = NULL;
  g_autoptr(GBytes) reply = NULL;

  log_in_as_alice (f, 0x0202);
  mac = g_steal_pointer (&f->client->mac);
  plain = echo (f);
  g_assert_cmphex (raw_flags (plain), ==, 1);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_SIGNED);
  reply = echo (f);
  f->client->mac = g_steal_pointer (&mac);
  g_assert_true (is_rightly_signed (f->client, reply));
}

static void
test_wrongly_signed_request (Fixture       *f,
                             gconstpointer  data)
{
  g_autoptr(GBytes) reply = NULL;

  log_in_as_alice (f, 0x0202);
  smb_mac_free (f->client->mac);
  f->client->mac = smb_mac_new (SMB_MAC_HMAC_SHA256, (const guint8 *) "0123456789abcdef", 16);
  reply = echo (f);
  g_assert_cmphex (raw_status (reply), ==, SMB_STATUS_ACCESS_DENIED);
  g_assert_false (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->is_verified);
}

/* Opens a sealed answer to an ECHO and looks at it. */
static void
assert_sealed (RawClient *client,
               GBytes    *frame)
{
  gsize              size;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (frame, &size), g_bytes_get_size (frame));
  GInputVector       vector = { copy + 52, size - 52 };

  g_assert_cmpuint (size, ==, 52 + 68);
  g_assert_cmpmem (copy, 4, "\xfdSMB", 4);
  g_assert_true (smb_aead_open (client->opener, copy + 20, copy + 20, 32, &vector, 1, copy + 4));
  g_assert_cmpmem (copy + 52, 4, "\xfeSMB", 4);
}

static void
test_sealing (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(SmbAead) sealer = NULL;
  g_autoptr(GBytes)  sealed = NULL;
  g_autoptr(GBytes)  in_clear = NULL;
  g_autoptr(GBytes)  pending = NULL;
  g_autoptr(GBytes)  final = NULL;
  g_autoptr(GBytes)  unasked = NULL;

  log_in_as_alice (f, 0x0300);
  sealed = echo (f);
  assert_sealed (f->client, sealed);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->is_sealed);

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_IN_CLEAR);
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_PENDING);
  scripted_rule (f->server, SCRIPTED_ECHO, 3, SCRIPTED_SEALED);
  in_clear = echo (f);
  g_assert_cmphex (raw_flags (in_clear), ==, 1);
  pending = echo (f);
  g_assert_cmpuint (g_bytes_get_size (pending), ==, 52 + 64 + 9);
  final = raw_client_receive (f->client);
  assert_sealed (f->client, final);
  sealer = g_steal_pointer (&f->client->sealer);
  unasked = echo (f);
  assert_sealed (f->client, unasked);
}

/* NEGOTIATE */

static GBytes *
negotiate (Fixture *f,
           guint16  oldest,
           guint16  newest)
{
  const guint16 dialects[] = { oldest, newest };

  g_clear_pointer (&f->client, raw_client_free);
  f->client = raw_client_new (f->server);
  return raw_client_negotiate (f->client, dialects, 2);
}

/* Reads them as a careful client does. Returns how many of @type there are, and the last one's data. */
static guint
find_context (GBytes   *reply,
              guint16   type,
              GBytes  **found)
{
  gsize at = raw_u32 (reply, 64 + 60);
  guint count = 0;

  for (guint i = 0; i < raw_u16 (reply, 64 + 6); i++)
    {
      guint16 size = raw_u16 (reply, at + 2);

      g_assert_cmpuint (at % 8, ==, 0);
      g_assert_cmpuint (at + 8 + size, <=, g_bytes_get_size (reply));
      if (raw_u16 (reply, at) == type)
        {
          g_clear_pointer (found, g_bytes_unref);
          *found = g_bytes_new_from_bytes (reply, at + 8, size);
          count++;
        }
      at = (at + 8 + size + 7) / 8 * 8;
    }
  return count;
}

static void
test_contexts (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GBytes) reply = negotiate (f, 0x0202, 0x0311);
  g_autoptr(GBytes) context = NULL;

  g_assert_cmphex (raw_u16 (reply, 68), ==, 0x0311);
  g_assert_cmpuint (find_context (reply, 1, &context), ==, 1);
  assert_data (context, 0, "\1\0\40\0\1\0", 6);
  g_assert_cmpuint (find_context (reply, 2, &context), ==, 1);
  assert_data (context, 0, "\1\0\2\0", 4);
  g_assert_cmpuint (find_context (reply, 8, &context), ==, 1);
  assert_data (context, 0, "\1\0\2\0", 4);
}

static void
test_odd_contexts (Fixture       *f,
                   gconstpointer  data)
{
  ScriptedConfig   *config = scripted_server_get_config (f->server);
  g_autoptr(GBytes) reply = NULL;
  g_autoptr(GBytes) context = NULL;

  config->no_preauth_context = TRUE;
  config->cipher = 1;
  config->signing_algorithm = SCRIPTED_NONE;
  config->extra_contexts[0] = (ScriptedContext) { 2, "\1\0\3\0", 4 };
  config->extra_contexts[1] = (ScriptedContext) { 0x1234, "unknown", 7 };
  reply = negotiate (f, 0x0300, 0x0311);
  g_assert_cmpuint (find_context (reply, 1, &context), ==, 0);
  g_assert_cmpuint (find_context (reply, 8, &context), ==, 0);
  g_assert_cmpuint (find_context (reply, 2, &context), ==, 2);
  assert_data (context, 0, "\1\0\3\0", 4);
  g_assert_cmpuint (find_context (reply, 0x1234, &context), ==, 1);
}

static void
test_downgrade (Fixture       *f,
                gconstpointer  data)
{
  static const struct
  {
    guint16 server, oldest, newest, chosen;
  } cases[] = {
    { 0x0302, 0x0202, 0x0311, 0x0202 },
    { 0x0302, 0x0302, 0x0311, 0x0302 },
    { 0x0202, 0x0300, 0x0311, 0x0202 },
    { 0x0311, 0x0202, 0x0210, 0x0210 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) reply = NULL;

      scripted_server_get_config (f->server)->dialect = cases[i].server;
      reply = negotiate (f, cases[i].oldest, cases[i].newest);
      g_assert_cmphex (raw_u16 (reply, 68), ==, cases[i].chosen);
    }
}

/* VALIDATE_NEGOTIATE_INFO with what raw_client_negotiate() said, of one dialect. */
static GBytes *
validate (Fixture *f,
          guint8   security_mode,
          guint16  dialect)
{
  guint8 body[56 + 26] = { 57, 0, 0, 0, 4, 2, 0x14 }; /* CtlCode */

  body[24] = 64 + 56; /* InputOffset */
  body[28] = 26;      /* InputCount */
  body[44] = 24;      /* MaxOutputResponse */
  body[56] = 0x44;
  memcpy (body + 60, "0123456789abcdef", 16);
  body[76] = security_mode;
  body[78] = 1;
  memcpy (body + 80, &dialect, 2);
  return raw_client_call (f->client, SCRIPTED_IOCTL, body, sizeof body);
}

static void
test_validate (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GBytes) honest = NULL;
  g_autoptr(GBytes) other = NULL;

  log_in_as_alice (f, 0x0300);
  g_clear_pointer (&f->client->sealer, smb_aead_free);
  raw_client_use_share (f->client);
  honest = validate (f, 1, 0x0300);
  g_assert_cmphex (raw_status (honest), ==, SMB_STATUS_SUCCESS);
  g_assert_cmphex (raw_u16 (honest, 64 + 48 + 22), ==, 0x0300);

  scripted_server_get_config (f->server)->true_dialect = 0x0311;
  other = validate (f, 1, 0x0300);
  g_assert_cmphex (raw_u16 (other, 64 + 48 + 22), ==, 0x0311);
  g_assert_null (validate (f, 3, 0x0300));
}

static GBytes *
negotiate_smb1 (Fixture    *f,
                const char *dialects,
                gsize       size)
{
  guint8 message[35 + 100] = "\xffSMB\x72";

  message[33] = (guint8) size;
  memcpy (message + 35, dialects, size);
  g_clear_pointer (&f->client, raw_client_free);
  f->client = raw_client_new (f->server);
  raw_client_send_bytes (f->client, message, 35 + size);
  return raw_client_receive (f->client);
}

#define SMB1_DIALECTS "\2NT LM 0.12\0\2SMB 2.002\0\2SMB 2.???"

static void
test_multi_protocol (Fixture       *f,
                     gconstpointer  data)
{
  const guint16     dialect = 0x0311;
  g_autoptr(GBytes) wildcard = negotiate_smb1 (f, SMB1_DIALECTS, sizeof SMB1_DIALECTS);
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GBytes) old = NULL;
  g_autoptr(GBytes) smb1 = NULL;

  g_assert_cmphex (raw_u16 (wildcard, 68), ==, 0x02FF);
  f->client->message_id = 1;
  again = raw_client_negotiate (f->client, &dialect, 1);
  g_assert_cmphex (raw_u16 (again, 68), ==, 0x0311);

  scripted_server_get_config (f->server)->dialect = 0x0202;
  old = negotiate_smb1 (f, SMB1_DIALECTS, sizeof SMB1_DIALECTS);
  g_assert_cmphex (raw_u16 (old, 68), ==, 0x0202);

  scripted_server_get_config (f->server)->only_smb1 = TRUE;
  smb1 = negotiate_smb1 (f, SMB1_DIALECTS, sizeof SMB1_DIALECTS);
  assert_data (smb1, 0, "\xffSMB\x72", 5);
  g_assert_cmpuint (raw_u16 (smb1, 33), ==, 0);
  g_assert_null (negotiate (f, 0x0202, 0x0311));
}

#define ADD(name, func, data) \
  g_test_add ("/scripted-server/" name, Fixture, GUINT_TO_POINTER (data), fixture_set_up, func, fixture_tear_down)

static void
add_tests_of_frames (void)
{
  ADD ("read", test_read, 0);
  ADD ("drop", test_drop, 0);
  ADD ("drop-after", test_drop_after, 0);
  ADD ("cut", test_cut, 0);
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
  ADD ("hang-up", test_hang_up, 0);
  ADD ("compound", test_compound, 0);
  ADD ("bad-message-id", test_bad_message_id, 0);
}

static void
add_tests_of_sessions (void)
{
  ADD ("wrong-password", test_wrong_password, 0);
  ADD ("undercharged", test_undercharged, 0);
  ADD ("signatures/2.0.2", test_signatures, 0x0202);
  ADD ("signatures/3.0", test_signatures, 0x0300);
  ADD ("signed-unasked", test_signed_unasked, 0);
  ADD ("wrongly-signed-request", test_wrongly_signed_request, 0);
  ADD ("sealing", test_sealing, 0);
  ADD ("contexts", test_contexts, 0);
  ADD ("odd-contexts", test_odd_contexts, 0);
  ADD ("downgrade", test_downgrade, 0);
  ADD ("validate", test_validate, 0);
  ADD ("multi-protocol", test_multi_protocol, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_tests_of_frames ();
  add_tests_of_sessions ();

  return g_test_run ();
}
