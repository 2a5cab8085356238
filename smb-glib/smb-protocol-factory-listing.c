/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-private.h"

#include "engine/operations/smb-listing.h"
#include "smb-enumerator-private.h"
#include "smb-shared-file-entry.h"

/* The attributes that the mask speaks of are in the lowest byte ([MS-FSCC] 2.6). */
static gboolean
is_wanted (guint32              attributes,
           SmbFileAttributeMask search)
{
  guint32 low = attributes & 0xff;

  if (low == 0 || low == SMB_FILE_ATTRIBUTES_NORMAL)
    return search == SMB_FILE_ATTRIBUTE_MASK_NONE || (search & SMB_FILE_ATTRIBUTE_MASK_INCLUDE_NORMAL) != 0;
  return (attributes & search) != 0;
}

static gpointer
make_file_if_wanted (const SmbDirectoryEntry *entry,
                     char                    *name,
                     char                    *short_name,
                     gpointer                 data)
{
  if (is_wanted (entry->file_attributes, GPOINTER_TO_UINT (data)))
    return smb_shared_file_new_from_entry (entry, name, short_name);

  g_free (name);
  g_free (short_name);
  return NULL;
}

static SmbCall *
list_path_call (SmbProtocolFactory   *self,
                const char           *share,
                const char           *path,
                SmbFileAttributeMask  search,
                const char           *pattern,
                int                   timeout_msec,
                GCancellable         *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_listing_all_call_new (connection, share, path, pattern, SMB_FILE_INFO_FIELDS_ALL,
                                   make_file_if_wanted, GUINT_TO_POINTER (search), timeout_msec, cancellable);
}

static SmbCall *
enumerate_call (SmbProtocolFactory *self,
                const char         *share,
                const char         *path,
                const char         *pattern,
                SmbFileInfoFields   fields,
                int                 timeout_msec,
                GCancellable       *cancellable)
{
  g_autoptr(SmbConnection) connection = smb_protocol_factory_dup_connection (self);

  return smb_listing_open_call_new (connection, share, path, pattern, fields, timeout_msec, cancellable);
}

static SmbEnumerator *
take_enumerator (SmbCall *call)
{
  return smb_enumerator_new (smb_call_take_result (call));
}

/**
 * smb_protocol_factory_list_path:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the folder; "" is the share itself
 * @search: which entries are wanted, by their attributes
 * @pattern: (nullable): what the names must match, with `*` and `?`; %NULL for all
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Lists a folder, in the server's order, with everything that it says of its entries. The entries `.` and
 * `..` are among them.
 *
 * An entry that has one of the attributes in @search is wanted; one without any (or with
 * %SMB_FILE_ATTRIBUTES_NORMAL alone) is if @search is %SMB_FILE_ATTRIBUTE_MASK_NONE or has
 * %SMB_FILE_ATTRIBUTE_MASK_INCLUDE_NORMAL. It is the server that compares names with @pattern, and most
 * compare the 8.3 names, too.
 *
 * A name that UTF-8 or a path cannot hold is replaced by the 8.3 name; an entry that has none is left
 * out, and a message logged. Folders that are too large to be held in memory are read with
 * [method@ProtocolFactory.enumerate].
 *
 * Fails with %SMB_ERROR_NOT_FOUND, %SMB_ERROR_NOT_DIRECTORY or %SMB_ERROR_ACCESS_DENIED.
 *
 * Returns: (transfer container) (element-type SmbSharedFile): the entries; none if no name matches
 */
GPtrArray *
smb_protocol_factory_list_path (SmbProtocolFactory    *self,
                                const char            *share,
                                const char            *path,
                                SmbFileAttributeMask   search,
                                const char            *pattern,
                                int                    timeout_msec,
                                GCancellable          *cancellable,
                                GError               **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (share != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = list_path_call (self, share, path, search, pattern, timeout_msec, cancellable);
  return smb_call_run (call, error) ? smb_listing_call_take_objects (call) : NULL;
}

/**
 * smb_protocol_factory_list_path_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the folder; "" is the share itself
 * @search: which entries are wanted, by their attributes
 * @pattern: (nullable): what the names must match, with `*` and `?`; %NULL for all
 * @timeout_msec: milliseconds without progress, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.list_path].
 */
void
smb_protocol_factory_list_path_async (SmbProtocolFactory   *self,
                                      const char           *share,
                                      const char           *path,
                                      SmbFileAttributeMask  search,
                                      const char           *pattern,
                                      int                   timeout_msec,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_PROTOCOL_FACTORY (self));
  g_return_if_fail (share != NULL);
  g_return_if_fail (path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = list_path_call (self, share, path, search, pattern, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_list_path_async, callback, user_data);
}

/**
 * smb_protocol_factory_list_path_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.list_path_async].
 *
 * Returns: (transfer container) (element-type SmbSharedFile): the entries; none if no name matches
 */
GPtrArray *
smb_protocol_factory_list_path_finish (SmbProtocolFactory  *self,
                                       GAsyncResult        *result,
                                       GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_list_path_async, error);
  return call != NULL ? smb_listing_call_take_objects (call) : NULL;
}

/**
 * smb_protocol_factory_enumerate:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the folder; "" is the share itself
 * @pattern: (nullable): what the names must match, with `*` and `?`; %NULL for all
 * @fields: what is wanted beside name, times, sizes and attributes
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Opens a folder whose entries are then read in parts, in constant memory, with [method@Enumerator.next].
 *
 * The server is asked for the least that has the @fields, since some cost it more than others.
 *
 * Fails as [method@ProtocolFactory.list_path] does.
 *
 * Returns: (transfer full): the enumerator
 */
SmbEnumerator *
smb_protocol_factory_enumerate (SmbProtocolFactory  *self,
                                const char          *share,
                                const char          *path,
                                const char          *pattern,
                                SmbFileInfoFields    fields,
                                int                  timeout_msec,
                                GCancellable        *cancellable,
                                GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);
  g_return_val_if_fail (share != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  call = enumerate_call (self, share, path, pattern, fields, timeout_msec, cancellable);
  return smb_call_run (call, error) ? take_enumerator (call) : NULL;
}

/**
 * smb_protocol_factory_enumerate_async:
 * @self: the factory
 * @share: the name of the share
 * @path: the path of the folder; "" is the share itself
 * @pattern: (nullable): what the names must match, with `*` and `?`; %NULL for all
 * @fields: what is wanted beside name, times, sizes and attributes
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@ProtocolFactory.enumerate].
 */
void
smb_protocol_factory_enumerate_async (SmbProtocolFactory  *self,
                                      const char          *share,
                                      const char          *path,
                                      const char          *pattern,
                                      SmbFileInfoFields    fields,
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

  call = enumerate_call (self, share, path, pattern, fields, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_protocol_factory_enumerate_async, callback, user_data);
}

/**
 * smb_protocol_factory_enumerate_finish:
 * @self: the factory
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@ProtocolFactory.enumerate_async].
 *
 * Returns: (transfer full): the enumerator
 */
SmbEnumerator *
smb_protocol_factory_enumerate_finish (SmbProtocolFactory  *self,
                                       GAsyncResult        *result,
                                       GError             **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_PROTOCOL_FACTORY (self), NULL);

  call = smb_call_finish (self, result, smb_protocol_factory_enumerate_async, error);
  return call != NULL ? take_enumerator (call) : NULL;
}
