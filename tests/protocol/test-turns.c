/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

/* Those who move much on one connection take turns, and who is not answered keeps nobody from his answers.
 * One writes and asks for much at once, another one reads. */

#define SOON      (3 * G_TIME_SPAN_SECOND) /* before any timer of the library's own */
#define N_ATTEMPTS 10 /* of what a busy machine spoils */
#define MIB       (1024 * 1024)
#define N_WRITES  16
#define WRITTEN   (4 * MIB) /* by each of them */
#define READ      (8 * MIB)
#define REQUEST   (512 * 1024)
#define WINDOW    (4 * MIB / REQUEST) /* requests, as long as nothing was answered */
#define UNITS     (REQUEST / 65536) /* of each request */
#define UNITS_MAX 512

typedef struct
{
  GBytes       *bytes;
  SmbOpenFile  *file;
  GCancellable *cancellable;
  Pending       pending[N_WRITES];
} Writer;

static SmbOpenFile *
open_file (Fixture    *f,
           const char *path)
{
  g_autoptr(GError) error = NULL;
  SmbOpenFile      *file;

  file = smb_protocol_factory_open_file (f->factory, SHARE, path, SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  return file;
}

/* With @max_credits granted at once. */
static void
open_files_with (Fixture      *f,
                 guint16       max_credits,
                 Writer       *writer,
                 SmbOpenFile **reader)
{
  g_autoptr(GBytes) bytes = make_data (READ);

  scripted_server_add_file (f->server, "written", "", 0);
  scripted_server_add_file (f->server, "read", g_bytes_get_data (bytes, NULL), READ);
  scripted_server_get_config (f->server)->max_credits = max_credits;
  fixture_open (f, NULL);
  writer->bytes = make_data (WRITTEN);
  writer->file = open_file (f, "written");
  writer->cancellable = g_cancellable_new ();
  *reader = open_file (f, "read");
}

static void
open_files (Fixture      *f,
            Writer       *writer,
            SmbOpenFile **reader)
{
  open_files_with (f, UNITS_MAX, writer, reader);
}

static void
begin_writing (Writer *writer)
{
  for (guint i = 0; i < N_WRITES; i++)
    smb_open_file_write_async (writer->file, i * WRITTEN, writer->bytes, -1, writer->cancellable,
                               pending_ready, &writer->pending[i]);
}

static gboolean
end_write (Writer  *writer,
           guint    index,
           GError **error)
{
  g_autoptr(GAsyncResult) result = pending_wait (&writer->pending[index]);

  return smb_open_file_write_finish (writer->file, result, NULL, error);
}

static void
end_writing (Writer *writer)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < N_WRITES; i++)
    {
      end_write (writer, i, &error);
      g_assert_no_error (error);
    }
}

static void
clear (Writer *writer)
{
  g_clear_object (&writer->file);
  g_clear_object (&writer->cancellable);
  g_clear_pointer (&writer->bytes, g_bytes_unref);
}

static void
read_all (SmbOpenFile *file)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = smb_open_file_read (file, 0, READ, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, READ);
}

/* In turn */

static guint
get_frame (Fixture        *f,
           ScriptedCommand command,
           guint           index)
{
  return scripted_server_get_record (f->server, command, index)->frame;
}

/* How many WRITEs came before the READ of that index, and after the first one. */
static guint
count_writes_before (Fixture *f,
                     guint    read)
{
  guint n = scripted_server_count (f->server, SCRIPTED_WRITE);
  guint begin = get_frame (f, SCRIPTED_READ, 0);
  guint end = get_frame (f, SCRIPTED_READ, read);
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    {
      guint frame = get_frame (f, SCRIPTED_WRITE, i);

      sum += frame > begin && frame < end ? 1 : 0;
    }
  return sum;
}

static gboolean
is_in_turn (Fixture *f)
{
  for (guint i = 1; i < READ / REQUEST; i++)
    {
      guint n_writes = count_writes_before (f, i);

      if (n_writes + 2 < i || n_writes > i + 2)
        return FALSE;
    }
  return TRUE;
}

static gboolean
try_both (Fixture *f)
{
  Writer                  writer = { 0 };
  g_autoptr(SmbOpenFile)  reader = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes)       bytes = NULL;
  Pending                 pending = { 0 };

  open_files (f, &writer, &reader);
  scripted_rule (f->server, SCRIPTED_WRITE, 0, SCRIPTED_HOLD);
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_HOLD);
  begin_writing (&writer);
  scripted_server_wait_held (f->server, WINDOW);
  smb_open_file_read_async (reader, 0, READ, -1, NULL, pending_ready, &pending);
  scripted_server_wait_held (f->server, WINDOW + 1);
  scripted_server_release_all (f->server);

  result = pending_wait (&pending);
  bytes = smb_open_file_read_finish (reader, result, NULL);
  g_assert_nonnull (bytes);
  end_writing (&writer);
  clear (&writer);
  return is_in_turn (f);
}

/* He who has asked for much before does not come first all the time. On a busy machine it may look as if the server
 * were slow to answer one of them. */
static void
test_in_turn (Fixture       *f,
              gconstpointer  data)
{
  fixture_try (f, try_both, N_ATTEMPTS);
}

/* Beside who is not answered */

static void
begin_held (Fixture      *f,
            Writer       *writer,
            SmbOpenFile **reader)
{
  open_files (f, writer, reader);
  scripted_rule (f->server, SCRIPTED_WRITE, 0, SCRIPTED_HOLD);
  begin_writing (writer);
}

static void
end_held (Fixture *f,
          Writer  *writer)
{
  scripted_server_release_all (f->server);
  end_writing (writer);
  clear (writer);
}

static void
test_beside_unanswered (Fixture       *f,
                        gconstpointer  data)
{
  Writer                 writer = { 0 };
  g_autoptr(SmbOpenFile) reader = NULL;

  begin_held (f, &writer, &reader);
  scripted_server_wait_held (f->server, WINDOW);
  read_all (reader);
  end_held (f, &writer);
}

/* Until no more of them leave than those @n at least. */
static void
hold_writes (Fixture *f,
             guint    n)
{
  scripted_server_wait_held (f->server, n);
  do
    {
      n = scripted_server_count_held (f->server);
      g_assert_true (do_echo (f, NULL)); /* behind what was sent before */
    }
  while (scripted_server_count_held (f->server) > n);
}

/* Nor does he take all the units, however few there are. */
static void
test_few_credits (Fixture       *f,
                  gconstpointer  max_credits)
{
  Writer                 writer = { 0 };
  g_autoptr(SmbOpenFile) reader = NULL;
  guint16                credits = (guint16) GPOINTER_TO_UINT (max_credits);

  scripted_server_get_config (f->server)->steady_credits = TRUE;
  open_files_with (f, credits, &writer, &reader);
  scripted_rule (f->server, SCRIPTED_WRITE, 0, SCRIPTED_HOLD);
  begin_writing (&writer);
  hold_writes (f, credits / 2 / UNITS);
  read_all (reader);
  end_held (f, &writer);
}

static guint
count_held_units (Fixture *f)
{
  guint n = scripted_server_count (f->server, SCRIPTED_WRITE);
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    sum += scripted_server_get_record (f->server, SCRIPTED_WRITE, i)->credit_charge;
  return sum;
}

/* However much is asked for that is not answered: a part of the units is left to the others. */
static void
test_bound (Fixture       *f,
            gconstpointer  data)
{
  Writer                 writer = { 0 };
  g_autoptr(SmbOpenFile) reader = NULL;

  begin_held (f, &writer, &reader);
  for (guint i = 0; i < 20; i++)
    read_all (reader);
  g_test_message ("%u units", count_held_units (f));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_WRITE), >, 2 * WINDOW);
  g_assert_cmpuint (count_held_units (f), <=, UNITS_MAX * 3 / 4);
  end_held (f, &writer);
}

/* The end */

/* What is given up is in nobody's way, and its file can be used again. */
static void
test_given_up (Fixture       *f,
               gconstpointer  data)
{
  Writer                 writer = { 0 };
  g_autoptr(SmbOpenFile) reader = NULL;

  begin_held (f, &writer, &reader);
  scripted_server_wait_held (f->server, WINDOW);
  read_all (reader);
  g_cancellable_cancel (writer.cancellable);
  for (guint i = 0; i < N_WRITES; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (end_write (&writer, i, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }

  read_all (reader);
  scripted_server_clear_rules (f->server);
  g_cancellable_reset (writer.cancellable);
  begin_writing (&writer);
  read_all (reader);
  end_writing (&writer);
  clear (&writer);
}

static void
test_lost (Fixture       *f,
           gconstpointer  data)
{
  Writer                 writer = { 0 };
  g_autoptr(SmbOpenFile) reader = NULL;
  gint64                 begin = g_get_monotonic_time ();

  begin_held (f, &writer, &reader);
  scripted_server_wait_held (f->server, WINDOW);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON);
  read_all (reader);
  scripted_server_hang_up (f->server);
  for (guint i = 0; i < N_WRITES; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (end_write (&writer, i, &error));
      assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
    }
  clear (&writer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/turns/in-turn", test_in_turn);
  fixture_add ("/turns/beside-unanswered", test_beside_unanswered);
  fixture_add_with ("/turns/few-credits/32", GUINT_TO_POINTER (32), test_few_credits);
  fixture_add_with ("/turns/few-credits/64", GUINT_TO_POINTER (64), test_few_credits);
  fixture_add_with ("/turns/few-credits/128", GUINT_TO_POINTER (128), test_few_credits);
  fixture_add ("/turns/bound", test_bound);
  fixture_add ("/turns/given-up", test_given_up);
  fixture_add ("/turns/lost", test_lost);

  return g_test_run ();
}
