/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-acl-private.h"
#include "smb-security-descriptor-private.h"
#include "smb-sid-private.h"
#include "wire/smb-sddl.h"

/**
 * SmbSecurityDescriptor:
 *
 * Who owns an object and who may do what with it ([MS-DTYP] 2.4.6).
 *
 * Without a list for access everyone may do everything if the flags have
 * %SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PRESENT, and nothing is known if they have not; a list without entries
 * allows nothing.
 *
 * Immutable, and safe in any thread.
 */
struct _SmbSecurityDescriptor
{
  GObject parent_instance;

  guint   flags;
  SmbSid *owner; /* NULL = not told, as are the others */
  SmbSid *group;
  SmbAcl *dacl;
  SmbAcl *sacl;
};

G_DEFINE_FINAL_TYPE (SmbSecurityDescriptor, smb_security_descriptor, G_TYPE_OBJECT)

enum { PROP_FLAGS = 1, PROP_OWNER, PROP_GROUP, PROP_DACL, PROP_SACL, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
smb_security_descriptor_get_property (GObject    *object,
                                      guint       id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  SmbSecurityDescriptor *self = SMB_SECURITY_DESCRIPTOR (object);

  switch (id)
    {
    case PROP_FLAGS:
      g_value_set_flags (value, self->flags);
      break;
    case PROP_OWNER:
      g_value_set_object (value, self->owner);
      break;
    case PROP_GROUP:
      g_value_set_object (value, self->group);
      break;
    case PROP_DACL:
      g_value_set_object (value, self->dacl);
      break;
    case PROP_SACL:
      g_value_set_object (value, self->sacl);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
smb_security_descriptor_finalize (GObject *object)
{
  SmbSecurityDescriptor *self = SMB_SECURITY_DESCRIPTOR (object);

  g_clear_object (&self->owner);
  g_clear_object (&self->group);
  g_clear_object (&self->dacl);
  g_clear_object (&self->sacl);

  G_OBJECT_CLASS (smb_security_descriptor_parent_class)->finalize (object);
}

static void
smb_security_descriptor_class_init (SmbSecurityDescriptorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = smb_security_descriptor_get_property;
  object_class->finalize = smb_security_descriptor_finalize;

  /**
   * SmbSecurityDescriptor:flags: (getter get_flags)
   *
   * What it says of its parts.
   */
  props[PROP_FLAGS] = g_param_spec_flags ("flags", NULL, NULL, SMB_TYPE_SECURITY_DESCRIPTOR_FLAGS, 0, flags);

  /**
   * SmbSecurityDescriptor:owner: (getter get_owner)
   *
   * Who owns the object; %NULL if the server does not say.
   */
  props[PROP_OWNER] = g_param_spec_object ("owner", NULL, NULL, SMB_TYPE_SID, flags);

  /**
   * SmbSecurityDescriptor:group: (getter get_group)
   *
   * Its primary group; %NULL if the server does not say.
   */
  props[PROP_GROUP] = g_param_spec_object ("group", NULL, NULL, SMB_TYPE_SID, flags);

  /**
   * SmbSecurityDescriptor:dacl: (getter get_dacl)
   *
   * Who may do what; %NULL if there is no list.
   */
  props[PROP_DACL] = g_param_spec_object ("dacl", NULL, NULL, SMB_TYPE_ACL, flags);

  /**
   * SmbSecurityDescriptor:sacl: (getter get_sacl)
   *
   * Whose doings are logged; %NULL if there is no list.
   */
  props[PROP_SACL] = g_param_spec_object ("sacl", NULL, NULL, SMB_TYPE_ACL, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_security_descriptor_init (SmbSecurityDescriptor *self)
{
}

SmbSecurityDescriptor *
smb_security_descriptor_new_from_data (const SmbSecurityDescriptorData *data)
{
  SmbSecurityDescriptor *self = g_object_new (SMB_TYPE_SECURITY_DESCRIPTOR, NULL);

  self->flags = data->control;
  self->owner = data->owner == NULL ? NULL : smb_sid_new (data->owner);
  self->group = data->group == NULL ? NULL : smb_sid_new (data->group);
  self->dacl = data->dacl == NULL ? NULL : smb_acl_new_from_data (data->dacl);
  self->sacl = data->sacl == NULL ? NULL : smb_acl_new_from_data (data->sacl);
  return self;
}

static SmbSidData *
dup_sid_data (SmbSid *sid)
{
  return sid == NULL ? NULL : g_memdup2 (smb_sid_get_data (sid), sizeof (SmbSidData));
}

SmbSecurityDescriptorData *
smb_security_descriptor_to_data (SmbSecurityDescriptor *self)
{
  SmbSecurityDescriptorData *data = smb_security_descriptor_data_new ();

  data->control = (guint16) self->flags;
  data->owner = dup_sid_data (self->owner);
  data->group = dup_sid_data (self->group);
  data->dacl = self->dacl == NULL ? NULL : smb_acl_to_data (self->dacl);
  data->sacl = self->sacl == NULL ? NULL : smb_acl_to_data (self->sacl);
  return data;
}

/**
 * smb_security_descriptor_new:
 * @owner: (nullable): who is to own the object, or %NULL
 * @group: (nullable): its primary group, or %NULL
 * @dacl: (nullable): who may do what, or %NULL
 * @sacl: (nullable): whose doings are logged, or %NULL
 * @flags: what else there is to say, for example %SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PROTECTED
 *
 * Makes a descriptor, for [method@ProtocolFactory.set_security].
 *
 * The flags that say which lists there are need not be given. With
 * %SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PRESENT and no @dacl the descriptor is one that allows everything to
 * everyone.
 *
 * Returns: (transfer full): the descriptor
 */
SmbSecurityDescriptor *
smb_security_descriptor_new (SmbSid                     *owner,
                             SmbSid                     *group,
                             SmbAcl                     *dacl,
                             SmbAcl                     *sacl,
                             SmbSecurityDescriptorFlags  flags)
{
  SmbSecurityDescriptor *self;

  g_return_val_if_fail (owner == NULL || SMB_IS_SID (owner), NULL);
  g_return_val_if_fail (group == NULL || SMB_IS_SID (group), NULL);
  g_return_val_if_fail (dacl == NULL || SMB_IS_ACL (dacl), NULL);
  g_return_val_if_fail (sacl == NULL || SMB_IS_ACL (sacl), NULL);
  g_return_val_if_fail (((guint) flags & ~0xFFFFu) == 0, NULL);

  self = g_object_new (SMB_TYPE_SECURITY_DESCRIPTOR, NULL);
  self->flags = (guint) flags | SMB_SECURITY_DESCRIPTOR_FLAGS_SELF_RELATIVE;
  self->flags |= dacl == NULL ? 0 : SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PRESENT;
  self->flags |= sacl == NULL ? 0 : SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_PRESENT;
  g_set_object (&self->owner, owner);
  g_set_object (&self->group, group);
  g_set_object (&self->dacl, dacl);
  g_set_object (&self->sacl, sacl);
  return self;
}

/**
 * smb_security_descriptor_new_from_sddl:
 * @sddl: a security descriptor as text, for example `O:BAD:P(A;;FA;;;SY)(A;OICI;FR;;;WD)`
 * @error: where to put an error, or %NULL
 *
 * Reads a descriptor in the security descriptor definition language ([MS-DTYP] 2.5.1).
 *
 * Fails with [error@Smb.Error.INVALID_ARGUMENT] if @sddl is none, or names members of a domain by two
 * letters, like `DA`, which only mean something inside the domain; with [error@Smb.Error.NOT_SUPPORTED] for
 * entries with conditions or attributes.
 *
 * Returns: (transfer full): the descriptor
 */
SmbSecurityDescriptor *
smb_security_descriptor_new_from_sddl (const char  *sddl,
                                       GError     **error)
{
  g_autoptr(SmbSecurityDescriptorData) data = NULL;

  g_return_val_if_fail (sddl != NULL, NULL);

  data = smb_sddl_read (sddl, error);
  return data == NULL ? NULL : smb_security_descriptor_new_from_data (data);
}

/**
 * smb_security_descriptor_to_sddl:
 * @self: the descriptor
 * @error: where to put an error, or %NULL
 *
 * Writes a descriptor in the security descriptor definition language ([MS-DTYP] 2.5.1), as the tools of
 * Windows and Samba read it.
 *
 * Fails with [error@Smb.Error.NOT_SUPPORTED] if it has entries with conditions or attributes, or of types
 * that have no name.
 *
 * Returns: (transfer full): the text
 */
char *
smb_security_descriptor_to_sddl (SmbSecurityDescriptor  *self,
                                 GError                **error)
{
  g_autoptr(SmbSecurityDescriptorData) data = NULL;

  g_return_val_if_fail (SMB_IS_SECURITY_DESCRIPTOR (self), NULL);

  data = smb_security_descriptor_to_data (self);
  return smb_sddl_write (data, error);
}

/**
 * smb_security_descriptor_get_flags: (get-property flags)
 * @self: the descriptor
 *
 * What it says of its parts.
 *
 * Returns: the flags
 */
SmbSecurityDescriptorFlags
smb_security_descriptor_get_flags (SmbSecurityDescriptor *self)
{
  g_return_val_if_fail (SMB_IS_SECURITY_DESCRIPTOR (self), SMB_SECURITY_DESCRIPTOR_FLAGS_NONE);

  return (SmbSecurityDescriptorFlags) self->flags;
}

/**
 * smb_security_descriptor_get_owner: (get-property owner)
 * @self: the descriptor
 *
 * Who owns the object.
 *
 * Returns: (transfer none) (nullable): an identifier, or %NULL if the server does not say
 */
SmbSid *
smb_security_descriptor_get_owner (SmbSecurityDescriptor *self)
{
  g_return_val_if_fail (SMB_IS_SECURITY_DESCRIPTOR (self), NULL);

  return self->owner;
}

/**
 * smb_security_descriptor_get_group: (get-property group)
 * @self: the descriptor
 *
 * Its primary group.
 *
 * Returns: (transfer none) (nullable): an identifier, or %NULL if the server does not say
 */
SmbSid *
smb_security_descriptor_get_group (SmbSecurityDescriptor *self)
{
  g_return_val_if_fail (SMB_IS_SECURITY_DESCRIPTOR (self), NULL);

  return self->group;
}

/**
 * smb_security_descriptor_get_dacl: (get-property dacl)
 * @self: the descriptor
 *
 * Who may do what.
 *
 * Returns: (transfer none) (nullable): a list, or %NULL if there is none
 */
SmbAcl *
smb_security_descriptor_get_dacl (SmbSecurityDescriptor *self)
{
  g_return_val_if_fail (SMB_IS_SECURITY_DESCRIPTOR (self), NULL);

  return self->dacl;
}

/**
 * smb_security_descriptor_get_sacl: (get-property sacl)
 * @self: the descriptor
 *
 * Whose doings are logged.
 *
 * Returns: (transfer none) (nullable): a list, or %NULL if there is none
 */
SmbAcl *
smb_security_descriptor_get_sacl (SmbSecurityDescriptor *self)
{
  g_return_val_if_fail (SMB_IS_SECURITY_DESCRIPTOR (self), NULL);

  return self->sacl;
}
