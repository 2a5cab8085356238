/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/*
 * What every target defines, and libFuzzer or driver.c calls. @data has exactly @size bytes. Returns 0; it
 * aborts if something is wrong.
 */
int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);
