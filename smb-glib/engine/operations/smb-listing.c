/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-listing-private.h"

#include "engine/operations/smb-operation.h"
#include "wire/smb-fscc.h"

/* Folders are opened and the first entries asked for in one chain. Its second QUERY_DIRECTORY is small: for
 * most folders it brings the end, in the same round trip. */

typedef struct
{
  SmbListingReader  reader; /* first; its listing is there once the folder is open */
  SmbPath           path;
  char             *pattern;
  SmbFileInfoClass  level;

  guint             max;
  SmbListingFunc    func;
  gpointer          data;
  GPtrArray        *objects;
  gboolean          taking;    /* on the caller's side; the worker's, as what follows */
  gboolean          succeeded;
} ListingCall;

static void
listing_call_free (gpointer data)
{
  ListingCall *self = data;

  g_clear_pointer (&self->reader.listing, smb_listing_unref);
  smb_path_clear (&self->path);
  g_free (self->pattern);
  g_clear_pointer (&self->objects, g_ptr_array_unref);
  g_free (self);
}

static void
listing_call_cleanup (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);

  if (self->reader.listing != NULL)
    smb_listing_wait_no_more (self->reader.listing, call);
}

GPtrArray *
smb_listing_call_take_objects (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);

  return g_steal_pointer (&self->objects);
}

/* On the caller's side. */
static void
take_objects (ListingCall *self)
{
  smb_listing_take (self->reader.listing, self->max, self->func, self->data, self->objects);
}

/* Opening. */

/* The cheapest level that has the fields ([MS-FSCC] 2.4). */
static SmbFileInfoClass
choose_level (SmbFileInfoFields fields)
{
  if (fields & SMB_FILE_INFO_FIELDS_SHORT_NAME)
    return SMB_FSCC_FILE_ID_BOTH_DIRECTORY;
  if (fields & (SMB_FILE_INFO_FIELDS_FILE_ID | SMB_FILE_INFO_FIELDS_REPARSE_TAG))
    return SMB_FSCC_FILE_ID_FULL_DIRECTORY;
  return SMB_FSCC_FILE_DIRECTORY;
}

static void
set_pattern (ListingCall *self,
             SmbCall     *call,
             const char  *pattern)
{
  g_auto(SmbPath)   parsed = { NULL, 0 };
  g_autoptr(GError) error = NULL;

  if (pattern == NULL || pattern[0] == '\0')
    {
      self->pattern = g_strdup ("*"); /* some servers refuse an empty one */
      return;
    }
  if (!smb_path_parse (pattern, SMB_PATH_PATTERN, &parsed, &error))
    smb_call_set_error (call,
                        g_error_new (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "Cannot %s: of the pattern, %s",
                                     smb_call_get_context (call), error->message));
  else if (parsed.snapshot != 0 || parsed.path[0] == '\0' || strchr (parsed.path, '\\') != NULL)
    smb_call_set_error (call, g_error_new (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                                           "Cannot %s: the pattern is not that of a name",
                                           smb_call_get_context (call)));
  else
    self->pattern = g_steal_pointer (&parsed.path);
}

static SmbCall *
opening_call_new (ListingCall       *self,
                  SmbConnection     *connection,
                  const char        *share,
                  const char        *path,
                  const char        *pattern,
                  SmbFileInfoFields  fields,
                  int                timeout_msec,
                  GCancellable      *cancellable)
{
  SmbCall *call = smb_path_call_new (connection, "list the folder", share, path, SMB_PATH_PLAIN, &self->path,
                                     timeout_msec, cancellable);

  set_pattern (self, call, pattern);
  self->level = choose_level (fields);
  return call;
}

/* FALSE: the folder cannot be opened, and the call has failed. */
static gboolean
take_opened (ListingCall *self,
             SmbPlan     *plan)
{
  SmbCall *call = smb_plan_get_call (plan);
  GError  *error = NULL;

  smb_call_touch (call);
  if (!smb_plan_check (plan, 0, &error))
    {
      smb_call_return_error (call, error);
      return FALSE;
    }

  self->reader.listing = smb_listing_new (plan, &self->path, self->pattern, self->level);
  smb_listing_absorb (self->reader.listing, plan, 1, TRUE);
  if (!self->reader.listing->at_end)
    smb_listing_absorb (self->reader.listing, plan, 2, FALSE);
  smb_listing_fetch (self->reader.listing);
  return TRUE;
}

static void
add_query (ListingCall *self,
           SmbPlan     *plan,
           guint32      max_output,
           gboolean     restart)
{
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_QUERY_DIRECTORY);

  smb_listing_fill_query (request, self->path.path, self->pattern, self->level, max_output);
  request->query_directory.restart = restart;
}

static void
submit_opening (SmbCall     *call,
                SmbPlanDone  done)
{
  ListingCall *self = smb_call_get_data (call);
  SmbPlan     *plan = smb_operation_plan_new (call, done, self);
  guint32      both = smb_connection_get_transact_chunk (smb_call_get_connection (call));
  guint32      second = MAX (both / 16, 4096);

  smb_operation_add_open (plan, &self->path, SMB_FSCC_ACCESS_LIST_DIRECTORY | SMB_FSCC_ACCESS_READ_ATTRIBUTES,
                          SMB_OPTION_DIRECTORY_FILE);
  add_query (self, plan, both - second, TRUE);
  add_query (self, plan, second, FALSE);
  smb_plan_submit (plan);
}

static void
opened (SmbPlan  *plan,
        gpointer  data)
{
  ListingCall *self = data;
  SmbCall     *call = smb_plan_get_call (plan);

  if (!take_opened (self, plan) || smb_listing_check_failure (self->reader.listing, call))
    return;
  smb_call_return (call, smb_listing_ref (self->reader.listing), (GDestroyNotify) smb_listing_unref);
}

static void
open_start (SmbCall *call)
{
  submit_opening (call, opened);
}

SmbCall *
smb_listing_open_call_new (SmbConnection     *connection,
                           const char        *share,
                           const char        *path,
                           const char        *pattern,
                           SmbFileInfoFields  fields,
                           int                timeout_msec,
                           GCancellable      *cancellable)
{
  ListingCall *self = g_new0 (ListingCall, 1);
  SmbCall     *call = opening_call_new (self, connection, share, path, pattern, fields, timeout_msec,
                                        cancellable);

  smb_call_set_operation (call, open_start, NULL, self, listing_call_free);
  return call;
}

/* A part of what there is. */

static void next_converted (SmbCall *call);

static void
next_convert (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);

  take_objects (self);
  smb_call_run_on_worker (call, next_converted);
}

static void
next_ready (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);
  SmbListing  *listing = self->reader.listing;

  if (smb_open_is_closing (listing->open))
    smb_call_return_error (call, g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "Cannot %s: it is closed",
                                              smb_call_get_context (call)));
  else if (smb_listing_has_entries (listing))
    {
      self->taking = TRUE;
      listing->takers++;
      smb_call_pause_timeout (call, TRUE);
      smb_call_run_on_caller (call, next_convert);
    }
  else if (listing->takers > 0) /* they may bring some back */
    smb_listing_wait (listing, call);
  else if (smb_listing_check_failure (listing, call))
    ;
  else if (!listing->at_end)
    smb_listing_wait (listing, call);
  else
    smb_call_return (call, NULL, NULL);
}

static void
next_converted (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);

  smb_call_pause_timeout (call, FALSE);
  self->taking = FALSE;
  self->succeeded = self->objects->len > 0;
  if (self->succeeded)
    smb_call_return (call, NULL, NULL);
  smb_listing_taken (self->reader.listing);
  if (!self->succeeded)
    next_ready (call);
}

static void
next_give_back (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);

  smb_listing_give_back (self->reader.listing, self->objects);
}

/* A call that is cancelled while its entries are made on the caller's side, or are about to be, gets none of
 * them. */
static void
next_cleanup (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);

  listing_call_cleanup (call);
  if (self->taking)
    smb_call_run_on_caller (call, next_give_back);
}

SmbCall *
smb_listing_next_call_new (SmbListing     *listing,
                           guint           max,
                           SmbListingFunc  func,
                           gpointer        data,
                           int             timeout_msec,
                           GCancellable   *cancellable)
{
  ListingCall *self = g_new0 (ListingCall, 1);
  SmbCall     *call = smb_open_begin_call (listing->open, "list the folder", timeout_msec, cancellable);

  self->reader.listing = smb_listing_ref (listing);
  self->reader.ready = next_ready;
  self->max = max;
  self->func = func;
  self->data = data;
  self->objects = g_ptr_array_new_with_free_func (g_object_unref);
  smb_call_set_operation (call, next_ready, next_cleanup, self, listing_call_free);
  return call;
}

/* All of it. */

static void all_converted (SmbCall *call);

static void
all_convert (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);

  take_objects (self);
  smb_call_run_on_worker (call, all_converted);
}

/* The caller's side. The worker may have ended the call well before the last page was found to be bad. */
static void
all_hand_over (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);
  GError      *damage = self->reader.listing == NULL ? NULL : smb_listing_dup_damage (self->reader.listing);

  if (damage != NULL)
    smb_call_set_error (call, damage);
}

static void
all_ready (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);
  SmbListing  *listing = self->reader.listing;

  if (smb_listing_check_failure (listing, call))
    return;
  if (smb_listing_has_entries (listing))
    {
      smb_call_pause_timeout (call, TRUE);
      smb_call_run_on_caller (call, all_convert);
    }
  else if (!listing->at_end)
    smb_listing_wait (listing, call);

  if (listing->at_end)
    smb_call_return (call, NULL, NULL); /* what is converted just now comes before the result */
}

static void
all_converted (SmbCall *call)
{
  smb_call_pause_timeout (call, FALSE);
  all_ready (call);
}

static void
all_opened (SmbPlan  *plan,
            gpointer  data)
{
  if (take_opened (data, plan))
    all_ready (smb_plan_get_call (plan));
}

static void
all_start (SmbCall *call)
{
  submit_opening (call, all_opened);
}

static void
all_cleanup (SmbCall *call)
{
  ListingCall *self = smb_call_get_data (call);

  listing_call_cleanup (call);
  if (self->reader.listing != NULL)
    smb_open_close_silently (self->reader.listing->open);
  smb_call_run_on_caller (call, all_hand_over);
}

SmbCall *
smb_listing_all_call_new (SmbConnection     *connection,
                          const char        *share,
                          const char        *path,
                          const char        *pattern,
                          SmbFileInfoFields  fields,
                          SmbListingFunc     func,
                          gpointer           data,
                          int                timeout_msec,
                          GCancellable      *cancellable)
{
  ListingCall *self = g_new0 (ListingCall, 1);
  SmbCall     *call = opening_call_new (self, connection, share, path, pattern, fields, timeout_msec,
                                        cancellable);

  self->reader.ready = all_ready;
  self->max = G_MAXUINT;
  self->func = func;
  self->data = data;
  self->objects = g_ptr_array_new_with_free_func (g_object_unref);
  smb_call_set_operation (call, all_start, all_cleanup, self, listing_call_free);
  return call;
}
