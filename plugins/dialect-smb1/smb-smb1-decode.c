/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-decode.h"

#include "smb-smb1-transaction.h"

#define ACTION_GUEST          0x0001
#define SHARE_IS_IN_DFS       0x0002
#define FILE_TYPE_DISK        0
#define EXTENDED_CREATE_WORDS 42 /* as all servers say, though there are 50 ([MS-SMB] 2.2.4.9.2) */
#define MAXIMUM_ALLOWED       0x001f01ff /* all rights to a file ([MS-SMB] 2.2.1.4.1) */

/* ShareType of [MS-SMB2] 2.2.10 */
#define SHARE_TYPE_DISK       1
#define SHARE_TYPE_PIPE       2
#define SHARE_TYPE_PRINT      3

/* The command's words, of which there must be @least. */
static guint8
begin_words (SmbReader *r,
             guint8     least)
{
  guint8 word_count = smb_reader_u8 (r); /* WordCount */

  if (word_count < least)
    smb_reader_fail (r);
  return word_count;
}

static void
skip_andx (SmbReader *r)
{
  smb_reader_skip (r, 4); /* AndXCommand, AndXReserved, AndXOffset: nothing was chained */
}

/* [MS-SMB] 2.2.4.6.2, [MS-CIFS] 2.2.4.53.2 */
static void
decode_session_setup (SmbReader        *r,
                      const SmbItem    *item,
                      const SmbRequest *request,
                      SmbReply         *reply)
{
  guint8 word_count = begin_words (r, 3);
  gsize size = 0;

  skip_andx (r);
  reply->session_setup.guest = (smb_reader_u16 (r) & ACTION_GUEST) != 0; /* Action */
  if (word_count >= 4)
    size = smb_reader_u16 (r);                                           /* SecurityBlobLength */
  smb_reader_skip (r, 2);                                                /* ByteCount */
  reply->session_setup.token = size == 0 ? NULL : smb_reader_bytes (r, size); /* SecurityBlob */
  reply->session_setup.token_size = size;
}

/* Service is the first of the bytes, and not in UTF-16. */
static guint8
read_share_type (SmbReader *r)
{
  gsize size = smb_reader_u16 (r); /* ByteCount */
  const char *service;

  size = MIN (size, smb_reader_get_remaining (r));
  service = (const char *) smb_reader_bytes (r, size);
  if (service != NULL && size >= 4 && memcmp (service, "IPC", 4) == 0)
    return SHARE_TYPE_PIPE;
  if (service != NULL && size >= 6 && memcmp (service, "LPT1:", 6) == 0)
    return SHARE_TYPE_PRINT;
  return SHARE_TYPE_DISK;
}

/* [MS-CIFS] 2.2.4.55.2, [MS-SMB] 2.2.4.7.2 */
static void
decode_tree_connect (SmbReader        *r,
                     const SmbItem    *item,
                     const SmbRequest *request,
                     SmbReply         *reply)
{
  guint8 word_count = begin_words (r, 2);

  reply->tree_connect.maximal_access = MAXIMUM_ALLOWED;
  skip_andx (r);
  if (word_count >= 3)
    reply->tree_connect.dfs = (smb_reader_u16 (r) & SHARE_IS_IN_DFS) != 0; /* OptionalSupport */
  if (word_count >= 5)
    reply->tree_connect.maximal_access = smb_reader_u32 (r); /* MaximalShareAccessRights */
  smb_reader_seek (r, SMB_SMB1_HEADER_SIZE + 1 + 2 * (gsize) word_count);
  reply->tree_connect.share_type = read_share_type (r);
  if (!r->failed)
    reply->tree_connect.tree_id = smb_smb1_get_u16 (item->bytes, SMB_SMB1_HEADER_TID);
}

/* [MS-CIFS] 2.2.4.64.2, [MS-SMB] 2.2.4.9.2. Returns the FID. */
static guint16
read_create (SmbReader *r,
             SmbReply  *reply,
             gboolean  *is_pipe)
{
  guint8 word_count = begin_words (r, 34);
  guint16 fid;

  skip_andx (r);
  smb_reader_skip (r, 1);                              /* OpLockLevel */
  fid = smb_reader_u16 (r);                            /* FID */
  reply->create.action = smb_reader_u32 (r);           /* CreateDisposition */
  reply->create.creation_time = smb_reader_u64 (r);    /* CreateTime */
  reply->create.last_access_time = smb_reader_u64 (r); /* LastAccessTime */
  reply->create.last_write_time = smb_reader_u64 (r);  /* LastWriteTime */
  reply->create.change_time = smb_reader_u64 (r);      /* LastChangeTime */
  reply->create.file_attributes = smb_reader_u32 (r);  /* ExtFileAttributes */
  reply->create.allocation_size = smb_reader_u64 (r);  /* AllocationSize */
  reply->create.end_of_file = smb_reader_u64 (r);      /* EndOfFile */
  *is_pipe = smb_reader_u16 (r) != FILE_TYPE_DISK;     /* ResourceType */
  smb_reader_skip (r, 2);                              /* NMPipeStatus_or_FileStatusFlags */
  smb_reader_skip (r, 1);                              /* Directory */
  if (word_count >= EXTENDED_CREATE_WORDS)
    {
      smb_reader_skip (r, 16);                         /* VolumeGUID */
      reply->create.file_id = smb_reader_u64 (r);      /* FileId */
    }
  return fid;
}

/* [MS-CIFS] 2.2.4.42.2, [MS-SMB] 2.2.4.2.2 */
static void
decode_read (SmbReader        *r,
             const SmbItem    *item,
             const SmbRequest *request,
             SmbReply         *reply)
{
  SmbReader range;
  gsize size, offset;

  begin_words (r, 12);
  skip_andx (r);
  smb_reader_skip (r, 2 + 2 + 2);              /* Available, DataCompactionMode, Reserved1 */
  size = smb_reader_u16 (r);                   /* DataLength */
  offset = smb_reader_u16 (r);                 /* DataOffset */
  size |= (gsize) smb_reader_u16 (r) << 16;    /* DataLengthHigh */
  smb_reader_skip (r, 8);                      /* Reserved2 */

  if (size > request->read.length || (size > 0 && offset < r->offset))
    smb_reader_fail (r);
  if (item->payload != NULL && size > 0)
    {
      if (offset != item->size || size != item->payload_size)
        smb_reader_fail (r);
      reply->read.data = item->payload;
    }
  else
    {
      smb_reader_sub (r, &range, offset, size);
      reply->read.data = size == 0 ? NULL : smb_reader_bytes (&range, size);
    }
  reply->read.size = size;
}

/* [MS-CIFS] 2.2.4.43.2, [MS-SMB] 2.2.4.3.2 */
static void
decode_write (SmbReader        *r,
              const SmbItem    *item,
              const SmbRequest *request,
              SmbReply         *reply)
{
  begin_words (r, 6);
  skip_andx (r);
  reply->write.count = smb_reader_u16 (r);                        /* Count */
  smb_reader_skip (r, 2);                                         /* Available */
  reply->write.count |= (guint32) smb_reader_u16 (r) << 16;       /* CountHigh */

  if (reply->write.count > request->write.size)
    smb_reader_fail (r);
}

static gsize
get_limit (const SmbRequest *request)
{
  switch (request->command)
    {
    case SMB_COMMAND_IOCTL:
      return request->ioctl.max_output;
    case SMB_COMMAND_QUERY_DIRECTORY:
      return request->query_directory.max_output;
    case SMB_COMMAND_QUERY_INFO:
      return request->query_info.max_output;
    default:
      return 0;
    }
}

/* The data of a transaction, all of which is in this message. */
static void
decode_output (SmbReader        *r,
               const SmbItem    *item,
               const SmbRequest *request,
               SmbReply         *reply)
{
  SmbSmb1TransactionReply transaction;

  if (!smb_smb1_transaction_read (&transaction, item->bytes, item->size, NULL)
      || transaction.n_data > get_limit (request))
    {
      smb_reader_fail (r);
      return;
    }
  reply->output.data = transaction.data;
  reply->output.size = transaction.n_data;
}

typedef struct
{
  const char *what;
  void      (*decode) (SmbReader        *r,
                       const SmbItem    *item,
                       const SmbRequest *request,
                       SmbReply         *reply);
} Decoder;

/* Commands of whose response nothing is needed are not among them. */
static const Decoder decoders[] = {
  [SMB_COMMAND_SESSION_SETUP] = { "SESSION_SETUP_ANDX response", decode_session_setup },
  [SMB_COMMAND_TREE_CONNECT] = { "TREE_CONNECT_ANDX response", decode_tree_connect },
  [SMB_COMMAND_READ] = { "READ_ANDX response", decode_read },
  [SMB_COMMAND_WRITE] = { "WRITE_ANDX response", decode_write },
  [SMB_COMMAND_IOCTL] = { "response to a control code", decode_output },
  [SMB_COMMAND_QUERY_DIRECTORY] = { "FIND response", decode_output },
  [SMB_COMMAND_QUERY_INFO] = { "response with information", decode_output },
};

/* Whether the response has a body: a warning may have one ([MS-CIFS] 3.3.4.1), and so has a login that goes
 * on. */
static gboolean
has_body (const SmbItem *item)
{
  if (item->status == SMB_STATUS_SUCCESS)
    return TRUE;
  if (item->status == SMB_STATUS_BUFFER_OVERFLOW)
    return item->size > SMB_SMB1_HEADER_WORD_COUNT && item->bytes[SMB_SMB1_HEADER_WORD_COUNT] > 0;
  return item->status == SMB_STATUS_MORE_PROCESSING_REQUIRED && item->command == SMB_COMMAND_SESSION_SETUP;
}

static gboolean
decode_create (SmbSmb1Opens      *opens,
               SmbReader         *r,
               const SmbRequest  *request,
               SmbReply          *reply,
               GError           **error)
{
  gboolean is_pipe;
  guint16 fid = read_create (r, reply, &is_pipe);

  if (!smb_reader_finish (r, "NT_CREATE_ANDX response", error))
    return FALSE;
  reply->create.handle = smb_smb1_opens_add (opens, fid, is_pipe, request);
  return TRUE;
}

static gboolean
decode (SmbSmb1Opens      *opens,
        const SmbItem     *item,
        const SmbRequest  *request,
        SmbReply          *reply,
        GError           **error)
{
  const Decoder *decoder = NULL;
  SmbReader r;

  smb_reader_init (&r, item->bytes, item->size);
  smb_reader_skip (&r, SMB_SMB1_HEADER_SIZE);
  if (request->command == SMB_COMMAND_CREATE)
    return decode_create (opens, &r, request, reply, error);

  if ((guint) request->command < G_N_ELEMENTS (decoders))
    decoder = &decoders[request->command];
  if (decoder == NULL || decoder->decode == NULL)
    return TRUE;
  decoder->decode (&r, item, request, reply);
  return smb_reader_finish (&r, decoder->what, error);
}

static void
clear_reply (SmbReply      *reply,
             const SmbItem *item)
{
  memset (reply, 0, sizeof *reply);
  reply->command = item->command;
  reply->status = item->status;
}

gboolean
smb_smb1_decode (SmbSmb1Opens      *opens,
                 const SmbItem     *item,
                 const SmbRequest  *request,
                 SmbReply          *reply,
                 GError           **error)
{
  clear_reply (reply, item);
  if (item->command != request->command)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                   "The server answered a %s request with a %s response",
                   smb_command_get_name (request->command), smb_command_get_name (item->command));
      return FALSE;
    }

  if (request->command == SMB_COMMAND_CLOSE)
    smb_smb1_opens_remove (opens, request->handle.transient);
  if (!has_body (item) || decode (opens, item, request, reply, error))
    return TRUE;

  clear_reply (reply, item);
  return FALSE;
}
