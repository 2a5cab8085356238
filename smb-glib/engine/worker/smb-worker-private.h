/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/worker/smb-worker.h"

typedef struct
{
  SmbWorkerFunc func;
  gpointer      data;
} SmbWorkerJob;

/* Under the worker's lock. */
typedef struct
{
  gconstpointer host;     /* NULL: there is none */
  gboolean      visiting; /* it does the work at this moment */
  guint         n_visits; /* since the thread looked last */
  guint         n_idle;   /* looks, in all of which the host waited for input */
  guint         n_looks;  /* since it judged last */
  gint64        took;     /* µs, since then */
  gint64        after;    /* nobody hosts before that */
} SmbHosting;

/* Whoever owns the context is the worker. */
typedef struct
{
  GMainContext *context;
  SmbWatchSet  *watches;
  SmbTimerSet  *timers;
  GThread      *thread;

  GMutex        lock;
  GCond         rests;   /* the thread does */
  GCond         resumes; /* it should */
  GArray       *jobs;    /* of SmbWorkerJob; under the lock, as what follows */
  gboolean      started; /* the thread */
  gboolean      resting; /* it does: another one may lead */
  gboolean      led;     /* by a thread of the application, or hosted */
  guint         n_led;   /* how often */
  guint         n_rests; /* of the thread, in full, since then; after many it waits for the end */
  gboolean      hurry;   /* the thread is needed */
  gboolean      asleep;  /* whoever the worker is: to be woken for a job */
  SmbHosting    hosting;

  int           n_calls; /* atomic */

  GArray       *running;  /* of SmbWorkerJob; the worker's own from here on */
  GArray       *deferred; /* of SmbWorkerJob */
  guint         n_unpolled; /* times that threads of the application led, since one of them polled */
} SmbWorker;

/* NULL: there is none yet. */
SmbWorker *smb_worker_peek          (void);
/* Starts it if need be. */
SmbWorker *smb_worker_get           (void);

/* This thread becomes the worker, and ceases to be. */
void       smb_worker_take_over     (SmbWorker *self);
void       smb_worker_hand_over     (SmbWorker *self);
void       smb_worker_run_posted    (SmbWorker *self);
/* What the worker does, once: waits for something, and does it. */
void       smb_worker_iterate       (SmbWorker *self);
/* The worker's own thread is to go on; under the lock. */
void       smb_worker_wake_thread   (SmbWorker *self);
/* Nobody leads any more: the thread rests on, but not for ever; under the lock. */
void       smb_worker_end_patience  (SmbWorker *self);

/* The thread rests while a host does its work; both under the lock. FALSE: it is to go on. */
void       smb_worker_begin_hosting (SmbWorker *self);
gboolean   smb_worker_watch_host    (SmbWorker *self);
