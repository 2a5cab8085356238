/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "raw-fixture.h"
#include "wire/smb-ntstatus.h"

/* What the server does about NEGOTIATE, sessions, signatures and sealing when it is told to. */

/* A second client, on a dialect of its own. */
static void
reconnect (RawFixture    *f,
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
log_in_as_alice (RawFixture *f,
                 guint16     dialect)
{
  g_autoptr(GBytes) reply = NULL;

  reconnect (f, &dialect, 1);
  reply = raw_client_log_in (f->client, "alice", "wonderland");
  g_assert_cmphex (raw_status (reply), ==, SMB_STATUS_SUCCESS);
  g_assert_cmphex (raw_flags (reply), ==, 0x9);
  g_assert_nonnull (f->client->mac);
}

static void
test_wrong_password (RawFixture    *f,
                     gconstpointer  data)
{
  const guint16     dialect = 0x0202;
  g_autoptr(GBytes) reply = NULL;

  reconnect (f, &dialect, 1);
  reply = raw_client_log_in (f->client, "alice", "looking-glass");
  g_assert_cmphex (raw_status (reply), ==, SMB_STATUS_LOGON_FAILURE);
}

static void
test_undercharged (RawFixture    *f,
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
test_signatures (RawFixture    *f,
                 gconstpointer  data)
{
  static const guint8 zeros[16];
  g_autoptr(GBytes)   good = NULL;
  g_autoptr(GBytes)   none = NULL;
  g_autoptr(GBytes)   bad = NULL;
  g_autoptr(GBytes)   echoed = NULL;
  g_autoptr(GBytes)   other = NULL;
  GBytes             *request;

  log_in_as_alice (f, GPOINTER_TO_UINT (data));
  g_clear_pointer (&f->client->sealer, smb_aead_free);
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_UNSIGNED);
  scripted_rule (f->server, SCRIPTED_ECHO, 3, SCRIPTED_BAD_SIGNATURE);
  scripted_rule (f->server, SCRIPTED_ECHO, 4, SCRIPTED_ECHO_SIGNATURE);
  scripted_rule (f->server, SCRIPTED_ECHO, 5, SCRIPTED_OTHER_KEY);
  good = raw_echo (f);
  g_assert_true (is_rightly_signed (f->client, good));
  none = raw_echo (f);
  g_assert_cmphex (raw_flags (none), ==, 1);
  raw_assert_data (none, 48, (const char *) zeros, 16);
  bad = raw_echo (f);
  g_assert_cmphex (raw_flags (bad), ==, 9);
  g_assert_false (is_rightly_signed (f->client, bad));
  echoed = raw_echo (f);
  request = scripted_server_get_record (f->server, SCRIPTED_ECHO, 3)->message;
  raw_assert_data (echoed, 48, (const char *) g_bytes_get_data (request, NULL) + 48, 16);
  other = raw_echo (f);
  g_assert_cmphex (raw_flags (other), ==, 9);
  g_assert_false (is_rightly_signed (f->client, other));
  scripted_server_assert_polite (f->server);
}

static void
test_signed_unasked (RawFixture    *f,
                     gconstpointer  data)
{
  g_autoptr(SmbMac) mac = NULL;
  g_autoptr(GBytes) plain = NULL;
  g_autoptr(GBytes) reply = NULL;

  log_in_as_alice (f, 0x0202);
  mac = g_steal_pointer (&f->client->mac);
  plain = raw_echo (f);
  g_assert_cmphex (raw_flags (plain), ==, 1);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_SIGNED);
  reply = raw_echo (f);
  f->client->mac = g_steal_pointer (&mac);
  g_assert_true (is_rightly_signed (f->client, reply));
}

static void
test_wrongly_signed_request (RawFixture    *f,
                             gconstpointer  data)
{
  g_autoptr(GBytes) reply = NULL;

  log_in_as_alice (f, 0x0202);
  smb_mac_free (f->client->mac);
  f->client->mac = smb_mac_new (SMB_MAC_HMAC_SHA256, (const guint8 *) "0123456789abcdef", 16);
  reply = raw_echo (f);
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
test_sealing (RawFixture    *f,
              gconstpointer  data)
{
  g_autoptr(SmbAead) sealer = NULL;
  g_autoptr(GBytes)  sealed = NULL;
  g_autoptr(GBytes)  in_clear = NULL;
  g_autoptr(GBytes)  pending = NULL;
  g_autoptr(GBytes)  final = NULL;
  g_autoptr(GBytes)  unasked = NULL;

  log_in_as_alice (f, 0x0300);
  sealed = raw_echo (f);
  assert_sealed (f->client, sealed);
  g_assert_true (scripted_server_get_record (f->server, SCRIPTED_ECHO, 0)->is_sealed);

  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_IN_CLEAR);
  scripted_rule (f->server, SCRIPTED_ECHO, 2, SCRIPTED_PENDING);
  scripted_rule (f->server, SCRIPTED_ECHO, 3, SCRIPTED_SEALED);
  in_clear = raw_echo (f);
  g_assert_cmphex (raw_flags (in_clear), ==, 1);
  pending = raw_echo (f);
  g_assert_cmpuint (g_bytes_get_size (pending), ==, 52 + 64 + 9);
  final = raw_client_receive (f->client);
  assert_sealed (f->client, final);
  sealer = g_steal_pointer (&f->client->sealer);
  unasked = raw_echo (f);
  assert_sealed (f->client, unasked);
}

/* NEGOTIATE */

static GBytes *
negotiate (RawFixture *f,
           guint16     oldest,
           guint16     newest)
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
test_contexts (RawFixture    *f,
               gconstpointer  data)
{
  g_autoptr(GBytes) reply = negotiate (f, 0x0202, 0x0311);
  g_autoptr(GBytes) context = NULL;

  g_assert_cmphex (raw_u16 (reply, 68), ==, 0x0311);
  g_assert_cmpuint (find_context (reply, 1, &context), ==, 1);
  raw_assert_data (context, 0, "\1\0\40\0\1\0", 6);
  g_assert_cmpuint (find_context (reply, 2, &context), ==, 1);
  raw_assert_data (context, 0, "\1\0\2\0", 4);
  g_assert_cmpuint (find_context (reply, 8, &context), ==, 1);
  raw_assert_data (context, 0, "\1\0\2\0", 4);
}

static void
test_odd_contexts (RawFixture    *f,
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
  raw_assert_data (context, 0, "\1\0\3\0", 4);
  g_assert_cmpuint (find_context (reply, 0x1234, &context), ==, 1);
}

static void
test_downgrade (RawFixture    *f,
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
validate (RawFixture *f,
          guint8      security_mode,
          guint16     dialect)
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
test_validate (RawFixture    *f,
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
negotiate_smb1 (RawFixture *f,
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
test_multi_protocol (RawFixture    *f,
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
  raw_assert_data (smb1, 0, "\xffSMB\x72", 5);
  g_assert_cmpuint (raw_u16 (smb1, 33), ==, 0);
  g_assert_null (negotiate (f, 0x0202, 0x0311));
}

#define ADD(name, func, data)                                                                       \
  g_test_add ("/scripted-session/" name, RawFixture, GUINT_TO_POINTER (data), raw_fixture_set_up, func, \
              raw_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

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

  return g_test_run ();
}
