/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-streams.h"

#include <stdio.h>
#include <unistd.h>

/* However large a file is, a transfer needs little memory. */

#define LARGE   (G_GUINT64_CONSTANT (1) << 30)
#define STORED  (G_GUINT64_CONSTANT (256) << 20)
#define MOST    (16 * 1024) /* KiB */
#define N_FILES 20000

/* Sanitizers keep memory for their own purposes. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_MEASURABLE FALSE
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_MEASURABLE FALSE
#endif
#endif
#ifndef IS_MEASURABLE
#define IS_MEASURABLE TRUE
#endif

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
  guint64             bytes;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->samba = test_samba_start (NULL);
  f->factory = test_client_open (f->samba, "encryption", GPOINTER_TO_INT (data), NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  test_samba_stop (f->samba);
}

/* KiB, the most that the process had in memory since it was reset. */
static guint64
get_peak (void)
{
  g_autofree char *status = NULL;
  const char      *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmHWM:");
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10);
}

static guint64
reset_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  g_assert_nonnull (file);
  g_assert_cmpint (fputs ("5", file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
  return get_peak ();
}

static void
assert_grown_little (guint64 before)
{
  gint64 growth = (gint64) get_peak () - (gint64) before; /* may be less: each thread counts for itself */

  g_test_message ("%" G_GINT64_FORMAT " KiB more than %" G_GUINT64_FORMAT, growth, before);
  if (IS_MEASURABLE)
    g_assert_cmpint (growth, <, MOST);
}

static gssize
discard (gconstpointer  buffer,
         gsize          count,
         GCancellable  *cancellable,
         gpointer       data,
         GError       **error)
{
  ((Fixture *) data)->bytes += count;
  return count;
}

static gssize
supply (gpointer       buffer,
        gsize          count,
        GCancellable  *cancellable,
        gpointer       data,
        GError       **error)
{
  Fixture *f = data;
  gsize    n_bytes = MIN (count, f->bytes);

  memset (buffer, 'x', n_bytes);
  f->bytes -= n_bytes;
  return n_bytes;
}

static void
test_retrieve_large (Fixture       *f,
                     gconstpointer  data)
{
  g_autofree char         *path = test_samba_build_path (f->samba, "data", "large", NULL);
  g_autoptr(GOutputStream) output = test_output_stream_new (discard, f);
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  guint64                  before;

  test_share_write_text (f->samba, "data", "large", "");
  g_assert_cmpint (truncate (path, LARGE), ==, 0);
  before = reset_peak ();
  file = smb_protocol_factory_retrieve_file (f->factory, "data", "large", output, NULL, NULL, NULL, -1, NULL,
                                             NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (f->bytes, ==, LARGE);
  assert_grown_little (before);
}

static void
test_store_large (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GInputStream) input = test_input_stream_new (supply, f);
  g_autoptr(GError)       error = NULL;
  guint64                 bytes;
  guint64                 before = reset_peak ();

  f->bytes = STORED;
  smb_protocol_factory_store_file (f->factory, "data", "large", input, NULL, NULL, NULL, -1, NULL, &bytes,
                                   &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bytes, ==, STORED);
  assert_grown_little (before);
}

/* An enumeration that takes a few at a time. */
static void
test_enumerate_large (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GError)        error = NULL;
  guint                    n_found = 0;
  guint64                  before;

  test_share_make_dir (f->samba, "data", "many");
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("many/%0200u", i);

      test_share_touch (f->samba, "data", name);
    }

  before = reset_peak ();
  enumerator = smb_protocol_factory_enumerate (f->factory, "data", "many", "*", SMB_FILE_INFO_FIELDS_ALL, -1,
                                               NULL, &error);
  g_assert_no_error (error);
  for (guint n = 1; n > 0; n_found += n)
    {
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, 100, -1, NULL, &error);

      g_assert_no_error (error);
      n = files->len;
    }
  g_assert_cmpuint (n_found, ==, N_FILES + 2);
  assert_grown_little (before);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, encryption, test)                                                                 \
  g_test_add (path, Fixture, GINT_TO_POINTER (SMB_ENCRYPTION_##encryption), set_up, test, tear_down)
  ADD ("/memory/retrieve", IF_REQUIRED, test_retrieve_large);
  ADD ("/memory/retrieve-sealed", REQUIRED, test_retrieve_large);
  ADD ("/memory/store", IF_REQUIRED, test_store_large);
  ADD ("/memory/store-sealed", REQUIRED, test_store_large);
  ADD ("/memory/enumerate", IF_REQUIRED, test_enumerate_large);
#undef ADD

  return g_test_run ();
}
