/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/**
 * SmbError:
 * @SMB_ERROR_FAILED: the server reported an error that has no code of its own here
 * @SMB_ERROR_NOT_READY: the operation needs an authenticated connection and there was none yet
 * @SMB_ERROR_NOT_CONNECTED: the connection is closed, or ended while the operation was under way
 * @SMB_ERROR_TIMED_OUT: the server did not answer in time
 * @SMB_ERROR_AUTH_FAILED: the server refused the credentials
 * @SMB_ERROR_NOT_FOUND: there is no such share, file or folder
 * @SMB_ERROR_EXISTS: the name is taken
 * @SMB_ERROR_ACCESS_DENIED: the user may not do this
 * @SMB_ERROR_NOT_SUPPORTED: the server or this library cannot do this
 * @SMB_ERROR_PROTOCOL: the server sent something that breaks the protocol
 * @SMB_ERROR_PLUGIN_MISSING: no installed plugin implements what is needed
 * @SMB_ERROR_SHARING_VIOLATION: someone else has the file open in a way that excludes this
 * @SMB_ERROR_NO_SPACE: the disk is full or the quota used up
 * @SMB_ERROR_NOT_EMPTY: the folder is not empty
 * @SMB_ERROR_IS_DIRECTORY: the name belongs to a folder and a file is needed
 * @SMB_ERROR_NOT_DIRECTORY: the name belongs to a file and a folder is needed
 * @SMB_ERROR_INVALID_ARGUMENT: a path, name or number that cannot be right
 * @SMB_ERROR_SECURITY: a signature, the encryption or the negotiation was tampered with, or less
 *   protection was offered than was asked for
 *
 * What the server or the protocol reports. Errors of the network, of the caller's own
 * stream and cancellation pass through as [error@Gio.IOErrorEnum] and [error@Gio.ResolverError].
 */
typedef enum
{
  SMB_ERROR_FAILED,
  SMB_ERROR_NOT_READY,
  SMB_ERROR_NOT_CONNECTED,
  SMB_ERROR_TIMED_OUT,
  SMB_ERROR_AUTH_FAILED,
  SMB_ERROR_NOT_FOUND,
  SMB_ERROR_EXISTS,
  SMB_ERROR_ACCESS_DENIED,
  SMB_ERROR_NOT_SUPPORTED,
  SMB_ERROR_PROTOCOL,
  SMB_ERROR_PLUGIN_MISSING,
  SMB_ERROR_SHARING_VIOLATION,
  SMB_ERROR_NO_SPACE,
  SMB_ERROR_NOT_EMPTY,
  SMB_ERROR_IS_DIRECTORY,
  SMB_ERROR_NOT_DIRECTORY,
  SMB_ERROR_INVALID_ARGUMENT,
  SMB_ERROR_SECURITY,
} SmbError;

#define SMB_ERROR (smb_error_quark ())
SMB_EXTERN GQuark smb_error_quark (void);

SMB_EXTERN guint32 smb_error_get_nt_status (const GError *error);

SMB_EXTERN GIOErrorEnum smb_error_to_io_error (SmbError code);

#define SMB_TYPE_ERROR (smb_error_get_type ())
SMB_EXTERN GType smb_error_get_type (void);

G_END_DECLS
