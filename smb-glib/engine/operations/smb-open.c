/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-open.h"

#include "engine/connection/smb-connection.h"
#include "engine/worker/smb-worker.h"
#include "smb-error-private.h"
#include "wire/smb-ntstatus.h"

typedef enum
{
  OPEN,
  CLOSING, /* as soon as nobody uses it */
  CLOSE_SENT,
  CLOSED,
} State;

struct _SmbOpen
{
  gatomicrefcount ref_count;
  SmbConnection  *connection;
  char           *share;
  char           *path;
  guint32         tree_id;
  SmbFileHandle   handle;
  gint            is_closing; /* atomic */

  /* The worker's. */
  State           state;
  guint           users;
  SmbLane         lane;
  GPtrArray      *closers; /* of SmbCall, unowned: they wait for the end */
};

SmbOpen *
smb_open_new (SmbPlan    *plan,
              const char *path)
{
  SmbOpen *self = g_new0 (SmbOpen, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->connection = smb_connection_use (smb_plan_get_connection (plan));
  self->share = g_strdup (smb_call_get_share (smb_plan_get_call (plan)));
  self->path = g_strdup (path);
  self->tree_id = smb_plan_get_request (plan, 0)->tree_id;
  self->handle = smb_plan_get_reply (plan, 0)->create.handle;
  self->closers = g_ptr_array_new ();
  return self;
}

SmbOpen *
smb_open_ref (SmbOpen *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
open_free (gpointer data)
{
  SmbOpen *self = data;

  smb_connection_unuse (self->connection);
  g_ptr_array_unref (self->closers);
  g_free (self->share);
  g_free (self->path);
  g_free (self);
}

static void
close_and_free (gpointer data)
{
  SmbOpen *self = data;

  if (self->state == OPEN)
    smb_connection_close_handle (self->connection, self->tree_id, &self->handle);
  open_free (self);
}

void
smb_open_unref (SmbOpen *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (smb_connection_is_of_this_process (self->connection))
    smb_worker_post (close_and_free, self);
  else
    open_free (self);
}

SmbConnection *
smb_open_get_connection (SmbOpen *self)
{
  return self->connection;
}

const char *
smb_open_get_share (SmbOpen *self)
{
  return self->share;
}

const char *
smb_open_get_path (SmbOpen *self)
{
  return self->path;
}

gboolean
smb_open_is_closing (SmbOpen *self)
{
  return g_atomic_int_get (&self->is_closing);
}

SmbCall *
smb_open_begin_call (SmbOpen      *self,
                     const char   *verb,
                     int           timeout_msec,
                     GCancellable *cancellable)
{
  return smb_call_new (self->connection, verb, self->share, self->path, timeout_msec, cancellable);
}

/* Closing. */

static void
return_to_closers (SmbOpen      *self,
                   const GError *error)
{
  while (self->closers->len > 0)
    {
      SmbCall *call = g_ptr_array_steal_index (self->closers, self->closers->len - 1);

      if (error == NULL)
        smb_call_return (call, NULL, NULL);
      else
        smb_call_return_error (call, g_error_copy (error));
    }
}

/* Who closes what the server has closed already has what he wants. */
static GError *
closing_error (SmbOpen *self,
               SmbPlan *plan)
{
  guint32       status = smb_plan_get_status (plan, 0);
  const GError *end = smb_plan_get_end (plan);

  if (end != NULL)
    return g_error_new (SMB_ERROR, end->code, "Cannot close '%s' on share '%s': %s", self->path, self->share,
                        end->message);
  if (!smb_nt_status_is_error (status) || status == SMB_STATUS_FILE_CLOSED)
    return NULL;
  return smb_nt_status_to_gerror (status, "Cannot close '%s' on share '%s'", self->path, self->share);
}

static void
closed (SmbPlan  *plan,
        gpointer  data)
{
  g_autoptr(SmbOpen) self = data;
  g_autoptr(GError)  error = closing_error (self, plan);

  self->state = CLOSED;
  return_to_closers (self, error);
}

static void
close_if_unused (SmbOpen *self)
{
  SmbPlan *plan;

  if (self->state != CLOSING || self->users > 0)
    return;

  self->state = CLOSE_SENT;
  plan = smb_plan_new_for_connection (self->connection, closed, smb_open_ref (self));
  smb_open_add (self, plan, SMB_COMMAND_CLOSE);
  smb_plan_submit (plan);
}

void
smb_open_close_silently (SmbOpen *self)
{
  if (self->state == OPEN)
    self->state = CLOSING;
  close_if_unused (self);
}

static void
close_on_worker (gpointer data)
{
  g_autoptr(SmbOpen) self = data;

  smb_open_close_silently (self);
}

void
smb_open_close_later (SmbOpen *self)
{
  g_atomic_int_set (&self->is_closing, TRUE);
  if (smb_connection_is_of_this_process (self->connection))
    smb_worker_post (close_on_worker, smb_open_ref (self));
}

static void
close_start (SmbCall *call)
{
  SmbOpen *self = smb_call_get_data (call);

  if (self->state == CLOSED)
    {
      smb_call_return (call, NULL, NULL);
      return;
    }
  g_ptr_array_add (self->closers, call);
  smb_open_close_silently (self);
}

static void
close_cleanup (SmbCall *call)
{
  SmbOpen *self = smb_call_get_data (call);

  g_ptr_array_remove (self->closers, call);
}

SmbCall *
smb_open_close_call_new (SmbOpen      *self,
                         const char   *verb,
                         int           timeout_msec,
                         GCancellable *cancellable)
{
  SmbCall *call = smb_open_begin_call (self, verb, timeout_msec, cancellable);

  if (smb_error_check_timeout (timeout_msec, NULL)) /* else it will not be started */
    g_atomic_int_set (&self->is_closing, TRUE);
  smb_call_set_any_state (call); /* with its connection gone it is as good as closed */
  smb_call_set_always_starts (call);
  smb_call_set_operation (call, close_start, close_cleanup, smb_open_ref (self),
                          (GDestroyNotify) smb_open_unref);
  return call;
}

/* Use. */

gboolean
smb_open_enter (SmbOpen *self)
{
  if (self->state != OPEN)
    return FALSE;
  self->users++;
  return TRUE;
}

gboolean
smb_open_enter_call (SmbOpen *self,
                     SmbCall *call)
{
  if (smb_open_enter (self))
    return TRUE;
  smb_call_return_error (call, g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "Cannot %s: it is closed",
                                            smb_call_get_context (call)));
  return FALSE;
}

void
smb_open_leave (SmbOpen *self)
{
  self->users--;
  close_if_unused (self);
}

SmbLane *
smb_open_get_lane (SmbOpen *self)
{
  return &self->lane;
}

SmbRequest *
smb_open_add (SmbOpen    *self,
              SmbPlan    *plan,
              SmbCommand  command)
{
  SmbRequest *request = smb_plan_add (plan, command);

  request->tree_id = self->tree_id;
  request->handle = self->handle;
  return request;
}

void
smb_open_describe (const SmbReply    *reply,
                   SmbDirectoryEntry *entry)
{
  *entry = (SmbDirectoryEntry){
    .creation_time = reply->create.creation_time,
    .last_access_time = reply->create.last_access_time,
    .last_write_time = reply->create.last_write_time,
    .change_time = reply->create.change_time,
    .end_of_file = reply->create.end_of_file,
    .allocation_size = reply->create.allocation_size,
    .file_attributes = reply->create.file_attributes,
    .file_id = reply->create.file_id,
  };
}
