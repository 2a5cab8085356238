/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ScriptedServer:
 *
 * An SMB2 server in the process, on a free port of the loopback, that behaves well until a rule tells it
 * otherwise. Knows one user, one share full of files (whatever the share's name) and IPC$. It has its own
 * encoder, so that a mistake in the library's cannot cancel itself out. It serves in threads of its own; the
 * functions may be called from any.
 *
 * What waits for something fails the test after a minute.
 */
typedef struct _ScriptedServer ScriptedServer;

/* For signing_algorithm and cipher: */
#define SCRIPTED_NONE  0xFFFF /* no such context in the NEGOTIATE response */
#define SCRIPTED_FIRST 0xFFFE /* the first one that the client offers; none if it offers none */

#define SCRIPTED_MAX_CONTEXTS 4

/* A negotiate context of the response, behind those that belong there. */
typedef struct
{
  guint16     type;
  const char *data;
  gsize       size;
} ScriptedContext;

/**
 * ScriptedConfig:
 * @dialect: the newest that it speaks (0x0311); if the client knows no such or older one, it answers this all
 *   the same
 * @user: who may log in ("alice"); everyone may without a name
 * @password: its password ("wonderland"); any other is LOGON_FAILURE
 * @security_mode: 1 = signing enabled, 3 = required ([MS-SMB2] 2.2.4)
 * @capabilities: LARGE_MTU and ENCRYPTION; each is only told in the dialects that have it
 * @signing_algorithm: on 3.1.1: 0 HMAC-SHA256, 1 CMAC, 2 GMAC, whether it was offered or not; or as above
 * @cipher: on 3.1.1: 1 to 4 ([MS-SMB2] 2.2.3.1.2), whether it was offered or not, 0 = none of yours; or as
 *   above
 * @no_preauth_context: leaves it out
 * @extra_contexts: up to the first without data
 * @true_dialect: what FSCTL_VALIDATE_NEGOTIATE_INFO answers, if not 0: someone on the way lowered @dialect
 * @only_smb1: hangs up at an SMB2 NEGOTIATE, and chooses "NT LM 0.12" from an SMB1 one
 * @session_flags: 1 IS_GUEST, 2 IS_NULL, 4 ENCRYPT_DATA ([MS-SMB2] 2.2.6)
 * @send_mic: a mechListMIC in the last token, for those who have a name (TRUE)
 * @max_credits: granted in one reply at most; NEGOTIATE and all but the last SESSION_SETUP grant 1
 * @steady_credits: after the login a reply grants what its request has spent: the client has @max_credits in
 *   all
 * @share_flags: 0x8000 ENCRYPT_DATA ([MS-SMB2] 2.2.10)
 * @blames_chains: a CREATE that fails also fails what other chains behind it in the frame do after their own
 *
 * What the server is like. To be changed before the client connects; scripted_server_new() fills it in.
 */
typedef struct
{
  guint16         dialect;
  const char     *user;
  const char     *password;
  guint16         security_mode;
  guint32         capabilities;
  guint32         max_transact_size;
  guint32         max_read_size;
  guint32         max_write_size;
  guint16         signing_algorithm;
  guint16         cipher;
  gboolean        no_preauth_context;
  ScriptedContext extra_contexts[SCRIPTED_MAX_CONTEXTS];
  guint16         true_dialect;
  gboolean        only_smb1;
  guint16         session_flags;
  gboolean        send_mic;
  guint16         max_credits;
  gboolean        steady_credits;
  guint32         share_flags;
  gboolean        blames_chains;
} ScriptedConfig;

ScriptedServer *scripted_server_new  (void) G_GNUC_WARN_UNUSED_RESULT;
/* Hangs up on everybody. */
void            scripted_server_free (ScriptedServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScriptedServer, scripted_server_free)

ScriptedConfig *scripted_server_get_config (ScriptedServer *self);
guint16         scripted_server_get_port   (ScriptedServer *self);

/* What is on the share. Paths are relative to it, with \, UTF-8; folders on the way are made. */
void    scripted_server_add_folder (ScriptedServer *self,
                                    const char     *path);
void    scripted_server_add_file   (ScriptedServer *self,
                                    const char     *path,
                                    gconstpointer   data,
                                    gsize           size);
/* Its present contents, or NULL if there is no such file. */
GBytes *scripted_server_get_file   (ScriptedServer *self,
                                    const char     *path) G_GNUC_WARN_UNUSED_RESULT;
/* The answer to an FSCTL; without one it is INVALID_DEVICE_REQUEST. */
void    scripted_server_add_ioctl  (ScriptedServer *self,
                                    guint32         code,
                                    gconstpointer   data,
                                    gsize           size);
/* What a pipe answers next, a DCE/RPC PDU, whose call_id becomes the request's. */
void    scripted_server_add_pdu    (ScriptedServer *self,
                                    gconstpointer   data,
                                    gsize           size);

/**
 * ScriptedAction:
 * @SCRIPTED_DROP: hangs up instead of handling the request
 * @SCRIPTED_DROP_AFTER: hangs up once the reply is sent
 * @SCRIPTED_CUT: sends `number` bytes of the reply's frame (its 4 bytes of framing count) and hangs up
 * @SCRIPTED_STALL: sends `number` bytes of the reply's frame, counted alike, and the rest after
 *   scripted_server_thaw(); reads no further meanwhile
 * @SCRIPTED_LENGTH: the framing says `number` bytes, whatever follows
 * @SCRIPTED_GARBLE: inverts the byte at `number` of the finished frame, behind the framing
 * @SCRIPTED_DUPLICATE: sends the reply's frame twice
 * @SCRIPTED_FREEZE: never answers the request
 * @SCRIPTED_FREEZE_CONNECTION: neither answers it nor reads on, until scripted_server_thaw()
 * @SCRIPTED_HOLD: keeps the reply until scripted_server_release(), or a CANCEL
 * @SCRIPTED_PENDING: `number` interim replies first, the final one with the same AsyncId and without credits
 * @SCRIPTED_SPLIT: the reply goes in a frame of its own
 * @SCRIPTED_STATUS: not handled; the answer is the NTSTATUS `number`, with `data` as error data
 * @SCRIPTED_BODY: `data` in place of the body
 * @SCRIPTED_PATCH: overwrites the plain message (header and body) at `number` with `data`; signed with that
 * @SCRIPTED_TRUNCATE: cuts the plain message down to `number` bytes; signed with that
 * @SCRIPTED_CREDITS: grants `number`
 * @SCRIPTED_MESSAGE_ID: adds `number` to the MessageId of the reply
 * @SCRIPTED_UNSIGNED: not signed
 * @SCRIPTED_BAD_SIGNATURE: signed, then one bit of the signature inverted
 * @SCRIPTED_OTHER_KEY: signed, or sealed, with another key
 * @SCRIPTED_ECHO_SIGNATURE: unsigned, with the request's signature in its place
 * @SCRIPTED_SIGNED: signed although nobody asked
 * @SCRIPTED_IN_CLEAR: not sealed, and not signed
 * @SCRIPTED_INTERIM_IN_CLEAR: the interim replies are not sealed
 * @SCRIPTED_SEALED: sealed although nobody asked
 * @SCRIPTED_BREAK: an oplock break of a file unknown to the client comes first
 * @SCRIPTED_FIRST_SEND: `data` comes first, as a frame of its own, as it is
 * @SCRIPTED_KEEP_ALIVE: a keep-alive of NetBIOS (RFC 1002 4.3.6) comes first
 *
 * What the server does wrong. Several may come together for one request.
 */
typedef enum
{
  SCRIPTED_DROP,
  SCRIPTED_DROP_AFTER,
  SCRIPTED_CUT,
  SCRIPTED_STALL,
  SCRIPTED_LENGTH,
  SCRIPTED_GARBLE,
  SCRIPTED_DUPLICATE,
  SCRIPTED_FREEZE,
  SCRIPTED_FREEZE_CONNECTION,
  SCRIPTED_HOLD,
  SCRIPTED_PENDING,
  SCRIPTED_SPLIT,
  SCRIPTED_STATUS,
  SCRIPTED_BODY,
  SCRIPTED_PATCH,
  SCRIPTED_TRUNCATE,
  SCRIPTED_CREDITS,
  SCRIPTED_MESSAGE_ID,
  SCRIPTED_UNSIGNED,
  SCRIPTED_BAD_SIGNATURE,
  SCRIPTED_OTHER_KEY,
  SCRIPTED_ECHO_SIGNATURE,
  SCRIPTED_SIGNED,
  SCRIPTED_IN_CLEAR,
  SCRIPTED_INTERIM_IN_CLEAR,
  SCRIPTED_SEALED,
  SCRIPTED_BREAK,
  SCRIPTED_FIRST_SEND,
  SCRIPTED_KEEP_ALIVE,
} ScriptedAction;

/* The command codes of [MS-SMB2] 2.2.1.2. */
typedef enum
{
  SCRIPTED_NEGOTIATE,
  SCRIPTED_SESSION_SETUP,
  SCRIPTED_LOGOFF,
  SCRIPTED_TREE_CONNECT,
  SCRIPTED_TREE_DISCONNECT,
  SCRIPTED_CREATE,
  SCRIPTED_CLOSE,
  SCRIPTED_FLUSH,
  SCRIPTED_READ,
  SCRIPTED_WRITE,
  SCRIPTED_LOCK,
  SCRIPTED_IOCTL,
  SCRIPTED_CANCEL,
  SCRIPTED_ECHO,
  SCRIPTED_QUERY_DIRECTORY,
  SCRIPTED_CHANGE_NOTIFY,
  SCRIPTED_QUERY_INFO,
  SCRIPTED_SET_INFO,
  SCRIPTED_OPLOCK_BREAK,
  SCRIPTED_N_COMMANDS,
  SCRIPTED_SMB1 = 0xFF, /* anything in SMB1 */
  SCRIPTED_ANY,         /* not in SMB1 */
} ScriptedCommand;

/**
 * ScriptedRule:
 * @command: the requests it is about
 * @nth: which one of them, counted from 1 from when the rule is added; 0 = all
 * @action: what happens
 * @number: see #ScriptedAction
 * @data: see #ScriptedAction; copied when the rule is added
 * @size: of @data
 */
typedef struct
{
  ScriptedCommand command;
  guint           nth;
  ScriptedAction  action;
  gint64          number;
  gconstpointer   data;
  gsize           size;
} ScriptedRule;

void scripted_server_add_rule    (ScriptedServer     *self,
                                  const ScriptedRule *rule);
void scripted_server_clear_rules (ScriptedServer     *self);

/* scripted_rule (server, SCRIPTED_READ, 2, SCRIPTED_STATUS, .number = SMB_STATUS_NETWORK_NAME_DELETED) */
#define scripted_rule(self, ...) scripted_server_add_rule (self, &(ScriptedRule) { __VA_ARGS__ })

/* Replies that are held, in the order of their requests. */
guint scripted_server_count_held  (ScriptedServer *self);
void  scripted_server_wait_held   (ScriptedServer *self,
                                   guint           n);
void  scripted_server_release     (ScriptedServer *self,
                                   guint           index);
/* Also no longer holds what comes. */
void  scripted_server_release_all (ScriptedServer *self);

/* To all that are connected. scripted_server_send() adds the framing. */
void scripted_server_hang_up    (ScriptedServer *self);
void scripted_server_thaw       (ScriptedServer *self);
void scripted_server_send_break (ScriptedServer *self);
void scripted_server_send       (ScriptedServer *self,
                                 gconstpointer   data,
                                 gsize           size);

/**
 * ScriptedRecord:
 * @connection: counted from 0
 * @frame: the number of the frame in its connection, from 0
 * @position: in the frame's chain, from 0
 * @is_signed: the SIGNED flag
 * @is_sealed: it came encrypted
 * @nonce: with which
 * @is_verified: signed or sealed, rightly
 * @bad_message_id: outside of what was granted, or used before
 * @undercharged: its CreditCharge is less than its size and that of its answer
 * @in_flight: how many requests the server had received on the connection and not answered, this one included
 * @message: header and body, in the clear, with padding
 *
 * A request as it came. Stays until the server is freed.
 */
typedef struct
{
  guint           connection;
  guint           frame;
  guint           position;
  ScriptedCommand command;
  guint32         flags;
  guint64         message_id;
  guint64         async_id; /* of an ASYNC one */
  guint64         session_id;
  guint32         tree_id; /* of a SYNC one */
  guint16         credit_charge;
  guint16         credit_request;
  gboolean        is_signed;
  gboolean        is_sealed;
  guint8          nonce[16];
  gboolean        is_verified;
  gboolean        bad_message_id;
  gboolean        undercharged;
  guint           in_flight;
  GBytes         *message;
} ScriptedRecord;

/* How many such requests have come, and the one of that index among them; aborts if there is none. */
guint                 scripted_server_count      (ScriptedServer *self,
                                                  ScriptedCommand command);
const ScriptedRecord *scripted_server_get_record (ScriptedServer *self,
                                                  ScriptedCommand command,
                                                  guint           index);
/* Waits until @n such requests have come since the server was made. */
void                  scripted_server_wait       (ScriptedServer *self,
                                                  ScriptedCommand command,
                                                  guint           n);
/* Waits until so many files, folders and pipes are open, all told. */
void                  scripted_server_wait_open  (ScriptedServer *self,
                                                  guint           n);
/* The most that were in flight at once, on any connection. The server answers as it reads, so to see a whole
 * window its replies have to be held. */
guint                 scripted_server_get_most_in_flight (ScriptedServer *self);
guint                 scripted_server_count_connections  (ScriptedServer *self);
/* Fails the test if a request had a wrong signature, MessageId or CreditCharge. */
void                  scripted_server_assert_polite      (ScriptedServer *self);

G_END_DECLS
