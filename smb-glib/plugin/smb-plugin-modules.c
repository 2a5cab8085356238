/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-plugin-modules.h"

#include <string.h>
#include <sys/auxv.h>

#include <gmodule.h>

#include "plugin/smb-plugin.h"
#include "smb-config.h"

#define MODULE_PREFIX "libsmb-"
#define MODULE_SUFFIX ".so"

typedef void (*LoadFunc) (GIOModule *module);
typedef guint (*AbiFunc) (void);

#define DECLARE(symbol) void g_io_##symbol##_load (GIOModule *module);
SMB_FOR_EACH_BUILTIN_PLUGIN (DECLARE)

#define ENTRY(symbol) { #symbol, g_io_##symbol##_load },
static const struct
{
  const char *symbol;
  LoadFunc    load;
} builtin_plugins[] = { SMB_FOR_EACH_BUILTIN_PLUGIN (ENTRY) { NULL, NULL } };

/* Both are written during loading only. */
static GHashTable *outcomes;  /* symbol ("smb_auth_ntlm") to why it could not be used, "" if it could */
static GPtrArray *modules;    /* of GIOModule: in use for ever */

/* "smb_auth_ntlm" of "libsmb-auth-ntlm.so", as GIOModule builds its symbols; NULL for other files. */
static char *
symbol_of_file (const char *file)
{
  char *symbol;

  if (!g_str_has_prefix (file, MODULE_PREFIX) || !g_str_has_suffix (file, MODULE_SUFFIX))
    return NULL;
  if (strchr (file, '.') != strrchr (file, '.'))
    return NULL;

  symbol = g_strndup (file + strlen ("lib"), strlen (file) - strlen ("lib" MODULE_SUFFIX));
  return g_strdelimit (symbol, "-", '_');
}

/* The function @prefix@symbol@suffix of @module, or NULL. */
static gpointer
find_function (GModule    *module,
               const char *prefix,
               const char *symbol,
               const char *suffix)
{
  g_autofree char *name = g_strconcat (prefix, symbol, suffix, NULL);
  gpointer address;

  return g_module_symbol (module, name, &address) ? address : NULL;
}

/* What is wrong with @module, or NULL. GIOModule would print to stderr what this reports. */
static char *
find_fault (GModule    *module,
            const char *symbol)
{
  AbiFunc get_abi = (AbiFunc) find_function (module, "", symbol, "_plugin_abi");

  if (get_abi == NULL)
    return g_strdup ("it is no plugin of this library: it does not tell its ABI number");
  if (get_abi () != SMB_PLUGIN_ABI)
    return g_strdup_printf ("it is made for ABI number %u of plugins, this library has %u", get_abi (),
                            SMB_PLUGIN_ABI);
  if (find_function (module, "g_io_", symbol, "_load") == NULL ||
      find_function (module, "g_io_", symbol, "_unload") == NULL)
    return g_strdup ("it has no entry point");
  return NULL;
}

/* Loads the module for good; not lazily, so that one that lacks a function fails here. Returns why it cannot
 * be used, or NULL. */
static char *
load_module (const char *path,
             const char *symbol)
{
  GModule *module = g_module_open (path, G_MODULE_BIND_LOCAL);
  GIOModule *plugin;
  char *fault;

  if (module == NULL)
    return g_strdup (g_module_error ());

  fault = find_fault (module, symbol);
  if (fault != NULL)
    {
      g_module_close (module);
      return fault;
    }

  /* Its types are static ones, so neither the code nor the use of the module may ever end. */
  g_module_make_resident (module);
  plugin = g_io_module_new (path);
  g_ptr_array_add (modules, plugin);
  return g_type_module_use (G_TYPE_MODULE (plugin)) ? NULL : g_strdup ("it cannot be loaded");
}

/* The first folder that has a module of a name decides about it, also when it turns out to be unusable. */
static void
load_file (const char *folder,
           const char *file)
{
  g_autofree char *symbol = symbol_of_file (file);
  g_autofree char *path = NULL;
  char *fault;

  if (symbol == NULL || g_hash_table_contains (outcomes, symbol))
    return;

  path = g_build_filename (folder, file, NULL);
  fault = load_module (path, symbol);
  if (fault != NULL)
    g_message ("The plugin %s cannot be used: %s", path, fault);
  g_hash_table_insert (outcomes, g_steal_pointer (&symbol), fault != NULL ? fault : g_strdup (""));
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
load_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (files, g_strdup (file));

  g_ptr_array_sort (files, compare_names);
  for (guint i = 0; i < files->len; i++)
    load_file (folder, g_ptr_array_index (files, i));
}

static void
load_builtin (void)
{
  for (guint i = 0; builtin_plugins[i].symbol != NULL; i++)
    {
      builtin_plugins[i].load (NULL);
      g_hash_table_insert (outcomes, g_strdup (builtin_plugins[i].symbol), g_strdup (""));
    }
}

static void
load_folders (const char *const *folders)
{
  for (guint i = 0; folders[i] != NULL; i++)
    if (*folders[i] != '\0')
      load_folder (folders[i]);
}

/* A program that gained privileges must not load what the environment of its caller names. */
static void
load_default_folders (void)
{
  const char *path = getauxval (AT_SECURE) != 0 ? NULL : g_getenv ("SMB_PLUGIN_PATH");
  g_auto(GStrv) folders = g_strsplit (path != NULL ? path : "", ":", -1);

  load_folders ((const char *const *) folders);
  load_folder (SMB_PLUGIN_DIR);
}

static gpointer
load_all (gpointer folders)
{
  outcomes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  modules = g_ptr_array_new ();
  load_builtin ();
  if (folders != NULL)
    load_folders (folders);
  else
    load_default_folders ();

  return outcomes;
}

void
smb_plugin_modules_load (const char *const *folders)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, load_all, (gpointer) folders);
}

char *
smb_plugin_modules_explain (const char *name)
{
  g_autofree char *symbol = g_strdelimit (g_strconcat ("smb-", name, NULL), "-", '_');
  const char *outcome = g_hash_table_lookup (outcomes, symbol);

  if (outcome == NULL)
    return g_strdup ("it is not installed");
  if (*outcome == '\0')
    return g_strdup ("the module of that name does not provide it");
  return g_strdup (outcome);
}
