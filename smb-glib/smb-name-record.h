/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/**
 * SMB_NAME_SUFFIX_WORKSTATION:
 *
 * The suffix of a computer's NetBIOS name, and of a workgroup's or domain's.
 */
#define SMB_NAME_SUFFIX_WORKSTATION 0x00

/**
 * SMB_NAME_SUFFIX_MESSENGER:
 *
 * The suffix of the NetBIOS name of a computer or user that gets messages.
 */
#define SMB_NAME_SUFFIX_MESSENGER 0x03

/**
 * SMB_NAME_SUFFIX_DOMAIN_MASTER:
 *
 * The suffix of the NetBIOS name of a domain whose master browser it leads to.
 */
#define SMB_NAME_SUFFIX_DOMAIN_MASTER 0x1B

/**
 * SMB_NAME_SUFFIX_DOMAIN_CONTROLLERS:
 *
 * The suffix of the NetBIOS name of a domain whose controllers it leads to.
 */
#define SMB_NAME_SUFFIX_DOMAIN_CONTROLLERS 0x1C

/**
 * SMB_NAME_SUFFIX_MASTER_BROWSER:
 *
 * The suffix of the NetBIOS name of a workgroup whose master browser it leads to.
 */
#define SMB_NAME_SUFFIX_MASTER_BROWSER 0x1D

/**
 * SMB_NAME_SUFFIX_BROWSER:
 *
 * The suffix of the NetBIOS name of a workgroup whose browsers it leads to.
 */
#define SMB_NAME_SUFFIX_BROWSER 0x1E

/**
 * SMB_NAME_SUFFIX_SERVER:
 *
 * The suffix of the NetBIOS name of a computer that serves files.
 */
#define SMB_NAME_SUFFIX_SERVER 0x20

#define SMB_TYPE_NAME_RECORD (smb_name_record_get_type ())
SMB_EXTERN G_DECLARE_FINAL_TYPE (SmbNameRecord, smb_name_record, SMB, NAME_RECORD, GObject)

SMB_EXTERN const char *smb_name_record_get_name        (SmbNameRecord *self);
SMB_EXTERN guint       smb_name_record_get_suffix      (SmbNameRecord *self);
SMB_EXTERN gboolean    smb_name_record_get_is_group    (SmbNameRecord *self);
SMB_EXTERN gboolean    smb_name_record_get_is_active   (SmbNameRecord *self);
SMB_EXTERN gboolean    smb_name_record_get_is_conflict (SmbNameRecord *self);
SMB_EXTERN const char *smb_name_record_get_mac_address (SmbNameRecord *self);

G_END_DECLS
