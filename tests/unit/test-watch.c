/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "channel-pair.h"
#include "engine/worker/smb-watch.h"

/* Many channels behind one source, of all kinds. No callback comes for a watch that is gone, whoever freed
 * it. */

#define MANY 150 /* more than are taken at once */

typedef struct _Fixture Fixture;

typedef struct
{
  Fixture  *fixture;
  Pair      pair;
  SmbWatch *watch;
  guint     n_input;
  guint     n_output;
  guint     n_freed; /* the data */
} Member;

struct _Fixture
{
  PairKind      kind;
  GMainContext *context;
  Member        members[MANY];
  guint         n_members;
  void        (*in_input) (Member *self);
};

static SmbWatchSet *set; /* a poll function has no data of its own */
static gint         n_polls;

static int
wait_for_set (GPollFD *fds,
              guint    n_fds,
              int      timeout_msec)
{
  g_atomic_int_inc (&n_polls);
  return smb_watch_set_wait (set, fds, n_fds, timeout_msec);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->kind = GPOINTER_TO_INT (data);
  f->context = g_main_context_new ();
  g_main_context_set_poll_func (f->context, wait_for_set);
  set = smb_watch_set_new (f->context);
}

static void
remove_member (Member *self)
{
  if (self->watch == NULL)
    return;
  g_clear_pointer (&self->watch, smb_watch_free);
  smb_channel_close (self->pair.channel);
  g_assert_cmpuint (self->n_freed, ==, 1);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  for (guint i = 0; i < f->n_members; i++)
    {
      remove_member (&f->members[i]);
      pair_disconnect (&f->members[i].pair);
    }
  while (g_main_context_iteration (f->context, FALSE))
    ;
  g_main_context_unref (f->context);
}

static void
input_ready (gpointer data)
{
  Member *self = data;

  g_assert_nonnull (self->watch);
  self->n_input++;
  if (self->fixture->in_input != NULL)
    self->fixture->in_input (self);
}

static void
output_ready (gpointer data)
{
  Member *self = data;

  g_assert_nonnull (self->watch);
  self->n_output++;
}

static void
count_free (gpointer data)
{
  ((Member *) data)->n_freed++;
}

static Member *
add_member (Fixture *f)
{
  Member *self = &f->members[f->n_members++];

  self->fixture = f;
  pair_connect (&self->pair, f->kind, 0);
  self->watch = smb_watch_new (set, self->pair.channel, input_ready, output_ready, self, count_free);
  return self;
}

static void
add_members (Fixture *f,
             guint    n)
{
  for (guint i = 0; i < n; i++)
    pair_write (&add_member (f)->pair, "\0\0\0\1x", 5);
}

/* What is ready now is told. */
static void
run (Fixture *f)
{
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (f->context, FALSE);
}

/* At once: the channel knows that a poll has told. */
static void
receive (Member *self)
{
  SmbChannel        *channel = self->pair.channel;
  g_autoptr(GError)  error = NULL;
  gsize              size;
  guint8             byte;

  smb_channel_receive_header (channel, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, 1);
  g_assert_cmpint (smb_channel_receive (channel, &byte, 1, NULL), ==, 1);
  g_assert_cmpuint (byte, ==, 'x');
}

static guint
count_told (Fixture *f)
{
  guint n_told = 0;

  for (guint i = 0; i < f->n_members; i++)
    n_told += f->members[i].n_input > 0;
  return n_told;
}

static void
test_input (Fixture       *f,
            gconstpointer  data)
{
  Member *first = add_member (f);
  Member *second = add_member (f);

  f->in_input = receive;
  run (f);
  g_assert_cmpuint (count_told (f), ==, 0);

  pair_write (&second->pair, "\0\0\0\1x", 5);
  while (second->n_input == 0)
    g_main_context_iteration (f->context, TRUE);
  run (f);
  g_assert_cmpuint (second->n_input, ==, 1);
  g_assert_cmpuint (first->n_input, ==, 0);
}

/* Two messages, one after the other: the read that emptied the socket is forgotten when there is more. */
static void
test_drained (Fixture       *f,
              gconstpointer  data)
{
  Member *member = add_member (f);

  f->in_input = receive;
  for (guint i = 1; i <= 3; i++)
    {
      pair_write (&member->pair, "\0\0\0\1x", 5);
      while (member->n_input < i)
        g_main_context_iteration (f->context, TRUE);
    }
}

static void
test_output (Fixture       *f,
             gconstpointer  data)
{
  Member *member = add_member (f);

  run (f);
  g_assert_cmpuint (member->n_output, ==, 0);

  smb_watch_set_output (member->watch, TRUE);
  while (member->n_output < 2)
    g_main_context_iteration (f->context, TRUE);

  smb_watch_set_output (member->watch, FALSE);
  member->n_output = 0;
  run (f);
  g_assert_cmpuint (member->n_output, ==, 0);
  g_assert_cmpuint (member->n_input, ==, 0);
}

static void
want_no_output (Member *self)
{
  smb_watch_set_output (self->watch, FALSE);
}

/* Input goes first, and may make the rest needless. */
static void
test_output_no_more (Fixture       *f,
                     gconstpointer  data)
{
  Member *member = add_member (f);

  f->in_input = want_no_output;
  smb_watch_set_output (member->watch, TRUE);
  pair_write (&member->pair, "\0\0\0\1x", 5);
  run (f);
  g_assert_cmpuint (member->n_input, >, 0);
  g_assert_cmpuint (member->n_output, ==, 0);
}

static void
expect_end (Member *self)
{
  pair_assert_receive_fails (&self->pair, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  remove_member (self);
}

static void
test_hang_up (Fixture       *f,
              gconstpointer  data)
{
  Member *member = add_member (f);

  f->in_input = expect_end;
  pair_hang_up (&member->pair);
  while (member->n_input == 0)
    g_main_context_iteration (f->context, TRUE);
}

static void
test_many (Fixture       *f,
           gconstpointer  data)
{
  f->in_input = receive;
  add_members (f, MANY);
  run (f);
  g_assert_cmpuint (count_told (f), ==, MANY);
}

/* Freed while their events are known. */

static void
remove_all (Member *self)
{
  for (guint i = 0; i < self->fixture->n_members; i++)
    remove_member (&self->fixture->members[i]);
}

static void
test_freed_by_another (Fixture       *f,
                       gconstpointer  data)
{
  f->in_input = remove_all;
  add_members (f, 20);
  for (guint i = 0; i < f->n_members; i++)
    smb_watch_set_output (f->members[i].watch, TRUE);
  run (f);
  g_assert_cmpuint (count_told (f), ==, 1);
}

static void
test_freed_by_itself (Fixture       *f,
                      gconstpointer  data)
{
  f->in_input = remove_member;
  add_members (f, 20);
  for (guint i = 0; i < f->n_members; i++)
    smb_watch_set_output (f->members[i].watch, TRUE);
  run (f);
  for (guint i = 0; i < f->n_members; i++)
    {
      g_assert_cmpuint (f->members[i].n_input, ==, 1);
      g_assert_cmpuint (f->members[i].n_output, ==, 0);
    }
}

/* As in a forked child, which keeps the connection open. */
static void
test_duplicated (Fixture       *f,
                 gconstpointer  data)
{
  Member *member = add_member (f);
  int     copy = dup (g_socket_get_fd (member->pair.socket));

  g_assert_cmpint (copy, >=, 0);
  remove_member (member);
  pair_write (&member->pair, "\0\0\0\1x", 5);
  run (f);
  g_assert_cmpuint (member->n_input, ==, 0);
  g_close (copy, NULL);
}

/* With their descriptors, and maybe their memory. */
static void
replace_all (Member *self)
{
  Fixture *f = self->fixture;
  guint    n_members = f->n_members;

  f->in_input = NULL;
  remove_all (self);
  for (guint i = 0; i < n_members; i++)
    add_member (f);
}

static void
test_replaced (Fixture       *f,
               gconstpointer  data)
{
  f->in_input = replace_all;
  add_members (f, 20);
  run (f);
  g_assert_cmpuint (f->n_members, ==, 40);
  g_assert_cmpuint (count_told (f), ==, 1);

  pair_write (&f->members[30].pair, "\0\0\0\1x", 5);
  run (f);
  g_assert_cmpuint (f->members[30].n_input, >, 0);
  g_assert_cmpuint (count_told (f), ==, 2);
}

/* Sources of others. */

static gboolean
other_ready (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  guint *n_ready = user_data;

  *n_ready += 1;
  return G_SOURCE_CONTINUE;
}

static void
test_others (Fixture       *f,
             gconstpointer  data)
{
  Member             *member = add_member (f);
  Pair                other;
  guint               n_ready = 0;
  g_autoptr(GSource)  source = NULL;

  pair_connect (&other, OVER_SOCKET, 0);
  source = g_unix_fd_source_new (g_socket_get_fd (other.socket), G_IO_IN);
  g_source_set_callback (source, G_SOURCE_FUNC (other_ready), &n_ready, NULL);
  g_source_attach (source, f->context);

  pair_write (&member->pair, "\0\0\0\1x", 5);
  while (member->n_input == 0)
    g_main_context_iteration (f->context, TRUE);
  g_assert_cmpuint (n_ready, ==, 0);

  pair_write (&other, "x", 1);
  while (n_ready == 0)
    g_main_context_iteration (f->context, TRUE);
  receive (member);
  run (f);
  g_assert_cmpuint (n_ready, >, 1);

  g_source_destroy (source);
  pair_disconnect (&other);
}

/* Waiting. */

static gpointer
wake_up (gpointer data)
{
  while (g_atomic_int_get (&n_polls) < 3)
    g_thread_yield ();
  g_main_context_wakeup (data);
  return NULL;
}

/* It comes while the context waits, or just before; not only the first time. */
static void
test_wakeup (Fixture       *f,
             gconstpointer  data)
{
  add_member (f);
  for (guint i = 0; i < 3; i++)
    {
      GThread *thread;

      g_atomic_int_set (&n_polls, 0);
      run (f);
      g_atomic_int_set (&n_polls, 2);
      thread = g_thread_new ("waker", wake_up, f->context);
      g_main_context_iteration (f->context, TRUE);
      g_thread_join (thread);
    }
}

static gboolean
note_time (gpointer user_data)
{
  *(gint64 *) user_data = g_get_monotonic_time ();
  return G_SOURCE_REMOVE;
}

static void
test_timeout (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GSource) source = g_timeout_source_new (30);
  gint64             begun = g_get_monotonic_time ();
  gint64             ended = 0;
  guint              n_turns = 0;

  add_member (f);
  g_source_set_callback (source, note_time, &ended, NULL);
  g_source_attach (source, f->context);
  while (ended == 0)
    {
      g_main_context_iteration (f->context, TRUE);
      n_turns++;
    }
  g_assert_cmpint (ended - begun, >=, 29000);
  g_assert_cmpuint (n_turns, <, 10);
}

static void
add (const char *name,
     void      (*test) (Fixture *f, gconstpointer data))
{
  static const char *kinds[] = { "socket", "streams", "wrapper" };

  for (PairKind kind = OVER_SOCKET; kind <= OVER_WRAPPER; kind++)
    {
      g_autofree char *path = g_strdup_printf ("/watch/%s/%s", kinds[kind], name);

      g_test_add (path, Fixture, GINT_TO_POINTER (kind), set_up, test, tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("input", test_input);
  add ("drained", test_drained);
  add ("output", test_output);
  add ("output-no-more", test_output_no_more);
  add ("hang-up", test_hang_up);
  add ("many", test_many);
  add ("freed-by-another", test_freed_by_another);
  add ("freed-by-itself", test_freed_by_itself);
  add ("duplicated", test_duplicated);
  add ("replaced", test_replaced);
  add ("others", test_others);
  add ("wakeup", test_wakeup);
  add ("timeout", test_timeout);

  return g_test_run ();
}
