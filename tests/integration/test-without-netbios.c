/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-checks.h"
#include "test-plugins.h"

/* A library whose plugin for NetBIOS is not installed. */

static GError *
fail_to_open (const char *transport,
              guint16     port)
{
  g_autoptr(SmbProtocolFactory) factory = smb_protocol_factory_new ("alice", "Passw0rd", NULL, NULL);
  GError                       *error = NULL;

  g_object_set (factory, "transport", transport, NULL);
  g_assert_false (smb_protocol_factory_open_connection (factory, "127.0.0.1", port, 10000, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

static void
test_wanted (void)
{
  const struct
  {
    const char *transport;
    guint16     port;
  } cases[] = { { "netbios", 0 }, { "netbios", 4455 }, { "auto", 139 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = fail_to_open (cases[i].transport, cases[i].port);

      g_assert_error (error, SMB_ERROR, SMB_ERROR_PLUGIN_MISSING);
      g_assert_nonnull (strstr (error->message, "transport-netbios"));
    }
}

/* Nobody asked for NetBIOS, so nobody has to hear of it. Port 445 is nobody's in a network of our own. */
static void
test_not_wanted (void)
{
  g_autoptr(GError) error = fail_to_open ("auto", 0);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_tcp (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start (NULL);
  g_autoptr(SmbProtocolFactory) factory = test_client_open (samba, NULL, NULL);

  test_store (factory, "data", "file", "as ever");
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/without-netbios/wanted", test_wanted);
  if (g_getenv ("SMB_TEST_NETWORK") != NULL)
    g_test_add_func ("/without-netbios/not-wanted", test_not_wanted);
  g_test_add_func ("/without-netbios/tcp", test_tcp);

  test_plugins_without ("transport-netbios");
  status = g_test_run ();
  test_plugins_clear ();
  return status;
}
