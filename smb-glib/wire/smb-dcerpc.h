/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/* What we offer as the largest fragment in both directions ([C706] 12.6.3.1 wants at least 1432). */
#define SMB_DCERPC_MAX_FRAGMENT 4280

/**
 * SmbDcerpcInterface:
 * @uuid: as on the wire
 * @major: version
 * @minor: version
 *
 * An interface to bind to.
 */
typedef struct
{
  guint8  uuid[16];
  guint16 major;
  guint16 minor;
} SmbDcerpcInterface;

/**
 * SmbDcerpcBindAck:
 * @max_transmit: largest fragment the server sends, in bytes
 * @max_receive: largest fragment the server takes, in bytes
 * @association_group: the server's number for it
 *
 * What the server answered to a bind that it accepted.
 */
typedef struct
{
  guint16 max_transmit;
  guint16 max_receive;
  guint32 association_group;
} SmbDcerpcBindAck;

/**
 * SmbDcerpcReply:
 *
 * Puts the response to one request together from its fragments.
 */
typedef struct _SmbDcerpcReply SmbDcerpcReply;

/*
 * smb_dcerpc_bind_encode: one PDU that offers @interface with NDR32 as context 0.
 * smb_dcerpc_bind_ack_decode: @data is one whole PDU. SMB_ERROR_NOT_SUPPORTED if the server does
 *   not have the interface or refuses the bind, SMB_ERROR_PROTOCOL if it makes no sense.
 * smb_dcerpc_request_encode: one PDU on context 0. @stub_size is at most SMB_DCERPC_MAX_FRAGMENT
 *   - 24, more is a programming error.
 *
 * smb_dcerpc_reply_new: for the call @call_id; more than @max_stub_size bytes of result are
 *   refused.
 * smb_dcerpc_reply_push: the next bytes from the pipe, cut anywhere. A fault becomes
 *   SMB_ERROR_ACCESS_DENIED, SMB_ERROR_NOT_SUPPORTED or SMB_ERROR_FAILED that names its number;
 *   everything out of place SMB_ERROR_PROTOCOL.
 * smb_dcerpc_reply_is_complete: whether the last fragment has come. Until then read more of the
 *   pipe.
 * smb_dcerpc_reply_get_stub: the result's bytes, owned by @self, once it is complete.
 */
SMB_EXTERN GBytes         *smb_dcerpc_bind_encode       (guint32                   call_id,
                                                         const SmbDcerpcInterface *interface)
                                                        G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN gboolean        smb_dcerpc_bind_ack_decode   (SmbDcerpcBindAck         *self,
                                                         guint32                   call_id,
                                                         gconstpointer             data,
                                                         gsize                     size,
                                                         GError                  **error);
SMB_EXTERN GBytes         *smb_dcerpc_request_encode    (guint32                   call_id,
                                                         guint16                   opnum,
                                                         gconstpointer             stub,
                                                         gsize                     stub_size)
                                                        G_GNUC_WARN_UNUSED_RESULT;

SMB_EXTERN SmbDcerpcReply *smb_dcerpc_reply_new         (guint32                   call_id,
                                                         gsize                     max_stub_size)
                                                        G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void            smb_dcerpc_reply_free        (SmbDcerpcReply           *self);
SMB_EXTERN gboolean        smb_dcerpc_reply_push        (SmbDcerpcReply           *self,
                                                         gconstpointer             data,
                                                         gsize                     size,
                                                         GError                  **error);
SMB_EXTERN gboolean        smb_dcerpc_reply_is_complete (const SmbDcerpcReply     *self);
SMB_EXTERN gconstpointer   smb_dcerpc_reply_get_stub    (const SmbDcerpcReply     *self,
                                                         gsize                    *size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbDcerpcReply, smb_dcerpc_reply_free)

G_END_DECLS
