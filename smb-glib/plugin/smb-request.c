/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-request.h"

#include <string.h>

static const char *const command_names[] = {
  [SMB_COMMAND_NEGOTIATE] = "NEGOTIATE",
  [SMB_COMMAND_SESSION_SETUP] = "SESSION_SETUP",
  [SMB_COMMAND_LOGOFF] = "LOGOFF",
  [SMB_COMMAND_TREE_CONNECT] = "TREE_CONNECT",
  [SMB_COMMAND_TREE_DISCONNECT] = "TREE_DISCONNECT",
  [SMB_COMMAND_CREATE] = "CREATE",
  [SMB_COMMAND_CLOSE] = "CLOSE",
  [SMB_COMMAND_FLUSH] = "FLUSH",
  [SMB_COMMAND_READ] = "READ",
  [SMB_COMMAND_WRITE] = "WRITE",
  [SMB_COMMAND_IOCTL] = "IOCTL",
  [SMB_COMMAND_CANCEL] = "CANCEL",
  [SMB_COMMAND_ECHO] = "ECHO",
  [SMB_COMMAND_QUERY_DIRECTORY] = "QUERY_DIRECTORY",
  [SMB_COMMAND_QUERY_INFO] = "QUERY_INFO",
  [SMB_COMMAND_SET_INFO] = "SET_INFO",
};

/* For messages to people: "unknown" for what is no command of ours, never NULL. */
const char *
smb_command_get_name (SmbCommand command)
{
  if ((guint) command >= G_N_ELEMENTS (command_names) || command_names[command] == NULL)
    return "unknown";
  return command_names[command];
}

SmbRequest *
smb_request_new (SmbCommand command)
{
  SmbRequest *self = g_new (SmbRequest, 1);

  /* calloc() of glibc would pass the thread's own cache by. */
  memset (self, 0, sizeof *self);
  self->command = command;
  return self;
}

static void
clear_body (SmbRequest *self)
{
  switch (self->command)
    {
    case SMB_COMMAND_SESSION_SETUP:
      g_clear_pointer (&self->session_setup.token, g_bytes_unref);
      g_clear_pointer (&self->session_setup.lm_response, g_bytes_unref);
      g_clear_pointer (&self->session_setup.nt_response, g_bytes_unref);
      g_clear_pointer (&self->session_setup.username, g_free);
      g_clear_pointer (&self->session_setup.domain, g_free);
      break;
    case SMB_COMMAND_TREE_CONNECT:
      g_clear_pointer (&self->tree_connect.path, g_free);
      break;
    case SMB_COMMAND_CREATE:
      g_clear_pointer (&self->create.path, g_free);
      break;
    case SMB_COMMAND_WRITE:
      g_clear_pointer (&self->write.owner, g_bytes_unref);
      break;
    case SMB_COMMAND_IOCTL:
      g_clear_pointer (&self->ioctl.input, g_bytes_unref);
      break;
    case SMB_COMMAND_QUERY_DIRECTORY:
      g_clear_pointer (&self->query_directory.pattern, g_free);
      g_clear_pointer (&self->query_directory.path, g_free);
      break;
    case SMB_COMMAND_QUERY_INFO:
      g_clear_pointer (&self->query_info.path, g_free);
      break;
    case SMB_COMMAND_SET_INFO:
      g_clear_pointer (&self->set_info.input, g_bytes_unref);
      break;
    default:
      break;
    }
}

void
smb_request_free (SmbRequest *self)
{
  clear_body (self);
  g_free (self);
}
