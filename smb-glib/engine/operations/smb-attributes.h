/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"

/* What a server tells of a file by its name: the result of get_attributes. Times are FILETIMEs. */
typedef struct
{
  char    *name; /* the last component of the path; "" is the share's root */
  guint64  creation_time;
  guint64  last_access_time;
  guint64  last_write_time;
  guint64  change_time;
  guint64  end_of_file;
  guint64  allocation_size;
  guint32  attributes; /* SMB_FSCC_ATTRIBUTE_… */
  guint64  file_id;    /* 0 = not told */
} SmbFileStat;

void smb_file_stat_free (SmbFileStat *self);

/* Gives an SmbFileStat. */
SmbCall *smb_get_attributes_call_new (SmbConnection *connection,
                                      const char    *share,
                                      const char    *path,
                                      int            timeout_msec,
                                      GCancellable  *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbFileStat, smb_file_stat_free)
