/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* get_attributes: what the library says of a file, and what the server's disk does. */

static SmbSharedFile *
get (TestRig     *rig,
     const char  *path,
     GError     **error)
{
  return smb_protocol_factory_get_attributes (rig->factory, "data", path, -1, NULL, error);
}

static SmbSharedFile *
get_well (TestRig    *rig,
          const char *path)
{
  GError        *error = NULL;
  SmbSharedFile *file = get (rig, path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  return file;
}

static void
get_from_disk (TestRig     *rig,
               const char  *name,
               struct stat *info)
{
  g_autofree char *path = test_samba_build_path (rig->samba, "data", name, NULL);

  g_assert_cmpint (stat (path, info), ==, 0);
}

/* To the microsecond, which is as precise as a GDateTime is. */
/* Takes @time. */
static void
assert_time (GDateTime             *taken,
             const struct timespec *expected)
{
  g_autoptr(GDateTime) time = taken;

  g_assert_nonnull (time);
  g_assert_cmpint (g_date_time_get_utc_offset (time), ==, 0);
  g_assert_cmpint (g_date_time_to_unix (time), ==, expected->tv_sec);
  g_assert_cmpint (g_date_time_get_microsecond (time), ==, expected->tv_nsec / 1000);
}

static void
test_root (TestRig *rig)
{
  static const char *const paths[] = { "", "/", "\\", ".", "//./" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(SmbSharedFile) file = get_well (rig, paths[i]);

      g_assert_cmpstr (smb_shared_file_get_filename (file), ==, "");
      g_assert_true (smb_shared_file_get_is_directory (file));
      g_assert_false (smb_shared_file_get_is_normal (file));
      g_assert_true (smb_shared_file_get_attributes (file) & SMB_FILE_ATTRIBUTES_DIRECTORY);
    }
}

static void
test_file (TestRig *rig)
{
  g_autoptr(SmbSharedFile) file = NULL;
  struct stat              info;

  test_share_make_dir (rig->samba, "data", "look");
  test_store (rig->factory, "data", "look/Datei 😀", "thirteen byte");
  get_from_disk (rig, "look/Datei 😀", &info);
  file = get_well (rig, "look/Datei 😀");
  g_assert_cmpstr (smb_shared_file_get_filename (file), ==, "Datei 😀");
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, 13);
  g_assert_cmpuint (smb_shared_file_get_alloc_size (file), >=, 13);
  g_assert_cmphex (smb_shared_file_get_attributes (file), ==, SMB_FILE_ATTRIBUTES_ARCHIVE);
  g_assert_false (smb_shared_file_get_is_directory (file));
  g_assert_false (smb_shared_file_get_is_read_only (file));
  assert_time (smb_shared_file_get_last_write_time (file), &info.st_mtim);
  if (!test_rig_is_smb1 (rig))
    g_assert_cmpuint (smb_shared_file_get_file_id (file), ==, info.st_ino);
}

static void
test_folder (TestRig *rig)
{
  g_autoptr(SmbSharedFile) file = NULL;

  test_share_make_dir (rig->samba, "data", "a folder");
  file = get_well (rig, "a folder/");
  g_assert_cmpstr (smb_shared_file_get_filename (file), ==, "a folder");
  g_assert_true (smb_shared_file_get_is_directory (file));
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, 0);
}

static void
test_marks (TestRig *rig)
{
  static const SmbFileAttributes all = SMB_FILE_ATTRIBUTES_READ_ONLY | SMB_FILE_ATTRIBUTES_HIDDEN |
                                       SMB_FILE_ATTRIBUTES_SYSTEM | SMB_FILE_ATTRIBUTES_ARCHIVE;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(SmbSharedFile) again = NULL;
  g_autoptr(GError)        error = NULL;

  test_share_write_text (rig->samba, "data", "marked", "");
  smb_protocol_factory_reset_file_attributes (rig->factory, "data", "marked", all, -1, NULL, &error);
  g_assert_no_error (error);
  file = get_well (rig, "marked");
  g_assert_cmphex (smb_shared_file_get_attributes (file), ==, all);
  g_assert_true (smb_shared_file_get_is_read_only (file));
  g_assert_false (smb_shared_file_get_is_normal (file));

  smb_protocol_factory_reset_file_attributes (rig->factory, "data", "marked", SMB_FILE_ATTRIBUTES_NORMAL, -1,
                                              NULL, &error);
  g_assert_no_error (error);
  again = get_well (rig, "marked");
  g_assert_true (smb_shared_file_get_is_normal (again));
  g_assert_false (smb_shared_file_get_is_read_only (again));
}

static void
test_times (TestRig *rig)
{
  /* Before 1970, with a fraction, and after the end of 32 bits. */
  static const struct timespec times[] = { { 981173106, 123456000 },
                                           { -86400 * 365, 1000 },
                                           { 5000000000, 999999000 } };
  g_autofree char *path = test_samba_build_path (rig->samba, "data", "timed", NULL);

  test_share_write_text (rig->samba, "data", "timed", "");
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      const struct timespec    both[] = { { 1000000000, 7000 }, times[i] };
      g_autoptr(SmbSharedFile) file = NULL;
      g_autoptr(GDateTime)     created = NULL;

      g_assert_cmpint (utimensat (AT_FDCWD, path, both, 0), ==, 0);
      file = get_well (rig, "timed");
      assert_time (smb_shared_file_get_last_access_time (file), &both[0]);
      assert_time (smb_shared_file_get_last_write_time (file), &times[i]);
      assert_time (smb_shared_file_get_change_time (file), &times[i]); /* Samba's view of it */
      created = smb_shared_file_get_creation_time (file);
      g_assert_nonnull (created);
    }
}

static void
test_large (TestRig *rig)
{
  static const guint64     sizes[] = {
    G_MAXUINT32, G_GUINT64_CONSTANT (5) << 30, (G_GUINT64_CONSTANT (1) << 42) + 1
  };
  g_autofree char         *path = test_samba_build_path (rig->samba, "data", "large", NULL);

  test_share_write_text (rig->samba, "data", "large", "");
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(SmbSharedFile) file = NULL;

      g_assert_cmpint (truncate (path, sizes[i]), ==, 0);
      file = get_well (rig, "large");
      g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, sizes[i]);
    }
  g_assert_cmpint (unlink (path), ==, 0);
}

static void
test_refused (TestRig *rig)
{
  g_autoptr(GError) error = NULL;

  test_share_write_text (rig->samba, "data", "leaf", "");
  g_assert_null (get (rig, "none", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "get the attributes of",
                      "'none'", "'data'", NULL);
  g_assert_null (get (rig, "none/none", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_PATH_NOT_FOUND, "get the attributes of",
                      NULL);
  g_assert_null (get (rig, "leaf/below", &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (get (rig, "a*", &error));
  test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "get the attributes of", NULL);
}

/* A file that someone else has to himself can still be looked at. */
static void
test_locked (TestRig *rig)
{
  g_autoptr(SmbProtocolFactory) other = test_rig_new_client (rig, "bob");
  g_autoptr(SmbOpenFile)        open = NULL;
  g_autoptr(SmbSharedFile)      file = NULL;
  g_autoptr(GError)             error = NULL;

  smb_protocol_factory_open_connection (other, test_samba_get_host (rig->samba),
                                        test_samba_get_port (rig->samba), -1, NULL, &error);
  open = smb_protocol_factory_open_file (other, "data", "held", SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN_OR_CREATE, -1, NULL, &error);
  g_assert_no_error (error);
  file = get_well (rig, "held");
  g_assert_cmpstr (smb_shared_file_get_filename (file), ==, "held");
  smb_open_file_close (open, -1, NULL, &error);
  g_assert_no_error (error);
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "root", test_root },
    { "file", test_file },
    { "folder", test_folder },
    { "marks", test_marks },
    { "times", test_times },
    { "large", test_large },
    { "refused", test_refused },
    { "locked", test_locked },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("attributes", TEST_PROFILES_THOROUGH, cases);
  return test_profiles_run ();
}
