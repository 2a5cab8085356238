/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-dialect.h"

#include "smb-smb2-body.h"
#include "smb-smb2-build.h"
#include "smb-smb2-finish.h"
#include "smb-smb2-parse.h"
#include "smb-smb2-validate.h"

/* Messages in one frame. Servers take many; what a chain gains is gained long before. */
#define MAX_CHAIN 64

/**
 * SmbSmb2Dialect:
 *
 * SMB 2.0.2 to 3.1.1 ([MS-SMB2]): the parts of this folder, put together for one connection.
 *
 * @offer and @terms stay as they are after the negotiation: build, which any thread may call, looks at
 * nothing else.
 */
struct _SmbSmb2Dialect
{
  SmbDialect parent_instance;

  SmbSmb2Offer       offer;
  SmbSmb2Terms       terms; /* without the token */
  guint8             hash[SMB_SHA512_SIZE]; /* over the NEGOTIATE, see SmbSmb2Session */
  SmbSmb2Session     session;
  SmbSmb2Outstanding outstanding;
  guint64            next_id; /* MessageId */
};

G_DEFINE_FINAL_TYPE (SmbSmb2Dialect, smb_smb2_dialect, SMB_TYPE_DIALECT)

const SmbSmb2Terms *
smb_smb2_dialect_get_terms (SmbSmb2Dialect *self)
{
  return &self->terms;
}

SmbSmb2Session *
smb_smb2_dialect_get_session (SmbSmb2Dialect *self)
{
  return &self->session;
}

/* The second NEGOTIATE, after SMB1's, has the next number: that one counts as 0. The hash begins anew, for
 * SMB1 is no part of it ([MS-SMB2] 3.2.5.2). */
static SmbFrame *
smb_smb2_dialect_negotiate (SmbDialect                 *dialect,
                            const SmbNegotiateOptions  *options,
                            GError                    **error)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);
  SmbFrame *frame;

  if (!smb_smb2_offer_init (&self->offer, options, error))
    return NULL;

  self->offer.message_id = self->next_id++;
  frame = smb_smb2_build_negotiate (&self->offer, options->target_host);
  memset (self->hash, 0, sizeof self->hash);
  smb_sha512_update_chain (self->hash, frame->vectors, frame->n_vectors);
  return frame;
}

static void
fill_result (const SmbSmb2Terms *terms,
             SmbNegotiation     *result)
{
  result->version = (SmbDialectVersion) terms->dialect;
  result->signing_required = (terms->security_mode & SMB_SMB2_SIGNING_REQUIRED) != 0;
  result->can_seal = terms->can_seal;
  result->max_transact_size = terms->max_transact_size;
  result->max_read_size = terms->max_read_size;
  result->max_write_size = terms->max_write_size;
  result->max_chain = MAX_CHAIN;
  result->signing_algorithm = smb_smb2_get_signing_name (terms->signing);
  result->cipher = terms->can_seal ? smb_smb2_get_cipher_name (terms->cipher) : NULL;
  if (terms->token_size > 0)
    result->token = g_bytes_new (terms->token, terms->token_size);
}

static gboolean
smb_smb2_dialect_negotiated (SmbDialect      *dialect,
                             const guint8    *message,
                             gsize            size,
                             SmbNegotiation  *result,
                             GError         **error)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);
  const GOutputVector vector = { message, size };
  SmbSmb2Terms terms;

  if (!smb_smb2_terms_read (&terms, &self->offer, message, size, error))
    return FALSE;
  if (terms.dialect == SMB_SMB2_WILDCARD)
    {
      result->again = TRUE;
      return TRUE;
    }

  fill_result (&terms, result);
  terms.token = NULL;
  terms.token_size = 0;
  self->terms = terms;
  smb_sha512_update_chain (self->hash, &vector, 1);
  smb_smb2_session_begin (&self->session, self->hash);
  return TRUE;
}

static guint
smb_smb2_dialect_get_cost (SmbDialect       *dialect,
                           const SmbRequest *request)
{
  return smb_smb2_get_cost (&SMB_SMB2_DIALECT (dialect)->terms, request);
}

static SmbFrame *
smb_smb2_dialect_build (SmbDialect         *dialect,
                        SmbRequest *const  *requests,
                        guint               n_requests,
                        GError            **error)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);

  return smb_smb2_build (&self->terms, self->offer.security_mode, requests, n_requests, error);
}

static gboolean
smb_smb2_dialect_finish (SmbDialect     *dialect,
                         SmbFrame       *frame,
                         SmbProtection   protection,
                         guint           want,
                         GError        **error)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);

  return smb_smb2_finish (&self->session, &self->outstanding, &self->next_id, frame, protection, want, error);
}

/* At most one for a request: AES-GMAC would see its nonce again. */
static SmbFrame *
smb_smb2_dialect_cancel (SmbDialect     *dialect,
                         guint64         key,
                         guint64         async_id,
                         SmbProtection   protection,
                         GError        **error)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);
  SmbSmb2Sent *sent = smb_smb2_outstanding_find (&self->outstanding, key);
  g_autoptr(SmbFrame) frame = NULL;

  if (sent == NULL || sent->cancelled)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "Request %" G_GUINT64_FORMAT " is %s", key,
                   sent == NULL ? "not under way" : "cancelled already");
      return NULL;
    }

  sent->cancelled = TRUE;
  frame = smb_smb2_build_cancel (key, async_id);
  if (!smb_smb2_protect (&self->session, frame, protection, error))
    return NULL;

  return g_steal_pointer (&frame);
}

static gboolean
smb_smb2_dialect_peek (SmbDialect   *dialect,
                       const guint8 *bytes,
                       gsize         size,
                       gsize         message_size,
                       guint64      *key,
                       gsize        *payload_offset,
                       gsize        *payload_size)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);

  return smb_smb2_peek (&self->outstanding, bytes, size, message_size, key, payload_offset, payload_size);
}

static gboolean
smb_smb2_dialect_parse (SmbDialect   *dialect,
                        SmbReceived  *message,
                        GArray       *items,
                        GError      **error)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);

  return smb_smb2_parse (&self->session, &self->outstanding, message, items, error);
}

static gboolean
smb_smb2_dialect_decode (SmbDialect        *dialect,
                         const SmbItem     *item,
                         const SmbRequest  *request,
                         SmbReply          *reply,
                         GError           **error)
{
  return smb_smb2_decode_body (item, request, reply, error);
}

static gboolean
smb_smb2_dialect_start_session (SmbDialect  *dialect,
                                GBytes      *key,
                                GError     **error)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);
  guint16 modes = self->offer.security_mode | self->terms.security_mode;
  gboolean signing_required = (modes & SMB_SMB2_SIGNING_REQUIRED) != 0;

  return smb_smb2_session_start (&self->session, &self->terms, signing_required, key, error);
}

/* 3.1.1 has proved it with the hash already; a client that offered nothing of 3.x has nothing to lose; and
 * who has no key cannot ask ([MS-SMB2] 3.2.5.5). */
static SmbRequest *
smb_smb2_dialect_validate (SmbDialect *dialect)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (dialect);

  if (self->terms.dialect >= 0x0311
      || self->offer.dialects[self->offer.n_dialects - 1] < 0x0300
      || self->session.mac == NULL)
    return NULL;

  return smb_smb2_validate_request (&self->offer);
}

static gboolean
smb_smb2_dialect_validated (SmbDialect      *dialect,
                            const SmbReply  *reply,
                            GError         **error)
{
  return smb_smb2_validate_reply (&SMB_SMB2_DIALECT (dialect)->terms, reply, error);
}

static void
smb_smb2_dialect_finalize (GObject *object)
{
  SmbSmb2Dialect *self = SMB_SMB2_DIALECT (object);

  smb_smb2_session_clear (&self->session);
  smb_smb2_outstanding_clear (&self->outstanding);
  G_OBJECT_CLASS (smb_smb2_dialect_parent_class)->finalize (object);
}

static void
smb_smb2_dialect_class_init (SmbSmb2DialectClass *klass)
{
  SmbDialectClass *dialect_class = SMB_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = smb_smb2_dialect_finalize;
  dialect_class->oldest = SMB_DIALECT_VERSION_SMB_2_02;
  dialect_class->newest = SMB_DIALECT_VERSION_SMB_3_11;
  dialect_class->negotiate = smb_smb2_dialect_negotiate;
  dialect_class->negotiated = smb_smb2_dialect_negotiated;
  dialect_class->get_cost = smb_smb2_dialect_get_cost;
  dialect_class->build = smb_smb2_dialect_build;
  dialect_class->finish = smb_smb2_dialect_finish;
  dialect_class->cancel = smb_smb2_dialect_cancel;
  dialect_class->peek_size = SMB_SMB2_PEEK_SIZE;
  dialect_class->peek = smb_smb2_dialect_peek;
  dialect_class->parse = smb_smb2_dialect_parse;
  dialect_class->decode = smb_smb2_dialect_decode;
  dialect_class->start_session = smb_smb2_dialect_start_session;
  dialect_class->validate = smb_smb2_dialect_validate;
  dialect_class->validated = smb_smb2_dialect_validated;
}

static void
smb_smb2_dialect_init (SmbSmb2Dialect *self)
{
}
