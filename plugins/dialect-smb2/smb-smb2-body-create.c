/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-body-private.h"

#include <string.h>

#define NAME_OFFSET          (SMB2_BODY_OFFSET + 56)
#define CONTEXT_HEADER_SIZE  16
#define CONTEXT_NAME_SIZE    4
#define CONTEXT_DATA_OFFSET  24 /* behind the name, at a multiple of 8 */
#define OPLOCK_LEVEL_NONE    0
#define IMPERSONATION_LEVEL  2 /* Impersonation */
#define TIMEWARP_TOKEN       "TWrp"
#define QUERY_ON_DISK_ID     "QFid"

/* [MS-SMB2] 2.2.13.2; the list begins at a multiple of 8, and so does each that has a successor. */
static void
write_context (SmbWriter     *w,
               const char    *name,
               const guint64 *value,
               gboolean       last)
{
  gsize data_size = value == NULL ? 0 : sizeof *value;

  smb_writer_u32 (w, last ? 0 : CONTEXT_DATA_OFFSET + data_size);   /* Next */
  smb_writer_u16 (w, CONTEXT_HEADER_SIZE);                          /* NameOffset */
  smb_writer_u16 (w, CONTEXT_NAME_SIZE);                            /* NameLength */
  smb_writer_u16 (w, 0);                                            /* Reserved */
  smb_writer_u16 (w, value == NULL ? 0 : CONTEXT_DATA_OFFSET);      /* DataOffset */
  smb_writer_u32 (w, data_size);                                    /* DataLength */
  smb_writer_bytes (w, name, CONTEXT_NAME_SIZE);
  smb_writer_zeros (w, CONTEXT_DATA_OFFSET - CONTEXT_HEADER_SIZE - CONTEXT_NAME_SIZE);
  if (value != NULL)
    smb_writer_u64 (w, *value);
}

static gsize
get_contexts_size (const SmbRequest *request)
{
  gsize size = 0;

  if (request->create.snapshot != 0)
    size += CONTEXT_DATA_OFFSET + sizeof (guint64);
  if (request->create.query_id)
    size += CONTEXT_DATA_OFFSET;
  return size;
}

/* [MS-SMB2] 2.2.13.2.7, 2.2.13.2.9 */
static void
write_contexts (SmbWriter        *w,
                const SmbRequest *request)
{
  if (request->create.snapshot != 0)
    write_context (w, TIMEWARP_TOKEN, &request->create.snapshot, !request->create.query_id);
  if (request->create.query_id)
    write_context (w, QUERY_ON_DISK_ID, NULL, TRUE);
}

/* [MS-SMB2] 2.2.13. NameOffset is set for the share's root too: servers compare it with where it must be. */
gboolean
smb_smb2_encode_create (SmbWriter         *w,
                        const SmbRequest  *request,
                        GBytes           **payload,
                        GError           **error)
{
  gsize contexts_size = get_contexts_size (request);
  gsize contexts_offset = 0, name_padding = 0;
  guint16 name_size;

  if (!smb_smb2_check_name (request->create.path, &name_size, error))
    return FALSE;
  if (contexts_size > 0)
    {
      name_padding = -name_size & 7;
      contexts_offset = NAME_OFFSET + name_size + name_padding;
    }

  smb_writer_u16 (w, 57);                              /* StructureSize */
  smb_writer_u8 (w, 0);                                /* SecurityFlags */
  smb_writer_u8 (w, OPLOCK_LEVEL_NONE);                /* RequestedOplockLevel */
  smb_writer_u32 (w, IMPERSONATION_LEVEL);             /* ImpersonationLevel */
  smb_writer_u64 (w, 0);                               /* SmbCreateFlags */
  smb_writer_u64 (w, 0);                               /* Reserved */
  smb_writer_u32 (w, request->create.desired_access);  /* DesiredAccess */
  smb_writer_u32 (w, request->create.file_attributes); /* FileAttributes */
  smb_writer_u32 (w, request->create.share_access);    /* ShareAccess */
  smb_writer_u32 (w, request->create.disposition);     /* CreateDisposition */
  smb_writer_u32 (w, request->create.options);         /* CreateOptions */
  smb_writer_u16 (w, NAME_OFFSET);                     /* NameOffset */
  smb_writer_u16 (w, name_size);                       /* NameLength */
  smb_writer_u32 (w, contexts_offset);                 /* CreateContextsOffset */
  smb_writer_u32 (w, contexts_size);                   /* CreateContextsLength */

  smb_writer_utf16 (w, request->create.path);          /* Buffer */
  smb_writer_zeros (w, name_padding);
  write_contexts (w, request);
  if (name_size == 0 && contexts_size == 0)
    smb_writer_zeros (w, 1); /* at least one byte */
  return TRUE;
}

/* One context of the list; returns where the next one is, 0 = there is none. */
static gsize
read_context (SmbReader *r,
              SmbReply  *reply)
{
  SmbReader own, name, data;
  gsize next, name_offset, name_size, data_offset, data_size;
  const guint8 *bytes;

  next = smb_reader_u32 (r);        /* Next */
  name_offset = smb_reader_u16 (r); /* NameOffset */
  name_size = smb_reader_u16 (r);   /* NameLength */
  smb_reader_skip (r, 2);           /* Reserved */
  data_offset = smb_reader_u16 (r); /* DataOffset */
  data_size = smb_reader_u32 (r);   /* DataLength */

  if (next != 0 && next < CONTEXT_HEADER_SIZE)
    smb_reader_fail (r);
  smb_reader_sub (r, &own, 0, next == 0 ? r->size : next);
  smb_reader_sub (&own, &name, name_offset, name_size);
  smb_reader_sub (&own, &data, data_offset, data_size);
  bytes = smb_reader_bytes (&name, name_size);
  if (name_size == CONTEXT_NAME_SIZE && bytes != NULL && memcmp (bytes, QUERY_ON_DISK_ID, name_size) == 0)
    reply->create.file_id = smb_reader_u64 (&data); /* DiskFileId, [MS-SMB2] 2.2.14.2.9 */

  if (own.failed || data.failed)
    smb_reader_fail (r);
  return next;
}

static void
read_contexts (SmbReader *r,
               gsize      offset,
               gsize      size,
               SmbReply  *reply)
{
  while (size > 0 && !r->failed)
    {
      SmbReader context;
      gsize next;

      smb_reader_sub (r, &context, offset, size);
      next = read_context (&context, reply);
      if (context.failed)
        smb_reader_fail (r);
      if (next == 0)
        break;
      offset += next;
      size -= next;
    }
}

/* [MS-SMB2] 2.2.14 */
void
smb_smb2_decode_create (SmbReader        *r,
                        const SmbItem    *item,
                        const SmbRequest *request,
                        SmbReply         *reply)
{
  gsize contexts_offset, contexts_size;

  smb_reader_skip (r, 1);                               /* OplockLevel */
  smb_reader_skip (r, 1);                               /* Flags */
  reply->create.action = smb_reader_u32 (r);            /* CreateAction */
  reply->create.creation_time = smb_reader_u64 (r);     /* CreationTime */
  reply->create.last_access_time = smb_reader_u64 (r);  /* LastAccessTime */
  reply->create.last_write_time = smb_reader_u64 (r);   /* LastWriteTime */
  reply->create.change_time = smb_reader_u64 (r);       /* ChangeTime */
  reply->create.allocation_size = smb_reader_u64 (r);   /* AllocationSize */
  reply->create.end_of_file = smb_reader_u64 (r);       /* EndofFile */
  reply->create.file_attributes = smb_reader_u32 (r);   /* FileAttributes */
  smb_reader_skip (r, 4);                               /* Reserved2 */
  reply->create.handle.persistent = smb_reader_u64 (r); /* FileId */
  reply->create.handle.transient = smb_reader_u64 (r);
  contexts_offset = smb_reader_u32 (r);                 /* CreateContextsOffset */
  contexts_size = smb_reader_u32 (r);                   /* CreateContextsLength */

  if (contexts_size > 0 && contexts_offset < r->offset)
    smb_reader_fail (r);
  read_contexts (r, contexts_offset, contexts_size, reply);
}
