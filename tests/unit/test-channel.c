/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-channel.h"

#include <string.h>
#include <sys/socket.h>

#include "channel-pair.h"
#include "plugin/smb-channel-outgoing.h"
#include "smb-error.h"

static const char *const kind_names[] = { "socket", "streams", "wrapper" };

static void
test_one_message (Pair          *f,
                  gconstpointer  data)
{
  g_assert_cmpuint (smb_channel_get_largest_message (f->channel), ==, 0xFFFFFF);

  pair_queue (f, "hello", 5);
  g_assert_true (smb_channel_has_output (f->channel));
  g_assert_cmpuint (pair_count_writes (f), ==, 0);
  pair_flush (f);
  g_assert_false (smb_channel_has_output (f->channel));
  g_assert_cmpuint (f->n_sent, ==, 1);
  pair_assert_written (f, "\0\0\0\5hello", 9);

  pair_assert_blocks (f);
  pair_write (f, "\0\0\0\5world", 9);
  pair_assert_receives (f, "world", 5);
  pair_assert_blocks (f);
}

static void
test_gather (Pair          *f,
             gconstpointer  data)
{
  GOutputVector         vectors[] = { { "ab", 2 }, { NULL, 0 }, { "c", 1 } };
  g_autoptr(GByteArray) expected = g_byte_array_new ();

  for (guint i = 0; i < 300; i++)
    {
      smb_channel_queue (f->channel, vectors, G_N_ELEMENTS (vectors), pair_count_sent, f);
      g_byte_array_append (expected, (const guint8 *) "\0\0\0\3abc", 7);
    }
  pair_flush (f);
  g_assert_cmpuint (pair_count_writes (f), ==, 1);
  g_assert_cmpuint (f->n_sent, ==, 300);
  pair_assert_written (f, expected->data, expected->len);
}

/* More vectors than one system call takes. */
static void
test_gather_many (Pair          *f,
                  gconstpointer  data)
{
  g_autoptr(GByteArray) expected = g_byte_array_new ();

  for (guint i = 0; i < 1500; i++)
    {
      pair_queue (f, "xyz", 3);
      g_byte_array_append (expected, (const guint8 *) "\0\0\0\3xyz", 7);
    }
  pair_flush (f);
  g_assert_cmpuint (pair_count_writes (f), ==, (3000 + 1023) / 1024);
  g_assert_cmpuint (f->n_sent, ==, 1500);
  pair_assert_written (f, expected->data, expected->len);
}

/* The peer takes a little at a time. */
static void
test_partial_writes (gconstpointer data)
{
  const gsize           sizes[] = { 1, 70000, 3, 250000, 40000 };
  g_autoptr(GByteArray) expected = g_byte_array_new ();
  g_autoptr(GByteArray) got = g_byte_array_new ();
  g_autoptr(GPtrArray)  frames = g_ptr_array_new_with_free_func (g_free);
  Pair               f = { 0 };
  guint8                buffer[3001];

  pair_connect (&f, GPOINTER_TO_INT (data), 1);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint8 *frame = make_frame (sizes[i]);

      g_ptr_array_add (frames, frame);
      g_byte_array_append (expected, frame, 4 + sizes[i]);
      pair_queue (&f, frame + 4, sizes[i]);
    }

  pair_flush (&f);
  g_assert_true (smb_channel_has_output (f.channel));
  g_assert_false (channel_is_ready (f.channel, G_IO_OUT));
  while (got->len < expected->len)
    {
      gssize n = recv (f.peer, buffer, sizeof buffer, 0);

      g_byte_array_append (got, buffer, n);
      if (smb_channel_has_output (f.channel) && channel_is_ready (f.channel, G_IO_OUT))
        pair_flush (&f);
    }
  g_assert_cmpmem (got->data, got->len, expected->data, expected->len);
  g_assert_cmpuint (f.n_sent, ==, G_N_ELEMENTS (sizes));
  pair_disconnect (&f);
}

static void
count (gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
}

/* The bytes of three messages, taken @step at a time. A message has left exactly when its last byte has. */
static void
check_advance (gsize step)
{
  GOutputVector         vectors[] = { { "ab", 2 }, { "cde", 3 } };
  const gsize           total = 3 * 9;
  g_autoptr(GByteArray) got = g_byte_array_new ();
  SmbOutgoing           outgoing;
  guint                 n_sent = 0;

  smb_outgoing_init (&outgoing);
  for (guint i = 0; i < 3; i++)
    memset (smb_outgoing_push (&outgoing, vectors, 2, count, &n_sent)->header, '0' + (int) i, 4);

  while (!smb_outgoing_is_empty (&outgoing))
    {
      gsize                want = MIN (step, total - got->len), part = 0, left = want;
      guint                n_vectors;
      const GOutputVector *next = smb_outgoing_peek (&outgoing, &n_vectors);

      for (; left > 0; left -= part, next++)
        {
          part = MIN (left, next->size);
          g_byte_array_append (got, next->buffer, part);
        }
      smb_outgoing_release (smb_outgoing_advance (&outgoing, want));
      g_assert_cmpuint (n_sent, ==, got->len / 9);
    }
  g_assert_cmpmem (got->data, got->len, "0000abcde1111abcde2222abcde", total);
  smb_outgoing_clear (&outgoing);
}

static void
test_advance (void)
{
  for (gsize step = 1; step <= 27; step++)
    check_advance (step);
}

static void
test_single_bytes (Pair          *f,
                   gconstpointer  data)
{
  const char frames[] = "\0\0\0\3abc\0\0\0\1d";
  GError    *error = NULL;
  guint8     buffer[3];
  gsize      size = 0;
  gsize      done = 0;

  for (gsize i = 0; i < sizeof frames - 1; i++)
    {
      pair_write (f, frames + i, 1);
      channel_poll (f->channel, G_IO_IN);
      if (done == size && smb_channel_receive_header (f->channel, &size, &error))
        done = 0;
      else if (error == NULL)
        {
          g_assert_cmpint (smb_channel_receive (f->channel, buffer, sizeof buffer, &error), ==, 1);
          g_assert_cmpint (buffer[0], ==, frames[i]);
          done++;
        }
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      g_clear_error (&error);

      /* Not before there is something to read does it say so. */
      g_assert_false (smb_channel_has_input (f->channel));
      if (done == size)
        pair_assert_blocks (f);
    }
  g_assert_cmpuint (size, ==, 1);
  g_assert_cmpuint (done, ==, 1);
}

static void
test_keepalives (Pair          *f,
                 gconstpointer  data)
{
  pair_write (f, "\x85\0\0\0\0\0\0\1a\x85\0\0\0\x85\0\0\0\0\0\0\1b\x85\0\0", 25);
  pair_assert_receives (f, "a", 1);
  pair_assert_receives (f, "b", 1);
  pair_assert_blocks (f);
  pair_write (f, "\0\0\0\0\1c", 6);
  pair_assert_receives (f, "c", 1);
}

static void
test_keepalive_flood (Pair          *f,
                      gconstpointer  data)
{
  guint8 flood[10000][4] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (flood); i++)
    flood[i][0] = 0x85;
  pair_write (f, flood, sizeof flood);
  pair_assert_receive_fails (f, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

static void
test_bad_headers (gconstpointer data)
{
  const char *headers[] = { "\0\0\0\0", "\1\0\0\5", "\x85\0\0\1", "\x82\0\0\0", "HTTP", "\377SMB" };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      Pair f = { 0 };

      pair_connect (&f, GPOINTER_TO_INT (data), 0);
      pair_write (&f, headers[i], 4);
      pair_assert_receive_fails (&f, SMB_ERROR, SMB_ERROR_PROTOCOL);
      pair_assert_receive_fails (&f, SMB_ERROR, SMB_ERROR_PROTOCOL);
      pair_disconnect (&f);
    }
}

/* The connection ends after @size bytes of two frames. */
static void
check_hang_up (PairKind kind,
               gsize    size)
{
  const char *frames = "\0\0\0\3abc\0\0\0\2de";
  Pair     f = { 0 };

  pair_connect (&f, kind, 0);
  pair_write (&f, frames, size);
  pair_hang_up (&f);
  if (size >= 7)
    pair_assert_receives (&f, "abc", 3);
  if (size >= 13)
    pair_assert_receives (&f, "de", 2);
  pair_assert_receive_fails (&f, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  pair_disconnect (&f);
}

static void
test_hang_up (gconstpointer data)
{
  for (gsize size = 0; size <= 13; size++)
    check_hang_up (GPOINTER_TO_INT (data), size);
}

/* What is in the socket is had with few reads, and none to find out that there is no more. */
static void
test_few_reads (Pair          *f,
                gconstpointer  data)
{
  gboolean              is_socket = GPOINTER_TO_INT (data) == OVER_SOCKET;
  g_autoptr(GByteArray) frames = g_byte_array_new ();

  for (guint i = 0; i < 500; i++)
    g_byte_array_append (frames, (const guint8 *) "\0\0\0\x50" "0123456789012345678901234567890123456789"
                                                  "0123456789012345678901234567890123456789", 84);
  pair_write (f, frames->data, frames->len);
  for (guint i = 0; i < 500; i++)
    {
      pair_assert_receives (f, frames->data + 4, 80);
      g_assert_true (smb_channel_has_input (f->channel) == (i < 499));
    }
  g_assert_cmpuint (pair_count_reads (f), ==, 1);
  pair_assert_blocks (f);
  g_assert_cmpuint (pair_count_reads (f), ==, is_socket ? 1 : 2);
}

/* What would block can be known without an error, once, and never while there is something to receive. */
static void
test_drained (Pair          *f,
              gconstpointer  data)
{
  gboolean          is_socket = GPOINTER_TO_INT (data) == OVER_SOCKET;
  g_autoptr(GError) error = NULL;
  guint8            buffer[2];
  gsize             size;

  g_assert_false (smb_channel_is_drained (f->channel));
  pair_write (f, "\0\0\0\1a\0\0\0\2b", 10);
  pair_assert_receives (f, "a", 1);
  g_assert_false (smb_channel_is_drained (f->channel));

  g_assert_true (smb_channel_receive_header (f->channel, &size, &error));
  g_assert_false (smb_channel_is_drained (f->channel));
  g_assert_cmpint (smb_channel_receive (f->channel, buffer, sizeof buffer, &error), ==, 1);
  g_assert_true (smb_channel_is_drained (f->channel) == is_socket);
  g_assert_false (smb_channel_is_drained (f->channel));
  g_assert_cmpuint (pair_count_reads (f), ==, 1);

  pair_write (f, "c", 1);
  channel_poll (f->channel, G_IO_IN);
  g_assert_false (smb_channel_is_drained (f->channel));
  g_assert_cmpint (smb_channel_receive (f->channel, buffer, 1, &error), ==, 1);
  g_assert_no_error (error);
}

static void
test_straight_into_place (Pair          *f,
                          gconstpointer  data)
{
  const gsize        size = 100000;
  gboolean           is_socket = GPOINTER_TO_INT (data) == OVER_SOCKET;
  g_autofree guint8 *frame = make_frame (size);
  g_autofree guint8 *frames = g_malloc (2 * (4 + size));
  g_autofree guint8 *buffer = g_malloc (size);
  g_autoptr(GError)  error = NULL;
  gsize              announced;
  gssize             first, second;

  memcpy (frames, frame, 4 + size);
  memcpy (frames + 4 + size, "\0\0\0\5after", 9);
  pair_write (f, frames, 4 + size + 9);

  g_assert_true (smb_channel_receive_header (f->channel, &announced, &error));
  first = smb_channel_receive (f->channel, buffer, announced, &error);
  g_assert_cmpint (first, ==, 65536 - 4);
  second = smb_channel_receive (f->channel, buffer + first, announced - first, &error);
  g_assert_cmpint (first + second, ==, size);
  g_assert_cmpmem (buffer, size, frame + 4, size);
  g_assert_cmpint (smb_channel_receive (f->channel, buffer, size, &error), ==, 0);
  g_assert_no_error (error);

  /* What came behind it has come with it. */
  g_assert_cmpuint (pair_count_reads (f), ==, 2);
  pair_assert_receives (f, "after", 5);
  g_assert_cmpuint (pair_count_reads (f), ==, is_socket ? 2 : 3);
}

static int
get_low_water (Pair *f)
{
  int low_water = -1;

  g_assert_true (g_socket_get_option (f->socket, SOL_SOCKET, SO_RCVLOWAT, &low_water, NULL));
  return low_water;
}

/* While much of a message is missing, little of it wakes nobody up; of a message that begins, every byte
 * does. */
static void
test_low_water (Pair          *f,
                gconstpointer  data)
{
  const gsize        size = 300 * 1024;
  const gsize        first = 1000, second = 100 * 1024;
  gboolean           is_socket = GPOINTER_TO_INT (data) == OVER_SOCKET;
  g_autofree guint8 *frame = make_frame (size);
  g_autofree guint8 *buffer = g_malloc (size);
  g_autoptr(GError)  error = NULL;
  gsize              announced;
  gssize             got;

  pair_write (f, frame, 4 + first);
  g_assert_true (smb_channel_receive_header (f->channel, &announced, &error));
  got = smb_channel_receive (f->channel, buffer, size, &error);
  g_assert_cmpint (got, ==, first);
  g_assert_cmpint (get_low_water (f), ==, 1);

  pair_write (f, frame + 4 + first, 1);
  channel_poll (f->channel, G_IO_IN);
  got += smb_channel_receive (f->channel, buffer + got, size - got, &error);
  g_assert_cmpint (get_low_water (f), ==, is_socket ? 256 * 1024 : 1);

  pair_write (f, frame + 4 + got, second);
  channel_poll (f->channel, G_IO_IN);
  got += smb_channel_receive (f->channel, buffer + got, size - got, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_low_water (f), ==, 1);
}

static gpointer
echo_thread (gpointer user_data)
{
  Pair           *f = user_data;
  const gsize        size = 4 + 0xFFFFFF;
  g_autofree guint8 *frame = g_malloc (size);

  g_assert_cmpint (recv (f->peer, frame, size, MSG_WAITALL), ==, size);
  pair_write (f, frame, size);
  return NULL;
}

static void
test_largest_message (Pair          *f,
                      gconstpointer  data)
{
  const gsize        size = 0xFFFFFF;
  g_autofree guint8 *frame = make_frame (size);
  GThread           *echo = g_thread_new ("echo", echo_thread, f);

  pair_queue (f, frame + 4, size);
  pair_flush (f);
  while (smb_channel_has_output (f->channel))
    {
      channel_poll (f->channel, G_IO_OUT);
      pair_flush (f);
    }
  pair_assert_receives (f, frame + 4, size);
  g_thread_join (echo);
}

static void
test_too_large (Pair          *f,
                gconstpointer  data)
{
  g_autofree guint8 *message = g_malloc0 (0x1000000);
  g_autoptr(GError)  error = NULL;

  pair_queue (f, message, 0x1000000);
  g_assert_cmpuint (f->n_sent, ==, 1);
  g_assert_false (smb_channel_has_output (f->channel));
  g_assert_false (smb_channel_flush (f->channel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static void
test_sent_on_close (Pair          *f,
                    gconstpointer  data)
{
  pair_queue (f, "a", 1);
  pair_flush (f);
  pair_queue (f, "b", 1);
  pair_queue (f, "c", 1);
  g_assert_cmpuint (f->n_sent, ==, 1);
  smb_channel_close (f->channel);
  g_assert_cmpuint (f->n_sent, ==, 3);
  g_assert_false (smb_channel_has_output (f->channel));

  pair_queue (f, "d", 1);
  g_assert_cmpuint (f->n_sent, ==, 4);
  smb_channel_close (f->channel);
  g_assert_finalize_object (g_steal_pointer (&f->channel));
  g_assert_cmpuint (f->n_sent, ==, 4);
}

static void
test_sent_on_finalize (Pair          *f,
                       gconstpointer  data)
{
  pair_queue (f, "a", 1);
  pair_queue (f, "b", 1);
  g_assert_finalize_object (g_steal_pointer (&f->channel));
  g_assert_cmpuint (f->n_sent, ==, 2);
}

static void
drop_channel (gpointer user_data)
{
  Pair *f = user_data;

  f->n_sent++;
  if (f->channel != NULL)
    smb_channel_close (f->channel);
  g_clear_object (&f->channel);
}

static void
queue_again (gpointer user_data)
{
  Pair *f = user_data;

  pair_queue (f, "again", 5);
}

/* Whoever is told that a message has left may do anything with the channel. */
static void
test_sent_reenters (Pair          *f,
                    gconstpointer  data)
{
  GOutputVector vector = { "x", 1 };

  smb_channel_queue (f->channel, &vector, 1, queue_again, f);
  pair_flush (f);
  g_assert_cmpuint (f->n_sent, ==, 1);
  pair_assert_written (f, "\0\0\0\1x\0\0\0\5again", 14);

  pair_queue (f, "y", 1);
  smb_channel_queue (f->channel, &vector, 1, drop_channel, f);
  pair_queue (f, "z", 1);
  pair_flush (f);
  g_assert_null (f->channel);
  g_assert_cmpuint (f->n_sent, ==, 4);
}

/* The peer is gone, but what it said before is not. */
static void
test_write_error (Pair          *f,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  pair_write (f, "\0\0\0\3bye", 7);
  pair_hang_up (f);
  pair_queue (f, "a", 1);
  g_assert_false (smb_channel_flush (f->channel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_cmpuint (f->n_sent, ==, 0);
  pair_assert_receives (f, "bye", 3);
  pair_assert_receive_fails (f, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  smb_channel_close (f->channel);
  g_assert_cmpuint (f->n_sent, ==, 1);
}

static void
test_closed (Pair          *f,
             gconstpointer  data)
{
  GError *error = NULL;
  guint8  byte;

  pair_write (f, "\0\0\0\1a\0\0\0\1b", 10);
  pair_assert_receives (f, "a", 1);
  smb_channel_close (f->channel);

  pair_assert_receive_fails (f, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpint (smb_channel_receive (f->channel, &byte, 1, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (smb_channel_flush (f->channel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (smb_channel_has_input (f->channel));
}

static void
test_source_when_closed (void)
{
  Pair f = { 0 };

  pair_connect (&f, OVER_SOCKET, 0);
  smb_channel_close (f.channel);
  channel_poll (f.channel, G_IO_IN);
  pair_disconnect (&f);
}

static void
test_not_pollable (void)
{
  g_autoptr(GInputStream)  memory = g_memory_input_stream_new ();
  g_autoptr(GInputStream)  input = g_buffered_input_stream_new (memory);
  g_autoptr(GOutputStream) sink = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) output = g_buffered_output_stream_new (sink);
  g_autoptr(GIOStream)     stream = g_simple_io_stream_new (input, output);
  Pair                  f = { .channel = smb_channel_new (stream), .peer = -1 };
  g_autoptr(GError)        error = NULL;

  pair_assert_receive_fails (&f, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  pair_queue (&f, "a", 1);
  g_assert_false (smb_channel_flush (f.channel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  channel_poll (f.channel, G_IO_IN);
  channel_poll (f.channel, G_IO_OUT);
  smb_channel_close (f.channel);
  while (!g_io_stream_is_closed (stream) || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (f.channel);
}

/* A framing of its own: lengths of 8 bits behind three letters. */
#define TEST_TYPE_CHANNEL (test_channel_get_type ())
G_DECLARE_FINAL_TYPE (TestChannel, test_channel, TEST, CHANNEL, SmbChannel)

struct _TestChannel
{
  SmbChannel parent_instance;
};

G_DEFINE_FINAL_TYPE (TestChannel, test_channel, SMB_TYPE_CHANNEL)

static void
test_channel_write_header (SmbChannel *self,
                           gsize       size,
                           guint8      header[SMB_CHANNEL_HEADER_SIZE])
{
  memcpy (header, "MSG", 3);
  header[3] = (guint8) size;
}

static gboolean
test_channel_read_header (SmbChannel       *self,
                          const guint8      header[SMB_CHANNEL_HEADER_SIZE],
                          SmbChannelFrame  *frame,
                          gsize            *size,
                          GError          **error)
{
  *frame = header[0] == 'N' ? SMB_CHANNEL_KEEPALIVE : SMB_CHANNEL_MESSAGE;
  *size = header[3];
  return TRUE;
}

static void
test_channel_class_init (TestChannelClass *class)
{
  SmbChannelClass *channel_class = SMB_CHANNEL_CLASS (class);

  channel_class->largest_message = 100;
  channel_class->write_header = test_channel_write_header;
  channel_class->read_header = test_channel_read_header;
}

static void
test_channel_init (TestChannel *self)
{
}

static void
test_subclass (Pair          *f,
               gconstpointer  data)
{
  g_autoptr(SmbChannel) plain = g_steal_pointer (&f->channel);

  f->channel = g_object_new (TEST_TYPE_CHANNEL, "stream", smb_channel_get_stream (plain), NULL);
  g_assert_cmpuint (smb_channel_get_largest_message (f->channel), ==, 100);
  pair_queue (f, "hello", 5);
  pair_flush (f);
  pair_assert_written (f, "MSG\5hello", 9);
  pair_write (f, "NOP\0MSG\1aMSG\x65", 13);
  pair_assert_receives (f, "a", 1);
  pair_assert_receive_fails (f, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_clear_object (&f->channel);
}

typedef void (*FixtureFunc) (Pair       *f,
                             gconstpointer  data);

static const struct
{
  const char *name;
  FixtureFunc func;
} fixture_tests[] = {
  { "one-message", test_one_message },
  { "gather", test_gather },
  { "gather-many", test_gather_many },
  { "single-bytes", test_single_bytes },
  { "keepalives", test_keepalives },
  { "keepalive-flood", test_keepalive_flood },
  { "few-reads", test_few_reads },
  { "drained", test_drained },
  { "straight-into-place", test_straight_into_place },
  { "low-water", test_low_water },
  { "largest-message", test_largest_message },
  { "too-large", test_too_large },
  { "sent-on-close", test_sent_on_close },
  { "sent-on-finalize", test_sent_on_finalize },
  { "sent-reenters", test_sent_reenters },
  { "write-error", test_write_error },
  { "closed", test_closed },
  { "subclass", test_subclass },
};

static const struct
{
  const char   *name;
  GTestDataFunc func;
} data_tests[] = {
  { "partial-writes", test_partial_writes },
  { "bad-headers", test_bad_headers },
  { "hang-up", test_hang_up },
};

static void
add_tests (PairKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture_tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/%s/%s", kind_names[kind], fixture_tests[i].name);

      g_test_add (path, Pair, GINT_TO_POINTER (kind), pair_set_up, fixture_tests[i].func, pair_tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (data_tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/%s/%s", kind_names[kind], data_tests[i].name);

      g_test_add_data_func (path, GINT_TO_POINTER (kind), data_tests[i].func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (PairKind kind = OVER_SOCKET; kind <= OVER_WRAPPER; kind++)
    add_tests (kind);
  g_test_add_func ("/channel/advance", test_advance);
  g_test_add_func ("/channel/source-when-closed", test_source_when_closed);
  g_test_add_func ("/channel/not-pollable", test_not_pollable);

  return g_test_run ();
}
