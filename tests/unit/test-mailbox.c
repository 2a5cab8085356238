/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-mailbox.h"
#include "engine/worker/smb-worker.h"

#include <sys/wait.h>
#include <unistd.h>

/* Who gets which mailbox, and a process that forks while others have theirs in hand. */

#define N_FORKS   200
#define N_THREADS 3

static void
test_one_each (void)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  SmbMailbox             *own = smb_mailbox_get (context);
  SmbMailbox             *again = smb_mailbox_get (context);
  SmbMailbox             *of_default = smb_mailbox_get (NULL);
  SmbMailbox             *of_default_again = smb_mailbox_get (g_main_context_default ());

  g_assert_true (own == again);
  g_assert_true (of_default == of_default_again);
  g_assert_true (own != of_default);
  smb_mailbox_unref (of_default_again);
  smb_mailbox_unref (of_default);
  smb_mailbox_unref (again);
  g_assert_nonnull (g_main_context_find_source_by_user_data (context, own));
  smb_mailbox_unref (own);
  g_assert_null (g_main_context_find_source_by_user_data (context, own));
}

/* A call is delivered where it was begun, and fails there: there is no connection. */

static void
ready_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GThread **) user_data = g_thread_self ();
}

static gpointer
run_one (gpointer data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(SmbCall)      call = smb_call_new (NULL, "try", NULL, NULL, -1, NULL);
  GThread                *thread = NULL;

  g_main_context_push_thread_default (context);
  smb_call_run_async (call, NULL, run_one, ready_cb, &thread);
  while (thread == NULL)
    g_main_context_iteration (context, TRUE);
  g_assert_true (thread == g_thread_self ());
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* Contexts that are freed make room for others at the same place. */
static void
test_contexts_come_again (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr(GMainContext) context = g_main_context_new ();
      SmbMailbox             *mailbox = smb_mailbox_get (context);

      g_assert_nonnull (g_main_context_find_source_by_user_data (context, mailbox));
      smb_mailbox_unref (mailbox);
      run_one (NULL);
    }
}

/* A fork that catches another thread with the lock leaves nobody in the child to open it. */

static gint stop;

static gpointer
use_again_and_again (gpointer data)
{
  while (!g_atomic_int_get (&stop))
    smb_mailbox_unref (smb_mailbox_get (data));
  return NULL;
}

static void
test_forks (void)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  SmbMailbox             *kept = smb_mailbox_get (context);
  GThread                *threads[N_THREADS];

  smb_process_generation (); /* forks are watched from here on */
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("user", use_again_and_again, context);
  for (guint i = 0; i < N_FORKS; i++)
    {
      pid_t child = fork ();
      int   status;

      if (child == 0)
        {
          alarm (10);
          _exit (smb_mailbox_get (context) == kept ? 0 : 1);
        }
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    }
  g_atomic_int_set (&stop, TRUE);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  smb_mailbox_unref (kept);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mailbox/one-each", test_one_each);
  g_test_add_func ("/mailbox/contexts-come-again", test_contexts_come_again);
  g_test_add_func ("/mailbox/forks", test_forks);
  return g_test_run ();
}
