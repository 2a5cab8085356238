/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"

#include <stdlib.h>
#include <time.h>

/* What one of many operations under way at once costs does not depend on how many they are: neither when they
 * go well, nor when all of them end together.
 *
 * What counts is the processor time of this process, in which the server has no part. Other programs run on
 * the machine too: of a few attempts one has to be good. */

#define N_ATTEMPTS 8
#define TIMES      2.5
#define TIMES_FLAT 1.4 /* where it is the same operation */

typedef struct
{
  TestSamba          *samba;
  SmbProtocolFactory *factory;
  GCancellable       *cancellable;
  guint               under_way;
  int                 code; /* how the operations end: 0 = well, or an error's code */
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->samba = test_samba_start ("--log-level", "0");
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  test_samba_stop (f->samba);
}

static void
ended (GObject      *source,
       GAsyncResult *result,
       gpointer      user_data)
{
  Fixture                 *f = user_data;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_cmpint (error == NULL ? 0 : error->code, ==, f->code);
  f->under_way--;
}

static void
begin (Fixture *f,
       guint    n,
       int      timeout_msec)
{
  for (guint i = 0; i < n; i++)
    smb_protocol_factory_get_attributes_async (f->factory, "data", "", timeout_msec, f->cancellable, ended,
                                               f);
  f->under_way += n;
}

static void
wait_for_all (Fixture *f)
{
  while (f->under_way > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* The ways to end. */

typedef void (*Workload) (Fixture *f,
                          guint    n);

static void
go_well (Fixture *f,
         guint    n)
{
  f->code = 0;
  begin (f, n, -1);
  wait_for_all (f);
}

static void
be_cancelled (Fixture *f,
              guint    n)
{
  f->code = G_IO_ERROR_CANCELLED;
  f->cancellable = g_cancellable_new ();
  begin (f, n, -1);
  g_cancellable_cancel (f->cancellable);
  wait_for_all (f);
  g_clear_object (&f->cancellable);
}

static void
time_out (Fixture *f,
          guint    n)
{
  f->code = SMB_ERROR_TIMED_OUT;
  begin (f, n, 100);
  wait_for_all (f);
}

static void
lose_connection (Fixture *f,
                 guint    n)
{
  f->code = SMB_ERROR_NOT_CONNECTED;
  begin (f, n, -1);
  g_free (test_samba_command (f->samba, NULL, "kill"));
  wait_for_all (f);
}

/* Measuring. */

static double
get_seconds (void)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time), ==, 0);
  return time.tv_sec + time.tv_nsec / 1e9;
}

/* Seconds of @n operations of @times on a connection of their own, whose server sleeps unless all is to go
 * well. */
static double
measure (Fixture  *f,
         Workload  workload,
         guint     n,
         guint     times)
{
  double seconds = 0;

  for (guint i = 0; i < times; i++)
    {
      double begun;

      f->factory = test_client_open (f->samba, NULL, NULL);
      go_well (f, 1); /* connects the share */
      if (workload != go_well)
        g_free (test_samba_command (f->samba, NULL, "stop"));
      begun = get_seconds ();
      workload (f, n);
      seconds += get_seconds () - begun;
      if (workload != go_well && workload != lose_connection)
        g_free (test_samba_command (f->samba, NULL, "cont"));
      g_assert_finalize_object (f->factory);
    }
  return seconds / times / n;
}

static void
assert_linear (Fixture  *f,
               Workload  workload,
               guint     few,
               guint     many)
{
  double   of_few, of_many;
  gboolean linear = FALSE;

  for (guint i = 0; i < N_ATTEMPTS && !linear; i++)
    {
      of_few = measure (f, workload, few, 10);
      of_many = measure (f, workload, many, 1);
      g_test_message ("%.2f microseconds for one of %u, %.2f for one of %u", of_few * 1e6, few, of_many * 1e6,
                      many);
      linear = of_many <= TIMES * of_few;
    }
  g_assert_true (linear);
}

static void
test_going_well (Fixture       *f,
                 gconstpointer  data)
{
  assert_linear (f, go_well, 100, 1000);
}

static void
test_ending (Fixture       *f,
             gconstpointer  data)
{
  assert_linear (f, (Workload) data, 1000, 10000);
}

/* Connections that nobody uses now do not make those slower that are used. */

#define FEW_CONNECTIONS  8
#define MANY_CONNECTIONS 200
#define N_ROUNDS         15
#define N_ECHOES         200

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  const double *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

/* The median, in seconds of one operation. */
static double
measure_echoes (SmbProtocolFactory *factory)
{
  g_autoptr(GBytes) data = g_bytes_new_static ("x", 1);
  double            rounds[N_ROUNDS];

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      double begun = get_seconds ();

      for (guint k = 0; k < N_ECHOES; k++)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(GBytes) echo = smb_protocol_factory_echo (factory, data, -1, NULL, &error);

          g_assert_no_error (error);
        }
      rounds[i] = (get_seconds () - begun) / N_ECHOES;
    }
  qsort (rounds, N_ROUNDS, sizeof (double), compare_numbers);
  return rounds[N_ROUNDS / 2];
}

static void
open_until (Fixture   *f,
            GPtrArray *factories,
            guint      n)
{
  while (factories->len < n)
    g_ptr_array_add (factories, test_client_open (f->samba, NULL, NULL));
}

static void
test_connections (Fixture       *f,
                  gconstpointer  data)
{
  gboolean flat = FALSE;

  for (guint i = 0; i < N_ATTEMPTS / 2 && !flat; i++)
    {
      g_autoptr(GPtrArray) factories = g_ptr_array_new_with_free_func (g_object_unref);
      double               of_few, of_many;

      open_until (f, factories, FEW_CONNECTIONS);
      of_few = measure_echoes (factories->pdata[0]);
      open_until (f, factories, MANY_CONNECTIONS);
      of_many = measure_echoes (factories->pdata[0]);
      g_test_message ("%.2f microseconds with %u connections, %.2f with %u", of_few * 1e6, FEW_CONNECTIONS,
                      of_many * 1e6, MANY_CONNECTIONS);
      flat = of_many <= TIMES_FLAT * of_few;
    }
  g_assert_true (flat);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/growth/going-well", Fixture, NULL, set_up, test_going_well, tear_down);
  g_test_add ("/growth/connections", Fixture, NULL, set_up, test_connections, tear_down);
  g_test_add ("/growth/cancelled", Fixture, be_cancelled, set_up, test_ending, tear_down);
  g_test_add ("/growth/timed-out", Fixture, time_out, set_up, test_ending, tear_down);
  g_test_add ("/growth/disconnected", Fixture, lose_connection, set_up, test_ending, tear_down);

  return g_test_run ();
}
