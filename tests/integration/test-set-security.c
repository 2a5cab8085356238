/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

/* get_security_parts and set_security: what was set is what the server goes by. */

#define ALL_BUT_SACL \
  (SMB_SECURITY_INFORMATION_OWNER | SMB_SECURITY_INFORMATION_GROUP | SMB_SECURITY_INFORMATION_DACL)

static SmbSid *
find_sid (TestRig    *rig,
          const char *user)
{
  g_autofree char   *account = test_samba_command (rig->samba, "output", "run pdbedit -v %s", user);
  const char        *begin = strstr (strstr (account, "User SID:"), "S-1-");
  g_autofree char   *text = g_strndup (begin, strcspn (begin, "\n"));
  g_autoptr(GError)  error = NULL;
  SmbSid            *sid = smb_sid_new_from_string (text, &error);

  g_assert_no_error (error);
  return sid;
}

/* Everything to the first user, and @mask to @sid, which may be NULL. */
static SmbSecurityDescriptor *
make_descriptor (TestRig    *rig,
                 guint32     mask,
                 const char *user)
{
  g_autoptr(SmbSid)    owner = find_sid (rig, test_samba_get_user (rig->samba));
  g_autoptr(GPtrArray) aces = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(SmbAcl)    dacl = NULL;

  g_ptr_array_add (aces,
                   smb_ace_new (SMB_ACE_TYPE_ACCESS_ALLOWED, SMB_ACE_FLAGS_NONE, SMB_ACCESS_MASK_ALL, owner));
  if (user != NULL)
    {
      g_autoptr(SmbSid) sid = find_sid (rig, user);

      g_ptr_array_add (aces, smb_ace_new (SMB_ACE_TYPE_ACCESS_ALLOWED, SMB_ACE_FLAGS_NONE, mask, sid));
    }
  dacl = smb_acl_new (aces);
  return smb_security_descriptor_new (NULL, NULL, dacl, NULL, SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PROTECTED);
}

static SmbSecurityDescriptor *
from_sddl (const char *sddl)
{
  g_autoptr(GError)      error = NULL;
  SmbSecurityDescriptor *descriptor = smb_security_descriptor_new_from_sddl (sddl, &error);

  g_assert_no_error (error);
  return descriptor;
}

static void
set (SmbProtocolFactory     *factory,
     const char             *path,
     SmbSecurityDescriptor  *descriptor,
     SmbSecurityInformation  parts)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (
      smb_protocol_factory_set_security (factory, "acl", path, descriptor, parts, -1, NULL, &error));
  g_assert_no_error (error);
}

static char *
get (SmbProtocolFactory     *factory,
     const char             *path,
     SmbSecurityInformation  parts)
{
  g_autoptr(GError)                error = NULL;
  g_autoptr(SmbSecurityDescriptor) descriptor = NULL;
  char                            *sddl;

  descriptor = smb_protocol_factory_get_security_parts (factory, "acl", path, parts, -1, NULL, &error);
  g_assert_no_error (error);
  sddl = smb_security_descriptor_to_sddl (descriptor, &error);
  g_assert_no_error (error);
  return sddl;
}

static void
assert_rights (SmbProtocolFactory *factory,
               const char         *path,
               const char         *expected)
{
  g_autofree char *sddl = get (factory, path, SMB_SECURITY_INFORMATION_DACL);

  g_assert_cmpstr (sddl, ==, expected);
}

static gboolean
can_read (TestRig    *rig,
          const char *user,
          const char *path)
{
  g_autoptr(SmbProtocolFactory) factory = test_rig_new_client (rig, user);
  g_autoptr(GOutputStream)      output = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile)      file = NULL;
  g_autoptr(GError)             error = NULL;

  smb_protocol_factory_open_connection (factory, test_samba_get_host (rig->samba),
                                        test_samba_get_port (rig->samba), -1, NULL, &error);
  g_assert_no_error (error);
  file = smb_protocol_factory_retrieve_file (factory, "acl", path, output, NULL, NULL, NULL, -1, NULL, NULL,
                                             &error);
  g_assert_true (file != NULL || g_error_matches (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED));
  return file != NULL;
}

static void
test_dacl (TestRig *rig)
{
  g_autoptr(SmbSecurityDescriptor) mine = make_descriptor (rig, 0, NULL);
  g_autoptr(SmbSecurityDescriptor) shared = make_descriptor (rig, SMB_ACCESS_MASK_READ, "bob");
  g_autoptr(GError)                error = NULL;
  g_autofree char                 *sddl = smb_security_descriptor_to_sddl (shared, &error);

  test_store (rig->factory, "acl", "set", "text");
  g_assert_true (can_read (rig, "bob", "set"));
  set (rig->factory, "set", mine, SMB_SECURITY_INFORMATION_DACL);
  g_assert_false (can_read (rig, "bob", "set"));
  set (rig->factory, "set", shared, SMB_SECURITY_INFORMATION_DACL);
  g_assert_true (can_read (rig, "bob", "set"));
  assert_rights (rig->factory, "set", sddl);
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  gboolean          done;

  done = smb_protocol_factory_set_security_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = done;
}

typedef struct
{
  gboolean               done;
  SmbSecurityDescriptor *descriptor;
} Answer;

static void
get_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Answer            *answer = user_data;
  g_autoptr(GError)  error = NULL;

  answer->descriptor
      = smb_protocol_factory_get_security_parts_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  answer->done = TRUE;
}

static void
test_async (TestRig *rig)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = from_sddl ("D:P(A;;FA;;;WD)");
  Answer                           answer = { FALSE };
  gboolean                         done = FALSE;

  test_store (rig->factory, "acl", "async", "");
  smb_protocol_factory_set_security_async (rig->factory, "acl", "async", descriptor,
                                           SMB_SECURITY_INFORMATION_DACL, -1, NULL, set_cb, &done);
  test_wait_until (&done);
  smb_protocol_factory_get_security_parts_async (rig->factory, "acl", "async", SMB_SECURITY_INFORMATION_DACL,
                                                 -1, NULL, get_cb, &answer);
  test_wait_until (&answer.done);
  g_assert_nonnull (smb_security_descriptor_get_dacl (answer.descriptor));
  g_assert_null (smb_security_descriptor_get_owner (answer.descriptor));
  g_object_unref (answer.descriptor);
}

/* Only what is asked for is told, and only what is chosen is changed. */
static void
test_parts (TestRig *rig)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = from_sddl ("O:SYG:SYD:P(A;;FA;;;WD)");
  g_autofree char                 *before = NULL;
  g_autofree char                 *after = NULL;
  g_autofree char                 *group = NULL;
  g_autofree char                 *all = NULL;

  test_store (rig->factory, "acl", "parts", "");
  before = get (rig->factory, "parts", SMB_SECURITY_INFORMATION_OWNER);
  group = get (rig->factory, "parts", SMB_SECURITY_INFORMATION_GROUP);
  g_assert_true (g_str_has_prefix (before, "O:S-1-"));
  g_assert_null (strstr (before, "D:"));
  g_assert_true (g_str_has_prefix (group, "G:"));

  set (rig->factory, "parts", descriptor, SMB_SECURITY_INFORMATION_DACL);
  after = get (rig->factory, "parts", SMB_SECURITY_INFORMATION_OWNER);
  g_assert_cmpstr (after, ==, before);
  all = get (rig->factory, "parts", ALL_BUT_SACL);
  g_assert_true (g_str_has_prefix (all, before));
  g_assert_true (g_str_has_suffix (all, "D:P(A;;FA;;;WD)"));
}

static void
test_folder (TestRig *rig)
{
  const char                      *rights = "D:P(A;OICI;FA;;;WD)(A;OICIIO;FA;;;CO)(D;CI;0x10000;;;AN)";
  g_autoptr(SmbSecurityDescriptor) descriptor = from_sddl (rights);
  g_autofree char                 *inherited = NULL;

  test_share_make_dir (rig->samba, "acl", "set-folder");
  set (rig->factory, "set-folder", descriptor, SMB_SECURITY_INFORMATION_DACL);
  assert_rights (rig->factory, "set-folder", rights);

  test_store (rig->factory, "acl", "set-folder/child", "");
  inherited = get (rig->factory, "set-folder/child", SMB_SECURITY_INFORMATION_DACL);
  g_assert_nonnull (strstr (inherited, ";FA;;;WD)")); /* inherited or not, as the server likes to put it */
}

/* A list without entries allows nothing, and none at all everything. */
static void
test_empty (TestRig *rig)
{
  g_autoptr(SmbSecurityDescriptor) empty = from_sddl ("D:P");
  g_autoptr(SmbSecurityDescriptor) none = from_sddl ("D:NO_ACCESS_CONTROL");

  test_store (rig->factory, "acl", "no-list", "");
  set (rig->factory, "no-list", none, SMB_SECURITY_INFORMATION_DACL);
  g_assert_true (can_read (rig, "bob", "no-list"));

  test_store (rig->factory, "acl", "empty", "");
  set (rig->factory, "empty", empty, SMB_SECURITY_INFORMATION_DACL);
  g_assert_false (can_read (rig, "bob", "empty"));
  g_assert_false (can_read (rig, test_samba_get_user (rig->samba), "empty"));
}

static void
test_denied (TestRig *rig)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = from_sddl ("O:SYD:P(A;;FR;;;WD)S:(AU;SA;FR;;;WD)");
  g_autoptr(GError)                error = NULL;

#define ASSERT_DENIED(parts)                                                                                 \
  g_assert_false (smb_protocol_factory_set_security (rig->factory, "acl", "read-only", descriptor, parts,    \
                                                     -1, NULL, &error));                                     \
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);                                                \
  g_assert_true (g_str_has_prefix (error->message,                                                           \
                                   "Cannot set the security descriptor of 'read-only' on share 'acl'"));     \
  g_clear_error (&error)

  test_store (rig->factory, "acl", "read-only", "");
  ASSERT_DENIED (SMB_SECURITY_INFORMATION_SACL);
  g_free (test_samba_command (rig->samba, NULL, "acl acl read-only 'D:P(A;;0x120089;;;WD)'"));
  ASSERT_DENIED (SMB_SECURITY_INFORMATION_DACL);
  ASSERT_DENIED (SMB_SECURITY_INFORMATION_OWNER);
#undef ASSERT_DENIED

  g_assert_null (smb_protocol_factory_get_security_parts (rig->factory, "acl", "read-only",
                                                          SMB_SECURITY_INFORMATION_SACL, -1, NULL, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
}

/* One who has the privilege may also say whose doings are logged. */
static void
test_sacl (TestRig *rig)
{
  const char                       *text = "D:P(A;;FA;;;WD)S:(AU;SAFA;FA;;;AN)";
  g_autoptr(SmbSecurityDescriptor)  descriptor = from_sddl (text);
  g_autoptr(SmbProtocolFactory)     factory = test_rig_new_client (rig, "bob");
  g_autoptr(GError)                 error = NULL;
  g_autofree char                  *sddl = NULL;

  test_store (rig->factory, "acl", "audited", "");
  g_free (test_samba_command (rig->samba, NULL, "run net sam rights grant bob SeSecurityPrivilege"));
  smb_protocol_factory_open_connection (factory, test_samba_get_host (rig->samba),
                                        test_samba_get_port (rig->samba), -1, NULL, &error);
  g_assert_no_error (error);
  set (factory, "audited", descriptor, SMB_SECURITY_INFORMATION_DACL | SMB_SECURITY_INFORMATION_SACL);
  sddl = get (factory, "audited", SMB_SECURITY_INFORMATION_DACL | SMB_SECURITY_INFORMATION_SACL);
  g_assert_cmpstr (sddl, ==, text);
}

static void
assert_refused (TestRig                *rig,
                const char             *path,
                const char             *sddl,
                SmbSecurityInformation  parts,
                SmbError                code)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = from_sddl (sddl);
  g_autoptr(GError)                error = NULL;

  g_assert_false (
      smb_protocol_factory_set_security (rig->factory, "acl", path, descriptor, parts, -1, NULL, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
}

static void
test_arguments (TestRig *rig)
{
  g_autoptr(GString)               long_list = g_string_new ("D:");
  g_autoptr(SmbSecurityDescriptor) descriptor = NULL;
  g_autoptr(GError)                error = NULL;

  test_store (rig->factory, "acl", "arguments", "");
  assert_refused (rig, "arguments", "O:SYG:SYD:", 0, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (rig, "arguments", "O:SYG:SYD:", 0x40000000, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (rig, "arguments", "G:SYD:", SMB_SECURITY_INFORMATION_OWNER, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (rig, "arguments", "O:SYD:", SMB_SECURITY_INFORMATION_GROUP, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (rig, "arguments", "O:SYG:SY", SMB_SECURITY_INFORMATION_DACL, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (rig, "arguments", "O:SYD:", SMB_SECURITY_INFORMATION_SACL, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (rig, "arguments", "O:SYD:", SMB_SECURITY_INFORMATION_LABEL, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (rig, "none", "D:", SMB_SECURITY_INFORMATION_DACL, SMB_ERROR_NOT_FOUND);
  assert_refused (rig, "a/../b", "D:", SMB_SECURITY_INFORMATION_DACL, SMB_ERROR_INVALID_ARGUMENT);
  assert_refused (rig, "@GMT-2024.01.02-03.04.05/x", "D:", SMB_SECURITY_INFORMATION_DACL,
                  SMB_ERROR_ACCESS_DENIED);

  for (guint i = 0; i < 4000; i++)
    g_string_append (long_list, "(A;;FA;;;WD)");
  assert_refused (rig, "arguments", long_list->str, SMB_SECURITY_INFORMATION_DACL,
                  SMB_ERROR_INVALID_ARGUMENT);

  descriptor
      = smb_protocol_factory_get_security_parts (rig->factory, "acl", "arguments", 0, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "dacl", test_dacl },
    { "async", test_async },
    { "parts", test_parts },
    { "folder", test_folder },
    { "empty", test_empty },
    { "denied", test_denied },
    { "sacl", test_sacl },
    { "arguments", test_arguments },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("set-security", TEST_PROFILES_THOROUGH, cases);
  return test_profiles_run ();
}
