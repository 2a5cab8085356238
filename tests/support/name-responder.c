/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "name-responder.h"

#include <string.h>

struct _NameResponder
{
  NameResponderFunc  func;
  gpointer           data;

  GSocket           *socket;
  guint16            port;
  GThread           *thread;
  GCancellable      *stop;

  GMutex             lock;
  GCond              changed;
  guint              n_requests;
  guint              n_marks; /* under the lock, these two */

  GBytes            *request;
  GSocketAddress    *from;
};

static GSocket *
open_socket (const char *address)
{
  g_autoptr(GSocketAddress) local = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr(GError)         error = NULL;
  GSocket                  *self =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);

  g_assert_no_error (error);
  g_socket_bind (self, local, FALSE, &error);
  g_assert_no_error (error);
  return self;
}

static gboolean
receive (NameResponder *self)
{
  guint8 buffer[1024];
  gssize n;

  g_clear_object (&self->from);
  n = g_socket_receive_from (self->socket, &self->from, (char *) buffer, sizeof buffer, self->stop, NULL);
  if (n < 0)
    return FALSE;
  g_clear_pointer (&self->request, g_bytes_unref);
  self->request = g_bytes_new (buffer, (gsize) n);
  return TRUE;
}

static void
note (NameResponder *self,
      guint         *counter)
{
  g_mutex_lock (&self->lock);
  (*counter)++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gpointer
responder_thread (gpointer data)
{
  NameResponder *self = data;

  while (receive (self))
    if (g_bytes_get_size (self->request) == 0)
      note (self, &self->n_marks);
    else
      {
        self->func (self, self->n_requests, self->data);
        note (self, &self->n_requests);
      }
  return NULL;
}

NameResponder *
name_responder_start (const char        *address,
                      NameResponderFunc  func,
                      gpointer           data)
{
  NameResponder             *self = g_new0 (NameResponder, 1);
  g_autoptr(GSocketAddress)  local = NULL;

  self->func = func;
  self->data = data;
  self->stop = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->socket = open_socket (address);
  local = g_socket_get_local_address (self->socket, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  self->thread = g_thread_new ("responder", responder_thread, self);
  return self;
}

void
name_responder_stop (NameResponder *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_object_unref (self->stop);
  g_object_unref (self->socket);
  g_clear_pointer (&self->request, g_bytes_unref);
  g_clear_object (&self->from);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint16
name_responder_get_port (NameResponder *self)
{
  return self->port;
}

/* An empty datagram is handled after all that came before it. */
static void
send_mark (NameResponder *self)
{
  g_autoptr(GSocketAddress) own = g_inet_socket_address_new_from_string ("127.0.0.1", self->port);
  g_autoptr(GSocket)        socket = open_socket ("127.0.0.1");
  g_autoptr(GError)         error = NULL;

  g_socket_send_to (socket, own, "", 0, NULL, &error);
  g_assert_no_error (error);
}

guint
name_responder_count_requests (NameResponder *self)
{
  guint n, before;

  g_mutex_lock (&self->lock);
  before = self->n_marks;
  send_mark (self);
  while (self->n_marks == before)
    g_cond_wait (&self->changed, &self->lock);
  n = self->n_requests;
  g_mutex_unlock (&self->lock);
  return n;
}

GBytes *
name_responder_get_request (NameResponder *self)
{
  return self->request;
}

#define HEADER_SIZE 12
#define NAME_SIZE   34

char *
name_responder_build (NameResponder *self,
                      const char    *flags,
                      const char    *type,
                      const char    *data)
{
  const guint8 *name = (const guint8 *) g_bytes_get_data (self->request, NULL) + HEADER_SIZE;
  GString      *answer = g_string_new (flags);

  g_assert_cmpuint (g_bytes_get_size (self->request), >=, HEADER_SIZE + NAME_SIZE);
  g_string_append (answer, "0000" "0001" "0000" "0000");
  for (gsize i = 0; i < NAME_SIZE; i++)
    g_string_append_printf (answer, "%02x", name[i]);
  g_string_append_printf (answer, "%s" "0001" "00000000" "%04x" "%s", type, (guint) strlen (data) / 2, data);
  return g_string_free (answer, FALSE);
}

static void
send_answer (NameResponder *self,
             GSocket       *socket,
             guint8         id_mask,
             const char    *hex)
{
  const guint8          *request = g_bytes_get_data (self->request, NULL);
  g_autoptr(GByteArray)  answer = g_byte_array_new ();
  g_autoptr(GError)      error = NULL;
  guint8                 id[2] = { request[0] ^ id_mask, request[1] };

  g_byte_array_append (answer, id, sizeof id);
  for (; hex[0] != '\0'; hex += 2)
    {
      guint8 byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));

      g_byte_array_append (answer, &byte, 1);
    }
  g_socket_send_to (socket, self->from, (const char *) answer->data, answer->len, NULL, &error);
  g_assert_no_error (error);
}

void
name_responder_reply (NameResponder *self,
                      const char    *hex)
{
  send_answer (self, self->socket, 0, hex);
}

void
name_responder_reply_from (NameResponder *self,
                           const char    *address,
                           const char    *hex)
{
  g_autoptr(GSocket) other = open_socket (address != NULL ? address : "127.0.0.1");

  send_answer (self, other, 0, hex);
}

void
name_responder_reply_to_other (NameResponder *self,
                               const char    *hex)
{
  send_answer (self, self->socket, 0x80, hex);
}
