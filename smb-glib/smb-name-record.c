/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-name-record-private.h"

/**
 * SmbNameRecord:
 *
 * A NetBIOS name that a computer has ([RFC 1002] 4.2.18), as [method@NameService.query_ip_for_name] tells.
 *
 * Immutable, and safe in any thread.
 */
struct _SmbNameRecord
{
  GObject parent_instance;

  char    *name;
  guint    suffix;
  gboolean is_group;
  gboolean is_active;
  gboolean is_conflict;
  char    *mac_address; /* NULL = not told */
};

G_DEFINE_FINAL_TYPE (SmbNameRecord, smb_name_record, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1,
  PROP_SUFFIX,
  PROP_IS_GROUP,
  PROP_IS_ACTIVE,
  PROP_IS_CONFLICT,
  PROP_MAC_ADDRESS,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
smb_name_record_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  SmbNameRecord *self = SMB_NAME_RECORD (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_SUFFIX:
      g_value_set_uint (value, self->suffix);
      break;
    case PROP_IS_GROUP:
      g_value_set_boolean (value, self->is_group);
      break;
    case PROP_IS_ACTIVE:
      g_value_set_boolean (value, self->is_active);
      break;
    case PROP_IS_CONFLICT:
      g_value_set_boolean (value, self->is_conflict);
      break;
    case PROP_MAC_ADDRESS:
      g_value_set_string (value, self->mac_address);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
smb_name_record_finalize (GObject *object)
{
  SmbNameRecord *self = SMB_NAME_RECORD (object);

  g_free (self->name);
  g_free (self->mac_address);

  G_OBJECT_CLASS (smb_name_record_parent_class)->finalize (object);
}

static void
smb_name_record_class_init (SmbNameRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = smb_name_record_get_property;
  object_class->finalize = smb_name_record_finalize;

  /**
   * SmbNameRecord:name: (getter get_name)
   *
   * The name, without its suffix.
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * SmbNameRecord:suffix: (getter get_suffix)
   *
   * What the name stands for.
   */
  props[PROP_SUFFIX] = g_param_spec_uint ("suffix", NULL, NULL, 0, G_MAXUINT8, 0, flags);

  /**
   * SmbNameRecord:is-group: (getter get_is_group)
   *
   * Whether other computers may have the name too, as members of a workgroup or domain.
   */
  props[PROP_IS_GROUP] = g_param_spec_boolean ("is-group", NULL, NULL, FALSE, flags);

  /**
   * SmbNameRecord:is-active: (getter get_is_active)
   *
   * Whether the name is in use: neither being claimed yet nor given up.
   */
  props[PROP_IS_ACTIVE] = g_param_spec_boolean ("is-active", NULL, NULL, FALSE, flags);

  /**
   * SmbNameRecord:is-conflict: (getter get_is_conflict)
   *
   * Whether another computer claims the name as well.
   */
  props[PROP_IS_CONFLICT] = g_param_spec_boolean ("is-conflict", NULL, NULL, FALSE, flags);

  /**
   * SmbNameRecord:mac-address: (getter get_mac_address)
   *
   * The hardware address of the computer's network adapter.
   */
  props[PROP_MAC_ADDRESS] = g_param_spec_string ("mac-address", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_name_record_init (SmbNameRecord *self)
{
}

SmbNameRecord *
smb_name_record_new (const SmbNbnsRecord *data,
                     const char          *mac_address)
{
  SmbNameRecord *self = g_object_new (SMB_TYPE_NAME_RECORD, NULL);

  self->name = smb_netbios_name_dup_text (&data->name);
  self->suffix = smb_netbios_name_get_suffix (&data->name);
  self->is_group = (data->flags & SMB_NBNS_GROUP) != 0;
  self->is_active = (data->flags & SMB_NBNS_ACTIVE) != 0;
  self->is_conflict = (data->flags & SMB_NBNS_CONFLICT) != 0;
  self->mac_address = g_strdup (mac_address);
  return self;
}

/**
 * smb_name_record_get_name: (get-property name)
 * @self: the record
 *
 * The name, without its suffix.
 *
 * Returns: the name
 */
const char *
smb_name_record_get_name (SmbNameRecord *self)
{
  g_return_val_if_fail (SMB_IS_NAME_RECORD (self), NULL);

  return self->name;
}

/**
 * smb_name_record_get_suffix: (get-property suffix)
 * @self: the record
 *
 * What the name stands for.
 *
 * Returns: a number below 256, for example %SMB_NAME_SUFFIX_SERVER
 */
guint
smb_name_record_get_suffix (SmbNameRecord *self)
{
  g_return_val_if_fail (SMB_IS_NAME_RECORD (self), 0);

  return self->suffix;
}

/**
 * smb_name_record_get_is_group: (get-property is-group)
 * @self: the record
 *
 * Whether other computers may have the name too, as members of a workgroup or domain.
 *
 * Returns: whether they may
 */
gboolean
smb_name_record_get_is_group (SmbNameRecord *self)
{
  g_return_val_if_fail (SMB_IS_NAME_RECORD (self), FALSE);

  return self->is_group;
}

/**
 * smb_name_record_get_is_active: (get-property is-active)
 * @self: the record
 *
 * Whether the name is in use: neither being claimed yet nor given up.
 *
 * Returns: whether it is
 */
gboolean
smb_name_record_get_is_active (SmbNameRecord *self)
{
  g_return_val_if_fail (SMB_IS_NAME_RECORD (self), FALSE);

  return self->is_active;
}

/**
 * smb_name_record_get_is_conflict: (get-property is-conflict)
 * @self: the record
 *
 * Whether another computer claims the name as well.
 *
 * Returns: whether one does
 */
gboolean
smb_name_record_get_is_conflict (SmbNameRecord *self)
{
  g_return_val_if_fail (SMB_IS_NAME_RECORD (self), FALSE);

  return self->is_conflict;
}

/**
 * smb_name_record_get_mac_address: (get-property mac-address)
 * @self: the record
 *
 * The hardware address of the computer's network adapter, as `00:11:22:33:44:55`. All records of an answer
 * have the same. Samba does not tell it.
 *
 * Returns: (nullable): the address, or %NULL if the computer does not tell it
 */
const char *
smb_name_record_get_mac_address (SmbNameRecord *self)
{
  g_return_val_if_fail (SMB_IS_NAME_RECORD (self), NULL);

  return self->mac_address;
}
