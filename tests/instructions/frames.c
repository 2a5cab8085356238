/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "counted.h"

#include "../unit/smb2-peer.h"

/* The codec of SMB2 alone: chains of CREATE, QUERY_INFO and CLOSE, signed, and what a server answers to
 * them. */

#define N_STEPS 3

static const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };

static const SmbCommand commands[N_STEPS] = { SMB_COMMAND_CREATE, SMB_COMMAND_QUERY_INFO, SMB_COMMAND_CLOSE };

/* [MS-SMB2] 2.2.14, 2.2.38, 2.2.16; the second has 8 bytes of data. */
static const struct
{
  guint8 bytes[88];
  gsize  size;
} bodies[N_STEPS] = {
  { { 89, 0, 0, 0, 1 }, 88 },
  { { 9, 0, 72, 0, 8, 0, 0, 0, 'c', 'o', 'n', 't', 'e', 'n', 't', 's' }, 16 },
  { { 60, 0 }, 60 },
};

typedef struct
{
  Peer         peer;
  guint        n_chains;
  SmbRequest **requests; /* N_STEPS a chain, as follows */
  SmbFrame   **frames;
  GByteArray **answers;
} Frames;

static SmbRequest *
new_request (SmbCommand command)
{
  SmbRequest *request = smb_request_new (command);

  request->related = command != SMB_COMMAND_CREATE;
  request->tree_id = 0x1234;
  if (command == SMB_COMMAND_CREATE)
    request->create.path = g_strdup ("some folder\\some file.txt");
  else if (command == SMB_COMMAND_QUERY_INFO)
    request->query_info.max_output = 4096;
  return request;
}

static void
frames_init (Frames *self,
             guint   n_chains)
{
  peer_init (&self->peer, &newest);
  self->n_chains = n_chains;
  self->requests = g_new0 (SmbRequest *, n_chains * N_STEPS);
  self->frames = g_new0 (SmbFrame *, n_chains);
  self->answers = g_new0 (GByteArray *, n_chains);
  for (guint i = 0; i < n_chains * N_STEPS; i++)
    self->requests[i] = new_request (commands[i % N_STEPS]);
}

static void
frames_clear (Frames *self)
{
  for (guint i = 0; i < self->n_chains * N_STEPS; i++)
    smb_request_free (self->requests[i]);
  for (guint i = 0; i < self->n_chains; i++)
    {
      smb_frame_free (self->frames[i]);
      g_clear_pointer (&self->answers[i], g_byte_array_unref);
    }
  g_free (self->requests);
  g_free (self->frames);
  g_free (self->answers);
  peer_clear (&self->peer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Frames, frames_clear)

static void
encode_all (Frames *self)
{
  SmbDialect *dialect = self->peer.dialect;

  for (guint i = 0; i < self->n_chains; i++)
    {
      self->frames[i] = smb_dialect_build (dialect, self->requests + i * N_STEPS, N_STEPS, NULL);
      smb_dialect_finish (dialect, self->frames[i], SMB_PROTECTION_SIGNED, N_STEPS, NULL);
    }
}

static GByteArray *
answer (Peer           *peer,
        const SmbFrame *frame)
{
  static const guint8 zeros[8];
  GByteArray         *bytes = g_byte_array_new ();

  for (guint i = 0; i < N_STEPS; i++)
    {
      guint64 id = smb_frame_get_message (frame, i)->key;
      gsize   begin = bytes->len;

      peer_append (bytes, commands[i], id, SMB_STATUS_SUCCESS, bodies[i].bytes, bodies[i].size);
      if (i + 1 < N_STEPS)
        {
          g_byte_array_append (bytes, zeros, -(bytes->len - begin) & 7);
          smb_smb2_set_u32 (bytes->data + begin, SMB_SMB2_HEADER_NEXT_COMMAND, bytes->len - begin);
        }
      peer_sign (peer, bytes, begin, bytes->len - begin);
    }
  return bytes;
}

static void
decode_one (Frames *self,
            guint   i,
            GArray *items)
{
  SmbReceived       received = { .bytes = self->answers[i]->data, .size = self->answers[i]->len };
  g_autoptr(GError) error = NULL;

  g_array_set_size (items, 0);
  smb_dialect_parse (self->peer.dialect, &received, items, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, N_STEPS);
  for (guint j = 0; j < N_STEPS; j++)
    {
      SmbReply reply;

      smb_dialect_decode (self->peer.dialect, &g_array_index (items, SmbItem, j),
                          self->requests[i * N_STEPS + j], &reply, &error);
      g_assert_no_error (error);
    }
}

static void
encode (guint n_operations)
{
  g_auto(Frames) frames = { 0 };

  frames_init (&frames, n_operations);
  counted_begin ();
  encode_all (&frames);
  counted_end ();
  g_assert_nonnull (frames.frames[n_operations - 1]);
}

static void
decode (guint n_operations)
{
  g_auto(Frames)    frames = { 0 };
  g_autoptr(GArray) items = peer_new_items ();

  frames_init (&frames, n_operations);
  encode_all (&frames);
  for (guint i = 0; i < n_operations; i++)
    frames.answers[i] = answer (&frames.peer, frames.frames[i]);
  counted_begin ();
  for (guint i = 0; i < n_operations; i++)
    decode_one (&frames, i, items);
  counted_end ();
}

const CountedSet counted_frames[] = {
  { "encode", 500, encode },
  { "decode", 500, decode },
  { NULL },
};
