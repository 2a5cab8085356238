/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-frame.h"

/* Room for a chain of three small messages without growing. */
#define RESERVED_BYTES    512
#define RESERVED_MESSAGES 4

static void
message_clear (gpointer data)
{
  SmbFrameMessage *message = data;

  g_clear_pointer (&message->payload, g_bytes_unref);
}

SmbFrame *
smb_frame_new (void)
{
  SmbFrame *self = g_new0 (SmbFrame, 1);

  self->bytes = g_byte_array_sized_new (RESERVED_BYTES);
  self->messages = g_array_sized_new (FALSE, TRUE, sizeof (SmbFrameMessage), RESERVED_MESSAGES);
  g_array_set_clear_func (self->messages, message_clear);
  self->vectors = g_array_new (FALSE, TRUE, sizeof (GOutputVector));
  return self;
}

void
smb_frame_free (SmbFrame *self)
{
  g_byte_array_unref (self->bytes);
  g_array_unref (self->messages);
  g_array_unref (self->vectors);
  g_free (self);
}
