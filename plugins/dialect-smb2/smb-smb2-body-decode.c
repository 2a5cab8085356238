/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-body-private.h"

#include <string.h>

#define HEADER_FLAGS_OFFSET    16
#define HEADER_TREE_ID_OFFSET  36
#define FLAGS_ASYNC_COMMAND    0x00000002

#define SESSION_FLAG_IS_GUEST      0x0001
#define SESSION_FLAG_IS_NULL       0x0002
#define SESSION_FLAG_ENCRYPT_DATA  0x0004
#define SHAREFLAG_ENCRYPT_DATA     0x00008000
#define SHARE_CAP_DFS              0x00000008

#define FSCTL_SRV_COPYCHUNK        0x001440F2
#define FSCTL_SRV_COPYCHUNK_WRITE  0x001480F2

/* What a reply carries: a part of the message behind what has been read of it, no larger than asked for. */
static void
read_range (SmbReader     *r,
            gsize          offset,
            gsize          size,
            gsize          limit,
            const guint8 **data,
            gsize         *data_size)
{
  SmbReader range;

  if (size > limit || (size > 0 && offset < r->offset))
    smb_reader_fail (r);
  smb_reader_sub (r, &range, offset, size);
  *data = size == 0 ? NULL : smb_reader_bytes (&range, size);
  *data_size = size;
}

/* [MS-SMB2] 2.2.6 */
static void
decode_session_setup (SmbReader        *r,
                      const SmbItem    *item,
                      const SmbRequest *request,
                      SmbReply         *reply)
{
  guint16 flags = smb_reader_u16 (r);        /* SessionFlags */
  gsize token_offset = smb_reader_u16 (r);   /* SecurityBufferOffset */
  gsize token_size = smb_reader_u16 (r);     /* SecurityBufferLength */

  reply->session_setup.guest = (flags & SESSION_FLAG_IS_GUEST) != 0;
  reply->session_setup.null = (flags & SESSION_FLAG_IS_NULL) != 0;
  reply->session_setup.seal = (flags & SESSION_FLAG_ENCRYPT_DATA) != 0;
  read_range (r, token_offset, token_size, G_MAXUINT16,
              &reply->session_setup.token, &reply->session_setup.token_size);
}

/* Of an asynchronous reply's header the TreeId is no part: then there is no tree to speak of. */
static guint32
read_tree_id (SmbReader *r)
{
  SmbReader header;

  smb_reader_sub (r, &header, 0, SMB2_BODY_OFFSET);
  smb_reader_seek (&header, HEADER_FLAGS_OFFSET);
  if ((smb_reader_u32 (&header) & FLAGS_ASYNC_COMMAND) != 0)
    smb_reader_fail (r);
  smb_reader_seek (&header, HEADER_TREE_ID_OFFSET);
  return smb_reader_u32 (&header);
}

/* [MS-SMB2] 2.2.10 */
static void
decode_tree_connect (SmbReader        *r,
                     const SmbItem    *item,
                     const SmbRequest *request,
                     SmbReply         *reply)
{
  reply->tree_connect.tree_id = read_tree_id (r);
  reply->tree_connect.share_type = smb_reader_u8 (r);      /* ShareType */
  smb_reader_skip (r, 1);                                  /* Reserved */
  reply->tree_connect.share_flags = smb_reader_u32 (r);    /* ShareFlags */
  reply->tree_connect.capabilities = smb_reader_u32 (r);   /* Capabilities */
  reply->tree_connect.maximal_access = smb_reader_u32 (r); /* MaximalAccess */

  reply->tree_connect.seal = (reply->tree_connect.share_flags & SHAREFLAG_ENCRYPT_DATA) != 0;
  reply->tree_connect.dfs = (reply->tree_connect.capabilities & SHARE_CAP_DFS) != 0;
}

/* [MS-SMB2] 2.2.16: without SMB2_CLOSE_FLAG_POSTQUERY_ATTRIB its attributes mean nothing. */
static void
decode_close (SmbReader        *r,
              const SmbItem    *item,
              const SmbRequest *request,
              SmbReply         *reply)
{
  smb_reader_skip (r, 2);      /* Flags */
  smb_reader_skip (r, 4);      /* Reserved */
  smb_reader_skip (r, 4 * 8);  /* CreationTime, LastAccessTime, LastWriteTime, ChangeTime */
  smb_reader_skip (r, 2 * 8);  /* AllocationSize, EndofFile */
  smb_reader_skip (r, 4);      /* FileAttributes */
}

/* The data of a READ that was received apart from the rest: its offset counts on behind item->size. */
static void
read_payload (SmbReader     *r,
              const SmbItem *item,
              gsize          offset,
              gsize          size,
              gsize          limit,
              SmbReply      *reply)
{
  SmbReader payload, range;

  if (size > limit || offset < item->size)
    {
      smb_reader_fail (r);
      return;
    }
  smb_reader_init (&payload, item->payload, item->payload_size);
  smb_reader_sub (&payload, &range, offset - item->size, size);
  reply->read.data = smb_reader_bytes (&range, size);
  reply->read.size = size;
  if (payload.failed)
    smb_reader_fail (r);
}

/* [MS-SMB2] 2.2.20 */
static void
decode_read (SmbReader        *r,
             const SmbItem    *item,
             const SmbRequest *request,
             SmbReply         *reply)
{
  gsize data_offset, data_size;

  data_offset = smb_reader_u8 (r); /* DataOffset */
  smb_reader_skip (r, 1);          /* Reserved */
  data_size = smb_reader_u32 (r);  /* DataLength */
  smb_reader_skip (r, 4);          /* DataRemaining */
  smb_reader_skip (r, 4);          /* Reserved2 */

  if (item->payload != NULL && data_size > 0)
    read_payload (r, item, data_offset, data_size, request->read.length, reply);
  else
    read_range (r, data_offset, data_size, request->read.length, &reply->read.data, &reply->read.size);
}

/* [MS-SMB2] 2.2.22 */
static void
decode_write (SmbReader        *r,
              const SmbItem    *item,
              const SmbRequest *request,
              SmbReply         *reply)
{
  smb_reader_skip (r, 2);                   /* Reserved */
  reply->write.count = smb_reader_u32 (r);  /* Count */
  smb_reader_skip (r, 4);                   /* Remaining */
  smb_reader_skip (r, 2);                   /* WriteChannelInfoOffset */
  smb_reader_skip (r, 2);                   /* WriteChannelInfoLength */

  if (reply->write.count > request->write.size)
    smb_reader_fail (r);
}

/* [MS-SMB2] 2.2.32. The input is not looked at: some servers return the request's (Windows Server 2008),
 * others an offset with padding in it (ONTAP 7.3), and none of it is of use. */
static void
decode_ioctl (SmbReader        *r,
              const SmbItem    *item,
              const SmbRequest *request,
              SmbReply         *reply)
{
  gsize output_offset, output_size;

  smb_reader_skip (r, 2);             /* Reserved */
  smb_reader_skip (r, 4);             /* CtlCode */
  smb_reader_skip (r, 16);            /* FileId */
  smb_reader_skip (r, 4);             /* InputOffset */
  smb_reader_skip (r, 4);             /* InputCount */
  output_offset = smb_reader_u32 (r); /* OutputOffset */
  output_size = smb_reader_u32 (r);   /* OutputCount */
  smb_reader_skip (r, 4);             /* Flags */
  smb_reader_skip (r, 4);             /* Reserved2 */

  read_range (r, output_offset, output_size, request->ioctl.max_output,
              &reply->output.data, &reply->output.size);
}

/* [MS-SMB2] 2.2.34 and 2.2.38, which are alike. */
static void
decode_output (SmbReader *r,
               gsize      limit,
               SmbReply  *reply)
{
  gsize offset = smb_reader_u16 (r); /* OutputBufferOffset */
  gsize size = smb_reader_u32 (r);   /* OutputBufferLength */

  read_range (r, offset, size, limit, &reply->output.data, &reply->output.size);
}

static void
decode_query_directory (SmbReader        *r,
                        const SmbItem    *item,
                        const SmbRequest *request,
                        SmbReply         *reply)
{
  decode_output (r, request->query_directory.max_output, reply);
}

static void
decode_query_info (SmbReader        *r,
                   const SmbItem    *item,
                   const SmbRequest *request,
                   SmbReply         *reply)
{
  decode_output (r, request->query_info.max_output, reply);
}

/* LOGOFF, TREE_DISCONNECT, FLUSH and ECHO: [MS-SMB2] 2.2.8, 2.2.12, 2.2.18, 2.2.29. */
static void
decode_reserved (SmbReader        *r,
                 const SmbItem    *item,
                 const SmbRequest *request,
                 SmbReply         *reply)
{
  smb_reader_skip (r, 2); /* Reserved */
}

/* SET_INFO: [MS-SMB2] 2.2.40. */
static void
decode_nothing (SmbReader        *r,
                const SmbItem    *item,
                const SmbRequest *request,
                SmbReply         *reply)
{
}

typedef struct
{
  const char *what;
  guint16     structure_size;
  void      (*decode) (SmbReader        *r,
                       const SmbItem    *item,
                       const SmbRequest *request,
                       SmbReply         *reply);
} Decoder;

static const Decoder decoders[] = {
  [SMB_COMMAND_SESSION_SETUP] = { "SESSION_SETUP response", 9, decode_session_setup },
  [SMB_COMMAND_LOGOFF] = { "LOGOFF response", 4, decode_reserved },
  [SMB_COMMAND_TREE_CONNECT] = { "TREE_CONNECT response", 16, decode_tree_connect },
  [SMB_COMMAND_TREE_DISCONNECT] = { "TREE_DISCONNECT response", 4, decode_reserved },
  [SMB_COMMAND_CREATE] = { "CREATE response", 89, smb_smb2_decode_create },
  [SMB_COMMAND_CLOSE] = { "CLOSE response", 60, decode_close },
  [SMB_COMMAND_FLUSH] = { "FLUSH response", 4, decode_reserved },
  [SMB_COMMAND_READ] = { "READ response", 17, decode_read },
  [SMB_COMMAND_WRITE] = { "WRITE response", 17, decode_write },
  [SMB_COMMAND_IOCTL] = { "IOCTL response", 49, decode_ioctl },
  [SMB_COMMAND_ECHO] = { "ECHO response", 4, decode_reserved },
  [SMB_COMMAND_QUERY_DIRECTORY] = { "QUERY_DIRECTORY response", 9, decode_query_directory },
  [SMB_COMMAND_QUERY_INFO] = { "QUERY_INFO response", 9, decode_query_info },
  [SMB_COMMAND_SET_INFO] = { "SET_INFO response", 2, decode_nothing },
};

static const Decoder *
get_decoder (SmbCommand command)
{
  if ((guint) command >= G_N_ELEMENTS (decoders) || decoders[command].decode == NULL)
    return NULL;
  return &decoders[command];
}

/* Whether @status may come with the command's own body although it is no success ([MS-SMB2] 3.3.4.4). */
static gboolean
may_carry_data (guint32           status,
                const SmbRequest *request)
{
  switch (request->command)
    {
    case SMB_COMMAND_READ:
    case SMB_COMMAND_QUERY_DIRECTORY:
    case SMB_COMMAND_QUERY_INFO:
      return status == SMB_STATUS_BUFFER_OVERFLOW;
    case SMB_COMMAND_IOCTL:
      return status == SMB_STATUS_BUFFER_OVERFLOW ||
             (status == SMB_STATUS_INVALID_PARAMETER && (request->ioctl.code == FSCTL_SRV_COPYCHUNK ||
                                                         request->ioctl.code == FSCTL_SRV_COPYCHUNK_WRITE));
    case SMB_COMMAND_SESSION_SETUP:
      return status == SMB_STATUS_MORE_PROCESSING_REQUIRED;
    default:
      return FALSE;
    }
}

/* An ERROR response can come with those statuses all the same; its StructureSize tells, unless the command's
 * is 9 too: then the one is read as the other with nothing in it. */
static gboolean
is_own_body (const SmbReader  *r,
             const Decoder    *decoder,
             guint32           status,
             const SmbRequest *request)
{
  SmbReader size = *r;

  if (smb_nt_status_get_severity (status) < SMB_NT_SEVERITY_WARNING)
    return TRUE;
  return may_carry_data (status, request) && smb_reader_u16 (&size) == decoder->structure_size;
}

static gboolean
decode (SmbReader         *r,
        const Decoder     *decoder,
        const SmbItem     *item,
        const SmbRequest  *request,
        SmbReply          *reply,
        GError           **error)
{
  smb_reader_seek (r, SMB2_BODY_OFFSET);
  if (!is_own_body (r, decoder, item->status, request))
    return smb_smb2_decode_error (r, request, reply, error);

  smb_reader_expect_u16 (r, decoder->structure_size); /* StructureSize */
  decoder->decode (r, item, request, reply);
  return smb_reader_finish (r, decoder->what, error);
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
smb_smb2_decode_body (const SmbItem     *item,
                      const SmbRequest  *request,
                      SmbReply          *reply,
                      GError           **error)
{
  const Decoder *decoder = get_decoder (request->command);
  SmbReader r;

  clear_reply (reply, item);
  if (decoder == NULL || item->command != request->command)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                   "The server answered a %s request with a %s response",
                   smb_command_get_name (request->command), smb_command_get_name (item->command));
      return FALSE;
    }

  smb_reader_init (&r, item->bytes, item->size);
  if (decode (&r, decoder, item, request, reply, error))
    return TRUE;

  clear_reply (reply, item);
  return FALSE;
}
