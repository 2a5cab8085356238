/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-connection.h"
#include "smb-protocol-factory-events.h"
#include "smb-protocol-factory-settings.h"
#include "smb-protocol-factory.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbConnection, smb_connection_unuse)

/* A use of the connection that was opened last, to be given back with smb_connection_unuse(); NULL if there
 * was none yet. Calls on it fail with NOT_READY until its session stands and with NOT_CONNECTED once it has
 * ended, so that operations pass it on to smb_call_new() without a look. In a forked child it is the
 * parent's, which smb_call_run() notices. */
SmbConnection *smb_protocol_factory_dup_connection (SmbProtocolFactory *self);

/* In the factory's context: tells an event by properties and signals. */
void smb_protocol_factory_emit (SmbProtocolFactory    *self,
                                const SmbFactoryEvent *event);

/* For opening and closing. */

typedef struct
{
  guint               generation; /* of processes: in a child nothing below is touched */
  SmbFactoryEvents   *events;
  SmbConnectionInfo   told; /* what the properties were when they were last told; in the context only */

  GMutex              lock;
  SmbFactorySettings  settings;   /* under the lock, as is all that follows */
  SmbConnection      *connection; /* the latest, also when it has ended; NULL = none yet */
  gboolean            opening;    /* it is being opened, and the opening has not been told of its end */
} SmbProtocolFactoryPrivate;

SmbProtocolFactoryPrivate *smb_protocol_factory_get_private (SmbProtocolFactory *self);
gboolean                   smb_protocol_factory_is_of_this_process (SmbProtocolFactory *self);
