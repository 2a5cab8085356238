/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One workload against one server, with the library's public API as a program would use it; prints what it
 * took.
 *
 *   smb-bench --workload read|write|smallread|smallwrite|list|stat|connect|randread|delete
 *             --host H --port N --user U --password P --share S --path P
 *             [--mode plain|signed|sealed] [--dialect smb-1|…|smb-3-11] [--count N] [--size BYTES]
 *             [--variant sync|all|stream] */

#include "arguments.h"

#include <smb-glib/smb-glib.h>

#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <stdlib.h>

/* Operations that a program with many to do has under way at once. */
#define AT_ONCE 256
#define SMALL   4096
#define BLOCK   (2 * 1024 * 1024)
#define BLOCKS_AT_ONCE 4

typedef struct
{
  const Arguments    *arguments;
  SmbProtocolFactory *factory;
  SmbOpenFile        *file;
  GBytes             *small, *block;
  gint64              position;
  int                 begun, ended;
  guint64             operations, bytes;
} Run;

static void
check (GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("smb-bench: %s\n", error->message);
  exit (1);
}

/* A dialect by its nick, for both ends of what is allowed. */
static void
set_dialect (SmbProtocolFactory *factory,
             const char         *nick)
{
  g_autoptr(GEnumClass)  klass = g_type_class_ref (SMB_TYPE_DIALECT_VERSION);
  const GEnumValue      *value = g_enum_get_value_by_nick (klass, nick);

  if (value == NULL)
    {
      g_printerr ("smb-bench: no dialect '%s'\n", nick);
      exit (2);
    }
  g_object_set (factory, "min-dialect", value->value, "max-dialect", value->value, NULL);
}

static SmbProtocolFactory *
open_factory (const Arguments *a)
{
  SmbProtocolFactory *factory = smb_protocol_factory_new (a->user, a->password, NULL, NULL);
  gboolean            plain = g_strcmp0 (a->mode, "plain") == 0;
  GError             *error = NULL;

  if (plain)
    g_object_set (factory, "sign-options", SMB_SIGN_OPTIONS_WHEN_REQUIRED, NULL);
  if (g_strcmp0 (a->mode, "signed") == 0) /* what is supported is not offered by every SMB1 server */
    g_object_set (factory, "sign-options", SMB_SIGN_OPTIONS_REQUIRE, NULL);
  if (g_strcmp0 (a->mode, "sealed") == 0)
    g_object_set (factory, "encryption", SMB_ENCRYPTION_REQUIRED, NULL);
  if (a->dialect != NULL)
    set_dialect (factory, a->dialect);
  smb_protocol_factory_open_connection (factory, a->host, a->port, -1, NULL, &error);
  check (error);
  return factory;
}

/* Large files. */

/* To an application's stream. */
static void
run_retrieve (Run *run)
{
  g_autoptr(GOutputStream) output = g_unix_output_stream_new (open ("/dev/null", O_WRONLY), TRUE);
  g_autoptr(SmbSharedFile) file = NULL;
  GError                  *error = NULL;

  file = smb_protocol_factory_retrieve_file (run->factory, run->arguments->share, run->arguments->path,
                                             output, NULL, NULL, NULL, -1, NULL, &run->bytes, &error);
  check (error);
  run->operations = 1;
}

/* To memory, as a program does that looks at what it reads: a few blocks under way. */

typedef struct
{
  Run    *run;
  gsize   asked;
  guint8  data[BLOCK];
} ReadBlock;

static void read_next (ReadBlock *block);

static void
check_size (Run   *run,
            gsize  n_bytes,
            gsize  asked)
{
  if (n_bytes == asked)
    return;
  g_printerr ("smb-bench: '%s' has less than %" G_GINT64_FORMAT " bytes\n", run->arguments->path, run->arguments->size);
  exit (1);
}

static void
block_read (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ReadBlock *block = user_data;
  GError    *error = NULL;
  gsize      n_bytes;

  smb_open_file_read_into_finish (SMB_OPEN_FILE (source), result, &n_bytes, &error);
  check (error);
  check_size (block->run, n_bytes, block->asked);
  block->run->bytes += n_bytes;
  read_next (block);
}

static void
read_next (ReadBlock *block)
{
  Run   *run = block->run;
  gint64 size = MIN (run->arguments->size - run->position, BLOCK);

  if (size == 0)
    return;
  block->asked = size;
  smb_open_file_read_into_async (run->file, run->position, block->data, size, -1, NULL, block_read, block);
  run->position += size;
}

static void
run_read_blocks (Run *run)
{
  ReadBlock *blocks = g_new (ReadBlock, BLOCKS_AT_ONCE);
  GError    *error = NULL;

  run->file = smb_protocol_factory_open_file (run->factory, run->arguments->share, run->arguments->path,
                                              SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN, -1, NULL,
                                              &error);
  check (error);
  for (int i = 0; i < BLOCKS_AT_ONCE; i++)
    {
      blocks[i].run = run;
      read_next (&blocks[i]);
    }
  while (run->bytes < (guint64) run->arguments->size)
    g_main_context_iteration (NULL, TRUE);
  run->operations = 1;
  g_clear_object (&run->file);
  g_free (blocks);
}

static void
run_read (Run *run)
{
  if (g_strcmp0 (run->arguments->variant, "stream") == 0)
    run_retrieve (run);
  else
    run_read_blocks (run);
}

/* From an application's stream. */
static void
run_store (Run *run)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new ();
  g_autofree guint8      *block = g_malloc (BLOCK);
  g_autoptr(GBytes)       bytes = NULL;
  GError                 *error = NULL;

  memset (block, 'Z', BLOCK);
  bytes = g_bytes_new (block, BLOCK);
  for (gint64 left = run->arguments->size; left > 0; left -= BLOCK)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (bytes, 0, MIN (left, BLOCK));

      g_memory_input_stream_add_bytes (G_MEMORY_INPUT_STREAM (input), part);
    }
  smb_protocol_factory_store_file (run->factory, run->arguments->share, run->arguments->path, input, NULL,
                                   NULL, NULL, -1, NULL, &run->bytes, &error);
  check (error);
  run->operations = 1;
}

/* From memory, as a program does that makes what it writes: a few blocks under way. */

static void write_next (Run *run);

static void
block_written (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Run    *run = user_data;
  GError *error = NULL;
  gsize   n_bytes;

  smb_open_file_write_finish (SMB_OPEN_FILE (source), result, &n_bytes, &error);
  check (error);
  run->bytes += n_bytes;
  write_next (run);
}

static void
write_next (Run *run)
{
  g_autoptr(GBytes) block = NULL;
  gint64            left = run->arguments->size - run->position;

  if (left == 0)
    return;
  block = g_bytes_new_from_bytes (run->block, 0, MIN (left, BLOCK));
  smb_open_file_write_async (run->file, run->position, block, -1, NULL, block_written, run);
  run->position += g_bytes_get_size (block);
}

static void
run_write_blocks (Run *run)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  GError            *error = NULL;

  memset (block, 'Z', BLOCK);
  run->block = g_bytes_new_take (g_steal_pointer (&block), BLOCK);
  run->file = smb_protocol_factory_open_file (run->factory, run->arguments->share, run->arguments->path,
                                              SMB_FILE_ACCESS_WRITE, SMB_FILE_DISPOSITION_OVERWRITE_OR_CREATE,
                                              -1, NULL, &error);
  check (error);
  for (int i = 0; i < BLOCKS_AT_ONCE; i++)
    write_next (run);
  while (run->bytes < (guint64) run->arguments->size)
    g_main_context_iteration (NULL, TRUE);
  smb_open_file_close (run->file, -1, NULL, &error);
  check (error);
  run->operations = 1;
  g_clear_object (&run->file);
  g_bytes_unref (run->block);
}

static void
run_write (Run *run)
{
  if (g_strcmp0 (run->arguments->variant, "stream") == 0)
    run_store (run);
  else
    run_write_blocks (run);
}

/* Many small operations: AT_ONCE of them under way, the next one when one has ended. */

static void begin_next (Run *run);

static char *
small_name (Run *run,
            int  i)
{
  return g_strdup_printf ("%s/f%05d", run->arguments->path, i);
}

static void
ended (Run     *run,
       guint64  bytes)
{
  run->ended++;
  run->operations++;
  run->bytes += bytes;
  begin_next (run);
}

static void
small_read (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SmbSharedFile) file = NULL;
  GError                  *error = NULL;
  guint64                  bytes;

  file = smb_protocol_factory_retrieve_file_finish (SMB_PROTOCOL_FACTORY (source), result, &bytes, &error);
  check (error);
  ended (user_data, bytes);
}

static void
small_written (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GError  *error = NULL;
  guint64  bytes;

  smb_protocol_factory_store_file_finish (SMB_PROTOCOL_FACTORY (source), result, &bytes, &error);
  check (error);
  ended (user_data, bytes);
}

static void
stat_done (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SmbSharedFile) file = NULL;
  GError                  *error = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  check (error);
  ended (user_data, smb_shared_file_get_file_size (file));
}

static void
random_read (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GError            *error = NULL;
  g_autoptr(GBytes)  bytes = smb_open_file_read_finish (SMB_OPEN_FILE (source), result, &error);

  check (error);
  ended (user_data, g_bytes_get_size (bytes));
}

/* Whole pages, spread by a multiplicative generator. */
static guint64
random_offset (int    i,
               gint64 size)
{
  guint64 x = (guint64) (i + 1) * 6364136223846793005u + 1442695040888963407u;

  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdu;
  x ^= x >> 29;
  return x % (guint64) (size / SMALL) * SMALL;
}

static void
begin_one (Run *run,
           int  i)
{
  const Arguments *a = run->arguments;
  g_autofree char *name = small_name (run, i);

  if (g_str_equal (a->workload, "smallread"))
    {
      g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();

      smb_protocol_factory_retrieve_file_async (run->factory, a->share, name, output, NULL, NULL, NULL, -1,
                                                NULL, small_read, run);
    }
  else if (g_str_equal (a->workload, "smallwrite"))
    {
      g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (run->small);

      smb_protocol_factory_store_file_async (run->factory, a->share, name, input, NULL, NULL, NULL, -1, NULL,
                                             small_written, run);
    }
  else if (g_str_equal (a->workload, "stat"))
    {
      g_autofree char *known = small_name (run, i % 2000);

      smb_protocol_factory_get_attributes_async (run->factory, a->share, known, -1, NULL, stat_done, run);
    }
  else
    smb_open_file_read_async (run->file, random_offset (i, a->size), SMALL, -1, NULL, random_read, run);
}

static void
begin_next (Run *run)
{
  if (run->begun < run->arguments->count)
    begin_one (run, run->begun++);
}

static void
run_many (Run *run)
{
  g_autofree guint8 *data = g_malloc (SMALL);

  memset (data, 'Z', SMALL);
  run->small = g_bytes_new (data, SMALL);
  for (int i = 0; i < AT_ONCE; i++)
    begin_next (run);
  while (run->ended < run->arguments->count)
    g_main_context_iteration (NULL, TRUE);
  g_bytes_unref (run->small);
}

/* The same one after the other. */

static void
run_stat_sync (Run *run)
{
  for (int i = 0; i < run->arguments->count; i++)
    {
      g_autofree char         *name = small_name (run, i % 2000);
      g_autoptr(SmbSharedFile) file = NULL;
      GError                  *error = NULL;

      file = smb_protocol_factory_get_attributes (run->factory, run->arguments->share, name, -1, NULL,
                                                  &error);
      check (error);
      run->operations++;
      run->bytes += smb_shared_file_get_file_size (file);
    }
}

static void
run_random_sync (Run *run)
{
  g_autofree guint8 *buffer = g_malloc (SMALL);

  for (int i = 0; i < run->arguments->count; i++)
    {
      GError *error = NULL;
      gsize   n_bytes;

      smb_open_file_read_into (run->file, random_offset (i, run->arguments->size), buffer, SMALL, -1, NULL,
                               &n_bytes, &error);
      check (error);
      run->operations++;
      run->bytes += n_bytes;
    }
}

static void
run_random (Run *run)
{
  GError *error = NULL;

  run->file = smb_protocol_factory_open_file (run->factory, run->arguments->share, run->arguments->path,
                                              SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN, -1, NULL,
                                              &error);
  check (error);
  if (g_strcmp0 (run->arguments->variant, "sync") == 0)
    run_random_sync (run);
  else
    run_many (run);
  g_clear_object (&run->file);
}

/* Folders, connections. */

static void
run_list (Run *run)
{
  gboolean                 all = g_strcmp0 (run->arguments->variant, "all") == 0;
  g_autoptr(SmbEnumerator) enumerator = NULL;
  GError                  *error = NULL;
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
      run->operations += n;
    }
  while (n > 0);
  run->operations -= 2; /* "." and ".." */
}

/* Who drops a factory does not wait for the server to take note. */
static void
run_connect (Run *run)
{
  for (int i = 0; i < run->arguments->count; i++)
    {
      g_autoptr(SmbProtocolFactory) factory = open_factory (run->arguments);
      GError                       *error = NULL;

      smb_protocol_factory_connect_share (factory, run->arguments->share, -1, NULL, &error);
      check (error);
      run->operations++;
    }
}

static void
run_delete (Run *run)
{
  g_autofree char *pattern = g_strconcat (run->arguments->path, "/*", NULL);
  GError          *error = NULL;

  smb_protocol_factory_delete_files (run->factory, run->arguments->share, pattern, FALSE, -1, NULL, &error);
  check (error);
  run->operations = run->arguments->count;
}

static void
run_stat (Run *run)
{
  if (g_strcmp0 (run->arguments->variant, "sync") == 0)
    run_stat_sync (run);
  else
    run_many (run);
}

static const struct
{
  const char *name;
  void      (*func) (Run *run);
} workloads[] = {
  { "read", run_read },       { "write", run_write },     { "smallread", run_many },
  { "smallwrite", run_many }, { "stat", run_stat },       { "list", run_list },
  { "connect", run_connect }, { "randread", run_random }, { "delete", run_delete },
};

int
main (int    argc,
      char **argv)
{
  Arguments a = { .port = 445, .count = 1 };
  Run       run = { .arguments = &a };
  gint64    begin;

  if (!arguments_parse (&a, &argc, &argv))
    return 2;
  for (gsize i = 0; i < G_N_ELEMENTS (workloads); i++)
    if (g_str_equal (a.workload, workloads[i].name))
      {
        if (!g_str_equal (a.workload, "connect"))
          run.factory = open_factory (&a);
        begin = g_get_monotonic_time ();
        workloads[i].func (&run);
        g_print ("RESULT inner=%.6f ops=%" G_GUINT64_FORMAT " bytes=%" G_GUINT64_FORMAT "\n",
                 (g_get_monotonic_time () - begin) / 1e6, run.operations, run.bytes);
        g_clear_object (&run.factory);
        return 0;
      }
  g_printerr ("smb-bench: no workload '%s'\n", a.workload);
  return 2;
}
