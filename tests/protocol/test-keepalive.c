/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* Is the server still there? An ECHO now and then when nothing goes on, and when it owes answers and is
 * silent
 * ([MS-SMB2] 3.2.4.22). The waiting is real here, so that what has to wait does so at the same time. */

#define MAX_CASES 8

typedef struct
{
  Fixture fixtures[MAX_CASES];
  guint   n;
} Crowd;

static Fixture *
crowd_add (Crowd *self)
{
  Fixture *f = &self->fixtures[self->n++];

  g_assert_cmpuint (self->n, <=, MAX_CASES);
  fixture_set_up (f, NULL);
  return f;
}

static void
crowd_clear (Crowd *self)
{
  for (guint i = 0; i < self->n; i++)
    fixture_tear_down (&self->fixtures[i], NULL);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Crowd, crowd_clear)

/* Nothing goes on. */

static void
open_idle (Fixture *f,
           guint    seconds)
{
  fixture_open (f, "keepalive-interval", seconds, "default-timeout", 300, NULL);
}

/* Whatever the answer, somebody is there: some servers have forgotten the session by then. */
static void
test_any_answer (void)
{
  static const guint32 statuses[] = {
    SMB_STATUS_SUCCESS,       SMB_STATUS_USER_SESSION_DELETED, SMB_STATUS_INVALID_PARAMETER,
    SMB_STATUS_ACCESS_DENIED, SMB_STATUS_NOT_SUPPORTED,
  };
  g_auto(Crowd)        crowd = { 0 };
  Fixture             *never = crowd_add (&crowd);

  open_idle (never, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      Fixture *f = crowd_add (&crowd);

      open_idle (f, 1);
      if (statuses[i] != SMB_STATUS_SUCCESS)
        scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_STATUS, .number = statuses[i]);
      if (statuses[i] == SMB_STATUS_USER_SESSION_DELETED || statuses[i] == SMB_STATUS_INVALID_PARAMETER)
        scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_UNSIGNED);
    }
  for (guint i = 1; i < crowd.n; i++)
    {
      scripted_server_wait (crowd.fixtures[i].server, SCRIPTED_ECHO, 2);
      fixture_assert_usable (&crowd.fixtures[i]);
    }
  g_assert_cmpuint (scripted_server_count (never->server, SCRIPTED_ECHO), ==, 0);
}

/* Not even that. */
static void
test_no_answer (void)
{
  g_auto(Crowd) crowd = { 0 };
  Fixture      *f = crowd_add (&crowd);
  gint64        begin;

  open_idle (f, 1);
  scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_FREEZE);
  begin = g_get_monotonic_time ();
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - begin, >, 1200 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_ECHO), ==, 1);
}

/* Somebody waits for an answer, for as long as it takes. */

static void
begin_waiting (Fixture *f,
               Pending *pending)
{
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_HOLD);
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, G_MAXINT, NULL, pending_ready,
                                             pending);
  scripted_server_wait_held (f->server, 1);
}

static gboolean
end_waiting (Fixture *f,
             Pending *pending,
             GError **error)
{
  g_autoptr(GAsyncResult)  result = pending_wait (pending);
  g_autoptr(SmbSharedFile) file = smb_protocol_factory_get_attributes_finish (f->factory, result, error);

  return file != NULL;
}

/* A request that was given up, and whose CANCEL is ignored, keeps its credit. */
static void
give_up_one (Fixture *f)
{
  g_autoptr(GBytes) question = g_bytes_new_static ("?", 1);
  g_autoptr(GError) error = NULL;

  scripted_rule (f->server, SCRIPTED_CANCEL, 0, SCRIPTED_FREEZE);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_FREEZE);
  g_assert_null (smb_protocol_factory_echo (f->factory, question, 50, NULL, &error));
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  scripted_server_clear_rules (f->server);
}

static void
test_silence (void)
{
  g_auto(Crowd)     crowd = { 0 };
  Fixture          *alive = crowd_add (&crowd);
  Fixture          *dead = crowd_add (&crowd);
  Fixture          *stingy = crowd_add (&crowd);
  Pending           of_alive = { 0 };
  Pending           of_dead = { 0 };
  g_autoptr(GError) error = NULL;

  fixture_open (alive, "default-timeout", 300, NULL);
  begin_waiting (alive, &of_alive);
  fixture_open (dead, "default-timeout", 300, NULL);
  begin_waiting (dead, &of_dead);
  scripted_rule (dead->server, SCRIPTED_ECHO, 0, SCRIPTED_FREEZE);
  scripted_server_get_config (stingy->server)->max_credits = 2;
  fixture_open (stingy, "default-timeout", 300, NULL);
  give_up_one (stingy);

  /* It is asked, and as long as it answers its silence is borne. */
  scripted_server_wait (alive->server, SCRIPTED_ECHO, 1);
  g_assert_true (do_echo (alive, &error));
  g_assert_null (of_alive.result);
  scripted_server_release_all (alive->server);
  g_assert_true (end_waiting (alive, &of_alive, &error));
  fixture_assert_usable (alive);

  g_assert_false (end_waiting (dead, &of_dead, &error));
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
  fixture_assert_gone (dead, SMB_ERROR_NOT_CONNECTED);
  g_assert_cmpuint (scripted_server_count (dead->server, SCRIPTED_ECHO), ==, 1);

  /* Half of the credits are gone for good. */
  fixture_assert_gone (stingy, SMB_ERROR_NOT_CONNECTED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keepalive/any-answer", test_any_answer);
  g_test_add_func ("/keepalive/no-answer", test_no_answer);
  g_test_add_func ("/keepalive/silence", test_silence);

  return g_test_run ();
}
