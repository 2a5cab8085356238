/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-header.h"
#include "smb-smb2-keys.h"
#include "smb-smb2-sealing.h"

G_BEGIN_DECLS

/**
 * SmbSmb2Session:
 * @id: SessionId, 0 until the server gave one
 * @established: whether the login is complete; from then on neither @id nor a key changes
 * @mac: signs and verifies; NULL before that, and for guests and the anonymous
 * @sealer: encrypts and decrypts; not set up where @mac is NULL or no cipher was agreed on
 * @connection_hash: over the NEGOTIATE (Connection.PreauthIntegrityHashValue)
 * @hash: over all messages of the login so far (Session.PreauthIntegrityHashValue)
 * @final: the SESSION_SETUP response that said success, until it is verified
 *
 * The one session of a connection ([MS-SMB2] 3.2.1.3).
 */
typedef struct
{
  guint64       id;
  gboolean      established;
  SmbMac       *mac;
  SmbSmb2Sealer sealer;
  guint8        connection_hash[SMB_SHA512_SIZE];
  guint8        hash[SMB_SHA512_SIZE];
  GByteArray   *final;
} SmbSmb2Session;

/*
 * smb_smb2_session_begin: after the negotiation, with the hash over it.
 * smb_smb2_session_sent, smb_smb2_session_received: to be told of each SESSION_SETUP as it went over the
 *   wire, until the session is established; of responses, not the interim ones.
 * smb_smb2_session_start: derives the keys and verifies the final response ([MS-SMB2] 3.2.5.3.1): always on
 *   3.1.1, else if it is signed or @signing_required. Does nothing if the session is established.
 */
void     smb_smb2_session_clear    (SmbSmb2Session       *self);
void     smb_smb2_session_begin    (SmbSmb2Session       *self,
                                    const guint8          hash[SMB_SHA512_SIZE]);
void     smb_smb2_session_sent     (SmbSmb2Session       *self,
                                    const GOutputVector  *vectors,
                                    guint                 n_vectors);
void     smb_smb2_session_received (SmbSmb2Session       *self,
                                    const SmbSmb2Header  *header,
                                    const guint8         *bytes,
                                    gsize                 size);
gboolean smb_smb2_session_start    (SmbSmb2Session       *self,
                                    const SmbSmb2Terms   *terms,
                                    gboolean              signing_required,
                                    GBytes               *key,
                                    GError              **error);
gboolean smb_smb2_session_set_keys (SmbSmb2Session       *self,
                                    const SmbSmb2Terms   *terms,
                                    const SmbSmb2Keys    *keys,
                                    GError              **error);

/* The body of a request ([MS-SMB2] 2.2.5); the response's is read with the others. @token is nullable. */
gboolean smb_smb2_write_session_setup (SmbWriter  *writer,
                                       guint16     security_mode,
                                       GBytes     *token,
                                       GError    **error);

G_END_DECLS
