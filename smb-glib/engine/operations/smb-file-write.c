/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-file.h"

#include "engine/connection/smb-connection.h"
#include "engine/worker/smb-worker.h"

/* Writing to an open file: as many WRITEs at a time as the window holds, straight from the caller's bytes. */

/* The application's bytes. The caller's side holds them for as long as the call lasts. A request that was
 * abandoned may need them longer; then the last reference goes in a thread of its own, since it may run
 * code of the application's, and the worker does not. */
typedef struct
{
  gatomicrefcount ref_count;
  GBytes         *bytes;
} Loan;

typedef struct
{
  SmbOpen      *open;
  gboolean      entered;
  Loan         *loan; /* the caller's data; there until the end of the call */
  guint64       offset;
  const guint8 *data;
  gsize         size;

  gsize         position; /* in the bytes: behind what was sent */
  gsize         in_flight;
} FileWrite;

static void
loan_free (Loan *self)
{
  g_bytes_unref (self->bytes);
  g_free (self);
}

static gpointer
free_in_thread (gpointer data)
{
  loan_free (data);
  return NULL;
}

static void
give_up_on_worker (gpointer data)
{
  Loan *self = data;

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_thread_unref (g_thread_new ("smb-glib bytes", free_in_thread, self));
}

static void
give_up_on_caller (gpointer data)
{
  Loan *self = data;

  if (g_atomic_ref_count_dec (&self->ref_count))
    loan_free (self);
}

static void
write_free (gpointer data)
{
  FileWrite *self = data;

  smb_open_unref (self->open);
  g_free (self);
}

/* Requests. The plan's data is nothing: the request knows what it wrote. */

static void send_part (SmbCall *call, gsize begin, gsize size);

static void
finish (gpointer data)
{
  g_autoptr(SmbCall)  call = data;
  FileWrite          *self = smb_call_get_data (call);

  if (!smb_call_has_ended (call))
    smb_call_return_number (call, NULL, NULL, self->size);
}

static void
go_on (SmbCall *call)
{
  FileWrite     *self = smb_call_get_data (call);
  SmbConnection *connection = smb_call_get_connection (call);
  gsize          window = smb_connection_get_window (connection, smb_open_get_lane (self->open));

  while (self->position < self->size && self->in_flight < window)
    {
      gsize size = MIN (smb_connection_get_write_chunk (connection), self->size - self->position);

      self->position += size;
      send_part (call, self->position - size, size);
    }
  if (self->in_flight == 0)
    smb_worker_defer (finish, smb_call_ref (call)); /* when the last request has let go of the bytes */
}

/* FALSE: the call has failed. */
static gboolean
note_answer (SmbPlan *plan,
             gsize   *n_bytes)
{
  SmbCall *call = smb_plan_get_call (plan);
  GError  *error = NULL;

  if (!smb_plan_check (plan, 0, &error))
    {
      smb_call_return_error (call, error);
      return FALSE;
    }
  *n_bytes = smb_plan_get_reply (plan, 0)->write.count;
  if (*n_bytes > 0)
    return TRUE;
  smb_call_return_error (call, g_error_new (SMB_ERROR, SMB_ERROR_PROTOCOL,
                                            "Cannot %s: the server takes no data and does not say why",
                                            smb_call_get_context (call)));
  return FALSE;
}

static void
write_done (SmbPlan  *plan,
            gpointer  data)
{
  SmbCall   *call = smb_plan_get_call (plan);
  FileWrite *self = smb_call_get_data (call);
  gsize      size = GPOINTER_TO_SIZE (data); /* the engine may have sent less */
  gsize      begin = smb_plan_get_request (plan, 0)->write.offset - self->offset;
  gsize      n_bytes;

  self->in_flight -= size;
  smb_call_touch (call);
  if (!note_answer (plan, &n_bytes))
    return;
  if (n_bytes < size)
    send_part (call, begin + n_bytes, size - n_bytes);
  go_on (call);
}

static void
send_part (SmbCall *call,
           gsize    begin,
           gsize    size)
{
  FileWrite  *self = smb_call_get_data (call);
  SmbPlan    *plan = smb_plan_new (call, write_done, GSIZE_TO_POINTER (size));
  SmbRequest *request = smb_open_add (self->open, plan, SMB_COMMAND_WRITE);

  g_atomic_ref_count_inc (&self->loan->ref_count);
  request->write.offset = self->offset + begin;
  request->write.data = self->data + begin;
  request->write.size = size;
  request->write.owner = g_bytes_new_with_free_func (self->data + begin, size, give_up_on_worker, self->loan);
  if (self->size > 64 * 1024)
    smb_plan_set_lane (plan, smb_open_get_lane (self->open));
  self->in_flight += size;
  smb_plan_submit (plan);
}

static void
start (SmbCall *call)
{
  FileWrite *self = smb_call_get_data (call);

  self->entered = smb_open_enter_call (self->open, call);
  if (self->entered)
    go_on (call);
}

static void
cleanup (SmbCall *call)
{
  FileWrite *self = smb_call_get_data (call);

  if (self->entered)
    smb_open_leave (self->open);
}

SmbCall *
smb_file_write_call_new (SmbOpen      *open,
                         guint64       offset,
                         GBytes       *bytes,
                         int           timeout_msec,
                         GCancellable *cancellable)
{
  FileWrite *self = g_new0 (FileWrite, 1);
  SmbCall   *call = smb_open_begin_call (open, "write to the file", timeout_msec, cancellable);

  self->open = smb_open_ref (open);
  self->offset = offset;
  self->data = g_bytes_get_data (bytes, &self->size);
  self->loan = g_new (Loan, 1);
  self->loan->bytes = g_bytes_ref (bytes);
  g_atomic_ref_count_init (&self->loan->ref_count);
  smb_call_set_caller_data (call, self->loan, give_up_on_caller);
  smb_call_set_operation (call, start, cleanup, self, write_free);
  if (offset > G_MAXINT64 || self->size > G_MAXINT64 - offset)
    smb_call_set_error (call, g_error_new (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                                           "Cannot %s: the file would become too large",
                                           smb_call_get_context (call)));
  return call;
}
