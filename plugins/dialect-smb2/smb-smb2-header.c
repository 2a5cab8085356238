/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-header.h"

SmbSmb2Protocol
smb_smb2_get_protocol (const guint8 *bytes,
                       gsize         size)
{
  if (size < 4 || memcmp (bytes + 1, "SMB", 3) != 0 || bytes[0] < SMB_SMB2_PROTOCOL_COMPRESSED)
    return SMB_SMB2_PROTOCOL_UNKNOWN;
  return bytes[0];
}

static void
write_tree_or_async_id (const SmbSmb2Header *self,
                        SmbWriter           *writer)
{
  if (self->flags & SMB_SMB2_FLAG_ASYNC)
    {
      smb_writer_u64 (writer, self->async_id);
    }
  else
    {
      smb_writer_u32 (writer, 0); /* Reserved */
      smb_writer_u32 (writer, self->tree_id);
    }
}

void
smb_smb2_header_write (const SmbSmb2Header *self,
                       SmbWriter           *writer)
{
  smb_writer_bytes (writer, "\xfeSMB", 4);
  smb_writer_u16 (writer, SMB_SMB2_HEADER_SIZE);
  smb_writer_u16 (writer, self->credit_charge);
  smb_writer_u32 (writer, self->status); /* of a request: ChannelSequence and Reserved */
  smb_writer_u16 (writer, self->command);
  smb_writer_u16 (writer, self->credits);
  smb_writer_u32 (writer, self->flags);
  smb_writer_u32 (writer, self->next_command);
  smb_writer_u64 (writer, self->message_id);
  write_tree_or_async_id (self, writer);
  smb_writer_u64 (writer, self->session_id);
  smb_writer_bytes (writer, self->signature, sizeof self->signature);
}

static void
read_tree_or_async_id (SmbSmb2Header *self,
                       SmbReader     *reader)
{
  if (self->flags & SMB_SMB2_FLAG_ASYNC)
    {
      self->async_id = smb_reader_u64 (reader);
    }
  else
    {
      smb_reader_skip (reader, 4); /* Reserved */
      self->tree_id = smb_reader_u32 (reader);
    }
}

gboolean
smb_smb2_header_read (SmbSmb2Header  *self,
                      const guint8   *bytes,
                      gsize           size,
                      GError        **error)
{
  SmbReader r;

  memset (self, 0, sizeof *self);
  smb_reader_init (&r, bytes, size);
  smb_reader_expect_u32 (&r, 0x424d53fe); /* ProtocolId */
  smb_reader_expect_u16 (&r, SMB_SMB2_HEADER_SIZE);
  self->credit_charge = smb_reader_u16 (&r);
  self->status = smb_reader_u32 (&r);
  self->command = smb_reader_u16 (&r);
  self->credits = smb_reader_u16 (&r);
  self->flags = smb_reader_u32 (&r);
  self->next_command = smb_reader_u32 (&r);
  self->message_id = smb_reader_u64 (&r);
  read_tree_or_async_id (self, &r);
  self->session_id = smb_reader_u64 (&r);
  smb_reader_copy (&r, self->signature, sizeof self->signature);
  if (!(self->flags & SMB_SMB2_FLAG_RESPONSE))
    smb_reader_fail (&r);

  return smb_reader_finish (&r, "SMB2 header", error);
}
