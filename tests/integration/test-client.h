/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/smb-glib.h>

#include "test-samba.h"

G_BEGIN_DECLS

/* What the integration tests have in common: a factory that is connected, a look at a share, and data to
 * send. */

/* A factory for @user of @samba, with further properties as for g_object_set(), not opened yet. */
SmbProtocolFactory *test_client_new  (TestSamba  *samba,
                                      const char *user,
                                      const char *first_property,
                                      ...) G_GNUC_NULL_TERMINATED;
/* The same, opened; the test fails if it cannot be. */
SmbProtocolFactory *test_client_open (TestSamba  *samba,
                                      const char *first_property,
                                      ...) G_GNUC_NULL_TERMINATED;

/* Gets the attributes of the share's own folder, which must go well; the second form takes one from
 * @remaining when it has them. */
void test_look       (SmbProtocolFactory *factory,
                      const char         *share);
void test_look_async (SmbProtocolFactory *factory,
                      const char         *share,
                      guint              *remaining);

/* Bytes that repeat at no round number, so that a lost or doubled piece shows. */
GBytes *test_data_new (gsize size);

/* A file on the server's disk, made or compared without the library. */
void test_share_write (TestSamba  *samba,
                       const char *share,
                       const char *name,
                       GBytes     *data);
void test_share_assert (TestSamba  *samba,
                        const char *share,
                        const char *name,
                        GBytes     *data);

/* Runs the thread's main context until @*done. */
void test_wait_until (const gboolean *done);

G_END_DECLS
