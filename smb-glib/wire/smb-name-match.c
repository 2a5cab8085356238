/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-name-match.h"

#include <string.h>

#define DOTTED_CAPITAL_I  0x0130
#define DOTLESS_SMALL_I   0x0131

/*
 * Unicode simple case folding by way of the capital, which joins the variants of a letter (sigma, long s).
 * The Turkish letters fold to themselves, or else they would be joined with i.
 */
static gunichar
fold (gunichar character)
{
  if (character == DOTTED_CAPITAL_I || character == DOTLESS_SMALL_I)
    return character;

  return g_unichar_tolower (g_unichar_toupper (character));
}

static gboolean
character_matches (const char *pattern,
                   const char *name)
{
  const gunichar wanted = g_utf8_get_char (pattern);

  return wanted == '?' || fold (wanted) == fold (g_utf8_get_char (name));
}

/*
 * Goes back to the last star only: what an earlier one could take more of, the last one can too, so
 * that no pattern takes more than length times length steps.
 */
static gboolean
match (const char *pattern,
       const char *name)
{
  const char *after_star = NULL; /* where the pattern goes on after the last star */
  const char *retry = NULL;      /* where that star ends at present */

  while (*name != '\0')
    {
      if (*pattern == '*')
        {
          after_star = ++pattern;
          retry = name;
        }
      else if (*pattern != '\0' && character_matches (pattern, name))
        {
          pattern = g_utf8_next_char (pattern);
          name = g_utf8_next_char (name);
        }
      else if (after_star != NULL)
        {
          pattern = after_star;
          name = retry = g_utf8_next_char (retry);
        }
      else
        return FALSE;
    }

  return pattern[strspn (pattern, "*")] == '\0';
}

gboolean
smb_name_match (const char *pattern,
                const char *name)
{
  return g_utf8_validate (pattern, -1, NULL) && g_utf8_validate (name, -1, NULL) && match (pattern, name);
}

gboolean
smb_name_has_wildcards (const char *name)
{
  return strpbrk (name, "*?") != NULL;
}
