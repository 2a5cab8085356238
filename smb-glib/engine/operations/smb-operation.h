/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-plan.h"
#include "engine/smb-path.h"
#include "wire/smb-writer.h"

/* What the operations of the engine have in common. */

/* A call about @share; what is wrong with its name makes it fail as soon as it runs. The caller sets the
 * operation all the same. @path: nullable; for messages. */
SmbCall *smb_share_call_new (SmbConnection *connection,
                             const char    *verb,
                             const char    *share,
                             const char    *path,
                             int            timeout_msec,
                             GCancellable  *cancellable);
/* The same about @path on @share, which is parsed into @parsed and checked alike. */
SmbCall *smb_path_call_new (SmbConnection *connection,
                            const char    *verb,
                            const char    *share,
                            const char    *path,
                            SmbPathFlags   flags,
                            SmbPath       *parsed,
                            int            timeout_msec,
                            GCancellable  *cancellable);
/* The same for a second path of the call. */
void     smb_path_call_add (SmbCall       *call,
                            const char    *path,
                            SmbPathFlags   flags,
                            SmbPath       *parsed);

/* The call fails if @parsed is the root of the share, which is not to be removed or renamed. */
void     smb_path_call_refuse_root (SmbCall       *call,
                                    const SmbPath *parsed);

/* A plan on the call's share. */
SmbPlan    *smb_operation_plan_new     (SmbCall       *call,
                                        SmbPlanDone    done,
                                        gpointer       data);
/* A CREATE that opens what is there and shares everything. */
SmbRequest *smb_operation_add_open     (SmbPlan       *plan,
                                        const SmbPath *path,
                                        guint32        access,
                                        guint32        options);
void        smb_operation_add_close    (SmbPlan       *plan);
/* One that nothing hangs on, as after reading. */
void        smb_operation_add_lazy_close (SmbPlan     *plan);
/* SET_INFO of a class of [MS-FSCC] 2.4; takes what was written to @input. */
void        smb_operation_add_set_info (SmbPlan       *plan,
                                        guint8         info_class,
                                        SmbWriter     *input);

/* In `done`: whether all steps went well; if not the call has ended with what went wrong. */
gboolean    smb_operation_check        (SmbPlan       *plan);
/* A whole `done`: the call ends with the plan. */
void        smb_operation_done         (SmbPlan       *plan,
                                        gpointer       data);
