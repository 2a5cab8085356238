/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-acl-private.h"

/* [MS-DTYP] 2.4.5 AclRevision */
#define REVISION              2
#define REVISION_WITH_OBJECTS 4

/**
 * SmbAcl:
 *
 * An access control list ([MS-DTYP] 2.4.5): who may do what, or whose doings are logged.
 *
 * Immutable, and safe in any thread.
 */
struct _SmbAcl
{
  GObject parent_instance;

  guint      revision;
  GPtrArray *aces; /* of SmbAce */
};

G_DEFINE_FINAL_TYPE (SmbAcl, smb_acl, G_TYPE_OBJECT)

enum { PROP_REVISION = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
smb_acl_get_property (GObject    *object,
                      guint       id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  SmbAcl *self = SMB_ACL (object);

  switch (id)
    {
    case PROP_REVISION:
      g_value_set_uint (value, self->revision);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
smb_acl_finalize (GObject *object)
{
  SmbAcl *self = SMB_ACL (object);

  g_ptr_array_unref (self->aces);

  G_OBJECT_CLASS (smb_acl_parent_class)->finalize (object);
}

static void
smb_acl_class_init (SmbAclClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = smb_acl_get_property;
  object_class->finalize = smb_acl_finalize;

  /**
   * SmbAcl:revision: (getter get_revision)
   *
   * 2, or 4 if it has entries for parts of objects.
   */
  props[PROP_REVISION] = g_param_spec_uint ("revision", NULL, NULL, 0, G_MAXUINT8, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_acl_init (SmbAcl *self)
{
  self->aces = g_ptr_array_new_with_free_func (g_object_unref);
}

static gpointer
copy_ace (gconstpointer ace,
          gpointer      user_data)
{
  return g_object_ref ((gpointer) ace);
}

SmbAcl *
smb_acl_new_from_data (const SmbAclData *data)
{
  SmbAcl *self = g_object_new (SMB_TYPE_ACL, NULL);

  self->revision = data->revision;
  for (guint i = 0; i < data->aces->len; i++)
    g_ptr_array_add (self->aces, smb_ace_new_from_data (data->aces->pdata[i]));
  return self;
}

SmbAclData *
smb_acl_to_data (SmbAcl *self)
{
  SmbAclData *data = smb_acl_data_new ((guint8) self->revision);

  for (guint i = 0; i < self->aces->len; i++)
    g_ptr_array_add (data->aces, smb_ace_data_copy (smb_ace_get_data (self->aces->pdata[i])));
  return data;
}

/**
 * smb_acl_new:
 * @aces: (element-type SmbAce) (transfer none): entries, in the order in which they are to hold
 *
 * Makes a list. Servers take entries as they are, and the first that decides, decides: what denies goes
 * before what allows, what was inherited comes last.
 *
 * Returns: (transfer full): the list
 */
SmbAcl *
smb_acl_new (GPtrArray *aces)
{
  SmbAcl *self;

  g_return_val_if_fail (aces != NULL, NULL);

  self = g_object_new (SMB_TYPE_ACL, NULL);
  self->revision = REVISION;
  for (guint i = 0; i < aces->len; i++)
    {
      SmbAce *ace = g_ptr_array_index (aces, i);

      g_ptr_array_add (self->aces, g_object_ref (ace));
      if (smb_ace_data_is_object (smb_ace_get_data (ace)))
        self->revision = REVISION_WITH_OBJECTS;
    }
  return self;
}

/**
 * smb_acl_get_aces:
 * @self: the list
 *
 * Its entries, in the order in which they hold: the first that decides, decides.
 *
 * Returns: (transfer container) (element-type SmbAce): the entries
 */
GPtrArray *
smb_acl_get_aces (SmbAcl *self)
{
  g_return_val_if_fail (SMB_IS_ACL (self), NULL);

  return g_ptr_array_copy (self->aces, copy_ace, NULL);
}

/**
 * smb_acl_get_revision: (get-property revision)
 * @self: the list
 *
 * The version of its form.
 *
 * Returns: 2, or 4 if it has entries for parts of objects
 */
guint
smb_acl_get_revision (SmbAcl *self)
{
  g_return_val_if_fail (SMB_IS_ACL (self), 0);

  return self->revision;
}
