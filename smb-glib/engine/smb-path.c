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
  char         *path; /* as large as @text, which nothing makes longer */
  gsize         length;
  guint64       snapshot;
} Parser;

static gboolean
refuse (const char  *why,
        GError     **error)
{
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, why);
  return FALSE;
}

/* [MS-FSCC] 2.1.5.2: what no name may hold, and the wildcards of [MS-FSA] 2.1.4.4, of which * and ? are
 * offered. */
enum
{
  SEPARATOR = 1 << 0,
  END = 1 << 1,
  FORBIDDEN = 1 << 2,
  WILDCARD = 1 << 3,
  COLON = 1 << 4,
};

static const guint8 classes[256] = {
  ['\0'] = END,      ['/'] = SEPARATOR, ['\\'] = SEPARATOR, ['<'] = FORBIDDEN, ['>'] = FORBIDDEN,
  ['"'] = FORBIDDEN, ['|'] = FORBIDDEN, ['*'] = WILDCARD,   ['?'] = WILDCARD,  [':'] = COLON,
};

static guint
get_class (char c)
{
  return classes[(guint8) c];
}

/* Where the component ends that begins at @begin; @seen becomes the classes of its characters. */
static const char *
find_end (const char *begin,
          guint      *seen)
{
  const char *end = begin;

  for (*seen = 0; (get_class (*end) & (SEPARATOR | END)) == 0; end++)
    *seen |= get_class (*end);
  return end;
}

/* Whether nothing but separators follows. */
static gboolean
is_last (const char *rest)
{
  while (get_class (*rest) == SEPARATOR)
    rest++;
  return *rest == '\0';
}

/* @rest is what follows the component that has @seen in it. */
static gboolean
is_allowed (const Parser *self,
            guint         seen,
            const char   *rest)
{
  guint allowed = 0;

  if (seen == 0)
    return TRUE;
  if ((self->flags & SMB_PATH_PATTERN) != 0)
    allowed |= WILDCARD;
  if ((self->flags & SMB_PATH_STREAMS) != 0)
    allowed |= COLON;
  return (seen & ~allowed) == 0 && is_last (rest);
}

/* A component has no fewer bytes than units. */
static gboolean
check_length (const char  *component,
              gsize        length,
              GError     **error)
{
  g_auto(GStrv) parts = length > MAX_COMPONENT_UNITS ? g_strsplit (component, ":", -1) : NULL;

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
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

/* @component is at the end of the path and becomes a part of it. */
static gboolean
add_component (Parser      *self,
               const char  *component,
               gsize        length,
               GError     **error)
{
  g_autoptr(GDateTime) time = NULL;

  if (!check_length (component, length, error))
    return FALSE;

  time = smb_gmt_token_parse (component);
  if (time != NULL)
    return take_snapshot (self, time, error);

  self->length = component + length - self->path;
  return TRUE;
}

static gboolean
copy_component (Parser      *self,
                const char  *begin,
                const char  *end,
                guint        seen,
                GError     **error)
{
  gsize length = end - begin;
  char *component;

  if (length == 0 || (length == 1 && begin[0] == '.'))
    return TRUE;
  if (length == 2 && begin[0] == '.' && begin[1] == '.')
    return refuse ("the path may not contain '..'", error);
  if (!is_allowed (self, seen, end))
    return refuse ("the path has a character in it that names cannot have", error);

  component = self->path + self->length;
  if (self->length > 0)
    *component++ = '\\';
  memcpy (component, begin, length);
  component[length] = '\0';
  return add_component (self, component, length, error);
}

static gboolean
add_components (Parser  *self,
                GError **error)
{
  const char *begin = self->text;

  while (*begin != '\0')
    {
      guint       seen;
      const char *end = find_end (begin, &seen);

      if (!copy_component (self, begin, end, seen, error))
        return FALSE;
      begin = *end == '\0' ? end : end + 1;
    }
  self->path[self->length] = '\0';
  return TRUE;
}

static gboolean
parse (Parser  *self,
       GError **error)
{
  if (!add_components (self, error))
    return FALSE;
  if (self->length > MAX_PATH_UNITS && smb_utf16_count_units (self->path) > MAX_PATH_UNITS)
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
  Parser parser = { .text = text, .flags = flags };

  path->path = NULL;
  path->snapshot = 0;
  if (!g_utf8_validate (text, -1, NULL))
    return refuse ("the path is not valid UTF-8", error);

  parser.path = g_malloc (strlen (text) + 1);
  if (!parse (&parser, error))
    {
      g_free (parser.path);
      return FALSE;
    }

  path->path = parser.path;
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
  guint seen;

  if (!g_utf8_validate (share, -1, NULL))
    return refuse ("the name of the share is not valid UTF-8", error);
  if (share[0] == '\0')
    return refuse ("the name of the share is empty", error);
  if (*find_end (share, &seen) != '\0' || seen != 0 || g_str_equal (share, ".") || g_str_equal (share, ".."))
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
