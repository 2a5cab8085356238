/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/worker/smb-watch.h"

#include "plugin/smb-channel-private.h"
#include "smb-config.h"

#include <unistd.h>
#ifdef HAVE_EPOLL
#include <sys/epoll.h>
#endif

/* Taken at once; what else is ready comes with the next turn, as does what was taken and not looked at. */
#define MAX_EVENTS 64

typedef struct
{
  SmbWatch *watch; /* NULL: the context's own, or freed meanwhile */
  gboolean  input;
  gboolean  output;
} Event;

struct _SmbWatchSet
{
  GMainContext *context; /* unowned */
  int           fd;      /* -1: no epoll here */
  int           alarm;   /* the context's own descriptor, once it is in the set; else -1 */
  gboolean      alone;   /* it was when last waited for */
  int           n_others; /* that will not be alone: atomic */
  Event         events[MAX_EVENTS];
  int           n_events;
};

struct _SmbWatch
{
  SmbWatchSet    *set;
  SmbChannel     *channel; /* unowned */
  int             fd;      /* in the set; -1: sources do it */
  GSource        *input_source;
  GSource        *output_source;
  gboolean        wants_output;

  SmbWatchFunc    input;
  SmbWatchFunc    output;
  gpointer        data;
  GDestroyNotify  free_data;
};

/* The kernel's side. */

#ifdef HAVE_EPOLL

static int
create (void)
{
  return epoll_create1 (EPOLL_CLOEXEC);
}

static gboolean
add (SmbWatchSet *self,
     int          fd,
     SmbWatch    *watch)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = watch };

  return epoll_ctl (self->fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void
change (SmbWatchSet *self,
        int          fd,
        SmbWatch    *watch)
{
  struct epoll_event event = { .events = EPOLLIN | (watch->wants_output ? EPOLLOUT : 0), .data.ptr = watch };

  epoll_ctl (self->fd, EPOLL_CTL_MOD, fd, &event);
}

static void
drop (SmbWatchSet *self,
      int          fd)
{
  epoll_ctl (self->fd, EPOLL_CTL_DEL, fd, NULL);
}

/* What has failed is ready for both. */
static void
note (SmbWatchSet              *self,
      const struct epoll_event *event)
{
  self->events[self->n_events++] = (Event) {
    .watch = event->data.ptr,
    .input = (event->events & ~EPOLLOUT) != 0,
    .output = (event->events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0,
  };
}

static int
take_events (SmbWatchSet *self,
             int          timeout_msec)
{
  struct epoll_event events[MAX_EVENTS];
  int                n_events = epoll_wait (self->fd, events, MAX_EVENTS, timeout_msec);

  for (int i = 0; i < n_events; i++)
    note (self, &events[i]);
  return n_events;
}

#else

static int
create (void)
{
  return -1;
}

static gboolean
add (SmbWatchSet *self,
     int          fd,
     SmbWatch    *watch)
{
  return FALSE;
}

static void
change (SmbWatchSet *self,
        int          fd,
        SmbWatch    *watch)
{
}

static void
drop (SmbWatchSet *self,
      int          fd)
{
}

static int
take_events (SmbWatchSet *self,
             int          timeout_msec)
{
  return 0;
}

#endif

/* The set. */

static void
tell (Event *event)
{
  if (event->watch != NULL && event->input)
    {
      smb_channel_note_readable (event->watch->channel);
      event->watch->input (event->watch->data);
    }
  if (event->watch != NULL && event->output && event->watch->wants_output)
    event->watch->output (event->watch->data);
}

void
smb_watch_set_tell (SmbWatchSet *self)
{
  for (int i = 0; i < self->n_events; i++)
    tell (&self->events[i]);
  self->n_events = 0;
}

typedef struct
{
  GSource      source;
  SmbWatchSet *set;
} SetSource;

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  smb_watch_set_tell (((SetSource *) source)->set);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  SmbWatchSet *self = ((SetSource *) source)->set;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

static GSourceFuncs source_funcs = { .dispatch = dispatch, .finalize = finalize };

/* GLib would take a source that may not recurse out of what is polled while it is dispatched, and tell itself
 * so by a write and a read each time. Nothing on the worker runs a main loop. */
static void
attach_source (GSource      *source,
               GMainContext *context)
{
  g_source_set_can_recurse (source, TRUE);
  g_source_attach (source, context);
}

SmbWatchSet *
smb_watch_set_new (GMainContext *context)
{
  SmbWatchSet        *self = g_new0 (SmbWatchSet, 1);
  g_autoptr(GSource)  source = g_source_new (&source_funcs, sizeof (SetSource));

  self->context = context;
  self->fd = create ();
  self->alarm = -1;
  ((SetSource *) source)->set = self;
  if (self->fd >= 0)
    g_source_add_unix_fd (source, self->fd, G_IO_IN);
  g_source_set_static_name (source, "smb-glib sockets");
  attach_source (source, context);
  return self;
}

/* Of two descriptors one is the set's, and the other, which is always there, the context's own. */
static gboolean
find (SmbWatchSet  *self,
      GPollFD      *fds,
      guint         n_fds,
      GPollFD     **own,
      GPollFD     **alarm)
{
  if (n_fds != 2 || (fds[0].fd != self->fd && fds[1].fd != self->fd))
    return FALSE;

  *own = fds[0].fd == self->fd ? &fds[0] : &fds[1];
  *alarm = fds[0].fd == self->fd ? &fds[1] : &fds[0];
  if (self->alarm < 0 && add (self, (*alarm)->fd, NULL))
    self->alarm = (*alarm)->fd;
  return (*alarm)->fd == self->alarm;
}

/* One system call for all: the context's own descriptor is in the set. */
static int
wait_for_set (SmbWatchSet *self,
              GPollFD     *own,
              GPollFD     *alarm,
              int          timeout_msec)
{
  if (take_events (self, timeout_msec) < 0)
    return -1;
  for (int i = 0; i < self->n_events; i++)
    if (self->events[i].watch != NULL)
      own->revents = G_IO_IN;
    else
      alarm->revents = G_IO_IN;
  return (own->revents != 0) + (alarm->revents != 0);
}

static gboolean
is_ready (const GPollFD *fds,
          guint          n_fds,
          int            fd)
{
  for (guint i = 0; i < n_fds; i++)
    if (fds[i].fd == fd)
      return fds[i].revents != 0;
  return FALSE;
}

/* Others are there: somebody is being connected to, or asked for a name. */
int
smb_watch_set_wait (SmbWatchSet *self,
                    GPollFD     *fds,
                    guint        n_fds,
                    int          timeout_msec)
{
  GPollFD *own, *alarm;
  int      n_ready;

  self->n_events = 0;
  self->alone = find (self, fds, n_fds, &own, &alarm);
  if (self->alone)
    return wait_for_set (self, own, alarm, timeout_msec);

  n_ready = g_poll (fds, n_fds, timeout_msec);
  if (n_ready > 0 && is_ready (fds, n_fds, self->fd))
    take_events (self, 0);
  return n_ready;
}

gboolean
smb_watch_set_wait_alone (SmbWatchSet *self,
                          int          timeout_msec)
{
  self->n_events = 0;
  if (take_events (self, timeout_msec) <= 0)
    return FALSE;
  for (int i = 0; i < self->n_events; i++)
    if (self->events[i].watch == NULL)
      return FALSE;
  return TRUE;
}

int
smb_watch_set_get_fd (SmbWatchSet *self)
{
  return self->fd;
}

gboolean
smb_watch_set_is_alone (SmbWatchSet *self)
{
  return self->alone && !smb_watch_set_has_others (self);
}

gboolean
smb_watch_set_has_others (SmbWatchSet *self)
{
  return g_atomic_int_get (&self->n_others) > 0;
}

void
smb_watch_set_begin_other (SmbWatchSet *self)
{
  g_atomic_int_inc (&self->n_others);
}

void
smb_watch_set_end_other (SmbWatchSet *self)
{
  g_atomic_int_add (&self->n_others, -1);
}

/* Its members. */

static gboolean
input_ready (gpointer user_data)
{
  SmbWatch *self = user_data;

  self->input (self->data);
  return G_SOURCE_CONTINUE;
}

static gboolean
output_ready (gpointer user_data)
{
  SmbWatch *self = user_data;

  self->output (self->data);
  return G_SOURCE_CONTINUE;
}

static GSource *
attach (SmbWatch     *self,
        GIOCondition  condition,
        GSourceFunc   callback)
{
  GSource *source = smb_channel_create_source (self->channel, condition);

  smb_watch_set_begin_other (self->set);
  g_source_set_callback (source, callback, self, NULL);
  attach_source (source, self->set->context);
  return source;
}

static void
clear_source (SmbWatch  *self,
              GSource  **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
  smb_watch_set_end_other (self->set);
}

SmbWatch *
smb_watch_new (SmbWatchSet    *set,
               SmbChannel     *channel,
               SmbWatchFunc    input,
               SmbWatchFunc    output,
               gpointer        data,
               GDestroyNotify  free_data)
{
  SmbWatch *self = g_new0 (SmbWatch, 1);

  self->set = set;
  self->channel = channel;
  self->input = input;
  self->output = output;
  self->data = data;
  self->free_data = free_data;
  self->fd = smb_channel_get_fd (channel);
  if (self->fd >= 0 && !add (set, self->fd, self))
    self->fd = -1;
  if (self->fd < 0)
    self->input_source = attach (self, G_IO_IN, input_ready);
  return self;
}

void
smb_watch_set_output (SmbWatch *self,
                      gboolean  wanted)
{
  if (wanted == self->wants_output)
    return;

  self->wants_output = wanted;
  if (self->fd >= 0)
    change (self->set, self->fd, self);
  else if (wanted)
    self->output_source = attach (self, G_IO_OUT, output_ready);
  else
    clear_source (self, &self->output_source);
}

void
smb_watch_free (SmbWatch *self)
{
  for (int i = 0; i < self->set->n_events; i++)
    if (self->set->events[i].watch == self)
      self->set->events[i].watch = NULL;
  if (self->fd >= 0)
    drop (self->set, self->fd);
  clear_source (self, &self->input_source);
  clear_source (self, &self->output_source);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self);
}
