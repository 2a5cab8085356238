/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "plugin/smb-frame.h"
#include "smb-enums.h"

G_BEGIN_DECLS

/* What the connection wants of a negotiation. Belongs to the caller during the call. */
typedef struct
{
  SmbDialectVersion min_version;
  SmbDialectVersion max_version; /* NONE = the newest */
  SmbSignOptions    sign_options;
  SmbEncryption     encryption;
  const char       *target_host;
  guint8            client_guid[16];
  gboolean          multi_protocol; /* begin with SMB1's NEGOTIATE, offering the newer dialects in it */
} SmbNegotiateOptions;

/* What came of it. */
typedef struct
{
  SmbDialectVersion version;
  gboolean          again;             /* a wildcard answer: call negotiate once more */
  gboolean          signing_required;
  gboolean          cannot_sign;       /* the server has signing switched off */
  gboolean          can_seal;
  gboolean          security_mode_share; /* reserved for share-level servers; FALSE */
  guint32           max_transact_size; /* bytes, of one request; already bounded by what the version can do */
  guint32           max_read_size;
  guint32           max_write_size;
  guint32           max_signed_write_size; /* instead, in a session that signs; 0 = the same */
  guint             max_chain;         /* messages in one frame; 1 = no chains */
  gboolean          queries_paths;     /* a QUERY_INFO of a file may name a path in place of a handle */
  const char       *signing_algorithm; /* static; NULL = none */
  const char       *cipher;            /* static; NULL = none */
  guint             units;             /* at hand from the beginning; 0 counts as 1 */
  GBytes           *token;             /* the server's SPNEGO hint, nullable; owned */
  GBytes           *challenge;         /* of a server that knows no SPNEGO: it wants this answered; owned */
} SmbNegotiation;

SMB_EXTERN void smb_negotiation_clear (SmbNegotiation *self);

#define SMB_TYPE_DIALECT (smb_dialect_get_type ())
SMB_EXTERN G_DECLARE_DERIVABLE_TYPE (SmbDialect, smb_dialect, SMB, DIALECT, GObject)

/**
 * SmbDialectClass:
 *
 * The codec of one connection: an extension of "smb-1-dialect". It knows how messages look and are protected;
 * it does no I/O, owns no timer and decides nothing about when. Except for build, which any thread may
 * call once the negotiation is done, all is called by one thread at a time.
 */
struct _SmbDialectClass
{
  GObjectClass parent_class;

  /* The versions that this plugin speaks. */
  SmbDialectVersion oldest;
  SmbDialectVersion newest;

  /* A NEGOTIATE, ready to be sent (finished). Called again, without multi_protocol, after `again`. */
  SmbFrame *(*negotiate)      (SmbDialect                *self,
                               const SmbNegotiateOptions *options,
                               GError                   **error);
  /* Its answer. SMB_ERROR_SECURITY for one that cannot be honest, NOT_SUPPORTED when there is no common
   * dialect. */
  gboolean  (*negotiated)     (SmbDialect                *self,
                               const guint8              *message,
                               gsize                      size,
                               SmbNegotiation            *result,
                               GError                   **error);

  /* What @request costs in units (credits). */
  guint     (*get_cost)       (SmbDialect                *self,
                               const SmbRequest          *request);

  /* The requests as one frame: chained where they are related, side by side where they are not.
   * Fails with SMB_ERROR_INVALID_ARGUMENT for what the dialect cannot express. */
  SmbFrame *(*build)          (SmbDialect                *self,
                               SmbRequest *const         *requests,
                               guint                      n_requests,
                               GError                   **error);
  /* Assigns keys, asks for @want units altogether, signs or seals; from here on the frame must be sent, in
   * this order. Fails only if a nonce or number space is used up or a key is missing. */
  gboolean  (*finish)         (SmbDialect                *self,
                               SmbFrame                  *frame,
                               SmbProtection              protection,
                               guint                      want,
                               GError                   **error);
  /* A finished CANCEL of the request @key; @async_id 0 = it has had no interim reply. */
  SmbFrame *(*cancel)         (SmbDialect                *self,
                               guint64                    key,
                               guint64                    async_id,
                               SmbProtection              protection,
                               GError                   **error);

  /* Looks at the beginning of a message of @message_size bytes, of which @size (at least `peek_size` or all)
   * are there: TRUE if it is nothing but the successful, unsealed answer to a READ, whose payload is the last
   * @payload_size bytes, from @payload_offset on. */
  gsize     peek_size;
  gboolean  (*peek)           (SmbDialect                *self,
                               const guint8              *bytes,
                               gsize                      size,
                               gsize                      message_size,
                               guint64                   *key,
                               gsize                     *payload_offset,
                               gsize                     *payload_size);
  /* Opens and verifies a message and appends what it holds to @items (of SmbItem). An error ends the
   * connection: SMB_ERROR_PROTOCOL for what cannot be read, SECURITY for a signature or seal that is
   * wrong. */
  gboolean  (*parse)          (SmbDialect                *self,
                               SmbReceived               *message,
                               GArray                    *items,
                               GError                   **error);
  /* Reads the body of @item as the answer to @request. */
  gboolean  (*decode)         (SmbDialect                *self,
                               const SmbItem             *item,
                               const SmbRequest          *request,
                               SmbReply                  *reply,
                               GError                   **error);

  /* The final SESSION_SETUP reply has come (the last one that parse saw): derives the keys and verifies that
   * reply's signature. @key NULL: a guest or anonymous session, which has no keys. */
  gboolean  (*start_session)  (SmbDialect                *self,
                               GBytes                    *key,
                               GError                   **error);

  /* The request that proves the negotiation was not tampered with, to be sent signed on the first tree;
   * NULL when this version needs none ([MS-SMB2] 2.2.31.4). */
  SmbRequest *(*validate)     (SmbDialect                *self);
  gboolean    (*validated)    (SmbDialect                *self,
                               const SmbReply            *reply,
                               GError                   **error);

  /* Optional: what is left to be sent of the request @key, after its SMB_ITEM_CONTINUE: one finished frame a
   * call, in order, until NULL without error. */
  SmbFrame   *(*next_part)    (SmbDialect                *self,
                               guint64                    key,
                               SmbProtection              protection,
                               GError                   **error);

  gpointer padding[7];
};

/* What the class fields above say and do. Called by the engine; only a dialect implements them. */
SmbDialectVersion smb_dialect_get_oldest    (SmbDialect                *self);
SmbDialectVersion smb_dialect_get_newest    (SmbDialect                *self);

SmbFrame         *smb_dialect_negotiate     (SmbDialect                *self,
                                             const SmbNegotiateOptions *options,
                                             GError                   **error);
/* @result is cleared first; smb_negotiation_clear() drops what it owns afterwards. */
gboolean          smb_dialect_negotiated    (SmbDialect                *self,
                                             const guint8              *message,
                                             gsize                      size,
                                             SmbNegotiation            *result,
                                             GError                   **error);

guint             smb_dialect_get_cost      (SmbDialect                *self,
                                             const SmbRequest          *request);
SmbFrame         *smb_dialect_build         (SmbDialect                *self,
                                             SmbRequest *const         *requests,
                                             guint                      n_requests,
                                             GError                   **error);
gboolean          smb_dialect_finish        (SmbDialect                *self,
                                             SmbFrame                  *frame,
                                             SmbProtection              protection,
                                             guint                      want,
                                             GError                   **error);
SmbFrame         *smb_dialect_cancel        (SmbDialect                *self,
                                             guint64                    key,
                                             guint64                    async_id,
                                             SmbProtection              protection,
                                             GError                   **error);

/* 0: the dialect never peeks. */
gsize             smb_dialect_get_peek_size (SmbDialect                *self);
gboolean          smb_dialect_peek          (SmbDialect                *self,
                                             const guint8              *bytes,
                                             gsize                      size,
                                             gsize                      message_size,
                                             guint64                   *key,
                                             gsize                     *payload_offset,
                                             gsize                     *payload_size);
gboolean          smb_dialect_parse         (SmbDialect                *self,
                                             SmbReceived               *message,
                                             GArray                    *items,
                                             GError                   **error);
/* @reply is zeroed first; its command and status are those of @item. */
gboolean          smb_dialect_decode        (SmbDialect                *self,
                                             const SmbItem             *item,
                                             const SmbRequest          *request,
                                             SmbReply                  *reply,
                                             GError                   **error);

gboolean          smb_dialect_start_session (SmbDialect                *self,
                                             GBytes                    *key,
                                             GError                   **error);
SmbRequest       *smb_dialect_validate      (SmbDialect                *self);
gboolean          smb_dialect_validated     (SmbDialect                *self,
                                             const SmbReply            *reply,
                                             GError                   **error);
SmbFrame         *smb_dialect_next_part     (SmbDialect                *self,
                                             guint64                    key,
                                             SmbProtection              protection,
                                             GError                   **error);

G_END_DECLS
