/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What the command lines of the benchmark's programs may say. Each program has its own defaults and uses what
 * it needs of these; what is not said stays as it is. */
typedef struct
{
  char   *workload, *host, *user, *password, *share, *path, *mode, *variant, *dialect, *configuration;
  int     port, count, repeat;
  gint64  size;
} Arguments;

/* FALSE, after a message, if the line is wrong or has not what every program needs. */
gboolean arguments_parse (Arguments   *self,
                          int         *argc,
                          char      ***argv);
