/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-streams.h"

#include <unistd.h>

/* Who asks for little does not wait for those who move much: a folder is listed while two transfers that
 * never end keep the connection, or another one of the same process, as busy as it can be.
 *
 * Other programs run on the machine too: medians count, and of a few attempts one has to be good. */

#define N_ENTRIES  50
#define N_LISTINGS 31
#define N_ATTEMPTS 8
#define MOST_TIMES 5

/* Less than this is fair anyway. Sanitizers make the library's part, and what waits for it, several times
 * longer. */
#if defined(__SANITIZE_ADDRESS__)
#define FLOOR (25 * G_TIME_SPAN_MILLISECOND)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FLOOR (25 * G_TIME_SPAN_MILLISECOND)
#endif
#endif
#ifndef FLOOR
#define FLOOR (6 * G_TIME_SPAN_MILLISECOND)
#endif
#define RETRIEVED  (G_GUINT64_CONSTANT (1) << 40) /* of a file with nothing in it: it takes too long for any test */
#define STORED     (64 * 1024 * 1024)             /* again and again */
#define WARM       (32 * 1024 * 1024)

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *busy;
  SmbProtocolFactory *other;
  GCancellable       *cancellable;

  GMutex              lock;
  GCond               cond;
  guint64             received;
  guint64             sent;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autofree char *path = NULL;

  f->samba = test_samba_start ("--log-level", "0");
  f->busy = test_client_open (f->samba, "encryption", GPOINTER_TO_INT (data), NULL);
  f->other = test_client_open (f->samba, "encryption", GPOINTER_TO_INT (data), NULL);
  f->cancellable = g_cancellable_new ();
  g_mutex_init (&f->lock);
  g_cond_init (&f->cond);

  test_share_make_dir (f->samba, "data", "folder");
  for (guint i = 0; i < N_ENTRIES; i++)
    {
      g_autofree char *name = g_strdup_printf ("folder/entry-%u", i);

      test_share_touch (f->samba, "data", name);
    }
  test_share_touch (f->samba, "data", "large");
  path = test_samba_build_path (f->samba, "data", "large", NULL);
  g_assert_cmpint (truncate (path, RETRIEVED), ==, 0);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->busy);
  g_assert_finalize_object (f->other);
  g_object_unref (f->cancellable);
  g_mutex_clear (&f->lock);
  g_cond_clear (&f->cond);
  test_samba_stop (f->samba);
}

/* The transfers. */

static void
count (Fixture *f,
       guint64 *moved,
       gsize    n_bytes)
{
  g_mutex_lock (&f->lock);
  *moved += n_bytes;
  g_cond_signal (&f->cond);
  g_mutex_unlock (&f->lock);
}

static gssize
discard (gconstpointer  buffer,
         gsize          size,
         GCancellable  *cancellable,
         gpointer       data,
         GError       **error)
{
  Fixture *f = data;

  count (f, &f->received, size);
  return size;
}

typedef struct
{
  Fixture *fixture;
  gsize    left;
} Supply;

static gssize
supply (gpointer       buffer,
        gsize          size,
        GCancellable  *cancellable,
        gpointer       data,
        GError       **error)
{
  Supply *self = data;
  gsize   n_bytes = MIN (size, self->left);

  memset (buffer, 'x', n_bytes);
  self->left -= n_bytes;
  count (self->fixture, &self->fixture->sent, n_bytes);
  return n_bytes;
}

static gpointer
retrieve_without_end (gpointer data)
{
  Fixture                 *f = data;
  g_autoptr(GOutputStream) output = test_output_stream_new (discard, f);
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_retrieve_file (f->busy, "data", "large", output, NULL, NULL, NULL, -1,
                                             f->cancellable, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return NULL;
}

static gpointer
store_without_end (gpointer data)
{
  Fixture           *f = data;
  g_autoptr(GError)  error = NULL;

  while (error == NULL)
    {
      Supply                  source = { f, STORED };
      g_autoptr(GInputStream) input = test_input_stream_new (supply, &source);

      smb_protocol_factory_store_file (f->busy, "data", "stored", input, NULL, NULL, NULL, -1, f->cancellable,
                                       NULL, &error);
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return NULL;
}

static void
wait_for_both (Fixture *f)
{
  guint64 received, sent;

  g_mutex_lock (&f->lock);
  received = f->received + WARM;
  sent = f->sent + WARM;
  while (f->received < received || f->sent < sent)
    g_cond_wait (&f->cond, &f->lock);
  g_mutex_unlock (&f->lock);
}

/* The listings. */

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 one = *(const gint64 *) a;
  gint64 other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

static gint64
get_median (SmbProtocolFactory *factory)
{
  gint64 times[N_LISTINGS];

  for (guint i = 0; i < N_LISTINGS; i++)
    {
      g_autoptr(GError)    error = NULL;
      g_autoptr(GPtrArray) files = NULL;
      gint64               begin = g_get_monotonic_time ();

      files = smb_protocol_factory_list_path (factory, "data", "folder", SMB_FILE_ATTRIBUTE_MASK_DEFAULT,
                                              "entry-*", -1, NULL, &error);
      times[i] = g_get_monotonic_time () - begin;
      g_assert_no_error (error);
      g_assert_cmpuint (files->len, ==, N_ENTRIES);
    }
  qsort (times, N_LISTINGS, sizeof times[0], compare_times);
  return times[N_LISTINGS / 2];
}

static void
test_listing (Fixture            *f,
              SmbProtocolFactory *lister)
{
  gint64   idle, limit, busy = G_MAXINT64;
  GThread *retriever, *storer;

  get_median (lister); /* connects the share */
  idle = get_median (lister);
  limit = MAX (MOST_TIMES * idle, FLOOR);

  retriever = g_thread_new ("retriever", retrieve_without_end, f);
  storer = g_thread_new ("storer", store_without_end, f);
  for (guint i = 0; i < N_ATTEMPTS && busy > limit; i++)
    {
      wait_for_both (f);
      busy = MIN (busy, get_median (lister));
    }
  g_cancellable_cancel (f->cancellable);
  g_thread_join (retriever);
  g_thread_join (storer);

  g_test_message ("%.2f ms, and %.2f ms when nothing else goes on; %" G_GUINT64_FORMAT
                  " and %" G_GUINT64_FORMAT " MiB moved",
                  busy / 1e3, idle / 1e3, f->received >> 20, f->sent >> 20);
  g_assert_cmpint (busy, <=, limit);
}

static void
test_same_connection (Fixture       *f,
                      gconstpointer  data)
{
  test_listing (f, f->busy);
}

static void
test_other_connection (Fixture       *f,
                       gconstpointer  data)
{
  test_listing (f, f->other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, encryption, test)                                                                 \
  g_test_add (path, Fixture, GINT_TO_POINTER (SMB_ENCRYPTION_##encryption), set_up, test, tear_down)
  ADD ("/fairness/same-connection", IF_REQUIRED, test_same_connection);
  ADD ("/fairness/same-connection-sealed", REQUIRED, test_same_connection);
  ADD ("/fairness/other-connection", IF_REQUIRED, test_other_connection);
  ADD ("/fairness/other-connection-sealed", REQUIRED, test_other_connection);
#undef ADD

  return g_test_run ();
}
