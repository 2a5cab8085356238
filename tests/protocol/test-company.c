/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

/* Where much is under way small operations wait for others to share a frame with: for a moment, whatever goes on
 * meanwhile. */

#define N_HELD   200
#define N_SINGLE 3
#define SIZE     (128 * 1024 * 1024)
#define CHUNK    (64 * 1024)
#define MOMENT   (200 * G_TIME_SPAN_MILLISECOND) /* a hundred times what it should be: machines are busy */

typedef struct
{
  Pending held[N_HELD];
  Pending single[N_SINGLE];
} Crowd;

static void
begin (Fixture *f,
       Pending *pending)
{
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, pending_ready, pending);
}

static void
end (Fixture *f,
     Pending *pending)
{
  g_autoptr(GAsyncResult)  result = pending_wait (pending);
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);

  g_assert_no_error (error);
}

static void
hold_many (Fixture *f,
           Crowd   *crowd)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (do_attributes (f, &error)); /* connects the share */
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < N_HELD; i++)
    begin (f, &crowd->held[i]);
  scripted_server_wait_held (f->server, N_HELD);
}

static void
end_all (Fixture *f,
         Crowd   *crowd)
{
  scripted_server_clear_rules (f->server);
  scripted_server_release_all (f->server);
  for (guint i = 0; i < N_HELD; i++)
    end (f, &crowd->held[i]);
  for (guint i = 0; i < N_SINGLE; i++)
    end (f, &crowd->single[i]);
}

/* Nobody else comes. */
static void
test_alone (Fixture       *f,
            gconstpointer  data)
{
  Crowd  crowd = { 0 };
  guint  n;
  gint64 shortest = G_MAXINT64;

  fixture_open (f, NULL);
  hold_many (f, &crowd);
  n = scripted_server_count (f->server, SCRIPTED_CREATE);
  for (guint i = 0; i < N_SINGLE; i++)
    {
      gint64 begun_at = g_get_monotonic_time ();

      begin (f, &crowd.single[i]);
      scripted_server_wait (f->server, SCRIPTED_CREATE, n + i + 1);
      shortest = MIN (shortest, g_get_monotonic_time () - begun_at);
    }
  g_assert_cmpint (shortest, <=, MOMENT);
  end_all (f, &crowd);
}

/* Answers to others come in all the time. */
static void
test_beside_transfer (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(GBytes)        bytes = make_data (SIZE);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GAsyncResult)  result = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  Pending                  transfer = { 0 };
  Crowd                    crowd = { 0 };
  guint                    n;

  scripted_server_get_config (f->server)->max_read_size = CHUNK;
  scripted_server_add_file (f->server, "large", g_bytes_get_data (bytes, NULL), SIZE);
  fixture_open (f, NULL);
  hold_many (f, &crowd);
  scripted_server_clear_rules (f->server);
  smb_protocol_factory_retrieve_file_async (f->factory, SHARE, "large", output, NULL, NULL, NULL, -1, NULL,
                                            pending_ready, &transfer);
  scripted_server_wait (f->server, SCRIPTED_READ, 10);

  n = scripted_server_count (f->server, SCRIPTED_CREATE);
  for (guint i = 0; i < N_SINGLE; i++)
    {
      begin (f, &crowd.single[i]);
      while (scripted_server_count (f->server, SCRIPTED_CREATE) == n + i && transfer.result == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_null (transfer.result);
    }

  result = pending_wait (&transfer);
  file = smb_protocol_factory_retrieve_file_finish (f->factory, result, NULL, &error);
  g_assert_no_error (error);
  end_all (f, &crowd);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/company/alone", test_alone);
  fixture_add ("/company/beside-transfer", test_beside_transfer);

  return g_test_run ();
}
