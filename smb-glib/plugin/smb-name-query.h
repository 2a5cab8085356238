/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/smb-nbns.h"

G_BEGIN_DECLS

#define SMB_NAME_SERVICE_PORT 137

/**
 * SmbNameQuestion:
 * @type: what is asked
 * @name: about which name
 * @addresses: (element-type GInetAddress): whom to ask, all of IPv4
 * @broadcast: whether @addresses are broadcast addresses, where many may answer, or nobody; else there is one
 * @port: on which they listen
 * @listen_port: from which to ask, 0 for any
 * @timeout_msec: milliseconds, %G_MAXINT for as long as it makes sense
 *
 * A question to NetBIOS's name service ([RFC 1002] 4.2.12, 4.2.17), for API and transports alike.
 *
 * It is asked three times: broadcasts every 250 ms, else every 5 s ([RFC 1002] 6), or more often if there is
 * less time. What cannot be an answer to it, or comes from someone else, is ignored.
 *
 * Ends with SMB_ERROR_TIMED_OUT when who was asked does not answer; for a broadcast that nobody answered it
 * is SMB_ERROR_NOT_FOUND; with NOT_FOUND, ACCESS_DENIED or FAILED for a refusal, and with the network's
 * errors.
 */
typedef struct
{
  SmbNbnsType     type;
  SmbNetbiosName  name;
  GPtrArray      *addresses;
  gboolean        broadcast;
  guint16         port;
  guint16         listen_port;
  int             timeout_msec;
} SmbNameQuestion;

/* Waits in this thread; no main loop runs. */
SMB_EXTERN SmbNbnsReply *smb_name_query        (const SmbNameQuestion  *question,
                                                GCancellable           *cancellable,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;
/* In the thread-default context of the caller, where @callback comes too, without a source object.
 * @question may go at once. */
SMB_EXTERN void          smb_name_query_async  (const SmbNameQuestion  *question,
                                                GCancellable           *cancellable,
                                                GAsyncReadyCallback     callback,
                                                gpointer                user_data);
SMB_EXTERN SmbNbnsReply *smb_name_query_finish (GAsyncResult           *result,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
