/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/smb-aead.h"
#include "crypto/smb-mac.h"
#include "scripted-server.h"

G_BEGIN_DECLS

/**
 * RawClient:
 * @dialect: what was negotiated
 * @mac: signs the requests, if set
 * @sealer: seals them, if set
 * @related: the next request says that it is related
 * @charge: CreditCharge of the next requests
 *
 * Sends what it is told to, and blocks until an answer is there: shows what a server puts on the wire.
 */
typedef struct
{
  GSocketConnection *stream;
  guint64            message_id; /* of the next request */
  guint16            dialect;
  guint64            session_id;
  guint32            tree_id;
  SmbMac            *mac;
  SmbAead           *sealer;
  SmbAead           *opener;
  gboolean           related;
  guint16            charge;
  guint64            nonce;
} RawClient;

RawClient *raw_client_new  (ScriptedServer *server);
void       raw_client_free (RawClient      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawClient, raw_client_free)

/* A request with this body, StructureSize first. Returns its MessageId. */
guint64  raw_client_send       (RawClient      *self,
                                ScriptedCommand command,
                                gconstpointer   body,
                                gsize           size);
/* Something else, as a frame. */
void     raw_client_send_bytes (RawClient      *self,
                                gconstpointer   data,
                                gsize           size);
/* The next frame, without its framing; NULL at the end. */
GBytes  *raw_client_receive    (RawClient      *self) G_GNUC_WARN_UNUSED_RESULT;
/* Both. */
GBytes  *raw_client_call       (RawClient      *self,
                                ScriptedCommand command,
                                gconstpointer   body,
                                gsize           size) G_GNUC_WARN_UNUSED_RESULT;

/* NEGOTIATE with these dialects; on 3.1.1 offers SHA-512, AES-128-GCM and GMAC. */
GBytes  *raw_client_negotiate  (RawClient      *self,
                                const guint16  *dialects,
                                gsize           n_dialects) G_GNUC_WARN_UNUSED_RESULT;
/* Two SESSION_SETUPs with NTLMv2, or without a name if @user is NULL. Keys are those of 2.0.2 and of 3.0.
 * Returns the last answer. */
GBytes  *raw_client_log_in     (RawClient      *self,
                                const char     *user,
                                const char     *password) G_GNUC_WARN_UNUSED_RESULT;
void     raw_client_use_share  (RawClient      *self);
/* The first half of a FileId, both halves of which are the same here. */
guint64  raw_client_create     (RawClient      *self,
                                const char     *path);
/* A READ of 16 bytes. */
guint64  raw_client_send_read  (RawClient      *self,
                                guint64         file);

guint16  raw_u16               (GBytes         *message,
                                gsize           offset);
guint32  raw_u32               (GBytes         *message,
                                gsize           offset);
guint64  raw_u64               (GBytes         *message,
                                gsize           offset);

/* Of a message's header */
#define raw_status(message)     raw_u32 (message, 8)
#define raw_credits(message)    raw_u16 (message, 14)
#define raw_flags(message)      raw_u32 (message, 16)
#define raw_message_id(message) raw_u64 (message, 24)
#define raw_async_id(message)   raw_u64 (message, 32)

G_END_DECLS
