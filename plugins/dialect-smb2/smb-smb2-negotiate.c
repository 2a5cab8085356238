/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-negotiate.h"

#include "smb-smb2-contexts.h"
#include "smb-smb2-header.h"

/* What may be read or written where there is no LARGE_MTU ([MS-SMB2] 3.2.5.2). */
#define SMALL_MTU 65536

/* The largest size whose CreditCharge still is a number of 16 bits. */
#define LARGE_MTU (G_MAXUINT16 * 65536u)

/* A server that takes less cannot be worked with; [MS-SMB2] 3.2.5.2 would hang up below 65536 already. */
#define LEAST_MTU 4096

/* [MS-CIFS] 2.2.3.1 and [MS-SMB] 2.2.3.1 */
#define SMB1_COMMAND_NEGOTIATE        0x72
#define SMB1_FLAGS_CASE_INSENSITIVE   0x08
#define SMB1_FLAGS_CANONICALIZED      0x10
#define SMB1_FLAGS2_LONG_NAMES        0x0001
#define SMB1_FLAGS2_SIGNATURE         0x0004
#define SMB1_FLAGS2_EXTENDED_SECURITY 0x0800
#define SMB1_FLAGS2_NT_STATUS         0x4000
#define SMB1_FLAGS2_UNICODE           0x8000

static const guint16 all_dialects[SMB_SMB2_MAX_DIALECTS] = { 0x0202, 0x0210, 0x0300, 0x0302, 0x0311 };

gboolean
smb_smb2_offer_has_dialect (const SmbSmb2Offer *self,
                            guint16             dialect)
{
  for (guint i = 0; i < self->n_dialects; i++)
    if (self->dialects[i] == dialect)
      return TRUE;

  return FALSE;
}

static void
choose_dialects (SmbSmb2Offer              *self,
                 const SmbNegotiateOptions *options)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_dialects); i++)
    if (all_dialects[i] >= options->min_version
        && (options->max_version == SMB_DIALECT_VERSION_NONE || all_dialects[i] <= options->max_version))
      self->dialects[self->n_dialects++] = all_dialects[i];
}

/* [MS-SMB2] 2.2.3 wants no capabilities of a client that has nothing of 3.x. */
static guint32
choose_capabilities (const SmbSmb2Offer *self,
                     gboolean            encryption)
{
  guint32 capabilities = 0;

  if (self->dialects[self->n_dialects - 1] >= 0x0300)
    capabilities |= SMB_SMB2_CAP_LARGE_MTU;
  if (encryption) /* beside 3.1.1's context too: Samba looks for both */
    capabilities |= SMB_SMB2_CAP_ENCRYPTION;
  return capabilities;
}

gboolean
smb_smb2_offer_init (SmbSmb2Offer               *self,
                     const SmbNegotiateOptions  *options,
                     GError                    **error)
{
  guint16 newest;

  memset (self, 0, sizeof *self);
  choose_dialects (self, options);
  if (self->n_dialects == 0)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED,
                           "The dialects that are allowed leave no version of SMB 2 and SMB 3");
      return FALSE;
    }

  newest = self->dialects[self->n_dialects - 1];
  self->smb1 = options->min_version <= SMB_DIALECT_VERSION_SMB_1;
  self->multi_protocol = options->multi_protocol;
  self->security_mode = SMB_SMB2_SIGNING_ENABLED;
  if (options->sign_options == SMB_SIGN_OPTIONS_REQUIRE)
    self->security_mode |= SMB_SMB2_SIGNING_REQUIRED;
  self->ciphers = options->encryption != SMB_ENCRYPTION_DISABLED && newest >= 0x0300;
  self->capabilities = choose_capabilities (self, self->ciphers);
  if (newest > 0x0202)
    memcpy (self->client_guid, options->client_guid, sizeof self->client_guid);
  return TRUE;
}

/* [MS-SMB2] 2.2.3 */
static void
write_smb2 (const SmbSmb2Offer *self,
            const char         *target_host,
            SmbWriter          *writer)
{
  const SmbSmb2Header header = {
    .command = SMB_COMMAND_NEGOTIATE,
    .credits = 1,
    .message_id = self->message_id,
  };
  gsize contexts_field;
  gsize contexts;

  smb_smb2_header_write (&header, writer);
  smb_writer_u16 (writer, 36); /* StructureSize */
  smb_writer_u16 (writer, self->n_dialects);
  smb_writer_u16 (writer, self->security_mode);
  smb_writer_u16 (writer, 0); /* Reserved */
  smb_writer_u32 (writer, self->capabilities);
  smb_writer_bytes (writer, self->client_guid, sizeof self->client_guid);
  contexts_field = smb_writer_get_offset (writer);
  smb_writer_u64 (writer, 0); /* NegotiateContextOffset, NegotiateContextCount, or ClientStartTime */
  for (guint i = 0; i < self->n_dialects; i++)
    smb_writer_u16 (writer, self->dialects[i]);

  if (!smb_smb2_offer_has_dialect (self, 0x0311))
    return;
  smb_writer_align (writer, 8);
  contexts = smb_writer_get_offset (writer);
  smb_writer_patch_u32 (writer, contexts_field, contexts);
  smb_writer_patch_u16 (writer, contexts_field + 4, smb_smb2_contexts_write (self, target_host, writer));
}

static void
write_smb1_dialect (SmbWriter  *writer,
                    const char *name)
{
  smb_writer_u8 (writer, 2); /* BufferFormat */
  smb_writer_bytes (writer, name, strlen (name) + 1);
}

/* The multi-protocol NEGOTIATE of [MS-SMB2] 3.2.4.2.2.1: a message of SMB1 ([MS-CIFS] 2.2.4.52.1). Its MID is
 * 0, since an answer of SMB2 counts it as MessageId 0. */
static void
write_smb1 (const SmbSmb2Offer *self,
            SmbWriter          *writer)
{
  gsize byte_count;

  smb_writer_bytes (writer, "\xffSMB", 4);
  smb_writer_u8 (writer, SMB1_COMMAND_NEGOTIATE);
  smb_writer_u32 (writer, 0); /* Status */
  smb_writer_u8 (writer, SMB1_FLAGS_CASE_INSENSITIVE | SMB1_FLAGS_CANONICALIZED);
  smb_writer_u16 (writer, SMB1_FLAGS2_LONG_NAMES | SMB1_FLAGS2_SIGNATURE | SMB1_FLAGS2_EXTENDED_SECURITY
                            | SMB1_FLAGS2_NT_STATUS | SMB1_FLAGS2_UNICODE);
  smb_writer_zeros (writer, 2 + 8 + 2); /* PIDHigh, SecurityFeatures, Reserved */
  smb_writer_u16 (writer, 0xffff);      /* TID: none yet */
  smb_writer_zeros (writer, 2 + 2 + 2); /* PIDLow, UID, MID */
  smb_writer_u8 (writer, 0);            /* WordCount */
  byte_count = smb_writer_get_offset (writer);
  smb_writer_u16 (writer, 0);
  if (self->smb1)
    write_smb1_dialect (writer, "NT LM 0.12");
  if (smb_smb2_offer_has_dialect (self, 0x0202))
    write_smb1_dialect (writer, "SMB 2.002");
  if (self->dialects[self->n_dialects - 1] > 0x0202)
    write_smb1_dialect (writer, "SMB 2.???");
  smb_writer_patch_u16 (writer, byte_count, smb_writer_get_offset (writer) - byte_count - 2);
}

void
smb_smb2_offer_write (const SmbSmb2Offer *self,
                      const char         *target_host,
                      SmbWriter          *writer)
{
  if (self->multi_protocol)
    write_smb1 (self, writer);
  else
    write_smb2 (self, target_host, writer);
}

static gboolean
check_protocol (const guint8  *message,
                gsize          size,
                GError       **error)
{
  if (smb_smb2_get_protocol (message, size) != SMB_SMB2_PROTOCOL_SMB1)
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED, "The server speaks SMB 1 only");
  return FALSE;
}

static gboolean
check_header (const SmbSmb2Header  *header,
              const SmbSmb2Offer   *offer,
              GError              **error)
{
  if (header->command != SMB_COMMAND_NEGOTIATE
      || header->message_id != offer->message_id
      || header->next_command != 0)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server did not answer the negotiation");
      return FALSE;
    }
  if (header->status != SMB_STATUS_SUCCESS)
    {
      if (error != NULL)
        *error = smb_nt_status_to_gerror (header->status, "The server refuses the negotiation");
      return FALSE;
    }
  if (header->credits == 0) /* no login could follow */
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server grants no credits");
      return FALSE;
    }
  return TRUE;
}

/* SMB1's NEGOTIATE can be answered with 2.0.2 or the wildcard only, the other one never with the wildcard. */
static gboolean
check_dialect (guint16              dialect,
               const SmbSmb2Offer  *offer,
               GError             **error)
{
  gboolean offered;

  if (dialect == SMB_SMB2_WILDCARD)
    offered = offer->multi_protocol && offer->dialects[offer->n_dialects - 1] > 0x0202;
  else
    offered = smb_smb2_offer_has_dialect (offer, dialect) && (!offer->multi_protocol || dialect == 0x0202);
  if (offered)
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_SECURITY,
               "The server chose a dialect that was not offered (0x%04x)", dialect);
  return FALSE;
}

static void
bound_sizes (SmbSmb2Terms *self)
{
  guint32 most;

  self->large_mtu = self->dialect > 0x0202 && (self->capabilities & SMB_SMB2_CAP_LARGE_MTU) != 0;
  most = self->large_mtu ? LARGE_MTU : SMALL_MTU;
  self->max_transact_size = MIN (self->max_transact_size, most);
  self->max_read_size = MIN (self->max_read_size, most);
  self->max_write_size = MIN (self->max_write_size, most);
}

static gboolean
check_sizes (const SmbSmb2Terms  *self,
             GError             **error)
{
  if (MIN (self->max_transact_size, MIN (self->max_read_size, self->max_write_size)) >= LEAST_MTU)
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                       "The server takes only messages that are too small to be of use");
  return FALSE;
}

/* What the dialects before 3.1.1 have no choice about. */
static void
choose_algorithms (SmbSmb2Terms       *self,
                   const SmbSmb2Offer *offer)
{
  guint32 capabilities = offer->capabilities & self->capabilities;

  self->signing = self->dialect < 0x0300 ? SMB_MAC_HMAC_SHA256 : SMB_MAC_AES_128_CMAC;
  self->cipher = SMB_CIPHER_AES_128_CCM;
  self->can_seal = self->dialect >= 0x0300 && (capabilities & SMB_SMB2_CAP_ENCRYPTION) != 0;
}

/* [MS-SMB2] 2.2.4 */
static gboolean
read_body (SmbSmb2Terms  *self,
           SmbReader     *r,
           guint         *contexts,
           guint         *n_contexts,
           GError       **error)
{
  SmbReader token;
  guint16 token_offset;
  guint16 token_size;

  smb_reader_expect_u16 (r, 65); /* StructureSize */
  self->security_mode = smb_reader_u16 (r);
  self->dialect = smb_reader_u16 (r);
  *n_contexts = smb_reader_u16 (r);
  smb_reader_copy (r, self->server_guid, sizeof self->server_guid);
  self->capabilities = smb_reader_u32 (r);
  self->max_transact_size = smb_reader_u32 (r);
  self->max_read_size = smb_reader_u32 (r);
  self->max_write_size = smb_reader_u32 (r);
  smb_reader_skip (r, 8 + 8); /* SystemTime, ServerStartTime */
  token_offset = smb_reader_u16 (r);
  token_size = smb_reader_u16 (r);
  *contexts = smb_reader_u32 (r);
  smb_reader_sub (r, &token, token_offset, token_size);
  self->token = token.data;
  self->token_size = token.size;

  return smb_reader_finish (r, "NEGOTIATE response", error);
}

gboolean
smb_smb2_terms_read (SmbSmb2Terms        *self,
                     const SmbSmb2Offer  *offer,
                     const guint8        *message,
                     gsize                size,
                     GError             **error)
{
  SmbSmb2Header header;
  SmbReader r;
  guint contexts;
  guint n_contexts;

  memset (self, 0, sizeof *self);
  if (!check_protocol (message, size, error)
      || !smb_smb2_header_read (&header, message, size, error)
      || !check_header (&header, offer, error))
    return FALSE;

  smb_reader_init (&r, message, size);
  smb_reader_skip (&r, SMB_SMB2_HEADER_SIZE);
  if (!read_body (self, &r, &contexts, &n_contexts, error)
      || !check_dialect (self->dialect, offer, error))
    return FALSE;
  if (self->dialect == SMB_SMB2_WILDCARD)
    return TRUE;

  bound_sizes (self);
  if (!check_sizes (self, error))
    return FALSE;
  if (self->dialect == 0x0311)
    return smb_smb2_contexts_read (self, offer, &r, contexts, n_contexts, error);

  choose_algorithms (self, offer);
  return TRUE;
}
