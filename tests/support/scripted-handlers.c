/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

/* ECHO and others that have nothing to tell */
static void
handle_simple (ScriptedRequest *request,
               ScriptedReply   *reply)
{
  smb_writer_u16 (&reply->message, 4); /* StructureSize */
  smb_writer_u16 (&reply->message, 0);
}

/* [MS-SMB2] 2.2.24, 2.2.25: what the client says to a break, said back */
static void
handle_oplock_break (ScriptedRequest *request,
                     ScriptedReply   *reply)
{
  const guint8 *said = smb_reader_bytes (&request->reader, 22);

  if (said == NULL)
    {
      scripted_reply_fail (reply, SMB_STATUS_INVALID_PARAMETER);
      return;
    }
  smb_writer_u16 (&reply->message, 24); /* StructureSize */
  smb_writer_bytes (&reply->message, said, 22);
}

static const ScriptedHandler handlers[SCRIPTED_N_COMMANDS] = {
  [SCRIPTED_NEGOTIATE] = scripted_handle_negotiate,
  [SCRIPTED_SESSION_SETUP] = scripted_handle_session_setup,
  [SCRIPTED_LOGOFF] = scripted_handle_logoff,
  [SCRIPTED_TREE_CONNECT] = scripted_handle_tree_connect,
  [SCRIPTED_TREE_DISCONNECT] = scripted_handle_tree_disconnect,
  [SCRIPTED_CREATE] = scripted_handle_create,
  [SCRIPTED_CLOSE] = scripted_handle_close,
  [SCRIPTED_FLUSH] = scripted_handle_flush,
  [SCRIPTED_READ] = scripted_handle_read,
  [SCRIPTED_WRITE] = scripted_handle_write,
  [SCRIPTED_LOCK] = handle_simple,
  [SCRIPTED_IOCTL] = scripted_handle_ioctl,
  [SCRIPTED_ECHO] = handle_simple,
  [SCRIPTED_QUERY_DIRECTORY] = scripted_handle_query_directory,
  [SCRIPTED_QUERY_INFO] = scripted_handle_query_info,
  [SCRIPTED_SET_INFO] = scripted_handle_set_info,
  [SCRIPTED_OPLOCK_BREAK] = handle_oplock_break,
};

ScriptedHandler
scripted_get_handler (ScriptedCommand command)
{
  return command < SCRIPTED_N_COMMANDS ? handlers[command] : NULL;
}
