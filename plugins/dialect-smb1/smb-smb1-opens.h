/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-header.h"

G_BEGIN_DECLS

/* How far the listing of a folder has come. */
typedef enum
{
  SMB_SMB1_SEARCH_NONE,
  SMB_SMB1_SEARCH_GOES_ON,
  SMB_SMB1_SEARCH_ALL_SEEN, /* the server has said that nothing follows, but keeps its search open */
  SMB_SMB1_SEARCH_CLOSED,
} SmbSmb1SearchState;

/**
 * SmbSmb1Open:
 * @fid: by which the server knows it
 * @path: relative to the share, with \, as it was opened
 * @snapshot: the FILETIME of the version that was opened; 0 = now
 * @is_pipe: whether it is no file
 * @gone: whether the server has closed it already, though nobody asked for that yet
 * @search: of the folder's entries
 * @sid: by which the server knows the search
 * @resume_key: the number of the entry that came last
 * @resume_name: its name in UTF-16LE; NULL before the first one
 *
 * Something open on the server. In SMB1 folders are listed by path, and by a handle of the listing's own:
 * this is what the handle of the folder stands for.
 */
typedef struct
{
  guint64            serial;
  guint16            fid;
  char              *path;
  guint64            snapshot;
  gboolean           is_pipe;
  gboolean           gone;
  SmbSmb1SearchState search;
  guint16            sid;
  guint32            resume_key;
  GBytes            *resume_name;
} SmbSmb1Open;

/* All of a connection. Servers use FIDs again, so these are found by a number of our own, which a handle
 * has in `transient`. What one of them is may be looked at by those who build requests in any thread: under
 * the lock. */
typedef struct
{
  GMutex      lock;
  GHashTable *by_serial;
  guint64     last_serial;
} SmbSmb1Opens;

void         smb_smb1_opens_init   (SmbSmb1Opens       *self);
void         smb_smb1_opens_clear  (SmbSmb1Opens       *self);

/* Takes the lock itself; returns the handle. */
SmbFileHandle smb_smb1_opens_add   (SmbSmb1Opens       *self,
                                    guint16             fid,
                                    gboolean            is_pipe,
                                    const SmbRequest   *create);
/* Likewise. */
void         smb_smb1_opens_remove (SmbSmb1Opens       *self,
                                    guint64             serial);
/* Under the lock: NULL if there is no such number. */
SmbSmb1Open *smb_smb1_opens_find   (SmbSmb1Opens       *self,
                                    guint64             serial);

static inline guint16
smb_smb1_get_fid (const SmbRequest *request)
{
  return request->handle.persistent;
}

G_END_DECLS
