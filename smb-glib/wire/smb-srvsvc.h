/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/smb-dcerpc.h"

G_BEGIN_DECLS

/* The name of the pipe, relative to IPC$ ([MS-SRVS] 2.1). */
#define SMB_SRVSVC_PIPE "srvsvc"

/* [MS-SRVS] 3.1.4.8 */
#define SMB_SRVSVC_OPNUM_NETR_SHARE_ENUM 15

/* [MS-SRVS] 2.2.2.4 Share Types */
#define SMB_SRVSVC_SHARE_DISK      0x00000000
#define SMB_SRVSVC_SHARE_PRINTQ    0x00000001
#define SMB_SRVSVC_SHARE_DEVICE    0x00000002
#define SMB_SRVSVC_SHARE_IPC       0x00000003
#define SMB_SRVSVC_SHARE_TYPE_MASK 0x000000FF
#define SMB_SRVSVC_SHARE_TEMPORARY 0x40000000
#define SMB_SRVSVC_SHARE_SPECIAL   0x80000000

/* [MS-ERREF] 2.2: what the call itself answers */
#define SMB_SRVSVC_ERROR_SUCCESS       0
#define SMB_SRVSVC_ERROR_ACCESS_DENIED 5
#define SMB_SRVSVC_ERROR_NOT_SUPPORTED 50
#define SMB_SRVSVC_ERROR_INVALID_LEVEL 124
#define SMB_SRVSVC_ERROR_MORE_DATA     234

/**
 * SmbSrvsvcShare:
 * @name: UTF-8
 * @comment: UTF-8, "" if the server has none
 * @type: SMB_SRVSVC_SHARE_*
 *
 * SHARE_INFO_1 ([MS-SRVS] 2.2.4.23).
 */
typedef struct
{
  char    *name;
  char    *comment;
  guint32  type;
} SmbSrvsvcShare;

/**
 * SmbSrvsvcShareEnum:
 * @shares: (element-type SmbSrvsvcShare): those of this answer
 * @total: how many there are on the server, as a hint
 * @more: whether to ask again with @resume_handle
 * @resume_handle: where to go on
 *
 * An answer to NetrShareEnum.
 */
typedef struct
{
  GPtrArray *shares;
  guint32    total;
  gboolean   more;
  guint32    resume_handle;
} SmbSrvsvcShareEnum;

SMB_EXTERN const SmbDcerpcInterface smb_srvsvc_interface;

/*
 * smb_srvsvc_share_enum_encode: the stub of NetrShareEnum at level 1. @server_name is "\\host";
 *   @resume_handle is 0 at first.
 * smb_srvsvc_share_enum_decode: from the response's stub. A result other than 0 and
 *   ERROR_MORE_DATA becomes an error: SMB_ERROR_ACCESS_DENIED, SMB_ERROR_NOT_SUPPORTED or
 *   SMB_ERROR_FAILED. To be freed with smb_srvsvc_share_enum_free().
 */
SMB_EXTERN GBytes             *smb_srvsvc_share_enum_encode (const char          *server_name,
                                                             guint32              resume_handle)
                                                            G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN SmbSrvsvcShareEnum *smb_srvsvc_share_enum_decode (gconstpointer        stub,
                                                             gsize                size,
                                                             GError             **error)
                                                            G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void                smb_srvsvc_share_enum_free   (SmbSrvsvcShareEnum  *self);
SMB_EXTERN void                smb_srvsvc_share_free        (SmbSrvsvcShare      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbSrvsvcShareEnum, smb_srvsvc_share_enum_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbSrvsvcShare, smb_srvsvc_share_free)

G_END_DECLS
