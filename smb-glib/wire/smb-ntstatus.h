/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-error.h"

G_BEGIN_DECLS

/**
 * SmbNtSeverity:
 * @SMB_NT_SEVERITY_SUCCESS: it was done
 * @SMB_NT_SEVERITY_INFORMATIONAL: it was done, and there is something to say about it
 * @SMB_NT_SEVERITY_WARNING: partly done; BUFFER_OVERFLOW with a truncated answer, for example
 * @SMB_NT_SEVERITY_ERROR: it was not done
 *
 * The two highest bits of an NTSTATUS ([MS-ERREF] 2.3).
 */
typedef enum
{
  SMB_NT_SEVERITY_SUCCESS,
  SMB_NT_SEVERITY_INFORMATIONAL,
  SMB_NT_SEVERITY_WARNING,
  SMB_NT_SEVERITY_ERROR,
} SmbNtSeverity;

/*
 * smb_nt_status_get_severity: see SmbNtSeverity.
 * smb_nt_status_is_error: the severity, or one of the codes that [MS-CIFS] 2.2.2.4 puts into
 *   NTSTATUS form without setting it. PENDING, NO_MORE_FILES and BUFFER_OVERFLOW are none;
 *   MORE_PROCESSING_REQUIRED is one.
 * smb_nt_status_get_name: "STATUS_OBJECT_NAME_NOT_FOUND", or NULL for a status that is not in the
 *   table.
 * smb_nt_status_get_description: a phrase without a capital and a full stop, never NULL.
 * smb_nt_status_to_error: FAILED for a status that is not in the table.
 * smb_nt_status_to_gerror: an error whose message is one line, "<the formatted text>:
 *   <description> (STATUS_NAME 0xC0000034)", and that carries @status.
 */
SMB_EXTERN SmbNtSeverity smb_nt_status_get_severity    (guint32     status);
SMB_EXTERN gboolean      smb_nt_status_is_error        (guint32     status);
SMB_EXTERN const char   *smb_nt_status_get_name        (guint32     status);
SMB_EXTERN const char   *smb_nt_status_get_description (guint32     status);
SMB_EXTERN SmbError      smb_nt_status_to_error        (guint32     status);
SMB_EXTERN GError       *smb_nt_status_to_gerror       (guint32     status,
                                                        const char *format,
                                                        ...) G_GNUC_PRINTF (2, 3)
                                                       G_GNUC_WARN_UNUSED_RESULT;

/* [MS-ERREF] 2.3.1: what servers of files and pipes answer. */
#define SMB_STATUS_SUCCESS                               0x00000000
#define SMB_STATUS_TIMEOUT                               0x00000102
#define SMB_STATUS_PENDING                               0x00000103
#define SMB_STATUS_REPARSE                               0x00000104
#define SMB_STATUS_MORE_ENTRIES                          0x00000105
#define SMB_STATUS_NOT_ALL_ASSIGNED                      0x00000106
#define SMB_STATUS_SOME_NOT_MAPPED                       0x00000107
#define SMB_STATUS_OPLOCK_BREAK_IN_PROGRESS              0x00000108
#define SMB_STATUS_NOTIFY_CLEANUP                        0x0000010B
#define SMB_STATUS_NOTIFY_ENUM_DIR                       0x0000010C
#define SMB_STATUS_OBJECT_NAME_EXISTS                    0x40000000
#define SMB_STATUS_BUFFER_OVERFLOW                       0x80000005
#define SMB_STATUS_NO_MORE_FILES                         0x80000006
#define SMB_STATUS_PARTIAL_COPY                          0x8000000D
#define SMB_STATUS_DEVICE_PAPER_EMPTY                    0x8000000E
#define SMB_STATUS_DEVICE_POWERED_OFF                    0x8000000F
#define SMB_STATUS_DEVICE_OFF_LINE                       0x80000010
#define SMB_STATUS_DEVICE_BUSY                           0x80000011
#define SMB_STATUS_NO_MORE_EAS                           0x80000012
#define SMB_STATUS_INVALID_EA_NAME                       0x80000013
#define SMB_STATUS_EA_LIST_INCONSISTENT                  0x80000014
#define SMB_STATUS_INVALID_EA_FLAG                       0x80000015
#define SMB_STATUS_NO_MORE_ENTRIES                       0x8000001A
#define SMB_STATUS_MEDIA_CHANGED                         0x8000001C
#define SMB_STATUS_STOPPED_ON_SYMLINK                    0x8000002D
#define SMB_STATUS_UNSUCCESSFUL                          0xC0000001
#define SMB_STATUS_NOT_IMPLEMENTED                       0xC0000002
#define SMB_STATUS_INVALID_INFO_CLASS                    0xC0000003
#define SMB_STATUS_INFO_LENGTH_MISMATCH                  0xC0000004
#define SMB_STATUS_ACCESS_VIOLATION                      0xC0000005
#define SMB_STATUS_PAGEFILE_QUOTA                        0xC0000007
#define SMB_STATUS_INVALID_HANDLE                        0xC0000008
#define SMB_STATUS_INVALID_CID                           0xC000000B
#define SMB_STATUS_INVALID_PARAMETER                     0xC000000D
#define SMB_STATUS_NO_SUCH_DEVICE                        0xC000000E
#define SMB_STATUS_NO_SUCH_FILE                          0xC000000F
#define SMB_STATUS_INVALID_DEVICE_REQUEST                0xC0000010
#define SMB_STATUS_END_OF_FILE                           0xC0000011
#define SMB_STATUS_WRONG_VOLUME                          0xC0000012
#define SMB_STATUS_NO_MEDIA_IN_DEVICE                    0xC0000013
#define SMB_STATUS_UNRECOGNIZED_MEDIA                    0xC0000014
#define SMB_STATUS_NONEXISTENT_SECTOR                    0xC0000015
#define SMB_STATUS_MORE_PROCESSING_REQUIRED              0xC0000016
#define SMB_STATUS_NO_MEMORY                             0xC0000017
#define SMB_STATUS_INVALID_LOCK_SEQUENCE                 0xC000001E
#define SMB_STATUS_ACCESS_DENIED                         0xC0000022
#define SMB_STATUS_BUFFER_TOO_SMALL                      0xC0000023
#define SMB_STATUS_OBJECT_TYPE_MISMATCH                  0xC0000024
#define SMB_STATUS_NOT_LOCKED                            0xC000002A
#define SMB_STATUS_INVALID_PARAMETER_MIX                 0xC0000030
#define SMB_STATUS_DISK_CORRUPT_ERROR                    0xC0000032
#define SMB_STATUS_OBJECT_NAME_INVALID                   0xC0000033
#define SMB_STATUS_OBJECT_NAME_NOT_FOUND                 0xC0000034
#define SMB_STATUS_OBJECT_NAME_COLLISION                 0xC0000035
#define SMB_STATUS_PORT_DISCONNECTED                     0xC0000037
#define SMB_STATUS_OBJECT_PATH_INVALID                   0xC0000039
#define SMB_STATUS_OBJECT_PATH_NOT_FOUND                 0xC000003A
#define SMB_STATUS_OBJECT_PATH_SYNTAX_BAD                0xC000003B
#define SMB_STATUS_DATA_OVERRUN                          0xC000003C
#define SMB_STATUS_DATA_ERROR                            0xC000003E
#define SMB_STATUS_CRC_ERROR                             0xC000003F
#define SMB_STATUS_PORT_CONNECTION_REFUSED               0xC0000041
#define SMB_STATUS_SHARING_VIOLATION                     0xC0000043
#define SMB_STATUS_QUOTA_EXCEEDED                        0xC0000044
#define SMB_STATUS_EAS_NOT_SUPPORTED                     0xC000004F
#define SMB_STATUS_EA_TOO_LARGE                          0xC0000050
#define SMB_STATUS_NONEXISTENT_EA_ENTRY                  0xC0000051
#define SMB_STATUS_NO_EAS_ON_FILE                        0xC0000052
#define SMB_STATUS_EA_CORRUPT_ERROR                      0xC0000053
#define SMB_STATUS_FILE_LOCK_CONFLICT                    0xC0000054
#define SMB_STATUS_LOCK_NOT_GRANTED                      0xC0000055
#define SMB_STATUS_DELETE_PENDING                        0xC0000056
#define SMB_STATUS_CTL_FILE_NOT_SUPPORTED                0xC0000057
#define SMB_STATUS_UNKNOWN_REVISION                      0xC0000058
#define SMB_STATUS_REVISION_MISMATCH                     0xC0000059
#define SMB_STATUS_INVALID_OWNER                         0xC000005A
#define SMB_STATUS_INVALID_PRIMARY_GROUP                 0xC000005B
#define SMB_STATUS_NO_LOGON_SERVERS                      0xC000005E
#define SMB_STATUS_NO_SUCH_LOGON_SESSION                 0xC000005F
#define SMB_STATUS_NO_SUCH_PRIVILEGE                     0xC0000060
#define SMB_STATUS_PRIVILEGE_NOT_HELD                    0xC0000061
#define SMB_STATUS_INVALID_ACCOUNT_NAME                  0xC0000062
#define SMB_STATUS_NO_SUCH_USER                          0xC0000064
#define SMB_STATUS_NO_SUCH_GROUP                         0xC0000066
#define SMB_STATUS_WRONG_PASSWORD                        0xC000006A
#define SMB_STATUS_ILL_FORMED_PASSWORD                   0xC000006B
#define SMB_STATUS_PASSWORD_RESTRICTION                  0xC000006C
#define SMB_STATUS_LOGON_FAILURE                         0xC000006D
#define SMB_STATUS_ACCOUNT_RESTRICTION                   0xC000006E
#define SMB_STATUS_INVALID_LOGON_HOURS                   0xC000006F
#define SMB_STATUS_INVALID_WORKSTATION                   0xC0000070
#define SMB_STATUS_PASSWORD_EXPIRED                      0xC0000071
#define SMB_STATUS_ACCOUNT_DISABLED                      0xC0000072
#define SMB_STATUS_NONE_MAPPED                           0xC0000073
#define SMB_STATUS_INVALID_ACL                           0xC0000077
#define SMB_STATUS_INVALID_SID                           0xC0000078
#define SMB_STATUS_INVALID_SECURITY_DESCR                0xC0000079
#define SMB_STATUS_PROCEDURE_NOT_FOUND                   0xC000007A
#define SMB_STATUS_NO_TOKEN                              0xC000007C
#define SMB_STATUS_RANGE_NOT_LOCKED                      0xC000007E
#define SMB_STATUS_DISK_FULL                             0xC000007F
#define SMB_STATUS_SERVER_DISABLED                       0xC0000080
#define SMB_STATUS_INTEGER_OVERFLOW                      0xC0000095
#define SMB_STATUS_INSUFFICIENT_RESOURCES                0xC000009A
#define SMB_STATUS_DFS_EXIT_PATH_FOUND                   0xC000009B
#define SMB_STATUS_DEVICE_DATA_ERROR                     0xC000009C
#define SMB_STATUS_DEVICE_NOT_CONNECTED                  0xC000009D
#define SMB_STATUS_MEDIA_WRITE_PROTECTED                 0xC00000A2
#define SMB_STATUS_DEVICE_NOT_READY                      0xC00000A3
#define SMB_STATUS_BAD_IMPERSONATION_LEVEL               0xC00000A5
#define SMB_STATUS_CANT_OPEN_ANONYMOUS                   0xC00000A6
#define SMB_STATUS_INSTANCE_NOT_AVAILABLE                0xC00000AB
#define SMB_STATUS_PIPE_NOT_AVAILABLE                    0xC00000AC
#define SMB_STATUS_INVALID_PIPE_STATE                    0xC00000AD
#define SMB_STATUS_PIPE_BUSY                             0xC00000AE
#define SMB_STATUS_ILLEGAL_FUNCTION                      0xC00000AF
#define SMB_STATUS_PIPE_DISCONNECTED                     0xC00000B0
#define SMB_STATUS_PIPE_CLOSING                          0xC00000B1
#define SMB_STATUS_PIPE_CONNECTED                        0xC00000B2
#define SMB_STATUS_PIPE_LISTENING                        0xC00000B3
#define SMB_STATUS_INVALID_READ_MODE                     0xC00000B4
#define SMB_STATUS_IO_TIMEOUT                            0xC00000B5
#define SMB_STATUS_FILE_FORCED_CLOSED                    0xC00000B6
#define SMB_STATUS_FILE_IS_A_DIRECTORY                   0xC00000BA
#define SMB_STATUS_NOT_SUPPORTED                         0xC00000BB
#define SMB_STATUS_REMOTE_NOT_LISTENING                  0xC00000BC
#define SMB_STATUS_DUPLICATE_NAME                        0xC00000BD
#define SMB_STATUS_BAD_NETWORK_PATH                      0xC00000BE
#define SMB_STATUS_NETWORK_BUSY                          0xC00000BF
#define SMB_STATUS_DEVICE_DOES_NOT_EXIST                 0xC00000C0
#define SMB_STATUS_TOO_MANY_COMMANDS                     0xC00000C1
#define SMB_STATUS_INVALID_NETWORK_RESPONSE              0xC00000C3
#define SMB_STATUS_UNEXPECTED_NETWORK_ERROR              0xC00000C4
#define SMB_STATUS_PRINT_QUEUE_FULL                      0xC00000C6
#define SMB_STATUS_NO_SPOOL_SPACE                        0xC00000C7
#define SMB_STATUS_NETWORK_NAME_DELETED                  0xC00000C9
#define SMB_STATUS_NETWORK_ACCESS_DENIED                 0xC00000CA
#define SMB_STATUS_BAD_DEVICE_TYPE                       0xC00000CB
#define SMB_STATUS_BAD_NETWORK_NAME                      0xC00000CC
#define SMB_STATUS_TOO_MANY_NAMES                        0xC00000CD
#define SMB_STATUS_TOO_MANY_SESSIONS                     0xC00000CE
#define SMB_STATUS_SHARING_PAUSED                        0xC00000CF
#define SMB_STATUS_REQUEST_NOT_ACCEPTED                  0xC00000D0
#define SMB_STATUS_NET_WRITE_FAULT                       0xC00000D2
#define SMB_STATUS_NOT_SAME_DEVICE                       0xC00000D4
#define SMB_STATUS_FILE_RENAMED                          0xC00000D5
#define SMB_STATUS_VIRTUAL_CIRCUIT_CLOSED                0xC00000D6
#define SMB_STATUS_NO_SECURITY_ON_OBJECT                 0xC00000D7
#define SMB_STATUS_PIPE_EMPTY                            0xC00000D9
#define SMB_STATUS_INVALID_SERVER_STATE                  0xC00000DC
#define SMB_STATUS_NO_SUCH_DOMAIN                        0xC00000DF
#define SMB_STATUS_OPLOCK_NOT_GRANTED                    0xC00000E2
#define SMB_STATUS_INVALID_OPLOCK_PROTOCOL               0xC00000E3
#define SMB_STATUS_INTERNAL_DB_CORRUPTION                0xC00000E4
#define SMB_STATUS_INTERNAL_ERROR                        0xC00000E5
#define SMB_STATUS_GENERIC_NOT_MAPPED                    0xC00000E6
#define SMB_STATUS_BAD_DESCRIPTOR_FORMAT                 0xC00000E7
#define SMB_STATUS_INVALID_USER_BUFFER                   0xC00000E8
#define SMB_STATUS_UNEXPECTED_IO_ERROR                   0xC00000E9
#define SMB_STATUS_INVALID_PARAMETER_1                   0xC00000EF
#define SMB_STATUS_INVALID_PARAMETER_2                   0xC00000F0
#define SMB_STATUS_INVALID_PARAMETER_3                   0xC00000F1
#define SMB_STATUS_INVALID_PARAMETER_4                   0xC00000F2
#define SMB_STATUS_REDIRECTOR_NOT_STARTED                0xC00000FB
#define SMB_STATUS_NO_SUCH_PACKAGE                       0xC00000FE
#define SMB_STATUS_DIRECTORY_NOT_EMPTY                   0xC0000101
#define SMB_STATUS_FILE_CORRUPT_ERROR                    0xC0000102
#define SMB_STATUS_NOT_A_DIRECTORY                       0xC0000103
#define SMB_STATUS_BAD_LOGON_SESSION_STATE               0xC0000104
#define SMB_STATUS_LOGON_SESSION_COLLISION               0xC0000105
#define SMB_STATUS_NAME_TOO_LONG                         0xC0000106
#define SMB_STATUS_FILES_OPEN                            0xC0000107
#define SMB_STATUS_CONNECTION_IN_USE                     0xC0000108
#define SMB_STATUS_INVALID_LOGON_TYPE                    0xC000010B
#define SMB_STATUS_TOO_MANY_OPENED_FILES                 0xC000011F
#define SMB_STATUS_CANCELLED                             0xC0000120
#define SMB_STATUS_CANNOT_DELETE                         0xC0000121
#define SMB_STATUS_INVALID_COMPUTER_NAME                 0xC0000122
#define SMB_STATUS_FILE_DELETED                          0xC0000123
#define SMB_STATUS_FILE_CLOSED                           0xC0000128
#define SMB_STATUS_COMMITMENT_LIMIT                      0xC000012D
#define SMB_STATUS_TIME_DIFFERENCE_AT_DC                 0xC0000133
#define SMB_STATUS_LOCAL_DISCONNECT                      0xC000013B
#define SMB_STATUS_REMOTE_DISCONNECT                     0xC000013C
#define SMB_STATUS_REMOTE_RESOURCES                      0xC000013D
#define SMB_STATUS_LINK_FAILED                           0xC000013E
#define SMB_STATUS_LINK_TIMEOUT                          0xC000013F
#define SMB_STATUS_INVALID_CONNECTION                    0xC0000140
#define SMB_STATUS_INVALID_LEVEL                         0xC0000148
#define SMB_STATUS_PIPE_BROKEN                           0xC000014B
#define SMB_STATUS_LOGON_NOT_GRANTED                     0xC0000155
#define SMB_STATUS_LOGON_TYPE_NOT_GRANTED                0xC000015B
#define SMB_STATUS_ILLEGAL_CHARACTER                     0xC0000161
#define SMB_STATUS_UNMAPPABLE_CHARACTER                  0xC0000162
#define SMB_STATUS_DISK_OPERATION_FAILED                 0xC000016A
#define SMB_STATUS_INVALID_DEVICE_STATE                  0xC0000184
#define SMB_STATUS_IO_DEVICE_ERROR                       0xC0000185
#define SMB_STATUS_TOO_LATE                              0xC0000189
#define SMB_STATUS_NO_TRUST_LSA_SECRET                   0xC000018A
#define SMB_STATUS_NO_TRUST_SAM_ACCOUNT                  0xC000018B
#define SMB_STATUS_TRUSTED_DOMAIN_FAILURE                0xC000018C
#define SMB_STATUS_TRUSTED_RELATIONSHIP_FAILURE          0xC000018D
#define SMB_STATUS_TRUST_FAILURE                         0xC0000190
#define SMB_STATUS_NETLOGON_NOT_STARTED                  0xC0000192
#define SMB_STATUS_ACCOUNT_EXPIRED                       0xC0000193
#define SMB_STATUS_POSSIBLE_DEADLOCK                     0xC0000194
#define SMB_STATUS_NETWORK_CREDENTIAL_CONFLICT           0xC0000195
#define SMB_STATUS_REMOTE_SESSION_LIMIT                  0xC0000196
#define SMB_STATUS_NOLOGON_INTERDOMAIN_TRUST_ACCOUNT     0xC0000198
#define SMB_STATUS_NOLOGON_WORKSTATION_TRUST_ACCOUNT     0xC0000199
#define SMB_STATUS_NOLOGON_SERVER_TRUST_ACCOUNT          0xC000019A
#define SMB_STATUS_DOMAIN_TRUST_INCONSISTENT             0xC000019B
#define SMB_STATUS_FS_DRIVER_REQUIRED                    0xC000019C
#define SMB_STATUS_NO_USER_SESSION_KEY                   0xC0000202
#define SMB_STATUS_USER_SESSION_DELETED                  0xC0000203
#define SMB_STATUS_INSUFF_SERVER_RESOURCES               0xC0000205
#define SMB_STATUS_INVALID_BUFFER_SIZE                   0xC0000206
#define SMB_STATUS_INVALID_ADDRESS_COMPONENT             0xC0000207
#define SMB_STATUS_ADDRESS_CLOSED                        0xC000020B
#define SMB_STATUS_CONNECTION_DISCONNECTED               0xC000020C
#define SMB_STATUS_CONNECTION_RESET                      0xC000020D
#define SMB_STATUS_NO_BROWSER_SERVERS_FOUND              0xC000021C
#define SMB_STATUS_CLIENT_SERVER_PARAMETERS_INVALID      0xC0000223
#define SMB_STATUS_PASSWORD_MUST_CHANGE                  0xC0000224
#define SMB_STATUS_NOT_FOUND                             0xC0000225
#define SMB_STATUS_OBJECTID_EXISTS                       0xC000022B
#define SMB_STATUS_RETRY                                 0xC000022D
#define SMB_STATUS_DOMAIN_CONTROLLER_NOT_FOUND           0xC0000233
#define SMB_STATUS_ACCOUNT_LOCKED_OUT                    0xC0000234
#define SMB_STATUS_CONNECTION_REFUSED                    0xC0000236
#define SMB_STATUS_GRACEFUL_DISCONNECT                   0xC0000237
#define SMB_STATUS_CONNECTION_INVALID                    0xC000023A
#define SMB_STATUS_NETWORK_UNREACHABLE                   0xC000023C
#define SMB_STATUS_HOST_UNREACHABLE                      0xC000023D
#define SMB_STATUS_REQUEST_ABORTED                       0xC0000240
#define SMB_STATUS_CONNECTION_ABORTED                    0xC0000241
#define SMB_STATUS_USER_MAPPED_FILE                      0xC0000243
#define SMB_STATUS_CONNECTION_COUNT_LIMIT                0xC0000246
#define SMB_STATUS_LOGIN_TIME_RESTRICTION                0xC0000247
#define SMB_STATUS_LOGIN_WKSTA_RESTRICTION               0xC0000248
#define SMB_STATUS_INSUFFICIENT_LOGON_INFO               0xC0000250
#define SMB_STATUS_PATH_NOT_COVERED                      0xC0000257
#define SMB_STATUS_TOO_MANY_LINKS                        0xC0000265
#define SMB_STATUS_DFS_UNAVAILABLE                       0xC000026D
#define SMB_STATUS_VOLUME_DISMOUNTED                     0xC000026E
#define SMB_STATUS_NOT_A_REPARSE_POINT                   0xC0000275
#define SMB_STATUS_IO_REPARSE_TAG_INVALID                0xC0000276
#define SMB_STATUS_IO_REPARSE_TAG_MISMATCH               0xC0000277
#define SMB_STATUS_IO_REPARSE_DATA_INVALID               0xC0000278
#define SMB_STATUS_IO_REPARSE_TAG_NOT_HANDLED            0xC0000279
#define SMB_STATUS_REPARSE_POINT_NOT_RESOLVED            0xC0000280
#define SMB_STATUS_DIRECTORY_IS_A_REPARSE_POINT          0xC0000281
#define SMB_STATUS_ENCRYPTION_FAILED                     0xC000028A
#define SMB_STATUS_DECRYPTION_FAILED                     0xC000028B
#define SMB_STATUS_NO_EFS                                0xC000028E
#define SMB_STATUS_FILE_NOT_ENCRYPTED                    0xC0000291
#define SMB_STATUS_FILE_ENCRYPTED                        0xC0000293
#define SMB_STATUS_DEVICE_REMOVED                        0xC00002B6
#define SMB_STATUS_MUTUAL_AUTHENTICATION_FAILED          0xC00002C3
#define SMB_STATUS_OBJECTID_NOT_FOUND                    0xC00002F0
#define SMB_STATUS_SHUTDOWN_IN_PROGRESS                  0xC00002FE
#define SMB_STATUS_SERVER_SHUTDOWN_IN_PROGRESS           0xC00002FF
#define SMB_STATUS_NETWORK_SESSION_EXPIRED               0xC000035C
#define SMB_STATUS_ACCESS_DISABLED_BY_POLICY_DEFAULT     0xC0000361
#define SMB_STATUS_DOWNGRADE_DETECTED                    0xC0000388
#define SMB_STATUS_AUTHENTICATION_FIREWALL_FAILED        0xC0000413
#define SMB_STATUS_NTLM_BLOCKED                          0xC0000418
#define SMB_STATUS_REQUEST_OUT_OF_SEQUENCE               0xC000042A
#define SMB_STATUS_INVALID_TOKEN                         0xC0000465
#define SMB_STATUS_FILE_NOT_AVAILABLE                    0xC0000467
#define SMB_STATUS_OBJECT_NOT_EXTERNALLY_BACKED          0xC000046D
#define SMB_STATUS_IO_OPERATION_TIMEOUT                  0xC000047D
#define SMB_STATUS_SHARE_UNAVAILABLE                     0xC0000480
#define SMB_STATUS_SYMLINK_CLASS_DISABLED                0xC0000715
#define SMB_STATUS_DISK_QUOTA_EXCEEDED                   0xC0000802
#define SMB_STATUS_CONTENT_BLOCKED                       0xC0000804
#define SMB_STATUS_VIRUS_INFECTED                        0xC0000906
#define SMB_STATUS_VIRUS_DELETED                         0xC0000907
#define SMB_STATUS_CANNOT_BREAK_OPLOCK                   0xC0000909
#define SMB_STATUS_INVALID_SIGNATURE                     0xC000A000
#define SMB_STATUS_HASH_NOT_SUPPORTED                    0xC000A100
#define SMB_STATUS_HASH_NOT_PRESENT                      0xC000A101
#define SMB_STATUS_SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP 0xC05D0000
#define SMB_STATUS_SMB_BAD_CLUSTER_DIALECT               0xC05D0001
#define SMB_STATUS_SMB_GUEST_LOGON_BLOCKED               0xC05D0002

/* [MS-CIFS] 2.2.2.4: the errors of SMB1 that have no NTSTATUS. */
#define SMB_STATUS_INVALID_SMB                           0x00010002
#define SMB_STATUS_SMB_BAD_TID                           0x00050002
#define SMB_STATUS_SMB_BAD_FID                           0x00060001
#define SMB_STATUS_OS2_INVALID_ACCESS                    0x000C0001
#define SMB_STATUS_SMB_BAD_COMMAND                       0x00160002
#define SMB_STATUS_SMB_BAD_UID                           0x005B0002
#define SMB_STATUS_OS2_NO_MORE_SIDS                      0x00710001
#define SMB_STATUS_OS2_INVALID_LEVEL                     0x007C0001
#define SMB_STATUS_OS2_NEGATIVE_SEEK                     0x00830001
#define SMB_STATUS_OS2_CANCEL_VIOLATION                  0x00AD0001
#define SMB_STATUS_OS2_ATOMIC_LOCKS_NOT_SUPPORTED        0x00AE0001
#define SMB_STATUS_SMB_USE_STANDARD                      0x00FB0002
#define SMB_STATUS_OS2_CANNOT_COPY                       0x010A0001
#define SMB_STATUS_OS2_EAS_DIDNT_FIT                     0x01130001
#define SMB_STATUS_OS2_EA_ACCESS_DENIED                  0x03E20001
#define SMB_STATUS_SMB_NO_SUPPORT                        0xFFFF0002

G_END_DECLS
