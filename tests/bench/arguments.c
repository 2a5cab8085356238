/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arguments.h"

gboolean
arguments_parse (Arguments   *self,
                 int         *argc,
                 char      ***argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError)         error = NULL;
  const GOptionEntry        entries[] = {
    { "workload", 0, 0, G_OPTION_ARG_STRING, &self->workload, NULL, NULL },
    { "host", 0, 0, G_OPTION_ARG_STRING, &self->host, NULL, NULL },
    { "port", 0, 0, G_OPTION_ARG_INT, &self->port, NULL, NULL },
    { "user", 0, 0, G_OPTION_ARG_STRING, &self->user, NULL, NULL },
    { "password", 0, 0, G_OPTION_ARG_STRING, &self->password, NULL, NULL },
    { "share", 0, 0, G_OPTION_ARG_STRING, &self->share, NULL, NULL },
    { "path", 0, 0, G_OPTION_ARG_STRING, &self->path, NULL, NULL },
    { "mode", 0, 0, G_OPTION_ARG_STRING, &self->mode, NULL, NULL },
    { "variant", 0, 0, G_OPTION_ARG_STRING, &self->variant, NULL, NULL },
    { "dialect", 0, 0, G_OPTION_ARG_STRING, &self->dialect, NULL, NULL },
    { "configuration", 0, 0, G_OPTION_ARG_STRING, &self->configuration, NULL, NULL },
    { "count", 0, 0, G_OPTION_ARG_INT, &self->count, NULL, NULL },
    { "repeat", 0, 0, G_OPTION_ARG_INT, &self->repeat, NULL, NULL },
    { "size", 0, 0, G_OPTION_ARG_INT64, &self->size, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  else if (self->workload == NULL || self->host == NULL || self->share == NULL || self->path == NULL)
    g_printerr ("%s: --workload, --host, --share and --path are needed\n", g_get_prgname ());
  else
    return TRUE;
  return FALSE;
}
