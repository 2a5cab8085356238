/* SPDX-License-Identifier: LGPL-2.1-or-later */
#undef _FILE_OFFSET_BITS /* else pread() would be pread64(), of which there is one, too */

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Loaded into smbd ahead of the C library: to read from or write to a file below the folder $SLOW_DISK takes
 * a tenth of a second longer. Like an array of disks, or those at the end of a long line, it does many things
 * at a time. */

#define EXTRA_NSEC (100 * 1000 * 1000)
#define EXPORTED   __attribute__ ((visibility ("default")))

typedef ssize_t (*Read64) (int, void *, size_t, off64_t);
typedef ssize_t (*Write64) (int, const void *, size_t, off64_t);

static int
is_slow (int fd)
{
  const char *folder = getenv ("SLOW_DISK");
  size_t      length = folder == NULL ? 0 : strlen (folder);
  char        link[32], path[PATH_MAX];
  ssize_t     n;

  if (length == 0)
    return 0;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  n = readlink (link, path, sizeof path);
  return n > (ssize_t) length && memcmp (path, folder, length) == 0 && path[length] == '/';
}

static void
wait_for_disk (int fd)
{
  const struct timespec extra = { .tv_nsec = EXTRA_NSEC };

  if (is_slow (fd))
    nanosleep (&extra, NULL);
}

EXPORTED ssize_t
pread64 (int     fd,
         void   *buffer,
         size_t  size,
         off64_t offset)
{
  wait_for_disk (fd);
  return ((Read64) dlsym (RTLD_NEXT, "pread64")) (fd, buffer, size, offset);
}

EXPORTED ssize_t
pwrite64 (int         fd,
          const void *buffer,
          size_t      size,
          off64_t     offset)
{
  wait_for_disk (fd);
  return ((Write64) dlsym (RTLD_NEXT, "pwrite64")) (fd, buffer, size, offset);
}

/* What programs call that were not built for large files. */

EXPORTED ssize_t
pread (int    fd,
       void  *buffer,
       size_t size,
       off_t  offset)
{
  return pread64 (fd, buffer, size, offset);
}

EXPORTED ssize_t
pwrite (int         fd,
        const void *buffer,
        size_t      size,
        off_t       offset)
{
  return pwrite64 (fd, buffer, size, offset);
}
