/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TestSamba:
 *
 * A private Samba server, run by samba-server.py for as long as this exists.
 * Its log goes to stderr when the test fails or crashes.
 */
typedef struct _TestSamba TestSamba;

/**
 * test_samba_start:
 * @...: options of samba-server.py, or %NULL for none
 *
 * Starts a server and waits until it accepts connections. Aborts the test if it does not.
 */
#define test_samba_start(...) test_samba_startv ((const char *const[]) { __VA_ARGS__, NULL })
TestSamba *test_samba_startv (const char *const *options) G_GNUC_WARN_UNUSED_RESULT;
void       test_samba_stop (TestSamba *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestSamba, test_samba_stop)

const char *test_samba_get_host (TestSamba *self);
guint16     test_samba_get_port (TestSamba *self);

/* alice, or the password of any user; NULL if there is no such user. */
const char *test_samba_get_user (TestSamba *self);
const char *test_samba_get_password (TestSamba  *self,
                                     const char *user);

/* The folder of a share on the server's disk, and a file in it. */
const char *test_samba_get_share_dir (TestSamba  *self,
                                      const char *share);
char       *test_samba_build_path (TestSamba  *self,
                                   const char *share,
                                   const char *first_name,
                                   ...) G_GNUC_NULL_TERMINATED;

/**
 * test_samba_command:
 * @key: (nullable): what to return of the answer, for instance `output`
 * @format: one of the commands of samba-server.py
 *
 * Lets the server do something, and waits until it has. Aborts the test if it refuses.
 *
 * Returns: (transfer full) (nullable): the value of @key in the answer
 */
char *test_samba_command (TestSamba  *self,
                          const char *key,
                          const char *format,
                          ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
