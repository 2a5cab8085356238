/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* From here on the library finds all plugins but @name ("dialect-smb1"), though it may be installed; before
 * the first use of the library. Ends with test_plugins_clear(). */
void test_plugins_without (const char *name);
void test_plugins_clear   (void);
