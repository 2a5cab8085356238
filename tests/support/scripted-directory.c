/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

/* Flags ([MS-SMB2] 2.2.33) */
enum
{
  QUERY_RESTART_SCANS = 1,
  QUERY_RETURN_SINGLE_ENTRY = 2,
  QUERY_REOPEN = 0x10,
};

/* What the classes of [MS-FSCC] 2.4 have between FileNameLength and FileName. */
typedef struct
{
  guint8   class;
  gboolean only_name;
  gboolean ea_size;
  gboolean short_name;
  guint    reserved; /* before the id */
  gboolean id;
} Layout;

static const Layout layouts[] = {
  { .class = 1 },
  { .class = 2, .ea_size = TRUE },
  { .class = 3, .ea_size = TRUE, .short_name = TRUE },
  { .class = 12, .only_name = TRUE },
  { .class = 37, .ea_size = TRUE, .short_name = TRUE, .reserved = 2, .id = TRUE },
  { .class = 38, .ea_size = TRUE, .reserved = 4, .id = TRUE },
};

/* [MS-SMB2] 2.2.33 */
typedef struct
{
  const Layout *layout;
  guint8        flags;
  guint32       limit;
  char         *pattern; /* nullable */
} Query;

static const Layout *
find_layout (guint8 class)
{
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (layouts[i].class == class)
      return &layouts[i];
  return NULL;
}

static void
write_short_name (SmbWriter          *writer,
                  const ScriptedNode *node)
{
  g_autofree char *name = g_strdup_printf ("FILE~%" G_GUINT64_FORMAT, node->id % 1000);
  gsize            at = smb_writer_get_offset (writer);
  guint8           size;

  smb_writer_u16 (writer, 0); /* ShortNameLength, Reserved */
  size = (guint8) smb_writer_utf16 (writer, name);
  writer->bytes->data[writer->base + at] = size;
  smb_writer_zeros (writer, 24 - size);
}

/* @name: "." and ".." have one that is not the node's. */
static void
write_entry (SmbWriter          *writer,
             const Layout       *layout,
             const ScriptedNode *node,
             const char         *name)
{
  gsize size_at;

  smb_writer_u32 (writer, 0); /* NextEntryOffset */
  smb_writer_u32 (writer, 0); /* FileIndex */
  if (!layout->only_name)
    {
      for (guint i = 0; i < G_N_ELEMENTS (node->times); i++)
        smb_writer_u64 (writer, node->times[i]);
      smb_writer_u64 (writer, scripted_node_get_size (node));
      smb_writer_u64 (writer, scripted_node_get_allocated (node));
      smb_writer_u32 (writer, node->attributes);
    }
  size_at = smb_writer_get_offset (writer);
  smb_writer_u32 (writer, 0); /* FileNameLength */
  if (layout->ea_size)
    smb_writer_u32 (writer, 0);
  if (layout->short_name)
    write_short_name (writer, node);
  smb_writer_zeros (writer, layout->reserved);
  if (layout->id)
    smb_writer_u64 (writer, node->id);
  smb_writer_patch_u32 (writer, size_at, (guint32) smb_writer_utf16 (writer, name));
}

/* FALSE, with nothing written, if there is no room. */
static gboolean
append_entry (SmbWriter          *output,
              gsize              *last,
              const Query        *query,
              const ScriptedNode *node,
              const char         *name)
{
  g_auto(SmbWriter) entry = { 0 };
  gsize             at = (smb_writer_get_offset (output) + 7) / 8 * 8;

  smb_writer_init (&entry, NULL);
  write_entry (&entry, query->layout, node, name);
  if (at + entry.bytes->len > query->limit)
    return FALSE;

  smb_writer_align (output, 8);
  if (at > 0)
    smb_writer_patch_u32 (output, *last, (guint32) (at - *last));
  *last = at;
  smb_writer_bytes (output, entry.bytes->data, entry.bytes->len);
  return TRUE;
}

/* The root is its own. */
static ScriptedNode *
find_parent (ScriptedServer     *server,
             const ScriptedNode *node)
{
  g_autofree char *path = scripted_node_get_parent (node);

  return scripted_files_find (server->files, path);
}

static gboolean
begins_with_dots (const ScriptedOpen *open)
{
  return g_str_equal (open->pattern, "*");
}

/* "*" begins with the folder and its parent. */
static GPtrArray *
list (ScriptedServer *server,
      ScriptedOpen   *open)
{
  GPtrArray *nodes = scripted_files_list (server->files, open->node, open->pattern);

  if (begins_with_dots (open))
    {
      g_ptr_array_insert (nodes, 0, open->node);
      g_ptr_array_insert (nodes, 1, find_parent (server, open->node));
    }
  return nodes;
}

static const char *
get_name (const ScriptedOpen *open,
          const ScriptedNode *node)
{
  if (begins_with_dots (open) && open->position < 2)
    return open->position == 0 ? "." : "..";
  return scripted_node_get_name (node);
}

static void
write_page (ScriptedServer *server,
            ScriptedOpen   *open,
            const Query    *query,
            SmbWriter      *output)
{
  g_autoptr(GPtrArray) nodes = list (server, open);
  gsize                last = 0;

  while (open->position < nodes->len)
    {
      const ScriptedNode *node = nodes->pdata[open->position];

      if (!append_entry (output, &last, query, node, get_name (open, node)))
        return;
      open->position++;
      if (query->flags & QUERY_RETURN_SINGLE_ENTRY)
        return;
    }
}

static ScriptedOpen *
read_query (ScriptedRequest *request,
            ScriptedReply   *reply,
            Query           *query)
{
  SmbReader    *reader = &request->reader;
  SmbReader     name;
  guint16       name_at;
  ScriptedOpen *open;

  query->layout = find_layout (smb_reader_u8 (reader));
  query->flags = smb_reader_u8 (reader);
  smb_reader_skip (reader, 4);
  open = scripted_read_file_id (request, reply);
  name_at = smb_reader_u16 (reader);
  smb_reader_sub (reader, &name, name_at, smb_reader_u16 (reader));
  query->limit = smb_reader_u32 (reader);
  if (name.size > 0)
    query->pattern = smb_reader_utf16 (&name, name.size);
  return open;
}

/* The first request of a listing says what is wanted; later ones only if they begin anew. */
static guint32
start (ScriptedServer *server,
       ScriptedOpen   *open,
       const Query    *query)
{
  g_autoptr(GPtrArray) nodes = NULL;

  if (open->pattern != NULL && !(query->flags & (QUERY_RESTART_SCANS | QUERY_REOPEN)))
    return SMB_STATUS_SUCCESS;
  g_free (open->pattern);
  open->pattern = g_strdup (query->pattern == NULL ? "*" : query->pattern);
  open->position = 0;
  nodes = list (server, open);
  return nodes->len == 0 ? SMB_STATUS_NO_SUCH_FILE : SMB_STATUS_SUCCESS;
}

void
scripted_handle_query_directory (ScriptedRequest *request,
                                 ScriptedReply   *reply)
{
  ScriptedServer   *server = request->connection->server;
  Query             query = { 0 };
  ScriptedOpen     *open = read_query (request, reply, &query);
  g_autofree char  *pattern G_GNUC_UNUSED = query.pattern;
  g_auto(SmbWriter) output = { 0 };
  guint32           status;

  if (open == NULL)
    return;
  smb_writer_init (&output, NULL);
  if (query.layout == NULL)
    status = SMB_STATUS_INVALID_INFO_CLASS;
  else if (open->node == NULL || !scripted_node_is_folder (open->node))
    status = SMB_STATUS_INVALID_PARAMETER;
  else
    status = start (server, open, &query);

  if (status == SMB_STATUS_SUCCESS)
    {
      write_page (server, open, &query, &output);
      status = output.bytes->len == 0 ? SMB_STATUS_NO_MORE_FILES : SMB_STATUS_SUCCESS;
    }
  if (status != SMB_STATUS_SUCCESS)
    scripted_reply_fail (reply, status);
  else
    scripted_write_output (reply, output.bytes, query.limit);
}
