/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/smb-glib.h>

G_BEGIN_DECLS

/* What the examples share: the command line, the password, and the one line that tells what went wrong. */

#define EXAMPLE_EXIT_USAGE 2

#define EXAMPLE_SERVER "smb://[domain;][user@]host[:port]"

typedef struct
{
  SmbUri *uri;
  char   *argument; /* what follows the address; NULL = nothing */
  char   *password; /* NULL = the address names no user, who would need one */
} Example;

/* Reads `[OPTION…] smb://… [ARGUMENT]`, and the password. @parameters is the same in words for --help, one
 * word each. Ends the program with status 2, and a line on stderr, if something in it is wrong. */
Example            *example_new       (int          argc,
                                       char       **argv,
                                       const char  *parameters,
                                       const char  *summary);
void                example_free      (Example     *self);

/* Ends the program as above. */
void                example_misused   (const char  *format,
                                       ...) G_GNUC_PRINTF (1, 2) G_GNUC_NORETURN;
/* Prints what went wrong and returns the status for main(). */
int                 example_fail      (const GError *error);

/* A connection to the address's server, not opened yet. */
SmbProtocolFactory *example_factory   (Example     *self);
/* The same, opened. */
SmbProtocolFactory *example_connect   (Example     *self,
                                       GError     **error);

/* A name that came from the server, with nothing in it that a terminal would take for a command. To be
 * freed. */
char               *example_printable (const char  *name);
/* Prints @text, filled up to @width characters, and a gap. */
void                example_print_column (const char *text,
                                          int         width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Example, example_free)

G_END_DECLS
