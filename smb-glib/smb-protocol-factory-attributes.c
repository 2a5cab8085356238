/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/operations/smb-attributes.h"
#include "engine/operations/smb-snapshots.h"
#include "smb-shared-file-private.h"

/* On the caller's side, where objects are made. */
static SmbSharedFile *
take_attributes (SmbCall *call)
{
  g_autoptr(SmbFileStat)  stat = smb_call_take_result (call);
  const SmbSharedFileInfo info = {
    .creation_time = stat->creation_time,
    .last_access_time = stat->last_access_time,
    .last_write_time = stat->last_write_time,
    .change_time = stat->change_time,
    .file_size = stat->end_of_file,
    .alloc_size = stat->allocation_size,
    .file_id = stat->file_id,
    .attributes = stat->attributes,
  };

  return smb_shared_file_new (&info, g_steal_pointer (&stat->name), NULL);
}

static SmbCall *
get_attributes_call (SmbProtocolFactory *self,
                     const char         *share,
                     const char         *path,
                     int                 timeout_msec,
                     GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_get_attributes_call_new (connection, share, path, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_get_attributes:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks for the times, sizes and attributes of a file or folder. There is no short name in the answer.
 *
 * Fails with %SMB_ERROR_NOT_FOUND, with %SMB_ERROR_ACCESS_DENIED, and with %SMB_ERROR_NOT_SUPPORTED for a
 * symbolic link that the server wants its client to follow.
 *
 * Returns: (transfer full): what the server says of it
 */
SmbSharedFile *
smb_protocol_factory_get_attributes (SmbProtocolFactory  *self,
                                     const char          *share,
                                     const char          *path,
                                     int                  timeout_msec,
                                     GCancellable        *cancellable,
                                     GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (share != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = get_attributes_call (self, share, path, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_attributes (call) : NULL;
}

/**
 * smb_protocol_factory_get_attributes_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.get_attributes].
 */
void
smb_protocol_factory_get_attributes_async (SmbProtocolFactory  *self,
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

  call = get_attributes_call (self, share, path, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_get_attributes_async, callback, user_data);
}

/**
 * smb_protocol_factory_get_attributes_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.get_attributes_async].
 *
 * Returns: (transfer full): what the server says of it
 */
SmbSharedFile *
smb_protocol_factory_get_attributes_finish (SmbProtocolFactory  *self,
                                            GAsyncResult        *result,
                                            GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_get_attributes_async, error);
  return call != NULL ? take_attributes (call) : NULL;
}

static SmbCall *
list_snapshots_call (SmbProtocolFactory *self,
                     const char         *share,
                     const char         *path,
                     int                 timeout_msec,
                     GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_list_snapshots_call_new (connection, share, path, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_list_snapshots:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder, empty for the whole share
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks for the points in time at which earlier versions were kept ([MS-SMB2] 2.2.32.2).
 *
 * To have a look at a version put its time into a path, as `@GMT-2024.05.06-07.08.09`.
 *
 * Fails with %SMB_ERROR_NOT_FOUND or %SMB_ERROR_ACCESS_DENIED.
 *
 * Returns: (transfer container) (element-type GDateTime): the times, in UTC, the newest first; an array
 *   without elements if there are none
 */
GPtrArray *
smb_protocol_factory_list_snapshots (SmbProtocolFactory  *self,
                                     const char          *share,
                                     const char          *path,
                                     int                  timeout_msec,
                                     GCancellable        *cancellable,
                                     GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (share != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = list_snapshots_call (self, share, path, timeout_msec, cancellable);
  return smb_call_run (call, error) ? smb_call_take_result (call) : NULL;
}

/**
 * smb_protocol_factory_list_snapshots_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder, empty for the whole share
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.list_snapshots].
 */
void
smb_protocol_factory_list_snapshots_async (SmbProtocolFactory  *self,
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

  call = list_snapshots_call (self, share, path, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_list_snapshots_async, callback, user_data);
}

/**
 * smb_protocol_factory_list_snapshots_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.list_snapshots_async].
 *
 * Returns: (transfer container) (element-type GDateTime): the times, in UTC, the newest first; an array
 *   without elements if there are none
 */
GPtrArray *
smb_protocol_factory_list_snapshots_finish (SmbProtocolFactory  *self,
                                            GAsyncResult        *result,
                                            GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_list_snapshots_async, error);
  return call != NULL ? smb_call_take_result (call) : NULL;
}
