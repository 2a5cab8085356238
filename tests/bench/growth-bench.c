/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One point of a curve: a workload of one size, in a process of its own, with the library's public API as a
 * program would use it. Prints what it took, for `growth`.
 *
 *   growth-bench --workload connections|flight|retrieve|store|basic|all|list
 *                --host H --port N --user U --password P
 *                --share S --path P --size N [--repeat N]
 *
 * --size is how many connections, operations, bytes or entries; --repeat how often that is done, after a
 * first time that does not count. */

#include "arguments.h"

#include <smb-glib/smb-glib.h>

#include <stdlib.h>
#include <time.h>

typedef struct
{
  const Arguments    *arguments;
  SmbProtocolFactory *factory;
  guint64             under_way;
  guint64             bytes;
} Run;

static void
check (GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("growth-bench: %s\n", error->message);
  exit (1);
}

/* What a process costs. */

/* A number of /proc/self/status. */
static guint64
get_status (const char *key)
{
  g_autofree char *status = NULL;
  const char      *line = NULL;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    line = strstr (status, key);
  return line == NULL ? 0 : g_ascii_strtoull (line + strlen (key), NULL, 10);
}

static guint
count_descriptors (void)
{
  g_autoptr(GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint           n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

typedef struct
{
  double wall;
  double processor;
} Seconds;

static Seconds
get_seconds (void)
{
  struct timespec processor;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &processor);
  return (Seconds){ g_get_monotonic_time () / 1e6, processor.tv_sec + processor.tv_nsec / 1e9 };
}

static void
print_seconds (const char *name,
               Seconds     begin,
               int         repeated)
{
  Seconds end = get_seconds ();

  g_print ("%s_seconds=%.9f %s_cpu=%.9f ", name, (end.wall - begin.wall) / repeated, name,
           (end.processor - begin.processor) / repeated);
}

static SmbProtocolFactory *
open_factory (const Arguments *a)
{
  SmbProtocolFactory *factory = smb_protocol_factory_new (a->user, a->password, NULL, NULL);
  GError             *error = NULL;

  smb_protocol_factory_open_connection (factory, a->host, a->port, -1, NULL, &error);
  check (error);
  return factory;
}

/* Operations at once. */

static void
looked (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(SmbSharedFile) file = NULL;
  GError                  *error = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  check (error);
  ((Run *) user_data)->under_way--;
}

static void
begin_look (Run                *run,
            SmbProtocolFactory *factory)
{
  run->under_way++;
  smb_protocol_factory_get_attributes_async (factory, run->arguments->share, run->arguments->path, -1, NULL,
                                             looked, run);
}

static void
wait_for_all (Run *run)
{
  while (run->under_way > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
run_flight (Run *run)
{
  for (gint64 i = 0; i < run->arguments->size; i++)
    begin_look (run, run->factory);
  wait_for_all (run);
}

/* Connections: all of them stay open; then each of them, and one of them, is asked something. */

static void
look_on_each (Run       *run,
              GPtrArray *factories)
{
  for (guint i = 0; i < factories->len; i++)
    begin_look (run, g_ptr_array_index (factories, i));
  wait_for_all (run);
}

static void
look_on_one (Run       *run,
             GPtrArray *factories)
{
  for (guint i = 0; i < 100; i++)
    {
      begin_look (run, g_ptr_array_index (factories, 0));
      wait_for_all (run);
    }
}

static void
run_connections (Run *run)
{
  const Arguments               *a = run->arguments;
  g_autoptr(GPtrArray)           factories = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(SmbProtocolFactory)  first = open_factory (a); /* loads the plugins, starts the thread */
  guint64                        kib = get_status ("VmRSS:");
  guint                          descriptors = count_descriptors ();
  Seconds                        begin = get_seconds ();

  for (gint64 i = 0; i < a->size; i++)
    g_ptr_array_add (factories, open_factory (a));
  print_seconds ("connect", begin, 1);
  look_on_each (run, factories); /* connects the share */
  g_print ("kib=%" G_GUINT64_FORMAT " descriptors=%u threads=%" G_GUINT64_FORMAT " ",
           get_status ("VmRSS:") - kib, count_descriptors () - descriptors, get_status ("Threads:"));

  begin = get_seconds ();
  for (int i = 0; i < a->repeat; i++)
    look_on_each (run, factories);
  print_seconds ("each", begin, a->repeat);
  begin = get_seconds ();
  look_on_one (run, factories);
  print_seconds ("one", begin, 100);
}

/* Large files, to nowhere and from nothing. */

typedef struct
{
  GInputStream parent_instance;
  gint64       left;
} Zeros;

typedef struct
{
  GOutputStream parent_instance;
} Drain;

typedef GInputStreamClass ZerosClass;
typedef GOutputStreamClass DrainClass;

static GType zeros_get_type (void);
static GType drain_get_type (void);

G_DEFINE_FINAL_TYPE (Zeros, zeros, G_TYPE_INPUT_STREAM)
G_DEFINE_FINAL_TYPE (Drain, drain, G_TYPE_OUTPUT_STREAM)

static gssize
zeros_read (GInputStream  *stream,
            void          *buffer,
            gsize          count,
            GCancellable  *cancellable,
            GError       **error)
{
  Zeros *self = (Zeros *) stream;
  gssize n_bytes = MIN ((gint64) count, self->left);

  memset (buffer, 0, n_bytes);
  self->left -= n_bytes;
  return n_bytes;
}

static void
zeros_class_init (ZerosClass *klass)
{
  klass->read_fn = zeros_read;
}

static void
zeros_init (Zeros *self)
{
}

static gssize
drain_write (GOutputStream  *stream,
             const void     *buffer,
             gsize           count,
             GCancellable   *cancellable,
             GError        **error)
{
  return count;
}

static void
drain_class_init (DrainClass *klass)
{
  klass->write_fn = drain_write;
}

static void
drain_init (Drain *self)
{
}

static void
run_retrieve (Run *run)
{
  g_autoptr(GOutputStream) output = g_object_new (drain_get_type (), NULL);
  g_autoptr(SmbSharedFile) file = NULL;
  GError                  *error = NULL;

  file = smb_protocol_factory_retrieve_file (run->factory, run->arguments->share, run->arguments->path,
                                             output, NULL, NULL, NULL, -1, NULL, &run->bytes, &error);
  check (error);
  g_assert (run->bytes == (guint64) run->arguments->size);
}

static void
run_store (Run *run)
{
  g_autoptr(GInputStream) input = g_object_new (zeros_get_type (), NULL);
  GError                 *error = NULL;

  ((Zeros *) input)->left = run->arguments->size;
  smb_protocol_factory_store_file (run->factory, run->arguments->share, run->arguments->path, input, NULL,
                                   NULL, NULL, -1, NULL, &run->bytes, &error);
  check (error);
  g_assert (run->bytes == (guint64) run->arguments->size);
}

/* Folders. "." and ".." are in each. */

static void
run_enumerate (Run *run)
{
  gboolean                 all = g_str_equal (run->arguments->workload, "all");
  g_autoptr(SmbEnumerator) enumerator = NULL;
  GError                  *error = NULL;
  gint64                   n_found = 0;
  guint                    n;

  enumerator = smb_protocol_factory_enumerate (
      run->factory, run->arguments->share, run->arguments->path, NULL,
      all ? SMB_FILE_INFO_FIELDS_ALL : SMB_FILE_INFO_FIELDS_BASIC, -1, NULL, &error);
  check (error);
  do
    {
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, 1000, -1, NULL, &error);

      check (error);
      n = files->len;
      n_found += n;
    }
  while (n > 0);
  g_assert (n_found == run->arguments->size + 2);
}

static void
run_list (Run *run)
{
  g_autoptr(GPtrArray) files = NULL;
  GError              *error = NULL;

  files = smb_protocol_factory_list_path (run->factory, run->arguments->share, run->arguments->path,
                                          SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, -1, NULL, &error);
  check (error);
  g_assert (files->len == run->arguments->size + 2);
}

/* Once for the share and the pools, then what is measured. */
static void
measure (Run   *run,
         void (*func) (Run *run))
{
  const Arguments *a = run->arguments;
  Seconds          begin;

  run->factory = open_factory (a);
  if (a->repeat > 1)
    func (run);
  begin = get_seconds ();
  for (int i = 0; i < a->repeat; i++)
    func (run);
  print_seconds ("run", begin, a->repeat);
  g_clear_object (&run->factory);
}

static const struct
{
  const char *name;
  void      (*func) (Run *run);
} workloads[] = {
  { "flight", run_flight }, { "retrieve", run_retrieve }, { "store", run_store },
  { "basic", run_enumerate }, { "all", run_enumerate },   { "list", run_list },
};

static gboolean
run_workload (Run *run)
{
  if (g_str_equal (run->arguments->workload, "connections"))
    {
      run_connections (run);
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (workloads); i++)
    if (g_str_equal (run->arguments->workload, workloads[i].name))
      {
        measure (run, workloads[i].func);
        return TRUE;
      }
  return FALSE;
}

int
main (int    argc,
      char **argv)
{
  Arguments a = { .port = 445, .repeat = 1 };
  Run       run = { .arguments = &a };

  if (!arguments_parse (&a, &argc, &argv))
    return 2;
  if (!run_workload (&run))
    {
      g_printerr ("growth-bench: no workload '%s'\n", a.workload);
      return 2;
    }
  g_print ("peak_kib=%" G_GUINT64_FORMAT "\n", get_status ("VmHWM:"));
  return 0;
}
