/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Operations whose instructions are counted, under callgrind. */

/* What lies between these is counted, in all threads. */
void counted_begin (void);
void counted_end   (void);

/* A set of operations, of one kind. */
typedef struct
{
  const char *name;
  guint       n_operations;
  void      (*func) (guint n_operations);
} CountedSet;

/* Of the codec alone, up to one without a name. */
extern const CountedSet counted_frames[];

G_END_DECLS
