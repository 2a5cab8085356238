/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A path as the wire wants it. */
typedef struct
{
  char    *path;     /* relative to the share, separated by '\', none at the ends; "" is the root */
  guint64  snapshot; /* FILETIME of an @GMT-… component, which was taken out; 0 = none */
} SmbPath;

typedef enum
{
  SMB_PATH_PLAIN = 0,
  SMB_PATH_PATTERN = 1 << 0, /* the last component may hold * and ? */
  SMB_PATH_STREAMS = 1 << 1, /* : may stand in the last component */
  SMB_PATH_WRITE = 1 << 2,   /* what lies in a snapshot is refused with SMB_ERROR_ACCESS_DENIED */
} SmbPathFlags;

/* Checks and normalises what the application gave, so that no server sees what it could misread.
 * FALSE with SMB_ERROR_INVALID_ARGUMENT that says what is wrong with it, to be put after a colon. */
gboolean smb_path_parse (const char    *text,
                         SmbPathFlags   flags,
                         SmbPath       *path,
                         GError       **error);
void     smb_path_clear (SmbPath       *path);
/* Whether @share can be the name of a share; else SMB_ERROR_INVALID_ARGUMENT, likewise. */
gboolean smb_path_check_share (const char  *share,
                               GError     **error);
/* Splits off the last component: "a\b\c" is "a\b" and "c"; "c" is "" and "c". Both are the caller's. */
void     smb_path_split (const char    *path,
                         char         **parent,
                         char         **name);
/* The inverse: no separator if @parent is "". */
char    *smb_path_join  (const char    *parent,
                         const char    *name);
/* For messages, which are one line, whatever a name holds: replaces control characters in @text, which is
 * also returned. */
char    *smb_path_make_printable (char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmbPath, smb_path_clear)
