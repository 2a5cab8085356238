/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"
#include "wire/smb-writer.h"

/* Previous versions: "@GMT-…" in a path becomes a create context ([MS-SMB2] 2.2.13.2.7), and lists of them
 * come from a server that may lie ([MS-SMB2] 2.2.32.2). */

#define FSCTL_SRV_ENUMERATE_SNAPSHOTS 0x00144064

#define TOKEN    "@GMT-2021.02.03-04.05.06"
#define FILETIME G_GUINT64_CONSTANT (132567987060000000) /* the same moment */

static const guint8 *
find_time_warp (const ScriptedRecord *record)
{
  gsize         size;
  const guint8 *message = g_bytes_get_data (record->message, &size);
  const guint8 *name = memmem (message, size, "TWrp", 4);

  return name == NULL ? NULL : name + 8;
}

static void
assert_in_the_past (Fixture *f)
{
  guint64       time;
  gsize         size;
  const guint8 *message;
  guint         n = scripted_server_count (f->server, SCRIPTED_CREATE);

  g_assert_cmpuint (n, >, 0);
  for (guint i = 0; i < n; i++)
    {
      const ScriptedRecord *record = scripted_server_get_record (f->server, SCRIPTED_CREATE, i);
      const guint8         *data = find_time_warp (record);

      g_assert_nonnull (data);
      memcpy (&time, data, sizeof time);
      g_assert_cmpuint (GUINT64_FROM_LE (time), ==, FILETIME);
      message = g_bytes_get_data (record->message, &size);
      g_assert_null (memmem (message, size, "@\0G\0M\0T\0", 8));
    }
}

static gboolean
retrieve_old (Fixture    *f,
              const char *path,
              GError    **error)
{
  g_autoptr(GBytes) text = g_bytes_new_static ("1", 1);

  return do_retrieve (f, path, text, error);
}

static void
test_snapshot (Fixture       *f,
               gconstpointer  path)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  retrieve_old (f, path, &error);
  g_assert_no_error (error);
  assert_in_the_past (f);
}

static void
test_all_that_reads (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GPtrArray)             files = NULL;
  g_autoptr(SmbSharedFile)         file = NULL;
  g_autoptr(SmbSecurityDescriptor) security = NULL;
  g_autoptr(SmbOpenFile)           open = NULL;
  g_autoptr(SmbEnumerator)         enumerator = NULL;
  g_autoptr(GError)                error = NULL;

  fixture_open (f, NULL);
  files = smb_protocol_factory_list_path (f->factory, SHARE, TOKEN "/folder", SMB_FILE_ATTRIBUTE_MASK_DEFAULT,
                                          NULL, -1, NULL, &error);
  g_assert_no_error (error);
  file = smb_protocol_factory_get_attributes (f->factory, SHARE, TOKEN "/file", -1, NULL, &error);
  g_assert_no_error (error);
  security
      = smb_protocol_factory_get_security (f->factory, SHARE, "folder/" TOKEN "/first", -1, NULL, &error);
  g_assert_no_error (error);
  open = smb_protocol_factory_open_file (f->factory, SHARE, TOKEN "/file", SMB_FILE_ACCESS_READ,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  enumerator = smb_protocol_factory_enumerate (f->factory, SHARE, TOKEN, NULL, SMB_FILE_INFO_FIELDS_BASIC, -1,
                                               NULL, &error);
  g_assert_no_error (error);
  assert_in_the_past (f);
}

/* Nothing there can be changed, and no server need be asked. */
static void
test_nothing_that_writes (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data ("x", 1, NULL);
  g_autoptr(GError)       error = NULL;

  fixture_open (f, NULL);
  smb_protocol_factory_store_file (f->factory, SHARE, TOKEN "/file", stream, NULL, NULL, NULL, -1, NULL, NULL,
                                   &error);
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  smb_protocol_factory_create_directory (f->factory, SHARE, TOKEN "/new", -1, NULL, &error);
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  smb_protocol_factory_delete_directory (f->factory, SHARE, "folder/" TOKEN, -1, NULL, &error);
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  smb_protocol_factory_delete_files (f->factory, SHARE, TOKEN "/*", TRUE, -1, NULL, &error);
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  smb_protocol_factory_rename (f->factory, SHARE, TOKEN "/file", "elsewhere", -1, NULL, &error);
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  smb_protocol_factory_rename (f->factory, SHARE, "file", TOKEN "/elsewhere", -1, NULL, &error);
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  smb_protocol_factory_reset_file_attributes (f->factory, SHARE, TOKEN "/file", SMB_FILE_ATTRIBUTES_HIDDEN,
                                              -1, NULL, &error);
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  g_assert_null (smb_protocol_factory_open_file (f->factory, SHARE, TOKEN "/file", SMB_FILE_ACCESS_READ_WRITE,
                                                 SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error));
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 0);
}

/* Lists */

/* @size: -1 = what it is */
static void
offer (Fixture    *f,
       guint32     n,
       const char *tokens, /* separated by spaces */
       gint64      size)
{
  g_auto(GStrv)     parts = g_strsplit (tokens, " ", -1);
  g_auto(SmbWriter) writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_u32 (&writer, n); /* NumberOfSnapShots */
  smb_writer_u32 (&writer, n); /* NumberOfSnapShotsReturned */
  smb_writer_u32 (&writer, 0);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      smb_writer_utf16 (&writer, parts[i]);
      smb_writer_u16 (&writer, 0);
    }
  smb_writer_u16 (&writer, 0);
  smb_writer_patch_u32 (&writer, 8, size < 0 ? writer.bytes->len - 12 : (guint32) size);
  scripted_server_add_ioctl (f->server, FSCTL_SRV_ENUMERATE_SNAPSHOTS, writer.bytes->data, writer.bytes->len);
}

static GPtrArray *
list (Fixture *f,
      GError **error)
{
  return smb_protocol_factory_list_snapshots (f->factory, SHARE, FOLDER_NAME, -1, NULL, error);
}

/* Newest first, each once. */
static void
test_list (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GPtrArray) times = NULL;
  g_autoptr(GError)    error = NULL;
  static const int     years[] = { 2023, 2022, 2021 };

  offer (
      f, 4,
      "@GMT-2022.01.01-00.00.00 @GMT-2021.01.01-00.00.00 @GMT-2022.01.01-00.00.00 @GMT-2023.01.01-00.00.00",
      -1);
  fixture_open (f, NULL);
  times = list (f, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (times->len, ==, G_N_ELEMENTS (years));
  for (guint i = 0; i < times->len; i++)
    g_assert_cmpint (g_date_time_get_year (times->pdata[i]), ==, years[i]);
  scripted_server_wait_open (f->server, 0);
}

/* A file system without is no error. */
static void
test_none (Fixture       *f,
           gconstpointer  data)
{
  static const guint32 statuses[]
      = { SMB_STATUS_SUCCESS, SMB_STATUS_NOT_SUPPORTED, SMB_STATUS_INVALID_DEVICE_REQUEST };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(GPtrArray) times = NULL;
      g_autoptr(GError)    error = NULL;

      offer (f, 0, "", -1);
      fixture_open (f, NULL);
      if (statuses[i] != SMB_STATUS_SUCCESS)
        scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_STATUS, .number = statuses[i]);
      times = list (f, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (times->len, ==, 0);
      scripted_server_wait_open (f->server, 0);
      fixture_renew (f);
    }
}

/* Counts are not believed, and what is no time is left out. */
static void
test_lies (Fixture       *f,
           gconstpointer  data)
{
  static const struct
  {
    guint32     n;
    const char *tokens;
    guint       expected;
  } cases[] = {
    { 1, "@GMT-2022.13.01-00.00.00", 0 },
    { 2, "@GMT-2022.01.01-25.00.00 @GMT-2022.01.01-23.00.00", 1 },
    { 1, "@GMT-2022.01.01", 0 },
    { 1, "../../../../etc/passwd..", 0 },
    { 5, "@GMT-2022.01.01-00.00.00", 1 },
    { 0xFFFFFFFF, "@GMT-2022.01.01-00.00.00", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) times = NULL;
      g_autoptr(GError)    error = NULL;

      offer (f, cases[i].n, cases[i].tokens, -1);
      fixture_open (f, NULL);
      times = list (f, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (times->len, ==, cases[i].expected);
      scripted_server_wait_open (f->server, 0);
      fixture_renew (f);
    }
}

/* More than there is room for, again and again: asked twice, and then it is enough. */
static void
test_always_more (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GPtrArray) times = NULL;
  g_autoptr(GError)    error = NULL;

  offer (f, 1, "@GMT-2022.01.01-00.00.00", 0xFFFFFFF0);
  fixture_open (f, NULL);
  times = list (f, &error);
  g_assert_true (times != NULL || g_error_matches (error, SMB_ERROR, SMB_ERROR_PROTOCOL));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_IOCTL), <=, 3);
  fixture_assert_usable (f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add_with ("/snapshots/retrieve/first", TOKEN "/folder/first", test_snapshot);
  fixture_add_with ("/snapshots/retrieve/middle", "folder\\" TOKEN "\\first", test_snapshot);
  fixture_add ("/snapshots/all-that-reads", test_all_that_reads);
  fixture_add ("/snapshots/nothing-that-writes", test_nothing_that_writes);
  fixture_add ("/snapshots/list", test_list);
  fixture_add ("/snapshots/none", test_none);
  fixture_add ("/snapshots/lies", test_lies);
  fixture_add ("/snapshots/always-more", test_always_more);

  return g_test_run ();
}
