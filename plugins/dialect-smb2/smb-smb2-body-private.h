/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-body.h"

G_BEGIN_DECLS

/* Where every body begins, from the header ([MS-SMB2] 2.2.1.2). */
#define SMB2_BODY_OFFSET 64

/* In an encoder the writer stands where the body begins; offsets that it writes count from 64 bytes before.
 * In a decoder the reader is that of the whole message and stands behind StructureSize; what cannot be is
 * reported with smb_reader_fail(). */

void     smb_smb2_write_handle  (SmbWriter         *w,
                                 const SmbRequest  *request);
/* The bytes that @text takes in UTF-16, if a length field of 16 bits can say it. */
gboolean smb_smb2_check_name    (const char        *text,
                                 guint16           *size,
                                 GError           **error);

gboolean smb_smb2_encode_create (SmbWriter         *w,
                                 const SmbRequest  *request,
                                 GBytes           **payload,
                                 GError           **error);
void     smb_smb2_decode_create (SmbReader         *r,
                                 const SmbItem     *item,
                                 const SmbRequest  *request,
                                 SmbReply          *reply);
gboolean smb_smb2_decode_error  (SmbReader         *r,
                                 const SmbRequest  *request,
                                 SmbReply          *reply,
                                 GError           **error);

G_END_DECLS
