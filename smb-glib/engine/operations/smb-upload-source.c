/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-upload-private.h"

/* The caller's side of storing a file: the application's stream is read into buffers, for as long as there
 * are any, and these go to the worker. */

static SmbChunk *
take_buffer (Upload *self)
{
  gsize size = self->position == self->offset ? SMB_UPLOAD_QUICK_SIZE : g_atomic_int_get (&self->chunk_size);

  self->pool.limit = g_atomic_int_get (&self->window);
  return smb_chunk_pool_take (&self->pool, size);
}

static void
chunk_filled (SmbCall  *call,
              SmbChunk *chunk,
              GError   *error)
{
  Upload *self = smb_call_get_data (call);

  if (error != NULL)
    {
      smb_chunk_unref (chunk);
      smb_transfer_fail (call, error);
      return;
    }
  chunk->offset = self->position;
  chunk->last = chunk->size < chunk->wanted;
  self->position += chunk->size;
  self->at_end = chunk->last;
  g_async_queue_push (self->full, chunk);
  smb_call_run_on_worker (call, smb_upload_take);
}

static void
fill_chunk (SmbCall  *call,
            SmbChunk *chunk)
{
  SmbTransfer *transfer = smb_transfer_get (call);
  GError      *error = NULL;

  smb_transfer_block (transfer, TRUE);
  g_input_stream_read_all (transfer->stream, chunk->data, chunk->wanted, &chunk->size, transfer->stop,
                           &error);
  smb_transfer_block (transfer, FALSE);
  chunk_filled (call, chunk, error);
}

static void
chunk_filled_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  SmbCall     *call = user_data;
  SmbTransfer *transfer = smb_transfer_get (call);
  SmbChunk    *chunk = g_steal_pointer (&transfer->chunk);
  GError      *error = NULL;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &chunk->size, &error);
  transfer->busy = FALSE;
  chunk_filled (call, chunk, error);
  smb_upload_fill (call);
  smb_transfer_end (call);
}

static void
fill_chunk_async (SmbCall  *call,
                  SmbChunk *chunk)
{
  SmbTransfer *transfer = smb_transfer_get (call);

  transfer->chunk = chunk;
  g_input_stream_read_all_async (transfer->stream, chunk->data, chunk->wanted, G_PRIORITY_DEFAULT,
                                 transfer->stop, chunk_filled_cb, smb_transfer_begin (call));
}

/* How long the stream is, for the progress. */

static void
note_length (SmbTransfer *transfer,
             GFileInfo   *info)
{
  if (info == NULL || !g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_STANDARD_SIZE))
    return;
  transfer->total = g_file_info_get_size (info);
  if (G_IS_SEEKABLE (transfer->stream))
    transfer->total = MAX (transfer->total - g_seekable_tell (transfer->stream), 0);
}

static void
measured_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  SmbCall              *call = user_data;
  SmbTransfer          *transfer = smb_transfer_get (call);
  g_autoptr(GFileInfo) info = g_file_input_stream_query_info_finish (G_FILE_INPUT_STREAM (source), result,
                                                                      NULL);

  transfer->busy = FALSE;
  note_length (transfer, info);
  smb_upload_fill (call);
  smb_transfer_end (call);
}

static void
measure_file (SmbCall *call)
{
  SmbTransfer *transfer = smb_transfer_get (call);

  if (smb_call_is_sync (call))
    {
      g_autoptr(GFileInfo) info = g_file_input_stream_query_info (
          transfer->stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, transfer->stop, NULL);

      note_length (transfer, info);
    }
  else
    g_file_input_stream_query_info_async (transfer->stream, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                          G_PRIORITY_DEFAULT, transfer->stop, measured_cb,
                                          smb_transfer_begin (call));
}

/* Only its end tells how long such a stream is. If it cannot come back from there, nothing can be stored. */
static void
measure_seekable (SmbCall *call)
{
  SmbTransfer *transfer = smb_transfer_get (call);
  goffset      begin = g_seekable_tell (transfer->stream);
  goffset      end;
  GError      *error = NULL;

  if (!g_seekable_can_seek (transfer->stream) ||
      !g_seekable_seek (transfer->stream, 0, G_SEEK_END, transfer->stop, NULL))
    return;

  end = g_seekable_tell (transfer->stream);
  if (g_seekable_seek (transfer->stream, begin, G_SEEK_SET, transfer->stop, &error))
    transfer->total = MAX (end - begin, 0);
  else
    smb_transfer_fail (call, error);
}

static void
measure (SmbCall *call)
{
  SmbTransfer *transfer = smb_transfer_get (call);

  if (transfer->progress == NULL)
    return;
  if (G_IS_FILE_INPUT_STREAM (transfer->stream))
    measure_file (call);
  else if (G_IS_SEEKABLE (transfer->stream))
    measure_seekable (call);
}

static void
take_back (Upload      *self,
           SmbTransfer *transfer)
{
  SmbChunk *chunk;

  while ((chunk = g_async_queue_try_pop (self->empty)) != NULL)
    {
      smb_transfer_advance (transfer, chunk->size);
      smb_chunk_pool_give (&self->pool, chunk);
    }
}

void
smb_upload_fill (SmbCall *call)
{
  Upload      *self = smb_call_get_data (call);
  SmbTransfer *transfer = smb_transfer_get (call);
  SmbChunk    *chunk;

  if (!self->measured)
    {
      self->measured = TRUE;
      measure (call);
    }

  take_back (self, transfer);
  while (smb_transfer_is_free (transfer) && !self->at_end && (chunk = take_buffer (self)) != NULL)
    {
      if (smb_call_is_sync (call))
        fill_chunk (call, chunk);
      else if (!smb_transfer_is_in_memory (transfer))
        fill_chunk_async (call, chunk);
      else
        {
          fill_chunk (call, chunk);
          smb_call_run_on_caller (call, smb_upload_fill); /* in another turn of the main loop */
          return;
        }
      take_back (self, transfer);
    }
}
