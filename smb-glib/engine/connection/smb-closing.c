/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"

/* The orderly end: LOGOFF, which drops the trees and what is open on them, then the channel ([MS-SMB2]
 * 3.2.4.23). */

/* How long a LOGOFF may keep anybody waiting. */
#define LOGOFF_TIMEOUT (2 * G_TIME_SPAN_SECOND)

void
smb_connection_log_off (SmbConnection *self,
                        SmbPlanDone    done,
                        gpointer       data)
{
  SmbPlan *plan = smb_plan_new_for_connection (self, done, data);

  smb_plan_add (plan, SMB_COMMAND_LOGOFF);
  self->closing_deadline = g_get_monotonic_time () + LOGOFF_TIMEOUT;
  smb_connection_set_state (self, SMB_CONNECTION_STATE_CLOSING);
  smb_connection_set_timer (self, self->closing_deadline);
  smb_plan_submit (plan);
}

gint64
smb_closing_check (SmbConnection *self,
                   gint64         now)
{
  if (self->state != SMB_CONNECTION_STATE_CLOSING || now < self->closing_deadline)
    return self->closing_deadline;
  smb_connection_fail (self, NULL);
  return G_MAXINT64;
}

/* Those who asked for the end got what they wanted. */
void
smb_closing_ended (SmbConnection *self)
{
  while (self->closers->len > 0)
    smb_call_return (g_ptr_array_steal_index_fast (self->closers, self->closers->len - 1), NULL, NULL);
}

static void
close_cleanup (SmbCall *call)
{
  g_ptr_array_remove_fast (smb_call_get_connection (call)->closers, call);
}

static void
end_other_call (SmbCall  *call,
                gpointer  data)
{
  SmbConnection *self = data;

  if (!g_ptr_array_find (self->closers, call, NULL))
    smb_call_return_error (call,
                           g_error_new (SMB_ERROR, SMB_ERROR_NOT_CONNECTED,
                                        "Cannot %s: the connection was closed", smb_call_get_context (call)));
}

static void
logged_off (SmbPlan  *plan,
            gpointer  data)
{
  smb_connection_fail (data, NULL);
}

static void
close_start (SmbCall *call)
{
  SmbConnection *self = smb_call_get_connection (call);
  gint64         deadline = smb_call_get_deadline (call);

  if (self->ended)
    {
      smb_call_return (call, NULL, NULL);
      return;
    }

  g_ptr_array_add (self->closers, call);
  smb_call_pause_timeout (call, TRUE); /* to wait less is no failure */
  smb_connection_visit_calls (self, end_other_call, self);
  if (self->state == SMB_CONNECTION_STATE_READY)
    smb_connection_log_off (self, logged_off, self);
  else if (self->state != SMB_CONNECTION_STATE_CLOSING)
    {
      smb_connection_fail (self, NULL);
      return;
    }
  self->closing_deadline = MIN (self->closing_deadline, deadline);
  smb_connection_set_timer (self, self->closing_deadline);
}

SmbCall *
smb_close_call_new (SmbConnection *connection,
                    int            timeout_msec,
                    GCancellable  *cancellable)
{
  SmbCall *call = smb_call_new (connection, "close the connection", NULL, NULL, timeout_msec, cancellable);

  smb_call_set_any_state (call);
  smb_call_set_always_starts (call);
  smb_call_set_operation (call, close_start, close_cleanup, NULL, NULL);
  return call;
}
