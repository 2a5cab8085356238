/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/* The head of a SRV_SNAPSHOT_ARRAY, and what an empty one has: the least to ask a server for. */
#define SMB_SNAPSHOTS_MIN_SIZE 16

/*
 * smb_snapshots_decode: a SRV_SNAPSHOT_ARRAY ([MS-SMB2] 2.2.32.2, and [MS-SMB] 2.2.7.2.2.1 for
 *   SMB1), the answer to SMB_FSCC_FSCTL_SRV_ENUMERATE_SNAPSHOTS.
 *
 * Gives an array of GDateTime (UTC, with an element free function), newest first, each once.
 * @required_size is how large the buffer has to be for all of them: if it is larger than @size
 * the array is empty and the request has to be repeated with it. Texts that are no tokens are
 * left out. NULL with SMB_ERROR_PROTOCOL if the numbers do not fit.
 */
SMB_EXTERN GPtrArray *smb_snapshots_decode (gconstpointer   data,
                                            gsize           size,
                                            gsize          *required_size,
                                            GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
