/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BusyPort:
 *
 * A port of this machine whose queue is full: who comes is neither taken nor refused (listen(2)).
 */
typedef struct _BusyPort BusyPort;

/* @port: 0 is a free one. */
BusyPort       *busy_port_new         (const char *address,
                                       guint16     port);
void            busy_port_free        (BusyPort   *self);

GSocketAddress *busy_port_get_address (BusyPort   *self); /* (transfer full) */
/* Takes those who fill the queue: there is room for others. */
void            busy_port_accept      (BusyPort   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BusyPort, busy_port_free)

G_END_DECLS
