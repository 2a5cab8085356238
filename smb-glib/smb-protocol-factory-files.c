/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/operations/smb-download.h"
#include "engine/operations/smb-file.h"
#include "smb-closures-private.h"
#include "smb-open-file-private.h"
#include "smb-shared-file-entry.h"

static SmbCall *
retrieve_call (SmbProtocolFactory    *self,
               const char            *share,
               const char            *path,
               GOutputStream         *stream,
               guint64                offset,
               gint64                 max_length,
               GFileProgressCallback  progress,
               gpointer               progress_data,
               GDestroyNotify         progress_destroy,
               int                    timeout_msec,
               GCancellable          *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_download_call_new (connection, share, path, stream, offset, max_length, progress, progress_data,
                                progress_destroy, timeout_msec, cancellable);
}

static SmbCall *
retrieve_file_call (SmbProtocolFactory    *self,
                    const char            *share,
                    const char            *path,
                    GOutputStream         *stream,
                    GFileProgressCallback  progress,
                    gpointer               progress_data,
                    GDestroyNotify         progress_destroy,
                    int                    timeout_msec,
                    GCancellable          *cancellable)
{
  return retrieve_call (self, share, path, stream, 0, -1, progress, progress_data, progress_destroy,
                        timeout_msec, cancellable);
}

static SmbSharedFile *
take_retrieved (SmbCall *call,
                guint64 *bytes)
{
  if (bytes != NULL)
    *bytes = smb_call_get_number (call);
  return smb_shared_file_new_from_entry (smb_download_get_file (call), smb_download_dup_name (call), NULL);
}

static SmbCall *
open_file_call (SmbProtocolFactory *self,
                const char         *share,
                const char         *path,
                SmbFileAccess       access,
                SmbFileDisposition  disposition,
                int                 timeout_msec,
                GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_file_open_call_new (connection, share, path, access, disposition, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_retrieve_file:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes go; it is not closed
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of the
 *   progress
 * @progress_data: what to pass to @progress
 * @progress_destroy: frees @progress_data, before the call ends
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @bytes: (out) (optional): how many bytes were moved
 * @error: where to put an error, or %NULL
 *
 * Reads a whole file into a stream.
 *
 * As much is read ahead as keeps the connection busy, and no more, so that memory is bounded whatever the
 * size of the file and however slow @stream. It ends where the server says that the file ends, also when
 * it grew or shrank meanwhile. Others may read, write and delete the file in the meantime.
 *
 * The stream is written to by a synchronous call in the calling thread, and by an asynchronous one with
 * the stream's asynchronous functions.
 *
 * @progress is called where the result of the call is delivered: by a synchronous call in the calling
 * thread, else in the thread-default main context of the caller. Its total is the size of the file when
 * it was opened.
 *
 * Fails with %SMB_ERROR_NOT_FOUND, %SMB_ERROR_IS_DIRECTORY, %SMB_ERROR_ACCESS_DENIED or
 * %SMB_ERROR_SHARING_VIOLATION, and with any error of @stream, unchanged. Some bytes may have been
 * written to @stream by then. The connection can be used on.
 *
 * Returns: (transfer full): what the server said of the file
 */
SmbSharedFile *
smb_protocol_factory_retrieve_file (SmbProtocolFactory     *self,
                                    const char             *share,
                                    const char             *path,
                                    GOutputStream          *stream,
                                    GFileProgressCallback   progress,
                                    gpointer                progress_data,
                                    GDestroyNotify          progress_destroy,
                                    int                     timeout_msec,
                                    GCancellable           *cancellable,
                                    guint64                *bytes,
                                    GError                **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (share != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = retrieve_file_call (self, share, path, stream, progress, progress_data, progress_destroy,
                             timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_retrieved (call, bytes) : NULL;
}

/**
 * smb_protocol_factory_retrieve_file_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes go; it is not closed
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of the
 *   progress
 * @progress_data: what to pass to @progress
 * @progress_destroy: frees @progress_data, before the call ends
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.retrieve_file].
 */
void
smb_protocol_factory_retrieve_file_async (SmbProtocolFactory    *self,
                                          const char            *share,
                                          const char            *path,
                                          GOutputStream         *stream,
                                          GFileProgressCallback  progress,
                                          gpointer               progress_data,
                                          GDestroyNotify         progress_destroy,
                                          int                    timeout_msec,
                                          GCancellable          *cancellable,
                                          GAsyncReadyCallback    callback,
                                          gpointer               user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = retrieve_file_call (self, share, path, stream, progress, progress_data, progress_destroy,
                             timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_retrieve_file_async, callback, user_data);
}

/**
 * smb_protocol_factory_retrieve_file_async_with_closures: (rename-to smb_protocol_factory_retrieve_file_async)
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes go; it is not closed
 * @progress: (nullable): told of the progress
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @ready: what to call when it has ended
 *
 * The form of [method@ProtocolFactory.retrieve_file_async] for languages that can bind two callbacks only
 * as closures.
 */
void
smb_protocol_factory_retrieve_file_async_with_closures (SmbProtocolFactory *self,
                                                        const char         *share,
                                                        const char         *path,
                                                        GOutputStream      *stream,
                                                        GClosure           *progress,
                                                        int                 timeout_msec,
                                                        GCancellable       *cancellable,
                                                        GClosure           *ready)
{
  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (ready != NULL);

  smb_protocol_factory_retrieve_file_async (self, share, path, stream,
                                            progress == NULL ? NULL : smb_closure_invoke_progress,
                                            progress == NULL ? NULL : smb_closure_take (progress),
                                            progress == NULL ? NULL : (GDestroyNotify) g_closure_unref,
                                            timeout_msec, cancellable, smb_closure_invoke_ready,
                                            smb_closure_take (ready));
}

/**
 * smb_protocol_factory_retrieve_file_finish:
 * @self: the factory
 * @result: what the callback was given
 * @bytes: (out) (optional): how many bytes were moved
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.retrieve_file_async].
 *
 * Returns: (transfer full): what the server said of the file
 */
SmbSharedFile *
smb_protocol_factory_retrieve_file_finish (SmbProtocolFactory  *self,
                                           GAsyncResult        *result,
                                           guint64             *bytes,
                                           GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_retrieve_file_async, error);
  return call != NULL ? take_retrieved (call, bytes) : NULL;
}

/**
 * smb_protocol_factory_retrieve_file_from_offset:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes go; it is not closed
 * @offset: of the first byte to be read, in the file
 * @max_length: bytes to be read at most, -1 = to the end of the file
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of the
 *   progress
 * @progress_data: what to pass to @progress
 * @progress_destroy: frees @progress_data, before the call ends
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @bytes: (out) (optional): how many bytes were moved
 * @error: where to put an error, or %NULL
 *
 * Reads a part of a file into a stream, as [method@ProtocolFactory.retrieve_file] does for the whole.
 *
 * There are no bytes beyond the end of the file, which is no error. A @max_length of 0 shows whether the
 * file can be read. The total of the progress is the number of bytes that there are to be read.
 *
 * Fails as [method@ProtocolFactory.retrieve_file] does.
 *
 * Returns: (transfer full): what the server said of the file
 */
SmbSharedFile *
smb_protocol_factory_retrieve_file_from_offset (SmbProtocolFactory     *self,
                                                const char             *share,
                                                const char             *path,
                                                GOutputStream          *stream,
                                                guint64                 offset,
                                                gint64                  max_length,
                                                GFileProgressCallback   progress,
                                                gpointer                progress_data,
                                                GDestroyNotify          progress_destroy,
                                                int                     timeout_msec,
                                                GCancellable           *cancellable,
                                                guint64                *bytes,
                                                GError                **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (share != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = retrieve_call (self, share, path, stream, offset, max_length, progress, progress_data,
                        progress_destroy, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_retrieved (call, bytes) : NULL;
}

/**
 * smb_protocol_factory_retrieve_file_from_offset_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes go; it is not closed
 * @offset: of the first byte to be read, in the file
 * @max_length: bytes to be read at most, -1 = to the end of the file
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of the
 *   progress
 * @progress_data: what to pass to @progress
 * @progress_destroy: frees @progress_data, before the call ends
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.retrieve_file_from_offset].
 */
void
smb_protocol_factory_retrieve_file_from_offset_async (SmbProtocolFactory    *self,
                                                      const char            *share,
                                                      const char            *path,
                                                      GOutputStream         *stream,
                                                      guint64                offset,
                                                      gint64                 max_length,
                                                      GFileProgressCallback  progress,
                                                      gpointer               progress_data,
                                                      GDestroyNotify         progress_destroy,
                                                      int                    timeout_msec,
                                                      GCancellable          *cancellable,
                                                      GAsyncReadyCallback    callback,
                                                      gpointer               user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = retrieve_call (self, share, path, stream, offset, max_length, progress, progress_data,
                        progress_destroy, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_retrieve_file_from_offset_async, callback, user_data);
}

/**
 * smb_protocol_factory_retrieve_file_from_offset_async_with_closures: (rename-to smb_protocol_factory_retrieve_file_from_offset_async)
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes go; it is not closed
 * @offset: of the first byte to be read, in the file
 * @max_length: bytes to be read at most, -1 = to the end of the file
 * @progress: (nullable): told of the progress
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @ready: what to call when it has ended
 *
 * The form of [method@ProtocolFactory.retrieve_file_from_offset_async] for languages that can bind two
 * callbacks only as closures.
 */
void
smb_protocol_factory_retrieve_file_from_offset_async_with_closures (SmbProtocolFactory *self,
                                                                    const char         *share,
                                                                    const char         *path,
                                                                    GOutputStream      *stream,
                                                                    guint64             offset,
                                                                    gint64              max_length,
                                                                    GClosure           *progress,
                                                                    int                 timeout_msec,
                                                                    GCancellable       *cancellable,
                                                                    GClosure           *ready)
{
  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (ready != NULL);

  smb_protocol_factory_retrieve_file_from_offset_async (
      self, share, path, stream, offset, max_length, progress == NULL ? NULL : smb_closure_invoke_progress,
      progress == NULL ? NULL : smb_closure_take (progress),
      progress == NULL ? NULL : (GDestroyNotify) g_closure_unref, timeout_msec, cancellable,
      smb_closure_invoke_ready, smb_closure_take (ready));
}

/**
 * smb_protocol_factory_retrieve_file_from_offset_finish:
 * @self: the factory
 * @result: what the callback was given
 * @bytes: (out) (optional): how many bytes were moved
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.retrieve_file_from_offset_async].
 *
 * Returns: (transfer full): what the server said of the file
 */
SmbSharedFile *
smb_protocol_factory_retrieve_file_from_offset_finish (SmbProtocolFactory  *self,
                                                       GAsyncResult        *result,
                                                       guint64             *bytes,
                                                       GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_retrieve_file_from_offset_async, error);
  return call != NULL ? take_retrieved (call, bytes) : NULL;
}

/**
 * smb_protocol_factory_open_file:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @access: what the file is to be used for
 * @disposition: what happens if it exists, and if it does not
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Opens a file to read and write any part of it. Others may open it at the same time, for anything.
 *
 * Fails with %SMB_ERROR_NOT_FOUND, %SMB_ERROR_EXISTS, %SMB_ERROR_IS_DIRECTORY, %SMB_ERROR_ACCESS_DENIED
 * or %SMB_ERROR_SHARING_VIOLATION.
 *
 * Returns: (transfer full): the open file
 */
SmbOpenFile *
smb_protocol_factory_open_file (SmbProtocolFactory  *self,
                                const char          *share,
                                const char          *path,
                                SmbFileAccess        access,
                                SmbFileDisposition   disposition,
                                int                  timeout_msec,
                                GCancellable        *cancellable,
                                GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (share != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = open_file_call (self, share, path, access, disposition, timeout_msec, cancellable);
  return smb_call_run (call, error) ? smb_open_file_new (call) : NULL;
}

/**
 * smb_protocol_factory_open_file_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @access: what the file is to be used for
 * @disposition: what happens if it exists, and if it does not
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.open_file].
 */
void
smb_protocol_factory_open_file_async (SmbProtocolFactory  *self,
                                      const char          *share,
                                      const char          *path,
                                      SmbFileAccess        access,
                                      SmbFileDisposition   disposition,
                                      int                  timeout_msec,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = open_file_call (self, share, path, access, disposition, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_open_file_async, callback, user_data);
}

/**
 * smb_protocol_factory_open_file_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.open_file_async].
 *
 * Returns: (transfer full): the open file
 */
SmbOpenFile *
smb_protocol_factory_open_file_finish (SmbProtocolFactory  *self,
                                       GAsyncResult        *result,
                                       GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_open_file_async, error);
  return call != NULL ? smb_open_file_new (call) : NULL;
}
