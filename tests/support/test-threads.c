/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-threads.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* "TID (name) STATE …": [proc(5)] */
static gboolean
is_asleep (const char *tid)
{
  g_autofree char *path = g_build_filename ("/proc/self/task", tid, "stat", NULL);
  g_autofree char *stat = NULL;
  const char      *state;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return TRUE; /* it has ended */
  state = strrchr (stat, ')');
  return state == NULL || state[2] == 'S';
}

static gboolean
others_are_asleep (void)
{
  g_autoptr(GDir)  threads = g_dir_open ("/proc/self/task", 0, NULL);
  g_autofree char *self = g_strdup_printf ("%d", (int) gettid ());
  const char      *tid;

  while ((tid = g_dir_read_name (threads)) != NULL)
    if (!g_str_equal (tid, self) && !is_asleep (tid))
      return FALSE;
  return TRUE;
}

pid_t
test_fork_quietly (void)
{
  while (!others_are_asleep ())
    g_thread_yield ();
  return fork ();
}

void
test_assert_child (pid_t child)
{
  int status;

  g_assert_cmpint (child, >, 0);
  while (waitpid (child, &status, 0) < 0)
    g_assert_cmpint (errno, ==, EINTR);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static guint64
count_sleeps (const char *tid)
{
  g_autofree char *path = g_build_filename ("/proc/self/task", tid, "status", NULL);
  g_autofree char *status = NULL;
  const char      *line;

  if (!g_file_get_contents (path, &status, NULL, NULL))
    return 0;
  line = strstr (status, "\nvoluntary_ctxt_switches:");
  g_assert_nonnull (line);
  return g_ascii_strtoull (strchr (line, ':') + 1, NULL, 10);
}

static gboolean
has_name (const char *tid,
          const char *name)
{
  g_autofree char *path = g_build_filename ("/proc/self/task", tid, "comm", NULL);
  g_autofree char *comm = NULL;

  return g_file_get_contents (path, &comm, NULL, NULL) && g_str_equal (g_strchomp (comm), name);
}

guint64
test_count_sleeps (const char *name)
{
  g_autoptr(GDir)  threads = g_dir_open ("/proc/self/task", 0, NULL);
  guint64          n_sleeps = 0;
  const char      *tid;

  while ((tid = g_dir_read_name (threads)) != NULL)
    if (has_name (tid, name))
      n_sleeps += count_sleeps (tid);
  return n_sleeps;
}
