/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"

/* What is to be sent, and what the units at hand allow ([MS-SMB2] 3.2.4.1.2). Which of it is next is the
 * affair of smb-flow-pump.c, how it becomes frames that of smb-flow-frames.c. */

/* What a connection tries to hold in units: enough for the window with room for many small requests. */
#define UNITS_WANTED 512
#define UNIT_SIZE    65536

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

GQueue *
smb_flow_queue_of (SmbPlan *plan)
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
    g_queue_push_head_link (smb_flow_queue_of (plan), &plan->link);
  else
    g_queue_push_tail_link (smb_flow_queue_of (plan), &plan->link);
  smb_flow_schedule (plan->connection);
}

void
smb_flow_remove (SmbPlan *plan)
{
  if (plan->lane != NULL)
    smb_bulk_remove (plan);
  else
    g_queue_unlink (smb_flow_queue_of (plan), &plan->link);
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

guint
smb_flow_units_to_ask_for (const SmbFlow *flow)
{
  guint held = flow->units + flow->units_in_flight;

  return held < UNITS_WANTED ? UNITS_WANTED - held : 1;
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

gsize
smb_flow_bulk_size (const SmbStep *step)
{
  const SmbRequest *request = step->request;

  return request->command == SMB_COMMAND_WRITE ? request->write.size : smb_flow_expected (request);
}
