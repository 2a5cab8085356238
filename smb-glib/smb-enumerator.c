/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-enumerator-private.h"

#include "smb-error-private.h"
#include "smb-shared-file-entry.h"

/**
 * SmbEnumerator:
 *
 * The entries of a folder, in parts, from [method@ProtocolFactory.enumerate]. However long the folder is,
 * only a few pages of it are in memory.
 *
 * Safe in any thread. It uses its connection and outlives the factory; after
 * [method@ProtocolFactory.close_connection], and what was received before, its calls fail with
 * %SMB_ERROR_NOT_CONNECTED. With the last reference the server's handle is closed, without waiting.
 */
struct _SmbEnumerator
{
  GObject parent_instance;

  SmbListing *listing;
};

G_DEFINE_FINAL_TYPE (SmbEnumerator, smb_enumerator, G_TYPE_OBJECT)

static void
smb_enumerator_finalize (GObject *object)
{
  SmbEnumerator *self = SMB_ENUMERATOR (object);

  if (self->listing != NULL)
    smb_open_close_later (smb_listing_get_open (self->listing));
  g_clear_pointer (&self->listing, smb_listing_unref);

  G_OBJECT_CLASS (smb_enumerator_parent_class)->finalize (object);
}

static void
smb_enumerator_class_init (SmbEnumeratorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = smb_enumerator_finalize;
}

static void
smb_enumerator_init (SmbEnumerator *self)
{
}

SmbEnumerator *
smb_enumerator_new (SmbListing *listing)
{
  SmbEnumerator *self = g_object_new (SMB_TYPE_ENUMERATOR, NULL);

  self->listing = listing;
  return self;
}

/**
 * smb_enumerator_get_skipped:
 * @self: the enumerator
 *
 * How many entries were left out so far since neither their names nor their 8.3 names can be written in
 * UTF-8, or since they hold a separator of paths.
 *
 * Returns: how many
 */
guint
smb_enumerator_get_skipped (SmbEnumerator *self)
{
  g_return_val_if_fail (SMB_IS_ENUMERATOR (self), 0);

  return smb_listing_get_skipped (self->listing);
}

static gpointer
make_file (const SmbDirectoryEntry *entry,
           char                    *name,
           char                    *short_name,
           gpointer                 data)
{
  return smb_shared_file_new_from_entry (entry, name, short_name);
}

static SmbCall *
next_call (SmbEnumerator *self,
           guint          max,
           int            timeout_msec,
           GCancellable  *cancellable)
{
  return smb_listing_next_call_new (self->listing, max, make_file, NULL, timeout_msec, cancellable);
}

/* Entries that are here already; NULL if the worker must be asked, for these or for the error. */
static GPtrArray *
take_at_hand (SmbEnumerator *self,
              guint          max,
              int            timeout_msec,
              GCancellable  *cancellable)
{
  g_autoptr(GPtrArray) entries = NULL;

  if (!smb_error_check_timeout (timeout_msec, NULL) || g_cancellable_is_cancelled (cancellable) ||
      !smb_listing_is_usable (self->listing))
    return NULL;

  entries = g_ptr_array_new_with_free_func (g_object_unref);
  smb_listing_take (self->listing, max, make_file, NULL, entries);
  return entries->len > 0 ? g_steal_pointer (&entries) : NULL;
}

static SmbCall *
close_call (SmbEnumerator *self,
            int            timeout_msec,
            GCancellable  *cancellable)
{
  return smb_open_close_call_new (smb_listing_get_open (self->listing), "close the folder", timeout_msec,
                                  cancellable);
}

/**
 * smb_enumerator_next:
 * @self: the enumerator
 * @max: how many entries to return at most; more than 0
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Returns entries that follow those returned before, and no entries at the end. Fewer than @max do not
 * mean the end: what is there is not held back for what is not. The next entries are asked for meanwhile.
 *
 * A failure of the server comes after all entries that it sent before. Calls at the same time from
 * several threads share the entries between them. A call that is cancelled loses none: they are left for the
 * next one.
 *
 * Fails with %G_IO_ERROR_CLOSED once the enumerator was closed.
 *
 * Returns: (transfer container) (element-type SmbSharedFile): the next entries
 */
GPtrArray *
smb_enumerator_next (SmbEnumerator  *self,
                     guint           max,
                     int             timeout_msec,
                     GCancellable   *cancellable,
                     GError        **error)
{
  g_autoptr(SmbCall)  call = NULL;
  GPtrArray          *entries;

  g_return_val_if_fail (SMB_IS_ENUMERATOR (self), NULL);
  g_return_val_if_fail (max > 0, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  entries = take_at_hand (self, max, timeout_msec, cancellable);
  if (entries != NULL)
    return entries;

  call = next_call (self, max, timeout_msec, cancellable);
  return smb_call_run (call, error) ? smb_listing_call_take_objects (call) : NULL;
}

/**
 * smb_enumerator_next_async:
 * @self: the enumerator
 * @max: how many entries to return at most; more than 0
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@Enumerator.next].
 */
void
smb_enumerator_next_async (SmbEnumerator       *self,
                           guint                max,
                           int                  timeout_msec,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_ENUMERATOR (self));
  g_return_if_fail (max > 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = next_call (self, max, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_enumerator_next_async, callback, user_data);
}

/**
 * smb_enumerator_next_finish:
 * @self: the enumerator
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@Enumerator.next_async].
 *
 * Returns: (transfer container) (element-type SmbSharedFile): the next entries
 */
GPtrArray *
smb_enumerator_next_finish (SmbEnumerator  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_ENUMERATOR (self), NULL);

  call = smb_call_finish (self, result, smb_enumerator_next_async, error);
  return call != NULL ? smb_listing_call_take_objects (call) : NULL;
}

/**
 * smb_enumerator_close:
 * @self: the enumerator
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @error: where to put an error, or %NULL
 *
 * Closes the folder, whether its end was reached or not. To close what is closed already is no error.
 *
 * When it fails, times out or is cancelled, the enumerator is of no use any more all the same, and the
 * server is told as soon as it can be.
 *
 * Returns: whether the server has closed it
 */
gboolean
smb_enumerator_close (SmbEnumerator  *self,
                      int             timeout_msec,
                      GCancellable   *cancellable,
                      GError        **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_ENUMERATOR (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  call = close_call (self, timeout_msec, cancellable);
  return smb_call_run (call, error);
}

/**
 * smb_enumerator_close_async:
 * @self: the enumerator
 * @timeout_msec: milliseconds, -1 for the default, %G_MAXINT for any time
 * @cancellable: (nullable): a cancellable, or %NULL
 * @callback: (nullable) (scope async): what to call when it has ended
 * @user_data: what to pass to @callback
 *
 * The asynchronous form of [method@Enumerator.close].
 */
void
smb_enumerator_close_async (SmbEnumerator       *self,
                            int                  timeout_msec,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_if_fail (SMB_IS_ENUMERATOR (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  call = close_call (self, timeout_msec, cancellable);
  smb_call_run_async (call, self, smb_enumerator_close_async, callback, user_data);
}

/**
 * smb_enumerator_close_finish:
 * @self: the enumerator
 * @result: what the callback was given
 * @error: where to put an error, or %NULL
 *
 * Ends [method@Enumerator.close_async].
 *
 * Returns: whether the server has closed it
 */
gboolean
smb_enumerator_close_finish (SmbEnumerator  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_autoptr(SmbCall) call = NULL;

  g_return_val_if_fail (SMB_IS_ENUMERATOR (self), FALSE);

  call = smb_call_finish (self, result, smb_enumerator_close_async, error);
  return call != NULL;
}
