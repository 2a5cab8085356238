/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-outstanding.h"
#include "smb-smb2-session.h"

G_BEGIN_DECLS

/* Where the messages of a compound begin ([MS-SMB2] 3.2.4.1.4). */
#define SMB_SMB2_ALIGNMENT 8

/*
 * smb_smb2_finish: see SmbDialectClass.finish; @next_id is the MessageId to begin with, and goes on.
 * smb_smb2_protect: signs or seals what has its numbers already, and sets the vectors.
 * smb_smb2_set_vectors: just that.
 */
gboolean smb_smb2_finish      (SmbSmb2Session      *session,
                               SmbSmb2Outstanding  *outstanding,
                               guint64             *next_id,
                               SmbFrame            *frame,
                               SmbProtection        protection,
                               guint                want,
                               GError             **error);
gboolean smb_smb2_protect     (SmbSmb2Session      *session,
                               SmbFrame            *frame,
                               SmbProtection        protection,
                               GError             **error);
void     smb_smb2_set_vectors (SmbFrame            *frame);

static inline guint8 *
smb_smb2_get_header (SmbFrame *frame,
                     guint     i)
{
  return frame->bytes->data + smb_frame_get_message (frame, i)->offset;
}

static inline gsize
smb_smb2_get_payload_size (const SmbFrameMessage *message)
{
  return message->payload == NULL ? 0 : g_bytes_get_size (message->payload);
}

/* What lies between a message and the next one. */
static inline gsize
smb_smb2_get_padding (const SmbFrameMessage *message)
{
  return -(message->size + smb_smb2_get_payload_size (message)) & (SMB_SMB2_ALIGNMENT - 1);
}

G_END_DECLS
