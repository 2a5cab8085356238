/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "wire/smb-ntstatus.h"

/* Trees: a connection to a share is made when it is first needed and kept ([MS-SMB2] 3.2.4.2). */

/* How long what waits on a tree (an oplock that is being broken) may be expected to. */
#define BATCHES_HELD (5 * G_TIME_SPAN_SECOND)

/* [MS-SMB2] 2.2.10 */
#define SHARE_TYPE_DISK 1

struct _SmbTree
{
  char    *key;   /* the share's name, folded */
  char    *share; /* as it was asked for */
  guint32  id;
  gboolean ready;
  gboolean seal;
  gboolean is_disk;
  gboolean no_file_ids; /* a CREATE tells no number of the file */
  gint64   batches_held_until;
  GQueue   waiting; /* of SmbPlan, by their link */
};

static void
tree_free (gpointer data)
{
  SmbTree *tree = data;

  g_free (tree->key);
  g_free (tree->share);
  g_free (tree);
}

void
smb_trees_init (SmbConnection *self)
{
  self->trees = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, tree_free);
  self->trees_by_share = g_hash_table_new (g_str_hash, g_str_equal);
  self->trees_by_id = g_hash_table_new (NULL, NULL);
}

void
smb_trees_clear (SmbConnection *self)
{
  g_clear_pointer (&self->trees_by_id, g_hash_table_unref);
  g_clear_pointer (&self->trees_by_share, g_hash_table_unref);
  g_clear_pointer (&self->trees, g_hash_table_unref);
}

/* Nobody finds it any more. */
static void
steal_tree (SmbConnection *self,
            SmbTree       *tree)
{
  g_hash_table_remove (self->trees_by_share, tree->share);
  g_hash_table_steal (self->trees, tree->key);
}

/* Case does not count; but most names are written as they were the first time, and found without folding. */
static SmbTree *
find_tree (SmbConnection *self,
           const char    *share)
{
  SmbTree         *tree = g_hash_table_lookup (self->trees_by_share, share);
  g_autofree char *key = tree == NULL ? g_utf8_casefold (share, -1) : NULL;

  return tree != NULL ? tree : g_hash_table_lookup (self->trees, key);
}

static void
queue_plan (SmbPlan *plan,
            SmbTree *tree)
{
  if (plan->n_steps == 0) /* it was for the tree */
    {
      smb_plan_succeed (plan);
      return;
    }
  for (guint i = 0; i < plan->n_steps; i++)
    plan->steps[i].request->tree_id = tree->id;
  smb_flow_push (plan);
}

static void
release_waiting (SmbTree *tree)
{
  SmbPlan *plan;

  while ((plan = g_queue_peek_head (&tree->waiting)) != NULL)
    {
      g_queue_unlink (&tree->waiting, &plan->link);
      queue_plan (plan, tree);
    }
}

static void
refuse_waiting (SmbConnection *self,
                SmbTree       *tree,
                guint32        status)
{
  SmbPlan *plan;

  steal_tree (self, tree);
  while ((plan = g_queue_peek_head (&tree->waiting)) != NULL) /* one may take others along */
    {
      g_queue_unlink (&tree->waiting, &plan->link);
      smb_plan_fail_status (plan, status);
    }
  tree_free (tree);
}

void
smb_trees_fail (SmbConnection *self,
                const GError  *reason)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->trees);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SmbTree *tree = value;
      SmbPlan *plan;

      while ((plan = g_queue_peek_head (&tree->waiting)) != NULL)
        {
          g_queue_unlink (&tree->waiting, &plan->link);
          smb_plan_fail (plan, reason);
        }
    }
}

/* The negotiation is proved once a session, on its first tree. */

static void
validation_answered (SmbPlan  *plan,
                     gpointer  data)
{
  SmbTree       *tree = data;
  SmbConnection *self = smb_plan_get_connection (plan);
  GError        *error = NULL;

  if (plan->error != NULL)
    return;
  if (!smb_dialect_validated (self->dialect, smb_plan_get_reply (plan, 0), &error))
    {
      smb_connection_fail (self, error);
      return;
    }
  self->session.validated = TRUE;
  tree->ready = TRUE;
  release_waiting (tree);
}

static gboolean
validate (SmbConnection *self,
          SmbTree       *tree)
{
  SmbRequest *request =
    self->session.validated || !self->session.has_keys ? NULL : smb_dialect_validate (self->dialect);
  SmbPlan    *plan;

  if (request == NULL)
    return FALSE;

  plan = smb_plan_new_for_connection (self, validation_answered, tree);
  request->tree_id = tree->id;
  smb_plan_add_request (plan, request);
  plan->force_sign = TRUE;
  plan->demand_signed = TRUE;
  smb_plan_submit (plan);
  return TRUE;
}

static void
tree_connected (SmbPlan  *plan,
                gpointer  data)
{
  SmbTree        *tree = data;
  SmbConnection  *self = smb_plan_get_connection (plan);
  const SmbReply *reply = smb_plan_get_reply (plan, 0);

  if (plan->error != NULL) /* smb_trees_fail() ends those that wait */
    return;
  if (smb_nt_status_is_error (smb_plan_get_status (plan, 0)))
    {
      refuse_waiting (self, tree, smb_plan_get_status (plan, 0));
      return;
    }
  if (reply->tree_connect.seal && (!self->negotiation.can_seal || !self->session.has_keys))
    {
      refuse_waiting (self, tree, SMB_STATUS_ACCESS_DENIED);
      return;
    }

  tree->id = reply->tree_connect.tree_id;
  tree->seal = reply->tree_connect.seal;
  tree->is_disk = reply->tree_connect.share_type == SHARE_TYPE_DISK;
  g_hash_table_insert (self->trees_by_id, GUINT_TO_POINTER (tree->id), tree);
  if (validate (self, tree))
    return;
  tree->ready = TRUE;
  release_waiting (tree);
}

static SmbTree *
connect_tree (SmbConnection *self,
              const char    *share)
{
  SmbTree    *tree = g_new0 (SmbTree, 1);
  SmbPlan    *plan = smb_plan_new_for_connection (self, tree_connected, tree);
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_TREE_CONNECT);

  tree->key = g_utf8_casefold (share, -1);
  tree->share = g_strdup (share);
  g_queue_init (&tree->waiting);
  g_hash_table_insert (self->trees, tree->key, tree);
  g_hash_table_insert (self->trees_by_share, tree->share, tree);

  request->tree_connect.path = g_strdup_printf ("\\\\%s\\%s", smb_connection_get_target_host (self), share);
  plan->force_sign = TRUE;
  smb_plan_submit (plan);
  return tree;
}

void
smb_tree_resolve (SmbPlan *plan)
{
  SmbConnection *self = plan->connection;
  SmbTree       *tree = find_tree (self, plan->share);

  if (tree == NULL)
    tree = connect_tree (self, plan->share);
  if (tree->ready)
    {
      queue_plan (plan, tree);
      return;
    }
  plan->state = SMB_PLAN_WAITING_FOR_TREE;
  plan->tree = tree;
  g_queue_push_tail_link (&tree->waiting, &plan->link);
}

void
smb_tree_forget (SmbPlan *plan)
{
  g_queue_unlink (&plan->tree->waiting, &plan->link);
}

void
smb_tree_drop (SmbConnection *self,
               guint32        tree_id)
{
  SmbTree *tree = g_hash_table_lookup (self->trees_by_id, GUINT_TO_POINTER (tree_id));

  if (tree == NULL || !tree->ready)
    return;
  g_hash_table_remove (self->trees_by_id, GUINT_TO_POINTER (tree_id));
  steal_tree (self, tree);
  tree_free (tree);
}

static gboolean
needs_tree (const SmbRequest *request)
{
  switch (request->command)
    {
    case SMB_COMMAND_NEGOTIATE:
    case SMB_COMMAND_SESSION_SETUP:
    case SMB_COMMAND_LOGOFF:
    case SMB_COMMAND_TREE_CONNECT:
    case SMB_COMMAND_CANCEL:
    case SMB_COMMAND_ECHO:
      return FALSE;
    default:
      return TRUE;
    }
}

/* What was opened on a tree is lost with it. To ask the server all the same would be to send in the clear
 * what was sealed: whether it must be is not known any more. */
gboolean
smb_tree_check (SmbPlan *plan)
{
  SmbConnection *self = plan->connection;
  guint32        tree_id = plan->steps[0].request->tree_id;

  if (!needs_tree (plan->steps[plan->next].request) ||
      g_hash_table_contains (self->trees_by_id, GUINT_TO_POINTER (tree_id)))
    return TRUE;

  if (plan->share != NULL && plan->next == 0)
    smb_tree_resolve (plan);
  else
    smb_plan_fail_status (plan, SMB_STATUS_NETWORK_NAME_DELETED);
  return FALSE;
}

gboolean
smb_tree_is_sealed (SmbConnection *self,
                    guint32        tree_id)
{
  SmbTree *tree = g_hash_table_lookup (self->trees_by_id, GUINT_TO_POINTER (tree_id));

  return tree != NULL && tree->seal;
}

void
smb_tree_hold_batches (SmbConnection *self,
                       guint32        tree_id)
{
  SmbTree *tree = g_hash_table_lookup (self->trees_by_id, GUINT_TO_POINTER (tree_id));

  if (tree != NULL)
    tree->batches_held_until = g_get_monotonic_time () + BATCHES_HELD;
}

gboolean
smb_tree_takes_batches (SmbConnection *self,
                        guint32        tree_id)
{
  SmbTree *tree = g_hash_table_lookup (self->trees_by_id, GUINT_TO_POINTER (tree_id));

  return tree != NULL &&
         (tree->batches_held_until == 0 || g_get_monotonic_time () >= tree->batches_held_until);
}

/* Pipes are not found by their paths, only opened. */
gboolean
smb_connection_queries_paths (SmbConnection *self,
                              const char    *share)
{
  SmbTree *tree = self->negotiation.queries_paths ? find_tree (self, share) : NULL;

  return tree != NULL && tree->is_disk && tree->no_file_ids;
}

void
smb_connection_note_no_file_ids (SmbConnection *self,
                                 const char    *share)
{
  SmbTree *tree = self->negotiation.queries_paths ? find_tree (self, share) : NULL;

  if (tree != NULL)
    tree->no_file_ids = TRUE;
}

void
smb_connection_refuses_path_queries (SmbConnection *self)
{
  self->negotiation.queries_paths = FALSE;
}
