/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"

/*
 * Bulk plans: whose turn it is, and how much may be under way.
 *
 * The lanes in which plans wait take turns, so that nobody waits behind all that another one has asked for at
 * once. A turn is a large request, or as many small ones as go into a frame.
 *
 * All lanes share one window, since they share the line and the server. What the server has to wait for
 * itself, for a slow disk or a tape, is overtaken by answers to what was sent later: it is in nobody's way,
 * and must not take the place of those who are answered at once. So it is put aside. Lanes of which something
 * was put aside send nothing more while they hold half of the units.
 */

#define TURN      (512 * 1024)
#define STEP_COST (16 * 1024) /* at least: an answer to something small costs the server as much time */

/* Those who have nothing under way get this much beyond the window: what fills it may be slow, and that shows
 * only when something else is answered. */
#define ROOM_FOR_NEWCOMERS (1024 * 1024)

/* Waiting. */

static gboolean
waits (const SmbLane *lane)
{
  return lane->plans.length > 0;
}

static void
update_newcomer (SmbBulk *self,
                 SmbLane *lane)
{
  gboolean was = lane->newcomer.data != NULL;
  gboolean is = lane->inside == 0 && waits (lane);

  if (is == was)
    return;
  lane->newcomer.data = is ? lane : NULL;
  if (is)
    g_queue_push_tail_link (&self->newcomers, &lane->newcomer);
  else
    g_queue_unlink (&self->newcomers, &lane->newcomer);
}

static void
push_link (GQueue   *queue,
           GList    *link,
           gboolean  first)
{
  if (first)
    g_queue_push_head_link (queue, link);
  else
    g_queue_push_tail_link (queue, link);
}

void
smb_bulk_push (SmbPlan *plan)
{
  SmbBulk  *bulk = &plan->connection->flow.bulk;
  SmbLane  *lane = plan->lane;
  gboolean  begun = plan->next > 0; /* it holds a handle that others may wait for */

  push_link (&lane->plans, &plan->link, begun);
  if (lane->plans.length > 1)
    return;
  lane->link.data = lane;
  lane->spent = 0;
  push_link (&bulk->lanes, &lane->link, begun);
  update_newcomer (bulk, lane);
}

void
smb_bulk_remove (SmbPlan *plan)
{
  SmbBulk *bulk = &plan->connection->flow.bulk;
  SmbLane *lane = plan->lane;

  g_queue_unlink (&lane->plans, &plan->link);
  if (waits (lane))
    return;
  g_queue_unlink (&bulk->lanes, &lane->link);
  update_newcomer (bulk, lane);
}

/* Turns. */

static void
move_to_tail (GQueue *queue,
              GList  *link)
{
  g_queue_unlink (queue, link);
  g_queue_push_tail_link (queue, link);
}

static void
end_turn (SmbBulk *self,
          SmbLane *lane)
{
  move_to_tail (&self->lanes, &lane->link);
  if (lane->newcomer.data != NULL) /* what moves no data stays one */
    move_to_tail (&self->newcomers, &lane->newcomer);
}

static void
spend (SmbBulk *self,
       SmbLane *lane,
       gsize    bytes)
{
  lane->spent += MAX (bytes, STEP_COST);
  if (lane->spent < TURN || !waits (lane))
    return;
  lane->spent -= TURN; /* what is too much counts in its next turn */
  end_turn (self, lane);
}

void
smb_bulk_pass (SmbPlan *plan)
{
  end_turn (&plan->connection->flow.bulk, plan->lane);
}

static gboolean
must_wait (SmbConnection *self,
           const SmbLane *lane)
{
  return lane->aside > 0 && self->flow.bulk.slow >= smb_flow_slow_units (self);
}

SmbPlan *
smb_bulk_peek (SmbConnection *self)
{
  SmbLane *lane = g_queue_peek_head (&self->flow.bulk.lanes);

  return lane == NULL ? NULL : g_queue_peek_head (&lane->plans);
}

/* Slow lanes that have enough under way let the others pass. */
static void
pass_slow (SmbConnection *self)
{
  SmbBulk *bulk = &self->flow.bulk;

  for (guint i = bulk->lanes.length; i > 1 && must_wait (self, g_queue_peek_head (&bulk->lanes)); i--)
    end_turn (bulk, g_queue_peek_head (&bulk->lanes));
}

static gboolean
may_leave (SmbConnection *self,
           SmbPlan       *plan,
           gsize          beyond,
           gint64         now)
{
  SmbWindow *window = &self->flow.bulk.window;

  if (must_wait (self, plan->lane) ||
      !smb_window_allows (window, smb_flow_bulk_size (&plan->steps[plan->next]), beyond, now))
    return FALSE;
  return plan->lane->inside == 0 || smb_flow_sendable (plan, 0) > 0; /* else newcomers go on */
}

static SmbPlan *
next_newcomer (SmbConnection *self,
               gint64         now)
{
  GQueue *newcomers = &self->flow.bulk.newcomers;

  for (guint i = newcomers->length; i > 0; i--)
    {
      SmbLane *lane = g_queue_peek_head (newcomers);
      SmbPlan *plan = g_queue_peek_head (&lane->plans);

      if (!must_wait (self, lane))
        return may_leave (self, plan, ROOM_FOR_NEWCOMERS, now) ? plan : NULL;
      move_to_tail (newcomers, &lane->newcomer);
    }
  return NULL;
}

SmbPlan *
smb_bulk_next (SmbConnection *self,
               gint64         now)
{
  SmbPlan *plan;

  pass_slow (self);
  plan = smb_bulk_peek (self);
  if (plan == NULL || may_leave (self, plan, 0, now))
    return plan;
  return next_newcomer (self, now);
}

/* Under way. */

void
smb_bulk_sent (SmbStep *step)
{
  SmbPlan *plan = step->plan;
  SmbBulk *bulk = &plan->connection->flow.bulk;

  spend (bulk, plan->lane, step->bulk);
  if (step->bulk == 0)
    return;
  plan->lane->units += step->units;
  plan->lane->inside += step->bulk;
  bulk->slow += plan->lane->aside > 0 ? step->units : 0;
  update_newcomer (bulk, plan->lane);
  step->link.data = step;
  g_queue_push_tail_link (&bulk->under_way, &step->link);
  smb_window_sent (&bulk->window, step->bulk);
}

void
smb_bulk_put_aside (SmbStep *step)
{
  SmbBulk *bulk = &step->plan->connection->flow.bulk;
  SmbLane *lane = step->plan->lane;

  if (step->bulk == 0 || step->aside)
    return;
  step->aside = TRUE;
  if (lane != NULL)
    {
      bulk->slow += lane->aside == 0 ? lane->units : 0;
      lane->aside += step->bulk;
      lane->inside -= step->bulk;
      update_newcomer (bulk, lane);
    }
  g_queue_unlink (&bulk->under_way, &step->link);
  smb_window_put_off (&bulk->window, step->bulk);
}

static void
put_overtaken_aside (SmbConnection *self)
{
  SmbBulk *bulk = &self->flow.bulk;
  SmbStep *step;

  while ((step = g_queue_peek_head (&bulk->under_way)) != NULL && step->sent_at < bulk->window.overtaken)
    smb_bulk_put_aside (step);
}

static void
leave_lane (const SmbStep *step)
{
  SmbBulk *bulk = &step->plan->connection->flow.bulk;
  SmbLane *lane = step->plan->lane;

  if (lane == NULL)
    return;
  bulk->slow -= lane->aside > 0 ? lane->units : 0;
  lane->units -= step->units;
  *(step->aside ? &lane->aside : &lane->inside) -= step->bulk;
  bulk->slow += lane->aside > 0 ? lane->units : 0;
  update_newcomer (bulk, lane);
}

void
smb_bulk_forget (SmbPlan *plan)
{
  gboolean queued = plan->state == SMB_PLAN_QUEUED;

  if (plan->lane == NULL)
    return;
  if (queued)
    smb_bulk_remove (plan);
  for (guint i = 0; i < plan->n_steps; i++)
    if (plan->steps[i].state == SMB_STEP_SENT && plan->steps[i].bulk > 0)
      leave_lane (&plan->steps[i]);
  plan->lane = NULL;
  if (queued)
    smb_flow_push (plan);
}

void
smb_bulk_answered (SmbStep *step,
                   gint64   now)
{
  SmbConnection *self = step->plan->connection;
  SmbBulk       *bulk = &self->flow.bulk;

  leave_lane (step);
  if (!step->aside)
    {
      g_queue_unlink (&bulk->under_way, &step->link);
      smb_window_answered (&bulk->window, step->bulk, step->sent_at, now);
      put_overtaken_aside (self);
    }
  step->bulk = 0;
}
