/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"

/* Lengths, offsets and counts in the bodies of responses ([MS-SMB2] 2.2) that point nowhere, say more than
 * there is, or more than was asked for. Signed, rightly: the server itself may be hostile. */

#define BODY 64 /* where it begins */

typedef struct
{
  const char     *name;
  const char     *operation; /* that makes the client send */
  ScriptedCommand command;
  gint64          at;        /* in the body */
  const char     *data;
  gsize           size;
} Lie;

#define U8(text)  (text), 1
#define U16(text) (text), 2
#define U32(text) (text), 4

static const Lie lies[] = {
  { "echo-size", "echo", SCRIPTED_ECHO, 0, U16 ("\5\0") },
  { "tree-connect-size", "get-attributes", SCRIPTED_TREE_CONNECT, 0, U16 ("\x11\0") },
  { "create-size", "get-attributes", SCRIPTED_CREATE, 0, U16 ("\x58\0") },
  { "create-contexts-before", "get-attributes", SCRIPTED_CREATE, 80, U32 ("\x40\0\0\0") },
  { "create-contexts-nowhere", "get-attributes", SCRIPTED_CREATE, 80, U32 ("\xFF\xFF\0\0") },
  { "create-contexts-wrapped", "get-attributes", SCRIPTED_CREATE, 80, U32 ("\xF0\xFF\xFF\xFF") },
  { "create-contexts-long", "get-attributes", SCRIPTED_CREATE, 84, U32 ("\xFF\xFF\0\0") },
  { "create-contexts-huge", "get-attributes", SCRIPTED_CREATE, 84, U32 ("\xFF\xFF\xFF\xFF") },
  { "create-contexts-without-place", "get-attributes", SCRIPTED_CREATE, 80, U32 ("\0\0\0\0") },
  { "create-context-next-itself", "get-attributes", SCRIPTED_CREATE, 88, U32 ("\4\0\0\0") },
  { "create-context-next-nowhere", "get-attributes", SCRIPTED_CREATE, 88, U32 ("\0\1\0\0") },
  { "create-context-next-wrapped", "get-attributes", SCRIPTED_CREATE, 88, U32 ("\xF8\xFF\xFF\xFF") },
  { "create-context-name-nowhere", "get-attributes", SCRIPTED_CREATE, 92, U16 ("\xFF\xFF") },
  { "create-context-name-long", "get-attributes", SCRIPTED_CREATE, 94, U16 ("\xFF\xFF") },
  { "create-context-data-nowhere", "get-attributes", SCRIPTED_CREATE, 98, U16 ("\xFF\xFF") },
  { "create-context-data-long", "get-attributes", SCRIPTED_CREATE, 100, U32 ("\xFF\0\0\0") },
  { "create-context-data-huge", "get-attributes", SCRIPTED_CREATE, 100, U32 ("\xFF\xFF\xFF\xFF") },
  { "create-context-data-short", "get-attributes", SCRIPTED_CREATE, 100, U32 ("\7\0\0\0") },
  { "close-size", "get-attributes", SCRIPTED_CLOSE, 0, U16 ("\x3B\0") },
  { "flush-size", "open-file", SCRIPTED_FLUSH, 0, U16 ("\6\0") },
  { "read-size", "retrieve", SCRIPTED_READ, 0, U16 ("\x10\0") },
  { "read-into-header", "retrieve", SCRIPTED_READ, 2, U8 ("\0") },
  { "read-into-body", "retrieve", SCRIPTED_READ, 2, U8 ("\x42") },
  { "read-behind", "retrieve", SCRIPTED_READ, 2, U8 ("\xFF") },
  { "read-more-than-there-is", "retrieve", SCRIPTED_READ, 4, U32 ("\x19\0\0\0") },
  { "read-huge", "retrieve", SCRIPTED_READ, 4, U32 ("\xFF\xFF\xFF\xFF") },
  { "write-size", "open-file", SCRIPTED_WRITE, 0, U16 ("\x12\0") },
  { "write-more-than-sent", "open-file", SCRIPTED_WRITE, 4, U32 ("\x08\0\0\0") },
  { "write-huge", "open-file", SCRIPTED_WRITE, 4, U32 ("\xFF\xFF\xFF\xFF") },
  { "store-more-than-sent", "store", SCRIPTED_WRITE, 4, U32 ("\x13\0\0\0") },
  { "ioctl-size", "list-snapshots", SCRIPTED_IOCTL, 0, U16 ("\x30\0") },
  { "ioctl-into-body", "list-snapshots", SCRIPTED_IOCTL, 32, U32 ("\x44\0\0\0") },
  { "ioctl-nowhere", "list-snapshots", SCRIPTED_IOCTL, 32, U32 ("\0\1\0\0") },
  { "ioctl-wrapped", "list-snapshots", SCRIPTED_IOCTL, 32, U32 ("\xF0\xFF\xFF\xFF") },
  { "ioctl-more-than-there-is", "list-snapshots", SCRIPTED_IOCTL, 36, U32 ("\xFF\0\0\0") },
  { "ioctl-huge", "list-snapshots", SCRIPTED_IOCTL, 36, U32 ("\xFF\xFF\xFF\xFF") },
  { "pipe-nowhere", "list-shares", SCRIPTED_IOCTL, 32, U32 ("\0\0\1\0") },
  { "pipe-huge", "list-shares", SCRIPTED_IOCTL, 36, U32 ("\xFF\xFF\xFF\x7F") },
  { "query-directory-size", "list-path", SCRIPTED_QUERY_DIRECTORY, 0, U16 ("\x08\0") },
  { "query-directory-into-header", "list-path", SCRIPTED_QUERY_DIRECTORY, 2, U16 ("\x10\0") },
  { "query-directory-nowhere", "list-path", SCRIPTED_QUERY_DIRECTORY, 2, U16 ("\xF0\xFF") },
  { "query-directory-more", "list-path", SCRIPTED_QUERY_DIRECTORY, 4, U32 ("\xFF\xFF\0\0") },
  { "query-directory-huge", "list-path", SCRIPTED_QUERY_DIRECTORY, 4, U32 ("\xFF\xFF\xFF\xFF") },
  { "enumerate-nowhere", "enumerate", SCRIPTED_QUERY_DIRECTORY, 2, U16 ("\xF0\xFF") },
  { "delete-nowhere", "delete-some", SCRIPTED_QUERY_DIRECTORY, 2, U16 ("\xF0\xFF") },
  { "query-info-size", "get-security", SCRIPTED_QUERY_INFO, 0, U16 ("\x08\0") },
  { "query-info-into-header", "get-security", SCRIPTED_QUERY_INFO, 2, U16 ("\x20\0") },
  { "query-info-nowhere", "get-security", SCRIPTED_QUERY_INFO, 2, U16 ("\xFF\xFF") },
  { "query-info-more", "get-security", SCRIPTED_QUERY_INFO, 4, U32 ("\xFF\0\0\0") },
  { "query-info-huge", "open-file", SCRIPTED_QUERY_INFO, 4, U32 ("\xFF\xFF\xFF\xFF") },
  { "set-info-size", "rename", SCRIPTED_SET_INFO, 0, U16 ("\3\0") },
};

static const Operation *
find_operation (const char *name)
{
  const Operation *operation = operations;

  while (!g_str_equal (operation->name, name))
    operation++;
  return operation;
}

static void
open_apart (Fixture *f)
{
  operations_prepare (f);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ANY, 0, SCRIPTED_SPLIT);
}

static void
assert_ends (Fixture         *f,
             const Operation *operation)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (operation->run (f, &error));
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

static void
test_lie (Fixture       *f,
          gconstpointer  data)
{
  const Lie *lie = data;

  open_apart (f);
  scripted_rule (f->server, lie->command, 1, SCRIPTED_PATCH, .number = BODY + lie->at, .data = lie->data,
                 .size = lie->size);
  assert_ends (f, find_operation (lie->operation));
}

/* Bodies that end too early; @size is what they have at least. */

typedef struct
{
  const char     *operation;
  ScriptedCommand command;
  gint64          size;
} Body;

static const Body bodies[] = {
  { "get-attributes", SCRIPTED_TREE_CONNECT, 16 },
  { "get-attributes", SCRIPTED_CREATE, 88 + 56 },
  { "get-attributes", SCRIPTED_CLOSE, 60 },
  { "open-file", SCRIPTED_FLUSH, 4 },
  { "retrieve", SCRIPTED_READ, 16 + 24 },
  { "open-file", SCRIPTED_READ, 16 + 7 },
  { "store", SCRIPTED_WRITE, 16 },
  { "list-snapshots", SCRIPTED_IOCTL, 48 + 64 },
  { "list-shares", SCRIPTED_IOCTL, 48 + 60 },
  { "list-path", SCRIPTED_QUERY_DIRECTORY, 8 + 100 },
  { "get-security", SCRIPTED_QUERY_INFO, 8 + 80 },
  { "rename", SCRIPTED_SET_INFO, 2 },
};

static void
test_truncated (Fixture       *f,
                gconstpointer  data)
{
  const Body *body = data;

  for (gint64 size = 0; size < body->size; size += 1 + size / 4)
    {
      open_apart (f);
      scripted_rule (f->server, body->command, 1, SCRIPTED_TRUNCATE, .number = BODY + size);
      assert_ends (f, find_operation (body->operation));
      fixture_renew (f);
    }
  open_apart (f);
  scripted_rule (f->server, body->command, 1, SCRIPTED_TRUNCATE, .number = BODY + body->size - 1);
  assert_ends (f, find_operation (body->operation));
}

/* What tells of an error has a body, too ([MS-SMB2] 2.2.2). */

static void
assert_error_body_ends (Fixture    *f,
                        const char *body,
                        gsize       size)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_STATUS, .number = SMB_STATUS_ACCESS_DENIED);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_BODY, .data = body, .size = size);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
  fixture_renew (f);
}

static void
test_error_body (Fixture       *f,
                 gconstpointer  data)
{
  assert_error_body_ends (f, "\x08\0\0\0\0\0\0\0\0", 9);
  assert_error_body_ends (f, "\x09\0\0\0\2\0\0\0\0", 9);
  assert_error_body_ends (f, "\x09\0\0\0\xFF\xFF\xFF\xFF\0", 9);
  assert_error_body_ends (f, "\x09\0\0\0\0\0", 6);
  assert_error_body_ends (f, "", 0);
}

/* Where ByteCount is 0 a byte should follow; some servers save it. */
static void
test_spared_byte (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_STATUS, .number = SMB_STATUS_ACCESS_DENIED);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_BODY, .data = "\x09\0\0\0\0\0\0\0", .size = 8);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  fixture_assert_usable (f);
}

/* The login's */
static void
test_session_setup (Fixture       *f,
                    gconstpointer  data)
{
  static const struct
  {
    gint64      at;
    const char *value;
  } cases[] = {
    { 0, "\x08\0" }, { 4, "\x10\0" }, { 4, "\xFF\xFF" }, { 6, "\xFF\xFF" },
  };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = NULL;

      scripted_rule (f->server, SCRIPTED_SESSION_SETUP, 1 + i % 2, SCRIPTED_PATCH,
                     .number = BODY + cases[i / 2].at, .data = cases[i / 2].value, .size = 2);
      message = fixture_open_fails (f, SMB_ERROR_PROTOCOL, NULL);
      g_assert_nonnull (message);
      fixture_renew (f);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = g_strconcat ("/bodies/lie/", lies[i].name, NULL);

      fixture_add_with (path, &lies[i], test_lie);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/bodies/truncated/%u-%s", bodies[i].command, bodies[i].operation);

      fixture_add_with (path, &bodies[i], test_truncated);
    }
  fixture_add ("/bodies/error-body", test_error_body);
  fixture_add ("/bodies/spared-byte", test_spared_byte);
  fixture_add ("/bodies/session-setup", test_session_setup);

  return g_test_run ();
}
