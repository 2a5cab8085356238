/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-received.h"

static const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };

static void
make_interim (Fixture *f,
              gsize    offset,
              guint64  async_id)
{
  guint8 *header = f->bytes->data + offset;

  smb_smb2_set_u32 (header, 8, SMB_STATUS_PENDING);
  smb_smb2_set_u32 (header, SMB_SMB2_HEADER_FLAGS, SMB_SMB2_FLAG_RESPONSE | SMB_SMB2_FLAG_ASYNC);
  smb_smb2_set_u64 (header, 32, async_id);
}

static void
test_interim (Fixture       *f,
              gconstpointer  data)
{
  guint64 id = echo (f, SMB_PROTECTION_SIGNED);
  guint8 *header;

  append_error (f, SMB_COMMAND_ECHO, id, SMB_STATUS_PENDING);
  assert_refused (f, SMB_ERROR_PROTOCOL); /* without ASYNC */

  make_interim (f, 0, 0x1122334455667788);
  assert_parsed (f, 1);
  g_assert_cmpint (get_item (f, 0)->kind, ==, SMB_ITEM_INTERIM);
  g_assert_cmpuint (get_item (f, 0)->key, ==, id);
  g_assert_cmphex (get_item (f, 0)->async_id, ==, 0x1122334455667788);
  g_assert_cmpint (get_item (f, 0)->protection, ==, SMB_PROTECTION_NONE);
  g_assert_cmpint (get_item (f, 0)->tolerated, ==, SMB_PROTECTION_SEALED);
  assert_refused (f, SMB_ERROR_PROTOCOL); /* twice */

  header = f->bytes->data;
  smb_smb2_set_u32 (header, 8, SMB_STATUS_CANCELLED);
  peer_sign (&f->peer, f->bytes, 0, f->bytes->len);
  assert_parsed (f, 1);
  g_assert_cmpint (get_item (f, 0)->kind, ==, SMB_ITEM_REPLY);
  g_assert_cmpint (get_item (f, 0)->protection, ==, SMB_PROTECTION_SIGNED);
}

/* It is not verified, even if it claims to be signed ([MS-SMB2] 3.2.5.1.3). */
static void
test_interim_signed (Fixture       *f,
                     gconstpointer  data)
{
  append_error (f, SMB_COMMAND_ECHO, echo (f, SMB_PROTECTION_SIGNED), SMB_STATUS_PENDING);
  make_interim (f, 0, 1);
  smb_smb2_set_u32 (f->bytes->data, SMB_SMB2_HEADER_FLAGS,
                    SMB_SMB2_FLAG_RESPONSE | SMB_SMB2_FLAG_ASYNC | SMB_SMB2_FLAG_SIGNED);
  assert_parsed (f, 1);
  g_assert_cmpint (get_item (f, 0)->kind, ==, SMB_ITEM_INTERIM);
  g_assert_cmpint (get_item (f, 0)->protection, ==, SMB_PROTECTION_NONE);
}

static void
test_unsolicited (Fixture       *f,
                  gconstpointer  data)
{
  static const guint8 body[24] = { 24 };

  peer_append (f->bytes, (SmbCommand) 18, SMB_SMB2_UNSOLICITED_ID, SMB_STATUS_SUCCESS, body, sizeof body);
  smb_smb2_set_u64 (f->bytes->data, SMB_SMB2_HEADER_SESSION_ID, 0);
  assert_parsed (f, 1);
  g_assert_cmpint (get_item (f, 0)->kind, ==, SMB_ITEM_UNSOLICITED);
  g_assert_cmpint (get_item (f, 0)->tolerated, ==, SMB_PROTECTION_SEALED);
  smb_smb2_set_u64 (f->bytes->data, SMB_SMB2_HEADER_SESSION_ID, 1);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

typedef struct
{
  SmbCommand    command;
  guint32       status;
  SmbProtection zero;  /* tolerated with a signature of zeros */
  SmbProtection echo;  /* with that of the request */
  SmbProtection other; /* with one that is neither, and not claimed to be one */
} ToleranceCase;

static const ToleranceCase tolerance_cases[] = {
  { SMB_COMMAND_ECHO, SMB_STATUS_SUCCESS },
  { SMB_COMMAND_ECHO, SMB_STATUS_ACCESS_DENIED },
  { SMB_COMMAND_ECHO, SMB_STATUS_MORE_PROCESSING_REQUIRED },
  { SMB_COMMAND_ECHO, SMB_STATUS_USER_SESSION_DELETED, SMB_PROTECTION_SEALED, SMB_PROTECTION_SEALED,
    SMB_PROTECTION_SEALED },
  { SMB_COMMAND_ECHO, SMB_STATUS_INVALID_PARAMETER, SMB_PROTECTION_SEALED, SMB_PROTECTION_SEALED },
  { SMB_COMMAND_ECHO, SMB_STATUS_NETWORK_NAME_DELETED, SMB_PROTECTION_SIGNED, SMB_PROTECTION_SIGNED },
  { SMB_COMMAND_ECHO, SMB_STATUS_FILE_CLOSED, SMB_PROTECTION_SIGNED, SMB_PROTECTION_SIGNED },
  { SMB_COMMAND_SESSION_SETUP, SMB_STATUS_SUCCESS },
  { SMB_COMMAND_SESSION_SETUP, SMB_STATUS_MORE_PROCESSING_REQUIRED, SMB_PROTECTION_SIGNED,
    SMB_PROTECTION_SIGNED, SMB_PROTECTION_SIGNED },
  { SMB_COMMAND_SESSION_SETUP, SMB_STATUS_LOGON_FAILURE, SMB_PROTECTION_SIGNED, SMB_PROTECTION_SIGNED,
    SMB_PROTECTION_SIGNED },
};

static void
assert_tolerated (Fixture             *f,
                  const ToleranceCase *c,
                  const guint8        *signature, /* NULL: the request's */
                  SmbProtection        expected)
{
  g_autoptr(SmbRequest) request = smb_request_new (c->command);
  g_autoptr(SmbFrame) frame = peer_send (&f->peer, request, SMB_PROTECTION_SIGNED);
  guint64 id = smb_frame_get_message (frame, 0)->key;

  if (signature == NULL)
    signature = smb_smb2_get_header (frame, 0) + SMB_SMB2_HEADER_SIGNATURE;
  g_byte_array_set_size (f->bytes, 0);
  append_error (f, c->command, id, c->status);
  memcpy (f->bytes->data + SMB_SMB2_HEADER_SIGNATURE, signature, SMB_SMB2_SIGNATURE_SIZE);
  assert_parsed (f, 1);
  g_assert_cmpint (get_item (f, 0)->tolerated, ==, expected);
  g_assert_cmpint (get_item (f, 0)->protection, ==, SMB_PROTECTION_NONE);
}

/* The same with the flag that says the signature is one: it must be right where nothing is tolerated. */
static void
assert_wrong_signature (Fixture             *f,
                        const ToleranceCase *c)
{
  guint64 id = peer_send_command (&f->peer, c->command, SMB_PROTECTION_SIGNED);

  g_byte_array_set_size (f->bytes, 0);
  append_error (f, c->command, id, c->status);
  peer_sign (&f->peer, f->bytes, 0, f->bytes->len);
  f->bytes->data[SMB_SMB2_HEADER_SIGNATURE] ^= 1;
  if (c->other == SMB_PROTECTION_NONE)
    {
      assert_refused (f, SMB_ERROR_SECURITY);
      return;
    }
  assert_parsed (f, 1);
  g_assert_cmpint (get_item (f, 0)->protection, ==, SMB_PROTECTION_NONE);
}

static void
test_tolerance (Fixture       *f,
                gconstpointer  data)
{
  static const guint8 zero[SMB_SMB2_SIGNATURE_SIZE];
  static const guint8 other[SMB_SMB2_SIGNATURE_SIZE] = { 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (tolerance_cases); i++)
    {
      const ToleranceCase *c = &tolerance_cases[i];

      assert_tolerated (f, c, zero, c->zero);
      assert_tolerated (f, c, NULL, c->echo);
      assert_tolerated (f, c, other, c->other);
      assert_wrong_signature (f, c);
    }
}

/* Logging in again: the answer is signed with the key there is, which stays. */
static void
test_login_again (Fixture       *f,
                  gconstpointer  data)
{
  SmbSmb2Session *session = smb_smb2_dialect_get_session (SMB_SMB2_DIALECT (f->peer.dialect));
  g_autoptr(GBytes) key = g_bytes_new_static ("quite another key", 16);
  g_autoptr(GError) error = NULL;
  SmbMac *mac = session->mac;
  guint64 id;

  id = peer_send_command (&f->peer, SMB_COMMAND_SESSION_SETUP, SMB_PROTECTION_SIGNED);
  append_error (f, SMB_COMMAND_SESSION_SETUP, id, SMB_STATUS_SUCCESS);
  peer_sign (&f->peer, f->bytes, 0, f->bytes->len);
  assert_parsed (f, 1);
  g_assert_cmpint (get_item (f, 0)->protection, ==, SMB_PROTECTION_SIGNED);
  g_assert_true (smb_dialect_start_session (f->peer.dialect, key, &error));
  g_assert_no_error (error);
  g_assert_true (session->mac == mac);

  id = peer_send_command (&f->peer, SMB_COMMAND_SESSION_SETUP, SMB_PROTECTION_SIGNED);
  smb_smb2_set_u64 (f->bytes->data, SMB_SMB2_HEADER_MESSAGE_ID, id);
  smb_smb2_set_u64 (f->bytes->data, SMB_SMB2_HEADER_SESSION_ID, PEER_SESSION_ID + 1);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

static void
append_read (Fixture    *f,
             guint64     id,
             const char *payload)
{
  guint8 body[16] = { 17, 0, 80, 0, strlen (payload) };

  peer_append (f->bytes, SMB_COMMAND_READ, id, SMB_STATUS_SUCCESS, body, sizeof body);
  g_byte_array_append (f->bytes, (const guint8 *) payload, strlen (payload));
}

static gboolean
peek (Fixture *f,
      gsize    size,
      gsize   *offset,
      gsize   *payload_size)
{
  g_autofree guint8 *copy = g_memdup2 (f->bytes->data, size);
  guint64 key;

  return smb_dialect_peek (f->peer.dialect, copy, size, f->bytes->len, &key, offset, payload_size);
}

/* The payload of a READ, received elsewhere, is verified with the rest. */
static void
test_payload (Fixture       *f,
              gconstpointer  data)
{
  guint64 id = peer_send_read (&f->peer, 100, SMB_PROTECTION_SIGNED);
  g_autofree guint8 *first = NULL;
  g_autofree guint8 *second = NULL;
  g_autoptr(GError) error = NULL;
  SmbReceived received = { 0 };
  const SmbItem *item;

  append_read (f, id, "the payload");
  peer_sign (&f->peer, f->bytes, 0, f->bytes->len);
  g_assert_cmpuint (smb_dialect_get_peek_size (f->peer.dialect), ==, 80);
  g_assert_true (peek (f, 80, &received.size, &received.payload_size));
  g_assert_cmpuint (received.size, ==, 80);
  g_assert_cmpuint (received.payload_size, ==, 11);

  received.bytes = first = g_memdup2 (f->bytes->data, received.size);
  received.payload = second = g_memdup2 (f->bytes->data + received.size, received.payload_size);
  second[3] ^= 1;
  g_assert_false (smb_dialect_parse (f->peer.dialect, &received, f->items, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  g_clear_error (&error);

  second[3] ^= 1;
  g_assert_true (smb_dialect_parse (f->peer.dialect, &received, f->items, &error));
  g_assert_no_error (error);
  item = get_item (f, 0);
  g_assert_cmpint (item->protection, ==, SMB_PROTECTION_SIGNED);
  g_assert_true (item->bytes == first);
  g_assert_cmpuint (item->size, ==, 80);
  g_assert_true (item->payload == second);
  g_assert_cmpuint (item->payload_size, ==, 11);
}

static void
test_payload_decoded (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_READ);
  g_autoptr(GError) error = NULL;
  SmbReply reply;

  request->read.length = 100;
  append_read (f, peer_send_read (&f->peer, 100, SMB_PROTECTION_NONE), "the payload");
  assert_parsed (f, 1);
  g_assert_true (smb_dialect_decode (f->peer.dialect, get_item (f, 0), request, &reply, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (reply.read.data, reply.read.size, "the payload", 11);
}

/* A compound or a sealed frame cannot have come with its payload apart. */
static void
test_payload_misplaced (Fixture       *f,
                        gconstpointer  data)
{
  guint8 payload[8] = { 0 };
  SmbReceived received = { .payload = payload, .payload_size = sizeof payload };
  g_autoptr(GByteArray) sealed = NULL;
  g_autoptr(GError) error = NULL;

  chain (f, append_echo (f, echo (f, SMB_PROTECTION_NONE)));
  append_echo (f, echo (f, SMB_PROTECTION_NONE));
  received.bytes = f->bytes->data;
  received.size = f->bytes->len;
  g_assert_false (smb_dialect_parse (f->peer.dialect, &received, f->items, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_clear_error (&error);

  sealed = peer_seal (&f->peer, f->bytes);
  received.bytes = sealed->data;
  received.size = sealed->len;
  g_assert_false (smb_dialect_parse (f->peer.dialect, &received, f->items, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_assert_cmpuint (f->items->len, ==, 0);
}

static void
assert_no_peek (Fixture *f,
                gsize    offset,
                guint32  value)
{
  guint32 kept = smb_smb2_get_u32 (f->bytes->data, offset);
  gsize a, b;

  g_assert_true (peek (f, 80, &a, &b));
  smb_smb2_set_u32 (f->bytes->data, offset, value);
  g_assert_false (peek (f, 80, &a, &b));
  smb_smb2_set_u32 (f->bytes->data, offset, kept);
}

/* Only the lone, successful answer to a READ that was sent, whose payload ends the message. */
static void
test_peek (Fixture       *f,
           gconstpointer  data)
{
  guint64 id = peer_send_read (&f->peer, 100, SMB_PROTECTION_NONE);
  gsize offset, size;

  append_read (f, id, "the payload");
  assert_no_peek (f, 0, 0x424d53fd);
  assert_no_peek (f, 8, SMB_STATUS_BUFFER_OVERFLOW);
  assert_no_peek (f, SMB_SMB2_HEADER_COMMAND, SMB_COMMAND_IOCTL);
  assert_no_peek (f, SMB_SMB2_HEADER_FLAGS, 0);
  assert_no_peek (f, SMB_SMB2_HEADER_NEXT_COMMAND, 80);
  assert_no_peek (f, SMB_SMB2_HEADER_MESSAGE_ID, id + 1);
  assert_no_peek (f, 64, 18 | 80 << 16);
  assert_no_peek (f, 64, 17 | 79 << 16);
  assert_no_peek (f, 68, 0);
  assert_no_peek (f, 68, 10);
  assert_no_peek (f, 68, 12);
  assert_no_peek (f, 68, 0xffffffff);

  smb_smb2_set_u32 (f->bytes->data, 68, 12); /* it would begin inside the body */
  f->bytes->data[66] = 79;
  g_assert_false (peek (f, 80, &offset, &size));
  smb_smb2_set_u32 (f->bytes->data, 68, 11);
  f->bytes->data[66] = 80;
  for (gsize i = 0; i < 80; i++)
    g_assert_false (peek (f, i, &offset, &size));
}

#define ADD(path, func) \
  g_test_add ("/smb2-answers/" path, Fixture, &newest, fixture_set_up, func, fixture_tear_down)
#define ADD_2_0_2(path, func) \
  g_test_add ("/smb2-answers/2.0.2/" path, Fixture, &oldest, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  static const PeerOptions oldest = { .dialect = 0x0202 };

  g_test_init (&argc, &argv, NULL);

  ADD ("interim", test_interim);
  ADD ("interim/signed", test_interim_signed);
  ADD ("unsolicited", test_unsolicited);
  ADD ("tolerance", test_tolerance);
  ADD ("login-again", test_login_again);
  ADD ("payload", test_payload);
  ADD ("payload/decoded", test_payload_decoded);
  ADD ("payload/misplaced", test_payload_misplaced);
  ADD ("peek", test_peek);
  ADD_2_0_2 ("payload", test_payload);

  return g_test_run ();
}
