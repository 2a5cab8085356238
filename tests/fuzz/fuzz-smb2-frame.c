/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../unit/smb2-peer.h"
#include "fuzz.h"

/* In front of the message: how it comes, and which requests it may answer. */
#define PREAMBLE_SIZE 2

#define WITH_KEYS     0x01
#define SEALED        0x02 /* by this program, as only the server can */
#define SIGNED        0x04 /* likewise, if it is a single message */
#define PAYLOAD_APART 0x08

#define N_REQUESTS 6

static const PeerOptions versions[] = {
  { .dialect = 0x0202 },
  { .dialect = 0x0300 },
  { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM },
  { 0x0311, SMB_MAC_AES_128_CMAC, SMB_CIPHER_AES_128_CCM },
};

static const SmbCommand commands[] = {
  SMB_COMMAND_SESSION_SETUP, SMB_COMMAND_TREE_CONNECT, SMB_COMMAND_READ, SMB_COMMAND_ECHO,
};

static SmbRequest *
new_request (SmbCommand command)
{
  SmbRequest *request = smb_request_new (command);

  if (command == SMB_COMMAND_TREE_CONNECT)
    request->tree_connect.path = g_strdup ("\\\\server\\share");
  if (command == SMB_COMMAND_READ)
    request->read.length = 65536;
  return request;
}

/* @choice: two bits for each request. */
static void
send_requests (Peer   *peer,
               guint16 choice)
{
  for (guint i = 0; i < N_REQUESTS; i++)
    {
      g_autoptr(SmbRequest) request = new_request (commands[choice >> 2 * i & 3]);

      smb_frame_free (peer_send (peer, request, SMB_PROTECTION_NONE));
    }
}

static GByteArray *
prepare (Peer         *peer,
         guint8        mode,
         const guint8 *data,
         gsize         size)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, data, size);
  if ((mode & WITH_KEYS) && (mode & SIGNED) && size >= SMB_SMB2_HEADER_SIZE)
    peer_sign (peer, bytes, 0, bytes->len);
  if ((mode & WITH_KEYS) && (mode & SEALED) && peer->sealer.sealing != NULL)
    return peer_seal (peer, bytes);

  return g_steal_pointer (&bytes);
}

static void
decode_items (Peer         *peer,
              const GArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const SmbItem *item = &g_array_index (items, SmbItem, i);
      g_autoptr(SmbRequest) request = NULL;
      SmbReply reply;

      if (item->kind != SMB_ITEM_REPLY)
        continue;
      request = new_request (item->command);
      smb_dialect_decode (peer->dialect, item, request, &reply, NULL);
    }
}

/* Where the dialect says that a payload can be received elsewhere, or all in one piece. */
static void
receive (Peer             *peer,
         const GByteArray *bytes,
         gboolean          apart)
{
  g_autoptr(GArray) items = peer_new_items ();
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *first = NULL;
  g_autofree guint8 *second = NULL;
  gsize size = bytes->len;
  gsize payload_size = 0;
  SmbReceived received;
  guint64 key;

  if (!apart
      || !smb_dialect_peek (peer->dialect, bytes->data, MIN (bytes->len, 80), bytes->len,
                            &key, &size, &payload_size))
    size = bytes->len;
  g_assert_cmpuint (size, <=, bytes->len);

  first = g_memdup2 (bytes->data, size);
  second = g_memdup2 (bytes->data + size, bytes->len - size);
  received = (SmbReceived) { first, size, second, bytes->len - size };
  if (smb_dialect_parse (peer->dialect, &received, items, &error))
    decode_items (peer, items);
  else
    g_assert_true (error->domain == SMB_ERROR && items->len == 0);
}

static void
play (const guint8 *data,
      gsize         size)
{
  const PeerOptions *version = &versions[data[0] >> 4 & 3];
  g_autoptr(GByteArray) bytes = NULL;
  g_auto(Peer) peer = { .dialect = g_object_new (SMB_TYPE_SMB2_DIALECT, NULL) };

  peer_negotiate (&peer, version);
  if (data[0] & WITH_KEYS)
    peer_log_in (&peer);
  send_requests (&peer, data[1] | data[1] << 8);
  bytes = prepare (&peer, data[0], data + PREAMBLE_SIZE, size - PREAMBLE_SIZE);
  receive (&peer, bytes, (data[0] & PAYLOAD_APART) != 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  if (size > PREAMBLE_SIZE)
    play (data, size);
  return 0;
}
