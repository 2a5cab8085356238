/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-packets.h"

/* Shares that are connected before anything is done on them. */

#define SMB1_TREE_CONNECT_ANDX 0x75 /* [MS-CIFS] 2.2.4.55 */

/* What the server speaks, and the client with it. */
typedef struct
{
  const char        *name;
  const char        *options[3];
  SmbDialectVersion  dialect;
} Dialect;

static const Dialect dialects[] = {
  { "1", { "--min=NT1", "--max=NT1" }, SMB_DIALECT_VERSION_SMB_1 },
  { "2.0.2", { "--max=SMB2_02" }, SMB_DIALECT_VERSION_SMB_2_02 },
  { "3.1.1", { NULL }, SMB_DIALECT_VERSION_SMB_3_11 },
};

typedef struct
{
  TestSamba          *samba;
  TestRelay          *relay;
  SmbProtocolFactory *factory;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  const Dialect    *dialect = data;
  g_autoptr(GError) error = NULL;

  f->samba = test_samba_startv (dialect->options);
  f->relay = test_relay_start (f->samba);
  f->factory = test_client_new (f->samba, "bob", NULL, NULL); /* whom "private" does not let in */
  if (dialect->dialect == SMB_DIALECT_VERSION_SMB_1)
    g_object_set (f->factory, "max-dialect", SMB_DIALECT_VERSION_SMB_1, NULL);
  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", test_relay_get_port (f->relay), -1, NULL,
                                        &error);
  g_assert_no_error (error);
  g_assert_cmpint (smb_protocol_factory_get_dialect (f->factory), ==, dialect->dialect);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  test_relay_stop (f->relay);
  test_samba_stop (f->samba);
}

/* It must go well. */

static void
connect_share (Fixture    *f,
               const char *share)
{
  g_autoptr(GError) error = NULL;

  smb_protocol_factory_connect_share (f->factory, share, -1, NULL, &error);
  g_assert_no_error (error);
}

static guint
count_smb1 (GPtrArray *frames,
            guint8     command)
{
  guint n = 0;

  for (guint i = 0; i < frames->len; i++)
    {
      const TestFrame *frame = g_ptr_array_index (frames, i);
      gsize            size;
      const guint8    *bytes = g_bytes_get_data (frame->bytes, &size);

      n += frame->way == TEST_RELAY_UP && size > 4 && bytes[0] == 0xFF && bytes[4] == command;
    }
  return n;
}

/* How often the server was asked for a share. */
static guint
count_trees (Fixture *f)
{
  g_autoptr(GPtrArray) frames = test_relay_dup_frames (f->relay);
  g_autoptr(GArray)    packets = NULL;

  if (smb_protocol_factory_get_dialect (f->factory) == SMB_DIALECT_VERSION_SMB_1)
    return count_smb1 (frames, SMB1_TREE_CONNECT_ANDX);
  packets = test_packets_new (frames);
  return test_packets_count (packets, TEST_RELAY_UP, TEST_SMB2_TREE_CONNECT);
}

/* The server is asked once, and what follows has nothing to wait for. */
static void
test_connects (Fixture       *f,
               gconstpointer  data)
{
  guint n_frames;

  connect_share (f, "data");
  g_assert_cmpuint (count_trees (f), ==, 1);
  n_frames = test_relay_get_n_frames (f->relay);
  connect_share (f, "data");
  connect_share (f, "DATA");
  g_assert_cmpuint (test_relay_get_n_frames (f->relay), ==, n_frames);
  test_look (f->factory, "data");
  g_assert_cmpuint (count_trees (f), ==, 1);
  test_look (f->factory, "Übung");
  connect_share (f, "Übung");
  g_assert_cmpuint (count_trees (f), ==, 2);
  connect_share (f, "IPC$");
  g_assert_cmpuint (count_trees (f), ==, 3);
}

/* Neither is remembered, nor does it harm. */
static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (smb_protocol_factory_connect_share (f->factory, "none", -1, NULL, &error));
      test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_BAD_NETWORK_NAME,
                          "connect to the share 'none': ", "STATUS_BAD_NETWORK_NAME", NULL);
      g_assert_false (smb_protocol_factory_connect_share (f->factory, "private", -1, NULL, &error));
      test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_ACCESS_DENIED,
                          "connect to the share 'private': ", "STATUS_ACCESS_DENIED", NULL);
    }
  g_assert_cmpuint (count_trees (f), ==, 4);
  connect_share (f, "data");
  test_look (f->factory, "data");
}

static void
test_invalid (Fixture       *f,
              gconstpointer  data)
{
  static const char *const invalid[] = { "", "a/b", "a\\b", "..", "a*", "\xff" };
  g_autoptr(GError)        error = NULL;
  guint                    n_frames = test_relay_get_n_frames (f->relay);

  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_assert_false (smb_protocol_factory_connect_share (f->factory, invalid[i], -1, NULL, &error));
      test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "connect to the share", NULL);
    }
  g_assert_cmpuint (test_relay_get_n_frames (f->relay), ==, n_frames);
}

/* Several at once, on shares that are there and on one that is not. */

typedef struct
{
  guint remaining;
  guint n_connected;
  guint n_not_found;
} Calls;

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Calls            *calls = user_data;
  g_autoptr(GError) error = NULL;

  calls->remaining--;
  if (smb_protocol_factory_connect_share_finish (SMB_PROTOCOL_FACTORY (source), result, &error))
    {
      g_assert_no_error (error);
      calls->n_connected++;
    }
  else if (g_error_matches (error, SMB_ERROR, SMB_ERROR_NOT_FOUND))
    calls->n_not_found++;
}

static void
test_at_once (Fixture       *f,
              gconstpointer  data)
{
  static const char *const shares[] = { "data", "ro", "none", "Übung" };
  Calls                    calls = { 20 * G_N_ELEMENTS (shares), 0, 0 };

  for (guint i = 0; i < calls.remaining; i++)
    smb_protocol_factory_connect_share_async (f->factory, shares[i % G_N_ELEMENTS (shares)], -1, NULL,
                                              connected_cb, &calls);
  while (calls.remaining > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (calls.n_connected, ==, 60);
  g_assert_cmpuint (calls.n_not_found, ==, 20);
  test_look (f->factory, "data");
  test_look (f->factory, "ro");
  test_look (f->factory, "Übung");
}

/* The server has closed the share meanwhile, which what is done on it finds out. */
static void
test_closed_by_server (Fixture       *f,
                       gconstpointer  data)
{
  connect_share (f, "data");
  g_free (test_samba_command (f->samba, NULL, "close-share data"));
  connect_share (f, "data");
  g_assert_cmpuint (count_trees (f), ==, 1);
  test_look (f->factory, "data");
  connect_share (f, "data");
  g_assert_cmpuint (count_trees (f), ==, 2);
}

static void
add (const char     *name,
     const Dialect  *dialect,
     void          (*func) (Fixture      *f,
                            gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/connect-share/%s/%s", name, dialect->name);

  g_test_add (path, Fixture, dialect, set_up, func, tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      add ("connects", &dialects[i], test_connects);
      add ("refused", &dialects[i], test_refused);
      add ("invalid", &dialects[i], test_invalid);
      add ("at-once", &dialects[i], test_at_once);
      add ("closed-by-server", &dialects[i], test_closed_by_server);
    }

  return g_test_run ();
}
