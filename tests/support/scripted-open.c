/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

/* CreateDisposition ([MS-SMB2] 2.2.13) */
enum
{
  DISPOSITION_SUPERSEDE,
  DISPOSITION_OPEN,
  DISPOSITION_CREATE,
  DISPOSITION_OPEN_IF,
  DISPOSITION_OVERWRITE,
  DISPOSITION_OVERWRITE_IF,
};

/* CreateOptions */
enum
{
  OPTION_DIRECTORY_FILE = 0x1,
  OPTION_NON_DIRECTORY_FILE = 0x40,
  OPTION_DELETE_ON_CLOSE = 0x1000,
};

/* CreateAction, [MS-SMB2] 2.2.14 */
enum
{
  ACTION_SUPERSEDED,
  ACTION_OPENED,
  ACTION_CREATED,
  ACTION_OVERWRITTEN,
};

#define FLAG_POSTQUERY_ATTRIBUTES 1

typedef struct
{
  char    *path;
  guint32  attributes;
  guint32  disposition;
  guint32  options;
  gboolean wants_id; /* SMB2_CREATE_QUERY_ON_DISK_ID */
} Create;

/* [MS-SMB2] 2.2.13.2: the chain of contexts */
static gboolean
has_context (SmbReader  *contexts,
             const char *name)
{
  gsize at = 0;

  while (TRUE)
    {
      SmbReader entry = *contexts;
      SmbReader tag;
      guint32   next;
      guint16   offset;

      smb_reader_seek (&entry, at);
      next = smb_reader_u32 (&entry);
      offset = smb_reader_u16 (&entry);
      smb_reader_sub (&entry, &tag, at + offset, smb_reader_u16 (&entry));
      if (!entry.failed && tag.size == strlen (name) && memcmp (tag.data, name, tag.size) == 0)
        return TRUE;
      if (entry.failed || next == 0)
        return FALSE;
      at += next;
    }
}

/* [MS-SMB2] 2.2.13 */
static gboolean
read_create (ScriptedRequest *request,
             Create          *create)
{
  SmbReader *reader = &request->reader;
  SmbReader  name;
  SmbReader  contexts;
  guint16    name_at;
  guint32    contexts_at;

  smb_reader_skip (reader, 26); /* up to DesiredAccess */
  create->attributes = smb_reader_u32 (reader);
  smb_reader_skip (reader, 4); /* ShareAccess */
  create->disposition = smb_reader_u32 (reader);
  create->options = smb_reader_u32 (reader);
  name_at = smb_reader_u16 (reader);
  smb_reader_sub (reader, &name, name_at, smb_reader_u16 (reader));
  contexts_at = smb_reader_u32 (reader);
  smb_reader_sub (reader, &contexts, contexts_at, smb_reader_u32 (reader));
  create->path = smb_reader_utf16 (&name, name.size);
  create->wants_id = !contexts.failed && contexts.size > 0 && has_context (&contexts, "QFid");
  return create->path != NULL && !reader->failed;
}

static guint32
check_parent (ScriptedServer *server,
              const char     *path)
{
  const char      *last = strrchr (path, '\\');
  g_autofree char *parent = NULL;
  ScriptedNode    *node;

  if (last == NULL)
    return SMB_STATUS_SUCCESS;
  parent = g_strndup (path, last - path);
  node = scripted_files_find (server->files, parent);
  if (node == NULL || !scripted_node_is_folder (node))
    return SMB_STATUS_OBJECT_PATH_NOT_FOUND;
  return SMB_STATUS_SUCCESS;
}

static guint32
check_existing (const Create       *create,
                const ScriptedNode *node)
{
  if (create->disposition == DISPOSITION_CREATE)
    return SMB_STATUS_OBJECT_NAME_COLLISION;
  if (scripted_node_is_folder (node) && (create->options & OPTION_NON_DIRECTORY_FILE))
    return SMB_STATUS_FILE_IS_A_DIRECTORY;
  if (!scripted_node_is_folder (node) && (create->options & OPTION_DIRECTORY_FILE))
    return SMB_STATUS_NOT_A_DIRECTORY;
  return SMB_STATUS_SUCCESS;
}

static guint32
open_existing (const Create *create,
               ScriptedNode *node,
               guint32      *action)
{
  guint32 status = check_existing (create, node);

  *action = ACTION_OPENED;
  if (status != SMB_STATUS_SUCCESS || create->disposition == DISPOSITION_OPEN
      || create->disposition == DISPOSITION_OPEN_IF)
    return status;
  *action = create->disposition == DISPOSITION_SUPERSEDE ? ACTION_SUPERSEDED : ACTION_OVERWRITTEN;
  g_byte_array_set_size (node->contents, 0);
  return status;
}

static guint32
make_new (ScriptedServer  *server,
          const Create    *create,
          ScriptedNode   **node,
          guint32         *action)
{
  guint32 status = check_parent (server, create->path);
  guint32 attributes = create->attributes != 0 ? create->attributes : SCRIPTED_ATTRIBUTE_ARCHIVE;

  if (status != SMB_STATUS_SUCCESS)
    return status;
  if (create->disposition == DISPOSITION_OPEN || create->disposition == DISPOSITION_OVERWRITE)
    return SMB_STATUS_OBJECT_NAME_NOT_FOUND;
  if (create->options & OPTION_DIRECTORY_FILE)
    attributes = SCRIPTED_ATTRIBUTE_DIRECTORY;
  *node = scripted_files_add (server->files, create->path, attributes);
  *action = ACTION_CREATED;
  return SMB_STATUS_SUCCESS;
}

static void
write_times_and_sizes (SmbWriter          *writer,
                       const ScriptedNode *node)
{
  for (guint i = 0; i < 4; i++)
    smb_writer_u64 (writer, node == NULL ? 0 : node->times[i]);
  smb_writer_u64 (writer, node == NULL ? 0 : scripted_node_get_allocated (node));
  smb_writer_u64 (writer, node == NULL ? 0 : scripted_node_get_size (node));
  smb_writer_u32 (writer, node == NULL ? 0x80 : node->attributes);
}

/* [MS-SMB2] 2.2.14.2.9 */
static void
write_id_context (SmbWriter          *writer,
                  const ScriptedNode *node)
{
  smb_writer_u32 (writer, 0); /* Next */
  smb_writer_u16 (writer, 16);
  smb_writer_u16 (writer, 4);
  smb_writer_u16 (writer, 0);
  smb_writer_u16 (writer, 24); /* DataOffset */
  smb_writer_u32 (writer, 32); /* DataLength */
  smb_writer_bytes (writer, "QFid\0\0\0", 8);
  smb_writer_u64 (writer, node->id); /* DiskFileId */
  smb_writer_u64 (writer, 0x5C121);  /* VolumeId */
  smb_writer_zeros (writer, 16);
}

/* [MS-SMB2] 2.2.14 */
static void
write_create_response (ScriptedReply      *reply,
                       const ScriptedOpen *open,
                       guint32             action,
                       gboolean            with_id)
{
  SmbWriter *writer = &reply->message;

  smb_writer_u16 (writer, 89); /* StructureSize */
  smb_writer_u16 (writer, 0);  /* OplockLevel, Flags */
  smb_writer_u32 (writer, action);
  write_times_and_sizes (writer, open->node);
  smb_writer_u32 (writer, 0);
  smb_writer_u64 (writer, open->id); /* FileId */
  smb_writer_u64 (writer, open->id);
  smb_writer_u32 (writer, with_id ? HEADER_SIZE + 88 : 0); /* CreateContextsOffset */
  smb_writer_u32 (writer, with_id ? 56 : 0);
  if (with_id)
    write_id_context (writer, open->node);
}

static void
add_open (ScriptedRequest *request,
          ScriptedReply   *reply,
          ScriptedNode    *node,
          const Create    *create,
          guint32          action)
{
  ScriptedOpen *open = scripted_open_new (scripted_next_id (request->connection->server), node);

  open->remove_on_close = (create->options & OPTION_DELETE_ON_CLOSE) != 0;
  g_hash_table_insert (request->session->opens, &open->id, open);
  request->chain->file_id = open->id;
  write_create_response (reply, open, action, create->wants_id && node != NULL);
}

void
scripted_handle_create (ScriptedRequest *request,
                        ScriptedReply   *reply)
{
  ScriptedServer  *server = request->connection->server;
  Create           create = { 0 };
  gboolean         is_read = read_create (request, &create);
  g_autofree char *path = create.path;
  ScriptedNode    *node = NULL;
  guint32          action = ACTION_OPENED;
  guint32          status = SMB_STATUS_SUCCESS;

  request->chain->file_id = 0;
  if (!is_read)
    status = SMB_STATUS_INVALID_PARAMETER;
  else if (!request->tree->is_ipc)
    {
      node = scripted_files_find (server->files, path);
      if (node != NULL)
        status = open_existing (&create, node, &action);
      else
        status = make_new (server, &create, &node, &action);
    }

  if (status != SMB_STATUS_SUCCESS)
    scripted_reply_fail (reply, status);
  else
    add_open (request, reply, node, &create, action);
}

ScriptedOpen *
scripted_read_file_id (ScriptedRequest *request,
                       ScriptedReply   *reply)
{
  guint64       persistent = smb_reader_u64 (&request->reader);
  guint64       id = smb_reader_u64 (&request->reader);
  gboolean      is_related = (request->record->flags & FLAG_RELATED) != 0;
  ScriptedOpen *open;

  if (is_related && persistent == G_MAXUINT64 && id == G_MAXUINT64)
    id = request->chain->file_id;
  open = g_hash_table_lookup (request->session->opens, &id);
  if (open != NULL)
    {
      request->chain->file_id = id;
      return open;
    }
  if (is_related && smb_nt_status_is_error (request->chain->status))
    scripted_reply_fail (reply, request->chain->status);
  else
    scripted_reply_fail (reply, SMB_STATUS_FILE_CLOSED);
  return NULL;
}

/* [MS-SMB2] 2.2.15, 2.2.16 */
void
scripted_handle_close (ScriptedRequest *request,
                       ScriptedReply   *reply)
{
  guint16             flags = smb_reader_u16 (&request->reader);
  ScriptedOpen       *open;
  const ScriptedNode *node;

  smb_reader_skip (&request->reader, 4);
  open = scripted_read_file_id (request, reply);
  if (open == NULL)
    return;

  node = open->node;
  if (node != NULL && open->remove_on_close)
    scripted_files_remove (request->connection->server->files, open->node);
  smb_writer_u16 (&reply->message, 60); /* StructureSize */
  smb_writer_u16 (&reply->message, flags & FLAG_POSTQUERY_ATTRIBUTES);
  smb_writer_u32 (&reply->message, 0);
  if (flags & FLAG_POSTQUERY_ATTRIBUTES)
    write_times_and_sizes (&reply->message, node);
  else
    smb_writer_zeros (&reply->message, 52);
  g_hash_table_remove (request->session->opens, &open->id);
}

static void
write_read_response (ScriptedReply *reply,
                     gconstpointer  data,
                     gsize          size)
{
  smb_writer_u16 (&reply->message, 17);               /* StructureSize */
  smb_writer_u16 (&reply->message, HEADER_SIZE + 16); /* DataOffset */
  smb_writer_u32 (&reply->message, (guint32) size);
  smb_writer_zeros (&reply->message, 8);
  smb_writer_bytes (&reply->message, data, size);
}

/* The next PDU of a pipe. */
static void
read_pipe (ScriptedOpen  *open,
           ScriptedReply *reply,
           guint32        length)
{
  g_autoptr(GBytes) pdu = g_queue_pop_head (&open->output);
  gsize             size = pdu == NULL ? 0 : g_bytes_get_size (pdu);

  if (pdu == NULL)
    {
      scripted_reply_fail (reply, SMB_STATUS_PIPE_EMPTY);
      return;
    }
  write_read_response (reply, g_bytes_get_data (pdu, NULL), MIN (size, length));
  if (size <= length)
    return;
  g_queue_push_head (&open->output, g_bytes_new_from_bytes (pdu, length, size - length));
  reply->status = SMB_STATUS_BUFFER_OVERFLOW;
}

/* [MS-SMB2] 2.2.19, 2.2.20 */
void
scripted_handle_read (ScriptedRequest *request,
                      ScriptedReply   *reply)
{
  SmbReader    *reader = &request->reader;
  guint32       length;
  guint32       minimum;
  guint64       offset;
  ScriptedOpen *open;
  gsize         left;

  smb_reader_skip (reader, 2);
  length = smb_reader_u32 (reader);
  offset = smb_reader_u64 (reader);
  open = scripted_read_file_id (request, reply);
  minimum = smb_reader_u32 (reader);
  if (open == NULL)
    return;
  if (open->node == NULL)
    {
      read_pipe (open, reply, length);
      return;
    }
  left = offset < open->node->contents->len ? open->node->contents->len - offset : 0;
  if (length > request->connection->server->config.max_read_size)
    scripted_reply_fail (reply, SMB_STATUS_INVALID_PARAMETER);
  else if (scripted_node_is_folder (open->node))
    scripted_reply_fail (reply, SMB_STATUS_INVALID_DEVICE_REQUEST);
  else if ((left == 0 && length > 0) || MIN (left, length) < minimum)
    scripted_reply_fail (reply, SMB_STATUS_END_OF_FILE);
  else
    write_read_response (reply, open->node->contents->data + (left == 0 ? 0 : offset), MIN (left, length));
}

static void
write_to_node (ScriptedNode    *node,
               guint64          offset,
               const SmbReader *data)
{
  gsize end = offset + data->size;
  gsize old = node->contents->len;

  if (end > old)
    {
      g_byte_array_set_size (node->contents, (guint) end);
      memset (node->contents->data + old, 0, end - old);
    }
  memcpy (node->contents->data + offset, data->data, data->size);
}

/* [MS-SMB2] 2.2.21, 2.2.22 */
void
scripted_handle_write (ScriptedRequest *request,
                       ScriptedReply   *reply)
{
  SmbReader    *reader = &request->reader;
  guint16       data_at = smb_reader_u16 (reader);
  guint32       length = smb_reader_u32 (reader);
  guint64       offset = smb_reader_u64 (reader);
  ScriptedOpen *open = scripted_read_file_id (request, reply);
  SmbReader     data;

  smb_reader_sub (reader, &data, data_at, length);
  if (open == NULL)
    return;
  if (data.failed || length > request->connection->server->config.max_write_size || offset > G_MAXINT32)
    {
      scripted_reply_fail (reply, SMB_STATUS_INVALID_PARAMETER);
      return;
    }
  if (open->node == NULL)
    g_queue_push_tail (&open->output, scripted_pop_pdu (request->connection->server, data.data, data.size));
  else
    write_to_node (open->node, offset, &data);
  smb_writer_u16 (&reply->message, 17); /* StructureSize */
  smb_writer_u16 (&reply->message, 0);
  smb_writer_u32 (&reply->message, length);
  smb_writer_zeros (&reply->message, 8);
}

void
scripted_handle_flush (ScriptedRequest *request,
                       ScriptedReply   *reply)
{
  smb_reader_skip (&request->reader, 6);
  if (scripted_read_file_id (request, reply) == NULL)
    return;
  smb_writer_u16 (&reply->message, 4);
  smb_writer_u16 (&reply->message, 0);
}
