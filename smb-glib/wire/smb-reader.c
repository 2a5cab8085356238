/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-reader.h"

#include "smb-error.h"
#include "wire/smb-filetime.h"
#include "wire/smb-utf16.h"

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

void
smb_reader_set_error (const char  *what,
                      GError     **error)
{
  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "%s is truncated or malformed", what);
}
