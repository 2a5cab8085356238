/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/* 1970-01-01 as a FILETIME: units of 100 ns since 1601-01-01 UTC ([MS-DTYP] 2.3.3). */
#define SMB_FILETIME_UNIX_EPOCH G_GUINT64_CONSTANT (116444736000000000)

/*
 * smb_filetime_to_date_time: UTC, to the microsecond, to be unreffed. NULL for 0, for values with
 *   the sign bit (-1 and -2 mean "do not change" in [MS-FSCC]) and for what lies after the year
 *   9999.
 * smb_filetime_from_date_time: 0 for NULL and for a time before 1601.
 * smb_filetime_from_unix, smb_filetime_to_unix: microseconds since 1970.
 *
 * smb_gmt_token_parse: the time of a snapshot from "@GMT-2024.05.06-07.08.09" ([MS-SMB2]
 *   2.2.32.2), or NULL unless @token is exactly such a text.
 * smb_gmt_token_format: the reverse; to be freed. Fractions of a second are dropped.
 */
SMB_EXTERN GDateTime *smb_filetime_to_date_time   (guint64     filetime) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN guint64    smb_filetime_from_date_time (GDateTime  *date_time);
SMB_EXTERN gint64     smb_filetime_to_unix        (guint64     filetime);
SMB_EXTERN guint64    smb_filetime_from_unix      (gint64      microseconds);

SMB_EXTERN GDateTime *smb_gmt_token_parse         (const char *token) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN char      *smb_gmt_token_format        (GDateTime  *date_time) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
