/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/smb-entry-chain.h"
#include "wire/smb-fscc.h"

G_BEGIN_DECLS

/**
 * SmbDirectoryEntry:
 * @file_index: position in the folder; undefined on most file systems
 * @creation_time: FILETIME, as are the other times
 * @end_of_file: bytes
 * @allocation_size: bytes on the disk
 * @file_attributes: SMB_FSCC_ATTRIBUTE_*
 * @ea_size: bytes of extended attributes; 0 if the level has none or @reparse_tag takes its place
 * @reparse_tag: SMB_FSCC_REPARSE_TAG_*, or 0 if it is no reparse point or the level does not say
 * @file_id: 0 if the level does not say
 * @name: the long name, UTF-16LE without a terminator, borrowed from the reply
 * @name_size: bytes
 * @short_name: the 8.3 name, likewise; %NULL if there is none
 * @short_name_size: bytes, at most 24
 *
 * One entry of a folder, of any of the levels below.
 */
typedef struct
{
  guint32       file_index;
  guint64       creation_time;
  guint64       last_access_time;
  guint64       last_write_time;
  guint64       change_time;
  guint64       end_of_file;
  guint64       allocation_size;
  guint32       file_attributes;
  guint32       ea_size;
  guint32       reparse_tag;
  guint64       file_id;
  const guint8 *name;
  gsize         name_size;
  const guint8 *short_name;
  gsize         short_name_size;
} SmbDirectoryEntry;

/**
 * SmbDirectoryIter:
 *
 * Walks the entries of one reply. Lives on the stack; the fields are private.
 */
typedef struct
{
  SmbEntryChain    chain;
  SmbFileInfoClass level;
} SmbDirectoryIter;

/*
 * smb_directory_iter_init: @level is one of SMB_FSCC_FILE_DIRECTORY, FULL_DIRECTORY,
 *   BOTH_DIRECTORY, ID_BOTH_DIRECTORY and ID_FULL_DIRECTORY; FALSE for any other. @data is
 *   borrowed.
 * smb_directory_iter_next: FALSE without an error at the end, FALSE with SMB_ERROR_PROTOCOL for
 *   an entry that does not fit, after which it stays at the end. Checks no name: see below.
 *
 * smb_directory_entry_dup_name, _dup_short_name: as UTF-8, to be freed. NULL if UTF-8 cannot hold
 *   it, if it is empty or has a separator or U+0000 in it: such a name must never become part of
 *   a path.
 */
SMB_EXTERN gboolean smb_directory_iter_init            (SmbDirectoryIter        *self,
                                                        SmbFileInfoClass         level,
                                                        gconstpointer            data,
                                                        gsize                    size);
SMB_EXTERN gboolean smb_directory_iter_next            (SmbDirectoryIter        *self,
                                                        SmbDirectoryEntry       *entry,
                                                        GError                 **error);

SMB_EXTERN char    *smb_directory_entry_dup_name       (const SmbDirectoryEntry *self)
                                                       G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN char    *smb_directory_entry_dup_short_name (const SmbDirectoryEntry *self)
                                                       G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
