/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-spnego-mechanisms.h"

#include "plugin/smb-plugin.h"
#include "plugin/smb-spnego-token.h"
#include "smb-error.h"

#define KERBEROS_OID    "1.2.840.113554.1.2.2"
#define MS_KERBEROS_OID "1.2.840.48018.1.2.2" /* what Windows calls it too ([MS-SPNG] 3.1.5.2) */

static const struct
{
  const char *oid;
  const char *name;
} known_mechanisms[] = {
  { "1.3.6.1.4.1.311.2.2.10", "NTLM" },
  { KERBEROS_OID, "Kerberos" },
  { MS_KERBEROS_OID, "MS-Kerberos" },
  { "1.2.840.113554.1.2.2.3", "Kerberos user-to-user" },
  { "1.3.6.1.5.2.5", "IAKERB" },
  { "1.3.6.1.4.1.311.2.2.30", "NegoEx" },
};

static const char *
get_display_name (const char *oid)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_mechanisms); i++)
    if (g_str_equal (known_mechanisms[i].oid, oid))
      return known_mechanisms[i].name;

  return oid;
}

/* Kerberos has two identifiers and is one mechanism. */
static gboolean
is_same_mechanism (const char *a,
                   const char *b)
{
  const char *first = g_str_equal (a, MS_KERBEROS_OID) ? KERBEROS_OID : a;
  const char *second = g_str_equal (b, MS_KERBEROS_OID) ? KERBEROS_OID : b;

  return g_str_equal (first, second);
}

static gboolean
contains (const char *const *oids,
          const char        *oid)
{
  for (guint i = 0; oids[i] != NULL; i++)
    if (is_same_mechanism (oids[i], oid))
      return TRUE;

  return FALSE;
}

static void
mechanism_free (gpointer data)
{
  SmbSpnegoMechanism *mechanism = data;

  g_object_unref (mechanism->auth);
  g_free (mechanism->name);
  g_free (mechanism);
}

/* Appends the mechanism if it can be used; FALSE if it is not installed. */
static gboolean
append_usable (GPtrArray       *mechanisms,
               const char      *name,
               SmbCredentials  *credentials,
               GError         **error)
{
  GType type = smb_plugin_lookup (SMB_AUTH_EXTENSION_POINT, name, error);
  g_autoptr(SmbAuth) auth = NULL;
  SmbSpnegoMechanism *mechanism;

  if (type == G_TYPE_INVALID)
    return FALSE;

  auth = g_object_new (type, "credentials", credentials, NULL);
  if (!smb_auth_is_usable (auth) || smb_spnego_mechanisms_find (mechanisms, smb_auth_get_oid (auth)) != NULL)
    return TRUE;

  mechanism = g_new (SmbSpnegoMechanism, 1);
  mechanism->auth = g_steal_pointer (&auth);
  mechanism->name = g_strdup (name);
  g_ptr_array_add (mechanisms, mechanism);
  return TRUE;
}

static GPtrArray *
collect_usable (SmbCredentials     *credentials,
                const char *const  *names,
                GError            **error)
{
  g_autoptr(GPtrArray) mechanisms = g_ptr_array_new_with_free_func (mechanism_free);

  for (guint i = 0; names[i] != NULL; i++)
    if (!append_usable (mechanisms, names[i], credentials, error))
      return NULL;

  if (mechanisms->len == 0)
    {
      g_autofree char *list = g_strjoinv (", ", (GStrv) names);

      g_set_error (error, SMB_ERROR, SMB_ERROR_AUTH_FAILED,
                   "No authentication mechanism (of %s) can use these credentials", list);
      return NULL;
    }
  return g_steal_pointer (&mechanisms);
}

static char *
describe (const char *const *oids)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;

  for (guint i = 0; oids[i] != NULL; i++)
    g_strv_builder_add (builder, get_display_name (oids[i]));
  names = g_strv_builder_end (builder);

  return g_strjoinv (", ", names);
}

/* Takes out what is not among @server_oids. FALSE if nothing is left. */
static gboolean
keep_common (GPtrArray         *mechanisms,
             const char *const *server_oids,
             GError           **error)
{
  g_autofree char *offered = NULL;

  for (guint i = mechanisms->len; i > 0; i--)
    {
      SmbSpnegoMechanism *mechanism = g_ptr_array_index (mechanisms, i - 1);

      if (!contains (server_oids, smb_auth_get_oid (mechanism->auth)))
        g_ptr_array_remove_index (mechanisms, i - 1);
    }
  if (mechanisms->len > 0)
    return TRUE;

  offered = describe (server_oids);
  g_set_error (error, SMB_ERROR, SMB_ERROR_AUTH_FAILED,
               "The server offers no authentication mechanism that can be used here, only %s", offered);
  return FALSE;
}

GPtrArray *
smb_spnego_mechanisms_new (SmbCredentials     *credentials,
                           const char *const  *requested,
                           const char *const  *server_oids,
                           GError            **error)
{
  gboolean asked = requested != NULL && requested[0] != NULL;
  g_auto(GStrv) names = asked ? g_strdupv ((GStrv) requested) : smb_plugin_list (SMB_AUTH_EXTENSION_POINT);
  g_autoptr(GPtrArray) mechanisms = NULL;

  if (names[0] == NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PLUGIN_MISSING,
                           "No authentication plugin (libsmb-auth-*.so) is installed");
      return NULL;
    }

  mechanisms = collect_usable (credentials, (const char *const *) names, error);
  if (mechanisms == NULL || server_oids == NULL || server_oids[0] == NULL)
    return g_steal_pointer (&mechanisms);
  return keep_common (mechanisms, server_oids, error) ? g_steal_pointer (&mechanisms) : NULL;
}

SmbSpnegoMechanism *
smb_spnego_mechanisms_find (GPtrArray  *self,
                            const char *oid)
{
  for (guint i = 0; i < self->len; i++)
    {
      SmbSpnegoMechanism *mechanism = g_ptr_array_index (self, i);

      if (is_same_mechanism (smb_auth_get_oid (mechanism->auth), oid))
        return mechanism;
    }
  return NULL;
}

GBytes *
smb_spnego_mechanisms_encode (GPtrArray *self)
{
  g_autoptr(GPtrArray) oids = g_ptr_array_new ();

  for (guint i = 0; i < self->len; i++)
    {
      SmbSpnegoMechanism *mechanism = g_ptr_array_index (self, i);
      const char *oid = smb_auth_get_oid (mechanism->auth);

      if (is_same_mechanism (oid, KERBEROS_OID))
        g_ptr_array_add (oids, (gpointer) MS_KERBEROS_OID);
      g_ptr_array_add (oids, (gpointer) (is_same_mechanism (oid, KERBEROS_OID) ? KERBEROS_OID : oid));
    }
  g_ptr_array_add (oids, NULL);

  return smb_spnego_encode_mech_list ((const char *const *) oids->pdata);
}
