/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-closures-private.h"

GClosure *
smb_closure_take (GClosure *closure)
{
  g_closure_ref (closure);
  g_closure_sink (closure);
  if (G_CLOSURE_NEEDS_MARSHAL (closure))
    g_closure_set_marshal (closure, g_cclosure_marshal_generic);
  return closure;
}

void
smb_closure_invoke_progress (goffset  current,
                             goffset  total,
                             gpointer closure)
{
  GValue params[2] = { G_VALUE_INIT, G_VALUE_INIT };

  g_value_init (&params[0], G_TYPE_INT64);
  g_value_set_int64 (&params[0], current);
  g_value_init (&params[1], G_TYPE_INT64);
  g_value_set_int64 (&params[1], total);

  g_closure_invoke (closure, NULL, G_N_ELEMENTS (params), params, NULL);

  g_value_unset (&params[0]);
  g_value_unset (&params[1]);
}

void
smb_closure_invoke_ready (GObject      *source,
                          GAsyncResult *result,
                          gpointer      closure)
{
  GValue params[2] = { G_VALUE_INIT, G_VALUE_INIT };

  g_value_init (&params[0], G_TYPE_OBJECT);
  g_value_set_object (&params[0], source);
  g_value_init (&params[1], G_TYPE_ASYNC_RESULT);
  g_value_set_object (&params[1], result);

  g_closure_invoke (closure, NULL, G_N_ELEMENTS (params), params, NULL);

  g_value_unset (&params[0]);
  g_value_unset (&params[1]);
  g_closure_unref (closure);
}
