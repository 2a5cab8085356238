/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-packets.h"

#define HEADER_SIZE 64

static guint16
u16 (const guint8 *bytes)
{
  return bytes[0] | bytes[1] << 8;
}

static guint32
u32 (const guint8 *bytes)
{
  return u16 (bytes) | (guint32) u16 (bytes + 2) << 16;
}

static guint64
u64 (const guint8 *bytes)
{
  return u32 (bytes) | (guint64) u32 (bytes + 4) << 32;
}

static void
parse_header (const guint8 *bytes,
              TestPacket   *packet)
{
  static const guint8 none[16];

  packet->charge = u16 (bytes + 6);
  packet->status = u32 (bytes + 8);
  packet->command = u16 (bytes + 12);
  packet->credits = u16 (bytes + 14);
  packet->flags = u32 (bytes + 16);
  packet->message_id = u64 (bytes + 24);
  packet->tree_id = packet->flags & TEST_SMB2_FLAG_ASYNC ? 0 : u32 (bytes + 36);
  packet->session_id = u64 (bytes + 40);
  packet->has_signature = memcmp (bytes + 48, none, sizeof none) != 0;
}

static void
parse_chain (const guint8 *bytes,
             gsize         size,
             TestPacket   *packet,
             GArray       *packets)
{
  for (;;)
    {
      gsize next;

      g_assert_cmpuint (size, >=, HEADER_SIZE);
      g_assert_cmpmem (bytes, 4, "\xfeSMB", 4);
      next = u32 (bytes + 20);
      g_assert_cmpuint (next, <=, size);
      parse_header (bytes, packet);
      packet->body = bytes + HEADER_SIZE;
      packet->body_size = (next == 0 ? size : next) - HEADER_SIZE;
      g_array_append_val (packets, *packet);
      if (next == 0)
        return;
      bytes += next;
      size -= next;
    }
}

/* NetBIOS's request for a session, of two names of 34 bytes, and the answer to it ([RFC 1002] 4.3). */
static gboolean
is_session_setup (const guint8 *bytes,
                  gsize         size)
{
  return size == 0 || (size == 68 && bytes[0] == 32 && bytes[34] == 32);
}

GArray *
test_packets_new (GPtrArray *frames)
{
  GArray *packets = g_array_new (FALSE, TRUE, sizeof (TestPacket));

  for (guint i = 0; i < frames->len; i++)
    {
      const TestFrame *frame = g_ptr_array_index (frames, i);
      gsize            size;
      const guint8    *bytes = g_bytes_get_data (frame->bytes, &size);
      TestPacket       packet = { .way = frame->way, .frame = i };

      if (is_session_setup (bytes, size))
        continue;
      g_assert_cmpuint (size, >=, 4);
      packet.sealed = memcmp (bytes, "\xfdSMB", 4) == 0;
      if (packet.sealed)
        g_array_append_val (packets, packet);
      else
        parse_chain (bytes, size, &packet, packets);
    }
  return packets;
}

const TestPacket *
test_packets_get (GArray *packets,
                  guint   index)
{
  g_assert_cmpuint (index, <, packets->len);
  return &g_array_index (packets, TestPacket, index);
}

guint
test_packets_count (GArray       *packets,
                    TestRelayWay  way,
                    guint16       command)
{
  guint n = 0;

  for (guint i = 0; i < packets->len; i++)
    {
      const TestPacket *packet = test_packets_get (packets, i);

      n += packet->way == way && !packet->sealed && packet->command == command;
    }
  return n;
}

guint
test_packets_find_login_end (GArray *packets)
{
  for (guint i = 0; i < packets->len; i++)
    {
      const TestPacket *packet = test_packets_get (packets, i);

      if (packet->way == TEST_RELAY_DOWN && packet->command == TEST_SMB2_SESSION_SETUP && packet->status == 0)
        return i + 1;
    }
  g_assert_not_reached ();
}

guint16
test_packet_get_u16 (const TestPacket *packet,
                     gsize             offset)
{
  g_assert_cmpuint (offset + 2, <=, packet->body_size);
  return u16 (packet->body + offset);
}

guint32
test_packet_get_u32 (const TestPacket *packet,
                     gsize             offset)
{
  g_assert_cmpuint (offset + 4, <=, packet->body_size);
  return u32 (packet->body + offset);
}
