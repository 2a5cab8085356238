/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The whole API: include this one. */

#include "smb-ace.h"
#include "smb-acl.h"
#include "smb-enumerator.h"
#include "smb-enums.h"
#include "smb-error.h"
#include "smb-macros.h"
#include "smb-name-record.h"
#include "smb-name-service.h"
#include "smb-open-file.h"
#include "smb-protocol-factory.h"
#include "smb-security-descriptor.h"
#include "smb-security-enums.h"
#include "smb-shared-device.h"
#include "smb-shared-file.h"
#include "smb-sid.h"
#include "smb-uri.h"
#include "smb-version.h"
