/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include <glib.h>

/* Bytes of hexadecimal digits. */
static inline GBytes *
bytes_from_hex (const char *hex)
{
  gsize size = strlen (hex) / 2;
  guint8 *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return g_bytes_new_take (bytes, size);
}

static inline void
assert_hex (gconstpointer data,
            gsize         size,
            const char   *hex)
{
  GBytes *expected = bytes_from_hex (hex);

  g_assert_cmpmem (data, size, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
  g_bytes_unref (expected);
}

static inline void
assert_bytes_hex (GBytes     *bytes,
                  const char *hex)
{
  g_assert_nonnull (bytes);
  assert_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), hex);
}
