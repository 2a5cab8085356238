/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <nettle/version.h>

/* Since nettle 4 the digest functions always write the whole digest and take no length. */
#if NETTLE_VERSION_MAJOR >= 4
#define SMB_NETTLE_DIGEST(function, context, size, out) function ((context), (out))
#else
#define SMB_NETTLE_DIGEST(function, context, size, out) function ((context), (size), (out))
#endif
