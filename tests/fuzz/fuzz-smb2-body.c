/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-smb2-body.h"

/* What was asked, in front of the message: command, limit (2 bytes), a set of choices. */
#define PREAMBLE_SIZE 4

static const guint32 statuses[] = {
  SMB_STATUS_SUCCESS,           SMB_STATUS_BUFFER_OVERFLOW,          SMB_STATUS_STOPPED_ON_SYMLINK,
  SMB_STATUS_INVALID_PARAMETER, SMB_STATUS_MORE_PROCESSING_REQUIRED, SMB_STATUS_NO_MORE_FILES,
  SMB_STATUS_BUFFER_TOO_SMALL,  SMB_STATUS_OBJECT_NAME_NOT_FOUND,
};

static SmbRequest *
build_request (SmbCommand command,
               guint16    limit)
{
  SmbRequest *request = smb_request_new (command);

  switch (command)
    {
    case SMB_COMMAND_CREATE:
      request->create.path = g_strnfill (limit & 0xff, 'x');
      break;
    case SMB_COMMAND_READ:
      request->read.length = limit;
      break;
    case SMB_COMMAND_WRITE:
      request->write.size = limit;
      break;
    case SMB_COMMAND_IOCTL:
      request->ioctl.code = (limit & 1) != 0 ? 0x001440f2 : 0x0011c017;
      request->ioctl.max_output = limit;
      break;
    case SMB_COMMAND_QUERY_DIRECTORY:
      request->query_directory.max_output = limit;
      break;
    case SMB_COMMAND_QUERY_INFO:
      request->query_info.max_output = limit;
      break;
    default:
      break;
    }
  return request;
}

/* Reads all that the reply points to. */
static void
touch (const guint8 *data,
       gsize         size)
{
  for (gsize i = 0; i < size; i++)
    (void) *(const volatile guint8 *) (data + i);
}

static void
touch_reply (const SmbReply *reply)
{
  switch (reply->command)
    {
    case SMB_COMMAND_SESSION_SETUP:
      if (reply->status == SMB_STATUS_SUCCESS || reply->status == SMB_STATUS_MORE_PROCESSING_REQUIRED)
        touch (reply->session_setup.token, reply->session_setup.token_size);
      break;
    case SMB_COMMAND_READ:
      touch (reply->read.data, reply->read.size);
      break;
    case SMB_COMMAND_IOCTL:
    case SMB_COMMAND_QUERY_DIRECTORY:
    case SMB_COMMAND_QUERY_INFO:
      touch (reply->output.data, reply->output.size);
      break;
    default:
      break;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(SmbRequest) request = NULL;
  g_autofree guint8 *message = NULL;
  g_autofree guint8 *payload = NULL;
  g_autoptr(GError) error = NULL;
  SmbItem item = { 0 };
  SmbReply reply;
  gsize apart;

  if (size < PREAMBLE_SIZE)
    return 0;

  request = build_request (data[0] % (SMB_COMMAND_SET_INFO + 2), data[1] | data[2] << 8);
  item.command = request->command;
  item.status = statuses[data[3] % G_N_ELEMENTS (statuses)];

  /* READ's data may come in memory of its own. */
  apart = (data[3] & 0x80) != 0 && size - PREAMBLE_SIZE > 80 ? size - PREAMBLE_SIZE - 80 : 0;
  item.size = size - PREAMBLE_SIZE - apart;
  item.bytes = message = g_memdup2 (data + PREAMBLE_SIZE, item.size);
  item.payload_size = apart;
  item.payload = payload = g_memdup2 (data + size - apart, apart);

  if (smb_smb2_decode_body (&item, request, &reply, &error))
    touch_reply (&reply);
  else
    g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  return 0;
}
