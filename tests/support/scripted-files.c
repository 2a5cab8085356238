/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-files.h"

#include <string.h>

#define CLUSTER 4096

/* 2024-05-06 07:08:09 UTC as a FILETIME; each node is a second younger than the one before. */
#define FIRST_TIME G_GUINT64_CONSTANT (133594528890000000)
#define SECOND     10000000

static void
node_free (gpointer data)
{
  ScriptedNode *self = data;

  g_free (self->path);
  g_byte_array_unref (self->contents);
  g_free (self);
}

static ScriptedNode *
node_new (ScriptedFiles *files,
          const char    *path,
          guint32        attributes)
{
  ScriptedNode *self = g_new0 (ScriptedNode, 1);

  self->id = files->nodes->len + 1;
  self->path = g_strdup (path);
  self->attributes = attributes;
  self->contents = g_byte_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (self->times); i++)
    self->times[i] = FIRST_TIME + self->id * SECOND;
  g_ptr_array_add (files->nodes, self);
  return self;
}

ScriptedFiles *
scripted_files_new (void)
{
  ScriptedFiles *self = g_new0 (ScriptedFiles, 1);

  self->nodes = g_ptr_array_new_with_free_func (node_free);
  node_new (self, "", SCRIPTED_ATTRIBUTE_DIRECTORY);
  return self;
}

void
scripted_files_free (ScriptedFiles *self)
{
  g_ptr_array_unref (self->nodes);
  g_free (self);
}

static gboolean
same_path (const char *a,
           const char *b)
{
  g_autofree char *folded_a = g_utf8_casefold (a, -1);
  g_autofree char *folded_b = g_utf8_casefold (b, -1);

  return g_str_equal (folded_a, folded_b);
}

ScriptedNode *
scripted_files_find (ScriptedFiles *self,
                     const char    *path)
{
  for (guint i = 0; i < self->nodes->len; i++)
    {
      ScriptedNode *node = self->nodes->pdata[i];

      if (!node->is_removed && same_path (node->path, path))
        return node;
    }
  return NULL;
}

static char *
get_parent_path (const char *path)
{
  const char *last = strrchr (path, '\\');

  return last == NULL ? g_strdup ("") : g_strndup (path, last - path);
}

ScriptedNode *
scripted_files_add (ScriptedFiles *self,
                    const char    *path,
                    guint32        attributes)
{
  ScriptedNode    *node = scripted_files_find (self, path);
  g_autofree char *parent = get_parent_path (path);

  if (node != NULL)
    return node;
  scripted_files_add (self, parent, SCRIPTED_ATTRIBUTE_DIRECTORY);
  return node_new (self, path, attributes);
}

static gboolean
is_inside (const ScriptedNode *node,
           const ScriptedNode *folder)
{
  g_autofree char *parent = get_parent_path (node->path);

  return node != folder && !node->is_removed && same_path (parent, folder->path);
}

/* A folder must be empty. */
gboolean
scripted_files_remove (ScriptedFiles *self,
                       ScriptedNode  *node)
{
  for (guint i = 0; i < self->nodes->len; i++)
    if (is_inside (self->nodes->pdata[i], node))
      return FALSE;

  node->is_removed = TRUE;
  return TRUE;
}

/* What is in a folder goes with it. */
void
scripted_files_rename (ScriptedFiles *self,
                       ScriptedNode  *node,
                       const char    *path)
{
  g_autofree char *old = g_steal_pointer (&node->path);
  g_autofree char *inside = g_strconcat (old, "\\", NULL);

  node->path = g_strdup (path);
  for (guint i = 0; i < self->nodes->len; i++)
    {
      ScriptedNode    *other = self->nodes->pdata[i];
      g_autofree char *moved = NULL;

      if (other->is_removed || !g_str_has_prefix (other->path, inside))
        continue;
      moved = g_strconcat (path, other->path + strlen (old), NULL);
      g_free (other->path);
      other->path = g_steal_pointer (&moved);
    }
}

GPtrArray *
scripted_files_list (ScriptedFiles *self,
                     ScriptedNode  *folder,
                     const char    *pattern)
{
  GPtrArray       *found = g_ptr_array_new ();
  g_autofree char *folded_pattern = g_utf8_casefold (pattern, -1);

  for (guint i = 0; i < self->nodes->len; i++)
    {
      ScriptedNode    *node = self->nodes->pdata[i];
      g_autofree char *name = g_utf8_casefold (scripted_node_get_name (node), -1);

      if (is_inside (node, folder) && g_pattern_match_simple (folded_pattern, name))
        g_ptr_array_add (found, node);
    }
  return found;
}

const char *
scripted_node_get_name (const ScriptedNode *self)
{
  const char *last = strrchr (self->path, '\\');

  return last == NULL ? self->path : last + 1;
}

char *
scripted_node_get_parent (const ScriptedNode *self)
{
  return get_parent_path (self->path);
}

gboolean
scripted_node_is_folder (const ScriptedNode *self)
{
  return (self->attributes & SCRIPTED_ATTRIBUTE_DIRECTORY) != 0;
}

guint64
scripted_node_get_size (const ScriptedNode *self)
{
  return self->contents->len;
}

guint64
scripted_node_get_allocated (const ScriptedNode *self)
{
  return (scripted_node_get_size (self) + CLUSTER - 1) / CLUSTER * CLUSTER;
}

ScriptedOpen *
scripted_open_new (guint64       id,
                   ScriptedNode *node)
{
  ScriptedOpen *self = g_new0 (ScriptedOpen, 1);

  self->id = id;
  self->node = node;
  g_queue_init (&self->output);
  return self;
}

void
scripted_open_free (ScriptedOpen *self)
{
  g_queue_clear_full (&self->output, (GDestroyNotify) g_bytes_unref);
  g_free (self->pattern);
  g_free (self);
}
