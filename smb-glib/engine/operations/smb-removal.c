/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-removal-private.h"

#include "engine/connection/smb-connection.h"
#include "wire/smb-file-info.h"
#include "wire/smb-fscc.h"
#include "wire/smb-name-match.h"
#include "wire/smb-ntstatus.h"

/* Plans under way: enough to fill a long line, few enough not to crowd out others. */
#define MAX_IN_FLIGHT 64
/* Others may add to a folder while it is emptied; not for ever. */
#define MAX_ROUNDS 64

static void
task_free (gpointer data)
{
  SmbRemovalTask *task = data;

  g_free (task->path);
  g_free (task);
}

static void
folder_free (gpointer data)
{
  SmbRemovalFolder *folder = data;

  g_clear_pointer (&folder->page, g_bytes_unref);
  g_free (folder->path);
  g_free (folder);
}

static void
removal_free (gpointer data)
{
  SmbRemoval *self = data;

  g_queue_clear (&self->stack);
  g_hash_table_unref (self->tasks);
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->identities);
  g_ptr_array_unref (self->candidates);
  g_clear_error (&self->error);
  smb_path_clear (&self->path);
  g_free (self->name);
  g_free (self);
}

SmbRemovalTask *
smb_removal_push (SmbRemoval       *self,
                  SmbRemovalKind    kind,
                  SmbRemovalFolder *folder,
                  char             *path)
{
  SmbRemovalTask *task = g_new0 (SmbRemovalTask, 1);

  task->kind = kind;
  task->folder = folder;
  task->path = path;
  folder->pending++;
  g_hash_table_add (self->tasks, task);
  g_queue_push_head (&self->stack, task);
  return task;
}

SmbRemovalFolder *
smb_removal_folder_new (SmbRemoval       *self,
                        SmbRemovalFolder *parent,
                        const char       *path,
                        const char       *pattern)
{
  SmbRemovalFolder *folder = g_new0 (SmbRemovalFolder, 1);

  folder->parent = parent;
  folder->path = g_strdup (path);
  folder->pattern = pattern;
  if (parent != NULL)
    {
      parent->pending++;
      folder->depth = parent->depth + 1;
    }
  g_hash_table_add (self->open, folder);
  return folder;
}

void
smb_removal_note_error (SmbRemoval *self,
                        const char *path,
                        guint32     status)
{
  g_autofree char *shown = smb_path_make_printable (g_strdelimit (g_strdup (path), "\\", '/'));

  if (self->error == NULL)
    self->error = smb_nt_status_to_gerror (status, "Cannot %s '%s' on share '%s'", self->what, shown,
                                           smb_call_get_share (self->call));
}

/* The plans of entries. */

static SmbPlan *
plan_file (SmbRemoval     *self,
           SmbRemovalTask *task,
           SmbPlanDone     done)
{
  SmbPlan       *plan = smb_operation_plan_new (self->call, done, task);
  const SmbPath  path = { task->path, 0 };

  smb_operation_add_open (plan, &path, SMB_FSCC_ACCESS_DELETE,
                          SMB_OPTION_NON_DIRECTORY_FILE | SMB_OPTION_DELETE_ON_CLOSE |
                            SMB_OPTION_OPEN_REPARSE_POINT);
  smb_operation_add_close (plan);
  return plan;
}

/* Not by closing: of a folder that is not empty some servers then say that it was removed. */
static SmbPlan *
plan_remove (SmbRemoval  *self,
             gpointer     task,
             char        *folder,
             SmbPlanDone  done)
{
  SmbPlan           *plan = smb_operation_plan_new (self->call, done, task);
  const SmbPath      path = { folder, 0 };
  g_auto(SmbWriter)  input;

  smb_writer_init (&input, NULL);
  smb_file_disposition_info_encode (TRUE, &input);
  smb_operation_add_open (plan, &path, SMB_FSCC_ACCESS_DELETE | SMB_FSCC_ACCESS_READ_ATTRIBUTES,
                          SMB_OPTION_DIRECTORY_FILE | SMB_OPTION_OPEN_REPARSE_POINT);
  smb_operation_add_set_info (plan, SMB_FSCC_FILE_DISPOSITION, &input);
  smb_operation_add_close (plan);
  return plan;
}

static SmbPlan *
plan_set (SmbRemoval     *self,
          SmbRemovalTask *task,
          SmbPlanDone     done)
{
  SmbPlan                *plan = smb_operation_plan_new (self->call, done, task);
  const SmbPath           path = { task->path, 0 };
  const SmbFileBasicInfo  info = { .file_attributes = self->attributes };
  g_auto(SmbWriter)       input;

  smb_writer_init (&input, NULL);
  smb_file_basic_info_encode (&info, &input);
  smb_operation_add_open (plan, &path, SMB_FSCC_ACCESS_WRITE_ATTRIBUTES, SMB_OPTION_OPEN_REPARSE_POINT);
  smb_operation_add_set_info (plan, SMB_FSCC_FILE_BASIC, &input);
  smb_operation_add_close (plan);
  return plan;
}

/* Tasks. */

static void pump (SmbRemoval *self);

static SmbPlan *
make_plan (SmbRemoval     *self,
           SmbRemovalTask *task,
           SmbPlanDone     done)
{
  switch (task->kind)
    {
    case SMB_REMOVAL_FILE:
      return plan_file (self, task, done);
    case SMB_REMOVAL_SET:
      return plan_set (self, task, done);
    case SMB_REMOVAL_LINK:
      return plan_remove (self, task, task->path, done);
    case SMB_REMOVAL_TRY:
      return smb_removal_plan_try (self, task, done);
    case SMB_REMOVAL_ENTER:
      return smb_removal_plan_enter (self, task, done);
    case SMB_REMOVAL_PAGE:
      return smb_removal_plan_page (self, task, done);
    case SMB_REMOVAL_LEAVE:
      return smb_removal_plan_leave (self, task, done);
    case SMB_REMOVAL_REMOVE:
      return plan_remove (self, task, task->folder->path, done);
    default:
      g_assert_not_reached ();
    }
}

gboolean
smb_removal_is_gone (const SmbRemovalFolder *folder,
                     guint32                 status)
{
  return folder->pattern != NULL &&
         (status == SMB_STATUS_OBJECT_NAME_NOT_FOUND || status == SMB_STATUS_OBJECT_PATH_NOT_FOUND ||
          status == SMB_STATUS_DELETE_PENDING);
}

/* The name that was given is a folder's: what else lies beside it must be known first. */
static void
take_for_folder (SmbRemoval       *self,
                 SmbRemovalFolder *top,
                 const char       *path)
{
  self->plain = TRUE;
  g_ptr_array_add (self->candidates, smb_removal_folder_new (self, top, path, "*"));
  top->pattern = self->name;
  top->listed = FALSE;
  smb_removal_push (self, SMB_REMOVAL_ENTER, top, NULL);
}

static void
entry_done (SmbRemoval     *self,
            SmbRemovalTask *task,
            guint32         status)
{
  SmbRemovalFolder *folder = task->folder;

  if (status == SMB_STATUS_FILE_IS_A_DIRECTORY && self->folders && folder->pattern == NULL)
    take_for_folder (self, folder, task->path);
  else if (status == 0 || smb_removal_is_gone (folder, status))
    folder->removed++;
  else
    {
      folder->failed = TRUE;
      smb_removal_note_error (self, task->path, status);
    }
}

/* In a folder that is changed while it is read an entry may have been passed over. */
static void
removed (SmbRemoval       *self,
         SmbRemovalFolder *folder,
         guint32           status)
{
  if (status == SMB_STATUS_DIRECTORY_NOT_EMPTY && folder->removed > 0 && folder->rounds++ < MAX_ROUNDS)
    {
      folder->removed = 0;
      folder->listed = FALSE;
      smb_removal_push (self, SMB_REMOVAL_ENTER, folder, NULL);
      return;
    }
  folder->gone = TRUE;
  if (status == 0 || smb_removal_is_gone (folder, status))
    return;
  folder->failed = TRUE;
  smb_removal_note_error (self, folder->path, status);
}

static void
task_done (SmbRemoval     *self,
           SmbRemovalTask *task,
           SmbPlan        *plan)
{
  switch (task->kind)
    {
    case SMB_REMOVAL_FILE:
    case SMB_REMOVAL_SET:
    case SMB_REMOVAL_LINK:
      entry_done (self, task, smb_plan_get_failure (plan));
      break;
    case SMB_REMOVAL_TRY:
      smb_removal_tried (self, task->folder, smb_plan_get_failure (plan));
      break;
    case SMB_REMOVAL_ENTER:
      smb_removal_entered (self, task->folder, plan);
      break;
    case SMB_REMOVAL_PAGE:
      smb_removal_paged (self, task->folder, plan, 0);
      break;
    case SMB_REMOVAL_LEAVE:
      break;
    case SMB_REMOVAL_REMOVE:
      removed (self, task->folder, smb_plan_get_failure (plan));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
plan_done (SmbPlan  *plan,
           gpointer  data)
{
  SmbRemovalTask   *task = data;
  SmbRemovalFolder *folder = task->folder;
  SmbCall          *call = smb_plan_get_call (plan);
  SmbRemoval       *self = smb_call_get_data (call);
  GError           *error = NULL;

  if (smb_plan_get_failure (plan) == 0 && !smb_plan_check (plan, 0, &error)) /* the connection has ended */
    {
      smb_call_return_error (call, error);
      return;
    }

  smb_call_touch (call);
  self->in_flight--;
  task_done (self, task, plan);
  g_hash_table_remove (self->tasks, task);
  folder->pending--;
  smb_removal_folder_check (self, folder);
  pump (self);
}

/* What is left to do about a folder, once nothing is left to do in it. */
void
smb_removal_folder_check (SmbRemoval       *self,
                          SmbRemovalFolder *folder)
{
  SmbRemovalFolder *parent = folder->parent;

  if (folder->pending > 0 || !folder->listed)
    return;
  if (folder->open)
    {
      smb_removal_push (self, SMB_REMOVAL_LEAVE, folder, NULL);
      return;
    }
  if (parent != NULL && !folder->failed && !folder->gone)
    {
      smb_removal_push (self, SMB_REMOVAL_REMOVE, folder, NULL);
      return;
    }

  if (parent != NULL)
    {
      parent->removed += folder->failed ? 0 : 1;
      parent->failed |= folder->failed;
      parent->pending--;
    }
  g_hash_table_remove (self->open, folder);
  if (parent != NULL)
    smb_removal_folder_check (self, parent);
}

static void
run (SmbRemoval     *self,
     SmbRemovalTask *task)
{
  SmbPlan *plan = make_plan (self, task, plan_done);

  self->in_flight++;
  smb_plan_set_lane (plan, &self->lane);
  smb_plan_submit (plan);
}

static void
pump (SmbRemoval *self)
{
  SmbRemovalTask *task;

  while (self->in_flight < MAX_IN_FLIGHT && !smb_call_has_ended (self->call) &&
         (task = g_queue_pop_head (&self->stack)) != NULL)
    run (self, task);

  if (self->in_flight > 0 || smb_call_has_ended (self->call))
    return;
  if (self->error != NULL)
    smb_call_return_error (self->call, g_steal_pointer (&self->error));
  else
    smb_call_return (self->call, NULL, NULL);
}

/* The operations. */

static void
start (SmbCall *call)
{
  SmbRemoval       *self = smb_call_get_data (call);
  g_autofree char  *parent = NULL;
  SmbRemovalFolder *top;

  smb_path_split (self->path.path, &parent, &self->name);
  if (smb_name_has_wildcards (self->name))
    {
      top = smb_removal_folder_new (self, NULL, parent, self->name);
      smb_removal_push (self, SMB_REMOVAL_ENTER, top, NULL);
    }
  else
    {
      top = smb_removal_folder_new (self, NULL, parent, NULL);
      top->listed = TRUE;
      smb_removal_push (self, self->set ? SMB_REMOVAL_SET : SMB_REMOVAL_FILE, top,
                        g_strdup (self->path.path));
    }
  pump (self);
}

static void
cleanup (SmbCall *call)
{
  SmbRemoval     *self = smb_call_get_data (call);
  GHashTableIter  iter;
  gpointer        key;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      SmbRemovalFolder *folder = key;

      if (folder->open)
        smb_connection_close_handle (smb_call_get_connection (call), folder->tree_id, &folder->handle);
    }
}

static SmbCall *
call_new (SmbRemoval    *self,
          SmbConnection *connection,
          const char    *verb,
          const char    *share,
          const char    *pattern,
          int            timeout_msec,
          GCancellable  *cancellable)
{
  SmbCall *call = smb_path_call_new (connection, verb, share, pattern, SMB_PATH_PATTERN | SMB_PATH_WRITE,
                                     &self->path, timeout_msec, cancellable);

  self->call = call;
  self->what = verb;
  self->tasks = g_hash_table_new_full (NULL, NULL, task_free, NULL);
  self->open = g_hash_table_new_full (NULL, NULL, folder_free, NULL);
  self->identities = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->candidates = g_ptr_array_new ();
  g_queue_init (&self->stack);
  smb_call_set_operation (call, start, cleanup, self, removal_free);
  return call;
}

SmbCall *
smb_delete_files_call_new (SmbConnection *connection,
                           const char    *share,
                           const char    *pattern,
                           gboolean       folders,
                           int            timeout_msec,
                           GCancellable  *cancellable)
{
  SmbRemoval *self = g_new0 (SmbRemoval, 1);
  SmbCall    *call = call_new (self, connection, "delete", share, pattern, timeout_msec, cancellable);

  self->folders = folders;
  smb_path_call_refuse_root (call, &self->path);
  return call;
}

/* [MS-FSCC] 2.6: NORMAL stands alone, and 0 would leave them as they are. */
static guint32
to_settable (guint32 attributes)
{
  guint32 others = attributes & ~SMB_FSCC_ATTRIBUTE_NORMAL;

  return others != 0 ? others : SMB_FSCC_ATTRIBUTE_NORMAL;
}

SmbCall *
smb_reset_file_attributes_call_new (SmbConnection *connection,
                                    const char    *share,
                                    const char    *pattern,
                                    guint32        attributes,
                                    int            timeout_msec,
                                    GCancellable  *cancellable)
{
  SmbRemoval *self = g_new0 (SmbRemoval, 1);
  SmbCall    *call = call_new (self, connection, "set the attributes of", share, pattern, timeout_msec,
                               cancellable);

  self->set = TRUE;
  self->attributes = to_settable (attributes);
  return call;
}
