/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/operations/smb-security-calls.h"
#include "smb-security-descriptor-private.h"

#define USUAL_PARTS \
  (SMB_SECURITY_INFORMATION_OWNER | SMB_SECURITY_INFORMATION_GROUP | SMB_SECURITY_INFORMATION_DACL)

/* On the caller's side, where objects are made. */
static SmbSecurityDescriptor *
take_security (SmbCall *call)
{
  g_autoptr(SmbSecurityDescriptorData) data = smb_call_take_result (call);

  return smb_security_descriptor_new_from_data (data);
}

static SmbCall *
get_security_call (SmbProtocolFactory     *self,
                   const char             *share,
                   const char             *path,
                   SmbSecurityInformation  parts,
                   int                     timeout_msec,
                   GCancellable           *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_get_security_call_new (connection, share, path, parts, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_get_security:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks who owns a file or folder, and who may do what with it ([MS-DTYP] 2.4.6): the owner, the group and
 * the list for access. For other parts see
 * [method@ProtocolFactory.get_security_parts].
 *
 * Fails with %SMB_ERROR_NOT_FOUND, and with %SMB_ERROR_ACCESS_DENIED if the user may not know.
 *
 * Returns: (transfer full): the security descriptor
 */
SmbSecurityDescriptor *
smb_protocol_factory_get_security (SmbProtocolFactory  *self,
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

  call = get_security_call (self, share, path, USUAL_PARTS, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_security (call) : NULL;
}

/**
 * smb_protocol_factory_get_security_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.get_security].
 */
void
smb_protocol_factory_get_security_async (SmbProtocolFactory  *self,
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

  call = get_security_call (self, share, path, USUAL_PARTS, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_get_security_async, callback, user_data);
}

/**
 * smb_protocol_factory_get_security_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.get_security_async].
 *
 * Returns: (transfer full): the security descriptor
 */
SmbSecurityDescriptor *
smb_protocol_factory_get_security_finish (SmbProtocolFactory  *self,
                                          GAsyncResult        *result,
                                          GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_get_security_async, error);
  return call != NULL ? take_security (call) : NULL;
}

/**
 * smb_protocol_factory_get_security_parts:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder
 * @parts: what to ask for
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Asks for chosen parts of the security descriptor of a file or folder ([MS-SMB2] 2.2.37). For the list for
 * auditing the user needs a privilege, which administrators have.
 *
 * Fails with %SMB_ERROR_NOT_FOUND, with %SMB_ERROR_ACCESS_DENIED if the user may not know, and with
 * %SMB_ERROR_INVALID_ARGUMENT if no parts are chosen.
 *
 * Returns: (transfer full): the security descriptor
 */
SmbSecurityDescriptor *
smb_protocol_factory_get_security_parts (SmbProtocolFactory      *self,
                                         const char              *share,
                                         const char              *path,
                                         SmbSecurityInformation   parts,
                                         int                      timeout_msec,
                                         GCancellable            *cancellable,
                                         GError                 **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (share != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = get_security_call (self, share, path, parts, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_security (call) : NULL;
}

/**
 * smb_protocol_factory_get_security_parts_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder
 * @parts: what to ask for
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.get_security_parts].
 */
void
smb_protocol_factory_get_security_parts_async (SmbProtocolFactory     *self,
                                               const char             *share,
                                               const char             *path,
                                               SmbSecurityInformation  parts,
                                               int                     timeout_msec,
                                               GCancellable           *cancellable,
                                               GAsyncReadyCallback     callback,
                                               gpointer                user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = get_security_call (self, share, path, parts, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_get_security_parts_async, callback, user_data);
}

/**
 * smb_protocol_factory_get_security_parts_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.get_security_parts_async].
 *
 * Returns: (transfer full): the security descriptor
 */
SmbSecurityDescriptor *
smb_protocol_factory_get_security_parts_finish (SmbProtocolFactory  *self,
                                                GAsyncResult        *result,
                                                GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_get_security_parts_async, error);
  return call != NULL ? take_security (call) : NULL;
}

static SmbCall *
set_security_call (SmbProtocolFactory     *self,
                   const char             *share,
                   const char             *path,
                   SmbSecurityDescriptor  *descriptor,
                   SmbSecurityInformation  parts,
                   int                     timeout_msec,
                   GCancellable           *cancellable)
{
  g_autoptr(SmbConnection)             connection = smb_protocol_factory_dup_connection (self);
  g_autoptr(SmbSecurityDescriptorData) data = smb_security_descriptor_to_data (descriptor);

  return smb_set_security_call_new (connection, share, path, data, parts, timeout_msec, cancellable);
}

/**
 * smb_protocol_factory_set_security:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder
 * @descriptor: what to set
 * @parts: which parts of @descriptor
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Changes who owns a file or folder, or who may do what with it ([MS-SMB2] 2.2.39). Parts that are not chosen
 * stay as they are. What lies in a folder inherits new rights from it only where the server sees to that.
 *
 * Fails with %SMB_ERROR_NOT_FOUND, with %SMB_ERROR_ACCESS_DENIED if the user may not, and with
 * %SMB_ERROR_INVALID_ARGUMENT if no parts are chosen, or such as @descriptor does not have. A list for access
 * is not there unless the flags say so, even if it is that which allows everything.
 *
 * Returns: whether it was set
 */
gboolean
smb_protocol_factory_set_security (SmbProtocolFactory      *self,
                                   const char              *share,
                                   const char              *path,
                                   SmbSecurityDescriptor   *descriptor,
                                   SmbSecurityInformation   parts,
                                   int                      timeout_msec,
                                   GCancellable            *cancellable,
                                   GError                 **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);
  g_return_val_if_fail (share != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (SMB_IS_SECURITY_DESCRIPTOR (descriptor), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = set_security_call (self, share, path, descriptor, parts, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_protocol_factory_set_security_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of a file or folder
 * @descriptor: what to set
 * @parts: which parts of @descriptor
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.set_security].
 */
void
smb_protocol_factory_set_security_async (SmbProtocolFactory     *self,
                                         const char             *share,
                                         const char             *path,
                                         SmbSecurityDescriptor  *descriptor,
                                         SmbSecurityInformation  parts,
                                         int                     timeout_msec,
                                         GCancellable           *cancellable,
                                         GAsyncReadyCallback     callback,
                                         gpointer                user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (SMB_IS_SECURITY_DESCRIPTOR (descriptor));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = set_security_call (self, share, path, descriptor, parts, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_set_security_async, callback, user_data);
}

/**
 * smb_protocol_factory_set_security_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.set_security_async].
 *
 * Returns: whether it was set
 */
gboolean
smb_protocol_factory_set_security_finish (SmbProtocolFactory  *self,
                                          GAsyncResult        *result,
                                          GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), FALSE);

  call = smb_call_finish (self, result, smb_protocol_factory_set_security_async, error);
  return call != NULL;
}
