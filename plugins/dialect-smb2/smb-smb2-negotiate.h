/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

#define SMB_SMB2_MAX_DIALECTS 5

/* The DialectRevision with which a server asks for a second NEGOTIATE ([MS-SMB2] 2.2.4). */
#define SMB_SMB2_WILDCARD 0x02ff

/* SecurityMode of [MS-SMB2] 2.2.3. */
typedef enum
{
  SMB_SMB2_SIGNING_ENABLED = 0x1,
  SMB_SMB2_SIGNING_REQUIRED = 0x2,
} SmbSmb2SecurityMode;

/* Capabilities of [MS-SMB2] 2.2.3. */
typedef enum
{
  SMB_SMB2_CAP_LARGE_MTU = 0x4,
  SMB_SMB2_CAP_ENCRYPTION = 0x40,
} SmbSmb2Capabilities;

/* What a NEGOTIATE request says, in its own numbers: FSCTL_VALIDATE_NEGOTIATE_INFO repeats them. */
typedef struct
{
  guint16  dialects[SMB_SMB2_MAX_DIALECTS]; /* oldest first */
  guint    n_dialects;
  guint16  security_mode;
  guint32  capabilities;
  guint8   client_guid[16];
  gboolean ciphers;        /* encryption was offered */
  gboolean multi_protocol; /* it is SMB1's NEGOTIATE */
  gboolean smb1;           /* and offers that too */
  guint64  message_id;
} SmbSmb2Offer;

/* What a NEGOTIATE response says. */
typedef struct
{
  guint16         dialect;
  guint16         security_mode;
  guint32         capabilities;
  guint8          server_guid[16];
  gboolean        large_mtu;
  guint32         max_transact_size; /* bytes, within what the dialect can do */
  guint32         max_read_size;
  guint32         max_write_size;
  SmbMacAlgorithm signing;
  gboolean        can_seal;
  SmbCipher       cipher; /* if can_seal */
  const guint8   *token;  /* borrowed from the message */
  gsize           token_size;
} SmbSmb2Terms;

/*
 * smb_smb2_offer_init: SMB_ERROR_NOT_SUPPORTED if @options leave no dialect of SMB2.
 * smb_smb2_offer_write: appends the request, header included. @target_host may be NULL.
 * smb_smb2_terms_read: reads the answer to it. SMB_ERROR_SECURITY for what no honest server answers to this
 *   offer, SMB_ERROR_NOT_SUPPORTED if there is no common dialect. After the wildcard only `dialect` counts.
 */
gboolean smb_smb2_offer_init  (SmbSmb2Offer               *self,
                               const SmbNegotiateOptions  *options,
                               GError                    **error);
void     smb_smb2_offer_write (const SmbSmb2Offer         *self,
                               const char                 *target_host,
                               SmbWriter                  *writer);
gboolean smb_smb2_terms_read  (SmbSmb2Terms               *self,
                               const SmbSmb2Offer         *offer,
                               const guint8               *message,
                               gsize                       size,
                               GError                    **error);

gboolean smb_smb2_offer_has_dialect (const SmbSmb2Offer *self,
                                     guint16             dialect);

/* The names of algorithms in properties and logs; static. */
const char *smb_smb2_get_signing_name (SmbMacAlgorithm algorithm);
const char *smb_smb2_get_cipher_name  (SmbCipher       cipher);

G_END_DECLS
