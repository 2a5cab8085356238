/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-path.h"

#include <string.h>

#include "smb-error.h"
#include "wire/smb-filetime.h"
#include "wire/smb-utf16.h"

/* [MS-FSCC] 2.1.5: of a component, and of each part of one that names a stream. */
#define MAX_COMPONENT_UNITS 255
/* NameLength of a CREATE is 16 bits of bytes ([MS-SMB2] 2.2.13). */
#define MAX_PATH_UNITS 32767

typedef struct
{
  const char   *text;
  SmbPathFlags  flags;
  GString      *path;
  guint64       snapshot;
} Parser;

static gboolean
refuse (const char  *why,
        GError     **error)
{
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, why);
  return FALSE;
}

static gboolean
is_separator (char c)
{
  return c == '/' || c == '\\';
}

/* [MS-FSCC] 2.1.5.2: what no name may hold, and the wildcards of [MS-FSA] 2.1.4.4, of which * and ? are
 * offered. */
static const char *
get_forbidden (SmbPathFlags flags,
               gboolean     last)
{
  gboolean pattern = last && (flags & SMB_PATH_PATTERN) != 0;
  gboolean streams = last && (flags & SMB_PATH_STREAMS) != 0;

  if (pattern)
    return streams ? "<>\"|" : "<>\"|:";
  return streams ? "<>\"|*?" : "<>\"|*?:";
}

static gboolean
check_length (const char  *component,
              GError     **error)
{
  g_auto(GStrv) parts = g_strsplit (component, ":", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (smb_utf16_count_units (parts[i]) > MAX_COMPONENT_UNITS)
      return refuse ("a part of the path is too long", error);
  return TRUE;
}

/* The version of a file is chosen with a token in its path ([MS-SMB2] 2.2.32.2), which is no name of a folder
 * to the server. */
static gboolean
take_snapshot (Parser     *self,
               GDateTime  *time,
               GError    **error)
{
  if (self->snapshot != 0)
    return refuse ("the path names more than one snapshot", error);

  self->snapshot = smb_filetime_from_date_time (time);
  return TRUE;
}

static gboolean
add_component (Parser      *self,
               const char  *component,
               gboolean     last,
               GError     **error)
{
  g_autoptr(GDateTime) time = NULL;

  if (component[0] == '\0' || g_str_equal (component, "."))
    return TRUE;
  if (g_str_equal (component, ".."))
    return refuse ("the path may not contain '..'", error);
  if (strpbrk (component, get_forbidden (self->flags, last)) != NULL)
    return refuse ("the path has a character in it that names cannot have", error);
  if (!check_length (component, error))
    return FALSE;

  time = smb_gmt_token_parse (component);
  if (time != NULL)
    return take_snapshot (self, time, error);

  if (self->path->len > 0)
    g_string_append_c (self->path, '\\');
  g_string_append (self->path, component);
  return TRUE;
}

/* Whether nothing but separators follows. */
static gboolean
is_last (const char *rest)
{
  while (is_separator (*rest))
    rest++;
  return *rest == '\0';
}

static gboolean
add_components (Parser  *self,
                GError **error)
{
  const char *begin = self->text;

  while (*begin != '\0')
    {
      gsize             length = strcspn (begin, "/\\");
      g_autofree char  *component = g_strndup (begin, length);

      if (!add_component (self, component, is_last (begin + length), error))
        return FALSE;
      begin += length;
      begin += is_separator (*begin);
    }
  return TRUE;
}

static gboolean
parse (Parser  *self,
       GError **error)
{
  if (!g_utf8_validate (self->text, -1, NULL))
    return refuse ("the path is not valid UTF-8", error);
  if (!add_components (self, error))
    return FALSE;
  if (smb_utf16_count_units (self->path->str) > MAX_PATH_UNITS)
    return refuse ("the path is too long", error);
  if (self->snapshot != 0 && (self->flags & SMB_PATH_WRITE) != 0)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED,
                           "the path lies in a snapshot, which cannot be changed");
      return FALSE;
    }
  return TRUE;
}

gboolean
smb_path_parse (const char    *text,
                SmbPathFlags   flags,
                SmbPath       *path,
                GError       **error)
{
  Parser parser = { text, flags, g_string_new (NULL), 0 };

  path->path = NULL;
  path->snapshot = 0;
  if (!parse (&parser, error))
    {
      g_string_free (parser.path, TRUE);
      return FALSE;
    }

  path->path = g_string_free (parser.path, FALSE);
  path->snapshot = parser.snapshot;
  return TRUE;
}

void
smb_path_clear (SmbPath *path)
{
  g_clear_pointer (&path->path, g_free);
  path->snapshot = 0;
}

gboolean
smb_path_check_share (const char  *share,
                      GError     **error)
{
  if (!g_utf8_validate (share, -1, NULL))
    return refuse ("the name of the share is not valid UTF-8", error);
  if (share[0] == '\0')
    return refuse ("the name of the share is empty", error);
  if (strpbrk (share, "\\/:*?\"<>|") != NULL || g_str_equal (share, ".") || g_str_equal (share, ".."))
    return refuse ("this cannot be the name of a share", error);
  if (smb_utf16_count_units (share) > MAX_COMPONENT_UNITS)
    return refuse ("the name of the share is too long", error);
  return TRUE;
}

void
smb_path_split (const char  *path,
                char       **parent,
                char       **name)
{
  const char *separator = strrchr (path, '\\');

  *parent = separator == NULL ? g_strdup ("") : g_strndup (path, separator - path);
  *name = g_strdup (separator == NULL ? path : separator + 1);
}

char *
smb_path_join (const char *parent,
               const char *name)
{
  return parent[0] == '\0' ? g_strdup (name) : g_strconcat (parent, "\\", name, NULL);
}

char *
smb_path_make_printable (char *text)
{
  for (char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return text;
}
