/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* fork() at a moment when all other threads sleep. One that runs may hold a lock of the C library or of a
 * sanitizer's allocator, and the child, which has no such thread, would wait for it for ever: no matter for
 * the library, but one for a test that goes on in the child. */
pid_t test_fork_quietly (void);
/* Waits until @child has exited, with 0. */
void  test_assert_child (pid_t child);

/* How often the threads of this process that have this name went to sleep, all told. */
guint64 test_count_sleeps (const char *name);
