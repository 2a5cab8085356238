/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/operations/smb-removal.h"

static SmbCall *
delete_files_call (SmbProtocolFactory *self,
                   const char         *share,
                   const char         *pattern,
                   gboolean            delete_matching_folders,
                   int                 timeout_msec,
                   GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_delete_files_call_new (connection, share, pattern, delete_matching_folders, timeout_msec,
                                    cancellable);
}

/**
 * smb_protocol_factory_delete_files:
 * @self: the factory
 * @share: the name of the share
 * @pattern: the path of what is to be removed; the last name in it may hold `*` and `?`
 * @delete_matching_folders: whether folders that match are removed too, with all that is in them
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Removes files.
 *
 * A pattern is compared with the long names, without regard to case; one that nothing matches is no error. A
 * name without `*` and `?` must exist.
 *
 * A link (a reparse point) is removed itself and never entered. Some servers follow links themselves and
 * show folders in their place: such a one is removed if it can be, and otherwise left alone with
 * %SMB_ERROR_ACCESS_DENIED, as is a folder to which a link lies beside it. Where an entry cannot be removed,
 * the others still are; the first failure is reported in the end.
 *
 * Fails with %SMB_ERROR_NOT_FOUND, with %SMB_ERROR_IS_DIRECTORY if a plain name is that of a folder and
 * folders are not to be removed, with %SMB_ERROR_ACCESS_DENIED for read-only files too, with
 * %SMB_ERROR_SHARING_VIOLATION or %SMB_ERROR_NOT_EMPTY.
 *
 * Returns: whether all that matched was removed
 */
gboolean
smb_protocol_factory_delete_files (SmbProtocolFactory  *self,
                                   const char          *share,
                                   const char          *pattern,
                                   gboolean             delete_matching_folders,
                                   int                  timeout_msec,
                                   GCancellable        *cancellable,
                                   GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (pattern != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = delete_files_call (self, share, pattern, delete_matching_folders, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_protocol_factory_delete_files_async:
 * @self: the factory
 * @share: the name of the share
 * @pattern: the path of what is to be removed; the last name in it may hold `*` and `?`
 * @delete_matching_folders: whether folders that match are removed too, with all that is in them
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.delete_files].
 */
void
smb_protocol_factory_delete_files_async (SmbProtocolFactory  *self,
                                         const char          *share,
                                         const char          *pattern,
                                         gboolean             delete_matching_folders,
                                         int                  timeout_msec,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (pattern != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = delete_files_call (self, share, pattern, delete_matching_folders, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_delete_files_async, callback, user_data);
}

/**
 * smb_protocol_factory_delete_files_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.delete_files_async].
 *
 * Returns: whether all that matched was removed
 */
gboolean
smb_protocol_factory_delete_files_finish (SmbProtocolFactory  *self,
                                          GAsyncResult        *result,
                                          GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_delete_files_async, error);
  return call != NULL;
}

static SmbCall *
reset_file_attributes_call (SmbProtocolFactory *self,
                            const char         *share,
                            const char         *pattern,
                            SmbFileAttributes   attributes,
                            int                 timeout_msec,
                            GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_reset_file_attributes_call_new (connection, share, pattern, attributes, timeout_msec,
                                             cancellable);
}

/**
 * smb_protocol_factory_reset_file_attributes:
 * @self: the factory
 * @share: the name of the share
 * @pattern: the path of a file or folder; the last name in it may hold `*` and `?`
 * @attributes: what its attributes are from now on
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Sets the attributes of files and folders, for example to [flags@Smb.FileAttributes.NORMAL] so that they
 * can be removed.
 *
 * A pattern is compared with the long names, without regard to case; one that nothing matches is no error. A
 * name without `*` and `?` must exist. Times stay as they are. Where an entry fails, the others are still
 * set; the first failure is reported in the end.
 *
 * Fails with %SMB_ERROR_NOT_FOUND, %SMB_ERROR_ACCESS_DENIED or %SMB_ERROR_INVALID_ARGUMENT.
 *
 * Returns: whether all that matched was set
 */
gboolean
smb_protocol_factory_reset_file_attributes (SmbProtocolFactory  *self,
                                            const char          *share,
                                            const char          *pattern,
                                            SmbFileAttributes    attributes,
                                            int                  timeout_msec,
                                            GCancellable        *cancellable,
                                            GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (pattern != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = reset_file_attributes_call (self, share, pattern, attributes, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_protocol_factory_reset_file_attributes_async:
 * @self: the factory
 * @share: the name of the share
 * @pattern: the path of a file or folder; the last name in it may hold `*` and `?`
 * @attributes: what its attributes are from now on
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.reset_file_attributes].
 */
void
smb_protocol_factory_reset_file_attributes_async (SmbProtocolFactory  *self,
                                                  const char          *share,
                                                  const char          *pattern,
                                                  SmbFileAttributes    attributes,
                                                  int                  timeout_msec,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (pattern != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = reset_file_attributes_call (self, share, pattern, attributes, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_reset_file_attributes_async, callback, user_data);
}

/**
 * smb_protocol_factory_reset_file_attributes_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.reset_file_attributes_async].
 *
 * Returns: whether all that matched was set
 */
gboolean
smb_protocol_factory_reset_file_attributes_finish (SmbProtocolFactory  *self,
                                                   GAsyncResult        *result,
                                                   GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_reset_file_attributes_async, error);
  return call != NULL;
}
