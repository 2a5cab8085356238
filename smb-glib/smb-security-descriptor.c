/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-acl-private.h"
#include "smb-security-descriptor-private.h"
#include "smb-sid-private.h"

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
smb_security_descriptor_new (const SmbSecurityDescriptorData *data)
{
  SmbSecurityDescriptor *self = g_object_new (SMB_TYPE_SECURITY_DESCRIPTOR, NULL);

  self->flags = data->control;
  self->owner = data->owner == NULL ? NULL : smb_sid_new (data->owner);
  self->group = data->group == NULL ? NULL : smb_sid_new (data->group);
  self->dacl = data->dacl == NULL ? NULL : smb_acl_new (data->dacl);
  self->sacl = data->sacl == NULL ? NULL : smb_acl_new (data->sacl);
  return self;
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
