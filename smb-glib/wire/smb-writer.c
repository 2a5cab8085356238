/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-writer.h"

#include <string.h>

#include "wire/smb-utf16.h"

void
smb_writer_init (SmbWriter  *self,
                 GByteArray *bytes)
{
  self->bytes = bytes != NULL ? g_byte_array_ref (bytes) : g_byte_array_new ();
  self->base = self->bytes->len;
}

void
smb_writer_clear (SmbWriter *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

GByteArray *
smb_writer_steal (SmbWriter *self)
{
  return g_steal_pointer (&self->bytes);
}

GBytes *
smb_writer_steal_bytes (SmbWriter *self)
{
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->bytes));
}

void
smb_writer_bytes (SmbWriter     *self,
                  gconstpointer  data,
                  gsize          size)
{
  if (size > 0)
    g_byte_array_append (self->bytes, data, size);
}

void
smb_writer_zeros (SmbWriter *self,
                  gsize      size)
{
  const gsize end = self->bytes->len;

  g_byte_array_set_size (self->bytes, end + size);
  if (size > 0)
    memset (self->bytes->data + end, 0, size);
}

void
smb_writer_u8 (SmbWriter *self,
               guint8     value)
{
  smb_writer_bytes (self, &value, sizeof value);
}

void
smb_writer_u16 (SmbWriter *self,
                guint16    value)
{
  value = GUINT16_TO_LE (value);
  smb_writer_bytes (self, &value, sizeof value);
}

void
smb_writer_u32 (SmbWriter *self,
                guint32    value)
{
  value = GUINT32_TO_LE (value);
  smb_writer_bytes (self, &value, sizeof value);
}

void
smb_writer_u64 (SmbWriter *self,
                guint64    value)
{
  value = GUINT64_TO_LE (value);
  smb_writer_bytes (self, &value, sizeof value);
}

void
smb_writer_u16_be (SmbWriter *self,
                   guint16    value)
{
  smb_writer_u16 (self, GUINT16_SWAP_LE_BE (value));
}

void
smb_writer_u32_be (SmbWriter *self,
                   guint32    value)
{
  smb_writer_u32 (self, GUINT32_SWAP_LE_BE (value));
}

gsize
smb_writer_utf16 (SmbWriter  *self,
                  const char *text)
{
  gsize size = 0;
  g_autofree guint8 *units = smb_utf16_from_utf8 (text, &size);

  smb_writer_bytes (self, units, size);

  return size;
}

void
smb_writer_align (SmbWriter *self,
                  gsize      alignment)
{
  smb_writer_zeros (self, -smb_writer_get_offset (self) & (alignment - 1));
}

gsize
smb_writer_get_offset (const SmbWriter *self)
{
  return self->bytes->len - self->base;
}

static void
patch (SmbWriter     *self,
       gsize          offset,
       gconstpointer  data,
       gsize          size)
{
  g_return_if_fail (offset + size <= smb_writer_get_offset (self));

  memcpy (self->bytes->data + self->base + offset, data, size);
}

void
smb_writer_patch_u16 (SmbWriter *self,
                      gsize      offset,
                      guint16    value)
{
  value = GUINT16_TO_LE (value);
  patch (self, offset, &value, sizeof value);
}

void
smb_writer_patch_u32 (SmbWriter *self,
                      gsize      offset,
                      guint32    value)
{
  value = GUINT32_TO_LE (value);
  patch (self, offset, &value, sizeof value);
}
