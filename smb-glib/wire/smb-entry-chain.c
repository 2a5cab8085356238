/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-entry-chain.h"

void
smb_entry_chain_init (SmbEntryChain *self,
                      gconstpointer  data,
                      gsize          size)
{
  self->data = data;
  self->size = size;
  self->offset = 0;
  self->done = size == 0;
}

void
smb_entry_chain_end (SmbEntryChain *self)
{
  self->done = TRUE;
}

/*
 * Each step goes forward by at least @min_size bytes, so that no list is endless. An entry that announces
 * another where the data ends is taken, but the list then fails: it was cut off. SMB1 counts its
 * entries besides, and some of its servers announce one too many.
 */
static gsize
read_entry_size (SmbReader *rest,
                 gsize      min_size,
                 gboolean  *last)
{
  const guint32 next = smb_reader_u32 (rest); /* NextEntryOffset */
  const gsize size = next != 0 ? next : rest->size;

  *last = next == 0;
  if (size < min_size || size > rest->size)
    smb_reader_fail (rest);

  return size;
}

gboolean
smb_entry_chain_next (SmbEntryChain  *self,
                      gsize           min_size,
                      SmbReader      *entry,
                      const char     *what,
                      GError        **error)
{
  gboolean last;
  SmbReader rest;
  gsize size;

  if (self->done)
    return FALSE;

  smb_reader_init (&rest, self->data + self->offset, self->size - self->offset);
  size = read_entry_size (&rest, min_size, &last);
  if (!smb_reader_finish (&rest, what, error))
    {
      self->done = TRUE;
      return FALSE;
    }

  smb_reader_init (entry, rest.data, size);
  self->done = last;
  self->offset += size;

  return TRUE;
}
