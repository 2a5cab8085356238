/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-security-private.h"

#define REVISION            1
#define OFFSET_OWNER_FIELD  4
#define OFFSET_GROUP_FIELD  8
#define OFFSET_SACL_FIELD   12
#define OFFSET_DACL_FIELD   16

SmbSecurityDescriptorData *
smb_security_descriptor_data_new (void)
{
  SmbSecurityDescriptorData *self = g_new0 (SmbSecurityDescriptorData, 1);

  self->revision = REVISION;
  self->control = SMB_SECURITY_CONTROL_SELF_RELATIVE;

  return self;
}

void
smb_security_descriptor_data_free (SmbSecurityDescriptorData *self)
{
  if (self == NULL)
    return;

  g_free (self->owner);
  g_free (self->group);
  smb_acl_data_free (self->sacl);
  smb_acl_data_free (self->dacl);
  g_free (self);
}

static SmbSidData *
read_sid_at (SmbReader *r,
             guint32    offset)
{
  SmbSidData *sid;

  if (offset == 0)
    return NULL;

  sid = g_new0 (SmbSidData, 1);
  smb_reader_seek (r, offset);
  smb_sid_data_read (r, sid);

  return sid;
}

static SmbAclData *
read_acl_at (SmbReader *r,
             guint32    offset,
             gboolean   present)
{
  if (offset == 0 || !present)
    return NULL;

  smb_reader_seek (r, offset);

  return smb_acl_data_read (r);
}

SmbSecurityDescriptorData *
smb_security_descriptor_data_decode (gconstpointer   data,
                                     gsize           size,
                                     GError        **error)
{
  g_autoptr(SmbSecurityDescriptorData) self = smb_security_descriptor_data_new ();
  guint32 owner, group, sacl, dacl;
  SmbReader r;

  smb_reader_init (&r, data, size);
  smb_reader_expect_u8 (&r, REVISION);                  /* Revision */
  self->resource_manager_control = smb_reader_u8 (&r);  /* Sbz1 */
  self->control = smb_reader_u16 (&r);                  /* Control */
  owner = smb_reader_u32 (&r);                          /* OffsetOwner */
  group = smb_reader_u32 (&r);                          /* OffsetGroup */
  sacl = smb_reader_u32 (&r);                           /* OffsetSacl */
  dacl = smb_reader_u32 (&r);                           /* OffsetDacl */

  self->owner = read_sid_at (&r, owner);
  self->group = read_sid_at (&r, group);
  self->sacl = read_acl_at (&r, sacl, self->control & SMB_SECURITY_CONTROL_SACL_PRESENT);
  self->dacl = read_acl_at (&r, dacl, self->control & SMB_SECURITY_CONTROL_DACL_PRESENT);
  if (!smb_reader_finish (&r, "The security descriptor", error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Enters the present end into the offset @field of the descriptor that began at @begin. */
static void
patch_offset (SmbWriter *w,
              gsize      begin,
              gsize      field)
{
  smb_writer_patch_u32 (w, begin + field, smb_writer_get_offset (w) - begin);
}

static void
write_sid (SmbWriter        *w,
           gsize             begin,
           gsize             field,
           const SmbSidData *sid)
{
  if (sid == NULL)
    return;

  patch_offset (w, begin, field);
  smb_sid_data_encode (sid, w);
}

static gboolean
write_acl (SmbWriter        *w,
           gsize             begin,
           gsize             field,
           const SmbAclData *acl)
{
  if (acl == NULL)
    return TRUE;

  patch_offset (w, begin, field);

  return smb_acl_data_write (acl, w);
}

/* The order of the parts is free; this is the one that Windows sends. */
gboolean
smb_security_descriptor_data_encode (const SmbSecurityDescriptorData *self,
                                     SmbWriter                       *writer)
{
  const gsize begin = smb_writer_get_offset (writer);
  gboolean fits = TRUE;

  smb_writer_u8 (writer, self->revision);
  smb_writer_u8 (writer, self->resource_manager_control);
  smb_writer_u16 (writer, self->control | SMB_SECURITY_CONTROL_SELF_RELATIVE);
  smb_writer_zeros (writer, 4 * sizeof (guint32)); /* the offsets */

  fits &= write_acl (writer, begin, OFFSET_SACL_FIELD, self->sacl);
  fits &= write_acl (writer, begin, OFFSET_DACL_FIELD, self->dacl);
  write_sid (writer, begin, OFFSET_OWNER_FIELD, self->owner);
  write_sid (writer, begin, OFFSET_GROUP_FIELD, self->group);

  return fits;
}
