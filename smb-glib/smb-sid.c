/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-sid-private.h"

#include "smb-error.h"

/**
 * SmbSid:
 *
 * A security identifier ([MS-DTYP] 2.4.2): a user, a group or a computer, as access control lists name them.
 *
 * Immutable, and safe in any thread.
 */
struct _SmbSid
{
  GObject parent_instance;

  SmbSidData data;
};

G_DEFINE_FINAL_TYPE (SmbSid, smb_sid, G_TYPE_OBJECT)

static void
smb_sid_class_init (SmbSidClass *klass)
{
}

static void
smb_sid_init (SmbSid *self)
{
}

SmbSid *
smb_sid_new (const SmbSidData *data)
{
  SmbSid *self = g_object_new (SMB_TYPE_SID, NULL);

  self->data = *data;
  return self;
}

const SmbSidData *
smb_sid_get_data (SmbSid *self)
{
  return &self->data;
}

/**
 * smb_sid_new_from_string:
 * @text: a security identifier, for example `S-1-5-32-544`
 * @error: where to put an error, or %NULL
 *
 * Reads a security identifier as people write it.
 *
 * Fails with [error@Smb.Error.INVALID_ARGUMENT] if @text is none.
 *
 * Returns: (transfer full): the identifier
 */
SmbSid *
smb_sid_new_from_string (const char  *text,
                         GError     **error)
{
  SmbSidData data;

  g_return_val_if_fail (text != NULL, NULL);

  if (!smb_sid_data_from_string (&data, text))
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "“%s” is not a security identifier", text);
      return NULL;
    }
  return smb_sid_new (&data);
}

/**
 * smb_sid_to_string:
 * @self: the identifier
 *
 * Writes it as people read it: `S-1-5-32-544`.
 *
 * Returns: (transfer full): the text
 */
char *
smb_sid_to_string (SmbSid *self)
{
  g_return_val_if_fail (SMB_IS_SID (self), NULL);

  return smb_sid_data_to_string (&self->data);
}

/**
 * smb_sid_get_well_known_name:
 * @self: the identifier
 *
 * The English name of an identifier that means the same on every computer, like `Everyone`, or in
 * every domain, like `Domain Admins`. The names of others are known to the server only.
 *
 * Returns: (nullable): the name, or %NULL if it is not one of these
 */
const char *
smb_sid_get_well_known_name (SmbSid *self)
{
  g_return_val_if_fail (SMB_IS_SID (self), NULL);

  return smb_sid_data_get_well_known_name (&self->data);
}

/**
 * smb_sid_get_revision:
 * @self: the identifier
 *
 * The version of its form.
 *
 * Returns: 1
 */
guint
smb_sid_get_revision (SmbSid *self)
{
  g_return_val_if_fail (SMB_IS_SID (self), 0);

  return self->data.revision;
}

/**
 * smb_sid_get_authority:
 * @self: the identifier
 *
 * Who issued it: the second number of the text.
 *
 * Returns: a number of 48 bits
 */
guint64
smb_sid_get_authority (SmbSid *self)
{
  g_return_val_if_fail (SMB_IS_SID (self), 0);

  return self->data.authority;
}

/**
 * smb_sid_get_sub_authorities:
 * @self: the identifier
 * @n_sub_authorities: (out): how many there are, at most 15
 *
 * The other numbers of the text, the last of which tells the members of a domain apart.
 *
 * Returns: (array length=n_sub_authorities) (transfer none): the numbers
 */
const guint32 *
smb_sid_get_sub_authorities (SmbSid *self,
                             gsize  *n_sub_authorities)
{
  g_return_val_if_fail (SMB_IS_SID (self), NULL);
  g_return_val_if_fail (n_sub_authorities != NULL, NULL);

  *n_sub_authorities = self->data.n_sub_authorities;
  return self->data.sub_authorities;
}

/**
 * smb_sid_equal:
 * @a: an identifier
 * @b: another
 *
 * Whether both are the same. Can be cast to #GEqualFunc.
 *
 * Returns: whether they are
 */
gboolean
smb_sid_equal (SmbSid *a,
               SmbSid *b)
{
  g_return_val_if_fail (SMB_IS_SID (a), FALSE);
  g_return_val_if_fail (SMB_IS_SID (b), FALSE);

  return smb_sid_data_equal (&a->data, &b->data);
}

/**
 * smb_sid_hash:
 * @self: the identifier
 *
 * A number for hash tables. Can be cast to #GHashFunc.
 *
 * Returns: a number that equal identifiers share
 */
guint
smb_sid_hash (SmbSid *self)
{
  guint hash;

  g_return_val_if_fail (SMB_IS_SID (self), 0);

  hash = (guint) self->data.authority;
  for (guint i = 0; i < self->data.n_sub_authorities; i++)
    hash = hash * 31 + self->data.sub_authorities[i];
  return hash;
}
