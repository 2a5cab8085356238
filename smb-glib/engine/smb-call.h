/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-error.h"

typedef struct _SmbConnection SmbConnection;
typedef struct _SmbPlan SmbPlan;

/**
 * SmbCall:
 *
 * One operation of the API from its beginning to its result, the same for the synchronous and the
 * asynchronous form. It has two sides. The worker's side sends plans and decides how it ends. The caller's
 * side touches what is the application's (streams, progress callbacks): the thread that waits in
 * smb_call_run(), or the thread-default context from which smb_call_run_async() was called.
 *
 * The life of a call:
 *   caller:  smb_call_new(), smb_call_set_…(), then smb_call_run() or smb_call_run_async()
 *   worker:  start() → plans … → smb_call_return() or smb_call_return_error() → cleanup()
 *   caller:  the result
 * Timeout, cancellation and the end of the connection return an error at any time between.
 */
typedef struct _SmbCall SmbCall;

typedef void (*SmbCallFunc) (SmbCall *call);

/* @connection: nullable: then the call fails with NOT_READY
 * @verb: what the caller tried, after "Cannot": "list the folder"
 * @share, @path: nullable; for messages
 * @timeout_msec: -1 = the connection's default, G_MAXINT = none, below -1 = the call fails with
 * INVALID_ARGUMENT */
SmbCall *smb_call_new   (SmbConnection *connection,
                         const char    *verb,
                         const char    *share,
                         const char    *path,
                         int            timeout_msec,
                         GCancellable  *cancellable);
SmbCall *smb_call_ref   (SmbCall *self);
void     smb_call_unref (SmbCall *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbCall, smb_call_unref)

/* Before the call runs. */

/* @start runs on the worker; @cleanup too, once, however the call ends, if it was started. @data is the
 * operation's own state; @free_data runs with the last reference, on any thread, and must not free what is
 * the application's: that goes into the caller's data. */
void smb_call_set_operation   (SmbCall        *self,
                               SmbCallFunc     start,
                               SmbCallFunc     cleanup,
                               gpointer        data,
                               GDestroyNotify  free_data);
/* What is the application's: freed on the caller's side, before the result is delivered. */
void smb_call_set_caller_data (SmbCall        *self,
                               gpointer        data,
                               GDestroyNotify  free_data);
/* The call is not refused when the connection is not ready: for opening and closing. */
void smb_call_set_any_state   (SmbCall *self);
/* It is started also when it was cancelled before: for closing, which is begun in any case. */
void smb_call_set_always_starts (SmbCall *self);
/* The call fails with @error as soon as it runs; only the first counts. */
void smb_call_set_error       (SmbCall *self,
                               GError  *error);
/* For messages, when it was not known to smb_call_new(). */
void smb_call_set_path        (SmbCall    *self,
                               const char *path);

gpointer       smb_call_get_data        (SmbCall *self);
gpointer       smb_call_get_caller_data (SmbCall *self);
SmbConnection *smb_call_get_connection  (SmbCall *self);
const char    *smb_call_get_share       (SmbCall *self);

/* "list the folder 'docs' on share 'data'": what stands after "Cannot" in messages. */
const char    *smb_call_get_context     (SmbCall *self);

/* On the worker. */

/* Ends the call; later calls of these are ignored. @result belongs to the call until it is taken. */
void     smb_call_return        (SmbCall        *self,
                                 gpointer        result,
                                 GDestroyNotify  free_result);
void     smb_call_return_number (SmbCall        *self,
                                 gpointer        result,
                                 GDestroyNotify  free_result,
                                 guint64         number);
/* Takes @error. */
void     smb_call_return_error  (SmbCall        *self,
                                 GError         *error);
/* "Cannot <context>: <the status in words> (STATUS_… 0x…)" */
void     smb_call_return_status (SmbCall        *self,
                                 guint32         status);
gboolean smb_call_has_ended     (SmbCall        *self);
/* Something moved: the timeout begins anew. */
void     smb_call_touch         (SmbCall        *self);
void     smb_call_pause_timeout (SmbCall        *self,
                                 gboolean        pause); /* while we wait for the application's stream */

/* From either side: runs @func on the other one, unless the call has ended by then (on the worker's side) or
 * its result was delivered (on the caller's). */
void     smb_call_run_on_caller (SmbCall        *self,
                                 SmbCallFunc     func);
void     smb_call_run_on_worker (SmbCall        *self,
                                 SmbCallFunc     func);
/* On the caller's side: whether a thread waits in smb_call_run(), so that blocking is what it expects. */
gboolean smb_call_is_sync       (SmbCall        *self);
/* On the caller's side: ends the call with an error of the application's stream. */
void     smb_call_fail_from_caller (SmbCall *self,
                                    GError  *error);
/* On the caller's side: the application's own, for its streams. */
GCancellable *smb_call_get_cancellable (SmbCall *self);
/* On the caller's side of an asynchronous call: the result waits while an operation on the application's
 * stream is under way, so that the stream is free when the application hears of the end. */
void     smb_call_hold             (SmbCall *self);
void     smb_call_release          (SmbCall *self);

/* How the call is run, and what it gave. */

/* Waits for the end; never runs a main loop. FALSE with @error set, or TRUE. */
gboolean smb_call_run           (SmbCall        *self,
                                 GError        **error);
/* After a successful run: the result, owned by the caller from here on. */
gpointer smb_call_take_result   (SmbCall        *self);
guint64  smb_call_get_number    (SmbCall        *self);

void     smb_call_run_async     (SmbCall             *self,
                                 gpointer             source_object,
                                 gpointer             source_tag,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
/* Gives the call that ended, or NULL with @error set: for the …_finish() functions. */
SmbCall *smb_call_finish        (gpointer             source_object,
                                 GAsyncResult        *result,
                                 gpointer             source_tag,
                                 GError             **error);

/* For the mailbox, on the caller's side. */
void   smb_call_run_caller_jobs (SmbCall *self);

/* For the connection and the plans, on the worker. */
/* @link: whose data is the plan */
void   smb_call_add_plan        (SmbCall *self,
                                 GList   *link);
void   smb_call_remove_plan     (SmbCall *self,
                                 GList   *link);
gint64 smb_call_get_deadline    (SmbCall *self); /* monotonic µs, G_MAXINT64 = none */
void   smb_call_time_out        (SmbCall *self);
