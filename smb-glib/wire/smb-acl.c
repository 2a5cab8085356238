/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-security-private.h"

#include <string.h>

#define ACL_HEADER_SIZE 8
#define ACE_HEADER_SIZE 4

typedef enum
{
  ACE_UNKNOWN, /* kept as bytes */
  ACE_SIMPLE,  /* mask and SID */
  ACE_OBJECT,  /* with flags and GUIDs between them */
} AceForm;

/*
 * [MS-DTYP] 2.4.4. The callback, resource attribute and filter types are one of the two forms with
 * application data behind; compound entries have another form, which no server of files uses.
 */
static const AceForm ace_forms[] = {
  [SMB_ACE_DATA_ACCESS_ALLOWED] = ACE_SIMPLE,
  [SMB_ACE_DATA_ACCESS_DENIED] = ACE_SIMPLE,
  [SMB_ACE_DATA_SYSTEM_AUDIT] = ACE_SIMPLE,
  [SMB_ACE_DATA_SYSTEM_ALARM] = ACE_SIMPLE,
  [SMB_ACE_DATA_ACCESS_ALLOWED_COMPOUND] = ACE_UNKNOWN,
  [SMB_ACE_DATA_ACCESS_ALLOWED_OBJECT] = ACE_OBJECT,
  [SMB_ACE_DATA_ACCESS_DENIED_OBJECT] = ACE_OBJECT,
  [SMB_ACE_DATA_SYSTEM_AUDIT_OBJECT] = ACE_OBJECT,
  [SMB_ACE_DATA_SYSTEM_ALARM_OBJECT] = ACE_OBJECT,
  [SMB_ACE_DATA_ACCESS_ALLOWED_CALLBACK] = ACE_SIMPLE,
  [SMB_ACE_DATA_ACCESS_DENIED_CALLBACK] = ACE_SIMPLE,
  [SMB_ACE_DATA_ACCESS_ALLOWED_CALLBACK_OBJECT] = ACE_OBJECT,
  [SMB_ACE_DATA_ACCESS_DENIED_CALLBACK_OBJECT] = ACE_OBJECT,
  [SMB_ACE_DATA_SYSTEM_AUDIT_CALLBACK] = ACE_SIMPLE,
  [SMB_ACE_DATA_SYSTEM_ALARM_CALLBACK] = ACE_SIMPLE,
  [SMB_ACE_DATA_SYSTEM_AUDIT_CALLBACK_OBJECT] = ACE_OBJECT,
  [SMB_ACE_DATA_SYSTEM_ALARM_CALLBACK_OBJECT] = ACE_OBJECT,
  [SMB_ACE_DATA_SYSTEM_MANDATORY_LABEL] = ACE_SIMPLE,
  [SMB_ACE_DATA_SYSTEM_RESOURCE_ATTRIBUTE] = ACE_SIMPLE,
  [SMB_ACE_DATA_SYSTEM_SCOPED_POLICY_ID] = ACE_SIMPLE,
  [SMB_ACE_DATA_SYSTEM_PROCESS_TRUST_LABEL] = ACE_SIMPLE,
  [SMB_ACE_DATA_SYSTEM_ACCESS_FILTER] = ACE_SIMPLE,
};

static AceForm
get_form (const SmbAceData *self)
{
  return self->type < G_N_ELEMENTS (ace_forms) ? ace_forms[self->type] : ACE_UNKNOWN;
}

SmbAceData *
smb_ace_data_new (void)
{
  return g_new0 (SmbAceData, 1);
}

SmbAceData *
smb_ace_data_copy (const SmbAceData *self)
{
  SmbAceData *copy = g_memdup2 (self, sizeof *self);

  if (copy->application_data != NULL)
    g_bytes_ref (copy->application_data);

  return copy;
}

void
smb_ace_data_free (SmbAceData *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->application_data, g_bytes_unref);
  g_free (self);
}

gboolean
smb_ace_data_is_object (const SmbAceData *self)
{
  return get_form (self) == ACE_OBJECT;
}

/* [MS-DTYP] 2.4.4.3: a GUID is there only if its flag is set. */
static void
read_object_types (SmbReader  *r,
                   SmbAceData *self)
{
  self->object_flags = smb_reader_u32 (r);                                  /* Flags */
  if (self->object_flags & SMB_ACE_DATA_OBJECT_TYPE_PRESENT)
    smb_reader_copy (r, self->object_type, sizeof self->object_type);       /* ObjectType */
  if (self->object_flags & SMB_ACE_DATA_INHERITED_OBJECT_TYPE_PRESENT)
    smb_reader_copy (r, self->inherited_object_type, sizeof self->inherited_object_type);
}

static void
read_ace_body (SmbReader  *r,
               SmbAceData *self)
{
  const AceForm form = get_form (self);
  gsize rest;

  if (form != ACE_UNKNOWN)
    {
      self->mask = smb_reader_u32 (r); /* Mask */
      if (form == ACE_OBJECT)
        read_object_types (r, self);
      smb_sid_data_read (r, &self->sid); /* Sid */
      self->has_sid = TRUE;
    }

  rest = smb_reader_get_remaining (r);
  if (rest > 0)
    self->application_data = g_bytes_new (smb_reader_bytes (r, rest), rest); /* ApplicationData */
}

/* AceSize comprises the header. */
static SmbAceData *
read_ace (SmbReader *r)
{
  SmbAceData *self = smb_ace_data_new ();
  SmbReader body;
  gsize size;

  self->type = smb_reader_u8 (r);  /* AceType */
  self->flags = smb_reader_u8 (r); /* AceFlags */
  size = smb_reader_u16 (r);       /* AceSize */
  if (size < ACE_HEADER_SIZE)
    smb_reader_fail (r);
  smb_reader_take (r, &body, size - ACE_HEADER_SIZE);
  read_ace_body (&body, self);
  if (body.failed)
    smb_reader_fail (r);

  return self;
}

SmbAclData *
smb_acl_data_new (guint8 revision)
{
  SmbAclData *self = g_new0 (SmbAclData, 1);

  self->revision = revision;
  self->aces = g_ptr_array_new_with_free_func ((GDestroyNotify) smb_ace_data_free);

  return self;
}

SmbAclData *
smb_acl_data_copy (const SmbAclData *self)
{
  SmbAclData *copy = smb_acl_data_new (self->revision);

  for (guint i = 0; i < self->aces->len; i++)
    g_ptr_array_add (copy->aces, smb_ace_data_copy (self->aces->pdata[i]));

  return copy;
}

void
smb_acl_data_free (SmbAclData *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->aces);
  g_free (self);
}

/* [MS-DTYP] 2.4.5. AclSize comprises the header and may leave room behind the last entry. */
SmbAclData *
smb_acl_data_read (SmbReader *r)
{
  SmbAclData *self = smb_acl_data_new (smb_reader_u8 (r)); /* AclRevision */
  SmbReader entries;
  gsize size;
  guint n;

  smb_reader_skip (r, 1);    /* Sbz1 */
  size = smb_reader_u16 (r); /* AclSize */
  n = smb_reader_u16 (r);    /* AceCount */
  smb_reader_skip (r, 2);    /* Sbz2 */
  if (size < ACL_HEADER_SIZE)
    smb_reader_fail (r);
  smb_reader_take (r, &entries, size - ACL_HEADER_SIZE);

  for (guint i = 0; i < n && !entries.failed; i++)
    g_ptr_array_add (self->aces, read_ace (&entries));
  if (entries.failed)
    smb_reader_fail (r);

  return self;
}

static void
write_object_types (const SmbAceData *self,
                    SmbWriter        *w)
{
  smb_writer_u32 (w, self->object_flags);
  if (self->object_flags & SMB_ACE_DATA_OBJECT_TYPE_PRESENT)
    smb_writer_bytes (w, self->object_type, sizeof self->object_type);
  if (self->object_flags & SMB_ACE_DATA_INHERITED_OBJECT_TYPE_PRESENT)
    smb_writer_bytes (w, self->inherited_object_type, sizeof self->inherited_object_type);
}

static void
write_ace_body (const SmbAceData *self,
                SmbWriter        *w)
{
  const AceForm form = get_form (self);

  if (form != ACE_UNKNOWN)
    {
      smb_writer_u32 (w, self->mask);
      if (form == ACE_OBJECT)
        write_object_types (self, w);
      smb_sid_data_encode (&self->sid, w);
    }

  if (self->application_data != NULL)
    {
      gsize size;
      gconstpointer data = g_bytes_get_data (self->application_data, &size);

      smb_writer_bytes (w, data, size);
    }
}

/* The size field of an entry or a list that began at @begin. */
static gboolean
patch_size (SmbWriter *w,
            gsize      begin)
{
  const gsize size = smb_writer_get_offset (w) - begin;

  smb_writer_patch_u16 (w, begin + 2, size);

  return size <= G_MAXUINT16;
}

static gboolean
write_ace (const SmbAceData *self,
           SmbWriter        *w)
{
  const gsize begin = smb_writer_get_offset (w);

  smb_writer_u8 (w, self->type);
  smb_writer_u8 (w, self->flags);
  smb_writer_u16 (w, 0); /* AceSize */
  write_ace_body (self, w);
  smb_writer_align (w, 4);

  return patch_size (w, begin);
}

gboolean
smb_acl_data_write (const SmbAclData *self,
                    SmbWriter        *w)
{
  const gsize begin = smb_writer_get_offset (w);
  gboolean fits = TRUE;

  smb_writer_u8 (w, self->revision);
  smb_writer_u8 (w, 0);
  smb_writer_u16 (w, 0); /* AclSize */
  smb_writer_u16 (w, self->aces->len);
  smb_writer_u16 (w, 0);
  for (guint i = 0; i < self->aces->len; i++)
    fits &= write_ace (self->aces->pdata[i], w);

  return patch_size (w, begin) && fits;
}
