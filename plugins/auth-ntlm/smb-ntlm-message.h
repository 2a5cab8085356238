/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/* The three messages of NTLM ([MS-NLMP] 2.2.1). */

/* NegotiateFlags ([MS-NLMP] 2.2.2.5), as far as this client knows them. */
enum
{
  SMB_NTLM_UNICODE = 0x00000001,
  SMB_NTLM_REQUEST_TARGET = 0x00000004,
  SMB_NTLM_SIGN = 0x00000010,
  SMB_NTLM_NTLM = 0x00000200,
  SMB_NTLM_ANONYMOUS = 0x00000800,
  SMB_NTLM_ALWAYS_SIGN = 0x00008000,
  SMB_NTLM_EXTENDED_SESSION_SECURITY = 0x00080000,
  SMB_NTLM_TARGET_INFO = 0x00800000,
  SMB_NTLM_VERSION = 0x02000000,
  SMB_NTLM_128 = 0x20000000,
  SMB_NTLM_KEY_EXCHANGE = 0x40000000,
  SMB_NTLM_56 = (int) 0x80000000,
};

#define SMB_NTLM_CHALLENGE_SIZE 8
#define SMB_NTLM_KEY_SIZE       16
#define SMB_NTLM_MIC_SIZE       16
#define SMB_NTLM_MIC_OFFSET     72

/* CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2) */
typedef struct
{
  guint32 flags;
  guint8  server_challenge[SMB_NTLM_CHALLENGE_SIZE];
  char   *target_name; /* nullable: the domain of the server, or its own name */
  GBytes *target_info; /* nullable: AV_PAIRs, not looked at yet */
} SmbNtlmChallenge;

/* AUTHENTICATE_MESSAGE ([MS-NLMP] 2.2.1.3). Borrows everything. */
typedef struct
{
  guint32     flags;
  const char *domain;
  const char *user;
  const char *workstation;
  GBytes     *lm_response;
  GBytes     *nt_response;
  GBytes     *session_key; /* nullable: encrypted */
  gboolean    has_mic;     /* leaves room for it, zeroed, at SMB_NTLM_MIC_OFFSET */
} SmbNtlmAuthenticate;

/*
 * smb_ntlm_decode_challenge: fails with SMB_ERROR_PROTOCOL. @challenge is cleared by the caller, also after
 *   an error.
 * smb_ntlm_encode_authenticate: the texts are UTF-8 and at most 1024 units long.
 */
GBytes     *smb_ntlm_encode_negotiate    (guint32                    flags);
gboolean    smb_ntlm_decode_challenge    (GBytes                    *token,
                                          SmbNtlmChallenge          *challenge,
                                          GError                   **error);
GByteArray *smb_ntlm_encode_authenticate (const SmbNtlmAuthenticate *message);

void        smb_ntlm_challenge_clear     (SmbNtlmChallenge          *challenge);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmbNtlmChallenge, smb_ntlm_challenge_clear)

G_END_DECLS
