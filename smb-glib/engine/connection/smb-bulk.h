/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-window.h"

typedef struct _SmbConnection SmbConnection;
typedef struct _SmbPlan SmbPlan;
typedef struct _SmbStep SmbStep;

/**
 * SmbLane:
 *
 * The bulk plans of one party: a transfer, an open file, a removal. The parties of a connection take turns. A
 * lane is part of what it belongs to, and zeroed at first. Lives on the worker.
 */
typedef struct
{
  GQueue plans;     /* of SmbPlan: those that wait */
  GList  link;      /* among the lanes in which plans wait */
  GList  newcomer;  /* among those that have nothing in the window, too; its data is NULL while it is not */
  gsize  spent;     /* bytes, of its turn */
  guint  units;     /* of its requests that are under way */
  gsize  inside;    /* bytes of those that are in the window */
  gsize  aside;     /* bytes of those that were overtaken; 0 = it is not slow */
} SmbLane;

/* The bulk plans of a connection. */
typedef struct
{
  GQueue    lanes;     /* of SmbLane in which plans wait; the first one has its turn */
  GQueue    newcomers; /* of these, those that have nothing in the window */
  GQueue    under_way; /* of SmbStep that move data, in the order of sending, without those put aside */
  SmbWindow window;    /* of these */
  guint     slow;      /* units of those lanes that have something aside */
} SmbBulk;

/* @plan, which has a lane, waits. */
void     smb_bulk_push      (SmbPlan       *plan);
/* It does so no longer. */
void     smb_bulk_remove    (SmbPlan       *plan);
/* Its lane may go: @plan waits among the small ones from here on, or is nobody's. */
void     smb_bulk_forget    (SmbPlan       *plan);
/* Who waits first, whether it may leave or not; NULL = nobody. */
SmbPlan *smb_bulk_peek      (SmbConnection *self);
/* Who may leave now, as far as others' data is concerned; NULL = nobody. */
SmbPlan *smb_bulk_next      (SmbConnection *self,
                             gint64         now);
/* @plan may leave, but waits for something else: the other lanes go first. */
void     smb_bulk_pass      (SmbPlan       *plan);
/* @step, of a plan that has a lane, was sent. */
void     smb_bulk_sent      (SmbStep       *step);
/* A step that moved data has its answer. */
void     smb_bulk_answered  (SmbStep       *step,
                             gint64         now);
/* Its answer will be long in coming. */
void     smb_bulk_put_aside (SmbStep       *step);
