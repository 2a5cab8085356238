/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-download-private.h"

#include "engine/operations/smb-operation.h"
#include "wire/smb-fscc.h"
#include "wire/smb-ntstatus.h"

/*
 * How a file is opened for reading, and when. A small one comes in one chain: CREATE, READ, CLOSE. When that
 * READ did not bring all, the file is opened again and the rest follows in a stream of READs
 * (smb-download-stream.c); what the first READ brought is kept if it is the same file and did not change.
 *
 * The chain is left out, and the stream begun at once, where it cannot save anything: on SMB1, where each
 * part of it is a round trip, and when the caller asks for a certain length that is more than one such
 * READ.
 */

/* What a READ asks for when nobody knows how much there is: one unit, on every dialect. */
#define QUICK_READ (64 * 1024)
/* The first READ of a stream shares its frame with the CREATE: with it, replies stay small enough for a
   chain. */
#define FIRST_READ (512 * 1024)

static gboolean
is_directory (Download *self)
{
  return (self->file.file_attributes & SMB_FSCC_ATTRIBUTE_DIRECTORY) != 0;
}

/* What step 0 was answered. FALSE: the call has failed. */
static gboolean
take_create (Download *self,
             SmbPlan  *plan)
{
  GError *error = NULL;

  smb_call_touch (self->call);
  if (!smb_plan_check (plan, 0, &error))
    {
      smb_call_return_error (self->call, error);
      return FALSE;
    }

  smb_open_describe (smb_plan_get_reply (plan, 0), &self->file);
  self->file.end_of_file = MIN (self->file.end_of_file, G_MAXINT64);
  self->total = smb_download_get_known_end (self) - MIN (self->offset, smb_download_get_known_end (self));
  if (is_directory (self)) /* some servers open one in spite of NON_DIRECTORY_FILE */
    {
      smb_call_return_status (self->call, SMB_STATUS_FILE_IS_A_DIRECTORY);
      return FALSE;
    }
  return TRUE;
}

static SmbPlan *
plan_new (Download    *self,
          SmbPlanDone  done,
          guint32      hint)
{
  SmbPlan    *plan = smb_operation_plan_new (self->call, done, self);
  SmbRequest *request;

  request = smb_operation_add_open (plan, &self->path,
                                    SMB_FSCC_ACCESS_READ_DATA | SMB_FSCC_ACCESS_READ_ATTRIBUTES,
                                    SMB_OPTION_NON_DIRECTORY_FILE | hint);
  request->create.query_id = TRUE;
  return plan;
}

static void
add_read (Download *self,
          SmbPlan  *plan,
          guint32   length)
{
  SmbChunk   *chunk = smb_download_add_chunk (self, length);
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_READ);

  request->read.offset = chunk->offset;
  request->read.length = length;
  smb_plan_set_destination (plan, chunk->data);
  self->n_reading++;
}

/* The stream. */

/* The creation time says nothing: servers that do not store it make one up from the others. */
static gboolean
is_unchanged (const SmbDirectoryEntry *before,
              const SmbDirectoryEntry *now)
{
  return before->file_id == now->file_id && before->end_of_file == now->end_of_file &&
         before->last_write_time == now->last_write_time && before->change_time == now->change_time;
}

/* Another file, or a changed one, answers to the name by now. Nothing was given to the application yet. */
static void
begin_anew (Download *self)
{
  smb_download_forget_chunks (self);
  self->position = self->offset;
}

static void
opened (SmbPlan  *plan,
        gpointer  data)
{
  Download          *self = data;
  SmbDirectoryEntry  before = self->file;
  SmbChunk          *chunk = g_queue_peek_tail (&self->window);
  gboolean           resumed = self->quick_done;

  self->n_reading--;
  if (!smb_nt_status_is_error (smb_plan_get_status (plan, 0)))
    {
      self->is_open = TRUE;
      self->tree_id = smb_plan_get_request (plan, 0)->tree_id;
      self->handle = smb_plan_get_reply (plan, 0)->create.handle;
    }
  if (!take_create (self, plan))
    return;

  if (resumed && !is_unchanged (&before, &self->file))
    begin_anew (self);
  else if (!smb_download_take_answer (self, plan, 1, chunk))
    return;
  smb_download_go_on (self);
}

static void
open_stream (Download *self)
{
  SmbPlan *plan = plan_new (self, opened, SMB_OPTION_SEQUENTIAL_ONLY);

  add_read (self, plan, MIN (smb_download_get_next_length (self), FIRST_READ));
  smb_plan_submit (plan);
}

/* The chain. */

/* Whether the READ brought what was asked for, or all there is. That it ends where the file ended when it was
 * opened, just before, says as much as END_OF_FILE. */
static gboolean
is_all (Download       *self,
        const SmbChunk *chunk)
{
  guint64 end = chunk->offset + chunk->size;

  return chunk->last || end == self->limit || end == self->file.end_of_file;
}

static void
chain_done (SmbPlan  *plan,
            gpointer  data)
{
  Download *self = data;
  SmbChunk *chunk = g_queue_peek_tail (&self->window);

  self->n_reading--;
  if (!take_create (self, plan) || !smb_download_note_answer (self, plan, 1, chunk))
    return;

  chunk->wanted = chunk->size;
  self->position = chunk->offset + chunk->size;
  self->quick_done = TRUE;
  if (is_all (self, chunk))
    {
      chunk->last = TRUE;
      smb_download_go_on (self);
    }
  else
    open_stream (self);
}

static void
open_chain (Download *self)
{
  SmbPlan *plan = plan_new (self, chain_done, 0);

  add_read (self, plan, MIN (QUICK_READ, self->limit - self->offset));
  smb_operation_add_lazy_close (plan);
  smb_plan_submit (plan);
}

/* No byte is asked for: is the file there, and may it be read? */

static void
looked (SmbPlan  *plan,
        gpointer  data)
{
  Download *self = data;

  if (take_create (self, plan))
    smb_download_return (self);
}

static void
look_only (Download *self)
{
  SmbPlan *plan = plan_new (self, looked, 0);

  smb_operation_add_lazy_close (plan);
  smb_plan_submit (plan);
}

static gboolean
chain_can_pay (Download *self)
{
  SmbConnectionInfo info;

  if (self->limit != G_MAXINT64 && self->limit - self->offset > QUICK_READ)
    return FALSE;
  smb_connection_get_info (smb_call_get_connection (self->call), &info);
  return info.dialect != SMB_DIALECT_VERSION_SMB_1;
}

static void
start (SmbCall *call)
{
  Download *self = smb_call_get_data (call);

  self->pool.limit = QUICK_READ + FIRST_READ;
  self->position = self->offset;
  if (self->limit == self->offset)
    look_only (self);
  else if (chain_can_pay (self))
    open_chain (self);
  else
    open_stream (self);
}

static void
cleanup (SmbCall *call)
{
  Download *self = smb_call_get_data (call);

  if (self->is_open)
    smb_connection_close_handle (smb_call_get_connection (call), self->tree_id, &self->handle);
  smb_transfer_cleanup (call, self->complete ? smb_download_finish_writing : NULL);
}

/* The call. */

static void
download_free (gpointer data)
{
  Download *self = data;

  g_queue_clear_full (&self->window, (GDestroyNotify) smb_chunk_unref);
  smb_chunk_pool_clear (&self->pool);
  g_async_queue_unref (self->full);
  g_async_queue_unref (self->empty);
  smb_path_clear (&self->path);
  g_free (self);
}

static Download *
download_new (guint64 offset,
              gint64  max_length)
{
  Download *self = g_new0 (Download, 1);

  self->offset = offset;
  self->limit = G_MAXINT64; /* the last that an offset can be */
  if (max_length >= 0 && offset <= (guint64) (G_MAXINT64 - max_length))
    self->limit = offset + max_length;
  self->file.end_of_file = G_MAXINT64; /* until we know */
  self->probe = QUICK_READ;
  self->full = g_async_queue_new_full ((GDestroyNotify) smb_chunk_unref);
  self->empty = g_async_queue_new_full ((GDestroyNotify) smb_chunk_unref);
  g_queue_init (&self->window);
  smb_chunk_pool_init (&self->pool);
  return self;
}

SmbCall *
smb_download_call_new (SmbConnection         *connection,
                       const char            *share,
                       const char            *path,
                       GOutputStream         *stream,
                       guint64                offset,
                       gint64                 max_length,
                       GFileProgressCallback  progress,
                       gpointer               progress_data,
                       GDestroyNotify         progress_destroy,
                       int                    timeout_msec,
                       GCancellable          *cancellable)
{
  Download *self = download_new (offset, max_length);
  SmbCall  *call;

  call = smb_path_call_new (connection, "retrieve", share, path, SMB_PATH_PLAIN, &self->path, timeout_msec,
                            cancellable);
  self->call = call;
  if (offset > G_MAXINT64)
    smb_call_set_error (call,
                        g_error_new (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                                     "Cannot %s: the offset is too large", smb_call_get_context (call)));
  smb_call_set_operation (call, start, cleanup, self, download_free);
  smb_transfer_new (call, stream, progress, progress_data, progress_destroy, cancellable);
  return call;
}

const SmbDirectoryEntry *
smb_download_get_file (SmbCall *call)
{
  Download *self = smb_call_get_data (call);

  return &self->file;
}

char *
smb_download_dup_name (SmbCall *call)
{
  Download        *self = smb_call_get_data (call);
  g_autofree char *parent = NULL;
  char            *name;

  smb_path_split (self->path.path, &parent, &name);
  return name;
}
