/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/operations/smb-listing.h"
#include "smb-enumerator.h"

/* Takes @listing. */
SmbEnumerator *smb_enumerator_new (SmbListing *listing) G_GNUC_WARN_UNUSED_RESULT;
