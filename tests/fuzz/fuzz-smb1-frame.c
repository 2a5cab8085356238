/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../unit/smb1-peer.h"
#include "fuzz.h"

/* One byte that says how it goes, then the server's messages, each with its size (2 bytes) in front. */
#define SIGNED        0x01 /* by this program, as only the server can */
#define NO_CLASSES    0x02 /* the server does not know the classes of [MS-FSCC] */
#define PAYLOAD_APART 0x04
#define SMALL_BUFFER  0x08 /* so that requests take several messages */
#define GO_ON         0x10 /* each answered request is sent once more */

#define MAX_MESSAGES 64

/* What is under way from the beginning, in the order of its MIDs, behind the login and the opening of a
 * folder. */
enum
{
  ECHO,
  CREATE,
  READ,
  WRITE,
  LIST,
  SECURITY,
  ALL_INFO,
  NETWORK_OPEN,
  FULL_SIZE,
  IOCTL,
  PIPE,
  SET,
  MOVE,
  CLOSE,
  TREE_CONNECT,
  SESSION_SETUP,
  PATH_INFO,
  N_REQUESTS,
};

static const SmbCommand commands[N_REQUESTS] = {
  [ECHO] = SMB_COMMAND_ECHO,
  [CREATE] = SMB_COMMAND_CREATE,
  [READ] = SMB_COMMAND_READ,
  [WRITE] = SMB_COMMAND_WRITE,
  [LIST] = SMB_COMMAND_QUERY_DIRECTORY,
  [SECURITY] = SMB_COMMAND_QUERY_INFO,
  [ALL_INFO] = SMB_COMMAND_QUERY_INFO,
  [NETWORK_OPEN] = SMB_COMMAND_QUERY_INFO,
  [FULL_SIZE] = SMB_COMMAND_QUERY_INFO,
  [IOCTL] = SMB_COMMAND_IOCTL,
  [PIPE] = SMB_COMMAND_IOCTL,
  [SET] = SMB_COMMAND_SET_INFO,
  [MOVE] = SMB_COMMAND_SET_INFO,
  [CLOSE] = SMB_COMMAND_CLOSE,
  [TREE_CONNECT] = SMB_COMMAND_TREE_CONNECT,
  [SESSION_SETUP] = SMB_COMMAND_SESSION_SETUP,
  [PATH_INFO] = SMB_COMMAND_QUERY_INFO,
};

static const guint8 payload[2000];

typedef struct
{
  Peer        peer;
  SmbRequest *requests[N_REQUESTS];
  guint8      mode;
} Play;

static void
fill_query (SmbRequest *request,
            guint       which)
{
  request->query_info.type = which == SECURITY ? SMB_INFO_TYPE_SECURITY
                             : which == FULL_SIZE ? SMB_INFO_TYPE_FILESYSTEM : SMB_INFO_TYPE_FILE;
  request->query_info.info_class = which == ALL_INFO ? SMB_FSCC_FILE_ALL
                                   : which == FULL_SIZE ? SMB_FSCC_FS_FULL_SIZE : SMB_FSCC_FILE_NETWORK_OPEN;
  request->query_info.max_output = 1000;
  request->query_info.path = which == PATH_INFO ? g_strdup ("path") : NULL;
}

static void
fill_set (SmbRequest *request,
          guint       which)
{
  SmbWriter w;

  smb_writer_init (&w, NULL);
  if (which == MOVE)
    smb_file_rename_info_encode ("elsewhere\\file", FALSE, &w);
  else
    smb_writer_bytes (&w, payload, sizeof payload);
  request->set_info.type = which == MOVE ? SMB_INFO_TYPE_FILE : SMB_INFO_TYPE_SECURITY;
  request->set_info.info_class = SMB_FSCC_FILE_RENAME;
  request->set_info.input = smb_writer_steal_bytes (&w);
}

static void
fill (SmbRequest *request,
      guint       which)
{
  switch (request->command)
    {
    case SMB_COMMAND_CREATE:
      request->create.path = g_strdup ("new");
      break;
    case SMB_COMMAND_READ:
      request->read.length = 1000;
      break;
    case SMB_COMMAND_WRITE:
      request->write.data = payload;
      request->write.size = sizeof payload;
      break;
    case SMB_COMMAND_QUERY_DIRECTORY:
      request->query_directory.info_class = SMB_FSCC_FILE_ID_BOTH_DIRECTORY;
      request->query_directory.max_output = 4000;
      break;
    case SMB_COMMAND_QUERY_INFO:
      fill_query (request, which);
      break;
    case SMB_COMMAND_SET_INFO:
      fill_set (request, which);
      break;
    case SMB_COMMAND_IOCTL:
      request->ioctl.code = which == PIPE ? SMB_FSCC_FSCTL_PIPE_TRANSCEIVE : 1;
      request->ioctl.input = g_bytes_new_static (payload, sizeof payload);
      request->ioctl.max_output = 1000;
      break;
    case SMB_COMMAND_TREE_CONNECT:
      request->tree_connect.path = g_strdup ("\\\\server\\share");
      break;
    default:
      break;
    }
}

static void
begin (Play   *self,
       guint8  mode)
{
  PeerOptions options = peer_options ();
  SmbFileHandle folder;

  self->mode = mode;
  options.sign = (mode & SIGNED) != 0;
  if (mode & NO_CLASSES)
    options.capabilities &= ~SMB_SMB1_CAP_INFOLEVEL_PASSTHRU;
  if (mode & SMALL_BUFFER)
    options.max_buffer_size = 1024;
  peer_init (&self->peer, &options);

  folder = peer_open (&self->peer, "folder", 0);
  peer_clear_items (&self->peer);
  for (guint i = 0; i < N_REQUESTS; i++)
    {
      self->requests[i] = smb_request_new (commands[i]);
      self->requests[i]->handle = folder;
      fill (self->requests[i], i);
      peer_send_request (&self->peer, self->requests[i]);
    }
}

/* The library may refuse to build what makes no sense any more. */
static void
send_again (Play       *self,
            SmbRequest *request)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SmbFrame) frame = smb_dialect_build (self->peer.dialect, &request, 1, &error);

  if (frame != NULL)
    g_assert_true (smb_dialect_finish (self->peer.dialect, frame, SMB_PROTECTION_NONE, 1, &error));
}

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
  if (smb_nt_status_is_error (reply->status))
    return;
  if (reply->command == SMB_COMMAND_READ)
    touch (reply->read.data, reply->read.size);
  else if (reply->command == SMB_COMMAND_SESSION_SETUP)
    touch (reply->session_setup.token, reply->session_setup.token_size);
  else if (reply->command == SMB_COMMAND_IOCTL || reply->command == SMB_COMMAND_QUERY_DIRECTORY
           || reply->command == SMB_COMMAND_QUERY_INFO)
    touch (reply->output.data, reply->output.size);
}

/* The requests have the MIDs from 3 on; those that were sent again, the following. */
static void
take_reply (Play          *self,
            const SmbItem *item)
{
  g_autoptr(GError) error = NULL;
  SmbReply reply;

  for (guint i = 0; i < N_REQUESTS; i++)
    if (commands[i] == item->command && (item->key - 3) % N_REQUESTS == i)
      {
        if (smb_dialect_decode (self->peer.dialect, item, self->requests[i], &reply, &error))
          touch_reply (&reply);
        else
          g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
        if (self->mode & GO_ON)
          send_again (self, self->requests[i]);
        return;
      }
}

static void
take_item (Play          *self,
           const SmbItem *item)
{
  SmbFrame *frame;

  if (item->kind == SMB_ITEM_REPLY)
    take_reply (self, item);
  else if (item->kind == SMB_ITEM_CONTINUE)
    while ((frame = peer_next_part (&self->peer, item->key)) != NULL)
      smb_frame_free (frame);
}

static void
sign (Play   *self,
      guint8 *bytes,
      gsize   size)
{
  SmbSmb1Outstanding *outstanding =
    &smb_smb1_dialect_get_state (SMB_SMB1_DIALECT (self->peer.dialect))->outstanding;
  const GOutputVector vector = { bytes, size };
  const SmbSmb1Sent *sent;

  if (!(self->mode & SIGNED) || size < SMB_SMB1_HEADER_SIZE)
    return;
  sent = smb_smb1_outstanding_find (outstanding, smb_smb1_get_u16 (bytes, SMB_SMB1_HEADER_MID));
  if (sent != NULL)
    smb_smb1_sign (self->peer.key, sent->number, bytes, &vector, 1);
}

/* FALSE when the connection has to end. */
static gboolean
receive (Play   *self,
         guint8 *bytes,
         gsize   size)
{
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *first = NULL;
  g_autofree guint8 *rest = NULL;
  SmbReceived received = { 0 };
  gsize offset = size;
  gsize payload_size = 0;
  gboolean taken;
  guint64 key;

  sign (self, bytes, size);
  if (!(self->mode & PAYLOAD_APART)
      || !smb_dialect_peek (self->peer.dialect, bytes, MIN (size, 59), size, &key, &offset, &payload_size))
    offset = size;
  g_assert_cmpuint (offset, <=, size);
  received.bytes = first = g_memdup2 (bytes, offset);
  received.size = offset;
  received.payload = rest = offset < size ? g_memdup2 (bytes + offset, size - offset) : NULL;
  received.payload_size = size - offset;

  taken = smb_dialect_parse (self->peer.dialect, &received, self->peer.items, &error);
  for (guint i = 0; taken && i < self->peer.items->len; i++)
    take_item (self, &g_array_index (self->peer.items, SmbItem, i));
  if (!taken)
    g_assert_true (error->domain == SMB_ERROR && self->peer.items->len == 0);
  peer_clear_items (&self->peer);
  return taken;
}

static void
end (Play *self)
{
  for (guint i = 0; i < N_REQUESTS; i++)
    smb_request_free (self->requests[i]);
  peer_clear (&self->peer);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  Play self = { 0 };
  gsize offset = 1;

  if (size < 1)
    return 0;

  begin (&self, data[0]);
  for (guint i = 0; i < MAX_MESSAGES && size - offset >= 2; i++)
    {
      gsize message_size = MIN (smb_smb1_get_u16 (data, offset), size - offset - 2);
      g_autofree guint8 *message = g_memdup2 (data + offset + 2, message_size);

      if (!receive (&self, message, message_size))
        break;
      offset += 2 + message_size;
    }
  end (&self);
  return 0;
}
