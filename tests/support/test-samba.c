/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-samba.h"

#include "test-process.h"

struct _TestSamba
{
  TestProcess *process;
  GVariant *description; /* a{ss} */
};

static const char *
lookup (GVariant   *table,
        const char *prefix,
        const char *name)
{
  g_autofree char *key = g_strconcat (prefix, name, NULL);
  const char *value = NULL;

  g_variant_lookup (table, key, "&s", &value);

  return value;
}

TestSamba *
test_samba_startv (const char *const *options)
{
  TestSamba *self = g_new0 (TestSamba, 1);
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup ("/usr/bin/python3"));
  g_ptr_array_add (argv, test_process_source_file ("support", "samba-server.py"));
  for (gsize i = 0; options[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (options[i]));
  g_ptr_array_add (argv, NULL);

  self->process = test_process_start ((const char *const *) argv->pdata);
  self->description = test_process_read_table (self->process);

  return self;
}

static void
print_log (TestSamba *self)
{
  g_autofree char *log = test_samba_command (self, "log", "log");
  g_auto(GStrv) lines = g_strsplit (log, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    g_printerr ("# %s\n", lines[i]);
}

void
test_samba_stop (TestSamba *self)
{
  if (g_test_failed ())
    print_log (self);

  test_process_write_line (self->process, "quit");
  test_process_wait (self->process);
  g_variant_unref (self->description);
  g_free (self);
}

const char *
test_samba_get_host (TestSamba *self)
{
  return lookup (self->description, "", "host");
}

guint16
test_samba_get_port (TestSamba *self)
{
  return (guint16) g_ascii_strtoull (lookup (self->description, "", "port"), NULL, 10);
}

const char *
test_samba_get_user (TestSamba *self)
{
  return lookup (self->description, "", "user");
}

const char *
test_samba_get_password (TestSamba  *self,
                         const char *user)
{
  return lookup (self->description, "user:", user);
}

const char *
test_samba_get_share_dir (TestSamba  *self,
                          const char *share)
{
  const char *folder = lookup (self->description, "share:", share);

  g_assert_nonnull (folder);

  return folder;
}

char *
test_samba_build_path (TestSamba  *self,
                       const char *share,
                       const char *first_name,
                       ...)
{
  g_autofree char *below = NULL;
  va_list list;

  va_start (list, first_name);
  below = g_build_filename_valist (first_name, &list);
  va_end (list);

  return g_build_filename (test_samba_get_share_dir (self, share), below, NULL);
}

char *
test_samba_command (TestSamba  *self,
                    const char *key,
                    const char *format,
                    ...)
{
  g_autoptr(GVariant) answer = NULL;
  g_autofree char *command = NULL;
  va_list list;

  va_start (list, format);
  command = g_strdup_vprintf (format, list);
  va_end (list);

  test_process_write_line (self->process, command);
  answer = test_process_read_table (self->process);
  if (g_strcmp0 (lookup (answer, "", "status"), "ok") != 0)
    g_error ("private Samba: %s: %s", command, lookup (answer, "", "message"));

  return key != NULL ? g_strdup (lookup (answer, "", key)) : NULL;
}
