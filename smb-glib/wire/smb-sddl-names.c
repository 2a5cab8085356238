/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-sddl-names.h"

#include <string.h>

/* Those without a condition and without data of their own. */
const SmbSddlName smb_sddl_ace_types[] = {
  { "A", SMB_ACE_DATA_ACCESS_ALLOWED },
  { "D", SMB_ACE_DATA_ACCESS_DENIED },
  { "AU", SMB_ACE_DATA_SYSTEM_AUDIT },
  { "AL", SMB_ACE_DATA_SYSTEM_ALARM },
  { "OA", SMB_ACE_DATA_ACCESS_ALLOWED_OBJECT },
  { "OD", SMB_ACE_DATA_ACCESS_DENIED_OBJECT },
  { "OU", SMB_ACE_DATA_SYSTEM_AUDIT_OBJECT },
  { "OL", SMB_ACE_DATA_SYSTEM_ALARM_OBJECT },
  { "ML", SMB_ACE_DATA_SYSTEM_MANDATORY_LABEL },
  { "SP", SMB_ACE_DATA_SYSTEM_SCOPED_POLICY_ID },
  { "TL", SMB_ACE_DATA_SYSTEM_PROCESS_TRUST_LABEL },
  { NULL },
};

const SmbSddlName smb_sddl_ace_flags[] = {
  { "OI", 0x01 }, { "CI", 0x02 }, { "NP", 0x04 }, { "IO", 0x08 }, { "ID", 0x10 },
  { "CR", 0x20 }, { "SA", 0x40 }, { "FA", 0x80 }, { NULL },
};

const SmbSddlName smb_sddl_rights[] = {
  { "GR", 0x80000000 }, { "GW", 0x40000000 }, { "GX", 0x20000000 }, { "GA", 0x10000000 },
  { "WO", 0x00080000 }, { "WD", 0x00040000 }, { "RC", 0x00020000 }, { "SD", 0x00010000 },
  { "CR", 0x00000100 }, { "LO", 0x00000080 }, { "DT", 0x00000040 }, { "WP", 0x00000020 },
  { "RP", 0x00000010 }, { "SW", 0x00000008 }, { "LC", 0x00000004 }, { "DC", 0x00000002 },
  { "CC", 0x00000001 }, { "FA", 0x001F01FF }, { "FR", 0x00120089 }, { "FW", 0x00120116 },
  { "FX", 0x001200A0 }, { "KA", 0x000F003F }, { "KR", 0x00020019 }, { "KW", 0x00020006 },
  { "KX", 0x00020019 }, { NULL },
};

const SmbSddlName smb_sddl_whole_rights[] = {
  { "FA", 0x001F01FF }, { "FR", 0x00120089 }, { "FW", 0x00120116 }, { "FX", 0x001200A0 },
  { "GA", 0x10000000 }, { "GR", 0x80000000 }, { "GW", 0x40000000 }, { "GX", 0x20000000 },
  { NULL },
};

const SmbSddlName smb_sddl_label_rights[] = {
  { "NW", 0x1 }, { "NR", 0x2 }, { "NX", 0x4 }, { NULL },
};

const SmbSddlName smb_sddl_acl_flags[] = {
  { "P", SMB_SECURITY_CONTROL_DACL_PROTECTED },
  { "AR", SMB_SECURITY_CONTROL_DACL_AUTO_INHERIT_REQUIRED },
  { "AI", SMB_SECURITY_CONTROL_DACL_AUTO_INHERITED },
  { NULL },
};

static const struct
{
  const char *name;
  const char *sid;
} sids[] = {
  { "AA", "S-1-5-32-579" }, { "AC", "S-1-15-2-1" },   { "AN", "S-1-5-7" },      { "AO", "S-1-5-32-548" },
  { "AS", "S-1-18-1" },     { "AU", "S-1-5-11" },     { "BA", "S-1-5-32-544" }, { "BG", "S-1-5-32-546" },
  { "BO", "S-1-5-32-551" }, { "BU", "S-1-5-32-545" }, { "CD", "S-1-5-32-574" }, { "CG", "S-1-3-1" },
  { "CO", "S-1-3-0" },      { "CY", "S-1-5-32-569" }, { "ED", "S-1-5-9" },      { "ER", "S-1-5-32-573" },
  { "ES", "S-1-5-32-576" }, { "HA", "S-1-5-32-578" }, { "HI", "S-1-16-12288" }, { "IS", "S-1-5-32-568" },
  { "IU", "S-1-5-4" },      { "LS", "S-1-5-19" },     { "LU", "S-1-5-32-559" }, { "LW", "S-1-16-4096" },
  { "ME", "S-1-16-8192" },  { "MP", "S-1-16-8448" },  { "MS", "S-1-5-32-577" }, { "MU", "S-1-5-32-558" },
  { "NO", "S-1-5-32-556" }, { "NS", "S-1-5-20" },     { "NU", "S-1-5-2" },      { "OW", "S-1-3-4" },
  { "PO", "S-1-5-32-550" }, { "PS", "S-1-5-10" },     { "PU", "S-1-5-32-547" }, { "RA", "S-1-5-32-575" },
  { "RC", "S-1-5-12" },     { "RD", "S-1-5-32-555" }, { "RE", "S-1-5-32-552" }, { "RM", "S-1-5-32-580" },
  { "RU", "S-1-5-32-554" }, { "SI", "S-1-16-16384" }, { "SO", "S-1-5-32-549" }, { "SS", "S-1-18-2" },
  { "SU", "S-1-5-6" },      { "SY", "S-1-5-18" },     { "UD", "S-1-5-84-0-0-0-0-0" },
  { "WD", "S-1-1-0" },      { "WR", "S-1-5-33" },
};

/* Their SIDs begin with that of a domain or machine. */
static const char *const of_domain[] = {
  "AP", "CA", "CN", "DA", "DC", "DD", "DG", "DU", "EA", "EK", "KA", "LA", "LG", "PA", "RO", "RS", "SA",
};

const SmbSddlName *
smb_sddl_find_name (const SmbSddlName *table,
                    const char        *name,
                    gsize              length)
{
  for (; table->name != NULL; table++)
    if (strlen (table->name) == length && strncmp (table->name, name, length) == 0)
      return table;
  return NULL;
}

const char *
smb_sddl_find_value (const SmbSddlName *table,
                     guint32            value)
{
  for (; table->name != NULL; table++)
    if (table->value == value)
      return table->name;
  return NULL;
}

gboolean
smb_sddl_sid_from_name (const char *name,
                        SmbSidData *sid)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sids); i++)
    if (strcmp (sids[i].name, name) == 0)
      return smb_sid_data_from_string (sid, sids[i].sid);
  return FALSE;
}

const char *
smb_sddl_sid_to_name (const SmbSidData *sid)
{
  g_autofree char *text = smb_sid_data_to_string (sid);

  for (gsize i = 0; i < G_N_ELEMENTS (sids); i++)
    if (strcmp (sids[i].sid, text) == 0)
      return sids[i].name;
  return NULL;
}

gboolean
smb_sddl_is_of_domain (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (of_domain); i++)
    if (strcmp (of_domain[i], name) == 0)
      return TRUE;
  return FALSE;
}
