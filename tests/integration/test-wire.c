/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-packets.h"
#include "test-profiles.h"

/* What is really sent: signatures, encryption, credits and the negotiation, seen between client and
 * server. */

#define FSCTL_VALIDATE_NEGOTIATE_INFO 0x00140204
#define STATUS_PENDING                0x00000103
#define UNIT                          65536

typedef struct
{
  TestRelay          *relay;
  SmbProtocolFactory *factory;
  GPtrArray          *frames;
  GArray             *packets;
} Wire;

static void
wire_open (Wire    *self,
           TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  self->relay = test_relay_start (rig->samba);
  self->factory = test_rig_new_client (rig, "alice");
  smb_protocol_factory_open_connection (self->factory, "127.0.0.1", test_relay_get_port (self->relay), -1,
                                        NULL, &error);
  g_assert_no_error (error);
}

/* No more is said after this. */
static void
wire_read (Wire *self)
{
  g_autoptr(GError) error = NULL;

  smb_protocol_factory_close_connection (self->factory, -1, NULL, &error);
  g_assert_no_error (error);
  self->frames = test_relay_dup_frames (self->relay);
  self->packets = test_packets_new (self->frames);
}

static void
wire_clear (Wire *self)
{
  g_clear_pointer (&self->packets, g_array_unref);
  g_clear_pointer (&self->frames, g_ptr_array_unref);
  g_clear_object (&self->factory);
  g_clear_pointer (&self->relay, test_relay_stop);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wire, wire_clear)

/* A little of everything. */
static void
do_things (TestRig            *rig,
           SmbProtocolFactory *factory)
{
  g_autoptr(GBytes)       data = test_data_new (1024 * 1024 + 1);
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (data);
  g_autoptr(GBytes)       back = NULL;
  g_autoptr(GPtrArray)    shares = NULL;
  g_autoptr(GBytes)       echo = NULL;
  g_autofree char        *names = NULL;
  g_autoptr(GError)       error = NULL;

  if (rig->profile->thorough) /* it takes the server some time */
    shares = smb_protocol_factory_list_shares (factory, -1, NULL, &error);
  smb_protocol_factory_create_directory (factory, "data", "wire", -1, NULL, &error);
  smb_protocol_factory_store_file (factory, "data", "wire/file", input, NULL, NULL, NULL, -1, NULL, NULL,
                                   &error);
  g_assert_no_error (error);
  back = test_retrieve (factory, "data", "wire/file");
  g_assert_true (g_bytes_equal (back, data));
  names = test_list (factory, "DATA", "wire", "*");
  g_assert_cmpstr (names, ==, "file");
  smb_protocol_factory_rename (factory, "data", "wire/file", "wire/renamed", -1, NULL, &error);
  smb_protocol_factory_delete_files (factory, "Data", "wire", TRUE, -1, NULL, &error);
  echo = smb_protocol_factory_echo (factory, data, -1, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
is_sealed (const TestProfile *profile)
{
  return profile->encryption == SMB_ENCRYPTION_REQUIRED ||
         strstr (profile->server, "--encryption=required") != NULL;
}

/* Signed whatever the policy: what proves that nobody tampered with the negotiation. */
static gboolean
is_always_signed (const TestPacket *packet)
{
  return packet->command == TEST_SMB2_TREE_CONNECT ||
         (packet->command == TEST_SMB2_IOCTL &&
          test_packet_get_u32 (packet, 4) == FSCTL_VALIDATE_NEGOTIATE_INFO);
}

static void
assert_protected (const TestProfile *profile,
                  const TestPacket  *packet)
{
  gboolean is_signed = profile->signing_algorithm != NULL;

  g_assert_cmpint (packet->sealed, ==, is_sealed (profile));
  if (packet->sealed)
    return;
  if (packet->status == STATUS_PENDING && packet->way == TEST_RELAY_DOWN) /* which servers do not sign */
    return;
  if (packet->way == TEST_RELAY_UP)
    {
      is_signed |= is_always_signed (packet);
      g_assert_cmpint ((packet->flags & TEST_SMB2_FLAG_SIGNED) != 0, ==, is_signed);
    }
  if (is_signed)
    {
      g_assert_true (packet->flags & TEST_SMB2_FLAG_SIGNED);
      g_assert_true (packet->has_signature);
    }
}

static void
assert_all_protected (TestRig *rig,
                      GArray  *packets)
{
  guint first = test_packets_find_login_end (packets);

  g_assert_cmpuint (packets->len - first, >, 20);
  for (guint i = first; i < packets->len; i++)
    assert_protected (rig->profile, test_packets_get (packets, i));
}

/* [MS-SMB2] 3.2.4.1.5, 3.2.5.1.4: no more is spent than was granted, ids follow each other without gaps. */
static void
assert_credits (TestRig *rig,
                GArray  *packets)
{
  gboolean large = rig->profile->dialect >= SMB_DIALECT_VERSION_SMB_2_10;
  guint64  next_id = 1;
  gint64   held = 0;

  for (guint i = 1; i < packets->len; i++) /* from the answer to NEGOTIATE */
    {
      const TestPacket *packet = test_packets_get (packets, i);
      guint             units = MAX (packet->charge, 1);

      if (packet->way == TEST_RELAY_DOWN)
        {
          held += packet->credits;
          continue;
        }
      g_assert_cmpuint (packet->message_id, ==, next_id);
      next_id += units;
      held -= units;
      g_assert_cmpint (held, >=, 0);
      if (packet->frame != test_packets_get (packets, i - 1)->frame) /* the first may ask for all of a frame */
        g_assert_cmpuint (packet->credits, >=, 1);
      g_assert_cmpuint (packet->credits, <=, 8192);
      if (!large)
        g_assert_cmpuint (packet->charge, ==, 0);
      else if (packet->command == TEST_SMB2_READ || packet->command == TEST_SMB2_WRITE)
        g_assert_cmpuint (packet->charge, ==, (test_packet_get_u32 (packet, 4) + UNIT - 1) / UNIT);
    }
  g_assert_cmpint (held, <=, 8192);
}

/* Once each, whatever the case of the share's name; at the end the session is given back. */
static void
assert_once (TestRig *rig,
             GArray  *packets)
{
  gboolean validated = rig->profile->dialect < SMB_DIALECT_VERSION_SMB_3_11;
  guint    n_validations = 0;

  g_assert_cmpuint (test_packets_count (packets, TEST_RELAY_UP, TEST_SMB2_NEGOTIATE), ==, 1);
  g_assert_cmpuint (test_packets_count (packets, TEST_RELAY_UP, TEST_SMB2_SESSION_SETUP), ==, 2);
  g_assert_cmpuint (test_packets_count (packets, TEST_RELAY_UP, TEST_SMB2_TREE_CONNECT), ==,
                    rig->profile->thorough ? 2 : 1);
  g_assert_cmpuint (test_packets_count (packets, TEST_RELAY_UP, TEST_SMB2_LOGOFF), ==, 1);
  g_assert_cmpuint (test_packets_count (packets, TEST_RELAY_UP, TEST_SMB2_CANCEL), ==, 0);
  g_assert_cmpuint (test_packets_count (packets, TEST_RELAY_UP, TEST_SMB2_CREATE), ==,
                    test_packets_count (packets, TEST_RELAY_UP, TEST_SMB2_CLOSE));
  for (guint i = 0; i < packets->len; i++)
    {
      const TestPacket *packet = test_packets_get (packets, i);

      n_validations += packet->way == TEST_RELAY_UP && packet->command == TEST_SMB2_IOCTL &&
                       test_packet_get_u32 (packet, 4) == FSCTL_VALIDATE_NEGOTIATE_INFO;
    }
  if (validated && rig->profile->max_dialect == SMB_DIALECT_VERSION_SMB_2_10) /* nothing newer was offered */
    validated = FALSE;
  g_assert_cmpuint (n_validations, ==, validated ? 1 : 0);
}

static void
test_traffic (TestRig *rig)
{
  g_auto(Wire) wire = { NULL };

  wire_open (&wire, rig);
  do_things (rig, wire.factory);
  wire_read (&wire);
  assert_all_protected (rig, wire.packets);
  if (is_sealed (rig->profile)) /* no more can be seen */
    return;
  assert_credits (rig, wire.packets);
  assert_once (rig, wire.packets);
}

/* [MS-SMB2] 2.2.3 */
static void
test_negotiate (TestRig *rig)
{
  static const guint16  known[] = { 0x0202, 0x0210, 0x0300, 0x0302, 0x0311 };
  g_auto(Wire)          wire = { NULL };
  const TestPacket     *packet;
  guint                 n_known = 0;
  SmbDialectVersion     newest = rig->profile->max_dialect;

  wire_open (&wire, rig);
  wire_read (&wire);
  packet = test_packets_get (wire.packets, 0);

  while (n_known < G_N_ELEMENTS (known) && (newest == SMB_DIALECT_VERSION_NONE || known[n_known] <= newest))
    n_known++;
  g_assert_cmpuint (packet->command, ==, TEST_SMB2_NEGOTIATE);
  g_assert_cmpuint (packet->message_id, ==, 0);
  g_assert_cmpuint (test_packet_get_u16 (packet, 0), ==, 36);
  g_assert_cmpuint (test_packet_get_u16 (packet, 2), ==, n_known);
  g_assert_cmphex (test_packet_get_u16 (packet, 4), ==, 1); /* signing is enabled, whether it is wanted or not */
  for (guint i = 0; i < n_known; i++)
    g_assert_cmphex (test_packet_get_u16 (packet, 36 + 2 * i), ==, known[i]);
  if (known[n_known - 1] >= 0x0311)
    {
      g_assert_cmpuint (test_packet_get_u32 (packet, 28) % 8, ==, 0); /* of the contexts, from the header */
      g_assert_cmpuint (test_packet_get_u16 (packet, 32), >=, 3);     /* integrity, ciphers, signatures */
    }
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "traffic", test_traffic },
    { "negotiate", test_negotiate },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("wire", TEST_PROFILES_SMB2, cases);
  return test_profiles_run ();
}
