/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-client.h"

G_BEGIN_DECLS

/* Shorter words for what tests of operations say again and again. What is expected to go well fails the test
 * if it does not. */

/* NTSTATUS values of [MS-ERREF] 2.3.1 that servers answer in these tests. */
enum
{
  TEST_STATUS_NONE = 0, /* the library's own refusal */
  TEST_STATUS_ACCESS_DENIED = 0xC0000022,
  TEST_STATUS_OBJECT_NAME_INVALID = 0xC0000033,
  TEST_STATUS_OBJECT_NAME_NOT_FOUND = 0xC0000034,
  TEST_STATUS_OBJECT_NAME_COLLISION = 0xC0000035,
  TEST_STATUS_OBJECT_PATH_NOT_FOUND = 0xC000003A,
  TEST_STATUS_SHARING_VIOLATION = 0xC0000043,
  TEST_STATUS_DISK_FULL = 0xC000007F,
  TEST_STATUS_LOGON_FAILURE = 0xC000006D,
  TEST_STATUS_FILE_IS_A_DIRECTORY = 0xC00000BA,
  TEST_STATUS_NOT_SUPPORTED = 0xC00000BB,
  TEST_STATUS_BAD_NETWORK_NAME = 0xC00000CC,
  TEST_STATUS_DIRECTORY_NOT_EMPTY = 0xC0000101,
  TEST_STATUS_NOT_A_DIRECTORY = 0xC0000103,
  TEST_STATUS_CANNOT_DELETE = 0xC0000121,
  TEST_STATUS_PATH_NOT_COVERED = 0xC0000257,
  TEST_STATUS_NTLM_BLOCKED = 0xC0000418,
};

/* That @error is of @code and @status, and a single line that begins with "Cannot <operation>", and has the
 * further words in it, up to a NULL. Clears it. */
#define test_assert_failed(...) test_assert_failed_at (G_STRLOC, __VA_ARGS__)
void    test_assert_failed_at (const char  *where,
                               GError     **error,
                               SmbError     code,
                               guint32      status,
                               const char  *operation,
                               ...) G_GNUC_NULL_TERMINATED;

GBytes *test_retrieve (SmbProtocolFactory *factory,
                       const char         *share,
                       const char         *path);
/* All of @text but its NUL. */
void    test_store    (SmbProtocolFactory *factory,
                       const char         *share,
                       const char         *path,
                       const char         *text);
/* What a folder holds but for . and .., sorted, in one string with a bar between the names. */
char   *test_list     (SmbProtocolFactory *factory,
                       const char         *share,
                       const char         *path,
                       const char         *pattern);

/* On the server's disk, without the library. */
void     test_share_make_dir   (TestSamba  *samba,
                                const char *share,
                                const char *name);
void     test_share_write_text (TestSamba  *samba,
                                const char *share,
                                const char *name,
                                const char *text);
/* An empty file, for when there are to be many. */
void     test_share_touch      (TestSamba  *samba,
                                const char *share,
                                const char *name);
void     test_share_assert_text (TestSamba  *samba,
                                 const char *share,
                                 const char *name,
                                 const char *text);
gboolean test_share_has        (TestSamba  *samba,
                                const char *share,
                                const char *name);

/* "<folder>/<name>" */
#define test_in(folder, name) (g_strconcat ((folder), "/", (name), NULL))

/* When they were made and written. */
void test_assert_same_times (SmbSharedFile *one,
                             SmbSharedFile *other);

G_END_DECLS
