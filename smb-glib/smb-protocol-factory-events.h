/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-connection.h"
#include "smb-protocol-factory.h"

/**
 * SmbFactoryEvents:
 *
 * What a factory has to tell, on its way from the worker, or wherever it happened, to the context that was
 * thread-default when the factory was made. Does not hold the factory: what is left when it goes is dropped.
 */
typedef struct _SmbFactoryEvents SmbFactoryEvents;

typedef enum
{
  SMB_FACTORY_EVENT_CHANGED,
  SMB_FACTORY_EVENT_AUTH_OK,
  SMB_FACTORY_EVENT_AUTH_FAILED,
  SMB_FACTORY_EVENT_CLOSED,
} SmbFactoryEventKind;

typedef struct
{
  GList                link;
  SmbFactoryEventKind  kind;
  SmbConnectionInfo    info;  /* CHANGED: what the properties are */
  GError              *error; /* AUTH_FAILED; nullable in CLOSED */
} SmbFactoryEvent;

SmbFactoryEvents *smb_factory_events_new   (SmbProtocolFactory     *factory);
SmbFactoryEvents *smb_factory_events_ref   (SmbFactoryEvents       *self);
void              smb_factory_events_unref (SmbFactoryEvents       *self);
/* The factory goes: nothing more is told, and the context is let go. */
void              smb_factory_events_stop  (SmbFactoryEvents       *self);

/* From any thread; copy what they are given. */
void smb_factory_events_push_changed (SmbFactoryEvents        *self,
                                      const SmbConnectionInfo *info);
void smb_factory_events_push         (SmbFactoryEvents        *self,
                                      SmbFactoryEventKind      kind,
                                      const GError            *error);

/* In the context's own thread: emits now what is queued. In another thread it does nothing. */
void smb_factory_events_flush        (SmbFactoryEvents        *self,
                                      SmbProtocolFactory      *factory);
