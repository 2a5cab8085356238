/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-frame.h"
#include "smb-smb1-negotiate.h"
#include "smb-smb1-opens.h"

G_BEGIN_DECLS

/* What a request is built with. Neither changes after the negotiation, but for what is inside of @opens. */
typedef struct
{
  const SmbSmb1Terms *terms;
  SmbSmb1Opens       *opens;
} SmbSmb1Builder;

/* See SmbDialectClass.build: one request a frame. */
SmbFrame *smb_smb1_build           (const SmbSmb1Builder  *builder,
                                    const SmbRequest      *request,
                                    GError               **error);
/* The NEGOTIATE, ready to be sent. */
SmbFrame *smb_smb1_build_negotiate (SmbSignOptions         sign_options);

/*
 * What follows is for the encoders, one for each command: it writes the message of @frame, and what is to
 * follow that. SMB_ERROR_INVALID_ARGUMENT for what SMB1 cannot express.
 */
typedef gboolean (*SmbSmb1Encoder) (const SmbSmb1Builder  *builder,
                                    const SmbRequest      *request,
                                    SmbFrame              *frame,
                                    GError               **error);

gboolean smb_smb1_encode_session_setup   (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_logoff          (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_tree_connect    (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_tree_disconnect (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_echo            (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_create          (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_close           (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_flush           (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_read            (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_write           (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_ioctl           (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_query_directory (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_query_info      (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
gboolean smb_smb1_encode_set_info        (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);
/* Of SET_INFO, FileRenameInformation. */
gboolean smb_smb1_encode_rename          (const SmbSmb1Builder  *builder,
                                          const SmbRequest      *request,
                                          SmbFrame              *frame,
                                          GError               **error);

/*
 * smb_smb1_begin_message: the message of @frame, header written.
 * smb_smb1_begin_step: one that follows, to be ended with smb_smb1_frame_end_part.
 * smb_smb1_write_close, smb_smb1_write_find_close: the bodies of messages that stand in many places.
 * smb_smb1_get_flags2: what this server is told with each request.
 */
void     smb_smb1_begin_message    (const SmbSmb1Builder *builder,
                                    const SmbRequest     *request,
                                    SmbFrame             *frame,
                                    SmbWriter            *writer,
                                    SmbSmb1Command        command,
                                    guint16               flags2);
gsize    smb_smb1_begin_step       (const SmbSmb1Builder *builder,
                                    const SmbRequest     *request,
                                    SmbFrame             *frame,
                                    SmbWriter            *writer,
                                    SmbSmb1Command        command);
void     smb_smb1_write_close      (SmbWriter            *writer,
                                    guint16               fid);
void     smb_smb1_write_find_close (SmbWriter            *writer,
                                    guint16               sid);
guint16  smb_smb1_get_flags2       (const SmbSmb1Builder *builder);

G_END_DECLS
