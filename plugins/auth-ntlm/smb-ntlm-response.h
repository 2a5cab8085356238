/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-ntlm-message.h"

G_BEGIN_DECLS

/* What a response proves, and to which challenge. Texts are UTF-8, never NULL. Borrows everything. */
typedef struct
{
  const char   *user;
  const char   *domain;
  const char   *password;
  const guint8 *server_challenge; /* SMB_NTLM_CHALLENGE_SIZE bytes each */
  const guint8 *client_challenge;
} SmbNtlmProof;

typedef struct
{
  GBytes *lm;
  GBytes *nt;
  guint8  key[SMB_NTLM_KEY_SIZE]; /* KeyExchangeKey */
} SmbNtlmResponse;

/*
 * smb_ntlm_ntowf_v1, smb_ntlm_ntowf_v2: the hashes that stand for the password ([MS-NLMP] 3.3.1, 3.3.2).
 * smb_ntlm_respond_v1: NTLMv1, with or without extended session security ([MS-NLMP] 3.3.1). Never an LM
 *   response.
 * smb_ntlm_respond_v2: NTLMv2 over @target_info ([MS-NLMP] 3.3.2). @time is a FILETIME; @with_lm adds an LMv2
 *   response, else its field is zeros.
 * smb_ntlm_respond_anonymous: who has no name ([MS-NLMP] 3.2.5.1.2).
 */
void smb_ntlm_ntowf_v1          (const char         *password,
                                 guint8              hash[SMB_NTLM_KEY_SIZE]);
void smb_ntlm_ntowf_v2          (const SmbNtlmProof *proof,
                                 guint8              hash[SMB_NTLM_KEY_SIZE]);
void smb_ntlm_respond_v1        (const SmbNtlmProof *proof,
                                 gboolean            extended,
                                 SmbNtlmResponse    *response);
void smb_ntlm_respond_v2        (const SmbNtlmProof *proof,
                                 guint64             time,
                                 GBytes             *target_info,
                                 gboolean            with_lm,
                                 SmbNtlmResponse    *response);
void smb_ntlm_respond_anonymous (SmbNtlmResponse    *response);

void smb_ntlm_response_clear    (SmbNtlmResponse    *response);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmbNtlmResponse, smb_ntlm_response_clear)

G_END_DECLS
