/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/operations/smb-operation.h"
#include "engine/operations/smb-removal.h"
#include "wire/smb-directory.h"

/* An operation on all that matches a pattern, on the worker. What is to be done lies on a stack, so that a
 * tree is gone through depth first and what waits is no more than a page of each folder on the way down. */

typedef struct _SmbRemoval SmbRemoval;
typedef struct _SmbRemovalFolder SmbRemovalFolder;

typedef enum
{
  SMB_REMOVAL_FILE,   /* remove what is no folder */
  SMB_REMOVAL_SET,    /* set attributes */
  SMB_REMOVAL_LINK,   /* remove a folder that is a link, as it is */
  SMB_REMOVAL_TRY,    /* remove a folder if it is empty, or a link after all */
  SMB_REMOVAL_ENTER,  /* open it, and read its first page */
  SMB_REMOVAL_PAGE,   /* read its next page */
  SMB_REMOVAL_LEAVE,  /* close it */
  SMB_REMOVAL_REMOVE, /* remove it, now that it is empty */
} SmbRemovalKind;

/* One plan's worth of work. */
typedef struct
{
  SmbRemovalKind    kind;
  SmbRemovalFolder *folder; /* in which the entry lies; from TRY on the folder itself */
  char             *path;   /* of the entry */
} SmbRemovalTask;

struct _SmbRemovalFolder
{
  SmbRemovalFolder *parent; /* NULL: the one in which the pattern looks */
  char             *path;
  const char       *pattern; /* NULL: there is but one entry, which must exist */
  guint             pending; /* tasks of its entries, and its own */
  gboolean          listed;  /* no more pages */
  GBytes           *page;    /* the last one; NULL at first and at the end */
  gboolean          gone;    /* it need not be removed any more, or cannot be */
  gboolean          failed;  /* something in it is still there */
  guint             removed; /* entries, since it was entered */
  guint             depth;   /* below the one in which the pattern looks */
  guint             rounds;  /* through its entries */
  guint64           listed_id; /* its number: what its parent's listing says, 0 = not told */
  guint64           id;        /* what its opening said */
  guint64           identity;  /* see smb-removal-suspects.c; 0 = not known */
  gboolean          suspect;   /* it may be a link to another folder: not entered */

  gboolean          open;
  guint32           tree_id;
  SmbFileHandle     handle;
};

struct _SmbRemoval
{
  SmbCall    *call; /* unowned: it owns this */
  SmbPath     path; /* as given, with the pattern */
  char       *name; /* the pattern's last name */
  gboolean    folders;
  gboolean    set;
  guint32     attributes;
  const char *what; /* is done to an entry, after "Cannot" */

  gboolean    plain;      /* the pattern is a name after all, that of a folder */
  gboolean    exact;      /* and was found as it is written */
  GPtrArray  *candidates; /* of SmbRemovalFolder, unowned: those that match, until all names are known */
  GHashTable *identities; /* of the folders beside them */

  SmbLane     lane;
  GQueue      stack;   /* of SmbRemovalTask */
  GHashTable *tasks;   /* all that are not done; owned */
  GHashTable *open;    /* SmbRemovalFolder; owned, until they are done */
  guint       in_flight;
  GError     *error; /* the first */
};

SmbRemovalTask   *smb_removal_push       (SmbRemoval       *self,
                                          SmbRemovalKind    kind,
                                          SmbRemovalFolder *folder,
                                          char             *path); /* takes it */
void              smb_removal_note_error (SmbRemoval       *self,
                                          const char       *path,
                                          guint32           status);
SmbRemovalFolder *smb_removal_folder_new (SmbRemoval       *self,
                                          SmbRemovalFolder *parent,
                                          const char       *path,
                                          const char       *pattern);
/* A task of the folder's is done: goes on with it when that was the last one. */
void              smb_removal_folder_check (SmbRemoval       *self,
                                            SmbRemovalFolder *folder);

/* Somebody else was faster: what was listed and is gone, or going, need not be removed. */
gboolean          smb_removal_is_gone      (const SmbRemovalFolder *folder,
                                            guint32                 status);

/* smb-removal-folder.c: the plans of folders, and what they bring. */
SmbPlan *smb_removal_plan_try    (SmbRemoval       *self,
                                  SmbRemovalTask   *task,
                                  SmbPlanDone       done);
SmbPlan *smb_removal_plan_enter  (SmbRemoval       *self,
                                  SmbRemovalTask   *task,
                                  SmbPlanDone       done);
SmbPlan *smb_removal_plan_page   (SmbRemoval       *self,
                                  SmbRemovalTask   *task,
                                  SmbPlanDone       done);
SmbPlan *smb_removal_plan_leave  (SmbRemoval       *self,
                                  SmbRemovalTask   *task,
                                  SmbPlanDone       done);
void     smb_removal_tried       (SmbRemoval       *self,
                                  SmbRemovalFolder *folder,
                                  guint32           status);
void     smb_removal_entered     (SmbRemoval       *self,
                                  SmbRemovalFolder *folder,
                                  SmbPlan          *plan);
void     smb_removal_paged       (SmbRemoval       *self,
                                  SmbRemovalFolder *folder,
                                  SmbPlan          *plan,
                                  guint             step);

/* smb-removal-suspects.c */
void     smb_removal_take_folder  (SmbRemoval              *self,
                                   SmbRemovalFolder        *top,
                                   const SmbDirectoryEntry *entry,
                                   const char              *name);
/* All names beside the candidates are known. */
void     smb_removal_judge        (SmbRemoval              *self);
gboolean smb_removal_is_elsewhere (const SmbRemovalFolder  *folder,
                                   const SmbReply          *listing);
/* It is, or may be, a link. */
void     smb_removal_refuse       (SmbRemoval              *self,
                                   SmbRemovalFolder        *folder);
