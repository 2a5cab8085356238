/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/smb-removal-private.h"

#include "engine/smb-connection.h"
#include "wire/smb-directory.h"
#include "wire/smb-name-match.h"
#include "wire/smb-ntstatus.h"

/* Bytes: some hundred entries, at the cost of one credit. */
#define PAGE_SIZE 65536

static void
add_query (SmbRemoval       *self,
           SmbRemovalFolder *folder,
           SmbPlan          *plan,
           gboolean          restart)
{
  guint32     most = smb_connection_get_transact_chunk (smb_call_get_connection (self->call));
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_QUERY_DIRECTORY);

  request->tree_id = folder->tree_id;
  request->handle = folder->handle;
  request->query_directory.info_class = SMB_FSCC_FILE_ID_BOTH_DIRECTORY;
  request->query_directory.restart = restart;
  request->query_directory.pattern = g_strdup (folder->pattern);
  request->query_directory.path = g_strdup (folder->path);
  request->query_directory.max_output = MIN (most, PAGE_SIZE);
}

/* Folders below are opened themselves, so that one which has become a link meanwhile is seen to be one. */
SmbPlan *
smb_removal_plan_enter (SmbRemoval     *self,
                        SmbRemovalTask *task,
                        SmbPlanDone     done)
{
  SmbRemovalFolder *folder = task->folder;
  SmbPlan          *plan = smb_operation_plan_new (self->call, done, task);
  const SmbPath     path = { folder->path, 0 };
  guint32           options = SMB_OPTION_DIRECTORY_FILE;

  if (folder->parent != NULL)
    options |= SMB_OPTION_OPEN_REPARSE_POINT;
  smb_operation_add_open (plan, &path, SMB_FSCC_ACCESS_LIST_DIRECTORY | SMB_FSCC_ACCESS_READ_ATTRIBUTES,
                          options);
  add_query (self, folder, plan, TRUE);
  return plan;
}

SmbPlan *
smb_removal_plan_page (SmbRemoval     *self,
                       SmbRemovalTask *task,
                       SmbPlanDone     done)
{
  SmbPlan *plan = smb_plan_new (self->call, done, task);

  add_query (self, task->folder, plan, FALSE);
  return plan;
}

SmbPlan *
smb_removal_plan_leave (SmbRemoval     *self,
                        SmbRemovalTask *task,
                        SmbPlanDone     done)
{
  SmbPlan    *plan = smb_plan_new (self->call, done, task);
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_CLOSE);

  request->tree_id = task->folder->tree_id;
  request->handle = task->folder->handle;
  return plan;
}

/* A name that cannot be said is known by its 8.3 name, but never taken for one that was asked for. */
static char *
dup_name (const SmbRemovalFolder  *folder,
          const SmbDirectoryEntry *entry)
{
  char *name = smb_directory_entry_dup_name (entry);

  if (name == NULL && folder->parent != NULL)
    return smb_directory_entry_dup_short_name (entry);
  return name;
}

static void
push_folder (SmbRemoval              *self,
             SmbRemovalFolder        *parent,
             const SmbDirectoryEntry *entry,
             char                    *path)
{
  if ((entry->file_attributes & SMB_FSCC_ATTRIBUTE_REPARSE_POINT) != 0)
    smb_removal_push (self, SMB_REMOVAL_LINK, parent, path);
  else
    {
      SmbRemovalFolder *folder = smb_removal_folder_new (self, parent, path, "*");

      smb_removal_push (self, SMB_REMOVAL_ENTER, folder, path);
    }
}

/* Servers match 8.3 names too, so that what they found is compared again. */
static void
take_entry (SmbRemoval              *self,
            SmbRemovalFolder        *folder,
            const SmbDirectoryEntry *entry)
{
  g_autofree char *name = dup_name (folder, entry);
  char            *path;

  if (name == NULL || g_str_equal (name, ".") || g_str_equal (name, "..") ||
      !smb_name_match (folder->pattern, name))
    return;

  path = smb_path_join (folder->path, name);
  if (self->set)
    smb_removal_push (self, SMB_REMOVAL_SET, folder, path);
  else if ((entry->file_attributes & SMB_FSCC_ATTRIBUTE_DIRECTORY) == 0)
    smb_removal_push (self, SMB_REMOVAL_FILE, folder, path);
  else if (self->folders)
    push_folder (self, folder, entry, path);
  else
    g_free (path);
}

static void
take_entries (SmbRemoval       *self,
              SmbRemovalFolder *folder,
              const SmbReply   *reply)
{
  SmbDirectoryIter  iter;
  SmbDirectoryEntry entry;
  GError           *error = NULL;

  smb_directory_iter_init (&iter, SMB_FSCC_FILE_ID_BOTH_DIRECTORY, reply->output.data, reply->output.size);
  while (smb_directory_iter_next (&iter, &entry, &error))
    take_entry (self, folder, &entry);
  if (error == NULL)
    return;

  folder->listed = folder->failed = TRUE;
  if (self->error == NULL)
    {
      g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (self->call));
      self->error = g_steal_pointer (&error);
    }
  g_clear_error (&error);
}

/* Of the folder in which the pattern looks the pattern is what people know. */
static void
note_error (SmbRemoval             *self,
            const SmbRemovalFolder *folder,
            guint32                 status)
{
  smb_removal_note_error (self, folder->parent == NULL ? self->path.path : folder->path, status);
}

/* The next page lies below the entries of this one. */
void
smb_removal_paged (SmbRemoval       *self,
                   SmbRemovalFolder *folder,
                   SmbPlan          *plan,
                   guint             step)
{
  guint32 status = smb_plan_get_status (plan, step);

  if (status == SMB_STATUS_NO_MORE_FILES || status == SMB_STATUS_NO_SUCH_FILE)
    folder->listed = TRUE;
  else if (smb_nt_status_is_error (status))
    {
      folder->listed = folder->failed = TRUE;
      note_error (self, folder, status);
    }
  else
    {
      smb_removal_push (self, SMB_REMOVAL_PAGE, folder, NULL);
      take_entries (self, folder, smb_plan_get_reply (plan, step));
    }
}

void
smb_removal_entered (SmbRemoval       *self,
                     SmbRemovalFolder *folder,
                     SmbPlan          *plan)
{
  const SmbReply *reply = smb_plan_get_reply (plan, 0);
  guint32         status = smb_plan_get_status (plan, 0);

  if (smb_nt_status_is_error (status))
    {
      folder->listed = folder->failed = TRUE;
      note_error (self, folder, status);
      return;
    }

  folder->open = TRUE;
  folder->tree_id = smb_plan_get_request (plan, 0)->tree_id;
  folder->handle = reply->create.handle;
  if (folder->parent != NULL && (reply->create.file_attributes & SMB_FSCC_ATTRIBUTE_REPARSE_POINT) != 0)
    folder->listed = TRUE; /* a link is not looked into */
  else
    smb_removal_paged (self, folder, plan, 1);
}
