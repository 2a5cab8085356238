/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/smb-random.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

void
smb_random_bytes (gpointer out,
                  gsize    size)
{
  int code = gnutls_rnd (GNUTLS_RND_RANDOM, out, size);

  /* Going on with predictable bytes would be worse than ending. */
  if (code != 0)
    g_error ("No random numbers from the system: %s", gnutls_strerror (code));
}
