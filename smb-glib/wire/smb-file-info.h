/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/smb-entry-chain.h"
#include "wire/smb-fscc.h"
#include "wire/smb-writer.h"

G_BEGIN_DECLS

/* [MS-FSCC] 2.4.7. Times are FILETIMEs; in a request 0 leaves a time, and attributes of 0, as they are. */
typedef struct
{
  guint64 creation_time;
  guint64 last_access_time;
  guint64 last_write_time;
  guint64 change_time;
  guint32 file_attributes;
} SmbFileBasicInfo;

/* [MS-FSCC] 2.4.47 */
typedef struct
{
  guint64  allocation_size;
  guint64  end_of_file;
  guint32  number_of_links;
  gboolean delete_pending;
  gboolean directory;
} SmbFileStandardInfo;

/* [MS-FSCC] 2.4.33 */
typedef struct
{
  guint64 creation_time;
  guint64 last_access_time;
  guint64 last_write_time;
  guint64 change_time;
  guint64 allocation_size;
  guint64 end_of_file;
  guint32 file_attributes;
} SmbFileNetworkOpenInfo;

/* [MS-FSCC] 2.4.2. @name is UTF-16LE, borrowed from the reply; cut short if the reply was. */
typedef struct
{
  SmbFileBasicInfo    basic;
  SmbFileStandardInfo standard;
  guint64             file_id;
  guint32             ea_size;
  guint32             access_flags;
  guint64             current_byte_offset;
  guint32             mode;
  guint32             alignment;
  const guint8       *name;
  gsize               name_size;
} SmbFileAllInfo;

/* [MS-FSCC] 2.5.4. An allocation unit has sectors_per_unit * bytes_per_sector bytes. */
typedef struct
{
  guint64 total_units;
  guint64 caller_available_units;
  guint64 actual_available_units;
  guint32 sectors_per_unit;
  guint32 bytes_per_sector;
} SmbFsFullSizeInfo;

/* [MS-FSCC] 2.4.49. @name is UTF-16LE ":name:$DATA", borrowed from the reply. */
typedef struct
{
  const guint8 *name;
  gsize         name_size;
  guint64       size;
  guint64       allocation_size;
} SmbStreamEntry;

/* Walks the streams of one reply. Lives on the stack; the field is private. */
typedef struct
{
  SmbEntryChain chain;
} SmbStreamIter;

/* The decoders fail with SMB_ERROR_PROTOCOL; @self then is undefined. */
SMB_EXTERN gboolean smb_file_basic_info_decode        (SmbFileBasicInfo       *self,
                                                       gconstpointer           data,
                                                       gsize                   size,
                                                       GError                **error);
SMB_EXTERN gboolean smb_file_standard_info_decode     (SmbFileStandardInfo    *self,
                                                       gconstpointer           data,
                                                       gsize                   size,
                                                       GError                **error);
SMB_EXTERN gboolean smb_file_network_open_info_decode (SmbFileNetworkOpenInfo *self,
                                                       gconstpointer           data,
                                                       gsize                   size,
                                                       GError                **error);
SMB_EXTERN gboolean smb_file_all_info_decode          (SmbFileAllInfo         *self,
                                                       gconstpointer           data,
                                                       gsize                   size,
                                                       GError                **error);
SMB_EXTERN gboolean smb_fs_full_size_info_decode      (SmbFsFullSizeInfo      *self,
                                                       gconstpointer           data,
                                                       gsize                   size,
                                                       GError                **error);

/*
 * smb_stream_iter_next: FALSE without an error at the end, FALSE with SMB_ERROR_PROTOCOL for an
 *   entry that does not fit, after which it stays at the end. No data at all is a file without
 *   streams.
 */
SMB_EXTERN void     smb_stream_iter_init              (SmbStreamIter          *self,
                                                       gconstpointer           data,
                                                       gsize                   size);
SMB_EXTERN gboolean smb_stream_iter_next              (SmbStreamIter          *self,
                                                       SmbStreamEntry         *entry,
                                                       GError                **error);

/*
 * smb_file_rename_info_encode: [MS-FSCC] 2.4.42.2, the form of SMB2, never shorter than 24 bytes.
 *   @target is UTF-8 with backslashes, relative to the share.
 * smb_file_disposition_info_encode: exactly one byte; some servers reject more.
 */
SMB_EXTERN void     smb_file_basic_info_encode        (const SmbFileBasicInfo *self,
                                                       SmbWriter              *writer);
SMB_EXTERN void     smb_file_disposition_info_encode  (gboolean                delete_pending,
                                                       SmbWriter              *writer);
SMB_EXTERN void     smb_file_rename_info_encode       (const char             *target,
                                                       gboolean                replace,
                                                       SmbWriter              *writer);
SMB_EXTERN void     smb_file_end_of_file_info_encode  (guint64                 end_of_file,
                                                       SmbWriter              *writer);

G_END_DECLS
