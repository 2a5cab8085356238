/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "decoder-check.h"
#include "wire/smb-ntstatus.h"

static void
test_names (void)
{
  g_assert_cmpstr (smb_nt_status_get_name (0), ==, "STATUS_SUCCESS");
  g_assert_cmpstr (smb_nt_status_get_name (0xC0000034), ==, "STATUS_OBJECT_NAME_NOT_FOUND");
  g_assert_cmpstr (smb_nt_status_get_name (0xC05D0002), ==, "STATUS_SMB_GUEST_LOGON_BLOCKED");
  g_assert_cmpstr (smb_nt_status_get_name (0xFFFF0002), ==, "STATUS_SMB_NO_SUPPORT");
  g_assert_null (smb_nt_status_get_name (0xC0FFEE00));
  g_assert_cmpstr (smb_nt_status_get_description (0xC0FFEE00), !=, NULL);
  g_assert_cmpstr (smb_nt_status_get_description (SMB_STATUS_OBJECT_NAME_NOT_FOUND), ==,
                   "the file or folder does not exist");
}

/* Every status that the header names is found, so that the table is sorted. */
static void
test_table (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("SMB_TEST_SRCDIR"), "..", "smb-glib", "wire",
                                            "smb-ntstatus.h", NULL);
  g_autofree char *header = NULL;
  g_auto(GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &header, NULL, NULL));
  lines = g_strsplit (header, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      char name[80];
      guint status;

      if (sscanf (*line, "#define SMB_%79s 0x%X", name, &status) != 2)
        continue;
      g_assert_cmpstr (smb_nt_status_get_name (status), ==, name);
      n++;
    }
  g_assert_cmpuint (n, >=, 250);
}

static void
test_severity (void)
{
  g_assert_cmpint (smb_nt_status_get_severity (SMB_STATUS_PENDING), ==, SMB_NT_SEVERITY_SUCCESS);
  g_assert_cmpint (smb_nt_status_get_severity (SMB_STATUS_OBJECT_NAME_EXISTS), ==,
                   SMB_NT_SEVERITY_INFORMATIONAL);
  g_assert_cmpint (smb_nt_status_get_severity (SMB_STATUS_BUFFER_OVERFLOW), ==, SMB_NT_SEVERITY_WARNING);
  g_assert_cmpint (smb_nt_status_get_severity (SMB_STATUS_ACCESS_DENIED), ==, SMB_NT_SEVERITY_ERROR);

  g_assert_false (smb_nt_status_is_error (SMB_STATUS_SUCCESS));
  g_assert_false (smb_nt_status_is_error (SMB_STATUS_PENDING));
  g_assert_false (smb_nt_status_is_error (SMB_STATUS_NOTIFY_ENUM_DIR));
  g_assert_false (smb_nt_status_is_error (SMB_STATUS_NO_MORE_FILES));
  g_assert_false (smb_nt_status_is_error (SMB_STATUS_BUFFER_OVERFLOW));
  g_assert_true (smb_nt_status_is_error (SMB_STATUS_MORE_PROCESSING_REQUIRED));
  g_assert_true (smb_nt_status_is_error (SMB_STATUS_SMB_BAD_UID));
  g_assert_true (smb_nt_status_is_error (SMB_STATUS_SMB_BAD_FID));
  g_assert_true (smb_nt_status_is_error (SMB_STATUS_SMB_NO_SUPPORT));
}

static void
test_codes (void)
{
  static const struct
  {
    guint32  status;
    SmbError code;
  } cases[] = {
    { SMB_STATUS_OBJECT_NAME_NOT_FOUND, SMB_ERROR_NOT_FOUND },
    { SMB_STATUS_OBJECT_PATH_NOT_FOUND, SMB_ERROR_NOT_FOUND },
    { SMB_STATUS_NO_SUCH_FILE, SMB_ERROR_NOT_FOUND },
    { SMB_STATUS_BAD_NETWORK_NAME, SMB_ERROR_NOT_FOUND },
    { SMB_STATUS_OBJECT_NAME_COLLISION, SMB_ERROR_EXISTS },
    { SMB_STATUS_ACCESS_DENIED, SMB_ERROR_ACCESS_DENIED },
    { SMB_STATUS_CANNOT_DELETE, SMB_ERROR_ACCESS_DENIED },
    { SMB_STATUS_MEDIA_WRITE_PROTECTED, SMB_ERROR_ACCESS_DENIED },
    { SMB_STATUS_LOGON_FAILURE, SMB_ERROR_AUTH_FAILED },
    { SMB_STATUS_ACCOUNT_LOCKED_OUT, SMB_ERROR_AUTH_FAILED },
    { SMB_STATUS_ACCOUNT_RESTRICTION, SMB_ERROR_AUTH_FAILED },
    { SMB_STATUS_PASSWORD_EXPIRED, SMB_ERROR_AUTH_FAILED },
    { SMB_STATUS_NTLM_BLOCKED, SMB_ERROR_AUTH_FAILED },
    { SMB_STATUS_DIRECTORY_NOT_EMPTY, SMB_ERROR_NOT_EMPTY },
    { SMB_STATUS_NOT_A_DIRECTORY, SMB_ERROR_NOT_DIRECTORY },
    { SMB_STATUS_FILE_IS_A_DIRECTORY, SMB_ERROR_IS_DIRECTORY },
    { SMB_STATUS_DISK_FULL, SMB_ERROR_NO_SPACE },
    { SMB_STATUS_QUOTA_EXCEEDED, SMB_ERROR_NO_SPACE },
    { SMB_STATUS_DISK_QUOTA_EXCEEDED, SMB_ERROR_NO_SPACE },
    { SMB_STATUS_SHARING_VIOLATION, SMB_ERROR_SHARING_VIOLATION },
    { SMB_STATUS_FILE_LOCK_CONFLICT, SMB_ERROR_SHARING_VIOLATION },
    { SMB_STATUS_LOCK_NOT_GRANTED, SMB_ERROR_SHARING_VIOLATION },
    { SMB_STATUS_NETWORK_NAME_DELETED, SMB_ERROR_NOT_CONNECTED },
    { SMB_STATUS_USER_SESSION_DELETED, SMB_ERROR_NOT_CONNECTED },
    { SMB_STATUS_SMB_BAD_UID, SMB_ERROR_NOT_CONNECTED },
    { SMB_STATUS_CONNECTION_DISCONNECTED, SMB_ERROR_FAILED }, /* of a pipe: ours is there, as it brought this */
    { SMB_STATUS_CONNECTION_RESET, SMB_ERROR_FAILED },
    { SMB_STATUS_IO_TIMEOUT, SMB_ERROR_TIMED_OUT },
    { SMB_STATUS_OBJECT_NAME_INVALID, SMB_ERROR_INVALID_ARGUMENT },
    { SMB_STATUS_INVALID_PARAMETER, SMB_ERROR_INVALID_ARGUMENT },
    { SMB_STATUS_STOPPED_ON_SYMLINK, SMB_ERROR_NOT_SUPPORTED },
    { SMB_STATUS_PATH_NOT_COVERED, SMB_ERROR_NOT_SUPPORTED },
    { SMB_STATUS_NOT_SAME_DEVICE, SMB_ERROR_NOT_SUPPORTED },
    { SMB_STATUS_DOWNGRADE_DETECTED, SMB_ERROR_SECURITY },
    { SMB_STATUS_END_OF_FILE, SMB_ERROR_FAILED },
    { 0xC0FFEE00, SMB_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (smb_nt_status_to_error (cases[i].status) != cases[i].code)
      g_error ("0x%08X", cases[i].status);
}

static void
test_gerror (void)
{
  g_autoptr(GError) error = smb_nt_status_to_gerror (SMB_STATUS_OBJECT_NAME_NOT_FOUND,
                                                     "Cannot open \"%s\" on %s", "a/b.txt", "data");
  g_autoptr(GError) unknown = smb_nt_status_to_gerror (0xC0FFEE00, "Cannot list");
  g_autoptr(GError) rebuilt = NULL;

  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==,
                   "Cannot open \"a/b.txt\" on data: the file or folder does not exist "
                   "(STATUS_OBJECT_NAME_NOT_FOUND 0xC0000034)");
  g_assert_cmphex (smb_error_get_nt_status (error), ==, SMB_STATUS_OBJECT_NAME_NOT_FOUND);

  g_assert_error (unknown, SMB_ERROR, SMB_ERROR_FAILED);
  g_assert_cmphex (smb_error_get_nt_status (unknown), ==, 0xC0FFEE00);
  rebuilt = g_error_new_literal (SMB_ERROR, SMB_ERROR_FAILED, unknown->message);
  g_assert_cmphex (smb_error_get_nt_status (rebuilt), ==, 0xC0FFEE00);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wire/ntstatus/names", test_names);
  g_test_add_func ("/wire/ntstatus/table", test_table);
  g_test_add_func ("/wire/ntstatus/severity", test_severity);
  g_test_add_func ("/wire/ntstatus/codes", test_codes);
  g_test_add_func ("/wire/ntstatus/error", test_gerror);

  return g_test_run ();
}
