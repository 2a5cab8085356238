/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-opens.h"
#include "smb-smb1-outstanding.h"
#include "smb-smb1-session.h"

G_BEGIN_DECLS

/* What sending and receiving work on: all of a connection that changes. */
typedef struct
{
  SmbSmb1Session     session;
  SmbSmb1Outstanding outstanding;
  SmbSmb1Opens       opens;
} SmbSmb1State;

void      smb_smb1_state_init  (SmbSmb1State *self);
void      smb_smb1_state_clear (SmbSmb1State *self);

/*
 * smb_smb1_finish: see SmbDialectClass.finish. The session says whether messages are signed, not the caller.
 * smb_smb1_next_part: see SmbDialectClass.next_part.
 * smb_smb1_cancel: see SmbDialectClass.cancel.
 */
gboolean  smb_smb1_finish      (SmbSmb1State  *state,
                                SmbFrame      *frame,
                                GError       **error);
SmbFrame *smb_smb1_next_part   (SmbSmb1State  *state,
                                guint64        key,
                                GError       **error);
SmbFrame *smb_smb1_cancel      (SmbSmb1State  *state,
                                guint64        key,
                                GError       **error);

G_END_DECLS
