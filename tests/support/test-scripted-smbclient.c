/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "scripted-server.h"

/* Someone else's client finds the scripted server in order, whatever is negotiated. */

#define SIZE 300000

typedef struct
{
  const char *name;
  guint16     dialect;
  guint16     signing_algorithm;
  guint16     cipher;
  guint16     security_mode;
  guint16     session_flags;
  const char *protection; /* smbclient's --client-protection */
} Case;

static const Case cases[] = {
  { "2.0.2", 0x0202, SCRIPTED_FIRST, SCRIPTED_FIRST, 1, 0, "off" },
  { "2.0.2-signed", 0x0202, SCRIPTED_FIRST, SCRIPTED_FIRST, 3, 0, "sign" },
  { "2.1-signed", 0x0210, SCRIPTED_FIRST, SCRIPTED_FIRST, 3, 0, "sign" },
  { "3.0-signed", 0x0300, SCRIPTED_FIRST, SCRIPTED_FIRST, 1, 0, "sign" },
  { "3.0-sealed", 0x0300, SCRIPTED_FIRST, SCRIPTED_FIRST, 1, 4, "encrypt" },
  { "3.0.2-sealed", 0x0302, SCRIPTED_FIRST, SCRIPTED_FIRST, 1, 0, "encrypt" },
  { "3.1.1", 0x0311, SCRIPTED_FIRST, SCRIPTED_FIRST, 1, 0, "off" },
  { "3.1.1-plainest", 0x0311, SCRIPTED_NONE, SCRIPTED_NONE, 1, 0, "sign" },
  { "3.1.1-hmac", 0x0311, 0, SCRIPTED_FIRST, 3, 0, "sign" },
  { "3.1.1-cmac", 0x0311, 1, SCRIPTED_FIRST, 3, 0, "sign" },
  { "3.1.1-gmac", 0x0311, 2, SCRIPTED_FIRST, 3, 0, "sign" },
  { "3.1.1-ccm", 0x0311, SCRIPTED_FIRST, 1, 1, 4, "encrypt" },
  { "3.1.1-gcm", 0x0311, SCRIPTED_FIRST, 2, 1, 4, "encrypt" },
  { "3.1.1-ccm-256", 0x0311, SCRIPTED_FIRST, 3, 1, 4, "encrypt" },
  { "3.1.1-gcm-256", 0x0311, SCRIPTED_FIRST, 4, 1, 4, "encrypt" },
  { "3.1.1-guest", 0x0311, SCRIPTED_FIRST, SCRIPTED_FIRST, 1, 1, "off" },
};

static GSubprocess *
start_smbclient (const Case      *test,
                 ScriptedServer  *server,
                 const char      *folder,
                 GError         **error)
{
  g_autofree char *port = g_strdup_printf ("%u", scripted_server_get_port (server));
  g_autofree char *protection = g_strdup_printf ("--client-protection=%s", test->protection);
  g_autofree char *lock = g_strdup_printf ("--option=lock directory=%s", folder);
  g_autofree char *cache = g_strdup_printf ("--option=cache directory=%s", folder);
  g_autofree char *state = g_strdup_printf ("--option=state directory=%s", folder);
  g_autofree char *private = g_strdup_printf ("--option=private dir=%s", folder);
  g_autofree char *commands =
    g_strdup_printf ("lcd %s; get in\\big back; put back out\\copy; mkdir made; rename in\\small made\\moved;"
                     " del in\\gone; ls in\\*", folder);
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE;

  return g_subprocess_new (flags, error, "smbclient", "-s", "/dev/null", "-p", port, "-U", "alice%wonderland",
                           protection, lock, cache, state, private, "--option=clientmaxprotocol=SMB3",
                           "//127.0.0.1/share", "-c", commands, NULL);
}

static void
assert_file (ScriptedServer *server,
             const char     *path,
             gconstpointer   data,
             gsize           size)
{
  g_autoptr(GBytes) bytes = scripted_server_get_file (server, path);

  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, size);
}

static void
assert_protected (const Case     *test,
                  ScriptedServer *server)
{
  const ScriptedRecord *record = scripted_server_get_record (server, SCRIPTED_CREATE, 0);

  g_assert_true (record->is_sealed == g_str_equal (test->protection, "encrypt"));
  if (g_str_equal (test->protection, "sign"))
    g_assert_true (record->is_signed && record->is_verified);
}

/* The lock files are smbclient's, of whatever names. */
static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char     *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

static void
configure (const Case     *test,
           ScriptedServer *server)
{
  ScriptedConfig *config = scripted_server_get_config (server);

  config->dialect = test->dialect;
  config->signing_algorithm = test->signing_algorithm;
  config->cipher = test->cipher;
  config->security_mode = test->security_mode;
  config->session_flags = test->session_flags;
}

static void
test_smbclient (gconstpointer data)
{
  const Case                *test = data;
  g_autoptr(ScriptedServer)  server = scripted_server_new ();
  g_autofree guint8         *contents = g_malloc (SIZE);
  g_autofree char           *folder = g_dir_make_tmp ("smbclient-XXXXXX", NULL);
  g_autoptr(GSubprocess)     smbclient = NULL;
  g_autofree char           *output = NULL;
  g_autoptr(GError)          error = NULL;

  for (guint i = 0; i < SIZE; i++)
    contents[i] = (guint8) (i * 7 + i / 251);
  configure (test, server);
  scripted_server_add_file (server, "in\\big", contents, SIZE);
  scripted_server_add_file (server, "in\\small", "Alice", 5);
  scripted_server_add_file (server, "in\\gone", "Cheshire", 8);
  scripted_server_add_folder (server, "out");

  smbclient = start_smbclient (test, server, folder, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (smbclient, NULL, NULL, &output, NULL, &error));
  g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (smbclient));
  g_assert_nonnull (strstr (output, "  big "));
  g_assert_null (strstr (output, "  gone "));

  assert_file (server, "out\\copy", contents, SIZE);
  assert_file (server, "made\\moved", "Alice", 5);
  assert_protected (test, server);
  scripted_server_assert_polite (server);
  remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/scripted-server/smbclient/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_smbclient);
    }

  return g_test_run ();
}
