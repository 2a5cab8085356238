/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Retrieves a file to standard output, asynchronously: a subclass of SmbProtocolFactory that overrides what
 * is called once the server has let us in, or has not. */
#include <gio/gunixoutputstream.h>
#include <stdlib.h>
#include <unistd.h>

#include "common.h"

#define RETRIEVE_TYPE_FACTORY (retrieve_factory_get_type ())
G_DECLARE_FINAL_TYPE (RetrieveFactory, retrieve_factory, RETRIEVE, FACTORY, SmbProtocolFactory)

struct _RetrieveFactory
{
  SmbProtocolFactory parent_instance;

  const char *share;
  const char *path;
  GMainLoop  *loop;
  GError     *error; /* why there is no file */
};

G_DEFINE_FINAL_TYPE (RetrieveFactory, retrieve_factory, SMB_TYPE_PROTOCOL_FACTORY)

static void
connection_closed_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  RetrieveFactory *self = RETRIEVE_FACTORY (source);

  smb_protocol_factory_close_connection_finish (SMB_PROTOCOL_FACTORY (self), result, NULL);
  g_main_loop_quit (self->loop);
}

static void
file_retrieved_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  RetrieveFactory *self = RETRIEVE_FACTORY (source);
  SmbProtocolFactory *factory = SMB_PROTOCOL_FACTORY (source);
  g_autoptr(SmbSharedFile) file = NULL;
  guint64 bytes;

  file = smb_protocol_factory_retrieve_file_finish (factory, result, &bytes, &self->error);
  if (file != NULL)
    g_printerr ("%s: %" G_GUINT64_FORMAT " bytes\n", smb_shared_file_get_filename (file), bytes);

  smb_protocol_factory_close_connection_async (factory, -1, NULL, connection_closed_cb, NULL);
}

static void
retrieve_factory_auth_ok (SmbProtocolFactory *factory)
{
  RetrieveFactory *self = RETRIEVE_FACTORY (factory);
  g_autoptr(GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);

  smb_protocol_factory_retrieve_file_async (factory, self->share, self->path, stream, NULL, NULL, NULL, -1,
                                            NULL, file_retrieved_cb, NULL);
}

static void
retrieve_factory_auth_failed (SmbProtocolFactory *factory,
                              const GError       *error)
{
  RetrieveFactory *self = RETRIEVE_FACTORY (factory);

  self->error = g_error_copy (error);
  g_main_loop_quit (self->loop);
}

static void
retrieve_factory_class_init (RetrieveFactoryClass *klass)
{
  SmbProtocolFactoryClass *factory_class = SMB_PROTOCOL_FACTORY_CLASS (klass);

  factory_class->auth_ok = retrieve_factory_auth_ok;
  factory_class->auth_failed = retrieve_factory_auth_failed;
}

static void
retrieve_factory_init (RetrieveFactory *self)
{
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(Example) example = example_new (argc, argv, EXAMPLE_SERVER "/share/path",
                                            "Retrieves a file to standard output");
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RetrieveFactory) self = NULL;
  g_autoptr(GError) error = NULL;

  self = g_object_new (RETRIEVE_TYPE_FACTORY,
                       "username", smb_uri_get_user (example->uri),
                       "domain", smb_uri_get_domain (example->uri),
                       "password", example->password,
                       NULL);
  self->share = smb_uri_get_share (example->uri);
  self->path = smb_uri_get_path (example->uri);
  self->loop = loop;

  smb_protocol_factory_open_connection_async (SMB_PROTOCOL_FACTORY (self), smb_uri_get_host (example->uri),
                                              smb_uri_get_port (example->uri), -1, NULL, NULL, NULL);
  g_main_loop_run (loop);

  error = g_steal_pointer (&self->error);
  return error == NULL ? EXIT_SUCCESS : example_fail (error);
}
