/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/* What can be asked of a server, in the terms of [MS-SMB2]; an SMB1 dialect maps it to its own commands.
 * The numbers are the command codes of [MS-SMB2] 2.2.1.2. */
typedef enum
{
  SMB_COMMAND_NEGOTIATE = 0,
  SMB_COMMAND_SESSION_SETUP = 1,
  SMB_COMMAND_LOGOFF = 2,
  SMB_COMMAND_TREE_CONNECT = 3,
  SMB_COMMAND_TREE_DISCONNECT = 4,
  SMB_COMMAND_CREATE = 5,
  SMB_COMMAND_CLOSE = 6,
  SMB_COMMAND_FLUSH = 7,
  SMB_COMMAND_READ = 8,
  SMB_COMMAND_WRITE = 9,
  SMB_COMMAND_IOCTL = 11,
  SMB_COMMAND_CANCEL = 12,
  SMB_COMMAND_ECHO = 13,
  SMB_COMMAND_QUERY_DIRECTORY = 14,
  SMB_COMMAND_QUERY_INFO = 16,
  SMB_COMMAND_SET_INFO = 17,
} SmbCommand;

SMB_EXTERN const char *smb_command_get_name (SmbCommand command);

/* How a message is protected; a greater one protects more. */
typedef enum
{
  SMB_PROTECTION_NONE,
  SMB_PROTECTION_SIGNED,
  SMB_PROTECTION_SEALED,
} SmbProtection;

/* The handle of an open file or folder. SMB1 uses the low 16 bits of @persistent. */
typedef struct
{
  guint64 persistent;
  guint64 transient;
} SmbFileHandle;

/* InfoType of [MS-SMB2] 2.2.37. */
typedef enum
{
  SMB_INFO_TYPE_FILE = 1,
  SMB_INFO_TYPE_FILESYSTEM = 2,
  SMB_INFO_TYPE_SECURITY = 3,
} SmbInfoType;

/* [MS-SMB2] 2.2.13 ShareAccess */
#define SMB_SHARE_READ   0x1
#define SMB_SHARE_WRITE  0x2
#define SMB_SHARE_DELETE 0x4
#define SMB_SHARE_ALL    0x7

/* [MS-SMB2] 2.2.13 CreateDisposition */
#define SMB_DISPOSITION_SUPERSEDE    0
#define SMB_DISPOSITION_OPEN         1
#define SMB_DISPOSITION_CREATE       2
#define SMB_DISPOSITION_OPEN_IF      3
#define SMB_DISPOSITION_OVERWRITE    4
#define SMB_DISPOSITION_OVERWRITE_IF 5

/* [MS-SMB2] 2.2.13 CreateOptions */
#define SMB_OPTION_DIRECTORY_FILE     0x00000001
#define SMB_OPTION_SEQUENTIAL_ONLY    0x00000004
#define SMB_OPTION_NON_DIRECTORY_FILE 0x00000040
#define SMB_OPTION_DELETE_ON_CLOSE    0x00001000
#define SMB_OPTION_OPEN_REPARSE_POINT 0x00200000

/* One request. Owns what it points to. */
typedef struct
{
  SmbCommand    command;
  gboolean      related; /* uses the handle that the request before it in the chain opened or used */
  guint32       tree_id;
  SmbFileHandle handle;  /* READ, WRITE, CLOSE, …; not looked at when related */

  union
  {
    struct
    {
      GBytes *token; /* nullable */
      GBytes *lm_response; /* these instead of a token, where there is no SPNEGO: nullable */
      GBytes *nt_response;
      char   *username;
      char   *domain;
      gboolean sign; /* the session is to be signed; SMB1 says so in advance */
    } session_setup;

    struct
    {
      char *path; /* \\host\share, UTF-8 */
    } tree_connect;

    struct
    {
      char   *path; /* relative to the share, with \, UTF-8; "" is the share's root */
      guint32 desired_access;
      guint32 file_attributes;
      guint32 share_access;
      guint32 disposition;
      guint32 options;
      guint64 snapshot;    /* FILETIME of the version to be opened (SMB2_CREATE_TIMEWARP_TOKEN), 0 = now */
      gboolean query_id;   /* asks for the file's number (SMB2_CREATE_QUERY_ON_DISK_ID) */
    } create;

    struct
    {
      guint64 offset;
      guint32 length;
      guint32 minimum; /* fewer bytes than this are END_OF_FILE */
    } read;

    struct
    {
      guint64       offset;
      const guint8 *data;  /* stays until the reply has come */
      gsize         size;
      GBytes       *owner; /* nullable: what keeps @data alive */
    } write;

    struct
    {
      guint32  code; /* FSCTL_… */
      GBytes  *input; /* nullable */
      guint32  max_output;
    } ioctl;

    struct
    {
      guint8   info_class; /* [MS-FSCC] 2.4 */
      gboolean restart;    /* from the beginning, with @pattern */
      char    *pattern;    /* UTF-8 */
      char    *path;       /* of the folder, relative to the share: for dialects that list by path */
      guint32  max_output;
    } query_directory;

    struct
    {
      SmbInfoType type;
      guint8      info_class;
      guint32     additional; /* SECURITY_INFORMATION */
      guint32     max_output;
      char       *path;       /* nullable: in place of a handle; see SmbNegotiation.queries_paths */
      guint64     snapshot;   /* with @path: as in a CREATE */
    } query_info;

    struct
    {
      SmbInfoType type;
      guint8      info_class;
      guint32     additional;
      GBytes     *input;
    } set_info;
  };
} SmbRequest;

SMB_EXTERN SmbRequest *smb_request_new  (SmbCommand command);
SMB_EXTERN void        smb_request_free (SmbRequest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbRequest, smb_request_free)

/* What a server answers; the byte ranges are borrowed from the received message. */
typedef struct
{
  SmbCommand command;
  guint32    status; /* NTSTATUS; the union is filled for success and for those errors that carry data */

  union
  {
    struct
    {
      gboolean      guest;
      gboolean      null;      /* anonymous, where the server says so */
      gboolean      seal;      /* the server demands encryption */
      const guint8 *token;     /* nullable */
      gsize         token_size;
    } session_setup;

    struct
    {
      guint32  tree_id;
      guint8   share_type;
      guint32  share_flags;
      guint32  capabilities;
      guint32  maximal_access;
      gboolean seal; /* SMB2_SHAREFLAG_ENCRYPT_DATA */
      gboolean dfs;
    } tree_connect;

    struct
    {
      SmbFileHandle handle;
      guint64       creation_time; /* FILETIMEs */
      guint64       last_access_time;
      guint64       last_write_time;
      guint64       change_time;
      guint64       allocation_size;
      guint64       end_of_file;
      guint32       file_attributes;
      guint32       action;
      guint64       file_id; /* 0 = not told */
    } create;

    struct
    {
      const guint8 *data;
      gsize         size;
    } read; /* the payload */

    struct
    {
      guint32 count;
    } write;

    struct
    {
      const guint8 *data;
      gsize         size;
    } output; /* IOCTL, QUERY_DIRECTORY, QUERY_INFO */

    struct
    {
      guint32 symlink_unparsed; /* STOPPED_ON_SYMLINK: bytes of the path behind the link; else 0 */
    } error;
  };
} SmbReply;

G_END_DECLS
