/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fuzz.h"

/*
 * Stands in for libFuzzer, so that every run of the tests goes over the corpus and some mutations of it:
 *
 *   fuzz-NAME [FOLDER | FILE...] [--mutations=N] [--seed=N]
 *
 * The same seed gives the same mutations, so that a failure can be had again in a debugger.
 */

#define MAX_INPUT_SIZE 8192
#define MAX_STEPS      6 /* changes to one input */

static int n_mutations = 4000;
static int seed = 1;
static char **paths;

static const GOptionEntry options[] = {
  { "mutations", 0, 0, G_OPTION_ARG_INT, &n_mutations, "How many inputs to make from the corpus", "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Which ones", "N" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
  { NULL }
};

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_path (GPtrArray  *files,
          const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  if (dir == NULL)
    {
      g_ptr_array_add (files, g_strdup (path));
      return;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (files, g_build_filename (path, name, NULL));
}

static GBytes *
load (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *contents;
  gsize size;

  if (!g_file_get_contents (path, &contents, &size, &error))
    g_error ("%s", error->message);

  return g_bytes_new_take (contents, size);
}

/* In memory of exactly that size, where a sanitizer sees a read one byte too far. */
static void
run (gconstpointer data,
     gsize         size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (copy != NULL ? copy : (const guint8 *) "", size); /* libFuzzer never gives NULL */
}

/* Values that lengths, counts and offsets do not like. */
static guint32
pick_value (GRand *random)
{
  static const guint32 values[] = { 0, 1, 2, 3, 4, 7, 8, 16, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xD800, 0xDC00,
                                    0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, 0xFFFFFFFF };

  return values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))];
}

static void
overwrite (GByteArray *input,
           GRand      *random)
{
  const gsize width = (gsize) 1 << g_rand_int_range (random, 0, 3);
  const guint32 value = GUINT32_TO_LE (pick_value (random));

  if (input->len >= width)
    memcpy (input->data + g_rand_int_range (random, 0, input->len - width + 1), &value, width);
}

static void
insert (GByteArray   *input,
        gconstpointer data,
        gsize         size,
        gsize         offset)
{
  const gsize end = input->len;

  if (size == 0 || end + size > MAX_INPUT_SIZE)
    return;

  g_byte_array_set_size (input, end + size);
  memmove (input->data + offset + size, input->data + offset, end - offset);
  memcpy (input->data + offset, data, size);
}

/* A piece of another input, or of this one. */
static void
splice (GByteArray *input,
        GBytes     *other,
        GRand      *random)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (other, &size);
  gsize begin, length;

  if (size == 0)
    return;

  begin = g_rand_int_range (random, 0, size);
  length = g_rand_int_range (random, 0, MIN (size - begin, 64) + 1);
  insert (input, data + begin, length, g_rand_int_range (random, 0, input->len + 1));
}

static void
cut (GByteArray *input,
     GRand      *random)
{
  gsize begin;

  if (input->len == 0)
    return;

  begin = g_rand_int_range (random, 0, input->len);
  g_byte_array_remove_range (input, begin, g_rand_int_range (random, 0, MIN (input->len - begin, 64) + 1));
}

static void
mutate (GByteArray *input,
        GPtrArray  *corpus,
        GRand      *random)
{
  switch (g_rand_int_range (random, 0, 8))
    {
    case 0:
    case 1:
      if (input->len > 0)
        input->data[g_rand_int_range (random, 0, input->len)] ^= 1 << g_rand_int_range (random, 0, 8);
      break;
    case 2:
    case 3:
    case 4:
      overwrite (input, random);
      break;
    case 5:
      cut (input, random);
      break;
    case 6:
      g_byte_array_set_size (input, g_rand_int_range (random, 0, input->len + 1));
      break;
    default:
      splice (input, corpus->pdata[g_rand_int_range (random, 0, corpus->len)], random);
      break;
    }
}

static void
run_mutations (GPtrArray *corpus)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (seed);

  for (int i = 0; i < n_mutations; i++)
    {
      GBytes *original = corpus->pdata[i % corpus->len];
      g_autoptr(GByteArray) input = g_bytes_unref_to_array (g_bytes_ref (original));
      const int n_steps = g_rand_int_range (random, 1, MAX_STEPS + 1);

      for (int step = 0; step < n_steps; step++)
        mutate (input, corpus, random);
      run (input->data, input->len);
    }
}

static GPtrArray *
find_files (void)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  for (char **path = paths; path != NULL && *path != NULL; path++)
    add_path (files, *path);
  if (files->len == 0)
    g_error ("No inputs: a corpus is needed");
  g_ptr_array_sort (files, compare_paths);

  return files;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GPtrArray) corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);

  files = find_files ();
  g_print ("1..%u\n", files->len + 1);
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *name = g_path_get_basename (files->pdata[i]);
      GBytes *bytes = load (files->pdata[i]);
      gsize size;
      gconstpointer data = g_bytes_get_data (bytes, &size);

      run (data, size);
      g_ptr_array_add (corpus, bytes);
      g_print ("ok %u %s\n", i + 1, name);
    }

  run_mutations (corpus);
  g_print ("ok %u %d mutations with seed %d\n", files->len + 1, n_mutations, seed);
  g_strfreev (paths);

  return 0;
}
