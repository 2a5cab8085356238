/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Passwords come from the terminal or from a file, never from the command line, which all users of the
 * machine see. */

/* Asks without showing what is typed. */
char *password_from_terminal (const char  *user,
                              const char  *host,
                              GError     **error);
/* The first line of a file; "-" is standard input. */
char *password_from_file     (const char  *path,
                              GError     **error);
/* Overwrites it first. */
void  password_free          (char        *password);

G_END_DECLS
