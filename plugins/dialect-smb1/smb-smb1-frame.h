/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-header.h"

G_BEGIN_DECLS

/* What becomes of the last response to a request, beyond what its own command says. */
typedef enum
{
  SMB_SMB1_ANSWER_PLAIN,         /* it is read as it is */
  SMB_SMB1_ANSWER_TRANSACTION,   /* it may come in parts */
  SMB_SMB1_ANSWER_FIND_FIRST,    /* the same; and it begins a search */
  SMB_SMB1_ANSWER_FIND_NEXT,
  SMB_SMB1_ANSWER_END_OF_SEARCH, /* whatever it says, there are no more files */
  SMB_SMB1_ANSWER_ALL_INFO,      /* SMB_QUERY_FILE_ALL_INFO becomes FileAllInformation */
  SMB_SMB1_ANSWER_NETWORK_OPEN,  /* or FileNetworkOpenInformation */
  SMB_SMB1_ANSWER_FULL_SIZE,     /* SMB_QUERY_FS_SIZE_INFO becomes FileFsFullSizeInformation */
} SmbSmb1Answer;

/**
 * SmbSmb1Note:
 * @answer: what becomes of the response
 * @serial: of the open that is meant, 0 = none
 * @max_parameters: bytes that were asked for, of a transaction
 * @max_data: likewise
 * @info_class: of a search ([MS-FSCC] 2.4)
 * @closes: whether the server closes the handle on the way
 * @alone: whether it must not go out while others use the same open
 * @sign: of a SESSION_SETUP: whether it announces that the session is signed
 *
 * What sending and receiving have to know of a request and its first message does not say.
 */
typedef struct
{
  SmbSmb1Answer answer;
  guint64       serial;
  guint32       max_parameters;
  guint32       max_data;
  guint8        info_class;
  gboolean      closes;
  gboolean      alone;
  gboolean      sign;
} SmbSmb1Note;

/* When a part that follows the first message goes out. */
typedef enum
{
  SMB_SMB1_PART_SECONDARY, /* once the server says that it has room, with all others of its kind */
  SMB_SMB1_PART_STEP,      /* once the message before has its response, whatever that says */
  SMB_SMB1_PART_RESPONSE,  /* never: it is the response to the challenge, of which the signing key is made */
} SmbSmb1PartKind;

typedef struct
{
  SmbSmb1PartKind kind;
  GByteArray     *bytes;
} SmbSmb1Part;

/*
 * A frame of SMB1 holds one message, and in its scratch a note and the parts that follow.
 *
 * smb_smb1_frame_new: with a zeroed note.
 * smb_smb1_frame_begin: the writer of the message, header written; smb_smb1_frame_end when it is complete.
 * smb_smb1_frame_begin_part, smb_smb1_frame_end_part: the same for what follows, after the message.
 * smb_smb1_frame_get_note: until something is written next.
 * smb_smb1_frame_put_off: makes the message the first part that follows another one, which is @writer's.
 * smb_smb1_frame_dup_parts: of SmbSmb1Part; NULL if there are none.
 * smb_smb1_frame_set_vectors: header and body, then the payload.
 */
SmbFrame    *smb_smb1_frame_new         (SmbCommand       command);
void         smb_smb1_frame_begin       (SmbFrame        *frame,
                                         SmbWriter       *writer);
void         smb_smb1_frame_end         (SmbFrame        *frame,
                                         const SmbWriter *writer);
gsize        smb_smb1_frame_begin_part  (SmbFrame        *frame,
                                         SmbSmb1PartKind  kind,
                                         SmbWriter       *writer);
void         smb_smb1_frame_end_part    (SmbFrame        *frame,
                                         gsize            part);
SmbSmb1Note *smb_smb1_frame_get_note    (SmbFrame        *frame);
void         smb_smb1_frame_put_off     (SmbFrame        *frame,
                                         const SmbWriter *writer);
GPtrArray   *smb_smb1_frame_dup_parts   (SmbFrame        *frame);
void         smb_smb1_frame_set_vectors (SmbFrame        *frame);

static inline guint8 *
smb_smb1_frame_get_header (SmbFrame *frame)
{
  return frame->bytes->data + smb_frame_get_message (frame, 0)->offset;
}

static inline const GOutputVector *
smb_smb1_frame_get_vectors (const SmbFrame *frame)
{
  return frame->vectors;
}

/*
 * Bodies ([MS-CIFS] 2.2.3.2, 2.2.3.3).
 *
 * smb_smb1_write_no_andx: the words that say that no other command is chained to this.
 * smb_smb1_begin_bytes: ByteCount, to be set by smb_smb1_end_bytes with what was returned.
 * smb_smb1_write_string: UTF-16 at an even offset, with its terminator. SMB_ERROR_INVALID_ARGUMENT if it is
 *   no UTF-8 or longer than any message.
 * smb_smb1_write_echo: the body of an ECHO.
 * smb_smb1_write_path: as a string, with a backslash before it, and the token of the snapshot if it is not 0.
 */
void         smb_smb1_write_no_andx     (SmbWriter       *writer);
gsize        smb_smb1_begin_bytes       (SmbWriter       *writer);
void         smb_smb1_end_bytes         (SmbWriter       *writer,
                                         gsize            byte_count);
void         smb_smb1_write_echo        (SmbWriter       *writer);
gboolean     smb_smb1_write_string      (SmbWriter       *writer,
                                         const char      *text,
                                         GError         **error);
gboolean     smb_smb1_write_path        (SmbWriter       *writer,
                                         const char      *path,
                                         guint64          snapshot,
                                         GError         **error);

G_END_DECLS
