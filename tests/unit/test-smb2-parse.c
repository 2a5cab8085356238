/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-received.h"

static const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };

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

/* Any change breaks it, but for the flag that says that there is a signature: that leaves an unsigned
 * message. */
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
  static const guint32 offsets[] = {
    1, 7, 8, 56, 63, 65, 68, 76, 80, 144, 0x7ffffff8, 0xfffffff8, 0xffffffff,
  };

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
          smb_smb2_set_u64 (whole->data + begin + 72, SMB_SMB2_HEADER_MESSAGE_ID,
                            echo (f, SMB_PROTECTION_NONE));
        }
    }
}

#define ADD(path, func) \
  g_test_add ("/smb2-parse/" path, Fixture, &newest, fixture_set_up, func, fixture_tear_down)
#define ADD_2_0_2(path, func) \
  g_test_add ("/smb2-parse/2.0.2/" path, Fixture, &oldest, fixture_set_up, func, fixture_tear_down)

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
  ADD ("bit-flips", test_bit_flips);
  ADD_2_0_2 ("signed", test_signed);
  ADD_2_0_2 ("compound", test_compound);

  return g_test_run ();
}
