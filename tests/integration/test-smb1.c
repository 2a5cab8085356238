/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

/* What only SMB1 has, with a server that speaks nothing else: large transfers in its sizes, requests in
 * several messages, names where SMB2 uses handles, and what both sides insist on. The operations themselves
 * are tested with SMB1 where they are tested with the other dialects. */

#define MIB     (1024 * 1024)
#define OPTIONS "--min=NT1", "--max=NT1"

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
} Fixture;

static const char *const plain[] = { OPTIONS, NULL };
static const char *const with_signatures[] = { OPTIONS, "--signing=mandatory", NULL };
static const char *const with_small_writes[] = {
  OPTIONS, "--signing=mandatory", "--set=smb1 unix extensions=no", "--set=unix extensions=no", NULL,
};
/* Where attributes may be long. */
static const char *const with_long_rights[] = {
  OPTIONS, "--signing=mandatory", "--share-set=acl:vfs objects=acl_xattr xattr_tdb", NULL,
};
static const char *const one_at_a_time[] = { OPTIONS, "--set=max mux=1", NULL };
static const char *const two_at_a_time[] = { OPTIONS, "--set=max mux=2", NULL };
static const char *const with_old_logins[] = { OPTIONS, "--ntlm-auth=ntlmv1-permitted", "--signing=mandatory",
                                               NULL };

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->samba = test_samba_startv (data);
  f->factory = test_client_open (f->samba, "max-dialect", SMB_DIALECT_VERSION_SMB_1,
                                 "use-ntlm-v2", data != with_old_logins, NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_free (test_samba_command (f->samba, NULL, "wait-closed"));
  g_assert_finalize_object (f->factory);
  test_samba_stop (f->samba);
}

static void
there_and_back (Fixture *f,
                gsize    size)
{
  g_autoptr(GBytes)       data = test_data_new (size);
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (data);
  g_autoptr(GBytes)       back = NULL;
  g_autoptr(GError)       error = NULL;
  guint64                 bytes;

  smb_protocol_factory_store_file (f->factory, "data", "large", input, NULL, NULL, NULL, -1, NULL, &bytes,
                                   &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bytes, ==, size);
  test_share_assert (f->samba, "data", "large", data);
  back = test_retrieve (f->factory, "data", "large");
  g_assert_true (g_bytes_equal (back, data));
}

static void
test_large (Fixture       *f,
            gconstpointer  data)
{
  there_and_back (f, 100 * MIB);
  there_and_back (f, 0);
}

static void
test_sizes (Fixture       *f,
            gconstpointer  data)
{
  static const gsize sizes[] = {
    1, 16383, 16384, 16385, 61440, 61441, 65535, 65536, 126976, 126977, 1048577
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    there_and_back (f, sizes[i]);
}

/* What both sides found out about each other. */
static void
test_properties (Fixture       *f,
                 gconstpointer  data)
{
  gboolean is_signed = data == with_signatures || data == with_small_writes;

  g_assert_cmphex (smb_protocol_factory_get_dialect (f->factory), ==, SMB_DIALECT_VERSION_SMB_1);
  g_assert_cmpstr (smb_protocol_factory_get_signing_algorithm (f->factory), ==, is_signed ? "MD5" : NULL);
  g_assert_null (smb_protocol_factory_get_cipher (f->factory));
  g_assert_cmpuint (smb_protocol_factory_get_max_read_size (f->factory), ==,
                    data == with_small_writes ? 0xf000 : 0x1f000);
  g_assert_cmpuint (smb_protocol_factory_get_max_write_size (f->factory), ==,
                    data == with_small_writes ? 16384 : 0x1f000);
}

/* A thousand entries of which the mask leaves none, or one. */
static void
test_masks (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) folders = NULL;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError)    error = NULL;

  test_share_make_dir (f->samba, "data", "thousand/folder");
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("thousand/a file with a name of some length, number %u", i);

      test_share_write_text (f->samba, "data", name, "");
    }
  folders = smb_protocol_factory_list_path (f->factory, "data", "thousand", SMB_FILE_ATTRIBUTE_MASK_DIRECTORY,
                                            NULL, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (folders->len, ==, 3); /* with . and .. */
  all = smb_protocol_factory_list_path (f->factory, "data", "thousand", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL,
                                        -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 1003);
}

/* A listing that ends early leaves no search behind: else the server would run out of them. */
static void
test_early_end (Fixture       *f,
                gconstpointer  data)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("data-%u-with-a-long-name-so-that-one-page-does-not-do", i);

      test_share_write_text (f->samba, "data", name, "");
    }
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr(SmbEnumerator) enumerator = NULL;
      g_autoptr(GPtrArray)     some = NULL;
      g_autoptr(GError)        error = NULL;

      enumerator = smb_protocol_factory_enumerate (f->factory, "data", "", "*", SMB_FILE_INFO_FIELDS_BASIC,
                                                   -1, NULL, &error);
      g_assert_no_error (error);
      some = smb_enumerator_next (enumerator, 1, -1, NULL, &error);
      g_assert_no_error (error);
      smb_enumerator_close (enumerator, -1, NULL, &error);
      g_assert_no_error (error);
    }
}

static void
move (Fixture    *f,
      const char *from,
      const char *to)
{
  g_autoptr(GError) error = NULL;

  smb_protocol_factory_rename (f->factory, "data", from, to, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (test_share_has (f->samba, "data", from));
  g_assert_true (test_share_has (f->samba, "data", to));
}

/* Within a folder, to another one and back, files and folders. */
static void
test_move (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  test_share_make_dir (f->samba, "data", "here/full");
  test_share_make_dir (f->samba, "data", "there");
  test_share_write_text (f->samba, "data", "here/full/a", "a");
  test_share_write_text (f->samba, "data", "taken", "");
  move (f, "here/full/a", "here/full/b 😀");
  move (f, "here/full/b 😀", "there/c");
  move (f, "there/c", "at the top");
  move (f, "here/full", "there/full");
  move (f, "at the top", "there/full/a");
  test_share_assert_text (f->samba, "data", "there/full/a", "a");

  g_assert_false (
      smb_protocol_factory_rename (f->factory, "data", "there/full/a", "taken", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_EXISTS, TEST_STATUS_OBJECT_NAME_COLLISION, "rename", NULL);
  g_assert_false (
      smb_protocol_factory_rename (f->factory, "data", "there/full/a", "no/where", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND, "rename", NULL);
  g_assert_false (smb_protocol_factory_rename (f->factory, "data", "none", "there/none", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "rename", NULL);
  test_share_assert_text (f->samba, "data", "there/full/a", "a");
}

/* Rights that are too long for one message: the rest follows when the server asks for it. */
static void
test_long_request (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GString)               sddl = g_string_new ("D:P(A;;FA;;;WD)");
  g_autoptr(SmbSecurityDescriptor) descriptor = NULL;
  g_autoptr(SmbSecurityDescriptor) back = NULL;
  g_autoptr(GError)                error = NULL;
  g_autofree char                 *text = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (sddl, "(A;;FR;;;S-1-5-21-1-2-3-%u)", 1000 + i);
  descriptor = smb_security_descriptor_new_from_sddl (sddl->str, &error);
  g_assert_no_error (error);
  test_share_write_text (f->samba, "acl", "file", "");
  smb_protocol_factory_set_security (f->factory, "acl", "file", descriptor, SMB_SECURITY_INFORMATION_DACL, -1,
                                     NULL, &error);
  g_assert_no_error (error);
  back = smb_protocol_factory_get_security (f->factory, "acl", "file", -1, NULL, &error);
  g_assert_no_error (error);
  text = smb_security_descriptor_to_sddl (back, &error);
  g_assert_nonnull (strstr (text, sddl->str + strlen ("D:P")));
}

/* An open file is closed while it is read from: smbd must survive that. */

static void
read_done (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  guint             *remaining = user_data;
  g_autoptr(GBytes)  bytes = smb_open_file_read_finish (SMB_OPEN_FILE (source), result, NULL);

  *remaining -= 1;
}

static void
read_and_close (Fixture *f,
                guint    turns)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(SmbOpenFile)  file = NULL;
  g_autoptr(GError)       error = NULL;
  guint                   remaining = 4;

  file = smb_protocol_factory_open_file (f->factory, "data", "read", SMB_FILE_ACCESS_READ,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    smb_open_file_read_async (file, i * 4 * MIB, 4 * MIB, -1, cancellable, read_done, &remaining);
  for (guint i = 0; i < turns; i++)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  smb_open_file_close (file, -1, NULL, &error);
  g_assert_no_error (error);
  while (remaining > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_close_while_read (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GBytes)        bytes = test_data_new (16 * MIB);
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  test_share_write (f->samba, "data", "read", bytes);
  for (guint i = 0; i < 50; i++)
    read_and_close (f, i);
  file = smb_protocol_factory_get_attributes (f->factory, "data", "read", -1, NULL, &error);
  g_assert_no_error (error);
}

/* A share that the server closes and that comes back. */

static void
test_share_closed (Fixture       *f,
                   gconstpointer  data)
{
  g_autofree char *none = NULL;

  test_store (f->factory, "data", "file", "before");
  g_free (test_samba_command (f->samba, NULL, "close-share data"));
  test_store (f->factory, "data", "file", "after");
  test_share_assert_text (f->samba, "data", "file", "after");
  none = test_list (f->factory, "data", "", "none*");
  g_assert_cmpstr (none, ==, "");
}

/* What both sides insist on. */

static void
assert_refused (const char *const  *options,
                SmbDialectVersion   min_dialect,
                SmbDialectVersion   max_dialect,
                SmbSignOptions      sign_options,
                SmbError            code,
                const char         *word)
{
  g_autoptr(TestSamba)          samba = test_samba_startv (options);
  g_autoptr(SmbProtocolFactory) factory = NULL;
  g_autoptr(GError)             error = NULL;

  factory = test_client_new (samba, "alice", "min-dialect", min_dialect, "max-dialect", max_dialect,
                             "sign-options", sign_options, NULL);
  g_assert_false (smb_protocol_factory_open_connection (factory, test_samba_get_host (samba),
                                                        test_samba_get_port (samba), -1, NULL, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  if (word != NULL)
    g_assert_nonnull (strstr (error->message, word));
}

static void
test_policies (void)
{
  const char *const unsigned_server[] = { OPTIONS, "--signing=off", NULL };

  assert_refused (with_signatures, SMB_DIALECT_VERSION_NONE, SMB_DIALECT_VERSION_SMB_1,
                  SMB_SIGN_OPTIONS_NEVER, SMB_ERROR_SECURITY, "requires signing");
  assert_refused (unsigned_server, SMB_DIALECT_VERSION_NONE, SMB_DIALECT_VERSION_SMB_1,
                  SMB_SIGN_OPTIONS_REQUIRE, SMB_ERROR_SECURITY, "does not sign");
}

static void
test_too_old (void)
{
  g_autoptr(TestSamba)          samba = test_samba_startv (plain);
  g_autoptr(SmbProtocolFactory)
      factory = test_client_new (samba, "alice", "min-dialect", SMB_DIALECT_VERSION_SMB_2_02, NULL);

  g_assert_false (smb_protocol_factory_open_connection (factory, test_samba_get_host (samba),
                                                        test_samba_get_port (samba), -1, NULL, NULL));
}

static void
test_too_new (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start (NULL);
  g_autoptr(SmbProtocolFactory) factory =
    test_client_new (samba, "alice", "max-dialect", SMB_DIALECT_VERSION_SMB_1, NULL);

  g_assert_false (smb_protocol_factory_open_connection (factory, test_samba_get_host (samba),
                                                        test_samba_get_port (samba), -1, NULL, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, options, test) g_test_add (path, Fixture, options, set_up, test, tear_down)
  ADD ("/smb1/large", plain, test_large);
  ADD ("/smb1/large-signed", with_signatures, test_large);
  ADD ("/smb1/large-signed-in-small-writes", with_small_writes, test_large);
  ADD ("/smb1/sizes", plain, test_sizes);
  ADD ("/smb1/sizes-signed", with_signatures, test_sizes);
  ADD ("/smb1/sizes-one-at-a-time", one_at_a_time, test_sizes);
  ADD ("/smb1/sizes-two-at-a-time", two_at_a_time, test_sizes);
  ADD ("/smb1/sizes-ntlm-v1", with_old_logins, test_sizes);
  ADD ("/smb1/properties", plain, test_properties);
  ADD ("/smb1/properties-signed", with_signatures, test_properties);
  ADD ("/smb1/properties-small", with_small_writes, test_properties);
  ADD ("/smb1/masks", plain, test_masks);
  ADD ("/smb1/early-end", with_signatures, test_early_end);
  ADD ("/smb1/move", plain, test_move);
  ADD ("/smb1/move-signed", with_signatures, test_move);
  ADD ("/smb1/long-request", with_long_rights, test_long_request);
  ADD ("/smb1/share-closed", with_signatures, test_share_closed);
  ADD ("/smb1/close-while-read", plain, test_close_while_read);
  ADD ("/smb1/close-while-read-signed", with_signatures, test_close_while_read);
#undef ADD
  g_test_add_func ("/smb1/policies", test_policies);
  g_test_add_func ("/smb1/too-old", test_too_old);
  g_test_add_func ("/smb1/too-new", test_too_new);

  return g_test_run ();
}
