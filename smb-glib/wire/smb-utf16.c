/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-utf16.h"

#include <string.h>

/* The units in the machine's byte order, at an address that is aligned for them. */
static gunichar2 *
load_units (gconstpointer data,
            gsize         n_units)
{
  gunichar2 *units = g_new (gunichar2, n_units + 1);

  if (n_units > 0)
    memcpy (units, data, n_units * sizeof *units);
  for (gsize i = 0; i < n_units; i++)
    units[i] = GUINT16_FROM_LE (units[i]);
  units[n_units] = 0;

  return units;
}

static gsize
count_to_terminator (const gunichar2 *units)
{
  gsize n = 0;

  while (units[n] != 0)
    n++;

  return n;
}

guint8 *
smb_utf16_from_utf8 (const char *text,
                     gsize      *size)
{
  glong n_units;
  gunichar2 *units = g_utf8_to_utf16 (text, -1, NULL, &n_units, NULL);

  if (units == NULL)
    {
      *size = 0;
      return NULL;
    }

  for (glong i = 0; i < n_units; i++)
    units[i] = GUINT16_TO_LE (units[i]);
  *size = n_units * sizeof *units;

  return (guint8 *) units;
}

char *
smb_utf16_to_utf8 (gconstpointer data,
                   gsize         size)
{
  const gsize n_units = size / 2;
  g_autofree gunichar2 *units = NULL;

  if (size % 2 != 0)
    return NULL;

  units = load_units (data, n_units);
  if (count_to_terminator (units) != n_units)
    return NULL;

  return g_utf16_to_utf8 (units, n_units, NULL, NULL, NULL);
}

char *
smb_utf16_to_utf8_terminated (gconstpointer data,
                              gsize         size)
{
  g_autofree gunichar2 *units = NULL;

  if (size % 2 != 0)
    return NULL;

  units = load_units (data, size / 2);

  return g_utf16_to_utf8 (units, count_to_terminator (units), NULL, NULL, NULL);
}

#define IS_HIGH_SURROGATE(unit) (((unit) & 0xFC00) == 0xD800)
#define IS_LOW_SURROGATE(unit)  (((unit) & 0xFC00) == 0xDC00)

char *
smb_utf16_to_utf8_lossy (gconstpointer data,
                         gsize         size)
{
  g_autofree gunichar2 *units = load_units (data, size / 2);
  GString *text = g_string_sized_new (size);

  for (const gunichar2 *unit = units; *unit != 0; unit++)
    {
      gunichar character = unit[0];

      if (IS_HIGH_SURROGATE (unit[0]) && IS_LOW_SURROGATE (unit[1]))
        {
          character = 0x10000 + ((unit[0] & 0x3FF) << 10) + (unit[1] & 0x3FF);
          unit++;
        }
      else if (IS_HIGH_SURROGATE (unit[0]) || IS_LOW_SURROGATE (unit[0]))
        character = 0xFFFD;

      g_string_append_unichar (text, character);
    }

  return g_string_free (text, FALSE);
}

gsize
smb_utf16_count_units (const char *text)
{
  gsize n = 0;

  /* Each first byte of a sequence is a unit, and one of a sequence of four is two. */
  for (const guchar *byte = (const guchar *) text; *byte != 0; byte++)
    n += ((*byte & 0xC0) != 0x80) + (*byte >= 0xF0);

  return n;
}
