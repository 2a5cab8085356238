/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

/* So that `closed` comes before the result. */
static void
flush (SmbProtocolFactory *self)
{
  if (smb_protocol_factory_is_of_this_process (self))
    smb_factory_events_flush (smb_protocol_factory_get_private (self)->events, self);
}

/**
 * smb_protocol_factory_close_connection:
 * @self: the factory
 * @timeout_msec: milliseconds to wait for the server to take note, but never more than 2000; -1 for the
 *   default
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Logs off and closes the connection, or gives up one that is being opened.
 *
 * Whatever is under way ends with %SMB_ERROR_NOT_CONNECTED, and open files are of no use any more. Closing
 * what is not open succeeds. If it is cancelled the connection is closed all the same.
 *
 * Returns: whether it is closed
 */
gboolean
smb_protocol_factory_close_connection (SmbProtocolFactory  *self,
                                       int                  timeout_msec,
                                       GCancellable        *cancellable,
                                       GError             **error)
{
  g_autoptr(SmbConnection) connection = NULL;
  g_autoptr(SmbCall)       call = NULL;
  gboolean                 closed;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  connection = smb_protocol_factory_dup_connection (self);
  if (connection == NULL)
    return TRUE;
  call = smb_close_call_new (connection, timeout_msec, cancellable);
  closed = smb_call_run (call, error);
  flush (self);
  return closed;
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask)   task = user_data;
  g_autoptr(SmbCall) call = NULL;
  GError            *error = NULL;

  call = smb_call_finish (source, result, closed_cb, &error);
  flush (SMB_PROTOCOL_FACTORY (source));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * smb_protocol_factory_close_connection_async:
 * @self: the factory
 * @timeout_msec: milliseconds to wait for the server to take note, but never more than 2000; -1 for the
 *   default
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.close_connection].
 */
void
smb_protocol_factory_close_connection_async (SmbProtocolFactory  *self,
                                             int                  timeout_msec,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data)
{
  g_autoptr(SmbConnection) connection = NULL;
  g_autoptr(SmbCall)       call = NULL;
  g_autoptr(GTask)         task = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, smb_protocol_factory_close_connection_async);
  connection = smb_protocol_factory_dup_connection (self);
  if (connection == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  call = smb_close_call_new (connection, timeout_msec, cancellable);
  smb_call_run_async (call, self, closed_cb, closed_cb, g_steal_pointer (&task));
}

/**
 * smb_protocol_factory_close_connection_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.close_connection_async].
 *
 * Returns: whether it is closed
 */
gboolean
smb_protocol_factory_close_connection_finish (SmbProtocolFactory  *self,
                                              GAsyncResult        *result,
                                              GError             **error)
{
  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, smb_protocol_factory_close_connection_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
