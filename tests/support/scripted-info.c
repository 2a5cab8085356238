/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#include <string.h>

#define ACCESS_ALL 0x001F01FF
#define CLUSTER    4096

/* InfoType ([MS-SMB2] 2.2.37) */
enum
{
  INFO_FILE = 1,
  INFO_FILESYSTEM = 2,
  INFO_SECURITY = 3,
};

typedef void (*WriteInfo) (SmbWriter          *writer,
                           const ScriptedNode *node);

/* [MS-FSCC] 2.4, by the name of the class */

static void
write_basic (SmbWriter          *writer,
             const ScriptedNode *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (node->times); i++)
    smb_writer_u64 (writer, node->times[i]);
  smb_writer_u32 (writer, node->attributes);
  smb_writer_u32 (writer, 0);
}

static void
write_standard (SmbWriter          *writer,
                const ScriptedNode *node)
{
  smb_writer_u64 (writer, scripted_node_get_allocated (node));
  smb_writer_u64 (writer, scripted_node_get_size (node));
  smb_writer_u32 (writer, 1); /* NumberOfLinks */
  smb_writer_u8 (writer, 0);  /* DeletePending */
  smb_writer_u8 (writer, (guint8) scripted_node_is_folder (node));
  smb_writer_u16 (writer, 0);
}

static void
write_internal (SmbWriter          *writer,
                const ScriptedNode *node)
{
  smb_writer_u64 (writer, node->id);
}

static void
write_ea (SmbWriter          *writer,
          const ScriptedNode *node)
{
  smb_writer_u32 (writer, 0);
}

static void
write_text (SmbWriter  *writer,
            const char *text)
{
  gsize at = smb_writer_get_offset (writer);

  smb_writer_u32 (writer, 0);
  smb_writer_patch_u32 (writer, at, (guint32) smb_writer_utf16 (writer, text));
}

static void
write_name (SmbWriter          *writer,
            const ScriptedNode *node)
{
  g_autofree char *path = g_strconcat ("\\", node->path, NULL);

  write_text (writer, path);
}

static void
write_all (SmbWriter          *writer,
           const ScriptedNode *node)
{
  write_basic (writer, node);
  write_standard (writer, node);
  write_internal (writer, node);
  write_ea (writer, node);
  smb_writer_u32 (writer, ACCESS_ALL);
  smb_writer_zeros (writer, 16); /* CurrentByteOffset, Mode, AlignmentRequirement */
  write_name (writer, node);
}

static void
write_network_open (SmbWriter          *writer,
                    const ScriptedNode *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (node->times); i++)
    smb_writer_u64 (writer, node->times[i]);
  smb_writer_u64 (writer, scripted_node_get_allocated (node));
  smb_writer_u64 (writer, scripted_node_get_size (node));
  smb_writer_u32 (writer, node->attributes);
  smb_writer_u32 (writer, 0);
}

static void
write_attribute_tag (SmbWriter          *writer,
                     const ScriptedNode *node)
{
  smb_writer_u32 (writer, node->attributes);
  smb_writer_u32 (writer, 0);
}

static void
write_alternate_name (SmbWriter          *writer,
                      const ScriptedNode *node)
{
  g_autofree char *name = g_strdup_printf ("FILE~%" G_GUINT64_FORMAT, node->id);

  write_text (writer, name);
}

/* [MS-FSCC] 2.5 */

static void
write_volume (SmbWriter          *writer,
              const ScriptedNode *node)
{
  smb_writer_u64 (writer, node->times[0]);
  smb_writer_u32 (writer, 0x5C121); /* VolumeSerialNumber */
  smb_writer_u32 (writer, 16);
  smb_writer_u16 (writer, 0);
  smb_writer_utf16 (writer, "scripted");
}

static void
write_size (SmbWriter          *writer,
            const ScriptedNode *node)
{
  smb_writer_u64 (writer, 1000000);
  smb_writer_u64 (writer, 500000);
  smb_writer_u32 (writer, 8);
  smb_writer_u32 (writer, CLUSTER / 8);
}

static void
write_full_size (SmbWriter          *writer,
                 const ScriptedNode *node)
{
  smb_writer_u64 (writer, 1000000);
  smb_writer_u64 (writer, 500000);
  smb_writer_u64 (writer, 500000);
  smb_writer_u32 (writer, 8);
  smb_writer_u32 (writer, CLUSTER / 8);
}

static void
write_attribute (SmbWriter          *writer,
                 const ScriptedNode *node)
{
  smb_writer_u32 (writer, 0x7); /* case preserved, case sensitive, Unicode */
  smb_writer_u32 (writer, 255);
  write_text (writer, "NTFS");
}

/* [MS-DTYP] 2.4.6: owner and group are BUILTIN\Administrators, everyone may do everything. */
static void
write_security (SmbWriter          *writer,
                const ScriptedNode *node)
{
  static const guint8 descriptor[] = {
    1, 0, 4, 0x80, 20, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 52, 0, 0, 0,
    1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0,
    1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0,
    2, 0, 28, 0, 1, 0, 0, 0,
    0, 0, 20, 0, 0xFF, 1, 0x1F, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
  };

  smb_writer_bytes (writer, descriptor, sizeof descriptor);
}

static const struct
{
  guint8    type;
  guint8    class;
  WriteInfo write;
} infos[] = {
  { INFO_FILE, 4, write_basic },
  { INFO_FILE, 5, write_standard },
  { INFO_FILE, 6, write_internal },
  { INFO_FILE, 7, write_ea },
  { INFO_FILE, 9, write_name },
  { INFO_FILE, 18, write_all },
  { INFO_FILE, 21, write_alternate_name },
  { INFO_FILE, 34, write_network_open },
  { INFO_FILE, 35, write_attribute_tag },
  { INFO_FILESYSTEM, 1, write_volume },
  { INFO_FILESYSTEM, 3, write_size },
  { INFO_FILESYSTEM, 5, write_attribute },
  { INFO_FILESYSTEM, 7, write_full_size },
  { INFO_SECURITY, 0, write_security },
};

static WriteInfo
find_info (guint8 type,
           guint8 class)
{
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    if (infos[i].type == type && infos[i].class == class)
      return infos[i].write;
  return NULL;
}

void
scripted_write_output (ScriptedReply    *reply,
                       const GByteArray *data,
                       gsize             limit)
{
  smb_writer_u16 (&reply->message, 9);               /* StructureSize */
  smb_writer_u16 (&reply->message, HEADER_SIZE + 8); /* OutputBufferOffset */
  smb_writer_u32 (&reply->message, (guint32) MIN (data->len, limit));
  smb_writer_bytes (&reply->message, data->data, MIN (data->len, limit));
}

/* [MS-SMB2] 2.2.37 */
void
scripted_handle_query_info (ScriptedRequest *request,
                            ScriptedReply   *reply)
{
  SmbReader        *reader = &request->reader;
  guint8            type = smb_reader_u8 (reader);
  guint8            class = smb_reader_u8 (reader);
  guint32           limit = smb_reader_u32 (reader);
  WriteInfo         write = find_info (type, class);
  g_auto(SmbWriter) output = { 0 };
  ScriptedOpen     *open;

  smb_reader_skip (reader, 16);
  open = scripted_read_file_id (request, reply);
  if (open == NULL)
    return;
  if (write == NULL || open->node == NULL)
    {
      scripted_reply_fail (reply, SMB_STATUS_INVALID_INFO_CLASS);
      return;
    }
  smb_writer_init (&output, NULL);
  write (&output, open->node);
  if (output.bytes->len > limit)
    reply->status = type == INFO_SECURITY ? SMB_STATUS_BUFFER_TOO_SMALL : SMB_STATUS_BUFFER_OVERFLOW;
  if (reply->status != SMB_STATUS_BUFFER_TOO_SMALL)
    scripted_write_output (reply, output.bytes, limit);
}

/* Setting */

/* Zero and all ones leave a time as it is. */
static guint32
set_basic (ScriptedServer *server,
           ScriptedOpen   *open,
           SmbReader      *input)
{
  ScriptedNode *node = open->node;
  guint32       attributes;

  for (guint i = 0; i < G_N_ELEMENTS (node->times); i++)
    {
      guint64 time = smb_reader_u64 (input);

      if (time != 0 && (gint64) time > 0)
        node->times[i] = time;
    }
  attributes = smb_reader_u32 (input);
  if (attributes != 0)
    node->attributes = attributes | (node->attributes & SCRIPTED_ATTRIBUTE_DIRECTORY);
  return SMB_STATUS_SUCCESS;
}

/* ReplaceIfExists, Reserved, RootDirectory, FileNameLength, FileName */
static guint32
set_rename (ScriptedServer *server,
            ScriptedOpen   *open,
            SmbReader      *input)
{
  gboolean         replaces = smb_reader_u8 (input) != 0;
  g_autofree char *path = NULL;
  ScriptedNode    *there;

  smb_reader_skip (input, 15);
  path = smb_reader_utf16 (input, smb_reader_u32 (input));
  if (path == NULL)
    return SMB_STATUS_INVALID_PARAMETER;
  there = scripted_files_find (server->files, path);
  if (there != NULL && there != open->node && !replaces)
    return SMB_STATUS_OBJECT_NAME_COLLISION;
  if (there != NULL && there != open->node)
    there->is_removed = TRUE;
  scripted_files_rename (server->files, open->node, path);
  return SMB_STATUS_SUCCESS;
}

static guint32
set_disposition (ScriptedServer *server,
                 ScriptedOpen   *open,
                 SmbReader      *input)
{
  g_autoptr(GPtrArray) inside = scripted_files_list (server->files, open->node, "*");

  open->remove_on_close = smb_reader_u8 (input) != 0;
  if (inside->len == 0 || !open->remove_on_close)
    return SMB_STATUS_SUCCESS;
  open->remove_on_close = FALSE;
  return SMB_STATUS_DIRECTORY_NOT_EMPTY;
}

static guint32
set_end_of_file (ScriptedServer *server,
                 ScriptedOpen   *open,
                 SmbReader      *input)
{
  guint64 size = smb_reader_u64 (input);
  gsize   old = open->node->contents->len;

  if (size > G_MAXINT32)
    return SMB_STATUS_DISK_FULL;
  g_byte_array_set_size (open->node->contents, (guint) size);
  if (size > old)
    memset (open->node->contents->data + old, 0, size - old);
  return SMB_STATUS_SUCCESS;
}

static guint32
set_nothing (ScriptedServer *server,
             ScriptedOpen   *open,
             SmbReader      *input)
{
  return SMB_STATUS_SUCCESS;
}

typedef guint32 (*SetInfo) (ScriptedServer *server,
                            ScriptedOpen   *open,
                            SmbReader      *input);

static SetInfo
find_setter (guint8 type,
             guint8 class)
{
  if (type != INFO_FILE)
    return NULL;
  switch (class)
    {
    case 4:
      return set_basic;
    case 10:
      return set_rename;
    case 13:
      return set_disposition;
    case 19: /* FileAllocationInformation */
      return set_nothing;
    case 20:
      return set_end_of_file;
    default:
      return NULL;
    }
}

/* [MS-SMB2] 2.2.39 */
void
scripted_handle_set_info (ScriptedRequest *request,
                          ScriptedReply   *reply)
{
  SmbReader    *reader = &request->reader;
  guint8        type = smb_reader_u8 (reader);
  SetInfo       set = find_setter (type, smb_reader_u8 (reader));
  guint32       size = smb_reader_u32 (reader);
  guint16       offset = smb_reader_u16 (reader);
  SmbReader     input;
  ScriptedOpen *open;
  guint32       status;

  smb_reader_skip (reader, 6);
  open = scripted_read_file_id (request, reply);
  smb_reader_sub (reader, &input, offset, size);
  if (open == NULL)
    return;
  if (set == NULL || open->node == NULL)
    status = SMB_STATUS_INVALID_INFO_CLASS;
  else
    status = set (request->connection->server, open, &input);

  if (input.failed && status == SMB_STATUS_SUCCESS)
    status = SMB_STATUS_INFO_LENGTH_MISMATCH;
  if (status != SMB_STATUS_SUCCESS)
    scripted_reply_fail (reply, status);
  else
    smb_writer_u16 (&reply->message, 2);
}
