/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"
#include "wire/smb-utf16.h"

/* Which server is meant: the name that the user gave is the one in paths, in the negotiation, in the
 * credentials and on the pipe ([MS-SMB2] 2.2.3.1.4, 2.2.9; [MS-NLMP] 2.2.2.1). Credentials for one server are
 * of no use to another. */

static void
open_host (Fixture    *f,
           const char *host)
{
  g_autoptr(GError) error = NULL;

  smb_protocol_factory_open_connection (f->factory, host, scripted_server_get_port (f->server), -1, NULL,
                                        &error);
  g_assert_no_error (error);
}

static gboolean
says (const ScriptedRecord *record,
      const char           *text)
{
  gsize              size;
  gsize              text_size;
  gconstpointer      message = g_bytes_get_data (record->message, &size);
  g_autofree guint8 *utf16 = smb_utf16_from_utf8 (text, &text_size);

  return memmem (message, size, utf16, text_size) != NULL;
}

static void
assert_target (Fixture    *f,
               const char *target)
{
  g_autofree char     *path = g_strdup_printf ("\\\\%s\\" SHARE, target);
  g_autofree char     *service = g_strconcat ("cifs/", target, NULL);
  g_autofree char     *server = g_strconcat ("\\\\", target, NULL);
  g_autoptr(GPtrArray) shares = NULL;
  g_autoptr(GError)    error = NULL;

  fixture_assert_usable (f);
  g_assert_true (says (scripted_server_get_record (f->server, SCRIPTED_NEGOTIATE, 0), target));
  g_assert_true (says (scripted_server_get_record (f->server, SCRIPTED_SESSION_SETUP, 1), service));
  g_assert_true (says (scripted_server_get_record (f->server, SCRIPTED_TREE_CONNECT, 0), path));
  add_share_list (f->server);
  shares = smb_protocol_factory_list_shares (f->factory, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (says (scripted_server_get_record (f->server, SCRIPTED_IOCTL, 1), server));
}

static void
test_host (Fixture       *f,
           gconstpointer  host)
{
  open_host (f, host);
  assert_target (f, host);
}

/* An address tells no name; who knows it can say. */
static void
test_named_address (Fixture       *f,
                    gconstpointer  data)
{
  g_object_set (f->factory, "server-name", "WONDERLAND", NULL);
  open_host (f, "127.0.0.1");
  assert_target (f, "WONDERLAND");
}

static void
test_named_host (Fixture       *f,
                 gconstpointer  data)
{
  g_object_set (f->factory, "server-name", "WONDERLAND", NULL);
  open_host (f, "localhost");
  assert_target (f, "localhost");
}

/* Case and all else of a share's name are kept; which tree it is does not depend on case. */
static void
test_share_names (Fixture       *f,
                  gconstpointer  data)
{
  static const char *const names[] = { "Stra\xc3\x9f" "e", "STRA\xc3\x9f" "E", "stra\xc3\x9f" "e" };

  fixture_open (f, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(SmbSharedFile) file = NULL;
      g_autoptr(GError)        error = NULL;

      file = smb_protocol_factory_get_attributes (f->factory, names[i], FILE_NAME, -1, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_TREE_CONNECT), ==, 1);
  g_assert_true (says (scripted_server_get_record (f->server, SCRIPTED_TREE_CONNECT, 0), "Stra\xc3\x9f" "e"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add_with ("/target/host/name", "localhost", test_host);
  fixture_add_with ("/target/host/address", "127.0.0.1", test_host);
  fixture_add ("/target/named-address", test_named_address);
  fixture_add ("/target/named-host", test_named_host);
  fixture_add ("/target/share-names", test_share_names);

  return g_test_run ();
}
