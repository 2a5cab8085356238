/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stores a file, synchronously, with a progress bar. */
#include <stdlib.h>
#include <unistd.h>

#include "common.h"

#define BAR_WIDTH 40

typedef struct
{
  gint64 started; /* microseconds */
  int    percent; /* what the bar shows */
} Bar;

static void
draw (Bar     *self,
      goffset  current,
      goffset  total)
{
  double           seconds = MAX (g_get_monotonic_time () - self->started, 1) / 1e6;
  g_autofree char *speed = g_format_size ((guint64) (current / seconds));
  int              filled = self->percent * BAR_WIDTH / 100;

  g_printerr ("\r[");
  for (int i = 0; i < BAR_WIDTH; i++)
    g_printerr (i < filled ? "#" : ".");
  g_printerr ("] %3d %%, %s/s    ", self->percent, speed);
}

/* A GFileProgressCallback. In a synchronous call it runs in the thread that made the call. */
static void
progress_cb (goffset  current,
             goffset  total,
             gpointer user_data)
{
  Bar *self = user_data;
  int  percent = total > 0 ? (int) (current * 100 / total) : 100;

  if (percent == self->percent)
    return;

  self->percent = percent;
  draw (self, current, total);
}

static gboolean
store (Example  *example,
       GError  **error)
{
  g_autoptr(SmbProtocolFactory) factory = NULL;
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (example->argument);
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, error);
  gboolean terminal = isatty (STDERR_FILENO);
  Bar bar = { g_get_monotonic_time (), -1 };
  guint64 bytes;

  if (stream == NULL)
    return FALSE;
  factory = example_connect (example, error);
  if (factory == NULL)
    return FALSE;

  if (!smb_protocol_factory_store_file (factory, smb_uri_get_share (example->uri),
                                        smb_uri_get_path (example->uri), G_INPUT_STREAM (stream),
                                        terminal ? progress_cb : NULL, &bar, NULL, -1, NULL, &bytes, error))
    return FALSE;
  if (terminal)
    g_printerr ("\n");
  g_print ("%" G_GUINT64_FORMAT " bytes stored\n", bytes);

  return smb_protocol_factory_close_connection (factory, -1, NULL, error);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(Example) example = example_new (argc, argv, EXAMPLE_SERVER "/share/path FILE",
                                            "Stores FILE on a share");
  g_autoptr(GError) error = NULL;

  return store (example, &error) ? EXIT_SUCCESS : example_fail (error);
}
