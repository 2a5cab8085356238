/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/smb-call.h"
#include "smb-enums.h"
#include "wire/smb-security.h"

/* Gives an SmbSecurityDescriptorData with these parts. */
SmbCall *smb_get_security_call_new (SmbConnection                   *connection,
                                    const char                      *share,
                                    const char                      *path,
                                    SmbSecurityInformation           parts,
                                    int                              timeout_msec,
                                    GCancellable                    *cancellable);
/* Replaces these parts by those of @descriptor, which may go at once. */
SmbCall *smb_set_security_call_new (SmbConnection                   *connection,
                                    const char                      *share,
                                    const char                      *path,
                                    const SmbSecurityDescriptorData *descriptor,
                                    SmbSecurityInformation           parts,
                                    int                              timeout_msec,
                                    GCancellable                    *cancellable);
