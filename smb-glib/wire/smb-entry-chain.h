/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire/smb-reader.h"

G_BEGIN_DECLS

/*
 * The lists of [MS-FSCC]: entries that each begin with a NextEntryOffset, 0 in the last one. Lives on
 * the stack; the fields are private.
 *
 * smb_entry_chain_next: makes @entry a reader of the next entry, from its NextEntryOffset to where
 *   the following one begins, and at least @min_size bytes. FALSE without an error at the end, FALSE with
 *   SMB_ERROR_PROTOCOL that names @what if the offset leads backwards, into the entry itself or outside.
 *   No data at all are an empty list.
 * smb_entry_chain_end: goes to the end, for a caller that cannot take an entry.
 */
typedef struct
{
  const guint8 *data;
  gsize         size;
  gsize         offset;
  gboolean      done;
} SmbEntryChain;

void     smb_entry_chain_init (SmbEntryChain *self,
                               gconstpointer  data,
                               gsize          size);
gboolean smb_entry_chain_next (SmbEntryChain *self,
                               gsize          min_size,
                               SmbReader     *entry,
                               const char    *what,
                               GError       **error);
void     smb_entry_chain_end  (SmbEntryChain *self);

G_END_DECLS
