/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/connection/smb-connection.h"
#include "engine/operations/smb-listing.h"
#include "engine/smb-path.h"

/* Pages that wait for their reader. */
#define SMB_LISTING_PAGES 2

struct _SmbListing
{
  gatomicrefcount   ref_count;
  SmbOpen          *open;
  char             *pattern;
  char             *path;
  SmbFileInfoClass  level;

  gint              skipped; /* atomic: entries left out */

  GMutex            lock;
  GQueue            pages;    /* of SmbListingPage; under the lock */
  GQueue            returned; /* objects that come before these; under the lock */
  GError           *damage;   /* of a page, which ended the listing; under the lock */

  /* The worker's. */
  gboolean          fetching;
  guint             takers;   /* calls whose entries may come back */
  gboolean          at_end;
  guint32           failure;  /* NTSTATUS of a page, 0 = none */
  GError           *lost;     /* the connection's end, if that came first */
  gboolean          repeats;  /* the server sends the same again and again */
  GBytes           *previous; /* the page before, to notice that */
  GPtrArray        *waiters;  /* of SmbCall, unowned */
};

typedef struct
{
  GBytes           *bytes;
  SmbDirectoryIter  iter; /* borrows from the bytes */
} SmbListingPage;

/* What the data of a call that reads a listing begins with. @ready runs on the worker. */
typedef struct
{
  SmbListing  *listing;
  SmbCallFunc  ready; /* there is something new: a page, the end, a failure */
} SmbListingReader;

/* smb-listing-pages.c */

SmbListing *smb_listing_new        (SmbPlan          *plan,
                                    const SmbPath    *path,
                                    const char       *pattern,
                                    SmbFileInfoClass  level);
void        smb_listing_fill_query (SmbRequest       *request,
                                    const char       *path,
                                    const char       *pattern,
                                    SmbFileInfoClass  level,
                                    guint32           max_output);
/* On the worker: the answer to a QUERY_DIRECTORY. */
void        smb_listing_absorb     (SmbListing       *self,
                                    SmbPlan          *plan,
                                    guint             step,
                                    gboolean          first);
/* Asks for the next page if there is room for it. */
void        smb_listing_fetch      (SmbListing       *self);
gboolean    smb_listing_has_entries (SmbListing      *self);
/* From any thread: what was taken and nobody got. */
void        smb_listing_give_back  (SmbListing       *self,
                                    GPtrArray        *objects);
/* On the worker: a call has taken entries for good, or has brought them back. */
void        smb_listing_taken      (SmbListing       *self);
void        smb_listing_wait       (SmbListing       *self,
                                    SmbCall          *call);
void        smb_listing_wait_no_more (SmbListing     *self,
                                      SmbCall        *call);
/* From any thread: the failure of a page that could not be read, or NULL. */
GError     *smb_listing_dup_damage (SmbListing       *self);
/* Nothing more will come, for one reason or the other: TRUE if that is a failure, with which the call was
   ended. */
gboolean    smb_listing_check_failure (SmbListing    *self,
                                       SmbCall       *call);
