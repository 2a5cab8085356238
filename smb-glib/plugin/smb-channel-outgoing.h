/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "plugin/smb-channel.h"

G_BEGIN_DECLS

/**
 * SmbOutgoing:
 * @vectors: of all messages one after the other, each with its header's before its own
 * @first: the first of @vectors that has not left; partly written ones begin at what is left of them
 * @end: behind the last of @vectors
 * @room: how many @vectors there is memory for
 * @messages: of SmbOutgoingMessage, those that have not left altogether
 *
 * What a channel is still to write.
 */
typedef struct
{
  GOutputVector *vectors;
  guint          first;
  guint          end;
  guint          room;
  GQueue         messages;
} SmbOutgoing;

typedef struct
{
  GList          link;
  guint8         header[SMB_CHANNEL_HEADER_SIZE];
  guint          n_vectors; /* of those that have not left */
  GDestroyNotify sent;
  gpointer       user_data;
} SmbOutgoingMessage;

void smb_outgoing_init  (SmbOutgoing *self);
void smb_outgoing_clear (SmbOutgoing *self);

/* Appends a message whose header the caller fills in. */
SmbOutgoingMessage  *smb_outgoing_push    (SmbOutgoing         *self,
                                           const GOutputVector *vectors,
                                           guint                n_vectors,
                                           GDestroyNotify       sent,
                                           gpointer             user_data);
const GOutputVector *smb_outgoing_peek    (const SmbOutgoing   *self,
                                           guint               *n_vectors);

/* Takes @size written bytes off the front. Returns the messages that have left with them, for
 * smb_outgoing_release(): whoever is called back then finds everything in order. */
GList               *smb_outgoing_advance (SmbOutgoing         *self,
                                           gsize                size);
/* All messages, whether they have left or not. */
GList               *smb_outgoing_steal   (SmbOutgoing         *self);
void                 smb_outgoing_release (GList               *messages);

static inline gboolean
smb_outgoing_is_empty (const SmbOutgoing *self)
{
  return self->messages.length == 0;
}

G_END_DECLS
