/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-operation.h"

#include "wire/smb-fscc.h"

/* Messages are UTF-8 whatever was given. */
static const char *
make_valid (const char  *text,
            char       **copy)
{
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    return text;
  return *copy = g_utf8_make_valid (text, -1);
}

static void
refuse (SmbCall *call,
        GError  *error)
{
  g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (call));
  smb_call_set_error (call, error);
}

SmbCall *
smb_share_call_new (SmbConnection *connection,
                    const char    *verb,
                    const char    *share,
                    const char    *path,
                    int            timeout_msec,
                    GCancellable  *cancellable)
{
  g_autofree char *valid_share = NULL;
  g_autofree char *valid_path = NULL;
  SmbCall         *call;
  GError          *error = NULL;

  call = smb_call_new (connection, verb, make_valid (share, &valid_share), make_valid (path, &valid_path),
                       timeout_msec, cancellable);
  if (!smb_path_check_share (share, &error))
    refuse (call, error);
  return call;
}

SmbCall *
smb_path_call_new (SmbConnection *connection,
                   const char    *verb,
                   const char    *share,
                   const char    *path,
                   SmbPathFlags   flags,
                   SmbPath       *parsed,
                   int            timeout_msec,
                   GCancellable  *cancellable)
{
  SmbCall *call = smb_share_call_new (connection, verb, share, path, timeout_msec, cancellable);

  smb_path_call_add (call, path, flags, parsed);
  return call;
}

void
smb_path_call_add (SmbCall      *call,
                   const char   *path,
                   SmbPathFlags  flags,
                   SmbPath      *parsed)
{
  GError *error = NULL;

  if (!smb_path_parse (path, flags, parsed, &error))
    refuse (call, error);
}

void
smb_path_call_refuse_root (SmbCall       *call,
                           const SmbPath *parsed)
{
  if (parsed->path != NULL && parsed->path[0] == '\0')
    refuse (call, g_error_new_literal (SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                                       "the path is that of the share itself"));
}

SmbPlan *
smb_operation_plan_new (SmbCall     *call,
                        SmbPlanDone  done,
                        gpointer     data)
{
  SmbPlan *plan = smb_plan_new (call, done, data);

  smb_plan_set_share (plan, smb_call_get_share (call));
  return plan;
}

SmbRequest *
smb_operation_add_open (SmbPlan       *plan,
                        const SmbPath *path,
                        guint32        access,
                        guint32        options)
{
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_CREATE);

  request->create.path = g_strdup (path->path);
  request->create.snapshot = path->snapshot;
  /* No SYNCHRONIZE, which nobody waits on here: with nothing but attributes asked for a server need not look
   * at the file's access list, which triples the cost (Samba 4.17). */
  request->create.desired_access = access;
  request->create.share_access = SMB_SHARE_ALL;
  request->create.disposition = SMB_DISPOSITION_OPEN;
  request->create.options = options;
  return request;
}

void
smb_operation_add_close (SmbPlan *plan)
{
  smb_plan_add (plan, SMB_COMMAND_CLOSE);
}

void
smb_operation_add_lazy_close (SmbPlan *plan)
{
  smb_plan_set_lazy_close (plan);
  smb_operation_add_close (plan);
}

void
smb_operation_add_set_info (SmbPlan   *plan,
                            guint8     info_class,
                            SmbWriter *input)
{
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_SET_INFO);

  request->set_info.type = SMB_INFO_TYPE_FILE;
  request->set_info.info_class = info_class;
  request->set_info.input = smb_writer_steal_bytes (input);
}

gboolean
smb_operation_check (SmbPlan *plan)
{
  GError *error = NULL;

  if (smb_plan_check (plan, SMB_PLAN_MAX_STEPS - 1, &error))
    return TRUE;
  smb_call_return_error (smb_plan_get_call (plan), error);
  return FALSE;
}

void
smb_operation_done (SmbPlan  *plan,
                    gpointer  data)
{
  if (smb_operation_check (plan))
    smb_call_return (smb_plan_get_call (plan), NULL, NULL);
}
