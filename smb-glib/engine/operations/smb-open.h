/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-plan.h"
#include "wire/smb-directory.h"

/**
 * SmbOpen:
 *
 * A file or folder that stays open over several calls ([MS-SMB2] 3.2.1.6). It uses its connection. The
 * server's handle is closed by smb_open_close_call_new(), or, without anybody waiting, when the last
 * reference goes, which may be on any thread.
 *
 * Closing lets the calls that are under way come to their end, refuses those that begin later with
 * G_IO_ERROR_CLOSED, and then sends CLOSE: also when the one who closes waits no longer.
 */
typedef struct _SmbOpen SmbOpen;

/* On the worker: from the answer to the CREATE that is step 0 of @plan, a plan of a call. */
SmbOpen       *smb_open_new            (SmbPlan    *plan,
                                        const char *path);
SmbOpen       *smb_open_ref            (SmbOpen    *self);
void           smb_open_unref          (SmbOpen    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbOpen, smb_open_unref)

SmbConnection *smb_open_get_connection (SmbOpen    *self);
const char    *smb_open_get_share      (SmbOpen    *self);
const char    *smb_open_get_path       (SmbOpen    *self);
/* Whether somebody has asked for its end. From any thread. */
gboolean       smb_open_is_closing     (SmbOpen    *self);

/* From any thread. A call named "Cannot <verb> 'path' on share 'share'". */
SmbCall       *smb_open_begin_call     (SmbOpen      *self,
                                        const char   *verb,
                                        int           timeout_msec,
                                        GCancellable *cancellable);
/* Ends well also when it was closed before. @verb: "close the file". */
SmbCall       *smb_open_close_call_new (SmbOpen      *self,
                                        const char   *verb,
                                        int           timeout_msec,
                                        GCancellable *cancellable);
/* Closes it and tells nobody. */
void           smb_open_close_later    (SmbOpen      *self);

/* On the worker. */

/* Before it is used: FALSE if it is being closed. Each TRUE is followed by smb_open_leave(). */
gboolean       smb_open_enter          (SmbOpen    *self);
/* The same for a call, which fails if it is being closed. */
gboolean       smb_open_enter_call     (SmbOpen    *self,
                                        SmbCall    *call);
void           smb_open_leave          (SmbOpen    *self);
/* Nobody needs it any more: CLOSE is sent when its last user has left, and not waited for. */
void           smb_open_close_silently (SmbOpen    *self);
/* Of its bulk plans. */
SmbLane       *smb_open_get_lane       (SmbOpen    *self);
/* Adds a request on it to a plan that has no share. */
SmbRequest    *smb_open_add            (SmbOpen    *self,
                                        SmbPlan    *plan,
                                        SmbCommand  command);

/* What a CREATE was answered, without the names. */
void           smb_open_describe       (const SmbReply    *reply,
                                        SmbDirectoryEntry *entry);
