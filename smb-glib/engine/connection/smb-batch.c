/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "wire/smb-fscc.h"
#include "wire/smb-ntstatus.h"

/*
 * Batches: small plans that wait at the same time share one frame, so that a server wakes up once for all of
 * them.
 *
 * A frame may hold one chain, or requests that have nothing to do with each other ([MS-SMB2] 3.2.4.1.4 keeps
 * the two apart). Servers are known that also take several chains side by side, which is what most small
 * operations are; that is tried with something harmless before it is relied on. Those that refuse, by an
 * answer or by hanging up, get a frame for each chain.
 */

/* What the frame and its answer may come to, bytes. */
#define BATCH_SIZE   (1024 * 1024)
/* A larger payload is better received straight into its place. */
#define PAYLOAD_MAX  (128 * 1024)
#define MESSAGE_ROOM 512

/* Servers that hung up on the question: "host:port", for as long as the process lives. The worker's. */
static GHashTable *hung_up;

static char *
server_name (SmbConnection *self)
{
  return g_strdup_printf ("%s:%u", smb_connection_get_target_host (self), self->options->port);
}

/* The question. */

static void
probe_done (SmbPlan  *plan,
            gpointer  data)
{
  SmbConnection *self = smb_plan_get_connection (plan);
  SmbFlow       *flow = &self->flow;

  flow->probes--;
  if (flow->mixing != SMB_MIXING_PROBED)
    return;

  if (plan->error != NULL)
    {
      if (hung_up == NULL)
        hung_up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_add (hung_up, server_name (self));
      flow->mixing = SMB_MIXING_REFUSED;
    }
  else if (smb_plan_get_status (plan, 0) == SMB_STATUS_INVALID_PARAMETER ||
           smb_plan_get_status (plan, 1) == SMB_STATUS_INVALID_PARAMETER)
    flow->mixing = SMB_MIXING_REFUSED;
  else if (flow->probes == 0)
    flow->mixing = SMB_MIXING_ACCEPTED;
}

static SmbPlan *
probe_new (SmbConnection *self,
           guint32        tree_id)
{
  SmbPlan    *plan = smb_plan_new_for_connection (self, probe_done, NULL);
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_CREATE);

  request->tree_id = tree_id;
  request->create.path = g_strdup ("");
  request->create.desired_access = SMB_FSCC_ACCESS_READ_ATTRIBUTES;
  request->create.share_access = SMB_SHARE_ALL;
  request->create.disposition = SMB_FILE_DISPOSITION_OPEN;
  smb_plan_add (plan, SMB_COMMAND_CLOSE);
  return plan;
}

static void
probe (SmbConnection *self,
       guint32        tree_id)
{
  SmbFlow          *flow = &self->flow;
  g_autofree char  *name = server_name (self);
  SmbPlan          *plans[2];

  if (hung_up != NULL && g_hash_table_contains (hung_up, name))
    {
      flow->mixing = SMB_MIXING_REFUSED;
      return;
    }
  if (flow->units < 8) /* it would be in the way */
    return;

  flow->mixing = SMB_MIXING_PROBED;
  flow->probes = 2;
  for (guint i = 0; i < 2; i++)
    plans[i] = probe_new (self, tree_id);
  smb_flow_send (self, plans, 2, 2);
}

void
smb_batch_refused (SmbConnection *self)
{
  self->flow.mixing = SMB_MIXING_REFUSED;
}

/* The gathering. */

typedef struct
{
  SmbConnection *connection;
  SmbProtection  protection;
  guint          n_messages;
  guint          units;
  gsize          sent;     /* bytes */
  gsize          received; /* bytes, at most */
  gboolean       chains;
} Batch;

/* What the rest of @plan adds; FALSE if it is not for batches. */
static gboolean
measure (SmbPlan *plan,
         Batch   *sum)
{
  for (guint i = plan->next; i < plan->n_steps; i++)
    {
      const SmbRequest *request = plan->steps[i].request;
      gsize             payload = request->command == SMB_COMMAND_WRITE ? request->write.size : 0;
      gsize             expected = smb_flow_expected (request);

      if (payload > PAYLOAD_MAX || expected > PAYLOAD_MAX)
        return FALSE;
      sum->n_messages++;
      sum->sent += payload + MESSAGE_ROOM;
      sum->received += expected + MESSAGE_ROOM;
    }
  sum->chains |= plan->n_steps - plan->next > 1;
  return TRUE;
}

static gboolean
is_handle_in_use (SmbConnection       *self,
                  const SmbFileHandle *handle)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->flow.pending);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const SmbFileHandle *other = &((SmbStep *) value)->request->handle;

      if (other->persistent == handle->persistent && other->transient == handle->transient)
        return TRUE;
    }
  return FALSE;
}

/* A CLOSE waits for what is under way on its handle (READs that were given up, say), and inside a frame a
 * server cannot wait. Samba 4.17 then says that the file is closed, and keeps it open. */
static gboolean
has_to_wait (SmbPlan *plan)
{
  const SmbRequest *request = plan->steps[0].request;

  return request->command == SMB_COMMAND_CLOSE && is_handle_in_use (plan->connection, &request->handle);
}

static gboolean
is_batchable (SmbPlan *plan)
{
  guint32 tree_id = plan->steps[0].request->tree_id;

  return !plan->single && !plan->session && !plan->force_sign && plan->next == 0 &&
         smb_tree_takes_batches (plan->connection, tree_id) && !has_to_wait (plan);
}

static gboolean
is_mixing_possible (SmbConnection *self,
                    guint32        tree_id)
{
  if (self->flow.mixing == SMB_MIXING_UNKNOWN)
    probe (self, tree_id);
  return self->flow.mixing == SMB_MIXING_ACCEPTED;
}

static gboolean
join (Batch   *batch,
      SmbPlan *plan)
{
  SmbConnection *self = batch->connection;
  Batch          sum = *batch;
  gsize          limit = MIN (self->negotiation.max_transact_size, BATCH_SIZE);

  if (!is_batchable (plan) || smb_flow_protection (plan) != batch->protection || !measure (plan, &sum) ||
      sum.n_messages > self->negotiation.max_chain || sum.sent > limit || sum.received > limit)
    return FALSE;
  if (smb_flow_sendable (plan, batch->units) != plan->n_steps)
    return FALSE;
  if (sum.chains && !is_mixing_possible (self, plan->steps[0].request->tree_id))
    return FALSE;

  *batch = sum;
  batch->units += smb_flow_cost (plan, plan->n_steps);
  return TRUE;
}

guint
smb_batch_gather (SmbConnection *self,
                  GQueue        *queue,
                  SmbPlan       *plans[SMB_BATCH_MAX])
{
  Batch    batch = { .connection = self };
  guint    n_plans = 1;
  SmbPlan *plan;

  if (g_queue_is_empty (queue) || !is_batchable (plans[0]) || !measure (plans[0], &batch))
    return 1;

  batch.protection = smb_flow_protection (plans[0]);
  batch.units = smb_flow_cost (plans[0], plans[0]->n_steps);
  while (n_plans < SMB_BATCH_MAX && (plan = g_queue_peek_head (queue)) != NULL && join (&batch, plan))
    {
      smb_flow_remove (plan);
      plans[n_plans++] = plan;
    }
  return n_plans;
}
