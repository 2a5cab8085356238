/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <string.h>

/* So that what hangs fails the test rather than the machine's patience. */
#define LONGEST_WAIT 20000 /* ms */

static void
auth_ok_cb (SmbProtocolFactory *factory,
            Fixture            *f)
{
  f->n_auth_ok++;
}

static void
auth_failed_cb (SmbProtocolFactory *factory,
                GError             *error,
                Fixture            *f)
{
  f->n_auth_failed++;
  g_clear_error (&f->auth_error);
  f->auth_error = g_error_copy (error);
}

static void
closed_cb (SmbProtocolFactory *factory,
           GError             *error,
           Fixture            *f)
{
  f->n_closed++;
  g_clear_error (&f->closed_error);
  f->closed_error = error == NULL ? NULL : g_error_copy (error);
}

static void
drop_factory (Fixture *f)
{
  if (f->factory != NULL)
    g_assert_finalize_object (g_steal_pointer (&f->factory));
  f->n_auth_ok = f->n_auth_failed = f->n_closed = 0;
  g_clear_error (&f->auth_error);
  g_clear_error (&f->closed_error);
}

void
fixture_renew_factory (Fixture    *f,
                       const char *user,
                       const char *password)
{
  drop_factory (f);
  f->factory = smb_protocol_factory_new (user, password, NULL, NULL);
  g_object_set (f->factory, "default-timeout", LONGEST_WAIT, NULL);
  g_signal_connect (f->factory, "auth-ok", G_CALLBACK (auth_ok_cb), f);
  g_signal_connect (f->factory, "auth-failed", G_CALLBACK (auth_failed_cb), f);
  g_signal_connect (f->factory, "closed", G_CALLBACK (closed_cb), f);
}

void
fixture_set_up (Fixture       *f,
                gconstpointer  data)
{
  const ScriptedConfig *config;

  f->server = scripted_server_new ();
  scripted_server_add_file (f->server, FILE_NAME, FILE_TEXT, strlen (FILE_TEXT));
  scripted_server_add_file (f->server, FOLDER_NAME "\\first", "1", 1);
  scripted_server_add_file (f->server, FOLDER_NAME "\\second", "22", 2);
  config = scripted_server_get_config (f->server);
  fixture_renew_factory (f, config->user, config->password);
}

/* Emissions that are still queued must not find anything of it either. Whatever the server did, its client
 * has kept to the protocol. */
void
fixture_tear_down (Fixture       *f,
                   gconstpointer  data)
{
  drop_factory (f);
  scripted_server_assert_polite (f->server);
  g_clear_pointer (&f->server, scripted_server_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
fixture_renew (Fixture *f)
{
  fixture_tear_down (f, NULL);
  fixture_set_up (f, NULL);
}

void
fixture_try (Fixture    *f,
             gboolean  (*attempt) (Fixture *),
             guint       n_attempts)
{
  for (guint i = 1; !attempt (f); i++)
    {
      g_assert_cmpuint (i, <, n_attempts);
      fixture_renew (f);
    }
}

/* Opening */

static gboolean
open_connection (Fixture *f,
                 va_list  properties,
                 int      timeout_msec,
                 GError **error)
{
  const char *first_property = va_arg (properties, const char *);

  if (first_property != NULL)
    g_object_set_valist (G_OBJECT (f->factory), first_property, properties);
  return smb_protocol_factory_open_connection (f->factory, "127.0.0.1", scripted_server_get_port (f->server),
                                               timeout_msec, NULL, error);
}

/* A short "default-timeout" is for what follows. */
void
fixture_open (Fixture *f,
              ...)
{
  g_autoptr(GError) error = NULL;
  va_list           properties;

  va_start (properties, f);
  open_connection (f, properties, LONGEST_WAIT, &error);
  va_end (properties);
  g_assert_no_error (error);
  g_assert_true (smb_protocol_factory_get_ready (f->factory));
  g_assert_cmpuint (f->n_auth_ok, ==, 1);
}

static char *
assert_not_opened (Fixture   *f,
                   GError   **error,
                   SmbError   code)
{
  char *message = *error == NULL ? NULL : g_strdup ((*error)->message);

  assert_failed (error, code);
  g_assert_cmpuint (f->n_auth_ok, ==, 0);
  g_assert_cmpuint (f->n_auth_failed, ==, 1);
  g_assert_error (f->auth_error, SMB_ERROR, (int) code);
  g_assert_cmpuint (f->n_closed, ==, 0);
  g_assert_cmpint (smb_protocol_factory_get_state (f->factory), ==, SMB_CONNECTION_STATE_DISCONNECTED);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_TREE_CONNECT), ==, 0);
  return message;
}

char *
fixture_open_fails (Fixture *f,
                    SmbError code,
                    ...)
{
  g_autoptr(GError) error = NULL;
  va_list           properties;

  va_start (properties, code);
  g_assert_false (open_connection (f, properties, -1, &error));
  va_end (properties);
  return assert_not_opened (f, &error, code);
}

void
fixture_open_async (Fixture             *f,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  smb_protocol_factory_open_connection_async (f->factory, "127.0.0.1", scripted_server_get_port (f->server),
                                              -1, NULL, callback, user_data);
}

/* The end, or not */

void
assert_failed_at (const char *where,
                  GError    **error,
                  SmbError    code)
{
  if (!g_error_matches (*error, SMB_ERROR, (int) code))
    g_error ("%s: expected error %d, got %s", where, code, *error == NULL ? "none" : (*error)->message);
  if (strchr ((*error)->message, '\n') != NULL || !g_str_has_prefix ((*error)->message, "Cannot "))
    g_error ("%s: not for people: %s", where, (*error)->message);
  g_clear_error (error);
}

void
fixture_assert_gone (Fixture  *f,
                     SmbError  code)
{
  g_autoptr(GError) error = NULL;

  while (f->n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (f->n_closed, ==, 1);
  if (code == SMB_ERROR_NOT_CONNECTED && f->closed_error != NULL && f->closed_error->domain != SMB_ERROR)
    g_assert_true (f->closed_error->domain == G_IO_ERROR);
  else
    g_assert_error (f->closed_error, SMB_ERROR, (int) code);
  g_assert_false (smb_protocol_factory_get_ready (f->factory));
  g_assert_false (do_echo (f, &error));
  assert_failed (&error, SMB_ERROR_NOT_CONNECTED);
}

/* However short the timeout of the factory. */
void
fixture_assert_usable (Fixture *f)
{
  g_autoptr(GBytes)        data = g_bytes_new_static ("?", 1);
  g_autoptr(GBytes)        answer = NULL;
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;

  scripted_server_clear_rules (f->server);
  file = smb_protocol_factory_get_attributes (f->factory, SHARE, FILE_NAME, LONGEST_WAIT, NULL, &error);
  g_assert_no_error (error);
  answer = smb_protocol_factory_echo (f->factory, data, LONGEST_WAIT, NULL, &error);
  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (f->n_closed, ==, 0);
}

/* Asynchronous calls */

void
pending_ready (GObject      *source,
               GAsyncResult *result,
               gpointer      pending)
{
  Pending *self = pending;

  g_assert_null (self->result); /* once only */
  self->result = g_object_ref (result);
}

GAsyncResult *
pending_wait (Pending *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&self->result);
}

/* Operations */

gboolean
do_echo (Fixture *f,
         GError **error)
{
  g_autoptr(GBytes) data = g_bytes_new_static ("?", 1);
  g_autoptr(GBytes) answer = smb_protocol_factory_echo (f->factory, data, -1, NULL, error);

  return answer != NULL;
}

gboolean
do_attributes (Fixture *f,
               GError **error)
{
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_get_attributes (f->factory, SHARE, FILE_NAME, -1, NULL, error);
  if (file == NULL)
    return FALSE;
  g_assert_cmpuint (smb_shared_file_get_file_size (file), ==, strlen (FILE_TEXT));
  return TRUE;
}

SmbOpenFile *
do_open (Fixture       *f,
         SmbFileAccess  access)
{
  g_autoptr(GError) error = NULL;
  SmbOpenFile      *file;

  file = smb_protocol_factory_open_file (f->factory, SHARE, FILE_NAME, access, SMB_FILE_DISPOSITION_OPEN, -1,
                                         NULL, &error);
  g_assert_no_error (error);
  return file;
}

void
begin_echo (Fixture      *f,
            int           timeout_msec,
            GCancellable *cancellable,
            Pending      *pending)
{
  g_autoptr(GBytes) data = g_bytes_new_static ("?", 1);

  smb_protocol_factory_echo_async (f->factory, data, timeout_msec, cancellable, pending_ready, pending);
}

gboolean
end_echo (Fixture *f,
          Pending *pending,
          GError **error)
{
  g_autoptr(GAsyncResult) result = pending_wait (pending);
  g_autoptr(GBytes)       answer = smb_protocol_factory_echo_finish (f->factory, result, error);

  return answer != NULL;
}

GBytes *
make_data (gsize size)
{
  guint8  *data = g_malloc (MAX (size, 1));
  guint32  state = 2463534242u;

  for (gsize i = 0; i < size; i++)
    {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      data[i] = (guint8) state;
    }
  return g_bytes_new_take (data, size);
}
