/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "wire/smb-ntstatus.h"

/* Plans become frames, and frames leave ([MS-SMB2] 3.2.4.1). */

SmbProtection
smb_flow_protection (SmbPlan *plan)
{
  SmbConnection *self = plan->connection;

  if (!self->session.has_keys)
    return SMB_PROTECTION_NONE;
  if (self->session.seal || smb_tree_is_sealed (self, plan->steps[plan->next].request->tree_id))
    return SMB_PROTECTION_SEALED;
  if (self->session.sign || plan->force_sign)
    return SMB_PROTECTION_SIGNED;
  return SMB_PROTECTION_NONE;
}

static SmbProtection
expected_protection (SmbPlan       *plan,
                     SmbProtection  sent_with)
{
  if (sent_with == SMB_PROTECTION_SIGNED && !plan->connection->session.sign && !plan->demand_signed)
    return SMB_PROTECTION_NONE; /* the session's policy does not demand it back */
  return sent_with;
}

/* The first request of a frame names its handle; those behind it use the same. */
static void
relate (SmbPlan *plan,
        guint    n_steps)
{
  for (guint i = 0; i < n_steps; i++)
    {
      SmbRequest *request = plan->steps[plan->next + i].request;

      request->related = i > 0;
      if (plan->next + i == 0)
        continue;
      request->tree_id = plan->steps[0].request->tree_id;
      request->handle = plan->opened ? plan->handle : plan->steps[0].request->handle;
    }
}

static void
note_step_sent (SmbStep               *step,
                const SmbFrameMessage *message,
                SmbProtection          protection,
                gint64                 now)
{
  SmbFlow *flow = &step->plan->connection->flow;

  step->state = SMB_STEP_SENT;
  step->key = message->key;
  step->units = message->units;
  step->expects = smb_flow_expected (step->request);
  step->sent_with = protection;
  step->expected = expected_protection (step->plan, protection);
  step->sent_at = now;
  step->bulk = step->plan->lane == NULL ? 0 : smb_flow_bulk_size (step);
  step->aside = FALSE;
  if (step->plan->lane != NULL)
    smb_bulk_sent (step);
  flow->units -= MIN (message->units, flow->units);
  flow->units_in_flight += message->units;
  flow->expects += step->expects;
  g_hash_table_insert (flow->pending, &step->key, step);
}

/* @first: the first of the frame's messages that is the plan's. */
static void
note_sent (SmbPlan        *plan,
           const SmbFrame *frame,
           guint           first,
           guint           n_steps,
           SmbProtection   protection)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < n_steps; i++)
    note_step_sent (&plan->steps[plan->next + i], smb_frame_get_message (frame, first + i), protection, now);
  plan->next += n_steps;
  plan->n_in_flight += n_steps;
  plan->state = SMB_PLAN_IN_FLIGHT;
  smb_keepalive_sent (plan->connection, now);
}

/* Of the plan's steps, those that go into a frame with others' are all that are left. */
static guint
count_steps (SmbPlan *plan,
             guint    n_plans,
             guint    n_steps)
{
  return n_plans == 1 ? n_steps : plan->n_steps - plan->next;
}

static guint
collect_requests (SmbPlan    **plans,
                  guint        n_plans,
                  guint        n_steps,
                  SmbRequest **requests)
{
  guint n_requests = 0;

  for (guint i = 0; i < n_plans; i++)
    {
      guint n = count_steps (plans[i], n_plans, n_steps);

      relate (plans[i], n);
      for (guint k = 0; k < n; k++)
        requests[n_requests++] = plans[i]->steps[plans[i]->next + k].request;
    }
  return n_requests;
}

/* What cannot be expressed together may still be, one by one. */
static void
cannot_build (SmbPlan **plans,
              guint     n_plans,
              GError   *error)
{
  g_debug ("A request cannot be expressed: %s", error->message);
  for (guint i = 0; i < n_plans; i++)
    if (n_plans == 1)
      smb_plan_fail_status (plans[i], SMB_STATUS_INVALID_PARAMETER);
    else
      {
        plans[i]->single = TRUE;
        smb_flow_push (plans[i]);
      }
}

/* They end with all the others. */
static void
cannot_finish (SmbConnection *self,
               SmbPlan      **plans,
               guint          n_plans,
               GError        *error)
{
  for (guint i = 0; i < n_plans; i++)
    smb_flow_push (plans[i]);
  smb_connection_fail (self, error);
}

void
smb_flow_send (SmbConnection  *self,
               SmbPlan       **plans,
               guint           n_plans,
               guint           n_steps)
{
  SmbProtection       protection = smb_flow_protection (plans[0]);
  SmbRequest         *requests[SMB_BATCH_MAX * SMB_PLAN_MAX_STEPS];
  guint               n_requests = collect_requests (plans, n_plans, n_steps, requests);
  g_autoptr(SmbFrame) frame = NULL;
  g_autoptr(GError)   error = NULL;
  guint               first = 0;
  guint64             batch;

  frame = smb_dialect_build (self->dialect, requests, n_requests, &error);
  if (frame == NULL)
    {
      cannot_build (plans, n_plans, error);
      return;
    }
  if (!smb_dialect_finish (self->dialect, frame, protection, smb_flow_units_to_ask_for (&self->flow), &error))
    {
      cannot_finish (self, plans, n_plans, g_steal_pointer (&error));
      return;
    }

  batch = n_plans > 1 ? ++self->flow.n_batches : 0;
  for (guint i = 0; i < n_plans; i++)
    {
      guint n = count_steps (plans[i], n_plans, n_steps);

      plans[i]->batch = batch;
      note_sent (plans[i], frame, first, n, protection);
      first += n;
    }
  smb_flow_send_frame (self, g_steal_pointer (&frame));
}

/* Frames leave, the channel takes them. */

typedef struct
{
  SmbConnection *connection;
  SmbFrame      *frame;
} OutgoingFrame;

static void
frame_sent (gpointer data)
{
  g_autofree OutgoingFrame *outgoing = data;

  outgoing->connection->flow.queued -= outgoing->frame->size;
  smb_frame_free (outgoing->frame);
  smb_connection_unref (outgoing->connection);
}

void
smb_flow_send_frame (SmbConnection *self,
                     SmbFrame      *frame)
{
  OutgoingFrame *outgoing = g_new (OutgoingFrame, 1);

  outgoing->connection = smb_connection_ref (self);
  outgoing->frame = frame;
  self->flow.queued += frame->size;
  self->flow.sent += frame->size;
  smb_channel_queue (self->channel, frame->vectors, frame->n_vectors, frame_sent, outgoing);
}

void
smb_flow_flush (SmbConnection *self)
{
  GError *error = NULL;

  if (self->channel == NULL)
    return;
  if (!smb_channel_flush (self->channel, &error))
    {
      smb_connection_fail (self, error);
      return;
    }
  smb_watch_set_output (self->watch, smb_channel_has_output (self->channel));
}

void
smb_flow_cancel (SmbStep *step)
{
  SmbConnection      *self = step->plan->connection;
  g_autoptr(GError)   error = NULL;
  SmbFrame           *frame;

  if (step->destination != NULL)
    smb_receiver_divert (self, step);
  step->destination = NULL;
  if (step->cancelled || self->ended)
    return;

  step->cancelled = TRUE;
  frame = smb_dialect_cancel (self->dialect, step->key, step->async_id, step->sent_with, &error);
  if (frame == NULL)
    {
      g_debug ("No CANCEL: %s", error->message);
      return;
    }
  smb_flow_send_frame (self, frame);
  smb_flow_schedule (self);
}
