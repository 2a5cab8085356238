/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/*
 * smb_utf16_from_utf8: UTF-16LE bytes without a terminator, to be freed, and their number; NULL
 *   if @text is not UTF-8. A string of length 0 gives a non-NULL result of size 0.
 * smb_utf16_encode: the same for the @length bytes of @text, to @out, which has room for twice as
 *   many. Returns the number of bytes; 0 if @text is not UTF-8, whatever was written then.
 * smb_utf16_to_utf8: the reverse for @size bytes at any alignment; NULL for an odd size, a lone
 *   surrogate or U+0000, none of which a C string of UTF-8 can hold.
 * smb_utf16_to_utf8_terminated: the same, but ends at the first U+0000 if there is one.
 * smb_utf16_to_utf8_lossy: the same, with U+FFFD in place of a lone surrogate and a last odd byte
 *   dropped. Never NULL. For texts that people read, not for names that lead to a file.
 * smb_utf16_count_units: UTF-16 units of a UTF-8 text: twice this is its size on the wire. Two
 *   for a character outside the BMP.
 */
SMB_EXTERN guint8   *smb_utf16_from_utf8          (const char    *text,
                                                   gsize         *size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN gsize     smb_utf16_encode             (const char    *text,
                                                   gsize          length,
                                                   guint8        *out);
SMB_EXTERN char     *smb_utf16_to_utf8            (gconstpointer  data,
                                                   gsize          size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN char     *smb_utf16_to_utf8_terminated (gconstpointer  data,
                                                   gsize          size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN char     *smb_utf16_to_utf8_lossy      (gconstpointer  data,
                                                   gsize          size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN gsize     smb_utf16_count_units        (const char    *text);

G_END_DECLS
