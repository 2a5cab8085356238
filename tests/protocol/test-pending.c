/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"

/* Requests that the server puts off ([MS-SMB2] 3.2.5.1.5): the answer comes later, in a frame of its own. */

/* What can be put off; with TREE_CONNECT the number of the tree would be lost. */
static const ScriptedCommand commands[] = {
  SCRIPTED_CREATE, SCRIPTED_CLOSE, SCRIPTED_FLUSH,           SCRIPTED_READ,       SCRIPTED_WRITE,
  SCRIPTED_IOCTL,  SCRIPTED_ECHO,  SCRIPTED_QUERY_DIRECTORY, SCRIPTED_QUERY_INFO, SCRIPTED_SET_INFO,
};

static void
put_off_all (Fixture *f,
             gint64   n)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    scripted_rule (f->server, commands[i], 0, SCRIPTED_PENDING, .number = n);
}

static void
run (Fixture         *f,
     const Operation *operation)
{
  g_autoptr(GError) error = NULL;

  operation->run (f, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
}

static void
test_everything (Fixture       *f,
                 gconstpointer  operation)
{
  operations_prepare (f);
  fixture_open (f, NULL);
  put_off_all (f, 1);
  run (f, operation);
}

/* On a server that has one credit: the interim response brings it back, or the final one could not be waited
 * for. */
static void
test_with_one_credit (Fixture       *f,
                      gconstpointer  operation)
{
  operations_prepare (f);
  scripted_server_get_config (f->server)->max_credits = 1;
  fixture_open (f, NULL);
  put_off_all (f, 1);
  run (f, operation);
}

static void
test_sealed (Fixture       *f,
             gconstpointer  operation)
{
  operations_prepare (f);
  fixture_open (f, "encryption", SMB_ENCRYPTION_REQUIRED, NULL);
  put_off_all (f, 1);
  run (f, operation);
}

static void
test_login (Fixture       *f,
            gconstpointer  nth)
{
  scripted_rule (f->server, SCRIPTED_SESSION_SETUP, GPOINTER_TO_UINT (nth), SCRIPTED_PENDING, .number = 1);
  fixture_open (f, NULL);
  fixture_assert_usable (f);
}

/* One only. */
static void
test_twice (Fixture       *f,
            gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean          failed = FALSE;

      operations_prepare (f);
      fixture_open (f, NULL);
      scripted_rule (f->server, commands[i], 1, SCRIPTED_PENDING, .number = 2);
      for (const Operation *operation = operations; operation->name != NULL && !failed; operation++)
        failed = !operation->run (f, &error);
      assert_failed (&error, SMB_ERROR_PROTOCOL);
      fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

/* Meanwhile others are served. */
static void
test_others_go_on (Fixture       *f,
                   gconstpointer  data)
{
  Pending           pending = { 0 };
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_PENDING, .number = 1);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_HOLD);
  begin_echo (f, -1, NULL, &pending);
  scripted_server_wait_held (f->server, 1);
  for (guint i = 0; i < 10; i++)
    g_assert_true (do_attributes (f, NULL));
  g_assert_true (do_echo (f, NULL));
  g_assert_null (pending.result);
  scripted_server_release_all (f->server);
  g_assert_true (end_echo (f, &pending, &error));
}

/* Data too, though a file that is fetched from a tape, say, has all under way that there may be. */
static void
test_other_transfers_go_on (Fixture       *f,
                            gconstpointer  data)
{
  const gsize             size = 8 * 1024 * 1024;
  Pending                 pending = { 0 };
  g_autoptr(GBytes)       bytes = make_data (size);
  g_autoptr(GBytes)       read = NULL;
  g_autoptr(SmbOpenFile)  file = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError)       error = NULL;

  scripted_server_add_file (f->server, FILE_NAME, g_bytes_get_data (bytes, NULL), size);
  fixture_open (f, "default-timeout", 20000, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_PENDING, .number = 1);
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_HOLD);
  smb_open_file_read_async (file, 0, size, G_MAXINT, NULL, pending_ready, &pending);
  scripted_server_wait_held (f->server, 8);
  scripted_server_clear_rules (f->server);

  do_retrieve (f, FILE_NAME, bytes, &error);
  g_assert_no_error (error);
  g_assert_null (pending.result);
  scripted_server_release_all (f->server);
  result = pending_wait (&pending);
  read = smb_open_file_read_finish (file, result, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, bytes));
}

/* What was promised may still fail. */
static void
test_fails_later (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_PENDING, .number = 1);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_STATUS, .number = SMB_STATUS_SHARING_VIOLATION);
  g_assert_false (do_attributes (f, &error));
  assert_failed (&error, SMB_ERROR_SHARING_VIOLATION);
  fixture_assert_usable (f);
}

/* A chain that cannot wait as a whole: all but the first, or the last, fails, and is done again alone
 * ([MS-SMB2] 3.3.5.2.7.2 leaves it to the server). */

typedef struct
{
  const char     *name;
  const char     *operation;
  ScriptedCommand command; /* a later part of the chain */
} Chain;

static const Chain chains[] = {
  { "close", "get-attributes", SCRIPTED_CLOSE },
  { "read", "retrieve", SCRIPTED_READ },
  { "write", "store", SCRIPTED_WRITE },
  { "query-info", "get-security", SCRIPTED_QUERY_INFO },
  { "query-directory", "list-path", SCRIPTED_QUERY_DIRECTORY },
  { "set-info", "rename", SCRIPTED_SET_INFO },
  { "ioctl", "list-snapshots", SCRIPTED_IOCTL },
  { "pipe", "list-shares", SCRIPTED_IOCTL },
};

static void
refuse_to_wait (Fixture     *f,
                const Chain *chain,
                guint32      status)
{
  const Operation  *operation = operations;
  g_autoptr(GError) error = NULL;

  while (!g_str_equal (operation->name, chain->operation))
    operation++;
  operations_prepare (f);
  fixture_open (f, NULL);
  fixture_assert_usable (f); /* the share is there */
  scripted_rule (f->server, chain->command, 1, SCRIPTED_STATUS, .number = status);
  operation->run (f, &error);
  g_assert_no_error (error);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

static void
test_cannot_wait (Fixture       *f,
                  gconstpointer  chain)
{
  refuse_to_wait (f, chain, SMB_STATUS_INTERNAL_ERROR);
  fixture_renew (f);
  refuse_to_wait (f, chain, SMB_STATUS_INSUFFICIENT_RESOURCES);
}

typedef struct
{
  Fixture *f;
  Pending  deletion;
} Cleaning;

/* What was looked at is removed. */
static void
got_security_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Cleaning                        *self = user_data;
  g_autoptr(SmbSecurityDescriptor) descriptor = NULL;
  g_autoptr(GError)                error = NULL;

  descriptor = smb_protocol_factory_get_security_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  smb_protocol_factory_delete_files_async (self->f->factory, SHARE, FILE_NAME, FALSE, -1, NULL, pending_ready,
                                           &self->deletion);
}

static const ScriptedRecord *
get_last (Fixture        *f,
          ScriptedCommand command)
{
  return scripted_server_get_record (f->server, command, scripted_server_count (f->server, command) - 1);
}

/* A CLOSE that nobody waits for, since the chain it was part of was refused, is not overtaken by a removal:
 * not even where so much is under way that small requests wait for others to share a frame with. */
static void
test_not_overtaken (Fixture       *f,
                    gconstpointer  data)
{
  Cleaning              self = { f };
  Pending               pending[150] = { 0 };
  const ScriptedRecord *create, *close;
  g_autoptr(GError)     error = NULL;

  fixture_open (f, NULL);
  fixture_assert_usable (f);
  scripted_rule (f->server, SCRIPTED_ECHO, 0, SCRIPTED_HOLD);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    begin_echo (f, -1, NULL, &pending[i]);
  scripted_server_wait_held (f->server, G_N_ELEMENTS (pending));

  scripted_rule (f->server, SCRIPTED_QUERY_INFO, 1, SCRIPTED_STATUS, .number = SMB_STATUS_INTERNAL_ERROR);
  smb_protocol_factory_get_security_async (f->factory, SHARE, FILE_NAME, -1, NULL, got_security_cb, &self);
  while (self.deletion.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (smb_protocol_factory_delete_files_finish (f->factory, self.deletion.result, &error));
  g_assert_no_error (error);
  g_clear_object (&self.deletion.result);
  scripted_server_wait_open (f->server, 0);

  /* The removal is a chain of both, and the last one. */
  create = get_last (f, SCRIPTED_CREATE);
  close = get_last (f, SCRIPTED_CLOSE);
  g_assert_cmpuint (close->frame, ==, create->frame);
  scripted_server_release_all (f->server);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    g_assert_true (end_echo (f, &pending[i], &error));
}

/* Once; and what fails alone fails. */
static void
test_cannot_at_all (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("?", 1);
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  fixture_assert_usable (f);
  scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_STATUS, .number = SMB_STATUS_INTERNAL_ERROR);
  g_assert_false (do_retrieve (f, FILE_NAME, bytes, &error));
  g_assert_cmphex (smb_error_get_nt_status (error), ==, SMB_STATUS_INTERNAL_ERROR);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_READ), ==, 2);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_each_operation ("/pending/everything", test_everything);
  add_each_operation ("/pending/with-one-credit", test_with_one_credit);
  add_each_operation ("/pending/sealed", test_sealed);
  fixture_add_with ("/pending/login/first", GUINT_TO_POINTER (1), test_login);
  fixture_add_with ("/pending/login/last", GUINT_TO_POINTER (2), test_login);
  fixture_add ("/pending/twice", test_twice);
  fixture_add ("/pending/others-go-on", test_others_go_on);
  fixture_add ("/pending/other-transfers-go-on", test_other_transfers_go_on);
  fixture_add ("/pending/fails-later", test_fails_later);
  for (gsize i = 0; i < G_N_ELEMENTS (chains); i++)
    {
      g_autofree char *path = g_strconcat ("/pending/cannot-wait/", chains[i].name, NULL);

      fixture_add_with (path, &chains[i], test_cannot_wait);
    }
  fixture_add ("/pending/not-overtaken", test_not_overtaken);
  fixture_add ("/pending/cannot-at-all", test_cannot_at_all);

  return g_test_run ();
}
