/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-samba.h"

G_BEGIN_DECLS

/* Between a client and a server, in the test's own process: forwards what both say, remembers it message by
 * message in the order in which it came by, and can hold back what either says. */
typedef struct _TestRelay TestRelay;

typedef enum
{
  TEST_RELAY_UP,   /* from the client */
  TEST_RELAY_DOWN, /* from the server */
} TestRelayWay;

typedef struct
{
  TestRelayWay  way;
  GBytes       *bytes; /* without the length before it */
} TestFrame;

TestRelay *test_relay_start    (TestSamba *samba);
void       test_relay_stop     (TestRelay *self);
guint16    test_relay_get_port (TestRelay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRelay, test_relay_stop)

/* Changes a message on its way, in a thread of the relay's. It is remembered as it becomes. */
typedef void (*TestRelayEdit) (TestRelayWay  way,
                               guint8       *message,
                               gsize         size,
                               gpointer      data);

/* Of what comes from now on; NULL = no longer. To be called while nothing is on its way. */
void       test_relay_set_edit   (TestRelay     *self,
                                  TestRelayEdit  edit,
                                  gpointer       data);

/* From now on, or no longer. What is held back is remembered all the same. */
void       test_relay_hold       (TestRelay    *self,
                                  TestRelayWay  way,
                                  gboolean      hold);
/* What came by so far, of TestFrame. */
GPtrArray *test_relay_dup_frames (TestRelay    *self);
guint      test_relay_get_n_frames (TestRelay *self);
/* Waits until more than @n_frames have come by. */
void       test_relay_wait       (TestRelay    *self,
                                  guint         n_frames);

G_END_DECLS
