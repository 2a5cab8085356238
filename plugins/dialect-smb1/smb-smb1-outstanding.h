/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-assembly.h"
#include "smb-smb1-frame.h"

G_BEGIN_DECLS

/**
 * SmbSmb1Sent:
 * @mid: MID, which is its key
 * @command: what was asked for
 * @expected: the command that the next response has
 * @number: and its number, where messages are signed
 * @tid: of the request
 * @cancelled: whether an NT_CANCEL has gone out
 * @note: how the last response is read
 * @parts: what is to follow the first message, NULL = nothing: of SmbSmb1Part
 * @next_part: the first of them that was not sent
 * @due: whether it may go out now
 * @waits: whether what is to follow goes out when no other request uses the same open
 * @ready: whether it could go out but for that
 * @assembly: the parts of the response that have come, NULL = none
 *
 * A request that has no final response yet (Client.Connection.PIDMIDList of [MS-CIFS] 3.2.1.2).
 */
typedef struct
{
  guint16          mid;
  SmbCommand       command;
  guint8           expected;
  guint32          number;
  guint16          tid;
  gboolean         cancelled;
  SmbSmb1Note      note;
  GPtrArray       *parts;
  guint            next_part;
  gboolean         due;
  gboolean         waits;
  gboolean         ready;
  SmbSmb1Assembly *assembly;
} SmbSmb1Sent;

/* All of them, by MID. Entries are used again, so that none is allocated in the long run. */
typedef struct
{
  GHashTable *by_mid;
  GPtrArray  *unused;
  guint16     last_mid;
  guint       n_waiting;
} SmbSmb1Outstanding;

void         smb_smb1_outstanding_init   (SmbSmb1Outstanding *self);
void         smb_smb1_outstanding_clear  (SmbSmb1Outstanding *self);

/* A new one with a MID that no other has, zero otherwise; NULL if there is no MID left. */
SmbSmb1Sent *smb_smb1_outstanding_add    (SmbSmb1Outstanding *self);
SmbSmb1Sent *smb_smb1_outstanding_find   (SmbSmb1Outstanding *self,
                                          guint64             mid);
void         smb_smb1_outstanding_remove (SmbSmb1Outstanding *self,
                                          SmbSmb1Sent        *sent);

/*
 * Requests that close an open wait for the others that use it.
 *
 * smb_smb1_outstanding_is_used: whether others than @except, which do not wait, use the open.
 * smb_smb1_outstanding_wait: the parts of @sent are to go out when it is not used.
 * smb_smb1_outstanding_go_on: they may.
 * smb_smb1_outstanding_find_ready: who waited only for the open to be unused, and now it is; or NULL.
 */
gboolean     smb_smb1_outstanding_is_used    (SmbSmb1Outstanding *self,
                                              guint64             serial,
                                              const SmbSmb1Sent  *except);
void         smb_smb1_outstanding_wait       (SmbSmb1Outstanding *self,
                                              SmbSmb1Sent        *sent);
void         smb_smb1_outstanding_go_on      (SmbSmb1Outstanding *self,
                                              SmbSmb1Sent        *sent);
SmbSmb1Sent *smb_smb1_outstanding_find_ready (SmbSmb1Outstanding *self,
                                              guint64             serial);

/* The part that would go out next, or NULL. */
SmbSmb1Part *smb_smb1_sent_peek_part     (const SmbSmb1Sent  *self);
void         smb_smb1_sent_drop_parts    (SmbSmb1Sent        *self);

G_END_DECLS
