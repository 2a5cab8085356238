/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-packets.h"

/* Connections to shares: made when first needed, made anew when the server has ended them, and encrypted
 * alone where the share asks for it. */

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
  g_autoptr(GError) error = NULL;

  f->samba = test_samba_start (data);
  f->relay = test_relay_start (f->samba);
  f->factory = test_client_new (f->samba, "alice", NULL, NULL);
  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", test_relay_get_port (f->relay), -1, NULL,
                                        &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  test_relay_stop (f->relay);
  test_samba_stop (f->samba);
}

static void
close_share (Fixture    *f,
             const char *share)
{
  g_free (test_samba_command (f->samba, NULL, "close-share %s", share));
}

static guint
count (Fixture *f,
       guint16  command)
{
  g_autoptr(GPtrArray) frames = test_relay_dup_frames (f->relay);
  g_autoptr(GArray)    packets = test_packets_new (frames);

  return test_packets_count (packets, TEST_RELAY_UP, command);
}

static void
test_reconnect (Fixture       *f,
                gconstpointer  data)
{
  test_look (f->factory, "data");
  test_look (f->factory, "Übung");
  for (guint i = 1; i <= 3; i++)
    {
      close_share (f, "data");
      test_look (f->factory, "data");
      test_look (f->factory, "Übung");
      g_assert_cmpuint (count (f, TEST_SMB2_TREE_CONNECT), ==, 2 + i);
    }
}

/* Many that wait for one and the same new connection to the share. */

static void
test_reconnect_many (Fixture       *f,
                     gconstpointer  data)
{
  guint remaining = 50;

  test_look (f->factory, "data");
  close_share (f, "data");
  for (guint i = 0; i < 50; i++)
    test_look_async (f->factory, "data", &remaining);
  while (remaining > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count (f, TEST_SMB2_TREE_CONNECT), ==, 2);
}

/* What was open on it is lost, and says so. */
static void
test_open_file (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      bytes = NULL;
  g_autoptr(GError)      error = NULL;

  file = smb_protocol_factory_open_file (f->factory, "data", "held", SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN_OR_CREATE, -1, NULL, &error);
  g_assert_no_error (error);
  close_share (f, "data");
  test_look (f->factory, "data");
  bytes = smb_open_file_read (file, 0, 10, -1, NULL, &error);
  g_assert_null (bytes);
  g_assert_nonnull (error);
  g_assert_true (error->domain == SMB_ERROR);
  g_clear_error (&error);
  smb_open_file_close (file, -1, NULL, NULL);
  test_look (f->factory, "data");
}

static void
test_no_share (Fixture       *f,
               gconstpointer  data)
{
  static const char *const invalid[] = { "", "a/b", "a\\b", "..", "a*", "\xff" };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++) /* the refusal is not remembered, nor does it harm */
    {
      g_assert_null (smb_protocol_factory_get_attributes (f->factory, "none", "file", -1, NULL, &error));
      test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_BAD_NETWORK_NAME, "get the attributes of",
                          "'file'", "'none'", NULL);
    }
  g_assert_null (smb_protocol_factory_get_attributes (f->factory, "private2", "", -1, NULL, &error));
  g_clear_error (&error);
  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_assert_null (smb_protocol_factory_get_attributes (f->factory, invalid[i], "file", -1, NULL, &error));
      test_assert_failed (&error, SMB_ERROR_INVALID_ARGUMENT, TEST_STATUS_NONE, "get the attributes of",
                          NULL);
    }
  test_look (f->factory, "data");
}

/* Links of a DFS lead to other servers: until they are followed they are an error that says what it is. */
static void
test_dfs (Fixture       *f,
          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_protocol_factory_get_attributes (f->factory, "dfs", "to-data/file", -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_NOT_SUPPORTED, TEST_STATUS_PATH_NOT_COVERED, "get the attributes of",
                      "DFS", NULL);
  test_look (f->factory, "data");
}

/* An encrypted share beside others. */

typedef struct
{
  guint n_clear;  /* requests on the tree, in the clear; but for its TREE_CONNECT */
  guint n_sealed;
} Protection;

static Protection
get_protection (Fixture *f,
                guint    n_before)
{
  g_autoptr(GPtrArray) frames = test_relay_dup_frames (f->relay);
  g_autoptr(GArray)    packets = test_packets_new (frames);
  Protection           found = { 0, 0 };

  for (guint i = 0; i < packets->len; i++)
    {
      const TestPacket *packet = test_packets_get (packets, i);

      if (packet->frame < n_before || packet->way == TEST_RELAY_DOWN)
        continue;
      if (packet->sealed)
        found.n_sealed++;
      else if (packet->command != TEST_SMB2_TREE_CONNECT)
        found.n_clear++;
    }
  return found;
}

static void
test_encrypted (Fixture       *f,
                gconstpointer  data)
{
  Protection found;
  guint      n_before;

  test_look (f->factory, "data");
  n_before = test_relay_get_n_frames (f->relay);
  test_store (f->factory, "crypt", "file", "nobody reads this");
  g_bytes_unref (test_retrieve (f->factory, "crypt", "file"));
  test_share_assert_text (f->samba, "crypt", "file", "nobody reads this");
  found = get_protection (f, n_before);
  g_assert_cmpuint (found.n_clear, ==, 0);
  g_assert_cmpuint (found.n_sealed, >=, 2);

  n_before = test_relay_get_n_frames (f->relay);
  test_look (f->factory, "data");
  found = get_protection (f, n_before);
  g_assert_cmpuint (found.n_clear, >, 0);
  g_assert_cmpuint (found.n_sealed, ==, 0);
}

/* The share's connection is lost while a file is open on it: not a byte goes in the clear. */
static void
test_encrypted_lost (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autoptr(GBytes)      secret = g_bytes_new_static ("secret", 6);
  g_autoptr(GError)      error = NULL;
  guint                  n_before = test_relay_get_n_frames (f->relay);

  file = smb_protocol_factory_open_file (f->factory, "crypt", "held", SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN_OR_CREATE, -1, NULL, &error);
  g_assert_no_error (error);
  close_share (f, "crypt");
  test_look (f->factory, "crypt");
  g_assert_false (smb_open_file_write (file, 0, secret, -1, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == SMB_ERROR);
  smb_open_file_close (file, -1, NULL, NULL);
  g_assert_cmpuint (get_protection (f, n_before).n_clear, ==, 0);
  test_look (f->factory, "crypt");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, option, test) g_test_add (path, Fixture, option, set_up, test, tear_down)
  ADD ("/trees/reconnect", NULL, test_reconnect);
  ADD ("/trees/reconnect-2.0.2", "--max=SMB2_02", test_reconnect);
  ADD ("/trees/reconnect-many", NULL, test_reconnect_many);
  ADD ("/trees/open-file", NULL, test_open_file);
  ADD ("/trees/no-share", NULL, test_no_share);
  ADD ("/trees/dfs", NULL, test_dfs);
  ADD ("/trees/encrypted", NULL, test_encrypted);
  ADD ("/trees/encrypted-3.0", "--max=SMB3_00", test_encrypted);
  ADD ("/trees/encrypted-lost", NULL, test_encrypted_lost);
#undef ADD

  return g_test_run ();
}
