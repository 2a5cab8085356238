/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire/smb-security.h"

G_BEGIN_DECLS

/* The words of [MS-DTYP] 2.5.1.1. Tables end with a name of NULL. */

#define SMB_SDDL_NO_ACCESS_CONTROL "NO_ACCESS_CONTROL" /* instead of entries: there is no list at all */

typedef struct
{
  const char *name;
  guint32     value;
} SmbSddlName;

extern const SmbSddlName smb_sddl_ace_types[];
extern const SmbSddlName smb_sddl_ace_flags[];
extern const SmbSddlName smb_sddl_rights[];
extern const SmbSddlName smb_sddl_whole_rights[]; /* each of which is a mask of its own when written */
extern const SmbSddlName smb_sddl_label_rights[]; /* in mandatory labels */

/* Flags of a list: as bits of a DACL's control; a SACL's are one to the left. */
extern const SmbSddlName smb_sddl_acl_flags[];

/* NULL if there is none. @length: of the name. */
const SmbSddlName *smb_sddl_find_name  (const SmbSddlName *table,
                                        const char        *name,
                                        gsize              length);
const char        *smb_sddl_find_value (const SmbSddlName *table,
                                        guint32            value);

/* Identifiers with short names; FALSE and NULL if there is none. */
gboolean    smb_sddl_sid_from_name (const char       *name,
                                    SmbSidData       *sid);
const char *smb_sddl_sid_to_name   (const SmbSidData *sid);
/* Whether a name stands for a member of whatever domain it is about. */
gboolean    smb_sddl_is_of_domain  (const char       *name);

G_END_DECLS
