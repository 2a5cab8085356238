/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-writer.h"

#include "wire/smb-utf16.h"

/* Most messages are smaller. */
#define FIRST_ROOM 256

void
smb_writer_init (SmbWriter  *self,
                 GByteArray *bytes)
{
  self->bytes = bytes != NULL ? g_byte_array_ref (bytes) : g_byte_array_new ();
  self->base = self->bytes->len;
  self->room = self->base;
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

/* An array keeps the memory that it once had: made longer and shorter again, it has room. */
void
smb_writer_reserve (SmbWriter *self,
                    gsize      size)
{
  const guint end = self->bytes->len;
  const gsize wanted = end + MAX (size, FIRST_ROOM);

  if (end + size <= self->room)
    return;
  if (wanted > G_MAXUINT)
    g_error ("A message of %" G_GSIZE_FORMAT " bytes is too large", wanted);

  g_byte_array_set_size (self->bytes, (guint) wanted);
  self->bytes->len = end;
  self->room = wanted;
}

/* A sequence of UTF-8 becomes no more bytes of UTF-16 than twice its own. */
gsize
smb_writer_utf16 (SmbWriter  *self,
                  const char *text)
{
  const gsize length = strlen (text);
  const guint end = self->bytes->len;
  gsize size;

  if (length == 0)
    return 0;

  size = smb_utf16_encode (text, length, smb_writer_extend (self, 2 * length));
  self->bytes->len = (guint) (end + size);

  return size;
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
