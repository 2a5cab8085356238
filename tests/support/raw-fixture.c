/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "raw-fixture.h"

#include "wire/smb-ntstatus.h"

void
raw_fixture_set_up (RawFixture    *f,
                    gconstpointer  data)
{
  const guint16     dialect = 0x0202;
  g_autoptr(GBytes) negotiated = NULL;
  g_autoptr(GBytes) set_up = NULL;

  f->server = scripted_server_new ();
  scripted_server_add_file (f->server, "folder\\file", "Curiouser and curiouser!", 24);
  f->client = raw_client_new (f->server);
  negotiated = raw_client_negotiate (f->client, &dialect, 1);
  set_up = raw_client_log_in (f->client, NULL, NULL);
  g_assert_cmphex (raw_status (set_up), ==, SMB_STATUS_SUCCESS);
  raw_client_use_share (f->client);
  f->file = raw_client_create (f->client, "folder\\file");
}

void
raw_fixture_tear_down (RawFixture    *f,
                       gconstpointer  data)
{
  g_clear_pointer (&f->client, raw_client_free);
  scripted_server_free (f->server);
}

GBytes *
raw_echo (RawFixture *f)
{
  return raw_client_call (f->client, SCRIPTED_ECHO, ECHO_BODY, 4);
}

guint64
raw_send_echo (RawFixture *f)
{
  return raw_client_send (f->client, SCRIPTED_ECHO, ECHO_BODY, 4);
}

void
raw_assert_echo_works (RawFixture *f)
{
  g_autoptr(GBytes) reply = raw_echo (f);

  g_assert_nonnull (reply);
  g_assert_cmphex (raw_status (reply), ==, SMB_STATUS_SUCCESS);
  g_assert_cmpuint (raw_message_id (reply), ==, f->client->message_id - 1);
}

GBytes *
raw_expect (RawFixture *f,
            guint64     id,
            guint32     status)
{
  GBytes *reply = raw_client_receive (f->client);

  g_assert_nonnull (reply);
  g_assert_cmpuint (raw_message_id (reply), ==, id);
  g_assert_cmphex (raw_status (reply), ==, status);
  return reply;
}

void
raw_assert_answered (RawFixture *f,
                     guint64     id,
                     guint32     status)
{
  g_autoptr(GBytes) reply G_GNUC_UNUSED = raw_expect (f, id, status);
}

void
raw_assert_hung_up (RawFixture *f)
{
  g_autoptr(GBytes) reply = raw_client_receive (f->client);

  g_assert_null (reply);
}

void
raw_assert_data (GBytes     *message,
                 gsize       offset,
                 const char *data,
                 gsize       size)
{
  gsize       whole;
  const char *bytes = g_bytes_get_data (message, &whole);

  g_assert_cmpuint (offset + size, <=, whole);
  g_assert_cmpmem (bytes + offset, size, data, size);
}
