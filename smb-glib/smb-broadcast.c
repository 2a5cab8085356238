/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-broadcast-private.h"

#include <net/if.h>
#include <netinet/in.h>

#define EVERYBODY "255.255.255.255"

/* Anything that is up and has more than two ends. Loopback has nobody else on it. */
static gboolean
can_broadcast (const struct ifaddrs *interface)
{
  const guint wanted = IFF_UP | IFF_BROADCAST;

  return (interface->ifa_flags & (wanted | IFF_LOOPBACK)) == wanted && interface->ifa_addr != NULL &&
         interface->ifa_addr->sa_family == AF_INET && interface->ifa_broadaddr != NULL &&
         interface->ifa_broadaddr->sa_family == AF_INET;
}

static gboolean
inet_address_equal (gconstpointer a,
                    gconstpointer b)
{
  return g_inet_address_equal ((GInetAddress *) a, (GInetAddress *) b);
}

GPtrArray *
smb_broadcast_list_from (const struct ifaddrs *interfaces)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  for (const struct ifaddrs *i = interfaces; i != NULL; i = i->ifa_next)
    {
      g_autoptr(GInetAddress)   address = NULL;
      const struct sockaddr_in *broadcast;

      if (!can_broadcast (i))
        continue;
      broadcast = (const struct sockaddr_in *) (gconstpointer) i->ifa_broadaddr;
      address = g_inet_address_new_from_bytes ((const guint8 *) &broadcast->sin_addr, G_SOCKET_FAMILY_IPV4);
      if (!g_ptr_array_find_with_equal_func (list, address, inet_address_equal, NULL))
        g_ptr_array_add (list, g_steal_pointer (&address));
    }
  if (list->len == 0)
    g_ptr_array_add (list, g_inet_address_new_from_string (EVERYBODY));
  return list;
}

GPtrArray *
smb_broadcast_list (void)
{
  struct ifaddrs *interfaces = NULL;
  GPtrArray      *list;

  if (getifaddrs (&interfaces) != 0)
    interfaces = NULL;
  list = smb_broadcast_list_from (interfaces);
  if (interfaces != NULL)
    freeifaddrs (interfaces);
  return list;
}

gboolean
smb_broadcast_is (GInetAddress *address)
{
  g_autoptr(GPtrArray)    list = smb_broadcast_list ();
  g_autoptr(GInetAddress) everybody = g_inet_address_new_from_string (EVERYBODY);

  return g_inet_address_equal (address, everybody) ||
         g_ptr_array_find_with_equal_func (list, address, inet_address_equal, NULL);
}
