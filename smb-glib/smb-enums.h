/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/**
 * SmbDialectVersion:
 * @SMB_DIALECT_VERSION_NONE: not negotiated, or no limit
 * @SMB_DIALECT_VERSION_SMB_1: NT LM 0.12 ([MS-CIFS], [MS-SMB])
 * @SMB_DIALECT_VERSION_SMB_2_02: Windows Vista
 * @SMB_DIALECT_VERSION_SMB_2_10: Windows 7
 * @SMB_DIALECT_VERSION_SMB_3_00: Windows 8
 * @SMB_DIALECT_VERSION_SMB_3_02: Windows 8.1
 * @SMB_DIALECT_VERSION_SMB_3_11: Windows 10 and later
 *
 * Versions of the protocol. The values order: a newer one is greater.
 */
typedef enum
{
  SMB_DIALECT_VERSION_NONE = 0,
  SMB_DIALECT_VERSION_SMB_1 = 0x0100,
  SMB_DIALECT_VERSION_SMB_2_02 = 0x0202,
  SMB_DIALECT_VERSION_SMB_2_10 = 0x0210,
  SMB_DIALECT_VERSION_SMB_3_00 = 0x0300,
  SMB_DIALECT_VERSION_SMB_3_02 = 0x0302,
  SMB_DIALECT_VERSION_SMB_3_11 = 0x0311,
} SmbDialectVersion;

#define SMB_TYPE_DIALECT_VERSION (smb_dialect_version_get_type ())
SMB_EXTERN GType smb_dialect_version_get_type (void);

/**
 * SmbSignOptions:
 * @SMB_SIGN_OPTIONS_NEVER: do not sign, except where the protocol cannot do without
 * @SMB_SIGN_OPTIONS_WHEN_SUPPORTED: sign whatever an authenticated user sends, and demand signed replies
 * @SMB_SIGN_OPTIONS_WHEN_REQUIRED: sign only if the server requires it
 * @SMB_SIGN_OPTIONS_REQUIRE: as WHEN_SUPPORTED, and refuse sessions that cannot be signed (guest, anonymous)
 *
 * When messages are signed.
 */
typedef enum
{
  SMB_SIGN_OPTIONS_NEVER,
  SMB_SIGN_OPTIONS_WHEN_SUPPORTED,
  SMB_SIGN_OPTIONS_WHEN_REQUIRED,
  SMB_SIGN_OPTIONS_REQUIRE,
} SmbSignOptions;

#define SMB_TYPE_SIGN_OPTIONS (smb_sign_options_get_type ())
SMB_EXTERN GType smb_sign_options_get_type (void);

/**
 * SmbEncryption:
 * @SMB_ENCRYPTION_DISABLED: offer no encryption
 * @SMB_ENCRYPTION_IF_REQUIRED: encrypt where the server demands it, for the session or for a share
 * @SMB_ENCRYPTION_DESIRED: encrypt everything if the server can
 * @SMB_ENCRYPTION_REQUIRED: encrypt everything, and refuse servers and sessions that cannot
 *
 * When messages are encrypted ("sealed", SMB 3.0 and later).
 */
typedef enum
{
  SMB_ENCRYPTION_DISABLED,
  SMB_ENCRYPTION_IF_REQUIRED,
  SMB_ENCRYPTION_DESIRED,
  SMB_ENCRYPTION_REQUIRED,
} SmbEncryption;

#define SMB_TYPE_ENCRYPTION (smb_encryption_get_type ())
SMB_EXTERN GType smb_encryption_get_type (void);

/**
 * SmbConnectionState:
 * @SMB_CONNECTION_STATE_DISCONNECTED: not opened yet, or closed
 * @SMB_CONNECTION_STATE_CONNECTING: reaching the server
 * @SMB_CONNECTION_STATE_NEGOTIATING: agreeing on a dialect
 * @SMB_CONNECTION_STATE_AUTHENTICATING: proving who we are
 * @SMB_CONNECTION_STATE_READY: operations are possible
 * @SMB_CONNECTION_STATE_CLOSING: logging off
 *
 * Where a connection is in its life.
 */
typedef enum
{
  SMB_CONNECTION_STATE_DISCONNECTED,
  SMB_CONNECTION_STATE_CONNECTING,
  SMB_CONNECTION_STATE_NEGOTIATING,
  SMB_CONNECTION_STATE_AUTHENTICATING,
  SMB_CONNECTION_STATE_READY,
  SMB_CONNECTION_STATE_CLOSING,
} SmbConnectionState;

#define SMB_TYPE_CONNECTION_STATE (smb_connection_state_get_type ())
SMB_EXTERN GType smb_connection_state_get_type (void);

/**
 * SmbFileAttributes:
 * @SMB_FILE_ATTRIBUTES_NONE: none
 * @SMB_FILE_ATTRIBUTES_READ_ONLY: may not be written or deleted
 * @SMB_FILE_ATTRIBUTES_HIDDEN: not shown by default
 * @SMB_FILE_ATTRIBUTES_SYSTEM: belongs to the operating system
 * @SMB_FILE_ATTRIBUTES_DIRECTORY: a folder
 * @SMB_FILE_ATTRIBUTES_ARCHIVE: changed since it was last archived
 * @SMB_FILE_ATTRIBUTES_NORMAL: none of the others
 * @SMB_FILE_ATTRIBUTES_TEMPORARY: used for temporary storage
 * @SMB_FILE_ATTRIBUTES_SPARSE_FILE: has unallocated ranges
 * @SMB_FILE_ATTRIBUTES_REPARSE_POINT: a symbolic link, a junction or another reparse point
 * @SMB_FILE_ATTRIBUTES_COMPRESSED: stored compressed
 * @SMB_FILE_ATTRIBUTES_OFFLINE: its data is not at hand
 * @SMB_FILE_ATTRIBUTES_NOT_CONTENT_INDEXED: left out of search indexes
 * @SMB_FILE_ATTRIBUTES_ENCRYPTED: stored encrypted
 *
 * Attributes of a file or folder ([MS-FSCC] 2.6).
 */
typedef enum /*< flags >*/
{
  SMB_FILE_ATTRIBUTES_NONE = 0,
  SMB_FILE_ATTRIBUTES_READ_ONLY = 0x1,
  SMB_FILE_ATTRIBUTES_HIDDEN = 0x2,
  SMB_FILE_ATTRIBUTES_SYSTEM = 0x4,
  SMB_FILE_ATTRIBUTES_DIRECTORY = 0x10,
  SMB_FILE_ATTRIBUTES_ARCHIVE = 0x20,
  SMB_FILE_ATTRIBUTES_NORMAL = 0x80,
  SMB_FILE_ATTRIBUTES_TEMPORARY = 0x100,
  SMB_FILE_ATTRIBUTES_SPARSE_FILE = 0x200,
  SMB_FILE_ATTRIBUTES_REPARSE_POINT = 0x400,
  SMB_FILE_ATTRIBUTES_COMPRESSED = 0x800,
  SMB_FILE_ATTRIBUTES_OFFLINE = 0x1000,
  SMB_FILE_ATTRIBUTES_NOT_CONTENT_INDEXED = 0x2000,
  SMB_FILE_ATTRIBUTES_ENCRYPTED = 0x4000,
} SmbFileAttributes;

#define SMB_TYPE_FILE_ATTRIBUTES (smb_file_attributes_get_type ())
SMB_EXTERN GType smb_file_attributes_get_type (void);

/**
 * SmbFileAttributeMask:
 * @SMB_FILE_ATTRIBUTE_MASK_NONE: files without attributes only
 * @SMB_FILE_ATTRIBUTE_MASK_READ_ONLY: read-only files
 * @SMB_FILE_ATTRIBUTE_MASK_HIDDEN: hidden files
 * @SMB_FILE_ATTRIBUTE_MASK_SYSTEM: system files
 * @SMB_FILE_ATTRIBUTE_MASK_DIRECTORY: folders
 * @SMB_FILE_ATTRIBUTE_MASK_ARCHIVE: files with the archive attribute
 * @SMB_FILE_ATTRIBUTE_MASK_INCLUDE_NORMAL: files without any of these attributes too
 * @SMB_FILE_ATTRIBUTE_MASK_DEFAULT: everything
 *
 * What a listing shows: an entry with attributes passes when it has any of those in the mask.
 */
typedef enum /*< flags >*/
{
  SMB_FILE_ATTRIBUTE_MASK_NONE = 0,
  SMB_FILE_ATTRIBUTE_MASK_READ_ONLY = 0x1,
  SMB_FILE_ATTRIBUTE_MASK_HIDDEN = 0x2,
  SMB_FILE_ATTRIBUTE_MASK_SYSTEM = 0x4,
  SMB_FILE_ATTRIBUTE_MASK_DIRECTORY = 0x10,
  SMB_FILE_ATTRIBUTE_MASK_ARCHIVE = 0x20,
  SMB_FILE_ATTRIBUTE_MASK_INCLUDE_NORMAL = 0x10000,
  SMB_FILE_ATTRIBUTE_MASK_DEFAULT = 0x10037,
} SmbFileAttributeMask;

#define SMB_TYPE_FILE_ATTRIBUTE_MASK (smb_file_attribute_mask_get_type ())
SMB_EXTERN GType smb_file_attribute_mask_get_type (void);

/**
 * SmbFileInfoFields:
 * @SMB_FILE_INFO_FIELDS_BASIC: name, times, sizes and attributes; the cheapest for the server
 * @SMB_FILE_INFO_FIELDS_FILE_ID: the number of the file
 * @SMB_FILE_INFO_FIELDS_SHORT_NAME: the 8.3 name
 * @SMB_FILE_INFO_FIELDS_REPARSE_TAG: what kind of reparse point it is
 * @SMB_FILE_INFO_FIELDS_ALL: all of these
 *
 * What an enumeration asks the server for, beside the name.
 */
typedef enum /*< flags >*/
{
  SMB_FILE_INFO_FIELDS_BASIC = 0,
  SMB_FILE_INFO_FIELDS_FILE_ID = 1 << 0,
  SMB_FILE_INFO_FIELDS_SHORT_NAME = 1 << 1,
  SMB_FILE_INFO_FIELDS_REPARSE_TAG = 1 << 2,
  SMB_FILE_INFO_FIELDS_ALL = 0x7,
} SmbFileInfoFields;

#define SMB_TYPE_FILE_INFO_FIELDS (smb_file_info_fields_get_type ())
SMB_EXTERN GType smb_file_info_fields_get_type (void);

/**
 * SmbFileAccess:
 * @SMB_FILE_ACCESS_READ: read data and attributes
 * @SMB_FILE_ACCESS_WRITE: write data and attributes
 * @SMB_FILE_ACCESS_READ_WRITE: both
 *
 * What an open file is to be used for.
 */
typedef enum /*< flags >*/
{
  SMB_FILE_ACCESS_READ = 1 << 0,
  SMB_FILE_ACCESS_WRITE = 1 << 1,
  SMB_FILE_ACCESS_READ_WRITE = 0x3,
} SmbFileAccess;

#define SMB_TYPE_FILE_ACCESS (smb_file_access_get_type ())
SMB_EXTERN GType smb_file_access_get_type (void);

/**
 * SmbSecurityInformation:
 * @SMB_SECURITY_INFORMATION_OWNER: the owner
 * @SMB_SECURITY_INFORMATION_GROUP: the primary group
 * @SMB_SECURITY_INFORMATION_DACL: the list for access
 * @SMB_SECURITY_INFORMATION_SACL: the list for auditing, for which the user needs a privilege
 * @SMB_SECURITY_INFORMATION_LABEL: the integrity level, an entry of the list for auditing
 * @SMB_SECURITY_INFORMATION_ATTRIBUTE: attributes that conditions can name, entries of the list for auditing
 * @SMB_SECURITY_INFORMATION_SCOPE: the central policy that holds, an entry of the list for auditing
 * @SMB_SECURITY_INFORMATION_BACKUP: everything there is
 *
 * Parts of a security descriptor ([MS-SMB2] 2.2.37).
 */
typedef enum /*< flags >*/
{
  SMB_SECURITY_INFORMATION_OWNER = 0x1,
  SMB_SECURITY_INFORMATION_GROUP = 0x2,
  SMB_SECURITY_INFORMATION_DACL = 0x4,
  SMB_SECURITY_INFORMATION_SACL = 0x8,
  SMB_SECURITY_INFORMATION_LABEL = 0x10,
  SMB_SECURITY_INFORMATION_ATTRIBUTE = 0x20,
  SMB_SECURITY_INFORMATION_SCOPE = 0x40,
  SMB_SECURITY_INFORMATION_BACKUP = 0x10000,
} SmbSecurityInformation;

#define SMB_TYPE_SECURITY_INFORMATION (smb_security_information_get_type ())
SMB_EXTERN GType smb_security_information_get_type (void);

/**
 * SmbFileDisposition:
 * @SMB_FILE_DISPOSITION_OPEN: the file must exist
 * @SMB_FILE_DISPOSITION_CREATE: the file must not exist
 * @SMB_FILE_DISPOSITION_OPEN_OR_CREATE: open it, or make an empty one
 * @SMB_FILE_DISPOSITION_OVERWRITE: it must exist, and is emptied
 * @SMB_FILE_DISPOSITION_OVERWRITE_OR_CREATE: emptied, or made
 *
 * What happens when the file to be opened exists, and when it does not ([MS-SMB2] 2.2.13).
 */
typedef enum
{
  SMB_FILE_DISPOSITION_OPEN = 1,
  SMB_FILE_DISPOSITION_CREATE = 2,
  SMB_FILE_DISPOSITION_OPEN_OR_CREATE = 3,
  SMB_FILE_DISPOSITION_OVERWRITE = 4,
  SMB_FILE_DISPOSITION_OVERWRITE_OR_CREATE = 5,
} SmbFileDisposition;

#define SMB_TYPE_FILE_DISPOSITION (smb_file_disposition_get_type ())
SMB_EXTERN GType smb_file_disposition_get_type (void);

/**
 * SmbDeviceType:
 * @SMB_DEVICE_TYPE_DISK: a share of files
 * @SMB_DEVICE_TYPE_PRINT_QUEUE: a printer
 * @SMB_DEVICE_TYPE_COMM_DEVICE: a communication device
 * @SMB_DEVICE_TYPE_IPC: pipes for remote procedure calls
 *
 * What a share gives access to ([MS-SRVS] 2.2.2.4).
 */
typedef enum
{
  SMB_DEVICE_TYPE_DISK,
  SMB_DEVICE_TYPE_PRINT_QUEUE,
  SMB_DEVICE_TYPE_COMM_DEVICE,
  SMB_DEVICE_TYPE_IPC,
} SmbDeviceType;

#define SMB_TYPE_DEVICE_TYPE (smb_device_type_get_type ())
SMB_EXTERN GType smb_device_type_get_type (void);

G_END_DECLS
