/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-header.h"

G_BEGIN_DECLS

/* A request that has no final reply yet (Connection.OutstandingRequests of [MS-SMB2] 3.2.1.2). */
typedef struct _SmbSmb2Sent SmbSmb2Sent;

struct _SmbSmb2Sent
{
  SmbSmb2Sent *next; /* in its list */
  guint64      message_id;
  guint16      command;
  gboolean     pending;   /* an interim response has come */
  gboolean     cancelled; /* a CANCEL has gone out */
  guint8       signature[SMB_SMB2_SIGNATURE_SIZE]; /* zero when it was not signed */
};

/* Numbers are given one after the other, and there are as many requests as credits: lists are short. */
#define SMB_SMB2_OUTSTANDING_LISTS 256

/* All of them, by MessageId. Entries are used again, so that none is allocated in the long run. */
typedef struct
{
  SmbSmb2Sent *lists[SMB_SMB2_OUTSTANDING_LISTS];
  SmbSmb2Sent *unused;
} SmbSmb2Outstanding;

/* Zeros are an empty one. */
void         smb_smb2_outstanding_clear  (SmbSmb2Outstanding *self);

/* @header: as it goes over the wire, or before it is sealed. */
void         smb_smb2_outstanding_add    (SmbSmb2Outstanding *self,
                                          const guint8       *header);
SmbSmb2Sent *smb_smb2_outstanding_find   (SmbSmb2Outstanding *self,
                                          guint64             message_id);
void         smb_smb2_outstanding_remove (SmbSmb2Outstanding *self,
                                          SmbSmb2Sent        *sent);

G_END_DECLS
