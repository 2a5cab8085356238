/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"

/* Whether the server is still there: ECHO when it is silent though it owes answers, and now and then when
 * nothing goes on, since servers drop sessions that look forgotten ([MS-SMB2] 3.2.4.22). And what it has put
 * off. */

#define SILENCE (5 * G_TIME_SPAN_SECOND)

static gint64 echo_due (SmbConnection *self);

static void
echo_answered (SmbPlan  *plan,
               gpointer  data)
{
  SmbConnection *self = smb_plan_get_connection (plan);

  /* Whatever its status, somebody is there. */
  self->keepalive.echo_sent = 0;
  smb_connection_set_timer (self, MIN (g_get_monotonic_time () + SILENCE, echo_due (self)));
}

static void
send_echo (SmbConnection *self,
           gint64         now)
{
  SmbPlan *plan = smb_plan_new_for_connection (self, echo_answered, NULL);

  smb_plan_add (plan, SMB_COMMAND_ECHO);
  self->keepalive.echo_sent = now;
  smb_plan_submit (plan);
}

/* One timeout without a sign of life; where calls may wait for ever this one may not. */
static gint64
patience (SmbConnection *self)
{
  int timeout = self->options->default_timeout;

  return (timeout == G_MAXINT ? 60 * 1000 : timeout) * G_TIME_SPAN_MILLISECOND;
}

static gint64
echo_due (SmbConnection *self)
{
  SmbKeepAlive *keepalive = &self->keepalive;
  gint64        quiet_since = MAX (keepalive->last_received, keepalive->last_sent);

  if (g_hash_table_size (self->flow.pending) > 0)
    return quiet_since + SILENCE;
  if (self->options->keepalive_interval > 0)
    return quiet_since + self->options->keepalive_interval * G_TIME_SPAN_SECOND;
  return G_MAXINT64;
}

/* Requests that nobody waits for any more, and that the server has not answered within one timeout, hold
 * units. */
static gboolean
abandoned_hold_too_much (SmbConnection *self,
                         gint64         now)
{
  SmbFlow        *flow = &self->flow;
  GHashTableIter  iter;
  gpointer        value;
  guint           held = 0;

  g_hash_table_iter_init (&iter, flow->pending);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SmbStep *step = value;

      if (step->plan->abandoned && now - step->sent_at > patience (self))
        held += step->units;
    }
  return held > 0 && held * 2 >= flow->units + flow->units_in_flight;
}

/* What the server has put off for so long (it is fetched from a tape, say) does not keep other transfers from
 * theirs. */
static void
pass_put_off (SmbConnection *self,
              gint64         now)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->flow.pending);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SmbStep *step = value;

      if (step->pending && now - step->sent_at >= SILENCE)
        smb_bulk_put_aside (step);
    }
}

void
smb_keepalive_sent (SmbConnection *self,
                    gint64         now)
{
  self->keepalive.last_sent = now;
  smb_connection_set_timer (self, now + SILENCE);
}

gint64
smb_keepalive_check (SmbConnection *self,
                     gint64         now)
{
  SmbKeepAlive *keepalive = &self->keepalive;
  gint64        due;

  if (self->state != SMB_CONNECTION_STATE_READY)
    return G_MAXINT64;
  pass_put_off (self, now);
  if ((keepalive->echo_sent != 0 && now >= keepalive->echo_sent + patience (self)) ||
      abandoned_hold_too_much (self, now))
    {
      smb_connection_fail (self, g_error_new_literal (SMB_ERROR, SMB_ERROR_NOT_CONNECTED,
                                                      "the server does not answer any more"));
      return G_MAXINT64;
    }
  if (keepalive->echo_sent != 0)
    return keepalive->echo_sent + patience (self);

  due = echo_due (self);
  if (now < due)
    return due;
  send_echo (self, now);
  return keepalive->echo_sent + patience (self);
}
