/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program of somebody else's looks like: compiled against the installed pkg-config file alone.
 *   client HOST PORT USER PASSWORD [PROPERTY VALUE]...
 * prints the dialect and the shares; or, on stderr, the error's code and message. */

#include <smb-glib/smb-glib.h>

#if !SMB_CHECK_VERSION(0, 1, 0)
#error "the headers are too old"
#endif

static int
fail (const GError *error)
{
  g_autofree char *code = error->domain == SMB_ERROR
                              ? g_enum_to_string (SMB_TYPE_ERROR, error->code)
                              : g_strdup_printf ("%s %d", g_quark_to_string (error->domain), error->code);

  g_printerr ("%s: %s\n", code, error->message);
  return 1;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(SmbProtocolFactory) factory = smb_protocol_factory_new (argv[3], argv[4], NULL, NULL);
  g_autofree char              *dialect = NULL;
  g_autoptr(GPtrArray)          shares = NULL;
  g_autoptr(GError)             error = NULL;

  for (int i = 5; i + 1 < argc; i += 2)
    g_object_set (factory, argv[i], argv[i + 1], NULL);

  if (!smb_protocol_factory_open_connection (factory, argv[1], g_ascii_strtoull (argv[2], NULL, 10), -1, NULL,
                                             &error))
    return fail (error);
  dialect = g_enum_to_string (SMB_TYPE_DIALECT_VERSION, smb_protocol_factory_get_dialect (factory));
  g_print ("%s\n", dialect);

  shares = smb_protocol_factory_list_shares (factory, -1, NULL, &error);
  if (shares == NULL)
    return fail (error);
  for (guint i = 0; i < shares->len; i++)
    g_print ("%s\n", smb_shared_device_get_name (g_ptr_array_index (shares, i)));
  return 0;
}
