/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <ifaddrs.h>

G_BEGIN_DECLS

/* The IPv4 broadcast addresses of the networks that this machine is on, each once; the one for all of them if
 * there is no such network. (element-type GInetAddress) */
GPtrArray *smb_broadcast_list      (void) G_GNUC_WARN_UNUSED_RESULT;
/* The same for given interfaces. */
GPtrArray *smb_broadcast_list_from (const struct ifaddrs *interfaces) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a datagram to @address is for all of a network of this machine. */
gboolean   smb_broadcast_is        (GInetAddress *address);

G_END_DECLS
