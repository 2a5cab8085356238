/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-netbios-names.h"

/* Windows since NT 4, and Samba, answer to it whatever their name is. */
#define ANY_SERVER "*SMBSERVER"

/* Should this machine have no name of its own that fits. */
#define SOME_CLIENT "CLIENT"

/* A computer's NetBIOS name is the beginning of its host name. */
static gboolean
init_from_host (SmbNetbiosName  *self,
                const char      *host,
                guint8           suffix,
                GError         **error)
{
  g_autofree char *valid = g_utf8_make_valid (host, -1);
  g_auto(GStrv)    labels = g_strsplit (valid, ".", 2);
  const char      *label = labels[0] != NULL ? labels[0] : "";
  glong            length = MIN (g_utf8_strlen (label, -1), SMB_NETBIOS_NAME_MAX_LENGTH);
  g_autofree char *name = g_utf8_substring (label, 0, length);

  return smb_netbios_name_init (self, name, suffix, error);
}

gboolean
smb_netbios_names_choose_called (const char      *server_name,
                                 SmbNetbiosName  *called,
                                 gboolean        *guessed,
                                 GError         **error)
{
  *guessed = server_name == NULL || server_name[0] == '\0' || g_hostname_is_ip_address (server_name);
  if (*guessed)
    return smb_netbios_name_init (called, ANY_SERVER, SMB_NETBIOS_SUFFIX_SERVER, error);
  return init_from_host (called, server_name, SMB_NETBIOS_SUFFIX_SERVER, error);
}

void
smb_netbios_names_choose_calling (const char     *client_name,
                                  SmbNetbiosName *calling)
{
  if (client_name != NULL && init_from_host (calling, client_name, SMB_NETBIOS_SUFFIX_WORKSTATION, NULL))
    return;
  if (init_from_host (calling, g_get_host_name (), SMB_NETBIOS_SUFFIX_WORKSTATION, NULL))
    return;
  smb_netbios_name_init (calling, SOME_CLIENT, SMB_NETBIOS_SUFFIX_WORKSTATION, NULL);
}

gboolean
smb_netbios_names_find_server (const SmbNbnsReply *status,
                               SmbNetbiosName     *called)
{
  for (guint i = 0; i < status->records->len; i++)
    {
      const SmbNbnsRecord *record = &g_array_index (status->records, SmbNbnsRecord, i);
      gboolean             usable = (record->flags & SMB_NBNS_ACTIVE) && !(record->flags & SMB_NBNS_CONFLICT);

      if (usable && !(record->flags & SMB_NBNS_GROUP) &&
          smb_netbios_name_get_suffix (&record->name) == SMB_NETBIOS_SUFFIX_SERVER)
        {
          *called = record->name;
          return TRUE;
        }
    }
  return FALSE;
}
