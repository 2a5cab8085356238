/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fixture.h"

G_BEGIN_DECLS

/**
 * Operation:
 * @name: its own
 * @run: does it, checks what came of it, and leaves the share as it was
 *
 * Everything that a user can have done, for tests that are about all of it.
 */
typedef struct
{
  const char *name;
  gboolean  (*run) (Fixture *f,
                    GError **error);
} Operation;

/* Up to one without a name. Those that list shares need operations_prepare() each time. */
extern const Operation operations[];

/* Puts there what the operations want to find. */
void operations_prepare (Fixture *f);

/* A file of this size on the share, and whether it can be stored and retrieved. */
gboolean do_retrieve (Fixture    *f,
                      const char *path,
                      GBytes     *expected,
                      GError    **error);
gboolean do_store    (Fixture    *f,
                      const char *path,
                      GBytes     *bytes,
                      GError    **error);

/* What srvsvc answers to a bind and a NetrShareEnum: a disk called "data". */
void add_share_list (ScriptedServer *server);

/* For g_test_add() with each of the operations: "<prefix>/<name>". */
void add_each_operation (const char *prefix,
                         void      (*func) (Fixture      *f,
                                            gconstpointer operation));

G_END_DECLS
