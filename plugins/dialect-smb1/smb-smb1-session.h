/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-header.h"

G_BEGIN_DECLS

/**
 * SmbSmb1Session:
 * @uid: 0 until the server gave one
 * @established: whether the login is complete
 * @announced: whether this login says that the session is going to be signed
 * @key: signs and verifies; NULL unless the session is signed
 * @next_number: of the next message ([MS-CIFS] 3.2.1.1, Client.NextSendSequenceNumber)
 * @challenge_response: of a login without extended security, a part of the signing key; else NULL
 * @final: the SESSION_SETUP_ANDX response that said success, until it is verified
 *
 * The one session of a connection, and its signatures ([MS-CIFS] 3.1.4.1, [MS-SMB] 3.1.4.1). All messages
 * are signed or none is.
 */
typedef struct
{
  guint16     uid;
  gboolean    established;
  gboolean    announced;
  SmbSecret  *key;
  guint32     next_number;
  GBytes     *challenge_response;
  GByteArray *final;
} SmbSmb1Session;

/*
 * smb_smb1_session_received: to be told of each SESSION_SETUP_ANDX response.
 * smb_smb1_session_start: takes the key that the login gave, and verifies the final response with it if the
 *   session is signed. @key NULL: guest or anonymous, who have none. Does nothing if the session is
 *   established.
 * smb_smb1_session_take_number: the number of a message that is sent next, after which @step more are
 *   spent; FALSE with an error when there are none left.
 */
void     smb_smb1_session_clear       (SmbSmb1Session       *self);
void     smb_smb1_session_received    (SmbSmb1Session       *self,
                                       const SmbSmb1Header  *header,
                                       const guint8         *bytes,
                                       gsize                 size);
gboolean smb_smb1_session_start       (SmbSmb1Session       *self,
                                       GBytes               *key,
                                       GError              **error);
gboolean smb_smb1_session_take_number (SmbSmb1Session       *self,
                                       guint                 step,
                                       guint32              *number,
                                       GError              **error);

/*
 * smb_smb1_sign: sets the signature in @header, which begins what @vectors (at most 2) describe.
 * smb_smb1_verify: whether the signature of @bytes, with @payload behind them, is that of message @number.
 *   @bytes is written to meanwhile and is the same again afterwards.
 */
void     smb_smb1_sign   (const SmbSecret     *key,
                          guint32              number,
                          guint8              *header,
                          const GOutputVector *vectors,
                          guint                n_vectors);
gboolean smb_smb1_verify (const SmbSecret     *key,
                          guint32              number,
                          guint8              *bytes,
                          gsize                size,
                          const guint8        *payload,
                          gsize                payload_size) G_GNUC_WARN_UNUSED_RESULT;

/* What stands for the signature as long as there is no key ([MS-SMB] 3.2.4.2.4). */
#define SMB_SMB1_NO_SIGNATURE "BSRSPYL "

G_END_DECLS
