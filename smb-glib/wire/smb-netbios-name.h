/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/smb-reader.h"
#include "wire/smb-writer.h"

G_BEGIN_DECLS

#define SMB_NETBIOS_NAME_MAX_LENGTH 15

/* What a name stands for: its 16th byte. */
#define SMB_NETBIOS_SUFFIX_WORKSTATION 0x00
#define SMB_NETBIOS_SUFFIX_SERVER      0x20

/**
 * SmbNetbiosName:
 * @bytes: 15 bytes of the code page that was current when NetBIOS was, padded with spaces, and the suffix
 *
 * A NetBIOS name ([RFC 1001] 14), a plain value.
 */
typedef struct
{
  guint8 bytes[SMB_NETBIOS_NAME_MAX_LENGTH + 1];
} SmbNetbiosName;

/*
 * smb_netbios_name_init: from UTF-8, in capitals. FALSE with SMB_ERROR_INVALID_ARGUMENT if it is empty,
 *   longer than 15 bytes, or has a control character or one that code page 850 has not.
 * smb_netbios_name_init_any: the name to which every node answers a status request ([RFC 1002] 4.2.17).
 * smb_netbios_name_dup_text: as UTF-8, without padding and suffix. Never NULL.
 * smb_netbios_name_encode: the 34 bytes of a name without scope, each byte as two letters
 *   ([RFC 1001] 14.1, [RFC 1002] 4.1).
 * smb_netbios_name_read: what is next, which may point back to what was before; the scope is dropped.
 */
SMB_EXTERN gboolean smb_netbios_name_init       (SmbNetbiosName       *self,
                                                 const char           *text,
                                                 guint8                suffix,
                                                 GError              **error);
SMB_EXTERN void     smb_netbios_name_init_any   (SmbNetbiosName       *self);
SMB_EXTERN guint8   smb_netbios_name_get_suffix (const SmbNetbiosName *self);
SMB_EXTERN char    *smb_netbios_name_dup_text   (const SmbNetbiosName *self) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN gboolean smb_netbios_name_equal      (const SmbNetbiosName *a,
                                                 const SmbNetbiosName *b);
SMB_EXTERN void     smb_netbios_name_encode     (const SmbNetbiosName *self,
                                                 SmbWriter            *writer);
SMB_EXTERN void     smb_netbios_name_read       (SmbReader            *r,
                                                 SmbNetbiosName       *self);

G_END_DECLS
