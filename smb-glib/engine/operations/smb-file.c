/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-file.h"

#include "engine/connection/smb-connection.h"
#include "engine/operations/smb-operation.h"
#include "wire/smb-file-info.h"
#include "wire/smb-fscc.h"
#include "wire/smb-ntstatus.h"

/* Opening. */

typedef struct
{
  SmbPath            path;
  SmbFileAccess      access;
  SmbFileDisposition disposition;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  smb_path_clear (&self->path);
  g_free (self);
}

static guint32
get_access_mask (SmbFileAccess access)
{
  guint32 mask = SMB_FSCC_ACCESS_READ_ATTRIBUTES;

  if (access & SMB_FILE_ACCESS_READ)
    mask |= SMB_FSCC_ACCESS_READ_DATA;
  if (access & SMB_FILE_ACCESS_WRITE)
    mask |= SMB_FSCC_ACCESS_WRITE_DATA | SMB_FSCC_ACCESS_APPEND_DATA | SMB_FSCC_ACCESS_WRITE_ATTRIBUTES;
  return mask;
}

static void
opened (SmbPlan  *plan,
        gpointer  data)
{
  Opening            *self = data;
  SmbCall            *call = smb_plan_get_call (plan);
  g_autoptr(SmbOpen)  open = NULL;
  GError             *error = NULL;

  if (!smb_plan_check (plan, 0, &error))
    {
      smb_call_return_error (call, error);
      return;
    }
  open = smb_open_new (plan, self->path.path);
  if (smb_plan_get_reply (plan, 0)->create.file_attributes & SMB_FSCC_ATTRIBUTE_DIRECTORY)
    smb_call_return_status (call, SMB_STATUS_FILE_IS_A_DIRECTORY); /* opened in spite of NON_DIRECTORY_FILE */
  else
    smb_call_return (call, g_steal_pointer (&open), (GDestroyNotify) smb_open_unref);
}

static void
open_start (SmbCall *call)
{
  Opening    *self = smb_call_get_data (call);
  SmbPlan    *plan = smb_operation_plan_new (call, opened, self);
  SmbRequest *request = smb_operation_add_open (plan, &self->path, get_access_mask (self->access),
                                                SMB_OPTION_NON_DIRECTORY_FILE);

  request->create.disposition = self->disposition;
  request->create.file_attributes = SMB_FSCC_ATTRIBUTE_ARCHIVE;
  smb_plan_submit (plan);
}

/* Whether it asks for what no snapshot allows. */
static gboolean
changes_anything (SmbFileAccess      access,
                  SmbFileDisposition disposition)
{
  return (access & SMB_FILE_ACCESS_WRITE) != 0 || disposition != SMB_FILE_DISPOSITION_OPEN;
}

SmbCall *
smb_file_open_call_new (SmbConnection      *connection,
                        const char         *share,
                        const char         *path,
                        SmbFileAccess       access,
                        SmbFileDisposition  disposition,
                        int                 timeout_msec,
                        GCancellable       *cancellable)
{
  Opening      *self = g_new0 (Opening, 1);
  SmbPathFlags  flags = changes_anything (access, disposition) ? SMB_PATH_WRITE : SMB_PATH_PLAIN;
  SmbCall      *call;

  call = smb_path_call_new (connection, "open the file", share, path, flags, &self->path, timeout_msec,
                            cancellable);
  if ((access & SMB_FILE_ACCESS_READ_WRITE) == 0)
    smb_call_set_error (call, g_error_new (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                                           "Cannot %s: neither reading nor writing is asked for",
                                           smb_call_get_context (call)));
  self->access = access;
  self->disposition = disposition;
  smb_call_set_operation (call, open_start, NULL, self, opening_free);
  return call;
}

/* What takes a single request. */

typedef struct
{
  SmbOpen *open;
  gboolean entered;
  guint64  size; /* for set_size */
} Simple;

static void
simple_free (gpointer data)
{
  Simple *self = data;

  smb_open_unref (self->open);
  g_free (self);
}

static void
simple_cleanup (SmbCall *call)
{
  Simple *self = smb_call_get_data (call);

  if (self->entered)
    smb_open_leave (self->open);
}

static SmbCall *
simple_call_new (SmbOpen      *open,
                 const char   *verb,
                 SmbCallFunc   start,
                 int           timeout_msec,
                 GCancellable *cancellable)
{
  Simple  *self = g_new0 (Simple, 1);
  SmbCall *call = smb_open_begin_call (open, verb, timeout_msec, cancellable);

  self->open = smb_open_ref (open);
  smb_call_set_operation (call, start, simple_cleanup, self, simple_free);
  return call;
}

/* NULL: the file is being closed, and the call has failed. */
static SmbPlan *
simple_plan_new (SmbCall     *call,
                 SmbPlanDone  done)
{
  Simple *self = smb_call_get_data (call);

  self->entered = smb_open_enter_call (self->open, call);
  return self->entered ? smb_plan_new (call, done, self) : NULL;
}

static void
flush_start (SmbCall *call)
{
  Simple  *self = smb_call_get_data (call);
  SmbPlan *plan = simple_plan_new (call, smb_operation_done);

  if (plan == NULL)
    return;
  smb_open_add (self->open, plan, SMB_COMMAND_FLUSH);
  smb_plan_submit (plan);
}

SmbCall *
smb_file_flush_call_new (SmbOpen      *open,
                         int           timeout_msec,
                         GCancellable *cancellable)
{
  return simple_call_new (open, "flush the file", flush_start, timeout_msec, cancellable);
}

static void
set_size_start (SmbCall *call)
{
  Simple            *self = smb_call_get_data (call);
  SmbPlan           *plan = simple_plan_new (call, smb_operation_done);
  g_auto(SmbWriter)  writer;
  SmbRequest        *request;

  smb_writer_init (&writer, NULL);
  if (plan == NULL)
    return;

  smb_file_end_of_file_info_encode (self->size, &writer);
  request = smb_open_add (self->open, plan, SMB_COMMAND_SET_INFO);
  request->set_info.type = SMB_INFO_TYPE_FILE;
  request->set_info.info_class = SMB_FSCC_FILE_END_OF_FILE;
  request->set_info.input = smb_writer_steal_bytes (&writer);
  smb_plan_submit (plan);
}

SmbCall *
smb_file_set_size_call_new (SmbOpen      *open,
                            guint64       size,
                            int           timeout_msec,
                            GCancellable *cancellable)
{
  SmbCall *call = simple_call_new (open, "set the size of the file", set_size_start, timeout_msec,
                                   cancellable);
  Simple  *self = smb_call_get_data (call);

  self->size = size;
  if (size > G_MAXINT64)
    smb_call_set_error (call, g_error_new (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                                           "Cannot %s: it is too large", smb_call_get_context (call)));
  return call;
}

/* [MS-FSCC] 2.4.2; the name, which may be cut short, is not looked at. */
#define ALL_INFO_SIZE 4096

static void
fill_entry (const SmbFileAllInfo *info,
            SmbDirectoryEntry    *entry)
{
  entry->creation_time = info->basic.creation_time;
  entry->last_access_time = info->basic.last_access_time;
  entry->last_write_time = info->basic.last_write_time;
  entry->change_time = info->basic.change_time;
  entry->file_attributes = info->basic.file_attributes;
  entry->allocation_size = info->standard.allocation_size;
  entry->end_of_file = info->standard.end_of_file;
  entry->file_id = info->file_id;
}

static void
info_done (SmbPlan  *plan,
           gpointer  data)
{
  SmbCall           *call = smb_plan_get_call (plan);
  const SmbReply    *reply = smb_plan_get_reply (plan, 0);
  SmbDirectoryEntry *entry;
  SmbFileAllInfo     info;
  GError            *error = NULL;

  if (!smb_plan_check (plan, 0, &error))
    {
      smb_call_return_error (call, error);
      return;
    }
  if (!smb_file_all_info_decode (&info, reply->output.data, reply->output.size, &error))
    {
      g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (call));
      smb_call_return_error (call, error);
      return;
    }
  entry = g_new0 (SmbDirectoryEntry, 1);
  fill_entry (&info, entry);
  smb_call_return (call, entry, g_free);
}

static void
info_start (SmbCall *call)
{
  Simple     *self = smb_call_get_data (call);
  SmbPlan    *plan = simple_plan_new (call, info_done);
  SmbRequest *request;

  if (plan == NULL)
    return;
  request = smb_open_add (self->open, plan, SMB_COMMAND_QUERY_INFO);
  request->query_info.type = SMB_INFO_TYPE_FILE;
  request->query_info.info_class = SMB_FSCC_FILE_ALL;
  request->query_info.max_output = ALL_INFO_SIZE;
  smb_plan_submit (plan);
}

SmbCall *
smb_file_get_info_call_new (SmbOpen      *open,
                            int           timeout_msec,
                            GCancellable *cancellable)
{
  return simple_call_new (open, "get the attributes of the file", info_start, timeout_msec, cancellable);
}
