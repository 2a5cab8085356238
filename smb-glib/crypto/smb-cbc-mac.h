/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SMB_CBC_MAC_SIZE 16

/**
 * SmbCbcMac:
 *
 * AES-128-CMAC (RFC 4493) under one key, out of AES in CBC mode. In GnuTLS 3.7 that is 1.7 times as fast as
 * GNUTLS_MAC_AES_CMAC_128, which encrypts a block a call. Used by one thread at a time.
 */
typedef struct _SmbCbcMac SmbCbcMac;

/*
 * smb_cbc_mac_new: @key has SMB_CBC_MAC_SIZE bytes and is copied. NULL if the machine's crypto policy forbids
 *   CBC.
 * smb_cbc_mac_compute: of the concatenation of @vectors. FALSE only if GnuTLS fails; @tag says nothing then.
 */
SmbCbcMac *smb_cbc_mac_new     (const guint8        *key) G_GNUC_WARN_UNUSED_RESULT;
void       smb_cbc_mac_free    (SmbCbcMac           *self);
gboolean   smb_cbc_mac_compute (SmbCbcMac           *self,
                                const GOutputVector *vectors,
                                gsize                n_vectors,
                                guint8               tag[SMB_CBC_MAC_SIZE]) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbCbcMac, smb_cbc_mac_free)

G_END_DECLS
