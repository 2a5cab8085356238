/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-ndr.h"

#include "wire/smb-utf16.h"

guint32
smb_ndr_read_u32 (SmbReader *reader)
{
  smb_reader_align (reader, 4);

  return smb_reader_u32 (reader);
}

gboolean
smb_ndr_read_pointer (SmbReader *reader)
{
  return smb_ndr_read_u32 (reader) != 0;
}

guint32
smb_ndr_read_count (SmbReader *reader,
                    gsize      element_size)
{
  const guint32 count = smb_ndr_read_u32 (reader);

  if (count > smb_reader_get_remaining (reader) / element_size)
    {
      smb_reader_fail (reader);
      return 0;
    }

  return count;
}

char *
smb_ndr_read_string (SmbReader *reader)
{
  const guint32 max_count = smb_ndr_read_u32 (reader);
  const guint32 offset = smb_ndr_read_u32 (reader);
  const guint32 actual_count = smb_ndr_read_u32 (reader);
  const guint8 *units;

  if (offset != 0 || actual_count > max_count)
    smb_reader_fail (reader);

  units = smb_reader_bytes (reader, (gsize) actual_count * 2);

  return units != NULL ? smb_utf16_to_utf8_lossy (units, (gsize) actual_count * 2) : NULL;
}

void
smb_ndr_write_u32 (SmbWriter *writer,
                   guint32    value)
{
  smb_writer_align (writer, 4);
  smb_writer_u32 (writer, value);
}

void
smb_ndr_write_pointer (SmbWriter *writer,
                       guint32    referent)
{
  smb_ndr_write_u32 (writer, referent);
}

void
smb_ndr_write_string (SmbWriter  *writer,
                      const char *text)
{
  const guint32 count = smb_utf16_count_units (text) + 1;

  smb_ndr_write_u32 (writer, count); /* maximum count */
  smb_ndr_write_u32 (writer, 0);     /* offset */
  smb_ndr_write_u32 (writer, count); /* actual count */
  smb_writer_utf16 (writer, text);
  smb_writer_u16 (writer, 0);
}
