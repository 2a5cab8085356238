/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/smb-writer.h"

G_BEGIN_DECLS

#define SMB_SID_MAX_SUB_AUTHORITIES 15

/**
 * SmbSidData:
 * @revision: 1
 * @n_sub_authorities: 0 to 15
 * @authority: 48 bits
 * @sub_authorities: the first @n_sub_authorities of them
 *
 * A security identifier ([MS-DTYP] 2.4.2), a plain value.
 */
typedef struct
{
  guint8  revision;
  guint8  n_sub_authorities;
  guint64 authority;
  guint32 sub_authorities[SMB_SID_MAX_SUB_AUTHORITIES];
} SmbSidData;

/* [MS-DTYP] 2.4.4.1 AceType */
typedef enum
{
  SMB_ACE_DATA_ACCESS_ALLOWED                 = 0x00,
  SMB_ACE_DATA_ACCESS_DENIED                  = 0x01,
  SMB_ACE_DATA_SYSTEM_AUDIT                   = 0x02,
  SMB_ACE_DATA_SYSTEM_ALARM                   = 0x03,
  SMB_ACE_DATA_ACCESS_ALLOWED_COMPOUND        = 0x04,
  SMB_ACE_DATA_ACCESS_ALLOWED_OBJECT          = 0x05,
  SMB_ACE_DATA_ACCESS_DENIED_OBJECT           = 0x06,
  SMB_ACE_DATA_SYSTEM_AUDIT_OBJECT            = 0x07,
  SMB_ACE_DATA_SYSTEM_ALARM_OBJECT            = 0x08,
  SMB_ACE_DATA_ACCESS_ALLOWED_CALLBACK        = 0x09,
  SMB_ACE_DATA_ACCESS_DENIED_CALLBACK         = 0x0A,
  SMB_ACE_DATA_ACCESS_ALLOWED_CALLBACK_OBJECT = 0x0B,
  SMB_ACE_DATA_ACCESS_DENIED_CALLBACK_OBJECT  = 0x0C,
  SMB_ACE_DATA_SYSTEM_AUDIT_CALLBACK          = 0x0D,
  SMB_ACE_DATA_SYSTEM_ALARM_CALLBACK          = 0x0E,
  SMB_ACE_DATA_SYSTEM_AUDIT_CALLBACK_OBJECT   = 0x0F,
  SMB_ACE_DATA_SYSTEM_ALARM_CALLBACK_OBJECT   = 0x10,
  SMB_ACE_DATA_SYSTEM_MANDATORY_LABEL         = 0x11,
  SMB_ACE_DATA_SYSTEM_RESOURCE_ATTRIBUTE      = 0x12,
  SMB_ACE_DATA_SYSTEM_SCOPED_POLICY_ID        = 0x13,
  SMB_ACE_DATA_SYSTEM_PROCESS_TRUST_LABEL     = 0x14,
  SMB_ACE_DATA_SYSTEM_ACCESS_FILTER           = 0x15,
} SmbAceDataType;

/* [MS-DTYP] 2.4.4.3 Flags: which GUIDs an object ACE has */
#define SMB_ACE_DATA_OBJECT_TYPE_PRESENT           0x00000001
#define SMB_ACE_DATA_INHERITED_OBJECT_TYPE_PRESENT 0x00000002

/**
 * SmbAceData:
 * @type: SmbAceDataType
 * @flags: inheritance and audit flags as on the wire ([MS-DTYP] 2.4.4.1 AceFlags)
 * @has_sid: whether the type is one of the known ones and the fields down to @sid say something
 * @mask: access mask
 * @object_flags: for object ACEs
 * @object_type: GUID as on the wire, zeros if absent
 * @inherited_object_type: likewise
 * @sid: whom it is about
 * @application_data: what follows the SID (a condition, a resource attribute); for types that are not
 *   known everything after the ACE's header; %NULL if there is nothing
 *
 * An entry of an access control list ([MS-DTYP] 2.4.4).
 */
typedef struct
{
  guint8     type;
  guint8     flags;
  gboolean   has_sid;
  guint32    mask;
  guint32    object_flags;
  guint8     object_type[16];
  guint8     inherited_object_type[16];
  SmbSidData sid;
  GBytes    *application_data;
} SmbAceData;

/**
 * SmbAclData:
 * @revision: 2, or 4 with object ACEs
 * @aces: (element-type SmbAceData): in the order of the wire
 *
 * An access control list ([MS-DTYP] 2.4.5).
 */
typedef struct
{
  guint8     revision;
  GPtrArray *aces;
} SmbAclData;

/* [MS-DTYP] 2.4.6 Control */
#define SMB_SECURITY_CONTROL_OWNER_DEFAULTED     0x0001
#define SMB_SECURITY_CONTROL_GROUP_DEFAULTED     0x0002
#define SMB_SECURITY_CONTROL_DACL_PRESENT        0x0004
#define SMB_SECURITY_CONTROL_DACL_DEFAULTED      0x0008
#define SMB_SECURITY_CONTROL_SACL_PRESENT        0x0010
#define SMB_SECURITY_CONTROL_SACL_DEFAULTED      0x0020
#define SMB_SECURITY_CONTROL_DACL_AUTO_INHERIT_REQUIRED 0x0100
#define SMB_SECURITY_CONTROL_SACL_AUTO_INHERIT_REQUIRED 0x0200
#define SMB_SECURITY_CONTROL_DACL_AUTO_INHERITED 0x0400
#define SMB_SECURITY_CONTROL_SACL_AUTO_INHERITED 0x0800
#define SMB_SECURITY_CONTROL_DACL_PROTECTED      0x1000
#define SMB_SECURITY_CONTROL_SACL_PROTECTED      0x2000
#define SMB_SECURITY_CONTROL_RM_CONTROL_VALID    0x4000
#define SMB_SECURITY_CONTROL_SELF_RELATIVE       0x8000

/**
 * SmbSecurityDescriptorData:
 * @revision: 1
 * @resource_manager_control: Sbz1; says something only with RM_CONTROL_VALID
 * @control: SMB_SECURITY_CONTROL_*
 * @owner: %NULL if absent
 * @group: %NULL if absent
 * @sacl: %NULL if absent or null
 * @dacl: %NULL if absent; with DACL_PRESENT in @control %NULL is the null DACL, which allows everything to
 *   everyone, while a DACL without entries allows nothing
 *
 * A self-relative security descriptor ([MS-DTYP] 2.4.6).
 */
typedef struct
{
  guint8      revision;
  guint8      resource_manager_control;
  guint16     control;
  SmbSidData *owner;
  SmbSidData *group;
  SmbAclData *sacl;
  SmbAclData *dacl;
} SmbSecurityDescriptorData;

/*
 * The decoders take bytes of a server; they fail with SMB_ERROR_PROTOCOL.
 *
 * smb_sid_data_from_string: "S-1-5-21-…", with the authority in decimal or as 0x and 12
 *   hexadecimal digits; FALSE for any other text.
 * smb_sid_data_to_string: to be freed; the authority is hexadecimal from 2^32 on ([MS-DTYP]
 *   2.4.2.1).
 * smb_*_data_encode: append to @writer. FALSE if an entry or a list is longer than the 65535 bytes
 *   that can be; what was written then is of no use.
 * smb_ace_data_new: all zeros, to be filled in.
 */
SMB_EXTERN gboolean    smb_sid_data_decode       (SmbSidData       *self,
                                                  gconstpointer     data,
                                                  gsize             size,
                                                  GError          **error);
SMB_EXTERN void        smb_sid_data_encode       (const SmbSidData *self,
                                                  SmbWriter        *writer);
SMB_EXTERN gboolean    smb_sid_data_equal        (const SmbSidData *a,
                                                  const SmbSidData *b);
SMB_EXTERN gboolean    smb_sid_data_from_string  (SmbSidData       *self,
                                                  const char       *text);
SMB_EXTERN char       *smb_sid_data_to_string    (const SmbSidData *self) G_GNUC_WARN_UNUSED_RESULT;

SMB_EXTERN SmbAceData *smb_ace_data_new          (void) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN SmbAceData *smb_ace_data_copy         (const SmbAceData *self) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void        smb_ace_data_free         (SmbAceData       *self);
SMB_EXTERN gboolean    smb_ace_data_is_object    (const SmbAceData *self);

SMB_EXTERN SmbAclData *smb_acl_data_new          (guint8            revision) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN SmbAclData *smb_acl_data_copy         (const SmbAclData *self) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void        smb_acl_data_free         (SmbAclData       *self);

SMB_EXTERN SmbSecurityDescriptorData *
     smb_security_descriptor_data_new    (void) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void
     smb_security_descriptor_data_free   (SmbSecurityDescriptorData       *self);
SMB_EXTERN SmbSecurityDescriptorData *
     smb_security_descriptor_data_decode (gconstpointer                    data,
                                          gsize                            size,
                                          GError                         **error) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN gboolean
     smb_security_descriptor_data_encode (const SmbSecurityDescriptorData *self,
                                          SmbWriter                       *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbAceData, smb_ace_data_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbAclData, smb_acl_data_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbSecurityDescriptorData, smb_security_descriptor_data_free)

G_END_DECLS
