/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "engine/worker/smb-worker.h"

/* Which plan is next, and whether it leaves now or waits for others. */

/* Bulk data that waits in the channel is in the way of everything that comes after it. */
#define BULK_QUEUE_LIMIT (1024 * 1024)

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
    n_plans = smb_batch_gather (self, smb_flow_queue_of (first), plans);
  smb_flow_send (self, plans, n_plans, n_steps);
  return TRUE;
}

/* A server that has this many requests to answer does not become idle when the next ones come a moment
 * later, as one frame. Callers with some dozens of operations have more under way even when some have just
 * been answered: else what had to leave alone would be answered alone, and what follows it leave alone. */
#define BUSY_REQUESTS 64
#define MOMENT        (2 * G_TIME_SPAN_MILLISECOND)
#define MOMENTS       (3 * MOMENT) /* all told: answers to a transfer never stop coming */

/* Whether what waits, and the units at hand, suffice for a frame that is full. */
static gboolean
fills_frame (SmbFlow *flow,
             SmbPlan *first)
{
  guint cost = MAX (smb_flow_cost (first, first->n_steps - first->next), 1);

  return MIN (smb_flow_queue_of (first)->length, flow->units / cost) >= SMB_BATCH_MAX;
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
    return smb_flow_queue_of (first)->length > 1;
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
