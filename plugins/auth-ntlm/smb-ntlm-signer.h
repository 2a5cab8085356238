/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-ntlm-message.h"

G_BEGIN_DECLS

#define SMB_NTLM_SIGNATURE_SIZE 16

typedef enum
{
  SMB_NTLM_CLIENT_TO_SERVER,
  SMB_NTLM_SERVER_TO_CLIENT,
} SmbNtlmDirection;

/* Session security of one direction, with extended session security ([MS-NLMP] 3.4). */
typedef struct
{
  guint8   sign_key[SMB_NTLM_KEY_SIZE];
  SmbRc4  *seal; /* the sealing key's state */
  gboolean seal_checksum;
  guint32  sequence;
} SmbNtlmSigner;

/*
 * smb_ntlm_signer_init: SIGNKEY () and SEALKEY () for ExportedSessionKey and the flags that were negotiated.
 * smb_ntlm_signer_sign: MAC () of [MS-NLMP] 3.4.4.2; the sequence number and the sealing key's state move on.
 */
void smb_ntlm_signer_init  (SmbNtlmSigner    *self,
                            const guint8      session_key[SMB_NTLM_KEY_SIZE],
                            guint32           flags,
                            SmbNtlmDirection  direction);
void smb_ntlm_signer_sign  (SmbNtlmSigner    *self,
                            gconstpointer     data,
                            gsize             size,
                            guint8            signature[SMB_NTLM_SIGNATURE_SIZE]);
void smb_ntlm_signer_clear (SmbNtlmSigner    *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmbNtlmSigner, smb_ntlm_signer_clear)

G_END_DECLS
