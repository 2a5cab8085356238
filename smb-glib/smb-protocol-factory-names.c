/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/operations/smb-names.h"

static SmbCall *
create_directory_call (SmbProtocolFactory *self,
                       const char         *share,
                       const char         *path,
                       int                 timeout_msec,
                       GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_create_directory_call_new (connection, share, path, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_create_directory:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the new folder
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Creates a folder ([MS-SMB2] 2.2.13). Its parent must exist.
 *
 * Fails with %SMB_ERROR_EXISTS if the name is taken, with %SMB_ERROR_NOT_FOUND if the parent does not exist,
 * and with %SMB_ERROR_ACCESS_DENIED.
 *
 * Returns: whether it was created
 */
gboolean
smb_protocol_factory_create_directory (SmbProtocolFactory  *self,
                                       const char          *share,
                                       const char          *path,
                                       int                  timeout_msec,
                                       GCancellable        *cancellable,
                                       GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = create_directory_call (self, share, path, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_protocol_factory_create_directory_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the new folder
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.create_directory].
 */
void
smb_protocol_factory_create_directory_async (SmbProtocolFactory  *self,
                                             const char          *share,
                                             const char          *path,
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

  call = create_directory_call (self, share, path, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_create_directory_async, callback, user_data);
}

/**
 * smb_protocol_factory_create_directory_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.create_directory_async].
 *
 * Returns: whether it was created
 */
gboolean
smb_protocol_factory_create_directory_finish (SmbProtocolFactory  *self,
                                              GAsyncResult        *result,
                                              GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_create_directory_async, error);
  return call != NULL;
}

static SmbCall *
delete_directory_call (SmbProtocolFactory *self,
                       const char         *share,
                       const char         *path,
                       int                 timeout_msec,
                       GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_delete_directory_call_new (connection, share, path, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_delete_directory:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the folder
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Removes an empty folder. A link to a folder that the server shows as one (a reparse point) is removed
 * itself.
 *
 * Fails with %SMB_ERROR_NOT_EMPTY if there is something in it, with %SMB_ERROR_NOT_DIRECTORY if it is a
 * file, with %SMB_ERROR_NOT_FOUND, %SMB_ERROR_ACCESS_DENIED or %SMB_ERROR_SHARING_VIOLATION.
 *
 * Returns: whether it was removed
 */
gboolean
smb_protocol_factory_delete_directory (SmbProtocolFactory  *self,
                                       const char          *share,
                                       const char          *path,
                                       int                  timeout_msec,
                                       GCancellable        *cancellable,
                                       GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = delete_directory_call (self, share, path, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_protocol_factory_delete_directory_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the folder
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.delete_directory].
 */
void
smb_protocol_factory_delete_directory_async (SmbProtocolFactory  *self,
                                             const char          *share,
                                             const char          *path,
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

  call = delete_directory_call (self, share, path, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_delete_directory_async, callback, user_data);
}

/**
 * smb_protocol_factory_delete_directory_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.delete_directory_async].
 *
 * Returns: whether it was removed
 */
gboolean
smb_protocol_factory_delete_directory_finish (SmbProtocolFactory  *self,
                                              GAsyncResult        *result,
                                              GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_delete_directory_async, error);
  return call != NULL;
}

static SmbCall *
rename_call (SmbProtocolFactory *self,
             const char         *share,
             const char         *old_path,
             const char         *new_path,
             int                 timeout_msec,
             GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_rename_call_new (connection, share, old_path, new_path, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_rename:
 * @self: the factory
 * @share: the name of the share
 * @old_path: the path of a file or folder
 * @new_path: its path from now on, on the same share
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Renames a file or folder, or moves it to another folder of the share. Nothing is replaced.
 *
 * Fails with %SMB_ERROR_EXISTS if the new name is taken, with %SMB_ERROR_NOT_FOUND, %SMB_ERROR_ACCESS_DENIED
 * or %SMB_ERROR_SHARING_VIOLATION.
 *
 * Returns: whether it was renamed
 */
gboolean
smb_protocol_factory_rename (SmbProtocolFactory  *self,
                             const char          *share,
                             const char          *old_path,
                             const char          *new_path,
                             int                  timeout_msec,
                             GCancellable        *cancellable,
                             GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (old_path != NULL, FALSE);
  g_return_val_if_fail (new_path != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = rename_call (self, share, old_path, new_path, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_protocol_factory_rename_async:
 * @self: the factory
 * @share: the name of the share
 * @old_path: the path of a file or folder
 * @new_path: its path from now on, on the same share
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.rename].
 */
void
smb_protocol_factory_rename_async (SmbProtocolFactory  *self,
                                   const char          *share,
                                   const char          *old_path,
                                   const char          *new_path,
                                   int                  timeout_msec,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (old_path != NULL);
  g_return_if_fail (new_path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = rename_call (self, share, old_path, new_path, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_rename_async, callback, user_data);
}

/**
 * smb_protocol_factory_rename_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.rename_async].
 *
 * Returns: whether it was renamed
 */
gboolean
smb_protocol_factory_rename_finish (SmbProtocolFactory  *self,
                                    GAsyncResult        *result,
                                    GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_rename_async, error);
  return call != NULL;
}
