/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-frame.h"

#include <string.h>

/* Room for a chain of three small messages, or for one with a payload between two, without growing. */
#define RESERVED_BYTES    512
#define RESERVED_MESSAGES 4
#define RESERVED_VECTORS  4

/* Most frames are one allocation, but for their bytes. */
typedef struct
{
  SmbFrame        frame;
  guint           max_messages;
  guint           max_vectors;
  SmbFrameMessage messages[RESERVED_MESSAGES];
  GOutputVector   vectors[RESERVED_VECTORS];
} RoomyFrame;

/* Memory for payloads that are copied. An allocator gives so much back to the system at once, which has to clear it
 * each time that it is wanted again. The worker's, as frames are. */
#define LARGE     (64 * 1024)
#define SPARE_MAX 3

static GByteArray *spare[SPARE_MAX];
static gsize       spare_sizes[SPARE_MAX]; /* bytes that there is room for */
static guint       n_spare;

static GByteArray *
take_spare (gsize size)
{
  for (guint i = n_spare; i > 0; i--)
    if (spare_sizes[i - 1] >= size)
      {
        GByteArray *bytes = spare[i - 1];

        n_spare--;
        spare[i - 1] = spare[n_spare];
        spare_sizes[i - 1] = spare_sizes[n_spare];
        return bytes;
      }
  return NULL;
}

static guint
find_smallest (void)
{
  guint smallest = 0;

  for (guint i = 1; i < n_spare; i++)
    if (spare_sizes[i] < spare_sizes[smallest])
      smallest = i;
  return smallest;
}

static void
give_bytes (GByteArray *bytes)
{
  guint place = n_spare < SPARE_MAX ? n_spare : find_smallest ();

  if (bytes->len < LARGE || (n_spare == SPARE_MAX && spare_sizes[place] >= bytes->len))
    {
      g_byte_array_unref (bytes);
      return;
    }
  if (n_spare == SPARE_MAX)
    g_byte_array_unref (spare[place]);
  else
    n_spare++;
  spare_sizes[place] = bytes->len;
  spare[place] = g_byte_array_set_size (bytes, 0);
}

GByteArray *
smb_frame_take_bytes (gsize size)
{
  GByteArray *bytes = size < LARGE ? NULL : take_spare (size);

  return bytes != NULL ? bytes : g_byte_array_sized_new (size);
}

void
smb_frame_set_bytes (SmbFrame   *self,
                     GByteArray *bytes)
{
  give_bytes (self->bytes);
  self->bytes = bytes;
}

SmbFrame *
smb_frame_new (void)
{
  RoomyFrame *self = g_new (RoomyFrame, 1);

  self->frame.bytes = g_byte_array_sized_new (RESERVED_BYTES);
  self->frame.messages = self->messages;
  self->frame.n_messages = 0;
  self->frame.vectors = self->vectors;
  self->frame.n_vectors = 0;
  self->frame.size = 0;
  self->max_messages = RESERVED_MESSAGES;
  self->max_vectors = RESERVED_VECTORS;
  return &self->frame;
}

void
smb_frame_free (SmbFrame *self)
{
  RoomyFrame *roomy = (RoomyFrame *) self;

  for (guint i = 0; i < self->n_messages; i++)
    g_clear_pointer (&self->messages[i].payload, g_bytes_unref);
  if (self->messages != roomy->messages)
    g_free (self->messages);
  if (self->vectors != roomy->vectors)
    g_free (self->vectors);
  give_bytes (self->bytes);
  g_free (roomy);
}

/* Twice as many elements as @max, somewhere else than in @own. */
static gpointer
grow (gpointer  elements,
      gpointer  own,
      gsize     element_size,
      guint    *max)
{
  gsize    size = *max * element_size;
  gpointer larger = g_realloc (elements == own ? NULL : elements, 2 * size);

  if (elements == own)
    memcpy (larger, own, size);
  *max *= 2;
  return larger;
}

SmbFrameMessage *
smb_frame_add_message (SmbFrame   *self,
                       SmbCommand  command)
{
  RoomyFrame      *roomy = (RoomyFrame *) self;
  SmbFrameMessage *message;

  if (self->n_messages == roomy->max_messages)
    self->messages = grow (self->messages, roomy->messages, sizeof *self->messages, &roomy->max_messages);

  message = &self->messages[self->n_messages++];
  *message = (SmbFrameMessage) { .command = command, .offset = self->bytes->len };
  return message;
}

void
smb_frame_add_vector (SmbFrame      *self,
                      gconstpointer  buffer,
                      gsize          size)
{
  RoomyFrame *roomy = (RoomyFrame *) self;

  if (size == 0)
    return;
  if (self->n_vectors == roomy->max_vectors)
    self->vectors = grow (self->vectors, roomy->vectors, sizeof *self->vectors, &roomy->max_vectors);

  self->vectors[self->n_vectors++] = (GOutputVector) { buffer, size };
  self->size += size;
}

void
smb_frame_clear_vectors (SmbFrame *self)
{
  self->n_vectors = 0;
  self->size = 0;
}
