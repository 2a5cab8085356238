/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/**
 * SmbAceType:
 * @SMB_ACE_TYPE_ACCESS_ALLOWED: allows access
 * @SMB_ACE_TYPE_ACCESS_DENIED: denies access
 * @SMB_ACE_TYPE_SYSTEM_AUDIT: has access logged
 * @SMB_ACE_TYPE_SYSTEM_ALARM: reserved
 * @SMB_ACE_TYPE_ACCESS_ALLOWED_COMPOUND: reserved
 * @SMB_ACE_TYPE_ACCESS_ALLOWED_OBJECT: allows access to a part of a directory object
 * @SMB_ACE_TYPE_ACCESS_DENIED_OBJECT: denies access to a part of a directory object
 * @SMB_ACE_TYPE_SYSTEM_AUDIT_OBJECT: has access to a part of a directory object logged
 * @SMB_ACE_TYPE_SYSTEM_ALARM_OBJECT: reserved
 * @SMB_ACE_TYPE_ACCESS_ALLOWED_CALLBACK: allows access under a condition
 * @SMB_ACE_TYPE_ACCESS_DENIED_CALLBACK: denies access under a condition
 * @SMB_ACE_TYPE_ACCESS_ALLOWED_CALLBACK_OBJECT: allows access to a part under a condition
 * @SMB_ACE_TYPE_ACCESS_DENIED_CALLBACK_OBJECT: denies access to a part under a condition
 * @SMB_ACE_TYPE_SYSTEM_AUDIT_CALLBACK: has access logged under a condition
 * @SMB_ACE_TYPE_SYSTEM_ALARM_CALLBACK: reserved
 * @SMB_ACE_TYPE_SYSTEM_AUDIT_CALLBACK_OBJECT: has access to a part logged under a condition
 * @SMB_ACE_TYPE_SYSTEM_ALARM_CALLBACK_OBJECT: reserved
 * @SMB_ACE_TYPE_SYSTEM_MANDATORY_LABEL: the integrity level
 * @SMB_ACE_TYPE_SYSTEM_RESOURCE_ATTRIBUTE: an attribute that conditions can name
 * @SMB_ACE_TYPE_SYSTEM_SCOPED_POLICY_ID: the central policy that holds
 * @SMB_ACE_TYPE_SYSTEM_PROCESS_TRUST_LABEL: the trust level of processes
 * @SMB_ACE_TYPE_SYSTEM_ACCESS_FILTER: a filter for access
 *
 * What an entry of an access control list does ([MS-DTYP] 2.4.4.1). Servers may use other values too.
 */
typedef enum
{
  SMB_ACE_TYPE_ACCESS_ALLOWED = 0x00,
  SMB_ACE_TYPE_ACCESS_DENIED = 0x01,
  SMB_ACE_TYPE_SYSTEM_AUDIT = 0x02,
  SMB_ACE_TYPE_SYSTEM_ALARM = 0x03,
  SMB_ACE_TYPE_ACCESS_ALLOWED_COMPOUND = 0x04,
  SMB_ACE_TYPE_ACCESS_ALLOWED_OBJECT = 0x05,
  SMB_ACE_TYPE_ACCESS_DENIED_OBJECT = 0x06,
  SMB_ACE_TYPE_SYSTEM_AUDIT_OBJECT = 0x07,
  SMB_ACE_TYPE_SYSTEM_ALARM_OBJECT = 0x08,
  SMB_ACE_TYPE_ACCESS_ALLOWED_CALLBACK = 0x09,
  SMB_ACE_TYPE_ACCESS_DENIED_CALLBACK = 0x0A,
  SMB_ACE_TYPE_ACCESS_ALLOWED_CALLBACK_OBJECT = 0x0B,
  SMB_ACE_TYPE_ACCESS_DENIED_CALLBACK_OBJECT = 0x0C,
  SMB_ACE_TYPE_SYSTEM_AUDIT_CALLBACK = 0x0D,
  SMB_ACE_TYPE_SYSTEM_ALARM_CALLBACK = 0x0E,
  SMB_ACE_TYPE_SYSTEM_AUDIT_CALLBACK_OBJECT = 0x0F,
  SMB_ACE_TYPE_SYSTEM_ALARM_CALLBACK_OBJECT = 0x10,
  SMB_ACE_TYPE_SYSTEM_MANDATORY_LABEL = 0x11,
  SMB_ACE_TYPE_SYSTEM_RESOURCE_ATTRIBUTE = 0x12,
  SMB_ACE_TYPE_SYSTEM_SCOPED_POLICY_ID = 0x13,
  SMB_ACE_TYPE_SYSTEM_PROCESS_TRUST_LABEL = 0x14,
  SMB_ACE_TYPE_SYSTEM_ACCESS_FILTER = 0x15,
} SmbAceType;

#define SMB_TYPE_ACE_TYPE (smb_ace_type_get_type ())
SMB_EXTERN GType smb_ace_type_get_type (void);

/**
 * SmbAceFlags:
 * @SMB_ACE_FLAGS_NONE: none
 * @SMB_ACE_FLAGS_OBJECT_INHERIT: files made in the folder inherit it
 * @SMB_ACE_FLAGS_CONTAINER_INHERIT: folders made in the folder inherit it
 * @SMB_ACE_FLAGS_NO_PROPAGATE_INHERIT: those that inherit it do not hand it on
 * @SMB_ACE_FLAGS_INHERIT_ONLY: it says nothing about the folder itself
 * @SMB_ACE_FLAGS_INHERITED: it was inherited
 * @SMB_ACE_FLAGS_SUCCESSFUL_ACCESS: successful access is logged
 * @SMB_ACE_FLAGS_FAILED_ACCESS: failed access is logged
 *
 * How an entry of an access control list is inherited and audited ([MS-DTYP] 2.4.4.1).
 */
typedef enum /*< flags >*/
{
  SMB_ACE_FLAGS_NONE = 0,
  SMB_ACE_FLAGS_OBJECT_INHERIT = 0x01,
  SMB_ACE_FLAGS_CONTAINER_INHERIT = 0x02,
  SMB_ACE_FLAGS_NO_PROPAGATE_INHERIT = 0x04,
  SMB_ACE_FLAGS_INHERIT_ONLY = 0x08,
  SMB_ACE_FLAGS_INHERITED = 0x10,
  SMB_ACE_FLAGS_SUCCESSFUL_ACCESS = 0x40,
  SMB_ACE_FLAGS_FAILED_ACCESS = 0x80,
} SmbAceFlags;

#define SMB_TYPE_ACE_FLAGS (smb_ace_flags_get_type ())
SMB_EXTERN GType smb_ace_flags_get_type (void);

/**
 * SmbSecurityDescriptorFlags:
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_NONE: none
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_OWNER_DEFAULTED: the owner was set by default
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_GROUP_DEFAULTED: the group was set by default
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PRESENT: access is controlled; if there is no list all the same,
 *   everyone may do everything
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_DEFAULTED: the list for access was set by default
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_PRESENT: there is a list for auditing
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_DEFAULTED: the list for auditing was set by default
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_TRUSTED: the list for access came from a trusted source
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_SERVER_SECURITY: the list for access was made by the server
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_INHERIT_REQUIRED: the list for access is to be inherited
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_INHERIT_REQUIRED: the list for auditing is to be inherited
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_AUTO_INHERITED: the list for access was inherited
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_AUTO_INHERITED: the list for auditing was inherited
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PROTECTED: the list for access does not inherit
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_PROTECTED: the list for auditing does not inherit
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_RESOURCE_MANAGER: the resource manager's own bits are valid
 * @SMB_SECURITY_DESCRIPTOR_FLAGS_SELF_RELATIVE: the parts lie in one block, as in every answer of a server
 *
 * What a security descriptor says of its parts ([MS-DTYP] 2.4.6).
 */
typedef enum /*< flags >*/
{
  SMB_SECURITY_DESCRIPTOR_FLAGS_NONE = 0,
  SMB_SECURITY_DESCRIPTOR_FLAGS_OWNER_DEFAULTED = 0x1,
  SMB_SECURITY_DESCRIPTOR_FLAGS_GROUP_DEFAULTED = 0x2,
  SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PRESENT = 0x4,
  SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_DEFAULTED = 0x8,
  SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_PRESENT = 0x10,
  SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_DEFAULTED = 0x20,
  SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_TRUSTED = 0x40,
  SMB_SECURITY_DESCRIPTOR_FLAGS_SERVER_SECURITY = 0x80,
  SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_INHERIT_REQUIRED = 0x100,
  SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_INHERIT_REQUIRED = 0x200,
  SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_AUTO_INHERITED = 0x400,
  SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_AUTO_INHERITED = 0x800,
  SMB_SECURITY_DESCRIPTOR_FLAGS_DACL_PROTECTED = 0x1000,
  SMB_SECURITY_DESCRIPTOR_FLAGS_SACL_PROTECTED = 0x2000,
  SMB_SECURITY_DESCRIPTOR_FLAGS_RESOURCE_MANAGER = 0x4000,
  SMB_SECURITY_DESCRIPTOR_FLAGS_SELF_RELATIVE = 0x8000,
} SmbSecurityDescriptorFlags;

#define SMB_TYPE_SECURITY_DESCRIPTOR_FLAGS (smb_security_descriptor_flags_get_type ())
SMB_EXTERN GType smb_security_descriptor_flags_get_type (void);

/**
 * SmbAccessMask:
 * @SMB_ACCESS_MASK_NONE: none
 * @SMB_ACCESS_MASK_READ_DATA: to read a file, or list a folder
 * @SMB_ACCESS_MASK_WRITE_DATA: to write into a file, or make files in a folder
 * @SMB_ACCESS_MASK_APPEND_DATA: to make a file longer, or folders in a folder
 * @SMB_ACCESS_MASK_READ_EA: to read extended attributes
 * @SMB_ACCESS_MASK_WRITE_EA: to write extended attributes
 * @SMB_ACCESS_MASK_EXECUTE_DATA: to run a file, or pass through a folder
 * @SMB_ACCESS_MASK_DELETE_CHILD: to delete what is in a folder
 * @SMB_ACCESS_MASK_READ_ATTRIBUTES: to read times and attributes
 * @SMB_ACCESS_MASK_WRITE_ATTRIBUTES: to change times and attributes
 * @SMB_ACCESS_MASK_DELETE: to delete or rename it
 * @SMB_ACCESS_MASK_READ_CONTROL: to read its security descriptor
 * @SMB_ACCESS_MASK_WRITE_DAC: to change who may do what
 * @SMB_ACCESS_MASK_WRITE_OWNER: to become its owner
 * @SMB_ACCESS_MASK_SYNCHRONIZE: to wait for it
 * @SMB_ACCESS_MASK_READ: all that reading takes
 * @SMB_ACCESS_MASK_WRITE: all that writing takes
 * @SMB_ACCESS_MASK_EXECUTE: all that running takes
 * @SMB_ACCESS_MASK_CHANGE: to read, write, run and delete
 * @SMB_ACCESS_MASK_ALL: everything
 *
 * Rights to a file or folder, as [property@Ace:mask] has them ([MS-DTYP] 2.4.3, [MS-SMB2] 2.2.13.1).
 */
typedef enum /*< flags >*/
{
  SMB_ACCESS_MASK_NONE = 0,
  SMB_ACCESS_MASK_READ_DATA = 0x1,
  SMB_ACCESS_MASK_WRITE_DATA = 0x2,
  SMB_ACCESS_MASK_APPEND_DATA = 0x4,
  SMB_ACCESS_MASK_READ_EA = 0x8,
  SMB_ACCESS_MASK_WRITE_EA = 0x10,
  SMB_ACCESS_MASK_EXECUTE_DATA = 0x20,
  SMB_ACCESS_MASK_DELETE_CHILD = 0x40,
  SMB_ACCESS_MASK_READ_ATTRIBUTES = 0x80,
  SMB_ACCESS_MASK_WRITE_ATTRIBUTES = 0x100,
  SMB_ACCESS_MASK_DELETE = 0x10000,
  SMB_ACCESS_MASK_READ_CONTROL = 0x20000,
  SMB_ACCESS_MASK_WRITE_DAC = 0x40000,
  SMB_ACCESS_MASK_WRITE_OWNER = 0x80000,
  SMB_ACCESS_MASK_SYNCHRONIZE = 0x100000,
  SMB_ACCESS_MASK_READ = 0x120089,
  SMB_ACCESS_MASK_WRITE = 0x120116,
  SMB_ACCESS_MASK_EXECUTE = 0x1200A0,
  SMB_ACCESS_MASK_CHANGE = 0x1301BF,
  SMB_ACCESS_MASK_ALL = 0x1F01FF,
} SmbAccessMask;

#define SMB_TYPE_ACCESS_MASK (smb_access_mask_get_type ())
SMB_EXTERN GType smb_access_mask_get_type (void);

G_END_DECLS
