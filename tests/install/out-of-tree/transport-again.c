/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plugin from outside the tree, compiled against smb-glib-plugin-1.0.pc alone: direct TCP once more, by
 * another name. */

#include <smb-glib/plugin.h>

#define TEST_TYPE_TRANSPORT_AGAIN (test_transport_again_get_type ())
GType test_transport_again_get_type (void);

typedef SmbTransport      TestTransportAgain;
typedef SmbTransportClass TestTransportAgainClass;

G_DEFINE_TYPE (TestTransportAgain, test_transport_again, SMB_TYPE_TRANSPORT)

static void
connected (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask)  task = user_data;
  GError           *error = NULL;
  GSocketConnection *connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (connection == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, smb_channel_new (G_IO_STREAM (connection)), g_object_unref);
  g_clear_object (&connection);
}

static void
open_async (SmbTransport             *self,
            const SmbTransportTarget *target,
            GCancellable             *cancellable,
            GAsyncReadyCallback       callback,
            gpointer                  user_data)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  g_socket_client_connect_async (client, target->server, cancellable, connected,
                                 g_task_new (self, cancellable, callback, user_data));
}

static SmbChannel *
open_finish (SmbTransport  *self,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_transport_again_class_init (TestTransportAgainClass *klass)
{
  klass->default_port = 445;
  klass->open_async = open_async;
  klass->open_finish = open_finish;
}

static void
test_transport_again_init (TestTransportAgain *self)
{
}

SMB_DEFINE_PLUGIN (smb_transport_again, SMB_TRANSPORT_EXTENSION_POINT, TEST_TYPE_TRANSPORT_AGAIN, "again", 0)
