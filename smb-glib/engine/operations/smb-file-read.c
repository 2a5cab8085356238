/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-file.h"

#include "engine/connection/smb-connection.h"
#include "wire/smb-ntstatus.h"

/* Reading from an open file: as many READs at a time as the window holds, each straight to its place in the
   buffer. */

typedef struct
{
  SmbOpen  *open;
  gboolean  entered;
  guint64   offset;
  gsize     count;
  guint8   *buffer;
  gboolean  owned; /* the buffer is not the caller's */

  gsize     position; /* in the buffer: behind what was asked for */
  gsize     end;      /* in the buffer: of what there is, as far as we know */
  GPtrArray *pieces;  /* of Piece, under way */
  gsize     in_flight;
  gboolean  done;
} FileRead;

typedef struct
{
  gsize begin; /* in the buffer */
  gsize size;
} Piece;

static void send_piece (SmbCall *call, Piece *piece);

static void
read_free (gpointer data)
{
  FileRead *self = data;

  smb_open_unref (self->open);
  g_ptr_array_unref (self->pieces);
  if (self->owned)
    g_free (self->buffer);
  g_free (self);
}

static void
finish (SmbCall *call)
{
  FileRead *self = smb_call_get_data (call);
  GBytes   *bytes = NULL;

  self->done = TRUE;
  if (self->owned)
    {
      guint8 *data = g_steal_pointer (&self->buffer);

      bytes = g_bytes_new_take (self->end < self->count ? g_realloc (data, self->end) : data, self->end);
    }
  smb_call_return_number (call, bytes, (GDestroyNotify) g_bytes_unref, self->end);
}

static void
go_on (SmbCall *call)
{
  FileRead      *self = smb_call_get_data (call);
  SmbConnection *connection = smb_call_get_connection (call);
  gsize          window = smb_connection_get_window (connection, smb_open_get_lane (self->open));

  while (self->position < self->end && self->in_flight < window)
    {
      Piece *piece = g_new (Piece, 1);

      piece->begin = self->position;
      piece->size = MIN (smb_connection_get_read_chunk (connection), self->end - self->position);
      self->position += piece->size;
      send_piece (call, piece);
    }
  if (self->pieces->len == 0)
    finish (call);
}

/* What was read up to, and where less came than was asked for, is not yet the end. */
static void
note_bytes (SmbCall *call,
            Piece   *piece,
            gsize    n_bytes)
{
  FileRead *self = smb_call_get_data (call);

  if (n_bytes == 0)
    self->end = MIN (self->end, piece->begin);
  else if (n_bytes < piece->size && piece->begin + n_bytes < self->end)
    {
      Piece *rest = g_new (Piece, 1);

      rest->begin = piece->begin + n_bytes;
      rest->size = piece->size - n_bytes;
      send_piece (call, rest);
    }
}

static void
read_done (SmbPlan  *plan,
           gpointer  data)
{
  SmbCall  *call = smb_plan_get_call (plan);
  FileRead *self = smb_call_get_data (call);
  Piece     piece = *(Piece *) data;
  GError   *error = NULL;

  g_ptr_array_remove_fast (self->pieces, data);
  self->in_flight -= piece.size;
  smb_call_touch (call);

  if (smb_plan_get_status (plan, 0) == SMB_STATUS_END_OF_FILE)
    note_bytes (call, &piece, 0);
  else if (smb_plan_check (plan, 0, &error))
    note_bytes (call, &piece, smb_plan_get_reply (plan, 0)->read.size);
  else
    {
      smb_call_return_error (call, error);
      return;
    }
  go_on (call);
}

static void
send_piece (SmbCall *call,
            Piece   *piece)
{
  FileRead   *self = smb_call_get_data (call);
  SmbPlan    *plan = smb_plan_new (call, read_done, piece);
  SmbRequest *request = smb_open_add (self->open, plan, SMB_COMMAND_READ);

  request->read.offset = self->offset + piece->begin;
  request->read.length = piece->size;
  smb_plan_set_destination (plan, self->buffer + piece->begin);
  if (self->count > 64 * 1024)
    smb_plan_set_lane (plan, smb_open_get_lane (self->open));
  g_ptr_array_add (self->pieces, piece);
  self->in_flight += piece->size;
  smb_plan_submit (plan);
}

static void
start (SmbCall *call)
{
  FileRead *self = smb_call_get_data (call);

  self->entered = smb_open_enter_call (self->open, call);
  if (self->entered)
    go_on (call);
}

/* What was received in place may be bytes that were never verified, or half of what was asked for. */
static void
wipe (SmbCall *call)
{
  FileRead *self = smb_call_get_data (call);

  memset (self->buffer, 0, self->count);
}

static void
cleanup (SmbCall *call)
{
  FileRead *self = smb_call_get_data (call);

  if (self->entered && !self->owned && !self->done)
    smb_call_run_on_caller (call, wipe);
  if (self->entered)
    smb_open_leave (self->open);
}

static SmbCall *
read_call_new (SmbOpen      *open,
               guint64       offset,
               guint8       *buffer,
               gsize         count,
               int           timeout_msec,
               GCancellable *cancellable)
{
  FileRead *self = g_new0 (FileRead, 1);
  SmbCall  *call = smb_open_begin_call (open, "read from the file", timeout_msec, cancellable);

  self->open = smb_open_ref (open);
  self->offset = offset;
  self->buffer = buffer;
  self->count = count;
  self->end = count;
  self->pieces = g_ptr_array_new_with_free_func (g_free);
  smb_call_set_operation (call, start, cleanup, self, read_free);
  if (offset > G_MAXINT64 || count > G_MAXINT64 - offset)
    smb_call_set_error (call, g_error_new (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                                           "Cannot %s: the offset or the count is too large",
                                           smb_call_get_context (call)));
  return call;
}

SmbCall *
smb_file_read_into_call_new (SmbOpen      *open,
                             guint64       offset,
                             guint8       *buffer,
                             gsize         count,
                             int           timeout_msec,
                             GCancellable *cancellable)
{
  return read_call_new (open, offset, buffer, count, timeout_msec, cancellable);
}

SmbCall *
smb_file_read_call_new (SmbOpen      *open,
                        guint64       offset,
                        gsize         count,
                        int           timeout_msec,
                        GCancellable *cancellable)
{
  guint8   *buffer = g_try_malloc (count);
  SmbCall  *call = read_call_new (open, offset, buffer, count, timeout_msec, cancellable);
  FileRead *self = smb_call_get_data (call);

  self->owned = TRUE;
  if (buffer == NULL && count > 0)
    smb_call_set_error (call, g_error_new (G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                                           "Cannot %s: there is no memory for %" G_GSIZE_FORMAT " bytes",
                                           smb_call_get_context (call), count));
  return call;
}
