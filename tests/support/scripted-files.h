/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SCRIPTED_ATTRIBUTE_DIRECTORY 0x10
#define SCRIPTED_ATTRIBUTE_ARCHIVE   0x20

/* A file or folder. Stays in memory when it is removed. */
typedef struct
{
  guint64     id;
  char       *path; /* relative to the share, with \; "" is its root */
  guint32     attributes;
  guint64     times[4]; /* FILETIMEs: creation, last access, last write, change */
  GByteArray *contents;
  gboolean    is_removed;
} ScriptedNode;

/* All there is on the share. */
typedef struct
{
  GPtrArray *nodes; /* of ScriptedNode, in the order in which they were made */
} ScriptedFiles;

/* An open file, folder or pipe. */
typedef struct
{
  guint64       id;
  ScriptedNode *node; /* NULL for a pipe */
  gboolean      remove_on_close;
  char         *pattern; /* of the listing under way; nullable */
  guint         position;
  GQueue        output; /* of GBytes: what can be read from a pipe */
} ScriptedOpen;

ScriptedFiles *scripted_files_new    (void);
void           scripted_files_free   (ScriptedFiles *self);

/* Letters compare without case. NULL if there is none. */
ScriptedNode  *scripted_files_find   (ScriptedFiles *self,
                                      const char    *path);
/* Makes the folders on the way. Returns what is there if it is there. */
ScriptedNode  *scripted_files_add    (ScriptedFiles *self,
                                      const char    *path,
                                      guint32        attributes);
gboolean       scripted_files_remove (ScriptedFiles *self,
                                      ScriptedNode  *node);
void           scripted_files_rename (ScriptedFiles *self,
                                      ScriptedNode  *node,
                                      const char    *path);
/* Of @folder: its own nodes whose names match, with * and ?. */
GPtrArray     *scripted_files_list   (ScriptedFiles *self,
                                      ScriptedNode  *folder,
                                      const char    *pattern);

const char    *scripted_node_get_name      (const ScriptedNode *self);
char          *scripted_node_get_parent    (const ScriptedNode *self);
gboolean       scripted_node_is_folder     (const ScriptedNode *self);
guint64        scripted_node_get_size      (const ScriptedNode *self);
guint64        scripted_node_get_allocated (const ScriptedNode *self);

ScriptedOpen  *scripted_open_new  (guint64       id,
                                   ScriptedNode *node);
void           scripted_open_free (ScriptedOpen *self);

G_END_DECLS
