/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-ntstatus.h"

#include <stdlib.h>

#include "smb-error-private.h"

typedef struct
{
  guint32     status;
  SmbError    code;
  const char *name;
  const char *description;
} Entry;

#define S(name, code, description) \
  { SMB_STATUS_##name, SMB_ERROR_##code, "STATUS_" #name, description }

/* Sorted by number. */
static const Entry entries[] = {
  S (SUCCESS, FAILED, "the operation succeeded"),
  S (TIMEOUT, TIMED_OUT, "the server gave up waiting"),
  S (PENDING, FAILED, "the operation is still under way"),
  S (REPARSE, FAILED, "the name leads elsewhere"),
  S (MORE_ENTRIES, FAILED, "there are more entries"),
  S (NOT_ALL_ASSIGNED, ACCESS_DENIED, "not all of the privileges were granted"),
  S (SOME_NOT_MAPPED, NOT_FOUND, "some of the accounts are not known"),
  S (OPLOCK_BREAK_IN_PROGRESS, SHARING_VIOLATION,
     "another client is being asked to give up its cache of the file"),
  S (NOTIFY_CLEANUP, FAILED, "the watched folder was closed"),
  S (NOTIFY_ENUM_DIR, FAILED, "more changed than the server could list"),
  S (INVALID_SMB, PROTOCOL, "the server could not parse the message"),
  S (SMB_BAD_TID, NOT_CONNECTED, "the server no longer knows the connection to the share"),
  S (SMB_BAD_FID, FAILED, "the server no longer knows the open file"),
  S (OS2_INVALID_ACCESS, INVALID_ARGUMENT, "the access mode is not valid"),
  S (SMB_BAD_COMMAND, NOT_SUPPORTED, "the server does not know the command"),
  S (SMB_BAD_UID, NOT_CONNECTED, "the server no longer knows the session"),
  S (OS2_NO_MORE_SIDS, FAILED, "the server has too many searches under way"),
  S (OS2_INVALID_LEVEL, NOT_SUPPORTED, "the server does not know this level of information"),
  S (OS2_NEGATIVE_SEEK, INVALID_ARGUMENT, "the offset is before the beginning of the file"),
  S (OS2_CANCEL_VIOLATION, INVALID_ARGUMENT, "there is no such lock request"),
  S (OS2_ATOMIC_LOCKS_NOT_SUPPORTED, NOT_SUPPORTED, "the server cannot change a lock"),
  S (SMB_USE_STANDARD, NOT_SUPPORTED, "the server does not support raw mode"),
  S (OS2_CANNOT_COPY, NOT_SUPPORTED, "the server cannot copy this"),
  S (OS2_EAS_DIDNT_FIT, NO_SPACE, "the extended attributes did not fit"),
  S (OS2_EA_ACCESS_DENIED, ACCESS_DENIED, "access to the extended attributes is denied"),
  S (OBJECT_NAME_EXISTS, EXISTS, "the name is taken"),
  S (BUFFER_OVERFLOW, FAILED, "the answer is longer than the buffer"),
  S (NO_MORE_FILES, NOT_FOUND, "there are no more files"),
  S (PARTIAL_COPY, FAILED, "only a part was copied"),
  S (DEVICE_PAPER_EMPTY, FAILED, "the printer is out of paper"),
  S (DEVICE_POWERED_OFF, FAILED, "the device is switched off"),
  S (DEVICE_OFF_LINE, FAILED, "the device is off line"),
  S (DEVICE_BUSY, SHARING_VIOLATION, "the device is busy"),
  S (NO_MORE_EAS, NOT_FOUND, "there are no more extended attributes"),
  S (INVALID_EA_NAME, INVALID_ARGUMENT, "the name of the extended attribute is not valid"),
  S (EA_LIST_INCONSISTENT, INVALID_ARGUMENT, "the list of extended attributes is not consistent"),
  S (INVALID_EA_FLAG, INVALID_ARGUMENT, "a flag of the extended attribute is not valid"),
  S (NO_MORE_ENTRIES, NOT_FOUND, "there are no more entries"),
  S (MEDIA_CHANGED, FAILED, "the medium was changed"),
  S (STOPPED_ON_SYMLINK, NOT_SUPPORTED, "the path contains a symbolic link"),
  S (UNSUCCESSFUL, FAILED, "the server could not do it"),
  S (NOT_IMPLEMENTED, NOT_SUPPORTED, "the server does not implement this"),
  S (INVALID_INFO_CLASS, NOT_SUPPORTED, "the server does not know this kind of information"),
  S (INFO_LENGTH_MISMATCH, FAILED, "the length does not fit the kind of information"),
  S (ACCESS_VIOLATION, FAILED, "the server touched memory that it may not"),
  S (PAGEFILE_QUOTA, FAILED, "the server is short of memory"),
  S (INVALID_HANDLE, FAILED, "the server no longer knows the open file"),
  S (INVALID_CID, FAILED, "the server does not know the client"),
  S (INVALID_PARAMETER, INVALID_ARGUMENT, "the server rejects a value in the request"),
  S (NO_SUCH_DEVICE, NOT_FOUND, "there is no such device"),
  S (NO_SUCH_FILE, NOT_FOUND, "there is no such file"),
  S (INVALID_DEVICE_REQUEST, NOT_SUPPORTED, "this cannot be done with it"),
  S (END_OF_FILE, FAILED, "the end of the file was reached"),
  S (WRONG_VOLUME, FAILED, "the wrong volume is in the drive"),
  S (NO_MEDIA_IN_DEVICE, FAILED, "there is no medium in the drive"),
  S (UNRECOGNIZED_MEDIA, FAILED, "the medium is not formatted"),
  S (NONEXISTENT_SECTOR, FAILED, "a sector of the disk could not be found"),
  S (MORE_PROCESSING_REQUIRED, FAILED, "more messages have to be exchanged"),
  S (NO_MEMORY, FAILED, "the server is out of memory"),
  S (INVALID_LOCK_SEQUENCE, INVALID_ARGUMENT, "the locks cannot be set in this order"),
  S (ACCESS_DENIED, ACCESS_DENIED, "access is denied"),
  S (BUFFER_TOO_SMALL, FAILED, "the buffer is too small for the answer"),
  S (OBJECT_TYPE_MISMATCH, INVALID_ARGUMENT, "it is of another type"),
  S (NOT_LOCKED, INVALID_ARGUMENT, "it is not locked"),
  S (INVALID_PARAMETER_MIX, INVALID_ARGUMENT, "the values in the request exclude each other"),
  S (DISK_CORRUPT_ERROR, FAILED, "the file system on the server is damaged"),
  S (OBJECT_NAME_INVALID, INVALID_ARGUMENT, "the name is not valid"),
  S (OBJECT_NAME_NOT_FOUND, NOT_FOUND, "the file or folder does not exist"),
  S (OBJECT_NAME_COLLISION, EXISTS, "the name is taken"),
  S (PORT_DISCONNECTED, FAILED, "the port is disconnected"),
  S (OBJECT_PATH_INVALID, NOT_DIRECTORY, "a part of the path is not a folder"),
  S (OBJECT_PATH_NOT_FOUND, NOT_FOUND, "a folder of the path does not exist"),
  S (OBJECT_PATH_SYNTAX_BAD, INVALID_ARGUMENT, "the path is not valid"),
  S (DATA_OVERRUN, FAILED, "data came faster than they could be taken"),
  S (DATA_ERROR, FAILED, "an error in the data was found"),
  S (CRC_ERROR, FAILED, "a checksum is wrong"),
  S (PORT_CONNECTION_REFUSED, FAILED, "the port refuses the connection"),
  S (SHARING_VIOLATION, SHARING_VIOLATION, "someone else has the file open"),
  S (QUOTA_EXCEEDED, NO_SPACE, "the quota is used up"),
  S (EAS_NOT_SUPPORTED, NOT_SUPPORTED, "there are no extended attributes here"),
  S (EA_TOO_LARGE, NO_SPACE, "the extended attributes are too large"),
  S (NONEXISTENT_EA_ENTRY, NOT_FOUND, "there is no such extended attribute"),
  S (NO_EAS_ON_FILE, NOT_FOUND, "the file has no extended attributes"),
  S (EA_CORRUPT_ERROR, FAILED, "the extended attributes are damaged"),
  S (FILE_LOCK_CONFLICT, SHARING_VIOLATION, "someone else has locked this part of the file"),
  S (LOCK_NOT_GRANTED, SHARING_VIOLATION, "someone else holds the lock"),
  S (DELETE_PENDING, SHARING_VIOLATION, "it is being deleted but someone still has it open"),
  S (CTL_FILE_NOT_SUPPORTED, NOT_SUPPORTED, "this cannot be done with such a file"),
  S (UNKNOWN_REVISION, NOT_SUPPORTED, "the revision is not known"),
  S (REVISION_MISMATCH, NOT_SUPPORTED, "the revisions do not fit"),
  S (INVALID_OWNER, ACCESS_DENIED, "this account may not be the owner"),
  S (INVALID_PRIMARY_GROUP, ACCESS_DENIED, "this group may not be the primary group"),
  S (NO_LOGON_SERVERS, AUTH_FAILED, "no server that could check the password is available"),
  S (NO_SUCH_LOGON_SESSION, AUTH_FAILED, "there is no such logon session"),
  S (NO_SUCH_PRIVILEGE, INVALID_ARGUMENT, "there is no such privilege"),
  S (PRIVILEGE_NOT_HELD, ACCESS_DENIED, "a privilege is missing"),
  S (INVALID_ACCOUNT_NAME, AUTH_FAILED, "the name of the account is not valid"),
  S (NO_SUCH_USER, AUTH_FAILED, "there is no such user"),
  S (NO_SUCH_GROUP, NOT_FOUND, "there is no such group"),
  S (WRONG_PASSWORD, AUTH_FAILED, "the password is wrong"),
  S (ILL_FORMED_PASSWORD, AUTH_FAILED, "the password has characters that are not allowed"),
  S (PASSWORD_RESTRICTION, AUTH_FAILED, "the password does not meet the policy"),
  S (LOGON_FAILURE, AUTH_FAILED, "the user name or the password is wrong"),
  S (ACCOUNT_RESTRICTION, AUTH_FAILED, "the account may not log on this way"),
  S (INVALID_LOGON_HOURS, AUTH_FAILED, "the account may not log on at this time"),
  S (INVALID_WORKSTATION, AUTH_FAILED, "the account may not log on from this computer"),
  S (PASSWORD_EXPIRED, AUTH_FAILED, "the password has expired"),
  S (ACCOUNT_DISABLED, AUTH_FAILED, "the account is disabled"),
  S (NONE_MAPPED, NOT_FOUND, "none of the accounts is known"),
  S (INVALID_ACL, INVALID_ARGUMENT, "the access control list is not valid"),
  S (INVALID_SID, INVALID_ARGUMENT, "the security identifier is not valid"),
  S (INVALID_SECURITY_DESCR, INVALID_ARGUMENT, "the security descriptor is not valid"),
  S (PROCEDURE_NOT_FOUND, NOT_SUPPORTED, "the server has no such procedure"),
  S (NO_TOKEN, ACCESS_DENIED, "there is no access token"),
  S (RANGE_NOT_LOCKED, INVALID_ARGUMENT, "this part of the file is not locked"),
  S (DISK_FULL, NO_SPACE, "the disk is full"),
  S (SERVER_DISABLED, FAILED, "the server is disabled"),
  S (INTEGER_OVERFLOW, FAILED, "a number became too large"),
  S (INSUFFICIENT_RESOURCES, FAILED, "the server is short of resources"),
  S (DFS_EXIT_PATH_FOUND, NOT_SUPPORTED, "the path leads through DFS to another server"),
  S (DEVICE_DATA_ERROR, FAILED, "the device reports an error in the data"),
  S (DEVICE_NOT_CONNECTED, FAILED, "the device is not connected"),
  S (MEDIA_WRITE_PROTECTED, ACCESS_DENIED, "the medium is write-protected"),
  S (DEVICE_NOT_READY, FAILED, "the device is not ready"),
  S (BAD_IMPERSONATION_LEVEL, ACCESS_DENIED, "the impersonation level does not allow this"),
  S (CANT_OPEN_ANONYMOUS, ACCESS_DENIED, "anonymous users may not do this"),
  S (INSTANCE_NOT_AVAILABLE, SHARING_VIOLATION, "all instances of the pipe are busy"),
  S (PIPE_NOT_AVAILABLE, SHARING_VIOLATION, "the pipe is busy"),
  S (INVALID_PIPE_STATE, FAILED, "the pipe is in the wrong state"),
  S (PIPE_BUSY, SHARING_VIOLATION, "the pipe is busy"),
  S (ILLEGAL_FUNCTION, NOT_SUPPORTED, "the function is not allowed"),
  S (PIPE_DISCONNECTED, FAILED, "the pipe is disconnected"),
  S (PIPE_CLOSING, FAILED, "the pipe is being closed"),
  S (PIPE_CONNECTED, FAILED, "the pipe is connected already"),
  S (PIPE_LISTENING, FAILED, "nobody serves the pipe yet"),
  S (INVALID_READ_MODE, INVALID_ARGUMENT, "the pipe is not in message mode"),
  S (IO_TIMEOUT, TIMED_OUT, "the server gave up waiting"),
  S (FILE_FORCED_CLOSED, FAILED, "the server closed the file"),
  S (FILE_IS_A_DIRECTORY, IS_DIRECTORY, "it is a folder"),
  S (NOT_SUPPORTED, NOT_SUPPORTED, "the server does not support this"),
  S (REMOTE_NOT_LISTENING, FAILED, "the other computer does not listen"),
  S (DUPLICATE_NAME, EXISTS, "the name is in use on the network"),
  S (BAD_NETWORK_PATH, NOT_FOUND, "the server cannot find the network path"),
  S (NETWORK_BUSY, FAILED, "the network is busy"),
  S (DEVICE_DOES_NOT_EXIST, NOT_FOUND, "there is no such device"),
  S (TOO_MANY_COMMANDS, FAILED, "too many requests are under way"),
  S (INVALID_NETWORK_RESPONSE, PROTOCOL, "the server got an answer that makes no sense"),
  S (UNEXPECTED_NETWORK_ERROR, FAILED, "an unexpected error of the network occurred"),
  S (PRINT_QUEUE_FULL, NO_SPACE, "the queue of the printer is full"),
  S (NO_SPOOL_SPACE, NO_SPACE, "there is no space for the print job"),
  S (NETWORK_NAME_DELETED, NOT_CONNECTED, "the server has ended the connection to the share"),
  S (NETWORK_ACCESS_DENIED, ACCESS_DENIED, "access over the network is denied"),
  S (BAD_DEVICE_TYPE, INVALID_ARGUMENT, "the share is of another type"),
  S (BAD_NETWORK_NAME, NOT_FOUND, "there is no such share"),
  S (TOO_MANY_NAMES, FAILED, "there are too many names"),
  S (TOO_MANY_SESSIONS, FAILED, "the server has too many sessions"),
  S (SHARING_PAUSED, FAILED, "the server is paused"),
  S (REQUEST_NOT_ACCEPTED, FAILED, "the server takes no more connections"),
  S (NET_WRITE_FAULT, FAILED, "the server could not write"),
  S (NOT_SAME_DEVICE, NOT_SUPPORTED, "the two names are on different volumes"),
  S (FILE_RENAMED, NOT_FOUND, "the file has been renamed"),
  S (VIRTUAL_CIRCUIT_CLOSED, NOT_CONNECTED, "the connection was closed"),
  S (NO_SECURITY_ON_OBJECT, NOT_SUPPORTED, "it has no security descriptor"),
  S (PIPE_EMPTY, FAILED, "the pipe is empty"),
  S (INVALID_SERVER_STATE, FAILED, "the server is in the wrong state"),
  S (NO_SUCH_DOMAIN, AUTH_FAILED, "there is no such domain"),
  S (OPLOCK_NOT_GRANTED, SHARING_VIOLATION, "the opportunistic lock was not granted"),
  S (INVALID_OPLOCK_PROTOCOL, PROTOCOL, "the answer to an oplock break does not fit"),
  S (INTERNAL_DB_CORRUPTION, FAILED, "a database of the server is damaged"),
  S (INTERNAL_ERROR, FAILED, "an internal error of the server occurred"),
  S (GENERIC_NOT_MAPPED, INVALID_ARGUMENT, "generic access rights are not allowed here"),
  S (BAD_DESCRIPTOR_FORMAT, INVALID_ARGUMENT, "the security descriptor is not valid"),
  S (INVALID_USER_BUFFER, INVALID_ARGUMENT, "the buffer is not valid"),
  S (UNEXPECTED_IO_ERROR, FAILED, "an unexpected error of the disk occurred"),
  S (INVALID_PARAMETER_1, INVALID_ARGUMENT, "the server rejects the first value in the request"),
  S (INVALID_PARAMETER_2, INVALID_ARGUMENT, "the server rejects the second value in the request"),
  S (INVALID_PARAMETER_3, INVALID_ARGUMENT, "the server rejects the third value in the request"),
  S (INVALID_PARAMETER_4, INVALID_ARGUMENT, "the server rejects the fourth value in the request"),
  S (REDIRECTOR_NOT_STARTED, FAILED, "the server's own client is not running"),
  S (NO_SUCH_PACKAGE, AUTH_FAILED, "the server does not have this authentication method"),
  S (DIRECTORY_NOT_EMPTY, NOT_EMPTY, "the folder is not empty"),
  S (FILE_CORRUPT_ERROR, FAILED, "the file is damaged"),
  S (NOT_A_DIRECTORY, NOT_DIRECTORY, "it is not a folder"),
  S (BAD_LOGON_SESSION_STATE, AUTH_FAILED, "the logon session is in the wrong state"),
  S (LOGON_SESSION_COLLISION, AUTH_FAILED, "the logon session exists already"),
  S (NAME_TOO_LONG, INVALID_ARGUMENT, "the name is too long"),
  S (FILES_OPEN, SHARING_VIOLATION, "there are open files"),
  S (CONNECTION_IN_USE, SHARING_VIOLATION, "the connection is in use"),
  S (INVALID_LOGON_TYPE, AUTH_FAILED, "this kind of logon is not possible"),
  S (TOO_MANY_OPENED_FILES, FAILED, "too many files are open"),
  S (CANCELLED, FAILED, "the operation was cancelled"),
  S (CANNOT_DELETE, ACCESS_DENIED, "it cannot be deleted"),
  S (INVALID_COMPUTER_NAME, INVALID_ARGUMENT, "the name of the computer is not valid"),
  S (FILE_DELETED, NOT_FOUND, "the file has been deleted"),
  S (FILE_CLOSED, FAILED, "the server has closed the file"),
  S (COMMITMENT_LIMIT, FAILED, "the server is short of memory"),
  S (TIME_DIFFERENCE_AT_DC, AUTH_FAILED, "the clocks of the computers differ too much"),
  S (LOCAL_DISCONNECT, NOT_CONNECTED, "the server disconnected"),
  S (REMOTE_DISCONNECT, NOT_CONNECTED, "the other computer disconnected"),
  S (REMOTE_RESOURCES, FAILED, "the other computer is short of resources"),
  S (LINK_FAILED, NOT_CONNECTED, "the link failed"),
  S (LINK_TIMEOUT, TIMED_OUT, "the link timed out"),
  S (INVALID_CONNECTION, NOT_CONNECTED, "the connection is not valid"),
  S (INVALID_LEVEL, NOT_SUPPORTED, "the server does not know this level of information"),
  S (PIPE_BROKEN, FAILED, "the other end of the pipe was closed"),
  S (LOGON_NOT_GRANTED, AUTH_FAILED, "the logon was not granted"),
  S (LOGON_TYPE_NOT_GRANTED, AUTH_FAILED, "the account may not log on over the network"),
  S (ILLEGAL_CHARACTER, INVALID_ARGUMENT, "the name has a character that is not allowed"),
  S (UNMAPPABLE_CHARACTER, INVALID_ARGUMENT, "the name has a character that the server cannot store"),
  S (DISK_OPERATION_FAILED, FAILED, "the disk of the server failed"),
  S (INVALID_DEVICE_STATE, FAILED, "the device is in the wrong state"),
  S (IO_DEVICE_ERROR, FAILED, "the device reports an error"),
  S (TOO_LATE, FAILED, "it is too late for this"),
  S (NO_TRUST_LSA_SECRET, AUTH_FAILED, "the server has no trust with its domain"),
  S (NO_TRUST_SAM_ACCOUNT, AUTH_FAILED, "the domain has no account for the server"),
  S (TRUSTED_DOMAIN_FAILURE, AUTH_FAILED, "the trust between the domains failed"),
  S (TRUSTED_RELATIONSHIP_FAILURE, AUTH_FAILED, "the trust between the server and its domain failed"),
  S (TRUST_FAILURE, AUTH_FAILED, "the trust with the domain failed"),
  S (NETLOGON_NOT_STARTED, AUTH_FAILED, "the logon service of the server is not running"),
  S (ACCOUNT_EXPIRED, AUTH_FAILED, "the account has expired"),
  S (POSSIBLE_DEADLOCK, FAILED, "the server would wait for itself"),
  S (NETWORK_CREDENTIAL_CONFLICT, AUTH_FAILED, "the credentials conflict with those of another session"),
  S (REMOTE_SESSION_LIMIT, FAILED, "the server has too many sessions"),
  S (NOLOGON_INTERDOMAIN_TRUST_ACCOUNT, AUTH_FAILED, "the account is one of a trusted domain"),
  S (NOLOGON_WORKSTATION_TRUST_ACCOUNT, AUTH_FAILED, "the account is one of a computer"),
  S (NOLOGON_SERVER_TRUST_ACCOUNT, AUTH_FAILED, "the account is one of a server"),
  S (DOMAIN_TRUST_INCONSISTENT, AUTH_FAILED, "the trust with the domain is not consistent"),
  S (FS_DRIVER_REQUIRED, NOT_SUPPORTED, "the file system has no such function"),
  S (NO_USER_SESSION_KEY, AUTH_FAILED, "the session has no key"),
  S (USER_SESSION_DELETED, NOT_CONNECTED, "the server has ended the session"),
  S (INSUFF_SERVER_RESOURCES, FAILED, "the server is short of resources"),
  S (INVALID_BUFFER_SIZE, INVALID_ARGUMENT, "the size of the buffer is not valid"),
  S (INVALID_ADDRESS_COMPONENT, INVALID_ARGUMENT, "the network address is not valid"),
  S (ADDRESS_CLOSED, NOT_CONNECTED, "the address was closed"),
  S (CONNECTION_DISCONNECTED, FAILED, "a connection behind the server was closed"),
  S (CONNECTION_RESET, FAILED, "a connection behind the server was reset"),
  S (NO_BROWSER_SERVERS_FOUND, NOT_FOUND, "no browse server was found"),
  S (CLIENT_SERVER_PARAMETERS_INVALID, NOT_SUPPORTED, "client and server have no parameters in common"),
  S (PASSWORD_MUST_CHANGE, AUTH_FAILED, "the password has to be changed first"),
  S (NOT_FOUND, NOT_FOUND, "it was not found"),
  S (OBJECTID_EXISTS, EXISTS, "the object identifier is taken"),
  S (RETRY, FAILED, "the server asks to try again"),
  S (DOMAIN_CONTROLLER_NOT_FOUND, AUTH_FAILED, "the server cannot find its domain controller"),
  S (ACCOUNT_LOCKED_OUT, AUTH_FAILED, "the account is locked"),
  S (CONNECTION_REFUSED, FAILED, "a connection behind the server was refused"),
  S (GRACEFUL_DISCONNECT, NOT_CONNECTED, "the connection was closed"),
  S (CONNECTION_INVALID, NOT_CONNECTED, "the connection does not exist"),
  S (NETWORK_UNREACHABLE, FAILED, "the server cannot reach the network"),
  S (HOST_UNREACHABLE, FAILED, "the server cannot reach the host"),
  S (REQUEST_ABORTED, FAILED, "the request was aborted"),
  S (CONNECTION_ABORTED, FAILED, "a connection behind the server was aborted"),
  S (USER_MAPPED_FILE, SHARING_VIOLATION, "someone else has the file mapped"),
  S (CONNECTION_COUNT_LIMIT, FAILED, "the account has too many connections"),
  S (LOGIN_TIME_RESTRICTION, AUTH_FAILED, "the account may not log on at this time"),
  S (LOGIN_WKSTA_RESTRICTION, AUTH_FAILED, "the account may not log on from this computer"),
  S (INSUFFICIENT_LOGON_INFO, AUTH_FAILED, "the domain controller is short of information"),
  S (PATH_NOT_COVERED, NOT_SUPPORTED, "the path is a DFS link"),
  S (TOO_MANY_LINKS, FAILED, "the file has too many links"),
  S (DFS_UNAVAILABLE, FAILED, "DFS is not available on the server"),
  S (VOLUME_DISMOUNTED, FAILED, "the volume is no longer mounted"),
  S (NOT_A_REPARSE_POINT, INVALID_ARGUMENT, "it is not a reparse point"),
  S (IO_REPARSE_TAG_INVALID, INVALID_ARGUMENT, "the tag of the reparse point is not valid"),
  S (IO_REPARSE_TAG_MISMATCH, INVALID_ARGUMENT, "the reparse point has another tag"),
  S (IO_REPARSE_DATA_INVALID, INVALID_ARGUMENT, "the data of the reparse point are not valid"),
  S (IO_REPARSE_TAG_NOT_HANDLED, NOT_SUPPORTED, "the server cannot follow this reparse point"),
  S (REPARSE_POINT_NOT_RESOLVED, NOT_SUPPORTED, "the server cannot follow the reparse point"),
  S (DIRECTORY_IS_A_REPARSE_POINT, NOT_SUPPORTED, "the folder is a reparse point"),
  S (ENCRYPTION_FAILED, FAILED, "the server could not encrypt the file"),
  S (DECRYPTION_FAILED, ACCESS_DENIED, "the server could not decrypt the file"),
  S (NO_EFS, NOT_SUPPORTED, "the volume cannot encrypt files"),
  S (FILE_NOT_ENCRYPTED, INVALID_ARGUMENT, "the file is not encrypted"),
  S (FILE_ENCRYPTED, ACCESS_DENIED, "the file is encrypted"),
  S (DEVICE_REMOVED, FAILED, "the device was removed"),
  S (MUTUAL_AUTHENTICATION_FAILED, AUTH_FAILED, "the server could not prove who it is"),
  S (OBJECTID_NOT_FOUND, NOT_FOUND, "there is no such object identifier"),
  S (SHUTDOWN_IN_PROGRESS, FAILED, "the computer is shutting down"),
  S (SERVER_SHUTDOWN_IN_PROGRESS, FAILED, "the server is shutting down"),
  S (NETWORK_SESSION_EXPIRED, NOT_CONNECTED, "the session has expired"),
  S (ACCESS_DISABLED_BY_POLICY_DEFAULT, ACCESS_DENIED, "the administrator has forbidden this"),
  S (DOWNGRADE_DETECTED, SECURITY, "the server saw an attempt to weaken the protection"),
  S (AUTHENTICATION_FIREWALL_FAILED, AUTH_FAILED, "the account may not log on to this server"),
  S (NTLM_BLOCKED, AUTH_FAILED, "the server does not allow NTLM"),
  S (REQUEST_OUT_OF_SEQUENCE, PROTOCOL, "the request came out of turn"),
  S (INVALID_TOKEN, INVALID_ARGUMENT, "the token is not valid"),
  S (FILE_NOT_AVAILABLE, FAILED, "the file is not available for the moment"),
  S (OBJECT_NOT_EXTERNALLY_BACKED, NOT_SUPPORTED, "there is no such backing of the file"),
  S (IO_OPERATION_TIMEOUT, TIMED_OUT, "the disk of the server did not answer in time"),
  S (SHARE_UNAVAILABLE, FAILED, "the share is not available for the moment"),
  S (SYMLINK_CLASS_DISABLED, NOT_SUPPORTED, "links of this kind are switched off"),
  S (DISK_QUOTA_EXCEEDED, NO_SPACE, "the quota is used up"),
  S (CONTENT_BLOCKED, ACCESS_DENIED, "the content is blocked"),
  S (VIRUS_INFECTED, ACCESS_DENIED, "the file holds a virus"),
  S (VIRUS_DELETED, NOT_FOUND, "the file held a virus and was deleted"),
  S (CANNOT_BREAK_OPLOCK, SHARING_VIOLATION, "another client does not give up its cache of the file"),
  S (INVALID_SIGNATURE, SECURITY, "the signature is not valid"),
  S (HASH_NOT_SUPPORTED, NOT_SUPPORTED, "the server does not support hashes"),
  S (HASH_NOT_PRESENT, NOT_FOUND, "there is no hash of the file"),
  S (SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP, NOT_SUPPORTED, "client and server have no hash in common"),
  S (SMB_BAD_CLUSTER_DIALECT, NOT_SUPPORTED, "the cluster does not allow this dialect"),
  S (SMB_GUEST_LOGON_BLOCKED, AUTH_FAILED, "guests may not log on"),
  S (SMB_NO_SUPPORT, NOT_SUPPORTED, "the server does not support this"),
};

static int
compare_status (gconstpointer key,
                gconstpointer element)
{
  const guint32 status = *(const guint32 *) key;
  const Entry *entry = element;

  return (status > entry->status) - (status < entry->status);
}

static const Entry *
find_entry (guint32 status)
{
  return bsearch (&status, entries, G_N_ELEMENTS (entries), sizeof entries[0], compare_status);
}

SmbNtSeverity
smb_nt_status_get_severity (guint32 status)
{
  return status >> 30;
}

/* [MS-CIFS] 2.2.2.4: class 1 (ERRDOS) or 2 (ERRSRV) below, the code above. */
static gboolean
is_smb1_error (guint32 status)
{
  const guint16 class = status & 0xFFFF;

  return (class == 1 || class == 2) && status >> 16 != 0;
}

gboolean
smb_nt_status_is_error (guint32 status)
{
  switch (smb_nt_status_get_severity (status))
    {
    case SMB_NT_SEVERITY_ERROR:
      return TRUE;
    case SMB_NT_SEVERITY_SUCCESS:
      return is_smb1_error (status);
    case SMB_NT_SEVERITY_WARNING: /* data, or the end of it; but nothing came of an open that met a link */
      return status == SMB_STATUS_STOPPED_ON_SYMLINK;
    case SMB_NT_SEVERITY_INFORMATIONAL:
    default:
      return FALSE;
    }
}

const char *
smb_nt_status_get_name (guint32 status)
{
  const Entry *entry = find_entry (status);

  return entry != NULL ? entry->name : NULL;
}

const char *
smb_nt_status_get_description (guint32 status)
{
  const Entry *entry = find_entry (status);

  return entry != NULL ? entry->description : "the server reports an error";
}

SmbError
smb_nt_status_to_error (guint32 status)
{
  const Entry *entry = find_entry (status);

  return entry != NULL ? entry->code : SMB_ERROR_FAILED;
}

GError *
smb_nt_status_to_gerror (guint32     status,
                         const char *format,
                         ...)
{
  const char *name = smb_nt_status_get_name (status);
  g_autofree char *context = NULL;
  GError *error;
  va_list args;

  va_start (args, format);
  context = g_strdup_vprintf (format, args);
  va_end (args);

  error = g_error_new (SMB_ERROR, smb_nt_status_to_error (status), "%s: %s (%s 0x%08X)", context,
                       smb_nt_status_get_description (status),
                       name != NULL ? name : "STATUS_UNKNOWN", status);
  smb_error_set_nt_status (error, status);

  return error;
}
