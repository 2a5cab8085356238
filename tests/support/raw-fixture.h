/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "raw-client.h"

G_BEGIN_DECLS

typedef struct
{
  ScriptedServer *server;
  RawClient      *client; /* logged in without a name, with a file open */
  guint64         file;
} RawFixture;

/* An ECHO's StructureSize and Reserved */
#define ECHO_BODY "\4\0\0\0"

/* Both for g_test_add(). */
void    raw_fixture_set_up    (RawFixture   *f,
                               gconstpointer data);
void    raw_fixture_tear_down (RawFixture   *f,
                               gconstpointer data);

guint64 raw_send_echo         (RawFixture   *f);
GBytes *raw_echo              (RawFixture   *f) G_GNUC_WARN_UNUSED_RESULT;
/* The next frame, which answers @id with @status. */
GBytes *raw_expect            (RawFixture   *f,
                               guint64       id,
                               guint32       status) G_GNUC_WARN_UNUSED_RESULT;
void    raw_assert_answered   (RawFixture   *f,
                               guint64       id,
                               guint32       status);
void    raw_assert_echo_works (RawFixture   *f);
void    raw_assert_hung_up    (RawFixture   *f);
void    raw_assert_data       (GBytes       *message,
                               gsize         offset,
                               const char   *data,
                               gsize         size);

G_END_DECLS
