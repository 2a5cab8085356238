/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-header.h"

G_BEGIN_DECLS

#define SMB_SMB1_CHALLENGE_SIZE 8

/* The largest message that a server may send us unless it answers a READ_ANDX: what a field of 16 bits can
 * say. */
#define SMB_SMB1_OUR_BUFFER_SIZE 0xffff

/* SecurityMode of [MS-CIFS] 2.2.4.52.2. */
typedef enum
{
  SMB_SMB1_SECURITY_USER = 0x01,
  SMB_SMB1_SECURITY_ENCRYPT_PASSWORDS = 0x02,
  SMB_SMB1_SECURITY_SIGNATURES_ENABLED = 0x04,
  SMB_SMB1_SECURITY_SIGNATURES_REQUIRED = 0x08,
} SmbSmb1SecurityMode;

/* Capabilities of [MS-CIFS] 2.2.4.52.2 and [MS-SMB] 2.2.4.5.2.1. */
typedef enum
{
  SMB_SMB1_CAP_UNICODE = 0x00000004,
  SMB_SMB1_CAP_LARGE_FILES = 0x00000008,
  SMB_SMB1_CAP_NT_SMBS = 0x00000010,
  SMB_SMB1_CAP_STATUS32 = 0x00000040,
  SMB_SMB1_CAP_NT_FIND = 0x00000200,
  SMB_SMB1_CAP_INFOLEVEL_PASSTHRU = 0x00002000,
  SMB_SMB1_CAP_LARGE_READX = 0x00004000,
  SMB_SMB1_CAP_LARGE_WRITEX = 0x00008000,
  SMB_SMB1_CAP_UNIX = 0x00800000,
  SMB_SMB1_CAP_DYNAMIC_REAUTH = 0x20000000,
  SMB_SMB1_CAP_EXTENDED_SECURITY = 0x80000000u,
} SmbSmb1Capabilities;

/* What a NEGOTIATE response says, and what follows from it for sizes, in bytes. */
typedef struct
{
  guint8        security_mode;
  guint         max_requests;    /* at a time; at least 1 */
  guint32       max_buffer_size; /* of a request but for a large WRITE_ANDX */
  guint32       session_key;
  guint32       capabilities;
  gboolean      extended_security;
  guint32       max_read_size;
  guint32       max_write_size;
  guint32       max_signed_write_size;
  guint8        challenge[SMB_SMB1_CHALLENGE_SIZE]; /* without extended security */
  const guint8 *token;           /* with it; borrowed from the message */
  gsize         token_size;
} SmbSmb1Terms;

/*
 * smb_smb1_negotiate_write: appends the request, header included.
 * smb_smb1_terms_read: reads the answer to it, or to one of which NT LM 0.12 was the first dialect.
 *   NOT_SUPPORTED if that is not what the server chose or it lacks what this client needs, AUTH_FAILED if
 *   it wants passwords in clear text.
 */
void     smb_smb1_negotiate_write (SmbSignOptions  sign_options,
                                   SmbWriter      *writer);
gboolean smb_smb1_terms_read      (SmbSmb1Terms   *self,
                                   const guint8   *message,
                                   gsize           size,
                                   GError        **error);

static inline gboolean
smb_smb1_terms_can (const SmbSmb1Terms  *self,
                    SmbSmb1Capabilities  capability)
{
  return (self->capabilities & capability) != 0;
}

G_END_DECLS
