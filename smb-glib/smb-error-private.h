/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-error.h"

SMB_EXTERN void smb_error_set_nt_status  (GError  *error,
                                          guint32  nt_status);

/* Whether @timeout_msec is what the API's functions take: milliseconds, %G_MAXINT for any time, or -1 for the
 * default. */
gboolean        smb_error_check_timeout  (int      timeout_msec,
                                          GError **error);
