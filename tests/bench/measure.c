/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs a program, N times one after another, and tells what that took, with all descendants:
 *
 *   measure RESULT N PROGRAM [ARGUMENT…]
 *
 * The file RESULT becomes {"wall": seconds, "cpu": seconds, "rss_kib": peak}. The status is the program's.
 * This is small on purpose: the kernel counts the memory of whoever starts a program as the peak that it
 * begins with. */

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double
seconds (struct timeval t)
{
  return t.tv_sec + t.tv_usec / 1e6;
}

static int
run (char **argv)
{
  pid_t pid;
  int   status, code = posix_spawnp (&pid, argv[0], NULL, NULL, argv, environ);

  if (code != 0)
    {
      fprintf (stderr, "%s: %s\n", argv[0], strerror (code));
      return 127;
    }
  while (waitpid (pid, &status, 0) < 0)
    if (errno != EINTR)
      return 127;
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

static int
tell (const char *path,
      double      wall)
{
  struct rusage  usage;
  FILE          *file = fopen (path, "w");

  if (file == NULL || getrusage (RUSAGE_CHILDREN, &usage) != 0)
    {
      perror (path);
      return 127;
    }
  fprintf (file, "{\"wall\": %.6f, \"cpu\": %.6f, \"rss_kib\": %ld}\n", wall,
           seconds (usage.ru_utime) + seconds (usage.ru_stime), usage.ru_maxrss);
  return fclose (file) == 0 ? 0 : 127;
}

int
main (int    argc,
      char **argv)
{
  double begin = now ();
  int    status = 0;

  if (argc < 4)
    {
      fprintf (stderr, "usage: measure RESULT N PROGRAM [ARGUMENT...]\n");
      return 2;
    }
  for (int left = atoi (argv[2]); left > 0 && status == 0; left--)
    status = run (argv + 3);
  return status != 0 ? status : tell (argv[1], now () - begin);
}
