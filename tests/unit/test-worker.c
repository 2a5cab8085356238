/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <unistd.h>

#include "engine/worker/smb-worker.h"

/* GIO, and mechanisms of plugins, have sources of their own in the worker's context, which waits for nothing
 * but channels as long as there is none. What hangs is ended by an alarm. */

#define LONGEST 60 /* s, of a test, under valgrind too */

typedef struct
{
  int      delay_msec;
  gboolean left;
} Guest;

static gboolean
guest_leaves (gpointer data)
{
  Guest *self = data;

  if (self->delay_msec > 0)
    smb_watch_set_end_other (smb_worker_get_watches ());
  self->left = TRUE;
  return G_SOURCE_REMOVE;
}

static void
guest_comes (gpointer data)
{
  Guest              *self = data;
  g_autoptr(GSource)  source = self->delay_msec > 0 ? g_timeout_source_new (self->delay_msec)
                                                    : g_idle_source_new ();

  if (self->delay_msec > 0) /* of time alone nothing tells */
    smb_watch_set_begin_other (smb_worker_get_watches ());
  g_source_set_callback (source, guest_leaves, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
receive_guest (int delay_msec)
{
  Guest guest = { delay_msec, FALSE };

  smb_worker_run (guest_comes, &guest);
  while (!guest.left)
    smb_worker_run_once ();
}

/* This thread is the worker, which has once seen that there is nothing else in its context. */
static void
begin (void)
{
  alarm (LONGEST);
  smb_worker_begin_call ();
  g_assert_true (smb_worker_lead (TRUE));
  receive_guest (0);
}

static void
end (void)
{
  smb_worker_end_call ();
  smb_worker_stop_leading (0);
  alarm (0);
}

static void
test_own_guests (void)
{
  begin ();
  receive_guest (0);
  receive_guest (20);
  receive_guest (0);
  end ();
}

typedef struct
{
  GMainContext *context;
  Guest         guest;
} Sender;

static gpointer
sender_main (gpointer data)
{
  Sender             *self = data;
  g_autoptr(GSource)  source = g_idle_source_new ();

  g_source_set_callback (source, guest_leaves, &self->guest, NULL);
  g_source_attach (source, self->context);
  return NULL;
}

static void
test_sent_guest (void)
{
  Sender   sender = { NULL, { 0, FALSE } };
  GThread *thread;

  begin ();
  sender.context = g_main_context_get_thread_default ();
  thread = g_thread_new ("sender", sender_main, &sender);
  while (!sender.guest.left)
    smb_worker_run_once ();
  g_thread_join (thread);
  end ();
}

/* Jobs, too. */
static void
test_posted (void)
{
  Guest guest = { 0, FALSE };

  begin ();
  smb_worker_post (guest_comes, &guest);
  while (!guest.left)
    smb_worker_run_once ();
  end ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/worker/own-guests", test_own_guests);
  g_test_add_func ("/worker/sent-guest", test_sent_guest);
  g_test_add_func ("/worker/posted", test_posted);

  return g_test_run ();
}
