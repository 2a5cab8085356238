/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-plan.h"
#include "engine/operations/smb-chunk.h"
#include "engine/operations/smb-transfer.h"
#include "engine/operations/smb-upload.h"
#include "engine/smb-path.h"

/* What goes into a file that is stored in one chain: one unit, on every dialect. */
#define SMB_UPLOAD_QUICK_SIZE (64 * 1024)

typedef enum
{
  SMB_UPLOAD_WAITING, /* until we know whether it is a small file */
  SMB_UPLOAD_OPENING,
  SMB_UPLOAD_OPEN,
  SMB_UPLOAD_CLOSING,
} SmbUploadState;

typedef struct
{
  SmbCall        *call; /* unowned: it owns this */
  SmbPath         path;
  guint64         offset;

  /* Between the sides. */
  GAsyncQueue    *full;  /* of SmbChunk, to the worker, in the file's order */
  GAsyncQueue    *empty; /* of SmbChunk, back */
  guint           chunk_size; /* atomic, bytes */
  guint           window;     /* atomic, bytes */

  /* The caller's. */
  SmbChunkPool    pool;
  guint64         position; /* in the file, of what is read next */
  gboolean        measured;
  gboolean        at_end;   /* of the stream */

  /* The worker's. */
  SmbUploadState  state;
  guint32         disposition;
  gboolean        emptying; /* the file's size is set to 0 since it could not be overwritten */
  gboolean        is_open;
  guint32         tree_id;
  SmbFileHandle   handle;
  SmbLane         lane;
  GQueue          waiting;   /* of SmbChunk, to be written */
  gboolean        has_last;  /* the stream's end has come */
  GPtrArray      *writing;   /* of SmbChunk, under way */
  guint64         n_bytes;   /* written */
  gboolean        paused;
  gboolean        complete;
} Upload;

/* smb-upload-source.c: the caller's side */

void smb_upload_fill (SmbCall *call);

/* smb-upload.c: the worker's */

void smb_upload_take (SmbCall *call);
