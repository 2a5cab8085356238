/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-error.h"

#include <string.h>

#include "smb-error-private.h"

typedef struct
{
  guint32 nt_status; /* 0 when the error is not the server's */
} SmbErrorPrivate;

static void
smb_error_private_init (SmbErrorPrivate *self)
{
}

static void
smb_error_private_copy (const SmbErrorPrivate *from,
                        SmbErrorPrivate       *to)
{
  *to = *from;
}

static void
smb_error_private_clear (SmbErrorPrivate *self)
{
}

/* GLib's macro does pointer arithmetic that clang cannot see through. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (SmbError, smb_error)
#pragma GCC diagnostic pop

G_DEFINE_ENUM_TYPE (SmbError, smb_error,
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_NOT_READY, "not-ready"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_NOT_CONNECTED, "not-connected"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_TIMED_OUT, "timed-out"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_AUTH_FAILED, "auth-failed"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_EXISTS, "exists"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_ACCESS_DENIED, "access-denied"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_NOT_SUPPORTED, "not-supported"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_PROTOCOL, "protocol"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_PLUGIN_MISSING, "plugin-missing"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_SHARING_VIOLATION, "sharing-violation"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_NO_SPACE, "no-space"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_NOT_EMPTY, "not-empty"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_IS_DIRECTORY, "is-directory"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_NOT_DIRECTORY, "not-directory"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_INVALID_ARGUMENT, "invalid-argument"),
                    G_DEFINE_ENUM_VALUE (SMB_ERROR_SECURITY, "security"))

static const GIOErrorEnum io_errors[] = {
  [SMB_ERROR_FAILED] = G_IO_ERROR_FAILED,
  [SMB_ERROR_NOT_READY] = G_IO_ERROR_NOT_INITIALIZED,
  [SMB_ERROR_NOT_CONNECTED] = G_IO_ERROR_NOT_CONNECTED,
  [SMB_ERROR_TIMED_OUT] = G_IO_ERROR_TIMED_OUT,
  [SMB_ERROR_AUTH_FAILED] = G_IO_ERROR_PERMISSION_DENIED,
  [SMB_ERROR_NOT_FOUND] = G_IO_ERROR_NOT_FOUND,
  [SMB_ERROR_EXISTS] = G_IO_ERROR_EXISTS,
  [SMB_ERROR_ACCESS_DENIED] = G_IO_ERROR_PERMISSION_DENIED,
  [SMB_ERROR_NOT_SUPPORTED] = G_IO_ERROR_NOT_SUPPORTED,
  [SMB_ERROR_PROTOCOL] = G_IO_ERROR_INVALID_DATA,
  [SMB_ERROR_PLUGIN_MISSING] = G_IO_ERROR_NOT_SUPPORTED,
  [SMB_ERROR_SHARING_VIOLATION] = G_IO_ERROR_BUSY,
  [SMB_ERROR_NO_SPACE] = G_IO_ERROR_NO_SPACE,
  [SMB_ERROR_NOT_EMPTY] = G_IO_ERROR_NOT_EMPTY,
  [SMB_ERROR_IS_DIRECTORY] = G_IO_ERROR_IS_DIRECTORY,
  [SMB_ERROR_NOT_DIRECTORY] = G_IO_ERROR_NOT_DIRECTORY,
  [SMB_ERROR_INVALID_ARGUMENT] = G_IO_ERROR_INVALID_ARGUMENT,
  [SMB_ERROR_SECURITY] = G_IO_ERROR_PERMISSION_DENIED,
};

/**
 * smb_error_to_io_error:
 * @code: a code of the domain `SMB_ERROR`
 *
 * What a GIO program would call @code, for those who hand errors on to it.
 *
 * Returns: the nearest code of the domain `G_IO_ERROR`
 */
GIOErrorEnum
smb_error_to_io_error (SmbError code)
{
  return (guint) code < G_N_ELEMENTS (io_errors) ? io_errors[code] : G_IO_ERROR_FAILED;
}

/* Language bindings rebuild an error from its message alone, which ends in "(STATUS_NAME 0xC0000034)". */
static guint32
status_in_message (const char *message)
{
  const char *paren = message == NULL ? NULL : strrchr (message, '(');
  const char *hex = paren == NULL ? NULL : strstr (paren, " 0x");

  if (hex == NULL || !g_str_has_prefix (paren, "(STATUS_"))
    return 0;
  return (guint32) g_ascii_strtoull (hex + 3, NULL, 16);
}

/**
 * smb_error_get_nt_status:
 * @error: an error
 *
 * The status with which the server ended the operation ([MS-ERREF] 2.3.1).
 *
 * Works on errors that a language binding has copied by their message too.
 *
 * Returns: the status, or 0 if @error is not one that the server reported
 */
guint32
smb_error_get_nt_status (const GError *error)
{
  g_return_val_if_fail (error != NULL, 0);

  if (error->domain != SMB_ERROR)
    return 0;
  if (smb_error_get_private (error)->nt_status != 0)
    return smb_error_get_private (error)->nt_status;
  return status_in_message (error->message);
}

/**
 * smb_error_set_nt_status: (skip)
 * @error: an error of the domain `SMB_ERROR`
 * @nt_status: the server's status
 *
 * Remembers where @error came from.
 */
void
smb_error_set_nt_status (GError  *error,
                         guint32  nt_status)
{
  g_return_if_fail (error != NULL && error->domain == SMB_ERROR);

  smb_error_get_private (error)->nt_status = nt_status;
}

gboolean
smb_error_check_timeout (int      timeout_msec,
                         GError **error)
{
  if (timeout_msec >= -1)
    return TRUE;
  g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "%d is no timeout; -1 is the default",
               timeout_msec);
  return FALSE;
}
