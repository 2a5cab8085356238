/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-directory.h"

#include <string.h>

#include "smb-error.h"
#include "wire/smb-reader.h"
#include "wire/smb-utf16.h"

#define SHORT_NAME_FIELD_SIZE 24

/* What each level has after the fields that all have, and where its name begins. */
typedef struct
{
  SmbFileInfoClass level;
  gsize            fixed_size;
  gboolean         has_ea_size;
  gboolean         has_short_name;
  guint            padding_before_id; /* bytes */
  gboolean         has_id;
} Layout;

static const Layout layouts[] = {
  { SMB_FSCC_FILE_DIRECTORY, 64, FALSE, FALSE, 0, FALSE },        /* [MS-FSCC] 2.4.10 */
  { SMB_FSCC_FILE_FULL_DIRECTORY, 68, TRUE, FALSE, 0, FALSE },    /* 2.4.14 */
  { SMB_FSCC_FILE_BOTH_DIRECTORY, 94, TRUE, TRUE, 0, FALSE },     /* 2.4.8 */
  { SMB_FSCC_FILE_ID_BOTH_DIRECTORY, 104, TRUE, TRUE, 2, TRUE },  /* 2.4.17 */
  { SMB_FSCC_FILE_ID_FULL_DIRECTORY, 80, TRUE, FALSE, 4, TRUE },  /* 2.4.18 */
};

static const Layout *
find_layout (SmbFileInfoClass level)
{
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (layouts[i].level == level)
      return &layouts[i];

  return NULL;
}

gboolean
smb_directory_iter_init (SmbDirectoryIter *self,
                         SmbFileInfoClass  level,
                         gconstpointer     data,
                         gsize             size)
{
  smb_entry_chain_init (&self->chain, data, size);
  self->level = level;

  if (find_layout (level) != NULL)
    return TRUE;

  smb_entry_chain_end (&self->chain);

  return FALSE;
}

static void
read_ea_size (SmbReader         *r,
              SmbDirectoryEntry *entry)
{
  const guint32 value = smb_reader_u32 (r); /* EaSize */

  if (entry->file_attributes & SMB_FSCC_ATTRIBUTE_REPARSE_POINT)
    entry->reparse_tag = value;
  else
    entry->ea_size = value;
}

static void
read_short_name (SmbReader         *r,
                 SmbDirectoryEntry *entry)
{
  SmbReader field;

  entry->short_name_size = smb_reader_u8 (r);           /* ShortNameLength */
  smb_reader_skip (r, 1);                               /* Reserved */
  smb_reader_take (r, &field, SHORT_NAME_FIELD_SIZE);   /* ShortName */

  if (entry->short_name_size > SHORT_NAME_FIELD_SIZE)
    smb_reader_fail (r);
  else if (entry->short_name_size > 0)
    entry->short_name = field.data;
}

/* 0 and all ones: the file system has no identifier for the file ([MS-FSCC] 2.1.9). */
static void
read_file_id (SmbReader         *r,
              SmbDirectoryEntry *entry)
{
  entry->file_id = smb_reader_u64 (r); /* FileId */

  if (entry->file_id == G_MAXUINT64)
    entry->file_id = 0;
}

static void
read_entry (SmbReader         *r,
            const Layout      *layout,
            SmbDirectoryEntry *entry)
{
  smb_reader_skip (r, 4);                          /* NextEntryOffset */
  entry->file_index = smb_reader_u32 (r);          /* FileIndex */
  entry->creation_time = smb_reader_u64 (r);       /* CreationTime */
  entry->last_access_time = smb_reader_u64 (r);    /* LastAccessTime */
  entry->last_write_time = smb_reader_u64 (r);     /* LastWriteTime */
  entry->change_time = smb_reader_u64 (r);         /* ChangeTime */
  entry->end_of_file = smb_reader_u64 (r);         /* EndOfFile */
  entry->allocation_size = smb_reader_u64 (r);     /* AllocationSize */
  entry->file_attributes = smb_reader_u32 (r);     /* FileAttributes */
  entry->name_size = smb_reader_u32 (r);           /* FileNameLength */
  if (layout->has_ea_size)
    read_ea_size (r, entry);
  if (layout->has_short_name)
    read_short_name (r, entry);
  smb_reader_skip (r, layout->padding_before_id);  /* Reserved */
  if (layout->has_id)
    read_file_id (r, entry);
  entry->name = smb_reader_bytes (r, entry->name_size); /* FileName */
}

gboolean
smb_directory_iter_next (SmbDirectoryIter   *self,
                         SmbDirectoryEntry  *entry,
                         GError            **error)
{
  static const char what[] = "An entry of the folder";
  const Layout *layout = find_layout (self->level);
  SmbReader r;

  memset (entry, 0, sizeof *entry);

  if (layout == NULL || !smb_entry_chain_next (&self->chain, layout->fixed_size, &r, what, error))
    return FALSE;

  read_entry (&r, layout, entry);
  if (smb_reader_finish (&r, what, error))
    return TRUE;

  smb_entry_chain_end (&self->chain);

  return FALSE;
}

static char *
dup_name (const guint8 *name,
          gsize         size)
{
  g_autofree char *text = size > 0 ? smb_utf16_to_utf8 (name, size) : NULL;

  if (text == NULL || strpbrk (text, "/\\") != NULL)
    return NULL;

  return g_steal_pointer (&text);
}

char *
smb_directory_entry_dup_name (const SmbDirectoryEntry *self)
{
  return dup_name (self->name, self->name_size);
}

char *
smb_directory_entry_dup_short_name (const SmbDirectoryEntry *self)
{
  return dup_name (self->short_name, self->short_name_size);
}
