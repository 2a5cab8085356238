/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-outstanding.h"

void
smb_smb2_outstanding_init (SmbSmb2Outstanding *self)
{
  self->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->unused = g_ptr_array_new_with_free_func (g_free);
}

void
smb_smb2_outstanding_clear (SmbSmb2Outstanding *self)
{
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->unused, g_ptr_array_unref);
}

static SmbSmb2Sent *
take_unused (SmbSmb2Outstanding *self)
{
  if (self->unused->len == 0)
    return g_new (SmbSmb2Sent, 1);

  return g_ptr_array_steal_index_fast (self->unused, self->unused->len - 1);
}

void
smb_smb2_outstanding_add (SmbSmb2Outstanding *self,
                          const guint8       *header)
{
  SmbSmb2Sent *sent = take_unused (self);

  sent->message_id = smb_smb2_get_u64 (header, SMB_SMB2_HEADER_MESSAGE_ID);
  sent->command = smb_smb2_get_u16 (header, SMB_SMB2_HEADER_COMMAND);
  sent->pending = FALSE;
  sent->cancelled = FALSE;
  memcpy (sent->signature, header + SMB_SMB2_HEADER_SIGNATURE, sizeof sent->signature);
  g_hash_table_insert (self->by_id, &sent->message_id, sent);
}

SmbSmb2Sent *
smb_smb2_outstanding_find (SmbSmb2Outstanding *self,
                           guint64             message_id)
{
  return g_hash_table_lookup (self->by_id, &message_id);
}

void
smb_smb2_outstanding_remove (SmbSmb2Outstanding *self,
                             SmbSmb2Sent        *sent)
{
  g_hash_table_steal (self->by_id, &sent->message_id);
  g_ptr_array_add (self->unused, sent);
}
