/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-build.h"
#include "smb-smb1-transaction.h"

/* Renaming an open file: [MS-FSCC] 2.4.42 with the layout of SMB1. There the new name has no path: within
 * its folder a file is renamed by its handle, into another one it is moved by the names ([MS-CIFS]
 * 2.2.4.8), for which the handle has to be closed first, since servers want nobody to have it open. */

#define RENAME_LEVEL      (1000 + SMB_FSCC_FILE_RENAME)
#define RENAME_PARAMETERS 2 /* EaErrorOffset */
#define SEARCH_ANYTHING   0x0016 /* hidden, system, directory */
#define BUFFER_FORMAT     0x04

typedef struct
{
  gboolean replace;
  char    *target; /* relative to the share */
} Rename;

/* [MS-FSCC] 2.4.42.2 */
static gboolean
read_input (GBytes  *input,
            Rename  *self,
            GError **error)
{
  SmbReader r;
  gsize size;
  gconstpointer data = input == NULL ? NULL : g_bytes_get_data (input, &size);

  smb_reader_init (&r, data, data == NULL ? 0 : size);
  self->replace = smb_reader_u8 (&r) != 0;         /* ReplaceIfExists */
  smb_reader_skip (&r, 7);                         /* Reserved */
  smb_reader_skip (&r, 8);                         /* RootDirectory */
  size = smb_reader_u32 (&r);                      /* FileNameLength */
  self->target = smb_reader_utf16 (&r, size);      /* FileName */
  if (!r.failed)
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "The new name cannot be read");
  return FALSE;
}

static const char *
get_name (const char *path)
{
  const char *separator = strrchr (path, '\\');

  return separator == NULL ? path : separator + 1;
}

static gboolean
is_in_same_folder (const char *a,
                   const char *b)
{
  gsize size = get_name (a) - a;

  return size == (gsize) (get_name (b) - b) && strncmp (a, b, size) == 0;
}

/* [MS-FSCC] 2.4.42.1 */
static void
write_name (const Rename *self,
            SmbWriter    *w)
{
  gsize begin = smb_writer_get_offset (w);
  gsize size;

  smb_writer_u8 (w, self->replace ? 1 : 0);             /* ReplaceIfExists */
  smb_writer_zeros (w, 3);                              /* Reserved */
  smb_writer_u32 (w, 0);                                /* RootDirectory */
  smb_writer_u32 (w, 0);                                /* FileNameLength */
  size = smb_writer_utf16 (w, get_name (self->target)); /* FileName */
  smb_writer_patch_u32 (w, begin + 8, size);
}

static gboolean
encode_by_handle (const SmbSmb1Builder  *builder,
                  const SmbRequest      *request,
                  const Rename          *self,
                  SmbFrame              *frame,
                  GError               **error)
{
  g_auto(SmbWriter) parameters = { 0 };
  g_auto(SmbWriter) data = { 0 };
  SmbSmb1Transaction transaction = {
    .command = SMB_SMB1_TRANSACTION2,
    .setup = { SMB_SMB1_TRANS2_SET_FILE_INFORMATION },
    .n_setup = 1,
    .max_parameters = RENAME_PARAMETERS,
    .flags2 = smb_smb1_get_flags2 (builder),
    .tid = request->tree_id,
  };

  smb_writer_init (&parameters, NULL);
  smb_writer_u16 (&parameters, smb_smb1_get_fid (request)); /* FID */
  smb_writer_u16 (&parameters, RENAME_LEVEL);               /* InformationLevel */
  smb_writer_u16 (&parameters, 0);                          /* Reserved */
  smb_writer_init (&data, NULL);
  write_name (self, &data);
  transaction.parameters = parameters.bytes->data;
  transaction.n_parameters = parameters.bytes->len;
  transaction.data = data.bytes->data;
  transaction.n_data = data.bytes->len;
  return smb_smb1_transaction_write (&transaction, frame, FALSE, builder->terms->max_buffer_size, error);
}

/* [MS-CIFS] 2.2.4.8.1 */
static gboolean
write_move_step (const SmbSmb1Builder  *builder,
                 const SmbRequest      *request,
                 const char            *source,
                 const char            *target,
                 SmbFrame              *frame,
                 GError               **error)
{
  g_auto(SmbWriter) w = { 0 };
  gsize part = smb_smb1_begin_step (builder, request, frame, &w, SMB_SMB1_RENAME);
  gsize byte_count;

  smb_writer_u8 (&w, 1);                           /* WordCount */
  smb_writer_u16 (&w, SEARCH_ANYTHING);            /* SearchAttributes */
  byte_count = smb_smb1_begin_bytes (&w);
  smb_writer_u8 (&w, BUFFER_FORMAT);               /* BufferFormat1 */
  if (!smb_smb1_write_path (&w, source, 0, error)) /* OldFileName */
    return FALSE;
  smb_writer_u8 (&w, BUFFER_FORMAT);               /* BufferFormat2 */
  if (!smb_smb1_write_path (&w, target, 0, error)) /* NewFileName */
    return FALSE;
  smb_smb1_end_bytes (&w, byte_count);
  smb_smb1_frame_end_part (frame, part);

  if (smb_writer_get_offset (&w) <= builder->terms->max_buffer_size)
    return TRUE;
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                       "The names are more than the server takes");
  return FALSE;
}

static gboolean
encode_by_name (const SmbSmb1Builder  *builder,
                const SmbRequest      *request,
                const SmbSmb1Open     *open,
                const Rename          *self,
                SmbFrame              *frame,
                GError               **error)
{
  g_auto(SmbWriter) w = { 0 };

  if (self->replace)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                           "SMB1 cannot replace a file by one from another folder");
      return FALSE;
    }

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_CLOSE, 0);
  smb_smb1_write_close (&w, open->fid);
  smb_smb1_frame_end (frame, &w);
  smb_smb1_frame_get_note (frame)->closes = TRUE;
  smb_smb1_frame_get_note (frame)->alone = TRUE;
  return write_move_step (builder, request, open->path, self->target, frame, error);
}

gboolean
smb_smb1_encode_rename (const SmbSmb1Builder  *builder,
                        const SmbRequest      *request,
                        SmbFrame              *frame,
                        GError               **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&builder->opens->lock);
  const SmbSmb1Open *open = smb_smb1_opens_find (builder->opens, request->handle.transient);
  g_autofree char *target = NULL;
  Rename rename;

  if (!read_input (request->set_info.input, &rename, error))
    return FALSE;
  target = rename.target;
  if (open == NULL || open->gone)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "There is no such open file");
      return FALSE;
    }

  if (smb_smb1_terms_can (builder->terms, SMB_SMB1_CAP_INFOLEVEL_PASSTHRU)
      && is_in_same_folder (open->path, target))
    return encode_by_handle (builder, request, &rename, frame, error);
  return encode_by_name (builder, request, open, &rename, frame, error);
}
