/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-open-file-private.h"

#include "engine/operations/smb-file.h"
#include "smb-shared-file-entry.h"

/**
 * SmbOpenFile:
 *
 * A file that is open on the server, from [method@ProtocolFactory.open_file].
 *
 * Any number of its calls may be under way at once, from any thread. It uses its connection and outlives the
 * factory; after [method@ProtocolFactory.close_connection] its calls fail with %SMB_ERROR_NOT_CONNECTED.
 * With the last reference the server's handle is closed, without waiting: use [method@OpenFile.close] to
 * hear of errors.
 */
struct _SmbOpenFile
{
  GObject parent_instance;

  SmbOpen *open;
};

G_DEFINE_FINAL_TYPE (SmbOpenFile, smb_open_file, G_TYPE_OBJECT)

static void
smb_open_file_finalize (GObject *object)
{
  SmbOpenFile *self = SMB_OPEN_FILE (object);

  g_clear_pointer (&self->open, smb_open_unref);

  G_OBJECT_CLASS (smb_open_file_parent_class)->finalize (object);
}

static void
smb_open_file_class_init (SmbOpenFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = smb_open_file_finalize;
}

static void
smb_open_file_init (SmbOpenFile *self)
{
}

SmbOpenFile *
smb_open_file_new (SmbCall *call)
{
  SmbOpenFile *self = g_object_new (SMB_TYPE_OPEN_FILE, NULL);

  self->open = smb_call_take_result (call);
  return self;
}

/* The calls. */

static SmbCall *
read_call (SmbOpenFile  *self,
           guint64       offset,
           gsize         count,
           int           timeout_msec,
           GCancellable *cancellable)
{
  return smb_file_read_call_new (self->open, offset, count, timeout_msec, cancellable);
}

static SmbCall *
read_into_call (SmbOpenFile  *self,
                guint64       offset,
                guint8       *buffer,
                gsize         count,
                int           timeout_msec,
                GCancellable *cancellable)
{
  return smb_file_read_into_call_new (self->open, offset, buffer, count, timeout_msec, cancellable);
}

static SmbCall *
write_call (SmbOpenFile  *self,
            guint64       offset,
            GBytes       *bytes,
            int           timeout_msec,
            GCancellable *cancellable)
{
  return smb_file_write_call_new (self->open, offset, bytes, timeout_msec, cancellable);
}

static SmbCall *
flush_call (SmbOpenFile  *self,
            int           timeout_msec,
            GCancellable *cancellable)
{
  return smb_file_flush_call_new (self->open, timeout_msec, cancellable);
}

static SmbCall *
get_info_call (SmbOpenFile  *self,
               int           timeout_msec,
               GCancellable *cancellable)
{
  return smb_file_get_info_call_new (self->open, timeout_msec, cancellable);
}

static SmbCall *
set_size_call (SmbOpenFile  *self,
               guint64       size,
               int           timeout_msec,
               GCancellable *cancellable)
{
  return smb_file_set_size_call_new (self->open, size, timeout_msec, cancellable);
}

static SmbCall *
close_call (SmbOpenFile  *self,
            int           timeout_msec,
            GCancellable *cancellable)
{
  return smb_open_close_call_new (self->open, "close the file", timeout_msec, cancellable);
}

static gboolean
take_number (SmbCall *call,
             gsize   *number)
{
  if (number != NULL)
    *number = smb_call_get_number (call);
  return TRUE;
}

static SmbSharedFile *
take_info (SmbOpenFile *self,
           SmbCall     *call)
{
  g_autofree SmbDirectoryEntry *entry = smb_call_take_result (call);
  const char                   *path = smb_open_get_path (self->open);
  const char                   *separator = strrchr (path, '\\');

  return smb_shared_file_new_from_entry (entry, g_strdup (separator == NULL ? path : separator + 1), NULL);
}

/**
 * smb_open_file_read:
 * @self: the file
 * @offset: in the file
 * @count: bytes
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Reads @count bytes, less only at the end of the file, and none behind it. What does not fit into one
 * request goes out as several at a time.
 *
 * Fails with %G_IO_ERROR_NO_SPACE if there is no memory for @count bytes. Fails with %G_IO_ERROR_CLOSED
 * once closing has begun.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
smb_open_file_read (SmbOpenFile   *self,
                    guint64        offset,
                    gsize          count,
                    int            timeout_msec,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = read_call (self, offset, count, timeout_msec, cancellable);
  return smb_call_run (call, error) ? smb_call_take_result (call) : NULL;
}

/**
 * smb_open_file_read_async:
 * @self: the file
 * @offset: in the file
 * @count: bytes
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@OpenFile.read].
 */
void
smb_open_file_read_async (SmbOpenFile         *self,
                          guint64              offset,
                          gsize                count,
                          int                  timeout_msec,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_OPEN_FILE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = read_call (self, offset, count, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_open_file_read_async, callback, user_data);
}

/**
 * smb_open_file_read_finish:
 * @self: the file
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@OpenFile.read_async].
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
smb_open_file_read_finish (SmbOpenFile   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), NULL);

  call = smb_call_finish (self, result, smb_open_file_read_async, error);
  return call != NULL ? smb_call_take_result (call) : NULL;
}

/**
 * smb_open_file_read_into: (skip)
 * @self: the file
 * @offset: in the file
 * @buffer: (array length=count) (element-type guint8) (out caller-allocates): where the bytes go
 * @count: bytes
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @bytes_read: (out) (optional): how many bytes were read
 * @error: where to put an error, or %NULL
 *
 * Reads as [method@OpenFile.read] does, straight into the caller's memory, which must stay until the call
 * has ended.
 *
 * When it fails after it was begun, @buffer holds zeros: nothing that was not verified is left in it.
 * Fails with %G_IO_ERROR_CLOSED once closing has begun.
 *
 * Returns: whether the bytes were read; @bytes_read is less than @count only at the end of the file
 */
gboolean
smb_open_file_read_into (SmbOpenFile   *self,
                         guint64        offset,
                         guint8        *buffer,
                         gsize          count,
                         int            timeout_msec,
                         GCancellable  *cancellable,
                         gsize         *bytes_read,
                         GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);
  g_return_val_if_fail (buffer != NULL || count == 0, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = read_into_call (self, offset, buffer, count, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_number (call, bytes_read) : FALSE;
}

/**
 * smb_open_file_read_into_async: (skip)
 * @self: the file
 * @offset: in the file
 * @buffer: (array length=count) (element-type guint8) (out caller-allocates): where the bytes go
 * @count: bytes
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@OpenFile.read_into].
 *
 * @buffer must stay until @callback is called.
 */
void
smb_open_file_read_into_async (SmbOpenFile         *self,
                               guint64              offset,
                               guint8              *buffer,
                               gsize                count,
                               int                  timeout_msec,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_OPEN_FILE (self));
  g_return_if_fail (buffer != NULL || count == 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = read_into_call (self, offset, buffer, count, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_open_file_read_into_async, callback, user_data);
}

/**
 * smb_open_file_read_into_finish: (skip)
 * @self: the file
 * @result: what the callback was given
 * @bytes_read: (out) (optional): how many bytes were read
 * @error: where to put an error, or %NULL
 *
 * Ends [method@OpenFile.read_into_async].
 *
 * Returns: whether the bytes were read; @bytes_read is less than @count only at the end of the file
 */
gboolean
smb_open_file_read_into_finish (SmbOpenFile   *self,
                                GAsyncResult  *result,
                                gsize         *bytes_read,
                                GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);

  call = smb_call_finish (self, result, smb_open_file_read_into_async, error);
  return call != NULL ? take_number (call, bytes_read) : FALSE;
}

/**
 * smb_open_file_write:
 * @self: the file
 * @offset: in the file
 * @bytes: what to write
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @bytes_written: (out) (optional): how many bytes were written: all
 * @error: where to put an error, or %NULL
 *
 * Writes all of @bytes. Where there was nothing before @offset, there are zeros. What does not fit into
 * one request goes out as several at a time, so that after a failure any part of it may have been
 * written. Fails with %G_IO_ERROR_CLOSED once closing has begun.
 *
 * Returns: whether all was written
 */
gboolean
smb_open_file_write (SmbOpenFile   *self,
                     guint64        offset,
                     GBytes        *bytes,
                     int            timeout_msec,
                     GCancellable  *cancellable,
                     gsize         *bytes_written,
                     GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = write_call (self, offset, bytes, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_number (call, bytes_written) : FALSE;
}

/**
 * smb_open_file_write_async:
 * @self: the file
 * @offset: in the file
 * @bytes: what to write
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@OpenFile.write].
 */
void
smb_open_file_write_async (SmbOpenFile         *self,
                           guint64              offset,
                           GBytes              *bytes,
                           int                  timeout_msec,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_OPEN_FILE (self));
  g_return_if_fail (bytes != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = write_call (self, offset, bytes, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_open_file_write_async, callback, user_data);
}

/**
 * smb_open_file_write_finish:
 * @self: the file
 * @result: what the callback was given
 * @bytes_written: (out) (optional): how many bytes were written: all
 * @error: where to put an error, or %NULL
 *
 * Ends [method@OpenFile.write_async].
 *
 * Returns: whether all was written
 */
gboolean
smb_open_file_write_finish (SmbOpenFile   *self,
                            GAsyncResult  *result,
                            gsize         *bytes_written,
                            GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);

  call = smb_call_finish (self, result, smb_open_file_write_async, error);
  return call != NULL ? take_number (call, bytes_written) : FALSE;
}

/**
 * smb_open_file_flush:
 * @self: the file
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Waits until the server has put on its disk what was written. Fails with %G_IO_ERROR_CLOSED once closing
 * has begun.
 *
 * Returns: whether it has
 */
gboolean
smb_open_file_flush (SmbOpenFile   *self,
                     int            timeout_msec,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = flush_call (self, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_open_file_flush_async:
 * @self: the file
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@OpenFile.flush].
 */
void
smb_open_file_flush_async (SmbOpenFile         *self,
                           int                  timeout_msec,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_OPEN_FILE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = flush_call (self, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_open_file_flush_async, callback, user_data);
}

/**
 * smb_open_file_flush_finish:
 * @self: the file
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@OpenFile.flush_async].
 *
 * Returns: whether it has
 */
gboolean
smb_open_file_flush_finish (SmbOpenFile   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);

  call = smb_call_finish (self, result, smb_open_file_flush_async, error);
  return call != NULL;
}

/**
 * smb_open_file_get_info:
 * @self: the file
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks the server for the times, sizes and attributes of the file as they are now. There is no short name
 * in the answer. Fails with %G_IO_ERROR_CLOSED once closing has begun.
 *
 * Returns: (transfer full): what the server says of it
 */
SmbSharedFile *
smb_open_file_get_info (SmbOpenFile   *self,
                        int            timeout_msec,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = get_info_call (self, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_info (self, call) : NULL;
}

/**
 * smb_open_file_get_info_async:
 * @self: the file
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@OpenFile.get_info].
 */
void
smb_open_file_get_info_async (SmbOpenFile         *self,
                              int                  timeout_msec,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_OPEN_FILE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = get_info_call (self, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_open_file_get_info_async, callback, user_data);
}

/**
 * smb_open_file_get_info_finish:
 * @self: the file
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@OpenFile.get_info_async].
 *
 * Returns: (transfer full): what the server says of it
 */
SmbSharedFile *
smb_open_file_get_info_finish (SmbOpenFile   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), NULL);

  call = smb_call_finish (self, result, smb_open_file_get_info_async, error);
  return call != NULL ? take_info (self, call) : NULL;
}

/**
 * smb_open_file_set_size:
 * @self: the file
 * @size: bytes
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Cuts the file off, or makes it longer with zeros. Fails with %G_IO_ERROR_CLOSED once closing has begun.
 *
 * Returns: whether it has that size
 */
gboolean
smb_open_file_set_size (SmbOpenFile   *self,
                        guint64        size,
                        int            timeout_msec,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = set_size_call (self, size, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_open_file_set_size_async:
 * @self: the file
 * @size: bytes
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@OpenFile.set_size].
 */
void
smb_open_file_set_size_async (SmbOpenFile         *self,
                              guint64              size,
                              int                  timeout_msec,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_OPEN_FILE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = set_size_call (self, size, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_open_file_set_size_async, callback, user_data);
}

/**
 * smb_open_file_set_size_finish:
 * @self: the file
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@OpenFile.set_size_async].
 *
 * Returns: whether it has that size
 */
gboolean
smb_open_file_set_size_finish (SmbOpenFile   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);

  call = smb_call_finish (self, result, smb_open_file_set_size_async, error);
  return call != NULL;
}

/**
 * smb_open_file_close:
 * @self: the file
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Closes the file. Calls that are under way come to their end first; those that begin later fail with
 * %G_IO_ERROR_CLOSED. To close what is closed already is no error.
 *
 * When it fails, times out or is cancelled, the file is of no use any more all the same, and the server
 * is told as soon as it can be.
 *
 * Returns: whether the server has closed it
 */
gboolean
smb_open_file_close (SmbOpenFile   *self,
                     int            timeout_msec,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = close_call (self, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_open_file_close_async:
 * @self: the file
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@OpenFile.close].
 */
void
smb_open_file_close_async (SmbOpenFile         *self,
                           int                  timeout_msec,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_OPEN_FILE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = close_call (self, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_open_file_close_async, callback, user_data);
}

/**
 * smb_open_file_close_finish:
 * @self: the file
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@OpenFile.close_async].
 *
 * Returns: whether the server has closed it
 */
gboolean
smb_open_file_close_finish (SmbOpenFile   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_OPEN_FILE (self), FALSE);

  call = smb_call_finish (self, result, smb_open_file_close_async, error);
  return call != NULL;
}
