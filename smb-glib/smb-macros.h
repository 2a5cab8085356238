/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * SMB_EXTERN:
 *
 * Marks what the shared library exports; everything else is hidden.
 */
#ifndef SMB_EXTERN
#define SMB_EXTERN __attribute__ ((visibility ("default"))) extern
#endif
