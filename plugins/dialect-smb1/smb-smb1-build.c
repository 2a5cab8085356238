/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-build.h"

static const SmbSmb1Encoder encoders[] = {
  [SMB_COMMAND_SESSION_SETUP] = smb_smb1_encode_session_setup,
  [SMB_COMMAND_LOGOFF] = smb_smb1_encode_logoff,
  [SMB_COMMAND_TREE_CONNECT] = smb_smb1_encode_tree_connect,
  [SMB_COMMAND_TREE_DISCONNECT] = smb_smb1_encode_tree_disconnect,
  [SMB_COMMAND_CREATE] = smb_smb1_encode_create,
  [SMB_COMMAND_CLOSE] = smb_smb1_encode_close,
  [SMB_COMMAND_FLUSH] = smb_smb1_encode_flush,
  [SMB_COMMAND_READ] = smb_smb1_encode_read,
  [SMB_COMMAND_WRITE] = smb_smb1_encode_write,
  [SMB_COMMAND_IOCTL] = smb_smb1_encode_ioctl,
  [SMB_COMMAND_ECHO] = smb_smb1_encode_echo,
  [SMB_COMMAND_QUERY_DIRECTORY] = smb_smb1_encode_query_directory,
  [SMB_COMMAND_QUERY_INFO] = smb_smb1_encode_query_info,
  [SMB_COMMAND_SET_INFO] = smb_smb1_encode_set_info,
};

guint16
smb_smb1_get_flags2 (const SmbSmb1Builder *builder)
{
  return builder->terms->extended_security ? SMB_SMB1_FLAG2_EXTENDED_SECURITY : 0;
}

void
smb_smb1_begin_message (const SmbSmb1Builder *builder,
                        const SmbRequest     *request,
                        SmbFrame             *frame,
                        SmbWriter            *writer,
                        SmbSmb1Command        command,
                        guint16               flags2)
{
  smb_smb1_frame_begin (frame, writer);
  smb_smb1_header_write (writer, command, smb_smb1_get_flags2 (builder) | flags2, request->tree_id);
}

gsize
smb_smb1_begin_step (const SmbSmb1Builder *builder,
                     const SmbRequest     *request,
                     SmbFrame             *frame,
                     SmbWriter            *writer,
                     SmbSmb1Command        command)
{
  gsize part = smb_smb1_frame_begin_part (frame, SMB_SMB1_PART_STEP, writer);

  smb_smb1_header_write (writer, command, smb_smb1_get_flags2 (builder), request->tree_id);
  return part;
}

/* Only data may be more than what the server said it takes. Transactions see to that themselves. */
static gboolean
check_size (const SmbSmb1Builder  *builder,
            SmbFrame              *frame,
            GError               **error)
{
  const SmbFrameMessage *message = smb_frame_get_message (frame, 0);

  if (message->size <= builder->terms->max_buffer_size)
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
               "A %s request of %" G_GSIZE_FORMAT " bytes is more than the server takes",
               smb_command_get_name (message->command), message->size);
  return FALSE;
}

SmbFrame *
smb_smb1_build (const SmbSmb1Builder  *builder,
                const SmbRequest      *request,
                GError               **error)
{
  g_autoptr(SmbFrame) frame = smb_smb1_frame_new (request->command);

  if ((guint) request->command >= G_N_ELEMENTS (encoders) || encoders[request->command] == NULL
      || request->related)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "SMB1 has no %s%s",
                   request->related ? "related " : "", smb_command_get_name (request->command));
      return NULL;
    }

  smb_smb1_frame_get_note (frame)->serial = request->handle.transient;
  if (!encoders[request->command](builder, request, frame, error) || !check_size (builder, frame, error))
    return NULL;

  return g_steal_pointer (&frame);
}

SmbFrame *
smb_smb1_build_negotiate (SmbSignOptions sign_options)
{
  SmbFrame *frame = smb_smb1_frame_new (SMB_COMMAND_NEGOTIATE);
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_frame_begin (frame, &w);
  smb_smb1_negotiate_write (sign_options, &w);
  smb_smb1_frame_end (frame, &w);
  smb_frame_get_message (frame, 0)->units = 1;
  smb_smb1_frame_set_vectors (frame);
  return frame;
}
