/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire/smb-reader.h"
#include "wire/smb-writer.h"

G_BEGIN_DECLS

/*
 * NDR with 32-bit pointers, little endian ([C706] chapter 14, [MS-RPCE] 2.2.4). Everything aligns
 * itself, counted from the beginning of the stub.
 *
 * smb_ndr_read_pointer: a unique pointer's referent: whether it points to anything.
 * smb_ndr_read_count: the maximum count of a conformant array whose elements take at least
 *   @element_size bytes each in what remains; fails if they cannot be there, so that the result
 *   is safe to allocate for.
 * smb_ndr_read_string: a conformant and varying string of UTF-16 with its terminator, as UTF-8,
 *   to be freed. A text that UTF-8 cannot hold comes with U+FFFD in place of what is wrong. NULL
 *   and failed if it does not fit.
 */
SMB_EXTERN guint32  smb_ndr_read_u32      (SmbReader  *reader);
SMB_EXTERN gboolean smb_ndr_read_pointer  (SmbReader  *reader);
SMB_EXTERN guint32  smb_ndr_read_count    (SmbReader  *reader,
                                           gsize       element_size);
SMB_EXTERN char    *smb_ndr_read_string   (SmbReader  *reader) G_GNUC_WARN_UNUSED_RESULT;

SMB_EXTERN void     smb_ndr_write_u32     (SmbWriter  *writer,
                                           guint32     value);
SMB_EXTERN void     smb_ndr_write_pointer (SmbWriter  *writer,
                                           guint32     referent);
SMB_EXTERN void     smb_ndr_write_string  (SmbWriter  *writer,
                                           const char *text);

G_END_DECLS
