/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/smb-kdf.h"

#include <nettle/hmac.h>
#include <string.h>

#include "crypto/smb-nettle.h"
#include "crypto/smb-secret.h"

void
smb_kdf_derive (gconstpointer  key,
                gsize          key_size,
                gconstpointer  label,
                gsize          label_size,
                gconstpointer  context,
                gsize          context_size,
                guint8        *out,
                gsize          out_size)
{
  const guint32 bits = GUINT32_TO_BE (out_size * 8);
  const guint8 separator = 0;
  guint8 block[SHA256_DIGEST_SIZE];
  struct hmac_sha256_ctx hmac;

  hmac_sha256_set_key (&hmac, key_size, key);

  for (gsize done = 0; done < out_size; done += sizeof block)
    {
      const guint32 counter = GUINT32_TO_BE (done / sizeof block + 1);

      hmac_sha256_update (&hmac, sizeof counter, (const guint8 *) &counter);
      hmac_sha256_update (&hmac, label_size, label);
      hmac_sha256_update (&hmac, sizeof separator, &separator);
      hmac_sha256_update (&hmac, context_size, context);
      hmac_sha256_update (&hmac, sizeof bits, (const guint8 *) &bits);
      SMB_NETTLE_DIGEST (hmac_sha256_digest, &hmac, sizeof block, block);
      memcpy (out + done, block, MIN (sizeof block, out_size - done));
    }

  smb_memory_wipe (&hmac, sizeof hmac);
  smb_memory_wipe (block, sizeof block);
}
