/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A TCP proxy on loopback that behaves badly on purpose.
 *
 * Prints {"port": "N"} when it listens. Then takes commands on stdin, a line each, and answers with
 * {"status": "ok", …}:
 *
 *   stats      "connections": so far; "open": those there are now; "up" and "down": bytes forwarded by the
 *              newest
 *   stall      forward nothing more, on connections that exist and those to come
 *   resume     forward again
 *   cut        reset all connections
 *   quit       end
 *
 * It ends when stdin closes. The TCP handshake itself is not delayed (a proxy cannot). */
#include "proxy-lane.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { UP, DOWN };
enum { CLIENT, SERVER };

typedef struct
{
  int fd[2];         /* of the client, of the server */
  ProxyLane lane[2]; /* up: from client to server; down */
  gboolean hung_up[2];
  gboolean watched[2];
  gboolean dead;
} Pair;

typedef struct
{
  struct sockaddr_in server;
  ProxyFaults faults[2];
  ProxyFaults no_faults[2]; /* delay, rate and split only: for connections beside --only */
  int only;                 /* number of the connection that the faults are for; 0: all */
  char *record;
  int listener;
  int epoll;
  int timer;
  int accepted;
  gboolean stalled;
  gboolean ended;
  GPtrArray *pairs;
} Proxy;

static void
watch (Proxy    *self,
       int       operation,
       int       fd,
       guint32   events)
{
  struct epoll_event event = { .events = events, .data.fd = fd };

  if (epoll_ctl (self->epoll, operation, fd, &event) != 0)
    g_error ("epoll_ctl: %s", g_strerror (errno));
}

static int
bound_listener (Proxy *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;

  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (bind (self->listener, (struct sockaddr *) &address, size) != 0 || listen (self->listener, 64) != 0 ||
      getsockname (self->listener, (struct sockaddr *) &address, &size) != 0)
    g_error ("cannot listen: %s", g_strerror (errno));

  return ntohs (address.sin_port);
}

static void
pair_free (Pair *pair)
{
  for (int side = CLIENT; side <= SERVER; side++)
    {
      proxy_lane_clear (&pair->lane[side]);
      close (pair->fd[side]);
    }
  g_free (pair);
}

/* Closing with linger 0 sends a reset. */
static void
pair_reset (Pair *pair)
{
  struct linger linger = { 1, 0 };

  for (int side = CLIENT; side <= SERVER; side++)
    setsockopt (pair->fd[side], SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  pair->dead = TRUE;
}

static int
open_record (Proxy      *self,
             const char *direction)
{
  g_autofree char *path = NULL;
  int fd;

  if (self->record == NULL)
    return -1;

  path = g_strdup_printf ("%s.%d.%s", self->record, self->accepted, direction);
  fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    g_error ("%s: %s", path, g_strerror (errno));

  return fd;
}

static int
connected_to_server (Proxy *self)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (connect (fd, (struct sockaddr *) &self->server, sizeof self->server) != 0)
    {
      close (fd);
      return -1;
    }
  fcntl (fd, F_SETFL, O_NONBLOCK);

  return fd;
}

static void
add_pair (Proxy *self,
          int    client,
          int    server)
{
  const ProxyFaults *faults = self->only == 0 || self->only == self->accepted ? self->faults
                                                                              : self->no_faults;
  Pair *pair = g_new0 (Pair, 1);
  int one = 1;

  pair->fd[CLIENT] = client;
  pair->fd[SERVER] = server;
  proxy_lane_init (&pair->lane[UP], &faults[UP], open_record (self, "up"));
  proxy_lane_init (&pair->lane[DOWN], &faults[DOWN], open_record (self, "down"));
  for (int side = CLIENT; side <= SERVER; side++)
    {
      pair->lane[side].stalled = self->stalled;
      setsockopt (pair->fd[side], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
  g_ptr_array_add (self->pairs, pair);
}

static void
accept_connection (Proxy *self)
{
  int client = accept4 (self->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  int server;

  if (client < 0)
    return;

  server = connected_to_server (self);
  if (server < 0)
    {
      close (client);
      return;
    }
  self->accepted++;
  add_pair (self, client, server);
}

/* A side that has hung up is told of again and again: it is not watched while we cannot read the rest. */
static void
watch_side (Proxy *self,
            Pair  *pair,
            int    side)
{
  gboolean wants_input = proxy_lane_wants_input (&pair->lane[side]);
  gboolean watched = wants_input || !pair->hung_up[side];
  guint32 events = (wants_input ? EPOLLIN : 0) | (pair->lane[!side].blocked ? EPOLLOUT : 0);

  if (watched || pair->watched[side])
    watch (self, !watched ? EPOLL_CTL_DEL : pair->watched[side] ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
           pair->fd[side], events);
  pair->watched[side] = watched;
}

/* The lane that takes from side @s is lane @s; the one that gives to it is the other. */
static void
move (Proxy *self,
      Pair  *pair,
      gint64 now_us)
{
  for (int side = CLIENT; side <= SERVER && !pair->dead; side++)
    {
      if (proxy_lane_send (&pair->lane[side], pair->fd[!side], now_us) == PROXY_LANE_BROKEN)
        pair_reset (pair);
    }
  if (pair->lane[UP].shut && pair->lane[DOWN].shut)
    pair->dead = TRUE;

  for (int side = CLIENT; side <= SERVER && !pair->dead; side++)
    watch_side (self, pair, side);
}

static void
move_all (Proxy *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 next_us = G_MAXINT64;
  struct itimerspec timer = { 0 };

  for (guint i = self->pairs->len; i > 0; i--)
    {
      Pair *pair = self->pairs->pdata[i - 1];

      move (self, pair, now_us);
      if (pair->dead)
        {
          g_ptr_array_remove_index (self->pairs, i - 1);
          continue;
        }
      next_us = MIN (next_us, proxy_lane_next_due (&pair->lane[UP]));
      next_us = MIN (next_us, proxy_lane_next_due (&pair->lane[DOWN]));
    }

  if (next_us != G_MAXINT64)
    {
      timer.it_value.tv_sec = next_us / G_USEC_PER_SEC;
      timer.it_value.tv_nsec = next_us % G_USEC_PER_SEC * 1000;
    }
  timerfd_settime (self->timer, TFD_TIMER_ABSTIME, &timer, NULL);
}

static void
side_ready (Pair    *pair,
            int      side,
            guint32  events)
{
  ProxyLane *lane = &pair->lane[side];

  pair->hung_up[side] |= (events & EPOLLHUP) != 0;
  if ((events & EPOLLERR) != 0)
    pair_reset (pair);
  else if ((events & (EPOLLIN | EPOLLHUP)) != 0 && proxy_lane_wants_input (lane) &&
           proxy_lane_receive (lane, pair->fd[side], g_get_monotonic_time ()) == PROXY_LANE_BROKEN)
    pair_reset (pair);
}

static void
socket_ready (Proxy   *self,
              int      fd,
              guint32  events)
{
  for (guint i = 0; i < self->pairs->len; i++)
    {
      Pair *pair = self->pairs->pdata[i];

      for (int side = CLIENT; side <= SERVER; side++)
        {
          if (pair->fd[side] == fd && !pair->dead)
            side_ready (pair, side, events);
        }
    }
}

static void
set_stalled (Proxy    *self,
             gboolean  stalled)
{
  self->stalled = stalled;
  for (guint i = 0; i < self->pairs->len; i++)
    {
      Pair *pair = self->pairs->pdata[i];

      pair->lane[UP].stalled = pair->lane[DOWN].stalled = stalled;
    }
}

static void
cut_all (Proxy *self)
{
  for (guint i = 0; i < self->pairs->len; i++)
    pair_reset (self->pairs->pdata[i]);
}

static void
print_stats (Proxy *self)
{
  Pair *pair = self->pairs->len > 0 ? self->pairs->pdata[self->pairs->len - 1] : NULL;

  printf ("{\"status\": \"ok\", \"connections\": \"%d\", \"open\": \"%u\", "
          "\"up\": \"%" G_GUINT64_FORMAT "\", \"down\": \"%" G_GUINT64_FORMAT "\"}\n",
          self->accepted, self->pairs->len,
          pair != NULL ? pair->lane[UP].sent : 0, pair != NULL ? pair->lane[DOWN].sent : 0);
}

static void
run_command (Proxy      *self,
             const char *command)
{
  const char *answer = "{\"status\": \"ok\"}";

  if (strcmp (command, "stall") == 0 || strcmp (command, "resume") == 0)
    set_stalled (self, strcmp (command, "stall") == 0);
  else if (strcmp (command, "cut") == 0)
    cut_all (self);
  else if (strcmp (command, "quit") == 0)
    self->ended = TRUE;
  else if (strcmp (command, "stats") != 0)
    answer = "{\"status\": \"error\", \"message\": \"unknown command\"}";

  move_all (self);
  if (strcmp (command, "stats") == 0)
    print_stats (self);
  else
    puts (answer);
  fflush (stdout);
}

static void
read_commands (Proxy *self)
{
  static char buffer[256];
  static gsize used;
  gssize n = read (STDIN_FILENO, buffer + used, sizeof buffer - used - 1);
  char *end;

  if (n <= 0)
    {
      self->ended = TRUE;
      return;
    }

  used += (gsize) n;
  buffer[used] = '\0';
  while ((end = memchr (buffer, '\n', used)) != NULL)
    {
      *end = '\0';
      run_command (self, buffer);
      used -= (gsize) (end + 1 - buffer);
      memmove (buffer, end + 1, used);
    }
}

static void
run (Proxy *self)
{
  struct epoll_event events[64];
  guint64 expirations;

  while (!self->ended)
    {
      int n = epoll_wait (self->epoll, events, G_N_ELEMENTS (events), -1);
      gboolean commanded = FALSE;

      for (int i = 0; i < n; i++)
        {
          int fd = events[i].data.fd;

          if (fd == STDIN_FILENO)
            commanded = TRUE;
          else if (fd == self->listener)
            accept_connection (self);
          else if (fd != self->timer)
            socket_ready (self, fd, events[i].events);
          else if (read (fd, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
            g_error ("timer: %s", g_strerror (errno));
        }
      move_all (self);
      if (commanded) /* may close sockets: not while there are events of theirs */
        read_commands (self);
    }
}

static void
parse_server (Proxy      *self,
              const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text != NULL ? text : "", ":", 2);

  self->server.sin_family = AF_INET;
  if (g_strv_length (parts) != 2 || inet_pton (AF_INET, parts[0], &self->server.sin_addr) != 1)
    g_error ("--to needs an address and a port");
  self->server.sin_port = htons ((guint16) g_ascii_strtoull (parts[1], NULL, 10));
}

static void
parse_options (Proxy   *self,
               int     *argc,
               char  ***argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *server = NULL;
  double delay_ms = 0, rate_mbit = 0;
  ProxyFaults *up = &self->faults[UP], *down = &self->faults[DOWN];
  const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &server, "The server", "ADDRESS:PORT" },
    { "delay-ms", 0, 0, G_OPTION_ARG_DOUBLE, &delay_ms, "Hold everything so long, each way", "MS" },
    { "rate-mbit", 0, 0, G_OPTION_ARG_DOUBLE, &rate_mbit, "Forward so much a second, each way", "MBIT" },
    { "cut-up", 0, 0, G_OPTION_ARG_INT64, &up->cut_at, "Reset after N bytes to the server", "N" },
    { "cut-down", 0, 0, G_OPTION_ARG_INT64, &down->cut_at, "Reset after N bytes to the client", "N" },
    { "stall-up", 0, 0, G_OPTION_ARG_INT64, &up->stall_at, "Forward only N bytes to the server", "N" },
    { "stall-down", 0, 0, G_OPTION_ARG_INT64, &down->stall_at, "Forward only N bytes to the client", "N" },
    { "flip-up", 0, 0, G_OPTION_ARG_INT64, &up->flip_at, "Flip a bit of byte N to the server", "N" },
    { "flip-down", 0, 0, G_OPTION_ARG_INT64, &down->flip_at, "Flip a bit of byte N to the client", "N" },
    { "split-up", 0, 0, G_OPTION_ARG_INT64, &up->split, "At most N bytes a write to the server", "N" },
    { "split-down", 0, 0, G_OPTION_ARG_INT64, &down->split, "At most N bytes a write to the client", "N" },
    { "only", 0, 0, G_OPTION_ARG_INT, &self->only, "Cut, stall and flip on the K-th connection only", "K" },
    { "record", 0, 0, G_OPTION_ARG_FILENAME, &self->record, "Copy what comes to PREFIX.K.up and .down",
      "PREFIX" },
    { NULL }
  };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_error ("%s", error->message);

  parse_server (self, server);
  for (int way = UP; way <= DOWN; way++)
    {
      self->faults[way].delay_us = (gint64) (delay_ms * 1000);
      self->faults[way].bytes_per_second = (gint64) (rate_mbit * 1e6 / 8);
      self->no_faults[way].delay_us = self->faults[way].delay_us;
      self->no_faults[way].bytes_per_second = self->faults[way].bytes_per_second;
      self->no_faults[way].split = self->faults[way].split;
    }
}

int
main (int    argc,
      char **argv)
{
  const ProxyFaults none = PROXY_FAULTS_INIT;
  Proxy self = { .faults = { none, none }, .no_faults = { none, none } };

  parse_options (&self, &argc, &argv);
  self.pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) pair_free);
  self.epoll = epoll_create1 (EPOLL_CLOEXEC);
  self.timer = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  printf ("{\"port\": \"%d\"}\n", bound_listener (&self));
  fflush (stdout);

  watch (&self, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN);
  watch (&self, EPOLL_CTL_ADD, self.listener, EPOLLIN);
  watch (&self, EPOLL_CTL_ADD, self.timer, EPOLLIN);
  run (&self);

  g_ptr_array_unref (self.pairs);
  g_free (self.record);
  close (self.timer);
  close (self.listener);
  close (self.epoll);

  return 0;
}
