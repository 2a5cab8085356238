/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/smb-channel.h"

/* The sockets of all channels behind one source of the worker's context, so that what it waits for costs the
 * same however many connections there are. A channel that is no plain socket has sources of its own, and so
 * has each where the system knows no epoll. The worker's, all of it. */

typedef struct _SmbWatchSet SmbWatchSet;
typedef struct _SmbWatch SmbWatch;

typedef void (*SmbWatchFunc) (gpointer data);

/* One for a context, as long as that lives. */
SmbWatchSet *smb_watch_set_new  (GMainContext *context);
/* In place of g_poll(), for that context. */
int          smb_watch_set_wait (SmbWatchSet  *self,
                                 GPollFD      *fds,
                                 guint         n_fds,
                                 int           timeout_msec);

/* The same without the context, where the set is alone: TRUE if some channels are ready, which
 * smb_watch_set_tell() tells them; FALSE if the context is to have a look. */
gboolean     smb_watch_set_wait_alone (SmbWatchSet *self,
                                       int          timeout_msec);
void         smb_watch_set_tell       (SmbWatchSet *self);

/* The descriptor that is readable when there is something to do for the context; -1 where the system knows no
 * epoll. */
int          smb_watch_set_get_fd   (SmbWatchSet *self);
/* Whether there is nothing else to wait for. */
gboolean     smb_watch_set_is_alone (SmbWatchSet *self);
/* Others have sources in the context meanwhile: GIO that connects, say. The last one from any thread. */
void         smb_watch_set_begin_other (SmbWatchSet *self);
void         smb_watch_set_end_other   (SmbWatchSet *self);
gboolean     smb_watch_set_has_others  (SmbWatchSet *self);

/* Calls @input when there is something to receive, or the channel has failed. To be freed before the channel
 * is closed; any callback may do that, of this watch or of another. */
SmbWatch *smb_watch_new        (SmbWatchSet    *set,
                                SmbChannel     *channel,
                                SmbWatchFunc    input,
                                SmbWatchFunc    output,
                                gpointer        data,
                                GDestroyNotify  free_data);
/* Whether to call @output when something can be sent; not at first. */
void      smb_watch_set_output (SmbWatch       *self,
                                gboolean        wanted);
void      smb_watch_free       (SmbWatch       *self);
