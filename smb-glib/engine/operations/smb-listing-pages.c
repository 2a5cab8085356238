/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-listing-private.h"

#include "engine/worker/smb-worker.h"
#include "wire/smb-ntstatus.h"

/* The pages of a listing: from the server on the worker, to their reader on the caller's side. */

static void
page_free (gpointer data)
{
  SmbListingPage *page = data;

  g_bytes_unref (page->bytes);
  g_free (page);
}

SmbListing *
smb_listing_new (SmbPlan          *plan,
                 const SmbPath    *path,
                 const char       *pattern,
                 SmbFileInfoClass  level)
{
  SmbListing *self = g_new0 (SmbListing, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->open = smb_open_new (plan, path->path);
  self->path = g_strdup (path->path);
  self->pattern = g_strdup (pattern);
  self->level = level;
  self->waiters = g_ptr_array_new ();
  g_queue_init (&self->pages);
  g_queue_init (&self->returned);
  g_mutex_init (&self->lock);
  return self;
}

SmbListing *
smb_listing_ref (SmbListing *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
smb_listing_unref (SmbListing *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  smb_open_unref (self->open);
  g_queue_clear_full (&self->pages, page_free);
  g_queue_clear_full (&self->returned, g_object_unref);
  g_clear_pointer (&self->previous, g_bytes_unref);
  g_clear_error (&self->damage);
  g_clear_error (&self->lost);
  g_ptr_array_unref (self->waiters);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self->pattern);
  g_free (self);
}

SmbOpen *
smb_listing_get_open (SmbListing *self)
{
  return self->open;
}

guint
smb_listing_get_skipped (SmbListing *self)
{
  return g_atomic_int_get (&self->skipped);
}

/* From the server. */

static guint
count_pages (SmbListing *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->pages.length;
  g_mutex_unlock (&self->lock);
  return n;
}

gboolean
smb_listing_has_entries (SmbListing *self)
{
  gboolean has_entries;

  g_mutex_lock (&self->lock);
  has_entries = self->pages.length + self->returned.length > 0;
  g_mutex_unlock (&self->lock);
  return has_entries;
}

void
smb_listing_fill_query (SmbRequest       *request,
                        const char       *path,
                        const char       *pattern,
                        SmbFileInfoClass  level,
                        guint32           max_output)
{
  request->query_directory.info_class = level;
  request->query_directory.pattern = g_strdup (pattern);
  request->query_directory.path = g_strdup (path);
  request->query_directory.max_output = max_output;
}

/* Nothing more comes: the handle is of no use. */
static void
end (SmbListing *self)
{
  self->at_end = TRUE;
  g_clear_pointer (&self->previous, g_bytes_unref);
  smb_open_close_silently (self->open);
}

static void
add_page (SmbListing *self,
          GBytes     *bytes)
{
  SmbListingPage *page = g_new0 (SmbListingPage, 1);
  gsize           size;
  const guint8   *data = g_bytes_get_data (bytes, &size);

  page->bytes = bytes;
  smb_directory_iter_init (&page->iter, self->level, data, size);
  g_clear_pointer (&self->previous, g_bytes_unref);
  self->previous = g_bytes_ref (bytes);

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->pages, page);
  g_mutex_unlock (&self->lock);
}

void
smb_listing_absorb (SmbListing *self,
                    SmbPlan    *plan,
                    guint       step,
                    gboolean    first)
{
  guint32           status = smb_plan_get_status (plan, step);
  g_autoptr(GBytes) bytes = NULL;

  if (smb_plan_get_end (plan) != NULL)
    {
      self->lost = g_error_copy (smb_plan_get_end (plan));
      end (self);
      return;
    }
  if (status == SMB_STATUS_NO_MORE_FILES || (first && status == SMB_STATUS_NO_SUCH_FILE))
    {
      end (self);
      return;
    }
  if (smb_nt_status_is_error (status))
    {
      self->failure = status;
      end (self);
      return;
    }

  bytes = smb_plan_dup_output (plan, step);
  if (g_bytes_get_size (bytes) == 0)
    end (self);
  else if (self->previous != NULL && g_bytes_equal (bytes, self->previous))
    {
      self->repeats = TRUE;
      end (self);
    }
  else
    add_page (self, g_steal_pointer (&bytes));
}

static void
wake_waiters (SmbListing *self)
{
  g_autoptr(GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new ();
  for (guint i = 0; i < waiters->len; i++)
    {
      SmbCall          *call = g_ptr_array_index (waiters, i);
      SmbListingReader *reader = smb_call_get_data (call);

      smb_call_touch (call);
      reader->ready (call);
    }
}

void
smb_listing_taken (SmbListing *self)
{
  self->takers--;
  if (self->takers == 0)
    wake_waiters (self);
}

static void
fetched (SmbPlan  *plan,
         gpointer  data)
{
  g_autoptr(SmbListing) self = data;

  self->fetching = FALSE;
  smb_listing_absorb (self, plan, 0, FALSE);
  smb_open_leave (self->open);
  smb_listing_fetch (self);
  wake_waiters (self);
}

static gboolean
is_damaged (SmbListing *self)
{
  g_autoptr(GError) damage = smb_listing_dup_damage (self);

  return damage != NULL;
}

void
smb_listing_fetch (SmbListing *self)
{
  SmbConnection *connection = smb_open_get_connection (self->open);
  SmbPlan       *plan;

  if (self->fetching || self->at_end || is_damaged (self) || count_pages (self) >= SMB_LISTING_PAGES
      || !smb_open_enter (self->open))
    return;

  self->fetching = TRUE;
  plan = smb_plan_new_for_connection (connection, fetched, smb_listing_ref (self));
  smb_listing_fill_query (smb_open_add (self->open, plan, SMB_COMMAND_QUERY_DIRECTORY), self->path,
                          self->pattern, self->level, smb_connection_get_transact_chunk (connection));
  smb_plan_submit (plan);
}

void
smb_listing_wait (SmbListing *self,
                  SmbCall    *call)
{
  g_ptr_array_add (self->waiters, call);
  smb_listing_fetch (self);
}

void
smb_listing_wait_no_more (SmbListing *self,
                          SmbCall    *call)
{
  g_ptr_array_remove (self->waiters, call);
}

gboolean
smb_listing_check_failure (SmbListing *self,
                           SmbCall    *call)
{
  GError *damage = smb_listing_dup_damage (self);

  if (damage != NULL)
    smb_call_return_error (call, damage);
  else if (self->repeats)
    smb_call_return_error (call, g_error_new (SMB_ERROR, SMB_ERROR_PROTOCOL,
                                              "Cannot %s: the server sends the same entries again and again",
                                              smb_call_get_context (call)));
  else if (self->lost != NULL)
    smb_plan_return_end (self->lost, call);
  else if (self->failure != 0)
    smb_call_return_status (call, self->failure);
  else
    return FALSE;
  return TRUE;
}

/* To the reader. */

/* A name that no path can hold is not given to anybody; the short one may do in its place. */
static gpointer
make_object (SmbListing              *self,
             const SmbDirectoryEntry *entry,
             SmbListingFunc           func,
             gpointer                 data)
{
  char *short_name = smb_directory_entry_dup_short_name (entry);
  char *name = smb_directory_entry_dup_name (entry);

  if (name == NULL)
    name = g_strdup (short_name);
  if (name == NULL)
    {
      if (g_atomic_int_add (&self->skipped, 1) == 0)
        g_message (
            "The folder '%s' on share '%s' has entries with names that cannot be used; they are left out",
            smb_open_get_path (self->open), smb_open_get_share (self->open));
      return NULL;
    }
  return func (entry, name, short_name, data);
}

static SmbListingPage *
pop_page (SmbListing *self)
{
  SmbListingPage *page;

  g_mutex_lock (&self->lock);
  page = g_queue_pop_head (&self->pages);
  g_mutex_unlock (&self->lock);
  return page;
}

static void
push_back (SmbListing     *self,
           SmbListingPage *page)
{
  g_mutex_lock (&self->lock);
  g_queue_push_head (&self->pages, page);
  g_mutex_unlock (&self->lock);
}

GError *
smb_listing_dup_damage (SmbListing *self)
{
  GError *damage;

  g_mutex_lock (&self->lock);
  damage = self->damage == NULL ? NULL : g_error_copy (self->damage);
  g_mutex_unlock (&self->lock);
  return damage;
}

/* What follows a page that cannot be read is not to be trusted either. */
static void
note_damage (SmbListing *self,
             GError     *error)
{
  g_prefix_error (&error, "Cannot list the folder '%s' on share '%s': ", smb_open_get_path (self->open),
                  smb_open_get_share (self->open));
  g_mutex_lock (&self->lock);
  g_queue_clear_full (&self->pages, page_free);
  g_clear_error (&self->damage);
  self->damage = error;
  g_mutex_unlock (&self->lock);
}

/* Whether the page is of no use any more. */
static gboolean
take_from_page (SmbListing     *self,
                SmbListingPage *page,
                guint           max,
                SmbListingFunc  func,
                gpointer        data,
                GPtrArray      *objects)
{
  SmbDirectoryEntry entry;
  GError           *error = NULL;

  while (objects->len < max)
    {
      gpointer object;

      if (!smb_directory_iter_next (&page->iter, &entry, &error))
        {
          if (error != NULL)
            note_damage (self, error);
          return TRUE;
        }
      object = make_object (self, &entry, func, data);
      if (object != NULL)
        g_ptr_array_add (objects, object);
    }
  return FALSE;
}

static void
take_returned (SmbListing *self,
               guint       max,
               GPtrArray  *objects)
{
  g_mutex_lock (&self->lock);
  while (objects->len < max && !g_queue_is_empty (&self->returned))
    g_ptr_array_add (objects, g_queue_pop_head (&self->returned));
  g_mutex_unlock (&self->lock);
}

static void
taken_on_worker (gpointer data)
{
  g_autoptr(SmbListing) self = data;

  smb_listing_taken (self);
}

void
smb_listing_give_back (SmbListing *self,
                       GPtrArray  *objects)
{
  g_mutex_lock (&self->lock);
  while (objects->len > 0)
    g_queue_push_head (&self->returned, g_ptr_array_steal_index (objects, objects->len - 1));
  g_mutex_unlock (&self->lock);
  smb_worker_post (taken_on_worker, smb_listing_ref (self));
}

static void
fetch_on_worker (gpointer data)
{
  g_autoptr(SmbListing) self = data;

  smb_listing_fetch (self);
}

void
smb_listing_take (SmbListing     *self,
                  guint           max,
                  SmbListingFunc  func,
                  gpointer        data,
                  GPtrArray      *objects)
{
  SmbListingPage *page;
  gboolean        room = FALSE;

  take_returned (self, max, objects);
  while (objects->len < max && (page = pop_page (self)) != NULL)
    if (take_from_page (self, page, max, func, data, objects))
      {
        page_free (page);
        room = TRUE;
      }
    else
      push_back (self, page);
  if (room)
    smb_worker_post (fetch_on_worker, smb_listing_ref (self));
}

gboolean
smb_listing_is_usable (SmbListing *self)
{
  return !smb_open_is_closing (self->open) &&
         smb_connection_is_of_this_process (smb_open_get_connection (self->open));
}
