/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists the shares of a server, synchronously. */
#include <stdlib.h>

#include "common.h"

static const char *const kinds[] = {
  [SMB_DEVICE_TYPE_DISK] = "folder",
  [SMB_DEVICE_TYPE_PRINT_QUEUE] = "printer",
  [SMB_DEVICE_TYPE_COMM_DEVICE] = "device",
  [SMB_DEVICE_TYPE_IPC] = "pipes",
};

static void
print_share (SmbSharedDevice *share)
{
  g_autofree char *name = example_printable (smb_shared_device_get_name (share));
  g_autofree char *comments = example_printable (smb_shared_device_get_comments (share));

  example_print_column (name, 24);
  example_print_column (kinds[smb_shared_device_get_device_type (share)], 8);
  example_print_column (smb_shared_device_get_special (share) ? "special" : "", 8);
  g_print ("%s\n", comments);
}

static gboolean
list_shares (Example  *example,
             GError  **error)
{
  g_autoptr(SmbProtocolFactory) factory = example_connect (example, error);
  g_autoptr(GPtrArray) shares = NULL;

  if (factory == NULL)
    return FALSE;
  shares = smb_protocol_factory_list_shares (factory, -1, NULL, error);
  if (shares == NULL)
    return FALSE;

  for (guint i = 0; i < shares->len; i++)
    print_share (shares->pdata[i]);

  return smb_protocol_factory_close_connection (factory, -1, NULL, error);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(Example) example = example_new (argc, argv, EXAMPLE_SERVER, "Lists the shares of a server");
  g_autoptr(GError) error = NULL;

  return list_shares (example, &error) ? EXIT_SUCCESS : example_fail (error);
}
