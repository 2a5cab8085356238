/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-header.h"

/* Any number does: with the MID it names a request within this connection only ([MS-CIFS] 2.2.3.1). */
#define PROCESS_ID 0xfeff

gboolean
smb_smb1_is_smb1 (const guint8 *bytes,
                  gsize         size)
{
  return size >= 4 && memcmp (bytes, "\xffSMB", 4) == 0;
}

void
smb_smb1_header_write (SmbWriter      *writer,
                       SmbSmb1Command  command,
                       guint16         flags2,
                       guint16         tid)
{
  smb_writer_bytes (writer, "\xffSMB", 4);                                 /* Protocol */
  smb_writer_u8 (writer, command);                                         /* Command */
  smb_writer_u32 (writer, 0);                                              /* Status */
  smb_writer_u8 (writer, SMB_SMB1_FLAG_CASE_INSENSITIVE
                           | SMB_SMB1_FLAG_CANONICALIZED);                 /* Flags */
  smb_writer_u16 (writer, flags2 | SMB_SMB1_FLAG2_UNICODE | SMB_SMB1_FLAG2_NT_STATUS
                            | SMB_SMB1_FLAG2_LONG_NAMES | SMB_SMB1_FLAG2_IS_LONG_NAME); /* Flags2 */
  smb_writer_u16 (writer, 0);                                              /* PIDHigh */
  smb_writer_zeros (writer, SMB_SMB1_SIGNATURE_SIZE);                      /* SecurityFeatures */
  smb_writer_u16 (writer, 0);                                              /* Reserved */
  smb_writer_u16 (writer, tid);                                            /* TID */
  smb_writer_u16 (writer, PROCESS_ID);                                     /* PIDLow */
  smb_writer_u16 (writer, 0);                                              /* UID */
  smb_writer_u16 (writer, 0);                                              /* MID */
}

gboolean
smb_smb1_header_read (SmbSmb1Header  *self,
                      const guint8   *bytes,
                      gsize           size,
                      GError        **error)
{
  SmbReader r;
  guint32 status;

  memset (self, 0, sizeof *self);
  smb_reader_init (&r, bytes, size);
  smb_reader_expect_u32 (&r, 0x424d53ff);            /* Protocol */
  self->command = smb_reader_u8 (&r);                /* Command */
  status = smb_reader_u32 (&r);                      /* Status */
  self->flags = smb_reader_u8 (&r);                  /* Flags */
  self->flags2 = smb_reader_u16 (&r);                /* Flags2 */
  smb_reader_skip (&r, 2);                           /* PIDHigh */
  smb_reader_skip (&r, SMB_SMB1_SIGNATURE_SIZE);     /* SecurityFeatures */
  smb_reader_skip (&r, 2);                           /* Reserved */
  self->tid = smb_reader_u16 (&r);                   /* TID */
  smb_reader_skip (&r, 2);                           /* PIDLow */
  self->uid = smb_reader_u16 (&r);                   /* UID */
  self->mid = smb_reader_u16 (&r);                   /* MID */
  self->status = smb_smb1_status_read (status, (self->flags2 & SMB_SMB1_FLAG2_NT_STATUS) != 0);

  return smb_reader_finish (&r, "SMB1 header", error);
}
