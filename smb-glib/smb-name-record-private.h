/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-name-record.h"
#include "wire/smb-nbns.h"

G_BEGIN_DECLS

/* @mac_address is nullable. */
SmbNameRecord *smb_name_record_new (const SmbNbnsRecord *data,
                                    const char          *mac_address) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
