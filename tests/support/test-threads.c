/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-threads.h"

#include <glib.h>
#include <string.h>
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
