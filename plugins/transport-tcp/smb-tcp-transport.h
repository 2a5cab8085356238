/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/* Direct TCP: messages without NetBIOS beneath them ([MS-SMB2] 2.1). */
#define SMB_TYPE_TCP_TRANSPORT (smb_tcp_transport_get_type ())
G_DECLARE_FINAL_TYPE (SmbTcpTransport, smb_tcp_transport, SMB, TCP_TRANSPORT, SmbTransport)

G_END_DECLS
