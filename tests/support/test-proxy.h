/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TestProxy:
 *
 * A delay-proxy before a server, for as long as this exists.
 */
typedef struct _TestProxy TestProxy;

/**
 * test_proxy_start:
 * @host: an IPv4 address
 * @port: and a port of the server
 * @...: options of delay-proxy, for instance `--cut-down=100`, or %NULL for none
 *
 * Starts a proxy and waits until it listens, on 127.0.0.1.
 */
#define test_proxy_start(host, port, ...) \
  test_proxy_startv ((host), (port), (const char *const[]) { __VA_ARGS__, NULL })
TestProxy *test_proxy_startv (const char        *host,
                              guint16            port,
                              const char *const *options) G_GNUC_WARN_UNUSED_RESULT;
void       test_proxy_stop (TestProxy *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestProxy, test_proxy_stop)

guint16 test_proxy_get_port (TestProxy *self);

/* Sends one of delay-proxy's commands and waits for the answer. */
void    test_proxy_command (TestProxy  *self,
                            const char *command);

/* One number of the answer to `stats`. */
guint64 test_proxy_get_count (TestProxy  *self,
                              const char *key);

G_END_DECLS
