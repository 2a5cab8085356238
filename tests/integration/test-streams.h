/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Streams of a test's making: each write or read runs a function of the test, in the thread where the library
 * uses the stream (its asynchronous form runs it in a thread of GIO's). */

typedef gssize (*TestWriteFunc) (gconstpointer  buffer,
                                 gsize          count,
                                 GCancellable  *cancellable,
                                 gpointer       data,
                                 GError       **error);
typedef gssize (*TestReadFunc)  (gpointer       buffer,
                                 gsize          count,
                                 GCancellable  *cancellable,
                                 gpointer       data,
                                 GError       **error);

GOutputStream *test_output_stream_new (TestWriteFunc func,
                                       gpointer      data);
GInputStream  *test_input_stream_new  (TestReadFunc  func,
                                       gpointer      data);

/* For test_slow_read(): hands out @bytes, at most @step of them at a time. */
typedef struct
{
  GBytes *bytes;
  gsize   position;
  gsize   step;
} TestSlowSource;

gssize test_slow_read (gpointer       buffer,
                       gsize          count,
                       GCancellable  *cancellable,
                       gpointer       source,
                       GError       **error);

/* What a progress callback was told. */
typedef struct
{
  guint    n_calls;
  goffset  current;
  goffset  total;
  GThread *thread;
  guint    n_destroyed;
} TestProgress;

/* A GFileProgressCallback and the GDestroyNotify of its data: these go up, in one thread, and not after the
   end. */
void test_progress         (goffset  current,
                            goffset  total,
                            gpointer progress);
void test_progress_destroy (gpointer progress);
/* @total: -1 = not known */
void test_progress_assert  (TestProgress *progress,
                            goffset       bytes,
                            goffset       total);

G_END_DECLS
