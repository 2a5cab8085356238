/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a plugin of smb-glib is written with: the extension points, the wire, cryptography and the values of
 * the API. Not stable before 1.0; its Cflags are those of smb-glib-plugin-1.0.pc.
 */

#include "smb-enums.h"
#include "smb-error.h"
#include "smb-macros.h"
#include "smb-security-descriptor.h"
#include "smb-shared-device.h"
#include "smb-shared-file.h"

#include "crypto/smb-aead.h"
#include "crypto/smb-hash.h"
#include "crypto/smb-kdf.h"
#include "crypto/smb-mac.h"
#include "crypto/smb-random.h"
#include "crypto/smb-secret.h"

#include "wire/smb-dcerpc.h"
#include "wire/smb-directory.h"
#include "wire/smb-entry-chain.h"
#include "wire/smb-file-info.h"
#include "wire/smb-filetime.h"
#include "wire/smb-fscc.h"
#include "wire/smb-name-match.h"
#include "wire/smb-nbns.h"
#include "wire/smb-ndr.h"
#include "wire/smb-netbios-name.h"
#include "wire/smb-ntstatus.h"
#include "wire/smb-reader.h"
#include "wire/smb-sddl.h"
#include "wire/smb-security.h"
#include "wire/smb-snapshots.h"
#include "wire/smb-srvsvc.h"
#include "wire/smb-utf16.h"
#include "wire/smb-writer.h"

#include "plugin/smb-auth.h"
#include "plugin/smb-channel.h"
#include "plugin/smb-dialect.h"
#include "plugin/smb-frame.h"
#include "plugin/smb-name-query.h"
#include "plugin/smb-plugin.h"
#include "plugin/smb-request.h"
#include "plugin/smb-transport.h"
