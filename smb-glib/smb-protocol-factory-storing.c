/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/operations/smb-upload.h"
#include "smb-closures-private.h"

static SmbCall *
store_call (SmbProtocolFactory    *self,
            const char            *share,
            const char            *path,
            GInputStream          *stream,
            guint64                offset,
            gboolean               truncate,
            GFileProgressCallback  progress,
            gpointer               progress_data,
            GDestroyNotify         progress_destroy,
            int                    timeout_msec,
            GCancellable          *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_upload_call_new (connection, share, path, stream, offset, truncate, progress, progress_data,
                              progress_destroy, timeout_msec, cancellable);
}

static SmbCall *
store_file_call (SmbProtocolFactory    *self,
                 const char            *share,
                 const char            *path,
                 GInputStream          *stream,
                 GFileProgressCallback  progress,
                 gpointer               progress_data,
                 GDestroyNotify         progress_destroy,
                 int                    timeout_msec,
                 GCancellable          *cancellable)
{
  return store_call (self, share, path, stream, 0, TRUE, progress, progress_data, progress_destroy,
                     timeout_msec, cancellable);
}

static gboolean
take_stored (SmbCall *call,
             guint64 *bytes)
{
  if (bytes != NULL)
    *bytes = smb_call_get_number (call);
  return TRUE;
}

/**
 * smb_protocol_factory_store_file:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes come from; it is not closed
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of the
 *   progress
 * @progress_data: what to pass to @progress
 * @progress_destroy: frees @progress_data, before the call ends
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @bytes: (out) (optional): how many bytes were moved
 * @error: where to put an error, or %NULL
 *
 * Stores what a stream holds, from where it is to its end, as a file. The file is made if it does not
 * exist, and else overwritten; it keeps being hidden, or the system's, if it was. Others may read it in
 * the meantime, not write.
 *
 * The stream is read by a synchronous call in the calling thread, and by an asynchronous one with the
 * stream's asynchronous functions; as far ahead as keeps the connection busy.
 *
 * @progress is called where the result of the call is delivered: by a synchronous call in the calling
 * thread, else in the thread-default main context of the caller. Its total is the length of the stream,
 * or -1: it is known of a #GFileInputStream and of a stream that can seek, which is then moved to its end
 * and back once before it is read.
 *
 * Fails with %SMB_ERROR_NOT_FOUND if the folder does not exist, with %SMB_ERROR_IS_DIRECTORY,
 * %SMB_ERROR_ACCESS_DENIED, %SMB_ERROR_SHARING_VIOLATION or %SMB_ERROR_NO_SPACE, and with any error of
 * @stream, unchanged. When it fails or is cancelled, what was written by then stays.
 *
 * Returns: whether all of the stream is stored
 */
gboolean
smb_protocol_factory_store_file (SmbProtocolFactory     *self,
                                 const char             *share,
                                 const char             *path,
                                 GInputStream           *stream,
                                 GFileProgressCallback   progress,
                                 gpointer                progress_data,
                                 GDestroyNotify          progress_destroy,
                                 int                     timeout_msec,
                                 GCancellable           *cancellable,
                                 guint64                *bytes,
                                 GError                **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = store_file_call (self, share, path, stream, progress, progress_data, progress_destroy, timeout_msec,
                          cancellable);
  return smb_call_run (call, error) ? take_stored (call, bytes) : FALSE;
}

/**
 * smb_protocol_factory_store_file_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes come from; it is not closed
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of the
 *   progress
 * @progress_data: what to pass to @progress
 * @progress_destroy: frees @progress_data, before the call ends
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.store_file].
 */
void
smb_protocol_factory_store_file_async (SmbProtocolFactory    *self,
                                       const char            *share,
                                       const char            *path,
                                       GInputStream          *stream,
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
  g_return_if_fail (G_IS_INPUT_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = store_file_call (self, share, path, stream, progress, progress_data, progress_destroy, timeout_msec,
                          cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_store_file_async, callback, user_data);
}

/**
 * smb_protocol_factory_store_file_async_with_closures: (rename-to smb_protocol_factory_store_file_async)
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes come from; it is not closed
 * @progress: (nullable): told of the progress
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @ready: what to call when it has ended
 *
 * The form of [method@ProtocolFactory.store_file_async] for languages that can bind two callbacks only as
 * closures.
 */
void
smb_protocol_factory_store_file_async_with_closures (SmbProtocolFactory *self,
                                                     const char         *share,
                                                     const char         *path,
                                                     GInputStream       *stream,
                                                     GClosure           *progress,
                                                     int                 timeout_msec,
                                                     GCancellable       *cancellable,
                                                     GClosure           *ready)
{
  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (G_IS_INPUT_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (ready != NULL);

  smb_protocol_factory_store_file_async (self, share, path, stream,
                                         progress == NULL ? NULL : smb_closure_invoke_progress,
                                         progress == NULL ? NULL : smb_closure_take (progress),
                                         progress == NULL ? NULL : (GDestroyNotify) g_closure_unref,
                                         timeout_msec, cancellable, smb_closure_invoke_ready,
                                         smb_closure_take (ready));
}

/**
 * smb_protocol_factory_store_file_finish:
 * @self: the factory
 * @result: what the callback was given
 * @bytes: (out) (optional): how many bytes were moved
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.store_file_async].
 *
 * Returns: whether all of the stream is stored
 */
gboolean
smb_protocol_factory_store_file_finish (SmbProtocolFactory  *self,
                                        GAsyncResult        *result,
                                        guint64             *bytes,
                                        GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_store_file_async, error);
  return call != NULL ? take_stored (call, bytes) : FALSE;
}

/**
 * smb_protocol_factory_store_file_from_offset:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes come from; it is not closed
 * @offset: of the first byte to be written, in the file
 * @truncate: whether the file is emptied first
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of the
 *   progress
 * @progress_data: what to pass to @progress
 * @progress_destroy: frees @progress_data, before the call ends
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @bytes: (out) (optional): how many bytes were moved
 * @error: where to put an error, or %NULL
 *
 * Stores what a stream holds at some place of a file, as [method@ProtocolFactory.store_file] does for a
 * whole one.
 *
 * The file is made if it does not exist. Without @truncate its other bytes stay, before and behind. Where
 * there were none before @offset, there are zeros.
 *
 * Fails as [method@ProtocolFactory.store_file] does.
 *
 * Returns: whether all of the stream is stored
 */
gboolean
smb_protocol_factory_store_file_from_offset (SmbProtocolFactory     *self,
                                             const char             *share,
                                             const char             *path,
                                             GInputStream           *stream,
                                             guint64                 offset,
                                             gboolean                truncate,
                                             GFileProgressCallback   progress,
                                             gpointer                progress_data,
                                             GDestroyNotify          progress_destroy,
                                             int                     timeout_msec,
                                             GCancellable           *cancellable,
                                             guint64                *bytes,
                                             GError                **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = store_call (self, share, path, stream, offset, truncate, progress, progress_data, progress_destroy,
                     timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_stored (call, bytes) : FALSE;
}

/**
 * smb_protocol_factory_store_file_from_offset_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes come from; it is not closed
 * @offset: of the first byte to be written, in the file
 * @truncate: whether the file is emptied first
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy): told of the
 *   progress
 * @progress_data: what to pass to @progress
 * @progress_destroy: frees @progress_data, before the call ends
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.store_file_from_offset].
 */
void
smb_protocol_factory_store_file_from_offset_async (SmbProtocolFactory    *self,
                                                   const char            *share,
                                                   const char            *path,
                                                   GInputStream          *stream,
                                                   guint64                offset,
                                                   gboolean               truncate,
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
  g_return_if_fail (G_IS_INPUT_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = store_call (self, share, path, stream, offset, truncate, progress, progress_data, progress_destroy,
                     timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_store_file_from_offset_async, callback, user_data);
}

/**
 * smb_protocol_factory_store_file_from_offset_async_with_closures: (rename-to smb_protocol_factory_store_file_from_offset_async)
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the file
 * @stream: where the bytes come from; it is not closed
 * @offset: of the first byte to be written, in the file
 * @truncate: whether the file is emptied first
 * @progress: (nullable): told of the progress
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @ready: what to call when it has ended
 *
 * The form of [method@ProtocolFactory.store_file_from_offset_async] for languages that can bind two
 * callbacks only as closures.
 */
void
smb_protocol_factory_store_file_from_offset_async_with_closures (SmbProtocolFactory *self,
                                                                 const char         *share,
                                                                 const char         *path,
                                                                 GInputStream       *stream,
                                                                 guint64             offset,
                                                                 gboolean            truncate,
                                                                 GClosure           *progress,
                                                                 int                 timeout_msec,
                                                                 GCancellable       *cancellable,
                                                                 GClosure           *ready)
{
  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (G_IS_INPUT_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (ready != NULL);

  smb_protocol_factory_store_file_from_offset_async (
      self, share, path, stream, offset, truncate, progress == NULL ? NULL : smb_closure_invoke_progress,
      progress == NULL ? NULL : smb_closure_take (progress),
      progress == NULL ? NULL : (GDestroyNotify) g_closure_unref, timeout_msec, cancellable,
      smb_closure_invoke_ready, smb_closure_take (ready));
}

/**
 * smb_protocol_factory_store_file_from_offset_finish:
 * @self: the factory
 * @result: what the callback was given
 * @bytes: (out) (optional): how many bytes were moved
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.store_file_from_offset_async].
 *
 * Returns: whether all of the stream is stored
 */
gboolean
smb_protocol_factory_store_file_from_offset_finish (SmbProtocolFactory  *self,
                                                    GAsyncResult        *result,
                                                    guint64             *bytes,
                                                    GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_store_file_from_offset_async, error);
  return call != NULL ? take_stored (call, bytes) : FALSE;
}
