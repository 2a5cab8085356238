/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-proxy.h"
#include "test-streams.h"

/* What distance costs: with a slow line between client and server, small operations take one round trip, and
 * transfers use the whole of the line.
 *
 * Other programs run on the machine too: of a few attempts one has to be good. */

#define N_ATTEMPTS    40
#define RATE_MBIT     1000
#define TRANSFER_SIZE (64 * 1024 * 1024)
#define SHARE_OF_RATE 0.7

#define SLOW_SIZE    (768 * 1024)
#define SLOW_TIMEOUT 500 /* ms; the line takes 2 s for that, and 700 ms for each quarter of a MiB */

typedef struct
{
  TestSamba          *samba;
  TestProxy          *proxy;
  SmbProtocolFactory *factory;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_auto(GStrv)     options = g_strsplit (data, " ", -1);
  g_autoptr(GError) error = NULL;

  f->samba = test_samba_start (NULL);
  f->proxy = test_proxy_startv (test_samba_get_host (f->samba), test_samba_get_port (f->samba),
                                (const char *const *) options);
  f->factory = test_client_new (f->samba, "alice", NULL, NULL);
  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", test_proxy_get_port (f->proxy), -1, NULL,
                                        &error);
  g_assert_no_error (error);
  test_look (f->factory, "data"); /* the share is connected */
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  test_proxy_stop (f->proxy);
  test_samba_stop (f->samba);
}

typedef void (*Operation) (Fixture *f);

static double
measure (Fixture   *f,
         Operation  operation)
{
  gint64 begin = g_get_monotonic_time ();

  operation (f);
  return (g_get_monotonic_time () - begin) / (double) G_TIME_SPAN_SECOND;
}

static void
assert_seconds (Fixture    *f,
                const char *what,
                Operation   operation,
                double      limit)
{
  double seconds = measure (f, operation);

  for (guint i = 1; i < N_ATTEMPTS && seconds >= limit; i++)
    seconds = MIN (seconds, measure (f, operation));
  g_test_message ("%s: %.3f s of %.3f s", what, seconds, limit);
  g_assert_cmpfloat (seconds, <, limit);
}

/* Round trips. */

/* One more would take at least that much longer; what is less goes to the machine. */
#define ROUND_TRIP 0.2 /* seconds */
#define DELAY      "--delay-ms=100"

static void
retrieve (Fixture *f)
{
  g_autoptr(GBytes) bytes = test_retrieve (f->factory, "data", "small");

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 5);
}

static void
store (Fixture *f)
{
  test_store (f->factory, "data", "stored", "stored");
}

static void
list (Fixture *f)
{
  g_autofree char *names = test_list (f->factory, "data", "folder", "*");

  g_assert_cmpstr (names, ==, "inside");
}

static void
get_attributes (Fixture *f)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file =
    smb_protocol_factory_get_attributes (f->factory, "data", "small", -1, NULL, &error);

  g_assert_no_error (error);
}

static void
test_round_trips (Fixture       *f,
                  gconstpointer  data)
{
  static const struct
  {
    const char *name;
    Operation   operation;
  } cases[] = {
    { "get_attributes", get_attributes }, { "retrieve", retrieve }, { "store", store }, { "list", list },
  };

  test_share_write_text (f->samba, "data", "small", "small");
  test_share_make_dir (f->samba, "data", "folder/inside");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_seconds (f, cases[i].name, cases[i].operation, 1.9 * ROUND_TRIP);
}

/* NEGOTIATE and two SESSION_SETUPs; then the share, and what is wanted of it. */
static void
open_another (Fixture *f)
{
  g_autoptr(SmbProtocolFactory) factory = test_client_new (f->samba, "alice", NULL, NULL);
  g_autoptr(GError)             error = NULL;

  smb_protocol_factory_open_connection (factory, "127.0.0.1", test_proxy_get_port (f->proxy), -1, NULL,
                                        &error);
  g_assert_no_error (error);
}

static void
open_and_look (Fixture *f)
{
  g_autoptr(SmbProtocolFactory) factory = test_client_new (f->samba, "alice", NULL, NULL);
  g_autoptr(GError)             error = NULL;

  smb_protocol_factory_open_connection (factory, "127.0.0.1", test_proxy_get_port (f->proxy), -1, NULL,
                                        &error);
  g_assert_no_error (error);
  test_look (factory, "data");
}

static void
test_opening (Fixture       *f,
              gconstpointer  data)
{
  assert_seconds (f, "opening", open_another, 3.9 * ROUND_TRIP);
  assert_seconds (f, "opening and looking", open_and_look, 5.9 * ROUND_TRIP);
}

/* Two hundred operations at once do not wait for each other's round trips. */

static void
look_200_times (Fixture *f)
{
  guint remaining = 200;

  for (guint i = 0; i < 200; i++)
    test_look_async (f->factory, "data", &remaining);
  while (remaining > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_at_once (Fixture       *f,
              gconstpointer  data)
{
  assert_seconds (f, "200 operations", look_200_times, 2.9 * ROUND_TRIP);
}

/* Throughput. */

static gssize
discard (gconstpointer  buffer,
         gsize          count,
         GCancellable  *cancellable,
         gpointer       data,
         GError       **error)
{
  *(gsize *) data += count;
  return count;
}

static gssize
supply (gpointer       buffer,
        gsize          count,
        GCancellable  *cancellable,
        gpointer       data,
        GError       **error)
{
  gsize *left = data;
  gsize  n_bytes = MIN (count, *left);

  memset (buffer, 'x', n_bytes);
  *left -= n_bytes;
  return n_bytes;
}

static void
retrieve_large (Fixture *f)
{
  gsize                    received = 0;
  g_autoptr(GOutputStream) output = test_output_stream_new (discard, &received);
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_retrieve_file (f->factory, "data", "large", output, NULL, NULL, NULL, -1, NULL,
                                             NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (received, ==, TRANSFER_SIZE);
}

static void
store_large (Fixture *f)
{
  gsize                   left = TRANSFER_SIZE;
  g_autoptr(GInputStream) input = test_input_stream_new (supply, &left);
  g_autoptr(GError)       error = NULL;

  smb_protocol_factory_store_file (f->factory, "data", "stored", input, NULL, NULL, NULL, -1, NULL, NULL,
                                   &error);
  g_assert_no_error (error);
  g_assert_cmpuint (left, ==, 0);
}

static void
test_throughput (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_data_new (TRANSFER_SIZE);
  double            limit = TRANSFER_SIZE * 8.0 / (RATE_MBIT * 1e6 * SHARE_OF_RATE);

  test_share_write (f->samba, "data", "large", bytes);
  assert_seconds (f, "retrieve", retrieve_large, limit);
  assert_seconds (f, "store", store_large, limit);
}

/* What takes longer to arrive than a call waits for an answer is no reason to give up as long as it arrives. */
static void
test_slow_line (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = test_data_new (SLOW_SIZE);
  g_autoptr(GBytes)      got = NULL;
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GError)      error = NULL;
  gint64                 begin;

  test_share_write (f->samba, "data", "slow", bytes);
  file = smb_protocol_factory_open_file (f->factory, "data", "slow", SMB_FILE_ACCESS_READ, SMB_FILE_DISPOSITION_OPEN,
                                         -1, NULL, &error);
  g_assert_no_error (error);
  begin = g_get_monotonic_time ();
  got = smb_open_file_read (file, 0, SLOW_SIZE, SLOW_TIMEOUT, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (got, bytes));
  g_assert_cmpint (g_get_monotonic_time () - begin, >, SLOW_TIMEOUT * G_TIME_SPAN_MILLISECOND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/latency/round-trips", Fixture, DELAY, set_up, test_round_trips, tear_down);
  g_test_add ("/latency/opening", Fixture, DELAY, set_up, test_opening, tear_down);
  g_test_add ("/latency/at-once", Fixture, DELAY, set_up, test_at_once, tear_down);
  g_test_add ("/latency/throughput", Fixture, "--delay-ms=20 --rate-mbit=1000", set_up, test_throughput,
              tear_down);
  g_test_add ("/latency/slow-line", Fixture, "--rate-mbit=3", set_up, test_slow_line, tear_down);

  return g_test_run ();
}
