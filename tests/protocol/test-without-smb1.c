/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fixture.h"
#include "test-plugins.h"

/* A server that knows only SMB1, and a library whose plugin for that is not installed: SMB1 is a package of
 * its own. */

static void
test_smb1_server (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *message = NULL;

  scripted_server_get_config (f->server)->only_smb1 = TRUE;
  message = fixture_open_fails (f, SMB_ERROR_PLUGIN_MISSING, NULL);
  g_assert_nonnull (strstr (message, "smb1"));
  g_assert_cmpuint (scripted_server_count_connections (f->server), ==, 2);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 1);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SESSION_SETUP), ==, 0);
}

/* Nothing but SMB1 is wanted: no server needs to be asked. */
static void
test_smb1_wanted (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *message = fixture_open_fails (f, SMB_ERROR_PLUGIN_MISSING, "max-dialect",
                                                 SMB_DIALECT_VERSION_SMB_1, NULL);

  g_assert_nonnull (strstr (message, "smb1"));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 0);
}

/* All else works without it. */
static void
test_smb2_server (Fixture       *f,
                  gconstpointer  data)
{
  scripted_rule (f->server, SCRIPTED_NEGOTIATE, 1, SCRIPTED_DROP);
  fixture_open (f, NULL);
  fixture_assert_usable (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SMB1), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_plugins_without ("dialect-smb1");

  fixture_add ("/without-smb1/smb1-server", test_smb1_server);
  fixture_add ("/without-smb1/smb1-wanted", test_smb1_wanted);
  fixture_add ("/without-smb1/smb2-server", test_smb2_server);

  status = g_test_run ();
  test_plugins_clear ();
  return status;
}
