/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-shared-device-private.h"
#include "smb-shared-file-private.h"
#include "wire/smb-filetime.h"

/* ---- SmbSharedDevice ---- */

static void
test_device (void)
{
  g_autoptr(SmbSharedDevice) device = smb_shared_device_new ("IPC$", "Pipes \xe2\x82\xac", 0x80000003);
  g_autofree char *name = NULL;
  g_autofree char *comments = NULL;
  SmbDeviceType type;
  gboolean special, temporary;

  g_object_get (device, "name", &name, "comments", &comments, "device-type", &type,
                "special", &special, "temporary", &temporary, NULL);
  g_assert_cmpstr (name, ==, "IPC$");
  g_assert_cmpstr (comments, ==, "Pipes \xe2\x82\xac");
  g_assert_cmpint (type, ==, SMB_DEVICE_TYPE_IPC);
  g_assert_true (special);
  g_assert_false (temporary);

  g_assert_cmpstr (smb_shared_device_get_name (device), ==, name);
  g_assert_cmpstr (smb_shared_device_get_comments (device), ==, comments);
}

static void
test_device_types (void)
{
  static const struct
  {
    guint32       wire;
    SmbDeviceType type;
    gboolean      special, temporary;
  } cases[] = {
    { 0x00000000, SMB_DEVICE_TYPE_DISK, FALSE, FALSE },
    { 0x00000001, SMB_DEVICE_TYPE_PRINT_QUEUE, FALSE, FALSE },
    { 0x00000002, SMB_DEVICE_TYPE_COMM_DEVICE, FALSE, FALSE },
    { 0x40000000, SMB_DEVICE_TYPE_DISK, FALSE, TRUE },
    { 0xc0000003, SMB_DEVICE_TYPE_IPC, TRUE, TRUE },
    { 0x02000000, SMB_DEVICE_TYPE_DISK, FALSE, FALSE }, /* STYPE_CLUSTER_FS */
    { 0x00000009, SMB_DEVICE_TYPE_COMM_DEVICE, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SmbSharedDevice) device = smb_shared_device_new ("x", NULL, cases[i].wire);

      g_assert_cmpint (smb_shared_device_get_device_type (device), ==, cases[i].type);
      g_assert_cmpint (smb_shared_device_get_special (device), ==, cases[i].special);
      g_assert_cmpint (smb_shared_device_get_temporary (device), ==, cases[i].temporary);
      g_assert_cmpstr (smb_shared_device_get_comments (device), ==, "");
    }
}

/* ---- SmbSharedFile ---- */

static const SmbSharedFileInfo example = {
  .creation_time = SMB_FILETIME_UNIX_EPOCH,
  .last_access_time = SMB_FILETIME_UNIX_EPOCH + 12345678,
  .last_write_time = SMB_FILETIME_UNIX_EPOCH + G_GUINT64_CONSTANT (17000000000000000),
  .change_time = 0,
  .file_size = G_GUINT64_CONSTANT (0x123456789a),
  .alloc_size = 4096,
  .file_id = G_GUINT64_CONSTANT (0xfedcba9876543210),
  .attributes = 0x8431, /* with a bit that has no name */
  .reparse_tag = 0xa000000c,
};

static void
assert_time (GDateTime  *time,
             const char *expected)
{
  g_autofree char *text = time == NULL ? NULL : g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.%f %Z");

  g_assert_cmpstr (text, ==, expected);
}

static void
test_file_getters (void)
{
  g_autoptr(SmbSharedFile) file = smb_shared_file_new (&example, g_strdup ("\xf0\x9f\x98\x80.txt"),
                                                       g_strdup ("A~1.TXT"));
  g_autoptr(GDateTime) creation = smb_shared_file_get_creation_time (file);
  g_autoptr(GDateTime) access = smb_shared_file_get_last_access_time (file);
  g_autoptr(GDateTime) write = smb_shared_file_get_last_write_time (file);

  g_assert_cmpstr (smb_shared_file_get_filename (file), ==, "\xf0\x9f\x98\x80.txt");
  g_assert_cmpstr (smb_shared_file_get_short_name (file), ==, "A~1.TXT");
  assert_time (creation, "1970-01-01T00:00:00.000000 UTC");
  assert_time (access, "1970-01-01T00:00:01.234567 UTC");
  assert_time (write, "2023-11-14T22:13:20.000000 UTC");
  g_assert_null (smb_shared_file_get_change_time (file));
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, example.file_size);
  g_assert_cmpuint (smb_shared_file_get_alloc_size (file), ==, 4096);
  g_assert_cmphex (smb_shared_file_get_file_id (file), ==, example.file_id);
  g_assert_cmphex (smb_shared_file_get_attributes (file), ==, 0x8431);
  g_assert_cmphex (smb_shared_file_get_reparse_tag (file), ==, 0xa000000c);
  g_assert_true (smb_shared_file_get_is_directory (file));
  g_assert_true (smb_shared_file_get_is_read_only (file));
  g_assert_false (smb_shared_file_get_is_normal (file));
}

static void
test_file_properties (void)
{
  g_autoptr(SmbSharedFile) file = smb_shared_file_new (&example, g_strdup ("f"), NULL);
  g_autofree char *filename = NULL;
  g_autofree char *short_name = NULL;
  g_autoptr(GDateTime) creation = NULL;
  g_autoptr(GDateTime) access = NULL;
  g_autoptr(GDateTime) write = NULL;
  g_autoptr(GDateTime) change = NULL;
  guint64 file_size, alloc_size, file_id;
  guint attributes, reparse_tag;
  gboolean directory, read_only, normal;

  g_object_get (file, "filename", &filename, "short-name", &short_name, "creation-time", &creation,
                "last-access-time", &access, "last-write-time", &write, "change-time", &change,
                "file-size", &file_size, "alloc-size", &alloc_size, "attributes", &attributes,
                "file-id", &file_id, "reparse-tag", &reparse_tag, "is-directory", &directory,
                "is-read-only", &read_only, "is-normal", &normal, NULL);
  g_assert_cmpstr (filename, ==, "f");
  g_assert_null (short_name);
  assert_time (creation, "1970-01-01T00:00:00.000000 UTC");
  assert_time (access, "1970-01-01T00:00:01.234567 UTC");
  assert_time (write, "2023-11-14T22:13:20.000000 UTC");
  g_assert_null (change);
  g_assert_cmpuint (file_size, ==, example.file_size);
  g_assert_cmpuint (alloc_size, ==, 4096);
  g_assert_cmphex (file_id, ==, example.file_id);
  g_assert_cmphex (attributes, ==, 0x8431);
  g_assert_cmphex (reparse_tag, ==, 0xa000000c);
  g_assert_true (directory);
  g_assert_true (read_only);
  g_assert_false (normal);
}

static void
test_file_is_normal (void)
{
  static const struct
  {
    guint32  attributes;
    gboolean normal;
  } cases[] = {
    { 0, TRUE },      { 0x80, TRUE },  { 0x2000, TRUE },  { 0x400, TRUE },
    { 0x81, FALSE },  { 0x20, FALSE }, { 0x2020, FALSE }, { 0x10, FALSE },
    { 0x2080, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SmbSharedFileInfo info = { .attributes = cases[i].attributes };
      g_autoptr(SmbSharedFile) file = smb_shared_file_new (&info, g_strdup ("f"), NULL);

      g_assert_cmpint (smb_shared_file_get_is_normal (file), ==, cases[i].normal);
    }
}

/* A listing makes very many: an instance must stay within a small part of a kilobyte. */
static void
test_file_size (void)
{
  GTypeQuery query;

  g_type_query (SMB_TYPE_SHARED_FILE, &query);
  g_assert_cmpuint (query.instance_size, <=, 128);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/values/device", test_device);
  g_test_add_func ("/values/device/types", test_device_types);
  g_test_add_func ("/values/file/getters", test_file_getters);
  g_test_add_func ("/values/file/properties", test_file_properties);
  g_test_add_func ("/values/file/is-normal", test_file_is_normal);
  g_test_add_func ("/values/file/size", test_file_size);

  return g_test_run ();
}
