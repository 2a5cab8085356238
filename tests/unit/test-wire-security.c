/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "decoder-check.h"
#include "wire/smb-security.h"

/*
 * Made by Samba 4.17 from O:BA G:S-1-22-2-1000 D:PAI(A;OICI;FA;;;SY)(D;;0x1301bf;;;WD)
 * (OA;CI;RPWP;bf967a86-0de6-11d0-a285-00aa003049e2;4828cc14-1437-45bc-9b07-ad6f015e5f28;AU)
 * (OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;PS) S:(AU;SAFA;FA;;;WD)
 */
#define FULL \
  "010014941400000024000000340000005000000001020000000000052000000020020000" \
  "010200000000001602000000e8030000" \
  "04001c000100000002c01400ff010000010100000000000100000000" \
  "040090000400000000031400ff01000001010000000000051200000001001400bf0113000101000000000001000000" \
  "00050238003000000003000000867a96bfe60dd011a28500aa003049e214cc28483714bc459b07ad6f015e5f28" \
  "01010000000000050b000000050028000001000001000000531a72ab2f1ed011981900aa0040529b01010000000000050a000000"

/* O:S-1-5-21-3623811015-3361044348-30300820-1013 D: (an empty DACL), no group */
#define EMPTY_DACL \
  "0100048014000000000000000000000030000000" \
  "010500000000000515000000c7f7fed77c7755c8945ace01f50300000400080000000000"

/*
 * By hand: an allow entry with a condition behind the SID ([MS-DTYP] 2.4.4.6, 2.4.4.17), a resource attribute
 * (2.4.4.15), an entry of an unknown type, and a null DACL with DACL_PRESENT.
 */
#define CALLBACKS \
  "010010800000000000000000" "14000000" "00000000" \
  "020050000300" "0000" \
  "09001c000100000001010000000000010000000061727478" "f8000000" \
  "12001c00000000000101000000000001000000000a0b0c0d" "0e0f1011" \
  "ee0a1000" "000102030405060708090a0b"

static void
assert_sid (const SmbSidData *sid,
            const char       *text)
{
  g_autofree char *actual = NULL;
  SmbSidData parsed;

  g_assert_nonnull (sid);
  actual = smb_sid_data_to_string (sid);
  g_assert_cmpstr (actual, ==, text);
  g_assert_true (smb_sid_data_from_string (&parsed, text));
  g_assert_true (smb_sid_data_equal (&parsed, sid));
}

static SmbSecurityDescriptorData *
decode_hex (const char *hex)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);
  g_autoptr(GError) error = NULL;
  SmbSecurityDescriptorData *descriptor = smb_security_descriptor_data_decode (bytes, size, &error);

  g_assert_no_error (error);

  return descriptor;
}

static void
assert_ace (const SmbAclData *acl,
            guint             index,
            guint8            type,
            guint8            flags,
            guint32           mask,
            const char       *sid)
{
  const SmbAceData *ace = acl->aces->pdata[index];

  g_assert_cmphex (ace->type, ==, type);
  g_assert_cmphex (ace->flags, ==, flags);
  g_assert_cmphex (ace->mask, ==, mask);
  g_assert_true (ace->has_sid);
  assert_sid (&ace->sid, sid);
}

static void
test_descriptor (void)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = decode_hex (FULL);
  const SmbAceData *object, *one_guid;

  g_assert_cmphex (descriptor->control, ==,
                   SMB_SECURITY_CONTROL_SELF_RELATIVE | SMB_SECURITY_CONTROL_DACL_PRESENT |
                   SMB_SECURITY_CONTROL_SACL_PRESENT | SMB_SECURITY_CONTROL_DACL_PROTECTED |
                   SMB_SECURITY_CONTROL_DACL_AUTO_INHERITED);
  assert_sid (descriptor->owner, "S-1-5-32-544");
  assert_sid (descriptor->group, "S-1-22-2-1000");

  g_assert_cmpuint (descriptor->sacl->aces->len, ==, 1);
  assert_ace (descriptor->sacl, 0, SMB_ACE_DATA_SYSTEM_AUDIT, 0xC0, 0x1FF, "S-1-1-0");

  g_assert_cmpuint (descriptor->dacl->revision, ==, 4);
  g_assert_cmpuint (descriptor->dacl->aces->len, ==, 4);
  assert_ace (descriptor->dacl, 0, SMB_ACE_DATA_ACCESS_ALLOWED, 0x03, 0x1FF, "S-1-5-18");
  assert_ace (descriptor->dacl, 1, SMB_ACE_DATA_ACCESS_DENIED, 0, 0x1301BF, "S-1-1-0");
  assert_ace (descriptor->dacl, 2, SMB_ACE_DATA_ACCESS_ALLOWED_OBJECT, 0x02, 0x30, "S-1-5-11");
  assert_ace (descriptor->dacl, 3, SMB_ACE_DATA_ACCESS_ALLOWED_OBJECT, 0, 0x100, "S-1-5-10");

  object = descriptor->dacl->aces->pdata[2];
  g_assert_true (smb_ace_data_is_object (object));
  g_assert_cmphex (object->object_flags, ==, 3);
  assert_bytes (object->object_type, 16, "867a96bfe60dd011a28500aa003049e2");
  assert_bytes (object->inherited_object_type, 16, "14cc28483714bc459b07ad6f015e5f28");
  one_guid = descriptor->dacl->aces->pdata[3];
  g_assert_cmphex (one_guid->object_flags, ==, SMB_ACE_DATA_OBJECT_TYPE_PRESENT);
  assert_bytes (one_guid->object_type, 16, "531a72ab2f1ed011981900aa0040529b");
  assert_bytes (one_guid->inherited_object_type, 16, "00000000000000000000000000000000");
  g_assert_null (one_guid->application_data);
  g_assert_false (smb_ace_data_is_object (descriptor->dacl->aces->pdata[0]));
}

static void
assert_application_data (const SmbAclData *acl,
                         guint             index,
                         const char       *hex)
{
  const SmbAceData *ace = acl->aces->pdata[index];
  gsize size;
  gconstpointer data = g_bytes_get_data (ace->application_data, &size);

  assert_bytes (data, size, hex);
}

static void
test_application_data (void)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = decode_hex (CALLBACKS);
  const SmbAclData *sacl = descriptor->sacl;
  const SmbAceData *unknown;

  g_assert_null (descriptor->owner);
  g_assert_null (descriptor->group);
  g_assert_null (descriptor->dacl);
  g_assert_cmpuint (sacl->aces->len, ==, 3);
  assert_ace (sacl, 0, SMB_ACE_DATA_ACCESS_ALLOWED_CALLBACK, 0, 1, "S-1-1-0");
  assert_application_data (sacl, 0, "61727478f8000000");
  assert_ace (sacl, 1, SMB_ACE_DATA_SYSTEM_RESOURCE_ATTRIBUTE, 0, 0, "S-1-1-0");
  assert_application_data (sacl, 1, "0a0b0c0d0e0f1011");
  unknown = sacl->aces->pdata[2];
  g_assert_cmphex (unknown->type, ==, 0xEE);
  g_assert_cmphex (unknown->flags, ==, 0x0A);
  g_assert_false (unknown->has_sid);
  assert_application_data (sacl, 2, "000102030405060708090a0b");
}

/* An empty DACL is not a null DACL. */
static void
test_empty_dacl (void)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = decode_hex (EMPTY_DACL);
  g_autoptr(SmbSecurityDescriptorData) null_dacl = decode_hex ("01000480" "00000000000000000000000000000000");
  g_autoptr(SmbSecurityDescriptorData) hidden = NULL;

  assert_sid (descriptor->owner, "S-1-5-21-3623811015-3361044348-30300820-1013");
  g_assert_null (descriptor->group);
  g_assert_nonnull (descriptor->dacl);
  g_assert_cmpuint (descriptor->dacl->aces->len, ==, 0);

  g_assert_null (null_dacl->dacl);
  g_assert_cmphex (null_dacl->control & SMB_SECURITY_CONTROL_DACL_PRESENT, !=, 0);

  /* Without DACL_PRESENT its offset says nothing. */
  hidden = decode_hex ("01000080" "000000000000000000000000ff000000");
  g_assert_null (hidden->dacl);
}

static void
assert_round_trip (const char *hex)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = decode_hex (hex);
  g_autoptr(SmbSecurityDescriptorData) again = NULL;
  g_auto(SmbWriter) w = { NULL };
  g_auto(SmbWriter) second = { NULL };
  GError *error = NULL;

  smb_writer_init (&w, NULL);
  smb_writer_u32 (&w, 0xFFFFFFFF); /* offsets count from the descriptor, not from the message */
  g_assert_true (smb_security_descriptor_data_encode (descriptor, &w));
  again = smb_security_descriptor_data_decode (w.bytes->data + 4, w.bytes->len - 4, &error);
  g_assert_no_error (error);
  g_assert_cmphex (again->control, ==, descriptor->control);
  g_assert_cmpuint (w.bytes->len - 4, ==, strlen (hex) / 2); /* nothing was lost or added */

  smb_writer_init (&second, NULL);
  g_assert_true (smb_security_descriptor_data_encode (again, &second));
  g_assert_cmpmem (second.bytes->data, second.bytes->len, w.bytes->data + 4, w.bytes->len - 4);
}

static void
test_encode (void)
{
  g_autoptr(SmbSecurityDescriptorData) empty = smb_security_descriptor_data_new ();
  g_auto(SmbWriter) w = { NULL };

  assert_round_trip (FULL);
  assert_round_trip (EMPTY_DACL);
  assert_round_trip (CALLBACKS);

  smb_writer_init (&w, NULL);
  g_assert_true (smb_security_descriptor_data_encode (empty, &w));
  assert_bytes (w.bytes->data, w.bytes->len, "0100008000000000000000000000000000000000");
}

/* The parts in the order of Windows: SACL, DACL, owner, group. */
static void
test_encode_bytes (void)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = smb_security_descriptor_data_new ();
  SmbAceData *ace = smb_ace_data_new ();
  g_auto(SmbWriter) w = { NULL };

  descriptor->control |= SMB_SECURITY_CONTROL_DACL_PRESENT;
  descriptor->owner = g_new0 (SmbSidData, 1);
  g_assert_true (smb_sid_data_from_string (descriptor->owner, "S-1-5-18"));
  descriptor->dacl = smb_acl_data_new (2);
  ace->type = SMB_ACE_DATA_ACCESS_ALLOWED;
  ace->mask = 0x001F01FF;
  g_assert_true (smb_sid_data_from_string (&ace->sid, "S-1-1-0"));
  g_ptr_array_add (descriptor->dacl->aces, ace);

  smb_writer_init (&w, NULL);
  g_assert_true (smb_security_descriptor_data_encode (descriptor, &w));
  assert_bytes (w.bytes->data, w.bytes->len,
                "01000480" "30000000" "00000000" "00000000" "14000000"
                "02001c0001000000" "00001400ff011f00010100000000000100000000"
                "010100000000000512000000");
}

static void
test_encode_too_long (void)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = smb_security_descriptor_data_new ();
  g_autoptr(SmbAceData) ace = smb_ace_data_new ();
  g_auto(SmbWriter) w = { NULL };

  descriptor->dacl = smb_acl_data_new (2);
  g_assert_true (smb_sid_data_from_string (&ace->sid, "S-1-1-0"));
  for (guint i = 0; i < 65535 / 20; i++)
    g_ptr_array_add (descriptor->dacl->aces, smb_ace_data_copy (ace));
  smb_writer_init (&w, NULL);
  g_assert_true (smb_security_descriptor_data_encode (descriptor, &w));

  g_ptr_array_add (descriptor->dacl->aces, smb_ace_data_copy (ace));
  g_assert_false (smb_security_descriptor_data_encode (descriptor, &w));
}

/* Entries are padded to a multiple of four bytes, and lists so too. */
static void
test_encode_padding (void)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = decode_hex (CALLBACKS);
  SmbAceData *ace = descriptor->sacl->aces->pdata[1];
  g_auto(SmbWriter) w = { NULL };

  g_clear_pointer (&ace->application_data, g_bytes_unref);
  ace->application_data = g_bytes_new ("abc", 3);
  g_ptr_array_remove_index (descriptor->sacl->aces, 2);
  g_ptr_array_remove_index (descriptor->sacl->aces, 0);
  smb_writer_init (&w, NULL);
  g_assert_true (smb_security_descriptor_data_encode (descriptor, &w));
  assert_bytes (w.bytes->data + 20, w.bytes->len - 20,
                "0200200001000000" "12001800" "00000000" "010100000000000100000000" "61626300");
}

static void
test_copy (void)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = decode_hex (CALLBACKS);
  g_autoptr(SmbAclData) copy = smb_acl_data_copy (descriptor->sacl);

  g_clear_pointer (&descriptor, smb_security_descriptor_data_free);
  g_assert_cmpuint (copy->aces->len, ==, 3);
  assert_application_data (copy, 1, "0a0b0c0d0e0f1011");
  smb_security_descriptor_data_free (NULL);
  smb_acl_data_free (NULL);
  smb_ace_data_free (NULL);
}

static gboolean
decode_descriptor (const guint8  *data,
                   gsize          size,
                   GError       **error)
{
  g_autoptr(SmbSecurityDescriptorData) descriptor = smb_security_descriptor_data_decode (data, size, error);

  if (descriptor == NULL)
    return FALSE;

  for (guint i = 0; descriptor->dacl != NULL && i < descriptor->dacl->aces->len; i++)
    {
      const SmbAceData *ace = descriptor->dacl->aces->pdata[i];

      g_free (smb_sid_data_to_string (&ace->sid));
    }

  return TRUE;
}

static void
check (Decode      decode,
       const char *hex,
       gsize       minimum)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);

  check_prefixes (decode, bytes, size, minimum);
  check_corruption (decode, bytes, size);
}

static gboolean
decode_sid (const guint8  *data,
            gsize          size,
            GError       **error)
{
  SmbSidData sid;

  if (!smb_sid_data_decode (&sid, data, size, error))
    return FALSE;

  g_free (smb_sid_data_to_string (&sid));

  return TRUE;
}

static void
assert_refused (const char *hex)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_security_descriptor_data_decode (bytes, size, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

#define WITH_DACL "01000480" "00000000" "00000000" "00000000" "14000000"
#define ENTRY     "00001400ff010000010100000000000100000000"

static void
test_malformed (void)
{
  /* What fits into the descriptor but not into the part that it belongs to. */
  assert_refused (WITH_DACL "0200080001000000" ENTRY); /* list */
  assert_refused (WITH_DACL "02002c0002000000" "00001000ff010000" "0103000000000001" ENTRY); /* entry */
  assert_refused (WITH_DACL "02001c0002000000" ENTRY); /* one entry less than it counts */
  assert_refused (WITH_DACL "02001c0001000000" "00000300ff010000010100000000000100000000");
  assert_refused (WITH_DACL "0200070000000000");
  assert_refused ("01000080" "14000000" "00000000" "00000000" "00000000" "020100000000000100000000");
  assert_refused ("02000080" "00000000" "00000000" "00000000" "00000000");

  check (decode_descriptor, FULL, strlen (FULL) / 2);
  check (decode_descriptor, EMPTY_DACL, strlen (EMPTY_DACL) / 2);
  check (decode_descriptor, CALLBACKS, strlen (CALLBACKS) / 2);
  check (decode_sid, "010500000000000515000000c7f7fed77c7755c8945ace01f5030000", 28);
}

static void
test_sid (void)
{
  static const char *const good[] = {
    "S-1-0-0", "S-1-5", "S-1-5-21-4294967295-0-1-1013", "S-1-4294967295-1", "S-1-0x000100000000-1",
    "S-1-0xFFFFFFFFFFFF-7", "S-1-1-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15",
  };
  static const char *const bad[] = {
    "", "S", "S-1", "S-1-", "S-2-5-1", "s-1-5-1", "S-1-5-", "S-1-5--1", "S-1-5-4294967296", "S-1-5-01",
    "S-1-5- 1", "S-1-5-+1", "S-1-5-1 ", "S-1-281474976710656-1", "S-1-0x1-1", "S-1-0x1000000000000-1",
    "S-1-1-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", "S-1-5-18446744073709551617",
  };
  SmbSidData a, b;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (smb_sid_data_from_string (&a, good[i]));
      assert_sid (&a, good[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (smb_sid_data_from_string (&a, bad[i]));

  g_assert_true (smb_sid_data_from_string (&a, "S-1-5-0x5") == FALSE);
  g_assert_true (smb_sid_data_from_string (&a, "S-1-5-32"));
  g_assert_true (smb_sid_data_from_string (&b, "S-1-5-32-1"));
  g_assert_false (smb_sid_data_equal (&a, &b));
  g_assert_true (smb_sid_data_from_string (&b, "S-1-5-33"));
  g_assert_false (smb_sid_data_equal (&a, &b));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wire/security/descriptor", test_descriptor);
  g_test_add_func ("/wire/security/application-data", test_application_data);
  g_test_add_func ("/wire/security/empty-dacl", test_empty_dacl);
  g_test_add_func ("/wire/security/encode", test_encode);
  g_test_add_func ("/wire/security/encode-bytes", test_encode_bytes);
  g_test_add_func ("/wire/security/encode-too-long", test_encode_too_long);
  g_test_add_func ("/wire/security/encode-padding", test_encode_padding);
  g_test_add_func ("/wire/security/copy", test_copy);
  g_test_add_func ("/wire/security/malformed", test_malformed);
  g_test_add_func ("/wire/security/sid", test_sid);

  return g_test_run ();
}
