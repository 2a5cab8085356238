/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"

/* What READs and WRITEs really bring ([MS-SMB2] 3.3.5.12, 3.3.5.13): less than was asked for, nothing, or the
 * end where nobody expected it; and how many of them are under way. */

#define MIB (1024 * 1024)

/* Body of a READ response with @size bytes, which then follow. */
#define READ_BODY(size) "\x11\0\x50\0" size "\0\0\0\0\0\0\0\0\0\0\0"

static void
add_big_file (Fixture *f,
              GBytes  *bytes)
{
  scripted_server_add_file (f->server, "big", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static SmbOpenFile *
open_big_file (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  SmbOpenFile      *file;

  file = smb_protocol_factory_open_file (f->factory, SHARE, "big", SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static const guint8 *
get_message (Fixture        *f,
             ScriptedCommand command,
             guint           index)
{
  return g_bytes_get_data (scripted_server_get_record (f->server, command, index)->message, NULL);
}

/* Short */

/* Each READ brings the first 1000 bytes of what was asked for, at most. */
static void
limit_reads (Fixture *f,
             GBytes  *bytes,
             gsize    step)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);

  for (gsize i = 0; i * step < g_bytes_get_size (bytes); i++)
    {
      gsize                 size = MIN (step, g_bytes_get_size (bytes) - i * step);
      guint8                head[16] = { 17, 0, 80, 0, (guint8) size, (guint8) (size >> 8) };
      g_autoptr(GByteArray) body = g_byte_array_new ();

      g_byte_array_append (body, head, sizeof head);
      g_byte_array_append (body, data + i * step, (guint) size);
      scripted_rule (f->server, SCRIPTED_READ, i + 1, SCRIPTED_BODY, .data = body->data, .size = body->len);
    }
}

static void
test_short_reads (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = make_data (20000);
  g_autoptr(GBytes)      read = NULL;
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GError)      error = NULL;

  add_big_file (f, bytes);
  fixture_open (f, NULL);
  limit_reads (f, bytes, 999);
  do_retrieve (f, "big", bytes, &error);
  g_assert_no_error (error);
  scripted_server_clear_rules (f->server);

  file = open_big_file (f);
  limit_reads (f, bytes, 999);
  read = smb_open_file_read (file, 0, 20000, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, bytes));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_READ), >, 40);
}

/* The first of many under way is short: its rest has its place before the others. */
static void
test_short_read_among_many (Fixture       *f,
                            gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_data (6 * MIB);
  g_autoptr(GError) error = NULL;

  add_big_file (f, bytes);
  for (guint nth = 2; nth < 5; nth++)
    {
      fixture_open (f, NULL);
      scripted_rule (f->server, SCRIPTED_READ, nth, SCRIPTED_PATCH, .number = 64 + 4, .data = "\0\x10\0\0",
                     .size = 4);
      do_retrieve (f, "big", bytes, &error);
      g_assert_no_error (error);
      fixture_renew (f);
      add_big_file (f, bytes);
    }
}

/* The server says that it took so much of the nth WRITE from now on; it has taken all, which does not
 * matter. */
static void
take_only (Fixture    *f,
           guint       nth,
           const char *count)
{
  scripted_rule (f->server, SCRIPTED_WRITE, nth, SCRIPTED_PATCH, .number = 64 + 4, .data = count, .size = 4);
}

static gboolean
was_written (Fixture *f,
             guint    first, /* of the WRITEs to look at */
             guint64  offset)
{
  guint n = scripted_server_count (f->server, SCRIPTED_WRITE);

  for (guint i = first; i < n; i++)
    {
      guint64 at;

      memcpy (&at, get_message (f, SCRIPTED_WRITE, i) + 64 + 8, sizeof at);
      if (GUINT64_FROM_LE (at) == offset)
        return TRUE;
    }
  return FALSE;
}

static void
test_short_writes (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = make_data (3 * MIB);
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GError)      error = NULL;
  gsize                  n_written = 0;
  guint64                offset;
  guint                  n;

  scripted_server_add_file (f->server, "big", "", 0);
  fixture_open (f, NULL);
  take_only (f, 1, "\1\0\0\0");
  do_store (f, "new", bytes, &error);
  g_assert_no_error (error);
  g_assert_true (was_written (f, 0, 1));

  n = scripted_server_count (f->server, SCRIPTED_WRITE);
  take_only (f, 3, "\1\0\0\0");
  do_store (f, "new", bytes, &error);
  g_assert_no_error (error);
  memcpy (&offset, get_message (f, SCRIPTED_WRITE, n + 2) + 64 + 8, sizeof offset);
  g_assert_true (was_written (f, n, GUINT64_FROM_LE (offset) + 1));
  scripted_server_clear_rules (f->server);

  file = open_big_file (f);
  n = scripted_server_count (f->server, SCRIPTED_WRITE);
  take_only (f, 1, "\x77\1\0\0");
  g_assert_true (smb_open_file_write (file, 0, bytes, -1, NULL, &n_written, &error));
  g_assert_cmpuint (n_written, ==, 3 * MIB);
  g_assert_true (was_written (f, n, 0x177));
}

/* A small file, stored in one chain whose CLOSE has come before anybody knew. */
static void
test_short_write_in_chain (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_data (1000);
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  take_only (f, 1, "\x10\0\0\0");
  do_store (f, "new", bytes, &error);
  g_assert_no_error (error);
  g_assert_true (was_written (f, 0, 16));
}

/* Nothing taken, and no reason: not for ever. */
static void
test_nothing_written (Fixture       *f,
                      gconstpointer  size)
{
  g_autoptr(GBytes) bytes = make_data (GPOINTER_TO_SIZE (size));
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_WRITE, 0, SCRIPTED_PATCH, .number = 64 + 4, .data = "\0\0\0\0",
                 .size = 4);
  g_assert_false (do_store (f, "new", bytes, &error));
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

static void
test_disk_full (Fixture       *f,
                gconstpointer  size)
{
  g_autoptr(GBytes) bytes = make_data (GPOINTER_TO_SIZE (size));
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_WRITE, 0, SCRIPTED_STATUS, .number = SMB_STATUS_DISK_FULL);
  g_assert_false (do_store (f, "new", bytes, &error));
  assert_failed (&error, SMB_ERROR_NO_SPACE);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

/* A hidden file is not overwritten but opened and emptied ([MS-FSA] 2.1.5.1.2); once, and not in what must be
 * new. */
static void
test_hidden_file (Fixture       *f,
                  gconstpointer  size)
{
  g_autoptr(GBytes) old = make_data (10000);
  g_autoptr(GBytes) bytes = make_data (GPOINTER_TO_SIZE (size));
  g_autoptr(GError) error = NULL;

  add_big_file (f, old);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_STATUS, .number = SMB_STATUS_ACCESS_DENIED);
  do_store (f, "big", bytes, &error);
  g_assert_no_error (error);
  scripted_server_clear_rules (f->server);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_STATUS, .number = SMB_STATUS_ACCESS_DENIED);
  g_assert_false (do_store (f, "big", bytes, &error));
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 4);
}

/* The end */

/* It was larger when it was opened. */
static void
test_shrunk (Fixture       *f,
             gconstpointer  size)
{
  g_autoptr(GBytes) bytes = make_data (GPOINTER_TO_SIZE (size));
  g_autoptr(GError) error = NULL;

  add_big_file (f, bytes);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_PATCH, .number = 64 + 48, .data = "\0\0\0\0\1\0\0\0",
                 .size = 8);
  do_retrieve (f, "big", bytes, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

/* Some servers answer with nothing where the file ends, not with END_OF_FILE. */
static void
test_zero_bytes (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = make_data (100);
  g_autoptr(GBytes)      none = NULL;
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GError)      error = NULL;

  add_big_file (f, bytes);
  fixture_open (f, NULL);
  file = open_big_file (f);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_STATUS, .number = SMB_STATUS_SUCCESS);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_BODY, .data = READ_BODY ("\0"), .size = 16);
  none = smb_open_file_read (file, 100, 10, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (none), ==, 0);
  fixture_assert_usable (f);
}

/* The end comes at once though the size said otherwise. */
static void
test_nothing_to_read (Fixture       *f,
                      gconstpointer  status)
{
  g_autoptr(GBytes) bytes = make_data (3 * MIB);
  g_autoptr(GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr(GError) error = NULL;

  add_big_file (f, bytes);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_STATUS, .number = GPOINTER_TO_UINT (status));
  if (GPOINTER_TO_UINT (status) == SMB_STATUS_SUCCESS)
    scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_BODY, .data = READ_BODY ("\0"), .size = 16);
  do_retrieve (f, "big", nothing, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

/* More than was asked for is refused, wherever it is said to be. */
static void
test_too_much (Fixture       *f,
               gconstpointer  data)
{
  static const char      body[] = READ_BODY ("\x05") "12345";
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      read = NULL;
  g_autoptr(GError)      error = NULL;

  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_BODY, .data = body, .size = sizeof body - 1);
  read = smb_open_file_read (file, 0, 4, -1, NULL, &error);
  g_assert_null (read);
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

/* The window */

static guint64
count_requested (Fixture *f)
{
  guint64 sum = 0;
  guint   n = scripted_server_count (f->server, SCRIPTED_READ);

  for (guint i = 0; i < n; i++)
    {
      const guint8 *message = get_message (f, SCRIPTED_READ, i);

      sum += message[68] | message[69] << 8 | message[70] << 16 | (guint64) message[71] << 24;
    }
  return sum;
}

static GBytes *
end_read (SmbOpenFile *file,
          Pending     *pending)
{
  g_autoptr(GAsyncResult) result = pending_wait (pending);
  g_autoptr(GError)       error = NULL;
  GBytes                 *bytes = smb_open_file_read_finish (file, result, &error);

  g_assert_no_error (error);
  return bytes;
}

/* What is under way as long as nothing was answered; who wants to know something small meanwhile gets
 * through. */
static void
test_window (Fixture       *f,
             gconstpointer  max_credits)
{
  g_autoptr(GBytes)      bytes = make_data (24 * MIB);
  g_autoptr(GBytes)      read = NULL;
  g_autoptr(SmbOpenFile) file = NULL;
  Pending                pending = { 0 };
  guint64                credits = GPOINTER_TO_UINT (max_credits);
  guint64                most = MIN (4 * MIB, credits * 65536);

  add_big_file (f, bytes);
  scripted_server_get_config (f->server)->max_credits = (guint16) credits;
  fixture_open (f, NULL);
  file = open_big_file (f);
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_HOLD);
  smb_open_file_read_async (file, 0, 24 * MIB, -1, NULL, pending_ready, &pending);
  scripted_server_wait_held (f->server, 3);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (do_attributes (f, NULL));
      g_assert_true (do_echo (f, NULL));
    }
  g_assert_cmpuint (count_requested (f), >=, most * 3 / 4);
  g_assert_cmpuint (count_requested (f), <=, 4 * MIB);
  scripted_server_release_all (f->server);
  read = end_read (file, &pending);
  g_assert_true (g_bytes_equal (read, bytes));
}

/* A share of the credits is kept for that, however few there are. */
static void
test_reserve (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GBytes)      bytes = make_data (8 * MIB);
  g_autoptr(GBytes)      read = NULL;
  g_autoptr(SmbOpenFile) file = NULL;
  Pending                pending = { 0 };

  add_big_file (f, bytes);
  scripted_server_get_config (f->server)->max_credits = 16;
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ANY, 0, SCRIPTED_CREDITS, .number = 1); /* as many as are spent */
  file = open_big_file (f);
  g_assert_true (do_attributes (f, NULL));
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_HOLD);
  smb_open_file_read_async (file, 0, 8 * MIB, -1, NULL, pending_ready, &pending);
  scripted_server_wait_held (f->server, 3);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (do_attributes (f, NULL));
      g_assert_true (do_echo (f, NULL));
    }
  scripted_server_clear_rules (f->server);
  scripted_server_release_all (f->server);
  read = end_read (file, &pending);
  g_assert_true (g_bytes_equal (read, bytes));
}

/* The same when it goes to a stream. The first READ comes along with the CREATE. */
static void
test_window_of_transfer (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GBytes)        bytes = make_data (24 * MIB);
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(GAsyncResult)  result = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  Pending                  pending = { 0 };

  add_big_file (f, bytes);
  fixture_open (f, NULL);
  for (guint nth = 2; nth < 100; nth++)
    scripted_rule (f->server, SCRIPTED_READ, nth, SCRIPTED_HOLD);
  smb_protocol_factory_retrieve_file_from_offset_async (f->factory, SHARE, "big", stream, 0, 24 * MIB, NULL,
                                                        NULL, NULL, -1, NULL, pending_ready, &pending);
  scripted_server_wait_held (f->server, 3);
  for (guint i = 0; i < 5; i++)
    g_assert_true (do_attributes (f, NULL));
  g_assert_cmpuint (count_requested (f), >=, 4 * MIB);
  g_assert_cmpuint (count_requested (f), <=, 9 * MIB);
  scripted_server_release_all (f->server);
  result = pending_wait (&pending);
  file = smb_protocol_factory_retrieve_file_from_offset_finish (f->factory, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), ==, 24 * MIB);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/transfers/short-reads", test_short_reads);
  fixture_add ("/transfers/short-read-among-many", test_short_read_among_many);
  fixture_add ("/transfers/short-writes", test_short_writes);
  fixture_add ("/transfers/short-write-in-chain", test_short_write_in_chain);
  fixture_add_with ("/transfers/nothing-written/small", GSIZE_TO_POINTER (100), test_nothing_written);
  fixture_add_with ("/transfers/nothing-written/big", GSIZE_TO_POINTER (5 * MIB), test_nothing_written);
  fixture_add_with ("/transfers/disk-full/small", GSIZE_TO_POINTER (100), test_disk_full);
  fixture_add_with ("/transfers/disk-full/big", GSIZE_TO_POINTER (5 * MIB), test_disk_full);
  fixture_add_with ("/transfers/hidden-file/small", GSIZE_TO_POINTER (100), test_hidden_file);
  fixture_add_with ("/transfers/hidden-file/big", GSIZE_TO_POINTER (2 * MIB), test_hidden_file);
  fixture_add_with ("/transfers/shrunk/small", GSIZE_TO_POINTER (100), test_shrunk);
  fixture_add_with ("/transfers/shrunk/medium", GSIZE_TO_POINTER (100000), test_shrunk);
  fixture_add_with ("/transfers/shrunk/big", GSIZE_TO_POINTER (3 * MIB + 17), test_shrunk);
  fixture_add ("/transfers/zero-bytes", test_zero_bytes);
  fixture_add_with ("/transfers/nothing-to-read/end-of-file", GUINT_TO_POINTER (SMB_STATUS_END_OF_FILE),
                    test_nothing_to_read);
  fixture_add_with ("/transfers/nothing-to-read/zero-bytes", GUINT_TO_POINTER (SMB_STATUS_SUCCESS),
                    test_nothing_to_read);
  fixture_add ("/transfers/too-much", test_too_much);
  fixture_add_with ("/transfers/window/wide", GUINT_TO_POINTER (512), test_window);
  fixture_add_with ("/transfers/window/narrow", GUINT_TO_POINTER (64), test_window);
  fixture_add ("/transfers/reserve", test_reserve);
  fixture_add ("/transfers/window/of-transfer", test_window_of_transfer);

  return g_test_run ();
}
