/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pattern-stream.h"

#include <string.h>

/* The @index-th eight bytes (the finaliser of SplitMix64). */
static guint64
word_at (guint64 index)
{
  guint64 z = (index + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Both streams are nearly always where a word begins. */
static void
fill (guint8  *buffer,
      gsize    size,
      guint64  offset)
{
  gsize i = 0;

  for (; offset % 8 == 0 && size - i >= 8; i += 8, offset += 8)
    {
      guint64 word = GUINT64_TO_LE (word_at (offset / 8));

      memcpy (buffer + i, &word, 8);
    }
  for (; i < size; i++, offset++)
    buffer[i] = word_at (offset / 8) >> (offset % 8 * 8);
}

/* To be read. */

#define PATTERN_TYPE_INPUT (pattern_input_get_type ())
G_DECLARE_FINAL_TYPE (PatternInput, pattern_input, PATTERN, INPUT, GInputStream)

struct _PatternInput
{
  GInputStream parent_instance;

  guint64 offset;
  guint64 size;
};

G_DEFINE_FINAL_TYPE (PatternInput, pattern_input, G_TYPE_INPUT_STREAM)

static gssize
pattern_input_read (GInputStream  *stream,
                    void          *buffer,
                    gsize          count,
                    GCancellable  *cancellable,
                    GError       **error)
{
  PatternInput *self = PATTERN_INPUT (stream);

  count = MIN (count, self->size - self->offset);
  fill (buffer, count, self->offset);
  self->offset += count;
  return count;
}

static void
pattern_input_class_init (PatternInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = pattern_input_read;
}

static void
pattern_input_init (PatternInput *self)
{
}

GInputStream *
pattern_input_new (guint64 size)
{
  PatternInput *self = g_object_new (PATTERN_TYPE_INPUT, NULL);

  self->size = size;
  return G_INPUT_STREAM (self);
}

/* To be written. */

#define PATTERN_TYPE_OUTPUT (pattern_output_get_type ())
G_DECLARE_FINAL_TYPE (PatternOutput, pattern_output, PATTERN, OUTPUT, GOutputStream)

struct _PatternOutput
{
  GOutputStream parent_instance;

  guint64 offset;
};

G_DEFINE_FINAL_TYPE (PatternOutput, pattern_output, G_TYPE_OUTPUT_STREAM)

static gssize
pattern_output_write (GOutputStream  *stream,
                      const void     *buffer,
                      gsize           count,
                      GCancellable   *cancellable,
                      GError        **error)
{
  PatternOutput *self = PATTERN_OUTPUT (stream);
  guint8         expected[64 * 1024];

  count = MIN (count, sizeof expected);
  fill (expected, count, self->offset);
  if (memcmp (buffer, expected, count) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "What came back differs from what was sent, in the %" G_GSIZE_FORMAT
                   " bytes after the first %" G_GUINT64_FORMAT, count, self->offset);
      return -1;
    }
  self->offset += count;
  return count;
}

static void
pattern_output_class_init (PatternOutputClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = pattern_output_write;
}

static void
pattern_output_init (PatternOutput *self)
{
}

GOutputStream *
pattern_output_new (void)
{
  return g_object_new (PATTERN_TYPE_OUTPUT, NULL);
}
