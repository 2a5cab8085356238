/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-connection.h"
#include "smb-protocol-factory.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbConnection, smb_connection_unuse)

/* A use of the connection that was opened last, to be given back with smb_connection_unuse(); NULL if there was
 * none yet. Calls on it fail with NOT_READY until its session stands and with NOT_CONNECTED once it has ended,
 * so that operations pass it on to smb_call_new() without a look. In a forked child it is the parent's, of which
 * smb_call_run() takes care. */
SmbConnection *smb_protocol_factory_dup_connection (SmbProtocolFactory *self);
