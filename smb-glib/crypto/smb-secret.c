/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/smb-secret.h"

#include <gnutls/gnutls.h>
#include <string.h>

typedef struct
{
  SmbSecret       secret; /* what callers see */
  gatomicrefcount ref_count;
  guint8          bytes[];
} SmbRealSecret;

SmbSecret *
smb_secret_new (gconstpointer data,
                gsize         size)
{
  SmbRealSecret *self = g_malloc (sizeof *self + size + 1);

  g_atomic_ref_count_init (&self->ref_count);
  if (size > 0)
    memcpy (self->bytes, data, size);
  self->bytes[size] = 0;
  self->secret.data = self->bytes;
  self->secret.size = size;

  return &self->secret;
}

SmbSecret *
smb_secret_new_string (const char *string)
{
  return string != NULL ? smb_secret_new (string, strlen (string)) : NULL;
}

SmbSecret *
smb_secret_ref (SmbSecret *self)
{
  g_atomic_ref_count_inc (&((SmbRealSecret *) self)->ref_count);

  return self;
}

void
smb_secret_unref (SmbSecret *self)
{
  SmbRealSecret *real = (SmbRealSecret *) self;

  if (self == NULL || !g_atomic_ref_count_dec (&real->ref_count))
    return;

  smb_memory_wipe (real->bytes, self->size);
  g_free (real);
}

gboolean
smb_secret_equal (const SmbSecret *a,
                  const SmbSecret *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return a->size == b->size && smb_memory_equal (a->data, b->data, a->size);
}

gboolean
smb_memory_equal (gconstpointer a,
                  gconstpointer b,
                  gsize         size)
{
  return gnutls_memcmp (a, b, size) == 0;
}

void
smb_memory_wipe (gpointer memory,
                 gsize    size)
{
  if (size > 0)
    gnutls_memset (memory, 0, size);
}
