/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-negotiate.h"

G_BEGIN_DECLS

/* The keys of a session, from the client's side. */
typedef struct
{
  guint8 signing[SMB_MAC_KEY_SIZE];
  guint8 sealing[SMB_AEAD_MAX_KEY_SIZE]; /* as many bytes as the cipher takes, if the terms have one */
  guint8 opening[SMB_AEAD_MAX_KEY_SIZE];
} SmbSmb2Keys;

/* Derives them from what the authentication left ([MS-SMB2] 3.1.4.2, 3.2.5.3.1). @hash is the session's
 * pre-authentication integrity hash; only 3.1.1 looks at it. The caller wipes @keys. */
void smb_smb2_keys_derive (SmbSmb2Keys        *keys,
                           const SmbSmb2Terms *terms,
                           const guint8        hash[SMB_SHA512_SIZE],
                           gconstpointer       session_key,
                           gsize               session_key_size);

G_END_DECLS
