/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "engine/worker/smb-worker.h"
#include "wire/smb-ntstatus.h"

/* Receiving: bytes to messages, messages to the steps that wait for them ([MS-SMB2] 3.2.5.1). */

/* A turn's end, so that other connections and posted calls get theirs. */
#define TURN_BYTES    (2 * 1024 * 1024)
#define TURN_MESSAGES 64
/* What a message may have beside the payloads that were asked for. */
#define MESSAGE_ROOM  (128 * 1024)
#define STEP_ROOM     1024
/* Over a slow line a payload may take longer than a call waits for an answer. */
#define PROGRESS      (64 * 1024)

void
smb_receiver_init (SmbConnection *self)
{
  self->receiver.items = g_array_new (FALSE, TRUE, sizeof (SmbItem));
}

void
smb_receiver_reset (SmbConnection *self)
{
  SmbReceiver *receiver = &self->receiver;

  g_clear_pointer (&receiver->buffer, g_free);
  g_clear_pointer (&receiver->diverted, g_free);
  receiver->has_header = FALSE;
  receiver->peeked = FALSE;
  receiver->received = 0;
  receiver->told = 0;
  receiver->step = NULL;
  receiver->payload = NULL;
  receiver->payload_size = 0;
}

static gsize
largest_expected (SmbConnection *self)
{
  gsize limit = self->flow.expects + g_hash_table_size (self->flow.pending) * STEP_ROOM + MESSAGE_ROOM;

  return MIN (limit, smb_channel_get_largest_message (self->channel));
}

static gboolean
begin_message (SmbConnection  *self,
               GError        **error)
{
  SmbReceiver *receiver = &self->receiver;

  if (!smb_channel_receive_header (self->channel, &receiver->message_size, error))
    return FALSE;
  if (receiver->message_size > largest_expected (self))
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                   "the server sent a message of %" G_GSIZE_FORMAT " bytes", receiver->message_size);
      return FALSE;
    }

  receiver->has_header = TRUE;
  receiver->buffer_size = MIN (receiver->message_size, smb_dialect_get_peek_size (self->dialect));
  receiver->buffer = g_malloc (MAX (receiver->buffer_size, 1));
  return TRUE;
}

/* The beginning is there: a READ's payload goes straight to where it is wanted, all else into the buffer. */
static void
peek (SmbConnection *self)
{
  SmbReceiver *receiver = &self->receiver;
  guint64      key;
  gsize        offset, size;
  SmbStep     *step = NULL;

  receiver->peeked = TRUE;
  if (smb_dialect_peek (self->dialect, receiver->buffer, receiver->buffer_size, receiver->message_size, &key,
                        &offset, &size))
    step = g_hash_table_lookup (self->flow.pending, &key);

  if (step == NULL || step->destination == NULL || step->request->command != SMB_COMMAND_READ ||
      size > step->request->read.length || size == 0 || offset < receiver->buffer_size)
    {
      receiver->buffer = g_realloc (receiver->buffer, MAX (receiver->message_size, 1));
      receiver->buffer_size = receiver->message_size;
      return;
    }
  receiver->buffer = g_realloc (receiver->buffer, offset);
  receiver->buffer_size = offset;
  receiver->step = step;
  receiver->payload = step->destination;
  receiver->payload_size = size;
}

/* Somebody gives up waiting while the payload arrives: the rest, and what was received, goes elsewhere. */
void
smb_receiver_divert (SmbConnection *self,
                     SmbStep       *step)
{
  SmbReceiver *receiver = &self->receiver;

  if (receiver->step != step)
    return;
  receiver->diverted = g_malloc (receiver->payload_size);
  if (receiver->received > receiver->buffer_size)
    memcpy (receiver->diverted, receiver->payload, receiver->received - receiver->buffer_size);
  receiver->payload = receiver->diverted;
  receiver->step = NULL;
}

static gboolean
receive_part (SmbConnection  *self,
              GError        **error)
{
  SmbReceiver *receiver = &self->receiver;
  guint8      *to;
  gsize        wanted;
  gssize       n;

  if (receiver->received < receiver->buffer_size)
    {
      to = receiver->buffer + receiver->received;
      wanted = receiver->buffer_size - receiver->received;
    }
  else
    {
      to = receiver->payload + (receiver->received - receiver->buffer_size);
      wanted = receiver->message_size - receiver->received;
    }

  n = smb_channel_receive (self->channel, to, wanted, error);
  if (n < 0)
    return FALSE;
  receiver->received += n;
  return TRUE;
}

/* Until a whole message is there. FALSE without an error: what there was has been received. */
static gboolean
receive_message (SmbConnection  *self,
                 GError        **error)
{
  SmbReceiver *receiver = &self->receiver;

  if (!receiver->has_header && (smb_channel_is_drained (self->channel) || !begin_message (self, error)))
    return FALSE;

  for (;;)
    {
      if (receiver->received == receiver->buffer_size && !receiver->peeked)
        peek (self);
      if (receiver->received == receiver->message_size)
        return TRUE;
      if (smb_channel_is_drained (self->channel) || !receive_part (self, error))
        return FALSE;
    }
}

/* Nobody may use what was not verified. */
static void
wipe (const guint8 *payload,
      gsize         size)
{
  if (payload != NULL)
    memset ((guint8 *) payload, 0, size);
}

static gboolean
fail_protocol (SmbConnection *self,
               SmbError       code,
               const char    *what)
{
  smb_connection_fail (self, g_error_new_literal (SMB_ERROR, code, what));
  return FALSE;
}

/* Some answers may come with less protection; none that is to prove something. */
static gboolean
is_bearable (const SmbItem *item,
             const SmbStep *step)
{
  if (item->kind == SMB_ITEM_REPLY && step->plan->demand_signed)
    return FALSE;
  return item->tolerated >= step->expected;
}

static gboolean
check_item (SmbConnection *self,
            const SmbItem *item,
            SmbStep       *step)
{
  if (step == NULL)
    return fail_protocol (self, SMB_ERROR_PROTOCOL, "the server answered what was not asked");
  if (item->command != step->request->command)
    return fail_protocol (self, SMB_ERROR_PROTOCOL,
                          "the server answered with another command than it was sent");
  if (item->protection < step->expected && !is_bearable (item, step))
    return fail_protocol (self, SMB_ERROR_SECURITY,
                          step->expected == SMB_PROTECTION_SEALED
                              ? "the server sent in the clear what must be encrypted"
                              : "the server sent an unsigned message");
  return TRUE;
}

static void
handle_interim (SmbConnection *self,
                const SmbItem *item,
                SmbStep       *step)
{
  if (step->pending)
    {
      fail_protocol (self, SMB_ERROR_PROTOCOL, "the server put off a request twice");
      return;
    }
  step->pending = TRUE;
  step->async_id = item->async_id;
  if (step->plan->batch != 0)
    smb_tree_hold_batches (self, step->request->tree_id);
}

/* What did not fit the first message of a request follows when the server has room for it. */
static void
send_rest (SmbConnection *self,
           SmbStep       *step)
{
  GError   *error = NULL;
  SmbFrame *frame;

  while ((frame = smb_dialect_next_part (self->dialect, step->key, step->sent_with, &error)) != NULL)
    smb_flow_send_frame (self, frame);
  if (error != NULL)
    smb_connection_fail (self, error);
  else
    smb_flow_schedule (self);
}

/* The payload that did not go straight to its destination is copied there now. */
static void
place_payload (SmbStep *step)
{
  if (step->request->command != SMB_COMMAND_READ || step->destination == NULL ||
      step->reply.read.data == NULL || step->reply.read.data == step->destination ||
      smb_nt_status_is_error (step->status))
    return;
  memcpy (step->destination, step->reply.read.data, step->reply.read.size);
  step->reply.read.data = step->destination;
}

static void
handle_reply (SmbConnection *self,
              const SmbItem *item,
              SmbStep       *step,
              GBytes        *message)
{
  GError *error = NULL;

  g_hash_table_remove (self->flow.pending, &step->key);
  self->flow.units_in_flight -= step->units;
  self->flow.expects -= step->expects;
  if (step->bulk > 0)
    smb_bulk_answered (step, self->keepalive.last_received);

  step->reply.command = item->command;
  step->reply.status = item->status;
  if (!smb_dialect_decode (self->dialect, item, step->request, &step->reply, &error))
    {
      g_hash_table_insert (self->flow.pending, &step->key, step); /* to end with the others */
      self->flow.units_in_flight += step->units;
      self->flow.expects += step->expects;
      smb_connection_fail (self, error);
      return;
    }
  step->message = g_bytes_ref (item->owner != NULL ? item->owner : message);
  step->status = item->status;
  place_payload (step);
  smb_plan_answer (step);
}

static void
handle_item (SmbConnection *self,
             const SmbItem *item,
             GBytes        *message)
{
  SmbStep *step;

  self->flow.units += item->units;
  if (self->flow.units > G_MAXUINT16)
    {
      fail_protocol (self, SMB_ERROR_PROTOCOL, "the server granted more credits than there can be");
      return;
    }
  if (item->kind == SMB_ITEM_UNSOLICITED) /* breaks of oplocks, of which this client takes none */
    return;

  step = g_hash_table_lookup (self->flow.pending, &item->key);
  if (!check_item (self, item, step))
    {
      wipe (item->payload, item->payload_size);
      return;
    }
  switch (item->kind)
    {
    case SMB_ITEM_INTERIM:
      handle_interim (self, item, step);
      break;
    case SMB_ITEM_CONTINUE:
      send_rest (self, step);
      break;
    case SMB_ITEM_REPLY:
      handle_reply (self, item, step, message);
      break;
    case SMB_ITEM_PART:
    case SMB_ITEM_UNSOLICITED:
    default:
      break;
    }
}

static void
handle_items (SmbConnection *self,
              SmbReceived   *received,
              GBytes        *message)
{
  GArray *items = self->receiver.items;
  GError *error = NULL;

  g_array_set_size (items, 0);
  if (!smb_dialect_parse (self->dialect, received, items, &error))
    {
      wipe (received->payload, received->payload_size);
      smb_connection_fail (self, error);
      return;
    }
  for (guint i = 0; i < items->len; i++)
    {
      SmbItem *item = &g_array_index (items, SmbItem, i);

      if (!self->ended)
        handle_item (self, item, message);
      g_clear_pointer (&item->owner, g_bytes_unref);
    }
}

static void
handle_message (SmbConnection *self)
{
  SmbReceiver       *receiver = &self->receiver;
  SmbReceived        received = {
    receiver->buffer, receiver->buffer_size, receiver->payload, receiver->payload_size
  };
  g_autofree guint8 *diverted = g_steal_pointer (&receiver->diverted);
  g_autoptr(GBytes)  message = g_bytes_new_take (g_steal_pointer (&receiver->buffer), receiver->buffer_size);

  smb_receiver_reset (self);
  self->keepalive.last_received = g_get_monotonic_time ();
  if (self->state == SMB_CONNECTION_STATE_NEGOTIATING)
    smb_opening_message (self, received.bytes, received.size);
  else
    handle_items (self, &received, message);
}

static void
run_again (gpointer data)
{
  SmbConnection *self = data;

  self->receiver.rerun = FALSE;
  if (self->channel != NULL)
    smb_receiver_run (self);
  smb_connection_unref (self);
}

static void
note_progress (SmbReceiver *self)
{
  if (self->step == NULL || self->step->plan->call == NULL || self->received - self->told < PROGRESS)
    return;
  self->told = self->received;
  smb_call_touch (self->step->plan->call);
}

static void
input_failed (SmbConnection *self,
              GError        *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) || smb_opening_retry (self, error))
    g_error_free (error);
  else
    smb_connection_fail (self, error);
}

void
smb_receiver_run (SmbConnection *self)
{
  gsize   bytes = 0;
  GError *error = NULL;

  smb_connection_ref (self);
  for (guint n = 0; n < TURN_MESSAGES && bytes < TURN_BYTES && self->channel != NULL; n++)
    {
      if (!receive_message (self, &error))
        {
          note_progress (&self->receiver);
          if (error != NULL)
            input_failed (self, error);
          smb_connection_unref (self);
          return;
        }
      bytes += self->receiver.message_size;
      handle_message (self);
    }

  if (self->channel != NULL && !self->receiver.rerun)
    {
      self->receiver.rerun = TRUE;
      smb_worker_post (run_again, smb_connection_ref (self));
    }
  smb_connection_unref (self);
}
