/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-acl-private.h"
#include "smb-sid-private.h"

/**
 * SmbAce:
 *
 * An entry of an access control list ([MS-DTYP] 2.4.4).
 *
 * Immutable, and safe in any thread.
 */
struct _SmbAce
{
  GObject parent_instance;

  SmbAceData *data;
  SmbSid     *sid;                   /* NULL where the type is not known */
  char       *object_type;           /* NULL = none */
  char       *inherited_object_type; /* NULL = none */
};

G_DEFINE_FINAL_TYPE (SmbAce, smb_ace, G_TYPE_OBJECT)

enum
{
  PROP_ACE_TYPE = 1,
  PROP_FLAGS,
  PROP_MASK,
  PROP_SID,
  PROP_OBJECT_TYPE,
  PROP_INHERITED_OBJECT_TYPE,
  PROP_APPLICATION_DATA,
  PROP_IS_INHERIT_ONLY,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
smb_ace_get_property (GObject    *object,
                      guint       id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  SmbAce *self = SMB_ACE (object);

  switch (id)
    {
    case PROP_ACE_TYPE:
      g_value_set_enum (value, self->data->type);
      break;
    case PROP_FLAGS:
      g_value_set_flags (value, self->data->flags);
      break;
    case PROP_MASK:
      g_value_set_uint (value, self->data->mask);
      break;
    case PROP_SID:
      g_value_set_object (value, self->sid);
      break;
    case PROP_OBJECT_TYPE:
      g_value_set_string (value, self->object_type);
      break;
    case PROP_INHERITED_OBJECT_TYPE:
      g_value_set_string (value, self->inherited_object_type);
      break;
    case PROP_APPLICATION_DATA:
      g_value_set_boxed (value, self->data->application_data);
      break;
    case PROP_IS_INHERIT_ONLY:
      g_value_set_boolean (value, smb_ace_get_is_inherit_only (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
smb_ace_finalize (GObject *object)
{
  SmbAce *self = SMB_ACE (object);

  smb_ace_data_free (self->data);
  g_clear_object (&self->sid);
  g_free (self->object_type);
  g_free (self->inherited_object_type);

  G_OBJECT_CLASS (smb_ace_parent_class)->finalize (object);
}

static void
smb_ace_class_init (SmbAceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = smb_ace_get_property;
  object_class->finalize = smb_ace_finalize;

  /**
   * SmbAce:ace-type: (getter get_ace_type)
   *
   * What the entry does.
   */
  props[PROP_ACE_TYPE] =
    g_param_spec_enum ("ace-type", NULL, NULL, SMB_TYPE_ACE_TYPE, SMB_ACE_TYPE_ACCESS_ALLOWED, flags);

  /**
   * SmbAce:flags: (getter get_flags)
   *
   * How it is inherited and audited.
   */
  props[PROP_FLAGS] = g_param_spec_flags ("flags", NULL, NULL, SMB_TYPE_ACE_FLAGS, SMB_ACE_FLAGS_NONE, flags);

  /**
   * SmbAce:mask: (getter get_mask)
   *
   * The rights that it is about ([MS-DTYP] 2.4.3).
   */
  props[PROP_MASK] = g_param_spec_uint ("mask", NULL, NULL, 0, G_MAXUINT32, 0, flags);

  /**
   * SmbAce:sid: (getter get_sid)
   *
   * Whom it is about; %NULL if the type is not known.
   */
  props[PROP_SID] = g_param_spec_object ("sid", NULL, NULL, SMB_TYPE_SID, flags);

  /**
   * SmbAce:object-type: (getter get_object_type)
   *
   * The GUID of the part or right that it is about; %NULL if it is about the whole.
   */
  props[PROP_OBJECT_TYPE] = g_param_spec_string ("object-type", NULL, NULL, NULL, flags);

  /**
   * SmbAce:inherited-object-type: (getter get_inherited_object_type)
   *
   * The GUID of the kind of object that inherits it; %NULL if every kind does.
   */
  props[PROP_INHERITED_OBJECT_TYPE] = g_param_spec_string ("inherited-object-type", NULL, NULL, NULL, flags);

  /**
   * SmbAce:application-data: (getter get_application_data)
   *
   * What else is in it: a condition, an attribute, or all of an entry whose type is not known.
   */
  props[PROP_APPLICATION_DATA] = g_param_spec_boxed ("application-data", NULL, NULL, G_TYPE_BYTES, flags);

  /**
   * SmbAce:is-inherit-only: (getter get_is_inherit_only)
   *
   * Whether it says nothing about the object itself, only about those that inherit it.
   */
  props[PROP_IS_INHERIT_ONLY] = g_param_spec_boolean ("is-inherit-only", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_ace_init (SmbAce *self)
{
}

/* [MS-DTYP] 2.3.4.3, from the order of the wire (2.3.4.2): the first three fields are little endian. */
static char *
guid_to_string (const guint8 *guid)
{
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          guid[3], guid[2], guid[1], guid[0], guid[5], guid[4], guid[7], guid[6],
                          guid[8], guid[9], guid[10], guid[11], guid[12], guid[13], guid[14], guid[15]);
}

SmbAce *
smb_ace_new_from_data (const SmbAceData *data)
{
  SmbAce *self = g_object_new (SMB_TYPE_ACE, NULL);

  self->data = smb_ace_data_copy (data);
  if (data->has_sid)
    self->sid = smb_sid_new (&data->sid);
  if (smb_ace_data_is_object (data) && (data->object_flags & SMB_ACE_DATA_OBJECT_TYPE_PRESENT) != 0)
    self->object_type = guid_to_string (data->object_type);
  if (smb_ace_data_is_object (data) && (data->object_flags & SMB_ACE_DATA_INHERITED_OBJECT_TYPE_PRESENT) != 0)
    self->inherited_object_type = guid_to_string (data->inherited_object_type);
  return self;
}

const SmbAceData *
smb_ace_get_data (SmbAce *self)
{
  return self->data;
}

/* Those that are made of nothing but a mask and whom it is about. */
static gboolean
is_simple (SmbAceType type)
{
  switch (type)
    {
    case SMB_ACE_TYPE_ACCESS_ALLOWED:
    case SMB_ACE_TYPE_ACCESS_DENIED:
    case SMB_ACE_TYPE_SYSTEM_AUDIT:
    case SMB_ACE_TYPE_SYSTEM_ALARM:
    case SMB_ACE_TYPE_SYSTEM_MANDATORY_LABEL:
    case SMB_ACE_TYPE_SYSTEM_SCOPED_POLICY_ID:
      return TRUE;
    default:
      return FALSE;
    }
}

/**
 * smb_ace_new:
 * @type: what the entry does: %SMB_ACE_TYPE_ACCESS_ALLOWED, `ACCESS_DENIED`, `SYSTEM_AUDIT`, `SYSTEM_ALARM`,
 *   `SYSTEM_MANDATORY_LABEL` or `SYSTEM_SCOPED_POLICY_ID`
 * @flags: how it is inherited and audited
 * @mask: the rights that it is about: [flags@AccessMask], or other bits
 * @sid: whom it is about
 *
 * Makes an entry. Those of the other types come from [ctor@SecurityDescriptor.new_from_sddl], or from a
 * server.
 *
 * Returns: (transfer full): the entry
 */
SmbAce *
smb_ace_new (SmbAceType   type,
             SmbAceFlags  flags,
             guint32      mask,
             SmbSid      *sid)
{
  SmbAceData data = { 0 };

  g_return_val_if_fail (is_simple (type), NULL);
  g_return_val_if_fail (((guint) flags & ~0xFFu) == 0, NULL);
  g_return_val_if_fail (SMB_IS_SID (sid), NULL);

  data.type = (guint8) type;
  data.flags = (guint8) flags;
  data.mask = mask;
  data.has_sid = TRUE;
  data.sid = *smb_sid_get_data (sid);
  return smb_ace_new_from_data (&data);
}

/**
 * smb_ace_get_ace_type: (get-property ace-type)
 * @self: the entry
 *
 * What the entry does.
 *
 * Returns: the type; servers may use values that have no name here
 */
SmbAceType
smb_ace_get_ace_type (SmbAce *self)
{
  g_return_val_if_fail (SMB_IS_ACE (self), SMB_ACE_TYPE_ACCESS_ALLOWED);

  return (SmbAceType) self->data->type;
}

/**
 * smb_ace_get_flags: (get-property flags)
 * @self: the entry
 *
 * How it is inherited and audited.
 *
 * Returns: the flags
 */
SmbAceFlags
smb_ace_get_flags (SmbAce *self)
{
  g_return_val_if_fail (SMB_IS_ACE (self), SMB_ACE_FLAGS_NONE);

  return (SmbAceFlags) self->data->flags;
}

/**
 * smb_ace_get_mask: (get-property mask)
 * @self: the entry
 *
 * The rights that it is about ([MS-DTYP] 2.4.3).
 *
 * Returns: a set of bits
 */
guint32
smb_ace_get_mask (SmbAce *self)
{
  g_return_val_if_fail (SMB_IS_ACE (self), 0);

  return self->data->mask;
}

/**
 * smb_ace_get_sid: (get-property sid)
 * @self: the entry
 *
 * Whom it is about.
 *
 * Returns: (transfer none) (nullable): an identifier, or %NULL if the type is not known
 */
SmbSid *
smb_ace_get_sid (SmbAce *self)
{
  g_return_val_if_fail (SMB_IS_ACE (self), NULL);

  return self->sid;
}

/**
 * smb_ace_get_object_type: (get-property object-type)
 * @self: the entry
 *
 * The part or right that it is about.
 *
 * Returns: (nullable): a GUID as text, or %NULL if it is about the whole
 */
const char *
smb_ace_get_object_type (SmbAce *self)
{
  g_return_val_if_fail (SMB_IS_ACE (self), NULL);

  return self->object_type;
}

/**
 * smb_ace_get_inherited_object_type: (get-property inherited-object-type)
 * @self: the entry
 *
 * The kind of object that inherits it.
 *
 * Returns: (nullable): a GUID as text, or %NULL if every kind does
 */
const char *
smb_ace_get_inherited_object_type (SmbAce *self)
{
  g_return_val_if_fail (SMB_IS_ACE (self), NULL);

  return self->inherited_object_type;
}

/**
 * smb_ace_get_application_data: (get-property application-data)
 * @self: the entry
 *
 * What else is in it: a condition, an attribute, or all of an entry whose type is not known.
 *
 * Returns: (transfer none) (nullable): bytes, or %NULL if there are none
 */
GBytes *
smb_ace_get_application_data (SmbAce *self)
{
  g_return_val_if_fail (SMB_IS_ACE (self), NULL);

  return self->data->application_data;
}

/**
 * smb_ace_get_is_inherit_only: (get-property is-inherit-only)
 * @self: the entry
 *
 * Whether it says nothing about the object itself, only about those that inherit it.
 *
 * Returns: whether it does
 */
gboolean
smb_ace_get_is_inherit_only (SmbAce *self)
{
  g_return_val_if_fail (SMB_IS_ACE (self), FALSE);

  return (self->data->flags & SMB_ACE_FLAGS_INHERIT_ONLY) != 0;
}
