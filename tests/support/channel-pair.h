/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/smb-channel.h"

G_BEGIN_DECLS

/* What the channel runs over; all must behave alike. */
typedef enum
{
  OVER_SOCKET,  /* a GSocketConnection: the socket itself is used */
  OVER_STREAMS, /* a stream that is none */
  OVER_WRAPPER, /* a GSocketConnection whose streams are someone else's */
} PairKind;

typedef struct
{
  SmbChannel *channel;
  GSocket    *socket; /* the channel's */
  int         peer;   /* blocking; -1 once hung up */
  guint       n_sent;
} Pair;

/* A channel and the other end of its connection. @buffer_size: of the socket, or 0 for the usual one. */
void pair_connect    (Pair    *f,
                      PairKind kind,
                      int      buffer_size);
void pair_hang_up    (Pair    *f);
void pair_disconnect (Pair    *f);

/* Both for g_test_add(), whose data is the kind. */
void pair_set_up    (Pair         *f,
                     gconstpointer data);
void pair_tear_down (Pair         *f,
                     gconstpointer data);

/* Our end. pair_count_sent() is a GDestroyNotify. */
void  pair_queue                (Pair         *f,
                                 gconstpointer data,
                                 gsize         size);
void  pair_count_sent           (gpointer      user_data);
void  pair_flush                (Pair         *f);
void  pair_assert_receives      (Pair         *f,
                                 gconstpointer data,
                                 gsize         size);
void  pair_assert_receive_fails (Pair         *f,
                                 GQuark        domain,
                                 int           code);
void  pair_assert_blocks        (Pair         *f);
guint pair_count_reads          (Pair         *f);
guint pair_count_writes         (Pair         *f);

/* The other end. */
void pair_write          (Pair         *f,
                          gconstpointer data,
                          gsize         size);
void pair_assert_written (Pair         *f,
                          gconstpointer data,
                          gsize         size);

/* Waits with a source of the channel's. */
void     channel_poll     (SmbChannel  *channel,
                           GIOCondition condition);
gboolean channel_is_ready (SmbChannel  *channel,
                           GIOCondition condition);

/* The next message, waited for if need be. */
GBytes *channel_receive (SmbChannel *channel,
                         GError    **error);

/* A frame of @size bytes in which no two neighbours look alike. */
guint8 *make_frame (gsize size);

G_END_DECLS
