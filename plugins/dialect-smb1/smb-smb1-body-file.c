/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-build.h"
#include "smb-smb1-transaction.h"

#define CREATE_EXTENDED_RESPONSE 0x00000010 /* [MS-SMB] 2.2.4.9.1 */
#define IMPERSONATION_LEVEL      2          /* Impersonation */
#define NO_TIME                  0xffffffff
#define NO_TIMEOUT               0xffffffff
#define WRITE_DATA_OFFSET        64         /* behind one byte of padding */

static gboolean
fail (GError     **error,
      const char  *why)
{
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, why);
  return FALSE;
}

static guint32
get_create_flags (const SmbRequest *request)
{
  return request->create.query_id ? CREATE_EXTENDED_RESPONSE : 0;
}

/* [MS-CIFS] 2.2.4.64.1 */
gboolean
smb_smb1_encode_create (const SmbSmb1Builder  *builder,
                        const SmbRequest      *request,
                        SmbFrame              *frame,
                        GError               **error)
{
  g_auto(SmbWriter) w = { 0 };
  gsize name_length, byte_count, begin;

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_NT_CREATE_ANDX,
                          request->create.snapshot == 0 ? 0 : SMB_SMB1_FLAG2_REPARSE_PATH);
  smb_writer_u8 (&w, 24);                                /* WordCount */
  smb_smb1_write_no_andx (&w);
  smb_writer_u8 (&w, 0);                                 /* Reserved */
  name_length = smb_writer_get_offset (&w);
  smb_writer_u16 (&w, 0);                                /* NameLength */
  smb_writer_u32 (&w, get_create_flags (request));       /* Flags */
  smb_writer_u32 (&w, 0);                                /* RootDirectoryFID */
  smb_writer_u32 (&w, request->create.desired_access);   /* DesiredAccess */
  smb_writer_u64 (&w, 0);                                /* AllocationSize */
  smb_writer_u32 (&w, request->create.file_attributes);  /* ExtFileAttributes */
  smb_writer_u32 (&w, request->create.share_access);     /* ShareAccess */
  smb_writer_u32 (&w, request->create.disposition);      /* CreateDisposition */
  smb_writer_u32 (&w, request->create.options);          /* CreateOptions */
  smb_writer_u32 (&w, IMPERSONATION_LEVEL);              /* ImpersonationLevel */
  smb_writer_u8 (&w, 0);                                 /* SecurityFlags */

  byte_count = smb_smb1_begin_bytes (&w);
  smb_writer_align (&w, 2);
  begin = smb_writer_get_offset (&w);
  if (!smb_smb1_write_path (&w, request->create.path, request->create.snapshot, error)) /* FileName */
    return FALSE;
  smb_writer_patch_u16 (&w, name_length, smb_writer_get_offset (&w) - begin - 2);
  smb_smb1_end_bytes (&w, byte_count);
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}

/* [MS-CIFS] 2.2.4.5.1 */
void
smb_smb1_write_close (SmbWriter *writer,
                      guint16    fid)
{
  smb_writer_u8 (writer, 3);        /* WordCount */
  smb_writer_u16 (writer, fid);     /* FID */
  smb_writer_u32 (writer, NO_TIME); /* LastTimeModified */
  smb_writer_u16 (writer, 0);       /* ByteCount */
}

/* [MS-CIFS] 2.2.4.48.1 */
void
smb_smb1_write_find_close (SmbWriter *writer,
                           guint16    sid)
{
  smb_writer_u8 (writer, 1);    /* WordCount */
  smb_writer_u16 (writer, sid); /* SearchHandle */
  smb_writer_u16 (writer, 0);   /* ByteCount */
}

static void
write_close_step (const SmbSmb1Builder *builder,
                  const SmbRequest     *request,
                  SmbFrame             *frame)
{
  g_auto(SmbWriter) w = { 0 };
  gsize part = smb_smb1_begin_step (builder, request, frame, &w, SMB_SMB1_CLOSE);

  smb_smb1_write_close (&w, smb_smb1_get_fid (request));
  smb_smb1_frame_end_part (frame, part);
}

/* A search of the folder is closed before it. Of what the server has closed already, only that is to be
 * said. */
gboolean
smb_smb1_encode_close (const SmbSmb1Builder  *builder,
                       const SmbRequest      *request,
                       SmbFrame              *frame,
                       GError               **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&builder->opens->lock);
  const SmbSmb1Open *open = smb_smb1_opens_find (builder->opens, request->handle.transient);
  g_auto(SmbWriter) w = { 0 };

  if (open != NULL && open->gone)
    return smb_smb1_encode_echo (builder, request, frame, error);
  smb_smb1_frame_get_note (frame)->alone = TRUE;

  if (open != NULL && (open->search == SMB_SMB1_SEARCH_GOES_ON || open->search == SMB_SMB1_SEARCH_ALL_SEEN))
    {
      smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_FIND_CLOSE2, 0);
      smb_smb1_write_find_close (&w, open->sid);
      smb_smb1_frame_end (frame, &w);
      write_close_step (builder, request, frame);
      return TRUE;
    }

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_CLOSE, 0);
  smb_smb1_write_close (&w, smb_smb1_get_fid (request));
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}

/* [MS-CIFS] 2.2.4.6.1 */
gboolean
smb_smb1_encode_flush (const SmbSmb1Builder  *builder,
                       const SmbRequest      *request,
                       SmbFrame              *frame,
                       GError               **error)
{
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_FLUSH, 0);
  smb_writer_u8 (&w, 1);                            /* WordCount */
  smb_writer_u16 (&w, smb_smb1_get_fid (request));  /* FID */
  smb_writer_u16 (&w, 0);                           /* ByteCount */
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}

static gboolean
is_pipe (const SmbSmb1Builder *builder,
         const SmbRequest     *request)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&builder->opens->lock);
  const SmbSmb1Open *open = smb_smb1_opens_find (builder->opens, request->handle.transient);

  return open != NULL && open->is_pipe;
}

/* [MS-CIFS] 2.2.4.42.1 with [MS-SMB] 2.2.4.2.1: where a pipe has a timeout, a file has the upper half of
 * the count. */
gboolean
smb_smb1_encode_read (const SmbSmb1Builder  *builder,
                      const SmbRequest      *request,
                      SmbFrame              *frame,
                      GError               **error)
{
  gboolean pipe = is_pipe (builder, request);
  guint32 length = MIN (request->read.length, pipe ? G_MAXUINT16 : builder->terms->max_read_size);
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_READ_ANDX, 0);
  smb_writer_u8 (&w, 12);                                  /* WordCount */
  smb_smb1_write_no_andx (&w);
  smb_writer_u16 (&w, smb_smb1_get_fid (request));         /* FID */
  smb_writer_u32 (&w, request->read.offset);               /* Offset */
  smb_writer_u16 (&w, length);                             /* MaxCountOfBytesToReturn */
  smb_writer_u16 (&w, MIN (request->read.minimum, G_MAXUINT16)); /* MinCountOfBytesToReturn */
  smb_writer_u32 (&w, pipe ? NO_TIMEOUT : length >> 16);   /* Timeout_or_MaxCountHigh */
  smb_writer_u16 (&w, 0);                                  /* Remaining */
  smb_writer_u32 (&w, request->read.offset >> 32);         /* OffsetHigh */
  smb_writer_u16 (&w, 0);                                  /* ByteCount */
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}

/* The caller's memory, kept alive by its owner if it has one. */
static GBytes *
get_write_payload (const SmbRequest *request,
                   gsize             size)
{
  if (request->write.owner == NULL)
    return g_bytes_new_static (request->write.data, size);
  return g_bytes_new_with_free_func (request->write.data, size, (GDestroyNotify) g_bytes_unref,
                                     g_bytes_ref (request->write.owner));
}

/* [MS-CIFS] 2.2.4.43.1 with [MS-SMB] 2.2.4.3.1. ByteCount says what it can of the size. */
gboolean
smb_smb1_encode_write (const SmbSmb1Builder  *builder,
                       const SmbRequest      *request,
                       SmbFrame              *frame,
                       GError               **error)
{
  gsize size = MIN (request->write.size, builder->terms->max_write_size);
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_WRITE_ANDX, 0);
  smb_writer_u8 (&w, 14);                            /* WordCount */
  smb_smb1_write_no_andx (&w);
  smb_writer_u16 (&w, smb_smb1_get_fid (request));   /* FID */
  smb_writer_u32 (&w, request->write.offset);        /* Offset */
  smb_writer_u32 (&w, 0);                            /* Timeout */
  smb_writer_u16 (&w, 0);                            /* WriteMode */
  smb_writer_u16 (&w, 0);                            /* Remaining */
  smb_writer_u16 (&w, size >> 16);                   /* DataLengthHigh */
  smb_writer_u16 (&w, size);                         /* DataLength */
  smb_writer_u16 (&w, WRITE_DATA_OFFSET);            /* DataOffset */
  smb_writer_u32 (&w, request->write.offset >> 32);  /* OffsetHigh */
  smb_writer_u16 (&w, size + 1);                     /* ByteCount */
  smb_writer_u8 (&w, 0);                             /* Pad */
  if (size > 0)
    smb_frame_get_message (frame, 0)->payload = get_write_payload (request, size);
  smb_smb1_frame_end (frame, &w);
  return TRUE;
}

/* [MS-CIFS] 2.2.5.6.1: what is written to a pipe, and what it answers. */
static gboolean
encode_transact_pipe (const SmbSmb1Builder  *builder,
                      const SmbRequest      *request,
                      SmbFrame              *frame,
                      GError               **error)
{
  SmbSmb1Transaction transaction = {
    .command = SMB_SMB1_TRANSACTION,
    .setup = { SMB_SMB1_TRANS_TRANSACT_NMPIPE, smb_smb1_get_fid (request) },
    .n_setup = 2,
    .max_data = MIN (request->ioctl.max_output, G_MAXUINT16),
    .flags2 = smb_smb1_get_flags2 (builder),
    .tid = request->tree_id,
  };

  if (request->ioctl.input != NULL)
    transaction.data = g_bytes_get_data (request->ioctl.input, &transaction.n_data);
  return smb_smb1_transaction_write (&transaction, frame, FALSE, builder->terms->max_buffer_size, error);
}

/* [MS-CIFS] 2.2.7.2.1 */
gboolean
smb_smb1_encode_ioctl (const SmbSmb1Builder  *builder,
                       const SmbRequest      *request,
                       SmbFrame              *frame,
                       GError               **error)
{
  SmbSmb1Transaction transaction = {
    .command = SMB_SMB1_NT_TRANSACT,
    .function = SMB_SMB1_NT_TRANSACT_IOCTL,
    .setup = { request->ioctl.code, request->ioctl.code >> 16, smb_smb1_get_fid (request),
               0x0001 /* IsFctl */ },
    .n_setup = 4,
    .max_data = request->ioctl.max_output,
    .flags2 = smb_smb1_get_flags2 (builder),
    .tid = request->tree_id,
  };

  if (request->ioctl.input != NULL)
    transaction.data = g_bytes_get_data (request->ioctl.input, &transaction.n_data);
  if (transaction.n_data > G_MAXUINT32)
    return fail (error, "There are too many bytes for one request");

  smb_smb1_frame_get_note (frame)->answer = SMB_SMB1_ANSWER_TRANSACTION;
  if (request->ioctl.code == SMB_FSCC_FSCTL_PIPE_TRANSCEIVE)
    return encode_transact_pipe (builder, request, frame, error);
  return smb_smb1_transaction_write (&transaction, frame, FALSE, builder->terms->max_buffer_size, error);
}
