/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "common.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "password.h"

void
example_misused (const char *format,
                 ...)
{
  g_autofree char *message = NULL;
  va_list          arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_printerr ("%s: %s\n", g_get_prgname (), message);
  exit (EXAMPLE_EXIT_USAGE);
}

int
example_fail (const GError *error)
{
  g_autofree char *message = example_printable (error->message);

  g_printerr ("%s: %s\n", g_get_prgname (), message);
  return EXIT_FAILURE;
}

static void
take_address (Example    *self,
              const char *address)
{
  g_autoptr(GError) error = NULL;

  self->uri = smb_uri_parse (address, &error);
  if (self->uri == NULL)
    example_misused ("%s", error->message);
}

/* Without a user the login is anonymous, and nobody is asked for anything. */
static void
take_password (Example    *self,
               const char *password_file)
{
  const char *user = smb_uri_get_user (self->uri);
  g_autoptr(GError) error = NULL;

  if (password_file != NULL)
    self->password = password_from_file (password_file, &error);
  else if (user != NULL)
    self->password = password_from_terminal (user, smb_uri_get_host (self->uri), &error);

  if (error != NULL)
    example_misused ("%s", error->message);
}

Example *
example_new (int          argc,
             char       **argv,
             const char  *parameters,
             const char  *summary)
{
  g_autoptr(GOptionContext) context = g_option_context_new (parameters);
  g_autoptr(Example) self = g_new0 (Example, 1);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) expected = g_strsplit (parameters, " ", -1);
  g_autofree char *password_file = NULL;
  const GOptionEntry entries[] = {
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
      "Read the password from the first line of FILE (- for standard input)", "FILE" },
    { NULL },
  };

  setlocale (LC_ALL, "");
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    example_misused ("%s", error->message);
  if (argc - 1 != (int) g_strv_length (expected))
    example_misused ("usage: %s [--password-file FILE] %s", g_get_prgname (), parameters);

  take_address (self, argv[1]);
  self->argument = g_strdup (argv[2]);
  take_password (self, password_file);
  return g_steal_pointer (&self);
}

void
example_free (Example *self)
{
  g_clear_object (&self->uri);
  g_free (self->argument);
  password_free (self->password);
  g_free (self);
}

SmbProtocolFactory *
example_factory (Example *self)
{
  SmbProtocolFactory *factory;

  factory = smb_protocol_factory_new (smb_uri_get_user (self->uri), self->password, NULL, NULL);
  g_object_set (factory, "domain", smb_uri_get_domain (self->uri), NULL);
  return factory;
}

SmbProtocolFactory *
example_connect (Example  *self,
                 GError  **error)
{
  g_autoptr(SmbProtocolFactory) factory = example_factory (self);

  if (!smb_protocol_factory_open_connection (factory, smb_uri_get_host (self->uri),
                                             smb_uri_get_port (self->uri), -1, NULL, error))
    return NULL;
  return g_steal_pointer (&factory);
}

char *
example_printable (const char *name)
{
  GString *printable = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (printable, g_unichar_isprint (c) ? c : 0xFFFD);
    }
  return g_string_free (printable, FALSE);
}

void
example_print_column (const char *text,
                      int         width)
{
  int missing = width - (int) g_utf8_strlen (text, -1);

  g_print ("%s%*s  ", text, MAX (missing, 0), "");
}
