/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/*
 * smb_kdf_derive: the key derivation of [MS-SMB2] 3.1.4.2, which is SP 800-108 in counter mode
 *   with HMAC-SHA256, r = 32 and a 32-bit L. @label_size and @context_size are used as given:
 *   count the terminating zero of a label where the specification has it. @out_size is in bytes
 *   and enters the derivation.
 */
SMB_EXTERN void smb_kdf_derive (gconstpointer  key,
                                gsize          key_size,
                                gconstpointer  label,
                                gsize          label_size,
                                gconstpointer  context,
                                gsize          context_size,
                                guint8        *out,
                                gsize          out_size);

G_END_DECLS
