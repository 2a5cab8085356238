/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-transfer.h"

static void
transfer_free (gpointer data)
{
  SmbTransfer *self = data;

  if (self->application != NULL)
    g_cancellable_disconnect (self->application, self->handler);
  g_clear_object (&self->application);
  g_object_unref (self->stop);
  g_object_unref (self->stream);
  if (self->progress_destroy != NULL)
    self->progress_destroy (self->progress_data);
  g_clear_error (&self->error);
  g_free (self);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

SmbTransfer *
smb_transfer_new (SmbCall               *call,
                  gpointer               stream,
                  GFileProgressCallback  progress,
                  gpointer               progress_data,
                  GDestroyNotify         progress_destroy,
                  GCancellable          *cancellable)
{
  SmbTransfer *self = g_new0 (SmbTransfer, 1);

  self->stream = g_object_ref (stream);
  self->progress = progress;
  self->progress_data = progress_data;
  self->progress_destroy = progress_destroy;
  self->total = -1;
  self->stop = g_cancellable_new ();
  if (cancellable != NULL)
    {
      self->application = g_object_ref (cancellable);
      self->handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                             g_object_ref (self->stop), g_object_unref);
    }
  smb_call_set_caller_data (call, self, transfer_free);
  return self;
}

SmbTransfer *
smb_transfer_get (SmbCall *call)
{
  return smb_call_get_caller_data (call);
}

static void
tell (SmbTransfer *self)
{
  self->told = TRUE;
  if (self->progress != NULL)
    self->progress (self->current, self->total, self->progress_data);
}

void
smb_transfer_advance (SmbTransfer *self,
                      gsize        bytes)
{
  if (bytes == 0)
    return;
  self->current += bytes;
  tell (self);
}

gboolean
smb_transfer_is_free (const SmbTransfer *self)
{
  return !self->busy && !self->stopped;
}

/* What is derived from them may block. */
gboolean
smb_transfer_is_in_memory (const SmbTransfer *self)
{
  GType type = G_OBJECT_TYPE (self->stream);

  return type == G_TYPE_MEMORY_INPUT_STREAM || type == G_TYPE_MEMORY_OUTPUT_STREAM;
}

gpointer
smb_transfer_begin (SmbCall *call)
{
  smb_transfer_get (call)->busy = TRUE;
  smb_call_hold (call);
  return smb_call_ref (call);
}

void
smb_transfer_end (SmbCall *call)
{
  smb_call_release (call);
  smb_call_unref (call);
}

void
smb_transfer_block (SmbTransfer *self,
                    gboolean     block)
{
  g_atomic_int_set (&self->blocked, block);
  if (block && g_atomic_int_get (&self->failed))
    g_cancellable_cancel (self->stop);
}

/* The worker may end the call while the stream still takes the last bytes. It leaves the outcome alone after
 * that, and the result waits for this side. */
void
smb_transfer_fail (SmbCall *call,
                   GError  *error)
{
  SmbTransfer *self = smb_transfer_get (call);

  self->stopped = TRUE;
  if (self->ended)
    {
      smb_call_set_error (call, error);
      return;
    }
  self->error = g_error_copy (error);
  smb_call_fail_from_caller (call, error);
}

static void
note_end (SmbCall     *call,
          SmbTransfer *self)
{
  self->ended = TRUE;
  if (self->error != NULL)
    smb_call_set_error (call, g_steal_pointer (&self->error));
}

void
smb_transfer_finish (SmbCall *call)
{
  SmbTransfer *self = smb_transfer_get (call);

  if (!self->told && smb_transfer_is_free (self))
    tell (self); /* an empty file has its progress too */
  note_end (call, self);
}

static void
stop (SmbCall *call)
{
  SmbTransfer *self = smb_transfer_get (call);

  self->stopped = TRUE;
  note_end (call, self);
  g_cancellable_cancel (self->stop);
}

static gpointer
interrupt (gpointer data)
{
  g_autoptr(GCancellable) cancellable = data;

  g_cancellable_cancel (cancellable);
  return NULL;
}

/* A thread that blocks in its stream looks at nothing else. What the stream does when it is cancelled is the
 * application's, and so no work for this thread. */
static void
unblock (SmbTransfer *self)
{
  GThread *thread;

  g_atomic_int_set (&self->failed, TRUE);
  if (!g_atomic_int_get (&self->blocked))
    return;
  thread = g_thread_try_new ("smb-glib stop", interrupt, g_object_ref (self->stop), NULL);
  if (thread == NULL)
    g_object_unref (self->stop);
  else
    g_thread_unref (thread);
}

void
smb_transfer_cleanup (SmbCall     *call,
                      SmbCallFunc  finish)
{
  smb_call_run_on_caller (call, finish == NULL ? stop : finish);
  if (finish == NULL)
    unblock (smb_transfer_get (call)); /* it stays until the call's end is delivered */
}
