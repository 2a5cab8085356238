/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/* Who calls whom in a session request. */

/* The name to call @server_name by, which may be a host's full name. Without one, or with an address, it is
 * the one that most servers take for their own, and @guessed becomes TRUE. FALSE with
 * SMB_ERROR_INVALID_ARGUMENT. */
gboolean smb_netbios_names_choose_called  (const char      *server_name,
                                           SmbNetbiosName  *called,
                                           gboolean        *guessed,
                                           GError         **error);
/* Our own: @client_name, or the name of this machine. */
void     smb_netbios_names_choose_calling (const char      *client_name,
                                           SmbNetbiosName  *calling);
/* The name under which a node serves files, by its answer to a status request. */
gboolean smb_netbios_names_find_server    (const SmbNbnsReply *status,
                                           SmbNetbiosName     *called);

G_END_DECLS
