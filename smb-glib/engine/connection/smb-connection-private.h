/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-connection.h"
#include "engine/connection/smb-plan.h"
#include "engine/worker/smb-timer.h"
#include "engine/worker/smb-watch.h"
#include "plugin/smb-channel.h"
#include "plugin/smb-dialect.h"

/* What the parts of the engine know of a connection. One part a file: smb-connection.c (life), smb-opening.c
 * (transport and negotiation), smb-login.c (session), smb-tree.c, smb-flow.c (sending), smb-bulk.c,
 * smb-receiver.c, smb-keepalive.c (time). */

typedef struct _SmbOpening SmbOpening;
typedef struct _SmbLogin SmbLogin;
typedef struct _SmbTree SmbTree;

/* One request of a plan. */
typedef enum
{
  SMB_STEP_UNSENT,
  SMB_STEP_SENT,
  SMB_STEP_ANSWERED,
} SmbStepState;

struct _SmbStep
{
  SmbPlan       *plan;
  SmbRequest    *request;
  SmbStepState   state;
  guint8        *destination; /* where a READ's payload goes; NULL = into its message */

  guint64        key; /* from here to the reply: while SENT */
  guint64        async_id;
  guint          units;
  gsize          expects; /* bytes of payload */
  gsize          bulk;    /* bytes of the window */
  gboolean       aside;   /* but not of the window any more */
  SmbProtection  sent_with;
  SmbProtection  expected;
  gboolean       cancelled;
  gboolean       pending;
  gint64         sent_at;
  GList          link;    /* among those of the window */

  guint32        status;
  SmbReply       reply;
  GBytes        *message; /* which the reply borrows from */
};

typedef enum
{
  SMB_PLAN_NEW,
  SMB_PLAN_WAITING_FOR_TREE,
  SMB_PLAN_QUEUED,
  SMB_PLAN_IN_FLIGHT,
} SmbPlanState;

struct _SmbPlan
{
  SmbConnection *connection;
  SmbCall       *call; /* unowned; NULL: abandoned, or the connection's own */
  gboolean       abandoned;
  char          *share;
  SmbLane       *lane; /* unowned; NULL: it moves little, or is nobody's any more */
  SmbPlanState   state;
  GList          link;      /* in the flow's queue, or the tree's */
  GList          call_link; /* in the call's list */
  SmbTree       *tree;      /* while it waits for that */

  guint          n_steps;
  guint          next;       /* the first unsent step */
  guint          n_in_flight;

  gboolean       session;    /* part of a login: goes out even while others wait for it */
  gboolean       force_sign; /* signed whatever the session's policy */
  gboolean       demand_signed; /* and so must be its answer */
  gboolean       first;      /* before all others of its queue */
  gboolean       single;     /* one by one, since a chain was refused or does not fit */
  guint64        batch;      /* which of the connection's shared frames has what is under way; 0 = none */
  gboolean       lazy_close; /* a CLOSE that would be a trip of its own is left behind */
  gboolean       tree_retried;
  gboolean       login_retried;

  gboolean       opened;     /* a CREATE of this plan has succeeded, no CLOSE has */
  SmbFileHandle  handle;
  guint32        tree_id;    /* on which it was opened */

  GError        *error;      /* the connection's end */
  guint32        refusal;    /* of the share, for a plan that has no step to say it of */
  SmbPlanDone    done;
  gpointer       data;

  SmbStep        steps[SMB_PLAN_MAX_STEPS]; /* the last: those that are not used are not cleared either */
};

/* Whether the server takes frames that hold several chains. */
typedef enum
{
  SMB_MIXING_UNKNOWN,
  SMB_MIXING_PROBED,
  SMB_MIXING_ACCEPTED,
  SMB_MIXING_REFUSED,
} SmbMixing;

typedef struct
{
  GQueue      session; /* of SmbPlan, in the order of preference */
  GQueue      metadata;
  SmbBulk     bulk;
  GHashTable *pending; /* key → SmbStep (unowned) */
  guint       units;   /* available */
  guint       units_in_flight;
  gsize       expects; /* bytes of payload that all pending replies together may bring */
  gsize       queued;  /* bytes in the channel's queue */
  guint64     sent;    /* bytes that ever came into it */
  gint64      alone_since; /* plans of the metadata queue wait for others, µs; 0 = they do not */
  gboolean    scheduled;
  SmbMixing   mixing;
  guint       probes; /* unanswered */
  guint64     n_batches;     /* so far */
  guint64     failed_batch;  /* in which a CREATE failed last: SmbPlan.batch */
  guint32     failed_status; /* with which it did */
} SmbFlow;

typedef struct
{
  gboolean  has_header;
  gsize     message_size;
  guint8   *buffer;      /* the message, or its part before the payload */
  gsize     buffer_size;
  gsize     received;    /* of the whole message */
  gsize     told;        /* so much of it, as the progress of whoever waits for it */
  gboolean  peeked;
  SmbStep  *step;        /* whose destination gets the payload, NULL once it was diverted */
  guint8   *payload;     /* that destination, or `diverted` */
  gsize     payload_size; /* 0: all goes into the buffer */
  guint8   *diverted;
  GArray   *items;       /* of SmbItem, scratch */
  gboolean  rerun;       /* a turn ended before the input did */
} SmbReceiver;

typedef struct
{
  gboolean established;
  gboolean anonymous;
  gboolean guest;
  gboolean has_keys;
  gboolean sign;
  gboolean seal;
  gboolean validated; /* the negotiation was proved, or need not be */
} SmbSession;

typedef struct
{
  gint64   last_received;
  gint64   last_sent;
  gint64   echo_sent; /* 0: none is out */
} SmbKeepAlive;

struct _SmbConnection
{
  gatomicrefcount        ref_count; /* of the memory */
  int                    users;     /* atomic; the last one's going ends the connection */
  guint                  generation; /* of processes */
  SmbConnectionOptions  *options;
  SmbConnectionListener  listener;
  gpointer               listener_data;
  GDestroyNotify         free_listener_data;

  GMutex                 lock;
  SmbConnectionInfo      info; /* under the lock */

  /* The worker's, all of it. */
  SmbConnectionState     state;
  gboolean               was_ready;
  GError                *end; /* why it is over; NULL also when that was asked for */
  gboolean               ended;
  GHashTable            *calls; /* the set of them, unowned */
  gint64                 calls_due; /* none of them times out before */
  GPtrArray             *closers; /* unowned: calls that wait for the end */
  gint64                 closing_deadline;

  SmbChannel            *channel;
  SmbDialect            *dialect;
  SmbNegotiation         negotiation;
  SmbOpening            *opening; /* while it lasts */
  SmbLogin              *login;   /* while it lasts, the first one or a later one */
  SmbSession             session;
  GHashTable            *trees;      /* folded name → SmbTree */
  GHashTable            *trees_by_share; /* name as it was asked for first → unowned */
  GHashTable            *trees_by_id; /* unowned */

  SmbFlow                flow;
  SmbReceiver            receiver;
  SmbKeepAlive           keepalive;
  SmbWatch              *watch; /* of the channel */
  SmbTimer              *timer;
  gint64                 timer_at;
};

SmbConnection *smb_connection_ref   (SmbConnection *self);
void           smb_connection_unref (SmbConnection *self);

typedef void (*SmbCallVisitor) (SmbCall  *call,
                                gpointer  data);

/* smb-connection.c */
/* Calls @visit for each call under way; it may end calls, this one and others. */
void smb_connection_visit_calls  (SmbConnection      *self,
                                  SmbCallVisitor      visit,
                                  gpointer            data);
void smb_connection_set_state    (SmbConnection      *self,
                                  SmbConnectionState  state);
void smb_connection_publish      (SmbConnection      *self); /* what the negotiation and the login brought */
void smb_connection_set_timer    (SmbConnection      *self,
                                  gint64              at);
/* The channel is there: messages go to the receiver. */
void smb_connection_take_channel (SmbConnection      *self,
                                  SmbChannel         *channel);
void smb_connection_drop_channel (SmbConnection      *self);

/* smb-closing.c */
/* Sends LOGOFF and calls @done when it was answered, or was waited for long enough. */
void smb_connection_log_off      (SmbConnection      *self,
                                  SmbPlanDone         done,
                                  gpointer            data);
gint64 smb_closing_check         (SmbConnection      *self,
                                  gint64              now);
void   smb_closing_ended         (SmbConnection      *self);

/* smb-opening.c */
void smb_opening_message (SmbConnection *self,
                          const guint8  *message,
                          gsize          size);
/* The channel broke, or nothing came: TRUE if another attempt is made. Takes @error if so. */
gboolean smb_opening_retry (SmbConnection *self,
                            const GError  *error);
gint64   smb_opening_check (SmbConnection *self,
                            gint64         now);
void     smb_opening_stop  (SmbConnection *self);
void     smb_opening_login_done (SmbConnection *self);

/* smb-login.c */
void smb_login_start (SmbConnection *self);
void smb_login_stop  (SmbConnection *self);

/* smb-tree.c */
void      smb_tree_resolve  (SmbPlan *plan); /* connects, then queues the plan */
void      smb_tree_forget   (SmbPlan *plan); /* it waits no longer */
void      smb_tree_drop     (SmbConnection *self,
                             guint32        tree_id); /* the server has */
/* Whether the plan's next request can be sent; else it waits for a new tree or has failed. The plan is in no
 * queue. */
gboolean  smb_tree_check    (SmbPlan *plan);
gboolean  smb_tree_is_sealed (SmbConnection *self,
                              guint32        tree_id);
/* Something on this tree made a batch wait: no more of them for a while. */
void      smb_tree_hold_batches  (SmbConnection *self,
                                  guint32        tree_id);
gboolean  smb_tree_takes_batches (SmbConnection *self,
                                  guint32        tree_id);
void      smb_trees_init    (SmbConnection *self);
void      smb_trees_clear   (SmbConnection *self);
/* The connection has ended: so do the plans that wait. */
void      smb_trees_fail    (SmbConnection *self,
                             const GError  *reason);

/* smb-flow.c */
void    smb_flow_init     (SmbConnection *self);
void    smb_flow_clear    (SmbConnection *self);
void    smb_flow_push     (SmbPlan *plan);
void    smb_flow_remove   (SmbPlan *plan);
GQueue *smb_flow_queue_of (SmbPlan *plan);
/* How many of the plan's next steps can go in one frame now, when @used units are spoken for; 0 = none until
 * units come. */
guint   smb_flow_sendable (SmbPlan *plan,
                           guint    used);
guint   smb_flow_cost     (SmbPlan *plan,
                           guint    n_steps);
gsize   smb_flow_expected (const SmbRequest *request);
/* What a step of a plan that has a lane moves, bytes. */
gsize   smb_flow_bulk_size (const SmbStep *step);
/* Half of the units for bulk plans: what those lanes may have that are slow. */
guint   smb_flow_slow_units       (SmbConnection *self);
guint   smb_flow_units_to_ask_for (const SmbFlow *flow);

/* smb-flow-frames.c */
SmbProtection smb_flow_protection (SmbPlan *plan);
/* Sends plans, whole or the first @n_steps of a single one, in one frame. They are in no queue. */
void smb_flow_send       (SmbConnection  *self,
                          SmbPlan       **plans,
                          guint           n_plans,
                          guint           n_steps);
void smb_flow_send_frame (SmbConnection  *self,
                          SmbFrame       *frame); /* takes the finished frame */
void smb_flow_flush      (SmbConnection  *self);
void smb_flow_cancel     (SmbStep        *step);

/* smb-flow-pump.c */
void smb_flow_schedule (SmbConnection *self);

/* smb-batch.c */
#define SMB_BATCH_MAX 16
/* Takes those plans from the head of @queue that may share a frame with @plans[0]; returns how many there are
 * now. */
guint smb_batch_gather  (SmbConnection *self,
                         GQueue        *queue,
                         SmbPlan       *plans[SMB_BATCH_MAX]);
/* The server will have none of it. */
void  smb_batch_refused (SmbConnection *self);

/* smb-plan.c */
void smb_plan_answer      (SmbStep *step); /* its status, reply and message are there */
void smb_plan_fail        (SmbPlan *self,
                           const GError *error); /* the connection has ended */
void smb_plan_fail_status (SmbPlan *self,
                           guint32  status); /* it could not be sent */
void smb_plan_succeed     (SmbPlan *self); /* there is nothing to send */

/* smb-receiver.c */
void smb_receiver_init  (SmbConnection *self);
void smb_receiver_reset (SmbConnection *self);
void smb_receiver_run   (SmbConnection *self);
/* A step's destination is no longer there. */
void smb_receiver_divert (SmbConnection *self,
                          SmbStep       *step);

/* smb-keepalive.c */
void   smb_keepalive_sent  (SmbConnection *self,
                            gint64         now);
/* Sends what is due; returns when to look again. */
gint64 smb_keepalive_check (SmbConnection *self,
                            gint64         now);
