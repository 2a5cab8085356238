/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-peer.h"

static const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };

static const guint8 echo_body[] = { 4, 0, 0, 0 };
static const guint8 error_body[] = { 9, 0, 0, 0, 0, 0, 0, 0, 0 };

/* A peer that has sent ECHOs, and the bytes of their answers. */
typedef struct
{
  Peer        peer;
  GByteArray *bytes;
  guint8     *memory;
  GArray     *items;
} Fixture;

static void
fixture_set_up (Fixture       *f,
                gconstpointer  data)
{
  peer_init (&f->peer, data);
  f->bytes = g_byte_array_new ();
  f->items = peer_new_items ();
  f->memory = NULL;
}

static void
fixture_tear_down (Fixture       *f,
                   gconstpointer  data)
{
  peer_clear (&f->peer);
  g_byte_array_unref (f->bytes);
  g_array_unref (f->items);
  g_free (f->memory);
}

static guint64
echo (Fixture       *f,
      SmbProtection  protection)
{
  return peer_send_command (&f->peer, SMB_COMMAND_ECHO, protection);
}

/* Appends the answer to an ECHO; returns where it begins. */
static gsize
append_echo (Fixture *f,
             guint64  id)
{
  gsize offset = f->bytes->len;

  peer_append (f->bytes, SMB_COMMAND_ECHO, id, SMB_STATUS_SUCCESS, echo_body, sizeof echo_body);
  return offset;
}

static gsize
append_error (Fixture    *f,
              SmbCommand  command,
              guint64     id,
              guint32     status)
{
  gsize offset = f->bytes->len;

  peer_append (f->bytes, command, id, status, error_body, sizeof error_body);
  return offset;
}

/* Makes the message at @offset one that has a successor. */
static void
chain (Fixture *f,
       gsize    offset)
{
  static const guint8 zeros[8];

  g_byte_array_append (f->bytes, zeros, -(f->bytes->len - offset) & 7);
  smb_smb2_set_u32 (f->bytes->data + offset, SMB_SMB2_HEADER_NEXT_COMMAND, f->bytes->len - offset);
}

static void
assert_parsed (Fixture *f,
               guint    n_items)
{
  g_autoptr(GError) error = NULL;

  g_array_set_size (f->items, 0);
  peer_parse (&f->peer, f->bytes, &f->memory, f->items, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (f->items->len, ==, n_items);
}

static void
assert_refused (Fixture  *f,
                SmbError  code)
{
  g_autoptr(GError) error = NULL;

  g_array_set_size (f->items, 0);
  g_assert_false (peer_parse (&f->peer, f->bytes, &f->memory, f->items, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_cmpuint (f->items->len, ==, 0);
}

static const SmbItem *
get_item (Fixture *f,
          guint    i)
{
  return &g_array_index (f->items, SmbItem, i);
}

static void
test_plain (Fixture       *f,
            gconstpointer  data)
{
  guint64 id = echo (f, SMB_PROTECTION_NONE);
  const SmbItem *item;

  append_echo (f, id);
  smb_smb2_set_u16 (f->bytes->data, SMB_SMB2_HEADER_CREDITS, 17);
  assert_parsed (f, 1);
  item = get_item (f, 0);
  g_assert_cmpint (item->kind, ==, SMB_ITEM_REPLY);
  g_assert_cmpuint (item->key, ==, id);
  g_assert_cmpint (item->command, ==, SMB_COMMAND_ECHO);
  g_assert_cmphex (item->status, ==, SMB_STATUS_SUCCESS);
  g_assert_cmpuint (item->units, ==, 17);
  g_assert_cmpint (item->protection, ==, SMB_PROTECTION_NONE);
  g_assert_cmpint (item->tolerated, ==, SMB_PROTECTION_NONE);
  g_assert_true (item->bytes == f->memory);
  g_assert_cmpuint (item->size, ==, 68);
  g_assert_null (item->payload);

  /* It has been answered. */
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

static void
test_signed (Fixture       *f,
             gconstpointer  data)
{
  append_echo (f, echo (f, SMB_PROTECTION_SIGNED));
  peer_sign (&f->peer, f->bytes, 0, f->bytes->len);
  assert_parsed (f, 1);
  g_assert_cmpint (get_item (f, 0)->protection, ==, SMB_PROTECTION_SIGNED);
}

/* Any change breaks it, but for the flag that says that there is a signature: that leaves an unsigned message. */
static void
test_signed_tampered (Fixture       *f,
                      gconstpointer  data)
{
  guint64 id = echo (f, SMB_PROTECTION_SIGNED);

  append_echo (f, id);
  peer_sign (&f->peer, f->bytes, 0, f->bytes->len);
  for (gsize i = 0; i < f->bytes->len * 8; i++)
    {
      g_autoptr(GError) error = NULL;

      g_array_set_size (f->items, 0);
      f->bytes->data[i / 8] ^= 1 << i % 8;
      if (peer_parse (&f->peer, f->bytes, &f->memory, f->items, &error))
        {
          g_assert_cmpint (get_item (f, 0)->protection, ==, SMB_PROTECTION_NONE);
          if (get_item (f, 0)->kind == SMB_ITEM_REPLY)
            id = echo (f, SMB_PROTECTION_SIGNED);
        }
      f->bytes->data[i / 8] ^= 1 << i % 8;
      smb_smb2_set_u64 (f->bytes->data, SMB_SMB2_HEADER_MESSAGE_ID, id);
      peer_sign (&f->peer, f->bytes, 0, f->bytes->len);
    }
}

static void
test_compound (Fixture       *f,
               gconstpointer  data)
{
  guint64 first = echo (f, SMB_PROTECTION_SIGNED);
  guint64 second = echo (f, SMB_PROTECTION_SIGNED);
  gsize begin, middle;

  begin = append_echo (f, second);
  chain (f, begin);
  middle = append_echo (f, first);
  peer_sign (&f->peer, f->bytes, begin, middle);
  peer_sign (&f->peer, f->bytes, middle, f->bytes->len - middle);

  assert_parsed (f, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (get_item (f, i)->protection, ==, SMB_PROTECTION_SIGNED);
  g_assert_cmpuint (get_item (f, 0)->key, ==, second);
  g_assert_cmpuint (get_item (f, 0)->size, ==, 72);
  g_assert_cmpuint (get_item (f, 1)->key, ==, first);
  g_assert_true (get_item (f, 1)->bytes == f->memory + 72);
  g_assert_cmpuint (get_item (f, 1)->size, ==, 68);
}

/* The padding is part of what is signed; and one bad message spoils the frame. */
static void
test_compound_tampered (Fixture       *f,
                        gconstpointer  data)
{
  gsize begin, middle;

  begin = append_echo (f, echo (f, SMB_PROTECTION_SIGNED));
  chain (f, begin);
  middle = append_echo (f, echo (f, SMB_PROTECTION_SIGNED));
  peer_sign (&f->peer, f->bytes, begin, middle);
  peer_sign (&f->peer, f->bytes, middle, f->bytes->len - middle);
  f->bytes->data[f->bytes->len - 1] ^= 1;
  assert_refused (f, SMB_ERROR_SECURITY);
}

static void
test_compound_hostile (Fixture       *f,
                       gconstpointer  data)
{
  static const guint32 offsets[] = { 1, 7, 8, 56, 63, 65, 68, 76, 80, 144, 0x7ffffff8, 0xfffffff8, 0xffffffff };

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_byte_array_set_size (f->bytes, 0);
      append_echo (f, echo (f, SMB_PROTECTION_NONE));
      chain (f, 0);
      append_echo (f, echo (f, SMB_PROTECTION_NONE));
      smb_smb2_set_u32 (f->bytes->data, SMB_SMB2_HEADER_NEXT_COMMAND, offsets[i]);
      assert_refused (f, SMB_ERROR_PROTOCOL);
    }
}

/* Headers that are good in themselves: one that is not aligned, one that lies over the first. */
static void
test_compound_misplaced (Fixture       *f,
                         gconstpointer  data)
{
  static const guint32 offsets[] = { 68, 56 };

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_byte_array_set_size (f->bytes, 0);
      append_echo (f, echo (f, SMB_PROTECTION_NONE));
      g_byte_array_set_size (f->bytes, offsets[i]);
      append_echo (f, echo (f, SMB_PROTECTION_NONE));
      smb_smb2_set_u32 (f->bytes->data, SMB_SMB2_HEADER_NEXT_COMMAND, offsets[i]);
      assert_refused (f, SMB_ERROR_PROTOCOL);
    }
}

static void
test_sealed (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GByteArray) sealed = NULL;
  gsize begin;

  begin = append_echo (f, echo (f, SMB_PROTECTION_SEALED));
  chain (f, begin);
  append_echo (f, echo (f, SMB_PROTECTION_SEALED));
  sealed = peer_seal (&f->peer, f->bytes);
  g_byte_array_unref (f->bytes);
  f->bytes = g_steal_pointer (&sealed);

  assert_parsed (f, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (get_item (f, i)->protection, ==, SMB_PROTECTION_SEALED);
  g_assert_true (get_item (f, 0)->bytes == f->memory + 52);
}

static void
seal_and_refuse (Fixture          *f,
                 const GByteArray *plain,
                 SmbError          code)
{
  g_byte_array_unref (f->bytes);
  f->bytes = peer_seal (&f->peer, plain);
  assert_refused (f, code);
}

/* Nothing but messages may be inside, and nothing behind. */
static void
test_sealed_hostile (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GByteArray) plain = g_byte_array_new ();
  g_autoptr(GByteArray) nested = NULL;
  guint64 id = echo (f, SMB_PROTECTION_SEALED);

  seal_and_refuse (f, plain, SMB_ERROR_PROTOCOL); /* nothing at all */
  peer_append (plain, SMB_COMMAND_ECHO, id, SMB_STATUS_SUCCESS, echo_body, sizeof echo_body);
  nested = peer_seal (&f->peer, plain);
  seal_and_refuse (f, nested, SMB_ERROR_PROTOCOL);
  nested->data[0] = SMB_SMB2_PROTOCOL_COMPRESSED;
  seal_and_refuse (f, nested, SMB_ERROR_PROTOCOL);

  smb_smb2_set_u64 (plain->data, SMB_SMB2_HEADER_SESSION_ID, PEER_SESSION_ID + 1);
  seal_and_refuse (f, plain, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u64 (plain->data, SMB_SMB2_HEADER_SESSION_ID, PEER_SESSION_ID);

  g_byte_array_set_size (f->bytes, 0);
  g_byte_array_append (f->bytes, nested->data, nested->len);
  assert_refused (f, SMB_ERROR_PROTOCOL); /* compressed */

  g_byte_array_unref (f->bytes);
  f->bytes = peer_seal (&f->peer, plain);
  smb_smb2_set_u64 (f->bytes->data, 44, PEER_SESSION_ID + 1);
  assert_refused (f, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u64 (f->bytes->data, 44, PEER_SESSION_ID);
  smb_smb2_set_u16 (f->bytes->data, 42, 2);
  assert_refused (f, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u16 (f->bytes->data, 42, 1);
  f->bytes->data[20] ^= 1;
  assert_refused (f, SMB_ERROR_SECURITY);
  f->bytes->data[20] ^= 1;
  g_byte_array_append (f->bytes, echo_body, sizeof echo_body);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

static void
test_sealed_prefixes (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(GByteArray) sealed = NULL;

  append_echo (f, echo (f, SMB_PROTECTION_SEALED));
  sealed = peer_seal (&f->peer, f->bytes);
  for (gsize size = 0; size < sealed->len; size++)
    {
      g_byte_array_set_size (f->bytes, 0);
      g_byte_array_append (f->bytes, sealed->data, size);
      assert_refused (f, SMB_ERROR_PROTOCOL);
    }
}

/* A frame of two messages, cut anywhere. A cut in the second's body is for the body's decoder to see. */
static void
test_prefixes (Fixture       *f,
               gconstpointer  data)
{
  for (gsize size = 0; size < 72 + 64; size++)
    {
      g_byte_array_set_size (f->bytes, 0);
      append_echo (f, echo (f, SMB_PROTECTION_NONE));
      chain (f, 0);
      append_echo (f, echo (f, SMB_PROTECTION_NONE));
      g_byte_array_set_size (f->bytes, size);
      assert_refused (f, SMB_ERROR_PROTOCOL);
    }
}

static void
test_header_wrong (Fixture       *f,
                   gconstpointer  data)
{
  guint64 id = echo (f, SMB_PROTECTION_NONE);
  guint8 *header;

  append_echo (f, id);
  header = f->bytes->data;
  smb_smb2_set_u32 (header, SMB_SMB2_HEADER_FLAGS, 0); /* a request */
  assert_refused (f, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u32 (header, SMB_SMB2_HEADER_FLAGS, SMB_SMB2_FLAG_RESPONSE);
  smb_smb2_set_u16 (header, 4, 65);
  assert_refused (f, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u16 (header, 4, 64);
  header[0] = 0xff;
  assert_refused (f, SMB_ERROR_PROTOCOL);
  header[0] = 0xfe;
  smb_smb2_set_u64 (header, SMB_SMB2_HEADER_SESSION_ID, 0);
  assert_refused (f, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u64 (header, SMB_SMB2_HEADER_SESSION_ID, PEER_SESSION_ID);
  smb_smb2_set_u16 (header, SMB_SMB2_HEADER_COMMAND, SMB_COMMAND_CLOSE);
  assert_refused (f, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u16 (header, SMB_SMB2_HEADER_COMMAND, SMB_COMMAND_ECHO);
  smb_smb2_set_u64 (header, SMB_SMB2_HEADER_MESSAGE_ID, id + 1);
  assert_refused (f, SMB_ERROR_PROTOCOL);
  smb_smb2_set_u64 (header, SMB_SMB2_HEADER_MESSAGE_ID, id);
  assert_parsed (f, 1);
}

/* The grants of a frame are a number of 16 bits altogether. */
static void
test_credits (Fixture       *f,
              gconstpointer  data)
{
  gsize begin, middle;

  begin = append_echo (f, echo (f, SMB_PROTECTION_NONE));
  chain (f, begin);
  middle = append_echo (f, echo (f, SMB_PROTECTION_NONE));
  smb_smb2_set_u16 (f->bytes->data + begin, SMB_SMB2_HEADER_CREDITS, 0xffff);
  smb_smb2_set_u16 (f->bytes->data + middle, SMB_SMB2_HEADER_CREDITS, 1);
  assert_refused (f, SMB_ERROR_PROTOCOL);
}

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
  { SMB_COMMAND_SESSION_SETUP, SMB_STATUS_MORE_PROCESSING_REQUIRED, SMB_PROTECTION_SIGNED, SMB_PROTECTION_SIGNED,
    SMB_PROTECTION_SIGNED },
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

/* Whatever a bit is changed to, nothing breaks. */
static void
test_bit_flips (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GByteArray) whole = NULL;
  gsize begin;

  begin = append_echo (f, echo (f, SMB_PROTECTION_NONE));
  chain (f, begin);
  append_error (f, SMB_COMMAND_ECHO, echo (f, SMB_PROTECTION_NONE), SMB_STATUS_PENDING);
  whole = g_byte_array_ref (f->bytes);
  for (gsize i = 0; i < whole->len * 8; i++)
    {
      guint n_items = f->items->len;
      gboolean good;

      whole->data[i / 8] ^= 1 << i % 8;
      good = peer_parse (&f->peer, whole, &f->memory, f->items, NULL);
      g_assert_cmpuint (f->items->len, ==, good ? n_items + 2 : n_items);
      whole->data[i / 8] ^= 1 << i % 8;
      if (good)
        {
          smb_smb2_set_u64 (whole->data, SMB_SMB2_HEADER_MESSAGE_ID, echo (f, SMB_PROTECTION_NONE));
          smb_smb2_set_u64 (whole->data, begin + 72 + SMB_SMB2_HEADER_MESSAGE_ID, echo (f, SMB_PROTECTION_NONE));
        }
    }
}

#define ADD(path, func) g_test_add ("/smb2-parse/" path, Fixture, &newest, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  static const PeerOptions oldest = { .dialect = 0x0202 };

  g_test_init (&argc, &argv, NULL);

  ADD ("plain", test_plain);
  ADD ("signed", test_signed);
  ADD ("signed/tampered", test_signed_tampered);
  ADD ("compound", test_compound);
  ADD ("compound/tampered", test_compound_tampered);
  ADD ("compound/hostile", test_compound_hostile);
  ADD ("compound/misplaced", test_compound_misplaced);
  ADD ("sealed", test_sealed);
  ADD ("sealed/hostile", test_sealed_hostile);
  ADD ("sealed/prefixes", test_sealed_prefixes);
  ADD ("prefixes", test_prefixes);
  ADD ("header-wrong", test_header_wrong);
  ADD ("credits", test_credits);
  ADD ("interim", test_interim);
  ADD ("interim/signed", test_interim_signed);
  ADD ("unsolicited", test_unsolicited);
  ADD ("tolerance", test_tolerance);
  ADD ("login-again", test_login_again);
  ADD ("payload", test_payload);
  ADD ("payload/decoded", test_payload_decoded);
  ADD ("payload/misplaced", test_payload_misplaced);
  ADD ("peek", test_peek);
  ADD ("bit-flips", test_bit_flips);
  g_test_add ("/smb2-parse/2.0.2/signed", Fixture, &oldest, fixture_set_up, test_signed, fixture_tear_down);
  g_test_add ("/smb2-parse/2.0.2/compound", Fixture, &oldest, fixture_set_up, test_compound, fixture_tear_down);
  g_test_add ("/smb2-parse/2.0.2/payload", Fixture, &oldest, fixture_set_up, test_payload, fixture_tear_down);

  return g_test_run ();
}
