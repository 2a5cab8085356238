/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-opens.h"

static void
open_free (gpointer data)
{
  SmbSmb1Open *open = data;

  g_clear_pointer (&open->resume_name, g_bytes_unref);
  g_free (open->path);
  g_free (open);
}

void
smb_smb1_opens_init (SmbSmb1Opens *self)
{
  g_mutex_init (&self->lock);
  self->by_serial = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, open_free);
}

void
smb_smb1_opens_clear (SmbSmb1Opens *self)
{
  g_clear_pointer (&self->by_serial, g_hash_table_unref);
  g_mutex_clear (&self->lock);
}

SmbFileHandle
smb_smb1_opens_add (SmbSmb1Opens     *self,
                    guint16           fid,
                    gboolean          is_pipe,
                    const SmbRequest *create)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  SmbSmb1Open *open = g_new0 (SmbSmb1Open, 1);

  open->serial = ++self->last_serial;
  open->fid = fid;
  open->is_pipe = is_pipe;
  open->path = g_strdup (create->create.path);
  open->snapshot = create->create.snapshot;
  g_hash_table_insert (self->by_serial, &open->serial, open);
  return (SmbFileHandle) { fid, open->serial };
}

void
smb_smb1_opens_remove (SmbSmb1Opens *self,
                       guint64       serial)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_hash_table_remove (self->by_serial, &serial);
}

SmbSmb1Open *
smb_smb1_opens_find (SmbSmb1Opens *self,
                     guint64       serial)
{
  return g_hash_table_lookup (self->by_serial, &serial);
}
