/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/*
 * smb_name_match: whether the whole of @name (UTF-8) fits @pattern: `*` is any run of characters,
 *   `?` exactly one, letters compare by Unicode simple case folding ([MS-FSA] 2.1.4.4 without the
 *   DOS forms). Time is at most the product of the lengths. A text that is no UTF-8 matches
 *   nothing.
 * smb_name_has_wildcards: whether a name holds `*` or `?`.
 */
SMB_EXTERN gboolean smb_name_match         (const char *pattern,
                                            const char *name);
SMB_EXTERN gboolean smb_name_has_wildcards (const char *name);

G_END_DECLS
