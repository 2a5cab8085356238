/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"
#include "test-streams.h"

#include "test-process.h"

#include <unistd.h>

/* Transfers on one connection progress alike, whatever each of them asks for at once; and those from a slow
 * disk do not make the others slow.
 *
 * Other programs run on the machine too: of a few attempts one has to be good. */

#define MIB        (1024 * 1024)
#define SIZE       (G_GUINT64_CONSTANT (1) << 40) /* of files with nothing in them: more than any test moves */
#define MOVED      (512 * MIB)
#define N_ATTEMPTS 6
#define N_AT_ONCE  16 /* reads from an open file, each of several requests */
#define READ_SIZE  (4 * MIB)

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
  GCancellable       *cancellable;
  GMutex              lock;
  GCond               cond;
} Fixture;

typedef struct
{
  Fixture    *fixture;
  const char *share;
  guint64     moved; /* under the lock */
  GThread    *thread;
} Party;

static void
make_large_file (Fixture    *f,
                 const char *share)
{
  g_autofree char *path = test_samba_build_path (f->samba, share, "large", NULL);
  g_autoptr(GBytes) nothing = g_bytes_new (NULL, 0);

  test_share_write (f->samba, share, "large", nothing);
  g_assert_cmpint (truncate (path, SIZE), ==, 0);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autofree char *slow_disk = test_process_build_file ("support", "slow-disk.so");

  f->samba = test_samba_start ("--log-level", "0", "--slow-disk", slow_disk);
  f->factory = test_client_open (f->samba, NULL, NULL);
  f->cancellable = g_cancellable_new ();
  g_mutex_init (&f->lock);
  g_cond_init (&f->cond);
  make_large_file (f, "data");
  make_large_file (f, "slow");
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  g_object_unref (f->cancellable);
  g_mutex_clear (&f->lock);
  g_cond_clear (&f->cond);
  test_samba_stop (f->samba);
}

/* Parties */

static void
count (Party *party,
       gsize  n_bytes)
{
  Fixture *f = party->fixture;

  g_mutex_lock (&f->lock);
  party->moved += n_bytes;
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
  count (data, size);
  return size;
}

static gpointer
retrieve (gpointer data)
{
  Party                   *party = data;
  Fixture                 *f = party->fixture;
  g_autoptr(GOutputStream) output = test_output_stream_new (discard, party);
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_retrieve_file (f->factory, party->share, "large", output, NULL, NULL, NULL, -1,
                                             f->cancellable, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return NULL;
}

typedef struct
{
  Party       *party;
  SmbOpenFile *file;
  guint        n_under_way;
} Reader;

static void read_on (Reader *reader);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Reader            *reader = user_data;
  g_autoptr(GError)  error = NULL;
  g_autoptr(GBytes)  bytes = smb_open_file_read_finish (reader->file, result, &error);

  reader->n_under_way--;
  if (bytes != NULL)
    {
      count (reader->party, g_bytes_get_size (bytes));
      read_on (reader);
    }
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
read_on (Reader *reader)
{
  reader->n_under_way++;
  smb_open_file_read_async (reader->file, 0, READ_SIZE, -1, reader->party->fixture->cancellable, read_cb,
                            reader);
}

/* With much asked for at once. */
static gpointer
read_much (gpointer data)
{
  Party                   *party = data;
  g_autoptr(GMainContext)  context = g_main_context_new ();
  g_autoptr(SmbOpenFile)   file = NULL;
  g_autoptr(GError)        error = NULL;
  Reader                   reader = { party };

  g_main_context_push_thread_default (context);
  file = smb_protocol_factory_open_file (party->fixture->factory, party->share, "large", SMB_FILE_ACCESS_READ,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  reader.file = file;
  for (guint i = 0; i < N_AT_ONCE; i++)
    read_on (&reader);
  while (reader.n_under_way > 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
begin (Fixture    *f,
       Party      *party,
       const char *share,
       GThreadFunc func)
{
  *party = (Party){ .fixture = f, .share = share };
  party->thread = g_thread_new ("party", func, party);
}

static void
end_all (Fixture *f,
         Party   *parties,
         guint    n)
{
  g_cancellable_cancel (f->cancellable);
  for (guint i = 0; i < n; i++)
    g_thread_join (parties[i].thread);
  g_cancellable_reset (f->cancellable);
}

/* Until the party has moved so much from now on. Returns how long that took, and what each has moved
 * meanwhile. */
static gint64
wait_for (Fixture *f,
          Party   *party,
          guint64  n_bytes)
{
  gint64  begun_at = g_get_monotonic_time ();
  guint64 until;

  g_mutex_lock (&f->lock);
  until = party->moved + n_bytes;
  while (party->moved < until)
    g_cond_wait (&f->cond, &f->lock);
  g_mutex_unlock (&f->lock);
  return g_get_monotonic_time () - begun_at;
}

/* Beside a slow one */

static guint64
get_moved (Party *party)
{
  Fixture *f = party->fixture;
  guint64  moved;

  g_mutex_lock (&f->lock);
  moved = party->moved;
  g_mutex_unlock (&f->lock);
  return moved;
}

/* Whether the disk was as slow as it should be: else nothing is measured. */
static gboolean
are_slow (Party         *parties,
          const guint64 *before,
          guint          n)
{
  gboolean slow = TRUE;

  for (guint i = 0; i < n; i++)
    {
      guint64 moved = get_moved (&parties[i]) - before[i];

      g_test_message ("%" G_GUINT64_FORMAT " MiB from the slow disk", moved / MIB);
      slow &= moved < MOVED / 4;
    }
  return slow;
}

/* How long it takes one to move MOVED beside so many. FALSE if these were not slow. */
static gboolean
measure (Fixture    *f,
         guint       n_slow,
         GThreadFunc slow,
         gint64     *took)
{
  Party    parties[4]; /* the last one is fast */
  Party   *fast = &parties[n_slow];
  guint64  before[3];
  gboolean valid;

  for (guint i = 0; i < n_slow; i++)
    begin (f, &parties[i], "slow", slow);
  for (guint i = 0; i < n_slow; i++)
    wait_for (f, &parties[i], 16 * MIB);
  for (guint i = 0; i < n_slow; i++)
    before[i] = get_moved (&parties[i]);
  begin (f, fast, "data", retrieve);
  *took = wait_for (f, fast, MOVED);
  valid = are_slow (parties, before, n_slow);
  end_all (f, parties, n_slow + 1);
  return valid;
}

static void
check_beside_slow (Fixture    *f,
                   guint       n_slow,
                   GThreadFunc slow)
{
  gint64   alone;
  gint64   beside;
  gboolean good = FALSE;

  measure (f, 0, NULL, &alone);
  for (guint i = 0; i < N_ATTEMPTS && !good; i++)
    {
      gboolean valid;

      measure (f, 0, NULL, &alone);
      valid = measure (f, n_slow, slow, &beside);
      g_test_message ("%.0f ms, and %.0f ms beside %u from the slow disk", alone / 1e3, beside / 1e3, n_slow);
      good = valid && beside <= 2 * alone;
    }
  g_assert_true (good);
}

static void
test_beside_slow (Fixture       *f,
                  gconstpointer  data)
{
  check_beside_slow (f, 1, retrieve);
}

static void
test_beside_many_slow (Fixture       *f,
                       gconstpointer  data)
{
  check_beside_slow (f, 3, read_much);
}

/* Alike */

static gboolean
progress_alike (Fixture     *f,
                GThreadFunc  first)
{
  Party   parties[3];
  guint64 moved[3], before[3], most = 0, least = G_MAXUINT64;

  begin (f, &parties[0], "data", first);
  for (guint i = 1; i < 3; i++)
    begin (f, &parties[i], "data", retrieve);
  for (guint i = 0; i < 3; i++)
    wait_for (f, &parties[i], 1); /* it has begun */
  for (guint i = 0; i < 3; i++)
    before[i] = parties[i].moved;
  wait_for (f, &parties[2], MOVED / 2);
  for (guint i = 0; i < 3; i++)
    moved[i] = parties[i].moved - before[i];
  end_all (f, parties, 3);

  for (guint i = 0; i < 3; i++)
    {
      most = MAX (most, moved[i]);
      least = MIN (least, moved[i]);
    }
  g_test_message ("%" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT " MiB",
                  moved[0] / MIB, moved[1] / MIB, moved[2] / MIB);
  return least * 2 >= most;
}

static void
check_alike (Fixture     *f,
             GThreadFunc  first)
{
  gboolean good = FALSE;

  for (guint i = 0; i < N_ATTEMPTS && !good; i++)
    good = progress_alike (f, first);
  g_assert_true (good);
}

static void
test_alike (Fixture       *f,
            gconstpointer  data)
{
  check_alike (f, retrieve);
}

static void
test_alike_beside_much (Fixture       *f,
                        gconstpointer  data)
{
  check_alike (f, read_much);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/turns/beside-slow", test_beside_slow);
  ADD ("/turns/beside-many-slow", test_beside_many_slow);
  ADD ("/turns/alike", test_alike);
  ADD ("/turns/alike-beside-much", test_alike_beside_much);
#undef ADD

  return g_test_run ();
}
