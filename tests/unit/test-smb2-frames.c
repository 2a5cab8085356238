/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-peer.h"

static const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };

/* The requests of a frame, and what becomes of them. */
typedef struct
{
  SmbRequest *requests[4];
  guint       n_requests;
  SmbFrame   *frame;
  GByteArray *wire;
} Chain;

static void
chain_clear (Chain *self)
{
  for (guint i = 0; i < self->n_requests; i++)
    smb_request_free (self->requests[i]);
  g_clear_pointer (&self->frame, smb_frame_free);
  g_clear_pointer (&self->wire, g_byte_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chain, chain_clear)

static SmbRequest *
add (Chain      *self,
     SmbCommand  command,
     gboolean    related)
{
  SmbRequest *request = smb_request_new (command);

  request->related = related;
  request->tree_id = 0x1234;
  self->requests[self->n_requests++] = request;
  return request;
}

static void
add_create (Chain      *self,
            const char *path)
{
  add (self, SMB_COMMAND_CREATE, FALSE)->create.path = g_strdup (path);
}

static void
add_write (Chain      *self,
           const char *data)
{
  SmbRequest *request = add (self, SMB_COMMAND_WRITE, TRUE);

  request->write.data = (const guint8 *) data;
  request->write.size = strlen (data);
}

static void
send_chain (Peer          *peer,
            Chain         *self,
            SmbProtection  protection,
            guint          want)
{
  g_autoptr(GError) error = NULL;

  self->frame = smb_dialect_build (peer->dialect, self->requests, self->n_requests, &error);
  g_assert_no_error (error);
  g_assert_true (smb_dialect_finish (peer->dialect, self->frame, protection, want, &error));
  g_assert_no_error (error);
  self->wire = peer_wire_bytes (self->frame);
}

/* The header of the @i-th message on the wire. */
static guint8 *
get_header (const GByteArray *wire,
            guint             i)
{
  gsize offset = 0;

  while (i-- > 0)
    {
      guint32 next = smb_smb2_get_u32 (wire->data + offset, SMB_SMB2_HEADER_NEXT_COMMAND);

      g_assert_cmpuint (next, >=, 64);
      g_assert_cmpuint (next % 8, ==, 0);
      offset += next;
      g_assert_cmpuint (offset + 64, <=, wire->len);
    }
  return wire->data + offset;
}

static guint16
get_credits (const Chain *chain,
             guint        i)
{
  return smb_smb2_get_u16 (get_header (chain->wire, i), SMB_SMB2_HEADER_CREDITS);
}

static guint32
get_flags (const Chain *chain,
           guint        i)
{
  return smb_smb2_get_u32 (get_header (chain->wire, i), SMB_SMB2_HEADER_FLAGS);
}

/* CREATE, WRITE, CLOSE: the payload is not copied, and the padding behind it belongs to its message. */
static void
test_chain (void)
{
  g_auto(Peer) peer = { 0 };
  g_auto(Chain) chain = { .n_requests = 0 };
  const char *data = "thirteen byte";
  gboolean found = FALSE;

  peer_init (&peer, &newest);
  add_create (&chain, "a\\file");
  add_write (&chain, data);
  add (&chain, SMB_COMMAND_CLOSE, TRUE);
  send_chain (&peer, &chain, SMB_PROTECTION_NONE, 10);

  for (guint i = 0; i < 3; i++)
    {
      const guint8 *header = get_header (chain.wire, i);

      g_assert_cmpmem (header, 4, "\xfeSMB", 4);
      g_assert_cmpuint (smb_smb2_get_u16 (header, SMB_SMB2_HEADER_CREDIT_CHARGE), ==, 1);
      g_assert_cmpuint (smb_smb2_get_u64 (header, SMB_SMB2_HEADER_MESSAGE_ID), ==, 2 + i);
      g_assert_cmpuint (smb_frame_get_message (chain.frame, i)->key, ==, 2 + i);
      g_assert_cmpuint (smb_frame_get_message (chain.frame, i)->units, ==, 1);
      g_assert_cmphex (smb_smb2_get_u64 (header, SMB_SMB2_HEADER_SESSION_ID), ==, PEER_SESSION_ID);
      g_assert_cmphex (smb_smb2_get_u32 (header, 36), ==, 0x1234);
      g_assert_cmphex (get_flags (&chain, i), ==, i == 0 ? 0 : SMB_SMB2_FLAG_RELATED);
    }
  g_assert_cmpuint (smb_smb2_get_u32 (get_header (chain.wire, 2), SMB_SMB2_HEADER_NEXT_COMMAND), ==, 0);
  g_assert_cmpuint (get_credits (&chain, 0), ==, 1);
  g_assert_cmpuint (get_credits (&chain, 1), ==, 1);
  g_assert_cmpuint (get_credits (&chain, 2), ==, 8);

  g_assert_cmpmem (get_header (chain.wire, 1) + 64 + 48, 16, "thirteen byte\0\0", 16);
  for (guint i = 0; i < chain.frame->n_vectors; i++)
    found |= chain.frame->vectors[i].buffer == (gconstpointer) data;
  g_assert_true (found);
  g_assert_cmpuint (chain.frame->n_vectors, ==, 4);
}

/* Without payload everything is in one piece. */
static void
test_one_vector (void)
{
  g_auto(Peer) peer = { 0 };
  g_auto(Chain) chain = { .n_requests = 0 };

  peer_init (&peer, &newest);
  add_create (&chain, "odd");
  add (&chain, SMB_COMMAND_CLOSE, TRUE);
  add_create (&chain, "");
  add (&chain, SMB_COMMAND_CLOSE, TRUE);
  send_chain (&peer, &chain, SMB_PROTECTION_SIGNED, 4);
  g_assert_cmpuint (chain.frame->n_vectors, ==, 1);
  g_assert_cmphex (get_flags (&chain, 2), ==, SMB_SMB2_FLAG_SIGNED);
  g_assert_cmphex (get_flags (&chain, 3), ==, SMB_SMB2_FLAG_SIGNED | SMB_SMB2_FLAG_RELATED);
}

/* Each message of a compound has a signature of its own, over its padding too ([MS-SMB2] 3.1.4.1). */
static void
test_signed (gconstpointer data)
{
  const PeerOptions *options = data;
  g_auto(Peer) peer = { 0 };
  g_auto(Chain) chain = { .n_requests = 0 };

  peer_init (&peer, options);
  add_create (&chain, "file");
  add_write (&chain, "some data");
  add (&chain, SMB_COMMAND_CLOSE, TRUE);
  send_chain (&peer, &chain, SMB_PROTECTION_SIGNED, 3);

  for (guint i = 0; i < 3; i++)
    {
      guint8 *header = get_header (chain.wire, i);
      gsize next = smb_smb2_get_u32 (header, SMB_SMB2_HEADER_NEXT_COMMAND);
      gsize size = next == 0 ? (gsize) (chain.wire->data + chain.wire->len - header) : next;

      g_assert_true (get_flags (&chain, i) & SMB_SMB2_FLAG_SIGNED);
      g_assert_true (smb_smb2_verify (peer.mac, header, size, NULL, 0));
      header[size - 1] ^= 1;
      g_assert_false (smb_smb2_verify (peer.mac, header, size, NULL, 0));
    }
}

static void
assert_opens_to (Peer             *peer,
                 const GByteArray *wire,
                 guint             n_messages,
                 guint64           first_id)
{
  g_autoptr(GByteArray) opened = g_byte_array_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpmem (wire->data, 4, "\xfdSMB", 4);
  g_assert_true (smb_smb2_sealer_open (&peer->sealer, PEER_SESSION_ID, wire->data, wire->len, &error));
  g_byte_array_append (opened, wire->data + SMB_SMB2_TRANSFORM_SIZE, wire->len - SMB_SMB2_TRANSFORM_SIZE);
  for (guint i = 0; i < n_messages; i++)
    {
      const guint8 *header = get_header (opened, i);

      g_assert_cmpuint (smb_smb2_get_u64 (header, SMB_SMB2_HEADER_MESSAGE_ID), ==, first_id + i);
      g_assert_false (smb_smb2_get_u32 (header, SMB_SMB2_HEADER_FLAGS) & SMB_SMB2_FLAG_SIGNED);
      g_assert_cmphex (smb_smb2_get_u64 (header, SMB_SMB2_HEADER_SIGNATURE), ==, 0);
    }
}

static void
test_sealed (gconstpointer data)
{
  const PeerOptions *options = data;
  g_auto(Peer) peer = { 0 };
  g_auto(Chain) chain = { .n_requests = 0 };
  g_auto(Chain) other = { .n_requests = 0 };
  char payload[] = "some data that the caller keeps";

  peer_init (&peer, options);
  add_create (&chain, "file");
  add_write (&chain, payload);
  add (&chain, SMB_COMMAND_CLOSE, TRUE);
  send_chain (&peer, &chain, SMB_PROTECTION_SEALED, 3);
  g_assert_cmpuint (chain.frame->n_vectors, ==, 1);
  g_assert_cmpstr (payload, ==, "some data that the caller keeps");
  assert_opens_to (&peer, chain.wire, 3, 2);

  add_create (&other, "file");
  send_chain (&peer, &other, SMB_PROTECTION_SEALED, 1);
  assert_opens_to (&peer, other.wire, 1, 5);
}

/* The numbers of a message of many credits are contiguous ([MS-SMB2] 3.2.4.1.5). */
static void
test_credits (void)
{
  g_auto(Peer) peer = { 0 };
  g_auto(Chain) chain = { .n_requests = 0 };
  g_auto(Chain) next = { .n_requests = 0 };

  peer_init (&peer, &newest);
  add_create (&chain, "file");
  add (&chain, SMB_COMMAND_READ, TRUE)->read.length = 65536 * 3 + 1;
  add (&chain, SMB_COMMAND_CLOSE, TRUE);
  g_assert_cmpuint (smb_dialect_get_cost (peer.dialect, chain.requests[0]), ==, 1);
  g_assert_cmpuint (smb_dialect_get_cost (peer.dialect, chain.requests[1]), ==, 4);
  send_chain (&peer, &chain, SMB_PROTECTION_NONE, 3);
  g_assert_cmpuint (smb_smb2_get_u16 (get_header (chain.wire, 1), SMB_SMB2_HEADER_CREDIT_CHARGE), ==, 4);
  g_assert_cmpuint (smb_frame_get_message (chain.frame, 1)->key, ==, 3);
  g_assert_cmpuint (smb_frame_get_message (chain.frame, 1)->units, ==, 4);
  g_assert_cmpuint (smb_frame_get_message (chain.frame, 2)->key, ==, 7);

  /* No more is asked for than was wanted altogether. */
  g_assert_cmpuint (get_credits (&chain, 0), ==, 1);
  g_assert_cmpuint (get_credits (&chain, 1), ==, 2);
  g_assert_cmpuint (get_credits (&chain, 2), ==, 0);

  add (&next, SMB_COMMAND_READ, FALSE)->read.length = 65536 * 3;
  send_chain (&peer, &next, SMB_PROTECTION_NONE, 1000000);
  g_assert_cmpuint (smb_frame_get_message (next.frame, 0)->key, ==, 8);
  g_assert_cmpuint (smb_frame_get_message (next.frame, 0)->units, ==, 3);
  g_assert_cmpuint (get_credits (&next, 0), ==, G_MAXUINT16);
}

static void
test_credits_2_02 (void)
{
  const PeerOptions oldest = { .dialect = 0x0202 };
  g_auto(Peer) peer = { 0 };
  g_auto(Chain) chain = { .n_requests = 0 };

  peer_init (&peer, &oldest);
  add (&chain, SMB_COMMAND_READ, FALSE)->read.length = 65536;
  add (&chain, SMB_COMMAND_READ, FALSE)->read.length = 65536;
  g_assert_cmpuint (smb_dialect_get_cost (peer.dialect, chain.requests[0]), ==, 1);
  send_chain (&peer, &chain, SMB_PROTECTION_NONE, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (smb_smb2_get_u16 (get_header (chain.wire, i), SMB_SMB2_HEADER_CREDIT_CHARGE), ==, 0);
      g_assert_cmpuint (smb_frame_get_message (chain.frame, i)->key, ==, 2 + i);
      g_assert_cmpuint (smb_frame_get_message (chain.frame, i)->units, ==, 1);
    }
}

static void
assert_not_built (Peer  *peer,
                  Chain *chain)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_dialect_build (peer->dialect, chain->requests, chain->n_requests, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_impossible (void)
{
  g_auto(Peer) peer = { 0 };
  g_auto(Chain) related = { .n_requests = 0 };
  g_auto(Chain) negotiate = { .n_requests = 0 };
  g_auto(Chain) token = { .n_requests = 0 };
  g_auto(Chain) read = { .n_requests = 0 };
  SmbRequest *login;

  peer_init (&peer, &newest);
  add (&related, SMB_COMMAND_CLOSE, TRUE);
  assert_not_built (&peer, &related);
  add (&negotiate, SMB_COMMAND_NEGOTIATE, FALSE);
  assert_not_built (&peer, &negotiate);
  login = add (&token, SMB_COMMAND_SESSION_SETUP, FALSE);
  login->session_setup.token = g_bytes_new_take (g_malloc0 (65536), 65536);
  assert_not_built (&peer, &token);
  add (&read, SMB_COMMAND_READ, FALSE)->read.length = G_MAXUINT32;
  assert_not_built (&peer, &read);
}

/* Before a login there is no key, neither to sign nor to seal. */
static void
test_no_key (void)
{
  Peer peer = { .dialect = g_object_new (SMB_TYPE_SMB2_DIALECT, NULL) };

  peer_negotiate (&peer, &newest);
  for (SmbProtection protection = SMB_PROTECTION_SIGNED; protection <= SMB_PROTECTION_SEALED; protection++)
    {
      g_auto(Chain) chain = { .n_requests = 0 };
      g_autoptr(GError) error = NULL;

      add (&chain, SMB_COMMAND_ECHO, FALSE);
      chain.frame = smb_dialect_build (peer.dialect, chain.requests, 1, &error);
      g_assert_no_error (error);
      g_assert_false (smb_dialect_finish (peer.dialect, chain.frame, protection, 1, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
    }
  peer_clear (&peer);
}

static void
test_session_setup (void)
{
  g_auto(Peer) peer = { 0 };
  g_autoptr(SmbRequest) request = smb_request_new (SMB_COMMAND_SESSION_SETUP);
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GByteArray) wire = NULL;

  peer_init (&peer, &newest);
  request->session_setup.token = g_bytes_new_static ("who I am", 8);
  frame = peer_send (&peer, request, SMB_PROTECTION_SIGNED);
  wire = peer_wire_bytes (frame);
  g_assert_cmpuint (wire->len, ==, 96);
  g_assert_cmphex (smb_smb2_get_u64 (wire->data, SMB_SMB2_HEADER_SESSION_ID), ==, PEER_SESSION_ID);
  g_assert_cmpmem (wire->data + 64, 4, "\31\0\0\1", 4);
  g_assert_cmpmem (wire->data + 76, 4, "\130\0\10\0", 4);
  g_assert_cmpmem (wire->data + 88, 8, "who I am", 8);
}

/* [MS-SMB2] 3.2.4.24: under the number of what it cancels, at most once. */
static void
test_cancel (gconstpointer data)
{
  const PeerOptions *options = data;
  g_auto(Peer) peer = { 0 };
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(SmbFrame) async = NULL;
  g_autoptr(GByteArray) wire = NULL;
  g_autoptr(GByteArray) async_wire = NULL;
  g_autoptr(GError) error = NULL;
  guint64 first, second;

  peer_init (&peer, options);
  first = peer_send_command (&peer, SMB_COMMAND_ECHO, SMB_PROTECTION_SIGNED);
  second = peer_send_command (&peer, SMB_COMMAND_ECHO, SMB_PROTECTION_SIGNED);

  frame = smb_dialect_cancel (peer.dialect, first, 0, SMB_PROTECTION_SIGNED, &error);
  g_assert_no_error (error);
  wire = peer_wire_bytes (frame);
  g_assert_cmpuint (wire->len, ==, 68);
  g_assert_cmpmem (wire->data + 64, 4, "\4\0\0\0", 4);
  g_assert_cmpuint (smb_smb2_get_u64 (wire->data, SMB_SMB2_HEADER_MESSAGE_ID), ==, first);
  g_assert_cmphex (smb_smb2_get_u32 (wire->data, SMB_SMB2_HEADER_FLAGS), ==, SMB_SMB2_FLAG_SIGNED);
  g_assert_cmphex (smb_smb2_get_u64 (wire->data, SMB_SMB2_HEADER_SESSION_ID), ==, PEER_SESSION_ID);
  g_assert_cmpuint (smb_smb2_get_u16 (wire->data, SMB_SMB2_HEADER_CREDITS), ==, 0);
  g_assert_cmpuint (smb_frame_get_message (frame, 0)->units, ==, 0);
  g_assert_true (smb_smb2_verify (peer.mac, wire->data, wire->len, NULL, 0));

  async = smb_dialect_cancel (peer.dialect, second, 0xabcdef, SMB_PROTECTION_SIGNED, &error);
  g_assert_no_error (error);
  async_wire = peer_wire_bytes (async);
  g_assert_cmphex (smb_smb2_get_u64 (async_wire->data, 32), ==, 0xabcdef);
  g_assert_cmpuint (smb_smb2_get_u64 (async_wire->data, SMB_SMB2_HEADER_MESSAGE_ID), ==, second);
  g_assert_cmphex (smb_smb2_get_u32 (async_wire->data, SMB_SMB2_HEADER_FLAGS), ==,
                   SMB_SMB2_FLAG_SIGNED | SMB_SMB2_FLAG_ASYNC);
  g_assert_true (smb_smb2_verify (peer.mac, async_wire->data, async_wire->len, NULL, 0));

  g_assert_null (smb_dialect_cancel (peer.dialect, first, 0, SMB_PROTECTION_SIGNED, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (smb_dialect_cancel (peer.dialect, 4711, 0, SMB_PROTECTION_SIGNED, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);

  /* It took no number. */
  g_assert_cmpuint (peer_send_command (&peer, SMB_COMMAND_ECHO, SMB_PROTECTION_NONE), ==, second + 1);
}

static void
test_cancel_sealed (void)
{
  g_auto(Peer) peer = { 0 };
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GByteArray) wire = NULL;
  g_autoptr(GError) error = NULL;
  guint64 id;

  peer_init (&peer, &newest);
  id = peer_send_command (&peer, SMB_COMMAND_ECHO, SMB_PROTECTION_SEALED);
  frame = smb_dialect_cancel (peer.dialect, id, 0, SMB_PROTECTION_SEALED, &error);
  g_assert_no_error (error);
  wire = peer_wire_bytes (frame);
  assert_opens_to (&peer, wire, 1, id);
}

static void
add_for_all (const char    *name,
             GTestDataFunc  func,
             gboolean       sealing)
{
  static const PeerOptions options[] = {
    { .dialect = 0x0202 },
    { .dialect = 0x0300 },
    { 0x0311, SMB_MAC_AES_128_CMAC, SMB_CIPHER_AES_128_CCM },
    { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM },
    { 0x0311, SMB_MAC_HMAC_SHA256, SMB_CIPHER_AES_256_GCM },
    { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_256_CCM },
  };

  for (gsize i = sealing ? 1 : 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smb2-frames/%s/%" G_GSIZE_FORMAT, name, i);

      g_test_add_data_func (path, &options[i], func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/smb2-frames/chain", test_chain);
  g_test_add_func ("/smb2-frames/one-vector", test_one_vector);
  g_test_add_func ("/smb2-frames/credits", test_credits);
  g_test_add_func ("/smb2-frames/credits/2.0.2", test_credits_2_02);
  g_test_add_func ("/smb2-frames/impossible", test_impossible);
  g_test_add_func ("/smb2-frames/no-key", test_no_key);
  g_test_add_func ("/smb2-frames/session-setup", test_session_setup);
  g_test_add_func ("/smb2-frames/cancel-sealed", test_cancel_sealed);
  add_for_all ("signed", test_signed, FALSE);
  add_for_all ("sealed", test_sealed, TRUE);
  add_for_all ("cancel", test_cancel, FALSE);

  return g_test_run ();
}
