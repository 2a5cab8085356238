/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-reader.h"

#include <string.h>

#include "smb-error.h"
#include "wire/smb-filetime.h"
#include "wire/smb-utf16.h"

void
smb_reader_init (SmbReader     *self,
                 gconstpointer  data,
                 gsize          size)
{
  self->data = data;
  self->size = size;
  self->offset = 0;
  self->failed = FALSE;
}

void
smb_reader_fail (SmbReader *self)
{
  self->failed = TRUE;
}

/* Compares with what remains, so that @offset + @size cannot overflow. */
const guint8 *
smb_reader_bytes (SmbReader *self,
                  gsize      size)
{
  const guint8 *bytes;

  if (self->failed || size > self->size - self->offset)
    {
      self->failed = TRUE;
      return NULL;
    }

  /* An empty message may have no memory at all, and NULL is for failures. */
  bytes = self->data != NULL ? self->data + self->offset : (const guint8 *) "";
  self->offset += size;

  return bytes;
}

void
smb_reader_copy (SmbReader *self,
                 gpointer   out,
                 gsize      size)
{
  const guint8 *bytes = smb_reader_bytes (self, size);

  if (bytes != NULL)
    memcpy (out, bytes, size);
  else
    memset (out, 0, size);
}

void
smb_reader_skip (SmbReader *self,
                 gsize      size)
{
  smb_reader_bytes (self, size);
}

void
smb_reader_seek (SmbReader *self,
                 gsize      offset)
{
  if (self->failed || offset > self->size)
    self->failed = TRUE;
  else
    self->offset = offset;
}

void
smb_reader_align (SmbReader *self,
                  gsize      alignment)
{
  smb_reader_bytes (self, -self->offset & (alignment - 1));
}

void
smb_reader_sub (SmbReader *self,
                SmbReader *sub,
                gsize      offset,
                gsize      size)
{
  if (size > 0 && (offset > self->size || size > self->size - offset))
    self->failed = TRUE;

  if (self->failed || size == 0)
    smb_reader_init (sub, "", 0);
  else
    smb_reader_init (sub, self->data + offset, size);

  sub->failed = self->failed;
}

void
smb_reader_take (SmbReader *self,
                 SmbReader *sub,
                 gsize      size)
{
  const guint8 *bytes = smb_reader_bytes (self, size);

  smb_reader_init (sub, bytes, bytes != NULL ? size : 0);
  sub->failed = self->failed;
}

guint8
smb_reader_u8 (SmbReader *self)
{
  const guint8 *bytes = smb_reader_bytes (self, 1);

  return bytes != NULL ? bytes[0] : 0;
}

guint16
smb_reader_u16 (SmbReader *self)
{
  guint16 value;

  smb_reader_copy (self, &value, sizeof value);

  return GUINT16_FROM_LE (value);
}

guint32
smb_reader_u32 (SmbReader *self)
{
  guint32 value;

  smb_reader_copy (self, &value, sizeof value);

  return GUINT32_FROM_LE (value);
}

guint64
smb_reader_u64 (SmbReader *self)
{
  guint64 value;

  smb_reader_copy (self, &value, sizeof value);

  return GUINT64_FROM_LE (value);
}

guint16
smb_reader_u16_be (SmbReader *self)
{
  guint16 value;

  smb_reader_copy (self, &value, sizeof value);

  return GUINT16_FROM_BE (value);
}

guint32
smb_reader_u32_be (SmbReader *self)
{
  guint32 value;

  smb_reader_copy (self, &value, sizeof value);

  return GUINT32_FROM_BE (value);
}

guint64
smb_reader_u64_be (SmbReader *self)
{
  guint64 value;

  smb_reader_copy (self, &value, sizeof value);

  return GUINT64_FROM_BE (value);
}

void
smb_reader_expect_u8 (SmbReader *self,
                      guint8     value)
{
  if (smb_reader_u8 (self) != value)
    self->failed = TRUE;
}

void
smb_reader_expect_u16 (SmbReader *self,
                       guint16    value)
{
  if (smb_reader_u16 (self) != value)
    self->failed = TRUE;
}

void
smb_reader_expect_u32 (SmbReader *self,
                       guint32    value)
{
  if (smb_reader_u32 (self) != value)
    self->failed = TRUE;
}

char *
smb_reader_utf16 (SmbReader *self,
                  gsize      size)
{
  const guint8 *bytes = smb_reader_bytes (self, size);
  char *text = bytes != NULL ? smb_utf16_to_utf8 (bytes, size) : NULL;

  if (text == NULL)
    self->failed = TRUE;

  return text;
}

GDateTime *
smb_reader_filetime (SmbReader *self)
{
  return smb_filetime_to_date_time (smb_reader_u64 (self));
}

gsize
smb_reader_get_remaining (const SmbReader *self)
{
  return self->failed ? 0 : self->size - self->offset;
}

gboolean
smb_reader_finish (const SmbReader  *self,
                   const char       *what,
                   GError          **error)
{
  if (!self->failed)
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "%s is truncated or malformed", what);

  return FALSE;
}
