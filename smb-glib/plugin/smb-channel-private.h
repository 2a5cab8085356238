/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/smb-channel.h"

G_BEGIN_DECLS

/* How often the stream was asked to read and to write so far; for tests and benchmarks. */
void smb_channel_get_calls (SmbChannel *self,
                            guint      *n_reads,
                            guint      *n_writes);

G_END_DECLS
