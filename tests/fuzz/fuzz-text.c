/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "wire/smb-filetime.h"
#include "wire/smb-name-match.h"
#include "wire/smb-security.h"
#include "wire/smb-utf16.h"

/* As UTF-16: what can be converted comes back the same. */
static void
convert (const guint8 *data,
         gsize         size)
{
  g_autofree char *text = smb_utf16_to_utf8 (data, size);
  g_autofree char *terminated = smb_utf16_to_utf8_terminated (data, size);
  g_autofree char *lossy = smb_utf16_to_utf8_lossy (data, size);

  g_assert_true (g_utf8_validate (lossy, -1, NULL));
  if (terminated != NULL)
    g_assert_cmpstr (lossy, ==, terminated);

  if (text != NULL)
    {
      gsize back_size;
      g_autofree guint8 *back = smb_utf16_from_utf8 (text, &back_size);

      g_assert_cmpmem (back, back_size, data, size);
      g_assert_cmpuint (smb_utf16_count_units (text), ==, size / 2);
      g_assert_cmpstr (text, ==, terminated);
    }
}

static void
parse_token (const char *text)
{
  g_autoptr(GDateTime) time = smb_gmt_token_parse (text);

  if (time != NULL)
    {
      g_autofree char *token = smb_gmt_token_format (time);

      g_assert_cmpstr (token, ==, text);
    }
}

static void
parse_sid (const char *text)
{
  SmbSidData sid, again;

  if (smb_sid_data_from_string (&sid, text))
    {
      g_autofree char *string = smb_sid_data_to_string (&sid);

      g_assert_true (smb_sid_data_from_string (&again, string));
      g_assert_true (smb_sid_data_equal (&sid, &again));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto(GStrv) lines = g_strsplit (text, "\n", 2);

  convert (data, size);
  parse_token (text);
  parse_sid (text);
  if (lines[0] != NULL && lines[1] != NULL)
    smb_name_match (lines[0], lines[1]); /* a pattern and a name */
  g_assert_true (smb_name_match ("*", text) == g_utf8_validate (text, -1, NULL));

  return 0;
}
