/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>
#include <string.h>

G_BEGIN_DECLS

#define SMB_SMB1_HEADER_SIZE    32
#define SMB_SMB1_SIGNATURE_SIZE 8

/* Where the header's fields are that change after it was written ([MS-CIFS] 2.2.3.1), and what follows it. */
#define SMB_SMB1_HEADER_COMMAND    4
#define SMB_SMB1_HEADER_FLAGS2     10
#define SMB_SMB1_HEADER_SIGNATURE  14
#define SMB_SMB1_HEADER_TID        24
#define SMB_SMB1_HEADER_UID        28
#define SMB_SMB1_HEADER_MID        30
#define SMB_SMB1_HEADER_WORD_COUNT 32

/* The least that a message has: no words and no bytes. */
#define SMB_SMB1_MIN_SIZE (SMB_SMB1_HEADER_SIZE + 3)

/* The MID of what a server sends unasked ([MS-CIFS] 3.3.4.2). */
#define SMB_SMB1_UNSOLICITED_MID 0xffff

/* [MS-CIFS] 2.2.2.1 */
typedef enum
{
  SMB_SMB1_CLOSE = 0x04,
  SMB_SMB1_FLUSH = 0x05,
  SMB_SMB1_RENAME = 0x07,
  SMB_SMB1_LOCKING_ANDX = 0x24,
  SMB_SMB1_TRANSACTION = 0x25,
  SMB_SMB1_TRANSACTION_SECONDARY = 0x26,
  SMB_SMB1_ECHO = 0x2b,
  SMB_SMB1_READ_ANDX = 0x2e,
  SMB_SMB1_WRITE_ANDX = 0x2f,
  SMB_SMB1_TRANSACTION2 = 0x32,
  SMB_SMB1_TRANSACTION2_SECONDARY = 0x33,
  SMB_SMB1_FIND_CLOSE2 = 0x34,
  SMB_SMB1_TREE_DISCONNECT = 0x71,
  SMB_SMB1_NEGOTIATE = 0x72,
  SMB_SMB1_SESSION_SETUP_ANDX = 0x73,
  SMB_SMB1_LOGOFF_ANDX = 0x74,
  SMB_SMB1_TREE_CONNECT_ANDX = 0x75,
  SMB_SMB1_NT_TRANSACT = 0xa0,
  SMB_SMB1_NT_TRANSACT_SECONDARY = 0xa1,
  SMB_SMB1_NT_CREATE_ANDX = 0xa2,
  SMB_SMB1_NT_CANCEL = 0xa4,
} SmbSmb1Command;

/* Flags of [MS-CIFS] 2.2.3.1. */
typedef enum
{
  SMB_SMB1_FLAG_CASE_INSENSITIVE = 0x08,
  SMB_SMB1_FLAG_CANONICALIZED = 0x10,
  SMB_SMB1_FLAG_REPLY = 0x80,
} SmbSmb1Flags;

/* Flags2 of [MS-CIFS] 2.2.3.1 and [MS-SMB] 2.2.3.1. */
typedef enum
{
  SMB_SMB1_FLAG2_LONG_NAMES = 0x0001,
  SMB_SMB1_FLAG2_SIGNATURE = 0x0004,
  SMB_SMB1_FLAG2_SIGNATURE_REQUIRED = 0x0010,
  SMB_SMB1_FLAG2_IS_LONG_NAME = 0x0040,
  SMB_SMB1_FLAG2_REPARSE_PATH = 0x0400,
  SMB_SMB1_FLAG2_EXTENDED_SECURITY = 0x0800,
  SMB_SMB1_FLAG2_NT_STATUS = 0x4000,
  SMB_SMB1_FLAG2_UNICODE = 0x8000,
} SmbSmb1Flags2;

/* What there is to say about the header of a response. */
typedef struct
{
  guint8  command;
  guint32 status; /* always an NTSTATUS */
  guint8  flags;
  guint16 flags2;
  guint16 tid;
  guint16 uid;
  guint16 mid;
} SmbSmb1Header;

/*
 * smb_smb1_is_smb1: whether the bytes begin as a message of SMB1.
 * smb_smb1_header_write: appends the 32 bytes of a request; UID, MID and signature are set when it is sent.
 * smb_smb1_header_read: reads the header of what a server sends; SMB_ERROR_PROTOCOL if it is none.
 */
gboolean smb_smb1_is_smb1      (const guint8   *bytes,
                                gsize           size);
void     smb_smb1_header_write (SmbWriter      *writer,
                                SmbSmb1Command  command,
                                guint16         flags2,
                                guint16         tid);
gboolean smb_smb1_header_read  (SmbSmb1Header  *self,
                                const guint8   *bytes,
                                gsize           size,
                                GError        **error);

/* The NTSTATUS of a response. @is_nt: whether the server says that it is one; else it is an error of DOS
 * ([MS-CIFS] 2.2.2.4). Some codes have that form in either case. */
guint32  smb_smb1_status_read  (guint32         status,
                                gboolean        is_nt);

/* Single fields of a message in memory. */
static inline guint16
smb_smb1_get_u16 (const guint8 *bytes,
                  gsize         offset)
{
  guint16 value;

  memcpy (&value, bytes + offset, sizeof value);
  return GUINT16_FROM_LE (value);
}

static inline guint32
smb_smb1_get_u32 (const guint8 *bytes,
                  gsize         offset)
{
  guint32 value;

  memcpy (&value, bytes + offset, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline void
smb_smb1_set_u16 (guint8  *bytes,
                  gsize    offset,
                  guint16  value)
{
  value = GUINT16_TO_LE (value);
  memcpy (bytes + offset, &value, sizeof value);
}

static inline void
smb_smb1_set_u32 (guint8  *bytes,
                  gsize    offset,
                  guint32  value)
{
  value = GUINT32_TO_LE (value);
  memcpy (bytes + offset, &value, sizeof value);
}

G_END_DECLS
