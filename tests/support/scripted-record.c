/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-private.h"

#define PATIENCE (60 * G_TIME_SPAN_SECOND)

gboolean
scripted_command_is (ScriptedCommand command,
                     ScriptedCommand other)
{
  return command == other || (command == SCRIPTED_ANY && other != SCRIPTED_SMB1);
}

void
scripted_wait_until (ScriptedServer    *self,
                     ScriptedCondition  condition,
                     ScriptedCommand    command,
                     guint              n,
                     const char        *what)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (!condition (self, command, n))
    if (!g_cond_wait_until (&self->changed, &self->mutex, deadline))
      g_error ("The scripted server waited in vain for %u %s (command %d)", n, what, command);
}

ScriptedRecord *
scripted_server_record (ScriptedServer *self)
{
  ScriptedRecord *record = g_new0 (ScriptedRecord, 1);

  g_ptr_array_add (self->records, record);
  return record;
}

static ScriptedRecord *
find_record (ScriptedServer  *self,
             ScriptedCommand  command,
             guint            index,
             guint           *count)
{
  *count = 0;
  for (guint i = 0; i < self->records->len; i++)
    {
      ScriptedRecord *record = self->records->pdata[i];

      if (scripted_command_is (command, record->command) && (*count)++ == index)
        return record;
    }
  return NULL;
}

static gboolean
have_come (ScriptedServer  *self,
           ScriptedCommand  command,
           guint            n)
{
  guint count;

  return n == 0 || find_record (self, command, n - 1, &count) != NULL;
}

guint
scripted_server_count (ScriptedServer  *self,
                       ScriptedCommand  command)
{
  guint count;

  g_mutex_lock (&self->mutex);
  find_record (self, command, G_MAXUINT, &count);
  g_mutex_unlock (&self->mutex);
  return count;
}

const ScriptedRecord *
scripted_server_get_record (ScriptedServer  *self,
                            ScriptedCommand  command,
                            guint            index)
{
  ScriptedRecord *record;
  guint           count;

  g_mutex_lock (&self->mutex);
  record = find_record (self, command, index, &count);
  g_mutex_unlock (&self->mutex);
  g_assert_nonnull (record);
  return record;
}

void
scripted_server_wait (ScriptedServer  *self,
                      ScriptedCommand  command,
                      guint            n)
{
  g_mutex_lock (&self->mutex);
  scripted_wait_until (self, have_come, command, n, "requests");
  g_mutex_unlock (&self->mutex);
}

static guint
count_open (const ScriptedConnection *connection)
{
  GHashTableIter iter;
  gpointer       session;
  guint          n = 0;

  g_hash_table_iter_init (&iter, connection->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    n += g_hash_table_size (((ScriptedSession *) session)->opens);
  return n;
}

static gboolean
are_open (ScriptedServer  *self,
          ScriptedCommand  command,
          guint            n)
{
  guint open = 0;

  for (guint i = 0; i < self->connections->len; i++)
    open += count_open (self->connections->pdata[i]);
  return open == n;
}

void
scripted_server_wait_open (ScriptedServer *self,
                           guint           n)
{
  g_mutex_lock (&self->mutex);
  scripted_wait_until (self, are_open, SCRIPTED_ANY, n, "open files");
  g_mutex_unlock (&self->mutex);
}

guint
scripted_server_get_most_in_flight (ScriptedServer *self)
{
  guint most;

  g_mutex_lock (&self->mutex);
  most = self->most_in_flight;
  g_mutex_unlock (&self->mutex);
  return most;
}

guint
scripted_server_count_connections (ScriptedServer *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->connections->len;
  g_mutex_unlock (&self->mutex);
  return n;
}

void
scripted_server_assert_polite (ScriptedServer *self)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->records->len; i++)
    {
      const ScriptedRecord *record = self->records->pdata[i];

      g_assert_false (record->is_signed && !record->is_verified);
      g_assert_false (record->bad_message_id);
      g_assert_false (record->undercharged);
    }
  g_mutex_unlock (&self->mutex);
}
