/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-dialect.h"

#include "smb-smb1-build.h"
#include "smb-smb1-decode.h"
#include "smb-smb1-parse.h"

/* Bytes of a transaction's response that fit one message of the size that is announced to the server. */
#define MAX_TRANSACT_SIZE 0xfc00

/**
 * SmbSmb1Dialect:
 *
 * NT LM 0.12 ([MS-CIFS], [MS-SMB]): the parts of this folder, put together for one connection.
 *
 * @terms stay as they are after the negotiation: build, which any thread may call, looks at nothing else,
 *   but for the table of what is open, which has a lock.
 */
struct _SmbSmb1Dialect
{
  SmbDialect parent_instance;

  SmbSmb1Terms terms; /* without the token */
  SmbSmb1State state;
};

G_DEFINE_FINAL_TYPE (SmbSmb1Dialect, smb_smb1_dialect, SMB_TYPE_DIALECT)

SmbSmb1State *
smb_smb1_dialect_get_state (SmbSmb1Dialect *self)
{
  return &self->state;
}

static SmbFrame *
smb_smb1_dialect_negotiate (SmbDialect                 *dialect,
                            const SmbNegotiateOptions  *options,
                            GError                    **error)
{
  if (options->min_version > SMB_DIALECT_VERSION_SMB_1)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED, "SMB1 is older than what is allowed");
      return NULL;
    }

  return smb_smb1_build_negotiate (options->sign_options);
}

/* One request is kept for an ECHO or an NT_CANCEL, where there is more than one. */
static guint
get_units (const SmbSmb1Terms *terms)
{
  return terms->max_requests > 1 ? terms->max_requests - 1 : 1;
}

static void
fill_result (const SmbSmb1Terms *terms,
             SmbNegotiation     *result)
{
  result->version = SMB_DIALECT_VERSION_SMB_1;
  result->signing_required = (terms->security_mode & SMB_SMB1_SECURITY_SIGNATURES_REQUIRED) != 0;
  result->cannot_sign = (terms->security_mode & SMB_SMB1_SECURITY_SIGNATURES_ENABLED) == 0
                        && !result->signing_required;
  result->max_transact_size = MAX_TRANSACT_SIZE;
  result->max_read_size = terms->max_read_size;
  result->max_write_size = terms->max_write_size;
  result->max_signed_write_size = terms->max_signed_write_size;
  result->max_chain = 1;
  result->queries_paths = TRUE;
  result->units = get_units (terms);
  result->signing_algorithm = result->cannot_sign ? NULL : "MD5";
  if (!terms->extended_security)
    result->challenge = g_bytes_new (terms->challenge, sizeof terms->challenge);
  else if (terms->token_size > 0)
    result->token = g_bytes_new (terms->token, terms->token_size);
}

static gboolean
smb_smb1_dialect_negotiated (SmbDialect      *dialect,
                             const guint8    *message,
                             gsize            size,
                             SmbNegotiation  *result,
                             GError         **error)
{
  SmbSmb1Dialect *self = SMB_SMB1_DIALECT (dialect);
  SmbSmb1Terms terms;

  if (!smb_smb1_terms_read (&terms, message, size, error))
    return FALSE;

  fill_result (&terms, result);
  terms.token = NULL;
  terms.token_size = 0;
  self->terms = terms;
  return TRUE;
}

static guint
smb_smb1_dialect_get_cost (SmbDialect       *dialect,
                           const SmbRequest *request)
{
  return 1;
}

static SmbFrame *
smb_smb1_dialect_build (SmbDialect         *dialect,
                        SmbRequest *const  *requests,
                        guint               n_requests,
                        GError            **error)
{
  SmbSmb1Dialect *self = SMB_SMB1_DIALECT (dialect);
  const SmbSmb1Builder builder = { &self->terms, &self->state.opens };

  if (n_requests != 1)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "SMB1 has one request in a frame");
      return NULL;
    }
  return smb_smb1_build (&builder, requests[0], error);
}

static gboolean
smb_smb1_dialect_finish (SmbDialect     *dialect,
                         SmbFrame       *frame,
                         SmbProtection   protection,
                         guint           want,
                         GError        **error)
{
  return smb_smb1_finish (&SMB_SMB1_DIALECT (dialect)->state, frame, error);
}

static SmbFrame *
smb_smb1_dialect_cancel (SmbDialect     *dialect,
                         guint64         key,
                         guint64         async_id,
                         SmbProtection   protection,
                         GError        **error)
{
  return smb_smb1_cancel (&SMB_SMB1_DIALECT (dialect)->state, key, error);
}

static gboolean
smb_smb1_dialect_peek (SmbDialect   *dialect,
                       const guint8 *bytes,
                       gsize         size,
                       gsize         message_size,
                       guint64      *key,
                       gsize        *payload_offset,
                       gsize        *payload_size)
{
  return smb_smb1_peek (&SMB_SMB1_DIALECT (dialect)->state, bytes, size, message_size, key, payload_offset,
                        payload_size);
}

static gboolean
smb_smb1_dialect_parse (SmbDialect   *dialect,
                        SmbReceived  *message,
                        GArray       *items,
                        GError      **error)
{
  return smb_smb1_parse (&SMB_SMB1_DIALECT (dialect)->state, message, items, error);
}

static gboolean
smb_smb1_dialect_decode (SmbDialect        *dialect,
                         const SmbItem     *item,
                         const SmbRequest  *request,
                         SmbReply          *reply,
                         GError           **error)
{
  return smb_smb1_decode (&SMB_SMB1_DIALECT (dialect)->state.opens, item, request, reply, error);
}

static gboolean
smb_smb1_dialect_start_session (SmbDialect  *dialect,
                                GBytes      *key,
                                GError     **error)
{
  return smb_smb1_session_start (&SMB_SMB1_DIALECT (dialect)->state.session, key, error);
}

static SmbFrame *
smb_smb1_dialect_next_part (SmbDialect     *dialect,
                            guint64         key,
                            SmbProtection   protection,
                            GError        **error)
{
  return smb_smb1_next_part (&SMB_SMB1_DIALECT (dialect)->state, key, error);
}

static void
smb_smb1_dialect_finalize (GObject *object)
{
  smb_smb1_state_clear (&SMB_SMB1_DIALECT (object)->state);
  G_OBJECT_CLASS (smb_smb1_dialect_parent_class)->finalize (object);
}

static void
smb_smb1_dialect_class_init (SmbSmb1DialectClass *klass)
{
  SmbDialectClass *dialect_class = SMB_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = smb_smb1_dialect_finalize;
  dialect_class->oldest = SMB_DIALECT_VERSION_SMB_1;
  dialect_class->newest = SMB_DIALECT_VERSION_SMB_1;
  dialect_class->negotiate = smb_smb1_dialect_negotiate;
  dialect_class->negotiated = smb_smb1_dialect_negotiated;
  dialect_class->get_cost = smb_smb1_dialect_get_cost;
  dialect_class->build = smb_smb1_dialect_build;
  dialect_class->finish = smb_smb1_dialect_finish;
  dialect_class->cancel = smb_smb1_dialect_cancel;
  dialect_class->peek_size = SMB_SMB1_PEEK_SIZE;
  dialect_class->peek = smb_smb1_dialect_peek;
  dialect_class->parse = smb_smb1_dialect_parse;
  dialect_class->decode = smb_smb1_dialect_decode;
  dialect_class->start_session = smb_smb1_dialect_start_session;
  dialect_class->next_part = smb_smb1_dialect_next_part;
}

static void
smb_smb1_dialect_init (SmbSmb1Dialect *self)
{
  smb_smb1_state_init (&self->state);
}
