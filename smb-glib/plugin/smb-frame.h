/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "plugin/smb-request.h"

G_BEGIN_DECLS

/* One message of an outgoing frame. */
typedef struct
{
  SmbCommand command;
  gsize      offset;  /* of its header in the frame's bytes */
  gsize      size;    /* header and body, without payload and padding */
  GBytes    *payload; /* nullable: what follows the body, kept out of `bytes` so that it is not copied */

  /* Set by finish: */
  guint64 key;   /* by which replies name it */
  guint   units; /* what it costs */
} SmbFrameMessage;

/* An outgoing frame: a chain of messages, built first and finished in sending order.
 * After finish, the vectors are what goes to the channel. */
typedef struct
{
  GByteArray      *bytes; /* headers and bodies; the dialect's scratch */
  SmbFrameMessage *messages;
  guint            n_messages;
  GOutputVector   *vectors;
  guint            n_vectors; /* 0 before finish */
  gsize            size; /* of all vectors */
} SmbFrame;

SMB_EXTERN SmbFrame        *smb_frame_new           (void);
SMB_EXTERN void             smb_frame_free          (SmbFrame      *self);

/* Other bytes, with room for @size, to be put in the place of those that a frame has. */
SMB_EXTERN GByteArray      *smb_frame_take_bytes    (gsize          size);
SMB_EXTERN void             smb_frame_set_bytes     (SmbFrame      *self,
                                                     GByteArray    *bytes);

/* Appends a message that begins at the present end of the frame's bytes. It is the frame's, and stays where
 * it is until the next is added. */
SMB_EXTERN SmbFrameMessage *smb_frame_add_message   (SmbFrame      *self,
                                                     SmbCommand     command);
/* Appends what is to be sent, and counts it. Nothing is added if @size is 0. */
SMB_EXTERN void             smb_frame_add_vector    (SmbFrame      *self,
                                                     gconstpointer  buffer,
                                                     gsize          size);
SMB_EXTERN void             smb_frame_clear_vectors (SmbFrame      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbFrame, smb_frame_free)

static inline SmbFrameMessage *
smb_frame_get_message (const SmbFrame *self,
                       guint           i)
{
  return &self->messages[i];
}

/* A received message. Writable, since what is sealed is opened in place. */
typedef struct
{
  guint8 *bytes;
  gsize   size;
  guint8 *payload;      /* nullable: the last @payload_size bytes, received elsewhere (see peek) */
  gsize   payload_size; /* not counted in @size */
} SmbReceived;

typedef enum
{
  SMB_ITEM_REPLY,       /* ends the request `key` */
  SMB_ITEM_INTERIM,     /* the request `key` goes on, as `async_id` */
  SMB_ITEM_UNSOLICITED, /* answers nothing */
  SMB_ITEM_PART,        /* brings a part of the answer to `key`; the dialect keeps it until all is there */
  SMB_ITEM_CONTINUE,    /* the server waits for the rest of the request `key` */
} SmbItemKind;

/* One message found in a received frame; borrows its bytes. */
typedef struct
{
  SmbItemKind   kind;
  guint64       key;
  guint64       async_id;
  SmbCommand    command;
  guint32       status;
  guint         units;      /* granted */
  SmbProtection protection; /* verified: how it came */
  SmbProtection tolerated;  /* it may come with less although this much is expected of its request's replies;
                             * NONE = no exception ([MS-SMB2] 3.2.5.1.3) */
  const guint8 *bytes;      /* header and body */
  gsize         size;
  const guint8 *payload;    /* nullable; as in SmbReceived */
  gsize         payload_size;
  GBytes       *owner;      /* nullable: what holds @bytes where the received message does not, put together
                             * from parts; the receiver releases it */
} SmbItem;

G_END_DECLS
