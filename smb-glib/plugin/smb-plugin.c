/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-plugin.h"

#include <string.h>

#include "plugin/smb-auth.h"
#include "plugin/smb-dialect.h"
#include "plugin/smb-plugin-modules.h"
#include "plugin/smb-transport.h"
#include "smb-error.h"

static gpointer
register_points (gpointer data)
{
  const struct
  {
    const char *name;
    GType       type;
  } points[] = {
    { SMB_TRANSPORT_EXTENSION_POINT, SMB_TYPE_TRANSPORT },
    { SMB_DIALECT_EXTENSION_POINT, SMB_TYPE_DIALECT },
    { SMB_AUTH_EXTENSION_POINT, SMB_TYPE_AUTH },
  };

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    g_io_extension_point_set_required_type (g_io_extension_point_register (points[i].name), points[i].type);

  return NULL;
}

static GIOExtensionPoint *
get_point (const char *name)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, register_points, NULL);

  return g_io_extension_point_lookup (name);
}

/**
 * smb_plugin_register: (skip)
 * @module: (nullable): the module that the plugin is in, or %NULL when it is part of the program
 * @extension_point: one of the extension points
 * @type: what implements it
 * @name: the name by which it is asked for; stays allocated
 * @priority: the higher is preferred
 *
 * Makes an implementation known, for as long as the process lives; [func@DEFINE_PLUGIN] calls it.
 *
 * Nothing happens for an extension point that this library does not have, or a type that does not fit it.
 */
void
smb_plugin_register (GIOModule  *module,
                     const char *extension_point,
                     GType       type,
                     const char *name,
                     int         priority)
{
  GIOExtensionPoint *point = get_point (extension_point);

  if (point == NULL || !g_type_is_a (type, g_io_extension_point_get_required_type (point)))
    {
      g_message ("The plugin %s does not fit the extension point %s", name, extension_point);
      return;
    }

  /* A static type of a module that was unloaded would crash the next one who uses it. */
  if (module != NULL)
    g_type_module_use (G_TYPE_MODULE (module));
  g_io_extension_point_implement (extension_point, type, name, priority);
}

static GIOExtensionPoint *
get_loaded_point (const char *extension_point)
{
  GIOExtensionPoint *point = get_point (extension_point);

  smb_plugin_modules_load (NULL);

  return point;
}

/* "auth" of "smb-1-auth". */
static const char *
get_kind (const char *extension_point)
{
  return extension_point + strlen ("smb-1-");
}

static void
set_missing (const char  *extension_point,
             const char  *name,
             GError     **error)
{
  g_autofree char *module = g_strconcat (get_kind (extension_point), "-", name, NULL);
  g_autofree char *reason = smb_plugin_modules_explain (module);

  g_set_error (error, SMB_ERROR, SMB_ERROR_PLUGIN_MISSING,
               "The %s plugin \"%s\" (libsmb-%s.so) cannot be used: %s",
               get_kind (extension_point), name, module, reason);
}

GType
smb_plugin_lookup (const char  *extension_point,
                   const char  *name,
                   GError     **error)
{
  GIOExtensionPoint *point = get_loaded_point (extension_point);
  GIOExtension *extension;

  g_return_val_if_fail (point != NULL, G_TYPE_INVALID);

  extension = g_io_extension_point_get_extension_by_name (point, name);
  if (extension == NULL)
    {
      set_missing (extension_point, name, error);
      return G_TYPE_INVALID;
    }
  return g_io_extension_get_type (extension);
}

GStrv
smb_plugin_list (const char *extension_point)
{
  GIOExtensionPoint *point = get_loaded_point (extension_point);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (point != NULL, NULL);

  for (GList *l = g_io_extension_point_get_extensions (point); l != NULL; l = l->next)
    g_strv_builder_add (names, g_io_extension_get_name (l->data));

  return g_strv_builder_end (names);
}
