/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Downloads a folder and all that is below it, many files at once over one connection. */
#include <stdlib.h>
#include <string.h>

#include "common.h"

/* Enough that a slow line is never idle. The library sends as much as the server lets it; the rest waits. */
#define MAX_RUNNING 64

/* The reparse point stands for another place ([MS-FSCC] 2.1.2.1): a link, maybe to a folder above itself. */
#define NAME_SURROGATE 0x20000000

typedef struct
{
  SmbProtocolFactory *factory;
  const char         *share;
  GMainLoop          *loop;

  GQueue  waiting; /* of Job */
  guint   running;
  guint   files;
  guint64 bytes;
  guint   failures;
} Download;

/* A file or a folder that is to be fetched. */
typedef struct
{
  Download          *download;
  char              *path; /* on the server */
  GFile             *local;
  GFileOutputStream *stream; /* of a file, once it is being fetched */
  gboolean           is_folder;
} Job;

static void start_jobs (Download *self);

static void
add_job (Download   *self,
         const char *path,
         GFile      *local,
         gboolean    is_folder)
{
  Job *job = g_new0 (Job, 1);

  *job = (Job) { self, g_strdup (path), g_object_ref (local), NULL, is_folder };
  if (is_folder)
    g_queue_push_tail (&self->waiting, job);
  else
    g_queue_push_head (&self->waiting, job); /* before further folders: what waits stays short */
}

static void
free_job (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->stream);
  g_object_unref (job->local);
  g_free (job->path);
  g_free (job);
}

/* Takes @error. */
static void
end_job (Job    *job,
         GError *error)
{
  Download *self = job->download;

  self->running--;
  if (error != NULL)
    {
      example_fail (error);
      self->failures++;
    }
  if (g_error_matches (error, SMB_ERROR, SMB_ERROR_NOT_CONNECTED))
    g_queue_clear_full (&self->waiting, free_job); /* they would all say the same */

  g_clear_error (&error);
  free_job (job);
}

static void
file_retrieved_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  Job *job = user_data;
  Download *self = job->download;
  g_autoptr(SmbSharedFile) file = NULL;
  guint64 bytes = 0;
  GError *error = NULL;

  file = smb_protocol_factory_retrieve_file_finish (self->factory, result, &bytes, &error);
  if (file != NULL && g_output_stream_close (G_OUTPUT_STREAM (job->stream), NULL, &error))
    {
      self->files++;
      self->bytes += bytes;
    }
  else
    g_file_delete (job->local, NULL, NULL); /* half a file looks like a whole one */

  end_job (job, error);
  start_jobs (self);
}

static void
start_file (Job *job)
{
  Download *self = job->download;
  GError *error = NULL;

  job->stream = g_file_create (job->local, G_FILE_CREATE_NONE, NULL, &error);
  if (job->stream == NULL)
    {
      end_job (job, error);
      return;
    }
  smb_protocol_factory_retrieve_file_async (self->factory, self->share, job->path,
                                            G_OUTPUT_STREAM (job->stream), NULL, NULL, NULL, -1, NULL,
                                            file_retrieved_cb, job);
}

static void
add_entry (Job           *folder,
           SmbSharedFile *entry)
{
  const char *name = smb_shared_file_get_filename (entry); /* the library lets no slash through */
  g_autofree char *path = g_build_path ("/", folder->path, name, NULL);
  g_autoptr(GFile) local = g_file_get_child (folder->local, name);

  if (strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
    return;
  if ((smb_shared_file_get_reparse_tag (entry) & NAME_SURROGATE) == 0)
    add_job (folder->download, path, local, smb_shared_file_get_is_directory (entry));
}

static void
folder_listed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Job *job = user_data;
  Download *self = job->download;
  g_autoptr(GPtrArray) entries = NULL;
  GError *error = NULL;

  entries = smb_protocol_factory_list_path_finish (self->factory, result, &error);
  if (entries != NULL && g_file_make_directory (job->local, NULL, &error))
    for (guint i = 0; i < entries->len; i++)
      add_entry (job, entries->pdata[i]);

  end_job (job, error);
  start_jobs (self);
}

static void
start_folder (Job *job)
{
  Download *self = job->download;

  smb_protocol_factory_list_path_async (self->factory, self->share, job->path,
                                        SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, -1, NULL, folder_listed_cb,
                                        job);
}

static void
start_jobs (Download *self)
{
  Job *job;

  while (self->running < MAX_RUNNING && (job = g_queue_pop_head (&self->waiting)) != NULL)
    {
      self->running++;
      if (job->is_folder)
        start_folder (job);
      else
        start_file (job);
    }
  if (self->running == 0)
    g_main_loop_quit (self->loop);
}

static gboolean
download_tree (Example  *example,
               Download *self,
               GError  **error)
{
  g_autoptr(GFile) local = g_file_new_for_commandline_arg (example->argument);
  g_autoptr(SmbProtocolFactory) factory = example_connect (example, error);
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  if (factory == NULL)
    return FALSE;

  *self = (Download) { factory, smb_uri_get_share (example->uri), loop };
  add_job (self, smb_uri_get_path (example->uri), local, TRUE);
  start_jobs (self);
  if (self->running > 0)
    g_main_loop_run (loop);

  return smb_protocol_factory_close_connection (factory, -1, NULL, error);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(Example) example = example_new (argc, argv, EXAMPLE_SERVER "/share[/path] FOLDER",
                                            "Downloads a folder as the new folder FOLDER");
  g_autoptr(GError) error = NULL;
  g_autofree char *size = NULL;
  Download self;

  if (!download_tree (example, &self, &error))
    return example_fail (error);

  size = g_format_size (self.bytes);
  g_print ("%u %s, %s\n", self.files, self.files == 1 ? "file" : "files", size);
  return self.failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
