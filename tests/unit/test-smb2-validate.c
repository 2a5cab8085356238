/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-negotiation.h"

/* The request that proves the negotiation repeats the NEGOTIATE's bytes. */
static void
test_request (Peer          *self,
              gconstpointer  data)
{
  const PeerOptions options = { .dialect = 0x0210 };
  g_autoptr(GByteArray) wire = negotiate_by_default (self);
  g_autoptr(GByteArray) response = peer_negotiate_response (&options);
  g_autoptr(SmbRequest) request = NULL;
  SmbNegotiation result;
  const guint8 *input;
  gsize size;

  answer (self, response, &result);
  smb_negotiation_clear (&result);
  g_assert_null (smb_dialect_validate (self->dialect)); /* there is no key yet */

  peer_log_in (self);
  request = smb_dialect_validate (self->dialect);
  g_assert_cmpint (request->command, ==, SMB_COMMAND_IOCTL);
  g_assert_cmphex (request->ioctl.code, ==, 0x00140204);
  g_assert_cmpuint (request->ioctl.max_output, ==, 24);
  g_assert_cmphex (request->handle.persistent, ==, G_MAXUINT64);
  g_assert_cmphex (request->handle.transient, ==, G_MAXUINT64);
  input = g_bytes_get_data (request->ioctl.input, &size);
  g_assert_cmpuint (size, ==, 24 + 5 * 2);
  g_assert_cmpmem (input, 4, wire->data + WIRE_CAPABILITIES, 4);
  g_assert_cmpmem (input + 4, 16, wire->data + WIRE_CLIENT_GUID, 16);
  g_assert_cmpmem (input + 20, 2, wire->data + WIRE_MODE, 2);
  g_assert_cmpuint (smb_smb2_get_u16 (input, 22), ==, 5);
  g_assert_cmpmem (input + 24, 10, wire->data + WIRE_DIALECTS, 10);
}

static void
test_not_needed (void)
{
  const PeerOptions newest = { 0x0311, SMB_MAC_AES_128_GMAC, SMB_CIPHER_AES_128_GCM };
  g_auto(Peer) peer = { 0 };

  peer_init (&peer, &newest);
  g_assert_null (smb_dialect_validate (peer.dialect));
}

static gboolean
validated (Peer          *self,
           guint32        status,
           const guint8  *output,
           gsize          size,
           GError       **error)
{
  g_autofree guint8 *copy = g_memdup2 (output, size);
  const SmbReply reply = {
    .command = SMB_COMMAND_IOCTL, .status = status, .output.data = copy, .output.size = size,
  };

  return smb_dialect_validated (self->dialect, &reply, error);
}

static void
test_answer (void)
{
  static const guint32 passing[] = {
    SMB_STATUS_FILE_CLOSED, SMB_STATUS_INVALID_DEVICE_REQUEST, SMB_STATUS_FS_DRIVER_REQUIRED,
    SMB_STATUS_NOT_SUPPORTED, SMB_STATUS_INVALID_PARAMETER,
  };
  static const char good[] = "\x44\0\0\0" "the server's own" "\1\0" "\2\3";
  const PeerOptions options = { .dialect = 0x0302 };
  g_auto(Peer) peer = { 0 };
  g_autoptr(GError) error = NULL;

  peer_init (&peer, &options);
  g_assert_true (validated (&peer, SMB_STATUS_SUCCESS, (const guint8 *) good, 24, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (passing); i++)
    g_assert_true (validated (&peer, passing[i], NULL, 0, &error));

  g_assert_false (validated (&peer, SMB_STATUS_ACCESS_DENIED, NULL, 0, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  g_clear_error (&error);

  for (gsize i = 0; i < 24; i++)
    {
      g_autofree guint8 *bad = g_memdup2 (good, 24);

      bad[i] ^= 0x10;
      g_assert_false (validated (&peer, SMB_STATUS_SUCCESS, bad, 24, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
      g_clear_error (&error);
      g_assert_false (validated (&peer, SMB_STATUS_SUCCESS, (const guint8 *) good, i, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      g_clear_error (&error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/smb2-validate/request", Peer, NULL, fixture_set_up, test_request, fixture_tear_down);
  g_test_add_func ("/smb2-validate/not-needed", test_not_needed);
  g_test_add_func ("/smb2-validate/answer", test_answer);

  return g_test_run ();
}
