/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

/* get_security: what was set on the server comes back, and who it keeps out hears so. */

#define EVERYTHING  0x001f01ff
#define READ        0x00120089
#define WRITE_DATA  0x00000002
#define N_ENTRIES   200

/* Each test has the "acl" share's root for itself, with a file in it that is named after the test. */
static void
set_rights (TestRig    *rig,
            const char *name,
            const char *rights)
{
  g_free (test_samba_command (rig->samba, NULL, "acl acl '%s' '%s'", name, rights));
}

static char *
find_sid (TestRig    *rig,
          const char *user)
{
  g_autofree char *account = test_samba_command (rig->samba, "output", "run pdbedit -v %s", user);
  const char      *line = strstr (account, "User SID:");
  const char      *sid;

  g_assert_nonnull (line);
  sid = strstr (line, "S-1-");
  return g_strndup (sid, strcspn (sid, "\n"));
}

static SmbSecurityDescriptor *
get (TestRig    *rig,
     const char *name)
{
  GError                *error = NULL;
  SmbSecurityDescriptor *descriptor =
    smb_protocol_factory_get_security (rig->factory, "acl", name, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (descriptor);
  return descriptor;
}

static void
assert_entry (SmbAcl      *dacl,
              guint        index,
              SmbAceType   type,
              SmbAceFlags  flags,
              guint32      mask,
              const char  *sid)
{
  g_autoptr(GPtrArray)  entries = smb_acl_get_aces (dacl);
  SmbAce               *entry;
  g_autofree char      *whose = NULL;

  g_assert_cmpuint (index, <, entries->len);
  entry = g_ptr_array_index (entries, index);
  whose = smb_sid_to_string (smb_ace_get_sid (entry));
  g_assert_cmpint (smb_ace_get_ace_type (entry), ==, type);
  g_assert_cmphex (smb_ace_get_flags (entry), ==, flags);
  g_assert_cmphex (smb_ace_get_mask (entry), ==, mask);
  g_assert_cmpstr (whose, ==, sid);
}

static void
assert_n_entries (SmbAcl *dacl,
                  guint   expected)
{
  g_autoptr(GPtrArray) entries = smb_acl_get_aces (dacl);

  g_assert_cmpuint (entries->len, ==, expected);
}

static void
test_file (TestRig *rig)
{
  const char                       *name = "🔒 rights";
  g_autofree char                  *alice = find_sid (rig, "alice");
  g_autofree char                  *bob = find_sid (rig, "bob");
  g_autoptr(SmbSecurityDescriptor)  descriptor = NULL;
  SmbAcl                           *dacl;

  test_store (rig->factory, "acl", name, "");
  set_rights (rig, name, "D:P(D;;0x2;;;{bob})(A;;0x1f01ff;;;{alice})(A;;0x120089;;;WD)");
  descriptor = get (rig, name);
  g_assert_true (SMB_IS_SID (smb_security_descriptor_get_owner (descriptor)));
  g_assert_true (SMB_IS_SID (smb_security_descriptor_get_group (descriptor)));
  g_assert_null (smb_security_descriptor_get_sacl (descriptor));
  g_assert_cmphex (
      smb_security_descriptor_get_flags (descriptor) & SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PROTECTED, !=, 0);

  dacl = smb_security_descriptor_get_dacl (descriptor);
  assert_n_entries (dacl, 3);
  assert_entry (dacl, 0, SMB_ACE_TYPE_ACCESS_DENIED, SMB_ACE_FLAGS_NONE, WRITE_DATA, bob);
  assert_entry (dacl, 1, SMB_ACE_TYPE_ACCESS_ALLOWED, SMB_ACE_FLAGS_NONE, EVERYTHING, alice);
  assert_entry (dacl, 2, SMB_ACE_TYPE_ACCESS_ALLOWED, SMB_ACE_FLAGS_NONE, READ, "S-1-1-0");
}

static void
test_folder (TestRig *rig)
{
  g_autofree char                  *alice = find_sid (rig, "alice");
  g_autoptr(SmbSecurityDescriptor)  descriptor = NULL;
  g_autoptr(GPtrArray)              entries = NULL;
  SmbAcl                           *dacl;

  test_share_make_dir (rig->samba, "acl", "folder");
  set_rights (rig, "folder", "D:(A;OICI;0x1f01ff;;;{alice})(A;OICIIO;0x120089;;;WD)");
  descriptor = get (rig, "folder");
  dacl = smb_security_descriptor_get_dacl (descriptor);
  assert_entry (dacl, 0, SMB_ACE_TYPE_ACCESS_ALLOWED,
                SMB_ACE_FLAGS_OBJECT_INHERIT | SMB_ACE_FLAGS_CONTAINER_INHERIT, EVERYTHING, alice);
  assert_entry (dacl, 1, SMB_ACE_TYPE_ACCESS_ALLOWED,
                SMB_ACE_FLAGS_OBJECT_INHERIT | SMB_ACE_FLAGS_CONTAINER_INHERIT | SMB_ACE_FLAGS_INHERIT_ONLY,
                READ, "S-1-1-0");
  entries = smb_acl_get_aces (dacl);
  g_assert_true (smb_ace_get_is_inherit_only (g_ptr_array_index (entries, 1)));
}

static void
test_long (TestRig *rig)
{
  g_autoptr(SmbSecurityDescriptor)  descriptor = NULL;
  g_autoptr(GString)                rights = g_string_new ("D:P(A;;0x1f01ff;;;WD)");

  test_store (rig->factory, "acl", "long", "");
  for (guint i = 1; i < N_ENTRIES; i++)
    g_string_append_printf (rights, "(A;;0x120089;;;S-1-5-21-1-2-3-%u)", 10000 + i);
  set_rights (rig, "long", rights->str);
  descriptor = get (rig, "long");
  assert_n_entries (smb_security_descriptor_get_dacl (descriptor), N_ENTRIES);
  assert_entry (smb_security_descriptor_get_dacl (descriptor), N_ENTRIES - 1, SMB_ACE_TYPE_ACCESS_ALLOWED,
                SMB_ACE_FLAGS_NONE, READ, "S-1-5-21-1-2-3-10199");
}

/* One who is kept out of a file can do none of this with it. */
static void
test_denied (TestRig *rig)
{
  g_autoptr(GInputStream)  input = g_memory_input_stream_new_from_data ("new", 3, NULL);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GError)        error = NULL;

  test_store (rig->factory, "acl", "closed", "old");
  set_rights (rig, "closed", "D:P(A;;0x1f01ff;;;{bob})");

#define ASSERT_DENIED(operation)                                                                             \
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_ACCESS_DENIED, operation, "'closed'",     \
                      "'acl'", NULL)

  g_assert_null (smb_protocol_factory_get_security (rig->factory, "acl", "closed", -1, NULL, &error));
  ASSERT_DENIED ("get the security descriptor of");
  g_assert_null (smb_protocol_factory_retrieve_file (rig->factory, "acl", "closed", output, NULL, NULL, NULL,
                                                     -1, NULL, NULL, &error));
  ASSERT_DENIED ("retrieve");
  g_assert_false (smb_protocol_factory_store_file (rig->factory, "acl", "closed", input, NULL, NULL, NULL, -1,
                                                   NULL, NULL, &error));
  ASSERT_DENIED ("store");
  g_assert_null (smb_protocol_factory_open_file (rig->factory, "acl", "closed", SMB_FILE_ACCESS_READ,
                                                 SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error));
  ASSERT_DENIED ("open");
#undef ASSERT_DENIED
  test_share_assert_text (rig->samba, "acl", "closed", "old");
}

static void
test_missing (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_protocol_factory_get_security (rig->factory, "acl", "none", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND,
                      "get the security descriptor of", "'none'", "'acl'", NULL);
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "file", test_file },
    { "folder", test_folder },
    { "long", test_long },
    { "denied", test_denied },
    { "missing", test_missing },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("security", TEST_PROFILES_THOROUGH, cases);
  return test_profiles_run ();
}
