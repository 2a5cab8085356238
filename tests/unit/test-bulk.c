/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "smb2-peer.h"

/* Lanes that take turns, against a server that is a line and a queue; some requests it never answers. */

#define KIB   1024
#define MIB   (1024 * KIB)
#define CHUNK (512 * KIB) /* of each READ */
#define UNITS 512

#define TRIP  100 /* µs of the line, there and back */
#define PIECE 175 /* µs that the server needs for a READ */

typedef struct
{
  SmbConnection *connection;
  gint64         now;
  gint64         free_at;    /* the server */
  GQueue         waiting;    /* of SmbPlan: for an answer that comes, in this order */
  GQueue         unanswered; /* of SmbPlan: for one that never comes */
} Model;

static SmbDialect *
dialect_new (void)
{
  static const PeerOptions options = { .dialect = 0x0210 };
  Peer                     peer = { .dialect = g_object_new (SMB_TYPE_SMB2_DIALECT, NULL) };

  peer_negotiate (&peer, &options); /* from there on a READ takes as many units as it is large */
  return peer.dialect;
}

static void
model_init (Model *self)
{
  static const SmbConnectionListener listener = { NULL, NULL };
  SmbConnection                     *connection;

  connection = smb_connection_new (smb_connection_options_new (), &listener, NULL, NULL);
  connection->dialect = dialect_new ();
  connection->flow.units = UNITS;
  connection->flow.scheduled = TRUE; /* what is sent is the model's affair */
  *self = (Model){ .connection = connection, .now = G_TIME_SPAN_SECOND };
}

static void
ask (Model     *self,
     SmbLane   *lane,
     SmbCommand command)
{
  SmbPlan    *plan = smb_plan_new_for_connection (self->connection, NULL, NULL);
  SmbRequest *request = smb_plan_add (plan, command);

  if (command == SMB_COMMAND_READ)
    request->read.length = CHUNK;
  smb_plan_set_lane (plan, lane);
  smb_flow_push (plan);
}

static void
ask_often (Model     *self,
           SmbLane   *lane,
           SmbCommand command,
           guint      n)
{
  for (guint i = 0; i < n; i++)
    ask (self, lane, command);
}

/* The one whose turn it is, if there are units for it. */
static SmbPlan *
next (Model *self)
{
  SmbPlan *plan = smb_bulk_next (self->connection, self->now);

  return plan != NULL && smb_flow_sendable (plan, 0) > 0 ? plan : NULL;
}

static void
send_to (Model   *self,
         SmbPlan *plan,
         GQueue  *queue)
{
  SmbFlow *flow = &self->connection->flow;
  SmbStep *step = &plan->steps[0];

  smb_flow_remove (plan);
  plan->state = SMB_PLAN_IN_FLIGHT;
  step->state = SMB_STEP_SENT;
  step->units = smb_flow_cost (plan, 1);
  step->sent_at = self->now;
  step->bulk = smb_flow_bulk_size (step);
  step->aside = FALSE;
  smb_bulk_sent (step);
  flow->units -= step->units;
  flow->units_in_flight += step->units;
  plan->next = 1;
  g_queue_push_tail (queue, plan);
}

/* All that may leave; @slow gets no answers. Returns how much of it was @watched's. */
static guint
send_all (Model         *self,
          const SmbLane *slow,
          const SmbLane *watched)
{
  SmbPlan *plan;
  guint    n = 0;

  while ((plan = next (self)) != NULL)
    {
      n += plan->lane == watched ? 1 : 0;
      send_to (self, plan, plan->lane == slow ? &self->unanswered : &self->waiting);
    }
  return n;
}

static void
end (Model   *self,
     SmbPlan *plan)
{
  SmbFlow *flow = &self->connection->flow;
  SmbStep *step = &plan->steps[0];

  flow->units += step->units;
  flow->units_in_flight -= step->units;
  if (step->bulk > 0)
    smb_bulk_answered (step, self->now);
  smb_plan_free (plan);
}

/* The first one; its lane asks for the same again. */
static void
answer (Model *self)
{
  SmbPlan   *plan = g_queue_pop_head (&self->waiting);
  SmbLane   *lane = plan->lane;
  SmbCommand command = plan->steps[0].request->command;
  gint64     piece = command == SMB_COMMAND_READ ? PIECE : 0;

  self->free_at = MAX (self->free_at, plan->steps[0].sent_at + TRIP / 2) + piece;
  self->now = MAX (self->now, self->free_at + TRIP / 2);
  end (self, plan);
  ask (self, lane, command);
}

static void
model_clear (Model *self)
{
  SmbPlan *plan;

  while ((plan = smb_bulk_peek (self->connection)) != NULL)
    {
      smb_flow_remove (plan);
      smb_plan_free (plan);
    }
  while ((plan = g_queue_pop_head (&self->waiting)) != NULL)
    end (self, plan);
  while ((plan = g_queue_pop_head (&self->unanswered)) != NULL)
    end (self, plan);
  smb_connection_unref (self->connection);
}

/* Requests that are slow have filled the window, and a removal, which moves no data, goes on all the time:
 * who wants to read waits for neither. */
static void
test_newcomer_beside_removal (void)
{
  Model   model;
  SmbLane slow = { 0 };
  SmbLane removal = { 0 };
  SmbLane newcomer = { 0 };
  guint   n_sent = 0;

  model_init (&model);
  model.connection->flow.bulk.window.size = 24 * MIB; /* as on a long line */
  ask_often (&model, &slow, SMB_COMMAND_READ, 60);
  send_all (&model, &slow, NULL);
  g_assert_cmpuint (slow.plans.length, >, 0);
  g_assert_cmpuint (model.connection->flow.bulk.window.in_flight, ==, 24 * MIB);

  ask_often (&model, &removal, SMB_COMMAND_CREATE, 200);
  ask (&model, &newcomer, SMB_COMMAND_READ);
  for (guint i = 0; i < 1000 && n_sent == 0; i++)
    {
      n_sent = send_all (&model, &slow, &newcomer);
      answer (&model);
    }
  g_assert_cmpuint (n_sent, ==, 1);
  model_clear (&model);
}

/* A window that others have kept full for a while, with a server that is near. */
static void
fill_window (Model   *self,
             SmbLane *others,
             guint    n)
{
  SmbWindow *window = &self->connection->flow.bulk.window;

  window->starting = FALSE;
  window->size = 3 * MIB;
  window->base = TRIP + PIECE;
  window->base_until = self->now + 100 * G_TIME_SPAN_SECOND;
  for (guint i = 0; i < n; i++)
    ask (self, &others[i], SMB_COMMAND_READ);
  send_all (self, NULL, NULL);
}

/* One READ is slow and put aside. Those behind it might not be: its lane has its turns still, though others
 * always have enough to fill the window. */
static void
test_turns_beside_others (gconstpointer data)
{
  guint               n_others = GPOINTER_TO_UINT (data);
  g_autofree SmbLane *others = g_new0 (SmbLane, n_others);
  SmbLane             slow = { 0 };
  Model               model;

  model_init (&model);
  fill_window (&model, others, n_others);
  ask_often (&model, &slow, SMB_COMMAND_READ, 20);
  send_to (&model, g_queue_peek_head (&slow.plans), &model.unanswered);
  for (guint i = 0; i < 2000; i++)
    {
      send_all (&model, &slow, NULL);
      answer (&model);
    }
  g_assert_cmpuint (slow.plans.length, ==, 0);
  model_clear (&model);
}

int
main (int    argc,
      char **argv)
{
  static const guint numbers[] = { 2, 5, 6, 7, 8, 12 };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bulk/newcomer-beside-removal", test_newcomer_beside_removal);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/bulk/turns-beside/%u", numbers[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (numbers[i]), test_turns_beside_others);
    }

  return g_test_run ();
}
