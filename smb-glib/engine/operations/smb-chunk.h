/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A piece of a file on its way. Its memory stays while anybody holds it, so that a message that is still
 * being sent can, after the transfer has ended. */
typedef struct
{
  gatomicrefcount ref_count;
  guint64         offset;   /* in the file */
  gsize           wanted;   /* bytes that it is to hold */
  gsize           size;     /* bytes that it holds */
  gsize           sent;     /* of them, those that the server took */
  gsize           capacity;
  gboolean        last;     /* nothing comes after it */
  guint8          data[];
} SmbChunk;

SmbChunk *smb_chunk_new   (gsize     capacity);
SmbChunk *smb_chunk_ref   (SmbChunk *self);
void      smb_chunk_unref (SmbChunk *self);
/* Whether nothing is missing in it. */
gboolean  smb_chunk_is_complete (const SmbChunk *self);
/* What the server has not taken yet, for as long as the bytes are held. */
GBytes   *smb_chunk_dup_unsent  (SmbChunk       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbChunk, smb_chunk_unref)

/* The chunks of one transfer: used again and again, and bounded. One thread at a time uses it. */
typedef struct
{
  GQueue idle;      /* of SmbChunk */
  gsize  idle_size; /* bytes of these */
  gsize  allocated; /* bytes of all chunks, idle or not */
  gsize  limit;     /* of those that are not */
} SmbChunkPool;

void      smb_chunk_pool_init  (SmbChunkPool *self);
void      smb_chunk_pool_clear (SmbChunkPool *self);
/* An empty chunk with room for @size bytes; NULL if there would be more than the limit. The first one is
 * always granted, so that a transfer goes on whatever the limit is. */
SmbChunk *smb_chunk_pool_take  (SmbChunkPool *self,
                                gsize         size);
void      smb_chunk_pool_give  (SmbChunkPool *self,
                                SmbChunk     *chunk);
