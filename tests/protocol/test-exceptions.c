/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* What may come without protection on a session that has it, since the server has no key (any more), or is
 * asked not to use it: interim responses, breaks of oplocks, and a few errors. They end their own request and
 * nothing else
 * ([MS-SMB2] 3.2.5.1.3). */

static const SmbEncryption clear = SMB_ENCRYPTION_IF_REQUIRED;
static const SmbEncryption sealed = SMB_ENCRYPTION_REQUIRED;

static void
open_with (Fixture       *f,
           SmbEncryption  encryption)
{
  fixture_open (f, "encryption", encryption, NULL);
}

/* The status comes as the answer to an ECHO, in the given way. */

typedef struct
{
  const char    *name;
  guint32        status;
  ScriptedAction how;
  gboolean       and_garbled; /* its signature */
} Answer;

/* Each of these ends one request. */
static const Answer bearable[] = {
  { "session-deleted-unsigned", SMB_STATUS_USER_SESSION_DELETED, SCRIPTED_UNSIGNED },
  { "session-deleted-echoed", SMB_STATUS_USER_SESSION_DELETED, SCRIPTED_ECHO_SIGNATURE },
  { "session-deleted-garbled", SMB_STATUS_USER_SESSION_DELETED, SCRIPTED_BAD_SIGNATURE },
  { "name-deleted-unsigned", SMB_STATUS_NETWORK_NAME_DELETED, SCRIPTED_UNSIGNED },
  { "name-deleted-echoed", SMB_STATUS_NETWORK_NAME_DELETED, SCRIPTED_ECHO_SIGNATURE },
  { "file-closed-unsigned", SMB_STATUS_FILE_CLOSED, SCRIPTED_UNSIGNED },
  { "file-closed-echoed", SMB_STATUS_FILE_CLOSED, SCRIPTED_ECHO_SIGNATURE },
  { "invalid-parameter-unsigned", SMB_STATUS_INVALID_PARAMETER, SCRIPTED_UNSIGNED },
  { "invalid-parameter-echoed", SMB_STATUS_INVALID_PARAMETER, SCRIPTED_ECHO_SIGNATURE },
};

/* And each of these the connection. */
static const Answer unbearable[] = {
  { "name-deleted-garbled", SMB_STATUS_NETWORK_NAME_DELETED, SCRIPTED_BAD_SIGNATURE },
  { "file-closed-garbled", SMB_STATUS_FILE_CLOSED, SCRIPTED_BAD_SIGNATURE },
  { "invalid-parameter-garbled", SMB_STATUS_INVALID_PARAMETER, SCRIPTED_BAD_SIGNATURE },
  { "name-deleted-other", SMB_STATUS_NETWORK_NAME_DELETED, SCRIPTED_ECHO_SIGNATURE, TRUE },
  { "file-closed-other", SMB_STATUS_FILE_CLOSED, SCRIPTED_ECHO_SIGNATURE, TRUE },
  { "invalid-parameter-other", SMB_STATUS_INVALID_PARAMETER, SCRIPTED_ECHO_SIGNATURE, TRUE },
  { "success", SMB_STATUS_SUCCESS, SCRIPTED_UNSIGNED },
  { "access-denied", SMB_STATUS_ACCESS_DENIED, SCRIPTED_UNSIGNED },
  { "access-denied-echoed", SMB_STATUS_ACCESS_DENIED, SCRIPTED_ECHO_SIGNATURE },
  { "not-found", SMB_STATUS_OBJECT_NAME_NOT_FOUND, SCRIPTED_UNSIGNED },
  { "not-supported", SMB_STATUS_NOT_SUPPORTED, SCRIPTED_UNSIGNED },
  { "session-expired", SMB_STATUS_NETWORK_SESSION_EXPIRED, SCRIPTED_UNSIGNED },
  { "logon-failure", SMB_STATUS_LOGON_FAILURE, SCRIPTED_UNSIGNED },
  { "more-processing", SMB_STATUS_MORE_PROCESSING_REQUIRED, SCRIPTED_UNSIGNED },
  { "end-of-file", SMB_STATUS_END_OF_FILE, SCRIPTED_UNSIGNED },
  { "buffer-overflow", SMB_STATUS_BUFFER_OVERFLOW, SCRIPTED_UNSIGNED },
};

/* In the clear on a session that is sealed. */
static const Answer bearable_in_clear[] = {
  { "session-deleted", SMB_STATUS_USER_SESSION_DELETED, SCRIPTED_UNSIGNED },
  { "invalid-parameter", SMB_STATUS_INVALID_PARAMETER, SCRIPTED_UNSIGNED },
};

static const Answer unbearable_in_clear[] = {
  { "name-deleted", SMB_STATUS_NETWORK_NAME_DELETED, SCRIPTED_UNSIGNED },
  { "file-closed", SMB_STATUS_FILE_CLOSED, SCRIPTED_UNSIGNED },
  { "signed-name-deleted", SMB_STATUS_NETWORK_NAME_DELETED, SCRIPTED_SIGNED },
  { "signed-access-denied", SMB_STATUS_ACCESS_DENIED, SCRIPTED_SIGNED },
  { "signed-success", SMB_STATUS_SUCCESS, SCRIPTED_SIGNED },
  { "success", SMB_STATUS_SUCCESS, SCRIPTED_UNSIGNED },
  { "access-denied", SMB_STATUS_ACCESS_DENIED, SCRIPTED_UNSIGNED },
  { "session-expired", SMB_STATUS_NETWORK_SESSION_EXPIRED, SCRIPTED_UNSIGNED },
};

static void
answer_echo_with (Fixture      *f,
                  const Answer *answer)
{
  if (answer->status != SMB_STATUS_SUCCESS)
    scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_STATUS, .number = answer->status);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_IN_CLEAR);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, answer->how);
  if (answer->and_garbled)
    scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_BAD_SIGNATURE);
}

static void
assert_bearable (Fixture       *f,
                 const Answer  *answer,
                 SmbEncryption  encryption)
{
  g_autoptr(GError) error = NULL;

  open_with (f, encryption);
  answer_echo_with (f, answer);
  g_assert_false (do_echo (f, &error));
  g_assert_cmphex (smb_error_get_nt_status (error), ==, answer->status);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 2);
}

static void
test_bearable (Fixture       *f,
               gconstpointer  answer)
{
  assert_bearable (f, answer, clear);
}

static void
test_bearable_in_clear (Fixture       *f,
                        gconstpointer  answer)
{
  assert_bearable (f, answer, sealed);
}

static void
assert_unbearable (Fixture       *f,
                   const Answer  *answer,
                   SmbEncryption  encryption)
{
  g_autoptr(GError) error = NULL;

  open_with (f, encryption);
  answer_echo_with (f, answer);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 2);
}

static void
test_unbearable (Fixture       *f,
                 gconstpointer  answer)
{
  assert_unbearable (f, answer, clear);
}

static void
test_unbearable_in_clear (Fixture       *f,
                          gconstpointer  answer)
{
  assert_unbearable (f, answer, sealed);
}

/* Interim responses. */

static void
test_interim (Fixture       *f,
              gconstpointer  encryption)
{
  g_autoptr(GError) error = NULL;

  open_with (f, *(const SmbEncryption *) encryption);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_PENDING, .number = 1);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_INTERIM_IN_CLEAR);
  g_assert_true (do_echo (f, &error));
  g_assert_no_error (error);
  fixture_assert_usable (f);
}

/* The one that follows has to be protected all the same. */
static void
test_after_interim (Fixture       *f,
                    gconstpointer  encryption)
{
  g_autoptr(GError) error = NULL;

  open_with (f, *(const SmbEncryption *) encryption);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_PENDING, .number = 1);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_UNSIGNED);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_IN_CLEAR);
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_SECURITY);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

static void
assert_protocol_error (Fixture *f)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_gone (f, SMB_ERROR_PROTOCOL);
}

static void
test_second_interim (Fixture       *f,
                     gconstpointer  encryption)
{
  open_with (f, *(const SmbEncryption *) encryption);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_PENDING, .number = 2);
  assert_protocol_error (f);
}

/* STATUS_PENDING without the ASYNC flag promises nothing. */
static void
test_synchronous_interim (Fixture       *f,
                          gconstpointer  data)
{
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_STATUS, .number = SMB_STATUS_PENDING);
  assert_protocol_error (f);
}

/* Breaks of oplocks; this client has none. */

static void
test_break (Fixture       *f,
            gconstpointer  encryption)
{
  g_autoptr(GError) error = NULL;

  open_with (f, *(const SmbEncryption *) encryption);
  scripted_rule (f->server, SCRIPTED_ECHO, 1, SCRIPTED_BREAK);
  g_assert_true (do_echo (f, &error));
  g_assert_no_error (error);
  scripted_server_send_break (f->server);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_OPLOCK_BREAK), ==, 0);
}

/* An error that is believed brings nothing along but its name. */
static void
test_no_payload (Fixture       *f,
                 gconstpointer  data)
{
  static const char        body[] = "\x11\0\x50\0\4\0\0\0\0\0\0\0\0\0\0\0evil";
  g_autofree guint8       *buffer = g_malloc0 (4);
  g_autoptr(SmbOpenFile)   file = NULL;
  g_autoptr(GError)        error = NULL;

  fixture_open (f, NULL);
  file = do_open (f, SMB_FILE_ACCESS_READ);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_STATUS, .number = SMB_STATUS_FILE_CLOSED);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_BODY, .data = body, .size = sizeof body - 1);
  scripted_rule (f->server, SCRIPTED_READ, 1, SCRIPTED_UNSIGNED);
  g_assert_false (smb_open_file_read_into (file, 0, buffer, 4, -1, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpmem (buffer, 4, "\0\0\0\0", 4);
}

static void
add_answers (const char   *group,
             const Answer *answers,
             gsize         n_answers,
             void        (*func) (Fixture      *f,
                                  gconstpointer data))
{
  for (gsize i = 0; i < n_answers; i++)
    {
      g_autofree char *path = g_strdup_printf ("/exceptions/%s/%s", group, answers[i].name);

      fixture_add_with (path, &answers[i], func);
    }
}

#define ADD_BOTH(name, func)                                    \
  fixture_add_with ("/exceptions/" name "/signed", &clear, func); \
  fixture_add_with ("/exceptions/" name "/sealed", &sealed, func)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_answers ("signed", bearable, G_N_ELEMENTS (bearable), test_bearable);
  add_answers ("signed-not", unbearable, G_N_ELEMENTS (unbearable), test_unbearable);
  add_answers ("sealed", bearable_in_clear, G_N_ELEMENTS (bearable_in_clear), test_bearable_in_clear);
  add_answers ("sealed-not", unbearable_in_clear, G_N_ELEMENTS (unbearable_in_clear),
               test_unbearable_in_clear);
  ADD_BOTH ("interim", test_interim);
  ADD_BOTH ("after-interim", test_after_interim);
  ADD_BOTH ("second-interim", test_second_interim);
  ADD_BOTH ("break", test_break);
  fixture_add ("/exceptions/synchronous-interim", test_synchronous_interim);
  fixture_add ("/exceptions/no-payload", test_no_payload);

  return g_test_run ();
}
