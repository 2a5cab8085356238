/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TestProcess:
 *
 * A helper program of a test that takes commands on stdin, a line each, answers
 * on stdout, and ends when its stdin closes, which a crash of the test does.
 */
typedef struct _TestProcess TestProcess;

/* A file below the source's, or the build's, tests/. */
char        *test_process_source_file (const char *folder,
                                       const char *name);
char        *test_process_build_file (const char *folder,
                                      const char *name);

TestProcess *test_process_start (const char *const *argv);
void         test_process_write_line (TestProcess *self,
                                      const char  *line);

/* Waits for a line of output, a flat JSON object of strings, as a{ss}. Aborts the test if the program has
 * ended. */
GVariant    *test_process_read_table (TestProcess *self) G_GNUC_WARN_UNUSED_RESULT;

/* Closes stdin, waits for the end, and frees @self. */
void         test_process_wait (TestProcess *self);

G_END_DECLS
