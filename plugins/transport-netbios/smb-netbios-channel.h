/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/* Messages in packets of the session service ([RFC 1002] 4.3.6), and keep-alives when there are none. */
#define SMB_TYPE_NETBIOS_CHANNEL (smb_netbios_channel_get_type ())
G_DECLARE_FINAL_TYPE (SmbNetbiosChannel, smb_netbios_channel, SMB, NETBIOS_CHANNEL, SmbChannel)

/* Over a connection on which the session stands. Keep-alives are sent from the thread-default context of the
 * caller, in which the channel is used. @keepalive_msec: how often, 0 for never. */
SmbChannel *smb_netbios_channel_new (GIOStream *stream,
                                     guint      keepalive_msec);

G_END_DECLS
