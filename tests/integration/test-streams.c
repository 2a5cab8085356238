/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-streams.h"

typedef struct
{
  GOutputStream parent_instance;
  TestWriteFunc func;
  gpointer      data;
} TestOutputStream;

typedef struct
{
  GInputStream parent_instance;
  TestReadFunc func;
  gpointer     data;
} TestInputStream;

typedef GOutputStreamClass TestOutputStreamClass;
typedef GInputStreamClass TestInputStreamClass;

static GType test_output_stream_get_type (void);
static GType test_input_stream_get_type (void);

G_DEFINE_FINAL_TYPE (TestOutputStream, test_output_stream, G_TYPE_OUTPUT_STREAM)
G_DEFINE_FINAL_TYPE (TestInputStream, test_input_stream, G_TYPE_INPUT_STREAM)

static gssize
test_output_stream_write (GOutputStream  *stream,
                          const void     *buffer,
                          gsize           count,
                          GCancellable   *cancellable,
                          GError        **error)
{
  TestOutputStream *self = (TestOutputStream *) stream;

  return self->func (buffer, count, cancellable, self->data, error);
}

static void
test_output_stream_class_init (TestOutputStreamClass *klass)
{
  klass->write_fn = test_output_stream_write;
}

static void
test_output_stream_init (TestOutputStream *self)
{
}

GOutputStream *
test_output_stream_new (TestWriteFunc func,
                        gpointer      data)
{
  TestOutputStream *self = g_object_new (test_output_stream_get_type (), NULL);

  self->func = func;
  self->data = data;
  return G_OUTPUT_STREAM (self);
}

static gssize
test_input_stream_read (GInputStream  *stream,
                        void          *buffer,
                        gsize          count,
                        GCancellable  *cancellable,
                        GError       **error)
{
  TestInputStream *self = (TestInputStream *) stream;

  return self->func (buffer, count, cancellable, self->data, error);
}

static void
test_input_stream_class_init (TestInputStreamClass *klass)
{
  klass->read_fn = test_input_stream_read;
}

static void
test_input_stream_init (TestInputStream *self)
{
}

GInputStream *
test_input_stream_new (TestReadFunc func,
                       gpointer     data)
{
  TestInputStream *self = g_object_new (test_input_stream_get_type (), NULL);

  self->func = func;
  self->data = data;
  return G_INPUT_STREAM (self);
}

gssize
test_slow_read (gpointer       buffer,
                gsize          count,
                GCancellable  *cancellable,
                gpointer       data,
                GError       **error)
{
  TestSlowSource *source = data;
  gsize           left = g_bytes_get_size (source->bytes) - source->position;
  gsize           n_bytes = MIN (MIN (count, left), source->step);

  if (n_bytes > 0)
    memcpy (buffer, (const guint8 *) g_bytes_get_data (source->bytes, NULL) + source->position, n_bytes);
  source->position += n_bytes;
  return n_bytes;
}

void
test_progress (goffset  current,
               goffset  total,
               gpointer data)
{
  TestProgress *progress = data;

  g_assert_cmpuint (progress->n_destroyed, ==, 0);
  g_assert_cmpint (current, >=, progress->current);
  if (progress->n_calls > 0)
    {
      g_assert_cmpint (total, ==, progress->total);
      g_assert_true (progress->thread == g_thread_self ());
    }
  progress->n_calls++;
  progress->current = current;
  progress->total = total;
  progress->thread = g_thread_self ();
}

void
test_progress_destroy (gpointer data)
{
  TestProgress *progress = data;

  progress->n_destroyed++;
}

void
test_progress_assert (TestProgress *progress,
                      goffset       bytes,
                      goffset       total)
{
  g_assert_cmpuint (progress->n_destroyed, ==, 1);
  g_assert_cmpuint (progress->n_calls, >, 0);
  g_assert_cmpint (progress->current, ==, bytes);
  g_assert_cmpint (progress->total, ==, total);
  g_assert_true (progress->thread == g_thread_self ());
}
