/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Two callbacks in one function cannot be bound as functions with data; as closures they can. */

/* @closure, ready to be called as one of the functions below, to be given back with g_closure_unref(). */
GClosure *smb_closure_take            (GClosure     *closure);

/* A GFileProgressCallback whose data is such a closure. */
void      smb_closure_invoke_progress (goffset       current,
                                       goffset       total,
                                       gpointer      closure);
/* A GAsyncReadyCallback whose data is such a closure, which it gives back. */
void      smb_closure_invoke_ready    (GObject      *source,
                                       GAsyncResult *result,
                                       gpointer      closure);
