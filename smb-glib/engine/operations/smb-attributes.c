/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-attributes.h"

#include "engine/connection/smb-connection.h"
#include "engine/operations/smb-operation.h"
#include "wire/smb-file-info.h"
#include "wire/smb-ntstatus.h"

/*
 * get_attributes: a CREATE tells all there is to know of a file ([MS-SMB2] 2.2.14), and its CLOSE goes along.
 *
 * Where there are no such chains a file is asked about by its path instead, with one request in place of two
 * ([MS-CIFS] 2.2.6.6). That does not tell the file's number: the first file of a share is opened to see
 * whether its server has numbers to tell, and where it has so are all others. A server that cannot answer by
 * path is not asked so again.
 */

/* FileNetworkOpenInformation, or a level of SMB1's own that has the file's name, too. */
#define OUTPUT_SIZE 4096

typedef struct
{
  SmbPath  path;
  gboolean refused; /* by path */
} Attributes;

static void
attributes_free (gpointer data)
{
  Attributes *self = data;

  smb_path_clear (&self->path);
  g_free (self);
}

void
smb_file_stat_free (SmbFileStat *self)
{
  g_free (self->name);
  g_free (self);
}

static SmbFileStat *
file_stat_new (const char *path)
{
  SmbFileStat     *self = g_new0 (SmbFileStat, 1);
  g_autofree char *parent = NULL;

  smb_path_split (path, &parent, &self->name);
  return self;
}

static void
return_stat (SmbCall     *call,
             SmbFileStat *stat)
{
  smb_call_return (call, stat, (GDestroyNotify) smb_file_stat_free);
}

/* By opening it. */

static void
fill_from_create (SmbFileStat    *self,
                  const SmbReply *reply)
{
  self->creation_time = reply->create.creation_time;
  self->last_access_time = reply->create.last_access_time;
  self->last_write_time = reply->create.last_write_time;
  self->change_time = reply->create.change_time;
  self->end_of_file = reply->create.end_of_file;
  self->allocation_size = reply->create.allocation_size;
  self->attributes = reply->create.file_attributes;
  self->file_id = reply->create.file_id;
}

static void
opened (SmbPlan  *plan,
        gpointer  data)
{
  Attributes    *self = data;
  SmbCall       *call = smb_plan_get_call (plan);
  SmbConnection *connection = smb_call_get_connection (call);
  SmbFileStat   *stat;

  if (!smb_operation_check (plan))
    return;
  stat = file_stat_new (self->path.path);
  fill_from_create (stat, smb_plan_get_reply (plan, 0));
  if (self->refused)
    smb_connection_refuses_path_queries (connection);
  else if (stat->file_id == 0)
    smb_connection_note_no_file_ids (connection, smb_call_get_share (call));
  return_stat (call, stat);
}

static void
open_it (SmbCall *call)
{
  Attributes *self = smb_call_get_data (call);
  SmbPlan    *plan = smb_operation_plan_new (call, opened, self);
  SmbRequest *request = smb_operation_add_open (plan, &self->path, SMB_FSCC_ACCESS_READ_ATTRIBUTES, 0);

  request->create.query_id = TRUE;
  smb_operation_add_lazy_close (plan);
  smb_plan_submit (plan);
}

/* By its path. */

/* What a server says that does not know the question, or this form of it ([MS-CIFS] 2.2.6.6.2, [MS-SMB]
 * 3.3.5.10.1). It may be the file's fault all the same: that is seen when it is opened. */
static gboolean
is_not_understood (guint32 status)
{
  switch (status)
    {
    case SMB_STATUS_INVALID_LEVEL:
    case SMB_STATUS_INVALID_INFO_CLASS:
    case SMB_STATUS_INVALID_PARAMETER:
    case SMB_STATUS_NOT_IMPLEMENTED:
    case SMB_STATUS_NOT_SUPPORTED:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
fill_from_info (SmbFileStat                  *self,
                const SmbFileNetworkOpenInfo *info)
{
  self->creation_time = info->creation_time;
  self->last_access_time = info->last_access_time;
  self->last_write_time = info->last_write_time;
  self->change_time = info->change_time;
  self->end_of_file = info->end_of_file;
  self->allocation_size = info->allocation_size;
  self->attributes = info->file_attributes;
}

static void
return_info (SmbCall        *call,
             const SmbReply *reply)
{
  Attributes             *self = smb_call_get_data (call);
  SmbFileStat            *stat;
  SmbFileNetworkOpenInfo  info;
  GError                 *error = NULL;

  if (!smb_file_network_open_info_decode (&info, reply->output.data, reply->output.size, &error))
    {
      g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (call));
      smb_call_return_error (call, error);
      return;
    }
  stat = file_stat_new (self->path.path);
  fill_from_info (stat, &info);
  return_stat (call, stat);
}

static void
queried (SmbPlan  *plan,
         gpointer  data)
{
  Attributes *self = data;
  SmbCall    *call = smb_plan_get_call (plan);

  self->refused = is_not_understood (smb_plan_get_failure (plan));
  if (self->refused)
    open_it (call);
  else if (smb_operation_check (plan))
    return_info (call, smb_plan_get_reply (plan, 0));
}

static void
query_path (SmbCall *call)
{
  Attributes *self = smb_call_get_data (call);
  SmbPlan    *plan = smb_operation_plan_new (call, queried, self);
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_QUERY_INFO);

  request->query_info.type = SMB_INFO_TYPE_FILE;
  request->query_info.info_class = SMB_FSCC_FILE_NETWORK_OPEN;
  request->query_info.max_output = OUTPUT_SIZE;
  request->query_info.path = g_strdup (self->path.path);
  request->query_info.snapshot = self->path.snapshot;
  smb_plan_submit (plan);
}

static void
start (SmbCall *call)
{
  if (smb_connection_queries_paths (smb_call_get_connection (call), smb_call_get_share (call)))
    query_path (call);
  else
    open_it (call);
}

SmbCall *
smb_get_attributes_call_new (SmbConnection *connection,
                             const char    *share,
                             const char    *path,
                             int            timeout_msec,
                             GCancellable  *cancellable)
{
  Attributes *self = g_new0 (Attributes, 1);
  SmbCall    *call = smb_path_call_new (connection, "get the attributes of", share, path, SMB_PATH_STREAMS,
                                        &self->path, timeout_msec, cancellable);

  smb_call_set_operation (call, start, NULL, self, attributes_free);
  return call;
}
