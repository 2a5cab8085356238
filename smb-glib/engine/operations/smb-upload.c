/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-upload-private.h"

#include "engine/operations/smb-operation.h"
#include "wire/smb-file-info.h"
#include "wire/smb-fscc.h"
#include "wire/smb-ntstatus.h"

/*
 * The worker's side of storing a file. When the stream ends within the first chunk, the file goes out in
 * one chain: CREATE, WRITE, CLOSE. Else the CREATE takes the first chunk along and the others follow as
 * they come, as many at a time as there are buffers; CLOSE is sent when all are written, so that no error
 * is missed.
 */

#define ACCESS (SMB_FSCC_ACCESS_WRITE_DATA | SMB_FSCC_ACCESS_APPEND_DATA | SMB_FSCC_ACCESS_READ_ATTRIBUTES | \
                SMB_FSCC_ACCESS_WRITE_ATTRIBUTES)

static void open_stream (Upload *self);
static void go_on (Upload *self);

/* Requests. */

static void
add_create (Upload  *self,
            SmbPlan *plan,
            guint32  hint)
{
  SmbRequest *request = smb_operation_add_open (plan, &self->path, ACCESS,
                                                SMB_OPTION_NON_DIRECTORY_FILE | hint);

  request->create.disposition = self->disposition;
  request->create.share_access = SMB_SHARE_READ;
  request->create.file_attributes = SMB_FSCC_ATTRIBUTE_ARCHIVE;
}

static void
add_emptying (SmbPlan *plan)
{
  g_auto(SmbWriter) writer;

  smb_writer_init (&writer, NULL);
  smb_file_end_of_file_info_encode (0, &writer);
  smb_operation_add_set_info (plan, SMB_FSCC_FILE_END_OF_FILE, &writer);
}

static SmbRequest *
add_write (Upload   *self,
           SmbPlan  *plan,
           SmbChunk *chunk)
{
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_WRITE);

  request->write.offset = chunk->offset + chunk->sent;
  request->write.data = chunk->data + chunk->sent;
  request->write.size = chunk->size - chunk->sent;
  request->write.owner = smb_chunk_dup_unsent (chunk);
  return request;
}

/* The opening of the file, which may be followed by its emptying and the first WRITE. Returns the step of the
 * WRITE. */
static guint
begin_plan (Upload   *self,
            SmbPlan  *plan,
            SmbChunk *chunk,
            guint32   hint)
{
  add_create (self, plan, hint);
  if (self->emptying)
    add_emptying (plan);
  if (chunk->size > chunk->sent)
    add_write (self, plan, chunk);
  return self->emptying ? 2 : 1;
}

/* Answers. */

/* A file that is hidden or belongs to the system is not overwritten unless the new one is to have these
 * attributes, too ([MS-FSA] 2.1.5.1.2): then it is opened, and emptied. TRUE if that is worth a try. */
static gboolean
cannot_overwrite (Upload  *self,
                  SmbPlan *plan)
{
  if (smb_plan_get_status (plan, 0) != SMB_STATUS_ACCESS_DENIED ||
      self->disposition != SMB_DISPOSITION_OVERWRITE_IF)
    return FALSE;
  self->disposition = SMB_DISPOSITION_OPEN_IF;
  self->emptying = TRUE;
  return TRUE;
}

static gboolean
check (Upload  *self,
       SmbPlan *plan,
       guint    step)
{
  GError *error = NULL;

  smb_call_touch (self->call);
  if (smb_plan_check (plan, step, &error))
    return TRUE;
  smb_call_return_error (self->call, error);
  return FALSE;
}

/* FALSE if the call has failed. */
static gboolean
note_answer (Upload   *self,
             SmbPlan  *plan,
             guint     step,
             SmbChunk *chunk)
{
  guint32 count;

  if (!check (self, plan, step))
    return FALSE;

  count = smb_plan_get_reply (plan, step)->write.count;
  if (count == 0)
    {
      smb_call_return_error (self->call,
                             g_error_new (SMB_ERROR, SMB_ERROR_PROTOCOL,
                                          "Cannot %s: the server takes no data and does not say why",
                                          smb_call_get_context (self->call)));
      return FALSE;
    }
  chunk->sent += count;
  self->n_bytes += count;
  return TRUE;
}

static void
give_back (Upload   *self,
           SmbChunk *chunk)
{
  g_async_queue_push (self->empty, chunk);
  smb_call_run_on_caller (self->call, smb_upload_fill);
}

static void
complete (Upload *self)
{
  self->complete = TRUE;
  smb_call_return_number (self->call, NULL, NULL, self->n_bytes);
}

/* The stream of WRITEs. */

/* Takes @chunk. */
static void send_write (Upload *self, SmbChunk *chunk);

static void
write_done (SmbPlan  *plan,
            gpointer  data)
{
  Upload              *self = smb_call_get_data (smb_plan_get_call (plan));
  g_autoptr(SmbChunk)  chunk = smb_chunk_ref (data);

  g_ptr_array_remove_fast (self->writing, chunk);
  if (!note_answer (self, plan, 0, chunk))
    return;
  if (chunk->sent < chunk->size)
    send_write (self, g_steal_pointer (&chunk));
  else
    give_back (self, g_steal_pointer (&chunk));
  go_on (self);
}

static void
send_write (Upload   *self,
            SmbChunk *chunk)
{
  SmbPlan    *plan = smb_plan_new (self->call, write_done, chunk);
  SmbRequest *request = add_write (self, plan, chunk);

  request->tree_id = self->tree_id;
  request->handle = self->handle;
  smb_plan_set_lane (plan, &self->lane);
  g_ptr_array_add (self->writing, chunk);
  smb_plan_submit (plan);
}

/* No call's end may abandon this one: the handle would stay. */
static void
closed (SmbPlan  *plan,
        gpointer  data)
{
  g_autoptr(SmbCall) call = data;
  guint32            status = smb_plan_get_status (plan, 0);

  if (smb_plan_get_end (plan) != NULL)
    smb_plan_return_end (smb_plan_get_end (plan), call);
  else if (smb_nt_status_is_error (status))
    smb_call_return_status (call, status);
  else if (!smb_call_has_ended (call))
    complete (smb_call_get_data (call));
}

static void
close_file (Upload *self)
{
  SmbPlan    *plan;
  SmbRequest *request;

  plan = smb_plan_new_for_connection (smb_call_get_connection (self->call), closed,
                                      smb_call_ref (self->call));
  request = smb_plan_add (plan, SMB_COMMAND_CLOSE);
  request->tree_id = self->tree_id;
  request->handle = self->handle;
  self->is_open = FALSE;
  self->state = SMB_UPLOAD_CLOSING;
  smb_plan_submit (plan);
}

/* While the application's stream is waited for, no server is to blame for the time. */
static void
update_pause (Upload *self)
{
  gboolean waiting = self->state == SMB_UPLOAD_WAITING || self->state == SMB_UPLOAD_OPEN;
  gboolean pause = waiting && self->writing->len == 0;

  if (pause == self->paused)
    return;
  self->paused = pause;
  smb_call_pause_timeout (self->call, pause);
}

static void
write_waiting (Upload *self)
{
  SmbChunk *chunk;

  while ((chunk = g_queue_pop_head (&self->waiting)) != NULL)
    if (chunk->size > 0)
      send_write (self, chunk);
    else
      smb_chunk_unref (chunk);
  if (self->has_last && self->writing->len == 0)
    close_file (self);
}

/* Opening. The chunk that goes along stays at the head of those that wait. */

static void
note_handle (Upload  *self,
             SmbPlan *plan)
{
  if (smb_nt_status_is_error (smb_plan_get_status (plan, 0)))
    return;
  self->is_open = TRUE;
  self->tree_id = smb_plan_get_request (plan, 0)->tree_id;
  self->handle = smb_plan_get_reply (plan, 0)->create.handle;
}

static void
opened (SmbPlan  *plan,
        gpointer  data)
{
  Upload   *self = data;
  SmbChunk *chunk = g_queue_peek_head (&self->waiting);
  guint     write_step = self->emptying ? 2 : 1;

  note_handle (self, plan);
  if (cannot_overwrite (self, plan))
    {
      open_stream (self);
      return;
    }
  if (!note_answer (self, plan, write_step, chunk))
    return;

  self->state = SMB_UPLOAD_OPEN;
  if (chunk->sent == chunk->size)
    give_back (self, g_queue_pop_head (&self->waiting));
  go_on (self);
}

static void
open_stream (Upload *self)
{
  SmbPlan *plan = smb_operation_plan_new (self->call, opened, self);

  self->state = SMB_UPLOAD_OPENING;
  begin_plan (self, plan, g_queue_peek_head (&self->waiting), SMB_OPTION_SEQUENTIAL_ONLY);
  smb_plan_submit (plan);
}

static void store_small (Upload *self);

static void
small_stored (SmbPlan  *plan,
              gpointer  data)
{
  Upload   *self = data;
  SmbChunk *chunk = g_queue_peek_head (&self->waiting);
  guint     write_step = self->emptying ? 2 : 1;
  gboolean  has_write = chunk->size > 0;

  if (cannot_overwrite (self, plan))
    {
      store_small (self);
      return;
    }
  if (has_write && !note_answer (self, plan, write_step, chunk))
    return;
  if (!check (self, plan, write_step + (has_write ? 1 : 0)))
    return;

  if (chunk->sent < chunk->size)
    {
      self->disposition = SMB_DISPOSITION_OPEN; /* it is closed again: the rest needs another opening */
      self->emptying = FALSE;
      open_stream (self);
      return;
    }
  give_back (self, g_queue_pop_head (&self->waiting));
  complete (self);
}

static void
store_small (Upload *self)
{
  SmbPlan *plan = smb_operation_plan_new (self->call, small_stored, self);

  self->state = SMB_UPLOAD_OPENING;
  begin_plan (self, plan, g_queue_peek_head (&self->waiting), 0);
  smb_operation_add_close (plan);
  smb_plan_submit (plan);
}

/* Whether the stream is longer than what fits into one chain shows with its second chunk, which may be
   empty. */
static void
begin (Upload *self)
{
  SmbChunk *first = g_queue_peek_head (&self->waiting);
  SmbChunk *second = g_queue_peek_nth (&self->waiting, 1);

  if (first != NULL && (first->last || (second != NULL && second->size == 0)))
    store_small (self);
  else if (second != NULL)
    open_stream (self);
}

static void
go_on (Upload *self)
{
  if (self->state == SMB_UPLOAD_WAITING)
    begin (self);
  else if (self->state == SMB_UPLOAD_OPEN)
    write_waiting (self);
  update_pause (self);
}

/* Which change as the transfer goes on. */
static void
note_sizes (Upload *self)
{
  SmbConnection *connection = smb_call_get_connection (self->call);
  guint          chunk_size = smb_connection_get_write_chunk (connection);

  g_atomic_int_set (&self->chunk_size, chunk_size);
  g_atomic_int_set (&self->window, MAX (smb_connection_get_window (connection, &self->lane),
                                        SMB_UPLOAD_QUICK_SIZE + 2 * chunk_size));
}

void
smb_upload_take (SmbCall *call)
{
  Upload   *self = smb_call_get_data (call);
  SmbChunk *chunk;

  note_sizes (self);
  while ((chunk = g_async_queue_try_pop (self->full)) != NULL)
    {
      self->has_last |= chunk->last;
      g_queue_push_tail (&self->waiting, chunk);
    }
  go_on (self);
}

static void
start (SmbCall *call)
{
  Upload *self = smb_call_get_data (call);

  note_sizes (self);
  update_pause (self);
  smb_call_run_on_caller (call, smb_upload_fill);
}

static void
cleanup (SmbCall *call)
{
  Upload *self = smb_call_get_data (call);

  if (self->is_open)
    smb_connection_close_handle (smb_call_get_connection (call), self->tree_id, &self->handle);
  smb_transfer_cleanup (call, self->complete ? smb_transfer_finish : NULL);
}

/* The call. */

static void
upload_free (gpointer data)
{
  Upload *self = data;

  g_queue_clear_full (&self->waiting, (GDestroyNotify) smb_chunk_unref);
  g_ptr_array_unref (self->writing);
  smb_chunk_pool_clear (&self->pool);
  g_async_queue_unref (self->full);
  g_async_queue_unref (self->empty);
  smb_path_clear (&self->path);
  g_free (self);
}

static Upload *
upload_new (guint64  offset,
            gboolean truncate)
{
  Upload *self = g_new0 (Upload, 1);

  self->offset = offset;
  self->position = offset;
  self->disposition = truncate ? SMB_DISPOSITION_OVERWRITE_IF : SMB_DISPOSITION_OPEN_IF;
  self->full = g_async_queue_new_full ((GDestroyNotify) smb_chunk_unref);
  self->empty = g_async_queue_new_full ((GDestroyNotify) smb_chunk_unref);
  self->writing = g_ptr_array_new_with_free_func ((GDestroyNotify) smb_chunk_unref);
  g_queue_init (&self->waiting);
  smb_chunk_pool_init (&self->pool);
  return self;
}

SmbCall *
smb_upload_call_new (SmbConnection         *connection,
                     const char            *share,
                     const char            *path,
                     GInputStream          *stream,
                     guint64                offset,
                     gboolean               truncate,
                     GFileProgressCallback  progress,
                     gpointer               progress_data,
                     GDestroyNotify         progress_destroy,
                     int                    timeout_msec,
                     GCancellable          *cancellable)
{
  Upload  *self = upload_new (offset, truncate);
  SmbCall *call;

  call = smb_path_call_new (connection, "store", share, path, SMB_PATH_WRITE, &self->path, timeout_msec,
                            cancellable);
  self->call = call;
  if (offset > G_MAXINT64)
    smb_call_set_error (call,
                        g_error_new (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                                     "Cannot %s: the offset is too large", smb_call_get_context (call)));
  smb_call_set_operation (call, start, cleanup, self, upload_free);
  smb_transfer_new (call, stream, progress, progress_data, progress_destroy, cancellable);
  return call;
}
