/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb1-peer.h"

/* Logins and signatures: [MS-CIFS] 2.2.4.53, 3.1.4.1, 3.2.4.1.3; [MS-SMB] 2.2.4.6. */

static const guint16 setup_words[] = { 0xff, 0, 0, 0 };

static void
fixture_set_up (Peer          *peer,
                gconstpointer  data)
{
  PeerOptions options = peer_options ();

  options.sign = GPOINTER_TO_INT (data);
  peer_init (peer, &options);
}

static void
fixture_tear_down (Peer          *peer,
                   gconstpointer  data)
{
  peer_clear (peer);
}

/* A peer whose login is still to come. */
static void
begin (Peer              *peer,
       const PeerOptions *options)
{
  memset (peer, 0, sizeof *peer);
  peer->dialect = g_object_new (SMB_TYPE_SMB1_DIALECT, NULL);
  peer->bytes = g_byte_array_new ();
  peer->items = g_array_new (FALSE, FALSE, sizeof (SmbItem));
  peer_negotiate (peer, options);
}

static SmbRequest *
new_login (const char *token)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_SESSION_SETUP);

  request->session_setup.token = g_bytes_new_static (token, strlen (token));
  return request;
}

static gboolean
start (Peer    *peer,
       GError **error)
{
  g_autoptr(GBytes) key = g_bytes_new_static (PEER_KEY, strlen (PEER_KEY));

  return smb_dialect_start_session (peer->dialect, key, error);
}

static void
assert_started (Peer *peer)
{
  g_autoptr(GError) error = NULL;

  start (peer, &error);
  g_assert_no_error (error);
}

/* Two legs: the UID of the first answer goes with the second request. */
static void
test_extended (void)
{
  const PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) first = new_login ("negotiate");
  g_autoptr(SmbRequest) second = new_login ("authenticate");
  g_autoptr(GByteArray) bytes = NULL;
  g_autoptr(SmbFrame) frame = NULL;
  g_auto(Peer) peer;
  SmbReply reply;
  guint64 mid;

  begin (&peer, &options);
  mid = peer_send_request (&peer, first);
  {
    const guint16 words[] = { 0xff, 0, 0, 9 };

    peer_answer (&peer, SMB_SMB1_SESSION_SETUP_ANDX, mid, SMB_STATUS_MORE_PROCESSING_REQUIRED, words, 4,
                 "challenge\0\0\0\0", 13);
  }
  reply = peer_take (&peer, first);
  g_assert_cmphex (reply.status, ==, SMB_STATUS_MORE_PROCESSING_REQUIRED);
  g_assert_cmpmem (reply.session_setup.token, reply.session_setup.token_size, "challenge", 9);

  frame = peer_send (&peer, second);
  bytes = peer_wire_bytes (frame);
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_UID), ==, PEER_UID);
  g_assert_cmpuint (bytes->data[SMB_SMB1_HEADER_WORD_COUNT], ==, 12);
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, 37), ==, 0xffff);     /* MaxBufferSize */
  g_assert_cmphex (smb_smb1_get_u32 (bytes->data, 43), ==, 0x12345678); /* SessionKey: the server's */
  g_assert_cmpuint (smb_smb1_get_u16 (bytes->data, 47), ==, 12);        /* SecurityBlobLength */
  g_assert_cmpmem (bytes->data + 59, 12, "authenticate", 12);
  g_assert_cmpuint (bytes->len, ==, 59 + smb_smb1_get_u16 (bytes->data, 57));

  peer_answer (&peer, SMB_SMB1_SESSION_SETUP_ANDX, smb_frame_get_message (frame, 0)->key, SMB_STATUS_SUCCESS,
               setup_words, 4, NULL, 0);
  reply = peer_take (&peer, second);
  g_assert_null (reply.session_setup.token);
  g_assert_false (reply.session_setup.guest);
  assert_started (&peer);
}

static void
test_guest (void)
{
  static const guint16 words[] = { 0xff, 0, 1 };
  const PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = new_login ("?");
  g_autoptr(GError) error = NULL;
  g_auto(Peer) peer;
  guint64 mid;

  begin (&peer, &options);
  request->session_setup.sign = TRUE;
  mid = peer_send_request (&peer, request);
  peer_answer (&peer, SMB_SMB1_SESSION_SETUP_ANDX, mid, SMB_STATUS_SUCCESS, words, 3, NULL, 0);
  g_assert_true (peer_take (&peer, request).session_setup.guest);
  g_assert_true (smb_dialect_start_session (peer.dialect, NULL, &error));
  peer_answer_bare (&peer, SMB_SMB1_ECHO, peer_send_command (&peer, SMB_COMMAND_ECHO), SMB_STATUS_SUCCESS);
  peer_parse_one (&peer, SMB_ITEM_REPLY);
}

static void
test_not_confirmed (void)
{
  const PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = new_login ("?");
  g_autoptr(GError) error = NULL;
  g_auto(Peer) peer;

  begin (&peer, &options);
  peer_answer_bare (&peer, SMB_SMB1_SESSION_SETUP_ANDX, peer_send_request (&peer, request),
                    SMB_STATUS_LOGON_FAILURE);
  g_assert_cmphex (peer_take (&peer, request).status, ==, SMB_STATUS_LOGON_FAILURE);
  g_assert_false (start (&peer, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

/* Without extended security: both responses, then the names, at even offsets. */
static void
test_basic (void)
{
  static const guint8 names[] = { 'u', 0, 0, 0, 'D', 0, 'm', 0, 0, 0, 0, 0, 0, 0 };
  PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_SESSION_SETUP);
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GByteArray) bytes = NULL;
  g_auto(Peer) peer;

  options.capabilities &= ~SMB_SMB1_CAP_EXTENDED_SECURITY;
  begin (&peer, &options);
  request->session_setup.lm_response = g_bytes_new_static ("LM", 2);
  request->session_setup.nt_response = g_bytes_new_static ("NTNT", 4);
  request->session_setup.username = g_strdup ("u");
  request->session_setup.domain = g_strdup ("Dm");
  frame = peer_send (&peer, request);
  bytes = peer_wire_bytes (frame);
  g_assert_cmpuint (bytes->data[SMB_SMB1_HEADER_WORD_COUNT], ==, 13);
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_FLAGS2) & SMB_SMB1_FLAG2_EXTENDED_SECURITY,
                   ==, 0);
  g_assert_cmpuint (smb_smb1_get_u16 (bytes->data, 47), ==, 2); /* OEMPasswordLen */
  g_assert_cmpuint (smb_smb1_get_u16 (bytes->data, 49), ==, 4); /* UnicodePasswordLen */
  g_assert_cmpmem (bytes->data + 61, 6, "LMNTNT", 6);
  g_assert_cmpuint (bytes->data[67], ==, 0);                    /* Pad */
  g_assert_cmpmem (bytes->data + 68, bytes->len - 68, names, sizeof names);
}

/* There the response is a part of the signing key. */
static void
test_basic_signed (void)
{
  static const char key[] = PEER_KEY "response";
  static const guint16 words[] = { 0xff, 0, 0 };
  PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_SESSION_SETUP);
  g_auto(Peer) peer;
  guint64 mid;

  options.capabilities &= ~SMB_SMB1_CAP_EXTENDED_SECURITY;
  begin (&peer, &options);
  request->session_setup.sign = TRUE;
  request->session_setup.nt_response = g_bytes_new_static ("response", 8);
  mid = peer_send_request (&peer, request);
  peer.key = smb_secret_new (key, strlen (key));
  peer_answer (&peer, SMB_SMB1_SESSION_SETUP_ANDX, mid, SMB_STATUS_SUCCESS, words, 3, NULL, 0);
  peer_sign (&peer, 1);
  peer_take (&peer, request);
  assert_started (&peer);
}

/* The answer to the login must be signed, and with the right key. */
static void
check_final (gboolean sign,
             guint32  number,
             gsize    tampered)
{
  const PeerOptions options = peer_options ();
  g_autoptr(SmbRequest) request = new_login ("?");
  g_autoptr(GError) error = NULL;
  g_auto(Peer) peer;
  guint64 mid;

  begin (&peer, &options);
  request->session_setup.sign = TRUE;
  mid = peer_send_request (&peer, request);
  peer.key = smb_secret_new (PEER_KEY, strlen (PEER_KEY));
  peer_answer (&peer, SMB_SMB1_SESSION_SETUP_ANDX, mid, SMB_STATUS_SUCCESS, setup_words, 4, NULL, 0);
  if (sign)
    peer_sign (&peer, number);
  else
    memcpy (peer.bytes->data + SMB_SMB1_HEADER_SIGNATURE, SMB_SMB1_NO_SIGNATURE, SMB_SMB1_SIGNATURE_SIZE);
  peer.bytes->data[tampered] ^= 1;
  peer_take (&peer, request);
  g_assert_false (start (&peer, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
}

static void
test_final (void)
{
  check_final (FALSE, 0, SMB_SMB1_HEADER_TID);
  check_final (TRUE, 0, SMB_SMB1_HEADER_TID);
  check_final (TRUE, 1, SMB_SMB1_HEADER_TID);
  check_final (TRUE, 1, SMB_SMB1_HEADER_SIGNATURE);
}

static void
assert_signed (const Peer     *peer,
               const SmbFrame *frame,
               guint32         number)
{
  g_autoptr(GByteArray) bytes = peer_wire_bytes (frame);

  g_assert_true (smb_smb1_verify (peer->key, number, bytes->data, bytes->len, NULL, 0));
  g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_FLAGS2) & SMB_SMB1_FLAG2_SIGNATURE, !=, 0);
}

/* Until there is a key something else stands in its place; and where nobody wants signatures, nothing. */
static void
test_placeholder (void)
{
  const PeerOptions options = peer_options ();

  for (guint sign = 0; sign < 2; sign++)
    {
      g_autoptr(SmbRequest) request = new_login ("?");
      g_autoptr(SmbFrame) frame = NULL;
      g_autoptr(GByteArray) bytes = NULL;
      g_auto(Peer) peer;

      begin (&peer, &options);
      request->session_setup.sign = sign;
      frame = peer_send (&peer, request);
      bytes = peer_wire_bytes (frame);
      g_assert_cmpmem (bytes->data + SMB_SMB1_HEADER_SIGNATURE, 8, sign ? "BSRSPYL " : "\0\0\0\0\0\0\0\0", 8);
      g_assert_cmphex (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_FLAGS2) & SMB_SMB1_FLAG2_SIGNATURE, ==,
                       sign ? SMB_SMB1_FLAG2_SIGNATURE : 0);
    }
}

/* MD5 over key and message, with the number where the signature goes. */
static void
test_signature (void)
{
  g_autoptr(SmbSecret) key = smb_secret_new ("key", 3);
  guint8 message[40] = { 0xff, 'S', 'M', 'B' };
  guint8 expected[43] = "key";
  guint8 digest[SMB_MD5_SIZE];
  const GOutputVector vectors[] = { { message, 33 }, { message + 33, 7 } };
  const GOutputVector whole = { expected, sizeof expected };

  for (guint i = 4; i < sizeof message; i++)
    message[i] = i;
  memcpy (expected + 3, message, sizeof message);
  memcpy (expected + 3 + SMB_SMB1_HEADER_SIGNATURE, "\x04\x03\x02\x01\0\0\0\0", 8);
  smb_md5 (&whole, 1, digest);

  smb_smb1_sign (key, 0x01020304, message, vectors, 2);
  g_assert_cmpmem (message + SMB_SMB1_HEADER_SIGNATURE, 8, digest, 8);
  g_assert_true (smb_smb1_verify (key, 0x01020304, message, 33, message + 33, 7));
  g_assert_false (smb_smb1_verify (key, 0x01020305, message, 33, message + 33, 7));
  g_assert_cmpmem (message + SMB_SMB1_HEADER_SIGNATURE, 8, digest, 8);
}

/* Two numbers a request, in the order of sending; the answers come in any. */
static void
test_numbers (Peer          *peer,
              gconstpointer  data)
{
  guint64 mids[5];

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_ECHO);
      g_autoptr(SmbFrame) frame = peer_send (peer, request);

      mids[i] = smb_frame_get_message (frame, 0)->key;
      assert_signed (peer, frame, 2 + 2 * i);
    }
  for (guint i = 5; i > 0; i--)
    {
      peer_answer_bare (peer, SMB_SMB1_ECHO, mids[i - 1], SMB_STATUS_SUCCESS);
      peer_sign (peer, 2 * i + 1);
      g_assert_cmpint (peer_parse_one (peer, SMB_ITEM_REPLY)->protection, ==, SMB_PROTECTION_SIGNED);
    }
}

/* An NT_CANCEL has no answer, and spends one number. */
static void
test_cancel (Peer          *peer,
             gconstpointer  data)
{
  guint64 mid = peer_send_command (peer, SMB_COMMAND_FLUSH);
  g_autoptr(SmbFrame) cancel = NULL;
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_ECHO);
  g_autoptr(SmbFrame) next = NULL;
  g_autoptr(GByteArray) bytes = NULL;
  g_autoptr(GError) error = NULL;

  cancel = smb_dialect_cancel (peer->dialect, mid, 0, SMB_PROTECTION_SIGNED, &error);
  g_assert_no_error (error);
  assert_signed (peer, cancel, 4);
  bytes = peer_wire_bytes (cancel);
  g_assert_cmpuint (bytes->len, ==, 35);
  g_assert_cmphex (bytes->data[SMB_SMB1_HEADER_COMMAND], ==, SMB_SMB1_NT_CANCEL);
  g_assert_cmpuint (smb_smb1_get_u16 (bytes->data, SMB_SMB1_HEADER_MID), ==, mid);

  next = peer_send (peer, request);
  assert_signed (peer, next, 5);
  g_assert_null (smb_dialect_cancel (peer->dialect, mid, 0, SMB_PROTECTION_SIGNED, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);

  peer_answer_bare (peer, SMB_SMB1_FLUSH, mid, SMB_STATUS_CANCELLED);
  peer_sign (peer, 3);
  g_assert_cmphex (peer_parse_one (peer, SMB_ITEM_REPLY)->status, ==, SMB_STATUS_CANCELLED);
  peer_answer_bare (peer, SMB_SMB1_ECHO, smb_frame_get_message (next, 0)->key, SMB_STATUS_SUCCESS);
  peer_sign (peer, 6);
  peer_parse_one (peer, SMB_ITEM_REPLY);
}

/* No bit may change, and no other number will do; an unsigned answer will not, whatever it says. */
static void
test_tampered (Peer          *peer,
               gconstpointer  data)
{
  guint64 mid = peer_send_command (peer, SMB_COMMAND_ECHO);

  peer_answer (peer, SMB_SMB1_ECHO, mid, SMB_STATUS_SUCCESS, setup_words, 1, "?", 1);
  peer_sign (peer, 3);
  for (gsize i = 0; i < peer->bytes->len * 8; i++)
    {
      g_autoptr(GError) error = NULL;

      peer->bytes->data[i / 8] ^= 1 << i % 8;
      g_assert_false (peer_parse (peer, &error));
      g_assert_true (error->domain == SMB_ERROR);
      peer->bytes->data[i / 8] ^= 1 << i % 8;
    }

  peer_answer_bare (peer, SMB_SMB1_ECHO, mid, SMB_STATUS_USER_SESSION_DELETED);
  peer_assert_refused (peer, SMB_ERROR_SECURITY);
  peer_sign (peer, 2);
  peer_assert_refused (peer, SMB_ERROR_SECURITY);
  peer_sign (peer, 5);
  peer_assert_refused (peer, SMB_ERROR_SECURITY);
  peer_sign (peer, 3);
  peer_parse_one (peer, SMB_ITEM_REPLY);
}

/* The payload of a READ that was received apart is signed, too. */
static void
test_payload (Peer          *peer,
              gconstpointer  data)
{
  static const guint16 words[] = { 0xff, 0, 0, 0, 0, 4, 59, 0, 0, 0, 0, 0 };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_READ);
  guint64 mid;

  request->read.length = 10;
  for (guint i = 0; i < 2; i++)
    {
      g_autofree guint8 *first = NULL;
      g_autofree guint8 *payload = NULL;
      g_autoptr(GError) error = NULL;
      SmbReceived received;

      mid = peer_send_request (peer, request);
      peer_answer (peer, SMB_SMB1_READ_ANDX, mid, SMB_STATUS_SUCCESS, words, 12, "data", 4);
      peer_sign (peer, 3 + 2 * i);
      first = g_memdup2 (peer->bytes->data, 59);
      payload = g_memdup2 (peer->bytes->data + 59, 4);
      payload[3] ^= i;
      received = (SmbReceived) { first, 59, payload, 4 };
      g_assert_cmpint (smb_dialect_parse (peer->dialect, &received, peer->items, &error), ==, i == 0);
      if (i > 0)
        g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
    }
}

/* Breaks of oplocks come unasked and unsigned; nothing else does. */
static void
test_unsolicited (Peer          *peer,
                  gconstpointer  data)
{
  static const guint16 words[] = { 0xff, 0, PEER_FID, 2, 0, 0, 0, 0 };
  const SmbItem *item;

  peer_answer (peer, SMB_SMB1_LOCKING_ANDX, SMB_SMB1_UNSOLICITED_MID, SMB_STATUS_SUCCESS, words, 8, NULL, 0);
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL); /* as an answer */
  peer->bytes->data[9] = 0;
  peer_clear_items (peer);
  item = peer_parse_one (peer, SMB_ITEM_UNSOLICITED);
  g_assert_cmpuint (item->tolerated, ==, SMB_PROTECTION_SEALED);

  peer->bytes->data[SMB_SMB1_HEADER_COMMAND] = SMB_SMB1_ECHO;
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
  peer->bytes->data[SMB_SMB1_HEADER_COMMAND] = SMB_SMB1_LOCKING_ANDX;
  smb_smb1_set_u16 (peer->bytes->data, SMB_SMB1_HEADER_MID, 1);
  peer_assert_refused (peer, SMB_ERROR_PROTOCOL);
}

/* Where the session is not signed, what the caller wants does not change that: SMB1 signs all or nothing. */
static void
test_unsigned (Peer          *peer,
               gconstpointer  data)
{
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_ECHO);
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GByteArray) bytes = NULL;

  frame = smb_dialect_build (peer->dialect, &request, 1, &error);
  g_assert_true (smb_dialect_finish (peer->dialect, frame, SMB_PROTECTION_SIGNED, 1, &error));
  bytes = peer_wire_bytes (frame);
  g_assert_cmpmem (bytes->data + SMB_SMB1_HEADER_SIGNATURE, 8, "\0\0\0\0\0\0\0\0", 8);
  peer_answer_bare (peer, SMB_SMB1_ECHO, smb_frame_get_message (frame, 0)->key, SMB_STATUS_SUCCESS);
  g_assert_cmpint (peer_parse_one (peer, SMB_ITEM_REPLY)->protection, ==, SMB_PROTECTION_NONE);
}

/* MIDs come round, but never one that is under way, 0 or 0xffff. */
static void
test_mids (Peer          *peer,
           gconstpointer  data)
{
  guint64 kept = peer_send_command (peer, SMB_COMMAND_FLUSH);

  for (guint i = 0; i < 140000; i++)
    {
      guint64 mid = peer_send_command (peer, SMB_COMMAND_ECHO);

      g_assert_cmpuint (mid, !=, kept);
      g_assert_cmpuint (mid, !=, 0);
      g_assert_cmpuint (mid, <, SMB_SMB1_UNSOLICITED_MID);
      peer_answer_bare (peer, SMB_SMB1_ECHO, mid, SMB_STATUS_SUCCESS);
      peer_parse_one (peer, SMB_ITEM_REPLY);
    }
}

static void
test_no_mids (Peer          *peer,
              gconstpointer  data)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_ECHO);
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < SMB_SMB1_UNSOLICITED_MID - 1; i++)
    peer_send_request (peer, request);
  frame = smb_dialect_build (peer->dialect, &request, 1, &error);
  g_assert_false (smb_dialect_finish (peer->dialect, frame, SMB_PROTECTION_NONE, 1, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_FAILED);
  smb_request_free (request);
}

/* Numbers of 32 bits end; none is used twice under one key. */
static void
test_no_numbers (Peer          *peer,
                 gconstpointer  data)
{
  SmbRequest *request = smb_request_new (SMB_COMMAND_ECHO);
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GError) error = NULL;

  smb_smb1_dialect_get_state (SMB_SMB1_DIALECT (peer->dialect))->session.next_number = G_MAXUINT32 - 2;
  peer_send_request (peer, request);
  frame = smb_dialect_build (peer->dialect, &request, 1, &error);
  g_assert_false (smb_dialect_finish (peer->dialect, frame, SMB_PROTECTION_SIGNED, 1, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_FAILED);
  smb_request_free (request);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/smb1-session/extended", test_extended);
  g_test_add_func ("/smb1-session/guest", test_guest);
  g_test_add_func ("/smb1-session/not-confirmed", test_not_confirmed);
  g_test_add_func ("/smb1-session/basic", test_basic);
  g_test_add_func ("/smb1-session/basic-signed", test_basic_signed);
  g_test_add_func ("/smb1-session/final", test_final);
  g_test_add_func ("/smb1-session/placeholder", test_placeholder);
  g_test_add_func ("/smb1-session/signature", test_signature);

#define ADD(path, sign, test)                                                                        \
  g_test_add (path, Peer, GINT_TO_POINTER (sign), fixture_set_up, test, fixture_tear_down)
  ADD ("/smb1-session/numbers", TRUE, test_numbers);
  ADD ("/smb1-session/cancel", TRUE, test_cancel);
  ADD ("/smb1-session/tampered", TRUE, test_tampered);
  ADD ("/smb1-session/payload", TRUE, test_payload);
  ADD ("/smb1-session/unsolicited", TRUE, test_unsolicited);
  ADD ("/smb1-session/unsolicited-unsigned", FALSE, test_unsolicited);
  ADD ("/smb1-session/unsigned", FALSE, test_unsigned);
  ADD ("/smb1-session/mids", FALSE, test_mids);
  ADD ("/smb1-session/no-mids", FALSE, test_no_mids);
  ADD ("/smb1-session/no-numbers", TRUE, test_no_numbers);
#undef ADD

  return g_test_run ();
}
