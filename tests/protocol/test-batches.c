/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"

/* Many small operations at once share frames, with servers that take several chains in one;
 * [MS-SMB2] 3.2.4.1.4 does not ask it of them, so that it is tried with something harmless first. Whatever
 * they think of it, each operation gets its own answer. */

#define N_OPERATIONS 24

typedef struct
{
  Pending  pending[N_OPERATIONS];
  guint    n_failed;
  GError  *error; /* the last */
} Crowd;

static void
begin_look (Fixture    *f,
            const char *share,
            Pending    *pending)
{
  smb_protocol_factory_get_attributes_async (f->factory, share, FILE_NAME, -1, NULL, pending_ready, pending);
}

static void
begin_retrieve (Fixture    *f,
                const char *share,
                Pending    *pending)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();

  smb_protocol_factory_retrieve_file_async (f->factory, share, FILE_NAME, stream, NULL, NULL, NULL, -1, NULL,
                                            pending_ready, pending);
}

/* All begin while the share is being connected to, and so go on at the same moment. */
static void
begin_all (Fixture    *f,
           const char *share,
           Crowd      *crowd,
           void      (*begin) (Fixture *, const char *, Pending *))
{
  scripted_rule (f->server, SCRIPTED_TREE_CONNECT, 1, SCRIPTED_HOLD);
  for (guint i = 0; i < N_OPERATIONS; i++)
    begin (f, share, &crowd->pending[i]);
  scripted_server_wait_held (f->server, 1);
  g_assert_true (do_echo (f, NULL)); /* by then all wait for the share */
  scripted_server_release (f->server, 0);
}

static void
begin_on (Fixture    *f,
          const char *share,
          Crowd      *crowd)
{
  begin_all (f, share, crowd, begin_look);
}

static void
end (Fixture *f,
     Crowd   *crowd)
{
  for (guint i = 0; i < N_OPERATIONS; i++)
    {
      g_autoptr(GAsyncResult)  result = pending_wait (&crowd->pending[i]);
      g_autoptr(SmbSharedFile) file = NULL;

      g_clear_error (&crowd->error);
      file = smb_protocol_factory_get_attributes_finish (f->factory, result, &crowd->error);
      if (file == NULL)
        crowd->n_failed++;
      else
        g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, strlen (FILE_TEXT));
    }
}

static void
run_on (Fixture    *f,
        const char *share)
{
  Crowd crowd = { 0 };

  begin_on (f, share, &crowd);
  end (f, &crowd);
  g_assert_no_error (crowd.error);
  g_assert_cmpuint (crowd.n_failed, ==, 0);
}

/* The most CREATEs in one frame among those from @first on. */
static guint
get_largest_batch (Fixture *f,
                   guint    first)
{
  guint n = scripted_server_count (f->server, SCRIPTED_CREATE);
  guint most = 0;
  guint size = 0;

  for (guint i = first; i < n; i++)
    {
      const ScriptedRecord *record = scripted_server_get_record (f->server, SCRIPTED_CREATE, i);

      size = record->position == 0 ? 1 : size + 1;
      most = MAX (most, size);
    }
  return most;
}

/* How many CREATEs the first frame with several has. */
static guint
get_first_batch (Fixture *f)
{
  guint n = scripted_server_count (f->server, SCRIPTED_CREATE);
  guint i = 0;
  guint size = 1;

  while (i < n && scripted_server_get_record (f->server, SCRIPTED_CREATE, i)->position == 0)
    i++;
  for (; i < n && scripted_server_get_record (f->server, SCRIPTED_CREATE, i)->position > 0; i++)
    size++;
  return size;
}

/* The first crowd finds out whether the server takes batches. */
static guint
ask (Fixture *f)
{
  run_on (f, SHARE);
  g_assert_true (do_echo (f, NULL));
  return scripted_server_count (f->server, SCRIPTED_CREATE);
}

static void
test_accepted (Fixture       *f,
               gconstpointer  encryption)
{
  guint n;

  fixture_open (f, "encryption", GPOINTER_TO_INT (encryption), NULL);
  n = ask (f);
  g_assert_cmpuint (n, ==, N_OPERATIONS + 2); /* and the question, which opens the root twice */
  g_assert_cmpuint (get_first_batch (f), ==, 2);
  run_on (f, "other");
  g_assert_cmpuint (get_largest_batch (f, n), >=, 8);
  scripted_server_wait_open (f->server, 0);
}

/* Removals: they find work for many frames at once, and have so much under way at most. */

#define N_DOOMED    400
#define N_UNDER_WAY 64

/* Opens the connection to a server with much to delete. */
static void
open_doomed (Fixture *f)
{
  scripted_server_add_folder (f->server, "many");
  for (guint i = 0; i < N_DOOMED; i++)
    {
      g_autofree char *path = g_strdup_printf ("many\\%u.tmp", i);

      scripted_server_add_file (f->server, path, "", 0);
    }
  fixture_open (f, NULL);
}

/* Waiting for company ends after a few milliseconds. */
#define N_ATTEMPTS 50

/* It waits for the answer to the question as well. */
static gboolean
remove_in_few_frames (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  guint             n, n_frames = 0;

  open_doomed (f);
  smb_protocol_factory_delete_files (f->factory, SHARE, "many/*.tmp", FALSE, -1, NULL, &error);
  g_assert_no_error (error);
  n = scripted_server_count (f->server, SCRIPTED_CREATE);
  g_assert_cmpuint (n, >=, N_DOOMED);
  for (guint i = 0; i < n; i++)
    n_frames += scripted_server_get_record (f->server, SCRIPTED_CREATE, i)->position == 0;
  return n_frames <= N_DOOMED / 8;
}

static void
test_removal (Fixture       *f,
              gconstpointer  data)
{
  fixture_try (f, remove_in_few_frames, N_ATTEMPTS);
}

/* What had to leave one by one is answered one by one; what follows it goes together all the same. */
static gboolean
remove_one_by_one (Fixture *f)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError)       error = NULL;
  Pending                 pending = { 0 };
  const guint             n_alone = 2 + N_UNDER_WAY; /* the question, and what did not wait for its answer */
  guint                   largest;

  open_doomed (f);
  for (guint nth = 2; nth <= 1 + 2 + N_DOOMED; nth++) /* all but the folder */
    scripted_rule (f->server, SCRIPTED_CREATE, nth, SCRIPTED_HOLD);
  smb_protocol_factory_delete_files_async (f->factory, SHARE, "many/*.tmp", FALSE, -1, NULL, pending_ready,
                                           &pending);
  scripted_server_wait_held (f->server, n_alone);
  for (guint i = 0; i < n_alone; i++)
    {
      scripted_server_release (f->server, 0);
      g_assert_true (do_echo (f, NULL)); /* by then it has come */
    }
  largest = get_largest_batch (f, 1 + n_alone);
  scripted_server_release_all (f->server);
  result = pending_wait (&pending);
  smb_protocol_factory_delete_files_finish (f->factory, result, &error);
  g_assert_no_error (error);
  return largest > 1;
}

static void
test_removal_one_by_one (Fixture       *f,
                         gconstpointer  data)
{
  fixture_try (f, remove_one_by_one, N_ATTEMPTS);
}

/* Which CREATE, counted from 1, is the second half of the question. Tried out on a server that says yes. */
static guint
find_question (Fixture *f)
{
  guint i = 0;

  fixture_open (f, NULL);
  ask (f);
  while (scripted_server_get_record (f->server, SCRIPTED_CREATE, i)->position == 0)
    i++;
  fixture_renew (f);
  return i + 1;
}

/* The question is refused, as the specification has it. */
static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  guint second = find_question (f);
  guint n;

  fixture_open (f, NULL);
  for (guint nth = second - 1; nth <= second; nth++)
    {
      scripted_rule (f->server, SCRIPTED_CREATE, nth, SCRIPTED_STATUS,
                     .number = SMB_STATUS_INVALID_PARAMETER);
      scripted_rule (f->server, SCRIPTED_CLOSE, nth, SCRIPTED_STATUS, .number = SMB_STATUS_INVALID_PARAMETER);
    }
  n = ask (f);
  run_on (f, "other");
  g_assert_cmpuint (get_largest_batch (f, n), ==, 1);
}

/* It hangs up: that connection is lost, and the next one does without. */
static void
test_hang_up (Fixture       *f,
              gconstpointer  data)
{
  guint second = find_question (f);
  Crowd crowd = { 0 };
  guint n;

  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_CREATE, second, SCRIPTED_DROP);
  begin_on (f, SHARE, &crowd);
  end (f, &crowd);
  g_assert_cmpuint (crowd.n_failed, >, 0);
  assert_failed (&crowd.error, SMB_ERROR_NOT_CONNECTED);
  fixture_assert_gone (f, SMB_ERROR_NOT_CONNECTED);

  scripted_server_clear_rules (f->server);
  f->n_auth_ok = f->n_closed = 0;
  fixture_open (f, NULL);
  n = scripted_server_count (f->server, SCRIPTED_CREATE);
  run_on (f, SHARE);
  run_on (f, "other");
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, n + 2 * N_OPERATIONS);
  g_assert_cmpuint (get_largest_batch (f, n), ==, 1);
}

/* The answer to the question was no promise. */
static void
test_refused_later (Fixture       *f,
                    gconstpointer  status)
{
  guint n;

  fixture_open (f, NULL);
  n = ask (f);
  for (guint nth = 1; nth < N_OPERATIONS; nth++)
    {
      scripted_rule (f->server, SCRIPTED_CREATE, nth, SCRIPTED_STATUS, .number = GPOINTER_TO_UINT (status));
      scripted_rule (f->server, SCRIPTED_CLOSE, nth, SCRIPTED_STATUS, .number = GPOINTER_TO_UINT (status));
    }
  run_on (f, "other");
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), >, n + N_OPERATIONS);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

/* One that has to wait would hold up all behind it: no batches on this share for a while. */
static void
test_pending (Fixture       *f,
              gconstpointer  data)
{
  Crowd crowd = { 0 };
  guint n;

  fixture_open (f, NULL);
  ask (f);
  scripted_rule (f->server, SCRIPTED_CREATE, 3, SCRIPTED_PENDING, .number = 1);
  run_on (f, "other");
  scripted_server_clear_rules (f->server);

  /* What waits for credits goes out together. */
  n = scripted_server_count (f->server, SCRIPTED_CREATE);
  for (guint i = 0; i < N_OPERATIONS; i++)
    smb_protocol_factory_get_attributes_async (f->factory, "other", FILE_NAME, -1, NULL, pending_ready,
                                               &crowd.pending[i]);
  end (f, &crowd);
  g_assert_no_error (crowd.error);
  g_assert_cmpuint (get_largest_batch (f, n), ==, 1);

  run_on (f, "third");
  g_assert_cmpuint (get_largest_batch (f, n + N_OPERATIONS), >, 1);
}

/* Each has its own result. */
static void
test_some_fail (Fixture       *f,
                gconstpointer  data)
{
  Crowd crowd = { 0 };

  fixture_open (f, NULL);
  ask (f);
  scripted_rule (f->server, SCRIPTED_CREATE, 2, SCRIPTED_STATUS, .number = SMB_STATUS_SHARING_VIOLATION);
  scripted_rule (f->server, SCRIPTED_CREATE, 5, SCRIPTED_STATUS, .number = SMB_STATUS_ACCESS_DENIED);
  begin_on (f, "other", &crowd);
  end (f, &crowd);
  g_clear_error (&crowd.error);
  g_assert_cmpuint (crowd.n_failed, ==, 2);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

static guint
count_failed_retrievals (Fixture *f,
                         Crowd   *crowd)
{
  guint n_failed = 0;

  for (guint i = 0; i < N_OPERATIONS; i++)
    {
      g_autoptr(GAsyncResult)  result = pending_wait (&crowd->pending[i]);
      g_autoptr(SmbSharedFile) file = NULL;
      guint64                  bytes;

      file = smb_protocol_factory_retrieve_file_finish (f->factory, result, &bytes, NULL);
      if (file == NULL)
        n_failed++;
      else
        g_assert_cmpuint (bytes, ==, strlen (FILE_TEXT));
    }
  return n_failed;
}

/* And so has each when the server holds one failure against all behind it. */
static void
test_others_blamed (Fixture       *f,
                    gconstpointer  data)
{
  Crowd crowd = { 0 };
  guint n;

  scripted_server_get_config (f->server)->blames_chains = TRUE;
  fixture_open (f, NULL);
  n = ask (f);
  scripted_rule (f->server, SCRIPTED_CREATE, 4, SCRIPTED_STATUS, .number = SMB_STATUS_SHARING_VIOLATION);
  scripted_rule (f->server, SCRIPTED_CREATE, 6, SCRIPTED_STATUS, .number = SMB_STATUS_ACCESS_DENIED);
  begin_all (f, "other", &crowd, begin_retrieve);
  g_assert_cmpuint (count_failed_retrievals (f, &crowd), ==, 2);
  g_assert_cmpuint (get_largest_batch (f, n), >=, 8);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, n + N_OPERATIONS);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

static void
test_separate_answers (Fixture       *f,
                       gconstpointer  data)
{
  fixture_open (f, NULL);
  ask (f);
  scripted_rule (f->server, SCRIPTED_ANY, 0, SCRIPTED_SPLIT);
  run_on (f, "other");
}

/* One forged answer ends all. */
static void
test_forged (Fixture       *f,
             gconstpointer  data)
{
  Crowd crowd = { 0 };

  fixture_open (f, NULL);
  ask (f);
  scripted_rule (f->server, SCRIPTED_CREATE, 7, SCRIPTED_UNSIGNED);
  begin_on (f, "other", &crowd);
  end (f, &crowd);
  g_assert_cmpuint (crowd.n_failed, >, 0);
  assert_failed (&crowd.error, SMB_ERROR_SECURITY);
  fixture_assert_gone (f, SMB_ERROR_SECURITY);
}

/* The share is lost for all of them, and found again by all. */
static void
test_share_returns (Fixture       *f,
                    gconstpointer  data)
{
  fixture_open (f, NULL);
  ask (f);
  for (guint nth = 1; nth <= N_OPERATIONS; nth++)
    {
      scripted_rule (f->server, SCRIPTED_CREATE, nth, SCRIPTED_STATUS,
                     .number = SMB_STATUS_NETWORK_NAME_DELETED);
      scripted_rule (f->server, SCRIPTED_CLOSE, nth, SCRIPTED_STATUS,
                     .number = SMB_STATUS_NETWORK_NAME_DELETED);
    }
  run_on (f, "other");
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_TREE_CONNECT), ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add_with ("/batches/accepted/signed", GINT_TO_POINTER (SMB_ENCRYPTION_IF_REQUIRED), test_accepted);
  fixture_add_with ("/batches/accepted/sealed", GINT_TO_POINTER (SMB_ENCRYPTION_REQUIRED), test_accepted);
  fixture_add ("/batches/removal", test_removal);
  fixture_add ("/batches/removal/one-by-one", test_removal_one_by_one);
  fixture_add ("/batches/refused", test_refused);
  fixture_add ("/batches/hang-up", test_hang_up);
  fixture_add_with ("/batches/refused-later/invalid", GUINT_TO_POINTER (SMB_STATUS_INVALID_PARAMETER),
                    test_refused_later);
  fixture_add_with ("/batches/refused-later/internal", GUINT_TO_POINTER (SMB_STATUS_INTERNAL_ERROR),
                    test_refused_later);
  fixture_add ("/batches/pending", test_pending);
  fixture_add ("/batches/some-fail", test_some_fail);
  fixture_add ("/batches/others-blamed", test_others_blamed);
  fixture_add ("/batches/separate-answers", test_separate_answers);
  fixture_add ("/batches/forged", test_forged);
  fixture_add ("/batches/share-returns", test_share_returns);

  return g_test_run ();
}
