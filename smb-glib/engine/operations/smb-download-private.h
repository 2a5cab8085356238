/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/operations/smb-chunk.h"
#include "engine/operations/smb-download.h"
#include "engine/operations/smb-open.h"
#include "engine/operations/smb-transfer.h"
#include "engine/smb-path.h"

typedef struct
{
  SmbCall           *call; /* unowned: it owns this */
  SmbPath            path;
  guint64            offset; /* where the bytes that are asked for begin */
  guint64            limit;  /* and end; G_MAXINT64 = with the file */

  /* Between the sides. */
  GAsyncQueue       *full;  /* of SmbChunk, to the caller */
  GAsyncQueue       *empty; /* of SmbChunk, back */
  goffset            total; /* for the progress; written before the first chunk is handed over */

  /* The worker's. */
  SmbDirectoryEntry  file;  /* as it was when it was opened */
  gboolean           is_open;
  guint32            tree_id;
  SmbFileHandle      handle;
  gboolean           quick_done; /* the chain has brought the first chunk */
  SmbLane            lane;
  SmbChunkPool       pool;
  GQueue             window;     /* of SmbChunk: asked for and not handed over yet, in the file's order */
  guint64            position;   /* behind the window */
  guint32            probe;      /* how much is asked for where the file should have ended */
  guint              n_reading;  /* READs under way */
  guint              n_writing;  /* chunks on the caller's side */
  guint64            n_bytes;    /* handed over */
  gboolean           paused;
  gboolean           complete;
} Download;

/* smb-download-stream.c */

/* The end of what there is to be had, as far as that was known at open. */
guint64   smb_download_get_known_end   (Download *self);
/* What the next READ is to ask for; 0 = nothing for now. */
guint32   smb_download_get_next_length (Download *self);
/* A chunk at the position, which moves on; NULL when the window is full. */
SmbChunk *smb_download_add_chunk       (Download *self,
                                        guint32   length);
void      smb_download_forget_chunks   (Download *self);
/* The answer to a READ goes into its chunk: FALSE if the call has failed. smb_download_take_answer() asks
 * for what is missing. */
gboolean  smb_download_note_answer     (Download *self,
                                        SmbPlan  *plan,
                                        guint     step,
                                        SmbChunk *chunk);
gboolean  smb_download_take_answer     (Download *self,
                                        SmbPlan  *plan,
                                        guint     step,
                                        SmbChunk *chunk);
/* Hands over what is there and asks for more. */
void      smb_download_go_on           (Download *self);
void      smb_download_return          (Download *self);
/* The caller's side: after the last bytes. */
void      smb_download_finish_writing  (SmbCall  *call);
