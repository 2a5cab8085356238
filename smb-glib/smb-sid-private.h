/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-sid.h"
#include "wire/smb-security.h"

G_BEGIN_DECLS

SmbSid           *smb_sid_new      (const SmbSidData *data) G_GNUC_WARN_UNUSED_RESULT;
const SmbSidData *smb_sid_get_data (SmbSid           *self);

/* The name of a security identifier that means the same everywhere, NULL for others. */
const char *smb_sid_data_get_well_known_name (const SmbSidData *data);

G_END_DECLS
