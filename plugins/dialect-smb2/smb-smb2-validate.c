/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-validate.h"

#include <string.h>

#define FSCTL_VALIDATE_NEGOTIATE_INFO 0x00140204
#define RESPONSE_SIZE                 24

/* SMB1's NEGOTIATE has none of these fields: the server counts them as zero. Its wildcard offers all the
 * newer dialects, and so they are all named: a server that can do better than what it seemed to answer hangs
 * up. */
SmbRequest *
smb_smb2_validate_request (const SmbSmb2Offer *offer)
{
  static const guint8 no_guid[sizeof offer->client_guid];
  gboolean smb1 = offer->multi_protocol;
  SmbRequest *request = smb_request_new (SMB_COMMAND_IOCTL);
  g_auto(SmbWriter) writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_u32 (&writer, smb1 ? 0 : offer->capabilities);
  smb_writer_bytes (&writer, smb1 ? no_guid : offer->client_guid, sizeof no_guid);
  smb_writer_u16 (&writer, smb1 ? 0 : offer->security_mode);
  smb_writer_u16 (&writer, offer->n_dialects);
  for (guint i = 0; i < offer->n_dialects; i++)
    smb_writer_u16 (&writer, offer->dialects[i]);

  request->handle = (SmbFileHandle) { G_MAXUINT64, G_MAXUINT64 };
  request->ioctl.code = FSCTL_VALIDATE_NEGOTIATE_INFO;
  request->ioctl.input = smb_writer_steal_bytes (&writer);
  request->ioctl.max_output = RESPONSE_SIZE;
  return request;
}

/* What a server answers that has never heard of this, and signs. */
static gboolean
is_unknown_to_server (guint32 status)
{
  switch (status)
    {
    case SMB_STATUS_FILE_CLOSED:
    case SMB_STATUS_INVALID_DEVICE_REQUEST:
    case SMB_STATUS_FS_DRIVER_REQUIRED:
    case SMB_STATUS_NOT_SUPPORTED:
    case SMB_STATUS_INVALID_PARAMETER:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
read_and_compare (const SmbSmb2Terms  *terms,
                  const SmbReply      *reply,
                  gboolean            *same,
                  GError             **error)
{
  SmbReader r;
  guint32 capabilities;
  guint8 server_guid[16];
  guint16 security_mode;
  guint16 dialect;

  smb_reader_init (&r, reply->output.data, reply->output.size);
  capabilities = smb_reader_u32 (&r);
  smb_reader_copy (&r, server_guid, sizeof server_guid);
  security_mode = smb_reader_u16 (&r);
  dialect = smb_reader_u16 (&r);

  *same = capabilities == terms->capabilities
          && memcmp (server_guid, terms->server_guid, sizeof server_guid) == 0
          && security_mode == terms->security_mode
          && dialect == terms->dialect;
  return smb_reader_finish (&r, "VALIDATE_NEGOTIATE_INFO response", error);
}

gboolean
smb_smb2_validate_reply (const SmbSmb2Terms  *terms,
                         const SmbReply      *reply,
                         GError             **error)
{
  gboolean same = FALSE;

  if (is_unknown_to_server (reply->status))
    return TRUE;
  if (reply->status == SMB_STATUS_SUCCESS && !read_and_compare (terms, reply, &same, error))
    return FALSE;
  if (same)
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY,
                       "The negotiation was tampered with: the server does not confirm it");
  return FALSE;
}
