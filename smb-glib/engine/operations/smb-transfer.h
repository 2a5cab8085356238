/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/operations/smb-chunk.h"
#include "engine/smb-call.h"

/* The caller's side of a call that moves a file: the application's stream and its progress callback. It is
 * the caller's data of the call, and all of it is used on that side only. */
typedef struct
{
  gpointer              stream; /* a GInputStream or GOutputStream */
  GFileProgressCallback progress;
  gpointer              progress_data;
  GDestroyNotify        progress_destroy;
  goffset               current; /* bytes moved */
  goffset               total;   /* bytes to be moved, -1 = unknown */
  gboolean              told;    /* the callback has been called */

  GCancellable         *stop;    /* ends what the stream is doing; follows the application's */
  GCancellable         *application;
  gulong                handler;
  gint                  blocked; /* atomic: a synchronous caller's thread is in the stream */
  gint                  failed;  /* atomic: the worker has ended the call */
  gboolean              busy;    /* an asynchronous operation of the stream is under way */
  SmbChunk             *chunk;   /* while it is: what it fills or empties */
  gboolean              stopped; /* nothing more is done with the stream */
  gboolean              ended;   /* on the worker the call is over */
  GError               *error;   /* of the stream */
} SmbTransfer;

/* Makes it the caller's data of @call. */
SmbTransfer *smb_transfer_new     (SmbCall               *call,
                                   gpointer               stream,
                                   GFileProgressCallback  progress,
                                   gpointer               progress_data,
                                   GDestroyNotify         progress_destroy,
                                   GCancellable          *cancellable);
SmbTransfer *smb_transfer_get     (SmbCall               *call);
/* Whether the stream may be used now. */
gboolean     smb_transfer_is_free (const SmbTransfer     *self);
/* Whether it is one of GIO's own streams over memory, which never blocks: a turn of the main loop for each
 * piece would be for nothing. */
gboolean     smb_transfer_is_in_memory (const SmbTransfer *self);
/* So many bytes more, of which the application is told. */
void         smb_transfer_advance (SmbTransfer           *self,
                                   gsize                  bytes);
/* Around an asynchronous operation of the stream. smb_transfer_begin() gives the user data for its
   callback. */
gpointer     smb_transfer_begin   (SmbCall               *call);
void         smb_transfer_end     (SmbCall               *call);
/* Ends the call with an error of the stream, which is taken, even where the worker thinks that all went
   well. */
void         smb_transfer_fail    (SmbCall               *call,
                                   GError                *error);
/* Around a blocking operation of the stream. */
void         smb_transfer_block   (SmbTransfer           *self,
                                   gboolean               block);

/* On the worker, in the call's cleanup: the stream is left alone from here on. @finish: what to do on the
 * caller's side after the last bytes were handed over; NULL if the call has failed. */
void         smb_transfer_cleanup (SmbCall               *call,
                                   SmbCallFunc            finish);
/* For @finish. */
void         smb_transfer_finish  (SmbCall               *call);
