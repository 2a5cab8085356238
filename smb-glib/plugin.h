/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a plugin of smb-glib is written with: the extension points, the wire, cryptography and the values of the API.
 * Not stable before 1.0; its Cflags are those of smb-glib-plugin-1.0.pc.
 */

#include "smb-enums.h"
#include "smb-error.h"
#include "smb-macros.h"

#include "crypto/smb-aead.h"
#include "crypto/smb-hash.h"
#include "crypto/smb-kdf.h"
#include "crypto/smb-mac.h"
#include "crypto/smb-random.h"
#include "crypto/smb-secret.h"

#include "wire/smb-filetime.h"
#include "wire/smb-ntstatus.h"
#include "wire/smb-reader.h"
#include "wire/smb-utf16.h"
#include "wire/smb-writer.h"

#include "plugin/smb-auth.h"
#include "plugin/smb-channel.h"
#include "plugin/smb-dialect.h"
#include "plugin/smb-frame.h"
#include "plugin/smb-plugin.h"
#include "plugin/smb-request.h"
#include "plugin/smb-transport.h"
