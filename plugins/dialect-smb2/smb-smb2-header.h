/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>
#include <string.h>

G_BEGIN_DECLS

#define SMB_SMB2_HEADER_SIZE    64
#define SMB_SMB2_SIGNATURE_SIZE 16

/* Where the header's fields are that change after it was written ([MS-SMB2] 2.2.1). */
#define SMB_SMB2_HEADER_CREDIT_CHARGE 6
#define SMB_SMB2_HEADER_COMMAND       12
#define SMB_SMB2_HEADER_CREDITS       14
#define SMB_SMB2_HEADER_FLAGS         16
#define SMB_SMB2_HEADER_NEXT_COMMAND  20
#define SMB_SMB2_HEADER_MESSAGE_ID    24
#define SMB_SMB2_HEADER_SESSION_ID    40
#define SMB_SMB2_HEADER_SIGNATURE     48

/* The MessageId of what a server sends unasked ([MS-SMB2] 2.2.23). */
#define SMB_SMB2_UNSOLICITED_ID G_MAXUINT64

/* Flags of [MS-SMB2] 2.2.1.2. */
typedef enum
{
  SMB_SMB2_FLAG_RESPONSE = 0x1,
  SMB_SMB2_FLAG_ASYNC = 0x2,
  SMB_SMB2_FLAG_RELATED = 0x4,
  SMB_SMB2_FLAG_SIGNED = 0x8,
} SmbSmb2Flags;

/* How a message begins: ProtocolId of [MS-SMB2] 2.2.1, 2.2.41, 2.2.42 and [MS-CIFS] 2.2.3.1. */
typedef enum
{
  SMB_SMB2_PROTOCOL_UNKNOWN,
  SMB_SMB2_PROTOCOL_SMB1 = 0xff,
  SMB_SMB2_PROTOCOL_PLAIN = 0xfe,
  SMB_SMB2_PROTOCOL_SEALED = 0xfd,
  SMB_SMB2_PROTOCOL_COMPRESSED = 0xfc,
} SmbSmb2Protocol;

/* [MS-SMB2] 2.2.1. */
typedef struct
{
  guint16 credit_charge;
  guint32 status;
  guint16 command;
  guint16 credits; /* asked for, or granted */
  guint32 flags;
  guint32 next_command;
  guint64 message_id;
  guint64 async_id; /* 0 without ASYNC */
  guint32 tree_id;  /* 0 with ASYNC */
  guint64 session_id;
  guint8  signature[SMB_SMB2_SIGNATURE_SIZE];
} SmbSmb2Header;

/*
 * smb_smb2_get_protocol: UNKNOWN for what is none of them or shorter than a ProtocolId.
 * smb_smb2_header_write: appends 64 bytes.
 * smb_smb2_header_read: reads the header of a response; SMB_ERROR_PROTOCOL if it is none.
 */
SmbSmb2Protocol smb_smb2_get_protocol (const guint8         *bytes,
                                       gsize                 size);
void            smb_smb2_header_write (const SmbSmb2Header  *self,
                                       SmbWriter            *writer);
gboolean        smb_smb2_header_read  (SmbSmb2Header        *self,
                                       const guint8         *bytes,
                                       gsize                 size,
                                       GError              **error);

/* Single fields of a header in memory, at one of the offsets above. */
static inline guint16
smb_smb2_get_u16 (const guint8 *header,
                  gsize         offset)
{
  guint16 value;

  memcpy (&value, header + offset, sizeof value);
  return GUINT16_FROM_LE (value);
}

static inline guint32
smb_smb2_get_u32 (const guint8 *header,
                  gsize         offset)
{
  guint32 value;

  memcpy (&value, header + offset, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint64
smb_smb2_get_u64 (const guint8 *header,
                  gsize         offset)
{
  guint64 value;

  memcpy (&value, header + offset, sizeof value);
  return GUINT64_FROM_LE (value);
}

static inline void
smb_smb2_set_u16 (guint8  *header,
                  gsize    offset,
                  guint16  value)
{
  value = GUINT16_TO_LE (value);
  memcpy (header + offset, &value, sizeof value);
}

static inline void
smb_smb2_set_u32 (guint8  *header,
                  gsize    offset,
                  guint32  value)
{
  value = GUINT32_TO_LE (value);
  memcpy (header + offset, &value, sizeof value);
}

static inline void
smb_smb2_set_u64 (guint8  *header,
                  gsize    offset,
                  guint64  value)
{
  value = GUINT64_TO_LE (value);
  memcpy (header + offset, &value, sizeof value);
}

G_END_DECLS
