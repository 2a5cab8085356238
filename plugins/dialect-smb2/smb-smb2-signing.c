/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-signing.h"

#include "smb-smb2-header.h"

#define NONCE_FROM_SERVER 0x1
#define NONCE_IS_CANCEL   0x2

/* A CANCEL has the MessageId of what it cancels, and both directions use one key: the bits keep the nonce of
 * AES-GMAC from coming twice. The other algorithms have none. */
static const guint8 *
get_nonce (SmbMac       *mac,
           const guint8 *header,
           guint8        nonce[SMB_MAC_NONCE_SIZE])
{
  guint32 bits = 0;

  if (smb_mac_get_algorithm (mac) != SMB_MAC_AES_128_GMAC)
    return NULL;

  if (smb_smb2_get_u32 (header, SMB_SMB2_HEADER_FLAGS) & SMB_SMB2_FLAG_RESPONSE)
    bits |= NONCE_FROM_SERVER;
  if (smb_smb2_get_u16 (header, SMB_SMB2_HEADER_COMMAND) == SMB_COMMAND_CANCEL)
    bits |= NONCE_IS_CANCEL;

  memcpy (nonce, header + SMB_SMB2_HEADER_MESSAGE_ID, 8);
  smb_smb2_set_u32 (nonce, 8, bits);
  return nonce;
}

gboolean
smb_smb2_sign (SmbMac               *mac,
               guint8               *header,
               const GOutputVector  *vectors,
               guint                 n_vectors,
               GError              **error)
{
  guint8 nonce[SMB_MAC_NONCE_SIZE];
  guint8 signature[SMB_MAC_TAG_SIZE];

  if (!smb_mac_compute (mac, get_nonce (mac, header, nonce), vectors, n_vectors, signature))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY, "The message could not be signed");
      return FALSE;
    }

  memcpy (header + SMB_SMB2_HEADER_SIGNATURE, signature, sizeof signature);
  return TRUE;
}

gboolean
smb_smb2_verify (SmbMac       *mac,
                 guint8       *bytes,
                 gsize         size,
                 const guint8 *payload,
                 gsize         payload_size)
{
  const GOutputVector vectors[] = { { bytes, size }, { payload, payload_size } };
  guint8 *field = bytes + SMB_SMB2_HEADER_SIGNATURE;
  guint8 nonce[SMB_MAC_NONCE_SIZE];
  guint8 signature[SMB_MAC_TAG_SIZE];
  gboolean good;

  memcpy (signature, field, sizeof signature);
  memset (field, 0, sizeof signature);
  good = smb_mac_verify (mac, get_nonce (mac, bytes, nonce), vectors, payload_size == 0 ? 1 : 2, signature);
  memcpy (field, signature, sizeof signature);
  return good;
}
