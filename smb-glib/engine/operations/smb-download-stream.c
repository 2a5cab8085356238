/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-download-private.h"

#include "engine/operations/smb-operation.h"
#include "wire/smb-ntstatus.h"

/*
 * The stream of READs on an open file. Chunks are asked for up to a window full, arrive in any order, and
 * go to the application's stream in the file's. A chunk returns when the stream has taken it, and only then
 * is more asked for: a slow stream slows the READs, and memory is bounded by the window.
 */

static void read_done (SmbPlan *plan, gpointer data);

guint64
smb_download_get_known_end (Download *self)
{
  return MIN (self->file.end_of_file, self->limit);
}

/* Whether a READ that is under way will tell where the file ends, or one has told and waits for those before
 * it. */
static gboolean
end_is_asked_for (Download *self)
{
  const SmbChunk *tail = g_queue_peek_tail (&self->window);

  if (tail == NULL)
    return FALSE;
  return tail->last ||
         (!smb_chunk_is_complete (tail) && tail->offset + tail->wanted > self->file.end_of_file);
}

/* The last READ asks for a byte more than there should be: that it is not there shows that the file has not
 * grown, without asking once more. Files that grow, and those whose size the server does not know, are read
 * on in growing steps. */
guint32
smb_download_get_next_length (Download *self)
{
  guint32 chunk = smb_connection_get_read_chunk (smb_call_get_connection (self->call));
  guint64 left, allowed;

  if (self->position >= self->limit)
    return 0;

  allowed = MIN (chunk, self->limit - self->position);
  if (self->position < self->file.end_of_file)
    {
      left = self->file.end_of_file - self->position;
      return MIN (allowed, left + 1);
    }
  if (end_is_asked_for (self))
    return 0;
  return MIN (allowed, self->probe);
}

SmbChunk *
smb_download_add_chunk (Download *self,
                        guint32   length)
{
  SmbChunk *chunk = smb_chunk_pool_take (&self->pool, length);

  if (chunk == NULL)
    return NULL;
  if (self->position >= self->file.end_of_file)
    self->probe = MIN (self->probe, G_MAXUINT32 / 4) * 4;
  chunk->offset = self->position;
  self->position += length;
  g_queue_push_tail (&self->window, chunk);
  return chunk;
}

void
smb_download_forget_chunks (Download *self)
{
  SmbChunk *chunk;

  while ((chunk = g_queue_pop_head (&self->window)) != NULL)
    smb_chunk_pool_give (&self->pool, chunk);
}

/* Reading. */

static void
send_read (Download *self,
           SmbChunk *chunk)
{
  SmbPlan    *plan = smb_plan_new (self->call, read_done, chunk);
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_READ);

  request->tree_id = self->tree_id;
  request->handle = self->handle;
  request->read.offset = chunk->offset + chunk->size;
  request->read.length = chunk->wanted - chunk->size;
  smb_plan_set_destination (plan, chunk->data + chunk->size);
  smb_plan_set_lane (plan, &self->lane);
  self->n_reading++;
  smb_plan_submit (plan);
}

gboolean
smb_download_note_answer (Download *self,
                          SmbPlan  *plan,
                          guint     step,
                          SmbChunk *chunk)
{
  GError *error = NULL;
  gsize   n_bytes = 0;

  if (smb_plan_get_status (plan, step) != SMB_STATUS_END_OF_FILE)
    {
      if (!smb_plan_check (plan, step, &error))
        {
          smb_call_return_error (self->call, error);
          return FALSE;
        }
      n_bytes = smb_plan_get_reply (plan, step)->read.size;
    }

  chunk->size += n_bytes;
  if (n_bytes == 0)
    chunk->last = TRUE;
  return TRUE;
}

gboolean
smb_download_take_answer (Download *self,
                          SmbPlan  *plan,
                          guint     step,
                          SmbChunk *chunk)
{
  if (!smb_download_note_answer (self, plan, step, chunk))
    return FALSE;
  if (chunk->size < chunk->wanted && chunk->offset + chunk->size == self->file.end_of_file)
    chunk->last = TRUE;
  if (!smb_chunk_is_complete (chunk))
    send_read (self, chunk);
  return TRUE;
}

static void
read_done (SmbPlan  *plan,
           gpointer  data)
{
  SmbCall  *call = smb_plan_get_call (plan);
  Download *self = smb_call_get_data (call);

  self->n_reading--;
  smb_call_touch (call);
  if (smb_download_take_answer (self, plan, 0, data))
    smb_download_go_on (self);
}

/* Handing over. */

static void write_chunks (SmbCall *call);

static void
hand_over_chunk (Download *self,
                 SmbChunk *chunk)
{
  if (chunk->size == 0)
    {
      smb_chunk_pool_give (&self->pool, chunk);
      return;
    }
  self->n_bytes += chunk->size;
  self->n_writing++;
  g_async_queue_push (self->full, chunk);
  smb_call_run_on_caller (self->call, write_chunks);
}

/* TRUE: that was the end of the file. */
static gboolean
hand_over (Download *self)
{
  SmbChunk *chunk;
  gboolean  last = FALSE;

  while (!last && (chunk = g_queue_peek_head (&self->window)) != NULL && smb_chunk_is_complete (chunk))
    {
      last = chunk->last;
      g_queue_pop_head (&self->window);
      hand_over_chunk (self, chunk);
    }
  return last || (g_queue_is_empty (&self->window) && self->position >= self->limit);
}

/* When only the application's stream can move things on, no server is to blame for the time. */
static void
update_pause (Download *self)
{
  gboolean pause = self->n_reading == 0 && self->n_writing > 0;

  if (pause == self->paused)
    return;
  self->paused = pause;
  smb_call_pause_timeout (self->call, pause);
}

void
smb_download_return (Download *self)
{
  self->complete = TRUE;
  smb_call_return_number (self->call, NULL, NULL, self->n_bytes);
}

void
smb_download_go_on (Download *self)
{
  guint32   length;
  SmbChunk *chunk;

  if (hand_over (self))
    {
      smb_download_return (self);
      return;
    }
  self->pool.limit = smb_connection_get_window (smb_call_get_connection (self->call), &self->lane);
  while ((length = smb_download_get_next_length (self)) > 0 &&
         (chunk = smb_download_add_chunk (self, length)) != NULL)
    send_read (self, chunk);
  update_pause (self);
}

static void
take_back (SmbCall *call)
{
  Download *self = smb_call_get_data (call);
  SmbChunk *chunk;

  while ((chunk = g_async_queue_try_pop (self->empty)) != NULL)
    {
      self->n_writing--;
      smb_chunk_pool_give (&self->pool, chunk);
    }
  smb_download_go_on (self);
}

/* The caller's side. */

static void
chunk_written (SmbCall  *call,
               SmbChunk *chunk,
               GError   *error)
{
  Download *self = smb_call_get_data (call);

  if (error != NULL)
    {
      smb_chunk_unref (chunk);
      smb_transfer_fail (call, error);
      return;
    }
  smb_transfer_advance (smb_transfer_get (call), chunk->size);
  g_async_queue_push (self->empty, chunk);
  smb_call_run_on_worker (call, take_back);
}

static void
write_chunk (SmbCall  *call,
             SmbChunk *chunk)
{
  SmbTransfer *transfer = smb_transfer_get (call);
  GError      *error = NULL;

  smb_transfer_block (transfer, TRUE);
  g_output_stream_write_all (transfer->stream, chunk->data, chunk->size, NULL, transfer->stop, &error);
  smb_transfer_block (transfer, FALSE);
  chunk_written (call, chunk, error);
}

static void
chunk_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  SmbCall     *call = user_data;
  SmbTransfer *transfer = smb_transfer_get (call);
  GError      *error = NULL;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error);
  transfer->busy = FALSE;
  chunk_written (call, g_steal_pointer (&transfer->chunk), error);
  write_chunks (call);
  smb_transfer_end (call);
}

static void
write_chunk_async (SmbCall  *call,
                   SmbChunk *chunk)
{
  SmbTransfer *transfer = smb_transfer_get (call);

  transfer->chunk = chunk;
  g_output_stream_write_all_async (transfer->stream, chunk->data, chunk->size, G_PRIORITY_DEFAULT,
                                   transfer->stop, chunk_written_cb, smb_transfer_begin (call));
}

static void
write_chunks (SmbCall *call)
{
  Download    *self = smb_call_get_data (call);
  SmbTransfer *transfer = smb_transfer_get (call);
  SmbChunk    *chunk;

  transfer->total = self->total;
  while (smb_transfer_is_free (transfer) && (chunk = g_async_queue_try_pop (self->full)) != NULL)
    if (smb_call_is_sync (call))
      write_chunk (call, chunk);
    else if (!smb_transfer_is_in_memory (transfer))
      write_chunk_async (call, chunk);
    else
      {
        write_chunk (call, chunk);
        return; /* each comes with a job of its own, so that no turn of the main loop takes all */
      }
}

void
smb_download_finish_writing (SmbCall *call)
{
  Download *self = smb_call_get_data (call);

  smb_transfer_get (call)->total = self->total;
  smb_transfer_finish (call);
}
