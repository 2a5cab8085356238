/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "engine/worker/smb-worker.h"
#include "plugin/smb-channel-private.h"

/* A request of this many bytes moves well over fast and slow lines, and stays in the processors' caches.
 * What is read and need not be verified is not looked at. */
#define CHUNK        (512 * 1024)
#define UNSEEN_CHUNK (1024 * 1024)
/* What one transfer may hold in memory, whatever the connection could have under way. */
#define WINDOW (12 * 1024 * 1024)
/* Chunks beyond those under way: while the application's stream has one the next is to be there. */
#define AT_HAND 2
#define UNIT_SIZE 65536
/* So much later than it is due, at most, a call times out. */
#define DEADLINE_STEP (5 * G_TIME_SPAN_MILLISECOND)

SmbConnectionOptions *
smb_connection_options_new (void)
{
  return g_new0 (SmbConnectionOptions, 1);
}

void
smb_connection_options_free (SmbConnectionOptions *self)
{
  g_clear_object (&self->server);
  g_clear_object (&self->proxy_resolver);
  g_free (self->host);
  g_free (self->target_host);
  g_free (self->transport);
  g_free (self->client_name);
  g_free (self->server_name);
  g_strfreev (self->mechanisms);
  g_clear_pointer (&self->credentials, smb_credentials_unref);
  g_free (self);
}

SmbConnection *
smb_connection_new (SmbConnectionOptions        *options,
                    const SmbConnectionListener *listener,
                    gpointer                     listener_data,
                    GDestroyNotify               free_data)
{
  SmbConnection *self = g_new0 (SmbConnection, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->users = 1;
  self->generation = smb_process_generation ();
  self->options = options;
  self->listener = *listener;
  self->listener_data = listener_data;
  self->free_listener_data = free_data;
  self->calls = g_hash_table_new (NULL, NULL);
  self->closers = g_ptr_array_new ();
  self->closing_deadline = G_MAXINT64;
  self->timer_at = G_MAXINT64;
  self->calls_due = G_MAXINT64;
  g_mutex_init (&self->lock);
  smb_flow_init (self);
  smb_receiver_init (self);
  smb_trees_init (self);
  return self;
}

SmbConnection *
smb_connection_ref (SmbConnection *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
smb_connection_unref (SmbConnection *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->free_listener_data != NULL)
    self->free_listener_data (self->listener_data);
  smb_receiver_reset (self);
  g_array_unref (self->receiver.items);
  smb_flow_clear (self);
  smb_trees_clear (self);
  g_clear_object (&self->dialect);
  smb_negotiation_clear (&self->negotiation);
  g_clear_error (&self->end);
  g_hash_table_unref (self->calls);
  g_ptr_array_unref (self->closers);
  g_mutex_clear (&self->lock);
  smb_connection_options_free (self->options);
  g_free (self);
}

/* Users. */

static void
log_off_done (SmbPlan  *plan,
              gpointer  data)
{
  smb_connection_fail (data, NULL);
}

static void
hang_up (gpointer data)
{
  SmbConnection *self = data;

  if (g_atomic_int_get (&self->users) == 0 && !self->ended)
    {
      if (self->state == SMB_CONNECTION_STATE_READY)
        smb_connection_log_off (self, log_off_done, self);
      else
        smb_connection_fail (self, NULL);
    }
  smb_connection_unref (self);
}

/* By the thread that has dropped the last user, where nothing else is under way: no other is woken up for a
 * LOGOFF, to be stopped again by the next call. Its answer is the worker's affair. */
static gboolean
hang_up_here (SmbConnection *self)
{
  if (smb_worker_is_current () || !smb_worker_lead (FALSE))
    return FALSE;
  smb_worker_run (hang_up, self);
  smb_worker_stop_leading (0);
  return TRUE;
}

SmbConnection *
smb_connection_use (SmbConnection *self)
{
  g_atomic_int_inc (&self->users);
  return smb_connection_ref (self);
}

void
smb_connection_unuse (SmbConnection *self)
{
  if (!smb_connection_is_of_this_process (self))
    return; /* the parent's: what it holds may be locked by threads that do not exist here */

  if (!g_atomic_int_dec_and_test (&self->users))
    smb_connection_unref (self);
  else if (!hang_up_here (self))
    smb_worker_post (hang_up, self);
}

gboolean
smb_connection_is_of_this_process (SmbConnection *self)
{
  return self->generation == smb_process_generation ();
}

/* The state that others see. */

static void
tell_change (SmbConnection *self)
{
  self->listener.changed (self->listener_data);
}

void
smb_connection_set_state (SmbConnection      *self,
                          SmbConnectionState  state)
{
  self->state = state;
  g_mutex_lock (&self->lock);
  self->info.state = state;
  g_mutex_unlock (&self->lock);
  tell_change (self);
}

void
smb_connection_publish (SmbConnection *self)
{
  const SmbNegotiation *negotiation = &self->negotiation;

  g_mutex_lock (&self->lock);
  self->info.dialect = negotiation->version;
  self->info.guest = self->session.guest;
  self->info.signing_algorithm = self->session.sign ? negotiation->signing_algorithm : NULL;
  self->info.cipher = self->session.has_keys ? negotiation->cipher : NULL;
  self->info.max_read_size = negotiation->max_read_size;
  self->info.max_write_size = negotiation->max_write_size;
  g_mutex_unlock (&self->lock);
}

void
smb_connection_get_info (SmbConnection     *self,
                         SmbConnectionInfo *info)
{
  if (!smb_connection_is_of_this_process (self))
    {
      *info = (SmbConnectionInfo) { SMB_CONNECTION_STATE_DISCONNECTED };
      return;
    }
  g_mutex_lock (&self->lock);
  *info = self->info;
  g_mutex_unlock (&self->lock);
}

int
smb_connection_get_default_timeout (SmbConnection *self)
{
  return self->options->default_timeout;
}

const char *
smb_connection_get_target_host (SmbConnection *self)
{
  return self->options->target_host != NULL ? self->options->target_host : self->options->host;
}

gboolean
smb_connection_check_ready (SmbConnection  *self,
                            GError        **error)
{
  if (self->state == SMB_CONNECTION_STATE_READY)
    return TRUE;

  if (self->ended || self->state == SMB_CONNECTION_STATE_CLOSING)
    g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED, "the connection is closed");
  else
    g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_READY, "the connection is not authenticated yet");
  return FALSE;
}

/* Sizes: what a request may carry, given what the server allows and the units that there are. */

static guint32
chunk (SmbConnection *self,
       guint32        allowed,
       guint32        wanted)
{
  guint   units = self->flow.units + self->flow.units_in_flight;
  guint32 affordable = MAX (units / 4, 1) * UNIT_SIZE;

  return MIN (MIN (allowed, wanted), affordable);
}

guint32
smb_connection_get_read_chunk (SmbConnection *self)
{
  gboolean seen = self->session.sign || self->session.seal;

  return chunk (self, self->negotiation.max_read_size, seen ? CHUNK : UNSEEN_CHUNK);
}

guint32
smb_connection_get_write_chunk (SmbConnection *self)
{
  return chunk (self, self->negotiation.max_write_size, CHUNK);
}

guint32
smb_connection_get_transact_chunk (SmbConnection *self)
{
  return chunk (self, self->negotiation.max_transact_size, CHUNK);
}

gsize
smb_connection_get_window (SmbConnection *self,
                           const SmbLane *lane)
{
  gsize under_way = self->flow.bulk.window.size + lane->aside;

  return MIN (WINDOW, under_way + AT_HAND * CHUNK);
}

/* The channel. */

static void
input_ready (gpointer user_data)
{
  SmbConnection *self = user_data;

  smb_connection_ref (self);
  if (self->channel != NULL)
    smb_receiver_run (self);
  smb_flow_schedule (self);
  smb_connection_unref (self);
  smb_worker_run_deferred ();
}

static void
output_ready (gpointer user_data)
{
  smb_flow_schedule (user_data);
  smb_worker_run_deferred ();
}

void
smb_connection_take_channel (SmbConnection *self,
                             SmbChannel    *channel)
{
  self->channel = channel;
  self->watch = smb_watch_new (smb_worker_get_watches (), channel, input_ready, output_ready,
                               smb_connection_ref (self), (GDestroyNotify) smb_connection_unref);
}

void
smb_connection_drop_channel (SmbConnection *self)
{
  g_clear_pointer (&self->watch, smb_watch_free);
  smb_receiver_reset (self);
  if (self->channel != NULL)
    smb_channel_close (self->channel);
  g_clear_object (&self->channel);
}

/* Its end. */

static GError *
end_reason (const GError *error)
{
  if (error == NULL)
    return g_error_new_literal (SMB_ERROR, SMB_ERROR_NOT_CONNECTED, "the connection was closed");
  if (error->domain == SMB_ERROR)
    return g_error_copy (error);
  return g_error_new (SMB_ERROR, SMB_ERROR_NOT_CONNECTED, "the connection ended: %s", error->message);
}

static void
fail_queue (GQueue       *queue,
            const GError *reason)
{
  GList *link;

  while ((link = g_queue_peek_head_link (queue)) != NULL)
    {
      g_queue_unlink (queue, link);
      smb_plan_fail (link->data, reason);
    }
}

static void
fail_bulk (SmbConnection *self,
           const GError  *reason)
{
  SmbPlan *plan;

  while ((plan = smb_bulk_peek (self)) != NULL)
    {
      smb_bulk_remove (plan);
      smb_plan_fail (plan, reason);
    }
}

/* Each plan once, though several of its steps may be pending. */
static void
fail_pending (SmbConnection *self,
              const GError  *reason)
{
  g_autoptr(GHashTable) plans = g_hash_table_new (NULL, NULL);
  GHashTableIter        iter;
  gpointer              step, plan;

  g_hash_table_iter_init (&iter, self->flow.pending);
  while (g_hash_table_iter_next (&iter, NULL, &step))
    g_hash_table_add (plans, ((SmbStep *) step)->plan);
  g_hash_table_remove_all (self->flow.pending);

  g_hash_table_iter_init (&iter, plans);
  while (g_hash_table_iter_next (&iter, &plan, NULL))
    smb_plan_fail (plan, reason);
}

static void
fail_call (SmbCall  *call,
           gpointer  data)
{
  GError *error = g_error_copy (data);

  g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (call));
  smb_call_return_error (call, error);
}

void
smb_connection_fail (SmbConnection *self,
                     GError        *error)
{
  g_autoptr(GError) reason = end_reason (error);

  if (self->ended)
    {
      g_clear_error (&error);
      return;
    }

  smb_connection_ref (self);
  self->ended = TRUE;
  self->end = g_error_copy (reason);
  smb_connection_drop_channel (self);
  g_clear_pointer (&self->timer, smb_timer_free);
  smb_opening_stop (self);
  smb_login_stop (self);
  smb_connection_set_state (self, SMB_CONNECTION_STATE_DISCONNECTED);
  if (self->was_ready) /* before the calls that it ends hear of it */
    self->listener.closed (self->listener_data, error);

  fail_pending (self, reason);
  fail_queue (&self->flow.session, reason);
  fail_queue (&self->flow.metadata, reason);
  fail_bulk (self, reason);
  smb_trees_fail (self, reason);
  smb_closing_ended (self);
  smb_connection_visit_calls (self, fail_call, reason);

  g_clear_error (&error);
  smb_connection_unref (self);
}

/* Calls and time. */

void
smb_connection_add_call (SmbConnection *self,
                         SmbCall       *call)
{
  g_hash_table_add (self->calls, call);
}

void
smb_connection_remove_call (SmbConnection *self,
                            SmbCall       *call)
{
  g_hash_table_remove (self->calls, call);
}

void
smb_connection_visit_calls (SmbConnection  *self,
                            SmbCallVisitor  visit,
                            gpointer        data)
{
  guint                n_calls;
  g_autofree gpointer *calls = g_hash_table_get_keys_as_array (self->calls, &n_calls);

  for (guint i = 0; i < n_calls; i++)
    if (g_hash_table_contains (self->calls, calls[i])) /* ending one may end others */
      visit (calls[i], data);
}

typedef struct
{
  gint64 now;
  gint64 next;
} Deadlines;

static void
check_deadline (SmbCall  *call,
                gpointer  data)
{
  Deadlines *self = data;
  gint64     deadline = smb_call_get_deadline (call);

  if (deadline <= self->now)
    smb_call_time_out (call);
  else
    self->next = MIN (self->next, deadline);
}

/* Times out what is due; returns when to look again: not for each of many that follow close on each other. */
static gint64
check_deadlines (SmbConnection *self,
                 gint64         now)
{
  Deadlines deadlines = { now, G_MAXINT64 };

  if (now < self->calls_due)
    return self->calls_due;
  self->calls_due = G_MAXINT64;
  smb_connection_visit_calls (self, check_deadline, &deadlines);
  self->calls_due = MIN (self->calls_due, MAX (deadlines.next, now + DEADLINE_STEP));
  return self->calls_due;
}

/* Of a large message a socket does not tell every byte. Before a call is given up for want of them, those are
 * received that have arrived untold. */
static void
receive_untold (SmbConnection *self,
                gint64         now)
{
  if (now < self->calls_due || self->channel == NULL || !self->receiver.has_header)
    return;

  smb_channel_note_readable (self->channel);
  smb_receiver_run (self);
}

static void
timer_fired (gpointer user_data)
{
  SmbConnection *self = user_data;
  gint64         now = g_get_monotonic_time ();
  gint64         next;

  smb_connection_ref (self);
  self->timer_at = G_MAXINT64;
  receive_untold (self, now);
  next = check_deadlines (self, now);
  if (!self->ended)
    next = MIN (next, smb_opening_check (self, now));
  if (!self->ended)
    next = MIN (next, smb_keepalive_check (self, now));
  if (!self->ended)
    next = MIN (next, smb_closing_check (self, now));
  if (!self->ended)
    smb_connection_set_timer (self, next);
  smb_flow_schedule (self); /* what waited for company */
  smb_connection_unref (self);
  smb_worker_run_deferred ();
}

void
smb_connection_set_timer (SmbConnection *self,
                          gint64         at)
{
  if (at >= self->timer_at || self->ended)
    return;

  if (self->timer == NULL)
    self->timer = smb_timer_new (smb_worker_get_timers (), timer_fired, smb_connection_ref (self),
                                 (GDestroyNotify) smb_connection_unref);
  self->timer_at = at;
  smb_timer_set (self->timer, at);
}

void
smb_connection_watch_deadline (SmbConnection *self,
                               gint64         deadline)
{
  self->calls_due = MIN (self->calls_due, deadline);
  smb_connection_set_timer (self, deadline);
}
