/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-body-private.h"

#define ERROR_ID_DEFAULT    0
#define SYMLINK_ERROR_TAG   0x4C4D5953
#define IO_REPARSE_SYMLINK  0xA000000C

/* [MS-SMB2] 2.2.2.1: makes @data the first context with the default identifier, or an empty reader. */
static void
find_default_context (SmbReader *r,
                      guint      n_contexts,
                      SmbReader *data)
{
  smb_reader_init (data, NULL, 0);
  for (guint i = 0; i < n_contexts && !r->failed; i++)
    {
      SmbReader context;
      gsize size;
      guint32 id;

      smb_reader_align (r, 8);
      size = smb_reader_u32 (r);           /* ErrorDataLength */
      id = smb_reader_u32 (r);             /* ErrorId */
      smb_reader_take (r, &context, size); /* ErrorContextData */
      if (id == ERROR_ID_DEFAULT)
        {
          *data = context;
          break;
        }
    }
}

/* [MS-SMB2] 2.2.2.2.1: what the link points to is left for those who follow links. */
static guint32
read_symlink (SmbReader *r)
{
  guint32 unparsed;

  smb_reader_skip (r, 4);                       /* SymLinkLength */
  smb_reader_expect_u32 (r, SYMLINK_ERROR_TAG);  /* SymLinkErrorTag */
  smb_reader_expect_u32 (r, IO_REPARSE_SYMLINK); /* ReparseTag */
  smb_reader_skip (r, 2);                       /* ReparseDataLength */
  unparsed = smb_reader_u16 (r);                /* UnparsedPathLength */
  smb_reader_skip (r, 2);                       /* SubstituteNameOffset */
  smb_reader_skip (r, 2);                       /* SubstituteNameLength */
  smb_reader_skip (r, 2);                       /* PrintNameOffset */
  smb_reader_skip (r, 2);                       /* PrintNameLength */
  smb_reader_skip (r, 4);                       /* Flags */
  return unparsed;
}

static gboolean
path_has_bytes (const SmbRequest *request,
                gsize             size)
{
  return request->command == SMB_COMMAND_CREATE && request->create.path != NULL &&
         size <= 2 * smb_utf16_count_units (request->create.path);
}

/* macOS leaves the data out, which says only that there is a link. */
static void
decode_symlink (SmbReader        *data,
                guint             n_contexts,
                const SmbRequest *request,
                SmbReply         *reply)
{
  SmbReader context = *data;

  if (n_contexts > 0)
    find_default_context (data, n_contexts, &context);
  if (data->failed || smb_reader_get_remaining (&context) == 0)
    return;

  reply->error.symlink_unparsed = read_symlink (&context);
  if (context.failed || !path_has_bytes (request, reply->error.symlink_unparsed))
    smb_reader_fail (data);
}

/* [MS-SMB2] 2.2.2. Where ByteCount is 0, one byte of ErrorData should follow; some servers save it. */
gboolean
smb_smb2_decode_error (SmbReader         *r,
                       const SmbRequest  *request,
                       SmbReply          *reply,
                       GError           **error)
{
  SmbReader data;
  guint n_contexts;
  gsize size;

  smb_reader_expect_u16 (r, 9);     /* StructureSize */
  n_contexts = smb_reader_u8 (r);   /* ErrorContextCount */
  smb_reader_skip (r, 1);           /* Reserved */
  size = smb_reader_u32 (r);        /* ByteCount */
  smb_reader_take (r, &data, size); /* ErrorData */

  if (size > 0 && !r->failed && reply->status == SMB_STATUS_STOPPED_ON_SYMLINK)
    decode_symlink (&data, n_contexts, request, reply);
  if (data.failed)
    smb_reader_fail (r);
  return smb_reader_finish (r, "ERROR response", error);
}
