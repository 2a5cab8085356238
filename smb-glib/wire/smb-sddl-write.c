/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-sddl.h"

#include "smb-error.h"
#include "wire/smb-sddl-names.h"

#define ALL_LABEL_RIGHTS 0x7

static void
append_sid (GString          *text,
            const SmbSidData *sid)
{
  const char      *name = smb_sddl_sid_to_name (sid);
  g_autofree char *number = name == NULL ? smb_sid_data_to_string (sid) : NULL;

  g_string_append (text, name != NULL ? name : number);
}

/* All names of the table whose bits are set. Returns what is left. */
static guint32
append_flags (GString           *text,
              const SmbSddlName *table,
              guint32            flags)
{
  for (; table->name != NULL; table++)
    if ((flags & table->value) != 0)
      {
        g_string_append (text, table->name);
        flags &= ~table->value;
      }
  return flags;
}

/* A number says as much as the letters of a directory's rights, of which a file's have other meanings. */
static void
append_rights (GString          *text,
               const SmbAceData *ace)
{
  gboolean    label = ace->type == SMB_ACE_DATA_SYSTEM_MANDATORY_LABEL;
  const char *name = label ? NULL : smb_sddl_find_value (smb_sddl_whole_rights, ace->mask);

  if (label && ace->mask != 0 && ace->mask <= ALL_LABEL_RIGHTS)
    append_flags (text, smb_sddl_label_rights, ace->mask);
  else if (name != NULL)
    g_string_append (text, name);
  else
    g_string_append_printf (text, "0x%x", ace->mask);
}

/* [MS-DTYP] 2.3.4.3, from the order of the wire (2.3.4.2). */
static void
append_guid (GString      *text,
             gboolean      present,
             const guint8 *guid)
{
  static const guint8 order[] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

  g_string_append_c (text, ';');
  if (!present)
    return;
  for (gsize i = 0; i < sizeof order; i++)
    g_string_append_printf (text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", guid[order[i]]);
}

static gboolean
append_ace (GString           *text,
            const SmbAceData  *ace,
            GError           **error)
{
  const char *type = smb_sddl_find_value (smb_sddl_ace_types, ace->type);
  gboolean    object = smb_ace_data_is_object (ace);

  if (type == NULL)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED,
                   "An entry of type 0x%02x cannot be written as text", ace->type);
      return FALSE;
    }

  g_string_append_printf (text, "(%s;", type);
  append_flags (text, smb_sddl_ace_flags, ace->flags);
  g_string_append_c (text, ';');
  append_rights (text, ace);
  append_guid (text, object && (ace->object_flags & SMB_ACE_DATA_OBJECT_TYPE_PRESENT), ace->object_type);
  append_guid (text, object && (ace->object_flags & SMB_ACE_DATA_INHERITED_OBJECT_TYPE_PRESENT),
               ace->inherited_object_type);
  g_string_append_c (text, ';');
  append_sid (text, &ace->sid);
  g_string_append_c (text, ')');
  return TRUE;
}

/* @flags: as a DACL's. */
static gboolean
append_acl (GString           *text,
            const char        *what,
            guint32            flags,
            const SmbAclData  *acl,
            GError           **error)
{
  g_string_append (text, what);
  append_flags (text, smb_sddl_acl_flags, flags);
  if (acl == NULL)
    {
      g_string_append (text, SMB_SDDL_NO_ACCESS_CONTROL);
      return TRUE;
    }
  for (guint i = 0; i < acl->aces->len; i++)
    if (!append_ace (text, acl->aces->pdata[i], error))
      return FALSE;
  return TRUE;
}

char *
smb_sddl_write (const SmbSecurityDescriptorData  *descriptor,
                GError                          **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint16            control = descriptor->control;

  if (descriptor->owner != NULL)
    {
      g_string_append (text, "O:");
      append_sid (text, descriptor->owner);
    }
  if (descriptor->group != NULL)
    {
      g_string_append (text, "G:");
      append_sid (text, descriptor->group);
    }
  if ((control & SMB_SECURITY_CONTROL_DACL_PRESENT) &&
      !append_acl (text, "D:", control, descriptor->dacl, error))
    return NULL;
  if ((control & SMB_SECURITY_CONTROL_SACL_PRESENT) &&
      !append_acl (text, "S:", control >> 1, descriptor->sacl, error))
    return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}
