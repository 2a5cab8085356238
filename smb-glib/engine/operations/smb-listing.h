/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/operations/smb-open.h"
#include "smb-enums.h"

/**
 * SmbListing:
 *
 * The entries of a folder, page by page ([MS-SMB2] 3.2.4.17). A few pages are there at any time, read by the
 * application or asked for ahead of it, however long the folder is. The worker only moves the pages; they
 * become entries on the caller's side.
 */
typedef struct _SmbListing SmbListing;

/* Makes an object of an entry, whose names are given away; NULL leaves it out. @short_name is NULL if there
 * is none. Runs on the caller's side. */
typedef gpointer (*SmbListingFunc) (const SmbDirectoryEntry *entry,
                                    char                    *name,
                                    char                    *short_name,
                                    gpointer                 data);

/* Opens a folder. @pattern: NULL or "" is all. The result is an SmbListing; the first page is there. */
SmbCall    *smb_listing_open_call_new (SmbConnection     *connection,
                                       const char        *share,
                                       const char        *path,
                                       const char        *pattern,
                                       SmbFileInfoFields  fields,
                                       int                timeout_msec,
                                       GCancellable      *cancellable);
/* Waits until there are entries and makes objects of at most @max of them; of none at the end. What a call
 * that fails has taken is there for the next one. */
SmbCall    *smb_listing_next_call_new (SmbListing        *self,
                                       guint              max,
                                       SmbListingFunc     func,
                                       gpointer           data,
                                       int                timeout_msec,
                                       GCancellable      *cancellable);
/* Opens a folder and makes objects of all of its entries. */
SmbCall    *smb_listing_all_call_new  (SmbConnection     *connection,
                                       const char        *share,
                                       const char        *path,
                                       const char        *pattern,
                                       SmbFileInfoFields  fields,
                                       SmbListingFunc     func,
                                       gpointer           data,
                                       int                timeout_msec,
                                       GCancellable      *cancellable);
/* The objects of one of the two calls above, now the caller's alone: bindings free the arrays that they are
 * given, whoever else has a reference. */
GPtrArray  *smb_listing_call_take_objects (SmbCall       *call);

SmbListing *smb_listing_ref           (SmbListing        *self);
void        smb_listing_unref         (SmbListing        *self);
SmbOpen    *smb_listing_get_open      (SmbListing        *self);
/* Entries left out since their names cannot be used. From any thread. */
guint       smb_listing_get_skipped   (SmbListing        *self);
/* Whether entries may be taken: it is not being closed, nor a parent process's. */
gboolean    smb_listing_is_usable     (SmbListing        *self);
/* Adds objects of at most @max entries of what is at hand to @objects, without waiting, on the caller's side.
 * A page that cannot be read is the listing's failure, which the next call reports. */
void        smb_listing_take          (SmbListing        *self,
                                       guint              max,
                                       SmbListingFunc     func,
                                       gpointer           data,
                                       GPtrArray         *objects);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbListing, smb_listing_unref)
