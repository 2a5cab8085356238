/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/**
 * SmbSecret:
 * @data: the bytes; one zero byte follows them, so that a password is a C string too
 * @size: how many, without that zero
 *
 * A key or a password: immutable, reference-counted in any thread, overwritten before
 * its memory is given back.
 */
typedef struct
{
  const guint8 *data;
  gsize         size;
} SmbSecret;

/*
 * smb_secret_new, smb_secret_new_string: copy; the caller wipes its own copy. NULL gives NULL for
 *   a string.
 * smb_secret_unref: takes NULL.
 * smb_secret_equal: in constant time; NULL equals NULL only.
 */
SMB_EXTERN SmbSecret *smb_secret_new        (gconstpointer    data,
                                             gsize            size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN SmbSecret *smb_secret_new_string (const char      *string) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN SmbSecret *smb_secret_ref        (SmbSecret       *self);
SMB_EXTERN void       smb_secret_unref      (SmbSecret       *self);
SMB_EXTERN gboolean   smb_secret_equal      (const SmbSecret *a,
                                             const SmbSecret *b);

/*
 * smb_memory_equal: in a time that depends on @size only.
 * smb_memory_wipe: zeros that the compiler cannot leave out.
 */
SMB_EXTERN gboolean   smb_memory_equal      (gconstpointer    a,
                                             gconstpointer    b,
                                             gsize            size);
SMB_EXTERN void       smb_memory_wipe       (gpointer         memory,
                                             gsize            size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbSecret, smb_secret_unref)

G_END_DECLS
