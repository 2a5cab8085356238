/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-process.h"

struct _TestProcess
{
  char *name;
  GSubprocess *subprocess;
  GDataInputStream *output;
};

static char *
file_below (const char *variable,
            const char *folder,
            const char *name)
{
  const char *top = g_getenv (variable);

  if (top == NULL)
    g_error ("%s is not set: run the tests with meson test", variable);

  return g_build_filename (top, folder, name, NULL);
}

char *
test_process_source_file (const char *folder,
                          const char *name)
{
  return file_below ("SMB_TEST_SRCDIR", folder, name);
}

char *
test_process_build_file (const char *folder,
                         const char *name)
{
  return file_below ("SMB_TEST_BUILDDIR", folder, name);
}

TestProcess *
test_process_start (const char *const *argv)
{
  TestProcess *self = g_new0 (TestProcess, 1);
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError) error = NULL;

  self->name = g_strjoinv (" ", (char **) argv);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_unsetenv (launcher, "LD_PRELOAD"); /* a sanitizer, for this process alone */
  self->subprocess = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->subprocess));

  return self;
}

void
test_process_write_line (TestProcess *self,
                         const char  *line)
{
  GOutputStream *input = g_subprocess_get_stdin_pipe (self->subprocess);
  g_autofree char *text = g_strconcat (line, "\n", NULL);
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (input, text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

/* A flat JSON object of strings is also GVariant's text format of a{ss}. */
GVariant *
test_process_read_table (TestProcess *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_utf8 (self->output, NULL, NULL, &error);
  GVariant *table;

  g_assert_no_error (error);
  if (line == NULL)
    g_error ("%s has ended", self->name);

  table = g_variant_parse (G_VARIANT_TYPE ("a{ss}"), line, NULL, NULL, &error);
  g_assert_no_error (error);

  return table;
}

void
test_process_wait (TestProcess *self)
{
  g_autoptr(GError) error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->subprocess), NULL, &error);
  g_assert_no_error (error);
  g_subprocess_wait (self->subprocess, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (self->output);
  g_object_unref (self->subprocess);
  g_free (self->name);
  g_free (self);
}
