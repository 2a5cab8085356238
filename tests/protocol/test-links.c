/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"
#include "wire/smb-writer.h"

/* Paths that lead elsewhere: symbolic links that the client should follow ([MS-SMB2] 2.2.2.2.1), and DFS.
 * Neither is followed, and the error says which it is. */

/* A link to "other", with @unparsed bytes of the path behind it. */
static GBytes *
make_link_data (guint16 unparsed)
{
  g_auto(SmbWriter) writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_u32 (&writer, 24 + 20); /* SymLinkLength */
  smb_writer_u32 (&writer, 0x4C4D5953);
  smb_writer_u32 (&writer, 0xA000000C);
  smb_writer_u16 (&writer, 12 + 20); /* ReparseDataLength */
  smb_writer_u16 (&writer, unparsed);
  smb_writer_u16 (&writer, 0); /* SubstituteNameOffset */
  smb_writer_u16 (&writer, 10);
  smb_writer_u16 (&writer, 10); /* PrintNameOffset */
  smb_writer_u16 (&writer, 10);
  smb_writer_u32 (&writer, 1); /* relative */
  smb_writer_utf16 (&writer, "other");
  smb_writer_utf16 (&writer, "other");
  return smb_writer_steal_bytes (&writer);
}

static void
answer_create (Fixture      *f,
               guint32       status,
               gconstpointer data,
               gsize         size)
{
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_STATUS, .number = status, .data = data,
                 .size = size);
}

static void
assert_not_followed (Fixture         *f,
                     const Operation *operation,
                     guint32          status,
                     const char      *words)
{
  g_autoptr(GError) error = NULL;
  guint             n = scripted_server_count (f->server, SCRIPTED_CREATE);

  g_assert_false (operation->run (f, &error));
  g_assert_cmphex (smb_error_get_nt_status (error), ==, status);
  g_assert_nonnull (strstr (error->message, words));
  assert_failed (&error, SMB_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, n + 1);
  fixture_assert_usable (f);
}

static const Operation attributes = { "get-attributes", do_attributes };

/* With what is known of the link, with nothing (macOS), and in both forms of the error body. */

static void
test_symlink (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GBytes) link = make_link_data (0);

  fixture_open (f, NULL);
  answer_create (f, SMB_STATUS_STOPPED_ON_SYMLINK, g_bytes_get_data (link, NULL), g_bytes_get_size (link));
  assert_not_followed (f, &attributes, SMB_STATUS_STOPPED_ON_SYMLINK, "symbolic link");
}

static void
test_symlink_without_data (Fixture       *f,
                           gconstpointer  data)
{
  fixture_open (f, NULL);
  answer_create (f, SMB_STATUS_STOPPED_ON_SYMLINK, NULL, 0);
  assert_not_followed (f, &attributes, SMB_STATUS_STOPPED_ON_SYMLINK, "symbolic link");
}

/* [MS-SMB2] 2.2.2.1, of 3.1.1 */
static void
test_symlink_in_context (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GBytes) link = make_link_data (8);
  g_auto(SmbWriter) body = { 0 };

  smb_writer_init (&body, NULL);
  smb_writer_u16 (&body, 9);
  smb_writer_u16 (&body, 1); /* ErrorContextCount */
  smb_writer_u32 (&body, (guint32) g_bytes_get_size (link) + 8);
  smb_writer_u32 (&body, (guint32) g_bytes_get_size (link));
  smb_writer_u32 (&body, 0);
  smb_writer_bytes (&body, g_bytes_get_data (link, NULL), g_bytes_get_size (link));

  fixture_open (f, NULL);
  answer_create (f, SMB_STATUS_STOPPED_ON_SYMLINK, NULL, 0);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_BODY, .data = body.bytes->data,
                 .size = body.bytes->len);
  assert_not_followed (f, &attributes, SMB_STATUS_STOPPED_ON_SYMLINK, "symbolic link");
}

/* Data that is none ends the connection like any other. */
static void
test_damaged_symlink (Fixture       *f,
                      gconstpointer  data)
{
  static const struct
  {
    gsize       at;
    const char *value;
  } cases[] = {
    { 4, "XXXX" },         /* SymLinkErrorTag */
    { 8, "\3\0\0\xA0" },   /* ReparseTag: a mount point */
    { 12, "\x20\0\xFF\xFF" }, /* UnparsedPathLength: more than the path */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes)  link = make_link_data (0);
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (link, NULL), g_bytes_get_size (link));
      g_autoptr(GError)  error = NULL;

      memcpy (copy + cases[i].at, cases[i].value, 4);
      fixture_open (f, NULL);
      answer_create (f, SMB_STATUS_STOPPED_ON_SYMLINK, copy, g_bytes_get_size (link));
      g_assert_false (do_attributes (f, &error));
      assert_failed (&error, SMB_ERROR_PROTOCOL);
      fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

static void
test_dfs (Fixture       *f,
          gconstpointer  data)
{
  fixture_open (f, NULL);
  answer_create (f, SMB_STATUS_PATH_NOT_COVERED, NULL, 0);
  assert_not_followed (f, &attributes, SMB_STATUS_PATH_NOT_COVERED, "DFS link");
}

/* [MS-FSCC] 2.4.17: "." and ".." come first, 112 bytes each; FileAttributes of the third. */
#define THIRD_ATTRIBUTES_AT (64 + 8 + 2 * 112 + 56)

/* A link that is listed as the folder behind it, and opened as itself, is removed as itself. */
static void
test_listed_as_a_folder (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) link = NULL;

  scripted_server_add_file (f->server, "links\\link", "", 0);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_QUERY_DIRECTORY, 1, SCRIPTED_PATCH, .number = THIRD_ATTRIBUTES_AT,
                 .data = "\x10\0\0", .size = 4);
  smb_protocol_factory_delete_files (f->factory, SHARE, "links/*", TRUE, -1, NULL, &error);
  g_assert_no_error (error);
  link = scripted_server_get_file (f->server, "links\\link");
  g_assert_null (link);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

/* Whatever is done, nothing is changed by following. */

static gboolean
has_path (const Operation *operation)
{
  return !g_str_equal (operation->name, "echo") && !g_str_equal (operation->name, "list-shares");
}

static void
test_every_operation (Fixture       *f,
                      gconstpointer  data)
{
  const Operation  *operation = data;
  g_autoptr(GError) error = NULL;

  if (!has_path (operation))
    return;
  operations_prepare (f);
  fixture_open (f, NULL);
  answer_create (f, SMB_STATUS_PATH_NOT_COVERED, NULL, 0);
  g_assert_false (operation->run (f, &error));
  g_assert_nonnull (strstr (error->message, "DFS"));
  assert_failed (&error, SMB_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SET_INFO), <=,
                    scripted_server_count (f->server, SCRIPTED_CREATE));
  fixture_assert_usable (f);
}

/* Until that is built nobody is told that it is ([MS-SMB2] 2.2.3, 2.2.1.2). */
static void
test_dfs_is_not_claimed (Fixture       *f,
                         gconstpointer  data)
{
  const guint8 *negotiate;
  guint         n;

  fixture_open (f, NULL);
  fixture_assert_usable (f);
  negotiate = g_bytes_get_data (scripted_server_get_record (f->server, SCRIPTED_NEGOTIATE, 0)->message, NULL);
  g_assert_cmphex (negotiate[64 + 8] & 1, ==, 0);
  n = scripted_server_count (f->server, SCRIPTED_ANY);
  for (guint i = 0; i < n; i++)
    g_assert_cmphex (scripted_server_get_record (f->server, SCRIPTED_ANY, i)->flags & 0x10000000, ==, 0);
}

/* Paths that must not be sent at all. */
static void
test_forbidden_paths (Fixture       *f,
                      gconstpointer  data)
{
  static const char *const paths[] = { "..",  "../file", "folder/../../file", "a\\..\\b", "a*b", "a?b", "a<b",
                                       "a|b", "a\"b",    "fol:der/file",      "\xff" };

  fixture_open (f, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(SmbSharedFile) file = NULL;
      g_autoptr(GError)        error = NULL;

      file = smb_protocol_factory_get_attributes (f->factory, SHARE, paths[i], -1, NULL, &error);
      assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT);
    }
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_TREE_CONNECT), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/links/symlink", test_symlink);
  fixture_add ("/links/symlink-without-data", test_symlink_without_data);
  fixture_add ("/links/symlink-in-context", test_symlink_in_context);
  fixture_add ("/links/damaged-symlink", test_damaged_symlink);
  fixture_add ("/links/dfs", test_dfs);
  fixture_add ("/links/listed-as-a-folder", test_listed_as_a_folder);
  add_each_operation ("/links/every-operation", test_every_operation);
  fixture_add ("/links/dfs-is-not-claimed", test_dfs_is_not_claimed);
  fixture_add ("/links/forbidden-paths", test_forbidden_paths);

  return g_test_run ();
}
