/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/* Bytes fit for keys, challenges and nonces, from GnuTLS. Aborts if the system has no randomness. */
SMB_EXTERN void smb_random_bytes (gpointer out,
                                  gsize    size);

G_END_DECLS
