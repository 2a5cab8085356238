/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-filetime.h"

#include <stdlib.h>

#define UNITS_PER_MICROSECOND 10 /* of 100 ns */
#define EPOCH_MICROSECONDS    ((gint64) (SMB_FILETIME_UNIX_EPOCH / UNITS_PER_MICROSECOND))

#define TOKEN_PATTERN "@GMT-dddd.dd.dd-dd.dd.dd"

gint64
smb_filetime_to_unix (guint64 filetime)
{
  return (gint64) (filetime / UNITS_PER_MICROSECOND) - EPOCH_MICROSECONDS;
}

guint64
smb_filetime_from_unix (gint64 microseconds)
{
  if (microseconds <= -EPOCH_MICROSECONDS)
    return 0;
  if (microseconds > G_MAXINT64 / UNITS_PER_MICROSECOND - EPOCH_MICROSECONDS)
    return G_MAXINT64;

  return (guint64) (microseconds + EPOCH_MICROSECONDS) * UNITS_PER_MICROSECOND;
}

GDateTime *
smb_filetime_to_date_time (guint64 filetime)
{
  const gint64 microseconds = smb_filetime_to_unix (filetime);
  g_autoptr(GDateTime) whole = NULL;

  if (filetime == 0)
    return NULL;

  /* NULL after the year 9999, where those with the sign bit are too */
  whole = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);

  return whole != NULL ? g_date_time_add (whole, microseconds % G_USEC_PER_SEC) : NULL;
}

guint64
smb_filetime_from_date_time (GDateTime *date_time)
{
  if (date_time == NULL)
    return 0;

  return smb_filetime_from_unix (g_date_time_to_unix (date_time) * G_USEC_PER_SEC +
                                 g_date_time_get_microsecond (date_time));
}

static gboolean
is_token (const char *text)
{
  const char *pattern = TOKEN_PATTERN;

  for (; *pattern != '\0'; pattern++, text++)
    if (*pattern == 'd' ? !g_ascii_isdigit (*text) : *text != *pattern)
      return FALSE;

  return *text == '\0';
}

GDateTime *
smb_gmt_token_parse (const char *token)
{
  if (!is_token (token))
    return NULL;

  return g_date_time_new_utc (atoi (token + 5), atoi (token + 10), atoi (token + 13),
                              atoi (token + 16), atoi (token + 19), atoi (token + 22));
}

char *
smb_gmt_token_format (GDateTime *date_time)
{
  g_autoptr(GDateTime) utc = g_date_time_to_utc (date_time);

  /* Not g_date_time_format(), whose digits may follow the locale. */
  return g_strdup_printf ("@GMT-%04d.%02d.%02d-%02d.%02d.%02d",
                          g_date_time_get_year (utc), g_date_time_get_month (utc),
                          g_date_time_get_day_of_month (utc), g_date_time_get_hour (utc),
                          g_date_time_get_minute (utc), g_date_time_get_second (utc));
}
