/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <smb-glib/plugin.h>

/* A mechanism that does nothing, compiled under several names: the build defines SYMBOL and NAME. */

static void
class_init (gpointer klass,
            gpointer data)
{
  SMB_AUTH_CLASS (klass)->oid = "1.2." NAME;
}

static GType
test_auth_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_type_register_static_simple (SMB_TYPE_AUTH, "TestAuth" NAME,
                                                             sizeof (SmbAuthClass), class_init,
                                                             sizeof (SmbAuth), NULL, 0));
  return type;
}

#define DEFINE_PLUGIN(...) SMB_DEFINE_PLUGIN (__VA_ARGS__)

DEFINE_PLUGIN (SYMBOL, SMB_AUTH_EXTENSION_POINT, test_auth_get_type (), NAME, 7)
