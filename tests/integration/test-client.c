/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-client.h"

#include <glib/gstdio.h>

static SmbProtocolFactory *
new_with (TestSamba  *samba,
          const char *user,
          const char *first_property,
          va_list     properties)
{
  SmbProtocolFactory *factory;

  factory = smb_protocol_factory_new (user, user == NULL ? NULL : test_samba_get_password (samba, user), NULL,
                                      NULL);
  if (first_property != NULL)
    g_object_set_valist (G_OBJECT (factory), first_property, properties);
  return factory;
}

SmbProtocolFactory *
test_client_new (TestSamba  *samba,
                 const char *user,
                 const char *first_property,
                 ...)
{
  SmbProtocolFactory *factory;
  va_list             properties;

  va_start (properties, first_property);
  factory = new_with (samba, user, first_property, properties);
  va_end (properties);
  return factory;
}

SmbProtocolFactory *
test_client_open (TestSamba  *samba,
                  const char *first_property,
                  ...)
{
  SmbProtocolFactory *factory;
  va_list             properties;
  GError             *error = NULL;

  va_start (properties, first_property);
  factory = new_with (samba, test_samba_get_user (samba), first_property, properties);
  va_end (properties);

  smb_protocol_factory_open_connection (factory, test_samba_get_host (samba), test_samba_get_port (samba), -1,
                                        NULL, &error);
  g_assert_no_error (error);
  return factory;
}

void
test_look (SmbProtocolFactory *factory,
           const char         *share)
{
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_get_attributes (factory, share, "", -1, NULL, &error);
  g_assert_no_error (error);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  file = smb_protocol_factory_get_attributes_finish (SMB_PROTOCOL_FACTORY (source), result, &error);
  g_assert_no_error (error);
  *(guint *) user_data -= 1;
}

void
test_look_async (SmbProtocolFactory *factory,
                 const char         *share,
                 guint              *remaining)
{
  smb_protocol_factory_get_attributes_async (factory, share, "", -1, NULL, looked_cb, remaining);
}

GBytes *
test_data_new (gsize size)
{
  guint8  *data = g_malloc (MAX (size, 1));
  guint32  state = 2463534242u;

  for (gsize i = 0; i < size; i++)
    {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      data[i] = state;
    }
  return g_bytes_new_take (data, size);
}

void
test_share_write (TestSamba  *samba,
                  const char *share,
                  const char *name,
                  GBytes     *data)
{
  g_autofree char   *path = test_samba_build_path (samba, share, name, NULL);
  g_autoptr(GError)  error = NULL;

  g_remove (path); /* GLib 2.74 leaves what is longer than the new contents */
  g_file_set_contents_full (path, g_bytes_get_data (data, NULL), g_bytes_get_size (data),
                            G_FILE_SET_CONTENTS_NONE, 0666, &error);
  g_assert_no_error (error);
}

void
test_share_assert (TestSamba  *samba,
                   const char *share,
                   const char *name,
                   GBytes     *data)
{
  g_autofree char   *path = test_samba_build_path (samba, share, name, NULL);
  g_autofree char   *contents = NULL;
  g_autoptr(GError)  error = NULL;
  gsize              size;

  g_file_get_contents (path, &contents, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (contents, size, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
}

void
test_wait_until (const gboolean *done)
{
  while (!*done)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}
