/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-sddl.h"

#include <string.h>

#include "smb-error.h"
#include "wire/smb-sddl-names.h"

#define ACL_REVISION    2
#define ACL_REVISION_DS 4 /* with entries about parts of objects */

#define MAX_SID_LENGTH   256 /* letters; the longest is below 200 */
#define AUTHORITY_DIGITS 12
#define GUID_LENGTH      36
#define MAX_QUOTE        20

/* What is left of the text, and the first thing that is wrong with it. */
typedef struct
{
  const char *at;
  GError     *error;
} Parser;

static void
fail (Parser     *self,
      SmbError    code,
      const char *what)
{
  g_autofree char *rest = g_utf8_make_valid (self->at, (gssize) strnlen (self->at, MAX_QUOTE));

  if (self->error == NULL)
    self->error = g_error_new (SMB_ERROR, code, "%s, at '%s' of the security descriptor", what, rest);
}

static void
refuse (Parser     *self,
        const char *what)
{
  fail (self, SMB_ERROR_INVALID_ARGUMENT, what);
}

/* Over @text, if that is what comes. */
static gboolean
skip (Parser     *self,
      const char *text)
{
  if (self->error != NULL || !g_str_has_prefix (self->at, text))
    return FALSE;
  self->at += strlen (text);
  return TRUE;
}

static void
expect (Parser     *self,
        const char *text)
{
  if (!skip (self, text))
    refuse (self, "something else is expected");
}

/* Names without a separator, each of one or two letters: the longer goes first. */
static const SmbSddlName *
take_name (Parser            *self,
           const SmbSddlName *table)
{
  for (gsize length = 2; length > 0 && self->error == NULL; length--)
    {
      const SmbSddlName *name = smb_sddl_find_name (table, self->at, length);

      if (name != NULL)
        {
          self->at += length;
          return name;
        }
    }
  return NULL;
}

static guint32
read_flags (Parser            *self,
            const SmbSddlName *table)
{
  const SmbSddlName *name;
  guint32            flags = 0;

  while ((name = take_name (self, table)) != NULL)
    flags |= name->value;
  return flags;
}

/* "S-1-", the authority, which may be 0x and 12 digits, and numbers. */
static gsize
get_sid_length (const char *text)
{
  gsize length = strlen ("S-1-");

  if (g_str_has_prefix (text + length, "0x") || g_str_has_prefix (text + length, "0X"))
    {
      length += strlen ("0x");
      length += MIN (strspn (text + length, "0123456789ABCDEFabcdef"), AUTHORITY_DIGITS);
    }
  return length + strspn (text + length, "-0123456789");
}

static void
read_sid_number (Parser     *self,
                 SmbSidData *sid)
{
  gsize            length = get_sid_length (self->at);
  g_autofree char *text = g_strndup (self->at, MIN (length, MAX_SID_LENGTH));

  if (length > MAX_SID_LENGTH || !smb_sid_data_from_string (sid, text))
    refuse (self, "this is no security identifier");
  else
    self->at += length;
}

static void
read_sid_name (Parser     *self,
               SmbSidData *sid)
{
  char name[3] = { 0 };

  memcpy (name, self->at, strnlen (self->at, 2));
  if (smb_sddl_sid_from_name (name, sid))
    self->at += 2;
  else if (smb_sddl_is_of_domain (name))
    refuse (self, "this stands for a member of a domain, whose security identifier has to be written out");
  else
    refuse (self, "this is no security identifier");
}

static void
read_sid (Parser     *self,
          SmbSidData *sid)
{
  if (self->error != NULL)
    return;
  if (g_str_has_prefix (self->at, "S-1-"))
    read_sid_number (self, sid);
  else
    read_sid_name (self, sid);
}

static guint32
read_number (Parser *self)
{
  gboolean    hexadecimal = skip (self, "0x") || skip (self, "0X");
  const char *begin = self->at;
  guint64     value = 0;

  for (; hexadecimal ? g_ascii_isxdigit (*self->at) : g_ascii_isdigit (*self->at); self->at++)
    {
      value = value * (hexadecimal ? 16 : 10) + (guint) g_ascii_xdigit_value (*self->at);
      if (value > G_MAXUINT32)
        {
          refuse (self, "this number is too large");
          return 0;
        }
    }
  if (self->at == begin)
    refuse (self, "a number is expected");
  return (guint32) value;
}

static guint32
read_rights (Parser     *self,
             SmbAceData *ace)
{
  if (self->error == NULL && g_ascii_isdigit (*self->at))
    return read_number (self);
  return read_flags (self, ace->type == SMB_ACE_DATA_SYSTEM_MANDATORY_LABEL ? smb_sddl_label_rights
                                                                            : smb_sddl_rights);
}

/* [MS-DTYP] 2.3.4.3, to the order of the wire. FALSE if there is none. */
static gboolean
read_guid (Parser *self,
           guint8  guid[16])
{
  static const guint8 order[] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
  g_autofree char    *text = NULL;
  const char         *at;

  if (self->error != NULL || *self->at == ';')
    return FALSE;
  text = g_strndup (self->at, GUID_LENGTH);
  if (!g_uuid_string_is_valid (text))
    {
      refuse (self, "this is no GUID");
      return FALSE;
    }
  at = text;
  for (gsize i = 0; i < sizeof order; i++)
    {
      at += *at == '-';
      guid[order[i]] = (guint8) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));
      at += 2;
    }
  self->at += GUID_LENGTH;
  return TRUE;
}

static void
read_object_types (Parser     *self,
                   SmbAceData *ace)
{
  if (read_guid (self, ace->object_type))
    ace->object_flags |= SMB_ACE_DATA_OBJECT_TYPE_PRESENT;
  expect (self, ";");
  if (read_guid (self, ace->inherited_object_type))
    ace->object_flags |= SMB_ACE_DATA_INHERITED_OBJECT_TYPE_PRESENT;
  expect (self, ";");
  if (ace->object_flags != 0 && !smb_ace_data_is_object (ace))
    refuse (self, "entries of this type have no GUIDs");
}

static void
read_ace_type (Parser     *self,
               SmbAceData *ace)
{
  gsize              length = strcspn (self->at, ";)");
  const SmbSddlName *type = smb_sddl_find_name (smb_sddl_ace_types, self->at, length);

  if (type == NULL)
    fail (self, SMB_ERROR_NOT_SUPPORTED, "entries of this type are not supported");
  else
    {
      ace->type = (guint8) type->value;
      self->at += length;
    }
}

static SmbAceData *
read_ace (Parser *self)
{
  SmbAceData *ace = smb_ace_data_new ();

  ace->has_sid = TRUE;
  read_ace_type (self, ace);
  expect (self, ";");
  ace->flags = (guint8) read_flags (self, smb_sddl_ace_flags);
  expect (self, ";");
  ace->mask = read_rights (self, ace);
  expect (self, ";");
  read_object_types (self, ace);
  read_sid (self, &ace->sid);
  expect (self, ")");
  return ace;
}

/* NULL if it says that there is none. */
static SmbAclData *
read_acl (Parser  *self,
          guint16 *flags)
{
  SmbAclData *acl;

  *flags = (guint16) read_flags (self, smb_sddl_acl_flags);
  if (skip (self, SMB_SDDL_NO_ACCESS_CONTROL))
    return NULL;

  acl = smb_acl_data_new (ACL_REVISION);
  while (skip (self, "("))
    {
      SmbAceData *ace = read_ace (self);

      g_ptr_array_add (acl->aces, ace);
      if (smb_ace_data_is_object (ace))
        acl->revision = ACL_REVISION_DS;
    }
  return acl;
}

static void
read_owner (Parser      *self,
            SmbSidData **sid)
{
  if (*sid != NULL)
    refuse (self, "this part is there twice");
  else
    read_sid (self, *sid = g_new0 (SmbSidData, 1));
}

static void
read_list (Parser      *self,
           guint16     *control,
           guint        shift, /* of the control bits */
           SmbAclData **list)
{
  guint16 present = SMB_SECURITY_CONTROL_DACL_PRESENT << (2 * shift);
  guint16 flags = 0;

  if (*control & present)
    {
      refuse (self, "this part is there twice");
      return;
    }
  *list = read_acl (self, &flags);
  *control |= present | (guint16) (flags << shift);
}

SmbSecurityDescriptorData *
smb_sddl_read (const char  *text,
               GError     **error)
{
  g_autoptr(SmbSecurityDescriptorData) self = smb_security_descriptor_data_new ();
  Parser                               parser = { text };

  while (parser.error == NULL && parser.at[0] != '\0')
    {
      if (skip (&parser, "O:"))
        read_owner (&parser, &self->owner);
      else if (skip (&parser, "G:"))
        read_owner (&parser, &self->group);
      else if (skip (&parser, "D:"))
        read_list (&parser, &self->control, 0, &self->dacl);
      else if (skip (&parser, "S:"))
        read_list (&parser, &self->control, 1, &self->sacl);
      else
        refuse (&parser, "an owner, a group or a list is expected");
    }
  if (parser.error == NULL)
    return g_steal_pointer (&self);
  g_propagate_error (error, parser.error);
  return NULL;
}
