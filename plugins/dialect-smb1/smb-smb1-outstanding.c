/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-outstanding.h"

static void
reset (SmbSmb1Sent *sent)
{
  g_clear_pointer (&sent->parts, g_ptr_array_unref);
  g_clear_pointer (&sent->assembly, smb_smb1_assembly_free);
  memset (sent, 0, sizeof *sent);
}

static void
sent_free (gpointer data)
{
  reset (data);
  g_free (data);
}

void
smb_smb1_outstanding_init (SmbSmb1Outstanding *self)
{
  self->by_mid = g_hash_table_new_full (NULL, NULL, NULL, sent_free);
  self->unused = g_ptr_array_new_with_free_func (g_free);
}

void
smb_smb1_outstanding_clear (SmbSmb1Outstanding *self)
{
  g_clear_pointer (&self->by_mid, g_hash_table_unref);
  g_clear_pointer (&self->unused, g_ptr_array_unref);
}

/* 0 is the NEGOTIATE's, for ever. */
static guint16
next_mid (SmbSmb1Outstanding *self)
{
  do
    self->last_mid = self->last_mid + 1 == SMB_SMB1_UNSOLICITED_MID ? 1 : self->last_mid + 1;
  while (g_hash_table_contains (self->by_mid, GUINT_TO_POINTER (self->last_mid)));
  return self->last_mid;
}

SmbSmb1Sent *
smb_smb1_outstanding_add (SmbSmb1Outstanding *self)
{
  SmbSmb1Sent *sent;

  if (g_hash_table_size (self->by_mid) >= SMB_SMB1_UNSOLICITED_MID - 1)
    return NULL;

  if (self->unused->len > 0)
    sent = g_ptr_array_steal_index_fast (self->unused, self->unused->len - 1);
  else
    sent = g_new0 (SmbSmb1Sent, 1);
  sent->mid = next_mid (self);
  g_hash_table_insert (self->by_mid, GUINT_TO_POINTER (sent->mid), sent);
  return sent;
}

SmbSmb1Sent *
smb_smb1_outstanding_find (SmbSmb1Outstanding *self,
                           guint64             mid)
{
  return mid > G_MAXUINT16 ? NULL : g_hash_table_lookup (self->by_mid, GUINT_TO_POINTER (mid));
}

void
smb_smb1_outstanding_remove (SmbSmb1Outstanding *self,
                             SmbSmb1Sent        *sent)
{
  g_hash_table_steal (self->by_mid, GUINT_TO_POINTER (sent->mid));
  reset (sent);
  g_ptr_array_add (self->unused, sent);
}

SmbSmb1Part *
smb_smb1_sent_peek_part (const SmbSmb1Sent *self)
{
  if (self->parts == NULL || self->next_part >= self->parts->len)
    return NULL;
  return g_ptr_array_index (self->parts, self->next_part);
}

void
smb_smb1_sent_drop_parts (SmbSmb1Sent *self)
{
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  self->next_part = 0;
}
