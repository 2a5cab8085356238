/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-utf16.h"

#include <string.h>

#define NOT_ASCII G_GUINT64_CONSTANT (0x8080808080808080)

#define IS_HIGH_SURROGATE(unit) (((unit) & 0xFC00) == 0xD800)
#define IS_LOW_SURROGATE(unit)  (((unit) & 0xFC00) == 0xDC00)

/* How many bytes of ASCII @text begins with: most names are nothing else, and eight at a time cost little. */
static gsize
count_ascii (const char *text,
             gsize       length)
{
  gsize n = 0;
  guint64 eight;

  for (; length - n >= sizeof eight; n += sizeof eight)
    {
      memcpy (&eight, text + n, sizeof eight);
      if ((eight & NOT_ASCII) != 0)
        break;
    }
  while (n < length && (text[n] & 0x80) == 0)
    n++;

  return n;
}

static guint8 *
put_unit (guint8  *out,
          guint16  unit)
{
  unit = GUINT16_TO_LE (unit);
  memcpy (out, &unit, sizeof unit);

  return out + sizeof unit;
}

static guint8 *
put_ascii (guint8     *out,
           const char *text,
           gsize       length)
{
  for (gsize i = 0; i < length; i++)
    put_unit (out + 2 * i, (guint8) text[i]);

  return out + 2 * length;
}

static guint8 *
put_character (guint8   *out,
               gunichar  character)
{
  if (character < 0x10000)
    return put_unit (out, character);

  out = put_unit (out, 0xD800 + ((character - 0x10000) >> 10));

  return put_unit (out, 0xDC00 + ((character - 0x10000) & 0x3FF));
}

gsize
smb_utf16_encode (const char *text,
                  gsize       length,
                  guint8     *out)
{
  const char *end = text + length;
  guint8 *begin = out;

  while (text < end)
    {
      gsize ascii = count_ascii (text, end - text);
      gunichar character;

      out = put_ascii (out, text, ascii);
      text += ascii;
      if (text == end)
        break;

      character = g_utf8_get_char_validated (text, end - text);
      if (character >= 0x110000) /* (gunichar) -1 and -2, that is: no UTF-8 */
        return 0;
      out = put_character (out, character);
      text = g_utf8_next_char (text);
    }

  return out - begin;
}

guint8 *
smb_utf16_from_utf8 (const char *text,
                     gsize      *size)
{
  const gsize length = strlen (text);
  g_autofree guint8 *bytes = g_malloc (2 * length + 1);

  *size = smb_utf16_encode (text, length, bytes);

  return *size > 0 || length == 0 ? g_steal_pointer (&bytes) : NULL;
}

static inline guint16
get_unit (const guint8 *data,
          gsize         i)
{
  guint16 unit;

  memcpy (&unit, data + 2 * i, sizeof unit);

  return GUINT16_FROM_LE (unit);
}

/* The character at unit @i, which goes on over one unit or two; 0 if there is none that UTF-8 can hold. */
static inline gunichar
get_character (const guint8 *data,
               gsize         n_units,
               gsize        *i)
{
  guint16 unit = get_unit (data, (*i)++);
  guint16 low;

  if (G_LIKELY ((unit & 0xF800) != 0xD800))
    return unit;
  if (IS_LOW_SURROGATE (unit) || *i == n_units)
    return 0;

  low = get_unit (data, (*i)++);

  return IS_LOW_SURROGATE (low) ? 0x10000 + ((unit & 0x3FFu) << 10) + (low & 0x3FFu) : 0;
}

/* FALSE if it is no string. */
static gboolean
measure_utf8 (const guint8 *data,
              gsize         n_units,
              gsize        *size)
{
  *size = 0;
  for (gsize i = 0; i < n_units;)
    {
      gunichar character = get_character (data, n_units, &i);

      if (character == 0)
        return FALSE;
      *size += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

  return TRUE;
}

char *
smb_utf16_to_utf8 (gconstpointer data,
                   gsize         size)
{
  const gsize n_units = size / 2;
  gsize text_size;
  char *text, *end;

  if (size % 2 != 0 || !measure_utf8 (data, n_units, &text_size))
    return NULL;

  text = end = g_malloc (text_size + 1);
  for (gsize i = 0; i < n_units;)
    {
      gunichar character = get_character (data, n_units, &i);

      if (character < 0x80)
        *end++ = (char) character;
      else
        end += g_unichar_to_utf8 (character, end);
    }
  *end = '\0';

  return text;
}

char *
smb_utf16_to_utf8_terminated (gconstpointer data,
                              gsize         size)
{
  gsize n = 0;

  if (size % 2 != 0)
    return NULL;

  while (n < size / 2 && get_unit (data, n) != 0)
    n++;

  return smb_utf16_to_utf8 (data, 2 * n);
}

/* The units in the machine's byte order, and one of 0 behind them. */
static gunichar2 *
load_units (const guint8 *data,
            gsize         n_units)
{
  gunichar2 *units = g_new0 (gunichar2, n_units + 1);

  for (gsize i = 0; i < n_units; i++)
    units[i] = get_unit (data, i);

  return units;
}

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
  gsize n = count_ascii (text, strlen (text));

  /* Each first byte of a sequence is a unit, and one of a sequence of four is two. */
  for (const guchar *byte = (const guchar *) text + n; *byte != 0; byte++)
    n += ((*byte & 0xC0) != 0x80) + (*byte >= 0xF0);

  return n;
}
