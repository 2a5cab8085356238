/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-proxy.h"

#include "test-process.h"

struct _TestProxy
{
  TestProcess *process;
  guint16 port;
};

static guint64
lookup_number (GVariant   *table,
               const char *key)
{
  const char *value = NULL;

  g_variant_lookup (table, key, "&s", &value);
  g_assert_nonnull (value);

  return g_ascii_strtoull (value, NULL, 10);
}

TestProxy *
test_proxy_startv (const char        *host,
                   guint16            port,
                   const char *const *options)
{
  TestProxy *self = g_new0 (TestProxy, 1);
  g_autofree char *program = test_process_build_file ("support", "delay-proxy");
  g_autofree char *server = g_strdup_printf ("--to=%s:%u", host, port);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GVariant) ready = NULL;

  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, server);
  for (gsize i = 0; options[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) options[i]);
  g_ptr_array_add (argv, NULL);

  self->process = test_process_start ((const char *const *) argv->pdata);
  ready = test_process_read_table (self->process);
  self->port = (guint16) lookup_number (ready, "port");

  return self;
}

void
test_proxy_stop (TestProxy *self)
{
  test_process_wait (self->process);
  g_free (self);
}

guint16
test_proxy_get_port (TestProxy *self)
{
  return self->port;
}

static GVariant *
answer (TestProxy  *self,
        const char *command)
{
  GVariant *table;
  const char *status = NULL;

  test_process_write_line (self->process, command);
  table = test_process_read_table (self->process);
  g_variant_lookup (table, "status", "&s", &status);
  g_assert_cmpstr (status, ==, "ok");

  return table;
}

void
test_proxy_command (TestProxy  *self,
                    const char *command)
{
  g_variant_unref (answer (self, command));
}

guint64
test_proxy_get_count (TestProxy  *self,
                      const char *key)
{
  g_autoptr(GVariant) stats = answer (self, "stats");

  return lookup_number (stats, key);
}
