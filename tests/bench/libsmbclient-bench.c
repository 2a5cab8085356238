/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The workloads of smb-bench with libsmbclient, through its public API, one call after another since it has
 * no other form. The dialect and how it is protected are in a configuration file of Samba's.
 *
 *   libsmbclient-bench --workload read|write|smallread|smallwrite|list|stat|connect|randread|delete
 *                      --configuration FILE --host H --port N --user U --password P --share S --path P
 *                      [--count N] [--size BYTES] */

#include "arguments.h"

#include <libsmbclient.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SMALL       4096
#define SMALL_FILES 2000
/* The library splits a call into requests and waits for all of them: long calls are its fastest. */
#define BLOCK       (4 * 1024 * 1024)

typedef struct
{
  SMBCCTX *context;
  char    *block;
  guint64  operations, bytes;
} Run;

static Arguments a = { .port = 445, .count = 1 };

static void G_GNUC_NORETURN
fail (const char *what)
{
  g_printerr ("libsmbclient-bench: %s: %s\n", what, g_strerror (errno));
  exit (1);
}

static void
check (gboolean    good,
       const char *what)
{
  if (!good)
    fail (what);
}

static void
give_password (SMBCCTX    *context,
               const char *server,
               const char *share,
               char       *workgroup,
               int         workgroup_size,
               char       *user,
               int         user_size,
               char       *password,
               int         password_size)
{
  g_strlcpy (user, a.user, user_size);
  g_strlcpy (password, a.password, password_size);
}

static char *
url (const char *path)
{
  return g_strdup_printf ("smb://%s/%s%s%s", a.host, a.share, *path != '\0' ? "/" : "", path);
}

static char *
small_url (int i)
{
  g_autofree char *path = g_strdup_printf ("%s/f%05d", a.path, i);

  return url (path);
}

static void
stat_url (const char *where)
{
  struct stat st;

  check (smbc_stat (where, &st) == 0, where);
}

/* A context that has connected to the share and logged in. */
static SMBCCTX *
open_context (void)
{
  SMBCCTX         *context = smbc_new_context ();
  g_autofree char *root = url ("");

  check (context != NULL, "context");
  smbc_setFunctionAuthDataWithContext (context, give_password);
  smbc_setOptionUseKerberos (context, FALSE);
  smbc_setOptionNoAutoAnonymousLogin (context, TRUE);
  check (smbc_init_context (context) != NULL, "context");
  check (smbc_setConfiguration (context, a.configuration) == 0, a.configuration);
  smbc_setPort (context, a.port);
  smbc_set_context (context);
  stat_url (root);
  return context;
}

static int
open_url (const char *where,
          int         flags)
{
  int fd = smbc_open (where, flags, 0644);

  check (fd >= 0, where);
  return fd;
}

/* All of a file whose size is known. Reading beyond its end is avoided: the library then closes the file
 * before all answers have come, at which Samba 4.17's server crashes with SMB 1. */
static void
read_url (Run        *run,
          const char *where,
          gint64      size)
{
  int     fd = open_url (where, O_RDONLY);
  ssize_t n;

  for (gint64 left = size; left > 0; left -= n)
    {
      n = smbc_read (fd, run->block, MIN (left, BLOCK));
      check (n > 0, where);
      run->bytes += n;
    }
  check (smbc_close (fd) == 0, where);
  run->operations++;
}

static void
write_url (Run        *run,
           const char *where,
           gint64      size)
{
  int     fd = open_url (where, O_WRONLY | O_CREAT | O_TRUNC);
  ssize_t n;

  for (gint64 left = size; left > 0; left -= n)
    {
      n = smbc_write (fd, run->block, MIN (left, BLOCK));
      check (n > 0, where);
      run->bytes += n;
    }
  check (smbc_close (fd) == 0, where);
  run->operations++;
}

static void
run_read (Run *run)
{
  g_autofree char *where = url (a.path);

  read_url (run, where, a.size);
}

static void
run_write (Run *run)
{
  g_autofree char *where = url (a.path);

  write_url (run, where, a.size);
}

static void
run_small_read (Run *run)
{
  for (int i = 0; i < a.count; i++)
    {
      g_autofree char *where = small_url (i);

      read_url (run, where, SMALL);
    }
}

static void
run_small_write (Run *run)
{
  for (int i = 0; i < a.count; i++)
    {
      g_autofree char *where = small_url (i);

      write_url (run, where, SMALL);
    }
}

static void
run_stat (Run *run)
{
  for (; run->operations < (guint64) a.count; run->operations++)
    {
      g_autofree char *where = small_url (run->operations % SMALL_FILES);

      stat_url (where);
    }
}

static void
run_random (Run *run)
{
  g_autofree char *where = url (a.path);
  int              fd = open_url (where, O_RDONLY);
  g_autoptr(GRand) random = g_rand_new_with_seed (1);

  for (; run->operations < (guint64) a.count; run->operations++)
    {
      off_t offset = (off_t) g_rand_int_range (random, 0, a.size / SMALL) * SMALL;

      check (smbc_lseek (fd, offset, SEEK_SET) == offset, where);
      check (smbc_read (fd, run->block, SMALL) == SMALL, where);
      run->bytes += SMALL;
    }
  smbc_close (fd);
}

/* The names in the folder, with the attributes that come with them. */
static GPtrArray *
list (void)
{
  g_autofree char               *where = url (a.path);
  GPtrArray                     *names = g_ptr_array_new_with_free_func (g_free);
  int                            folder = smbc_opendir (where);
  const struct libsmb_file_info *info;

  check (folder >= 0, where);
  while ((info = smbc_readdirplus (folder)) != NULL)
    if (!g_str_equal (info->name, ".") && !g_str_equal (info->name, ".."))
      g_ptr_array_add (names, g_strdup (info->name));
  smbc_closedir (folder);
  return names;
}

static void
run_list (Run *run)
{
  g_autoptr(GPtrArray) names = list ();

  run->operations = names->len;
}

static void
run_delete (Run *run)
{
  g_autoptr(GPtrArray) names = list ();

  for (; run->operations < names->len; run->operations++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s", a.path, (char *) names->pdata[run->operations]);
      g_autofree char *where = url (path);

      check (smbc_unlink (where) == 0, where);
    }
}

static void
run_connect (Run *run)
{
  for (; run->operations < (guint64) a.count; run->operations++)
    smbc_free_context (open_context (), TRUE);
}

static const struct
{
  const char *name;
  void      (*func) (Run *run);
} workloads[] = {
  { "read", run_read },       { "write", run_write },   { "smallread", run_small_read },
  { "stat", run_stat },       { "list", run_list },     { "smallwrite", run_small_write },
  { "connect", run_connect }, { "delete", run_delete }, { "randread", run_random },
};

static void
measure (void (*func) (Run *run))
{
  Run    run = { .block = g_malloc (BLOCK) };
  gint64 begin;

  memset (run.block, 'Z', BLOCK);
  if (func != run_connect)
    run.context = open_context ();
  begin = g_get_monotonic_time ();
  func (&run);
  g_print ("RESULT inner=%.6f ops=%" G_GUINT64_FORMAT " bytes=%" G_GUINT64_FORMAT "\n",
           (g_get_monotonic_time () - begin) / 1e6, run.operations, run.bytes);
  if (run.context != NULL)
    smbc_free_context (run.context, TRUE);
  g_free (run.block);
}

int
main (int    argc,
      char **argv)
{
  if (!arguments_parse (&a, &argc, &argv) || a.configuration == NULL || a.user == NULL || a.password == NULL)
    return 2;
  for (gsize i = 0; i < G_N_ELEMENTS (workloads); i++)
    if (g_str_equal (a.workload, workloads[i].name))
      {
        measure (workloads[i].func);
        return 0;
      }
  g_printerr ("libsmbclient-bench: no workload '%s'\n", a.workload);
  return 2;
}
