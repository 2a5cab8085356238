/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/smb-glib.h>

#include "scripted-server.h"
#include "wire/smb-ntstatus.h"

G_BEGIN_DECLS

#define SHARE "share"

/* What is on the share at first. */
#define FILE_NAME   "file"
#define FILE_TEXT   "Curiouser and curiouser!"
#define FOLDER_NAME "folder" /* which holds "first" and "second" */

/**
 * Fixture:
 * @server: that a test makes misbehave
 * @factory: of the user that it knows; not open yet
 * @n_auth_ok: how often the signal came; for the other two alike
 * @auth_error: what the last of `auth-failed` said
 * @closed_error: what the last of `closed` said; %NULL also if it was asked for
 *
 * A client and its server. Whatever a test does to them, the factory must not outlive it.
 */
typedef struct
{
  ScriptedServer     *server;
  SmbProtocolFactory *factory;
  guint               n_auth_ok;
  guint               n_auth_failed;
  guint               n_closed;
  GError             *auth_error;
  GError             *closed_error;
} Fixture;

/* Both for g_test_add(). */
void fixture_set_up    (Fixture      *f,
                        gconstpointer data);
void fixture_tear_down (Fixture      *f,
                        gconstpointer data);

#define fixture_add(path, func) fixture_add_with (path, NULL, func)
#define fixture_add_with(path, data, func) \
  g_test_add (path, Fixture, (gconstpointer) (data), fixture_set_up, func, fixture_tear_down)

/* Another client, in place of the one there is. */
void fixture_renew_factory (Fixture    *f,
                            const char *user,
                            const char *password);
/* Another server, in place of the one there is, and another client. */
void fixture_renew         (Fixture    *f);
/* What a busy machine may spoil: of a few attempts, each with a server and a client of its own, one has to be
 * good. */
void fixture_try           (Fixture    *f,
                            gboolean  (*attempt) (Fixture *),
                            guint       n_attempts);

/* Opens the connection with these properties of the factory set: names and values up to a NULL. */
void  fixture_open       (Fixture *f,
                          ...) G_GNUC_NULL_TERMINATED;
/* The same, which must fail with @code before any share is used; returns what the error says. */
char *fixture_open_fails (Fixture *f,
                          SmbError code,
                          ...) G_GNUC_NULL_TERMINATED;
/* Opens it in the background. */
void fixture_open_async (Fixture             *f,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data);

/* The connection has ended, for this reason; nothing works any more. */
void fixture_assert_gone   (Fixture  *f,
                            SmbError  code);
/* It has not. */
void fixture_assert_usable (Fixture  *f);

/* That @error is of SMB_ERROR and @code, and a single line for people. Clears it. */
#define assert_failed(error, code) assert_failed_at (G_STRLOC, (error), (code))
void assert_failed_at (const char *where,
                       GError    **error,
                       SmbError    code);

/* Asynchronous calls: a callback that keeps the result, and waiting for it in the default main context. */
typedef struct
{
  GAsyncResult *result; /* NULL while it is under way */
} Pending;

void          pending_ready (GObject      *source,
                             GAsyncResult *result,
                             gpointer      pending);
/* Its result, once only. */
GAsyncResult *pending_wait  (Pending *self) G_GNUC_WARN_UNUSED_RESULT;

/* Simple operations in both forms. */
gboolean     do_echo        (Fixture *f,
                             GError **error);
gboolean     do_attributes  (Fixture *f,
                             GError **error);
SmbOpenFile *do_open        (Fixture      *f,
                             SmbFileAccess access);
void         begin_echo     (Fixture      *f,
                             int           timeout_msec,
                             GCancellable *cancellable,
                             Pending      *pending);
gboolean     end_echo       (Fixture *f,
                             Pending *pending,
                             GError **error);

/* Bytes that repeat at no round number. */
GBytes *make_data (gsize size);

G_END_DECLS
