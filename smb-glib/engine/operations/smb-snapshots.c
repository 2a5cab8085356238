/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-snapshots.h"

#include "engine/connection/smb-connection.h"
#include "engine/operations/smb-operation.h"
#include "wire/smb-fscc.h"
#include "wire/smb-ntstatus.h"
#include "wire/smb-snapshots.h"

/* Bytes: more than a thousand tokens, at the cost of one credit. */
#define USUAL_SIZE 65536

typedef struct
{
  SmbPath path;
} Snapshots;

static void
snapshots_free (gpointer data)
{
  Snapshots *self = data;

  smb_path_clear (&self->path);
  g_free (self);
}

/* What servers answer for a file system that keeps no versions. */
static gboolean
is_without_snapshots (guint32 status)
{
  return status == SMB_STATUS_NOT_SUPPORTED || status == SMB_STATUS_INVALID_DEVICE_REQUEST ||
         status == SMB_STATUS_NOT_IMPLEMENTED;
}

static void query (SmbCall *call,
                   guint32  max_output);

static void
return_times (SmbCall         *call,
              const SmbReply  *reply,
              guint32          asked)
{
  guint32    most = smb_connection_get_transact_chunk (smb_call_get_connection (call));
  gsize      required;
  GError    *error = NULL;
  GPtrArray *times = smb_snapshots_decode (reply->output.data, reply->output.size, &required, &error);

  if (times == NULL)
    {
      g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (call));
      smb_call_return_error (call, error);
    }
  else if (required > asked && asked < most)
    {
      g_ptr_array_unref (times);
      query (call, MIN (required, most));
    }
  else
    smb_call_return (call, times, (GDestroyNotify) g_ptr_array_unref);
}

static void
query_done (SmbPlan  *plan,
            gpointer  data)
{
  SmbCall *call = smb_plan_get_call (plan);

  if (!smb_nt_status_is_error (smb_plan_get_status (plan, 0)) &&
      is_without_snapshots (smb_plan_get_status (plan, 1)))
    smb_call_return (call, g_ptr_array_new_with_free_func ((GDestroyNotify) g_date_time_unref),
                     (GDestroyNotify) g_ptr_array_unref);
  else if (smb_operation_check (plan))
    return_times (call, smb_plan_get_reply (plan, 1), smb_plan_get_request (plan, 1)->ioctl.max_output);
}

/* [MS-SMB2] 3.2.4.20.2; the control code asks for read access. */
static void
query (SmbCall *call,
       guint32  max_output)
{
  Snapshots  *snapshots = smb_call_get_data (call);
  SmbPlan    *plan = smb_operation_plan_new (call, query_done, NULL);
  SmbRequest *request;

  smb_operation_add_open (plan, &snapshots->path,
                          SMB_FSCC_ACCESS_READ_DATA | SMB_FSCC_ACCESS_READ_ATTRIBUTES, 0);
  request = smb_plan_add (plan, SMB_COMMAND_IOCTL);
  request->ioctl.code = SMB_FSCC_FSCTL_SRV_ENUMERATE_SNAPSHOTS;
  request->ioctl.max_output = max_output;
  smb_operation_add_lazy_close (plan);
  smb_plan_submit (plan);
}

static void
start (SmbCall *call)
{
  query (call, MIN (USUAL_SIZE, smb_connection_get_transact_chunk (smb_call_get_connection (call))));
}

SmbCall *
smb_list_snapshots_call_new (SmbConnection *connection,
                             const char    *share,
                             const char    *path,
                             int            timeout_msec,
                             GCancellable  *cancellable)
{
  Snapshots *snapshots = g_new0 (Snapshots, 1);
  SmbCall   *call = smb_path_call_new (connection, "list the snapshots of", share, path, SMB_PATH_PLAIN,
                                       &snapshots->path, timeout_msec, cancellable);

  smb_call_set_operation (call, start, NULL, snapshots, snapshots_free);
  return call;
}
