/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-connection-private.h"
#include "engine/smb-worker.h"
#include "wire/smb-ntstatus.h"

/* Sending: which plan is next, what the units at hand allow, and how it becomes frames ([MS-SMB2]
 * 3.2.4.1.2). */

/* What a connection tries to hold in units: enough for the window with room for many small requests. */
#define UNITS_WANTED 512
/* Bulk data that waits in the channel is in the way of everything that comes after it. */
#define BULK_QUEUE_LIMIT (1024 * 1024)
#define UNIT_SIZE 65536

void
smb_flow_init (SmbConnection *self)
{
  SmbFlow *flow = &self->flow;

  g_queue_init (&flow->session);
  g_queue_init (&flow->metadata);
  flow->pending = g_hash_table_new (g_int64_hash, g_int64_equal);
  smb_window_init (&flow->bulk.window);
}

void
smb_flow_clear (SmbConnection *self)
{
  g_clear_pointer (&self->flow.pending, g_hash_table_unref);
}

static GQueue *
queue_of (SmbPlan *plan)
{
  SmbFlow *flow = &plan->connection->flow;

  if (plan->session)
    return &flow->session;
  return plan->lane != NULL ? &plan->lane->plans : &flow->metadata;
}

void
smb_flow_push (SmbPlan *plan)
{
  plan->state = SMB_PLAN_QUEUED;
  if (plan->lane != NULL)
    smb_bulk_push (plan);
  else if (plan->next > 0 || plan->first) /* begun: it holds a handle that others may wait for */
    g_queue_push_head_link (queue_of (plan), &plan->link);
  else
    g_queue_push_tail_link (queue_of (plan), &plan->link);
  smb_flow_schedule (plan->connection);
}

void
smb_flow_remove (SmbPlan *plan)
{
  if (plan->lane != NULL)
    smb_bulk_remove (plan);
  else
    g_queue_unlink (queue_of (plan), &plan->link);
}

/* Units that bulk transfers leave for the rest. */
static guint
reserve (const SmbFlow *flow)
{
  guint total = flow->units + flow->units_in_flight;

  return total < 8 ? 0 : MIN (total / 8, 32);
}

/* Units for one request, that lanes which have something under way leave for those which have nothing: what
 * has taken all the others may be slow. */
static guint
room_for_newcomers (const SmbFlow *flow)
{
  guint total = flow->units + flow->units_in_flight;

  return total < 32 ? 0 : MIN (total / 4, 8);
}

/* Some servers grant more than they are asked for. */
guint
smb_flow_slow_units (SmbConnection *self)
{
  SmbFlow *flow = &self->flow;

  return MIN (flow->units + flow->units_in_flight - reserve (flow), UNITS_WANTED) / 2;
}

guint
smb_flow_cost (SmbPlan *plan,
               guint    n_steps)
{
  guint cost = 0;

  for (guint i = 0; i < n_steps; i++)
    cost += smb_dialect_get_cost (plan->connection->dialect, plan->steps[plan->next + i].request);
  return cost;
}

/* A transfer takes what there is rather than wait for units that will not come; the rest follows. */
static gboolean
shorten (SmbPlan *plan,
         guint    units)
{
  SmbRequest *request = plan->steps[plan->next].request;

  if (request->command == SMB_COMMAND_READ)
    request->read.length = MIN (request->read.length, units * UNIT_SIZE);
  else if (request->command == SMB_COMMAND_WRITE)
    request->write.size = MIN (request->write.size, (gsize) units * UNIT_SIZE);
  else if (request->command == SMB_COMMAND_QUERY_DIRECTORY)
    request->query_directory.max_output = MIN (request->query_directory.max_output, units * UNIT_SIZE);
  else
    return FALSE;
  return TRUE;
}

guint
smb_flow_sendable (SmbPlan *plan,
                   guint    used)
{
  SmbConnection *self = plan->connection;
  SmbFlow       *flow = &self->flow;
  guint          n_steps = plan->n_steps - plan->next;
  guint          kept = used + (plan->lane != NULL ? reserve (flow) : 0) +
                        (plan->lane != NULL && plan->lane->inside > 0 ? room_for_newcomers (flow) : 0);
  guint          units = flow->units > kept ? flow->units - kept : 0;

  if (plan->single || n_steps > MAX (self->negotiation.max_chain, 1))
    n_steps = 1;
  if (smb_flow_cost (plan, n_steps) <= units)
    return n_steps;
  if (flow->units_in_flight > 0 || flow->units == 0 || used > 0)
    return 0;

  /* All the units there are, are at hand, and do not suffice. */
  while (n_steps > 1 && smb_flow_cost (plan, n_steps) > flow->units)
    n_steps--;
  if (smb_flow_cost (plan, n_steps) <= flow->units || shorten (plan, flow->units))
    return n_steps;
  return 0;
}

/* Bytes of payload that a request's reply may bring. */
gsize
smb_flow_expected (const SmbRequest *request)
{
  switch (request->command)
    {
    case SMB_COMMAND_READ:
      return request->read.length;
    case SMB_COMMAND_IOCTL:
      return request->ioctl.max_output;
    case SMB_COMMAND_QUERY_DIRECTORY:
      return request->query_directory.max_output;
    case SMB_COMMAND_QUERY_INFO:
      return request->query_info.max_output;
    default:
      return 0;
    }
}

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

gsize
smb_flow_bulk_size (const SmbStep *step)
{
  const SmbRequest *request = step->request;

  return request->command == SMB_COMMAND_WRITE ? request->write.size : smb_flow_expected (request);
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

static guint
units_to_ask_for (SmbFlow *flow)
{
  guint held = flow->units + flow->units_in_flight;

  return held < UNITS_WANTED ? UNITS_WANTED - held : 1;
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

  frame = smb_dialect_build (self->dialect, requests, n_requests, &error);
  if (frame == NULL)
    {
      cannot_build (plans, n_plans, error);
      return;
    }
  if (!smb_dialect_finish (self->dialect, frame, protection, units_to_ask_for (&self->flow), &error))
    {
      cannot_finish (self, plans, n_plans, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < n_plans; i++)
    {
      guint n = count_steps (plans[i], n_plans, n_steps);

      plans[i]->batched = n_plans > 1;
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

/* The choice. */

static gboolean
is_stalled (SmbConnection *self)
{
  SmbFlow *flow = &self->flow;

  return flow->units == 0 && flow->units_in_flight == 0 && g_hash_table_size (flow->pending) == 0;
}

/* A base is measured with one request, not with a frame full of them. */
static gboolean
may_gather (SmbPlan *plan)
{
  return plan->lane == NULL || !plan->connection->flow.bulk.window.measuring;
}

static gboolean
send_first (SmbConnection *self,
            SmbPlan       *first)
{
  SmbPlan *plans[SMB_BATCH_MAX];
  guint    n_plans = 1;
  guint    n_steps;

  if (first == NULL)
    return FALSE;
  n_steps = smb_flow_sendable (first, 0);
  if (n_steps == 0)
    {
      if (is_stalled (self))
        smb_connection_fail (self, g_error_new_literal (SMB_ERROR, SMB_ERROR_PROTOCOL,
                                                        "the server grants no credits"));
      return FALSE;
    }

  smb_flow_remove (first);
  if (!smb_tree_check (first))
    return TRUE;
  plans[0] = first;
  if (n_steps == first->n_steps - first->next && may_gather (first))
    n_plans = smb_batch_gather (self, queue_of (first), plans);
  smb_flow_send (self, plans, n_plans, n_steps);
  return TRUE;
}

/* A server that has this many requests to answer does not become idle when the next ones come a moment
 * later, as one frame. */
#define BUSY_REQUESTS 128
#define MOMENT        (2 * G_TIME_SPAN_MILLISECOND)
#define MOMENTS       (3 * MOMENT) /* all told: answers to a transfer never stop coming */

/* Whether what waits, and the units at hand, suffice for a frame that is full. */
static gboolean
fills_frame (SmbFlow *flow,
             SmbPlan *first)
{
  guint cost = MAX (smb_flow_cost (first, first->n_steps - first->next), 1);

  return MIN (queue_of (first)->length, flow->units / cost) >= SMB_BATCH_MAX;
}

/* Whether there will be more to put into a frame soon: when the server has answered some of much, or has
 * said whether it takes such frames. */
static gboolean
can_expect_company (SmbConnection *self,
                    SmbPlan       *first)
{
  SmbFlow *flow = &self->flow;

  if (first->single || self->negotiation.max_chain < 2 ||
      (first->n_steps > 1 && flow->mixing == SMB_MIXING_REFUSED))
    return FALSE;
  if (flow->mixing == SMB_MIXING_PROBED)
    return queue_of (first)->length > 1;
  return g_hash_table_size (flow->pending) >= BUSY_REQUESTS && !fills_frame (flow, first);
}

/* Small plans wait for others to share a frame with, as long as answers come in. */
static gboolean
waits_for_company (SmbConnection *self,
                   SmbPlan       *first)
{
  SmbFlow *flow = &self->flow;
  gint64   now, until;

  if (!can_expect_company (self, first))
    return FALSE;
  now = g_get_monotonic_time ();
  if (flow->alone_since == 0)
    flow->alone_since = now;
  until = MIN (self->keepalive.last_received + MOMENT, flow->alone_since + MOMENTS);
  if (now >= until)
    return FALSE;
  smb_connection_set_timer (self, until);
  return TRUE;
}

static gboolean
may_send_small (SmbConnection *self,
                SmbPlan       *first)
{
  if (first == NULL || waits_for_company (self, first))
    return FALSE;
  if (self->flow.mixing != SMB_MIXING_PROBED) /* else they have waited for the same answer, and all go now */
    self->flow.alone_since = 0;
  return TRUE;
}

/* Lanes that wait for company let the others pass. */
static SmbPlan *
next_in_turn (SmbConnection *self,
              gint64         now)
{
  SmbPlan *plan = NULL;

  for (guint i = self->flow.bulk.lanes.length; i > 0; i--)
    {
      plan = smb_bulk_next (self, now);
      if (plan == NULL || smb_flow_bulk_size (&plan->steps[plan->next]) > 0 || may_send_small (self, plan))
        return plan;
      smb_bulk_pass (plan);
    }
  return NULL;
}

static SmbPlan *
next_bulk (SmbConnection *self)
{
  SmbFlow   *flow = &self->flow;
  SmbWindow *window = &flow->bulk.window;
  SmbPlan   *plan;
  gint64     now;

  if (g_queue_is_empty (&flow->bulk.lanes) || flow->queued >= BULK_QUEUE_LIMIT)
    return NULL;
  now = g_get_monotonic_time ();
  plan = next_in_turn (self, now);
  if (plan == NULL && window->measuring && now < window->measuring_until)
    smb_connection_set_timer (self, window->measuring_until);
  return plan;
}

static gboolean
send_next (SmbConnection *self)
{
  SmbFlow *flow = &self->flow;
  SmbPlan *first;

  if (self->ended || self->channel == NULL)
    return FALSE;
  if (!g_queue_is_empty (&flow->session) || self->login != NULL)
    return send_first (self, g_queue_peek_head (&flow->session));
  first = g_queue_peek_head (&flow->metadata);
  if (may_send_small (self, first))
    return send_first (self, first);
  return send_first (self, next_bulk (self));
}

/* A turn's end, so that other connections, and whatever else a host's loop has to do, get theirs: so many
 * bytes that were signed or sealed. */
#define TURN (1024 * 1024)

static void
pump_on (gpointer data)
{
  SmbConnection *self = data;

  smb_flow_schedule (self);
  smb_connection_unref (self);
}

/* FALSE: there is nothing more that may be sent. */
static gboolean
send_some (SmbConnection *self,
           guint64        until)
{
  while (self->flow.sent < until)
    if (!send_next (self))
      return FALSE;
  return TRUE;
}

static void
pump (gpointer data)
{
  SmbConnection *self = data;
  guint64        until = self->flow.sent + TURN;
  gboolean       has_more;

  self->flow.scheduled = FALSE;
  do
    {
      has_more = send_some (self, until);
      smb_flow_flush (self);
    }
  while (!has_more && self->channel != NULL && !smb_channel_has_output (self->channel) && send_next (self));
  if (has_more && !self->ended)
    smb_worker_post (pump_on, smb_connection_ref (self));
  smb_connection_unref (self);
}

void
smb_flow_schedule (SmbConnection *self)
{
  if (self->flow.scheduled || self->ended)
    return;
  self->flow.scheduled = TRUE;
  smb_worker_defer (pump, smb_connection_ref (self));
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
