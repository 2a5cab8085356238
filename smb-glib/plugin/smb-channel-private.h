/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/smb-channel.h"

G_BEGIN_DECLS

/* How often the stream was asked to read and to write so far; for tests and benchmarks. */
void smb_channel_get_calls (SmbChannel *self,
                            guint      *n_reads,
                            guint      *n_writes);

/* What to poll in place of a source; -1 if it is no plain socket, or closed. */
int  smb_channel_get_fd        (SmbChannel *self);
/* Such a poll has told that there is something to receive. */
void smb_channel_note_readable (SmbChannel *self);

G_END_DECLS
