/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "engine/worker/smb-worker.h"
#include "wire/smb-fscc.h"
#include "wire/smb-ntstatus.h"

#include <string.h>

/* Plans come and go with each operation, and are too large for the allocator's quick ways. These are the
 * worker's. */
#define SPARE_MAX 64

static SmbPlan *spare[SPARE_MAX];
static guint    n_spare;

static SmbPlan *
take_memory (void)
{
  return n_spare > 0 ? spare[--n_spare] : g_new (SmbPlan, 1);
}

static void
give_memory (SmbPlan *plan)
{
  if (n_spare < SPARE_MAX)
    spare[n_spare++] = plan;
  else
    g_free (plan);
}

static SmbPlan *
plan_new (SmbConnection *connection,
          SmbPlanDone    done,
          gpointer       data)
{
  SmbPlan *self = take_memory ();

  memset (self, 0, G_STRUCT_OFFSET (SmbPlan, steps));
  self->connection = smb_connection_ref (connection);
  self->done = done;
  self->data = data;
  self->link.data = self;
  self->call_link.data = self;
  return self;
}

SmbPlan *
smb_plan_new (SmbCall     *call,
              SmbPlanDone  done,
              gpointer     data)
{
  SmbPlan *self = plan_new (smb_call_get_connection (call), done, data);

  self->call = call;
  return self;
}

SmbPlan *
smb_plan_new_for_connection (SmbConnection *connection,
                             SmbPlanDone    done,
                             gpointer       data)
{
  return plan_new (connection, done, data);
}

void
smb_plan_free (SmbPlan *self)
{
  for (guint i = 0; i < self->n_steps; i++)
    {
      smb_request_free (self->steps[i].request);
      g_clear_pointer (&self->steps[i].message, g_bytes_unref);
    }
  g_clear_error (&self->error);
  g_free (self->share);
  smb_connection_unref (self->connection);
  give_memory (self);
}

void
smb_plan_set_share (SmbPlan    *self,
                    const char *share)
{
  g_free (self->share);
  self->share = g_strdup (share);
}

void
smb_plan_set_lane (SmbPlan *self,
                   SmbLane *lane)
{
  self->lane = lane;
}

void
smb_plan_set_alone (SmbPlan *self)
{
  self->single = TRUE;
}

void
smb_plan_set_lazy_close (SmbPlan *self)
{
  self->lazy_close = TRUE;
}

void
smb_plan_add_request (SmbPlan    *self,
                      SmbRequest *request)
{
  SmbStep *step = &self->steps[self->n_steps];

  g_assert (self->n_steps < SMB_PLAN_MAX_STEPS);
  self->n_steps++;
  memset (step, 0, sizeof *step);
  step->plan = self;
  step->request = request;
  step->status = SMB_STATUS_NO_ANSWER;
}

SmbRequest *
smb_plan_add (SmbPlan    *self,
              SmbCommand  command)
{
  SmbRequest *request = smb_request_new (command);

  smb_plan_add_request (self, request);
  return request;
}

void
smb_plan_set_destination (SmbPlan *self,
                          guint8  *buffer)
{
  SmbStep *step = &self->steps[self->n_steps - 1];

  g_assert (step->request->command == SMB_COMMAND_READ);
  step->destination = buffer;
}

void
smb_plan_submit (SmbPlan *self)
{
  if (self->call != NULL)
    {
      if (smb_call_has_ended (self->call))
        {
          smb_plan_free (self);
          return;
        }
      smb_call_add_plan (self->call, &self->call_link);
    }

  if (self->connection->ended)
    smb_plan_fail (self, self->connection->end);
  else if (self->share != NULL)
    smb_tree_resolve (self);
  else
    smb_flow_push (self);
}

/* Its end. */

static gboolean
has_close (SmbPlan *self)
{
  return self->n_steps > 1 && self->steps[self->n_steps - 1].request->command == SMB_COMMAND_CLOSE;
}

static SmbPlan *
close_plan_new (SmbConnection       *connection,
                guint32              tree_id,
                const SmbFileHandle *handle)
{
  SmbPlan    *plan = smb_plan_new_for_connection (connection, NULL, NULL);
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_CLOSE);

  request->tree_id = tree_id;
  request->handle = *handle;
  return plan;
}

/* One that is left behind goes before all that is asked for once this plan is done, and so neither waits for
 * others to share a frame with: a removal, say, must not find the file still open. */
static void
close_opened (SmbPlan *self)
{
  SmbPlan *plan = close_plan_new (self->connection, self->tree_id, &self->handle);

  plan->first = plan->single = self->lazy_close && !self->abandoned;
  smb_plan_submit (plan);
}

static void
finish (SmbPlan *self)
{
  gboolean wanted = !self->abandoned;

  if (self->opened && (self->abandoned || has_close (self)) && !self->connection->ended)
    close_opened (self);

  if (wanted && self->call != NULL)
    smb_call_remove_plan (self->call, &self->call_link);
  if (wanted && self->done != NULL)
    self->done (self, self->data);
  smb_plan_free (self);
}

void
smb_plan_fail (SmbPlan      *self,
               const GError *error)
{
  if (error != NULL)
    self->error = g_error_copy (error);
  else
    self->error = g_error_new_literal (SMB_ERROR, SMB_ERROR_NOT_CONNECTED, "the connection was closed");
  self->opened = FALSE;
  finish (self);
}

static void
answer_unsent (SmbPlan *self,
               guint    from,
               guint    until,
               guint32  status)
{
  for (guint i = from; i < until; i++)
    {
      self->steps[i].state = SMB_STEP_ANSWERED;
      self->steps[i].status = status;
    }
}

void
smb_plan_fail_status (SmbPlan *self,
                      guint32  status)
{
  if (self->n_steps == 0)
    self->refusal = status;
  answer_unsent (self, self->next, self->n_steps, status);
  finish (self);
}

void
smb_plan_succeed (SmbPlan *self)
{
  finish (self);
}

/* Its progress. */

static void
forget_answers (SmbPlan *self,
                guint    from)
{
  for (guint i = from; i < self->n_steps; i++)
    {
      SmbStep *step = &self->steps[i];

      g_clear_pointer (&step->message, g_bytes_unref);
      step->state = SMB_STEP_UNSENT;
      step->status = SMB_STATUS_NO_ANSWER;
      step->async_id = 0;
      step->pending = FALSE;
    }
  self->next = from;
}

static gboolean
any_status (SmbPlan *self,
            guint32  status)
{
  for (guint i = 0; i < self->n_steps; i++)
    if (self->steps[i].status == status)
      return TRUE;
  return FALSE;
}

/* The steps that the server refused because the login has expired go out again after the next one. */
static gboolean
retry_after_login (SmbPlan *self)
{
  guint first = 0;

  if (self->session || self->login_retried || !any_status (self, SMB_STATUS_NETWORK_SESSION_EXPIRED))
    return FALSE;

  while (self->steps[first].status != SMB_STATUS_NETWORK_SESSION_EXPIRED)
    first++;
  self->login_retried = TRUE;
  forget_answers (self, first);
  smb_flow_push (self);
  smb_login_start (self->connection);
  return TRUE;
}

static gboolean
retry_on_new_tree (SmbPlan *self)
{
  if (self->share == NULL || self->tree_retried || self->steps[0].status != SMB_STATUS_NETWORK_NAME_DELETED)
    return FALSE;

  smb_tree_drop (self->connection, self->steps[0].request->tree_id);
  self->tree_retried = TRUE;
  forget_answers (self, 0);
  smb_tree_resolve (self);
  return TRUE;
}

/* What was opened exists by now: it must not be made or emptied once more. */
static void
reopen_only (SmbRequest *create)
{
  create->create.disposition = SMB_FILE_DISPOSITION_OPEN;
}

static gboolean
is_refusal_to_wait (guint32 status)
{
  return status == SMB_STATUS_INTERNAL_ERROR || status == SMB_STATUS_INSUFFICIENT_RESOURCES;
}

/* What is asked of a pipe is in it by the time that the server refuses to wait for the answer, which would
 * then be taken for that of the next question. */
static gboolean
is_half_done (const SmbRequest *request)
{
  return request->command == SMB_COMMAND_IOCTL && request->ioctl.code == SMB_FSCC_FSCTL_PIPE_TRANSCEIVE;
}

/* A CREATE that fails takes the rest of its chain with it ([MS-SMB2] 3.3.5.2.7.2), and with some servers, of
 * which Samba 4.22 is one, that of all chains behind it in the frame: those were not asked. */
static gboolean
is_blamed_for_another (const SmbPlan *self,
                       const SmbStep *step)
{
  const SmbFlow *flow = &self->connection->flow;

  return step != self->steps && self->batch != 0 && self->batch == flow->failed_batch &&
         step->status == flow->failed_status;
}

static gboolean
may_succeed_alone (const SmbPlan *self,
                   const SmbStep *step)
{
  return is_refusal_to_wait (step->status) || is_blamed_for_another (self, step);
}

/* A server may refuse a later part of a chain, or any part of a batch, when it would have to wait inside the
 * frame; alone it may wait. */
static gboolean
retry_singly (SmbPlan *self)
{
  guint first = self->batch != 0 ? 0 : 1;

  if (self->single || (self->batch == 0 && self->n_steps < 2))
    return FALSE;
  while (first < self->n_steps && !may_succeed_alone (self, &self->steps[first]))
    first++;
  if (first == self->n_steps || (first > 0 && smb_nt_status_is_error (self->steps[0].status)))
    return FALSE;

  self->single = TRUE;
  if (self->opened && is_half_done (self->steps[first].request))
    {
      close_opened (self);
      self->opened = FALSE;
    }
  if (first == 0 || self->opened || self->steps[0].request->command != SMB_COMMAND_CREATE)
    forget_answers (self, first);
  else
    {
      reopen_only (self->steps[0].request);
      forget_answers (self, 0);
    }
  smb_flow_push (self);
  return TRUE;
}

/* A server that takes several chains in a frame after all only when it likes them. */
static gboolean
retry_unbatched (SmbPlan *self)
{
  if (self->batch == 0 || self->session || self->steps[0].status != SMB_STATUS_INVALID_PARAMETER)
    return FALSE;

  smb_batch_refused (self->connection);
  forget_answers (self, 0);
  self->batch = 0;
  smb_flow_push (self);
  return TRUE;
}

/* After a failure only the CLOSE of what was opened is still worth sending. */
static void
skip_after_failure (SmbPlan *self)
{
  guint32 failure = smb_plan_get_failure (self);
  guint   last = self->n_steps;

  if (failure == 0)
    return;
  if (self->opened && has_close (self) && self->steps[last - 1].state != SMB_STEP_ANSWERED)
    last--;
  answer_unsent (self, self->next, last, failure);
  self->next = last;
}

/* finish() sends it. */
static void
leave_close_behind (SmbPlan *self)
{
  if (!self->lazy_close || !self->opened || !has_close (self) || self->next != self->n_steps - 1)
    return;
  answer_unsent (self, self->next, self->n_steps, SMB_STATUS_SUCCESS);
  self->next = self->n_steps;
}

static void
advance (SmbPlan *self)
{
  if (!self->abandoned &&
      (retry_after_login (self) || retry_on_new_tree (self) || retry_singly (self) || retry_unbatched (self)))
    return;

  skip_after_failure (self);
  leave_close_behind (self);
  if (self->next < self->n_steps && !self->abandoned)
    smb_flow_push (self);
  else
    finish (self);
}

static void
note_failed_create (SmbPlan *self,
                    SmbStep *step)
{
  SmbFlow *flow = &self->connection->flow;

  if (self->batch == 0 || step->request->command != SMB_COMMAND_CREATE)
    return;
  flow->failed_batch = self->batch;
  flow->failed_status = step->status;
}

static void
note_handle (SmbPlan *self,
             SmbStep *step)
{
  if (smb_nt_status_is_error (step->status))
    {
      note_failed_create (self, step);
      return;
    }
  if (step->request->command == SMB_COMMAND_CREATE)
    {
      self->opened = TRUE;
      self->handle = step->reply.create.handle;
      self->tree_id = step->request->tree_id;
    }
  else if (step->request->command == SMB_COMMAND_CLOSE)
    self->opened = FALSE;
}

void
smb_plan_answer (SmbStep *step)
{
  SmbPlan *self = step->plan;

  step->state = SMB_STEP_ANSWERED;
  note_handle (self, step);
  self->n_in_flight--;
  if (self->n_in_flight == 0)
    advance (self);
}

/* Though nobody waits for it any more, the handle must go. */
static gboolean
is_close (SmbPlan *self)
{
  return self->n_steps == 1 && self->steps[0].request->command == SMB_COMMAND_CLOSE;
}

void
smb_plan_abandon (SmbPlan *self)
{
  smb_call_remove_plan (self->call, &self->call_link);
  self->abandoned = TRUE;
  self->call = NULL;
  smb_bulk_forget (self);
  if (is_close (self) && !self->connection->ended)
    return;

  if (self->state == SMB_PLAN_IN_FLIGHT)
    {
      for (guint i = 0; i < self->n_steps; i++)
        if (self->steps[i].state == SMB_STEP_SENT)
          smb_flow_cancel (&self->steps[i]);
      return;
    }

  if (self->state == SMB_PLAN_WAITING_FOR_TREE)
    smb_tree_forget (self);
  else if (self->state == SMB_PLAN_QUEUED)
    smb_flow_remove (self);
  finish (self);
}

/* What came of it. */

SmbConnection *
smb_plan_get_connection (SmbPlan *self)
{
  return self->connection;
}

SmbCall *
smb_plan_get_call (SmbPlan *self)
{
  return self->call;
}

guint32
smb_plan_get_status (SmbPlan *self,
                     guint    step)
{
  return self->steps[step].status;
}

static gboolean
step_failed (const SmbStep *step)
{
  return step->status != SMB_STATUS_NO_ANSWER && smb_nt_status_is_error (step->status);
}

guint32
smb_plan_get_failure (SmbPlan *self)
{
  for (guint i = 0; i < self->n_steps; i++)
    if (step_failed (&self->steps[i]))
      return self->steps[i].status;
  return self->refusal;
}

static const char *
get_context (SmbCall *call)
{
  return call == NULL ? "talk to the server" : smb_call_get_context (call);
}

static GError *
word_end (const GError *end,
          SmbCall      *call)
{
  GError *error = g_error_copy (end);

  g_prefix_error (&error, "Cannot %s: ", get_context (call));
  return error;
}

const GError *
smb_plan_get_end (SmbPlan *self)
{
  return self->error;
}

void
smb_plan_return_end (const GError *end,
                     SmbCall      *call)
{
  smb_call_return_error (call, word_end (end, call));
}

gboolean
smb_plan_check (SmbPlan  *self,
                guint     step,
                GError  **error)
{
  guint32 failure = self->refusal;

  if (self->error != NULL)
    {
      g_propagate_error (error, word_end (self->error, self->call));
      return FALSE;
    }

  for (guint i = 0; i <= step && i < self->n_steps && failure == 0; i++)
    if (smb_nt_status_is_error (self->steps[i].status))
      failure = self->steps[i].status;
  if (failure == 0)
    return TRUE;
  g_propagate_error (error, smb_nt_status_to_gerror (failure, "Cannot %s", get_context (self->call)));
  return FALSE;
}

const SmbReply *
smb_plan_get_reply (SmbPlan *self,
                    guint    step)
{
  return &self->steps[step].reply;
}

const SmbRequest *
smb_plan_get_request (SmbPlan *self,
                      guint    step)
{
  return self->steps[step].request;
}

GBytes *
smb_plan_dup_output (SmbPlan *self,
                     guint    step)
{
  SmbStep      *answered = &self->steps[step];
  const guint8 *begin;

  if (answered->message == NULL || answered->reply.output.data == NULL)
    return g_bytes_new (NULL, 0);
  begin = g_bytes_get_data (answered->message, NULL);
  return g_bytes_new_from_bytes (answered->message, answered->reply.output.data - begin,
                                 answered->reply.output.size);
}

void
smb_connection_close_handle (SmbConnection       *connection,
                             guint32              tree_id,
                             const SmbFileHandle *handle)
{
  smb_plan_submit (close_plan_new (connection, tree_id, handle));
}
