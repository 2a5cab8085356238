/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "busy-port.h"

struct _BusyPort
{
  GSocket   *listener;
  GPtrArray *waiting; /* of GSocket: those in the queue */
  GSocket   *outside; /* the first for which there was no room */
};

static GSocket *
tcp_socket_new (void)
{
  g_autoptr(GError)  error = NULL;
  GSocket           *socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  return socket;
}

static void
begin_to_listen (BusyPort       *self,
                 GSocketAddress *address)
{
  g_autoptr(GError) error = NULL;

  self->listener = tcp_socket_new ();
  g_socket_set_listen_backlog (self->listener, 0);
  g_socket_bind (self->listener, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->listener, &error);
  g_assert_no_error (error);
}

static GSocket *
connect_to (GSocketAddress *address)
{
  g_autoptr(GError)  error = NULL;
  GSocket           *socket = tcp_socket_new ();

  g_socket_set_blocking (socket, FALSE);
  g_assert_false (g_socket_connect (socket, address, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  return socket;
}

/* Until one is not connected at once, as on this machine all are for whom there is room. */
static void
fill (BusyPort *self)
{
  g_autoptr(GSocketAddress) address = busy_port_get_address (self);

  self->outside = connect_to (address);
  while (g_socket_condition_check (self->outside, G_IO_OUT) != 0)
    {
      g_ptr_array_add (self->waiting, self->outside);
      self->outside = connect_to (address);
    }
  g_assert_cmpuint (self->waiting->len, >, 0);
}

BusyPort *
busy_port_new (const char *address,
               guint16     port)
{
  BusyPort                  *self = g_new0 (BusyPort, 1);
  g_autoptr(GSocketAddress)  wanted = g_inet_socket_address_new_from_string (address, port);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  begin_to_listen (self, wanted);
  fill (self);
  return self;
}

void
busy_port_free (BusyPort *self)
{
  g_object_unref (self->outside);
  g_ptr_array_unref (self->waiting);
  g_object_unref (self->listener);
  g_free (self);
}

GSocketAddress *
busy_port_get_address (BusyPort *self)
{
  g_autoptr(GError)  error = NULL;
  GSocketAddress    *address = g_socket_get_local_address (self->listener, &error);

  g_assert_no_error (error);
  return address;
}

void
busy_port_accept (BusyPort *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    {
      g_autoptr(GError)  error = NULL;
      g_autoptr(GSocket) peer = g_socket_accept (self->listener, NULL, &error);

      g_assert_no_error (error);
    }
}
