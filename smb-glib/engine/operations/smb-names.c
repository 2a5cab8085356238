/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-names.h"

#include "engine/operations/smb-operation.h"
#include "wire/smb-file-info.h"

typedef struct
{
  SmbPath path;
  SmbPath target; /* of a rename */
} Names;

static void
names_free (gpointer data)
{
  Names *self = data;

  smb_path_clear (&self->path);
  smb_path_clear (&self->target);
  g_free (self);
}

static void
create_directory_start (SmbCall *call)
{
  Names      *names = smb_call_get_data (call);
  SmbPlan    *plan = smb_operation_plan_new (call, smb_operation_done, NULL);
  SmbRequest *request = smb_operation_add_open (plan, &names->path, SMB_FSCC_ACCESS_READ_ATTRIBUTES,
                                                SMB_OPTION_DIRECTORY_FILE);

  request->create.disposition = SMB_DISPOSITION_CREATE;
  request->create.file_attributes = SMB_FSCC_ATTRIBUTE_DIRECTORY;
  smb_operation_add_close (plan);
  smb_plan_submit (plan);
}

SmbCall *
smb_create_directory_call_new (SmbConnection *connection,
                               const char    *share,
                               const char    *path,
                               int            timeout_msec,
                               GCancellable  *cancellable)
{
  Names   *names = g_new0 (Names, 1);
  SmbCall *call = smb_path_call_new (connection, "create the folder", share, path, SMB_PATH_WRITE,
                                     &names->path, timeout_msec, cancellable);

  smb_call_set_operation (call, create_directory_start, NULL, names, names_free);
  return call;
}

/* Deleting on close would report success for a folder that is not empty. */
static void
delete_directory_start (SmbCall *call)
{
  Names            *names = smb_call_get_data (call);
  SmbPlan          *plan = smb_operation_plan_new (call, smb_operation_done, NULL);
  g_auto(SmbWriter) input;

  smb_writer_init (&input, NULL);
  smb_file_disposition_info_encode (TRUE, &input);
  smb_operation_add_open (plan, &names->path, SMB_FSCC_ACCESS_DELETE | SMB_FSCC_ACCESS_READ_ATTRIBUTES,
                          SMB_OPTION_DIRECTORY_FILE | SMB_OPTION_OPEN_REPARSE_POINT);
  smb_operation_add_set_info (plan, SMB_FSCC_FILE_DISPOSITION, &input);
  smb_operation_add_close (plan);
  smb_plan_submit (plan);
}

SmbCall *
smb_delete_directory_call_new (SmbConnection *connection,
                               const char    *share,
                               const char    *path,
                               int            timeout_msec,
                               GCancellable  *cancellable)
{
  Names   *names = g_new0 (Names, 1);
  SmbCall *call = smb_path_call_new (connection, "delete the folder", share, path, SMB_PATH_WRITE,
                                     &names->path, timeout_msec, cancellable);

  smb_path_call_refuse_root (call, &names->path);
  smb_call_set_operation (call, delete_directory_start, NULL, names, names_free);
  return call;
}

static void
rename_start (SmbCall *call)
{
  Names            *names = smb_call_get_data (call);
  SmbPlan          *plan = smb_operation_plan_new (call, smb_operation_done, NULL);
  g_auto(SmbWriter) input;

  smb_writer_init (&input, NULL);
  smb_file_rename_info_encode (names->target.path, FALSE, &input);
  smb_operation_add_open (plan, &names->path, SMB_FSCC_ACCESS_DELETE | SMB_FSCC_ACCESS_READ_ATTRIBUTES,
                          SMB_OPTION_OPEN_REPARSE_POINT);
  smb_operation_add_set_info (plan, SMB_FSCC_FILE_RENAME, &input);
  smb_operation_add_close (plan);
  smb_plan_submit (plan);
}

SmbCall *
smb_rename_call_new (SmbConnection *connection,
                     const char    *share,
                     const char    *old_path,
                     const char    *new_path,
                     int            timeout_msec,
                     GCancellable  *cancellable)
{
  g_autofree char *valid_old = g_utf8_make_valid (old_path, -1);
  g_autofree char *valid_new = g_utf8_make_valid (new_path, -1);
  g_autofree char *both = g_strdup_printf ("%s' to '%s", valid_old, valid_new);
  Names           *names = g_new0 (Names, 1);
  SmbCall         *call = smb_path_call_new (connection, "rename", share, old_path, SMB_PATH_WRITE,
                                             &names->path, timeout_msec, cancellable);

  smb_call_set_path (call, both);
  smb_path_call_add (call, new_path, SMB_PATH_WRITE, &names->target);
  smb_path_call_refuse_root (call, &names->path);
  smb_path_call_refuse_root (call, &names->target);
  smb_call_set_operation (call, rename_start, NULL, names, names_free);
  return call;
}

static void
echo_done (SmbPlan  *plan,
           gpointer  data)
{
  GBytes *bytes = data;

  if (smb_operation_check (plan))
    smb_call_return (smb_plan_get_call (plan), g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
}

static void
echo_start (SmbCall *call)
{
  SmbPlan *plan = smb_plan_new (call, echo_done, smb_call_get_data (call));

  smb_plan_add (plan, SMB_COMMAND_ECHO);
  smb_plan_submit (plan);
}

SmbCall *
smb_echo_call_new (SmbConnection *connection,
                   GBytes        *data,
                   int            timeout_msec,
                   GCancellable  *cancellable)
{
  SmbCall       *call = smb_call_new (connection, "get an echo from the server", NULL, NULL, timeout_msec,
                                      cancellable);
  gsize          size;
  gconstpointer  bytes = g_bytes_get_data (data, &size);
  GBytes        *copy;

  /* A copy, since freeing the application's bytes may run code of its own. */
  copy = g_bytes_new (bytes, size);
  smb_call_set_operation (call, echo_start, NULL, copy, (GDestroyNotify) g_bytes_unref);
  return call;
}
