/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/connection/smb-bulk.h"
#include "engine/smb-call.h"
#include "plugin/smb-auth.h"
#include "smb-enums.h"

/**
 * SmbConnection:
 *
 * One transport connection to a server with one session on it ([MS-SMB2] 3.2.1.2, 3.2.1.3), from its opening
 * to its end; it is not opened twice. Factories, open files, enumerators and calls *use* it: when the last
 * user has gone it logs off and hangs up by itself. Its protocol state lives on the worker.
 */

/* What an opening is asked for. Immutable once given to smb_connection_new(). */
typedef struct
{
  GSocketConnectable *server;        /* with the port; NULL: made from host and port */
  char               *host;          /* as the user gave it */
  guint16             port;          /* 0 = the transport's own */
  char               *target_host;   /* NULL = host */
  char               *transport;     /* NULL or "auto", or a plugin's name */
  GProxyResolver     *proxy_resolver;
  char               *client_name;
  char               *server_name;
  GStrv               mechanisms;    /* NULL = those installed */
  SmbCredentials     *credentials;
  SmbDialectVersion   min_version;
  SmbDialectVersion   max_version;
  SmbSignOptions      sign_options;
  SmbEncryption       encryption;
  gboolean            allow_guest;
  guint               keepalive_interval; /* seconds, 0 = none */
  int                 default_timeout;    /* milliseconds, G_MAXINT = none */
} SmbConnectionOptions;

SmbConnectionOptions *smb_connection_options_new  (void);
void                  smb_connection_options_free (SmbConnectionOptions *self);

/* What the API's properties show. */
typedef struct
{
  SmbConnectionState state;
  SmbDialectVersion  dialect;
  gboolean           guest;
  const char        *signing_algorithm; /* static, NULL = none */
  const char        *cipher;            /* static, NULL = none */
  guint32            max_read_size;
  guint32            max_write_size;
} SmbConnectionInfo;

/* On the worker: the connection's state or end. @error is NULL for an end that was asked for. Both must only
 * queue. */
typedef struct
{
  void (*changed) (gpointer data);
  void (*closed)  (gpointer data, const GError *error);
} SmbConnectionListener;

/* Takes @options. @listener_data is freed with @free_data, on any thread. */
SmbConnection *smb_connection_new   (SmbConnectionOptions        *options,
                                     const SmbConnectionListener *listener,
                                     gpointer                     listener_data,
                                     GDestroyNotify               free_data);
SmbConnection *smb_connection_use   (SmbConnection *self);
void           smb_connection_unuse (SmbConnection *self);

/* From any thread. */
void     smb_connection_get_info            (SmbConnection     *self,
                                             SmbConnectionInfo *info);
int      smb_connection_get_default_timeout (SmbConnection     *self);
gboolean smb_connection_is_of_this_process  (SmbConnection     *self);

/* Opens it: reaches the server, negotiates and logs in. Once a connection. */
SmbCall *smb_open_call_new  (SmbConnection *connection,
                             int            timeout_msec,
                             GCancellable  *cancellable);
/* Logs off and hangs up; ends well also when the server does not answer. */
SmbCall *smb_close_call_new (SmbConnection *connection,
                             int            timeout_msec,
                             GCancellable  *cancellable);

/* On the worker. */

/* FALSE with NOT_READY before the session stands, NOT_CONNECTED after its end. */
gboolean smb_connection_check_ready    (SmbConnection  *self,
                                        GError        **error);
/* Ends it: all that is under way ends with NOT_CONNECTED, for the reason given. Takes @error;
 * NULL: it was asked for. */
void     smb_connection_fail           (SmbConnection  *self,
                                        GError         *error);
void     smb_connection_add_call       (SmbConnection  *self,
                                        SmbCall        *call);
void     smb_connection_remove_call    (SmbConnection  *self,
                                        SmbCall        *call);
void     smb_connection_watch_deadline (SmbConnection  *self,
                                        gint64          deadline);

/* For operations: how much goes into one request, bytes. */
guint32  smb_connection_get_read_chunk     (SmbConnection *self);
guint32  smb_connection_get_write_chunk    (SmbConnection *self);
guint32  smb_connection_get_transact_chunk (SmbConnection *self);
/* Bytes that a transfer keeps under way; changes as it goes on. */
gsize    smb_connection_get_window         (SmbConnection *self,
                                            const SmbLane *lane);
const char *smb_connection_get_target_host (SmbConnection *self);

/* For operations: whether a QUERY_INFO may name the path of a file on @share and tells all that a CREATE
 * would. */
gboolean smb_connection_queries_paths        (SmbConnection *self,
                                              const char    *share);
/* What that depends on: a CREATE on @share told no number of the file, though it was asked for. */
void     smb_connection_note_no_file_ids     (SmbConnection *self,
                                              const char    *share);
/* The server understands no such QUERY_INFO. */
void     smb_connection_refuses_path_queries (SmbConnection *self);
