/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-sid-private.h"

#include <string.h>

#define AUTHORITY_NT          5
#define SUB_AUTHORITY_DOMAIN  21
#define DOMAIN_SUB_AUTHORITIES 5 /* 21, three that are the domain, one that is the member */

/* [MS-DTYP] 2.4.2.4 */
static const struct
{
  const char *sid;
  const char *name;
} well_known[] = {
  { "S-1-0-0", "Nobody" },
  { "S-1-1-0", "Everyone" },
  { "S-1-2-0", "Local" },
  { "S-1-2-1", "Console Logon" },
  { "S-1-3-0", "Creator Owner" },
  { "S-1-3-1", "Creator Group" },
  { "S-1-3-2", "Creator Owner Server" },
  { "S-1-3-3", "Creator Group Server" },
  { "S-1-3-4", "Owner Rights" },
  { "S-1-5", "NT Authority" },
  { "S-1-5-1", "Dialup" },
  { "S-1-5-2", "Network" },
  { "S-1-5-3", "Batch" },
  { "S-1-5-4", "Interactive" },
  { "S-1-5-6", "Service" },
  { "S-1-5-7", "Anonymous Logon" },
  { "S-1-5-8", "Proxy" },
  { "S-1-5-9", "Enterprise Domain Controllers" },
  { "S-1-5-10", "Self" },
  { "S-1-5-11", "Authenticated Users" },
  { "S-1-5-12", "Restricted" },
  { "S-1-5-13", "Terminal Server User" },
  { "S-1-5-14", "Remote Interactive Logon" },
  { "S-1-5-15", "This Organization" },
  { "S-1-5-17", "IUSR" },
  { "S-1-5-18", "System" },
  { "S-1-5-19", "Local Service" },
  { "S-1-5-20", "Network Service" },
  { "S-1-5-21-0-0-0-496", "Compounded Authentication" },
  { "S-1-5-21-0-0-0-497", "Claims Valid" },
  { "S-1-5-32", "Builtin" },
  { "S-1-5-32-544", "Administrators" },
  { "S-1-5-32-545", "Users" },
  { "S-1-5-32-546", "Guests" },
  { "S-1-5-32-547", "Power Users" },
  { "S-1-5-32-548", "Account Operators" },
  { "S-1-5-32-549", "Server Operators" },
  { "S-1-5-32-550", "Print Operators" },
  { "S-1-5-32-551", "Backup Operators" },
  { "S-1-5-32-552", "Replicator" },
  { "S-1-5-32-554", "Pre-Windows 2000 Compatible Access" },
  { "S-1-5-32-555", "Remote Desktop Users" },
  { "S-1-5-32-556", "Network Configuration Operators" },
  { "S-1-5-32-557", "Incoming Forest Trust Builders" },
  { "S-1-5-32-558", "Performance Monitor Users" },
  { "S-1-5-32-559", "Performance Log Users" },
  { "S-1-5-32-560", "Windows Authorization Access Group" },
  { "S-1-5-32-561", "Terminal Server License Servers" },
  { "S-1-5-32-562", "Distributed COM Users" },
  { "S-1-5-32-568", "IIS_IUSRS" },
  { "S-1-5-32-569", "Cryptographic Operators" },
  { "S-1-5-32-573", "Event Log Readers" },
  { "S-1-5-32-574", "Certificate Service DCOM Access" },
  { "S-1-5-32-575", "RDS Remote Access Servers" },
  { "S-1-5-32-576", "RDS Endpoint Servers" },
  { "S-1-5-32-577", "RDS Management Servers" },
  { "S-1-5-32-578", "Hyper-V Administrators" },
  { "S-1-5-32-579", "Access Control Assistance Operators" },
  { "S-1-5-32-580", "Remote Management Users" },
  { "S-1-5-33", "Write Restricted" },
  { "S-1-5-64-10", "NTLM Authentication" },
  { "S-1-5-64-14", "SChannel Authentication" },
  { "S-1-5-64-21", "Digest Authentication" },
  { "S-1-5-65-1", "This Organization Certificate" },
  { "S-1-5-80", "NT Service" },
  { "S-1-5-84-0-0-0-0-0", "User-Mode Drivers" },
  { "S-1-5-113", "Local Account" },
  { "S-1-5-114", "Local Account and Member of Administrators Group" },
  { "S-1-5-1000", "Other Organization" },
  { "S-1-15-2-1", "All Application Packages" },
  { "S-1-16-0", "Untrusted Mandatory Level" },
  { "S-1-16-4096", "Low Mandatory Level" },
  { "S-1-16-8192", "Medium Mandatory Level" },
  { "S-1-16-8448", "Medium Plus Mandatory Level" },
  { "S-1-16-12288", "High Mandatory Level" },
  { "S-1-16-16384", "System Mandatory Level" },
  { "S-1-16-20480", "Protected Process Mandatory Level" },
  { "S-1-16-28672", "Secure Process Mandatory Level" },
  { "S-1-18-1", "Authentication Authority Asserted Identity" },
  { "S-1-18-2", "Service Asserted Identity" },
  { "S-1-18-3", "Fresh Public Key Identity" },
  { "S-1-18-4", "Key Trust Identity" },
  { "S-1-18-5", "MFA Key Property" },
  { "S-1-18-6", "Attested Key Property" },
};

/* Members that every domain has: S-1-5-21-<domain>-<member>. */
static const struct
{
  guint32     member;
  const char *name;
} domain_members[] = {
  { 498, "Enterprise Read-only Domain Controllers" },
  { 500, "Administrator" },
  { 501, "Guest" },
  { 502, "krbtgt" },
  { 512, "Domain Admins" },
  { 513, "Domain Users" },
  { 514, "Domain Guests" },
  { 515, "Domain Computers" },
  { 516, "Domain Controllers" },
  { 517, "Cert Publishers" },
  { 518, "Schema Admins" },
  { 519, "Enterprise Admins" },
  { 520, "Group Policy Creator Owners" },
  { 521, "Read-only Domain Controllers" },
  { 522, "Cloneable Domain Controllers" },
  { 525, "Protected Users" },
  { 526, "Key Admins" },
  { 527, "Enterprise Key Admins" },
  { 553, "RAS and IAS Servers" },
  { 571, "Allowed RODC Password Replication Group" },
  { 572, "Denied RODC Password Replication Group" },
};

static const char *
get_domain_member_name (const SmbSidData *data)
{
  if (data->authority != AUTHORITY_NT || data->n_sub_authorities != DOMAIN_SUB_AUTHORITIES ||
      data->sub_authorities[0] != SUB_AUTHORITY_DOMAIN)
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (domain_members); i++)
    if (domain_members[i].member == data->sub_authorities[DOMAIN_SUB_AUTHORITIES - 1])
      return domain_members[i].name;
  return NULL;
}

const char *
smb_sid_data_get_well_known_name (const SmbSidData *data)
{
  g_autofree char *text = smb_sid_data_to_string (data);

  for (gsize i = 0; i < G_N_ELEMENTS (well_known); i++)
    if (strcmp (well_known[i].sid, text) == 0)
      return well_known[i].name;
  return get_domain_member_name (data);
}
