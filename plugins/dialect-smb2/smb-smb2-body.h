/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/*
 * The bodies of SMB2 messages ([MS-SMB2] 2.2): all requests but NEGOTIATE and SESSION_SETUP, all replies but
 * NEGOTIATE's.
 *
 * smb_smb2_encode_body: appends the body of @request behind the 64 bytes of its header, which begins at
 *   @header_offset from the writer's base. What a WRITE carries is not copied: @payload becomes the bytes
 *   that go right behind the body, over the caller's memory, or NULL. They keep the request's owner alive,
 *   not the request. The end of the body is not padded. SMB_ERROR_INVALID_ARGUMENT for what SMB2 cannot
 *   express: a name that is no UTF-8, or longer than its length field can say.
 * smb_smb2_decode_body: reads the body of @item, whose bytes begin with the header and end with the message,
 *   as the answer to @request. Fills in @reply, whose ranges are borrowed from @item; it says nothing but
 *   command and status after a failure. SMB_ERROR_PROTOCOL for a body that is malformed or holds more than
 *   was asked for.
 * smb_smb2_payload_size: the bytes by which the credit charge is computed: the larger of what is sent and
 *   what may come back ([MS-SMB2] 3.2.4.1.5).
 */
gboolean smb_smb2_encode_body  (SmbWriter         *writer,
                                const SmbRequest  *request,
                                gsize              header_offset,
                                GBytes           **payload,
                                GError           **error);
gboolean smb_smb2_decode_body  (const SmbItem     *item,
                                const SmbRequest  *request,
                                SmbReply          *reply,
                                GError           **error);
guint    smb_smb2_payload_size (const SmbRequest  *request);

G_END_DECLS
