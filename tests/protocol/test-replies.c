/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"

/* Frames, headers and chains that are not what they should be ([MS-SMB2] 3.2.5.1): each ends the connection,
 * and with it what was under way, once. What servers may do differently goes well. */

static void
patch (Fixture        *f,
       ScriptedCommand command,
       gint64          at,
       const char     *data,
       gsize           size)
{
  scripted_rule (f->server, command, 1, SCRIPTED_PATCH, .number = at, .data = data, .size = size);
}

/* Without signatures, which would tell before anybody looks at the rest. */
static void
open_unsigned (Fixture *f)
{
  fixture_open (f, "sign-options", SMB_SIGN_OPTIONS_WHEN_REQUIRED, NULL);
}

static void
assert_echo_ends (Fixture *f,
                  SmbError code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (do_echo (f, &error));
  assert_failed (&error, code);
  fixture_assert_gone (f, code);
}

static void
assert_chain_ends (Fixture *f,
                   SmbError code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (do_attributes (f, &error));
  assert_failed (&error, code);
  fixture_assert_gone (f, code);
}

/* Which request it answers */

static void
test_other_message_id (Fixture       *f,
                       gconstpointer  data)
{
  static const gint64 moves[] = { 1, -1, 1000, -3, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      fixture_open (f, NULL);
      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_MESSAGE_ID, .number = moves[i]);
      assert_echo_ends (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

static void
test_other_command (Fixture       *f,
                    gconstpointer  data)
{
  static const char commands[]
      = { SCRIPTED_READ, SCRIPTED_CREATE, SCRIPTED_NEGOTIATE, SCRIPTED_CANCEL, 0x7F };

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      fixture_open (f, NULL);
      patch (f, SCRIPTED_ECHO, 12, &commands[i], 1);
      assert_echo_ends (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

static void
test_other_session (Fixture       *f,
                    gconstpointer  data)
{
  fixture_open (f, NULL);
  patch (f, SCRIPTED_ECHO, 40, "\x77", 1);
  assert_echo_ends (f, SMB_ERROR_PROTOCOL);
}

/* The first one is as good as any; the second answers nothing. */
static void
test_twice (Fixture       *f,
            gconstpointer  data)
{
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_DUPLICATE);
  do_echo (f, NULL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

static void
test_unasked (Fixture       *f,
              gconstpointer  data)
{
  static const char message[64 + 4] = {
    '\xfe', 'S', 'M', 'B', 64, [12] = SCRIPTED_ECHO, [14] = 1, [16] = 1, [24] = 99, [64] = 4,
  };

  open_unsigned (f);
  scripted_server_send (f->server, message, sizeof message);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

/* The header */

static void
test_no_message (Fixture       *f,
                 gconstpointer  data)
{
  static const struct
  {
    gint64      at;
    const char *data;
  } cases[] = {
    { 0, "\xff" },        /* SMB1 */
    { 0, "\xfc" },        /* compressed, which was not agreed on */
    { 1, "X" },           /* nothing */
    { 4, "\x41" },        /* StructureSize */
    { 16, "\0" },         /* no response */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      open_unsigned (f);
      patch (f, SCRIPTED_ECHO, cases[i].at, cases[i].data, 1);
      assert_echo_ends (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

static void
test_short_message (Fixture       *f,
                    gconstpointer  data)
{
  for (gint64 size = 0; size < 64 + 4; size++)
    {
      open_unsigned (f);
      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_TRUNCATE, .number = size);
      assert_echo_ends (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

/* Frames */

static void
test_cut (Fixture       *f,
          gconstpointer  data)
{
  for (gint64 size = 0; size < 4 + 64 + 4; size++)
    {
      fixture_open (f, NULL);
      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_CUT, .number = size);
      assert_echo_ends (f, SMB_ERROR_NOT_CONNECTED);
      fixture_renew (f);
    }
}

/* A READ whose data goes straight to the reader: in the framing, in the header, between, in the data, all but
 * one. */
static void
test_cut_read (Fixture       *f,
               gconstpointer  data)
{
  const gsize         size = 200000;
  static const gint64 cuts[]
      = { 1, 3, 4, 5, 4 + 63, 4 + 64, 4 + 79, 4 + 80, 4 + 81, 4 + 80 + 100000, 4 + 80 + 199999 };
  g_autoptr(GBytes)   bytes = make_data (size);

  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autofree guint8     *buffer = g_malloc (size);
      g_autoptr(GError)      error = NULL;
      g_autoptr(SmbOpenFile) file = NULL;

      scripted_server_add_file (f->server, FILE_NAME, g_bytes_get_data (bytes, NULL), size);
      fixture_open (f, NULL);
      file = do_open (f, SMB_FILE_ACCESS_READ);
      scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_CUT, .number = cuts[i]);
      g_assert_false (smb_open_file_read_into (file, 0, buffer, size, -1, NULL, NULL, &error));
      assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
      for (gsize k = 0; k < size; k++)
        g_assert_cmphex (buffer[k], ==, 0);
      g_clear_object (&file);
      fixture_renew (f);
    }
}

/* Larger than all that was asked for together: refused before anybody makes room for it. */
static void
test_oversized (Fixture       *f,
                gconstpointer  data)
{
  static const gint64 sizes[] = { 0xFFFFFF, 0x800000, 0x40000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      fixture_open (f, NULL);
      scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_LENGTH, .number = sizes[i]);
      assert_echo_ends (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

/* What follows is taken for framing. */
static void
test_too_short_a_length (Fixture       *f,
                         gconstpointer  data)
{
  open_unsigned (f);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_LENGTH, .number = 64);
  assert_echo_ends (f, SMB_ERROR_PROTOCOL);
}

static void
test_empty (Fixture       *f,
            gconstpointer  data)
{
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_FIRST_SEND, .data = "", .size = 0);
  assert_echo_ends (f, SMB_ERROR_PROTOCOL);
}

/* NetBIOS's, at any time (RFC 1002 4.3.6): some servers send it on port 445 as well. */
static void
test_keep_alive (Fixture       *f,
                 gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_ANY, 0, SCRIPTED_KEEP_ALIVE);
  fixture_open (f, NULL);
  g_assert_true (do_attributes (f, NULL));
  fixture_assert_usable (f);
}

static void
test_nonsense (Fixture       *f,
               gconstpointer  data)
{
  fixture_open (f, NULL);
  scripted_server_send (f->server, "How doth the little crocodile improve his shining tail", 54);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

/* Chains ([MS-SMB2] 3.2.5.1.9) */

static void
test_next_command (Fixture       *f,
                   gconstpointer  data)
{
  static const struct
  {
    ScriptedCommand command;
    const char     *next;
  } cases[] = {
    { SCRIPTED_CREATE, "\x08\0\0\0" },          /* into itself */
    { SCRIPTED_CREATE, "\x38\0\0\0" },
    { SCRIPTED_CREATE, "\x40\0\0\0" },          /* into its body */
    { SCRIPTED_CREATE, "\x41\0\0\0" },          /* at no multiple of 8 */
    { SCRIPTED_CREATE, "\xF8\xFF\xFF\xFF" },    /* back, for ever */
    { SCRIPTED_CREATE, "\xF8\xFF\xFF\x7F" },
    { SCRIPTED_CLOSE, "\x40\0\0\0" },           /* where nothing is */
    { SCRIPTED_CLOSE, "\x80\0\0\0" },
    { SCRIPTED_CLOSE, "\xF8\xFF\xFF\xFF" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      open_unsigned (f);
      patch (f, cases[i].command, 20, cases[i].next, 4);
      assert_chain_ends (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

/* Some servers answer a chain in frames of their own, and in any order. */
static void
test_separate_frames (Fixture       *f,
                      gconstpointer  operation)
{
  g_autoptr(GError) error = NULL;

  operations_prepare (f);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ANY, 0, SCRIPTED_SPLIT);
  ((const Operation *) operation)->run (f, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
}

static void
test_other_order (Fixture       *f,
                  gconstpointer  data)
{
  Pending                  pending = { 0 };
  g_autoptr(GAsyncResult)  result = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  fixture_open (f, NULL);
  fixture_assert_usable (f);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_HOLD);
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_HOLD);
  smb_protocol_factory_get_attributes_async (f->factory, SHARE, FILE_NAME, -1, NULL, pending_ready, &pending);
  scripted_server_wait_held (f->server, 2);
  scripted_server_release (f->server, 1);
  scripted_server_release (f->server, 0);
  result = pending_wait (&pending);
  file = smb_protocol_factory_get_attributes_finish (f->factory, result, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
}

/* One answer never comes: that operation fails, and what it opened is not left behind. */
static void
test_missing_answer (Fixture       *f,
                     gconstpointer  command)
{
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  fixture_open (f, NULL);
  fixture_assert_usable (f);
  scripted_rule (f->server, GPOINTER_TO_UINT (command), 1, SCRIPTED_FREEZE);
  file = smb_protocol_factory_get_attributes (f->factory, SHARE, FILE_NAME, 100, NULL, &error);
  g_assert_null (file);
  assert_failed (&error, SMB_ERROR_TIMED_OUT);
  fixture_assert_usable (f);
}

/* An answer for a part that was never sent. */
static void
test_answer_too_many (Fixture       *f,
                      gconstpointer  data)
{
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_MESSAGE_ID, .number = 1);
  assert_chain_ends (f, SMB_ERROR_PROTOCOL);
}

/* A batch of requests of other operations is under way: all end, each once, and with the reason. */
static void
test_others_end_too (Fixture       *f,
                     gconstpointer  data)
{
  Pending pending[20] = { 0 };

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin_echo (f, -1, NULL, &pending[i]);
  scripted_server_wait_held (f->server, G_N_ELEMENTS (pending));
  scripted_server_send (f->server, "nonsense", 8);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (end_echo (f, &pending[i], &error));
      assert_failed (&error, SMB_ERROR_PROTOCOL);
    }
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/replies/other-message-id", test_other_message_id);
  fixture_add ("/replies/other-command", test_other_command);
  fixture_add ("/replies/other-session", test_other_session);
  fixture_add ("/replies/twice", test_twice);
  fixture_add ("/replies/unasked", test_unasked);
  fixture_add ("/replies/no-message", test_no_message);
  fixture_add ("/replies/short-message", test_short_message);
  fixture_add ("/replies/cut", test_cut);
  fixture_add ("/replies/cut-read", test_cut_read);
  fixture_add ("/replies/oversized", test_oversized);
  fixture_add ("/replies/too-short-a-length", test_too_short_a_length);
  fixture_add ("/replies/empty", test_empty);
  fixture_add ("/replies/keep-alive", test_keep_alive);
  fixture_add ("/replies/nonsense", test_nonsense);
  fixture_add ("/replies/next-command", test_next_command);
  add_each_operation ("/replies/separate-frames", test_separate_frames);
  fixture_add ("/replies/other-order", test_other_order);
  fixture_add_with ("/replies/missing-answer/create", GUINT_TO_POINTER (SCRIPTED_CREATE),
                    test_missing_answer);
  fixture_add_with ("/replies/missing-answer/close", GUINT_TO_POINTER (SCRIPTED_CLOSE), test_missing_answer);
  fixture_add ("/replies/answer-too-many", test_answer_too_many);
  fixture_add ("/replies/others-end-too", test_others_end_too);

  return g_test_run ();
}
