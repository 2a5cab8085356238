/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operations.h"

#include <string.h>

#include "wire/smb-writer.h"

#define FSCTL_SRV_ENUMERATE_SNAPSHOTS 0x00144064

/* DCE/RPC ([C706] 12.6.4); the call's number is the server's business. */

enum
{
  PDU_RESPONSE = 2,
  PDU_BIND_ACK = 12,
};

static void
begin_pdu (SmbWriter *writer,
           guint8     type)
{
  smb_writer_init (writer, NULL);
  smb_writer_u16 (writer, 5); /* version 5.0 */
  smb_writer_u8 (writer, type);
  smb_writer_u8 (writer, 3);     /* first and last fragment */
  smb_writer_u32 (writer, 0x10); /* little-endian */
  smb_writer_u32 (writer, 0);    /* frag_length, auth_length */
  smb_writer_u32 (writer, 0);    /* call_id */
}

static void
end_pdu (ScriptedServer *server,
         SmbWriter      *writer)
{
  smb_writer_patch_u16 (writer, 8, (guint16) writer->bytes->len);
  scripted_server_add_pdu (server, writer->bytes->data, writer->bytes->len);
}

static void
add_bind_ack (ScriptedServer *server)
{
  static const guint8 ndr[] = { 0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8,
                                0x08, 0x00, 0x2b, 0x10, 0x48, 0x60, 2,    0,    0,    0 };
  g_auto(SmbWriter)   writer = { 0 };

  begin_pdu (&writer, PDU_BIND_ACK);
  smb_writer_u16 (&writer, 4280);
  smb_writer_u16 (&writer, 4280);
  smb_writer_u32 (&writer, 1); /* assoc_group_id */
  smb_writer_u16 (&writer, 13);
  smb_writer_bytes (&writer, "\\PIPE\\srvsvc", 13);
  smb_writer_align (&writer, 4);
  smb_writer_u32 (&writer, 1); /* one result: accepted */
  smb_writer_u32 (&writer, 0);
  smb_writer_bytes (&writer, ndr, sizeof ndr);
  end_pdu (server, &writer);
}

/* A conformant varying string of UTF-16 ([C706] 14.3.4.2). */
static void
write_string (SmbWriter  *writer,
              const char *text)
{
  guint32 n = (guint32) strlen (text) + 1;

  smb_writer_align (writer, 4);
  smb_writer_u32 (writer, n);
  smb_writer_u32 (writer, 0);
  smb_writer_u32 (writer, n);
  smb_writer_utf16 (writer, text);
  smb_writer_u16 (writer, 0);
}

/* [MS-SRVS] 3.1.4.8, level 1 */
static void
add_share_enum (ScriptedServer *server)
{
  g_auto(SmbWriter) writer = { 0 };

  begin_pdu (&writer, PDU_RESPONSE);
  smb_writer_u32 (&writer, 0); /* alloc_hint */
  smb_writer_u32 (&writer, 0); /* context, cancel_count */
  smb_writer_u32 (&writer, 1); /* Level */
  smb_writer_u32 (&writer, 1);
  smb_writer_u32 (&writer, 0x20000);
  smb_writer_u32 (&writer, 1); /* EntriesRead */
  smb_writer_u32 (&writer, 0x20004);
  smb_writer_u32 (&writer, 1);
  smb_writer_u32 (&writer, 0x20008);
  smb_writer_u32 (&writer, 0); /* a disk */
  smb_writer_u32 (&writer, 0x2000C);
  write_string (&writer, "data");
  write_string (&writer, "all of it");
  smb_writer_align (&writer, 4);
  smb_writer_u32 (&writer, 1); /* TotalEntries */
  smb_writer_u32 (&writer, 0); /* no ResumeHandle */
  smb_writer_u32 (&writer, 0); /* ERROR_SUCCESS */
  end_pdu (server, &writer);
}

void
add_share_list (ScriptedServer *server)
{
  add_bind_ack (server);
  add_share_enum (server);
}

/* [MS-SMB2] 2.2.32.2 */
static void
add_snapshots (ScriptedServer *server)
{
  g_auto(SmbWriter) writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_u32 (&writer, 1);
  smb_writer_u32 (&writer, 1);
  smb_writer_u32 (&writer, 2 * 26);
  smb_writer_utf16 (&writer, "@GMT-2021.02.03-04.05.06");
  smb_writer_u32 (&writer, 0);
  scripted_server_add_ioctl (server, FSCTL_SRV_ENUMERATE_SNAPSHOTS, writer.bytes->data, writer.bytes->len);
}

void
operations_prepare (Fixture *f)
{
  add_share_list (f->server);
  add_snapshots (f->server);
  scripted_server_add_file (f->server, "old name", "?", 1);
  scripted_server_add_file (f->server, "doomed\\one.tmp", "1", 1);
  scripted_server_add_file (f->server, "doomed\\two.tmp", "2", 1);
  scripted_server_add_file (f->server, "doomed\\three", "3", 1);
}

/* One by one */

static gboolean
make_directory (Fixture *f,
                GError **error)
{
  return smb_protocol_factory_create_directory (f->factory, SHARE, "new folder", -1, NULL, error);
}

static gboolean
make_and_delete_directory (Fixture *f,
                           GError **error)
{
  return smb_protocol_factory_create_directory (f->factory, SHARE, "short-lived", -1, NULL, error)
         && smb_protocol_factory_delete_directory (f->factory, SHARE, "short-lived", -1, NULL, error);
}

static gboolean
rename_and_back (Fixture *f,
                 GError **error)
{
  return smb_protocol_factory_rename (f->factory, SHARE, "old name", "new name", -1, NULL, error)
         && smb_protocol_factory_rename (f->factory, SHARE, "new name", "old name", -1, NULL, error);
}

static gboolean
delete_one (Fixture *f,
            GError **error)
{
  return smb_protocol_factory_delete_files (f->factory, SHARE, "doomed/three", FALSE, -1, NULL, error);
}

static gboolean
delete_some (Fixture *f,
             GError **error)
{
  return smb_protocol_factory_delete_files (f->factory, SHARE, "doomed/*.tmp", FALSE, -1, NULL, error);
}

static gboolean
delete_folders (Fixture *f,
                GError **error)
{
  return smb_protocol_factory_delete_files (f->factory, SHARE, "doome?", TRUE, -1, NULL, error);
}

static gboolean
reset_attributes (Fixture *f,
                  GError **error)
{
  return smb_protocol_factory_reset_file_attributes (f->factory, SHARE, FOLDER_NAME "/*",
                                                     SMB_FILE_ATTRIBUTES_NORMAL, -1, NULL, error);
}

static gboolean
get_security (Fixture *f,
              GError **error)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = NULL;

  descriptor = smb_protocol_factory_get_security (f->factory, SHARE, FILE_NAME, -1, NULL, error);
  return descriptor != NULL;
}

static gboolean
list_snapshots (Fixture *f,
                GError **error)
{
  g_autoptr(GPtrArray) times
      = smb_protocol_factory_list_snapshots (f->factory, SHARE, FOLDER_NAME, -1, NULL, error);

  g_assert_true (times == NULL || times->len == 1);
  return times != NULL;
}

static gboolean
list_shares (Fixture *f,
             GError **error)
{
  g_autoptr(GPtrArray) shares = smb_protocol_factory_list_shares (f->factory, -1, NULL, error);

  g_assert_true (shares == NULL || shares->len == 1);
  return shares != NULL;
}

static gboolean
list_path (Fixture *f,
           GError **error)
{
  g_autoptr(GPtrArray) files = NULL;

  files = smb_protocol_factory_list_path (f->factory, SHARE, FOLDER_NAME, SMB_FILE_ATTRIBUTE_MASK_DEFAULT,
                                          NULL, -1, NULL, error);
  g_assert_true (files == NULL || files->len == 4); /* with . and .. */
  return files != NULL;
}

static gboolean
enumerate (Fixture *f,
           GError **error)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  guint                    n = 0;

  enumerator = smb_protocol_factory_enumerate (f->factory, SHARE, FOLDER_NAME, "*",
                                               SMB_FILE_INFO_FIELDS_BASIC, -1, NULL, error);
  while (enumerator != NULL)
    {
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, 1, -1, NULL, error);

      if (files == NULL)
        return FALSE;
      if (files->len == 0)
        break;
      n += files->len;
    }
  g_assert_true (enumerator == NULL || n == 4);
  return enumerator != NULL && smb_enumerator_close (enumerator, -1, NULL, error);
}

gboolean
do_retrieve (Fixture    *f,
             const char *path,
             GBytes     *expected,
             GError    **error)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;
  guint64                  n_bytes = 0;

  file = smb_protocol_factory_retrieve_file (f->factory, SHARE, path, stream, NULL, NULL, NULL, -1, NULL,
                                             &n_bytes, error);
  if (file == NULL)
    return FALSE;
  g_assert_cmpuint (n_bytes, ==, g_bytes_get_size (expected));
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
  return TRUE;
}

gboolean
do_store (Fixture    *f,
          const char *path,
          GBytes     *bytes,
          GError    **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GBytes)       stored = NULL;
  guint64                 n_bytes = 0;

  if (!smb_protocol_factory_store_file (f->factory, SHARE, path, stream, NULL, NULL, NULL, -1, NULL, &n_bytes,
                                        error))
    return FALSE;
  g_assert_cmpuint (n_bytes, ==, g_bytes_get_size (bytes));
  stored = scripted_server_get_file (f->server, path);
  g_assert_nonnull (stored);
  g_assert_true (g_bytes_equal (stored, bytes));
  return TRUE;
}

static gboolean
retrieve (Fixture *f,
          GError **error)
{
  g_autoptr(GBytes) text = g_bytes_new_static (FILE_TEXT, strlen (FILE_TEXT));

  return do_retrieve (f, FILE_NAME, text, error);
}

static gboolean
retrieve_part (Fixture *f,
               GError **error)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_retrieve_file_from_offset (f->factory, SHARE, FILE_NAME, stream, 10, 3, NULL,
                                                         NULL, NULL, -1, NULL, NULL, error);
  if (file == NULL)
    return FALSE;
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), "and", 3);
  return TRUE;
}

static gboolean
store (Fixture *f,
       GError **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("Off with her head!", 18);

  return do_store (f, "stored", bytes, error);
}

static gboolean
store_part (Fixture *f,
            GError **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data ("AND", 3, NULL);

  return smb_protocol_factory_store_file_from_offset (f->factory, SHARE, FOLDER_NAME "/first", stream, 0,
                                                      FALSE, NULL, NULL, NULL, -1, NULL, NULL, error);
}

static gboolean
work_on_file (SmbOpenFile *file,
              GError     **error)
{
  g_autoptr(GBytes)        written = g_bytes_new_static ("Curious", 7);
  g_autoptr(GBytes)        read = NULL;
  g_autoptr(SmbSharedFile) info = NULL;

  if (!smb_open_file_write (file, 0, written, -1, NULL, NULL, error)
      || !smb_open_file_flush (file, -1, NULL, error))
    return FALSE;
  read = smb_open_file_read (file, 0, 7, -1, NULL, error);
  if (read == NULL)
    return FALSE;
  g_assert_true (g_bytes_equal (read, written));
  info = smb_open_file_get_info (file, -1, NULL, error);
  return info != NULL && smb_open_file_set_size (file, strlen (FILE_TEXT), -1, NULL, error)
         && smb_open_file_close (file, -1, NULL, error);
}

static gboolean
open_file (Fixture *f,
           GError **error)
{
  g_autoptr(SmbOpenFile) file = NULL;

  file = smb_protocol_factory_open_file (f->factory, SHARE, FILE_NAME, SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, error);
  return file != NULL && work_on_file (file, error);
}

const Operation operations[] = {
  { "echo", do_echo },
  { "get-attributes", do_attributes },
  { "get-security", get_security },
  { "list-path", list_path },
  { "enumerate", enumerate },
  { "list-snapshots", list_snapshots },
  { "list-shares", list_shares },
  { "retrieve", retrieve },
  { "retrieve-part", retrieve_part },
  { "store", store },
  { "store-part", store_part },
  { "open-file", open_file },
  { "create-directory", make_directory },
  { "delete-directory", make_and_delete_directory },
  { "rename", rename_and_back },
  { "reset-attributes", reset_attributes },
  { "delete-one", delete_one },
  { "delete-some", delete_some },
  { "delete-folders", delete_folders },
  { NULL },
};

void
add_each_operation (const char *prefix,
                    void      (*func) (Fixture      *f,
                                       gconstpointer operation))
{
  for (const Operation *operation = operations; operation->name != NULL; operation++)
    {
      g_autofree char *path = g_strconcat (prefix, "/", operation->name, NULL);

      fixture_add_with (path, operation, func);
    }
}
