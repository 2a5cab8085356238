/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-file-info.h"

#include "smb-error.h"
#include "wire/smb-reader.h"
#include "wire/smb-utf16.h"

/* Structures end in padding that some servers leave out: it is not read where nothing follows. */

#define STREAM_FIXED_SIZE   24
#define RENAME_MIN_SIZE     24 /* Windows 10 rejects less, though a name of one character needs 22 */

static void
read_basic (SmbReader        *r,
            SmbFileBasicInfo *self)
{
  self->creation_time = smb_reader_u64 (r);    /* CreationTime */
  self->last_access_time = smb_reader_u64 (r); /* LastAccessTime */
  self->last_write_time = smb_reader_u64 (r);  /* LastWriteTime */
  self->change_time = smb_reader_u64 (r);      /* ChangeTime */
  self->file_attributes = smb_reader_u32 (r);  /* FileAttributes */
}

static void
read_standard (SmbReader           *r,
               SmbFileStandardInfo *self)
{
  self->allocation_size = smb_reader_u64 (r);    /* AllocationSize */
  self->end_of_file = smb_reader_u64 (r);        /* EndOfFile */
  self->number_of_links = smb_reader_u32 (r);    /* NumberOfLinks */
  self->delete_pending = smb_reader_u8 (r) != 0; /* DeletePending */
  self->directory = smb_reader_u8 (r) != 0;      /* Directory */
}

gboolean
smb_file_basic_info_decode (SmbFileBasicInfo  *self,
                            gconstpointer      data,
                            gsize              size,
                            GError           **error)
{
  SmbReader r;

  smb_reader_init (&r, data, size);
  read_basic (&r, self);

  return smb_reader_finish (&r, "FileBasicInformation", error);
}

gboolean
smb_file_standard_info_decode (SmbFileStandardInfo  *self,
                               gconstpointer         data,
                               gsize                 size,
                               GError              **error)
{
  SmbReader r;

  smb_reader_init (&r, data, size);
  read_standard (&r, self);

  return smb_reader_finish (&r, "FileStandardInformation", error);
}

gboolean
smb_file_network_open_info_decode (SmbFileNetworkOpenInfo  *self,
                                   gconstpointer            data,
                                   gsize                    size,
                                   GError                 **error)
{
  SmbReader r;

  smb_reader_init (&r, data, size);
  self->creation_time = smb_reader_u64 (&r);    /* CreationTime */
  self->last_access_time = smb_reader_u64 (&r); /* LastAccessTime */
  self->last_write_time = smb_reader_u64 (&r);  /* LastWriteTime */
  self->change_time = smb_reader_u64 (&r);      /* ChangeTime */
  self->allocation_size = smb_reader_u64 (&r);  /* AllocationSize */
  self->end_of_file = smb_reader_u64 (&r);      /* EndOfFile */
  self->file_attributes = smb_reader_u32 (&r);  /* FileAttributes */

  return smb_reader_finish (&r, "FileNetworkOpenInformation", error);
}

/* With BUFFER_OVERFLOW the server sends as much of the name as had room. */
static void
read_name (SmbReader      *r,
           SmbFileAllInfo *self)
{
  self->name_size = smb_reader_u32 (r); /* FileNameLength */
  self->name_size = MIN (self->name_size, smb_reader_get_remaining (r));
  self->name = smb_reader_bytes (r, self->name_size); /* FileName */
}

gboolean
smb_file_all_info_decode (SmbFileAllInfo  *self,
                          gconstpointer    data,
                          gsize            size,
                          GError         **error)
{
  SmbReader r;

  smb_reader_init (&r, data, size);
  read_basic (&r, &self->basic);                   /* BasicInformation */
  smb_reader_skip (&r, 4);                         /* Reserved */
  read_standard (&r, &self->standard);             /* StandardInformation */
  smb_reader_skip (&r, 2);                         /* Reserved */
  self->file_id = smb_reader_u64 (&r);             /* InternalInformation */
  self->ea_size = smb_reader_u32 (&r);             /* EaInformation */
  self->access_flags = smb_reader_u32 (&r);        /* AccessInformation */
  self->current_byte_offset = smb_reader_u64 (&r); /* PositionInformation */
  self->mode = smb_reader_u32 (&r);                /* ModeInformation */
  self->alignment = smb_reader_u32 (&r);           /* AlignmentInformation */
  read_name (&r, self);                            /* NameInformation */

  return smb_reader_finish (&r, "FileAllInformation", error);
}

gboolean
smb_fs_full_size_info_decode (SmbFsFullSizeInfo  *self,
                              gconstpointer       data,
                              gsize               size,
                              GError            **error)
{
  SmbReader r;

  smb_reader_init (&r, data, size);
  self->total_units = smb_reader_u64 (&r);            /* TotalAllocationUnits */
  self->caller_available_units = smb_reader_u64 (&r); /* CallerAvailableAllocationUnits */
  self->actual_available_units = smb_reader_u64 (&r); /* ActualAvailableAllocationUnits */
  self->sectors_per_unit = smb_reader_u32 (&r);       /* SectorsPerAllocationUnit */
  self->bytes_per_sector = smb_reader_u32 (&r);       /* BytesPerSector */

  return smb_reader_finish (&r, "FileFsFullSizeInformation", error);
}

void
smb_stream_iter_init (SmbStreamIter *self,
                      gconstpointer  data,
                      gsize          size)
{
  smb_entry_chain_init (&self->chain, data, size);
}

gboolean
smb_stream_iter_next (SmbStreamIter   *self,
                      SmbStreamEntry  *entry,
                      GError         **error)
{
  static const char what[] = "FileStreamInformation";
  SmbReader r;

  if (!smb_entry_chain_next (&self->chain, STREAM_FIXED_SIZE, &r, what, error))
    return FALSE;

  smb_reader_skip (&r, 4);                               /* NextEntryOffset */
  entry->name_size = smb_reader_u32 (&r);                /* StreamNameLength */
  entry->size = smb_reader_u64 (&r);                     /* StreamSize */
  entry->allocation_size = smb_reader_u64 (&r);          /* StreamAllocationSize */
  entry->name = smb_reader_bytes (&r, entry->name_size); /* StreamName */
  if (smb_reader_finish (&r, what, error))
    return TRUE;

  smb_entry_chain_end (&self->chain);

  return FALSE;
}

void
smb_file_basic_info_encode (const SmbFileBasicInfo *self,
                            SmbWriter              *writer)
{
  smb_writer_u64 (writer, self->creation_time);    /* CreationTime */
  smb_writer_u64 (writer, self->last_access_time); /* LastAccessTime */
  smb_writer_u64 (writer, self->last_write_time);  /* LastWriteTime */
  smb_writer_u64 (writer, self->change_time);      /* ChangeTime */
  smb_writer_u32 (writer, self->file_attributes);  /* FileAttributes */
  smb_writer_u32 (writer, 0);                      /* Reserved */
}

void
smb_file_disposition_info_encode (gboolean   delete_pending,
                                  SmbWriter *writer)
{
  smb_writer_u8 (writer, delete_pending ? 1 : 0); /* DeletePending */
}

void
smb_file_rename_info_encode (const char *target,
                             gboolean    replace,
                             SmbWriter  *writer)
{
  const gsize begin = smb_writer_get_offset (writer);
  gsize name_size;
  gsize size;

  smb_writer_u8 (writer, replace ? 1 : 0);           /* ReplaceIfExists */
  smb_writer_zeros (writer, 7);                      /* Reserved */
  smb_writer_u64 (writer, 0);                        /* RootDirectory */
  smb_writer_u32 (writer, 0);                        /* FileNameLength */
  name_size = smb_writer_utf16 (writer, target);     /* FileName */
  smb_writer_patch_u32 (writer, begin + 16, name_size);

  size = smb_writer_get_offset (writer) - begin;
  if (size < RENAME_MIN_SIZE)
    smb_writer_zeros (writer, RENAME_MIN_SIZE - size);
}

void
smb_file_end_of_file_info_encode (guint64    end_of_file,
                                  SmbWriter *writer)
{
  smb_writer_u64 (writer, end_of_file); /* EndOfFile */
}
