/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-channel-outgoing.h"

#include <string.h>

#define FIRST_ROOM 64

/* So many vectors that have left are not worth moving the others for. */
#define MAX_STALE_VECTORS 512

void
smb_outgoing_init (SmbOutgoing *self)
{
  self->vectors = NULL;
  self->first = self->end = self->room = 0;
  g_queue_init (&self->messages);
}

void
smb_outgoing_clear (SmbOutgoing *self)
{
  smb_outgoing_release (smb_outgoing_steal (self));
  g_clear_pointer (&self->vectors, g_free);
  self->room = 0;
}

static void
reserve (SmbOutgoing *self,
         guint        n_vectors)
{
  if (n_vectors <= self->room - self->end)
    return;
  self->room = MAX (MAX (2 * self->room, FIRST_ROOM), self->end + n_vectors);
  self->vectors = g_renew (GOutputVector, self->vectors, self->room);
}

static void
append_vector (SmbOutgoing         *self,
               SmbOutgoingMessage  *message,
               const GOutputVector *vector)
{
  if (vector->size == 0)
    return;
  self->vectors[self->end++] = *vector;
  message->n_vectors++;
}

/* Keeps the array from growing while the queue never runs empty. */
static void
drop_stale (SmbOutgoing *self)
{
  guint left = self->end - self->first;

  if (left > 0 && self->first <= MAX (MAX_STALE_VECTORS, left))
    return;
  memmove (self->vectors, self->vectors + self->first, left * sizeof *self->vectors);
  self->first = 0;
  self->end = left;
}

SmbOutgoingMessage *
smb_outgoing_push (SmbOutgoing         *self,
                   const GOutputVector *vectors,
                   guint                n_vectors,
                   GDestroyNotify       sent,
                   gpointer             user_data)
{
  SmbOutgoingMessage *message = g_new (SmbOutgoingMessage, 1);
  GOutputVector       header = { message->header, sizeof message->header };

  message->link = (GList) { .data = message };
  message->n_vectors = 0;
  message->sent = sent;
  message->user_data = user_data;

  reserve (self, 1 + n_vectors);
  append_vector (self, message, &header);
  for (guint i = 0; i < n_vectors; i++)
    append_vector (self, message, &vectors[i]);
  g_queue_push_tail_link (&self->messages, &message->link);
  return message;
}

const GOutputVector *
smb_outgoing_peek (const SmbOutgoing *self,
                   guint             *n_vectors)
{
  *n_vectors = self->end - self->first;
  return self->vectors + self->first;
}

/* The vector at the front has left. If it was its message's last one, so has the message. */
static void
finish_vector (SmbOutgoing *self,
               GQueue      *left)
{
  SmbOutgoingMessage *message = self->messages.head->data;

  self->first++;
  if (--message->n_vectors == 0)
    g_queue_push_tail_link (left, g_queue_pop_head_link (&self->messages));
}

GList *
smb_outgoing_advance (SmbOutgoing *self,
                      gsize        size)
{
  GQueue left = G_QUEUE_INIT;

  while (size > 0)
    {
      GOutputVector *vector = &self->vectors[self->first];
      gsize          part = MIN (size, vector->size);

      size -= part;
      vector->size -= part;
      vector->buffer = (const guint8 *) vector->buffer + part;
      if (vector->size == 0)
        finish_vector (self, &left);
    }

  drop_stale (self);
  return left.head;
}

GList *
smb_outgoing_steal (SmbOutgoing *self)
{
  GList *messages = self->messages.head;

  g_queue_init (&self->messages);
  self->first = self->end = 0;
  return messages;
}

void
smb_outgoing_release (GList *messages)
{
  while (messages != NULL)
    {
      SmbOutgoingMessage *message = messages->data;

      messages = messages->next;
      if (message->sent != NULL)
        message->sent (message->user_data);
      g_free (message);
    }
}
