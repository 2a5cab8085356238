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
  if (sent->waits)
    self->n_waiting--;
  reset (sent);
  g_ptr_array_add (self->unused, sent);
}

gboolean
smb_smb1_outstanding_is_used (SmbSmb1Outstanding *self,
                              guint64             serial,
                              const SmbSmb1Sent  *except)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_mid);
  while (serial != 0 && g_hash_table_iter_next (&iter, NULL, &value))
    {
      const SmbSmb1Sent *sent = value;

      if (sent != except && !sent->waits && sent->note.serial == serial)
        return TRUE;
    }
  return FALSE;
}

void
smb_smb1_outstanding_wait (SmbSmb1Outstanding *self,
                           SmbSmb1Sent        *sent)
{
  sent->waits = TRUE;
  self->n_waiting++;
}

void
smb_smb1_outstanding_go_on (SmbSmb1Outstanding *self,
                            SmbSmb1Sent        *sent)
{
  if (sent->waits)
    self->n_waiting--;
  sent->waits = FALSE;
  sent->ready = FALSE;
  sent->due = TRUE;
}

SmbSmb1Sent *
smb_smb1_outstanding_find_ready (SmbSmb1Outstanding *self,
                                 guint64             serial)
{
  GHashTableIter iter;
  gpointer value;

  if (self->n_waiting == 0 || smb_smb1_outstanding_is_used (self, serial, NULL))
    return NULL;

  g_hash_table_iter_init (&iter, self->by_mid);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SmbSmb1Sent *sent = value;

      if (sent->ready && sent->note.serial == serial)
        return sent;
    }
  return NULL;
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
