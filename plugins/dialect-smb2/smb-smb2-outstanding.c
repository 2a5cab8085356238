/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-outstanding.h"

static SmbSmb2Sent **
get_list (SmbSmb2Outstanding *self,
          guint64             message_id)
{
  return &self->lists[message_id % SMB_SMB2_OUTSTANDING_LISTS];
}

static void
push (SmbSmb2Sent **list,
      SmbSmb2Sent  *sent)
{
  sent->next = *list;
  *list = sent;
}

static SmbSmb2Sent *
pop (SmbSmb2Sent **list)
{
  SmbSmb2Sent *sent = *list;

  *list = sent->next;
  return sent;
}

static void
free_list (SmbSmb2Sent **list)
{
  while (*list != NULL)
    g_free (pop (list));
}

void
smb_smb2_outstanding_clear (SmbSmb2Outstanding *self)
{
  for (guint i = 0; i < SMB_SMB2_OUTSTANDING_LISTS; i++)
    free_list (&self->lists[i]);
  free_list (&self->unused);
}

void
smb_smb2_outstanding_add (SmbSmb2Outstanding *self,
                          const guint8       *header)
{
  SmbSmb2Sent *sent = self->unused != NULL ? pop (&self->unused) : g_new (SmbSmb2Sent, 1);

  sent->message_id = smb_smb2_get_u64 (header, SMB_SMB2_HEADER_MESSAGE_ID);
  sent->command = smb_smb2_get_u16 (header, SMB_SMB2_HEADER_COMMAND);
  sent->pending = FALSE;
  sent->cancelled = FALSE;
  memcpy (sent->signature, header + SMB_SMB2_HEADER_SIGNATURE, sizeof sent->signature);
  push (get_list (self, sent->message_id), sent);
}

SmbSmb2Sent *
smb_smb2_outstanding_find (SmbSmb2Outstanding *self,
                           guint64             message_id)
{
  SmbSmb2Sent *sent = *get_list (self, message_id);

  while (sent != NULL && sent->message_id != message_id)
    sent = sent->next;
  return sent;
}

void
smb_smb2_outstanding_remove (SmbSmb2Outstanding *self,
                             SmbSmb2Sent        *sent)
{
  SmbSmb2Sent **link = get_list (self, sent->message_id);

  while (*link != sent)
    link = &(*link)->next;
  push (&self->unused, pop (link));
}
