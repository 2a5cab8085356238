/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-enums.h"

G_DEFINE_ENUM_TYPE (SmbDialectVersion, smb_dialect_version,
                    G_DEFINE_ENUM_VALUE (SMB_DIALECT_VERSION_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SMB_DIALECT_VERSION_SMB_1, "smb-1"),
                    G_DEFINE_ENUM_VALUE (SMB_DIALECT_VERSION_SMB_2_02, "smb-2-02"),
                    G_DEFINE_ENUM_VALUE (SMB_DIALECT_VERSION_SMB_2_10, "smb-2-10"),
                    G_DEFINE_ENUM_VALUE (SMB_DIALECT_VERSION_SMB_3_00, "smb-3-00"),
                    G_DEFINE_ENUM_VALUE (SMB_DIALECT_VERSION_SMB_3_02, "smb-3-02"),
                    G_DEFINE_ENUM_VALUE (SMB_DIALECT_VERSION_SMB_3_11, "smb-3-11"))

G_DEFINE_ENUM_TYPE (SmbSignOptions, smb_sign_options,
                    G_DEFINE_ENUM_VALUE (SMB_SIGN_OPTIONS_NEVER, "never"),
                    G_DEFINE_ENUM_VALUE (SMB_SIGN_OPTIONS_WHEN_SUPPORTED, "when-supported"),
                    G_DEFINE_ENUM_VALUE (SMB_SIGN_OPTIONS_WHEN_REQUIRED, "when-required"),
                    G_DEFINE_ENUM_VALUE (SMB_SIGN_OPTIONS_REQUIRE, "require"))

G_DEFINE_ENUM_TYPE (SmbEncryption, smb_encryption,
                    G_DEFINE_ENUM_VALUE (SMB_ENCRYPTION_DISABLED, "disabled"),
                    G_DEFINE_ENUM_VALUE (SMB_ENCRYPTION_IF_REQUIRED, "if-required"),
                    G_DEFINE_ENUM_VALUE (SMB_ENCRYPTION_DESIRED, "desired"),
                    G_DEFINE_ENUM_VALUE (SMB_ENCRYPTION_REQUIRED, "required"))

G_DEFINE_ENUM_TYPE (SmbConnectionState, smb_connection_state,
                    G_DEFINE_ENUM_VALUE (SMB_CONNECTION_STATE_DISCONNECTED, "disconnected"),
                    G_DEFINE_ENUM_VALUE (SMB_CONNECTION_STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (SMB_CONNECTION_STATE_NEGOTIATING, "negotiating"),
                    G_DEFINE_ENUM_VALUE (SMB_CONNECTION_STATE_AUTHENTICATING, "authenticating"),
                    G_DEFINE_ENUM_VALUE (SMB_CONNECTION_STATE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (SMB_CONNECTION_STATE_CLOSING, "closing"))

G_DEFINE_FLAGS_TYPE (SmbFileAttributes, smb_file_attributes,
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_NONE, "none"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_READ_ONLY, "read-only"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_HIDDEN, "hidden"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_SYSTEM, "system"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_DIRECTORY, "directory"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_ARCHIVE, "archive"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_NORMAL, "normal"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_TEMPORARY, "temporary"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_SPARSE_FILE, "sparse-file"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_REPARSE_POINT, "reparse-point"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_COMPRESSED, "compressed"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_OFFLINE, "offline"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_NOT_CONTENT_INDEXED, "not-content-indexed"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTES_ENCRYPTED, "encrypted"))

G_DEFINE_FLAGS_TYPE (SmbFileAttributeMask, smb_file_attribute_mask,
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTE_MASK_NONE, "none"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTE_MASK_READ_ONLY, "read-only"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTE_MASK_HIDDEN, "hidden"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTE_MASK_SYSTEM, "system"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTE_MASK_DIRECTORY, "directory"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTE_MASK_ARCHIVE, "archive"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTE_MASK_INCLUDE_NORMAL, "include-normal"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ATTRIBUTE_MASK_DEFAULT, "default"))

G_DEFINE_FLAGS_TYPE (SmbFileInfoFields, smb_file_info_fields,
                     G_DEFINE_ENUM_VALUE (SMB_FILE_INFO_FIELDS_BASIC, "basic"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_INFO_FIELDS_FILE_ID, "file-id"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_INFO_FIELDS_SHORT_NAME, "short-name"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_INFO_FIELDS_REPARSE_TAG, "reparse-tag"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_INFO_FIELDS_ALL, "all"))

G_DEFINE_FLAGS_TYPE (SmbFileAccess, smb_file_access,
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ACCESS_READ, "read"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ACCESS_WRITE, "write"),
                     G_DEFINE_ENUM_VALUE (SMB_FILE_ACCESS_READ_WRITE, "read-write"))

G_DEFINE_ENUM_TYPE (SmbFileDisposition, smb_file_disposition,
                    G_DEFINE_ENUM_VALUE (SMB_FILE_DISPOSITION_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (SMB_FILE_DISPOSITION_CREATE, "create"),
                    G_DEFINE_ENUM_VALUE (SMB_FILE_DISPOSITION_OPEN_OR_CREATE, "open-or-create"),
                    G_DEFINE_ENUM_VALUE (SMB_FILE_DISPOSITION_OVERWRITE, "overwrite"),
                    G_DEFINE_ENUM_VALUE (SMB_FILE_DISPOSITION_OVERWRITE_OR_CREATE, "overwrite-or-create"))

G_DEFINE_ENUM_TYPE (SmbDeviceType, smb_device_type,
                    G_DEFINE_ENUM_VALUE (SMB_DEVICE_TYPE_DISK, "disk"),
                    G_DEFINE_ENUM_VALUE (SMB_DEVICE_TYPE_PRINT_QUEUE, "print-queue"),
                    G_DEFINE_ENUM_VALUE (SMB_DEVICE_TYPE_COMM_DEVICE, "comm-device"),
                    G_DEFINE_ENUM_VALUE (SMB_DEVICE_TYPE_IPC, "ipc"))

G_DEFINE_FLAGS_TYPE (SmbSecurityInformation, smb_security_information,
                     G_DEFINE_ENUM_VALUE (SMB_SECURITY_INFORMATION_OWNER, "owner"),
                     G_DEFINE_ENUM_VALUE (SMB_SECURITY_INFORMATION_GROUP, "group"),
                     G_DEFINE_ENUM_VALUE (SMB_SECURITY_INFORMATION_DACL, "dacl"),
                     G_DEFINE_ENUM_VALUE (SMB_SECURITY_INFORMATION_SACL, "sacl"),
                     G_DEFINE_ENUM_VALUE (SMB_SECURITY_INFORMATION_LABEL, "label"),
                     G_DEFINE_ENUM_VALUE (SMB_SECURITY_INFORMATION_ATTRIBUTE, "attribute"),
                     G_DEFINE_ENUM_VALUE (SMB_SECURITY_INFORMATION_SCOPE, "scope"),
                     G_DEFINE_ENUM_VALUE (SMB_SECURITY_INFORMATION_BACKUP, "backup"))
