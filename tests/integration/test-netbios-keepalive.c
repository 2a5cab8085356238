/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-netbios-transport.h"
#include "test-samba.h"

/* Keep-alives that nobody has to wait a minute for, between messages that smbd answers. The session alone:
 * what the engine would say is said here. */

#define COMMAND_NEGOTIATE 0
#define COMMAND_ECHO      13

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static SmbChannel *
open_channel (TestSamba *samba)
{
  g_autoptr (SmbTransport) transport
      = g_object_new (SMB_TYPE_NETBIOS_TRANSPORT, "keepalive-interval", 1, NULL);
  g_autoptr(GSocketConnectable) server = g_network_address_new (test_samba_get_host (samba),
                                                                test_samba_get_port (samba));
  g_autoptr(GAsyncResult)       result = NULL;
  g_autoptr(GError)             error = NULL;
  SmbTransportTarget            target = { .server = server };
  SmbChannel                   *channel;

  smb_transport_open_async (transport, &target, NULL, opened_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  channel = smb_transport_open_finish (transport, result, &error);
  g_assert_no_error (error);
  return channel;
}

/* [MS-SMB2] 2.2.1.2, and a body of @body_size bytes. */
static void
send_request (SmbChannel   *channel,
              guint16       command,
              guint64       message_id,
              const guint8 *body,
              gsize         body_size)
{
  g_auto(SmbWriter) w;
  g_autoptr(GError) error = NULL;
  GOutputVector     vector;

  smb_writer_init (&w, NULL);
  smb_writer_bytes (&w, "\xfeSMB", 4);
  smb_writer_u16 (&w, 64);
  smb_writer_zeros (&w, 6);
  smb_writer_u16 (&w, command);
  smb_writer_u16 (&w, 1);
  smb_writer_zeros (&w, 8);
  smb_writer_u64 (&w, message_id);
  smb_writer_zeros (&w, 32);
  smb_writer_bytes (&w, body, body_size);

  vector = (GOutputVector) { w.bytes->data, w.bytes->len };
  smb_channel_queue (channel, &vector, 1, NULL, NULL);
  g_assert_true (smb_channel_flush (channel, &error));
  g_assert_no_error (error);
}

static void
assert_answer (SmbChannel *channel,
               guint16     command)
{
  g_autoptr(GError) error = NULL;
  guint8            answer[1024];
  gsize             size;
  gssize            got = 0;

  while (!smb_channel_receive_header (channel, &size, &error))
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      g_clear_error (&error);
      g_main_context_iteration (NULL, TRUE); /* a keep-alive at least */
    }
  g_assert_cmpuint (size, >=, 64);
  g_assert_cmpuint (size, <=, sizeof answer);
  for (gsize have = 0; have < size; have += (gsize) MAX (got, 0))
    got = smb_channel_receive (channel, answer + have, size - have, NULL);
  g_assert_cmpmem (answer, 4, "\xfeSMB", 4);
  g_assert_cmpuint (answer[12], ==, command);
}

static void
test_keepalive (void)
{
  const guint8          negotiate[38] = { 36, 0, 1, 0, 1, [36] = 0x02, 0x02 };
  const guint8          echo[] = { 4, 0, 0, 0 };
  g_autoptr(TestSamba)  samba = test_samba_start (NULL);
  g_autoptr(SmbChannel) channel = open_channel (samba);

  send_request (channel, COMMAND_NEGOTIATE, 0, negotiate, sizeof negotiate);
  assert_answer (channel, COMMAND_NEGOTIATE);
  for (guint64 id = 1; id < 20; id++)
    {
      for (guint i = 0; i < 10; i++)
        g_main_context_iteration (NULL, TRUE);
      send_request (channel, COMMAND_ECHO, id, echo, sizeof echo);
      assert_answer (channel, COMMAND_ECHO);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/netbios-keepalive/smbd", test_keepalive);

  return g_test_run ();
}
