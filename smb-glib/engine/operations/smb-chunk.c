/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-chunk.h"

SmbChunk *
smb_chunk_new (gsize capacity)
{
  SmbChunk *self = g_malloc (sizeof *self + capacity);

  *self = (SmbChunk){ .capacity = capacity };
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

SmbChunk *
smb_chunk_ref (SmbChunk *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
smb_chunk_unref (SmbChunk *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

gboolean
smb_chunk_is_complete (const SmbChunk *self)
{
  return self->last || self->size == self->wanted;
}

GBytes *
smb_chunk_dup_unsent (SmbChunk *self)
{
  return g_bytes_new_with_free_func (self->data + self->sent, self->size - self->sent,
                                     (GDestroyNotify) smb_chunk_unref, smb_chunk_ref (self));
}

void
smb_chunk_pool_init (SmbChunkPool *self)
{
  g_queue_init (&self->idle);
  self->allocated = self->idle_size = 0;
  self->limit = 0;
}

void
smb_chunk_pool_clear (SmbChunkPool *self)
{
  g_queue_clear_full (&self->idle, (GDestroyNotify) smb_chunk_unref);
}

static SmbChunk *
take_idle (SmbChunkPool *self,
           gsize         size)
{
  SmbChunk *chunk;

  while ((chunk = g_queue_pop_head (&self->idle)) != NULL)
    {
      self->idle_size -= chunk->capacity;
      if (chunk->capacity >= size)
        return chunk;
      self->allocated -= chunk->capacity; /* from before the chunks grew */
      smb_chunk_unref (chunk);
    }
  return NULL;
}

SmbChunk *
smb_chunk_pool_take (SmbChunkPool *self,
                     gsize         size)
{
  gsize     in_use = self->allocated - self->idle_size;
  SmbChunk *chunk;

  if (in_use > 0 && (size > self->limit || in_use > self->limit - size))
    return NULL;

  chunk = take_idle (self, size);
  if (chunk == NULL)
    {
      chunk = smb_chunk_new (size);
      self->allocated += size;
    }
  chunk->wanted = size;
  chunk->size = 0;
  chunk->sent = 0;
  chunk->last = FALSE;
  return chunk;
}

void
smb_chunk_pool_give (SmbChunkPool *self,
                     SmbChunk     *chunk)
{
  self->idle_size += chunk->capacity;
  g_queue_push_head (&self->idle, chunk);
}
