/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/* SMB over NetBIOS: a session of [RFC 1002] 4.3 beneath the messages. Its properties are for tests: where
 * the name service is asked ("name-service-port"), and how often keep-alives are sent ("keepalive-interval",
 * ms). */
#define SMB_TYPE_NETBIOS_TRANSPORT (smb_netbios_transport_get_type ())
G_DECLARE_FINAL_TYPE (SmbNetbiosTransport, smb_netbios_transport, SMB, NETBIOS_TRANSPORT, SmbTransport)

G_END_DECLS
