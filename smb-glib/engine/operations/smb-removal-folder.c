/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-removal-private.h"

#include "engine/connection/smb-connection.h"
#include "wire/smb-directory.h"
#include "wire/smb-name-match.h"
#include "wire/smb-ntstatus.h"

/* Bytes: some hundred entries, at the cost of one credit. */
#define PAGE_SIZE 65536

/* Only folders need their numbers and short names, for which a server takes half as long again. */
static SmbFileInfoClass
get_info_class (const SmbRemoval *self)
{
  return self->folders ? SMB_FSCC_FILE_ID_BOTH_DIRECTORY : SMB_FSCC_FILE_DIRECTORY;
}

static void
add_query (SmbRemoval       *self,
           SmbRemovalFolder *folder,
           SmbPlan          *plan,
           gboolean          restart)
{
  guint32     most = smb_connection_get_transact_chunk (smb_call_get_connection (self->call));
  gboolean    all = folder->parent == NULL && self->folders; /* to see suspects */
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_QUERY_DIRECTORY);

  request->tree_id = folder->tree_id;
  request->handle = folder->handle;
  request->query_directory.info_class = get_info_class (self);
  request->query_directory.restart = restart;
  request->query_directory.pattern = g_strdup (all ? "*" : folder->pattern);
  request->query_directory.path = g_strdup (folder->path);
  request->query_directory.max_output = MIN (most, PAGE_SIZE);
}

/* Some servers follow links and show the folder behind instead. Where that is so a link to an empty folder is
 * removed by this, and so is an empty folder anywhere; to any other folder nothing happens. */
SmbPlan *
smb_removal_plan_try (SmbRemoval     *self,
                      SmbRemovalTask *task,
                      SmbPlanDone     done)
{
  SmbPlan       *plan = smb_operation_plan_new (self->call, done, task);
  const SmbPath  path = { task->folder->path, 0 };

  smb_operation_add_open (plan, &path, SMB_FSCC_ACCESS_DELETE | SMB_FSCC_ACCESS_READ_ATTRIBUTES,
                          SMB_OPTION_DIRECTORY_FILE | SMB_OPTION_DELETE_ON_CLOSE |
                            SMB_OPTION_OPEN_REPARSE_POINT);
  smb_operation_add_close (plan);
  return plan;
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
                          options)->create.query_id = TRUE;
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
  task->folder->open = FALSE; /* the plan closes it, whatever becomes of the call */
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

static gboolean
is_folder (const SmbDirectoryEntry *entry)
{
  return (entry->file_attributes & SMB_FSCC_ATTRIBUTE_DIRECTORY) != 0;
}

static gboolean
is_link (const SmbDirectoryEntry *entry)
{
  return (entry->file_attributes & SMB_FSCC_ATTRIBUTE_REPARSE_POINT) != 0;
}

/* Folders in folders that a person may have made; a server that shows them without end does not get memory
 * without end. */
#define MAX_DEPTH 256

static void
push_folder (SmbRemoval              *self,
             SmbRemovalFolder        *parent,
             const SmbDirectoryEntry *entry,
             char                    *path)
{
  SmbRemovalFolder *folder;

  if (parent->depth >= MAX_DEPTH)
    {
      smb_removal_note_error (self, path, SMB_STATUS_NAME_TOO_LONG);
      parent->failed = TRUE;
      g_free (path);
      return;
    }

  folder = smb_removal_folder_new (self, parent, path, "*");
  folder->listed_id = entry->file_id;
  smb_removal_push (self, SMB_REMOVAL_TRY, folder, path);
}

/* Takes @path. */
static void
push_entry (SmbRemoval              *self,
            SmbRemovalFolder        *folder,
            const SmbDirectoryEntry *entry,
            char                    *path)
{
  if (self->set)
    smb_removal_push (self, SMB_REMOVAL_SET, folder, path);
  else if (!is_folder (entry))
    smb_removal_push (self, SMB_REMOVAL_FILE, folder, path);
  else if (self->folders && is_link (entry))
    smb_removal_push (self, SMB_REMOVAL_LINK, folder, path);
  else if (self->folders)
    push_folder (self, folder, entry, path);
  else
    g_free (path);
}

/* Servers match 8.3 names too, so that what they found is compared again. */
static void
take_entry (SmbRemoval              *self,
            SmbRemovalFolder        *folder,
            const SmbDirectoryEntry *entry)
{
  g_autofree char *name = dup_name (folder, entry);

  if (folder->id == 0 && g_strcmp0 (name, ".") == 0) /* opening it did not tell */
    folder->id = entry->file_id;
  if (name == NULL || g_str_equal (name, ".") || g_str_equal (name, ".."))
    return;
  if (folder->parent == NULL && self->folders && is_folder (entry) && !is_link (entry))
    smb_removal_take_folder (self, folder, entry, name);
  else if (smb_name_match (folder->pattern, name) && !(folder->parent == NULL && self->plain))
    push_entry (self, folder, entry, smb_path_join (folder->path, name));
}

static void
end_listing (SmbRemoval       *self,
             SmbRemovalFolder *folder,
             gboolean          failed)
{
  folder->listed = TRUE;
  folder->failed |= failed;
  g_clear_pointer (&folder->page, g_bytes_unref);
  if (folder->parent == NULL)
    smb_removal_judge (self);
}

/* Takes @error. */
static void
fail_listing (SmbRemoval       *self,
              SmbRemovalFolder *folder,
              GError           *error)
{
  end_listing (self, folder, TRUE);
  if (self->error == NULL)
    {
      g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (self->call));
      self->error = g_steal_pointer (&error);
    }
  g_clear_error (&error);
}

static void
take_entries (SmbRemoval       *self,
              SmbRemovalFolder *folder,
              const SmbReply   *reply)
{
  SmbDirectoryIter  iter;
  SmbDirectoryEntry entry;
  GError           *error = NULL;

  smb_directory_iter_init (&iter, get_info_class (self), reply->output.data, reply->output.size);
  while (smb_directory_iter_next (&iter, &entry, &error))
    take_entry (self, folder, &entry);
  if (error != NULL)
    fail_listing (self, folder, error);
}

/* A page that comes twice comes for ever. */
static gboolean
is_repeated (SmbRemovalFolder *folder,
             SmbPlan          *plan,
             guint             step)
{
  g_autoptr(GBytes) previous = g_steal_pointer (&folder->page);

  folder->page = smb_plan_dup_output (plan, step);
  return previous != NULL && g_bytes_equal (previous, folder->page);
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
    end_listing (self, folder, FALSE);
  else if (smb_nt_status_is_error (status))
    {
      end_listing (self, folder, TRUE);
      note_error (self, folder, status);
    }
  else if (is_repeated (folder, plan, step))
    fail_listing (self, folder, g_error_new_literal (SMB_ERROR, SMB_ERROR_PROTOCOL,
                                                     "the server sends the same entries again and again"));
  else
    {
      smb_removal_push (self, SMB_REMOVAL_PAGE, folder, NULL);
      take_entries (self, folder, smb_plan_get_reply (plan, step));
    }
}

void
smb_removal_tried (SmbRemoval       *self,
                   SmbRemovalFolder *folder,
                   guint32           status)
{
  if (status == 0 || status == SMB_STATUS_DIRECTORY_NOT_EMPTY)
    smb_removal_push (self, SMB_REMOVAL_ENTER, folder, NULL);
  else if (smb_removal_is_gone (folder, status))
    folder->listed = folder->gone = TRUE;
  else if (status == SMB_STATUS_NOT_A_DIRECTORY) /* listed as what is behind it, opened as the link it is */
    {
      folder->listed = folder->gone = TRUE;
      smb_removal_push (self, SMB_REMOVAL_FILE, folder->parent, g_strdup (folder->path));
    }
  else /* what cannot be removed itself is not emptied */
    {
      folder->listed = folder->failed = TRUE;
      note_error (self, folder, status);
    }
}

static gboolean
is_elsewhere (const SmbRemovalFolder *folder,
              SmbPlan                *plan)
{
  return folder->parent != NULL && !smb_nt_status_is_error (smb_plan_get_status (plan, 1)) &&
         smb_removal_is_elsewhere (folder, smb_plan_get_reply (plan, 1));
}

void
smb_removal_entered (SmbRemoval       *self,
                     SmbRemovalFolder *folder,
                     SmbPlan          *plan)
{
  const SmbReply *reply = smb_plan_get_reply (plan, 0);
  guint32         status = smb_plan_get_status (plan, 0);

  if (folder->parent != NULL && smb_removal_is_gone (folder, status))
    {
      folder->listed = folder->gone = TRUE;
      return;
    }
  if (smb_nt_status_is_error (status))
    {
      end_listing (self, folder, TRUE);
      note_error (self, folder, status);
      return;
    }

  folder->open = TRUE;
  folder->tree_id = smb_plan_get_request (plan, 0)->tree_id;
  folder->handle = reply->create.handle;
  folder->id = reply->create.file_id;
  if (folder->parent != NULL && (reply->create.file_attributes & SMB_FSCC_ATTRIBUTE_REPARSE_POINT) != 0)
    folder->listed = TRUE; /* a link is not looked into */
  else if (folder->suspect || is_elsewhere (folder, plan))
    smb_removal_refuse (self, folder);
  else
    smb_removal_paged (self, folder, plan, 1);
}
