/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/operations/smb-names.h"
#include "engine/operations/smb-shares.h"
#include "smb-shared-device-private.h"
#include "wire/smb-srvsvc.h"

/* On the caller's side, where objects are made. */
static GPtrArray *
take_shares (SmbCall *call)
{
  g_autoptr(GPtrArray)  shares = smb_call_take_result (call);
  GPtrArray            *devices = g_ptr_array_new_full (shares->len, g_object_unref);

  for (guint i = 0; i < shares->len; i++)
    {
      const SmbSrvsvcShare *share = g_ptr_array_index (shares, i);

      g_ptr_array_add (devices, smb_shared_device_new (share->name, share->comment, share->type));
    }
  return devices;
}

static SmbCall *
list_shares_call (SmbProtocolFactory *self,
                  int                 timeout_msec,
                  GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_list_shares_call_new (connection, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_list_shares:
 * @self: the factory
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks which shares the server has ([MS-SRVS] 3.1.4.8), in its own order, those with a `$` at the end too.
 *
 * Fails with %SMB_ERROR_ACCESS_DENIED if the user may not know.
 *
 * Returns: (transfer container) (element-type SmbSharedDevice): the shares
 */
GPtrArray *
smb_protocol_factory_list_shares (SmbProtocolFactory  *self,
                                  int                  timeout_msec,
                                  GCancellable        *cancellable,
                                  GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = list_shares_call (self, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_shares (call) : NULL;
}

/**
 * smb_protocol_factory_list_shares_async:
 * @self: the factory
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.list_shares].
 */
void
smb_protocol_factory_list_shares_async (SmbProtocolFactory  *self,
                                        int                  timeout_msec,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = list_shares_call (self, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_list_shares_async, callback, user_data);
}

/**
 * smb_protocol_factory_list_shares_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.list_shares_async].
 *
 * Returns: (transfer container) (element-type SmbSharedDevice): the shares
 */
GPtrArray *
smb_protocol_factory_list_shares_finish (SmbProtocolFactory  *self,
                                         GAsyncResult        *result,
                                         GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_list_shares_async, error);
  return call != NULL ? take_shares (call) : NULL;
}

static SmbCall *
connect_share_call (SmbProtocolFactory *self,
                    const char         *share,
                    int                 timeout_msec,
                    GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_connect_share_call_new (connection, share, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_connect_share:
 * @self: the factory
 * @share: the name of the share
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Connects to a share now ([MS-SMB2] 2.2.9), as one does when it is mounted: whether it is there and may be
 * entered is known before anything is done on it.
 *
 * There is no need to: the first operation on a share connects to it, and takes a round trip longer for that.
 * Once connected, by this or by an operation, the share stays so until the connection ends, and this succeeds
 * without asking the server. If the server has closed the share meanwhile, the next operation finds that out
 * and connects anew.
 *
 * Fails with %SMB_ERROR_NOT_FOUND if there is no such share, and with %SMB_ERROR_ACCESS_DENIED if the user
 * may not enter it.
 *
 * Returns: whether the share is connected
 */
gboolean
smb_protocol_factory_connect_share (SmbProtocolFactory  *self,
                                    const char          *share,
                                    int                  timeout_msec,
                                    GCancellable        *cancellable,
                                    GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = connect_share_call (self, share, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_protocol_factory_connect_share_async:
 * @self: the factory
 * @share: the name of the share
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.connect_share].
 */
void
smb_protocol_factory_connect_share_async (SmbProtocolFactory  *self,
                                          const char          *share,
                                          int                  timeout_msec,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = connect_share_call (self, share, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_connect_share_async, callback, user_data);
}

/**
 * smb_protocol_factory_connect_share_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.connect_share_async].
 *
 * Returns: whether the share is connected
 */
gboolean
smb_protocol_factory_connect_share_finish (SmbProtocolFactory  *self,
                                           GAsyncResult        *result,
                                           GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_connect_share_async, error);
  return call != NULL;
}

static SmbCall *
echo_call (SmbProtocolFactory *self,
           GBytes             *data,
           int                 timeout_msec,
           GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_echo_call_new (connection, data, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_echo:
 * @self: the factory
 * @data: what to send
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks the server for an echo ([MS-SMB2] 2.2.28), which proves that it is alive. From SMB 2 on an echo
 * carries no data, and @data comes back from the library itself.
 *
 * Returns: (transfer full): what came back
 */
GBytes *
smb_protocol_factory_echo (SmbProtocolFactory  *self,
                           GBytes              *data,
                           int                  timeout_msec,
                           GCancellable        *cancellable,
                           GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (data != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = echo_call (self, data, timeout_msec, cancellable);
  return smb_call_run (call, error) ? smb_call_take_result (call) : NULL;
}

/**
 * smb_protocol_factory_echo_async:
 * @self: the factory
 * @data: what to send
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.echo].
 */
void
smb_protocol_factory_echo_async (SmbProtocolFactory  *self,
                                 GBytes              *data,
                                 int                  timeout_msec,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (data != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = echo_call (self, data, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_echo_async, callback, user_data);
}

/**
 * smb_protocol_factory_echo_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.echo_async].
 *
 * Returns: (transfer full): what came back
 */
GBytes *
smb_protocol_factory_echo_finish (SmbProtocolFactory  *self,
                                  GAsyncResult        *result,
                                  GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_echo_async, error);
  return call != NULL ? smb_call_take_result (call) : NULL;
}
