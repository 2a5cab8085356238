/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "smb-error.h"
#include "smb-security-descriptor-private.h"
#include "smb-sid-private.h"

/* ---- SmbSid ---- */

static SmbSid *
parse_sid (const char *text)
{
  g_autoptr(GError) error = NULL;
  SmbSid *sid = smb_sid_new_from_string (text, &error);

  g_assert_no_error (error);
  return sid;
}

static void
test_sid (void)
{
  g_autoptr(SmbSid) sid = parse_sid ("S-1-5-21-1-4294967295-3-1001");
  g_autofree char *text = smb_sid_to_string (sid);
  const guint32 *sub_authorities;
  gsize n_sub_authorities;

  g_assert_cmpstr (text, ==, "S-1-5-21-1-4294967295-3-1001");
  g_assert_cmpuint (smb_sid_get_revision (sid), ==, 1);
  g_assert_cmpuint (smb_sid_get_authority (sid), ==, 5);
  sub_authorities = smb_sid_get_sub_authorities (sid, &n_sub_authorities);
  g_assert_cmpuint (n_sub_authorities, ==, 5);
  g_assert_cmpuint (sub_authorities[0], ==, 21);
  g_assert_cmpuint (sub_authorities[2], ==, G_MAXUINT32);
  g_assert_cmpuint (sub_authorities[4], ==, 1001);
}

static void
test_sid_refused (void)
{
  static const char *const texts[] = { "", "S-1", "S-2-5-32", "S-1-5-x", "S-1-5-4294967296", "Everyone",
                                       "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (smb_sid_new_from_string (texts[i], &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_sid_well_known (void)
{
  static const struct
  {
    const char *sid;
    const char *name;
  } cases[] = {
    { "S-1-1-0", "Everyone" },
    { "S-1-5-18", "System" },
    { "S-1-5-32-544", "Administrators" },
    { "S-1-16-12288", "High Mandatory Level" },
    { "S-1-5-21-1-2-3-512", "Domain Admins" },
    { "S-1-5-21-1-2-3-500", "Administrator" },
    { "S-1-5-21-1-2-3-1000", NULL },
    { "S-1-5-21-1-2-512", NULL },
    { "S-1-5-22-1-2-3-512", NULL },
    { "S-1-6-21-1-2-3-512", NULL },
    { "S-1-22-1-1000", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SmbSid) sid = parse_sid (cases[i].sid);

      g_assert_cmpstr (smb_sid_get_well_known_name (sid), ==, cases[i].name);
    }
}

static void
test_sid_in_table (void)
{
  g_autoptr(GHashTable) table = g_hash_table_new_full ((GHashFunc) smb_sid_hash, (GEqualFunc) smb_sid_equal,
                                                       g_object_unref, NULL);
  g_autoptr(SmbSid) same = parse_sid ("S-1-5-32-544");
  g_autoptr(SmbSid) shorter = parse_sid ("S-1-5-32");
  g_autoptr(SmbSid) other = parse_sid ("S-1-5-32-545");
  g_autoptr(SmbSid) elsewhere = parse_sid ("S-1-6-32-544");

  g_assert_true (smb_sid_equal (same, same));
  g_assert_false (smb_sid_equal (same, shorter));
  g_assert_false (smb_sid_equal (same, other));
  g_assert_false (smb_sid_equal (same, elsewhere));

  g_hash_table_add (table, parse_sid ("S-1-5-32-544"));
  g_assert_true (g_hash_table_contains (table, same));
  g_assert_false (g_hash_table_contains (table, shorter));
  g_assert_false (g_hash_table_contains (table, other));
  g_assert_false (g_hash_table_contains (table, elsewhere));
}

/* ---- SmbSecurityDescriptor ---- */

static SmbSidData
sid_data (const char *text)
{
  SmbSidData data;

  g_assert_true (smb_sid_data_from_string (&data, text));
  return data;
}

static SmbAceData *
new_ace (SmbAceDataType  type,
         guint8          flags,
         guint32         mask,
         const char     *sid)
{
  SmbAceData *ace = smb_ace_data_new ();

  ace->type = type;
  ace->flags = flags;
  ace->mask = mask;
  ace->has_sid = sid != NULL;
  if (sid != NULL)
    ace->sid = sid_data (sid);
  return ace;
}

static SmbAceData *
new_object_ace (void)
{
  SmbAceData *ace = new_ace (SMB_ACE_DATA_ACCESS_ALLOWED_OBJECT, 0x0b, 0x100, "S-1-5-11");

  ace->object_flags = SMB_ACE_DATA_OBJECT_TYPE_PRESENT;
  for (guint i = 0; i < sizeof ace->object_type; i++)
    ace->object_type[i] = i;
  memset (ace->inherited_object_type, 0xff, sizeof ace->inherited_object_type);
  return ace;
}

static SmbSecurityDescriptor *
build_descriptor (void)
{
  g_autoptr(SmbSecurityDescriptorData) data = smb_security_descriptor_data_new ();
  SmbSidData owner = sid_data ("S-1-5-32-544");
  SmbAceData *unknown = new_ace (0x40, 0, 0, NULL);

  unknown->application_data = g_bytes_new ("\1\2\3\4", 4);
  data->control = SMB_SECURITY_CONTROL_SELF_RELATIVE | SMB_SECURITY_CONTROL_DACL_PRESENT;
  data->owner = g_memdup2 (&owner, sizeof owner);
  data->dacl = smb_acl_data_new (4);
  g_ptr_array_add (data->dacl->aces, new_ace (SMB_ACE_DATA_ACCESS_DENIED, 0x10, 0xf01ff, "S-1-1-0"));
  g_ptr_array_add (data->dacl->aces, new_object_ace ());
  g_ptr_array_add (data->dacl->aces, unknown);
  return smb_security_descriptor_new_from_data (data);
}

static void
test_descriptor (void)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = build_descriptor ();
  g_autofree char *owner = smb_sid_to_string (smb_security_descriptor_get_owner (descriptor));
  SmbAcl *dacl = smb_security_descriptor_get_dacl (descriptor);

  g_assert_cmphex (smb_security_descriptor_get_flags (descriptor), ==,
                   SMB_SECURITY_DESCRIPTOR_FLAGS_SELF_RELATIVE | SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PRESENT);
  g_assert_cmpstr (owner, ==, "S-1-5-32-544");
  g_assert_null (smb_security_descriptor_get_group (descriptor));
  g_assert_null (smb_security_descriptor_get_sacl (descriptor));
  g_assert_cmpuint (smb_acl_get_revision (dacl), ==, 4);
}

/* The caller's array is its own. */
static void
test_aces (void)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = build_descriptor ();
  SmbAcl *dacl = smb_security_descriptor_get_dacl (descriptor);
  g_autoptr(GPtrArray) aces = smb_acl_get_aces (dacl);
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(SmbAce) first = NULL;

  g_assert_cmpuint (aces->len, ==, 3);
  first = g_object_ref (aces->pdata[0]);
  g_ptr_array_remove_index (aces, 0);
  again = smb_acl_get_aces (dacl);
  g_assert_cmpuint (again->len, ==, 3);
  g_assert_true (again->pdata[0] == first);
}

static void
test_ace (void)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = build_descriptor ();
  g_autoptr(GPtrArray) aces = smb_acl_get_aces (smb_security_descriptor_get_dacl (descriptor));
  SmbAce *ace = aces->pdata[0];

  g_assert_cmpint (smb_ace_get_ace_type (ace), ==, SMB_ACE_TYPE_ACCESS_DENIED);
  g_assert_cmphex (smb_ace_get_flags (ace), ==, SMB_ACE_FLAGS_INHERITED);
  g_assert_cmphex (smb_ace_get_mask (ace), ==, 0xf01ff);
  g_assert_cmpstr (smb_sid_get_well_known_name (smb_ace_get_sid (ace)), ==, "Everyone");
  g_assert_null (smb_ace_get_object_type (ace));
  g_assert_null (smb_ace_get_inherited_object_type (ace));
  g_assert_null (smb_ace_get_application_data (ace));
  g_assert_false (smb_ace_get_is_inherit_only (ace));
}

static void
test_object_ace (void)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = build_descriptor ();
  g_autoptr(GPtrArray) aces = smb_acl_get_aces (smb_security_descriptor_get_dacl (descriptor));
  SmbAce *ace = aces->pdata[1];

  g_assert_cmpstr (smb_ace_get_object_type (ace), ==, "03020100-0504-0706-0809-0a0b0c0d0e0f");
  g_assert_null (smb_ace_get_inherited_object_type (ace)); /* not said to be there */
  g_assert_true (smb_ace_get_is_inherit_only (ace));
}

static void
test_unknown_ace (void)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = build_descriptor ();
  g_autoptr(GPtrArray) aces = smb_acl_get_aces (smb_security_descriptor_get_dacl (descriptor));
  SmbAce *ace = aces->pdata[2];

  g_assert_cmphex (smb_ace_get_ace_type (ace), ==, 0x40);
  g_assert_null (smb_ace_get_sid (ace));
  g_assert_cmpuint (g_bytes_get_size (smb_ace_get_application_data (ace)), ==, 4);
}

static void
test_properties (void)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = build_descriptor ();
  g_autoptr(SmbSid) owner = NULL;
  g_autoptr(SmbSid) group = NULL;
  g_autoptr(SmbAcl) dacl = NULL;
  g_autoptr(SmbAcl) sacl = NULL;
  g_autoptr(GPtrArray) aces = NULL;
  g_autoptr(SmbSid) sid = NULL;
  g_autofree char *object_type = NULL;
  g_autofree char *inherited_object_type = NULL;
  g_autoptr(GBytes) application_data = NULL;
  SmbSecurityDescriptorFlags flags;
  SmbAceType type;
  SmbAceFlags ace_flags;
  guint revision, mask;
  gboolean inherit_only;

  g_object_get (descriptor, "flags", &flags, "owner", &owner, "group", &group, "dacl", &dacl,
                "sacl", &sacl, NULL);
  g_assert_cmphex (flags, ==, 0x8004);
  g_assert_true (owner == smb_security_descriptor_get_owner (descriptor));
  g_assert_null (group);
  g_assert_true (dacl == smb_security_descriptor_get_dacl (descriptor));
  g_assert_null (sacl);

  g_object_get (dacl, "revision", &revision, NULL);
  g_assert_cmpuint (revision, ==, 4);

  aces = smb_acl_get_aces (dacl);
  g_object_get (aces->pdata[1], "ace-type", &type, "flags", &ace_flags, "mask", &mask, "sid", &sid,
                "object-type", &object_type, "inherited-object-type", &inherited_object_type,
                "application-data", &application_data, "is-inherit-only", &inherit_only, NULL);
  g_assert_cmpint (type, ==, SMB_ACE_TYPE_ACCESS_ALLOWED_OBJECT);
  g_assert_cmphex (ace_flags, ==, 0x0b);
  g_assert_cmphex (mask, ==, 0x100);
  g_assert_cmpstr (smb_sid_get_well_known_name (sid), ==, "Authenticated Users");
  g_assert_cmpstr (object_type, ==, smb_ace_get_object_type (aces->pdata[1]));
  g_assert_null (inherited_object_type);
  g_assert_null (application_data);
  g_assert_true (inherit_only);
}

/* ---- What a program makes ---- */

static SmbAce *
make_ace (SmbAceType   type,
          SmbAceFlags  flags,
          guint32      mask,
          const char  *sid)
{
  g_autoptr(SmbSid) owner = parse_sid (sid);

  return smb_ace_new (type, flags, mask, owner);
}

static SmbAcl *
make_acl (void)
{
  g_autoptr(GPtrArray) aces = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (aces, make_ace (SMB_ACE_TYPE_ACCESS_DENIED, SMB_ACE_FLAGS_NONE, SMB_ACCESS_MASK_WRITE,
                                   "S-1-5-7"));
  g_ptr_array_add (aces, make_ace (SMB_ACE_TYPE_ACCESS_ALLOWED,
                                   SMB_ACE_FLAGS_OBJECT_INHERIT | SMB_ACE_FLAGS_CONTAINER_INHERIT,
                                   SMB_ACCESS_MASK_ALL, "S-1-1-0"));
  return smb_acl_new (aces);
}

static void
assert_sddl (SmbSecurityDescriptor *descriptor,
             const char            *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = smb_security_descriptor_to_sddl (descriptor, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_make (void)
{
  g_autoptr(SmbSid) owner = parse_sid ("S-1-5-32-544");
  g_autoptr(SmbSid) group = parse_sid ("S-1-5-18");
  g_autoptr(SmbAcl) acl = make_acl ();
  g_autoptr(SmbSecurityDescriptor) whole =
    smb_security_descriptor_new (owner, group, acl, acl, SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PROTECTED);
  g_autoptr(SmbSecurityDescriptor) nothing =
    smb_security_descriptor_new (NULL, NULL, NULL, NULL, SMB_SECURITY_DESCRIPTOR_FLAGS_NONE);
  g_autoptr(SmbSecurityDescriptor) everything =
    smb_security_descriptor_new (NULL, NULL, NULL, NULL, SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PRESENT);

  g_assert_cmpuint (smb_acl_get_revision (acl), ==, 2);
  g_assert_true (smb_security_descriptor_get_owner (whole) == owner);
  g_assert_true (smb_security_descriptor_get_dacl (whole) == acl);
  g_assert_cmphex (smb_security_descriptor_get_flags (whole), ==,
                   SMB_SECURITY_DESCRIPTOR_FLAGS_SELF_RELATIVE | SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PRESENT |
                       SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_PRESENT |
                       SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PROTECTED);
  assert_sddl (whole, "O:BAG:SYD:P(D;;FW;;;AN)(A;OICI;FA;;;WD)S:(D;;FW;;;AN)(A;OICI;FA;;;WD)");
  assert_sddl (nothing, "");
  assert_sddl (everything, "D:NO_ACCESS_CONTROL");
}

/* An entry of another list may be used again, and tells what the list has to be. */
static void
test_make_from_others (void)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = build_descriptor ();
  g_autoptr(GPtrArray) aces = smb_acl_get_aces (smb_security_descriptor_get_dacl (descriptor));
  g_autoptr(SmbAcl) acl = smb_acl_new (aces);
  g_autoptr(GPtrArray) empty = g_ptr_array_new ();
  g_autoptr(SmbAcl) no_entries = smb_acl_new (empty);
  g_autoptr(GPtrArray) again = smb_acl_get_aces (acl);
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (smb_acl_get_revision (acl), ==, 4);
  g_assert_cmpuint (again->len, ==, 3);
  g_assert_true (again->pdata[1] == aces->pdata[1]);
  g_assert_cmpuint (smb_acl_get_revision (no_entries), ==, 2);
  g_assert_null (smb_security_descriptor_to_sddl (descriptor, &error)); /* there is an entry of an unknown type */
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED);
}

static void
test_from_sddl (void)
{
  const char *text = "O:BAG:SYD:P(D;;FW;;;AN)(OA;OICI;0x30;03020100-0504-0706-0809-0a0b0c0d0e0f;;AU)";
  g_autoptr(GError) error = NULL;
  g_autoptr(SmbSecurityDescriptor) descriptor = smb_security_descriptor_new_from_sddl (text, &error);
  g_autoptr(GPtrArray) aces = NULL;

  g_assert_no_error (error);
  assert_sddl (descriptor, text);
  aces = smb_acl_get_aces (smb_security_descriptor_get_dacl (descriptor));
  g_assert_cmphex (smb_ace_get_mask (aces->pdata[0]), ==, SMB_ACCESS_MASK_WRITE);
  g_assert_cmpstr (smb_ace_get_object_type (aces->pdata[1]), ==, "03020100-0504-0706-0809-0a0b0c0d0e0f");

  g_assert_null (smb_security_descriptor_new_from_sddl ("D:(nonsense)", &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (smb_security_descriptor_new_from_sddl ("nonsense", &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/security-values/sid", test_sid);
  g_test_add_func ("/security-values/sid/refused", test_sid_refused);
  g_test_add_func ("/security-values/sid/well-known", test_sid_well_known);
  g_test_add_func ("/security-values/sid/in-table", test_sid_in_table);
  g_test_add_func ("/security-values/descriptor", test_descriptor);
  g_test_add_func ("/security-values/aces", test_aces);
  g_test_add_func ("/security-values/ace", test_ace);
  g_test_add_func ("/security-values/ace/object", test_object_ace);
  g_test_add_func ("/security-values/ace/unknown", test_unknown_ace);
  g_test_add_func ("/security-values/properties", test_properties);
  g_test_add_func ("/security-values/make", test_make);
  g_test_add_func ("/security-values/make-from-others", test_make_from_others);
  g_test_add_func ("/security-values/from-sddl", test_from_sddl);

  return g_test_run ();
}
