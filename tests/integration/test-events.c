/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

/* The order and the place of what an application hears: property changes, then the signal, then the callback,
 * all in the context in which the factory was made. */

typedef struct
{
  TestSamba  *samba;
  GString    *heard;
  GThread    *thread; /* in which it must be heard */
  gboolean    done;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->samba = test_samba_start (NULL);
  f->heard = g_string_new (NULL);
  f->thread = g_thread_self ();
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_string_free (f->heard, TRUE);
  test_samba_stop (f->samba);
}

static void
hear (Fixture    *f,
      const char *what)
{
  g_assert_true (g_thread_self () == f->thread);
  g_string_append_printf (f->heard, "%s ", what);
}

static void
notify_cb (SmbProtocolFactory *factory,
           GParamSpec         *pspec,
           Fixture            *f)
{
  if (g_str_equal (pspec->name, "state")) /* which may have moved on since */
    hear (f, "state");
  else if (g_str_equal (pspec->name, "ready"))
    hear (f, smb_protocol_factory_get_ready (factory) ? "+ready" : "-ready");
}

static void
auth_ok_cb (SmbProtocolFactory *factory,
            Fixture            *f)
{
  g_assert_true (smb_protocol_factory_get_ready (factory));
  g_assert_cmphex (smb_protocol_factory_get_dialect (factory), ==, SMB_DIALECT_VERSION_SMB_3_11);
  hear (f, "auth-ok");
}

static void
auth_failed_cb (SmbProtocolFactory *factory,
                GError             *error,
                Fixture            *f)
{
  g_assert_error (error, SMB_ERROR, SMB_ERROR_AUTH_FAILED);
  g_assert_false (smb_protocol_factory_get_ready (factory));
  hear (f, "auth-failed");
}

static void
closed_cb (SmbProtocolFactory *factory,
           GError             *error,
           Fixture            *f)
{
  g_assert_false (smb_protocol_factory_get_ready (factory));
  hear (f, error == NULL ? "closed" : "closed-by-error");
}

static SmbProtocolFactory *
new_factory (Fixture    *f,
             const char *password)
{
  SmbProtocolFactory *factory = smb_protocol_factory_new ("alice", password, NULL, NULL);

  g_signal_connect (factory, "notify", G_CALLBACK (notify_cb), f);
  g_signal_connect (factory, "auth-ok", G_CALLBACK (auth_ok_cb), f);
  g_signal_connect (factory, "auth-failed", G_CALLBACK (auth_failed_cb), f);
  g_signal_connect (factory, "closed", G_CALLBACK (closed_cb), f);
  return factory;
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture           *f = user_data;
  g_autoptr(GError)  error = NULL;

  smb_protocol_factory_open_connection_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  hear (f, error == NULL ? "opened" : "not-opened");
  f->done = TRUE;
}

static void
closing_done_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Fixture           *f = user_data;
  g_autoptr(GError)  error = NULL;

  smb_protocol_factory_close_connection_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  hear (f, "closing-done");
  f->done = TRUE;
}

static void
open_async (Fixture            *f,
            SmbProtocolFactory *factory)
{
  f->done = FALSE;
  smb_protocol_factory_open_connection_async (factory, test_samba_get_host (f->samba),
                                              test_samba_get_port (f->samba), -1, NULL, opened_cb, f);
  test_wait_until (&f->done);
}

static void
assert_heard (Fixture    *f,
              const char *expected)
{
  g_assert_cmpstr (f->heard->str, ==, expected);
  g_string_truncate (f->heard, 0);
}

static void
test_async (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory (f, "Passw0rd");

  open_async (f, factory);
  assert_heard (f, "state state state state +ready auth-ok opened ");
  f->done = FALSE;
  smb_protocol_factory_close_connection_async (factory, -1, NULL, closing_done_cb, f);
  test_wait_until (&f->done);
  assert_heard (f, "state -ready state closed closing-done ");
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory (f, "wrong");

  open_async (f, factory);
  assert_heard (f, "state state state state auth-failed not-opened ");
}

/* In the thread of the factory's context, the call itself emits before it returns. */
static void
test_sync (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory (f, "Passw0rd");
  g_autoptr(GError)             error = NULL;

  smb_protocol_factory_open_connection (factory, test_samba_get_host (f->samba),
                                        test_samba_get_port (f->samba), -1, NULL, &error);
  g_assert_no_error (error);
  assert_heard (f, "state state state state +ready auth-ok ");
  smb_protocol_factory_close_connection (factory, -1, NULL, &error);
  g_assert_no_error (error);
  assert_heard (f, "state -ready state closed ");
}

/* Opened by another thread: heard here, when this one's context runs. */

typedef struct
{
  Fixture            *fixture;
  SmbProtocolFactory *factory;
} Opener;

static gpointer
open_main (gpointer data)
{
  Opener            *opener = data;
  g_autoptr(GError)  error = NULL;

  smb_protocol_factory_open_connection (opener->factory, test_samba_get_host (opener->fixture->samba),
                                        test_samba_get_port (opener->fixture->samba), -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (smb_protocol_factory_get_ready (opener->factory));
  return NULL;
}

static void
test_other_thread (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory (f, "Passw0rd");
  Opener                        opener = { f, factory };

  g_thread_join (g_thread_new ("opener", open_main, &opener));
  assert_heard (f, "");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_heard (f, "state state state state +ready auth-ok ");
}

/* A context of a thread's own, while the main one is not run at all. */

static gpointer
own_context_main (gpointer data)
{
  Fixture                 *f = data;
  g_autoptr(GMainContext)  context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  f->thread = g_thread_self ();
  test_async (f, NULL);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_own_context (Fixture       *f,
                  gconstpointer  data)
{
  g_thread_join (g_thread_new ("own context", own_context_main, f));
}

static void
test_server_gone (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(SmbProtocolFactory) factory = new_factory (f, "Passw0rd");

  open_async (f, factory);
  g_string_truncate (f->heard, 0);
  g_free (test_samba_command (f->samba, NULL, "kill"));
  while (strstr (f->heard->str, "closed") == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_heard (f, "state -ready closed-by-error ");
}

/* The factory may go in any of the handlers, and in the callback. */

static void
drop (SmbProtocolFactory **owned)
{
  g_clear_object (owned);
}

static void
test_dropped (Fixture       *f,
              gconstpointer  data)
{
  static const char *const details[] = { "notify::state", "notify::ready", "auth-ok" };

  for (gsize i = 0; i < G_N_ELEMENTS (details); i++)
    {
      SmbProtocolFactory *factory = smb_protocol_factory_new ("alice", "Passw0rd", NULL, NULL);

      f->done = FALSE;
      g_signal_connect_swapped (factory, details[i], G_CALLBACK (drop), &factory);
      g_string_truncate (f->heard, 0);
      smb_protocol_factory_open_connection_async (factory, test_samba_get_host (f->samba),
                                                  test_samba_get_port (f->samba), -1, NULL, opened_cb, f);
      test_wait_until (&f->done);
      g_assert_null (factory);
      assert_heard (f, "opened ");
    }
  g_free (test_samba_command (f->samba, NULL, "wait-clients 0"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/events/async", test_async);
  ADD ("/events/refused", test_refused);
  ADD ("/events/sync", test_sync);
  ADD ("/events/other-thread", test_other_thread);
  ADD ("/events/own-context", test_own_context);
  ADD ("/events/server-gone", test_server_gone);
  ADD ("/events/dropped", test_dropped);
#undef ADD

  return g_test_run ();
}
