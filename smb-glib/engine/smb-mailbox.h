/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"

/* The way to the callers' side of asynchronous calls: one source for all those that were begun in the same
 * main context, so that it is woken up once for all that has become ready meanwhile. From any thread. */
typedef struct _SmbMailbox SmbMailbox;

/* The one of @context, shared by all who have it at the same time. Does not keep the context. */
SmbMailbox *smb_mailbox_get   (GMainContext *context);
void        smb_mailbox_unref (SmbMailbox   *self);
/* @call is run in the context: by smb_call_run_caller_jobs(). */
void        smb_mailbox_post  (SmbMailbox   *self,
                               SmbCall      *call);

/* For the worker, around a fork: threads of the application, which the child does not have, hold the lock at
 * times. */
void smb_mailbox_hold    (void);
void smb_mailbox_release (void);
