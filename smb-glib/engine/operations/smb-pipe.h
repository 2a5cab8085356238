/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"
#include "wire/smb-dcerpc.h"

/**
 * SmbPipe:
 *
 * Remote procedure calls over a named pipe of IPC$ ([MS-RPCE] 2.1.1.2), one at a time, on behalf of one
 * SmbCall: what goes wrong ends the call. Lives on the worker.
 */
typedef struct _SmbPipe SmbPipe;

/* The pipe is bound. */
typedef void (*SmbPipeReady) (SmbPipe       *self,
                              gpointer       data);
/* The results of a procedure, valid during this. */
typedef void (*SmbPipeReply) (SmbPipe       *self,
                              gconstpointer  stub,
                              gsize          size,
                              gpointer       data);

/* @name: as in "srvsvc". From the start of @call on. */
SmbPipe *smb_pipe_new  (SmbCall                  *call,
                        const char               *name);
/* In the cleanup of the call. */
void     smb_pipe_free (SmbPipe                  *self);

void     smb_pipe_open (SmbPipe                  *self,
                        const SmbDcerpcInterface *interface,
                        SmbPipeReady              ready,
                        gpointer                  data);
/* Calls a procedure with the arguments @stub. */
void     smb_pipe_call (SmbPipe                  *self,
                        guint16                   opnum,
                        GBytes                   *stub,
                        SmbPipeReply              reply,
                        gpointer                  data);
