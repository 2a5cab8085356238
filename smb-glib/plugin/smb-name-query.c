/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-name-query.h"

#include <string.h>

#include "crypto/smb-random.h"
#include "smb-error.h"

/* [RFC 1002] 6: BCAST_REQ_RETRY_TIMEOUT, UCAST_REQ_RETRY_TIMEOUT, and the …_COUNT of both */
#define BROADCAST_INTERVAL (250 * G_TIME_SPAN_MILLISECOND)
#define UNICAST_INTERVAL   (5 * G_TIME_SPAN_SECOND)
#define N_TRIES            3

/* Names are 18 bytes each, and at most 255. */
#define MAX_DATAGRAM 8192

/* Who is flooded looks at the clock now and then. */
#define MAX_DATAGRAMS_AT_ONCE 16

/* A question under way: it moves on with time and datagrams, driven by a waiting thread or a source. */
typedef struct
{
  SmbNbnsType     type;
  SmbNetbiosName  name;
  gboolean        broadcast;
  guint16         port;
  guint16         id;
  GPtrArray      *targets; /* of GSocketAddress */
  GBytes         *request;
  GSocket        *socket;

  guint           n_sent;
  gint64          interval;
  gint64          next_at; /* monotonic µs: the next try, or the end */
  gint64          deadline;

  SmbNbnsReply   *reply; /* so far: more may come if it is about a group */
  gboolean        complete;
} Query;

static void
query_free (Query *self)
{
  g_ptr_array_unref (self->targets);
  g_bytes_unref (self->request);
  g_clear_object (&self->socket);
  smb_nbns_reply_free (self->reply);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Query, query_free)

static Query *
query_new (const SmbNameQuestion *question)
{
  Query *self = g_new0 (Query, 1);

  self->type = question->type;
  self->name = question->name;
  self->broadcast = question->broadcast;
  self->port = question->port;
  self->targets = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < question->addresses->len; i++)
    g_ptr_array_add (self->targets,
                     g_inet_socket_address_new (question->addresses->pdata[i], question->port));

  smb_random_bytes (&self->id, sizeof self->id);
  self->request = smb_nbns_request_encode (self->id, question->type, &question->name, question->broadcast);
  return self;
}

static void
set_times (Query *self,
           int    timeout_msec)
{
  gint64 now = g_get_monotonic_time ();
  gint64 timeout = timeout_msec * G_TIME_SPAN_MILLISECOND;

  self->interval = self->broadcast ? BROADCAST_INTERVAL : UNICAST_INTERVAL;
  self->next_at = now;
  self->deadline = G_MAXINT64;
  if (timeout_msec == G_MAXINT)
    return;
  self->interval = MIN (self->interval, timeout / N_TRIES);
  self->deadline = now + timeout;
}

/* A connected socket gets only what the other side sends, and hears when nobody listens there. */
static gboolean
open_socket (Query    *self,
             guint16   listen_port,
             GError  **error)
{
  g_autoptr(GInetAddress)   any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) local = g_inet_socket_address_new (any, listen_port);

  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  if (self->socket == NULL)
    return FALSE;
  g_socket_set_blocking (self->socket, FALSE);
  g_socket_set_broadcast (self->socket, self->broadcast);
  if (!g_socket_bind (self->socket, local, FALSE, error))
    return FALSE;
  return self->broadcast || g_socket_connect (self->socket, self->targets->pdata[0], NULL, error);
}

/* Asks everyone once. That one of many networks is down does not matter. */
static gboolean
send_request (Query   *self,
              GError **error)
{
  gboolean sent = FALSE;

  for (guint i = 0; i < self->targets->len; i++)
    {
      GSocketAddress    *target = self->broadcast ? self->targets->pdata[i] : NULL;
      g_autoptr(GError)  problem = NULL;
      gssize             n;

      n = g_socket_send_to (self->socket, target, g_bytes_get_data (self->request, NULL),
                            g_bytes_get_size (self->request), NULL, &problem);
      if (n >= 0 || g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        sent = TRUE;
      else if (error != NULL && *error == NULL)
        g_propagate_error (error, g_steal_pointer (&problem));
    }
  if (sent)
    g_clear_error (error);
  return sent;
}

static GError *
refusal (guint8 code)
{
  switch (code)
    {
    case SMB_NBNS_NAME_ERROR:
      return g_error_new_literal (SMB_ERROR, SMB_ERROR_NOT_FOUND, "there is no such name");
    case SMB_NBNS_REFUSED:
      return g_error_new_literal (SMB_ERROR, SMB_ERROR_ACCESS_DENIED, "the server refuses to tell");
    default:
      return g_error_new (SMB_ERROR, SMB_ERROR_FAILED, "the server answered with error %u", code);
    }
}

/* Not those to other questions, which may be late answers to earlier ones, or forged; and one who is asked by
 * broadcast only speaks if the name is its own. */
static gboolean
is_answer (Query              *self,
           const SmbNbnsReply *reply)
{
  if (reply->id != self->id || (reply->code != 0 && self->broadcast))
    return FALSE;
  if (self->type == SMB_NBNS_NAME && reply->has_name && !smb_netbios_name_equal (&reply->name, &self->name))
    return FALSE;
  return reply->code != 0 || (reply->type == self->type && reply->addresses->len + reply->records->len > 0);
}

static gboolean
has_address (const SmbNbnsReply   *reply,
             const SmbNbnsAddress *wanted)
{
  for (guint i = 0; i < reply->addresses->len; i++)
    if (memcmp (g_array_index (reply->addresses, SmbNbnsAddress, i).address, wanted->address,
                sizeof wanted->address) == 0)
      return TRUE;
  return FALSE;
}

static void
add_addresses (SmbNbnsReply       *reply,
               const SmbNbnsReply *more)
{
  for (guint i = 0; i < more->addresses->len; i++)
    {
      const SmbNbnsAddress *address = &g_array_index (more->addresses, SmbNbnsAddress, i);

      if (!has_address (reply, address))
        g_array_append_vals (reply->addresses, address, 1);
    }
}

/* Each member of a group answers a broadcast for itself. */
static gboolean
is_about_group (const SmbNbnsReply *reply)
{
  return reply->addresses->len > 0 &&
         (g_array_index (reply->addresses, SmbNbnsAddress, 0).flags & SMB_NBNS_GROUP) != 0;
}

/* Takes @reply. */
static gboolean
take_answer (Query         *self,
             SmbNbnsReply  *reply,
             GError       **error)
{
  g_autoptr(SmbNbnsReply) taken = reply;

  if (reply->code != 0)
    {
      g_propagate_error (error, refusal (reply->code));
      return FALSE;
    }
  if (self->reply != NULL)
    add_addresses (self->reply, reply);
  else
    self->reply = g_steal_pointer (&taken);
  self->complete = !self->broadcast || !is_about_group (self->reply);
  return TRUE;
}

static gboolean
is_from_service (Query          *self,
                 GSocketAddress *from)
{
  return !self->broadcast ||
         (G_IS_INET_SOCKET_ADDRESS (from) &&
          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (from)) == self->port);
}

/* One datagram. FALSE when there is none, or when the query has ended: with @error. */
static gboolean
receive (Query   *self,
         GError **error)
{
  g_autoptr(GSocketAddress) from = NULL;
  g_autoptr(SmbNbnsReply)   reply = NULL;
  g_autoptr(GError)         problem = NULL;
  guint8                    buffer[MAX_DATAGRAM];
  gssize                    n;

  n = g_socket_receive_from (self->socket, &from, (char *) buffer, sizeof buffer, NULL, &problem);
  if (n < 0)
    {
      if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (!is_from_service (self, from))
    return TRUE;
  reply = smb_nbns_reply_decode (buffer, (gsize) n, NULL);
  if (reply == NULL || !is_answer (self, reply))
    return TRUE;
  return take_answer (self, g_steal_pointer (&reply), error) && !self->complete;
}

static void
set_silence (Query   *self,
             gint64   now,
             GError **error)
{
  if (self->broadcast && now < self->deadline)
    g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_FOUND, "nobody in the network has the name");
  else
    g_set_error_literal (error, SMB_ERROR, SMB_ERROR_TIMED_OUT, "there is no answer");
}

/* Does what time demands. TRUE if there is something to wait for, until @next_at at most. */
static gboolean
proceed (Query   *self,
         GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (now < self->next_at)
    return TRUE;
  if (self->n_sent == N_TRIES || now >= self->deadline)
    {
      self->complete = self->reply != NULL;
      if (!self->complete)
        set_silence (self, now, error);
      return FALSE;
    }
  if (!send_request (self, error))
    return FALSE;
  self->n_sent++;
  self->next_at = MIN (now + self->interval, self->deadline);
  return TRUE;
}

/* TRUE while there is something to wait for; then the query is complete, or @error set. */
static gboolean
step (Query   *self,
      GError **error)
{
  GError *problem = NULL;

  for (guint i = 0; i < MAX_DATAGRAMS_AT_ONCE && receive (self, &problem); i++)
    ;
  if (problem == NULL && !self->complete && proceed (self, &problem))
    return TRUE;
  if (problem != NULL)
    g_propagate_error (error, problem);
  return FALSE;
}

static Query *
begin (const SmbNameQuestion  *question,
       GError                **error)
{
  g_autoptr(Query) self = query_new (question);

  if (!open_socket (self, question->listen_port, error))
    return NULL;
  set_times (self, question->timeout_msec);
  return g_steal_pointer (&self);
}

SmbNbnsReply *
smb_name_query (const SmbNameQuestion  *question,
                GCancellable           *cancellable,
                GError                **error)
{
  g_autoptr(Query)  self = NULL;
  g_autoptr(GError) problem = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  self = begin (question, error);
  if (self == NULL)
    return NULL;
  while (step (self, &problem))
    {
      gint64 wait = MAX (self->next_at - g_get_monotonic_time (), 0);

      if (!g_socket_condition_timed_wait (self->socket, G_IO_IN, wait, cancellable, &problem) &&
          !g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        break;
      g_clear_error (&problem);
    }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return self->complete ? g_steal_pointer (&self->reply) : NULL;
}

/* The same with a source. */

static gboolean
query_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs query_source_funcs = { .dispatch = query_source_dispatch };

static gboolean
advance (gpointer user_data)
{
  GTask  *task = user_data;
  Query  *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (step (self, &error))
    {
      g_source_set_ready_time (g_main_current_source (), self->next_at);
      return G_SOURCE_CONTINUE;
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->reply), (GDestroyNotify) smb_nbns_reply_free);
  return G_SOURCE_REMOVE;
}

/* Takes @task. */
static void
watch (GTask *task)
{
  Query              *self = g_task_get_task_data (task);
  GCancellable       *cancellable = g_task_get_cancellable (task);
  g_autoptr(GSource)  source = g_source_new (&query_source_funcs, sizeof (GSource));

  g_source_set_static_name (source, "smb-glib name query");
  g_source_add_unix_fd (source, g_socket_get_fd (self->socket), G_IO_IN);
  g_source_set_ready_time (source, self->next_at);
  if (cancellable != NULL)
    {
      g_autoptr(GSource) child = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (child);
      g_source_add_child_source (source, child);
    }
  g_source_set_callback (source, advance, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

void
smb_name_query_async (const SmbNameQuestion *question,
                      GCancellable          *cancellable,
                      GAsyncReadyCallback    callback,
                      gpointer               user_data)
{
  g_autoptr(GTask)  task = g_task_new (NULL, cancellable, callback, user_data);
  GError           *error = NULL;
  Query            *self = begin (question, &error);

  g_task_set_source_tag (task, smb_name_query_async);
  if (self == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, self, (GDestroyNotify) query_free);
  watch (g_steal_pointer (&task));
}

SmbNbnsReply *
smb_name_query_finish (GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, smb_name_query_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
