/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-bulk.h"
#include "engine/smb-call.h"
#include "plugin/smb-dialect.h"

/**
 * SmbPlan:
 *
 * A few requests that belong together: most often CREATE, something, CLOSE. They go out as one chain where
 * the dialect and the units at hand allow it, else one after the other; what one opens the following use.
 *
 * Lives on the worker. A plan that is submitted belongs to the connection. Its @done is called once all steps
 * have answers or the connection has ended; not when its call ended before: then the plan's late replies are
 * drained, and a handle that it opened is closed.
 */
typedef void (*SmbPlanDone) (SmbPlan *plan, gpointer data);

#define SMB_PLAN_MAX_STEPS 6

/* @call: whose end abandons the plan. */
SmbPlan    *smb_plan_new             (SmbCall        *call,
                                      SmbPlanDone     done,
                                      gpointer        data);
/* A plan of the connection's own, whose @done is optional. */
SmbPlan    *smb_plan_new_for_connection (SmbConnection *connection,
                                         SmbPlanDone    done,
                                         gpointer       data);
void        smb_plan_free            (SmbPlan *self);

/* All steps are on this share, to which the connection connects when it must. A plan without steps is done
 * once it has, which may be before smb_plan_submit() returns. */
void        smb_plan_set_share       (SmbPlan    *self,
                                      const char *share);
/* The plan moves much, or is one of many: it takes turns with those of other lanes, and leaves a share of the
 * units to plans without one. @lane stays at least as long as the call. */
void        smb_plan_set_lane        (SmbPlan    *self,
                                      SmbLane    *lane);
/* Nothing hangs on the CLOSE at the end: where it is not part of a chain (SMB1 has none) nobody waits for
 * it. */
void        smb_plan_set_lazy_close  (SmbPlan    *self);
/* Each of its steps has a frame of its own. */
void        smb_plan_set_alone       (SmbPlan    *self);
/* Appends a request, to be filled in; it uses the handle of the one before it, if there is one. */
SmbRequest *smb_plan_add             (SmbPlan    *self,
                                      SmbCommand  command);
/* The same, with a request that is made already; takes it. */
void        smb_plan_add_request     (SmbPlan    *self,
                                      SmbRequest *request);
/* The READ that was added last is received into @buffer, which has room for what it asks. The plan's owner
 * keeps it until @done or the end of the call. */
void        smb_plan_set_destination (SmbPlan *self,
                                      guint8  *buffer);
/* Takes the plan. */
void        smb_plan_submit          (SmbPlan *self);

/* In @done. */

SmbConnection  *smb_plan_get_connection (SmbPlan *self);
SmbCall        *smb_plan_get_call       (SmbPlan *self);
/* Whether the steps up to and including @step succeeded (or brought partial data: BUFFER_OVERFLOW); else the
 * first failure, worded for the plan's call. */
gboolean        smb_plan_check          (SmbPlan  *self,
                                         guint     step,
                                         GError  **error);
/* The status of a step; of one that never got an answer 0xFFFFFFFF. */
#define SMB_STATUS_NO_ANSWER 0xffffffffu
guint32         smb_plan_get_status     (SmbPlan *self,
                                         guint    step);
/* Why the connection has ended; NULL if it has not. With it there are steps that never got an answer. */
const GError   *smb_plan_get_end        (SmbPlan *self);
/* The same as the error of @call, worded for it. */
void            smb_plan_return_end     (const GError *end,
                                         SmbCall      *call);
/* Of the first step that failed, or of the share for a plan without steps; 0 if nothing did. */
guint32         smb_plan_get_failure    (SmbPlan *self);
/* What a step was answered; valid during @done. */
const SmbReply *smb_plan_get_reply      (SmbPlan *self,
                                         guint    step);
const SmbRequest *smb_plan_get_request  (SmbPlan *self,
                                         guint    step);
/* A range of reply @step's bytes that outlives @done without a copy. */
GBytes         *smb_plan_dup_output     (SmbPlan *self,
                                         guint    step);

/* For SmbCall: its end has come. */
void            smb_plan_abandon        (SmbPlan *self);

/* Closes a handle and does not care how that ends. */
void            smb_connection_close_handle (SmbConnection       *connection,
                                             guint32              tree_id,
                                             const SmbFileHandle *handle);
