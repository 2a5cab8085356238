/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

/* Where much is under way small operations wait for others to share a frame with: for a moment, whatever goes
 * on meanwhile. */

#define N_HELD   200
#define N_SINGLE 30
#define MOMENT   (30 * G_TIME_SPAN_MILLISECOND) /* much more than any of them takes, since machines are busy */

typedef struct
{
  Pending held[N_HELD];
  Pending single[N_SINGLE];
} Crowd;

static void
begin (Fixture *f,
       Pending *pending)
{
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, pending_ready, pending);
}

static void
end (Fixture *f,
     Pending *pending)
{
  g_autoptr(GAsyncResult)  result = pending_wait (pending);
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);

  g_assert_no_error (error);
}

/* It is known by then whether the server takes several in a frame. */
static void
hold_many (Fixture *f,
           Crowd   *crowd)
{
  for (guint i = 0; i < N_HELD; i++)
    begin (f, &crowd->held[i]);
  for (guint i = 0; i < N_HELD; i++)
    end (f, &crowd->held[i]);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < N_HELD; i++)
    begin (f, &crowd->held[i]);
  scripted_server_wait_held (f->server, N_HELD);
}

static void
end_all (Fixture *f,
         Crowd   *crowd)
{
  scripted_server_clear_rules (f->server);
  scripted_server_release_all (f->server);
  for (guint i = 0; i < N_HELD; i++)
    end (f, &crowd->held[i]);
  for (guint i = 0; i < N_SINGLE; i++)
    end (f, &crowd->single[i]);
}

static void
assert_prompt (Fixture *f,
               Crowd   *crowd)
{
  guint  n = scripted_server_count (f->server, SCRIPTED_CREATE);
  gint64 begun_at = g_get_monotonic_time ();
  gint64 each;

  for (guint i = 0; i < N_SINGLE; i++)
    {
      begin (f, &crowd->single[i]);
      scripted_server_wait (f->server, SCRIPTED_CREATE, n + i + 1);
    }
  each = (g_get_monotonic_time () - begun_at) / N_SINGLE;
  g_test_message ("%.1f ms", each / 1e3);
  g_assert_cmpint (each, <=, MOMENT);
}

/* Nobody else comes. */
static void
test_alone (Fixture       *f,
            gconstpointer  data)
{
  Crowd crowd = { 0 };

  fixture_open (f, NULL);
  hold_many (f, &crowd);
  assert_prompt (f, &crowd);
  end_all (f, &crowd);
}

/* Messages to others come in all the time. */

typedef struct
{
  Fixture *fixture;
  gint     stop; /* atomic */
} Chatter;

static gpointer
chatter_main (gpointer data)
{
  Chatter *chatter = data;

  while (!g_atomic_int_get (&chatter->stop))
    {
      scripted_server_send_break (chatter->fixture->server);
      g_usleep (100);
    }
  return NULL;
}

static void
test_beside_others (Fixture       *f,
                    gconstpointer  data)
{
  Crowd    crowd = { 0 };
  Chatter  chatter = { f };
  GThread *thread;

  fixture_open (f, NULL);
  hold_many (f, &crowd);
  thread = g_thread_new ("chatter", chatter_main, &chatter);
  assert_prompt (f, &crowd);
  g_atomic_int_set (&chatter.stop, TRUE);
  g_thread_join (thread);
  end_all (f, &crowd);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/company/alone", test_alone);
  fixture_add ("/company/beside-others", test_beside_others);

  return g_test_run ();
}
