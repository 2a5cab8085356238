/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-error.h"

/* What the tests of decoders have in common. */

/* Bytes from hexadecimal digits. The memory is exact, so that ASan sees a read one byte too far. */
static inline guint8 *
bytes_from_hex (const char *hex,
                gsize      *size)
{
  const gsize n = strlen (hex) / 2;
  guint8 *bytes = g_malloc (MAX (n, 1));

  g_assert_cmpuint (strlen (hex) % 2, ==, 0);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (g_ascii_isxdigit (hex[2 * i]) && g_ascii_isxdigit (hex[2 * i + 1]));
      bytes[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
    }
  *size = n;

  return bytes;
}

static inline void
assert_bytes (gconstpointer bytes,
              gsize         size,
              const char   *hex)
{
  gsize expected_size;
  g_autofree guint8 *expected = bytes_from_hex (hex, &expected_size);

  g_assert_cmpmem (bytes, size, expected, expected_size);
}

/* Decodes, looks at everything and frees it. */
typedef gboolean (*Decode) (const guint8  *data,
                            gsize          size,
                            GError       **error);

/* Success without an error, or failure with one of ours: nothing else may happen to any bytes. */
static inline gboolean
decode_anything (Decode        decode,
                 const guint8 *data,
                 gsize         size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr(GError) error = NULL;
  const gboolean ok = decode (copy, size, &error);

  if (ok)
    g_assert_no_error (error);
  else
    g_assert_nonnull (error);
  if (error != NULL)
    g_assert_true (error->domain == SMB_ERROR);

  return ok;
}

/* No prefix shorter than @minimum can be taken; the others must just do no harm. */
static inline void
check_prefixes (Decode        decode,
                const guint8 *good,
                gsize         size,
                gsize         minimum)
{
  for (gsize n = 0; n < size; n++)
    {
      g_autofree guint8 *copy = g_memdup2 (good, n);
      g_autoptr(GError) error = NULL;

      if (n >= minimum)
        decode_anything (decode, good, n);
      else
        {
          g_assert_false (decode (copy, n, &error));
          g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
        }
    }

  g_assert_true (decode_anything (decode, good, size));
}

/* Every byte, one after the other, with values that lengths, counts and offsets do not like. */
static inline void
check_corruption (Decode        decode,
                  const guint8 *good,
                  gsize         size)
{
  static const guint8 values[] = { 0x00, 0x01, 0x02, 0x7F, 0x80, 0xD8, 0xFE, 0xFF };
  g_autofree guint8 *bad = g_memdup2 (good, size);

  for (gsize i = 0; i < size; i++)
    {
      for (gsize k = 0; k < G_N_ELEMENTS (values); k++)
        {
          bad[i] = values[k];
          decode_anything (decode, bad, size);
          bad[i] = good[i] ^ values[k];
          decode_anything (decode, bad, size);
        }
      bad[i] = good[i];
    }
}
