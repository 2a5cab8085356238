/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-pipe.h"

#include "engine/connection/smb-connection.h"
#include "engine/operations/smb-operation.h"
#include "wire/smb-fscc.h"
#include "wire/smb-ntstatus.h"

#define PIPE_SHARE "IPC$"
#define PIPE_ACCESS                                                                                 \
  (SMB_FSCC_ACCESS_READ_DATA | SMB_FSCC_ACCESS_WRITE_DATA | SMB_FSCC_ACCESS_APPEND_DATA |           \
   SMB_FSCC_ACCESS_READ_EA | SMB_FSCC_ACCESS_WRITE_EA | SMB_FSCC_ACCESS_READ_ATTRIBUTES |           \
   SMB_FSCC_ACCESS_WRITE_ATTRIBUTES | SMB_FSCC_ACCESS_READ_CONTROL)
/* No answer has so many bytes unless the server means harm. */
#define MAX_STUB_SIZE (64 * 1024 * 1024)

struct _SmbPipe
{
  SmbCall        *call; /* unowned: it owns what owns this */
  char           *name;

  gboolean        opened;
  guint32         tree_id;
  SmbFileHandle   handle;

  guint32         call_id;
  GByteArray     *bind_answer;
  SmbPipeReady    ready;
  SmbDcerpcReply *answer;
  SmbPipeReply    reply;
  gpointer        data; /* of the two */
};

SmbPipe *
smb_pipe_new (SmbCall    *call,
              const char *name)
{
  SmbPipe *self = g_new0 (SmbPipe, 1);

  self->call = call;
  self->name = g_strdup (name);
  self->bind_answer = g_byte_array_new ();
  return self;
}

void
smb_pipe_free (SmbPipe *self)
{
  if (self->opened)
    smb_connection_close_handle (smb_call_get_connection (self->call), self->tree_id, &self->handle);
  g_clear_pointer (&self->answer, smb_dcerpc_reply_free);
  g_byte_array_unref (self->bind_answer);
  g_free (self->name);
  g_free (self);
}

/* Takes @error. */
static void
fail (SmbPipe *self,
      GError  *error)
{
  g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (self->call));
  smb_call_return_error (self->call, error);
}

/* [MS-SMB2] 3.2.4.20.4: writes a message and reads the beginning of what the pipe answers. */
static SmbRequest *
add_transceive (SmbPlan *plan,
                GBytes  *message)
{
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_IOCTL);

  request->ioctl.code = SMB_FSCC_FSCTL_PIPE_TRANSCEIVE;
  request->ioctl.input = message;
  request->ioctl.max_output = SMB_DCERPC_MAX_FRAGMENT;
  return request;
}

/* For a plan on the open pipe, where nothing can be tried twice. */
static void
use_handle (SmbPipe    *self,
            SmbPlan    *plan,
            SmbRequest *request)
{
  smb_plan_set_alone (plan);
  request->tree_id = self->tree_id;
  request->handle = self->handle;
}

static void
read_more (SmbPipe     *self,
           SmbPlanDone  done)
{
  SmbPlan    *plan = smb_plan_new (self->call, done, self);
  SmbRequest *request = smb_plan_add (plan, SMB_COMMAND_READ);

  use_handle (self, plan, request);
  request->read.length = SMB_DCERPC_MAX_FRAGMENT;
  smb_plan_submit (plan);
}

/* What the last step brought: the bytes of an IOCTL or of a READ. */
static const guint8 *
get_bytes (SmbPlan *plan,
           guint    step,
           gsize   *size)
{
  const SmbReply *reply = smb_plan_get_reply (plan, step);

  if (smb_plan_get_request (plan, step)->command == SMB_COMMAND_READ)
    {
      *size = reply->read.size;
      return reply->read.data;
    }
  *size = reply->output.size;
  return reply->output.data;
}

/* Opening. */

static void
bind_answered (SmbPipe *self)
{
  const GByteArray *answer = self->bind_answer;
  SmbDcerpcBindAck  ack;
  GError           *error = NULL;

  if (smb_dcerpc_bind_ack_decode (&ack, self->call_id, answer->data, answer->len, &error))
    self->ready (self, self->data);
  else
    fail (self, error);
}

static void bind_read (SmbPlan  *plan,
                       gpointer  data);

/* A part of a message is told by BUFFER_OVERFLOW: the rest is to be read ([MS-SMB2] 3.3.5.15.10). */
static void
take_bind_bytes (SmbPipe *self,
                 SmbPlan *plan,
                 guint    step)
{
  gsize         size;
  const guint8 *bytes = get_bytes (plan, step, &size);

  g_byte_array_append (self->bind_answer, bytes, size);
  if (smb_plan_get_status (plan, step) != SMB_STATUS_BUFFER_OVERFLOW)
    bind_answered (self);
  else if (size == 0 || self->bind_answer->len > G_MAXUINT16)
    fail (self, g_error_new_literal (SMB_ERROR, SMB_ERROR_PROTOCOL, "the answer to a bind has no end"));
  else
    read_more (self, bind_read);
}

static void
bind_read (SmbPlan  *plan,
           gpointer  data)
{
  if (smb_operation_check (plan))
    take_bind_bytes (data, plan, 0);
}

static void
open_done (SmbPlan  *plan,
           gpointer  data)
{
  SmbPipe *self = data;

  if (!smb_nt_status_is_error (smb_plan_get_status (plan, 0)) &&
      smb_plan_get_status (plan, 0) != SMB_STATUS_NO_ANSWER)
    {
      self->opened = TRUE;
      self->tree_id = smb_plan_get_request (plan, 0)->tree_id;
      self->handle = smb_plan_get_reply (plan, 0)->create.handle;
    }
  if (smb_operation_check (plan))
    take_bind_bytes (self, plan, 1);
}

void
smb_pipe_open (SmbPipe                  *self,
               const SmbDcerpcInterface *interface,
               SmbPipeReady              ready,
               gpointer                  data)
{
  SmbPlan       *plan = smb_plan_new (self->call, open_done, self);
  const SmbPath  path = { self->name, 0 };

  self->ready = ready;
  self->data = data;
  self->call_id = 1;
  smb_plan_set_share (plan, PIPE_SHARE);
  smb_operation_add_open (plan, &path, PIPE_ACCESS, SMB_OPTION_NON_DIRECTORY_FILE);
  add_transceive (plan, smb_dcerpc_bind_encode (self->call_id, interface));
  smb_plan_submit (plan);
}

/* Calling. */

static void call_read (SmbPlan  *plan,
                       gpointer  data);

static void
call_answered (SmbPipe *self)
{
  g_autoptr(SmbDcerpcReply) answer = g_steal_pointer (&self->answer);
  gsize                     size;
  gconstpointer             stub = smb_dcerpc_reply_get_stub (answer, &size);

  self->reply (self, stub, size, self->data);
}

static void
take_call_bytes (SmbPipe *self,
                 SmbPlan *plan)
{
  gsize         size;
  const guint8 *bytes = get_bytes (plan, 0, &size);
  GError       *error = NULL;

  smb_call_touch (self->call);
  if (!smb_dcerpc_reply_push (self->answer, bytes, size, &error))
    fail (self, error);
  else if (smb_dcerpc_reply_is_complete (self->answer))
    call_answered (self);
  else if (size == 0)
    fail (self, g_error_new_literal (SMB_ERROR, SMB_ERROR_PROTOCOL, "the answer of the pipe has no end"));
  else
    read_more (self, call_read);
}

static void
call_read (SmbPlan  *plan,
           gpointer  data)
{
  if (smb_operation_check (plan))
    take_call_bytes (data, plan);
}

void
smb_pipe_call (SmbPipe      *self,
               guint16       opnum,
               GBytes       *stub,
               SmbPipeReply  reply,
               gpointer      data)
{
  SmbPlan       *plan = smb_plan_new (self->call, call_read, self);
  gsize          size;
  gconstpointer  bytes = g_bytes_get_data (stub, &size);

  self->reply = reply;
  self->data = data;
  self->call_id++;
  self->answer = smb_dcerpc_reply_new (self->call_id, MAX_STUB_SIZE);
  use_handle (self, plan,
              add_transceive (plan, smb_dcerpc_request_encode (self->call_id, opnum, bytes, size)));
  smb_plan_submit (plan);
}
