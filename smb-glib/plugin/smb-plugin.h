/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/* The extension points, on which plugins implement SmbTransport, SmbDialect and SmbAuth. */
#define SMB_TRANSPORT_EXTENSION_POINT "smb-1-transport"
#define SMB_DIALECT_EXTENSION_POINT   "smb-1-dialect"
#define SMB_AUTH_EXTENSION_POINT      "smb-1-auth"

/* Counts up whenever plugins must be compiled again; a module of another number is not loaded. */
#define SMB_PLUGIN_ABI 1

/**
 * SMB_DEFINE_PLUGIN:
 * @symbol: the module's base name with `_` for `-`: `smb_transport_tcp` for `libsmb-transport-tcp.so`
 * @extension_point: one of the extension points above
 * @TYPE: the #GType that implements it
 * @name: the name by which it is asked for
 * @priority: the higher is preferred
 *
 * Makes the file in which it stands the entry of a plugin, loaded or built in.
 */
#define SMB_DEFINE_PLUGIN(symbol, extension_point, TYPE, name, priority)                            \
  G_MODULE_EXPORT void   g_io_##symbol##_load (GIOModule *module);                                  \
  G_MODULE_EXPORT void   g_io_##symbol##_unload (GIOModule *module);                                \
  G_MODULE_EXPORT char **g_io_##symbol##_query (void);                                              \
  G_MODULE_EXPORT guint  symbol##_plugin_abi (void);                                                \
                                                                                                    \
  void g_io_##symbol##_load (GIOModule *module)                                                     \
  {                                                                                                 \
    smb_plugin_register (module, extension_point, TYPE, name, priority);                            \
  }                                                                                                 \
  void g_io_##symbol##_unload (GIOModule *module)                                                   \
  {                                                                                                 \
  }                                                                                                 \
  char **g_io_##symbol##_query (void)                                                               \
  {                                                                                                 \
    char *points[] = { (char *) (extension_point), NULL };                                          \
    return g_strdupv (points);                                                                      \
  }                                                                                                 \
  guint symbol##_plugin_abi (void)                                                                  \
  {                                                                                                 \
    return SMB_PLUGIN_ABI;                                                                          \
  }

SMB_EXTERN void smb_plugin_register (GIOModule  *module,
                                     const char *extension_point,
                                     GType       type,
                                     const char *name,
                                     int         priority);

/* What the library asks for: the type called @name, or 0 and SMB_ERROR_PLUGIN_MISSING that names it
 * and says why a module of that name could not be used. */
GType smb_plugin_lookup (const char  *extension_point,
                         const char  *name,
                         GError     **error);

/* The names on an extension point, the preferred first; for messages and for the choice among all. */
GStrv smb_plugin_list (const char *extension_point);

G_END_DECLS
