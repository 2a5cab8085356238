/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-window.h"

/* How much bulk data is under way, against a server that is a line and a queue. */

#define MIB (1024 * 1024)

typedef struct
{
  gint64   trip;   /* µs of the line, there and back */
  gint64   piece;  /* µs that the server needs for a MiB */
  gboolean chatty; /* something small follows each MiB */

  gint64 now;
  gint64 free_at; /* the server */
  gint64 sent_at[64];
  gint64 done_at[64];
  guint  begin, end;
  guint  n_answered;
} Server;

static void
send_all (Server    *s,
          SmbWindow *window)
{
  while (smb_window_allows (window, MIB, 0, s->now))
    {
      s->free_at = MAX (s->free_at, s->now + s->trip / 2) + s->piece;
      s->sent_at[s->end % 64] = s->now;
      s->done_at[s->end % 64] = s->free_at + s->trip / 2;
      s->end++;
      smb_window_sent (window, MIB);
      if (s->chatty)
        smb_window_sent (window, 0);
    }
}

static void
transfer (Server    *s,
          SmbWindow *window,
          guint      n)
{
  for (guint i = 0; i < n; i++)
    {
      send_all (s, window);
      if (s->begin == s->end) /* nothing may leave until then */
        {
          s->now = window->measuring_until;
          send_all (s, window);
        }
      s->now = s->done_at[s->begin % 64];
      smb_window_answered (window, MIB, s->sent_at[s->begin % 64], s->now);
      s->begin++;
    }
}

/* What else is asked for waits behind what is under way: little, where the server is near. */
static void
test_near (void)
{
  Server    server = { .trip = 100, .piece = 350 };
  SmbWindow window;

  smb_window_init (&window);
  transfer (&server, &window, 1000);
  g_assert_cmpuint (window.size, <=, 6 * MIB);
  g_assert_cmpuint (window.size, >=, 2 * MIB);
}

/* It is measured what an answer takes that waits for no other, again and again, and not what the last of many
 * does. */
static void
test_measured_alone (void)
{
  Server    server = { .trip = 100, .piece = 350 };
  SmbWindow window;

  smb_window_init (&window);
  transfer (&server, &window, 200000);
  g_assert_cmpint (server.now, >=, G_TIME_SPAN_MINUTE);
  g_assert_cmpint (window.base, ==, server.trip + server.piece);
  g_assert_cmpuint (window.size, <=, 6 * MIB);
}

/* What moves no data is no company. */
static void
test_measured_beside_small_ones (void)
{
  Server    server = { .trip = 20000, .piece = 1000, .chatty = TRUE };
  SmbWindow window;

  smb_window_init (&window);
  transfer (&server, &window, 40000);
  g_assert_cmpint (server.now, >=, 30 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (server.now, <=, 50 * G_TIME_SPAN_SECOND);
}

/* A long line is kept full: a MiB takes as long as the server needs for it. */
static void
test_far (void)
{
  Server    server = { .trip = 20000, .piece = 1000 };
  SmbWindow window;
  gint64    begin;

  smb_window_init (&window);
  transfer (&server, &window, 200);
  begin = server.now;
  transfer (&server, &window, 1000);
  g_assert_cmpint (server.now - begin, <=, 1000 * server.piece * 105 / 100);
  g_assert_cmpuint (window.size, <=, 32 * MIB);
}

/* The way to the server has become longer: what it was before is forgotten in time. */
static void
test_other_way (void)
{
  Server    server = { .trip = 100, .piece = 350 };
  SmbWindow window;
  gint64    begin;

  smb_window_init (&window);
  transfer (&server, &window, 1000);
  server.trip = 20000;
  server.piece = 1000;
  transfer (&server, &window, 3000);
  begin = server.now;
  transfer (&server, &window, 1000);
  g_assert_cmpint (server.now - begin, <=, 1000 * server.piece * 13 / 10);
}

/* What a server takes very long for is under way beside a transfer, which goes on all the same when the base
 * is to be measured anew. */
static void
test_measured_beside_slow (void)
{
  Server    server = { .trip = 100, .piece = 350 };
  SmbWindow window;

  smb_window_init (&window);
  smb_window_sent (&window, MIB);
  transfer (&server, &window, 200000);
  g_assert_cmpint (server.now, >, 20 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (server.now, <, 100 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (window.base, <, 2000);
}

/* One request may always leave, whatever its size. */
static void
test_one (void)
{
  SmbWindow window;

  smb_window_init (&window);
  g_assert_true (smb_window_allows (&window, 100 * MIB, 0, 0));
  smb_window_sent (&window, 100 * MIB);
  g_assert_false (smb_window_allows (&window, 1, 0, 10));
  smb_window_answered (&window, 100 * MIB, 0, 10);
  g_assert_true (smb_window_allows (&window, 1, 0, 10));
  g_assert_cmpuint (window.in_flight, ==, 0);
}

/* Who has nothing under way may have it larger. */
static void
test_beyond (void)
{
  SmbWindow window;

  smb_window_init (&window);
  smb_window_sent (&window, window.size);
  g_assert_false (smb_window_allows (&window, 1, 0, 10));
  g_assert_true (smb_window_allows (&window, MIB, MIB, 10));
  g_assert_false (smb_window_allows (&window, MIB + 1, MIB, 10));
}

/* Whose answer is not there when what was sent a round later has one was overtaken; no other was, in a line
 * of them. */
static void
test_overtaken (void)
{
  Server    server = { .trip = 100, .piece = 350, .now = 1000 };
  SmbWindow window;
  gint64    oldest;

  smb_window_init (&window);
  for (guint i = 0; i < 1000; i++)
    {
      transfer (&server, &window, 1);
      oldest = server.begin == server.end ? G_MAXINT64 : server.sent_at[server.begin % 64];
      g_assert_cmpint (window.overtaken, <=, oldest);
    }
  g_assert_cmpint (window.overtaken, >=, server.now - 6 * window.size / MIB * server.piece);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/window/near", test_near);
  g_test_add_func ("/window/measured-alone", test_measured_alone);
  g_test_add_func ("/window/measured-beside-small-ones", test_measured_beside_small_ones);
  g_test_add_func ("/window/far", test_far);
  g_test_add_func ("/window/other-way", test_other_way);
  g_test_add_func ("/window/measured-beside-slow", test_measured_beside_slow);
  g_test_add_func ("/window/one", test_one);
  g_test_add_func ("/window/beyond", test_beyond);
  g_test_add_func ("/window/overtaken", test_overtaken);
  return g_test_run ();
}
