/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scripted-server.h"

#include "crypto/smb-aead.h"
#include "crypto/smb-hash.h"
#include "crypto/smb-mac.h"
#include "wire/smb-ntstatus.h"
#include "wire/smb-reader.h"
#include "wire/smb-writer.h"

#include "scripted-files.h"
#include "scripted-ntlm.h"

G_BEGIN_DECLS

#define HEADER_SIZE    64
#define SIGNATURE_AT   48
#define SIGNATURE_SIZE 16
#define TRANSFORM_SIZE 52

/* SMB2_FLAGS_… ([MS-SMB2] 2.2.1.2) */
enum
{
  FLAG_RESPONSE = 0x1,
  FLAG_ASYNC = 0x2,
  FLAG_RELATED = 0x4,
  FLAG_SIGNED = 0x8,
};

/* SMB2_GLOBAL_CAP_… ([MS-SMB2] 2.2.3) */
enum
{
  CAP_LARGE_MTU = 0x4,
  CAP_ENCRYPTION = 0x40,
};

/* SMB2_SESSION_FLAG_… ([MS-SMB2] 2.2.6) */
enum
{
  SESSION_IS_GUEST = 1,
  SESSION_IS_NULL = 2,
  SESSION_ENCRYPT_DATA = 4,
};

typedef struct
{
  ScriptedRule rule;
  GBytes      *data;   /* nullable */
  guint        n_seen; /* requests of the kind */
} ScriptedActiveRule;

struct _ScriptedServer
{
  ScriptedConfig   config;
  GSocketListener *listener;
  guint16          port;
  GCancellable    *stop;
  GThread         *thread;

  GMutex         mutex; /* guards what follows, and all of sessions, trees and files */
  GCond          changed;
  GPtrArray     *connections; /* of ScriptedConnection, also those that have ended */
  GPtrArray     *records;     /* of ScriptedRecord */
  GPtrArray     *rules;       /* of ScriptedActiveRule */
  GPtrArray     *held;        /* of ScriptedReply */
  GPtrArray     *retired;     /* rules that replies may still point to */
  gboolean       holds_nothing;
  guint          most_in_flight;
  ScriptedFiles *files;
  GHashTable    *ioctls; /* FSCTL to GBytes */
  GQueue         pdus;   /* of GBytes */
  guint8         guid[16];
  guint64        last_id; /* of sessions, trees, opens and asynchronous requests */
};

typedef struct
{
  ScriptedServer    *server;
  guint              number;
  GSocketConnection *stream;
  GThread           *thread;
  GMutex             write_lock;

  /* The server's mutex guards the rest. */
  gboolean frozen;
  gboolean stalled;           /* in the middle of a frame */
  guint16  dialect;           /* 0 before NEGOTIATE */
  guint16  cipher;            /* 0 = none */
  guint16  signing_algorithm; /* as in 3.1.1's context */
  guint32  capabilities;      /* ours, as told */
  guint8   preauth[SMB_SHA512_SIZE];

  /* Of the client's NEGOTIATE, for FSCTL_VALIDATE_NEGOTIATE_INFO. */
  guint32  client_capabilities;
  guint16  client_security_mode;
  guint8   client_guid[16];
  GArray  *client_dialects; /* of guint16 */

  GHashTable *sessions; /* id to ScriptedSession; those logged off too */
  guint64     granted;  /* MessageIds below this one may be used, */
  GHashTable *used;     /* each but once */
  guint       n_frames;
  guint       in_flight;
} ScriptedConnection;

typedef struct
{
  guint64      id;
  gboolean     is_established;
  gboolean     has_ended;
  gboolean     is_anonymous; /* or guest */
  guint8       preauth[SMB_SHA512_SIZE];
  ScriptedNtlm ntlm;
  SmbMac      *mac;       /* NULL without keys */
  SmbMac      *other_mac; /* with a key of somebody else's */
  SmbAead     *sealer;    /* NULL if it cannot be */
  SmbAead     *other_sealer;
  SmbAead     *opener;
  guint64      nonce;
  GHashTable  *trees; /* id to ScriptedTree */
  GHashTable  *opens; /* id to ScriptedOpen */
} ScriptedSession;

typedef struct
{
  guint32  id;
  gboolean is_ipc;
} ScriptedTree;

/* What related requests hand on ([MS-SMB2] 3.3.5.2.7.2). */
typedef struct
{
  guint64 session_id;
  guint32 tree_id;
  guint64 file_id;
  guint32 status; /* of the request before */
  guint32 failure; /* of the last CREATE in the frame that failed, whatever came behind it */
} ScriptedChain;

/* A request being handled. */
typedef struct
{
  ScriptedConnection *connection;
  ScriptedSession    *session; /* nullable */
  ScriptedTree       *tree;    /* nullable */
  ScriptedChain      *chain;
  ScriptedRecord     *record;
  SmbReader           reader;   /* of the message; stands behind StructureSize */
} ScriptedRequest;

/* Its answer. */
typedef struct
{
  ScriptedConnection *connection;
  ScriptedSession    *session; /* nullable */
  ScriptedCommand     command;
  guint32             status;
  guint32             flags; /* FLAG_RELATED or 0 */
  guint64             message_id;
  guint64             async_id; /* 0 = synchronous */
  guint64             session_id;
  guint32             tree_id;
  guint16             charge;
  guint16             credits;
  gboolean            sign;
  gboolean            seal;
  gboolean            hang_up; /* instead of it */
  guint8              request_signature[SIGNATURE_SIZE];
  SmbWriter           message; /* header, empty until it is sent, and body, empty for an error's own */
  GPtrArray          *rules;   /* of ScriptedActiveRule; borrowed */
} ScriptedReply;

/* What goes out. */
typedef struct
{
  GByteArray *bytes; /* with the framing */
  gsize       stall_at; /* 0 = nowhere */
  gboolean    hang_up;
} ScriptedFrame;

typedef void (*ScriptedHandler) (ScriptedRequest *request,
                                 ScriptedReply   *reply);

/* scripted-connection.c: reading, writing, ending */
ScriptedConnection *scripted_connection_new     (ScriptedServer     *server,
                                                 GSocketConnection  *stream,
                                                 guint               number);
void                scripted_connection_free    (ScriptedConnection *self);
void                scripted_connection_hang_up (ScriptedConnection *self);
/* Without the server's mutex. Consumes @frames, of ScriptedFrame. FALSE once the connection has ended. */
gboolean            scripted_connection_send    (ScriptedConnection *self,
                                                 GPtrArray          *frames);

/* scripted-input.c: what is in a frame. FALSE ends the connection. */
gboolean scripted_handle_frame (ScriptedConnection *connection,
                                GByteArray         *frame,
                                GPtrArray          *frames);

/* scripted-reply.c */
ScriptedReply            *scripted_reply_new  (const ScriptedRequest *request);
void                      scripted_reply_free (ScriptedReply         *self);
const ScriptedActiveRule *scripted_reply_find (const ScriptedReply   *self,
                                               ScriptedAction         action);
/* Drops the body. */
void                      scripted_reply_fail (ScriptedReply         *self,
                                               guint32                status);

/* scripted-output.c; @frames is of ScriptedFrame. */
GPtrArray *scripted_frames_new   (void);
/* Empties @replies, of ScriptedReply: those of one chain. */
void       scripted_output_chain (GPtrArray     *replies,
                                  GPtrArray     *frames);
/* Takes @reply. */
void       scripted_output_held  (ScriptedReply *reply,
                                  GPtrArray     *frames);
void       scripted_output_break (GPtrArray     *frames,
                                  gconstpointer  data,
                                  gsize          size);
void       scripted_output_raw   (GPtrArray     *frames,
                                  gconstpointer  data,
                                  gsize          size);

/* scripted-protect.c; @otherwise: with a key of somebody else's */
void        scripted_session_derive_keys (ScriptedSession          *self,
                                          const ScriptedConnection *connection,
                                          const guint8              key[16]);
void        scripted_sign                (const ScriptedSession    *session,
                                          gboolean                  otherwise,
                                          guint8                   *message,
                                          gsize                     size);
gboolean    scripted_verify              (const ScriptedSession    *session,
                                          const guint8             *message,
                                          gsize                     size);
/* Of a frame without its framing, which grows and shrinks by the transform header. NULL if it cannot be
 * opened. */
void        scripted_seal                (ScriptedSession          *session,
                                          gboolean                  otherwise,
                                          GByteArray               *frame);
ScriptedSession *scripted_open           (ScriptedConnection       *connection,
                                          GByteArray               *frame,
                                          guint8                    nonce[16]);

/* scripted-handlers.c: NULL for what is no command of this server */
ScriptedHandler scripted_get_handler (ScriptedCommand command);

/* scripted-negotiate.c */
void     scripted_handle_negotiate  (ScriptedRequest    *request,
                                     ScriptedReply      *reply);
gboolean scripted_handle_smb1       (ScriptedConnection *connection,
                                     GByteArray         *frame,
                                     GPtrArray          *frames);
void     scripted_validate          (ScriptedRequest    *request,
                                     SmbReader          *input,
                                     ScriptedReply      *reply,
                                     SmbWriter          *output);

/* scripted-session.c */
ScriptedSession *scripted_session_new           (ScriptedConnection *connection);
void             scripted_session_free          (ScriptedSession    *self);
void             scripted_handle_session_setup  (ScriptedRequest    *request,
                                                 ScriptedReply      *reply);
void             scripted_handle_logoff         (ScriptedRequest    *request,
                                                 ScriptedReply      *reply);
void             scripted_handle_tree_connect   (ScriptedRequest    *request,
                                                 ScriptedReply      *reply);
void             scripted_handle_tree_disconnect (ScriptedRequest   *request,
                                                  ScriptedReply     *reply);

/* scripted-open.c: CREATE, CLOSE, READ, WRITE, FLUSH */
void          scripted_handle_create (ScriptedRequest *request,
                                      ScriptedReply   *reply);
void          scripted_handle_close  (ScriptedRequest *request,
                                      ScriptedReply   *reply);
void          scripted_handle_read   (ScriptedRequest *request,
                                      ScriptedReply   *reply);
void          scripted_handle_write  (ScriptedRequest *request,
                                      ScriptedReply   *reply);
void          scripted_handle_flush  (ScriptedRequest *request,
                                      ScriptedReply   *reply);
/* The file whose FileId is next in the request; NULL after failing @reply with FILE_CLOSED. */
ScriptedOpen *scripted_read_file_id  (ScriptedRequest *request,
                                      ScriptedReply   *reply);

/* scripted-info.c */
void scripted_handle_query_info (ScriptedRequest *request,
                                 ScriptedReply   *reply);
void scripted_handle_set_info   (ScriptedRequest *request,
                                 ScriptedReply   *reply);
/* At most @limit bytes of @data as the buffer of an answer ([MS-SMB2] 2.2.34, 2.2.38). */
void scripted_write_output      (ScriptedReply   *reply,
                                 const GByteArray *data,
                                 gsize             limit);

/* scripted-directory.c */
void scripted_handle_query_directory (ScriptedRequest *request,
                                      ScriptedReply   *reply);

/* scripted-ioctl.c: IOCTL, and what is not worth a file of its own */
void scripted_handle_ioctl  (ScriptedRequest *request,
                             ScriptedReply   *reply);
GBytes *scripted_pop_pdu    (ScriptedServer  *server,
                             const guint8    *request,
                             gsize            size);

/* scripted-record.c */

/* Whether it is, or is all there are. */
gboolean        scripted_command_is    (ScriptedCommand    command,
                                        ScriptedCommand    other);
ScriptedRecord *scripted_server_record (ScriptedServer    *self);

typedef gboolean (*ScriptedCondition) (ScriptedServer *self,
                                       ScriptedCommand command,
                                       guint           n);

/* With the mutex locked. @what: for the message when it is too long. */
void scripted_wait_until (ScriptedServer   *self,
                          ScriptedCondition condition,
                          ScriptedCommand   command,
                          guint             n,
                          const char       *what);

/* scripted-server.c */
guint64 scripted_next_id     (ScriptedServer *self);
void    scripted_match_rules (ScriptedServer *self,
                              ScriptedCommand command,
                              GPtrArray      *rules);

G_END_DECLS
