/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-shares.h"

#include "engine/connection/smb-connection.h"
#include "engine/operations/smb-operation.h"
#include "engine/operations/smb-pipe.h"
#include "wire/smb-srvsvc.h"

/* No server has so many. */
#define MAX_SHARES G_MAXUINT16

/* NetrShareEnum ([MS-SRVS] 3.1.4.8), again and again while there is more. */
typedef struct
{
  SmbPipe   *pipe;   /* from start to cleanup */
  GPtrArray *shares; /* of SmbSrvsvcShare */
  guint32    resume_handle;
} Shares;

static void
shares_free (gpointer data)
{
  Shares *self = data;

  g_clear_pointer (&self->shares, g_ptr_array_unref);
  g_free (self);
}

static void ask (SmbPipe  *pipe,
                 gpointer  data);

static gboolean
take (Shares              *self,
      SmbSrvsvcShareEnum  *answer,
      GError             **error)
{
  if (answer->more && (answer->shares->len == 0 || answer->resume_handle == self->resume_handle ||
                       self->shares->len > MAX_SHARES))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "the list of shares has no end");
      return FALSE;
    }
  self->resume_handle = answer->resume_handle;
  g_ptr_array_extend_and_steal (self->shares, g_ptr_array_ref (answer->shares));
  return TRUE;
}

static void
answered (SmbPipe       *pipe,
          gconstpointer  stub,
          gsize          size,
          gpointer       data)
{
  SmbCall                       *call = data;
  Shares                        *self = smb_call_get_data (call);
  g_autoptr(SmbSrvsvcShareEnum)  answer = NULL;
  GError                        *error = NULL;

  answer = smb_srvsvc_share_enum_decode (stub, size, &error);
  if (answer == NULL || !take (self, answer, &error))
    {
      g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (call));
      smb_call_return_error (call, error);
    }
  else if (answer->more)
    ask (pipe, call);
  else
    smb_call_return (call, g_steal_pointer (&self->shares), (GDestroyNotify) g_ptr_array_unref);
}

static void
ask (SmbPipe  *pipe,
     gpointer  data)
{
  SmbCall           *call = data;
  Shares            *self = smb_call_get_data (call);
  const char        *host = smb_connection_get_target_host (smb_call_get_connection (call));
  g_autofree char   *server = g_strconcat ("\\\\", host, NULL);
  g_autoptr(GBytes)  stub = smb_srvsvc_share_enum_encode (server, self->resume_handle);

  smb_pipe_call (pipe, SMB_SRVSVC_OPNUM_NETR_SHARE_ENUM, stub, answered, call);
}

static void
start (SmbCall *call)
{
  Shares *self = smb_call_get_data (call);

  self->pipe = smb_pipe_new (call, SMB_SRVSVC_PIPE);
  smb_pipe_open (self->pipe, &smb_srvsvc_interface, ask, call);
}

static void
cleanup (SmbCall *call)
{
  Shares *self = smb_call_get_data (call);

  g_clear_pointer (&self->pipe, smb_pipe_free);
}

SmbCall *
smb_list_shares_call_new (SmbConnection *connection,
                          int            timeout_msec,
                          GCancellable  *cancellable)
{
  SmbCall *call = smb_call_new (connection, "list the shares", NULL, NULL, timeout_msec, cancellable);
  Shares  *self = g_new0 (Shares, 1);

  self->shares = g_ptr_array_new_with_free_func ((GDestroyNotify) smb_srvsvc_share_free);
  smb_call_set_operation (call, start, cleanup, self, shares_free);
  return call;
}

/* All that there is to do the connection does for any plan on the share. */
static void
start_connecting (SmbCall *call)
{
  smb_plan_submit (smb_operation_plan_new (call, smb_operation_done, NULL));
}

SmbCall *
smb_connect_share_call_new (SmbConnection *connection,
                            const char    *share,
                            int            timeout_msec,
                            GCancellable  *cancellable)
{
  SmbCall *call =
    smb_share_call_new (connection, "connect to the share", share, NULL, timeout_msec, cancellable);

  smb_call_set_operation (call, start_connecting, NULL, NULL, NULL);
  return call;
}
